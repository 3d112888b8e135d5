"""What statistics say, as tables: the scorecard, trends, control charts, gaps, parts, words."""

from dataclasses import fields, replace

import pandas as pd
import pytest

from outcomes.model import Control, Part, People, Rank, Standing
from outcomes.tables import (
    table_control,
    table_gap,
    table_parts,
    table_positions,
    table_spine,
    table_spread,
    table_trends,
    table_within,
)
from outcomes.tables.words import people_words, plain, rank_words, signed, trend_words, unit_words

NAN = float("nan")
INF = float("inf")


def test_the_scorecard_says_where_a_place_stands(full, make_baseline):
    table = table_positions(make_baseline(full))
    assert table.caption == "Latest figures for Anytown, compared with the nation"
    assert table.frame.iloc[0].to_dict() == {
        "Indicator": "People in work",
        "Period": "2023",
        "Anytown (95% interval)": "75.5% (71.0% to 80.0%)",
        "The nation": "76.0%",
        "Compared": "● Similar",
        "Trend": "↗ Rising, worse",
        "Where it stands": "3 of 12 (1 is best); may be 1 to 7; second-best fifth",
        "Gap in people": "about 1,000 more (310 more to 1,800 more)",
        "Gap between places": "←→ Widening (districts in Anytown)",
    }


def test_a_column_of_the_scorecard_that_says_nothing_is_left_out(
    full, make_position, make_baseline
):
    bare = table_positions(make_baseline(make_position())).frame
    assert list(bare)[4:] == ["Compared", "Where it stands"]
    both = table_positions(make_baseline(make_position(rank=None), full)).frame
    assert both.iloc[0, 5:].tolist() == ["–"] * 4
    assert "–" not in both.iloc[1].tolist()


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({}, "↗ Rising, worse"),
        ({"direction": "decreasing", "judged": "improving"}, "↘ Falling, better"),
        ({"judged": ""}, "↗ Rising"),
        ({"direction": "no_significant_change", "judged": ""}, "→ No clear trend"),
        ({"direction": "cannot_be_calculated", "judged": ""}, "– Not known"),
    ],
)
def test_a_trend_is_an_arrow_and_words(make_trend, changes, words):
    assert trend_words(make_trend(**changes)) == words
    assert trend_words(None) == "–"


@pytest.mark.parametrize(
    ("verdict", "words"),
    [
        ("closing", "→← Closing (a); →← Closing (b)"),
        ("reversed", "↔ Turned round (a); ↔ Turned round (b)"),
        ("cannot_tell", "– Cannot tell (a); – Cannot tell (b)"),
    ],
)
def test_several_gaps_stand_in_one_cell(make_position, make_gap, make_baseline, verdict, words):
    gaps = tuple(make_gap(label=label, verdict=verdict) for label in "ab")
    position = make_position(standing=Standing(gaps=gaps))
    frame = table_positions(make_baseline(position)).frame
    assert frame["Gap between places"].tolist() == [words]


@pytest.mark.parametrize(
    ("people", "words"),
    [
        ((105.0, -204.0, 420.0), "about 100 more (210 fewer to 420 more)"),
        ((-1049.0, -1720.0, -312.0), "about 1,000 fewer (310 fewer to 1,800 fewer)"),
        ((105.0, 0.0, 419.0), "about 100 more (less than one to 420 more)"),
        ((-105.0, -421.0, 0.0), "about 100 fewer (less than one to 430 fewer)"),
        ((0.4, -3.0, INF), "less than one"),
        ((NAN, NAN, NAN), "–"),
    ],
)
def test_people_in_a_cell(people, words):
    assert people_words(People(*people, "people", 100.0)) == words
    assert people_words(None) == "–"


def test_a_rank_without_room_and_one_of_the_highest(make_position):
    sure = Rank(3, 12, among="", judged=False, lowest=3.0, highest=3.0, fifth=5)
    assert rank_words(make_position(rank=sure)) == (
        "3 of 12 (1 is highest); sure to be 3; highest fifth"
    )


def test_trends_with_their_method(make_position, make_trend, make_baseline):
    def measure(indicator, **changes):
        return make_position(indicator=indicator, standing=Standing(trend=make_trend(**changes)))

    pounds = {"title": "Pay", "unit": "a week", "prefix": "£", "decimals": 0}
    table = table_trends(
        make_baseline(
            measure({}, reason="old figures are left out"),
            measure(pounds, slope=-12.4, slope_lower=-1020.0, slope_upper=0.0, method="mann_kendall",
                    confidence=NAN),
            measure({}, slope=0.04, slope_lower=NAN, method="a_new_way", first="", last=""),
            make_position(),
        )
    )  # fmt: skip
    assert table.caption == "Trends in Anytown, and how they were tested"
    assert table.frame.to_numpy().tolist() == [
        ["People in work, percentage points", "↗ Rising, worse", "+0.4", "+0.1 to +0.7 (99.8%)",
         "5", "2019 to 2023", "straight line through the newest five (OHID Fingertips); old "
         "figures are left out"],
        ["Pay, a week", "↗ Rising, worse", "−£12", "−£1,020 to £0", "5", "2019 to 2023",
         "order of the figures of the last ten years (Mann-Kendall)"],
        ["People in work, percentage points", "↗ Rising, worse", "+0.04", "–", "5", "–",
         "a new way"],
    ]  # fmt: skip


def test_a_change_too_small_to_show(make_position):
    indicator = make_position().indicator
    words = [signed(indicator, size) for size in (0.2, 0.19, -0.04, 0.0, NAN, INF)]
    assert words == ["+0.2", "+0.19", "−0.04", "0.00", "–", "–"]
    assert [signed(indicator, size) for size in (0.004, -0.004, 0.005, -0.005)] == [
        "less than 0.01", "less than 0.01 down", "+0.01", "−0.01"
    ]  # fmt: skip
    assert signed(indicator, 0.5, beside=0.04) == "+0.50"


