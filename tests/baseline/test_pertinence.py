"""What stands in a page's body: the stated rule, its limit, the small group, and people's pins."""

from dataclasses import replace

import pytest

from outcomes.baseline.pertinence import arranged
from outcomes.model import (
    BodyLimits,
    Comparison,
    Page,
    PageLayout,
    Part,
    People,
    Pin,
    PlaceGap,
    Reversal,
    Standing,
    Step,
    Trend,
)

NAN = float("nan")
PAGE = Page(framework="f", outcome="work", locality="X10000001", comparator="nation")


def layout(indicators: int = 2, *pins: Pin) -> PageLayout:
    return PageLayout(body=BodyLimits(indicators=indicators, charts=9), pins=pins)


def trend(judged: str) -> Trend:
    return Trend("increasing", judged, 1.0, 0.5, 1.5, 5, "2019", "2023", "mann_kendall", 0.95)


def people(count: float) -> People:
    return People(count, NAN, NAN, "people, mid-2024", 1000.0)


def part(ratio: float, *, tested: bool = True) -> Part:
    return Part("Left care", 40.0, 35.0, 45.0, ratio, 100.0, tested)


def gap(verdict: str) -> PlaceGap:
    return PlaceGap(
        kind="places", label="districts", over_time=None, relative=NAN,
        relative_verdict="cannot_tell", noise_off=False, verdict=verdict, slope=NAN,
        slope_lower=NAN, slope_upper=NAN, n=5, method="mann_kendall", confidence=0.95,
    )  # fmt: skip


REVERSAL = Reversal("sex", "2018", "2024", 9.0, 10.0, ("Women", "Men"), True, -1.0, 2.0)
STEP = Step(True, "2023", 4.0, 2.0, 6.0, 12, 0.05)


@pytest.fixture
def measure(make_position):
    def make(name: str, verdict: str = "similar", *, tested: bool = True, **changes):
        standing = Standing(**changes.pop("standing", {}))
        return make_position(
            indicator_id=name,
            indicator={"title": name, "polarity": "lower_is_better"},
            comparison=Comparison("the nation", 76.0, 1, 1.0, verdict, tested=tested),
            standing=standing,
            **changes,
        )

    return make


@pytest.fixture
def claims(measure):
    """One indicator for each claim, the strongest first."""
    return [
        measure("a", "worse", standing={"trend": trend("getting_worse")}),
        measure("b", standing={"worse_off": (part(1.5),)}),
        measure("c", standing={"reversals": (REVERSAL,)}),
        measure("C", "worse"),
        measure("d", standing={"trend": trend("getting_worse")}),
        measure("e", standing={"gaps": (gap("widening"),)}),
        measure("f", standing={"step": STEP}),
        measure("g", "worse", tested=False),
        measure("h", standing={"trend": trend("improving")}),
        measure("i", "better"),
        measure("j"),
        measure("k", "equal", tested=False),
        measure("l", "worse", tested=False, stale=True),
        measure("m", latest=None),
    ]


def names(positions, order) -> str:
    return "".join(positions[i].indicator_id for i in order)


def test_the_stated_rule_orders_the_claims_whatever_their_order_in_the_framework(claims):
    placed, order = arranged(reversed(claims), layout(), PAGE)
    assert names(placed, order) == "abcCdefghijklm"
    assert [p.indicator_id for p in placed] == list("mlkjihgfedCcba"), "the framework's order stays"


def test_each_claim_gives_its_reason(claims):
    placed, _ = arranged(claims, layout(13), PAGE)
    assert [p.pertinence.reason for p in placed] == [
        "it is worse than the nation and getting worse",
        "Left care stands out as much worse",
        "its overall figure hides its parts",
        "it is worse than the nation",
        "it is getting worse",
        "a gap within it is widening",
        "its level changed in one step not long ago",
        "it lies on the worse side of the nation, though that could not be tested",
        "it is improving",
        "it is better than the nation",
        "it is compared with the nation and no clear difference found",
        "it could not be tested, and nothing else marks it out",
        "its newest figure is old",
        "it has no figure for this place",
    ]


