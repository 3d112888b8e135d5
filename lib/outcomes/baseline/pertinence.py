"""What a page shows in its body and what in its appendix, by a stated rule (docs/methods)."""

from collections.abc import Iterable
from dataclasses import replace

from outcomes.model import Page, PageLayout, Pertinence, Position

MARKED = 1.5
"""A part within stands out if its figure is at least so many times as bad as the whole's."""
LAST = 99


def arranged(
    positions: Iterable[Position], layout: PageLayout, page: Page
) -> tuple[tuple[Position, ...], tuple[int, ...]]:
    """Return the positions, each with its place on the page and why, and their order.

    The body holds as many indicators as the layout says: those pinned to it by a person, then by
    the rule of `_claim`, and within one claim the more people first. One place in the body is
    kept for an indicator in which a small part stands out, however few people that is.
    """
    positions = list(positions)
    pins = layout.pins_of(page.framework, page.outcome)
    order = sorted(range(len(positions)), key=lambda i: _order(positions[i], pins))
    body = [i for i in order if _wanted(positions[i], pins)][: layout.body.indicators]
    small = [i for i in order if _stands_out(positions[i]) and _wanted(positions[i], pins)]
    if small and not set(small) & set(body):
        body[-1] = small[0]
    placed = (
        replace(position, pertinence=_pertinence(position, pins, in_body=i in body))
        for i, position in enumerate(positions)
    )
    return tuple(placed), tuple(order)


def _wanted(position: Position, pins: dict) -> bool:
    pin = pins.get(position.indicator_id)
    return pin.part == "body" if pin else position.latest is not None


def _order(position: Position, pins: dict) -> tuple:
    pin = pins.get(position.indicator_id)
    pinned = pin is None or pin.part != "body"
    people = position.standing.people
    size = abs(people.count) if people and people.count == people.count else 0.0
    return pinned, _claim(position)[0], -size, -_distance(position)


def _distance(position: Position) -> float:
    """Return how far a figure lies from its comparator, in standard deviations of its peers."""
    spread, beside = position.standing.spread, position.comparison
    if spread is None or beside is None or not spread.sd > 0:
        return 0.0
    far = abs(beside.difference) / spread.sd
    return far if far == far else 0.0


def _claim(position: Position) -> tuple[int, str]:
    """Return an indicator's claim on a reader's time, 0 the strongest, and the reason."""
    widening = any(gap.verdict == "widening" for gap in position.standing.gaps)
    if position.latest is None:
        words = ", though a gap within it is widening" if widening else ""
        return LAST - widening, f"it has no figure for this place{words}"
    beside, standing = position.comparison, position.standing
    trend = standing.trend.judged if standing.trend else ""
    worse = bool(beside and beside.tested and beside.verdict == "worse")
    better = bool(beside and beside.tested and beside.verdict == "better")
    whom = beside.label if beside else "its comparator"
    side = beside.verdict if beside and not beside.tested and not position.stale else ""
    claims = [
        (worse and trend == "getting_worse", f"it is worse than {whom} and getting worse"),
        (_stands_out(position), _small_words(position)),
        (any(r.every for r in standing.reversals), "its overall figure hides its parts"),
        (worse, f"it is worse than {whom}"),
        (trend == "getting_worse", "it is getting worse"),
        (widening, "a gap within it is widening"),
        (position.stepped_lately, "its level changed in one step not long ago"),
        (side == "worse", f"it lies on the worse side of {whom}, though that could not be tested"),
        (trend == "improving", "it is improving"),
        (better, f"it is better than {whom}"),
        (
            bool(beside and beside.tested),
            f"it is compared with {whom} and no clear difference found",
        ),
        (not position.stale, "it could not be tested, and nothing else marks it out"),
        (True, "its newest figure is old"),
    ]
    return next((rank, words) for rank, (holds, words) in enumerate(claims) if holds)


def _stands_out(position: Position) -> bool:
    return bool(_marked(position))


def _marked(position: Position) -> list:
    good = position.indicator.polarity == "higher_is_better"
    return [
        part
        for part in position.standing.worse_off
        if part.tested and (part.ratio <= 1 / MARKED if good else part.ratio >= MARKED)
    ]


def _small_words(position: Position) -> str:
    names = [part.name for part in _marked(position)[:2]]
    return f"{' and '.join(names)} {'stands' if len(names) == 1 else 'stand'} out as much worse"


def _pertinence(position: Position, pins: dict, *, in_body: bool) -> Pertinence:
    pin = pins.get(position.indicator_id)
    if pin:
        return Pertinence(
            in_body, f"{pin.by} decided so on {pin.decided}: {pin.reason}", pinned=True
        )
    reason = _claim(position)[1]
    if in_body or position.latest is None:
        return Pertinence(in_body, reason)
    return Pertinence(in_body, f"others came first; of this one, {reason}")
