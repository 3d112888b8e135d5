import numpy as np
import pandas as pd
import pytest
from scipy.stats import rankdata

from outcomes.statistics import group_mean, ranks, verdicts

NAN = float("nan")


@pytest.mark.parametrize(
    ("value", "lower", "upper", "comparator", "polarity", "verdict", "tested"),
    [
        # The whole interval on one side of the comparator's value.
        (68.5, 66.1, 70.9, 60.0, "higher_is_better", "better", True),
        (68.5, 66.1, 70.9, 80.0, "higher_is_better", "worse", True),
        (31.4, 30.0, 32.9, 28.2, "lower_is_better", "worse", True),
        (31.4, 30.0, 32.9, 34.0, "lower_is_better", "better", True),
        (31.4, 30.0, 32.9, 28.2, "no_judgement", "higher", True),
        (31.4, 30.0, 32.9, 34.0, "no_judgement", "lower", True),
        # The interval includes it, a limit that touches it included.
        (64.0, 55.0, 73.0, 65.0, "higher_is_better", "similar", True),
        (68.5, 66.1, 70.9, 66.1, "higher_is_better", "similar", True),
        (68.5, 66.1, 70.9, 70.9, "lower_is_better", "similar", True),
        # No interval, or half of one: the side only.
        (62.0, NAN, NAN, 63.0, "higher_is_better", "worse", False),
        (62.0, 61.0, NAN, 63.0, "higher_is_better", "worse", False),
        (62.0, NAN, NAN, 61.0, "no_judgement", "higher", False),
        # A difference that rounds to nothing is not called one; just more than that is.
        (62.04, NAN, NAN, 62.0, "higher_is_better", "equal", False),
        (62.06, NAN, NAN, 62.0, "higher_is_better", "better", False),
        # Missing is never zero.
        (NAN, NAN, NAN, 63.0, "higher_is_better", "not_compared", False),
        (62.0, 61.0, 63.0, NAN, "higher_is_better", "not_compared", False),
        (0.0, NAN, NAN, 63.0, "higher_is_better", "worse", False),
    ],
)
def test_verdict_of_one_area(value, lower, upper, comparator, polarity, verdict, tested):
    said, was_tested = verdicts(
        [value], [lower], [upper], comparator, polarity=polarity, decimals=1
    )
    assert said.tolist() == [verdict]
    assert was_tested.tolist() == [tested]


def test_verdicts_of_many_areas_are_those_of_each_alone():
    rng = np.random.default_rng(20)
    value = rng.uniform(0, 100, 500)
    half = np.where(rng.random(500) < 0.3, NAN, rng.uniform(0, 20, 500))
    comparator = np.where(rng.random(500) < 0.1, NAN, rng.uniform(0, 100, 500))
    arrays = (value, value - half, value + half, comparator)
    together, _ = verdicts(*arrays, polarity="lower_is_better", decimals=1)
    alone = [
        verdicts(*row, polarity="lower_is_better", decimals=1)[0].item()
        for row in zip(*arrays, strict=True)
    ]
    assert together.tolist() == alone
    assert set(alone) >= {"better", "worse", "similar", "not_compared"}


def test_a_lower_limit_above_the_upper_names_the_row():
    with pytest.raises(ValueError, match=r"^row 1: lower limit 9\.0 is above upper limit 8\.0$"):
        verdicts([5, 8.5], [4, 9], [6, 8], 5, polarity="higher_is_better", decimals=0)


@pytest.mark.parametrize("polarity", ["higher_is_better", "lower_is_better", "no_judgement"])
def test_ranks_agree_with_scipy(polarity):
    rng = np.random.default_rng(7)
    values = rng.integers(0, 40, 60).astype(float)
    sign = 1 if polarity == "lower_is_better" else -1
    got = ranks(pd.Series(values), polarity=polarity)
    assert got["rank"].tolist() == rankdata(sign * values, method="min").tolist()
    assert got["of"].unique().tolist() == [60]


def test_ranks_leave_out_the_missing_and_name_ties():
    values = pd.Series([3.0, NAN, 5.0, 3.0, 1.0], index=list("abcde"))
    got = ranks(values, polarity="higher_is_better")
    assert got.loc[list("acde"), "rank"].tolist() == [2, 1, 2, 4]
    assert np.isnan(got.loc["b", "rank"])
    assert got["tied"].tolist() == [True, False, False, True, False]
    assert got["of"].unique().tolist() == [4]


def test_group_mean_is_of_those_with_a_value_and_says_how_many():
    start, end = pd.Timestamp("2020-01-01"), pd.Timestamp("2020-12-31")
    later = (pd.Timestamp("2021-01-01"), pd.Timestamp("2021-12-31"))
    table = pd.DataFrame(
        {
            "area_code": ["a", "b", "c", "a", "b", "d"],
            "period_start": [start, start, start, later[0], later[0], start],
            "period_end": [end, end, end, later[1], later[1], end],
            "value": [10.0, 20.0, NAN, NAN, NAN, 99.0],
        }
    )
    got = group_mean(table, ["a", "b", "c"])
    assert got.loc[(start, end)].tolist() == [15.0, 2]
    assert np.isnan(got.loc[later, "value"])
    assert got.loc[later, "n"] == 0
    assert group_mean(table, []).empty
