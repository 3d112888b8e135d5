import re

import numpy as np
import pandas as pd
import pytest
import statsmodels.api as sm

from outcomes.statistics.breaks import steps
from outcomes.statistics.breaks.steps import added_terms, largest_by_chance, step_terms


def many(value):
    g, t = value.shape
    starts = pd.to_datetime([f"{1980 + year}-01-01" for year in range(t)])
    return pd.DataFrame(
        {
            "series": "s",
            "area_code": np.repeat(np.arange(g), t),
            "period_start": np.tile(starts, g),
            "period_end": np.tile(starts + pd.DateOffset(years=1, days=-1), g),
            "period": np.tile(starts.year.astype(str), g),
            "value": value.ravel(),
        }
    )


@pytest.mark.parametrize("n", [8, 13, 21])
def test_size_and_t_are_those_of_statsmodels(n):
    value = np.random.default_rng(n).normal(500, 3, (6, n))
    size, t = added_terms(value, step_terms(n))
    assert size.shape == t.shape == (6, n - 5)
    for row in range(6):
        for place in range(n - 5):
            design = np.column_stack([np.ones(n), np.arange(n), np.arange(n) >= place + 3])
            fit = sm.OLS(value[row], design).fit()
            assert size[row, place] == pytest.approx(fit.params[2], rel=1e-8)
            assert t[row, place] == pytest.approx(fit.tvalues[2], rel=1e-8)


@pytest.mark.parametrize("at", [3, 8, 13])
def test_a_planted_step_is_found_at_its_year(make_history, at):
    rng = np.random.default_rng(at)
    value = 50 + 0.5 * np.arange(16) + 8 * (np.arange(16) >= at) + rng.normal(0, 0.8, 16)
    found = steps(make_history(value)).iloc[0]
    assert found["found"]
    assert found["at"] == str(2001 + at)
    assert found["size_lower"] < 8 < found["size_upper"]
    assert found["p"] < 0.01


def test_a_hand_worked_step_without_rest(make_history):
    # A line of 2 a year and a step of 5 before the fifth point.
    found = steps(make_history([0, 2, 4, 6, 13, 15, 17, 19, 21]))
    assert found.index.tolist() == [("s", "X1")]
    row = found.iloc[0].to_dict()
    sizes = [row.pop(name) for name in ("size", "size_lower", "size_upper")]
    assert sizes == pytest.approx([5, 5, 5])
    assert row == {
        "found": True,
        "at": "2005",
        "p": pytest.approx(1 / 20_000),
        "n": 9,
        "false_alarm": 0.05,
        "rho": 0.0,
        "confidence": 0.95,
        "method": "largest_step",
        "reason": "",
    }


@pytest.mark.parametrize(
    "value", [[7.0] * 10, np.arange(10) * 0.1 + 1e6, [0.0] * 10, np.arange(10) / 3]
)
def test_a_straight_line_has_no_step(make_history, value):
    found = steps(make_history(value)).iloc[0]
    assert (found["found"], found["at"], found["p"], found["reason"]) == (False, "", 1, "")
    assert np.isnan(found[["size", "size_lower", "size_upper"]].astype(float)).all()


def test_a_change_within_two_points_of_an_end_is_not_looked_for(make_history):
    places = step_terms(10)
    assert places.shape == (10, 5)
    assert places.sum(axis=0).tolist() == [7, 6, 5, 4, 3]


@pytest.mark.parametrize(
    ("options", "reason"),
    [
        ({"values": np.arange(7)}, "at least 8 points are needed"),
        ({"values": [1, 2, 3, 4, np.nan, 5, 6, 7, 8]}, "there is a gap in the series"),
        ({"values": np.arange(12), "length": 3}, "the periods overlap"),
        ({"values": [1, 5, 3, 5, 2, 5, 1, 8]}, ""),
        ({"values": [np.nan, 1, 5, 3, 5, 2, 5, 1, 8]}, ""),
    ],
)
def test_what_cannot_be_looked_for_says_why(make_history, options, reason):
    found = steps(make_history(**options)).iloc[0]
    assert found["reason"] == reason
    assert np.isnan(found["p"]) == bool(reason)
    assert not found["found"]


