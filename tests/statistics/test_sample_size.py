import math

import pytest
from scipy.stats import norm
from statsmodels.stats.power import NormalIndPower
from statsmodels.stats.proportion import proportion_effectsize

from outcomes.statistics.sample_size import sample_size

CASES = [(0.5, 0.05), (0.5, -0.05), (0.1, 0.05), (0.9, -0.1), (0.72, 0.03), (0.05, 0.02)]


def by_the_formula(p: float, d: float, alpha: float, power: float) -> float:
    q, middle = p + d, p + d / 2
    null = norm.isf(alpha / 2) * math.sqrt(2 * middle * (1 - middle))
    other = norm.isf(1 - power) * math.sqrt(p * (1 - p) + q * (1 - q))
    return ((null + other) / d) ** 2


@pytest.mark.parametrize(("p", "d"), CASES)
@pytest.mark.parametrize(("alpha", "power"), [(0.05, 0.8), (0.01, 0.9)])
def test_it_equals_the_formula_rounded_up(p, d, alpha, power):
    exact = by_the_formula(p, d, alpha, power)
    assert sample_size(p, d, alpha=alpha, power=power) == math.ceil(exact)


@pytest.mark.parametrize(("p", "d"), CASES)
def test_it_is_near_statsmodels_own_solution_on_the_arcsine_scale(p, d):
    effect = proportion_effectsize(p + d, p)
    near = NormalIndPower().solve_power(abs(effect), alpha=0.05, power=0.8)
    assert sample_size(p, d) == pytest.approx(near, rel=0.03)


def test_half_against_fifty_five_per_cent_by_hand():
    # z 1.959964 and 0.841621; 2 x 0.525 x 0.475 = 0.49875; 0.25 + 0.2475 = 0.4975
    # (1.959964 x 0.706223 + 0.841621 x 0.705337)^2 / 0.0025 = 1.977797^2 / 0.0025 = 1564.67
    assert sample_size(0.5, 0.05) == 1565


def test_a_clustered_sample_needs_more_by_the_design_effect_before_rounding():
    assert sample_size(0.5, 0.05, design_effect=1.5) == math.ceil(1.5 * 1564.6720527749524)


@pytest.mark.parametrize(
    ("p", "d", "effect", "message"),
    [
        (0.98, 0.05, 1, "proportion 0.98 and change 0.05: both shares must lie between 0 and 1"),
        (50, 5, 1, "proportion 50 and change 5: both shares must lie between 0 and 1"),
        (0.5, 0, 1, "proportion 0.5 and change 0: both shares must lie between 0 and 1"),
        (0.5, 0.1, 0.5, "design_effect 0.5: expected 1 or more"),
    ],
)
def test_what_is_no_share_or_no_change_is_refused(p, d, effect, message):
    with pytest.raises(ValueError, match=f"^{message}"):
        sample_size(p, d, design_effect=effect)
