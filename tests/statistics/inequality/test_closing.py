import re

import numpy as np
import pandas as pd
import pytest

from outcomes.statistics.inequality import gap_trend


def history(values, error=None, *, area="A", years=1, **columns):
    starts = [pd.Timestamp(2010 + i, 1, 1) for i in range(len(values))]
    frame = pd.DataFrame(
        {
            "series": "s",
            "area_code": area,
            "period_start": starts,
            "period_end": [pd.Timestamp(s.year + years - 1, 12, 31) for s in starts],
            "value": np.asarray(values, dtype=float),
        }
    )
    if error is not None:
        arm = 1.959963984540054 * np.asarray(error, dtype=float)
        frame = frame.assign(lower=frame["value"] - arm, upper=frame["value"] + arm)
    return frame.assign(**columns)


def verdict(values, error=None, **options):
    return gap_trend(history(values, error, **options)).iloc[0]


@pytest.mark.parametrize("error", [0.5, None])
@pytest.mark.parametrize(
    ("values", "word"),
    [
        ([10, 9, 8, 7, 6, 5], "closing"),
        ([5, 6, 7, 8, 9, 10], "widening"),
        ([-10, -9, -8, -7, -6, -5], "closing"),
        ([-5, -6, -7, -8, -9, -10], "widening"),
        ([7, 8, 7.5, 6.9, 8.1, 7.2], "cannot_tell"),
        ([5, 4, 3, -3, -4, -5], "reversed"),
    ],
)
def test_made_series_get_their_verdict(values, error, word):
    found = verdict(values, error)
    assert found["verdict"] == word
    assert (found["first"], found["last"], found["n"]) == (values[0], values[-1], 6)
    assert found["reason"] == ("within chance" if word == "cannot_tell" else "")
    line = "generalised_least_squares" if error else "mann_kendall"
    assert (found["method"], found["confidence"]) == (line, 0.95)


def test_line_is_that_of_weighted_least_squares_with_known_variances():
    import statsmodels.api as sm

    values, error = np.array([10, 9.5, 9.7, 9.0, 8.9, 9.2]), np.array([1, 0.5, 2, 1, 0.7, 0.9])
    found = verdict(values, error)
    frame = history(values)
    middle = (frame["period_end"] + pd.Timedelta(days=1) - frame["period_start"]) / 2
    when = (frame["period_start"] + middle - pd.Timestamp(2000, 1, 1)) / pd.Timedelta(days=365.2425)
    design = sm.add_constant(when.to_numpy(float))
    fit = sm.WLS(values, design, weights=1 / error**2).fit(cov_type="fixed scale")
    assert found["slope"] == pytest.approx(fit.params[1], abs=1e-9)
    assert found["p"] == pytest.approx(fit.pvalues[1], abs=1e-9)
    limits = fit.conf_int()[1]
    assert [found["slope_lower"], found["slope_upper"]] == pytest.approx(limits, abs=1e-9)
    assert found["dispersion"] < 1


def test_scatter_beyond_the_limits_widens_the_interval_and_uses_students_t():
    import statsmodels.api as sm

    values = np.array([10, 7, 9.7, 6.0, 8.9, 5.2])
    found = verdict(values, 0.2)
    plain = history(values)
    when = 2010 + np.arange(6.0)
    fit = sm.OLS(values, sm.add_constant(when)).fit()
    assert found["dispersion"] == pytest.approx(fit.mse_resid / 0.04, rel=1e-3)
    # Leap years make the years a little uneven.
    assert found["p"] == pytest.approx(fit.pvalues[1], rel=1e-2)
    assert found["verdict"] == "cannot_tell"
    assert gap_trend(plain)["dispersion"].isna().all()


def test_pools_are_fitted_with_the_correlation_of_shared_years():
    import statsmodels.api as sm

    values = np.array([10, 9.6, 9.9, 9.2, 9.4, 9.0, 8.7])
    shared = np.maximum(1 - np.abs(np.subtract.outer(np.arange(7), np.arange(7))) / 3, 0)
    fit = sm.GLS(values, sm.add_constant(np.arange(7.0)), sigma=shared).fit(cov_type="fixed scale")
    found = verdict(values, 1.0, years=3)
    assert found["slope"] == pytest.approx(fit.params[1], rel=5e-3)
    assert found["p"] == pytest.approx(fit.pvalues[1], rel=2e-2)
    alone = verdict(values, 1.0)
    assert alone["p"] < found["p"]


def test_five_points_are_needed():
    short, enough = verdict([10, 9, 8, 7], 0.1), verdict([10, 9, 8, 7, 6], 0.1)
    assert (short["verdict"], short["method"]) == ("cannot_tell", "none")
    assert (short["n"], short["reason"]) == (4, "at least 5 points are needed")
    assert np.isnan(short["slope"])
    assert enough["verdict"] == "closing"
    assert verdict([10, 9, 8, 7])["reason"] == "at least 5 points are needed"
    assert verdict([10, 9, 8, 7, 6])["verdict"] == "closing"


