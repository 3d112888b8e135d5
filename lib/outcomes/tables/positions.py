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
from outcomes.tables.table import Table

VERDICT_WORDS = {
    ("better", True): "\N{BLACK UP-POINTING TRIANGLE} Better",
    ("worse", True): "\N{BLACK DOWN-POINTING TRIANGLE} Worse",
    ("similar", True): "\N{BLACK CIRCLE} Similar",
    ("higher", True): "\N{BLACK DIAMOND} Higher",
    ("lower", True): "\N{BLACK DIAMOND} Lower",
    ("better", False): "\N{WHITE UP-POINTING TRIANGLE} Better side, not tested",
    ("worse", False): "\N{WHITE DOWN-POINTING TRIANGLE} Worse side, not tested",
    ("equal", False): "\N{WHITE CIRCLE} The same, not tested",
    ("higher", False): "\N{WHITE DIAMOND} Higher, not tested",
    ("lower", False): "\N{WHITE DIAMOND} Lower, not tested",
}
"""Verdict and whether it was tested, as a shape and words. Filled shapes are tested."""

NONE = "\N{EN DASH}"
NOT_COMPARED = f"{NONE} Not compared"


def verdict_words(position: Position) -> str:
    """Return a position's verdict as a shape and words."""
    if position.comparison is None:
        return NOT_COMPARED
    key = (position.comparison.verdict, position.comparison.tested)
    return VERDICT_WORDS.get(key, NOT_COMPARED)


def rank_words(position: Position) -> str:
    """Return '3 of 12 (1 is best)', or an en dash where there is no rank."""
    rank = position.rank
    if rank is None:
        return NONE
    end = "best" if rank.judged else "highest"
    return f"{'joint ' if rank.tied else ''}{rank.position:,} of {rank.of:,} (1 is {end})"


def table_positions(baseline: Baseline) -> Table:
    """Return a row an indicator: latest figure, comparator, verdict and rank."""
    compared = baseline.comparator_label
    columns = [
        "Indicator",
        "Period",
        f"{baseline.place.name} (95% interval)",
        compared[:1].upper() + compared[1:],
        "Compared",
        "Rank",
    ]
    rows = [_row(position) for position in baseline.positions]
    caption = f"Latest figures for {baseline.place.name}, compared with {compared}"
    return Table(caption, pd.DataFrame(rows, columns=columns))


def _row(position: Position) -> tuple[str, ...]:
    comparison, latest, indicator = position.comparison, position.latest, position.indicator
    unit = "" if indicator.unit in ("", "%") else f", {indicator.unit}"
    return (
        indicator.title + unit,
        latest.period if latest else NONE,
        with_interval(indicator, latest) if latest else "No figure",
        number(indicator, comparison.value) if comparison else NONE,
        verdict_words(position),
        rank_words(position),
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
        frame[label[:1].upper() + label[1:]] = [number(indicator, v) for v in rows["comparator"]]
    notes = rows["note"].where(rows["value"].isna() | (rows["note"] != ""), "")
    if notes.ne("").any():
        frame["Note"] = notes
    return Table(f"{indicator.title} in {position.place.name}, {_unit(position)}", frame)


def table_within(position: Position) -> Table:
    """Return a row a place, highest first, places without a figure last."""
    rows = position.within.sort_values("value", ascending=False, na_position="last")
    frame = pd.DataFrame({"Place": rows["area_name"], "Figure": _values(position.indicator, rows)})
    if rows[["lower", "upper"]].notna().any(axis=None):
        frame["95% interval"] = _intervals(position.indicator, rows)
    period = rows["period"].iloc[0] if len(rows) else ""
    caption = f"{position.indicator.title}, {position.within_label}, {period}, {_unit(position)}"
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


def _unit(position: Position) -> str:
    unit = position.indicator.unit
    return "per cent" if unit == "%" else f"{position.indicator.prefix}{unit}" or "number"
