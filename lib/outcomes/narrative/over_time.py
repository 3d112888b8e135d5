"""How a figure moves over time: its trend, its last change, a step, its ordinary variation."""

from math import isfinite

from outcomes.errors import listed
from outcomes.model import Control, Position, Trend, number
from outcomes.model.words import RULES
from outcomes.narrative.words import (
    because,
    counted,
    few,
    finer,
    interval,
    joined,
    roughly,
    rounds_to_nothing,
    sentence,
    size_words,
    span,
    span_words,
    units,
)

GOING = {"increasing": "rising", "decreasing": "falling"}
JUDGED = {"improving": ": that is getting better", "getting_worse": ": that is getting worse"}
CHANGED = ("increased", "decreased")
TURNED = {"improving": ", and for the better", "getting_worse": ", and for the worse"}
BREAK = "break on "
SPECIAL = 3
"""How many special points of one rule are named."""


def say_trend(position: Position) -> str:
    """Return whether the history goes up or down by more than chance, and on how many figures."""
    trend, breaks = position.standing.trend, position.standing.breaks
    # One figure has no course; that it is one is said with the history.
    if trend is None or trend.n < 2:
        return ""
    since = f"Only figures from {breaks[-1][0]} on are used." if breaks else ""
    # A declared break is a reason of its own, which `say_breaks` gives in full.
    reason = "; ".join(part for part in trend.reason.split("; ") if BREAK not in part)
    if trend.direction == "cannot_be_calculated":
        return joined(f"No trend can be worked out from {_figures(trend)}{because(reason)}.", since)
    moved = _rising(position, trend) if trend.direction in GOING else _no_trend(position, trend)
    shared = "Neighbouring figures share years, which the test allows for."
    return joined(
        f"Over {_figures(trend)} {moved}.",
        shared if "overlap" in trend.method else "",
        sentence(reason),
        since,
    )


def _figures(trend: Trend) -> str:
    when = f" {span(trend.first, trend.last)}" if trend.first and trend.last else ""
    return f"the {counted(trend.n, 'figure')}{when}"


def _rising(position: Position, trend: Trend) -> str:
    rising, indicator = trend.direction == "increasing", finer(position.indicator, trend.slope)
    by = ""
    if isfinite(trend.slope) and (trend.slope > 0) == rising:
        limits = span_words(indicator, trend.slope_lower, trend.slope_upper)
        by = f" by {roughly(indicator, trend.slope)} each year"
        by += interval(limits, trend.confidence)
    return f"it is {GOING[trend.direction]}{by}, more than chance{JUDGED.get(trend.judged, '')}"


def _no_trend(position: Position, trend: Trend) -> str:
    upper, fits = trend.slope_upper, ""
    indicator = finer(position.indicator, min(abs(trend.slope_lower), abs(upper)))
    if trend.slope_lower < 0 < upper:
        fits = span_words(indicator, trend.slope_lower, upper)
    if fits and not rounds_to_nothing(indicator, upper):
        fits = f"{fits} {units(indicator)}".strip()
    level = f" ({100 * trend.confidence:.4g}% interval)" if isfinite(trend.confidence) else ""
    would = f": anything {fits} each year{level} would fit them" if fits.startswith("from") else ""
    return f"there is no trend that can be told from chance{would}"


def say_change(position: Position) -> str:
    """Return how the newest figure differs from the one before, and whether it could be chance."""
    change, indicator = position.standing.change, position.indicator
    if change is None:
        return ""
    when = span(change.first, change.last)
    start = when.replace("from", "From", 1)
    if not isfinite(change.difference):
        return f"The change {when} cannot be worked out{because(change.reason)}."
    way = "rose" if change.difference > 0 else "fell"
    moved = f"{way} by {size_words(indicator, change.difference)}"
    if rounds_to_nothing(indicator, change.difference) and change.verdict not in CHANGED:
        moved = "stayed the same, to the precision shown"
    limits = interval(span_words(indicator, change.lower, change.upper))
    if change.verdict == "not_tested":
        untested = f"; whether that is more than chance was not tested{because(change.reason)}"
        return f"{start} it {moved}{untested}."
    if change.verdict == "could_be_chance":
        return f"{start} it {moved}{limits}, which could be chance."
    return f"{start} it {moved}{limits}: more than chance{TURNED.get(change.judged, '')}."


