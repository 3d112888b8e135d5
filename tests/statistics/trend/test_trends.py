import re

import numpy as np
import pandas as pd
import pytest

from outcomes.statistics.trend import fingertips, monotone_trend, trends
from outcomes.statistics.trend.declared import declared

RISE = [10, 12, 14, 16, 18, 20]


@pytest.mark.parametrize(
    ("options", "method"),
    [
        ({"half": 1.0}, "fingertips"),
        ({"half": 1.0, "counts": False}, "weighted_slope"),
        ({"half": 1.0, "length": 3}, "weighted_slope_overlapping"),
        ({"half": 1.0, "length": 3, "counts": False}, "weighted_slope_overlapping"),
        ({"half": None}, "mann_kendall"),
        ({"half": [np.nan, np.nan, 1, 1, 1, 1]}, "mann_kendall"),
        ({"half": [np.nan, 1, 1, 1, 1, 1]}, "fingertips"),
        # Limits without width are no limits.
        ({"half": 0.0}, "mann_kendall"),
    ],
)
def test_every_history_gets_the_best_method_it_allows(make_history, options, method):
    found = trends(make_history(RISE, **options)).iloc[0]
    assert (found["method"], found["direction"], found["reason"]) == (method, "increasing", "")


def test_overlapping_values_without_limits_need_many_points(make_history):
    few = trends(make_history(np.arange(6), length=3)).iloc[0]
    assert (few["method"], few["direction"]) == ("mann_kendall_overlapping", "cannot_be_calculated")
    assert few["reason"] == "the periods overlap: more points are needed"
    many = trends(make_history(np.arange(7), length=3)).iloc[0]
    assert many["direction"] == "increasing"


def test_a_series_that_is_no_rate_is_weighted_without_its_counts(make_history):
    table = pd.concat(
        [make_history(RISE, 1.0, series="rate"), make_history(RISE, 1.0, series="years")]
    ).reset_index(drop=True)
    found = trends(table, ratelike={"rate"})
    assert found["method"].tolist() == ["fingertips", "weighted_slope"]


def test_histories_together_are_those_of_each_alone(make_history):
    rng = np.random.default_rng(9)
    parts = [
        make_history(
            rng.normal(50, 3, size) + drift * np.arange(size),
            half if half else None,
            length=length,
            area=f"A{number:02}",
        )
        for number, (size, half, length, drift) in enumerate(
            (size, half, length, drift)
            for size in (1, 5, 9)
            for half in (0, 2.0)
            for length in (1, 3)
            for drift in (0, 3)
        )
    ]
    together = trends(pd.concat(parts).reset_index(drop=True))
    alone = pd.concat([trends(part) for part in parts])
    pd.testing.assert_frame_equal(together, alone)
    assert set(together["direction"]) == {
        "increasing",
        "decreasing",
        "no_significant_change",
        "cannot_be_calculated",
    }


def test_the_order_of_rows_does_not_matter(make_history):
    table = pd.concat([make_history(RISE, 1.0), make_history(RISE[::-1], area="X2")])
    mixed = table.sample(frac=1, random_state=1)
    pd.testing.assert_frame_equal(
        trends(table.reset_index(drop=True)), trends(mixed.reset_index(drop=True))
    )


def test_a_missing_value_is_left_out_and_a_history_of_none_keeps_its_row(make_history):
    table = pd.concat([make_history([1, 2, np.nan, 3, 4, 5]), make_history([np.nan], area="X2")])
    found = trends(table.reset_index(drop=True))
    assert found["n"].tolist() == [5, 0]
    assert found["direction"].tolist() == ["increasing", "cannot_be_calculated"]
    assert found["reason"].tolist() == ["", "no value"]


def test_only_periods_after_the_newest_break_are_used(make_history):
    table = make_history([90, 80, 70, 1, 2, 3, 4, 5])
    breaks = pd.DataFrame(
        {
            "series": ["s", "s", "other"],
            "day": pd.to_datetime(["2002-01-01", "2003-06-01", "2007-01-01"]),
            "reason": ["first", "new question", "not here"],
        }
    )
    found = trends(table, breaks=breaks).iloc[0]
    # The year in which the break falls is not wholly after it.
    assert (found["direction"], found["first"], found["n"]) == ("increasing", "2004", 5)
    assert found["reason"] == "only periods after the break on 2003-06-01: new question"


def test_a_break_of_one_area_leaves_the_others_alone(make_history):
    table = pd.concat([make_history(RISE, area=area) for area in ("X1", "X2")])
    breaks = pd.DataFrame(
        {
            "series": "s",
            "area_code": "X2",
            "day": pd.to_datetime(["2003-01-01"]),
            "reason": "merged",
        }
    )
    found = trends(table.reset_index(drop=True), breaks=breaks)
    assert found["n"].tolist() == [6, 4]
    assert found["reason"].tolist() == [
        "",
        "at least 5 points are needed; only periods after the break on 2003-01-01: merged",
    ]


def test_nothing_is_left_after_a_break_to_come(make_history):
    breaks = pd.DataFrame({"series": "s", "day": pd.to_datetime(["2030-01-01"]), "reason": "new"})
    found = trends(make_history(RISE), breaks=breaks).iloc[0]
    assert (found["n"], found["direction"]) == (0, "cannot_be_calculated")
    assert found["reason"] == "no value; only periods after the break on 2030-01-01: new"


def test_breaks_are_counted_row_by_row(make_history):
    breaks = pd.DataFrame(
        {
            "series": "s",
            "area_code": ["", None, "X9"],
            "day": pd.to_datetime(["2003-01-01", "2002-01-01", "2001-01-01"]),
            "reason": ["c", "b", "a"],
        }
    )
    found = declared(make_history([1, 2, 3, 4]), breaks)
    assert found["passed"].tolist() == [0, 1, 2, 2]
    assert found["total"].tolist() == [2, 2, 2, 2]
    assert set(found["note"]) == {"break on 2003-01-01: c"}


def test_breaks_without_a_reason_are_refused(make_history):
    breaks = pd.DataFrame({"series": ["s"], "day": pd.to_datetime(["2002-01-01"])})
    message = "the table has no column reason; it has series, day"
    with pytest.raises(ValueError, match=re.escape(message)):
        trends(make_history(RISE), breaks=breaks)


def test_histories_may_be_those_of_one_column(make_history):
    found = trends(make_history(RISE, 1.0), by=["area_code"])
    assert found.index.tolist() == ["X1"]
    assert found["direction"].item() == "increasing"


def test_an_empty_table_gives_an_empty_answer(make_history):
    table = make_history(RISE).iloc[:0]
    for found in (trends(table), fingertips(table), monotone_trend(table)):
        assert found.empty
        assert list(found.columns) == list(trends(make_history(RISE)).columns)


def test_a_missing_column_is_named(make_history):
    message = "the table has no column upper; it has series, area_code"
    with pytest.raises(ValueError, match=re.escape(message)):
        trends(make_history(RISE).drop(columns="upper"))


def test_two_rows_for_one_period_are_refused(make_history):
    table = pd.concat([make_history(RISE), make_history([7])]).reset_index(drop=True)
    message = "two rows for s, X1, 2001-01-01 00:00:00, 2001-12-31 00:00:00; expected one"
    with pytest.raises(ValueError, match=re.escape(message)):
        trends(table)
