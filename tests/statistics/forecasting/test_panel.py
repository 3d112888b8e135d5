import re

import numpy as np
import pandas as pd
import pytest

from outcomes.statistics.forecasting.panel import panels

NAN, INF = float("nan"), float("inf")


def laid(values, periods=None, series="a") -> pd.DataFrame:
    periods = range(2010, 2010 + len(values)) if periods is None else periods
    return pd.DataFrame({"series": series, "period": periods, "value": values})


def only(history, groups=None):
    (panel,) = panels(history, groups)
    return panel


def figures(panel) -> np.ndarray:
    return panel.figures


def told(panel, ahead=0) -> list[list]:
    """Return the periods of each history's figures, or so many columns later."""
    found = []
    for row in range(len(panel.series)):
        columns = np.flatnonzero(~np.isnan(figures(panel)[row]))
        found.append(panel.periods(np.full(len(columns), row), columns + ahead).tolist())
    return found


def days(*texts) -> pd.DatetimeIndex:
    return pd.DatetimeIndex(texts)


def on(panel, ahead=0) -> list[list[str]]:
    return [[str(pd.Timestamp(day).date()) for day in periods] for periods in told(panel, ahead)]


def test_each_series_is_a_row_and_each_period_a_column_with_gaps_left_out():
    history = pd.concat(
        [laid([7.0, NAN, 9.0], [2011, 2013, 2014], "b"), laid([1.0, 2, 3], [2010, 2011, 2012])]
    )
    panel = only(history, {"a": "g", "b": "g"})
    assert panel.series.tolist() == ["a", "b"]
    np.testing.assert_equal(figures(panel), [[1, 2, 3, NAN, NAN], [NAN, 7, NAN, NAN, 9]])
    assert (panel.step, panel.seasons, panel.days) == (12, 1, None)
    assert told(panel) == [[2010, 2011, 2012], [2011, 2014]]
    assert told(panel, 2) == [[2012, 2013, 2014], [2013, 2016]]
    assert panel.periods(np.array([0]), np.array([0])).dtype.kind == "i"


def test_the_order_of_rows_does_not_matter():
    history = pd.concat([laid(range(9), series=name) for name in "cab"], ignore_index=True)
    mixed = history.sample(frac=1, random_state=1)
    first, second = only(history), only(mixed)
    np.testing.assert_equal(figures(first), figures(second))
    assert first.series.tolist() == second.series.tolist() == ["a", "b", "c"]


@pytest.mark.parametrize(
    ("freq", "step", "seasons"),
    [("MS", 1, 12), ("2MS", 2, 6), ("QS", 3, 4), ("4MS", 4, 3), ("6MS", 6, 2), ("YS", 12, 1)],
)
def test_the_step_is_the_usual_distance_and_makes_the_seasons(freq, step, seasons):
    when = pd.date_range("2015-01-01", periods=9, freq=freq)
    panel = only(laid(range(9), when).drop(index=[2, 5]))
    assert (panel.step, panel.seasons) == (step, seasons)
    assert figures(panel).shape == (1, 9)
    assert on(panel) == [[str(day.date()) for day in when.delete([2, 5])]]


@pytest.mark.parametrize("years", [2, 3, 10])
def test_figures_years_apart_have_no_seasons(years):
    panel = only(laid([1.0, 2, 3, 4], 2000 + years * np.arange(4)))
    assert (panel.step, panel.seasons) == (12 * years, 1)
    assert figures(panel).tolist() == [[1, 2, 3, 4]]
    assert told(panel, 1)[0][-1] == 2000 + 4 * years


def test_rhythms_are_kept_apart_and_every_series_is_in_one_panel():
    quarters = pd.date_range("2015-01-01", periods=8, freq="QS")
    yearly = pd.date_range("2015-01-01", periods=6, freq="YS")
    history = pd.concat(
        [laid(range(8), quarters, "q"), laid(range(6), yearly, "y"), laid([5.0], yearly[:1], "1")]
    )
    found = panels(history, {"q": "one", "y": "two", "1": "three"})
    assert [(panel.step, panel.series.tolist()) for panel in found] == [
        (3, ["q"]),
        (12, ["1", "y"]),
    ]


