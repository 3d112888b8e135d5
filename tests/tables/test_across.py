"""Tables that look across areas, whole where short and a stated selection where long."""

import pandas as pd
import pytest

from outcomes.model import Funnel, Relation, Standing
from outcomes.tables import (
    table_correlations,
    table_funnel,
    table_relation,
    table_spine,
    table_spread,
)

NAN = float("nan")


@pytest.fixture
def spread_of(make_position, make_spread):
    """Return the table of a spread in which the place is the one of a number."""

    def make(own: int, *args, **changes):
        position = make_position(standing=Standing(spread=make_spread(*args, **changes)))
        place = position.place.model_copy(update={"code": f"X{own:08}"})
        return table_spread(make_position(standing=position.standing, place=place))

    return make


def test_a_short_spread_is_whole(spread_of):
    table = spread_of(1, 4, limits=1.0)
    assert table.caption == "People in work: 4 districts, 2023, per cent"
    assert table.frame.to_numpy().tolist() == [
        ["Place 3", "3.0%", "1.0% to 1.0%"],
        ["Upper quartile", "2.5%", "–"],
        ["Place 2", "2.0%", "1.0% to 1.0%"],
        ["Median", "1.5%", "–"],
        ["Place 1", "1.0%", "1.0% to 1.0%"],
        ["Lower quartile", "0.5%", "–"],
        ["Place 0", "0.0%", "1.0% to 1.0%"],
    ]
    assert list(spread_of(1, 4).frame) == ["Area", "Figure"]


def test_a_long_spread_is_a_selection_and_says_so(spread_of):
    table = spread_of(150, 300, q1=74.5, median=149.5, q3=224.5)
    assert table.caption == (
        "People in work: the 5 highest and the 5 lowest, Anytown with 3 on either side, and the "
        "quartiles, of 300 districts, 2023, per cent"
    )
    shown = [299, 298, 297, 296, 295, 153, 152, 151, 150, 149, 148, 147, 4, 3, 2, 1, 0]
    names = [f"Place {i}" for i in shown]
    names.insert(12, "Lower quartile")
    names.insert(9, "Median")
    names.insert(5, "Upper quartile")
    assert table.frame["Area"].tolist() == names


def test_21_areas_are_a_selection_and_20_are_whole(spread_of):
    assert len(spread_of(10, 20).frame) == 20 + 3
    assert len(spread_of(10, 21).frame) == 5 + 7 + 5 + 3
    assert len(spread_of(0, 21).frame) == 5 + 5 + 3


def test_a_place_that_is_not_among_its_peers(spread_of):
    table = spread_of(999, 21, q1=NAN)
    assert len(table.frame) == 5 + 5 + 2
    assert table.caption.startswith("People in work: the 5 highest and the 5 lowest, and the")


def test_no_spread(make_position):
    assert table_spread(make_position()).frame.empty


def test_the_spine_has_a_row_an_indicator_with_a_spread(
    make_position, make_spread, make_baseline
):  # fmt: skip
    standing = Standing(spread=make_spread(highest=NAN))
    table = table_spine(
        make_baseline(
            make_position(standing=standing),
            make_position(),
            make_position(standing=standing, latest=None),
            make_position(standing=standing, comparison=None),
        )
    )
    assert table.caption == "Anytown among the areas it ranks among"
    assert list(table.frame)[:4] == ["Indicator", "Anytown", "The nation", "Compared"]
    ends = ["0.0%", "0.5%", "1.5%", "2.5%", "–"]
    assert table.frame.to_numpy().tolist() == [
        ["People in work, per cent", "75.5%", "76.0%", "● Similar", *ends],
        ["People in work, per cent", "75.5%", "–", "– Not compared", *ends],
    ]


