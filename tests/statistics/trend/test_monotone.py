from itertools import permutations

import numpy as np
import pandas as pd
import pytest
from scipy.stats import kendalltau, norm, theilslopes

from outcomes.statistics.trend import mann_kendall, monotone_trend, theil_sen
from outcomes.statistics.trend.monotone import exact_tail

NAN = float("nan")


@pytest.mark.parametrize("n", [4, 5, 6, 7])
def test_the_exact_distribution_is_that_of_all_orders(n):
    i, j = np.triu_indices(n, 1)
    orders = np.array(list(permutations(range(n))))
    s = np.abs(np.sign(orders[:, j] - orders[:, i]).sum(axis=1))
    expected = [(s >= least).mean() for least in range(n * (n - 1) // 2 + 1)]
    np.testing.assert_allclose(exact_tail(n), expected, atol=1e-12)


def test_the_exact_distribution_is_the_published_table():
    # Gilbert (1987), Statistical Methods for Environmental Pollution Monitoring, table A18, one side.
    np.testing.assert_allclose(exact_tail(4)[[2, 4, 6]] / 2, [0.375, 0.167, 0.042], atol=5e-4)
    np.testing.assert_allclose(exact_tail(5)[[4, 6, 8]] / 2, [0.242, 0.117, 0.042], atol=5e-4)
    assert exact_tail(5)[10] / 2 == pytest.approx(0.0083, abs=5e-5)


def test_without_ties_p_is_that_of_kendalls_tau():
    rng = np.random.default_rng(6)
    for n in (2, 5, 8, 12, 20):
        value = rng.normal(size=(50, n)) + 0.1 * np.arange(n)
        _, _, p = mann_kendall(value)
        expected = [kendalltau(np.arange(n), row, method="exact").pvalue for row in value]
        np.testing.assert_allclose(p, expected, rtol=1e-9)


def test_with_ties_s_and_its_variance_are_those_of_kendalls_tau():
    rng = np.random.default_rng(7)
    value = rng.integers(0, 4, (60, 12)).astype(float)
    s, variance, p = mann_kendall(value)
    expected = [kendalltau(np.arange(12), row, method="asymptotic").pvalue for row in value]
    np.testing.assert_allclose(2 * norm.sf(np.abs(s) / np.sqrt(variance)), expected, rtol=1e-9)
    np.testing.assert_allclose(
        p, np.minimum(1, 2 * norm.sf(np.maximum(np.abs(s) - 1, 0) / np.sqrt(variance)))
    )


def test_missing_points_are_left_out():
    with_gaps = np.array([[NAN, NAN, 1.0, 3.0, 2.0, NAN, 5.0, 4.0, 6.0]])
    s, variance, p = mann_kendall(with_gaps)
    assert (s[0], variance[0]) == (11, pytest.approx(6 * 5 * 17 / 18))
    assert p[0] == mann_kendall([[1.0, 3.0, 2.0, 5.0, 4.0, 6.0]])[2][0]


def test_all_tied_and_too_few():
    _, _, p = mann_kendall([[2.0, 2.0, 2.0, 2.0, 2.0], [NAN, NAN, NAN, NAN, 1.0]])
    assert p[0] == 1
    assert np.isnan(p[1])


@pytest.mark.parametrize("decimals", [9, 0])
def test_slope_and_limits_are_those_of_scipy(decimals):
    rng = np.random.default_rng(8)
    time = np.sort(rng.uniform(2000, 2030, (40, 25)), axis=1)
    value = np.round(0.1 * time + rng.normal(0, 2, time.shape), decimals)
    _, variance, _ = mann_kendall(value)
    found = theil_sen(time, value, norm.ppf(0.975) * np.sqrt(variance))
    for row in range(40):
        fit = theilslopes(value[row], time[row], 0.95)
        expected = [fit.slope, fit.low_slope, fit.high_slope]
        np.testing.assert_allclose([part[row] for part in found], expected, rtol=1e-9, atol=1e-12)


@pytest.mark.parametrize("n", [5, 6, 7, 10, 13, 20, 30])
def test_the_slopes_limits_leave_out_nought_just_where_the_trend_is_significant(n):
    table = _many(np.random.default_rng(n).normal(size=(300, n)) + 0.25 * np.arange(n))
    found = monotone_trend(table)
    outside = (found["slope_lower"] > 0) | (found["slope_upper"] < 0)
    moving = found["direction"] != "no_significant_change"
    assert (outside == moving).all()
    assert moving.any()


def _many(value, length=1):
    g, t = value.shape
    starts = pd.to_datetime([f"{1980 + year}-01-01" for year in range(t)])
    return pd.DataFrame(
        {
            "series": "s",
            "area_code": np.repeat(np.arange(g), t),
            "period_start": np.tile(starts, g),
            "period_end": np.tile(starts + pd.DateOffset(years=length, days=-1), g),
            "value": value.ravel(),
        }
    )


def test_four_points_have_a_slope_but_no_direction(make_history):
    found = monotone_trend(make_history([1, 2, 3, 4])).iloc[0]
    assert found["direction"] == "cannot_be_calculated"
    assert found["reason"] == "at least 5 points are needed"
    assert found["slope"] == pytest.approx(1, abs=2e-3)
    assert np.isnan(found[["slope_lower", "slope_upper", "p"]].astype(float)).all()


def test_three_points_have_no_slope(make_history):
    found = monotone_trend(make_history([1, 2, 3])).iloc[0]
    assert np.isnan(found["slope"])
    assert (found["n"], found["reason"]) == (3, "at least 5 points are needed")


def test_five_points_are_enough_if_they_never_turn(make_history):
    table = pd.concat(
        [
            make_history([5, 4, 3, 2, 1], area="falls"),
            make_history([1, 2, 3, 5, 4], area="turns"),
        ]
    )
    found = monotone_trend(table)
    assert found["direction"].tolist() == ["decreasing", "no_significant_change"]
    np.testing.assert_allclose(found["p"], [2 / 120, 10 / 120])


def test_a_higher_confidence_needs_more_points(make_history):
    table = make_history([1, 2, 3, 4, 5])
    found = monotone_trend(table, confidence=0.99).iloc[0]
    assert found["reason"] == "at least 6 points are needed"
    more = monotone_trend(make_history([1, 2, 3, 4, 5, 6]), confidence=0.99).iloc[0]
    assert (more["direction"], more["confidence"]) == ("increasing", 0.99)


def test_the_slope_is_per_year_over_gaps(make_history):
    found = monotone_trend(make_history([0, 1, 3, 6, 7], years=[2001, 2002, 2004, 2007, 2008]))
    assert found["slope"].item() == pytest.approx(1, abs=2e-3)


def test_the_window_keeps_the_newest_years(make_history):
    table = make_history([9, 8, 7, 6, 5, 6, 7, 8, 9])
    assert monotone_trend(table)["direction"].item() == "no_significant_change"
    found = monotone_trend(table, window=5).iloc[0]
    assert (found["direction"], found["n"], found["first"]) == ("increasing", 5, "2005")


@pytest.mark.parametrize(("n", "least", "most"), [(8, 0.025, 0.05), (20, 0.035, 0.055)])
def test_without_a_trend_at_most_one_in_twenty_alarms(n, least, most):
    found = monotone_trend(_many(np.random.default_rng(n).normal(size=(8000, n))))
    assert least < (found["direction"] != "no_significant_change").mean() < most


@pytest.mark.parametrize(("n", "most"), [(8, 0.02), (12, 0.045), (20, 0.05)])
def test_overlapping_averages_alarm_no_more_often_than_separate_years(n, most):
    years = np.random.default_rng(n).normal(size=(6000, n + 2))
    pools = np.lib.stride_tricks.sliding_window_view(years, 3, axis=1).mean(axis=2)
    found = monotone_trend(_many(pools, length=3))
    assert set(found["method"]) == {"mann_kendall_overlapping"}
    assert 0 < (found["direction"] != "no_significant_change").mean() < most
    naive = monotone_trend(_many(pools))
    assert (naive["direction"] != "no_significant_change").mean() > 0.15
