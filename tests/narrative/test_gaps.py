"""Gaps beside the overall level, and who is worse off."""

import pandas as pd
import pytest

from outcomes.model import Part, PlaceGap, Standing
from outcomes.narrative import describe_gap, say_apart, say_gap, say_worse_off

NAN = float("nan")
INF = float("inf")


def gap(kind="places", *, size=(4.0, 4.5, 5.0), limits=(3.0, 7.0), overall=(70.0, 72.0, 75.5), **k):
    places = kind == "places"
    over_time = pd.DataFrame(
        {
            "period": ["2021", "2022", "2023"],
            "size": size,
            "size_lower": limits[0],
            "size_upper": limits[1],
            "low": 62.0,
            "high": 82.0,
            "low_name": "Northend" if places else "men",
            "high_name": "Southend" if places else "women",
            "overall": overall,
            "n": 12,
        }
    ).assign(**k.pop("more", {}))
    about = {"relative": 0.12, "relative_verdict": "cannot_tell", "noise_off": places}
    about |= {"verdict": "widening", "slope": 0.3, "slope_lower": 0.1}
    about |= {"slope_upper": 0.5, "n": 3, "method": "weighted", "confidence": 0.95} | k
    return PlaceGap(kind, "districts in Anytown" if places else "women and men", over_time, **about)


PLACES = (
    "Among the districts in Anytown, 2023, figures run from 62.0% in Northend to 82.0% in "
    "Southend; the overall figure is 75.5%. A typical place lies about 5.0 percentage points from their "
    "average (95% interval 3.0 to 7.0), once chance is taken off; that is 12% of the overall level."
)
GROUPS = "The gap between women and men, 2023, is 5.0 percentage points (95% interval 3.0 to 7.0)"
BOTH = f"{GROUPS}: 82.0% for women and 62.0% for men; the overall figure is 75.5%."
LEVEL = "Over the same time the overall figure went from 70.0% to 75.5%."
SPEED = "by about 0.3 percentage points each year (95% interval 0.1 to 0.5)"
OVER = "over three periods up to 2023"
GROWN = "The typical distance went from 4.0 percentage points to 5.0 percentage points."


@pytest.mark.parametrize(
    ("made", "words"),
    [
        (gap(), f"{PLACES} The gap is widening {SPEED}, more than chance, {OVER}. {GROWN} {LEVEL}"),
        (
            gap("groups", verdict="closing", slope=-0.3, slope_lower=-0.5, slope_upper=-0.1),
            f"{BOTH} The gap is 12% of the overall level. The gap is closing {SPEED}, more than "
            f"chance, {OVER}. {LEVEL}",
        ),
        (
            gap("groups", verdict="reversed", relative=NAN, reason="the oldest period is left out"),
            f"{BOTH} The gap has turned round, so that the side that was behind is now in front, "
            f"more than chance, {OVER}. The oldest period is left out. {LEVEL}",
        ),
        (
            gap(verdict="cannot_tell", reason="at least 5 periods are needed"),
            f"{PLACES} We cannot tell whether the gap closes or widens {OVER}: at least 5 periods "
            f"are needed. {LEVEL}",
        ),
        (
            gap(verdict="cannot_tell", reason="the gap lies about none"),
            f"{PLACES} We cannot tell whether the gap closes or widens {OVER}: there is no clear "
            f"gap at either end. {LEVEL}",
        ),
        (
            gap(verdict="cannot_tell", n=0, reason="there is one period only"),
            f"{PLACES} Whether the gap closes or widens cannot be worked out: there is one period "
            "only.",
        ),
        (
            gap(slope=NAN, n=1, verdict="cannot_tell"),
            PLACES,
        ),
        (
            gap(size=(5.04, 5.0, 4.96)),
            f"{PLACES} The gap is widening {SPEED}, more than chance, {OVER}. {LEVEL}",
        ),
        (
            gap(more={"left_out": 0}, reason="the oldest period is left out"),
            f"{PLACES} The gap is widening {SPEED}, more than chance, {OVER}. {GROWN} The oldest "
            f"period is left out. {LEVEL}",
        ),
        (
            gap(more={"left_out": [0, 0, 1]}),
            f"{PLACES} The gap is widening {SPEED}, more than chance, {OVER}. {GROWN} One place "
            f"without a figure in some period is left out. {LEVEL}",
        ),
        (
            gap(more={"left_out": [0, 0, 2]}, verdict="cannot_tell", reason="within chance"),
            f"{PLACES} We cannot tell whether the gap closes or widens {OVER}: it moved no more "
            "than chance does. Two places without a figure in some period are left out. "
            f"{LEVEL}",
        ),
        (
            gap("groups", slope_lower=-0.1, overall=(75.5, 72.0, 75.46), relative=0.001),
            f"{BOTH} The gap is less than 1% of the overall level. The gap is widening by about "
            f"0.3 percentage points each year, more than chance, {OVER}. Over the same time the overall figure stayed at "
            "75.5%.",
        ),
        (
            gap(
                limits=(NAN, NAN),
                noise_off=False,
                relative=NAN,
                slope=NAN,
                overall=(70.0, NAN, NAN),
            ),
            "Among the districts in Anytown, 2023, figures run from 62.0% in Northend to 82.0% in "
            "Southend; there is no overall figure beside it. A typical place lies about 5.0 "
            f"percentage points from their average. The gap is widening, more than chance, {OVER}. "
            f"{GROWN}",
        ),
        (
            gap("groups", size=(-4.0, -4.5, -5.0), limits=(-7.0, 1.0), relative=-0.12),
            "The gap between women and men, 2023, is 5.0 percentage points (the 95% interval "
            "includes no gap at all): 82.0% for women and 62.0% for men; the overall figure is "
            f"75.5%. The gap is 12% of the overall level. The gap is widening {SPEED}, more than "
            f"chance, {OVER}. {LEVEL}",
        ),
        (
            gap(size=(NAN, NAN, NAN), reason="no place has a figure"),
            "The gap between districts in Anytown cannot be worked out: no place has a figure.",
        ),
    ],
)
def test_a_gap_always_stands_beside_the_overall_figure(make_position, made, words):
    assert say_gap(made, make_position()) == words


