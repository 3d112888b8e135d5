"""One indicator over time: its trend, control chart, gaps, and the parts that are worse off."""

from math import isfinite

import pandas as pd

from outcomes.model import Baseline, PlaceGap, Position
from outcomes.model.words import RULES
from outcomes.tables.table import Table
from outcomes.tables.words import (
    METHODS,
    NONE,
    about_words,
    limits_words,
    signed,
    trend_words,
    unit_words,
    value_words,
)


def table_trends(baseline: Baseline) -> Table:
    """Return a row an indicator with a trend: its direction, speed, figures used and method."""
    rows = [_trend(position) for position in baseline.positions if position.standing.trend]
    columns = ["Indicator", "Trend", "Each year", "Interval", "Figures", "Periods", "Method"]
    caption = f"Trends in {baseline.place.name}, and how they were tested"
    return Table(caption, pd.DataFrame(rows, columns=columns))


def _trend(position: Position) -> tuple[str, ...]:
    trend, indicator = position.standing.trend, position.indicator
    limits = NONE
    if isfinite(trend.slope_lower) and isfinite(trend.slope_upper):
        ends = (trend.slope_lower, trend.slope_upper)
        ends = (signed(indicator, end, beside=trend.slope) for end in ends)
        level = f" ({100 * trend.confidence:.4g}%)" if isfinite(trend.confidence) else ""
        limits = f"{' to '.join(ends)}{level}"
    method = METHODS.get(trend.method, trend.method.replace("_", " "))
    unit = "percentage points" if indicator.unit == "%" else indicator.unit
    return (
        ", ".join(filter(None, [indicator.title, unit])),
        trend_words(trend),
        signed(indicator, trend.slope),
        limits,
        str(trend.n),
        f"{trend.first} to {trend.last}" if trend.first and trend.last else NONE,
        "; ".join(filter(None, [method, trend.reason])) or NONE,
    )


def table_control(position: Position) -> Table:
    """Return a row a period of the control chart, newest first: limits and what stands out."""
    control, indicator = position.standing.control, position.indicator
    rows = [] if control is None else control.points.iloc[::-1].itertuples()
    cells = [
        (
            row.period,
            value_words(indicator, row.value),
            value_words(indicator, row.mean),
            limits_words(indicator, row.lower_limit, row.upper_limit),
            RULES.get(row.rule, row.rule.replace("_", " ")) or NONE,
        )
        for row in rows
    ]
    columns = ["Period", "Figure", "Average", "Ordinary variation", "Out of the ordinary"]
    caption = (
        f"{indicator.title} in {position.place.name}: ordinary variation, {unit_words(indicator)}"
    )
    return Table(caption, pd.DataFrame(cells, columns=columns))


def table_gap(gap: PlaceGap, position: Position) -> Table:
    """Return a row a period, newest first: the gap, its ends, and the overall figure beside it."""
    indicator = position.indicator
    rows = gap.over_time.iloc[::-1].itertuples()
    cells = [
        (
            row.period,
            value_words(indicator, row.size).rstrip("%"),
            limits_words(indicator, row.size_lower, row.size_upper).replace("%", ""),
            _end(indicator, row.high, row.high_name),
            _end(indicator, row.low, row.low_name),
            value_words(indicator, row.overall),
        )
        for row in rows
    ]
    ends = ["Highest", "Lowest"] if gap.kind == "places" else ["First", "Second"]
    what = "Typical distance" if gap.kind == "places" else "Gap"
    frame = pd.DataFrame(cells, columns=["Period", what, "95% interval", *ends, "Overall"])
    if gap.kind == "places":
        frame["Places"] = [f"{n:.0f}" if n == n else NONE for n in gap.over_time["n"].iloc[::-1]]
    points = "; gaps in percentage points" if indicator.unit == "%" else ""
    caption = f"{indicator.title}: the gap between {gap.label}, {unit_words(indicator)}{points}"
    return Table(caption, frame)


def _end(indicator, value: float, name: str) -> str:
    return f"{value_words(indicator, value)} ({name})" if value == value and name else NONE


def table_parts(position: Position) -> Table:
    """Return a row a part that stands out as worse than the whole: the number beside the rate."""
    indicator = position.indicator
    rows = [
        (
            part.name,
            value_words(indicator, part.value),
            limits_words(indicator, part.lower, part.upper),
            f"{part.ratio:.1f}" if isfinite(part.ratio) else NONE,
            about_words(part.people) if isfinite(part.people) else NONE,
            "more than chance" if part.tested else "not tested",
        )
        for part in position.standing.worse_off
    ]
    columns = ["Part", "Figure", "95% interval", "Times the whole", "Difference in people", "Worse"]
    frame = pd.DataFrame(rows, columns=columns)
    empty = [name for name in columns[2:5] if frame[name].eq(NONE).all()]
    caption = f"{indicator.title}: who is worse off in {position.place.name}, "
    return Table(caption + unit_words(indicator), frame.drop(columns=empty))
