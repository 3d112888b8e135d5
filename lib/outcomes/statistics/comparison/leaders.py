"""Where a figure is best, and where it improves fastest."""

import numpy as np
import pandas as pd

from outcomes.statistics.comparison.polarity import good_sign
from outcomes.statistics.comparison.ranks import ranks
from outcomes.statistics.rows import PERIOD, Histories, histories, require_columns

LEAST_POINTS = 3


def best_placed(values: pd.Series, *, polarity: str, count: int = 3) -> pd.DataFrame:
    """Return the best areas, best first.

    Parameters
    ----------
    values : pandas.Series of float
        One value an area; NaN is left out.
    polarity : {'higher_is_better', 'lower_is_better', 'no_judgement'}
    count : int, optional
        How many. Areas tied with the last of them are all in, so there may be more.

    Returns
    -------
    pandas.DataFrame
        Index as `values`; columns value, rank, tied, of. Empty where there is no judgement: then
        no figure is best.

    Raises
    ------
    ValueError
        If the polarity is unknown.
    """
    good_sign(polarity)
    ranked = pd.DataFrame({"value": values}).join(ranks(values, polarity=polarity))
    if polarity == "no_judgement":
        return ranked.iloc[:0]
    return ranked[ranked["rank"] <= count].sort_values("rank", kind="stable")


def fastest_improving(
    table: pd.DataFrame,
    *,
    polarity: str,
    count: int = 3,
    periods: int = 5,
    confidence: float = 0.95,
) -> pd.DataFrame:
    """Return the areas whose figures improve fastest over the newest periods, fastest first.

    Parameters
    ----------
    table : pandas.DataFrame
        Columns area_code, period_start, period_end and value of one series; lower and upper if
        there. Rows without a value are left out.
    polarity : {'higher_is_better', 'lower_is_better', 'no_judgement'}
    count : int, optional
        How many. Areas tied with the last of them are all in.
    periods : int, optional
        The window: the newest periods in which any area has a value, at least 3. An area counts if
        it has a value in the first and the last of them and in 3 or more altogether.
    confidence : float, optional
        The level of the limits, a fraction.

    Returns
    -------
    pandas.DataFrame
        Index area_code; columns slope (unit a year), slope_lower, slope_upper (NaN without
        limits), beyond_chance ('yes', 'no', 'not_tested'), rank, tied, of (areas that count), n
        (points used), method ('least_squares'), confidence (NaN without limits), window_start and
        window_end (first and last day). Empty if none improves, or there is no judgement.

    Raises
    ------
    ValueError
        If a column is missing, an area has two rows for one period, periods is below 3, or the
        polarity is unknown.

    Notes
    -----
    The ordinary least-squares slope over the middles of the periods. Its limits come from those of
    the points (Zou and Donner 2008), so they hold sampling error alone, and only if periods do not
    overlap: averages over overlapping years need another test. The fastest of many is in part the
    luckiest: beyond_chance speaks of each area's own change, not of its place in the list.
    """
    sign = good_sign(polarity)
    if periods < LEAST_POINTS:
        raise ValueError(f"periods {periods!r}: expected {LEAST_POINTS} or more")
    window = _window(table, periods)
    side = histories(_open_limits(window), ["value", "lower", "upper"], by=["area_code"])
    first, last = window[PERIOD[0]].min(), window[PERIOD[1]].max()
    slope, lower, upper = _slopes(side)
    counts = _spans(side)
    result = pd.DataFrame(
        {
            "slope": slope,
            "slope_lower": lower,
            "slope_upper": upper,
            "beyond_chance": np.select(
                [np.isnan(lower), (lower > 0) | (upper < 0)], ["not_tested", "yes"], default="no"
            ),
            "n": side.n,
            "method": "least_squares",
            "confidence": np.where(np.isnan(lower), np.nan, confidence),
            "window_start": first,
            "window_end": last,
        },
        index=side.keys.get_level_values(0),
    )[counts]
    # Equal histories must tie: twelve places forgive the arithmetic, no more.
    placed = ranks(result["slope"].round(12), polarity=polarity)
    result = result.join(placed)
    improving = (result["slope"] * sign > 0) & (result["rank"] <= count)
    return result[improving & (polarity != "no_judgement")].sort_values("rank", kind="stable")


def _window(table: pd.DataFrame, periods: int) -> pd.DataFrame:
    require_columns(table, ["area_code", *PERIOD, "value"])
    known = table[table["value"].notna()]
    newest = known[PERIOD].drop_duplicates().sort_values(PERIOD).tail(periods)
    return known.merge(newest, on=PERIOD)


def _open_limits(table: pd.DataFrame) -> pd.DataFrame:
    """Return the table with infinite limits where there are none, so that no point is lost."""
    limits = table.reindex(columns=["lower", "upper"]).astype(float)
    unknown = limits.isna().any(axis=1)
    return table.assign(
        lower=limits["lower"].mask(unknown, -np.inf), upper=limits["upper"].mask(unknown, np.inf)
    )


def _spans(side: Histories) -> np.ndarray:
    """Return which histories reach over the whole window and have enough points."""
    if not side.n.size:
        return np.zeros(0, dtype=bool)
    start, end = np.nanmin(side.start, axis=1), side.end[:, -1]
    return (side.n >= LEAST_POINTS) & (start == start.min()) & (end == end.max())


def _slopes(side: Histories) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return each history's slope a year and its limits; NaN where a point lacks limits."""
    known, points = ~np.isnan(side.time), np.maximum(side.n, 1)[:, None]
    time = np.where(known, side.time, 0)
    apart = np.where(known, time - time.sum(axis=1, keepdims=True) / points, 0)
    squares = (apart**2).sum(axis=1, keepdims=True)
    pull = np.divide(apart, squares, out=np.zeros_like(apart), where=squares > 0)
    value, lower, upper = (np.where(known, side.columns[c], 0) for c in ("value", "lower", "upper"))
    slope = (pull * value).sum(axis=1)
    down = np.where(pull > 0, value - lower, upper - value)
    up = np.where(pull > 0, upper - value, value - lower)
    with np.errstate(invalid="ignore"):
        arms = [np.sqrt(((pull * arm) ** 2).sum(axis=1)) for arm in (down, up)]
    bounded = np.isfinite(arms[0] + arms[1])
    return (
        slope,
        np.where(bounded, slope - arms[0], np.nan),
        np.where(bounded, slope + arms[1], np.nan),
    )
