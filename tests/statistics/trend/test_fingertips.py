import re

import numpy as np
import pandas as pd
import pytest
import statsmodels.api as sm

from outcomes.statistics.trend import fingertips, weighted_trend
from outcomes.statistics.trend.fingertips import CRITICAL, straight_line

LINE = np.arange(1, 6)
UNIT = 1.96
"""Half the width of limits whose standard error is 1."""


@pytest.mark.parametrize(
    ("slope", "direction"),
    [
        # Standard errors of 1: chi-squared is 10 times the slope squared, 9.5492 and 9.5512.
        (0.9772, "no_significant_change"),
        (0.9773, "increasing"),
        (-0.9772, "no_significant_change"),
        (-0.9773, "decreasing"),
        (0.0, "no_significant_change"),
    ],
)
def test_the_slope_is_significant_just_above_the_critical_value(make_history, slope, direction):
    found = fingertips(make_history(20 + slope * LINE, UNIT)).iloc[0]
    assert found["direction"] == direction
    assert found["slope"] == pytest.approx(slope, abs=1e-3)
    assert found["reason"] == ""


@pytest.mark.parametrize(
    ("values", "direction"),
    [
        # Without the last point the slope is 0.1, 0 and -0.1; chi-squared is far above 9.55 in all.
        ([0.0, 0.1, 0.2, 0.3, 10.0], "increasing"),
        ([0.0, 0.0, 0.0, 0.0, 10.0], "no_significant_change"),
        ([0.3, 0.2, 0.1, 0.0, 10.0], "no_significant_change"),
        ([0.3, 0.2, 0.1, 0.0, -10.0], "decreasing"),
        ([10.0, 0.3, 0.2, 0.1, 0.0], "decreasing"),
        ([10.0, 0.0, 0.1, 0.2, 0.3], "no_significant_change"),
    ],
)
def test_the_sign_must_hold_when_one_point_is_left_out(make_history, values, direction):
    found = fingertips(make_history(values, UNIT)).iloc[0]
    assert found["direction"] == direction
    assert found["p"] < 0.001
    flips = direction == "no_significant_change"
    assert (found["reason"] == "the slope changes its sign when one point is left out") == flips


def test_the_critical_value_is_that_of_p_0_002():
    from scipy.stats import chi2

    assert pytest.approx(chi2.isf(0.002, 1), rel=1e-12) == CRITICAL


def test_a_hand_worked_history_has_every_column(make_history):
    found = fingertips(make_history([10, 12, 14, 16, 18], UNIT))
    assert found.index.tolist() == [("s", "X1")]
    # Slope 2, standard error 1 / sqrt(10), z of 99.8% is 3.0902.
    row = found.iloc[0].to_dict()
    assert row.pop("slope") == pytest.approx(2, abs=2e-3)
    assert row.pop("slope_lower") == pytest.approx(2 - 3.0902 / 10**0.5, abs=2e-3)
    assert row.pop("slope_upper") == pytest.approx(2 + 3.0902 / 10**0.5, abs=2e-3)
    assert row.pop("p") == pytest.approx(2.54e-10, rel=0.01)
    assert row == {
        "direction": "increasing",
        "n": 5,
        "first": "2001",
        "last": "2005",
        "method": "fingertips",
        "confidence": 0.998,
        "reason": "",
    }


def test_slopes_are_those_of_statsmodels_with_known_variances(make_history):
    rng = np.random.default_rng(3)
    histories = [
        (rng.uniform(0, 100) + rng.normal(0, 3, 5), rng.uniform(0.5, 4, 5)) for _ in range(30)
    ]
    table = pd.concat([make_history(v, h, area=f"A{i:02}") for i, (v, h) in enumerate(histories)])
    found = fingertips(table)
    directions = set()
    for (value, half), (_, row) in zip(histories, found.iterrows(), strict=True):
        fit = _fit(LINE, value, half)
        years = (pd.Timestamp(2005, 1, 1) - pd.Timestamp(2001, 1, 1)).days / 365.2425 / 4
        # Leap days make the middle of a period drift by a day in four years.
        assert row["slope"] == pytest.approx(fit.params[1] / years, rel=1e-3)
        assert row["p"] == pytest.approx(fit.pvalues[1], rel=1e-9, abs=1e-300)
        left = [_fit(*(np.delete(a, k) for a in (LINE, value, half))).params[1] for k in range(5)]
        same = (np.sign(left) == np.sign(fit.params[1])).all()
        significant = same and fit.tvalues[1] ** 2 > CRITICAL
        expected = "increasing" if fit.params[1] > 0 else "decreasing"
        assert row["direction"] == (expected if significant else "no_significant_change")
        directions.add(row["direction"])
    assert directions == {"increasing", "decreasing", "no_significant_change"}


