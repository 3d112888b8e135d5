"""Targets beside the forecast: how far off, how likely, and how fast things would have to move."""

from math import isfinite

from outcomes.errors import listed
from outcomes.model import (
    ChanceRecord,
    Indicator,
    Position,
    TargetOutlook,
    day_words,
    number,
    with_unit,
)
from outcomes.model.numbers import rounded
from outcomes.model.words import about, chance_words, nearest_five, outward
from outcomes.narrative.words import (
    because,
    finer,
    joined,
    rounds_to_nothing,
    sentence,
    size_words,
    units,
)

BOUND = {"higher_is_better": "at least ", "lower_is_better": "at most ", "no_judgement": ""}
LIKELY = {
    10: "very unlikely to be met",
    30: "unlikely to be met",
    65: "about as likely to be met as not",
    85: "likely to be met",
    100: "very likely to be met",
}
"""What a chance is called, up to so many in 100."""
GOOD = {"higher_is_better": 1, "lower_is_better": -1, "no_judgement": float("nan")}
"""The sign of what is better."""
UNTESTED = "No forecast so far ahead could be tested."
FASTEST = 2
"""How many of the fastest areas are named."""


def say_target(found: TargetOutlook, position: Position) -> list[str]:
    """Return a target, and then in a few words each: the gap, the chance, and the speed it takes.

    What the chance is worth stands with the chance. What cannot be said is left out.
    """
    said = [
        joined(_what(found, position), _source(found)),
        _where(found, position),
        joined(_chance(found, position), say_chance_record(found)),
        _pace(found, position),
    ]
    return [words for words in said if words]


def _source(found: TargetOutlook) -> str:
    target = found.target
    if target.example:
        return "It is an example that nobody has adopted."
    return f"Set by: {target.set_by} ({target.source.rstrip('.')})."


def _what(found: TargetOutlook, position: Position) -> str:
    target, indicator = found.target, position.indicator
    by = f"by {day_words(target.by)}"
    if target.relative is None:
        level = f"{BOUND[indicator.polarity]}{with_unit(indicator, found.level)}"
        return f"The target is {level} {by}."
    return f"The target is to be {beside_words(found, indicator)} {by}."


def beside_words(found: TargetOutlook, indicator: Indicator) -> str:
    """Return what a target beside a comparator is: '1.0 percentage points above England'."""
    whom, away = found.comparator_label or "the comparator", found.target.relative.distance
    if rounds_to_nothing(indicator, away):
        return f"level with {whom}"
    return f"{size_words(indicator, away)} {_side(away)} {whom}"


def _side(away: float) -> str:
    return "above" if away > 0 else "below"


def _where(found: TargetOutlook, position: Position) -> str:
    indicator = position.indicator
    if not isfinite(found.expected):
        return ""
    forecast = _distance(found, indicator) or _level(found, indicator)
    lead = f"The last figure due by then is that for {found.period}. {forecast}"
    if not isfinite(found.gap):
        return f"{lead}."
    if rounds_to_nothing(indicator, found.gap):
        return f"{lead}, level with the target to the precision shown."
    side = "short of" if found.gap > 0 else "beyond"
    size = size_words(indicator, found.gap)
    return f"{lead}: {size} {side} the target{_people(found, position)}."


def _level(found: TargetOutlook, indicator: Indicator) -> str:
    limits = ""
    if isfinite(found.lower) and isfinite(found.upper):
        limits = f" ({number(indicator, found.lower)} to {number(indicator, found.upper)}, 8 times in 10)"
    return f"Its forecast is {number(indicator, found.expected)}{limits}"


def _distance(found: TargetOutlook, indicator: Indicator) -> str:
    """Return where the distance from a target's comparator is forecast; else nothing."""
    if found.target.relative is None or found.apart is None or found.apart.empty:
        return ""
    ends = found.apart[["mean", "lower_80", "upper_80"]].iloc[0].astype(float)
    mean, lower, upper = ends + found.target.relative.distance
    whom = found.comparator_label or "the comparator"
    expected = f"{size_words(indicator, mean)} {_side(mean)}"
    if rounds_to_nothing(indicator, mean):
        expected = "nothing to the precision shown"
    limits = ""
    if isfinite(lower) and isfinite(upper):
        limits = f" ({_end(indicator, lower)} to {_end(indicator, upper)}, 8 times in 10)"
    return f"The distance from {whom} is forecast to be {expected}{limits}"


def _end(indicator: Indicator, away: float) -> str:
    if rounds_to_nothing(indicator, away):
        return "level"
    return f"{number(indicator, abs(away)).rstrip('%')} {_side(away)}"


def _people(found: TargetOutlook, position: Position) -> str:
    people = found.people
    if people is None or not isfinite(people.count):
        return ""
    count = about(people.count)
    words = count if count.startswith("less") else f"about {count}"
    share = position.indicator.value_type == "proportion"
    words = f", or {words} of the {people.base}" if share else f", or {words} in number"
    return f"{words}{_between(people.lower, people.upper)}"


def _between(lower: float, upper: float) -> str:
    """Return the ends of a number that falls short where it is positive."""
    if not (isfinite(lower) and isfinite(upper)):
        return ""
    if lower < 0 < upper:
        beyond, short = (about(outward(end, larger=True)) for end in (lower, upper))
        return f" (anything from {beyond} beyond to {short} short)"
    small, large = sorted((abs(lower), abs(upper)))
    ends = about(outward(small, larger=False)), about(outward(large, larger=True))
    return f" (between {ends[0]} and {ends[1]})"