def test_a_single_figure_takes_the_rhythm_of_its_group():
    quarters = pd.date_range("2015-01-01", periods=8, freq="QS")
    history = pd.concat([laid(range(8), quarters, "q"), laid([5.0], quarters[-1:], "1")])
    panel = only(history, {"q": "g", "1": "g"})
    assert on(panel, 1)[0] == ["2017-01-01"]
    assert panel.step == 3


def test_an_area_with_gaps_keeps_the_rhythm_of_its_indicator_and_by_itself_its_own():
    history = pd.concat([laid(range(9)), laid([3.0, 4, 5], [2014, 2016, 2018], "gaps")])
    panel = only(history, {"a": "g", "gaps": "g"})
    assert told(panel, 1)[1] == [2015, 2017, 2019]
    assert [part.step for part in panels(history)] == [12, 24]
    assert [part.step for part in panels(history, {"a": "g", "gaps": "h"})] == [12, 24]


def test_each_series_keeps_its_own_months_and_days():
    history = pd.concat(
        [
            laid([1.0, 2], days("2020-01-01", "2021-01-01"), "calendar"),
            laid([1.0, 2], days("2020-04-01", "2021-04-01"), "financial"),
            laid([1.0, 2], days("2020-12-31", "2021-12-31"), "end"),
            laid([1.0, 2], days("2020-12-15", "2021-12-15"), "middle"),
        ]
    )
    for groups in (None, {name: name for name in history["series"]}):
        found = {}
        for panel in panels(history, groups):
            for row, name in enumerate(panel.series):
                found[name] = on(panel, 1)[row][-1]
        assert found == {
            "calendar": "2022-01-01", "financial": "2022-04-01", "end": "2022-12-31",
            "middle": "2022-12-15",
        }  # fmt: skip


def test_the_last_day_of_a_month_stays_the_last_and_others_stay_where_they_are():
    ends = only(laid([1.0, 2, 3], pd.date_range("2023-11-30", periods=3, freq="ME")))
    assert on(ends) == [["2023-11-30", "2023-12-31", "2024-01-31"]]
    assert on(ends, 1)[0][-1] == "2024-02-29"
    february = only(laid([1.0, 2], days("2022-02-28", "2023-02-28")))
    assert on(february, 1)[0] == ["2023-02-28", "2024-02-29"]
    leap = only(laid([1.0, 2], days("2020-02-29", "2021-02-28")))
    assert on(leap, 3)[0] == ["2023-02-28", "2024-02-29"]
    thirtieth = only(laid([1.0, 2], days("2023-12-30", "2024-01-30")))
    assert on(thirtieth, 1)[0] == ["2024-01-30", "2024-02-29"]


def test_two_figures_closer_than_the_usual_distance_leave_the_later():
    when = days("2018-01-01", "2019-01-01", "2020-01-01", "2020-03-01", "2021-01-01")
    panel = only(laid([1.0, 2, 3, 9, 5], when))
    assert figures(panel).tolist() == [[1, 2, 9, 5]]


def test_series_may_be_named_by_anything():
    names = [1, "1", (2, "x"), 3.5, pd.Timestamp("2020-01-01")]
    parts = [laid([float(i), i + 1]).assign(series=[name] * 2) for i, name in enumerate(names)]
    panel = only(pd.concat(parts, ignore_index=True))
    assert set(panel.series.tolist()) == set(names)
    for i, name in enumerate(names):
        assert figures(panel)[panel.series.tolist().index(name)].tolist() == [i, i + 1]


@pytest.mark.parametrize("kind", ["category", "string", "object"])
def test_kinds_of_columns_do_not_matter(kind):
    history = pd.concat([laid([1, 2, 3]), laid([4, 5, 6], series="b")], ignore_index=True)
    other = history.astype({"series": kind, "period": "Int64", "value": "Float64"})
    other.loc[1, "value"] = pd.NA
    panel = only(other, {"a": "x", "b": "x"})
    np.testing.assert_equal(figures(panel), [[1, NAN, 3], [4, 5, 6]])
    assert panel.series.tolist() == ["a", "b"]
    assert panel.group_names[panel.group].tolist() == ["x", "x"]


