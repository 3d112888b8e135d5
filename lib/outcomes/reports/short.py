"""A report in short: what goes well, what goes badly, and what a slide says first."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from outcomes.model import Baseline, Overview, PlaceGap, Position
from outcomes.narrative import say_apart, say_comparison, say_gap, say_trend
from outcomes.narrative.pages import MOVING
from outcomes.narrative.targets import GOOD
from outcomes.narrative.words import lower_first
from outcomes.reports.document import Block, Heading, Items

COURSES = {"better": "improving", "worse": "getting_worse"}
CLOSING = {"better": "closing", "worse": "widening"}
NAMED = 5
"""How many measures are named in a sentence."""
TITLED = 2
"""How many are named in the title of a slide."""


@dataclass(frozen=True)
class Way:
    """A way in which an indicator goes well or badly, beyond chance unless its words say otherwise."""

    words: str
    holds: Callable[[Position], bool]
    says: Callable[[Position], str]
    """The sentence with the figures that it rests on."""
    adds: Callable[[Position], str] = lambda position: ""
    """What a list adds in brackets to the indicator's name, such as since when."""


def ways(whom: str, side: str) -> tuple[Way, ...]:
    """Return in what ways indicators go well ('better') or badly ('worse') beside `whom`."""
    good = side == "better"
    return (
        Way(f"Clearly {side} than {whom}", lambda p: is_clearly(p, side), say_comparison),
        Way(
            f"Getting {side} over time",
            lambda p: is_getting(p, side),
            say_trend,
            lambda p: f"since {p.standing.trend.first}",
        ),
        Way(
            f"{'Gaining' if good else 'Losing'} ground beside {whom}",
            lambda p: ground(p, side),
            say_apart,
            lambda p: f"since {_first(p.standing.apart)}",
        ),
        Way(
            f"With a gap that {'closes' if good else 'widens'}",
            lambda p: has_gap(p, side),
            lambda p: " ".join(say_gap(gap, p) for gap in _gaps(p, side)),
            lambda p: "; ".join(_between(gap, side) for gap in _gaps(p, side)),
        ),
    )


def in_fifth(side: str) -> Way:
    """Return the way of those whose rank is among the best or the worst; a rank is not tested."""
    end, fifth = ("best", 5) if side == "better" else ("worst", 1)
    return Way(
        f"In the {end} fifth of the areas ranked, which may be chance",
        lambda p: p.rank is not None and p.rank.judged and p.rank.fifth == fifth,
        say_comparison,
    )


def measures(overview: Overview) -> list[Position]:
    """Return the measures with a figure, or a gap inside, each once, in the order of the outcomes."""
    every = {p.indicator_id: p for b in overview.baselines for p in b.positions}
    return [p for p in every.values() if p.latest or p.standing.gaps]


def going(positions: Iterable[Position], whom: str, side: str) -> list[tuple[Way, list[Position]]]:
    """Return the measures that go well ('better') or badly by way; a way without any is left out."""
    positions = list(positions)
    found = [
        (way, [p for p in positions if way.holds(p)]) for way in (*ways(whom, side), in_fifth(side))
    ]
    return [(way, members) for way, members in found if members]


def is_clearly(position: Position, side: str) -> bool:
    """Return whether a measure is 'better' or 'worse' than its comparator by more than chance."""
    comparison = position.comparison
    return bool(comparison and comparison.tested and comparison.verdict == side)


def is_getting(position: Position, side: str) -> bool:
    """Return whether a measure is getting 'better' or 'worse' by more than chance."""
    trend = position.standing.trend
    return bool(trend and trend.judged == COURSES[side])


def ground(position: Position, side: str) -> bool:
    """Return whether a measure gains ('better') or loses ground beside its comparator."""
    apart = position.standing.apart
    if apart is None or apart.verdict not in MOVING:
        return False
    return (1 if side == "better" else -1) * GOOD[position.indicator.polarity] * apart.slope > 0


def has_gap(position: Position, side: str) -> bool:
    """Return whether a gap of a measure closes ('better') or widens by more than chance."""
    return bool(_gaps(position, side))


def going_blocks(overview: Overview) -> list[Block]:
    """Return what goes well and what goes badly in a place, over all outcomes."""
    shown, whom, blocks = measures(overview), overview.comparator_label, []
    for title, side in (("What is going well", "better"), ("What is going badly", "worse")):
        said = [
            f"{way.words}: {_names(members, NAMED, way.adds)}."
            for way, members in going(shown, whom, side)
        ]
        none = f"No indicator is shown to be {side} than {whom} or getting {side}."
        blocks += [Heading(title, 2), Items(tuple(said or [none]))]
    return blocks


def main_point(baseline: Baseline) -> tuple[str, list[Position], str]:
    """Return an outcome's name with the main thing to say of it, its measures, and its ground.

    The measures that it speaks of come first; the ground is what it rests on for the first of them.
    What is bad comes before what is good, and what is more than chance before a rank.
    """
    shown, whom = [p for p in baseline.by_pertinence() if p.latest], baseline.comparator_label
    found = [way for side in ("worse", "better") for way in going(shown, whom, side)]
    tested = any(p.comparison and p.comparison.tested for p in shown)
    nothing = "no clear difference from" if tested else "no difference that could be tested from"
    words, named = f"{nothing} {whom}" if shown else "no figure yet", []
    says = say_comparison
    if found:
        way, named = min(found, key=lambda each: each[0].words.startswith("In the"))
        words = f"{lower_first(way.words)}: {_names(named, TITLED)}"
        says = way.says
    title = f"{baseline.outcome.number}. {baseline.outcome.short}: {words}"
    known = {position.indicator_id for position in named}
    ordered = [*named, *(p for p in shown if p.indicator_id not in known)]
    return title, ordered, says(ordered[0]) if ordered else ""


def _gaps(position: Position, side: str) -> list[PlaceGap]:
    return [gap for gap in position.standing.gaps if gap.verdict == CLOSING[side]]


def _between(gap: PlaceGap, side: str) -> str:
    """Return whom a gap lies between, since when it moves, and where its other half moves against it."""
    against = CLOSING["worse" if side == "better" else "better"]
    other = f", but {against} as a share of the overall level"
    said = f"between {gap.label}, since {_first(gap)}"
    return said + (other if gap.relative_verdict == against else "")


def _first(gap: PlaceGap) -> str:
    return str(gap.over_time.dropna(subset="size")["period"].iloc[0])


def _names(
    positions: list[Position], most: int, adds: Callable[[Position], str] = lambda position: ""
) -> str:
    # A title may hold a comma.
    names = [(lower_first(p.indicator.title), adds(p)) for p in positions[:most]]
    more = [f"and {len(positions) - most} more"] if len(positions) > most else []
    return "; ".join([*(f"{name} ({more})" if more else name for name, more in names), *more])
