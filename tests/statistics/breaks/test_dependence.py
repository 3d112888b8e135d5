import re

import numpy as np
import pandas as pd
import pytest
import statsmodels.api as sm
from scipy.linalg import toeplitz
from statsmodels.tsa.stattools import acf

from outcomes.statistics.breaks import autocorrelation, steps
from outcomes.statistics.breaks.dependence import expected_lag_one, lag_one
from outcomes.statistics.breaks.steps import about_line, added_terms, step_terms, whitening

NONE = "no history of 8 even, separate points that do not lie on a line and step"
FEW = "it rests on fewer than 20 histories"


def dependent(rng, g, n, rho):
    noise = rng.normal(size=(g, n))
    noise[:, 1:] *= np.sqrt(1 - rho**2)
    for place in range(1, n):
        noise[:, place] += rho * noise[:, place - 1]
    return noise


def many(value, areas=50):
    g, t = value.shape
    starts = pd.to_datetime([f"{1980 + year}-01-01" for year in range(t)])
    area = np.repeat(np.arange(g), t)
    return pd.DataFrame(
        {
            "series": area // areas,
            "area_code": area,
            "period_start": np.tile(starts, g),
            "period_end": np.tile(starts + pd.DateOffset(years=1, days=-1), g),
            "period": np.tile(starts.year.astype(str), g),
            "value": value.ravel(),
        }
    )


@pytest.mark.parametrize("rho", [0.0, 0.3, 0.9])
def test_size_and_t_are_those_of_generalised_least_squares(rho):
    n = 11
    value = np.random.default_rng(1).normal(500, 3, (4, n))
    size, t = added_terms(value, step_terms(n), rho)
    for row in range(4):
        for place in range(n - 5):
            design = np.column_stack([np.ones(n), np.arange(n), np.arange(n) >= place + 3])
            fit = sm.GLS(value[row], design, sigma=toeplitz(rho ** np.arange(n))).fit()
            assert size[row, place] == pytest.approx(fit.params[2], rel=1e-8)
            assert t[row, place] == pytest.approx(fit.tvalues[2], rel=1e-8)


def test_whitening_undoes_the_covariance_of_dependent_noise():
    independent = whitening(6, 0.4)
    covariance = independent @ toeplitz(0.4 ** np.arange(6)) @ independent.T
    np.testing.assert_allclose(covariance, (1 - 0.4**2) * np.eye(6), atol=1e-12)


def test_lag_one_is_that_of_statsmodels_after_line_and_step():
    n = 12
    value = np.random.default_rng(3).normal(20, 2, (5, n))
    terms = step_terms(n)
    found = lag_one(value)
    for row in range(5):
        fits = [
            sm.GLS(
                value[row],
                np.column_stack([np.ones(n), np.arange(n), step]),
                sigma=toeplitz(0.6 ** np.arange(n)),
            ).fit()
            for step in terms.T
        ]
        rest = max(fits, key=lambda fit: abs(fit.tvalues[2])).resid @ whitening(n, 0.6).T
        assert found[row] == pytest.approx(rest[1:] @ rest[:-1] / (rest @ rest), rel=1e-6)


def test_about_a_line_without_dependence_is_what_a_line_leaves():
    value = np.random.default_rng(3).normal(20, 2, (1, 12))
    rest = sm.OLS(value[0], sm.add_constant(np.arange(12))).fit().resid
    np.testing.assert_allclose(about_line(value)[0], rest, atol=1e-10)
    assert acf(rest, nlags=1)[1] == pytest.approx(rest[1:] @ rest[:-1] / (rest @ rest))


@pytest.mark.parametrize("n", [8, 9, 15, 30])
def test_what_is_expected_rises_with_the_true_autocorrelation(n):
    assert (np.diff(expected_lag_one(n)) > 0.005).all()


@pytest.mark.parametrize(("n", "off"), [(8, 0.06), (12, 0.04), (20, 0.02)])
@pytest.mark.parametrize("rho", [0.0, 0.3, 0.6])
def test_the_true_autocorrelation_is_recovered(n, off, rho):
    value = dependent(np.random.default_rng([n, 7]), 6000, n, rho) + 3 * np.arange(n)
    found = autocorrelation(many(value, areas=6000)).iloc[0]
    assert found["rho"] == pytest.approx(rho, abs=off)
    assert (found["n"], found["method"], found["reason"]) == (6000, "after_line_and_step", "")