def relation(n: int = 3, *, tests: int = 1, r: float = -0.123) -> Relation:
    points = pd.DataFrame({"area_name": [f"Place {i}" for i in range(n)]})
    points = points.assign(x=1234.5, y=0.123456, expected=NAN, residual=0.0)
    for i, mark in enumerate(("own", "outlier", "influential")):
        points[mark] = [at in (i, 0) for at in range(n)]
    pairs = pd.DataFrame(
        [("Jobs", "Pay", r, -0.5, 0.2, 1234, True), ("Jobs", "Age", 0.0, NAN, 0.2, 9, False)],
        columns=["first", "second", "r", "lower", "upper", "n", "noteworthy"],
    )
    about = ("Jobs", ("Pay", "Age"), "districts", "2023", points, pairs, pd.DataFrame())
    return Relation(*about, NAN, n, 0, NAN, tests, "Not a cause.")


def test_a_relation_has_a_row_an_area():
    table = table_relation(relation())
    assert table.caption == "Jobs beside Pay, Age: 3 districts, 2023"
    assert list(table.frame) == ["Area", "Pay", "Jobs", "On the line", "Remark"]
    figures = ["1,234", "0.1235", "–"]
    assert table.frame.to_numpy().tolist() == [
        ["Place 0", *figures, "ours, far from the line, pulls the line"],
        ["Place 1", *figures, "far from the line"],
        ["Place 2", *figures, "pulls the line"],
    ]


def test_a_long_relation_shows_what_is_particular():
    table = table_relation(relation(21))
    assert table.caption == "Jobs beside Pay, Age: 3 of 21 districts, 2023"
    assert table.frame["Area"].tolist() == ["Place 0", "Place 1", "Place 2"]
    assert len(table_relation(relation(20)).frame) == 20


def test_correlations_say_how_many_were_tested():
    table = table_correlations(relation(tests=2))
    assert table.caption == "What goes with what among districts, 2023; 2 pairs tested together"
    assert table.frame.to_numpy().tolist() == [
        ["Jobs", "Pay", "−0.12", "−0.50 to 0.20", "1,234", "yes"],
        ["Jobs", "Age", "0.00", "–", "9", "no"],
    ]
    assert table_correlations(relation()).caption.endswith("; 1 pair tested together")
    assert table_correlations(relation(r=NAN)).frame["r"].iloc[0] == "–"
    assert table_correlations(relation(r=-0.001)).frame["r"].iloc[0] == "0.00"


def funnel(n: int, indicator) -> Funnel:
    points = pd.DataFrame({"area_name": [f"Place {i}" for i in range(n)]})
    points = points.assign(denominator=1000.0, value=[float(i) for i in range(n)])
    points["position"] = ["above_998", "below_95", *["inside"] * (n - 2)]
    points["own"] = [i == 2 for i in range(n)]
    points.loc[n - 1, ["denominator", "value"]] = NAN
    points.loc[n - 1, "position"] = "not_given"
    return Funnel("Jobs", indicator, "districts", "2023", points, pd.DataFrame(), False)


def test_a_funnel_has_a_row_an_area_highest_first(make_position):
    indicator = make_position().indicator
    table = table_funnel(funnel(4, indicator), indicator)
    assert table.caption == "Jobs: 4 districts, 2023"
    assert table.frame.to_numpy().tolist() == [
        ["Place 2", "1,000", "2.0%", "as chance allows"],
        ["Place 1", "1,000", "1.0%", "below (95%)"],
        ["Place 0", "1,000", "0.0%", "far above (99.8%)"],
        ["Place 3", "–", "–", "–"],
    ]


def test_a_long_funnel_shows_our_own_and_those_outside(make_position):
    indicator = make_position().indicator
    table = table_funnel(funnel(21, indicator), indicator)
    assert table.frame["Area"].tolist() == ["Place 2", "Place 1", "Place 0"]
    assert table.caption == ("Jobs: our own and those outside the limits, of 21 districts, 2023")
    assert len(table_funnel(funnel(20, indicator), indicator).frame) == 20
