import numpy as np
import pandas as pd
import pytest

from outcomes.statistics.inequality import place_spread, places_gap


def places(values, error=None, *, people=None):
    """Return a table from values of shape (places, years)."""
    values = np.asarray(values, dtype=float)
    k, t = values.shape
    starts = [pd.Timestamp(2010 + i, 1, 1) for i in range(t)]
    table = pd.DataFrame(
        {
            "series": "s",
            "area_code": np.repeat([f"P{i}" for i in range(k)], t),
            "period_start": starts * k,
            "period_end": [pd.Timestamp(s.year, 12, 31) for s in starts] * k,
            "value": values.ravel(),
            "denominator": np.repeat(np.ones(k) if people is None else people, t),
        }
    )
    if error is None:
        return table
    arm = 1.959963984540054 * error
    return table.assign(lower=table["value"] - arm, upper=table["value"] + arm)


def test_hand_worked_spread():
    # Weights 1/4, 1/4, 1/2; mean 4; variance (9 + 1 + 2 * 4) / 4 = 4.5.
    table = places([[1.0], [3], [6]], error=1.0, people=[1, 1, 2])
    found = place_spread(table).iloc[0]
    assert [found["overall"], found["sd"] ** 2] == pytest.approx([4, 4.5])
    # Noise: 3/16 + 3/16 + 1/4 = 0.625.
    assert found["variance"] == pytest.approx(3.875)
    assert found["true_sd"] == pytest.approx(np.sqrt(3.875))
    assert (found["highest"], found["lowest"], found["range"]) == (6, 1, 5)
    assert (found["n"], found["left_out"], found["method"]) == (3, 0, "noise_subtracted")


def test_without_limits_noise_is_included():
    found = place_spread(places([[1.0], [3], [6]], people=[1, 1, 2])).iloc[0]
    assert found["variance"] == pytest.approx(4.5)
    assert np.isnan([found["true_sd"], found["lower"]]).all()
    assert found["method"] == "noise_included"


def test_weights_can_be_left_out():
    table = places([[1.0], [3], [6]]).drop(columns="denominator")
    assert place_spread(table, weights=None)["overall"][0] == pytest.approx(10 / 3)


def test_only_places_with_a_value_in_every_period_count():
    table = places([[1.0, 1], [3, 3], [6, 6], [100, np.nan]])
    found = place_spread(table)
    assert found["n"].tolist() == [3, 3]
    assert found["left_out"].tolist() == [1, 1]
    assert found["highest"].tolist() == [6, 6]


def test_a_place_keeps_one_weight_over_the_periods():
    table = places([[1.0, 1], [3, 3], [6, 6]])
    table["denominator"] = [1.0, 3, 2, 2, 2, 2]
    found = place_spread(table)
    assert found["sd"][0] == pytest.approx(found["sd"][1])


def test_noise_is_subtracted_without_bias():
    rng = np.random.default_rng(8)
    level = rng.standard_normal((40, 1))
    level = (level - level.mean()) / level.std() * 3
    table = places(level + 4 * rng.standard_normal((40, 400)), error=4.0)
    found = place_spread(table)
    assert found["variance"].mean() == pytest.approx(9, abs=0.5)
    inside = found["lower"].le(9) & found["upper"].ge(9)
    assert inside.mean() == pytest.approx(0.95, abs=0.03)


@pytest.mark.parametrize("error", [0.5, None])
@pytest.mark.parametrize(
    ("factor", "word"),
    [([6, 5, 4, 3, 2, 1], "closing"), ([1, 2, 3, 4, 5, 6], "widening"), ([3] * 6, "cannot_tell")],
)
def test_made_places_get_their_verdict(factor, word, error):
    table = places(50 + np.outer([-3.0, -1, 0, 1, 3], factor), error)
    found = places_gap(table).iloc[0]
    assert found["verdict"] == word
    assert (found["places"], found["n"]) == (5, 6)
    assert found["noise"] == ("included" if error is None else "subtracted")
    noise = 0 if error is None else 0.8 * 0.25
    assert found["first"] == pytest.approx(np.sqrt(4 * factor[0] ** 2 - noise))


def test_three_places_are_needed():
    table = places(50 + np.outer([-1.0, 1], [6, 5, 4, 3, 2, 1]), 0.2)
    found = places_gap(table).iloc[0]
    assert (found["verdict"], found["reason"]) == ("cannot_tell", "at least 3 places are needed")
    more = places(50 + np.outer([-1.0, 0, 1], [6, 5, 4, 3, 2, 1]), 0.2)
    assert places_gap(more)["verdict"][0] == "closing"


def test_nothing_to_compare_gives_no_rows():
    assert len(place_spread(places([[1.0]]).iloc[:0])) == 0
    assert len(places_gap(places([[1.0]]).iloc[:0])) == 0


def test_steady_places_are_seldom_called_closing_where_the_first_worst_seem_to_close():
    rng = np.random.default_rng(4)
    councils, k, t = 300, 30, 8
    values = 50 + 5 * rng.standard_normal((councils, k, 1))
    values = values + 5 * rng.standard_normal((councils, k, t))
    table = places(values.reshape(-1, t), error=5.0)
    table["council"] = np.repeat(np.arange(councils), k * t)
    found = places_gap(table, by=["council"])["verdict"]
    assert (found != "cannot_tell").mean() < 0.065
    worst = np.argsort(-values[:, :, 0], axis=1)[:, :5, None]
    above = np.take_along_axis(values, worst, axis=1).mean(axis=1) - values.mean(axis=1)
    assert (above[:, -1] < above[:, 0]).mean() > 0.9


def test_the_shown_interval_of_a_spread_holds_the_true_one_as_often_as_it_says():
    draws, places, error = 1_500, 12, 1.0
    rng = np.random.default_rng(7)
    true = np.linspace(-5, 5, places)
    start = pd.Timestamp("2020-01-01")
    values = true + error * rng.standard_normal((draws, places))
    table = pd.DataFrame(
        {
            "series": np.repeat([f"s{i:04d}" for i in range(draws)], places),
            "area_code": np.tile([f"A{i:02d}" for i in range(places)], draws),
            "period_start": start,
            "period_end": start + pd.Timedelta(days=365),
            "value": values.ravel(),
            "lower": values.ravel() - 1.959964 * error,
            "upper": values.ravel() + 1.959964 * error,
            "denominator": 1.0,
        }
    )
    found = place_spread(table)
    spread = true.std()
    held = (found["sd_lower"] <= spread) & (spread <= found["sd_upper"])
    assert 0.92 < held.mean() < 0.97
