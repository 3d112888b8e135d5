import re

import numpy as np
import pandas as pd
import pytest

from outcomes.statistics.breaks import control_chart

BASE = [12.0, 10.0] * 6
"""Mean 11, mean moving range 2: limits at 5.68 and 16.32, near ones at 7.4533 and 14.5467."""


def judged(make_history, later, **options):
    chart = control_chart(make_history(BASE + later), fixed=len(BASE), **options)
    return chart.iloc[len(BASE) :]


def test_the_published_example_of_the_nist_handbook(make_history):
    # NIST/SEMATECH e-Handbook of Statistical Methods, 6.3.2.2: ten flow rates.
    flow = [49.6, 47.6, 49.9, 51.3, 47.8, 51.2, 52.6, 52.4, 53.6, 52.1]
    chart = control_chart(make_history(flow))
    assert chart["mean"].unique().tolist() == pytest.approx([50.81])
    # The handbook has 3 / 1.128 where 2.66 is usual.
    width = 3 / 1.128 / 2.66
    centre = chart["mean"].iloc[0]
    upper = centre + (chart["upper_limit"].iloc[0] - centre) * width
    lower = centre - (centre - chart["lower_limit"].iloc[0]) * width
    assert (lower, upper) == (pytest.approx(45.8159, abs=5e-4), pytest.approx(55.8041, abs=5e-4))
    assert not chart["special"].any()


def test_lines_of_a_hand_worked_chart(make_history):
    chart = control_chart(make_history(BASE))
    columns = ["mean", "lower_limit", "upper_limit", "near_lower", "near_upper", "n"]
    expected = [11, 5.68, 16.32, 11 - 5.32 * 2 / 3, 11 + 5.32 * 2 / 3, 12]
    assert chart[columns].drop_duplicates().to_numpy().tolist() == [pytest.approx(expected)]
    assert chart.columns.tolist() == [
        *("series", "area_code", "period_start", "period_end", "period", "value", "segment"),
        *("mean", "lower_limit", "upper_limit", "near_lower", "near_upper", "n"),
        *("trial", "rule", "special", "direction", "method", "reason"),
    ]
    assert chart["period"].tolist() == [str(year) for year in range(2001, 2013)]


def test_ranges_far_above_their_mean_are_left_out_unless_asked_for(make_history):
    # The values of NHSRplotthedots' article on deviations; limits worked by hand.
    values = [1, 2, 1, 2, 10, *[1, 2] * 6, 1]
    chart = control_chart(make_history(values)).iloc[0]
    assert chart["mean"] == pytest.approx(35 / 18)
    assert chart["upper_limit"] == pytest.approx(35 / 18 + 2.66)
    whole = control_chart(make_history(values), screen=False).iloc[0]
    assert whole["upper_limit"] == pytest.approx(35 / 18 + 2.66 * 32 / 17)


def test_a_range_just_below_the_screen_stays(make_history):
    def width(largest):
        # Eight ranges of 1 and one of `largest`.
        values = [0, 1, 0, 1, 0, 1, 0, 1, 0, largest]
        chart = control_chart(make_history(values)).iloc[0]
        return (chart["upper_limit"] - chart["mean"]) / 2.66

    # The largest range reaches 3.267 times the mean of all nine at 26.136 / 5.733 = 4.5589.
    assert width(4.55) == pytest.approx((8 + 4.55) / 9)
    assert width(4.57) == pytest.approx(1)


MIRROR = {"above": "below", "rising": "falling", "": ""}


@pytest.mark.parametrize(
    ("later", "rule", "marks", "direction"),
    [
        ([16.33], "outside_limits", [1], "above"),
        ([16.31], "", [0], ""),
        # Two of three near one limit; the third on the same side of the mean, but not marked.
        ([14.6, 11.5, 14.6], "two_of_three", [1, 0, 1], "above"),
        ([14.6, 14.6, 11.5], "two_of_three", [1, 1, 0], "above"),
        ([14.6, 10.9, 14.6], "", [0, 0, 0], ""),
        ([14.6, 11.5, 14.5], "", [0, 0, 0], ""),
        # A point outside does not count as near.
        ([17.0, 11.5, 14.6], "outside_limits", [1, 0, 0], "above"),
        ([11.5, 12.5] * 3 + [11.5], "run_of_seven", [1] * 7, "above"),
        ([11.5, 12.5] * 3, "", [0] * 6, ""),
        # A point on the mean ends a run.
        ([11.5, 12.5, 11.5, 11.0, 11.5, 12.5, 11.5], "", [0] * 7, ""),
        # With the last point of the base these are seven.
        ([10.3, 10.6, 10.9, 11.2, 11.5, 11.8], "trend_of_seven", [1] * 6, "rising"),
        ([10.3, 10.6, 10.9, 11.2, 11.5, 11.4], "", [0] * 6, ""),
        ([10.3, 10.6, 10.9, 10.9, 11.2, 11.5, 11.8], "", [0] * 7, ""),
    ],
)
def test_rules_on_both_sides_of_their_thresholds(make_history, later, rule, marks, direction):
    chart = judged(make_history, later)
    assert chart["rule"].tolist() == [rule if mark else "" for mark in marks]
    assert chart["special"].tolist() == [bool(mark) for mark in marks]
    assert chart["direction"].tolist() == [direction if mark else "" for mark in marks]
    turned = control_chart(make_history([-v for v in BASE + later]), fixed=len(BASE))
    turned = turned.iloc[len(BASE) :]
    assert turned["rule"].tolist() == chart["rule"].tolist()
    assert turned["direction"].tolist() == [MIRROR[word] for word in chart["direction"]]