@pytest.mark.parametrize("rho", [0.0, 0.3])
def test_steps_in_half_of_the_areas_do_not_pass_for_dependence(rho):
    n = 14
    value = dependent(np.random.default_rng(2), 4000, n, rho)
    value[::2] += 5 * (np.arange(n) >= 6)
    assert autocorrelation(many(value, areas=4000))["rho"].iloc[0] == pytest.approx(rho, abs=0.1)


def test_unit_and_level_and_slope_of_an_area_do_not_matter():
    value = dependent(np.random.default_rng(4), 30, 12, 0.5)
    other = value * np.logspace(-2, 3, 30)[:, None] + 50 + np.outer(np.arange(30), np.arange(12))
    np.testing.assert_allclose(
        autocorrelation(many(value))["rho"], autocorrelation(many(other))["rho"], atol=1e-8
    )


def test_histories_of_several_lengths_are_pooled():
    rng = np.random.default_rng(5)
    parts = [many(dependent(rng, 2000, n, 0.4), areas=9999) for n in (9, 12, 18)]
    parts = [part.assign(area_code=part["area_code"] + i * 9999) for i, part in enumerate(parts)]
    found = autocorrelation(pd.concat(parts))
    assert found.index.tolist() == [0]
    assert found["n"].tolist() == [6000]
    assert found["rho"].iloc[0] == pytest.approx(0.4, abs=0.05)


def test_beyond_the_range_the_nearest_end_is_given():
    noise = np.random.default_rng(6).normal(size=(40, 16))
    wandering = noise.cumsum(axis=1).cumsum(axis=1)
    to_and_fro = noise + 9 * (-1) ** np.arange(16)
    found = [autocorrelation(many(value))["rho"].iloc[0] for value in (wandering, to_and_fro)]
    assert found == [0.9, 0.0]


@pytest.mark.parametrize(("areas", "reason"), [(19, FEW), (20, "")])
def test_few_histories_are_named(areas, reason):
    value = np.random.default_rng(7).normal(size=(areas, 10))
    found = autocorrelation(many(value)).iloc[0]
    assert (found["n"], found["reason"]) == (areas, reason)
    assert 0 <= found["rho"] <= 0.9


def test_a_series_without_a_usable_history_has_none(make_history):
    rng = np.random.default_rng(8)
    parts = [
        make_history(rng.normal(size=7), series="short"),
        make_history(rng.normal(size=12), length=3, series="overlap"),
        make_history(np.r_[rng.normal(size=8), np.nan, rng.normal(size=8)], series="gap"),
        make_history(np.arange(10) / 3, series="straight"),
        make_history(rng.normal(size=10), series="usable"),
        make_history(np.arange(10) / 3, series="usable", area="X2"),
    ]
    found = autocorrelation(pd.concat(parts))
    assert found["n"].to_dict() == {"gap": 0, "overlap": 0, "short": 0, "straight": 0, "usable": 1}
    assert found["reason"].tolist() == [NONE] * 4 + [FEW]
    assert found["rho"].notna().tolist() == [False] * 4 + [True]


def test_an_empty_table_gives_an_empty_answer():
    empty = many(np.zeros((1, 9))).iloc[:0]
    found = autocorrelation(empty)
    assert found.empty
    assert found.columns.tolist() == ["rho", "n", "method", "reason"]
    assert steps(empty, autocorrelation=found["rho"]).empty


def test_missing_values_are_left_out():
    value = np.random.default_rng(9).normal(size=(25, 10))
    padded = np.column_stack([np.full(25, np.nan), value])
    pd.testing.assert_frame_equal(autocorrelation(many(value)), autocorrelation(many(padded)))


@pytest.mark.parametrize("within", [[], ["nation"], ["series", "nation"]])
def test_pooling_within_anything_but_what_a_history_belongs_to_is_refused(within):
    message = f"within {within}: expected some of ['series', 'area_code']"
    with pytest.raises(ValueError, match=re.escape(message)):
        autocorrelation(many(np.zeros((1, 9))), within=within)


def test_a_series_of_one_area_alone_can_be_looked_at_with_the_dependence_of_all():
    value = dependent(np.random.default_rng(10), 60, 12, 0.5)
    value[0] += 12 * (np.arange(12) >= 6)
    table = many(value, areas=60)
    rho = autocorrelation(table)["rho"]
    alone = steps(table[table["area_code"] == 0], by=["series"], autocorrelation=rho)
    together = steps(table, autocorrelation=rho)
    pd.testing.assert_series_equal(alone.iloc[0], together.iloc[0], check_names=False)
    assert alone.iloc[0]["found"]
    assert alone.iloc[0]["at"] == "1986"


