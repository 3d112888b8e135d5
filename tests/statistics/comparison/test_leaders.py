import re

import numpy as np
import pandas as pd
import pytest

from outcomes.statistics.comparison import best_placed, fastest_improving

NAN = float("nan")


@pytest.mark.parametrize(
    ("polarity", "best"), [("higher_is_better", ["d", "a"]), ("lower_is_better", ["c", "b"])]
)
def test_the_best_placed_follow_the_polarity(polarity, best):
    values = pd.Series([3.0, 2.0, 0.0, 9.0, NAN], index=list("abcde"))
    got = best_placed(values, polarity=polarity, count=2)
    assert got.index.tolist() == best
    assert got["rank"].tolist() == [1, 2]
    assert got["value"].tolist() == values[best].tolist()
    assert got["of"].tolist() == [4, 4]


def test_areas_tied_with_the_last_are_all_in():
    values = pd.Series([5.0, 4.0, 4.0, 4.0, 1.0], index=list("abcde"))
    got = best_placed(values, polarity="higher_is_better", count=2)
    assert got.index.tolist() == ["a", "b", "c", "d"]
    assert got["tied"].tolist() == [False, True, True, True]


def test_without_judgement_nothing_is_best():
    assert best_placed(pd.Series([1.0, 2.0]), polarity="no_judgement").empty
    assert best_placed(pd.Series([NAN, NAN]), polarity="higher_is_better").empty
    with pytest.raises(ValueError, match="^polarity 'up': expected one of "):
        best_placed(pd.Series([1.0]), polarity="up")


def years(half=NAN, start=2015, **values) -> pd.DataFrame:
    """A history a year for each area named, newest last."""
    table = pd.DataFrame(values, dtype=float)
    table["period_start"] = [pd.Timestamp(start + i, 1, 1) for i in range(len(table))]
    table["period_end"] = table["period_start"] + pd.DateOffset(years=1, days=-1)
    table = table.melt(["period_start", "period_end"], var_name="area_code")
    return table.assign(lower=table["value"] - half, upper=table["value"] + half)


def test_the_fastest_have_the_steepest_least_squares_slope_the_good_way():
    from scipy.stats import linregress

    rng = np.random.default_rng(8)
    table = years(**{name: rng.normal(0, 3, 5) for name in "abcdefgh"})
    got = fastest_improving(table, polarity="lower_is_better", count=8)
    middle = table["period_start"] + (table["period_end"] - table["period_start"]) / 2
    time = (middle - pd.Timestamp("1970-01-01")) / pd.Timedelta(days=365.2425)
    slopes = {
        name: linregress(time[part.index], part["value"]).slope
        for name, part in table.groupby("area_code")
    }
    falling = sorted((name for name in slopes if slopes[name] < 0), key=slopes.get)
    assert got.index.tolist() == falling
    assert got["slope"].tolist() == pytest.approx([slopes[name] for name in falling], rel=1e-9)
    assert got["rank"].tolist() == list(range(1, len(falling) + 1))
    assert got["of"].unique().tolist() == [8]
    up = fastest_improving(table, polarity="higher_is_better", count=8).index
    assert sorted([*up, *falling]) == list("abcdefgh")


def test_the_slopes_limits_come_from_those_of_the_points():
    # Years -1, 0 and 1 about their middle: the slope is (c - a) / 2, its arm sqrt(2) * 2 / 2.
    got = fastest_improving(years(2.0, a=[1, 9, 4]), polarity="higher_is_better").loc["a"]
    assert got["slope"] == pytest.approx(1.5, rel=2e-3)
    assert got["slope_upper"] - got["slope"] == pytest.approx(2**0.5, rel=2e-3)
    assert got["slope"] - got["slope_lower"] == pytest.approx(2**0.5, rel=2e-3)
    assert got[["n", "method", "confidence"]].tolist() == [3, "least_squares", 0.95]


def test_uneven_limits_pull_from_the_right_side():
    table = years(2.0, a=[1, 9, 4])
    table["lower"], table["upper"] = table["value"] - [1, 0, 2], table["value"] + [4, 0, 8]
    got = fastest_improving(table, polarity="higher_is_better").loc["a"]
    # Lower if the last is lower (2) and the first higher (4); upper the other way (8 and 1).
    assert got["slope"] - got["slope_lower"] == pytest.approx(np.hypot(2, 4) / 2, rel=2e-3)
    assert got["slope_upper"] - got["slope"] == pytest.approx(np.hypot(8, 1) / 2, rel=2e-3)


