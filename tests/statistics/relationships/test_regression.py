import re

import numpy as np
import pandas as pd
import pytest
import statsmodels.api as sm
from statsmodels.regression.tests.results.results_regression import Longley
from statsmodels.stats.diagnostic import het_breuschpagan
from statsmodels.stats.outliers_influence import OLSInfluence, variance_inflation_factor

from outcomes.statistics.relationships import NOT_CAUSE, RegressionRefusedError, regression


@pytest.fixture
def areas():
    rng = np.random.default_rng(75)
    table = pd.DataFrame(rng.normal(size=(50, 3)), columns=["a", "b", "c"])
    table["people"] = rng.uniform(1, 9, 50)
    table["y"] = 5 + 2 * table["a"] - table["b"] + rng.normal(size=50) * (1 + table["a"] ** 2)
    table.index = [f"E{i:02}" for i in range(50)]
    return table


def test_longley_has_its_certified_coefficients_errors_and_fit():
    data, certified = sm.datasets.longley.load_pandas().data, Longley()
    fit = regression(data, "TOTEMP", list(data.columns[1:]), robust="nonrobust", fewest=16)
    table = fit.coefficients
    np.testing.assert_allclose(table["coef"], np.roll(certified.params, 1), rtol=1e-8)
    np.testing.assert_allclose(table["standard_error"], np.roll(certified.bse, 1), rtol=1e-8)
    assert fit.r2 == pytest.approx(certified.rsquared, rel=1e-12)
    assert fit.r2_adjusted == pytest.approx(certified.rsquared_adj, abs=1e-8)
    assert "predictors overlap: GNPDEFL, GNP, UNEMP, POP, YEAR" in set(fit.diagnostics["note"])


def test_stackloss_has_hc3_errors_limits_and_influence_as_statsmodels_gives_them():
    data = sm.datasets.stackloss.load_pandas().data
    on = ["AIRFLOW", "WATERTEMP", "ACIDCONC"]
    fit = regression(data, "STACKLOSS", on, fewest=21, confidence=0.9)
    plain = sm.OLS(data["STACKLOSS"], sm.add_constant(data[on])).fit()
    robust = plain.get_robustcov_results("HC3", use_t=True)
    table = fit.coefficients
    np.testing.assert_allclose(table["coef"], plain.params, rtol=1e-9)
    np.testing.assert_allclose(table["standard_error"], robust.bse, rtol=1e-8)
    np.testing.assert_allclose(table[["lower", "upper"]], robust.conf_int(0.1), rtol=1e-8)
    np.testing.assert_allclose(table["p"], robust.pvalues, rtol=1e-6)
    influence = OLSInfluence(plain)
    np.testing.assert_allclose(fit.areas["cooks_distance"], influence.cooks_distance[0], rtol=1e-8)
    np.testing.assert_allclose(fit.areas["leverage"], influence.hat_matrix_diag, rtol=1e-8)
    standardised = influence.resid_studentized_internal
    np.testing.assert_allclose(fit.areas["standardised_residual"], standardised, rtol=1e-8)
    # Row 21 is the one that the literature finds.
    assert list(fit.areas.index[fit.areas["influential"]]) == [20]
    inflation = [
        variance_inflation_factor(sm.add_constant(data[on]).to_numpy(), i) for i in (1, 2, 3)
    ]
    np.testing.assert_allclose(table["variance_inflation"], [np.nan, *inflation], rtol=1e-8)
    spread = het_breuschpagan(plain.resid, plain.model.exog)
    assert tuple(fit.diagnostics.loc["breusch_pagan", ["statistic", "p"]]) == pytest.approx(
        spread[:2]
    )


def test_anscombes_first_set_has_the_line_he_gives():
    table = pd.DataFrame(
        {
            "x": [10, 8, 13, 9, 11, 14, 6, 4, 12, 7, 5],
            "y": [8.04, 6.95, 7.58, 8.81, 8.33, 9.96, 7.24, 4.26, 10.84, 4.82, 5.68],
        }
    )
    fit = regression(table, "y", ["x"], fewest=11)
    assert list(fit.coefficients["coef"]) == pytest.approx([3.0, 0.5], abs=0.001)
    assert fit.r2 == pytest.approx(0.667, abs=0.001)


def test_anscombes_fourth_set_is_refused_for_one_point_decides_its_slope():
    table = pd.DataFrame({"x": [8.0] * 7 + [19] + [8.0] * 3, "y": np.arange(11.0) % 4})
    with pytest.raises(
        RegressionRefusedError, match=r"^area 7 alone decides a coefficient; leave it"
    ):
        regression(table, "y", ["x"], fewest=11)


def test_weighted_least_squares_equals_plain_on_rows_scaled_by_the_root_of_the_weight(areas):
    fit = regression(areas, "y", ["a", "b"], weights="people")
    root = np.sqrt(areas["people"])
    design = pd.DataFrame({"one": root, "a": areas["a"] * root, "b": areas["b"] * root})
    plain = sm.OLS(areas["y"] * root, design).fit()
    influence = OLSInfluence(plain)
    np.testing.assert_allclose(fit.coefficients["coef"], plain.params, rtol=1e-10)
    np.testing.assert_allclose(fit.coefficients["standard_error"], plain.HC3_se, rtol=1e-10)
    np.testing.assert_allclose(fit.areas["leverage"], influence.hat_matrix_diag, rtol=1e-10)
    np.testing.assert_allclose(fit.areas["cooks_distance"], influence.cooks_distance[0], rtol=1e-9)
    assert fit.method == "weighted_least_squares"


