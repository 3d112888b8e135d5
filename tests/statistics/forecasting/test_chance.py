import re

import numpy as np
import pandas as pd
import pytest
from scipy.stats import t

from outcomes.statistics.forecasting.chance import chance_of_at_most, levels_of, quantile

NAN = float("nan")
COLUMNS = ["lower_95", "lower_80", "mean", "upper_80", "upper_95"]


def rows(*values) -> pd.DataFrame:
    return pd.DataFrame(list(values), columns=COLUMNS, dtype=float)


def student(mean=50.0, scale=4.0) -> pd.DataFrame:
    return rows(t(3, mean, scale).ppf([0.025, 0.1, 0.5, 0.9, 0.975]))


def test_ranges_of_a_t_distribution_with_three_degrees_of_freedom_give_that_distribution_within_and_beyond_them():
    shares = np.array([0.001, 0.01, 0.025, 0.2, 0.5, 0.77, 0.9, 0.99, 0.9999])
    assert quantile(student(), shares) == pytest.approx(t(3, 50, 4).ppf(shares)[None, :])
    for value in (35.0, 43.0, 49.0, 50.0, 57.5, 66.0):
        assert chance_of_at_most(student(), value) == pytest.approx([t(3, 50, 4).cdf(value)])


def test_the_ends_of_the_ranges_have_the_shares_they_are_named_for():
    points = rows([1, 4, 5, 9, 30], [0, 1, 2, 3, 4])
    shares = [0.025, 0.1, 0.5, 0.9, 0.975]
    assert quantile(points, shares) == pytest.approx(points.to_numpy())
    for name, share in zip(COLUMNS, shares, strict=True):
        assert chance_of_at_most(points, points[name].to_numpy()) == pytest.approx([share] * 2)


def test_the_chance_of_staying_below_a_quantile_is_its_share_however_skewed():
    rng = np.random.default_rng(4)
    points = pd.DataFrame(np.sort(rng.gamma(1, 5, (40, 5)), axis=1), columns=COLUMNS)
    shares = np.linspace(0.002, 0.998, 83)
    values = quantile(points, shares)
    assert (np.diff(values, axis=1) > 0).all()
    for column, share in enumerate(shares):
        assert chance_of_at_most(points, values[:, column]) == pytest.approx(np.full(40, share))


def test_futures_that_meet_a_bound_stand_on_it():
    low, high = rows([0, 0, 2, 5, 7]), rows([80, 90, 97, 100, 100])
    assert quantile(low, [0.01, 0.05, 0.1])[0] == pytest.approx([0, 0, 0], abs=1e-12)
    assert chance_of_at_most(low, 0.0) == pytest.approx([0.1])
    assert chance_of_at_most(low, -0.001).tolist() == [0]
    assert quantile(high, [0.9, 0.95, 0.99])[0] == pytest.approx([100, 100, 100], abs=1e-12)
    assert chance_of_at_most(high, 100.0).tolist() == [1]
    assert 0.89 < chance_of_at_most(high, 99.99)[0] < 0.9


def test_a_forecast_without_width_is_met_or_not():
    certain = rows([3, 3, 3, 3, 3])
    assert [float(chance_of_at_most(certain, v)[0]) for v in (2.9, 3, 3.1)] == [0, 1, 1]


def test_missing_in_is_missing_out_for_its_row_alone():
    points = rows([0, 1, 2, 3, 4], [0, 1, NAN, 3, 4])
    assert np.isnan(quantile(points, [0.3, 0.6])).tolist() == [[False] * 2, [True] * 2]
    assert np.isnan(chance_of_at_most(points, 2.0)).tolist() == [False, True]
    assert np.isnan(chance_of_at_most(points, [NAN, 2.0])).all()
    assert quantile(points.iloc[:0], [0.5]).shape == (0, 1)
    assert chance_of_at_most(points.iloc[:0], 1.0).shape == (0,)


@pytest.mark.parametrize("share", [0.0, 1.0, NAN])
def test_a_share_is_a_fraction_between_nought_and_one(share):
    message = f"shares [0.5, {share!r}]: expected fractions between 0 and 1"
    with pytest.raises(ValueError, match=f"^{re.escape(message)}$"):
        quantile(student(), [0.5, share])


def test_a_level_needs_both_its_ends_and_a_forecast_its_mean():
    assert levels_of(student()) == [0.8, 0.95]
    assert levels_of(student().drop(columns="upper_95")) == [0.8]
    message = (
        "a forecast has a mean and the two ends of a range, such as lower_80 and upper_80; "
        "the table has lower_95, lower_80, upper_80, upper_95"
    )
    with pytest.raises(ValueError, match=f"^{re.escape(message)}$"):
        levels_of(student().drop(columns="mean"))
    with pytest.raises(ValueError, match="the table has mean, lower_80$"):
        levels_of(student()[["mean", "lower_80"]])


def test_levels_with_a_decimal_are_found_and_used():
    end = t.ppf(0.999, 3)
    points = pd.DataFrame({"mean": [0.0], "lower_99.8": [-end], "upper_99.8": [end]})
    assert levels_of(points) == pytest.approx([0.998])
    assert chance_of_at_most(points, 1.0) == pytest.approx([t.cdf(1, 3)])