def test_a_stricter_confidence_needs_a_clearer_trend():
    frame = history([10, 9.5, 9.0, 8.5, 8.0, 7.5], 1.0)
    usual, strict = (gap_trend(frame, confidence=level).iloc[0] for level in (0.95, 0.998))
    assert (usual["verdict"], strict["verdict"]) == ("closing", "cannot_tell")
    assert usual["p"] == strict["p"]
    assert 0.002 < usual["p"] < 0.05
    assert strict["slope_upper"] > 0 > usual["slope_upper"]


def test_a_missing_value_is_left_out_and_not_zero():
    found = verdict([10, 9, np.nan, 7, 6, 5], 0.5)
    assert (found["n"], found["verdict"]) == (5, "closing")
    assert found["slope"] == pytest.approx(-1, abs=1e-2)


def test_a_gap_about_none_has_no_verdict_though_it_moves():
    found = verdict([0.2, 0.1, 0, -0.1, -0.2], [1e-2, 1, 1, 1, 1e-2])
    assert found["verdict"] == "reversed"
    unsure = verdict([0.3, 0.2, 0.1, 0, -0.1, -0.2, -0.3], 0.2)
    assert (unsure["verdict"], unsure["p"] < 0.05) == ("reversed", True)
    found = verdict([2.0, -1, 0.5, -0.5, -0.6, -0.7, -0.8, -0.9, 0.6, -2])
    assert (found["verdict"], found["reason"]) == ("cannot_tell", "within chance")
    found = verdict([2.0, -0.1, -0.2, -0.3, -0.4, -0.5, -0.6, -3, 0.1, -4])
    assert (found["verdict"], found["reason"]) == ("cannot_tell", "the gap lies about none")


def test_reaching_none_is_closing_and_leaving_it_is_widening():
    assert verdict([4, 3, 2, 1, 0], 0.3)["verdict"] == "closing"
    assert verdict([0, 1, 2, 3, 4], 0.3)["verdict"] == "widening"


def test_a_ratio_closes_towards_one():
    down = history([3.0, 2.6, 2.2, 1.9, 1.6], area="A", measure="ratio")
    up = history([0.33, 0.4, 0.5, 0.6, 0.7], area="B", measure="ratio")
    found = gap_trend(pd.concat([down, up])).set_index("area_code")
    assert found["verdict"].tolist() == ["closing", "closing"]
    assert found.loc["A", "slope"] == pytest.approx(np.log(1.6 / 3) / 4, abs=0.01)
    assert found.loc["A", "first"] == pytest.approx(3)
    fine = down.assign(lower=down["value"] / 1.1, upper=down["value"] * 1.1)
    assert gap_trend(fine).loc[0, "verdict"] == "closing"


def test_one_point_without_limits_makes_the_history_one_without():
    frame = history([10, 9, 8, 7, 6, 5], 0.5)
    frame.loc[2, "lower"] = np.nan
    assert gap_trend(frame).loc[0, "method"] == "mann_kendall"


def test_periods_made_up_of_others_have_no_verdict():
    single = history([10, 9, 8, 7, 6, 5], 0.5)
    whole = history([9.5], 0.3, years=2)
    found = gap_trend(pd.concat([single, whole])).iloc[0]
    assert (found["verdict"], found["reason"]) == (
        "cannot_tell",
        "some periods are made up of others",
    )


def test_many_histories_at_once_keep_their_own_answers():
    parts = [
        history([10, 9, 8, 7, 6, 5], 0.5, area="B"),
        history([5, 6, 7, 8, 9, 10], area="A"),
        history([5, 6], area="C"),
    ]
    found = gap_trend(pd.concat(parts)).set_index("area_code")["verdict"]
    assert found.to_dict() == {"A": "widening", "B": "closing", "C": "cannot_tell"}


def test_an_empty_table_gives_no_verdicts():
    found = gap_trend(history([1.0], 1.0).iloc[:0])
    assert len(found) == 0
    assert {"verdict", "slope_lower", "reason"} <= set(found)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"measure": "share"}, "row 0: measure share: expected 'difference' or 'ratio'"),
        ({"measure": "ratio", "value": -1.0}, "row 0: value -1.0: expected a ratio above 0"),
        ({"lower": 9.0}, "row 0: value 5.0: expected one between its limits"),
    ],
)
def test_wrong_rows_are_named(change, message):
    with pytest.raises(ValueError, match=f"^{re.escape(message)}$"):
        gap_trend(history([5.0] * 5).assign(**change))


@pytest.mark.parametrize(("extra", "years"), [(1, 1), (2, 1), (1, 3)])
def test_false_verdicts_stay_within_five_percent(extra, years):
    rng = np.random.default_rng(5)
    single = rng.standard_normal((2000, 8 + years - 1)) * np.sqrt(years) * extra
    values = 10 + np.lib.stride_tricks.sliding_window_view(single, years, axis=1).mean(axis=2)
    one = history(np.zeros(8), 1.0, years=years)
    table = pd.concat([one] * len(values), ignore_index=True)
    shift = values.ravel()
    table = table.assign(
        area_code=np.repeat(np.arange(len(values)), 8),
        value=shift,
        lower=table["lower"] + shift,
        upper=table["upper"] + shift,
    )
    moved = gap_trend(table)["verdict"] != "cannot_tell"
    assert 0.02 < moved.mean() < 0.065
