"""An area among its peers: its rank, how sure the rank is, and its quarter, fifth or tenth."""

import numpy as np
import pandas as pd

from outcomes.statistics.comparison.polarity import good_sign
from outcomes.statistics.intervals.recovered import difference_interval, rescaled
from outcomes.statistics.rows import z_of


def ranks(values: pd.Series, *, polarity: str) -> pd.DataFrame:
    """Return the rank of each area among those that have a value.

    Parameters
    ----------
    values : pandas.Series of float
        One value an area; NaN is left out and gets no rank.
    polarity : {'higher_is_better', 'lower_is_better', 'no_judgement'}
        1 is best, or highest where there is no judgement.

    Returns
    -------
    pandas.DataFrame
        Index as `values`; columns rank (float, NaN where missing; ties take the lowest),
        tied (bool) and of (int, how many have a value).
    """
    rank = values.rank(method="min", ascending=polarity == "lower_is_better")
    tied = values.notna() & values.duplicated(keep=False)
    return pd.DataFrame({"rank": rank, "tied": tied, "of": int(values.notna().sum())})


def rank_intervals(
    table: pd.DataFrame,
    *,
    polarity: str,
    confidence: float = 0.95,
    of_limits: float = 0.95,
    joint: bool = False,
) -> pd.DataFrame:
    """Return the best and the worst rank that each area may truly have.

    Parameters
    ----------
    table : pandas.DataFrame
        One row an area: columns value, lower and upper of one indicator in one period. An area
        without a value is left out.
    polarity : {'higher_is_better', 'lower_is_better', 'no_judgement'}
        1 is best, or highest where there is no judgement.
    confidence : float, optional
        The least chance that the interval holds the true rank, a fraction.
    of_limits : float, optional
        The level of the limits in the table.
    joint : bool, optional
        False: the confidence is that of one area's interval, for pages about one place. True: that
        all areas' intervals hold at once, for tables from which readers pick.

    Returns
    -------
    pandas.DataFrame
        Index as `table`; the columns of `ranks`, then rank_best and rank_worst (float, NaN where
        there is none), told_apart (how many peers truly differ), method ('difference_one_area',
        'difference_all_areas' or 'none'), confidence, n (areas with limits) and reason.

    Raises
    ------
    ValueError
        If a value lies outside its limits, a confidence is not a fraction, or the polarity is
        unknown.

    Notes
    -----
    An area is set against each other area, by intervals of the differences that hold all at once:
    each is at confidence ** (1 / comparisons), with n - 1 comparisons for one area and
    n (n - 1) / 2 for all. The best rank is one more than the number of areas truly ahead, the
    worst is n less the number truly behind. If all intervals of differences hold, so does that of
    the rank, whatever the true values: also at ties, where it holds every rank of the tie. Normal
    deviates that share areas keep at least the confidence (Šidák 1967). The limits must be
    independent and near normal on each side. The intervals are never too sure; they may be wider
    than need be.

    An area without limits has no interval. As a peer it is never told apart, so it makes the
    others' intervals wider, not wrong.

    References
    ----------
    Mogstad, Romano, Shaikh and Wilhelm (2024), Inference for ranks with applications to mobility
    across neighbourhoods and academic achievement across countries, Review of Economic Studies 91.
    Klein, Wright and Wieczorek (2020), A joint confidence region for an overall ranking of
    populations, Journal of the Royal Statistical Society C 69.
    Šidák (1967), Rectangular confidence regions for the means of multivariate normal
    distributions, Journal of the American Statistical Association 62.
    """
    sign = good_sign(polarity)
    result = ranks(table["value"], polarity=polarity)
    value = table["value"].to_numpy(dtype=float)
    known = table[["value", "lower", "upper"]].notna().all(axis=1).to_numpy()
    of, n = int(np.sum(~np.isnan(value))), int(known.sum())
    comparisons = max(1, n * (n - 1) // 2 if joint else n - 1)
    z_of(confidence)  # Says what is wrong with it before the root hides it.
    each = confidence ** (1 / comparisons)
    lower, upper = rescaled(value, table["lower"], table["upper"], confidence=of_limits, to=each)
    limits = [np.where(known, a, np.nan) for a in (value, lower, upper)]
    low, high = difference_interval(*(a[:, None] for a in limits), *(a[None, :] for a in limits))
    ahead, behind = (low > 0).sum(axis=1), (high < 0).sum(axis=1)
    better, worse = (behind, ahead) if sign > 0 else (ahead, behind)
    method = "difference_all_areas" if joint else "difference_one_area"
    return result.assign(
        rank_best=np.where(known, 1 + better, np.nan),
        rank_worst=np.where(known, of - worse, np.nan),
        told_apart=better + worse,
        method=np.where(known, method, "none"),
        confidence=np.where(known, confidence, np.nan),
        n=n,
        reason=_reasons(np.isnan(value), known, of),
    )


def quantiles(
    values: pd.Series, *, polarity: str, count: int = 5, by: pd.Series | None = None
) -> pd.DataFrame:
    """Return the quarter, fifth or tenth of areas that each area is in; 1 is worst.

    Parameters
    ----------
    values : pandas.Series of float
        One value an area; NaN is left out.
    polarity : {'higher_is_better', 'lower_is_better', 'no_judgement'}
        1 is worst, or lowest where there is no judgement.
    count : int, optional
        4 for quartiles, 5 for quintiles, 10 for deciles; 2 or more.
    by : pandas.Series, optional
        What the areas are grouped by, with the index of `values`: a region, or a series and period
        for many at once. An area without a group is left out.

    Returns
    -------
    pandas.DataFrame
        Index as `values`; columns quantile (float, NaN where there is none), tied (bool: another
        area of the group has the same value), of (float: areas with a value in the group), method
        ('rank' or 'none') and reason.

    Raises
    ------
    ValueError
        If count is below 2 or the polarity unknown.

    Notes
    -----
    1 + (rank - 1) * count / n, cut to the whole, with rank 1 the worst and n the areas in the
    group. Tied areas take the rank of the worst of them, and so all are in one quantile. This is
    the rule of OHID's Assigning Deprivation Categories, whose numbers for deprivation also begin
    at the worst.
    """
    if count < 2:
        raise ValueError(f"count {count!r}: expected a whole number of 2 or more")
    groups = pd.Series("", index=values.index) if by is None else by
    known = values.where(groups.notna())
    oriented = pd.DataFrame({"value": known * good_sign(polarity), "by": groups})
    grouped = oriented.groupby("by", observed=True)["value"]
    rank, of = grouped.rank(method="min"), grouped.transform("count")
    enough = known.notna() & (of >= count)
    # Whole numbers, so that an edge between two quantiles is met exactly.
    quantile = 1 + (rank - 1) * count // of.where(of > 0)
    reason = np.select(
        [values.isna(), known.isna(), ~enough],
        ["no value", "no group", f"fewer than {count} areas have a value"],
        default="",
    )
    return pd.DataFrame(
        {
            "quantile": quantile.where(enough),
            "tied": known.notna() & oriented.duplicated(keep=False),
            "of": of,
            "method": np.where(enough, "rank", "none"),
            "reason": reason,
        }
    )


def _reasons(missing: np.ndarray, known: np.ndarray, of: int) -> np.ndarray:
    without = of - int(known.sum())
    peers = f"{without} of {of} areas have no confidence limits and are not told apart"
    return np.select(
        [missing, ~known], ["no value", "no confidence limits"], default=peers if without else ""
    )
