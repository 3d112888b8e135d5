"""Whether gaps close, and who is worse off: the gap always beside the overall level."""

from math import isfinite

import pandas as pd

from outcomes.errors import listed
from outcomes.model import Indicator, Part, PlaceGap, Position, number
from outcomes.model.words import about
from outcomes.narrative.words import (
    MANY,
    because,
    counted,
    few,
    finer,
    interval,
    joined,
    roughly,
    rounds_to_nothing,
    sentence,
    short,
    size_words,
    span_words,
)

CLOSING = {
    "closing": "The gap is closing",
    "widening": "The gap is widening",
    "reversed": "The gap has turned round, so that the side that was behind is now in front",
}
APART = {
    "closing": "the distance is closing",
    "widening": "the distance is growing",
    "reversed": "the two have changed places",
}
STEEP = ("{} better", "no slope", "{} worse")
FEWEST = 4
"""With so few figures no movement could be told from chance."""
RELATIVE = {"closing": "closing, more than chance", "widening": "widening, more than chance"}
WHOM = {True: "person", False: "people"}


def say_gap(gap: PlaceGap, position: Position, *, ends: bool = True) -> str:
    """Return how wide a gap is beside the overall level, and whether it closes.

    Without `ends`, who is highest and lowest is left to the sentence before.
    """
    known = gap.over_time[gap.over_time["size"].notna()]
    if known.empty:
        return f"The gap between {gap.label} cannot be worked out{because(gap.reason)}."
    newest = known.iloc[-1]
    size = (
        _groups(gap, newest, position)
        if gap.kind == "groups"
        else _places(gap, newest, position, ends=ends)
    )
    return joined(size, _verdict(gap, known, position), _relative(gap))


def _places(gap: PlaceGap, newest: pd.Series, position: Position, *, ends: bool) -> str:
    indicator, share = position.indicator, _share(gap)
    limits = _limits(newest, position)
    limits += ", once chance is taken off" if gap.noise_off else ""
    size = (
        f"A typical place lies {roughly(indicator, newest['size'])} from their average{limits}"
        f"{f'; that is {share}' if share else ''}."
    )
    overall = _overall(newest, position)
    if not ends:
        return f"{sentence(overall)} {size}"
    run = "the ends are not known"
    if pd.notna(newest["low"]) and pd.notna(newest["high"]):
        run = (
            f"figures run from {number(indicator, newest['low'])} in {newest['low_name']} to "
            f"{number(indicator, newest['high'])} in {newest['high_name']}"
        )
    return f"Among the {gap.label}, {newest['period']}, {run}; {overall}. {size}"


def _groups(gap: PlaceGap, newest: pd.Series, position: Position) -> str:
    indicator, share = position.indicator, _share(gap)
    figures = ""
    if pd.notna(newest["high"]) and pd.notna(newest["low"]):
        figures = (
            f": {number(indicator, newest['high'])} for {newest['high_name']} and "
            f"{number(indicator, newest['low'])} for {newest['low_name']}"
        )
    return (
        f"The gap between {gap.label}, {newest['period']}, is "
        f"{size_words(indicator, newest['size'])}{_limits(newest, position)}{figures}; "
        f"{_overall(newest, position)}.{f' The gap is {share}.' if share else ''}"
    )


def _overall(newest: pd.Series, position: Position) -> str:
    if pd.isna(newest["overall"]):
        return "there is no overall figure beside it"
    value = number(position.indicator, newest["overall"])
    return f"the overall figure is {value}"


def _share(gap: PlaceGap) -> str:
    if not isfinite(gap.relative):
        return ""
    share = f"{100 * abs(gap.relative):.0f}"
    return f"{'less than 1' if share == '0' else share}% of the overall level"


def _limits(newest: pd.Series, position: Position) -> str:
    lower, upper = newest["size_lower"], newest["size_upper"]
    if lower < 0 < upper:
        return " (the 95% interval includes no gap at all)"
    return interval(span_words(position.indicator, lower, upper))


def _verdict(gap: PlaceGap, known: pd.DataFrame, position: Position) -> str:
    if not gap.n:
        return f"Whether the gap closes or widens cannot be worked out{because(gap.reason)}."
    over = f"over {counted(gap.n, 'period')} up to {short(known['period'].iloc[-1])}"
    overall = _overall_over(gap, known, position)
    if gap.verdict not in CLOSING:
        if gap.n < 2:
            return ""
        unclear = f"We cannot tell whether the gap closes or widens {over}{because(gap.reason)}."
        return joined(unclear, _left_out(gap), overall)
    closing = f"{CLOSING[gap.verdict]}{_speed(gap, position)}, more than chance, {over}."
    return joined(
        closing, _grown(gap, known, position), sentence(gap.reason), _left_out(gap), overall
    )


def _grown(gap: PlaceGap, known: pd.DataFrame, position: Position) -> str:
    """Return a gap between places at the two ends of the time that its verdict is about."""
    sizes = known["size"].tail(gap.n)
    if gap.kind != "places" or len(sizes) < 2:
        return ""
    first, last = (size_words(position.indicator, sizes.iloc[end]) for end in (0, -1))
    return f"The typical distance went from {first} to {last}." if first != last else ""