def test_a_step_is_found_where_the_limits_that_allow_for_all_places_leave_out_nought():
    rng = np.random.default_rng(4)
    value = rng.normal(size=(600, 11)) + 2 * (np.arange(11) >= 5)
    size, t = added_terms(value, step_terms(11))
    place = np.abs(t).argmax(axis=1)
    rows = np.arange(600)
    found = steps(many(value), false_alarm=0.2)
    assert 0.1 < found["found"].mean() < 0.9
    chance = largest_by_chance(11)
    beyond = np.abs(t[rows, place]) > chance[19_999 - 4000]
    bent = (found["reason"] == "a smooth bend fits as well").to_numpy()
    assert ((found["found"].to_numpy() | bent) == beyond).all()
    shown = found[found["found"]]
    assert ((shown["size_lower"] > 0) | (shown["size_upper"] < 0)).all()
    # The limits of the largest are as wide as all places together need.
    kept = found["found"].to_numpy()
    error = np.abs(size[rows, place] / t[rows, place])[kept]
    margin = chance[19_999 - 4000] * error
    np.testing.assert_allclose(shown["size_upper"] - shown["size"], margin)
    assert set(shown["confidence"]) == {0.8}


def test_a_turned_history_has_the_turned_step(make_history):
    value = np.random.default_rng(5).normal(size=15) + 6 * (np.arange(15) >= 7)
    up, down = (steps(make_history(sign * value)).iloc[0] for sign in (1, -1))
    assert up["at"] == down["at"]
    assert up["size"] == -down["size"]
    assert up["size_lower"] == -down["size_upper"]


def test_histories_together_are_those_of_each_alone(make_history):
    rng = np.random.default_rng(6)
    parts = [
        make_history(rng.normal(size=n) + 5 * (np.arange(n) >= 5), area=f"A{n:02}")
        for n in (3, 8, 9, 12, 17)
    ]
    together = steps(pd.concat(parts))
    pd.testing.assert_frame_equal(together, pd.concat([steps(part) for part in parts]))
    assert together["found"].any()


def test_an_empty_table_gives_an_empty_answer(make_history):
    found = steps(make_history([1.0]).iloc[:0])
    assert found.empty
    assert found.columns.tolist() == steps(make_history([1.0])).columns.tolist()


@pytest.mark.parametrize("rate", [0, 0.0009, 0.51, 5])
def test_a_false_alarm_rate_that_is_no_fraction_is_refused(make_history, rate):
    message = f"false_alarm {rate!r}: expected a fraction from 0.001 to 0.5"
    with pytest.raises(ValueError, match=re.escape(message)):
        steps(make_history([1.0]), false_alarm=rate)


@pytest.mark.parametrize("n", [8, 12, 20])
@pytest.mark.parametrize("slope", [0, 3.0])
def test_straight_lines_raise_as_many_false_alarms_as_stated(n, slope):
    value = np.random.default_rng([n, 1]).normal(size=(6000, n)) + slope * np.arange(n)
    assert steps(many(value))["found"].mean() == pytest.approx(0.05, abs=0.011)


def test_limits_of_found_steps_hold_the_true_size():
    rng = np.random.default_rng(8)
    value = rng.normal(size=(4000, 14)) + 3 * (np.arange(14) >= 7)
    found = steps(many(value))
    found = found[found["found"] & (found["at"] == "1987")]
    held = ((found["size_lower"] <= 3) & (found["size_upper"] >= 3)).mean()
    assert held > 0.95


def test_a_smooth_bend_is_no_step(make_history):
    value = 0.2 * np.arange(20) ** 2 + np.random.default_rng(3).normal(0, 0.5, 20)
    found = steps(make_history(value)).iloc[0]
    assert (found["found"], found["reason"]) == (False, "a smooth bend fits as well")
    assert found["p"] < 0.01
    assert np.isnan(found["size"])
