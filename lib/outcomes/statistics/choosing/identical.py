"""Sets of identical whole ballots within a group, beside what chance alone would give."""

import numpy as np
import pandas as pd

DRAWS = 999
RARE = 0.01
"""A set is flagged if honest voters of such a group have one as large less often than this."""
FEWEST_ALIKE, LOTS = 6, 2
"""Voters alike from whom popularity is taken, and how many who draw lots are added to them."""
SEED = 20140102


def identical_ballots(ballots: pd.DataFrame) -> pd.DataFrame:
    """Return the sets of identical whole ballots of each group, the largest first.

    A whole ballot is all that a voter chose, over all outcomes. Honest people who think alike cast
    identical ballots too, so each group is drawn 999 times anew: every voter on the same outcomes
    and alone, each statement as popular as among the voters most alike (a third of the group, at
    least six) with two who draw lots added. A set is flagged if the largest set of a drawn group is
    as large in fewer than 1 of 100 draws.

    Parameters
    ----------
    ballots : pandas.DataFrame, shape (statements, voters)
        1 chosen, 0 not, NaN not voted; index (outcome, statement), columns (group, voter).

    Returns
    -------
    pandas.DataFrame
        Columns as `BallotResult.identical`.

    References
    ----------
    Goodman and Kish (1950), JASA 45: random systematic sampling, by which ballots are drawn.
    """
    rng = np.random.default_rng(SEED)
    rows = []
    for group in ballots.columns.get_level_values("group").unique():
        rows += [{"group": group, **found} for found in _sets(ballots[group], rng)]
    columns = ["group", "size", "chance", "flagged"]
    table = pd.DataFrame(rows, columns=columns).astype({"flagged": bool})
    return table.sort_values("size", ascending=False, kind="stable", ignore_index=True)


def _sets(ballots: pd.DataFrame, rng: np.random.Generator) -> list[dict[str, object]]:
    """Return the sets of one group. A ballot is known by the sum of its statements' numbers."""
    n = ballots.shape[1]
    marks = rng.integers(2**63, size=len(ballots), dtype=np.uint64)
    outcomes = ballots.index.get_level_values("outcome")
    popular, voted = _popular(ballots, outcomes), ballots.notna().to_numpy().T
    chosen = ballots.fillna(0).to_numpy(np.uint64).T
    sizes = np.unique(chosen @ marks, return_counts=True)[1]
    sizes = sorted(sizes[sizes > 1].tolist(), reverse=True)
    if not sizes:
        return []
    drawn = np.zeros((DRAWS, n), np.uint64)
    for outcome in outcomes.unique():
        rows = np.flatnonzero(outcomes == outcome)
        those = voted[:, rows[0]]
        picks = _drawn(popular[those][:, rows], DRAWS, rng)
        drawn[:, those] += picks.astype(np.uint64) @ marks[rows]
    largest = _largest(drawn)
    chances = [float((1 + (largest >= size).sum()) / (1 + DRAWS)) for size in sizes]
    return [
        {"size": size, "chance": chance, "flagged": chance < RARE}
        for size, chance in zip(sizes, chances, strict=True)
    ]


def _popular(ballots: pd.DataFrame, outcomes: pd.Index) -> np.ndarray:
    """Return how popular each statement is among the voters most like each: (voters, statements)."""
    chosen, voted = ballots.fillna(0).to_numpy().T, ballots.notna().to_numpy().T
    alike = chosen @ chosen.T
    np.fill_diagonal(alike, -1)
    most = min(max(FEWEST_ALIKE, len(chosen) // 3), len(chosen) - 1)
    near = np.zeros_like(alike)
    np.put_along_axis(near, (-alike).argsort(axis=1, kind="stable")[:, :most], 1, axis=1)
    lots = (ballots.mean(axis=1).groupby(outcomes).transform("mean")).fillna(0).to_numpy()
    return (near @ chosen + LOTS * lots) / (near @ voted + LOTS)


def _drawn(popular: np.ndarray, draws: int, rng: np.random.Generator) -> np.ndarray:
    """Return ballots (draws, voters, statements) in which each is chosen as often as it is popular."""
    order = rng.random((draws, *popular.shape)).argsort(axis=2)
    upto = np.take_along_axis(popular[None], order, axis=2).cumsum(axis=2)
    steps = np.floor((upto + rng.random((*upto.shape[:2], 1))).round(9))
    found = np.zeros(order.shape, bool)
    np.put_along_axis(found, order, np.diff(steps, axis=2, prepend=0) >= 1, axis=2)
    return found


def _largest(marks: np.ndarray) -> np.ndarray:
    """Return how many of the most frequent mark each row has."""
    ordered, width = np.sort(marks, axis=1), marks.shape[1]
    fresh = np.ones(ordered.shape, bool)
    fresh[:, 1:] = ordered[:, 1:] != ordered[:, :-1]
    start = np.maximum.accumulate(np.where(fresh, np.arange(width), 0), axis=1)
    return (np.arange(width) - start).max(axis=1) + 1