@pytest.mark.parametrize(
    ("verdict", "relative", "words"),
    [
        ("widening", "closing", "As a share of the overall level it is closing, more than chance."),
        ("cannot_tell", "widening", "As a share of the overall level it is widening, more than "
         "chance."),
    ],
)  # fmt: skip
def test_a_relative_gap_that_moves_otherwise_is_said(make_position, verdict, relative, words):
    position, made = make_position(), gap(verdict=verdict)
    other = gap(verdict=verdict, relative_verdict=relative)
    assert say_gap(other, position) == f"{say_gap(made, position)} {words}"
    for same in (verdict, "cannot_tell", "reversed"):
        assert say_gap(gap(verdict=verdict, relative_verdict=same), position) == say_gap(
            made, position
        )


def test_the_newest_period_without_a_gap_is_passed_over(make_position):
    said = say_gap(gap(size=(4.0, 4.5, NAN), n=2), make_position())
    assert said.startswith("Among the districts in Anytown, 2022, figures run")
    assert said.endswith("Over the same time the overall figure went from 70.0% to 72.0%.")


def test_text_alternatives_of_both_kinds(make_position):
    position = make_position()
    assert describe_gap(gap(), position) == (
        "Line chart of People in work, districts in Anytown: the highest and the lowest, the gap "
        "between them shaded and the overall figure dashed. "
        f"{say_gap(gap(), position)} The table below has every figure."
    )
    assert describe_gap(gap("groups"), position).startswith(
        "Line chart of People in work, women and men: the two groups, the gap between them shaded "
        "and the overall figure dashed. The gap between women and men"
    )


@pytest.mark.parametrize(("kind", "lines"), [("places", "the highest and the lowest"),
                                             ("groups", "the two groups")])  # fmt: skip
def test_without_an_overall_figure_no_dashed_line_is_named(make_position, kind, lines):
    made, position = gap(kind, overall=(NAN, NAN, NAN)), make_position()
    assert describe_gap(made, position) == (
        f"Line chart of People in work, {made.label}: {lines}, the gap between them shaded. "
        f"{say_gap(made, position)} The table below has every figure."
    )


def test_without_the_ends_the_overall_figure_comes_first(make_position):
    typical = PLACES.split("the overall figure is 75.5%. ")[1]
    said = say_gap(gap(), make_position(), ends=False)
    assert said.startswith(f"The overall figure is 75.5%. {typical} The gap is widening")


@pytest.fixture
def apart(make_position):
    """Say how far Anytown was from the nation over five years, changed at will."""

    def say(*sizes, indicator=None, **changes):
        periods = ["2018 to 2020", "2020", "2021", "2022", "2023"][-len(sizes) :]
        table = pd.DataFrame({"period": periods, "size": sizes})
        about = {"relative": NAN, "relative_verdict": "cannot_tell", "noise_off": False}
        about |= {"verdict": "cannot_tell", "slope": 0.3, "slope_lower": 0.1, "slope_upper": 0.5}
        about |= {"n": len(sizes), "method": "mann_kendall", "confidence": 0.95} | changes
        made = PlaceGap("comparator", "the nation", table, **about)
        return say_apart(make_position(standing=Standing(apart=made), indicator=indicator or {}))

    return say


POUNDS = {"unit": "a week", "prefix": "£", "decimals": 0}
BELOW = (
    "Beside the nation it was 4.0 percentage points below in 2018–2020 and is 1.0 percentage point "
    "below in 2023"
)


