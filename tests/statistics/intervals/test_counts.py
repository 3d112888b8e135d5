import re

import numpy as np
import pandas as pd
import pytest
from PHStatsMethods import byars_lower, byars_upper, exact
from PHStatsMethods import wilson as official_wilson
from scipy import stats
from statsmodels.stats.proportion import proportion_confint
from statsmodels.stats.rates import confint_poisson

from outcomes.statistics.intervals import byar, exact_poisson, mean_interval, poisson, wilson

NAN = float("nan")
LEVELS = [0.8, 0.95, 0.998]


@pytest.mark.shared_data
def test_wilson_and_byar_give_the_reference_table(shared_data):
    table = pd.read_excel(
        shared_data / "phe-methods" / "testdata_Byars_Wilson.xlsx", engine="calamine"
    )
    assert len(table) == 13
    for (method, level), rows in table.groupby(["method", "confidence"]):
        confidence = float(str(level).rstrip("%")) / (100 if "%" in str(level) else 1)
        counts = rows["x"].to_numpy()
        if method == "Wilson":
            limits = wilson(counts, rows["n"].to_numpy(), confidence=confidence)
        else:
            limits = byar(counts, confidence=confidence)
        expected = rows[["lowercl", "uppercl"]].to_numpy().T
        np.testing.assert_allclose(limits, expected, rtol=1e-9, equal_nan=True)


@pytest.mark.parametrize("confidence", LEVELS)
def test_wilson_agrees_with_two_other_programs_on_random_counts(confidence):
    rng = np.random.default_rng(7)
    n = rng.integers(1, 5000, 200).astype(float)
    events = rng.integers(0, n + 1).astype(float)
    limits = np.array(wilson(events, n, confidence=confidence))
    theirs = proportion_confint(events, n, alpha=1 - confidence, method="wilson")
    np.testing.assert_allclose(limits, theirs, rtol=1e-9, atol=1e-14)
    official = [official_wilson(x, of, confidence) for x, of in zip(events, n, strict=True)]
    np.testing.assert_allclose(limits.T, official, rtol=1e-9, atol=1e-14)


@pytest.mark.parametrize("confidence", LEVELS)
def test_poisson_limits_agree_with_other_programs_on_random_counts(confidence):
    events = np.random.default_rng(8).integers(0, 3000, 200).astype(float)
    limits = np.array(exact_poisson(events, confidence=confidence))
    theirs = confint_poisson(events, 1, method="exact-c", alpha=1 - confidence)
    np.testing.assert_allclose(limits[1], theirs[1], rtol=1e-9)
    some = events > 0
    np.testing.assert_allclose(limits[0][some], np.asarray(theirs[0])[some], rtol=1e-9)
    official = np.array([exact(x, confidence) for x in events[some]]).T
    np.testing.assert_allclose(limits[:, some], official, rtol=1e-9)


@pytest.mark.parametrize("confidence", LEVELS)
def test_the_official_rule_changes_method_at_ten_events(confidence):
    events = np.arange(1.0, 40)
    official = np.array(
        [
            exact(x, confidence)
            if x < 10
            else (byars_lower(x, confidence), byars_upper(x, confidence))
            for x in events
        ]
    ).T
    np.testing.assert_allclose(poisson(events, confidence=confidence), official, rtol=1e-9)
    few = poisson([9.0, 9.5, 10.0], confidence=confidence)
    wanted = exact_poisson([9.0, 9.5, 10.0], confidence=confidence)
    near = byar([9.0, 9.5, 10.0], confidence=confidence)
    for side in (0, 1):
        np.testing.assert_array_equal(few[side], [*wanted[side][:2], near[side][2]])
        assert near[side][2] != wanted[side][2]


def test_byar_is_within_two_thousandths_of_the_exact_limits_from_ten_events():
    events = np.arange(10.0, 500)
    for near, wanted in zip(byar(events), exact_poisson(events), strict=True):
        assert np.max(np.abs(near / wanted - 1)) < 0.002


def test_published_exact_limits_of_a_count_of_four():
    # The manual of R's survival::cipoisson, found there by a search to four decimals.
    lower, upper = exact_poisson(4)
    assert float(lower) == pytest.approx(1.089865, abs=1e-4)
    assert float(upper) == pytest.approx(10.24153, abs=1e-4)


