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
from outcomes.narrative.words import because, joined, rounds_to_nothing, sentence, size_words

BOUND = {"higher_is_better": "at least ", "lower_is_better": "at most ", "no_judgement": ""}
LIKELY = {
    10: "very unlikely to be met",
    30: "unlikely to be met",
    65: "about as likely to be met as not",
    85: "likely to be met",
    100: "very likely to be met",
}
"""What a chance is called, up to so many in 100."""
UNTESTED = ", though no forecast so far ahead could be tested"
FASTEST = 2
"""How many of the fastest areas are named."""


def say_target(found: TargetOutlook, position: Position) -> str:
    """Return a target: its source, the gap at its date, the chance, and the speed it takes."""
    said = [
        _what(found, position),
        _where(found, position),
        _chance(found, position),
        _pace(found, position),
    ]
    if found.target.example:
        said.insert(1, "This target is an example that nobody has adopted.")
    return joined(*said, say_chance_record(found))


def _what(found: TargetOutlook, position: Position) -> str:
    target, indicator = found.target, position.indicator
    by = f"by {day_words(target.by)}"
    source = f" ({target.set_by}; {target.source})"
    if target.relative is None:
        level = f"{BOUND[indicator.polarity]}{with_unit(indicator, found.level)}"
        return f"The target is {level} {by}{source}."
    whom = found.comparator_label or "the comparator"
    beside = f"level with {whom}"
    if not rounds_to_nothing(indicator, target.relative.distance):
        away = target.relative.distance
        beside = f"{size_words(indicator, away)} {'above' if away > 0 else 'below'} {whom}"
    if not isfinite(found.level):
        return f"The target is to be {beside} {by}{source}."
    expected = with_unit(indicator, found.level)
    return f"The target is to be {beside} {by}, which would then be about {expected}{source}."


def _where(found: TargetOutlook, position: Position) -> str:
    indicator = position.indicator
    if not isfinite(found.expected):
        return ""
    limits = ""
    if isfinite(found.lower) and isfinite(found.upper):
        limits = f" ({number(indicator, found.lower)} to {number(indicator, found.upper)}, 8 times in 10)"
    lead = f"For {found.period} the forecast is {number(indicator, found.expected)}{limits}"
    if not isfinite(found.gap):
        return f"{lead}."
    if rounds_to_nothing(indicator, found.gap):
        return f"{lead}, level with the target to the precision shown."
    side = "short of" if found.gap > 0 else "beyond"
    return (
        f"{lead}, {size_words(indicator, found.gap)} {side} the target{_people(found, position)}."
    )


def _people(found: TargetOutlook, position: Position) -> str:
    people = found.people
    if people is None or not isfinite(people.count):
        return ""
    what = "people" if position.indicator.value_type == "proportion" else "numbers"
    count = about(people.count)
    words = count if count.startswith("less") else f"about {count}"
    return f"; in {what} that is {words}{_between(people.lower, people.upper)}"


def _between(lower: float, upper: float) -> str:
    """Return the ends of a number that falls short where it is positive."""
    if not (isfinite(lower) and isfinite(upper)):
        return ""
    if lower < 0 < upper:
        beyond, short = (about(outward(end, larger=True)) for end in (lower, upper))
        return f", and it could be anything from {beyond} beyond to {short} short"
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
    return (
        f"If things go on as they are it is {likely_words(found.chance)}: the chance is "
        f"{chance_words(found.chance)}{'' if tested else UNTESTED}."
    )


def _pace(found: TargetOutlook, position: Position) -> str:
    """Return the speed that meets the target, beside what was achieved here and by the fastest."""
    indicator = position.indicator
    if not isfinite(found.needed):
        return ""
    needed = size_words(indicator, found.needed)
    lead = f"Meeting it takes an improvement of {needed} a year"
    if found.needed <= 0:
        lead = f"It would be met even if things got worse by {needed} a year"
    if rounds_to_nothing(indicator, found.needed):
        lead = "It would be met if things stayed as they are"
    since = f"since {found.achieved_since}" if found.achieved_since else "of late"
    here = f"{since} {_moved(indicator, found.achieved)}" if isfinite(found.achieved) else ""
    best = [
        f"{name} ({_signed(indicator, speed)})"
        for name, speed in found.best[:FASTEST]
        if speed > 0 and not rounds_to_nothing(indicator, speed)
    ]
    fastest = f"The fastest in the same years, in a year: {listed(best)}" if best else ""
    return joined(sentence("; ".join(filter(None, [lead, here]))), sentence(fastest))


def _moved(indicator: Indicator, speed: float) -> str:
    if rounds_to_nothing(indicator, speed):
        return "it has stayed about the same here"
    way = "improved" if speed > 0 else "got worse"
    return f"it has {way} by {size_words(indicator, speed)} a year here"


def _signed(indicator: Indicator, speed: float) -> str:
    return size_words(indicator, speed)


def say_chance_record(found: TargetOutlook) -> str:
    """Return how chances of about this size have held on targets of the past."""
    record = found.record
    if record is None or not isfinite(found.chance) or record.bands.empty:
        return ""
    bands = record.bands
    inside = bands[(bands["low"] <= found.chance) & (found.chance <= bands["high"])]
    inside = inside[inside["targets"] > 0].tail(1)
    if inside.empty:
        return f"No chance of this size was tested on the past.{_better(record, lead=' ')}"
    band = inside.iloc[0]
    return (
        f"Of {band['targets']:,.0f} targets tested on the past that were given such a chance, "
        f"{100 * band['said']:.0f} in 100 should have been met and {100 * band['met']:.0f} in 100 "
        f"were.{_better(record, lead=' ')}"
    )


def _better(record: ChanceRecord, *, lead: str) -> str:
    if not (isfinite(record.brier) and isfinite(record.base_brier)):
        return ""
    if record.brier < record.base_brier:
        return f"{lead}Over all {record.targets:,} of them, such chances did better than always giving the average share."
    return (
        f"{lead}Over all {record.targets:,} of them, such chances did no better than always giving "
        "the average share, so do not lean on this one."
    )
