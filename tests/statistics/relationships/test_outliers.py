import re

import numpy as np
import pandas as pd
import pytest
from scipy.stats import median_abs_deviation

from outcomes.statistics.relationships import outliers, robust_scores


@pytest.fixture
def values():
    rng = np.random.default_rng(74)
    return pd.Series(rng.normal(50, 4, 40), index=[f"E{i:02}" for i in range(40)])


def test_a_planted_high_and_low_area_are_listed_the_furthest_first(values):
    values["E05"], values["E20"] = 75.0, 10.0
    listed = outliers(values)
    assert list(listed.index) == ["E20", "E05"]
    assert list(listed["direction"]) == ["low", "high"]
    assert set(listed["method"]) == {"median_deviation"}


def test_scores_equal_those_from_scipys_median_deviation(values):
    expected = (values - values.median()) / median_abs_deviation(values, scale="normal")
    np.testing.assert_allclose(robust_scores(values)["score"], expected, rtol=1e-6)


def test_half_of_the_values_cannot_bend_the_rule():
    values = pd.Series([*np.arange(9.0), *[1e6] * 4])
    assert list(outliers(values).index) == [9, 10, 11, 12]


def test_a_value_is_listed_beyond_three_and_a_half_and_not_before():
    # median 0, MAD 1: 3.5 x 1.482602 = 5.189107
    base = [-1.0] * 5 + [1.0] * 5 + [0.0]
    inside = robust_scores(pd.Series([*base, 5.1891, -5.1891]))
    assert (inside["median"] == 0).all()
    assert inside["spread"].iloc[0] == pytest.approx(1.482602)
    assert set(inside["direction"]) == {"inside"}
    beyond = robust_scores(pd.Series([*base, 5.1892, -5.1892]))
    assert list(beyond["direction"].iloc[-2:]) == ["high", "low"]


def test_where_most_values_are_equal_the_mean_deviation_stands_in():
    # 19 zeros and one 5: mean deviation 0.25; 5 / (1.253314 x 0.25) = 15.957691
    listed = outliers(pd.Series([0.0] * 19 + [5.0]))
    assert list(listed["score"]) == pytest.approx([15.957691])
    assert list(listed["method"]) == ["mean_deviation"]


def test_where_all_values_are_equal_nothing_is_far():
    scores = robust_scores(pd.Series([3.0] * 12))
    assert (scores["score"] == 0).all()
    assert set(scores["direction"]) == {"inside"}


def test_each_group_is_judged_by_its_own_median(values):
    both = pd.concat([values, values + 1000], ignore_index=True)
    both[45] = 50.0
    by = pd.Series(["a"] * 40 + ["b"] * 40)
    listed = outliers(both, by=by)
    assert list(listed.index) == [45]
    assert list(listed["group"]) == ["b"]
    assert 45 not in outliers(both).index


def test_ten_values_are_judged_and_nine_are_not_and_a_missing_one_never():
    scores = robust_scores(pd.Series([*np.arange(9.0), 100.0, np.nan]))
    assert list(scores["direction"].iloc[-2:]) == ["high", "not_judged"]
    assert list(scores["reason"].iloc[-2:]) == ["", "no value"]
    few = robust_scores(pd.Series([*np.arange(8.0), 100.0, np.nan]))
    assert set(few["direction"]) == {"not_judged"}
    assert few["reason"].iloc[0] == "fewer than 10 values"
    assert few["score"].isna().all()


def test_no_values_give_no_outliers():
    assert outliers(pd.Series(dtype=float)).empty


def test_groups_of_other_rows_are_refused(values):
    message = "by: expected the same index as the values"
    with pytest.raises(ValueError, match=f"^{re.escape(message)}$"):
        outliers(values, by=pd.Series("a", index=values.index[:-1]))


def test_of_normal_values_hardly_one_in_a_thousand_is_listed():
    rng = np.random.default_rng(11)
    drawn = pd.Series(rng.normal(size=40_000))
    listed = outliers(drawn, by=pd.Series(np.arange(40_000) // 100))
    assert len(listed) / 40_000 < 0.0015
