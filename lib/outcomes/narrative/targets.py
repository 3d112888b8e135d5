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
from outcomes.model.words import about, outward
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
    whom = found.comparator_label or "the comparator"
    beside = f"level with {whom}"
    if not rounds_to_nothing(indicator, target.relative.distance):
        away = target.relative.distance
        beside = f"{size_words(indicator, away)} {'above' if away > 0 else 'below'} {whom}"
    if not isfinite(found.level):
        return f"The target is to be {beside} {by}."
    expected = with_unit(indicator, found.level)
    return f"The target is to be {beside} {by}. By the forecast for {whom}, that is {expected}."


def _where(found: TargetOutlook, position: Position) -> str:
    indicator = position.indicator
    if not isfinite(found.expected):
        return ""
    limits = ""
    if isfinite(found.lower) and isfinite(found.upper):
        limits = f" ({number(indicator, found.lower)} to {number(indicator, found.upper)}, 8 times in 10)"
    lead = (
        f"The last figure due by then is that for {found.period}. Its forecast is "
        f"{number(indicator, found.expected)}{limits}"
    )
    if not isfinite(found.gap):
        return f"{lead}."
    if rounds_to_nothing(indicator, found.gap):
        return f"{lead}, level with the target to the precision shown."
    side = "short of" if found.gap > 0 else "beyond"
    size = size_words(indicator, found.gap)
    return f"{lead}: {size} {side} the target{_people(found, position)}."


def _people(found: TargetOutlook, position: Position) -> str:
    people = found.people
    if people is None or not isfinite(people.count):
        return ""
    count = about(people.count)
    words = count if count.startswith("less") else f"about {count}"
    share = position.indicator.value_type == "proportion"
    words = f", or {words} people" if share else f", or {words} in number"
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


def chance_words(chance: float) -> str:
    """Return 'about 65 in 100' to the nearest 5, or 'less than 5 in 100' at the ends."""
    if chance < 0.05:
        return "less than 5 in 100"
    if chance > 0.95:
        return "more than 95 in 100"
    return f"about {_nearest_five(chance)} in 100"


def _nearest_five(chance: float) -> int:
    return 5 * int(20 * chance + 0.5)


def likely_words(chance: float) -> str:
    """Return what a chance is called, by the same rounded number that is printed."""
    return next(words for most, words in LIKELY.items() if _nearest_five(chance) <= most)


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
    fine = finer(indicator, found.needed)
    lead = f"Meeting it takes an improvement of {size_words(fine, found.needed)} a year"
    if found.needed <= 0:
        lead = (
            f"It would be met even if things got worse by {size_words(fine, found.needed)} a year"
        )
    if found.needed <= 0 and rounds_to_nothing(fine, found.needed):
        lead = "It would be met if things stayed as they are"
    since = f"since {found.achieved_since}" if found.achieved_since else "of late"
    here = f"{since} {_moved(indicator, found.achieved)}" if isfinite(found.achieved) else ""
    return joined(sentence(lead), sentence(here), _fastest(found, indicator))


def _moved(indicator: Indicator, speed: float) -> str:
    fine = finer(indicator, speed)
    if rounds_to_nothing(fine, speed):
        return "it has stayed about the same here"
    way = "improved" if speed > 0 else "got worse"
    return f"it has {way} by {size_words(fine, speed)} a year here"


def _fastest(found: TargetOutlook, indicator: Indicator) -> str:
    """Return which areas improved fastest in the same years."""
    best = [
        f"{name} by {number(indicator, speed).rstrip('%')}"
        for name, speed in found.best[:FASTEST]
        if speed > 0 and not rounds_to_nothing(indicator, speed)
    ]
    if not best:
        return ""
    unit = " ".join(filter(None, [units(indicator), "a year"]))
    return f"The fastest in the same years: {listed(best)} {unit}."


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
        "than the share of all that were met."
    )