def test_beyond_chance_needs_an_interval_that_leaves_out_no_change():
    # A slope of 1 and an arm of half * sqrt(2) / 2: real under 1.414, not above.
    values = {"a": [1, 2, 3]}
    for half, word in [(1.40, "yes"), (1.43, "no"), (NAN, "not_tested")]:
        got = fastest_improving(years(half, **values), polarity="higher_is_better").loc["a"]
        assert got["beyond_chance"] == word
        assert np.isnan(got["confidence"]) == (word == "not_tested")


def test_one_point_without_limits_leaves_the_slope_untested():
    table = years(0.1, a=[1, 2, 3])
    for missing in range(3):
        part = table.copy()
        part.loc[missing, "upper"] = NAN
        got = fastest_improving(part, polarity="higher_is_better").loc["a"]
        assert got["beyond_chance"] == "not_tested"
        assert got["slope"] == pytest.approx(1, rel=2e-3)


def test_only_areas_that_span_the_common_window_count():
    table = years(
        whole=[0, 1, 2, 3, 4, 5],
        gap=[0, 1, NAN, 3, 4, 5],
        late=[NAN, NAN, 2, 9, 9, 99],
        ended=[0, 9, 18, 27, 36, NAN],
        sparse=[0, NAN, NAN, NAN, NAN, 90],
    )
    got = fastest_improving(table, polarity="higher_is_better", count=9, periods=6)
    assert sorted(got.index) == ["gap", "whole"]
    assert got["n"].to_dict() == {"gap": 5, "whole": 6}
    assert got["of"].unique().tolist() == [2]
    newest = fastest_improving(table, polarity="higher_is_better", count=9, periods=4)
    assert newest.index.tolist() == ["late", "whole"]
    assert newest["window_start"].unique().tolist() == [pd.Timestamp("2017-01-01")]
    assert newest["window_end"].unique().tolist() == [pd.Timestamp("2020-12-31")]


def test_three_points_are_enough_and_two_are_not():
    assert len(fastest_improving(years(a=[1, 2, 3]), polarity="higher_is_better")) == 1
    assert fastest_improving(years(a=[1, 2]), polarity="higher_is_better").empty
    assert fastest_improving(years(a=[1]), polarity="higher_is_better").empty


def test_equal_slopes_tie_and_all_of_them_are_in():
    table = years(a=[0, 1, 2], b=[5, 6, 7], c=[0.1, 1.1, 2.1], d=[0, 2, 4], e=[0, 0, 0])
    got = fastest_improving(table, polarity="higher_is_better", count=2)
    assert got.index.tolist() == ["d", "a", "b", "c"]
    assert got["rank"].tolist() == [1, 2, 2, 2]
    assert got["tied"].tolist() == [False, True, True, True]


def test_nobody_improves_where_all_stand_still_or_worsen():
    table = years(a=[3, 2, 1], b=[5, 5, 5])
    assert fastest_improving(table, polarity="higher_is_better").empty
    assert fastest_improving(table, polarity="no_judgement").empty
    assert fastest_improving(table.iloc[:0], polarity="higher_is_better").empty


def test_a_table_without_limits_is_ranked_untested():
    table = years(a=[1, 2, 3]).drop(columns=["lower", "upper"])
    got = fastest_improving(table, polarity="higher_is_better")
    assert got["beyond_chance"].tolist() == ["not_tested"]


def test_chance_is_called_real_as_often_as_promised():
    rng = np.random.default_rng(12)
    table = years(1.959963984540054, **{f"a{i}": rng.standard_normal(5) for i in range(4000)})
    got = fastest_improving(table, polarity="higher_is_better", count=4000)
    # Half of the 5% lie on the good side, out of all areas.
    assert (got["beyond_chance"] == "yes").sum() / 4000 == pytest.approx(0.025, abs=0.008)


def test_what_is_asked_wrongly_is_named():
    with pytest.raises(ValueError, match="^periods 2: expected 3 or more$"):
        fastest_improving(years(a=[1, 2, 3]), polarity="higher_is_better", periods=2)
    message = "the table has no column period_start, period_end, value; it has area_code"
    with pytest.raises(ValueError, match=f"^{re.escape(message)}$"):
        fastest_improving(pd.DataFrame({"area_code": []}), polarity="higher_is_better")
