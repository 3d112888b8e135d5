"""Gaps beside the overall level, and who is worse off."""

import pandas as pd
import pytest

from outcomes.model import Part, PlaceGap, Standing
from outcomes.narrative import describe_gap, say_gap, say_worse_off

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
    )
    about = {"relative": 0.12, "relative_verdict": "cannot_tell", "noise_off": places}
    about |= {"verdict": "widening", "slope": 0.3, "slope_lower": 0.1}
    about |= {"slope_upper": 0.5, "n": 3, "method": "weighted", "confidence": 0.95} | k
    return PlaceGap(kind, "districts in Anytown" if places else "women and men", over_time, **about)


PLACES = (
    "Among the districts in Anytown, 2023, figures run from 62.0% in Northend to 82.0% in "
    "Southend; overall it is 75.5%. A typical place lies about 5.0 percentage points from their "
    "average (95% interval 3.0 to 7.0), once chance is taken off; that is 12% of the overall level."
)
GROUPS = "The gap between women and men, 2023, is 5.0 percentage points (95% interval 3.0 to 7.0)"
BOTH = f"{GROUPS}: 82.0% for women and 62.0% for men; overall it is 75.5%."
LEVEL = "Over the same time the overall figure went from 70.0% to 75.5%."
SPEED = "by about 0.3 percentage points each year (95% interval 0.1 to 0.5)"
OVER = "over three periods up to 2023"


@pytest.mark.parametrize(
    ("made", "words"),
    [
        (gap(), f"{PLACES} It is widening {SPEED}, more than chance, {OVER}. {LEVEL}"),
        (
            gap("groups", verdict="closing", slope=-0.3, slope_lower=-0.5, slope_upper=-0.1),
            f"{BOTH} The gap is 12% of the overall level. It is closing {SPEED}, more than chance, "
            f"{OVER}. {LEVEL}",
        ),
        (
            gap("groups", verdict="reversed", relative=NAN, reason="the oldest period is left out"),
            f"{BOTH} It has turned round, so that the side that was behind is now in front, more "
            f"than chance, {OVER}. The oldest period is left out. {LEVEL}",
        ),
        (
            gap(verdict="cannot_tell", reason="at least 5 periods are needed"),
            f"{PLACES} We cannot tell whether it closes or widens {OVER}: at least 5 periods are "
            f"needed. {LEVEL}",
        ),
        (
            gap(verdict="cannot_tell", n=0, reason="there is one period only"),
            f"{PLACES} Whether it closes or widens cannot be worked out: there is one period only.",
        ),
        (
            gap(slope=NAN, n=1, verdict="cannot_tell"),
            f"{PLACES} We cannot tell whether it closes or widens over one period up to 2023.",
        ),
        (
            gap("groups", slope_lower=-0.1, overall=(75.5, 72.0, 75.46), relative=0.001),
            f"{GROUPS}: 82.0% for women and 62.0% for men; overall it is 75.5%. The gap is less "
            "than 1% of the overall level. It is widening by about 0.3 percentage points each "
            f"year, more than chance, {OVER}. Over the same time the overall figure stayed at "
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
            f"percentage points from their average. It is widening, more than chance, {OVER}.",
        ),
        (
            gap("groups", size=(-4.0, -4.5, -5.0), limits=(-7.0, 1.0), relative=-0.12),
            "The gap between women and men, 2023, is 5.0 percentage points (the 95% interval "
            "includes no gap at all): 82.0% for women and 62.0% for men; overall it is 75.5%. The "
            f"gap is 12% of the overall level. It is widening {SPEED}, more than chance, {OVER}. "
            f"{LEVEL}",
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


@pytest.fixture
def worse_off(make_position):
    def say(*parts, **indicator):
        standing = Standing(worse_off=parts)
        return say_worse_off(make_position(standing=standing, indicator=indicator))

    return say


def part(name="Northend", *, ratio=1.43, people=343.0, tested=True) -> Part:
    return Part(name, 20.1, 18.0, 22.0, ratio, people, tested)


def test_the_number_stands_beside_the_rate(worse_off):
    assert worse_off(part(), part("Women", ratio=0.7, people=-12.0, tested=False)) == (
        "Worse than Anytown as a whole by more than chance: Northend (20.1%, 1.4 times the whole's "
        "figure, a difference of about 340 people). On the worse side of Anytown as a whole, but not tested: "
        "Women (20.1%, 0.7 times the whole's figure, a difference of about 12 people)."
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
