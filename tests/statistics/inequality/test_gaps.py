import re

import numpy as np
import pandas as pd
import pytest

from outcomes.statistics.inequality import gap, take_up
from outcomes.statistics.inequality.groups import combined_limits, named
from outcomes.statistics.intervals.recovered import difference_interval, ratio_interval

FIGURES = {"1": (30, 3, 100), "2": (20, 2, 200), "3": (10, 4, 300), "": (17, 1, 600)}


def table(**changes):
    rows = [
        {"group": g, "value": v, "lower": v - e, "upper": v + e, "denominator": d}
        for g, (v, e, d) in (FIGURES | changes).items()
    ]
    return pd.DataFrame(rows).assign(
        series="s",
        area_code="A",
        period_start=pd.Timestamp(2020, 1, 1),
        period_end=pd.Timestamp(2020, 12, 31),
    )


def measures(found):
    return (found.set_index("measure").loc[name] for name in ("difference", "ratio"))


def test_absolute_and_relative_gap_stand_beside_the_overall_level():
    difference, ratio = measures(gap(table(), ("1", "3")))
    assert [difference["value"], ratio["value"]] == pytest.approx([20, 3])
    limits = (30, 27, 33, 10, 6, 14)
    for found, expected in ((difference, difference_interval), (ratio, ratio_interval)):
        lower, upper = expected(*limits)
        assert (found["lower"], found["upper"]) == (float(lower), float(upper))
    for found in (difference, ratio):
        assert (found["first"], found["second"], found["overall"]) == (30, 10, 17)
        assert (found["overall_from"], found["n"], found["reason"]) == ("published", 2, "")
        assert (found["method"], found["confidence"]) == ("recovered_limits", 0.95)


def test_another_confidence_stretches_the_limits():
    wide, narrow = (
        next(measures(gap(table(), ("1", "3"), confidence=level))) for level in (0.998, 0.95)
    )
    # 3.0902 / 1.9600 = 1.5767.
    width = wide["upper"] - wide["lower"]
    assert width / (narrow["upper"] - narrow["lower"]) == pytest.approx(1.5767, abs=1e-4)


def test_sets_are_pooled_by_denominator():
    difference, _ = measures(gap(table(), (["1", "2"], ["3"])))
    first = (100 * 30 + 200 * 20) / 300
    assert difference["first"] == pytest.approx(first)
    arm = np.hypot(3 / 3, 2 * 2 / 3)
    assert difference["upper"] - difference["value"] == pytest.approx(np.hypot(arm, 4))
    assert difference["n"] == 3


def test_overall_level_is_made_from_the_groups_where_none_is_published():
    difference, _ = measures(gap(table().query("group != ''"), ("1", "3")))
    assert difference["overall"] == pytest.approx((3000 + 4000 + 3000) / 600)
    assert difference["overall_from"] == "groups"


def test_a_missing_side_gives_no_gap_and_is_named():
    frame = table()
    frame.loc[2, ["value", "lower", "upper"]] = np.nan
    for found in measures(gap(frame, ("1", "3"))):
        assert np.isnan([found["value"], found["lower"], found["upper"]]).all()
        assert (found["reason"], found["n"]) == ("no value for 3", 1)


def test_a_gap_without_limits_is_given_but_marked():
    frame = table().assign(lower=np.nan)
    difference, _ = measures(gap(frame, ("1", "3")))
    assert difference["value"] == 20
    assert np.isnan(difference["lower"])
    assert difference["method"] == "no_limits"


def test_over_nothing_there_is_no_ratio():
    difference, ratio = measures(gap(table(**{"3": (0, 0, 300)}), ("1", "3")))
    assert difference["value"] == 30
    assert np.isnan(ratio["value"])
    assert ratio["reason"] == "the second value is 0"


