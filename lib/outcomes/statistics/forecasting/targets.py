"""Targets beside forecasts: how far off, how likely, how fast it has to go and has gone."""

import numpy as np
import pandas as pd

from outcomes.statistics.comparison.leaders import LEAST_POINTS, fastest_improving
from outcomes.statistics.comparison.polarity import side_words
from outcomes.statistics.forecasting.chance import chance_of_at_most, levels_of
from outcomes.statistics.rows import PERIOD, YEAR, histories, require_columns


def good_signs(polarity: str | np.ndarray) -> np.ndarray:
    """Return 1 where higher is better, -1 where lower is, NaN without a judgement.

    Raises
    ------
    ValueError
        If a polarity is none of the three.
    """
    given = np.asarray(polarity, dtype=object)
    above, _ = side_words(given, given.shape)
    return np.select([above == "better", above == "worse"], [1.0, -1.0], default=np.nan)


def gap(
    level: float | np.ndarray, expected: float | np.ndarray, polarity: str | np.ndarray
) -> np.ndarray:
    """Return by how much what is expected falls short of a level; negative where it goes beyond.

    NaN without a judgement, or where either is missing.
    """
    return good_signs(polarity) * (np.asarray(level, dtype=float) - np.asarray(expected, float))


def needed(
    latest: float | np.ndarray, level: float | np.ndarray, years: float, polarity: str | np.ndarray
) -> np.ndarray:
    """Return the improvement a year that takes the latest figure to a level in so many years.

    Parameters
    ----------
    latest, level : float or array
        In the indicator's unit.
    years : float
        From the middle of the latest figure's period to the middle of the target's.
    polarity : str or array of str
        As for `good_signs`.

    Returns
    -------
    ndarray
        Positive: it must improve. Negative: it may even get worse. NaN without a judgement.

    Raises
    ------
    ValueError
        If there is no time left: years is not above 0.
    """
    if not np.all(np.asarray(years, dtype=float) > 0):
        raise ValueError(f"years {years!r}: expected more than 0 from the latest figure")
    return gap(level, latest, polarity) / years


def chance_of_meeting(
    points: pd.DataFrame, level: float | np.ndarray, polarity: str | np.ndarray
) -> np.ndarray:
    """Return the chance that the future value of each forecast is at the level or better.

    Parameters
    ----------
    points : pandas.DataFrame
        A row a forecast: mean, and lower_L and upper_L of one level or more.
    level : float or array of shape (rows,)
    polarity : str or array of str of shape (rows,)

    Returns
    -------
    ndarray
        Fractions, shape (rows,). NaN without a judgement, level or forecast. At a bound that many
        futures meet, such as 100%, all that meet it count.
    """
    sign = np.broadcast_to(good_signs(polarity), len(points))
    facing = {"mean": np.where(sign > 0, -1, 1) * points["mean"].to_numpy(dtype=float)}
    for share in levels_of(points):
        low, high = f"lower_{100 * share:.10g}", f"upper_{100 * share:.10g}"
        below, above = points[low].to_numpy(dtype=float), points[high].to_numpy(dtype=float)
        facing[low] = np.where(sign > 0, -above, below)
        facing[high] = np.where(sign > 0, -below, above)
    chance = chance_of_at_most(pd.DataFrame(facing), -sign * np.asarray(level, dtype=float))
    return np.where(np.isnan(sign), np.nan, chance)


def achieved(table: pd.DataFrame, *, polarity: str, years: int = 5) -> pd.DataFrame:
    """Return the improvement a year of every area over the newest years.

    Parameters
    ----------
    table : pandas.DataFrame
        Columns area_code, period_start, period_end and value of one series, and period (its label)
        if there is one. Rows without a value are left out.
    polarity : {'higher_is_better', 'lower_is_better', 'no_judgement'}
    years : int, optional
        The window, the same for all areas: periods whose middle lies less than so many years
        before that of the newest period in which any area has a value; five yearly figures.

    Returns
    -------
    pandas.DataFrame
        Index area_code, an area with no figure in the window left out; columns improvement (unit a
        year, positive is good; NaN with fewer than 3 figures or without a judgement), since (label
        of the first figure used), n, method ('least_squares'), reason.

    Raises
    ------
    ValueError
        If a column is missing, an area has two rows for one period, or the polarity is unknown.

    Notes
    -----
    The least-squares slope over the middles of the periods, as `fastest_improving`: a page then
    never shows two rates for one area.
    """
    past = histories(_window(table, years), by=["area_code"])
    if not past.n.size:
        columns = ["improvement", "since", "n", "method", "reason"]
        return pd.DataFrame(columns=columns, index=pd.Index([], name="area_code"))
    time, value = past.time, past.columns["value"]
    apart = time - np.nanmean(time, axis=1, keepdims=True)
    enough = past.n >= LEAST_POINTS
    squares = np.where(enough, np.nansum(apart**2, axis=1), np.nan)
    slope = np.nansum(apart * value, axis=1) / squares
    sign = good_signs(polarity)
    first = time.shape[1] - past.n
    return pd.DataFrame(
        {
            "improvement": sign * slope,
            "since": past.labels[np.arange(len(first)), first],
            "n": past.n,
            "method": "least_squares",
            "reason": np.select(
                [np.broadcast_to(np.isnan(sign), enough.shape), ~enough],
                [
                    "more is neither good nor bad",
                    f"at least {LEAST_POINTS} figures of these years are needed",
                ],
                default="",
            ),
        },
        index=past.keys.get_level_values(0),
    )


def best_achieved(
    table: pd.DataFrame, *, polarity: str, years: int = 5, count: int = 3
) -> pd.Series:
    """Return the improvement a year of the areas that improved fastest, fastest first.

    Parameters are as for `achieved`; `count` is how many, areas tied with the last all in. Only
    areas with figures from the first to the last period of the window count. The index is
    area_code; empty if none improves, there are fewer than 3 periods, or there is no judgement.
    """
    window = _window(table, years)
    periods = len(window[PERIOD].drop_duplicates())
    if periods < LEAST_POINTS:
        return pd.Series([], index=pd.Index([], name="area_code"), name="improvement", dtype=float)
    found = fastest_improving(window, polarity=polarity, count=count, periods=periods)
    return (good_signs(polarity) * found["slope"]).rename("improvement")


def _window(table: pd.DataFrame, years: int) -> pd.DataFrame:
    require_columns(table, ["area_code", *PERIOD, "value"])
    known = table[table["value"].notna()]
    middle = known["period_start"] + (known["period_end"] - known["period_start"]) / 2
    # Years differ in length by a day: a twentieth of a year keeps the sixth year out.
    return known[middle > middle.max() - pd.Timedelta(days=(years - 0.05) * YEAR)]
