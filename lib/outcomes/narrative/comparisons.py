"""A place beside its comparator: the difference, its firmness, in people, and the rank."""

from math import isfinite

from outcomes.model import Comparison, People, Position, Rank, number, ordinal, with_unit
from outcomes.model.words import FIFTHS, about, outward
from outcomes.narrative.words import (
    SIDES,
    because,
    interval,
    joined,
    ratio_words,
    rounds_to_nothing,
    size_words,
    span_words,
)

SIDE = {True: "above", False: "below"}
SIDED = {"better": ", on the better side", "worse": ", on the worse side"}
HOW = {
    "weighted": "Larger places count for more in that average",
    "simple": "Each place counts alike in that average",
    "median": "That is the median, the middle one of them",
}
"""How the value of a group came about; a published one needs no words."""
MORE = {True: "more", False: "fewer"}


def say_comparison(position: Position) -> str:
    """Return how the latest figure differs from the comparator's, and whether it could be chance."""
    comparison = position.comparison
    if comparison is None:
        return ""
    if not (isfinite(comparison.value) and isfinite(comparison.difference)):
        return f"It is not compared with another area{because(comparison.reason)}."
    return joined(_difference(position, comparison), _average(position, comparison))


def _difference(position: Position, comparison: Comparison) -> str:
    start = _start(position, comparison)
    if comparison.verdict == "similar":
        return f"{start}. {_similar(position, comparison)}"
    if comparison.verdict == "equal":
        return f"{start}."
    if not comparison.tested:
        return (
            f"{start}{SIDED.get(comparison.verdict, '')}. Our source gives no interval, so we cannot "
            "say whether the difference is more than chance."
        )
    strict = ""
    if comparison.verdict_998 == comparison.verdict:
        strict = ". That would hold at the stricter level of 99.8% too"
    return f"{start}, which is {comparison.verdict}: {_proof(position, comparison)}{strict}."


def _start(position: Position, comparison: Comparison) -> str:
    indicator, difference = position.indicator, comparison.difference
    whom = f"{comparison.label} ({with_unit(indicator, comparison.value)})"
    tested = comparison.tested and comparison.verdict not in ("similar", "equal")
    if rounds_to_nothing(indicator, difference) and not tested:
        return f"That is the same as {whom}, to the precision shown"
    ratio = ratio_words(comparison.ratio)
    beside = f", {ratio}" if ratio else ""
    if with_unit(indicator, comparison.value) == with_unit(indicator, position.latest.value):
        beside += ", before rounding"
    return f"That is {size_words(indicator, difference)} {SIDE[difference > 0]} {whom}{beside}"


def _similar(position: Position, comparison: Comparison) -> str:
    called = "the two are called similar"
    if comparison.method != "difference":
        return f"The interval includes that figure, so {called}: the difference may be chance."
    lower, upper = comparison.difference_lower, comparison.difference_upper
    limits = span_words(position.indicator, lower, upper, moves=SIDES)
    if not limits.startswith("from"):
        return f"Chance alone could make such a difference, so {called}."
    return f"Allowing for chance it lies {limits}, so {called}: the difference may be chance."


def _proof(position: Position, comparison: Comparison) -> str:
    if comparison.method != "difference":
        return f"the whole interval lies {SIDE[comparison.difference > 0]} that figure"
    lower, upper = comparison.difference_lower, comparison.difference_upper
    limits = span_words(position.indicator, lower, upper, moves=SIDES)
    return f"the difference is more than chance{interval(limits)}"


def _average(position: Position, comparison: Comparison) -> str:
    """Return how a group's figure was made, and what it would be if made in another way."""
    value, simple, median = (
        number(position.indicator, figure)
        for figure in (comparison.value, comparison.simple, comparison.median)
    )
    how = comparison.how.split("_")[0]
    said = [HOW.get(how, "")]
    if how == "weighted" and isfinite(comparison.simple) and simple != value:
        said = [f"{said[0]}. If each counted alike it would be {simple}"]
    if how != "median" and isfinite(comparison.median) and median != value:
        said.append(f"the median is {median}")
    return f"{'; '.join(said)}." if said[0] else ""


def say_rank(position: Position) -> str:
    """Return the rank, the fifth, and between which ranks the place may really lie."""
    rank = position.rank
    if rank is None:
        return ""
    where = f"{ordinal(rank.position)} of {rank.of:,}"
    if rank.alike > 1:
        where = f"joint {ordinal(rank.position)} to {ordinal(rank.last)} of {rank.of:,}"
    end = "1st is best" if rank.judged else "1st is highest, not best"
    fifth = f", in the {FIFTHS[rank.judged][rank.fifth - 1]} fifth" if rank.fifth else ""
    return joined(f"It ranks {where} among {rank.among} ({end}){fifth}.", _rank_limits(rank))


def _rank_limits(rank: Rank) -> str:
    if not (isfinite(rank.lowest) and isfinite(rank.highest)):
        return ""
    first, last = (ordinal(round(limit)) for limit in sorted((rank.lowest, rank.highest)))
    if first == last:
        return f"The intervals leave no room for another rank than {first}."
    return f"Its true rank may lie anywhere from {first} to {last}."


def say_people(position: Position) -> str:
    """Return what the difference from the comparator means in people, or in events."""
    people = position.standing.people
    if people is None or not isfinite(people.count):
        return ""
    label = position.comparison.label if position.comparison else "the comparator"
    what = "people" if position.indicator.value_type == "proportion" else "numbers"
    older = ""
    if people.older and isfinite(people.older[0]):
        count, base, size = people.older
        same = _more(count) == _more(people.count)
        older = f"; on the older base of {_base(base, size)} it would be {_more(count)}"
        older = f" (the same on the older base, {base.rpartition(', ')[2]})" if same else older
    return (
        f"In {what}, the difference from {label} comes to {_more(people.count)}{_between(people)}, "
        f"worked out on {_base(people.base, people.size)}{older}."
    )


def _more(count: float) -> str:
    text = about(count)
    return text if text.startswith("less") else f"about {text} {MORE[count > 0]}"


def _between(people: People) -> str:
    lower, upper = people.lower, people.upper
    if not (isfinite(lower) and isfinite(upper)):
        return ""
    if lower < 0 < upper:
        ends = [about(outward(end, larger=True)) for end in (lower, upper)]
        # Figures are published rounded: an end smaller than that is no difference.
        none = people.rounding
        if max(-lower, upper) < none:
            return ", which is within rounding"
        fewer = "no difference" if -lower < none else f"{ends[0]} fewer"
        more = "no difference" if upper < none else f"{ends[1]} more"
        return f", but it could be anything from {fewer} to {more}"
    small, large = sorted((abs(lower), abs(upper)))
    small, large = outward(small, larger=False), outward(large, larger=True)
    return f" (between {about(small)} and {about(large)})"


def _base(base: str, size: float) -> str:
    """Return 'the 50,000 people aged 16 to 64 in mid-2020' for such people at such a time."""
    who, _, when = base.rpartition(", ")
    if not who or not when.startswith("mid-"):
        who, when = base, ""
    count = f"the {float(f'{size:.3g}'):,.0f} " if isfinite(size) else ""
    return f"{count}{who}{f' in {when}' if when else ''}"
