"""Control charts of individual values (XmR), every point of every history judged."""

from collections.abc import Iterable

import numpy as np
import pandas as pd

from outcomes.statistics.rows import HISTORY, PERIOD, histories
from outcomes.statistics.trend.declared import declared
from outcomes.statistics.trend.pooled import irregular

LIMIT = 2.66
"""Three standard deviations in mean moving ranges of two."""
SCREEN = 3.267
"""The upper limit of moving ranges, in mean moving ranges."""
RUN = 7
SETTLED = 13
"""From how many points on limits no longer count as on trial."""


def control_chart(
    table: pd.DataFrame,
    *,
    by: Iterable[str] = HISTORY,
    rebase: pd.DataFrame | None = None,
    fixed: int | None = None,
    screen: bool = True,
) -> pd.DataFrame:
    """Return a control chart of every history, a row a point.

    Parameters
    ----------
    table : pandas.DataFrame
        The columns of `by`, period_start, period_end, value (NaN is left out) and, if there is
        one, period.
    by : iterable of str, optional
        What one history belongs to.
    rebase : pandas.DataFrame, optional
        series, day, reason and, where one area alone is meant, area_code: limits are made anew
        from the first period that begins on or after the day.
    fixed : int, optional
        How many of a segment's first points its limits rest on; all if not given.
    screen : bool, optional
        Leave moving ranges of at least 3.267 times their mean out of the limits.

    Returns
    -------
    pandas.DataFrame
        The columns of `by`, period_start, period_end, period, value; segment (from 0); mean,
        lower_limit, upper_limit, near_lower, near_upper (two thirds of the way), in the unit of
        value; n (points the limits rest on); trial (fewer than 13 of them); rule:
        'outside_limits', 'trend_of_seven' (seven points steadily rising or falling),
        'two_of_three' (near one limit, all three on its side of the mean), 'run_of_seven' (on one
        side of the mean), the first that applies, or ''; special (bool); direction: 'above' or
        'below' the mean, 'rising', 'falling' or ''; method 'xmr'; reason. A history with a gap or
        with overlapping periods keeps its points without limits and says so in reason.

    Raises
    ------
    ValueError
        If a column is missing or a history has two rows for one period.

    Notes
    -----
    Rules and their order as in NHSRplotthedots (NHS England, Making Data Count); every point of a
    run or trend is marked. There is no one level of confidence; docs/methods/control-chart.md has
    the false alarms. The screen is Nelson's (1982, Journal of Quality Technology 14), done once.
    """
    by = list(by)
    past = histories(table, by=by)
    chart = table[table["value"].notna()].sort_values([*by, *PERIOD])
    chart["segment"] = declared(chart, rebase)["passed"]
    refused = pd.Series(irregular(past), index=past.keys)
    if len(by) == 1:
        refused.index = refused.index.get_level_values(0)
    columns = [*by, *PERIOD, *(["period"] if "period" in chart else []), "value", "segment"]
    chart = chart[columns].merge(refused.rename("reason"), left_on=by, right_index=True, how="left")
    part = chart.groupby([*by, "segment"], observed=True).ngroup().to_numpy()
    chart = chart.assign(**_limits(chart["value"], part, fixed, screen))
    lines = ["mean", "lower_limit", "upper_limit", "near_lower", "near_upper"]
    chart[lines] = chart[lines].where(chart["reason"] == "")
    rule, direction = _rules(chart, part)
    return chart.assign(
        trial=chart["n"] < SETTLED,
        rule=rule,
        special=rule != "",
        direction=direction,
        method="xmr",
        reason=chart.pop("reason"),
    ).reset_index(drop=True)


def _limits(value: pd.Series, part: np.ndarray, fixed: int | None, screen: bool) -> dict:
    """Return mean, limits and n for each point, from the points of its part."""
    used = value.where(value.groupby(part).cumcount() < (fixed or np.inf))
    ranges = used.groupby(part).diff().abs()
    if screen:
        usual = ranges.groupby(part).transform("mean")
        # Where nothing moves at all, nothing is unusual.
        ranges = ranges.where((ranges < SCREEN * usual) | (usual == 0))
    mean = used.groupby(part).transform("mean")
    width = LIMIT * ranges.groupby(part).transform("mean")
    return {
        "mean": mean,
        "lower_limit": mean - width,
        "upper_limit": mean + width,
        "near_lower": mean - 2 / 3 * width,
        "near_upper": mean + 2 / 3 * width,
        "n": used.groupby(part).transform("count").astype(int),
    }


def _rules(chart: pd.DataFrame, part: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return the first rule that marks each point, and in which direction."""
    value, mean = chart["value"].to_numpy(), chart["mean"].to_numpy()
    side = np.nan_to_num(np.sign(value - mean))
    outside = (value > chart["upper_limit"]) | (value < chart["lower_limit"])
    near = ~outside & ((value > chart["near_upper"]) | (value < chart["near_lower"]))
    again = np.diff(part, prepend=-1) == 0
    moved = np.where(again & ~np.isnan(mean), np.sign(np.diff(value, prepend=np.nan)), 0)
    steady = np.where(_alike(moved, again) >= RUN - 1, moved, 0)
    # The point that a trend sets out from belongs to it.
    onward = np.where(np.append(again[1:], False), np.append(steady[1:], 0), 0)
    steady = np.where(steady != 0, steady, onward)
    rules = {
        "outside_limits": outside.to_numpy(),
        "trend_of_seven": steady != 0,
        "two_of_three": _two_of_three(near.to_numpy(), side, part),
        "run_of_seven": (side != 0) & (_alike(side, again) >= RUN),
    }
    rule = np.select(list(rules.values()), list(rules), default="")
    which = np.where(rule == "trend_of_seven", 2 * steady, np.where(rule != "", side, 0))
    words = {-2: "falling", -1: "below", 0: "", 1: "above", 2: "rising"}
    return rule.astype(object), pd.Series(which, index=chart.index).map(words)


def _alike(sign: np.ndarray, again: np.ndarray) -> np.ndarray:
    """Return for each point how many in a row, itself included, have its sign in its part."""
    run = np.cumsum(~again | (np.diff(sign, prepend=np.nan) != 0))
    return np.bincount(run, minlength=1)[run]


def _two_of_three(near: np.ndarray, side: np.ndarray, part: np.ndarray) -> np.ndarray:
    """Return the points near a limit in three of one side of which two or more are near."""
    marked = np.zeros(len(near), dtype=bool)
    if len(near) < 3:
        return marked
    windows = np.lib.stride_tricks.sliding_window_view
    three = np.abs(windows(side, 3).sum(axis=1)) == 3
    three &= (part[2:] == part[:-2]) & (windows(near, 3).sum(axis=1) >= 2)
    for offset in range(3):
        marked[offset : len(near) - 2 + offset] |= three
    return marked & near