def test_a_trend_marks_the_point_it_sets_out_from(make_history):
    chart = control_chart(make_history([*BASE, 10.3, 10.6, 10.9, 11.2, 11.5, 11.8]), fixed=12)
    marked = chart.loc[chart["special"], "period"].tolist()
    assert marked == [str(year) for year in range(2012, 2019)]


def test_the_first_rule_that_applies_is_named(make_history):
    # A rise of seven that ends outside the limits, with two points near them before.
    rise = [11.2, 11.9, 12.6, 14.7, 15.4, 16.4]
    assert judged(make_history, rise)["rule"].tolist() == [
        *["trend_of_seven"] * 5,
        "outside_limits",
    ]
    # A run of seven of which two are near the limit.
    run = [14.7, 14.6, 11.5, 12.5, 11.5, 12.5, 11.5]
    assert judged(make_history, run)["rule"].tolist() == [
        *["two_of_three"] * 2,
        *["run_of_seven"] * 5,
    ]


def test_limits_start_anew_and_runs_end_where_the_chart_is_rebased(make_history):
    values = [12.0, 10.0] * 5 + [11.5] * 4 + [21.5] * 4 + [22.0, 20.0] * 5
    table = make_history(values)
    plain = control_chart(table)
    assert plain["special"].sum() > 10
    rebase = pd.DataFrame({"series": "s", "day": pd.to_datetime(["2015-01-01"]), "reason": "new"})
    chart = control_chart(table, rebase=rebase)
    assert chart["segment"].tolist() == [0] * 14 + [1] * 14
    assert chart["mean"].iloc[[0, -1]].tolist() == pytest.approx([156 / 14, 296 / 14])
    assert not chart["special"].any()


def test_limits_are_on_trial_below_thirteen_points(make_history):
    for count, trial in [(12, True), (13, False)]:
        chart = control_chart(make_history(([10.0, 12.0] * 7)[:count]))
        assert set(chart["trial"]) == {trial}
        assert set(chart["n"]) == {count}
    chart = control_chart(make_history([10.0, 12.0] * 10), fixed=12)
    assert (set(chart["n"]), set(chart["trial"])) == ({12}, {True})


def test_histories_do_not_touch_one_another(make_history):
    rng = np.random.default_rng(1)
    parts = [
        make_history(rng.normal(50, 2, size).round(1), area=f"A{size:02}")
        for size in (1, 2, 3, 7, 8, 15, 24, 24, 40)[:7]
    ]
    together = control_chart(pd.concat(parts))
    alone = pd.concat([control_chart(part) for part in parts]).reset_index(drop=True)
    pd.testing.assert_frame_equal(together, alone, check_dtype=False)


def test_two_of_three_are_those_of_one_history(make_history):
    # Near the limit at the end of one history and at the start of the next.
    table = pd.concat(
        [
            make_history([12, 10] * 10 + [15.3, 11.5], area="A1"),
            make_history([15.5] + [12, 10] * 10, area="A2"),
        ]
    )
    chart = control_chart(table)
    near = (chart["value"] > chart["near_upper"]) & (chart["value"] < chart["upper_limit"])
    assert chart.loc[near, "value"].tolist() == [15.3, 15.5]
    assert not chart["special"].any()


def test_gaps_and_overlaps_are_refused_with_a_reason(make_history):
    table = pd.concat(
        [
            make_history([10, 12] * 5, area="even"),
            make_history([10, 12, np.nan, 10, 30], area="gap"),
            make_history([10, 12] * 5, length=3, area="pools"),
        ]
    )
    chart = control_chart(table)
    found = chart.groupby("area_code").agg(n=("value", "size"), reason=("reason", "last"))
    assert found["reason"].to_dict() == {
        "even": "",
        "gap": "there is a gap in the series",
        "pools": "the periods overlap",
    }
    assert found["n"].to_dict() == {"even": 10, "gap": 4, "pools": 10}
    refused = chart[chart["reason"] != ""]
    assert refused[["mean", "upper_limit", "near_lower"]].isna().all(axis=None)
    assert not refused["special"].any()


def test_what_never_moves_has_limits_of_no_width_and_no_special_point(make_history):
    chart = control_chart(make_history([5.0] * 8))
    assert chart[["mean", "lower_limit", "upper_limit"]].to_numpy().tolist() == [[5, 5, 5]] * 8
    assert not chart["special"].any()


def test_one_point_has_a_mean_and_no_limits(make_history):
    chart = control_chart(make_history([5.0])).iloc[0]
    assert chart["mean"] == 5
    assert np.isnan(chart["upper_limit"])
    assert chart["rule"] == ""


def test_an_empty_table_gives_an_empty_chart(make_history):
    chart = control_chart(make_history([1.0]).iloc[:0])
    assert chart.empty
    assert chart.columns.tolist() == control_chart(make_history([1.0])).columns.tolist()


def test_a_missing_column_is_named(make_history):
    with pytest.raises(ValueError, match=re.escape("the table has no column value; it has series")):
        control_chart(make_history([1.0]).drop(columns="value"))


def test_points_in_control_are_seldom_outside_the_limits():
    count, size = 1500, 24
    starts = pd.date_range("2020-01-01", periods=size, freq="MS")
    table = pd.DataFrame(
        {
            "series": "s",
            "area_code": np.repeat(np.arange(count), size),
            "period_start": np.tile(starts, count),
            "period_end": np.tile(starts + pd.offsets.MonthEnd(), count),
            "value": np.random.default_rng(2).normal(size=count * size),
        }
    )
    chart = control_chart(table)
    assert set(chart["reason"]) == {""}
    # Three standard deviations have 0.27% outside; limits estimated from 24 points somewhat more.
    assert 0.002 < (chart["rule"] == "outside_limits").mean() < 0.012