def _left_out(gap: PlaceGap) -> str:
    """Return how many places have no figure in some period, and so do not count over time."""
    count = gap.over_time.get("left_out", pd.Series([0])).iloc[-1]
    if not count > 0:
        return ""
    return f"{sentence(counted(int(count), 'place'))[:-1]} without a figure in some period " + (
        "is left out." if count == 1 else "are left out."
    )


def _relative(gap: PlaceGap) -> str:
    """Return what the gap does beside the overall level, where that is something else."""
    if gap.relative_verdict == gap.verdict or gap.relative_verdict not in RELATIVE:
        return ""
    return f"As a share of the overall level it is {RELATIVE[gap.relative_verdict]}."


def _overall_over(gap: PlaceGap, known: pd.DataFrame, position: Position) -> str:
    overall = known["overall"].tail(gap.n).dropna()
    if len(overall) < 2:
        return ""
    first, last = (number(position.indicator, overall.iloc[end]) for end in (0, -1))
    moved = f"stayed at {last}" if first == last else f"went from {first} to {last}"
    return f"Over the same time the overall figure {moved}."


def _speed(gap: PlaceGap, position: Position) -> str:
    if not isfinite(gap.slope) or gap.verdict == "reversed":
        return ""
    indicator, limits = finer(position.indicator, gap.slope), ""
    if gap.slope_lower * gap.slope_upper > 0:
        limits = span_words(indicator, gap.slope_lower, gap.slope_upper)
    size = roughly(indicator, gap.slope)
    return f" by {size} each year{interval(limits, gap.confidence)}"


def say_slope(position: Position) -> str:
    """Return how steep the figures run over all ordered groups, most deprived to least."""
    slope, indicator = position.standing.slope, position.indicator
    if slope is None:
        return ""
    if not isfinite(slope.index):
        return f"No line is drawn through all groups{because(slope.reason)}."
    side = "worse" if slope.index > 0 else "better"
    limits = interval(span_words(indicator, slope.lower, slope.upper, moves=STEEP))
    relative = ""
    if isfinite(slope.relative):
        bounds = isfinite(slope.relative_lower) and isfinite(slope.relative_upper)
        ends = f"{slope.relative_lower:.2f} to {slope.relative_upper:.2f}" if bounds else ""
        relative = f"One end divided by the other is {slope.relative:.2f}{interval(ends)}."
    return joined(
        f"The slope index of inequality, from a line through all {few(slope.groups)} groups, "
        f"{short(slope.period)}: {size_words(indicator, slope.index)} {side} at the first end than "
        f"at the last{limits}.",
        relative,
    )


def say_apart(position: Position) -> str:
    """Return how the place's distance from its comparator has moved; empty if that is not known."""
    gap = position.standing.apart
    if gap is None:
        return ""
    known, indicator = gap.over_time.dropna(subset=["size"]), position.indicator
    if len(known) < 2:
        return ""
    ends = known.iloc[[0, -1]]
    was, now = (_apart(indicator, size) for size in ends["size"])
    then, last = (short(period) for period in ends["period"])
    same = was == now
    moved = f"it is {now} in {last}, as it was in {then}" if same else (
        f"it was {was} in {then} and is {now} in {last}")  # fmt: skip
    told = "" if same or gap.n <= FEWEST else "; that change could be chance"
    if gap.verdict in APART:
        # A line may cross the comparator: then no distance has closed or grown.
        crossed = ends["size"].prod() < 0 and "level" not in (was, now)
        course = {True: "it has risen beside it", False: "it has fallen beside it"}[gap.slope > 0]
        turned = crossed and gap.verdict != "reversed" and isfinite(gap.slope)
        words = course if turned else APART[gap.verdict]
        told = f": {words}, more than chance, over {counted(gap.n, 'figure')}"
    elif gap.n > FEWEST and gap.reason not in ("", "within chance"):
        told = f"; we cannot tell whether the distance closes or grows{because(gap.reason)}"
    return f"Beside {gap.label} {moved}{told}."


def _apart(indicator: Indicator, size: float) -> str:
    if rounds_to_nothing(indicator, size):
        return "level"
    return f"{size_words(indicator, size)} {'above' if size > 0 else 'below'}"


def say_worse_off(position: Position) -> str:
    """Return the parts that stand out as worse than the whole, the number beside the rate."""
    parts, whole = position.standing.worse_off, position.place.name
    tested, rest = ([p for p in parts if p.tested == kind] for kind in (True, False))
    return joined(
        f"Worse than {whole} as a whole by more than chance: {_listed(tested, position)}."
        if tested
        else "",
        f"At least twice as badly off as {whole} as a whole, but not tested: "
        f"{_listed(rest, position)}."
        if rest
        else "",
    )


def _listed(parts: list[Part], position: Position) -> str:
    return listed((_part(part, position) for part in parts), most=MANY)


def _part(part: Part, position: Position) -> str:
    said = [number(position.indicator, part.value)] if isfinite(part.value) else []
    if isfinite(part.ratio) and f"{part.ratio:.1f}" != "1.0":
        said.append(f"{part.ratio:.1f} times the whole's figure")
    if isfinite(part.people):
        count = about(part.people)
        words = ["a difference of", count, WHOM[count in ("1", "less than one")]]
        if not count.startswith("less"):
            words.insert(1, "about")
        said.append(
            " ".join(words if position.indicator.value_type == "proportion" else words[:-1])
        )
    return f"{part.name} ({', '.join(said)})" if said else part.name
