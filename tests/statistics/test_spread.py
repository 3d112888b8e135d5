import re

import numpy as np
import pandas as pd
import pytest

from outcomes.statistics.spread import spread

NAN = float("nan")


def areas(value, *, year=2020, series="s", half=NAN, weight=NAN) -> pd.DataFrame:
    value = np.asarray(value, dtype=float)
    return pd.DataFrame(
        {
            "series": series,
            "area_code": [f"a{i}" for i in range(len(value))],
            "period_start": pd.Timestamp(year, 1, 1),
            "period_end": pd.Timestamp(year, 12, 31),
            "period": str(year),
            "value": value,
            "lower": value - half,
            "upper": value + half,
            "denominator": weight,
        }
    )


def one(table: pd.DataFrame, **options) -> pd.Series:
    return spread(table, **options).iloc[0]


def test_a_small_case_by_hand():
    # Mean 5; squares 9 + 1 + 1 + 1 + 16 = 28.
    got = one(areas([2, 4, 4, 6, 9], half=1.959963984540054, weight=[1, 1, 2, 1, 1]))
    assert got[["n", "lowest", "highest", "range", "mean", "median"]].tolist() == [5, 2, 9, 7, 5, 4]
    assert got["variance"] == pytest.approx(7)
    assert got["sd"] == pytest.approx(7**0.5)
    assert got["cv"] == pytest.approx(7**0.5 / 5)
    assert got[["q1", "q3", "iqr_ratio", "mad"]].tolist() == [4, 6, 1.5, 2]
    # Weighted: 29 / 6, as if the second 4 stood twice.
    assert got["weighted_mean"] == pytest.approx(29 / 6)
    assert got["weighted_sd"] == pytest.approx(np.std([2, 4, 4, 4, 6, 9]))
    assert got["weighted_cv"] == pytest.approx(np.std([2, 4, 4, 4, 6, 9]) / (29 / 6))
    # A standard error of 1 each: 7 - 1 is left.
    assert got["true_sd"] == pytest.approx(6**0.5)
    assert got["reason"] == ""


def test_many_periods_and_series_agree_with_independent_calculations():
    from scipy.stats import median_abs_deviation
    from statsmodels.stats.weightstats import DescrStatsW

    rng = np.random.default_rng(1)
    table = pd.concat(
        areas(
            rng.uniform(1, 99, 40), year=2000 + y, series=s, half=3, weight=rng.uniform(9, 99, 40)
        )
        for y in range(5)
        for s in "st"
    ).sample(frac=1, random_state=1)
    table.loc[table.sample(30, random_state=2).index[:1], "value"] = NAN
    got = spread(table).set_index(["series", "period_start"])
    assert len(got) == 10
    for key, part in table.dropna(subset="value").groupby(["series", "period_start"]):
        x, row = part["value"].to_numpy(), got.loc[key]
        weighted = DescrStatsW(x, weights=part["denominator"])
        expected = {
            "n": len(x),
            "lowest": x.min(),
            "highest": x.max(),
            "range": np.ptp(x),
            "mean": x.mean(),
            "sd": x.std(ddof=1),
            "variance": x.var(ddof=1),
            "cv": x.std(ddof=1) / x.mean(),
            "weighted_mean": weighted.mean,
            "weighted_sd": weighted.std,
            "weighted_cv": weighted.std / weighted.mean,
            "q1": np.quantile(x, 0.25),
            "median": np.median(x),
            "q3": np.quantile(x, 0.75),
            "iqr_ratio": np.quantile(x, 0.75) / np.quantile(x, 0.25),
            "mad": median_abs_deviation(x),
            "true_sd": (x.var(ddof=1) - (3 / 1.959963984540054) ** 2) ** 0.5,
        }
        assert row[list(expected)].astype(float).to_dict() == pytest.approx(expected, rel=1e-12)


def test_the_result_is_a_history_of_its_own():
    from outcomes.statistics.rows import histories

    table = pd.concat(areas([0, y], year=2000 + y) for y in range(1, 4))
    side = histories(spread(table), ["range"], by=["series"])
    assert side.columns["range"].tolist() == [[1, 2, 3]]
    assert side.labels.tolist() == [["2001", "2002", "2003"]]


def test_a_missing_value_is_left_out_and_never_zero():
    got = one(areas([NAN, 3, 5], half=1, weight=[NAN, 1, 1]))
    assert got[["n", "lowest", "mean", "weighted_mean"]].tolist() == [2, 3, 4, 4]
    assert got["reason"] == ""
    assert spread(areas([NAN, NAN])).empty
    assert spread(areas([1, 2]).iloc[:0]).empty


