"""How far voters agree who each choose the same number of statements, and how far groups do."""

import numpy as np
import pandas as pd
from scipy.stats import chi2, t

from outcomes.model.choosing import ALL

FEWEST = 5
"""Voters that an interval needs."""
DRAWS = 999
"""How often voters are put into groups at random, or draw lots."""
SEED = 20140101


def agreement(outcome: str, ballots: pd.DataFrame) -> pd.DataFrame:
    """Return how far the voters on one outcome agree: all together, then group by group.

    Fleiss' kappa over chosen and not chosen. As each voter chooses k of m statements, it is
    (shared - k²/m) / (k - k²/m), where `shared` is how many two voters have in common on average
    and k²/m what two would have who drew lots. Kendall's W for tied ranks and Cochran's Q are the
    same on other scales: n W = 1 + (n - 1) kappa, and Q = n (m - 1) W.

    The interval is a jackknife over voters (kappa is a mean over pairs of them); there is none where
    all of them share as much with the others, as they show no spread. The chance of so
    much agreement by lot is Cochran's chi-square with m - 1 degrees of freedom, or, for fewer than
    4 voters or n m below 24 (Tate and Brown), the share of draws of lots that agree as much.

    Parameters
    ----------
    outcome : str
    ballots : pandas.DataFrame, shape (statements, voters)
        1 chosen, 0 not; columns (group, voter).

    Returns
    -------
    pandas.DataFrame
        Columns as `BallotResult.agreement`. What cannot be worked out is NaN, with a reason.

    References
    ----------
    Fleiss (1971), Psychological Bulletin 76; Cochran (1950), Biometrika 37; Arvesen (1969), Annals
    of Mathematical Statistics 40; Tate and Brown (1970), JASA 65.
    """
    groups = ballots.columns.get_level_values("group")
    parts = {ALL: ballots, **{name: ballots.loc[:, groups == name] for name in groups.unique()}}
    rows = [
        {"outcome": outcome, "group": name, **_agreed(part.to_numpy().T)}
        for name, part in parts.items()
    ]
    return pd.DataFrame(rows)


def _agreed(chosen: np.ndarray) -> dict[str, object]:
    n, m = chosen.shape
    nan = float("nan")
    found = {"voters": n, **dict.fromkeys(["shared", "by_lot", "kappa", "lower", "upper"], nan)}
    found |= {"w": nan, "q": nan, "p": nan}
    k = chosen[0].sum() if n else nan
    if n < 2:
        return found | {"reason": f"{n} voter{'' if n == 1 else 's'}"}
    if k >= m:
        return found | {"reason": "nothing to choose between"}
    lot, totals = k * k / m, chosen.sum(axis=0)
    # What each voter has in common with the others on average.
    shared = (chosen @ totals - k) / (n - 1)
    kappa = (shared.mean() - lot) / (k - lot)
    w = (1 + (n - 1) * kappa) / n
    q = n * (m - 1) * w
    found |= {"shared": shared.mean(), "by_lot": lot, "kappa": kappa, "w": w, "q": q}
    p = chi2.sf(q, m - 1) if n >= 4 and n * m >= 24 else _by_lot(totals, n, m, int(k))
    if n >= FEWEST and np.ptp(shared) > 0:
        spread = ((shared - shared.mean()) ** 2).sum() * 4 * (n - 1) / (n * (n - 2) ** 2)
        half = t.ppf(0.975, n - 1) * np.sqrt(spread) / (k - lot)
        found |= {"lower": max(kappa - half, -1 / (n - 1)), "upper": min(kappa + half, 1.0)}
    return found | {"p": p, "reason": ""}


def _by_lot(totals: np.ndarray, n: int, m: int, k: int) -> float:
    rng = np.random.default_rng(SEED)
    draws = rng.random((10 * DRAWS, n, m)).argsort(axis=2).argsort(axis=2) < k
    drawn = (draws.sum(axis=1) ** 2).sum(axis=1)
    return float((1 + (drawn >= (totals**2).sum()).sum()) / (1 + len(drawn)))


def between_groups(outcome: str, ballots: pd.DataFrame) -> dict[str, object]:
    """Return how far two voters of different groups agree on one outcome, a row of `between`.

    Each pair of groups counts the same. The chance is the share of 999 shuffles of voters over the
    groups, of their sizes, in which groups agree as little.
    """
    codes, names = pd.factorize(ballots.columns.get_level_values("group"))
    chosen, groups = ballots.to_numpy().T, len(names)
    nan = float("nan")
    found = {"outcome": outcome, "groups": groups, "shared": nan, "kappa": nan, "p": nan}
    m, k = len(ballots), chosen[0].sum() if len(chosen) else nan
    if groups < 2:
        return found | {"reason": f"{groups} group{'' if groups == 1 else 's'} voted"}
    if k >= m:
        return found | {"reason": "nothing to choose between"}
    rng = np.random.default_rng(SEED)
    shuffled = rng.permuted(np.tile(codes, (DRAWS, 1)), axis=1)
    drawn = _between(chosen, np.vstack([codes[None], shuffled]), groups)
    shared, lot = drawn[0], k * k / m
    p = (1 + (drawn[1:] <= shared + 1e-9).sum()) / (1 + DRAWS)
    kappa = (shared - lot) / (k - lot)
    return found | {"shared": shared, "kappa": kappa, "p": float(p), "reason": ""}


def _between(chosen: np.ndarray, codes: np.ndarray, groups: int) -> np.ndarray:
    """Return what voters of different groups share, for each way to put voters into groups."""
    member = codes[:, None, :] == np.arange(groups)[None, :, None]
    shares = member @ chosen / member.sum(axis=2, keepdims=True)
    every = (shares.sum(axis=1) ** 2).sum(axis=1) - (shares**2).sum(axis=(1, 2))
    return every / (groups * (groups - 1))
