"""Text alternatives: what a chart shows, then what a reader takes from it."""

from outcomes.errors import listed
from outcomes.model import Baseline, Funnel, Indicator, PlaceGap, Position, Relation
from outcomes.model.words import WHOLE
from outcomes.narrative.across import say_funnel, say_relation, say_spread
from outcomes.narrative.gaps import say_gap
from outcomes.narrative.over_time import say_control
from outcomes.narrative.positions import say_history, say_within
from outcomes.narrative.words import MANY, counted, joined, lower_first

EVERY = "The table below has every figure."
SELECTED = "The table below has a selection of the figures."
COURSE = {
    "increasing": "rising",
    "decreasing": "falling",
    "no_significant_change": "without a clear trend",
}
"""How the history of a place within goes."""


def describe_history(position: Position) -> str:
    """Return the text alternative of the chart of an indicator's history."""
    dashed = ""
    if position.history["comparator"].notna().any() and position.comparison:
        dashed = f"A dashed line shows {position.comparison.label}."
    chart = f"Line chart of {position.indicator.title} in {position.place.name}."
    dotted = "The place's own line is dotted, because it is a proxy." if position.proxy else ""
    return joined(chart, say_history(position), dashed, dotted, EVERY)


def describe_within(position: Position) -> str:
    """Return the text alternative of the chart of the places within."""
    limits = position.within[["lower", "upper"]].notna().all(axis=1).any()
    comparison, dashed = position.comparison, ""
    if comparison and comparison.value == comparison.value:
        dashed = f"Where the period is the same, a dashed line shows {comparison.label}."
    chart = (
        f"Dot chart of {position.indicator.title}, {position.within_label}, a dot"
        f"{' and its interval' if limits else ''} for each."
    )
    return joined(chart, dashed, say_within(position), EVERY)


def describe_map(position: Position) -> str:
    """Return the text alternative of the map of the places within."""
    chart = (
        f"Map of {position.indicator.title}, {position.within_label}, shaded and lettered in at "
        "most five classes; a place without a figure is hatched."
    )
    return joined(chart, say_within(position), EVERY)


def describe_multiples(position: Position) -> str:
    """Return the text alternative of the small charts, one for each of the places within."""
    rows = position.within
    courses = rows["trend"].value_counts() if "trend" in rows else {}
    counts = [f"{courses[word]} {said}" for word, said in COURSE.items() if word in courses]
    chart = (
        f"Small line charts of {position.indicator.title}, one for each of the "
        f"{position.within_label}, all on one scale, with a faint line for the whole."
    )
    courses = f"By trend: {listed(counts)}." if counts else ""
    return joined(chart, courses, say_within(position), EVERY)


def describe_spread(position: Position) -> str:
    """Return the text alternative of the chart of the spread; empty where there is none."""
    spread = position.standing.spread
    if spread is None:
        return ""
    chart = (
        f"Strip chart of {position.indicator.title}: a dot for each of the {spread.n:,} "
        f"{spread.among}, {position.place.name} marked, the median and the middle half shaded."
    )
    return joined(chart, say_spread(position), EVERY if len(spread.peers) <= WHOLE else SELECTED)


def describe_spine(baseline: Baseline) -> str:
    """Return the text alternative of the spine chart of an outcome's indicators."""
    shown = [p for p in baseline.positions if p.latest and p.standing.spread]
    sides = {}
    for position in shown:
        if position.comparison and position.comparison.tested:
            title = lower_first(position.indicator.title)
            sides.setdefault(position.comparison.verdict, []).append(title)
    said = [
        f"{verdict.title()} than {baseline.comparator_label}: {listed(sides[verdict], most=MANY)}."
        for verdict in ("better", "worse", "higher", "lower")
        if verdict in sides
    ]
    chart = (
        f"Spine chart of {counted(len(shown), 'indicator')}, a row each: where "
        f"{baseline.place.name} lies between the lowest and the highest of the areas it ranks "
        f"among, {baseline.comparator_label} in the middle and better to the right."
    )
    return joined(chart, *said, EVERY)


def describe_control(position: Position) -> str:
    """Return the text alternative of the control chart; empty where there is none."""
    if position.standing.control is None:
        return ""
    chart = (
        f"Control chart of {position.indicator.title} in {position.place.name}: the figures, their "
        "average, and the limits of ordinary variation."
    )
    return joined(chart, say_control(position), EVERY)


def describe_gap(gap: PlaceGap, position: Position) -> str:
    """Return the text alternative of the chart of a gap over time."""
    lines = "the highest and the lowest" if gap.kind == "places" else "the two groups"
    overall = " and the overall figure dashed" if gap.over_time["overall"].notna().any() else ""
    chart = (
        f"Line chart of {position.indicator.title}, {gap.label}: {lines}, the gap between them "
        f"shaded{overall}."
    )
    return joined(chart, say_gap(gap, position), EVERY)


def describe_relation(relation: Relation) -> str:
    """Return the text alternative of the scatter chart of an outcome and one other indicator."""
    points = relation.points
    line = "" if relation.coefficients.empty else ", with a fitted line"
    chart = (
        f"Scatter chart of {lower_first(relation.outcome)} against "
        f"{lower_first(relation.on[0])}, a dot for each of {counted(len(points), 'place')}{line}."
    )
    apart = points.loc[points["outlier"].astype(bool), "area_name"].tolist()
    far = f"Far from the line: {listed(apart, most=MANY)}." if apart and line else ""
    ending = EVERY if len(points) <= WHOLE else SELECTED
    return joined(chart, *say_relation(relation), far, ending)


def describe_funnel(funnel: Funnel, indicator: Indicator) -> str:
    """Return the text alternative of a funnel chart."""
    points, said = funnel.points, say_funnel(funnel, indicator)
    if funnel.reason or points.empty:
        return said
    chart = (
        f"Funnel chart of {funnel.title}, {funnel.among}, {funnel.period}: a dot for each of "
        f"{counted(points['value'].notna().sum(), 'place')} by its size, between curves that show "
        "how far chance moves a place of that size."
    )
    ending = EVERY if len(points) <= WHOLE else SELECTED
    return joined(chart, said, ending)
