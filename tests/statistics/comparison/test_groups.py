import re

import numpy as np
import pandas as pd
import pytest

from outcomes.statistics.comparison import group_value

NAN = float("nan")


def test_a_simple_mean_is_of_those_with_a_value_and_says_how_many():
    start, end = pd.Timestamp("2020-01-01"), pd.Timestamp("2020-12-31")
    later = (pd.Timestamp("2021-01-01"), pd.Timestamp("2021-12-31"))
    table = pd.DataFrame(
        {
            "area_code": ["a", "b", "c", "a", "b", "d"],
            "period_start": [start, start, start, later[0], later[0], start],
            "period_end": [end, end, end, later[1], later[1], end],
            "value": [10.0, 20.0, NAN, NAN, NAN, 99.0],
        }
    )
    got = group_value(table, ["a", "b", "c"])[["value", "n"]]
    assert got.loc[(start, end)].tolist() == [15.0, 2]
    assert np.isnan(got.loc[later, "value"])
    assert got.loc[later, "n"] == 0
    assert group_value(table, []).empty


FIRST, SECOND = pd.Timestamp("2020-01-01"), pd.Timestamp("2021-01-01")


def members(**changes) -> pd.DataFrame:
    """Three areas over two years: 10, 20, 60 give or take 1, 2, 2, then 10 and nothing else."""
    columns = {
        "area_code": ["a", "b", "c", "a", "b", "other"],
        "period_start": [FIRST] * 3 + [SECOND] * 2 + [FIRST],
        "value": [10.0, 20.0, 60.0, 10.0, NAN, 999.0],
        "lower": [9.0, 18.0, 58.0, 8.0, NAN, 998.0],
        "upper": [11.0, 22.0, 62.0, 13.0, NAN, 1000.0],
        "denominator": [100.0, 200.0, 100.0, 50.0, NAN, 1.0],
        "population": [1.0, 1.0, 2.0, 1.0, 1.0, 1.0],
    }
    table = pd.DataFrame(columns | changes)
    return table.assign(period_end=table["period_start"] + pd.DateOffset(years=1, days=-1))


def first(**options) -> pd.Series:
    table = options.pop("table", members())
    return group_value(table, ["a", "b", "c"], **options).loc[FIRST].iloc[0]


def test_a_simple_mean_carries_an_interval_from_its_members():
    got = first()
    # A third of each; half width a third of sqrt(1 + 4 + 4) = 3.
    assert got[["value", "lower", "upper"]].tolist() == pytest.approx([30, 29, 31])
    assert got[["n", "how", "confidence", "reason"]].tolist() == [3, "simple", 0.95, ""]


def test_a_weighted_mean_uses_the_denominator():
    got = first(how="weighted")
    # Quarter, half, quarter: 2.5 + 10 + 15; half width sqrt(1/16 + 1 + 1/4).
    arm = (1 / 16 + 1 + 1 / 4) ** 0.5
    assert got[["value", "lower", "upper"]].tolist() == pytest.approx(
        [27.5, 27.5 - arm, 27.5 + arm]
    )
    assert got["how"] == "weighted_denominator"


def test_a_weighted_mean_of_rates_by_denominator_is_the_rate_of_the_whole():
    rng = np.random.default_rng(4)
    base = rng.integers(50, 5000, 3).astype(float)
    events = np.floor(base * rng.uniform(0, 1, 3))
    table = members().iloc[:3].assign(value=events / base * 100, denominator=base)
    got = group_value(table, ["a", "b", "c"], how="weighted")["value"].item()
    assert got == pytest.approx(events.sum() / base.sum() * 100, rel=1e-12)


def test_a_weighted_mean_may_use_a_population_and_says_so():
    got = first(how="weighted", weights="population")
    assert got["value"] == pytest.approx(37.5)
    assert got["how"] == "weighted_population"


@pytest.mark.parametrize("lacking", [NAN, 0.0, -5.0])
def test_a_member_without_a_weight_turns_the_mean_into_a_simple_one(lacking):
    table = members(denominator=[100.0, lacking, 100.0, 50.0, NAN, 1.0])
    got = group_value(table, ["a", "b", "c"], how="weighted")
    one, two = got.loc[FIRST].iloc[0], got.loc[SECOND].iloc[0]
    assert one[["value", "how"]].tolist() == pytest.approx([30, "simple"])
    assert one["reason"] == "1 of 3 members have no denominator, so this is the simple mean"
    # A member without a value needs no weight.
    assert two[["value", "how", "n", "reason"]].tolist() == [10, "weighted_denominator", 1, ""]


def test_a_median_has_no_limits():
    got = first(how="median")
    assert got[["value", "n", "how", "reason"]].tolist() == [20, 3, "median", ""]
    assert got[["lower", "upper", "confidence"]].isna().all()


def test_limits_need_those_of_every_member_with_a_value():
    got = group_value(members(lower=[9.0, NAN, 58.0, 8.0, NAN, 0.0]), ["a", "b", "c"])
    assert got.iloc[0][["lower", "upper", "confidence"]].isna().all()
    assert got.iloc[0]["value"] == pytest.approx(30)
    # The second year has one member with a value: its own limits, uneven as they are.
    assert got.iloc[1][["value", "lower", "upper"]].tolist() == [10, 8, 13]


def test_a_table_without_limits_gives_a_mean_without_limits():
    got = first(table=members().drop(columns=["lower", "upper", "denominator"]))
    assert got["value"] == pytest.approx(30)
    assert np.isnan(got["lower"])


@pytest.mark.parametrize("how", ["simple", "weighted", "median"])
def test_a_period_in_which_no_member_has_a_value_is_missing_not_zero(how):
    got = group_value(members(), ["b"], how=how).loc[SECOND].iloc[0]
    assert got[["value", "lower", "upper"]].isna().all()
    assert got[["n", "reason"]].tolist() == [0, "no member has a value"]


def test_many_series_at_once_are_those_of_each_alone():
    table = pd.concat(
        [members().assign(series="s"), members(value=np.arange(6.0) + 58).assign(series="t")]
    )
    by = ["series", "period_start", "period_end"]
    wide = table.assign(lower=table["value"] - 1, upper=table["value"] + 1)
    together = group_value(wide, ["a", "b", "c"], how="weighted", by=by)
    alone = group_value(wide[wide["series"] == "t"], ["a", "b", "c"], how="weighted")
    pd.testing.assert_frame_equal(together.loc["t"], alone)


def test_a_group_of_nobody_is_empty():
    assert group_value(members(), []).empty


def test_an_unknown_how_and_a_doubled_row_are_named():
    with pytest.raises(ValueError, match="^how 'mean': expected one of simple, weighted, median$"):
        group_value(members(), ["a"], how="mean")
    message = "two rows for 2020-01-01 00:00:00, 2020-12-31 00:00:00, a; expected one"
    with pytest.raises(ValueError, match=f"^{re.escape(message)}$"):
        group_value(pd.concat([members(), members()]), ["a"])
    with pytest.raises(ValueError, match="^the table has no column weight; it has "):
        group_value(members(), ["a"], how="weighted", weights="weight")