def test_a_control_chart_newest_first(make_position):
    points = pd.DataFrame(
        {
            "period": ["Q1", "Q2", "Q3"],
            "value": [4.0, 5.5, NAN],
            "mean": 4.0,
            "lower_limit": [3.0, 3.0, NAN],
            "upper_limit": 5.0,
            "rule": ["", "outside_limits", "a_new_rule"],
        }
    )
    position = make_position(standing=Standing(control=Control(points, 3, trial=True)))
    table = table_control(position)
    assert table.caption == "People in work in Anytown: ordinary variation, per cent"
    assert table.frame.to_numpy().tolist() == [
        ["Q3", "–", "4.0%", "–", "a new rule"],
        ["Q2", "5.5%", "4.0%", "3.0% to 5.0%", "outside the limits"],
        ["Q1", "4.0%", "4.0%", "3.0% to 5.0%", "–"],
    ]
    assert table_control(make_position()).frame.empty


def test_a_gap_with_the_overall_figure_in_each_row(make_position, make_gap):
    table = table_gap(make_gap(), make_position())
    assert table.caption == (
        "People in work: the gap between districts in Anytown, per cent; gaps in percentage points"
    )
    assert table.frame.iloc[0].to_dict() == {
        "Period": "2023",
        "Typical distance": "5.0",
        "95% interval": "–",
        "Highest": "82.0% (Southend)",
        "Lowest": "62.0% (Northend)",
        "Overall": "75.5%",
        "Places": "12",
    }
    assert table.frame["95% interval"].tolist() == ["–", "3.0 to 7.0"]
    groups = table_gap(make_gap("groups"), make_position(indicator={"unit": "years"}))
    assert list(groups.frame) == ["Period", "Gap", "95% interval", "First", "Second", "Overall"]
    assert groups.caption == "People in work: the gap between districts in Anytown, years"


def test_a_gap_without_ends_or_overall(make_position, make_gap):
    bare = make_gap()
    bare.over_time[["low", "overall", "n", "size"]] = NAN
    cells = table_gap(bare, make_position()).frame.iloc[0].tolist()
    assert cells == ["2023", "–", "–", "82.0% (Southend)", "–", "–", "–"]


def test_parts_have_their_number_beside_their_rate(make_position):
    parts = (
        Part("Northend", 20.1, 18.0, 22.0, 1.43, 343.0, tested=True),
        Part("Women", 20.1, NAN, 22.0, NAN, NAN, tested=False),
    )
    table = table_parts(make_position(standing=Standing(worse_off=parts)))
    assert table.caption == "People in work: who is worse off in Anytown, per cent"
    assert table.frame.to_numpy().tolist() == [
        ["Northend", "20.1%", "18.0% to 22.0%", "1.4", "about 340", "more than chance"],
        ["Women", "20.1%", "–", "–", "–", "not tested"],
    ]


def test_the_places_within_gain_their_trend(make_position):
    within = make_position().within
    trends = ["increasing", "decreasing", "cannot_be_calculated"]
    frame = table_within(make_position(within=within.assign(trend=trends))).frame
    assert frame["Trend"].tolist() == ["rising", "falling", "not known"]
    for unknown in (within, within.assign(trend="cannot_be_calculated")):
        assert "Trend" not in table_within(make_position(within=unknown)).frame


@pytest.mark.parametrize(
    ("value", "words"),
    [(1234567.8, "1,234,568"), (-12.345, "−12.35"), (0.5, "0.5"), (0.0, "0"), (NAN, "–")],
)
def test_figures_of_an_unknown_unit(value, words):
    assert plain(value) == words


@pytest.mark.parametrize(
    ("unit", "prefix", "words"),
    [
        ("%", "", "per cent"),
        ("a week", "£", "£ a week"),
        ("", "", "number"),
        ("years", "", "years"),
    ],
)
def test_the_unit_in_a_caption(make_position, unit, prefix, words):
    indicator = make_position(indicator={"unit": unit, "prefix": prefix}).indicator
    assert unit_words(indicator) == words


def without_numbers(thing):
    """Return the thing with each of its numbers taken out in turn, and those of its tables."""
    for field in fields(thing):
        value = getattr(thing, field.name)
        if isinstance(value, float):
            yield from (replace(thing, **{field.name: gone}) for gone in (NAN, INF))
        elif isinstance(value, pd.DataFrame):
            for name in value.select_dtypes("number"):
                yield replace(thing, **{field.name: value.assign(**{name: NAN})})


def test_no_cell_ever_holds_nan(full, make_baseline):
    standings = [
        replace(full.standing, **{name: changed})
        for name in ("trend", "people", "spread")
        for changed in without_numbers(getattr(full.standing, name))
    ]
    positions = [replace(full, standing=standing) for standing in standings]
    positions += [replace(full, rank=rank) for rank in without_numbers(full.rank)]
    bare = replace(full.comparison, value=NAN, difference=NAN, verdict="not_compared")
    positions.append(replace(full, comparison=bare))
    for position in positions:
        baseline = make_baseline(position)
        for table in (table_positions, table_trends, table_spine):
            check(table(baseline))
        check(table_spread(position))
    for gap in without_numbers(full.standing.gaps[0]):
        check(table_gap(gap, full))


def check(table) -> None:
    text = " | ".join([table.caption, *table.frame.to_numpy().ravel()])
    assert not any(word in text for word in ("nan", "inf", "None")), text
