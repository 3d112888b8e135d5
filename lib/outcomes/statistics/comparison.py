"""A place against a comparator and among its peers, for all areas at once."""

import numpy as np
import pandas as pd

SIDES = {
    "higher_is_better": ("better", "worse"),
    "lower_is_better": ("worse", "better"),
    "no_judgement": ("higher", "lower"),
}
"""What it is called to lie above and below, by polarity."""


def verdicts(
    value: np.ndarray,
    lower: np.ndarray,
    upper: np.ndarray,
    comparator: np.ndarray,
    *,
    polarity: str,
    decimals: int,
) -> tuple[np.ndarray, np.ndarray]:
    """Return how each area's figure compares, and whether the difference was tested.

    Parameters
    ----------
    value, lower, upper : array of float, shape (n,)
        Figures and their 95% limits, in the indicator's unit; NaN where missing.
    comparator : array of float, shape (n,) or scalar
        The value compared with, in the same unit, taken as known without error.
    polarity : {'higher_is_better', 'lower_is_better', 'no_judgement'}
    decimals : int
        Places after the point to which figures are shown. Without an interval, a difference that
        rounds to nothing is not called one.

    Returns
    -------
    verdict : array of str, shape (n,)
        'better', 'worse', 'higher', 'lower' by side and polarity; 'similar' if the interval
        includes the comparator's value; 'equal' if there is no interval and the difference rounds
        to nothing; 'not_compared' if a value is missing.
    tested : array of bool, shape (n,)
        True where both limits are known.

    Raises
    ------
    ValueError
        If a lower limit lies above its upper limit; names the row.

    Notes
    -----
    The rule with an interval is that of OHID Fingertips: the whole interval above or below the
    comparator's value. It treats the comparator as exact, which suits a nation or region; for a
    comparator with an interval of its own it finds somewhat more differences than a full test.
    """
    value, lower, upper, comparator = np.broadcast_arrays(
        *(np.asarray(a, dtype=float) for a in (value, lower, upper, comparator))
    )
    crossed = np.flatnonzero(lower > upper)
    if crossed.size:
        row = crossed[0]
        raise ValueError(f"row {row}: lower limit {lower[row]} is above upper limit {upper[row]}")
    above_word, below_word = SIDES[polarity]
    known = ~(np.isnan(value) | np.isnan(comparator))
    tested = known & ~(np.isnan(lower) | np.isnan(upper))
    difference = np.round(value - comparator, decimals)
    above = np.where(tested, lower > comparator, difference > 0)
    below = np.where(tested, upper < comparator, difference < 0)
    verdict = np.select(
        [~known, above, below, tested],
        ["not_compared", above_word, below_word, "similar"],
        default="equal",
    )
    return verdict, tested


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


def group_mean(table: pd.DataFrame, areas: list[str]) -> pd.DataFrame:
    """Return the simple mean over a group of areas for each period.

    Parameters
    ----------
    table : pandas.DataFrame
        Columns area_code, period_start, period_end, value of one series.
    areas : list of str
        The group's codes; a group of one gives the published value itself.

    Returns
    -------
    pandas.DataFrame
        Index period_start, period_end; columns value (mean of those with a value, NaN if none)
        and n (how many have one).
    """
    rows = table[table["area_code"].isin(areas)]
    grouped = rows.groupby(["period_start", "period_end"])["value"]
    return pd.DataFrame({"value": grouped.mean(), "n": grouped.count()})