def test_expected_and_residual_add_up_to_actual_and_an_incomplete_area_says_why(areas):
    areas.loc["E03", "b"] = np.nan
    areas.loc["E04", "y"] = np.nan
    fit = regression(areas, "y", ["a", "b"])
    used = fit.areas[fit.areas["reason"] == ""]
    np.testing.assert_allclose(used["expected"] + used["residual"], used["actual"], rtol=1e-12)
    assert fit.n == len(used) == 48
    assert list(fit.areas.index) == list(areas.index)
    left = fit.areas.loc[["E03", "E04"]]
    assert list(left["reason"]) == ["no value for b", "no value for y"]
    assert left["expected"].isna().all()
    assert not left["influential"].any()
    assert left.loc["E03", "actual"] == areas.loc["E03", "y"]


def test_a_planted_area_is_influential_and_off_the_line(areas):
    areas.loc["E10", ["a", "y"]] = [3.0, -40.0]
    row = regression(areas, "y", ["a", "b"]).areas.loc["E10"]
    assert row["influential"]
    assert row["standardised_residual"] < -3


def test_influence_begins_above_four_out_of_the_number_of_areas(areas):
    table = regression(areas, "y", ["a", "b"]).areas
    assert list(table["influential"]) == list(table["cooks_distance"] > 4 / 50)
    assert 0 < table["influential"].sum() < 50


def test_diagnostics_name_unequal_spread_and_residuals_that_are_not_normal(areas):
    clean = regression(areas.assign(y=areas["a"] + areas["b"]), "y", ["a"]).diagnostics["note"]
    assert list(clean) == ["", "", ""]
    wide = regression(areas.assign(y=np.exp(areas["a"]) * areas["b"]), "y", ["a"])
    note = wide.diagnostics.loc["breusch_pagan", "note"]
    assert note == "the spread changes with the predictors"
    skewed = regression(areas.assign(y=np.exp(2 * areas["b"])), "y", ["a"])
    assert skewed.diagnostics.loc["shapiro_wilk", "note"].startswith("residuals are not normal")


def test_a_perfect_line_leaves_nothing_influential(areas):
    areas["y"] = 1 + 2 * areas["a"]
    fit = regression(areas, "y", ["a"])
    assert fit.r2 == pytest.approx(1)
    assert not fit.areas["influential"].any()


def test_the_result_carries_its_method_and_the_caution(areas):
    fit = regression(areas, "y", ["a"])
    assert (fit.method, fit.robust, fit.confidence) == ("least_squares", "HC3", 0.95)
    assert fit.caution == NOT_CAUSE


def test_thirty_areas_carry_two_predictors_and_twenty_nine_do_not(areas):
    assert regression(areas.iloc[:30], "y", ["a", "b"]).n == 30
    message = "29 areas have all values; 2 predictors need at least 30"
    with pytest.raises(RegressionRefusedError, match=f"^{message}$"):
        regression(areas.iloc[:29], "y", ["a", "b"])


def test_no_areas_at_all_are_refused(areas):
    message = "0 areas have all values; 1 predictors need at least 20"
    with pytest.raises(RegressionRefusedError, match=f"^{message}$"):
        regression(areas.iloc[:0], "y", ["a"])


def test_fewer_areas_than_a_fit_can_have_are_refused_whatever_is_asked(areas):
    with pytest.raises(RegressionRefusedError, match="predictors need at least 5"):
        regression(areas.iloc[:4], "y", ["a", "b"], fewest=1)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"c": 4.0}, "c has the same value in every area"),
        ({"y": 4.0}, "y has the same value in every area"),
    ],
)
def test_what_does_not_vary_is_refused(areas, change, message):
    with pytest.raises(RegressionRefusedError, match=f"^{message}$"):
        regression(areas.assign(**change), "y", ["a", "b", "c"])


def test_a_predictor_that_is_a_sum_of_others_is_refused_and_nearly_so_is_noted(areas):
    areas["c"] = 100 - areas["a"] - areas["b"]
    with pytest.raises(RegressionRefusedError, match=r"is a sum of other predictors; leave one"):
        regression(areas, "y", ["a", "b", "c"])
    areas["c"] += 0.1 * np.sin(np.arange(50))
    note = regression(areas, "y", ["a", "b", "c"]).diagnostics.loc["condition_number", "note"]
    assert note == "predictors overlap: a, b, c"


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (
            {"on": ["a"], "robust": "HC9"},
            "robust 'HC9': expected one of HC3, HC2, HC1, HC0, nonrobust",
        ),
        ({"on": ["z"]}, "the table has no column z; it has a, b, c, people, y"),
        ({"on": []}, "columns ['y']: expected an outcome and other predictors, each once"),
        ({"on": ["y"]}, "columns ['y', 'y']: expected an outcome and other predictors, each once"),
        ({"on": ["a"], "weights": "b"}, "column b, row E00: expected a weight above 0"),
    ],
)
def test_what_cannot_be_is_refused(areas, options, message):
    areas.loc["E00", "b"] = 0.0
    areas.loc["E01":, "b"] = 1.0
    with pytest.raises(ValueError, match=f"^{re.escape(message)}$"):
        regression(areas, "y", **options)


def test_hc3_limits_hold_the_true_slope_near_95_per_cent_where_spread_is_unequal():
    rng = np.random.default_rng(7)
    held = 0
    for _ in range(200):
        x = rng.normal(size=40)
        table = pd.DataFrame({"x": x, "y": x + rng.normal(size=40) * np.abs(x)})
        row = regression(table, "y", ["x"]).coefficients.loc["x"]
        held += row["lower"] < 1 < row["upper"]
    assert 0.90 < held / 200 < 0.99
