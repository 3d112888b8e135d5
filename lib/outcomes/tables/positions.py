"""Positions to tables: the scorecard, one indicator's history, the places within."""

import pandas as pd

from outcomes.model import (
    STATUS_WORDS,
    Baseline,
    Overview,
    Position,
    number,
    with_interval,
)
from outcomes.model.words import capital
from outcomes.tables.table import Table
from outcomes.tables.words import (
    COURSES,
    NONE,
    NOT_COMPARED,
    VERDICT_WORDS,
    closing_words,
    people_words,
    rank_words,
    trend_words,
    unit_words,
    verdict_words,
)

WHERE_KNOWN = ["Trend", "Gap in people", "Gap between places"]
"""Columns of the scorecard that are left out where no indicator has anything to say there."""


def table_positions(baseline: Baseline) -> Table:
    """Return a row an indicator: latest figure, comparator, verdict, trend, rank and gaps.

    A trend, a gap in people or a gap between places that no indicator has gets no column.
    """
    compared = baseline.comparator_label
    columns = [
        "Indicator",
        "Period",
        f"{baseline.place.name} (95% interval)",
        capital(compared),
        "Compared",
        "Trend",
        "Where it stands",
        "Gap in people",
        "Gap between places",
    ]
    rows = [_row(position) for position in baseline.positions]
    caption = f"Latest figures for {baseline.place.name}, compared with {compared}"
    frame = pd.DataFrame(rows, columns=columns)
    empty = [name for name in WHERE_KNOWN if frame[name].eq(NONE).all()]
    return Table(caption, frame.drop(columns=empty))


def _row(position: Position) -> tuple[str, ...]:
    comparison, latest, indicator = position.comparison, position.latest, position.indicator
    unit = "" if indicator.unit in ("", "%") else f", {indicator.unit}"
    return (
        indicator.title + unit,
        latest.period if latest else NONE,
        with_interval(indicator, latest) if latest else "No figure",
        number(indicator, comparison.value) if comparison else NONE,
        verdict_words(position),
        trend_words(position.standing.trend),
        rank_words(position),
        people_words(position.standing.people),
        closing_words(position.standing.gaps),
    )


def table_history(position: Position) -> Table:
    """Return a row a period: the figure, its interval, the comparator and what is said of it."""
    indicator, history = position.indicator, position.history
    rows = history.iloc[::-1]
    frame = pd.DataFrame({"Period": rows["period"], position.place.name: _values(indicator, rows)})
    if history[["lower", "upper"]].notna().any(axis=None):
        frame["95% interval"] = _intervals(indicator, rows)
    if history["comparator"].notna().any():
        label = position.comparison.label if position.comparison else "Comparator"
        frame[capital(label)] = [number(indicator, v) for v in rows["comparator"]]
    notes = rows["note"].where(rows["value"].isna() | (rows["note"] != ""), "")
    if notes.ne("").any():
        frame["Note"] = notes
    return Table(
        f"{indicator.title} in {position.place.name}, {unit_words(position.indicator)}", frame
    )


def table_within(position: Position) -> Table:
    """Return a row a place, highest first, places without a figure last."""
    rows = position.within.sort_values("value", ascending=False, na_position="last")
    frame = pd.DataFrame({"Place": rows["area_name"], "Figure": _values(position.indicator, rows)})
    if rows[["lower", "upper"]].notna().any(axis=None):
        frame["95% interval"] = _intervals(position.indicator, rows)
    if "trend" in rows and rows["trend"].ne("cannot_be_calculated").any():
        frame["Trend"] = [COURSES.get(word, NONE) for word in rows["trend"]]
    period = rows["period"].iloc[0] if len(rows) else ""
    caption = f"{position.indicator.title}, {position.within_label}, {period}, {unit_words(position.indicator)}"
    return Table(caption, frame)


def table_outcomes(overview: Overview) -> Table:
    """Return a row an outcome: how many indicators have figures, and how they compare."""
    rows = []
    for baseline in overview.baselines:
        shown = [verdict_words(p) for p in baseline.positions if p.latest]
        counts = {word: shown.count(word) for word in dict.fromkeys(shown)}
        order = [*VERDICT_WORDS.values(), NOT_COMPARED]
        rows.append(
            {
                "Outcome": baseline.outcome.title,
                "With a figure": len(shown),
                "Without": len(baseline.positions) - len(shown) + len(baseline.gaps),
                "How they compare": "; ".join(
                    f"{counts[word]} {word}" for word in order if word in counts
                )
                or "nothing to compare",
            }
        )
    caption = f"All outcomes for {overview.place.name}, compared with {overview.comparator_label}"
    return Table(caption, pd.DataFrame(rows))


def _values(indicator, rows: pd.DataFrame) -> list[str]:
    estimated = {"imputed": " (estimated)", "modelled": " (estimated)"}
    return [
        number(indicator, value) + estimated.get(status, "")
        if value == value
        else STATUS_WORDS.get(status, "no figure")
        for value, status in zip(rows["value"], rows["status"], strict=True)
    ]


def _intervals(indicator, rows: pd.DataFrame) -> list[str]:
    return [
        f"{number(indicator, low)} to {number(indicator, high)}"
        if low == low and high == high
        else "not published"
        for low, high in zip(rows["lower"], rows["upper"], strict=True)
    ]
