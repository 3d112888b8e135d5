import numpy as np
import pandas as pd
import pytest

from outcomes.statistics.rows import histories
from outcomes.statistics.trend import weighted_trend
from outcomes.statistics.trend.pooled import (
    irregular,
    kendall_variance,
    overlap_shares,
    overlapping,
)


def test_three_year_averages_share_two_thirds_then_a_third_then_nothing(make_history):
    shares = overlap_shares(histories(make_history([1, 2, 3, 4], length=3)))
    np.testing.assert_allclose(shares[0, 0], [1, 2 / 3, 1 / 3, 0], atol=1e-3)
    np.testing.assert_allclose(shares[0], shares[0].T)


def test_a_year_within_a_pool_shares_the_root_of_its_part(make_history):
    table = pd.concat([make_history([5], length=4), make_history([6], years=[2003])])
    shares = overlap_shares(histories(table))[0]
    assert shares[0, 1] == pytest.approx(0.5, abs=1e-3)


def test_periods_that_only_touch_do_not_overlap(make_history):
    table = pd.concat(
        [
            make_history([1, 2, 3], years=[2001, 2004, 2007], length=3, area="touch"),
            make_history([1, 2, 3], years=[2001, 2003, 2007], length=3, area="under"),
            make_history([1], area="alone"),
        ]
    )
    past = histories(table)
    assert dict(zip(past.keys.get_level_values(1), overlapping(past), strict=True)) == {
        "alone": False,
        "touch": False,
        "under": True,
    }


def test_without_overlap_the_variance_of_s_is_the_usual_one(make_history):
    past = histories(
        pd.concat([make_history(np.arange(9), area="a"), make_history(np.arange(6), area="b")])
    )
    expected = [9 * 8 * 23 / 18, 6 * 5 * 17 / 18]
    np.testing.assert_allclose(kendall_variance(past), expected, rtol=1e-7)


def test_with_overlap_the_variance_of_s_is_the_simulated_one(make_history):
    years = np.random.default_rng(1).normal(size=(40_000, 11))
    pools = np.lib.stride_tricks.sliding_window_view(years, 3, axis=1).mean(axis=2)
    i, j = np.triu_indices(9, 1)
    simulated = np.sign(pools[:, j] - pools[:, i]).sum(axis=1).var()
    found = kendall_variance(histories(make_history(np.arange(9), length=3)))
    assert found[0] == pytest.approx(simulated, rel=0.03)


def test_a_weighted_slope_counts_shared_years_once(make_history):
    years = np.random.default_rng(3).normal(size=(20_000, 7))
    pools = np.lib.stride_tricks.sliding_window_view(years, 3, axis=1).mean(axis=2)
    table = _pools(pools, half=1.96 / 3**0.5)
    found = weighted_trend(table)
    assert set(found["method"]) == {"weighted_slope_overlapping"}
    # The standardised slope is standard normal if the covariances are right.
    error = (found["slope_upper"] - found["slope"]) / 3.0902
    assert (found["slope"] / error).std() == pytest.approx(1, abs=0.02)
    alarms = (found["p"] < 0.002).mean()
    assert 0.001 < alarms < 0.003


def _pools(value, half):
    g, t = value.shape
    starts = pd.to_datetime([f"{1990 + year}-01-01" for year in range(t)])
    return pd.DataFrame(
        {
            "series": "s",
            "area_code": np.repeat(np.arange(g), t),
            "period_start": np.tile(starts, g),
            "period_end": np.tile(starts + pd.DateOffset(years=3, days=-1), g),
            "value": value.ravel(),
            "lower": value.ravel() - half,
            "upper": value.ravel() + half,
        }
    )


def test_a_pool_beside_all_its_years_cannot_be_calculated(make_history):
    table = pd.concat(
        [make_history([1, 2, 3, 4], 0.1), make_history([2.5], 0.05, length=4)]
    ).reset_index(drop=True)
    found = weighted_trend(table).iloc[0]
    assert found["direction"] == "cannot_be_calculated"
    assert found["reason"] == "a point's limits have no width, or two periods are the same"


def test_gaps_and_overlaps_make_a_history_irregular(make_history):
    table = pd.concat(
        [
            make_history([1, 2, 3], area="even"),
            make_history([1, 2, 3], years=[2001, 2002, 2004], area="gap"),
            make_history([1, 2, 3], length=2, area="pools"),
            make_history([1], area="alone"),
        ]
    )
    past = histories(table)
    assert dict(zip(past.keys.get_level_values(1), irregular(past), strict=True)) == {
        "alone": "",
        "even": "",
        "gap": "there is a gap in the series",
        "pools": "the periods overlap",
    }
