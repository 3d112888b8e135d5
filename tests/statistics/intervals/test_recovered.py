import re

import numpy as np
import pytest
from scipy import stats
from statsmodels.stats.proportion import confint_proportions_2indep

from outcomes.statistics.intervals import (
    difference_interval,
    exact_poisson,
    ratio_interval,
    rescaled,
    standard_errors,
    wilson,
)

NAN = float("nan")
Z = stats.norm.ppf(0.975)


def test_each_side_has_its_own_standard_error():
    below, above = standard_errors([10.0, 5.0], [10 - Z, 5.0], [10 + 2 * Z, 5.0])
    np.testing.assert_allclose(below, [1, 0])
    np.testing.assert_allclose(above, [2, 0])


def test_the_level_of_the_limits_matters():
    below, _ = standard_errors(10, 10 - stats.norm.ppf(0.999), 12, confidence=0.998)
    assert float(below) == pytest.approx(1)


def test_a_missing_limit_has_a_missing_error_on_its_side_only():
    below, above = standard_errors([10.0, NAN], [NAN, 1.0], [12.0, 3.0])
    assert np.isnan(below).all()
    assert np.isnan(above).tolist() == [False, True]


def test_a_value_a_hair_outside_its_limits_is_rounding_but_no_more():
    below, _ = standard_errors(100, 100 + 5e-8, 101)
    assert float(below) == 0
    message = "row 1: the value 5.0 is outside its limits 6.0 to 7.0"
    with pytest.raises(ValueError, match=f"^{re.escape(message)}$"):
        standard_errors([5.0, 5.0], [4.0, 6.0], [7.0, 7.0])
    message = "row 0: the value 8.0 is outside its limits 6.0 to 7.0"
    with pytest.raises(ValueError, match=f"^{re.escape(message)}$"):
        standard_errors([8.0], [6.0], [7.0])


def test_limits_at_another_level_are_stretched_by_each_side_alone():
    lower, upper = rescaled([10.0, NAN], 9.0, 13.0, confidence=0.95, to=0.998)
    factor = stats.norm.ppf(0.999) / Z
    np.testing.assert_allclose(lower, [10 - factor, NAN])
    np.testing.assert_allclose(upper, [10 + 3 * factor, NAN])


def test_limits_at_their_own_level_stay_as_they_are():
    lower, upper = rescaled([50.0], [44.0], [57.0], confidence=0.95, to=0.95)
    np.testing.assert_allclose([lower[0], upper[0]], [44, 57], rtol=1e-14)


def test_symmetric_intervals_give_the_usual_difference():
    lower, upper = difference_interval(12, 12 - 3 * Z, 12 + 3 * Z, 7, 7 - 4 * Z, 7 + 4 * Z)
    np.testing.assert_allclose([lower, upper], [5 - 5 * Z, 5 + 5 * Z])


def test_with_wilson_limits_a_difference_is_newcombes():
    rng = np.random.default_rng(2)
    n, m = rng.integers(5, 400, (2, 50))
    x, y = rng.integers(0, n + 1), rng.integers(0, m + 1)
    ours = difference_interval(x / n, *wilson(x, n), y / m, *wilson(y, m))
    theirs = np.transpose(
        [
            confint_proportions_2indep(*row, method="newcomb", compare="diff")
            for row in zip(x, n, y, m, strict=True)
        ]
    )
    np.testing.assert_allclose(ours, theirs, rtol=1e-9, atol=1e-13)


def test_newcombes_published_example():
    # Newcombe (1998), table II, 56/70 less 48/80, method 10: 0.0524 to 0.3339.
    lower, upper = difference_interval(56 / 70, *wilson(56, 70), 48 / 80, *wilson(48, 80))
    assert float(lower) == pytest.approx(0.0524, abs=5e-5)
    assert float(upper) == pytest.approx(0.3339, abs=5e-5)


def test_a_comparator_known_exactly_only_shifts_the_limits():
    lower, upper = difference_interval(12, 10, 15, 7, 7, 7)
    np.testing.assert_allclose([lower, upper], [3, 8])


def test_a_difference_with_a_missing_part_is_missing():
    for place in range(6):
        parts = [12.0, 10.0, 15.0, 7.0, 6.0, 9.0]
        parts[place] = NAN
        assert np.isnan(difference_interval(*parts)).any()


def test_a_ratio_is_fiellers_where_both_intervals_are_symmetric():
    value, other, error, other_error = 12.0, 8.0, 1.0, 0.9
    lower, upper = ratio_interval(
        *(value, value - Z * error, value + Z * error),
        *(other, other - Z * other_error, other + Z * other_error),
    )
    roots = np.roots(
        [
            other**2 - (Z * other_error) ** 2,
            -2 * value * other,
            value**2 - (Z * error) ** 2,
        ]
    )
    np.testing.assert_allclose([lower, upper], sorted(roots))


def test_a_comparator_known_exactly_only_divides_the_limits():
    lower, upper = ratio_interval(12, 10, 15, 8, 8, 8)
    np.testing.assert_allclose([lower, upper], [10 / 8, 15 / 8])


def test_an_upper_limit_of_twice_the_other_is_no_exception():
    near = [ratio_interval(10, 5, 15, 10, 8, end) for end in (20 - 1e-9, 20, 20 + 1e-9)]
    np.testing.assert_allclose(near[0], near[1])
    np.testing.assert_allclose(near[2], near[1])


def test_a_ratio_to_what_may_be_nothing_has_no_upper_end():
    lower, upper = ratio_interval([5.0, 5.0], [2.0, 2.0], [9.0, 9.0], [5.0, 0.0], 0.0, 8.0)
    assert upper[0] == np.inf
    assert 0 < lower[0] < 1
    assert np.isnan([lower[1], upper[1]]).all()


def test_a_ratio_of_nothing_begins_at_zero():
    lower, upper = ratio_interval(0, 0, 3, 5, 3, 8)
    assert float(lower) == 0
    assert 0 < float(upper) < np.inf


def test_a_ratio_does_not_begin_below_zero():
    # Limits from a symmetric method may lie below 0 where the value does not.
    lower, upper = ratio_interval(1, -0.5, 2.5, 5, 3, 7)
    assert float(lower) == 0
    assert float(upper) > 0.5


def test_a_ratio_with_missing_parts_is_missing():
    lower, upper = ratio_interval([NAN, 5, 5], [1, 2, 2], [2, 9, 9], [5, NAN, 5], 0, [8, 8, NAN])
    assert np.isnan(lower).all()
    assert np.isnan(upper).tolist() == [True, True, False]
    assert np.isnan(ratio_interval(5, 2, NAN, 5, 0, 8)[1])


def test_the_ratio_of_two_counts_is_near_the_exact_one():
    # Exactly: x of x + y is binomial, and the ratio its odds.
    x, y = 40, 25
    ours = ratio_interval(x, *exact_poisson(x), y, *exact_poisson(y))
    share = stats.binomtest(x, x + y).proportion_ci(0.95)
    theirs = [limit / (1 - limit) for limit in share]
    np.testing.assert_allclose(ours, theirs, rtol=0.03)