def test_nobody_and_everybody():
    lower, upper = wilson([0, 20], [20, 20])
    z = stats.norm.ppf(0.975)
    assert lower[0] == 0
    assert upper[1] == 1
    assert upper[0] == pytest.approx(z**2 / (20 + z**2))
    assert lower[1] == pytest.approx(20 / (20 + z**2))
    lower, upper = poisson(0)
    assert lower == 0
    assert float(upper) == pytest.approx(-np.log(0.025))


def test_byar_has_no_lower_limit_where_its_formula_is_below_zero():
    lower, upper = byar([0.0, 1.0, 2.0], confidence=0.998)
    assert np.isnan(lower).tolist() == [True, True, False]
    assert not np.isnan(upper).any()


def test_missing_counts_have_missing_limits():
    for function in (byar, exact_poisson, poisson):
        assert np.isnan(function([NAN])).all()
    assert np.isnan(wilson([NAN, 1, 0, NAN], [5, NAN, 0, NAN])).all()
    assert np.isnan(mean_interval([NAN, 1, 1], [1, NAN, 1], [5, 5, NAN])).all()


def test_arrays_broadcast_and_may_be_empty():
    lower, upper = wilson(np.array([[1.0], [2.0]]), np.array([10.0, 20.0, 30.0]))
    assert lower.shape == upper.shape == (2, 3)
    assert lower[1, 2] == wilson(2, 30)[0]
    assert [len(part) for part in (*wilson([], []), *poisson([]), *mean_interval([], [], []))] == (
        [0] * 6
    )


def test_a_mean_has_the_limits_of_the_t_test():
    values = np.random.default_rng(3).normal(50, 9, (4, 12))
    limits = mean_interval(values.mean(axis=1), values.std(axis=1, ddof=1), 12, confidence=0.9)
    expected = stats.ttest_1samp(values, 0, axis=1).confidence_interval(0.9)
    np.testing.assert_allclose(limits, expected, rtol=1e-12)


def test_a_mean_of_one_value_has_no_limits_and_of_two_it_has():
    lower, upper = mean_interval(5.0, [0.0, 1.0], [1, 2])
    assert np.isnan([lower[0], upper[0]]).all()
    # Student's t with one degree of freedom: 12.706 at 95%.
    assert upper[1] - 5 == pytest.approx(12.706 / np.sqrt(2), abs=5e-4)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: wilson([1, 6], [5, 5]), "row 1: events 6.0 are more than n 5.0"),
        (lambda: wilson([1, -1], 5), "row 1: events -1.0: expected a number of 0 or more"),
        (lambda: wilson(0, -5), "row 0: n -5.0: expected a number of 0 or more"),
        (lambda: byar([3, -2]), "row 1: events -2.0: expected a number of 0 or more"),
        (lambda: poisson([np.inf]), "row 0: events inf: expected a number of 0 or more"),
        (lambda: mean_interval(1, -1, 5), "row 0: sd -1.0: expected a number of 0 or more"),
        (
            lambda: poisson(5, confidence=95),
            "confidence 95: expected a fraction from 0.5 to below 1, such as 0.95",
        ),
    ],
)
def test_counts_that_cannot_be_are_refused(call, message):
    with pytest.raises(ValueError, match=f"^{re.escape(message)}$"):
        call()


@pytest.mark.parametrize(("n", "share"), [(30, 0.1), (30, 0.5), (200, 0.03)])
def test_wilson_covers_the_truth_about_as_often_as_it_says(n, share):
    events = np.arange(n + 1)
    lower, upper = wilson(events, n)
    weight = stats.binom.pmf(events, n, share)
    assert 0.93 < weight[(lower <= share) & (share <= upper)].sum() < 0.98


@pytest.mark.parametrize("mean", [3.0, 12.0, 80.0])
def test_poisson_limits_cover_the_truth_at_least_as_often_as_they_say(mean):
    events = np.arange(300)
    lower, upper = poisson(events)
    weight = stats.poisson.pmf(events, mean)
    assert 0.949 < weight[(lower <= mean) & (mean <= upper)].sum() < 0.99