SEARCHED = ("a smooth bend fits as well",)
"""The reasons for naming no step that come of a search."""


def say_step(position: Position) -> str:
    """Return whether the history leaves its course at once, and how often such a search is wrong."""
    step, indicator = position.standing.step, position.indicator
    # A history that is too short or irregular was not searched; that is no finding.
    if step is None or (step.reason and step.reason not in SEARCHED):
        return ""
    if step.reason:
        return f"No sudden step can be named{because(step.reason)}."
    if not step.found:
        over = f" in the {counted(step.n, 'figure')}" if step.n else ""
        return f"No sudden step stands out{over}; a small one could go unseen."
    moved = f"It left its earlier course with the figure for {step.at}"
    if isfinite(step.size):
        side = "above" if step.size > 0 else "below"
        moved = (
            f"From the figure for {step.at} on it lies {roughly(indicator, step.size)} {side} "
            "its earlier course"
        )
    limits = interval(span_words(indicator, step.lower, step.upper))
    wrong = "A search like this finds a step where there is none in "
    return joined(
        f"{moved}{limits}, beyond any steady trend over the {counted(step.n, 'figure')}.",
        f"{wrong}{100 * step.false_alarm:.2g} of 100 histories."
        if isfinite(step.false_alarm)
        else "",
    )


def say_control(position: Position) -> str:
    """Return how far the figures vary in the ordinary way, and which stand out by which rule."""
    control = position.standing.control
    if control is None:
        return ""
    if control.reason or control.points.empty:
        return f"Ordinary variation cannot be worked out{because(control.reason)}."
    newest = control.points.iloc[-1]
    low, high, mean = (
        number(position.indicator, newest[name]) for name in ("lower_limit", "upper_limit", "mean")
    )
    limits = ""
    if newest[["lower_limit", "upper_limit", "mean"]].notna().all():
        now = " for the newest figures" if control.points["mean"].nunique() > 1 else ""
        limits = (
            f"Ordinary variation{now} runs from {low} to {high} around an average of {mean}, "
            f"worked out from {counted(control.n, 'figure')}."
        )
    trial = "With fewer than 13 figures these limits may still move." if control.trial else ""
    return joined(limits, _special(control), trial)


def _special(control: Control) -> str:
    known = control.points[control.points["value"].notna()]
    special = known[known["special"].astype(bool)]
    if special.empty:
        return "None of the figures is out of the ordinary."
    rules = dict.fromkeys([*RULES, *special["rule"]])
    said = [
        f"{RULES.get(rule, rule.replace('_', ' '))}: {listed(periods, most=SPECIAL)}"
        for rule in rules
        if (periods := special.loc[special["rule"] == rule, "period"].tolist())
    ]
    be = "is" if len(special) == 1 else "are"
    count = f"{few(len(special))} of the {counted(len(known), 'figure')}"
    if len(special) == len(known) > 2:
        count = f"all {counted(len(known), 'figure')}"
    return sentence(f"{count} {be} out of the ordinary ({'; '.join(said)})")


def say_breaks(position: Position) -> str:
    """Return from which period figures are measured in another way, and why."""
    breaks = position.standing.breaks
    if not breaks:
        return ""
    *earlier, (label, reason) = breaks
    said = [f"Figures from {label} on do not compare with earlier ones{because(reason)}."]
    if earlier:
        named = [f"{at} ({why.rstrip('.')})" if why else at for at, why in earlier]
        start = "An earlier break" if len(earlier) == 1 else "Earlier breaks"
        said.append(f"{start}: {listed(named, most=SPECIAL)}.")
    across = "that break" if len(breaks) == 1 else "those breaks"
    return joined(*said, f"Trends are not drawn across {across}.")
