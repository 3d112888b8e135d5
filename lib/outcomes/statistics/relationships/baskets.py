"""A basket: several indicators in one score, with the weight of each choice shown."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from outcomes.statistics.relationships.scaling import scaled, weights_of

SIGNS = {"higher_is_better": 1, "lower_is_better": -1}


@dataclass(frozen=True)
class Basket:
    """The scores of a basket, what they are made of, and how far they hang on the weights."""

    scores: pd.DataFrame
    """One row an area: score (higher is better), rank (1 is best; ties take the best), n (members
    with a value), weight_present, rank_equal_weights, rank_best and rank_worst (each member left
    out in turn), standardised, reason."""
    parts: pd.DataFrame
    """One row an area and member: area_code, member, value, count, standardised (higher is better),
    weight (within the area), contribution (they add up to the score)."""
    members: pd.DataFrame
    """One row a member: polarity, weight (they add up to 1), n (areas with a value)."""


def basket(
    wide: pd.DataFrame,
    *,
    polarity: Mapping[str, str],
    weights: Mapping[str, float] | None = None,
    fewest: float = 0.5,
    standardise: str = "z",
    counts: pd.DataFrame | None = None,
) -> Basket:
    """Return one score an area: the weighted mean of its standardised members.

    Parameters
    ----------
    wide : pandas.DataFrame
        Areas down, members across; NaN where missing.
    polarity : dict
        'higher_is_better' or 'lower_is_better' for each member.
    weights : dict, optional
        0 or more for each member; equal if none are given.
    fewest : float, optional
        Share of the weight, above 0, that an area's members with a value must carry. Then its
        score is the weighted mean of those; otherwise it has none, with the reason.
    standardise : {'z', 'range', 'rank'}, optional
        The common scale, over the areas in the table.
    counts : pandas.DataFrame, optional
        Counts behind the values, labelled as `wide`; carried through beside them.

    Raises
    ------
    ValueError
        If a member has no polarity or is not to be judged, weights do not fit, or fewest is no
        share.

    Notes
    -----
    A missing member is left out, not put at the average. A lower score for missing more is not
    intended, but an area known by few members varies more; n shows it.

    References
    ----------
    OECD and JRC (2008), Handbook on Constructing Composite Indicators: z-scores, linear
    aggregation, sensitivity to weights.
    """
    if not 0 < fewest <= 1:
        raise ValueError(f"fewest {fewest!r}: expected a share of the weight, above 0 and up to 1")
    weight = weights_of(wide.columns, weights)
    standard = scaled(wide * _signs(wide.columns, polarity), standardise)
    trials = np.vstack([weight, weights_of(wide.columns, None), _each_left_out(weight)])
    scores, present = _scores(standard, trials, fewest)
    ranks = scores.rank(ascending=False, method="min")
    without = ranks.loc[:, 2:]
    enough = scores[0].notna()
    share = (100 * present).round().astype(int).astype(str)
    reason = "members with a value carry " + share + f"% of the weight; {fewest:.0%} needed"
    table = pd.DataFrame(
        {
            "score": scores[0],
            "rank": ranks[0],
            "n": standard.notna().sum(axis=1),
            "weight_present": present,
            "rank_equal_weights": ranks[1],
            "rank_best": without.min(axis=1).where(enough),
            "rank_worst": without.max(axis=1).where(enough),
            "standardised": standardise,
            "reason": reason.where(~enough, ""),
        }
    )
    members = pd.DataFrame(
        {"polarity": pd.Series(polarity), "weight": weight, "n": wide.notna().sum()}
    ).reindex(wide.columns)
    return Basket(table, _parts(wide, standard, weight, counts), members)


def _signs(names: pd.Index, polarity: Mapping[str, str]) -> pd.Series:
    words = pd.Series({name: polarity.get(name) for name in names}, dtype=object)
    wrong = words[~words.isin(SIGNS)]
    for name, word in wrong.items():
        raise ValueError(f"member {name!r}: polarity {word!r}; expected {' or '.join(SIGNS)}")
    return words.map(SIGNS).astype(float)


def _each_left_out(weight: pd.Series) -> np.ndarray:
    """Return the weights without each member that has one; none where there is but one."""
    rest = np.where(np.eye(len(weight), dtype=bool), 0, weight)
    return rest[(weight > 0) & (rest.sum(axis=1) > 0)]


def _scores(
    standard: pd.DataFrame, trials: np.ndarray, fewest: float
) -> tuple[pd.DataFrame, pd.Series]:
    """Return scores under each row of weights, and the share of the first that is present."""
    known = standard.notna().to_numpy(dtype=float)
    carried = known @ trials.T
    share = carried / trials.sum(axis=1)
    with np.errstate(divide="ignore", invalid="ignore"):
        score = standard.fillna(0).to_numpy() @ trials.T / carried
    enough = share >= fewest - 1e-12
    return (
        pd.DataFrame(np.where(enough, score, np.nan), index=standard.index),
        pd.Series(share[:, 0], index=standard.index),
    )


def _parts(
    wide: pd.DataFrame, standard: pd.DataFrame, weight: pd.Series, counts: pd.DataFrame | None
) -> pd.DataFrame:
    own = standard.notna() * weight
    total = own.sum(axis=1)
    own = own.div(total.where(total > 0), axis=0).where(standard.notna())
    given = wide * np.nan if counts is None else counts.reindex_like(wide)
    columns = {
        "value": wide,
        "count": given,
        "standardised": standard,
        "weight": own,
        "contribution": own * standard,
    }
    area, member = np.indices(wide.shape).reshape(2, -1)
    labels = {"area_code": wide.index[area], "member": wide.columns[member]}
    return pd.DataFrame(labels | {name: t.to_numpy().ravel() for name, t in columns.items()})
