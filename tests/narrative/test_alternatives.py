"""Text alternatives: what the chart shows first, then the reading."""

import pandas as pd

from outcomes.model import Comparison, Control, Spread, Standing
from outcomes.narrative import (
    describe_control,
    describe_map,
    describe_multiples,
    describe_spine,
    describe_within,
    say_control,
    say_within,
)

NAN = float("nan")
EVERY = "The table below has every figure."
HEAD = "where Anytown lies between the lowest and the highest of the areas it ranks among, the nation in the middle and better to the right."


def with_spread(**changes) -> Standing:
    peers = pd.DataFrame({"area_code": ["a"], "area_name": ["A"], "value": [1.0]})
    figures = dict.fromkeys(["lowest", "q1", "median", "q3", "highest", "sd", "cv"], 1.0)
    return Standing(
        spread=Spread(
            "districts", "2023", peers, 1, iqr_ratio=1.0, over_time=pd.DataFrame(),
            verdict="cannot_tell", **figures,
        )
    )  # fmt: skip


def test_a_map_and_a_dot_chart_of_the_places_within(make_position):
    position = make_position()
    assert describe_map(position) == (
        "Map of People in work, districts in Anytown, shaded and lettered in at most five classes; "
        f"a place without a figure is hatched. {say_within(position)} {EVERY}"
    )
    assert describe_within(position) == (
        "Dot chart of People in work, districts in Anytown, a dot and its interval for each. Where "
        f"the period is the same, a dashed line shows the nation. {say_within(position)} {EVERY}"
    )


def test_a_dot_chart_says_no_more_than_it_shows(make_position):
    within = make_position().within.assign(lower=NAN)
    dots = "Dot chart of People in work, districts in Anytown, a dot for each."
    said = f"{say_within(make_position(within=within))} {EVERY}"
    unknown = Comparison("the nation", NAN, 0, NAN, "not_compared", tested=False)
    for comparison in (None, unknown):
        position = make_position(within=within, comparison=comparison)
        assert describe_within(position) == f"{dots} {said}"
    assert describe_within(make_position(within=within)) == (
        f"{dots} Where the period is the same, a dashed line shows the nation. {said}"
    )


def test_small_multiples_count_the_trends(make_position):
    position = make_position()
    chart = (
        "Small line charts of People in work, one for each of the districts in Anytown, all on one "
        "scale, with a faint line for the whole."
    )
    assert describe_multiples(position) == f"{chart} {say_within(position)} {EVERY}"
    trends = ["increasing", "no_significant_change", "cannot_be_calculated"]
    moving = make_position(within=position.within.assign(trend=trends))
    assert describe_multiples(moving) == (
        f"{chart} By trend: 1 rising and 1 without a clear trend. {say_within(position)} {EVERY}"
    )
    unknown = make_position(within=position.within.assign(trend="cannot_be_calculated"))
    assert describe_multiples(unknown) == f"{chart} {say_within(position)} {EVERY}"


def test_a_control_chart(make_position):
    points = pd.DataFrame(
        {"period": ["2023"], "value": [4.0], "mean": [4.0], "lower_limit": [3.0]}
        | {"upper_limit": [5.0], "special": [False], "rule": [""]}
    )
    position = make_position(standing=Standing(control=Control(points, 13, trial=False)))
    assert describe_control(position) == (
        "Control chart of People in work in Anytown: the figures, their average, and the limits of "
        f"ordinary variation. {say_control(position)} {EVERY}"
    )
    assert describe_control(make_position()) == ""


def test_a_spine_chart_names_what_differs(make_position, make_baseline):
    def measure(title: str, verdict: str, *, tested: bool = True, **more):
        comparison = Comparison("the nation", 70.0, 1, 5.0, verdict, tested=tested)
        more = {"standing": with_spread(), "comparison": comparison} | more
        return make_position(indicator={"title": title}, **more)

    baseline = make_baseline(
        measure("Jobs", "better"),
        measure("NEETs", "worse"),
        measure("Pay", "worse", tested=False),
        measure("Hours", "higher"),
        measure("Skills", "similar"),
        measure("Old", "better", latest=None),
        measure("Lone", "better", standing=Standing()),
        measure("Alone", "better", comparison=None),
    )
    assert describe_spine(baseline) == (
        f"Spine chart of six indicators, a row each: {HEAD} Better than the nation: jobs. Worse "
        f"than the nation: NEETs. Higher than the nation: hours. {EVERY}"
    )
    one = make_baseline(measure("Skills", "similar"))
    assert describe_spine(one) == f"Spine chart of one indicator, a row each: {HEAD} {EVERY}"