@pytest.mark.parametrize(
    ("given", "used"),
    [(None, 0), (0, 0), (-0.4, 0), (0.01, 0.1), (0.3, 0.3), (0.301, 0.4), (0.9, 0.9), (1, 0.9)],
)
def test_autocorrelation_is_rounded_up_to_tenths(given, used):
    table = many(np.random.default_rng(11).normal(size=(3, 9)))
    assert steps(table, autocorrelation=given)["rho"].tolist() == [used] * 3


def test_each_history_is_judged_by_the_autocorrelation_of_its_series():
    value = dependent(np.random.default_rng(12), 200, 12, 0.5)
    table = many(value, areas=100)
    given = pd.Series({1: 0.6, 0: 0.2}).rename_axis("series")
    found = steps(table, autocorrelation=given)
    for series, rho in given.items():
        alone = steps(table[table["series"] == series], autocorrelation=rho)
        pd.testing.assert_frame_equal(found.loc[[series]], alone)


def test_a_history_of_unknown_autocorrelation_is_not_looked_at(make_history):
    value = np.arange(10) >= 5
    parts = [make_history(9.0 * value, series=name) for name in ("s", "t", "u")]
    given = pd.Series({"s": 0.0, "t": np.nan}).rename_axis("series")
    found = steps(pd.concat(parts), autocorrelation=given)
    assert found["found"].tolist() == [True, False, False]
    assert found["reason"].tolist() == ["", *["its autocorrelation is not known"] * 2]
    assert found["p"].isna().tolist() == [False, True, True]
    assert found["rho"].isna().tolist() == [False, True, True]


def test_an_autocorrelation_for_something_else_is_refused():
    message = "autocorrelation is indexed by ['nation']: expected some of ['series', 'area_code']"
    with pytest.raises(ValueError, match=re.escape(message)):
        steps(many(np.zeros((1, 9))), autocorrelation=pd.Series({"E": 0.2}).rename_axis("nation"))


@pytest.mark.parametrize("rho", [1.01, -1.01])
def test_an_autocorrelation_beyond_one_is_refused(rho):
    message = f"autocorrelation {rho}: expected a number from -1 to 1"
    with pytest.raises(ValueError, match=re.escape(message)):
        steps(many(np.zeros((1, 9))), autocorrelation=rho)


def test_an_autocorrelation_given_twice_is_refused():
    twice = pd.Series([0.1, 0.2], index=pd.Index([0, 0], name="series"))
    with pytest.raises(ValueError, match="not a many-to-one merge"):
        steps(many(np.zeros((1, 9))), autocorrelation=twice)


@pytest.mark.parametrize("n", [8, 12, 20])
@pytest.mark.parametrize("rho", [0.3, 0.6])
def test_dependent_noise_raises_as_many_false_alarms_as_stated(n, rho):
    table = many(dependent(np.random.default_rng([n, 2]), 5000, n, rho))
    assert steps(table, autocorrelation=rho)["found"].mean() == pytest.approx(0.05, abs=0.012)
    estimated = steps(table, autocorrelation=autocorrelation(table)["rho"])
    assert estimated["found"].mean() == pytest.approx(0.05, abs=0.014)
    if n > 8:
        assert steps(table)["found"].mean() > 0.09


def test_a_step_stands_out_of_strongly_dependent_noise():
    value = dependent(np.random.default_rng(13), 400, 12, 0.6)
    value[::2] += 5 * (np.arange(12) >= 6)
    table = many(value)
    found = steps(table, autocorrelation=autocorrelation(table)["rho"])["found"].to_numpy()
    assert found[::2].mean() > 0.8
    assert found[1::2].mean() < 0.1


def test_limits_of_found_steps_hold_the_true_size_in_dependent_noise():
    value = dependent(np.random.default_rng(14), 2000, 14, 0.5) + 4 * (np.arange(14) >= 7)
    found = steps(many(value), autocorrelation=0.5)
    found = found[found["found"] & (found["at"] == "1987")]
    held = ((found["size_lower"] <= 4) & (found["size_upper"] >= 4)).mean()
    assert len(found) > 500
    assert held > 0.95