def test_the_body_holds_no_more_than_its_limit(claims):
    placed, _ = arranged(claims, layout(3), PAGE)
    assert [p.indicator_id for p in placed if p.pertinence.in_body] == ["a", "b", "c"]


def test_what_has_no_room_says_that_others_came_first(claims):
    placed, _ = arranged(claims, layout(1), PAGE)
    assert (
        placed[2].pertinence.reason
        == "others came first; of this one, its overall figure hides its parts"
    )


def test_a_place_without_a_figure_but_with_a_widening_gap_says_so(measure):
    without = measure("a", latest=None, standing={"gaps": (gap("widening"),)})
    placed, order = arranged([measure("b", latest=None), without], layout(), PAGE)
    assert names(placed, order) == "ab"
    assert placed[1].pertinence.reason == (
        "it has no figure for this place, though a gap within it is widening"
    )


def test_a_place_without_a_figure_is_never_in_the_body(measure):
    placed, _ = arranged([measure("a", latest=None)], layout(4), PAGE)
    assert not placed[0].pertinence.in_body


def test_within_a_claim_more_people_come_first(measure):
    some, more = (measure(n, "worse", standing={"people": people(c)}) for n, c in (("x", 50),
                  ("y", -900)))  # fmt: skip
    placed, order = arranged([some, more], layout(), PAGE)
    assert names(placed, order) == "yx"


def test_a_small_group_is_not_crowded_out_by_bigger_needs(measure):
    big = [
        measure(n, "worse", standing={"trend": trend("getting_worse"), "people": people(9000)})
        for n in "abc"
    ]
    small = measure("s", standing={"worse_off": (part(8.0),), "people": people(1)})
    placed, _ = arranged([*big, small], layout(2), PAGE)
    assert [p.indicator_id for p in placed if p.pertinence.in_body] == ["a", "s"]


@pytest.mark.parametrize(
    ("ratio", "tested", "kept"), [(1.5, True, True), (1.49, True, False), (3.0, False, False)]
)
def test_a_part_stands_out_if_it_is_tested_and_half_as_bad_again(measure, ratio, tested, kept):
    position = measure("a", standing={"worse_off": (part(ratio, tested=tested),)})
    (placed,), _ = arranged([position], layout(), PAGE)
    assert (placed.pertinence.reason == "Left care stands out as much worse") is kept


def test_where_higher_is_better_a_part_stands_out_at_two_thirds(measure):
    better = measure("a").indicator.model_copy(update={"polarity": "higher_is_better"})
    for ratio, kept in ((1 / 1.5, True), (0.7, False)):
        position = replace(measure("a", standing={"worse_off": (part(ratio),)}), indicator=better)
        (placed,), _ = arranged([position], layout(), PAGE)
        assert placed.pertinence.reason.startswith("Left care") is kept


def pin(indicator: str, where: str, outcome: str = "work") -> Pin:
    return Pin(framework="f", outcome=outcome, indicator=indicator, part=where,
               reason="the cabinet asked", by="Director of work", decided="2026-09-30")  # fmt: skip


def test_a_pin_goes_before_the_rule_both_ways_and_says_who_and_why(claims):
    placed, order = arranged(claims, layout(2, pin("k", "body"), pin("a", "appendix")), PAGE)
    body = [p for p in placed if p.pertinence.in_body]
    assert [p.indicator_id for p in body] == ["b", "k"]
    assert names(placed, order)[0] == "k"
    assert body[1].pertinence.pinned
    assert (
        body[1].pertinence.reason == "Director of work decided so on 2026-09-30: the cabinet asked"
    )


def test_a_pin_of_another_outcome_changes_nothing(claims):
    plain, order = arranged(claims, layout(2), PAGE)
    pinned, other = arranged(claims, layout(2, pin("k", "body", outcome="leisure")), PAGE)
    assert order == other
    assert [p.pertinence for p in plain] == [p.pertinence for p in pinned]