def test_groups_are_a_mapping_a_series_a_column_or_none():
    history = pd.concat([laid([1.0, 2], series=name) for name in "abc"], ignore_index=True)
    groups = {"a": "x", "b": "y", "c": "x"}
    for given in (groups, pd.Series(groups), "kind"):
        panel = only(history.assign(kind=history["series"].map(groups)), given)
        assert panel.group_names[panel.group].tolist() == ["x", "y", "x"]
    assert only(history).group.tolist() == [0, 0, 0]


def bounds(history, groups=None) -> tuple[list, list]:
    panel = only(history, groups)
    there = ~np.isnan(figures(panel))
    return panel.low[there].tolist(), panel.high[there].tolist()


def test_bounds_are_those_given_and_none_where_they_are_missing():
    history = laid([1.0, 2, 3])
    assert bounds(history.assign(bound_low=[-5.0, NAN, -4], bound_high=100)) == (
        [-5, -INF, -4],
        [100] * 3,
    )
    assert bounds(history.assign(bound_low=NAN)) == ([-INF] * 3, [INF] * 3)


def test_nothing_is_the_lowest_until_a_figure_of_the_group_lies_below_it():
    history = pd.concat(
        [laid([1.0, 0, 3, 4]), laid([NAN, 5, -0.5, 6], series="b"), laid([1.0] * 4, series="c")],
        ignore_index=True,
    )
    groups = {"a": "g", "b": "g", "c": "h"}
    low, high = bounds(history, groups)
    assert low == [0, 0, -INF, -INF] + [0, -INF, -INF] + [0] * 4
    assert set(high) == {INF}
    assert bounds(history)[0][-4:] == [0, 0, -INF, -INF]


def refused(message, history, groups=None) -> None:
    with pytest.raises(ValueError, match=f"^{re.escape(message)}$"):
        panels(history, groups)


def test_what_is_wrong_is_named():
    two = laid([1.0, 2])
    refused("the table has no column series; it has period, value", two.drop(columns="series"))
    refused("the table has no column kind; it has series, period, value", two, "kind")
    refused("series 'a' has no group; every series needs one, or none at all", two, {"b": "g"})
    refused("series 'a', period 2011: the value is infinite", laid([1.0, -INF]))
    refused("two rows for series 'a', period 2011", laid([1.0, 2, 3], [2010, 2011, 2011]))
    refused("a row with a value has no series; every one needs it", two.assign(series=["a", None]))
    refused("a row with a value has no period; every one needs it", laid([1.0, 2], [2010, NAN]))
    refused(
        "a row with a value has no period; every one needs it",
        laid([1.0, 2], days("2020-01-01", None)),
    )
    refused("series 'a': bound_low is above bound_high", two.assign(bound_low=2, bound_high=1))


@pytest.mark.parametrize("period", [2020.5, 202001, 20200101])
def test_numbers_that_are_no_years_are_refused(period):
    refused(
        f"period {period}: expected a year such as 2024, or a date", laid([1.0, 2], [2020, period])
    )


@pytest.mark.parametrize("period", ["2011/12", "2011", "Jan 2011", "01/02/2011", "nonsense"])
def test_texts_that_are_no_dates_are_refused_rather_than_guessed(period):
    refused(
        f"period {period}: expected years such as 2024, or dates such as 2024-03-31",
        laid([1.0, 2], [period, "2012-01-01"]),
    )
    assert on(only(laid([1.0, 2], ["2011-01-01", "2012-01-01"])), 1)[0][-1] == "2013-01-01"


def test_what_has_no_value_is_never_looked_at():
    history = laid([1.0, 2, NAN], [2010, 2011, 2011])
    assert figures(only(history)).tolist() == [[1, 2]]
    assert panels(laid([NAN, NAN])) == []
    assert panels(laid([])) == []