def likely_words(chance: float) -> str:
    """Return what a chance is called, by the same rounded number that is printed."""
    return next(words for most, words in LIKELY.items() if nearest_five(chance) <= most)


def _chance(found: TargetOutlook, position: Position) -> str:
    if not isfinite(found.chance):
        return f"The chance of meeting it cannot be given{because(found.reason)}."
    record = position.outlook.forecast.record
    tested = record is not None and found.horizon <= record.by_horizon["horizon"].max()
    said = (
        f"If things go on as they are it is {likely_words(found.chance)}: the chance is "
        f"{chance_words(found.chance)}."
    )
    return joined(said, "" if tested else UNTESTED)


def _pace(found: TargetOutlook, position: Position) -> str:
    """Return the speed that meets the target, beside what was achieved here and by the fastest."""
    indicator = position.indicator
    if not isfinite(found.needed):
        return ""
    here = _achieved(found, position)
    return joined(
        sentence(say_needed(found, indicator)),
        sentence(here),
        _taken_on(found, position) if "improved" in here else "",
        _fastest(found, position),
    )


def say_needed(found: TargetOutlook, indicator: Indicator) -> str:
    """Return the speed that meets a target, as a sentence without its full stop."""
    fine = finer(indicator, found.needed)
    if rounds_to_nothing(fine, found.needed):
        if found.needed > 0:
            return "Meeting it takes hardly any improvement"
        return "It would be met if things stayed as they are"
    size = size_words(fine, found.needed)
    if found.needed > 0:
        return f"Meeting it takes an improvement of {size} a year"
    return f"It would be met even if things got worse by {size} a year"


def _achieved(found: TargetOutlook, position: Position) -> str:
    """Return how fast it went here, or that the figures of those years point both ways."""
    if not isfinite(found.achieved):
        return ""
    since = f"since {found.achieved_since}" if found.achieved_since else "of late"
    moved = _moved(position.indicator, found.achieved)
    still = moved.startswith("it has stayed")
    if not still and _plain_change(found, position) * found.achieved <= 0:
        return f"{since} it has gone up and down without a direction here"
    return f"{since} {moved}"


def _plain_change(found: TargetOutlook, position: Position) -> float:
    """Return the improvement from the first of those years' figures to the newest, as printed.

    NaN where the first one is not known.
    """
    known = position.history[position.history["value"].notna()]
    first = known.loc[known["period"] == found.achieved_since, "value"]
    if first.empty:
        return float("nan")
    decimals = position.indicator.decimals
    change = rounded(known["value"].iloc[-1], decimals) - rounded(first.iloc[0], decimals)
    return GOOD[position.indicator.polarity] * rounded(change, decimals)


def _taken_on(found: TargetOutlook, position: Position) -> str:
    """Return why a target is unlikely although things improved fast enough until now."""
    slow = isfinite(found.chance) and nearest_five(found.chance) < 50
    latest = position.latest
    if not (slow and found.needed < found.achieved and latest and isfinite(latest.value)):
        return ""
    ahead = GOOD[position.indicator.polarity] * (found.expected - latest.value)
    part = "only part" if ahead > 0 else "none"
    return f"The forecast takes {part} of that improvement on."


def _moved(indicator: Indicator, speed: float) -> str:
    fine = finer(indicator, speed)
    if rounds_to_nothing(fine, speed):
        return "it has stayed about the same here"
    way = "improved" if speed > 0 else "got worse"
    return f"it has {way} by {size_words(fine, speed)} a year here"


def _fastest(found: TargetOutlook, position: Position) -> str:
    """Return which areas improved fastest in the same years, and among whom."""
    indicator, spread = position.indicator, position.standing.spread
    best = [
        f"{name} by {number(indicator, speed).rstrip('%')}"
        for name, speed in found.best[:FASTEST]
        if speed > 0 and not rounds_to_nothing(indicator, speed)
    ]
    if not best:
        return ""
    unit = " ".join(filter(None, [units(indicator), "a year"]))
    among = f" among {spread.among}" if spread and spread.among else ""
    return f"The fastest in the same years{among}, partly by luck: {listed(best)} {unit}."


def say_chance_record(found: TargetOutlook) -> str:
    """Return how chances of about this size have held on targets of the past."""
    record = found.record
    if record is None or not isfinite(found.chance) or record.bands.empty:
        return ""
    bands = record.bands
    inside = bands[(bands["low"] <= found.chance) & (found.chance <= bands["high"])]
    inside = inside[inside["targets"] > 0].tail(1)
    if inside.empty:
        return joined(_no_better(record), "No chance of this size was tested on the past.")
    band = inside.iloc[0]
    return joined(
        _no_better(record),
        f"Of {band['targets']:,.0f} past targets that were given about such a chance, "
        f"{100 * band['said']:.0f} in 100 should have been met and {_met(band['met'])} were.",
    )


def _met(share: float) -> str:
    if share in (0, 1):
        return "all" if share else "none"
    return f"{min(99, max(1, round(100 * share)))} in 100"


def _no_better(record: ChanceRecord) -> str:
    """Return the warning from a chance of a kind that has told nothing; else nothing."""
    scored = isfinite(record.brier) and isfinite(record.base_brier)
    if not scored or record.brier < record.base_brier:
        return ""
    return (
        f"Do not lean on this chance: on {record.targets:,} past targets, such chances told no more "
        "than the share met of other targets as hard and as far ahead."
    )
