import re

import numpy as np
import pandas as pd
import pytest
from statsmodels.stats.proportion import proportion_confint

from outcomes.statistics.intervals.recovered import difference_interval
from outcomes.statistics.trend import change, newest_change


@pytest.mark.parametrize(
    ("value", "verdict"),
    [
        # 50 with 46 to 54, then a value 3 either way: the difference is known to 5 either way.
        (60.0, "increased"),
        (55.001, "increased"),
        (55.0, "could_be_chance"),
        (50.0, "could_be_chance"),
        (45.0, "could_be_chance"),
        (44.999, "decreased"),
    ],
)
def test_a_change_is_real_if_its_interval_leaves_out_nought(make_history, value, verdict):
    found = change(make_history([50, value], [4, 3]), "2001", "2002").iloc[0]
    assert found["verdict"] == verdict
    assert found[["lower", "upper"]].tolist() == pytest.approx([value - 55, value - 45])


def test_every_column_of_a_hand_worked_change(make_history):
    found = change(make_history([50, 99, 60], [4, 1, 3]), "2001", "2003")
    assert found.index.tolist() == [("s", "X1")]
    assert found.iloc[0].to_dict() == {
        "first": "2001",
        "last": "2003",
        "difference": 10.0,
        "lower": pytest.approx(5),
        "upper": pytest.approx(15),
        "ratio": 1.2,
        "verdict": "increased",
        "n": 2,
        "method": "difference_of_intervals",
        "confidence": 0.95,
        "reason": "",
    }


def test_newcombes_published_difference_of_proportions(make_history):
    # Newcombe (1998), Statistics in Medicine 17, example (a): 56/70 less 48/80, method 10.
    table = make_history([48 / 80, 56 / 70])
    table["lower"], table["upper"] = proportion_confint([48, 56], [80, 70], method="wilson")
    found = change(table, "2001", "2002").iloc[0]
    assert found["difference"] == pytest.approx(0.2)
    assert found[["lower", "upper"]].tolist() == pytest.approx([0.0524, 0.3339], abs=5e-5)


def test_shared_years_cancel(make_history):
    found = change(make_history([50, 52], 3.0, length=3), "2001", "2002").iloc[0]
    # Of two averages of three years only the years not shared differ: 3 times the root of 2/3.
    margin = 3 * (2 / 3) ** 0.5
    assert found[["lower", "upper"]].tolist() == pytest.approx([2 - margin, 2 + margin], abs=4e-3)
    assert found["method"] == "difference_of_overlapping_intervals"
    apart = change(make_history([50, 1, 2, 52], 3.0, length=3), "2001", "2004").iloc[0]
    assert apart["upper"] - 2 == pytest.approx(3 * 2**0.5)
    assert apart["method"] == "difference_of_intervals"


def test_uneven_limits_are_kept_apart_as_elsewhere(make_history):
    rng = np.random.default_rng(1)
    table = pd.concat([make_history(rng.uniform(0, 9, 2), area=f"A{i:02}") for i in range(30)])
    table = table.reset_index(drop=True)
    table["lower"] = table["value"] - rng.uniform(0, 3, 60)
    table["upper"] = table["value"] + rng.uniform(0, 3, 60)
    found = change(table, "2001", "2002")
    old, new = (
        table[table["period"] == year][["value", "lower", "upper"]].to_numpy().T
        for year in ("2001", "2002")
    )
    lower, upper = difference_interval(*new, *old)
    np.testing.assert_allclose(found["lower"], lower)
    np.testing.assert_allclose(found["upper"], upper)


def test_what_is_missing_is_not_tested(make_history):
    table = pd.concat(
        [
            make_history([1, 2], area="no limits"),
            make_history([np.nan, 2], 1.0, area="no first"),
            make_history([1, np.nan], 1.0, area="no last"),
            make_history([1], 1.0, area="one row"),
        ]
    ).reset_index(drop=True)
    found = change(table, "2001", "2002").droplevel(0)
    assert set(found["verdict"]) == {"not_tested"}
    assert found["reason"].to_dict() == {
        "no first": "no value in the first period",
        "no last": "no value in the last period",
        "no limits": "no limits",
        "one row": "no value in the last period",
    }
    assert found["n"].to_dict() == {"no first": 1, "no last": 1, "no limits": 2, "one row": 1}
    assert found["difference"].notna().to_dict() == {
        "no first": False,
        "no last": False,
        "no limits": True,
        "one row": False,
    }


@pytest.mark.parametrize(("first", "ratio"), [(4.0, 1.5), (0.0, np.nan), (-2.0, np.nan)])
def test_a_ratio_needs_a_start_above_nought(make_history, first, ratio):
    found = change(make_history([first, 6.0]), "2001", "2002")["ratio"]
    np.testing.assert_equal(found.to_numpy(), [ratio])


def test_the_newest_change_is_between_the_last_two_values(make_history):
    table = pd.concat(
        [
            make_history([1, 2, 5, np.nan], 1.0, area="gap"),
            make_history([7], 1.0, area="one"),
            make_history([np.nan], area="none"),
        ]
    ).reset_index(drop=True)
    found = newest_change(table).droplevel(0)
    assert found.index.tolist() == ["gap", "one"]
    assert found[["first", "last"]].to_numpy().tolist() == [["2002", "2003"], ["", "2001"]]
    assert found["verdict"].tolist() == ["increased", "not_tested"]
    assert found["reason"].tolist() == ["", "no value in the first period"]
    assert found.loc["gap", "difference"] == 3


def test_an_empty_table_gives_an_empty_answer(make_history):
    table = make_history([1, 2]).iloc[:0]
    assert newest_change(table).empty
    assert list(change(table, "2001", "2002").columns) == list(newest_change(table).columns)


def test_two_rows_for_one_period_are_refused(make_history):
    table = pd.concat([make_history([1, 2]), make_history([3])]).reset_index(drop=True)
    with pytest.raises(ValueError, match=re.escape("two rows for s, X1, 2001; expected one")):
        change(table, "2001", "2002")


def test_limits_the_wrong_way_round_are_named(make_history):
    message = "row 1: lower limit 3.0 is above upper limit 1.0"
    with pytest.raises(ValueError, match=re.escape(message)):
        change(make_history([1, 2], [1, -1]), "2001", "2002")


def test_no_change_is_called_real_one_time_in_twenty(make_history):
    rng = np.random.default_rng(2)
    value = rng.normal(50, 2, (20_000, 2)).ravel()
    table = pd.DataFrame(
        {
            "series": "s",
            "area_code": np.repeat(np.arange(20_000), 2),
            "period_start": pd.to_datetime(["2001-01-01", "2002-01-01"] * 20_000),
            "period_end": pd.to_datetime(["2001-12-31", "2002-12-31"] * 20_000),
            "period": ["2001", "2002"] * 20_000,
            "value": value,
            "lower": value - 3.92,
            "upper": value + 3.92,
        }
    )
    found = change(table, "2001", "2002")["verdict"]
    assert (found != "could_be_chance").mean() == pytest.approx(0.05, abs=0.005)