def _fit(x, value, half):
    weights = (3.92 / (2 * half)) ** 2
    return sm.WLS(value, sm.add_constant(x), weights=weights).fit(cov_type="fixed scale")


def test_lines_with_covariances_are_those_of_statsmodels():
    rng = np.random.default_rng(4)
    x, y = np.sort(rng.uniform(2000, 2020, (20, 5)), axis=1), rng.normal(50, 9, (20, 5))
    root = rng.normal(size=(20, 5, 5))
    covariance = root @ root.transpose(0, 2, 1) + np.eye(5)
    slope, error = straight_line(x, y, covariance)
    for row in range(20):
        fit = sm.GLS(y[row], sm.add_constant(x[row]), sigma=covariance[row]).fit(
            cov_type="fixed scale"
        )
        assert slope[row] == pytest.approx(fit.params[1], rel=1e-6)
        assert error[row] == pytest.approx(fit.bse[1], rel=1e-6)


def test_only_the_newest_five_complete_points_count_and_gaps_do_not(make_history):
    table = make_history([900, 10, 12, 99, 14, 16, 18], UNIT)
    table.loc[3, "denominator"] = np.nan
    found = fingertips(table).iloc[0]
    assert (found["first"], found["last"], found["n"]) == ("2002", "2007", 5)
    # Positions 1 to 5 have the slope 2; the points span 5 years, so 1.6 a year.
    assert found["slope"] == pytest.approx(8 / 5, rel=1e-3)
    assert found["p"] == pytest.approx(2.54e-10, rel=0.01)


def test_four_points_are_too_few(make_history):
    found = fingertips(make_history([1, 2, 3, 4], 0.01)).iloc[0]
    assert found["direction"] == "cannot_be_calculated"
    assert np.isnan(found[["slope", "slope_lower", "slope_upper", "p"]].astype(float)).all()
    assert found["reason"] == (
        "at least 5 points with value, lower, upper, numerator, denominator are needed"
    )


def test_limits_without_width_are_refused(make_history):
    half = np.array([1, 1, 0, 1, 1.0])
    found = fingertips(make_history([1, 2, 3, 4, 5], half)).iloc[0]
    assert found["direction"] == "cannot_be_calculated"
    assert found["reason"] == "a point's limits have no width, or two periods are the same"


def test_counts_are_asked_for_by_one_rule_and_not_by_the_other(make_history):
    table = make_history([10, 12, 14, 16, 18], UNIT, counts=False)
    assert fingertips(table).empty
    found = weighted_trend(table).iloc[0]
    assert (found["direction"], found["method"]) == ("increasing", "weighted_slope")


def test_limits_the_wrong_way_round_are_named(make_history):
    table = make_history([10, 12, 14, 16, 18], -1.0)
    with pytest.raises(
        ValueError, match=re.escape("row 0: lower limit 11.0 is above upper limit 9.0")
    ):
        fingertips(table)


def test_fewer_than_three_points_cannot_be_asked_for(make_history):
    with pytest.raises(ValueError, match=re.escape("points 2: expected 3 or more")):
        fingertips(make_history([1, 2], 1), points=2)


def test_without_a_trend_the_rule_alarms_at_most_twice_in_a_thousand():
    rng = np.random.default_rng(5)
    starts = pd.to_datetime([f"{year}-01-01" for year in LINE + 2000])
    value = rng.normal(50, 1, (40_000, 5)).ravel()
    table = pd.DataFrame(
        {
            "series": "s",
            "area_code": np.repeat(np.arange(40_000), 5),
            "period_start": np.tile(starts, 40_000),
            "period_end": np.tile(starts + pd.DateOffset(years=1, days=-1), 40_000),
            "value": value,
            "lower": value - UNIT,
            "upper": value + UNIT,
        }
    )
    alarms = (weighted_trend(table)["direction"] != "no_significant_change").mean()
    # Three standard errors of 40,000 draws are 0.0007.
    assert 0.0005 < alarms < 0.0027