def test_places_can_be_set_against_each_other():
    frame = table().assign(area_code=list("ABCD"), group="")
    found = gap(frame, ("A", ["B", "C"]), by=["series"], column="area_code", whole="D")
    assert found["first"].tolist() == [30, 30]
    assert found["overall"].tolist() == [17, 17]


def test_an_empty_table_gives_no_gaps():
    assert len(gap(table().iloc[:0], ("1", "3"))) == 0


@pytest.mark.parametrize(
    ("pair", "message"),
    [
        (("1", ["1", "2"]), "1 on both sides of the gap; expected two sets apart"),
        (("1", "9"), "no row has group 9; there are , 1, 2, 3"),
    ],
)
def test_wrong_pairs_are_named(pair, message):
    with pytest.raises(ValueError, match=f"^{re.escape(message)}$"):
        gap(table(), pair)


def test_the_limits_of_a_difference_are_those_of_a_sum_with_a_minus():
    value, lower, upper = np.array([0.4, 0.3]), np.array([0.3, 0.25]), np.array([0.55, 0.38])
    ours = combined_limits(np.array([1, -1]), value, lower, upper)
    theirs = difference_interval(value[0], lower[0], upper[0], value[1], lower[1], upper[1])
    assert np.array(ours) == pytest.approx(np.array(theirs))


def test_named_lists_the_chosen_labels_of_each_row():
    chosen = np.array([[True, False, True], [False, False, False]])
    assert named(chosen, ["a", "b", "c"]).tolist() == ["a, c", ""]


def people(**numbers):
    return pd.DataFrame({"area": "A", "group": list(numbers), "numerator": numbers.values()})


def test_take_up_is_set_against_need():
    found = take_up(people(men=100.0, women=100), people(men=30.0, women=70), by=["area"])
    men, women = (found.set_index("group").loc[name] for name in ("men", "women"))
    assert (men["verdict"], women["verdict"]) == ("under_served", "over_served")
    assert men["difference"] == pytest.approx(-0.2)
    assert (men["need_share"], men["served_share"]) == (0.5, 0.3)
    assert men["significant"]
    assert (men["n"], men["method"], men["reason"]) == (2, "newcombe_wilson", "")


def test_take_up_interval_is_that_of_newcombe():
    from statsmodels.stats.proportion import confint_proportions_2indep

    found = take_up(people(men=40.0, women=80), people(men=25.0, women=60), by=["area"])
    expected = confint_proportions_2indep(25, 85, 40, 120, compare="diff", method="newcomb")
    men = found.set_index("group").loc["men"]
    assert [men["lower"], men["upper"]] == pytest.approx(expected, abs=1e-12)
    assert men["verdict"] == "in_line"
    assert not men["significant"]


def test_a_group_without_need_or_service_numbers_is_left_out_and_named():
    need = people(men=100.0, women=100, other=np.nan)
    found = take_up(need, people(men=30.0, women=70, unknown=5), by=["area"]).set_index("group")
    assert found.loc["other", "reason"] == "need not known"
    assert found.loc["unknown", "reason"] == "need not known"
    assert found.loc["other", "verdict"] == "cannot_tell"
    assert found.loc["men", "served_share"] == 0.3
    assert (found["n"] == 2).all()


def test_nobody_served_gives_no_verdict():
    found = take_up(people(men=1.0, women=2), people(men=0.0, women=0), by=["area"])
    assert (found["verdict"] == "cannot_tell").all()
    assert (found["reason"] == "nobody in need or nobody served").all()


def test_wrong_numbers_of_people_are_named():
    with pytest.raises(ValueError, match=re.escape("number of need of A, men, -1.0: expected 0")):
        take_up(people(men=-1.0), people(men=1.0), by=["area"])
    twice = pd.concat([people(men=1.0)] * 2)
    with pytest.raises(ValueError, match=re.escape("two rows for A, men; expected one")):
        take_up(people(men=1.0), twice, by=["area"])


def test_empty_tables_give_no_take_up():
    assert len(take_up(people().astype({"numerator": float}), people(), by=["area"])) == 0