def test_zero_is_a_value():
    assert one(areas([0, 4]))[["n", "lowest", "mean"]].tolist() == [2, 0, 2]


def test_one_area_has_no_spread():
    got = one(areas([5], half=1, weight=1))
    assert got[["sd", "variance", "cv", "true_sd"]].isna().all()
    assert got[["n", "range", "mad", "weighted_mean"]].tolist() == [1, 0, 0, 5]
    assert got["reason"] == "one area has no spread"


@pytest.mark.parametrize(
    ("value", "cv", "iqr_ratio"),
    [
        ([0, 0, 3, 3], True, False),
        ([0, 2, 3, 3], True, True),
        ([-1, 2, 3, 3], False, False),
        ([0, 0, 0, 0], False, False),
    ],
)
def test_ratios_need_a_true_zero_and_something_above_it(value, cv, iqr_ratio):
    got = one(areas(value, weight=1))
    assert pd.notna(got["cv"]) == cv
    assert pd.notna(got["weighted_cv"]) == cv
    assert pd.notna(got["iqr_ratio"]) == iqr_ratio
    assert pd.notna(got["sd"])


@pytest.mark.parametrize("lacking", [NAN, 0.0, -1.0])
def test_an_area_without_a_weight_leaves_no_weighted_figures(lacking):
    got = one(areas([1, 2, 3], half=1, weight=[1, lacking, 1]))
    assert got[["weighted_mean", "weighted_sd", "weighted_cv"]].isna().all()
    assert got["mean"] == 2
    assert got["reason"] == "1 of 3 areas have no denominator"


def test_weights_may_be_another_column():
    table = areas([1, 2, 3], half=1).assign(population=[1, 1, 2])
    got = one(table, weights="population")
    assert got["weighted_mean"] == 2.25
    assert got["reason"] == ""
    absent = one(table, weights="people")
    assert absent["reason"] == "3 of 3 areas have no people"


def test_an_area_without_limits_leaves_no_true_spread():
    table = areas([1, 5, 9], half=1, weight=1)
    table.loc[1, "lower"] = NAN
    got = one(table)
    assert np.isnan(got["true_sd"])
    assert got["reason"] == "1 of 3 areas have no confidence limits"
    assert one(table.drop(columns=["lower", "upper", "denominator"]))["reason"] == (
        "3 of 3 areas have no confidence limits; 3 of 3 areas have no denominator"
    )


def test_the_true_spread_is_never_below_zero():
    assert one(areas([5.0, 5.1, 4.9], half=3))["true_sd"] == 0


def test_uneven_limits_count_both_sides():
    z = 1.959963984540054
    table = areas([0.0, 10.0]).assign(lower=[-z, 10 - z], upper=[3 * z, 10 + 3 * z])
    # 50 less the mean of 1 and 9.
    assert one(table)["true_sd"] == pytest.approx(45**0.5)


def test_the_true_variance_is_right_on_average():
    rng = np.random.default_rng(2)
    truth = rng.normal(50, 2, (2000, 1, 20))
    noisy = truth + 3 * rng.standard_normal((2000, 1, 20))
    table = pd.concat([areas(row.ravel(), half=3 * 1.959963984540054) for row in noisy])
    table["series"] = np.repeat(np.arange(2000), 20)
    got = spread(table)
    assert (got["variance"] - 9).mean() == pytest.approx(4, abs=0.3)
    assert (got["true_sd"] ** 2).mean() == pytest.approx(4, abs=0.5)
    assert got["sd"].median() == pytest.approx(13**0.5, abs=0.15)


def test_other_groupings_are_allowed():
    table = areas([1, 2, 3, 7]).assign(region=["x", "x", "y", "y"])
    got = spread(table, by=["region"])
    assert got["range"].tolist() == [1, 4]
    assert got["region"].tolist() == ["x", "y"]


def test_what_is_wrong_is_named():
    with pytest.raises(ValueError, match="^the table has no column series, value; it has "):
        spread(areas([1]).drop(columns=["series", "value"]))
    message = "row 0: the value 1.0 is outside its limits 2.0 to 3.0"
    with pytest.raises(ValueError, match=f"^{re.escape(message)}$"):
        spread(areas([1]).assign(lower=2.0, upper=3.0))