@pytest.mark.parametrize(
    ("sizes", "changes", "words"),
    [
        (
            (-4.0, -3.0, -2.5, -2.0, -1.0),
            {"verdict": "closing"},
            f"{BELOW}: the distance is closing, more than chance, over five figures.",
        ),
        (
            (12.4, 13.0, 14.0, 15.0, 16.5),
            {"verdict": "widening", "indicator": POUNDS},
            "Beside the nation it was £12 a week above in 2018–2020 and is £17 a week above in "
            "2023: the distance is growing, more than chance, over five figures.",
        ),
        (
            (-4.0, -3.0, 0.0, 2.0, 3.0),
            {"verdict": "reversed", "n": 12},
            "Beside the nation it was 4.0 percentage points below in 2018–2020 and is 3.0 "
            "percentage points above in 2023: the two have changed places, more than chance, over "
            "12 figures.",
        ),
        (
            (-4.0, -3.0, -2.5, -2.0, 0.1),
            {"verdict": "closing", "slope": 1.0},
            "Beside the nation it was 4.0 percentage points below in 2018–2020 and is 0.1 "
            "percentage points above in 2023: it has risen beside it, more than chance, over five "
            "figures.",
        ),
        (
            (4.0, 3.0, 2.5, 2.0, -1.5),
            {"verdict": "widening", "slope": -1.0},
            "Beside the nation it was 4.0 percentage points above in 2018–2020 and is 1.5 "
            "percentage points below in 2023: it has fallen beside it, more than chance, over five "
            "figures.",
        ),
        (
            (-4.0, -3.0, -2.5, -2.0, -1.0),
            {"reason": "within chance"},
            f"{BELOW}; that change could be chance.",
        ),
        (
            (-4.0, -3.0, -2.5, -2.0, -1.0),
            {"reason": "the gap lies about none"},
            f"{BELOW}; we cannot tell whether the distance closes or grows: there is no clear gap "
            "at either end.",
        ),
        (
            (0.04, 1.0, 1.0, 1.0, 1.0),
            {},
            "Beside the nation it was level in 2018–2020 and is 1.0 percentage point above in "
            "2023; that change could be chance.",
        ),
        (
            (1.0, 0.0, 0.0, -0.04),
            {"reason": "at least 5 points are needed"},
            "Beside the nation it was 1.0 percentage point above in 2020 and is level in 2023.",
        ),
        (
            (0.02, 1.0, 1.0, 1.0, -0.02),
            {},
            "Beside the nation it is level in 2023, as it was in 2018–2020.",
        ),
        (
            (2.0, 2.5),
            {"reason": "at least 5 points are needed", "n": 2},
            "Beside the nation it was 2.0 percentage points above in 2022 and is 2.5 percentage "
            "points above in 2023.",
        ),
        ((NAN, NAN, NAN, NAN, 2.5), {}, ""),
        ((2.5,), {}, ""),
    ],
)
def test_how_far_a_place_is_from_its_comparator_over_time(apart, sizes, changes, words):
    assert apart(*sizes, **changes) == words


def test_the_distance_runs_between_the_first_and_the_last_that_are_known(apart):
    assert apart(NAN, 1.0, 5.0, 2.0, NAN, n=3) == (
        "Beside the nation it was 1.0 percentage point above in 2020 and is 2.0 percentage points "
        "above in 2022."
    )


def test_no_distance_is_told_without_one(make_position):
    assert say_apart(make_position()) == ""


@pytest.fixture
def worse_off(make_position):
    def say(*parts, **indicator):
        standing = Standing(worse_off=parts)
        return say_worse_off(make_position(standing=standing, indicator=indicator))

    return say


def part(name="Northend", *, ratio=1.43, people=343.0, tested=True) -> Part:
    return Part(name, 20.1, 18.0, 22.0, ratio, people, tested)


def test_the_number_stands_beside_the_rate(worse_off):
    assert worse_off(part(), part("Women", ratio=0.4, people=-12.0, tested=False)) == (
        "Worse than Anytown as a whole by more than chance: Northend (20.1%, 1.4 times the whole's "
        "figure, a difference of about 340 people). At least twice as badly off as Anytown as a "
        "whole, but not tested: Women (20.1%, 0.4 times the whole's figure, a difference of about "
        "12 people)."
    )


def test_parts_without_a_ratio_or_people(worse_off):
    assert worse_off(
        part(ratio=INF, people=NAN), part("Southend", people=0.2), part("Westend")
    ) == (
        "Worse than Anytown as a whole by more than chance: Northend (20.1%), Southend (20.1%, 1.4 "
        "times the whole's figure, a difference of less than one person) and Westend (20.1%, 1.4 times the whole's "
        "figure, a difference of about 340 people)."
    )


def test_events_are_not_called_people(worse_off):
    assert worse_off(part(), value_type="rate").endswith("figure, a difference of about 340).")


def test_a_ratio_that_says_nothing_is_left_out(worse_off):
    said = worse_off(part(ratio=1.049, people=NAN), part("Southend", ratio=0.949, people=NAN))
    assert said.endswith("Northend (20.1%) and Southend (20.1%, 0.9 times the whole's figure).")


def test_many_parts_are_counted(worse_off):
    said = worse_off(*(part(f"Part {i}", ratio=NAN, people=NAN) for i in range(1, 8)))
    assert said.endswith("Part 4 (20.1%), Part 5 (20.1%) and 2 more.")


def test_nobody_stands_out(worse_off):
    assert worse_off() == ""
