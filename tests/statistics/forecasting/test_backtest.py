import re

import numpy as np
import pandas as pd
import pytest
from pandas.testing import assert_frame_equal

from outcomes.statistics.forecasting import backtest as module
from outcomes.statistics.forecasting.backtest import backtest, track_record
from outcomes.statistics.forecasting.forecast import forecast

NAN = float("nan")
ENDS = ["lower_80", "upper_80", "lower_95", "upper_95"]
COLUMNS = [
    "series", "group", "origin", "horizon", "period", "value", "last", "mean", *ENDS, "line",
    "scale", "method", "n", "bound_low", "bound_high",
]  # fmt: skip
SHOWN = ["series", "horizon", "period", "mean", *ENDS, "method", "n"]


def yearly(seed, groups=3, areas=6, length=14, missing=0.0, level=50.0) -> pd.DataFrame:
    """Walks with a movement shared by the areas of a group; some begin later or have gaps."""
    rng = np.random.default_rng(seed)
    parts = []
    for group in range(groups):
        shared = rng.normal(0.4 * group, 1, length).cumsum()
        for area in range(areas):
            values = level + shared + rng.normal(0, 1, length).cumsum()
            values[rng.random(length) < missing] = NAN
            values[: area % 4] = NAN
            parts.append(laid(values, f"g{group}a{area}", f"g{group}"))
    return pd.concat(parts, ignore_index=True)


def laid(values, series="a", group="g", start=2005) -> pd.DataFrame:
    periods = np.arange(start, start + len(values))
    return pd.DataFrame({"series": series, "group": group, "period": periods, "value": values})


def seasonal(seed, freq, starts, length, groups=2) -> pd.DataFrame:
    """Seasonal walks whose areas begin so many periods after the first."""
    rng = np.random.default_rng(seed)
    days = pd.date_range("2012-01-01", periods=length, freq=freq)
    year = 12 if freq.startswith("M") else 4
    parts = []
    for group in range(groups):
        for area, start in enumerate(starts):
            wave = 4 * np.sin(2 * np.pi * np.arange(length) / year + area)
            values = 30 + wave + rng.normal(0, 1, length).cumsum()
            one = {"series": f"g{group}a{area}", "group": f"g{group}", "period": days}
            parts.append(pd.DataFrame(one | {"value": values})[start:])
    return pd.concat(parts, ignore_index=True)


def cut_beside(history, origins, **how) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return the back-test from some origins and what forecast says of histories cut there."""
    tested = backtest(history, horizon=3, **how)
    made = []
    for origin in origins:
        cut = forecast(history[history["period"] <= origin], horizon=3, **how)
        made.append(cut.assign(origin=origin))
    cut = pd.concat(made)
    tested = tested[tested["origin"].isin(origins)]
    keys = ["series", "origin", "horizon"]
    both = tested.set_index(keys).sort_index()
    cut = cut.set_index(keys).sort_index().loc[both.index]
    shown = [name for name in SHOWN if name not in keys]
    return both[shown], cut[shown]


def assert_as_cut(history, origins, **how) -> None:
    tested, cut = cut_beside(history, origins, **how)
    assert len(tested) > 20
    assert_frame_equal(tested, cut, check_exact=True, check_dtype=False, check_index_type=False)


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_a_past_forecast_is_the_one_that_the_figures_up_to_then_give(seed):
    history = yearly(seed)
    assert_as_cut(history, range(2009, 2018), groups="group")


@pytest.mark.parametrize("seed", [4, 5])
def test_so_it_is_with_gaps_and_histories_that_begin_later_or_end_earlier(seed):
    history = yearly(seed, missing=0.12)
    ended = history["series"].str.endswith("a5") & (history["period"] > 2014)
    assert_as_cut(history[~ended], range(2010, 2018), groups="group")


@pytest.mark.parametrize("seed", range(6))
def test_so_it_is_where_the_groups_are_not_known(seed):
    assert_as_cut(yearly(seed, groups=2, areas=3), range(2009, 2018))


def test_so_it_is_where_every_series_is_alone_in_its_group():
    history = yearly(6, groups=2, areas=4)
    own = {name: name for name in history["series"].unique()}
    assert_as_cut(history, range(2009, 2018), groups=own)


def test_so_it_is_with_seasons():
    quarters = seasonal(7, "QS", (0, 0, 0), 40)
    assert_as_cut(quarters, quarters["period"].unique()[8:38:3], groups="group")
    months = seasonal(8, "MS", (0, 0), 60)
    assert_as_cut(months, months["period"].unique()[24:57:5], groups="group")


def test_so_it_is_where_seasons_become_known_at_different_times_or_never():
    quarters = seasonal(9, "QS", (0, 6, 11, 34), 40)
    assert_as_cut(quarters, quarters["period"].unique()[8:38], groups="group")
    short = quarters["series"].eq("g0a2") & (quarters["period"] > "2016-06-30")
    assert_as_cut(quarters[~short], quarters["period"].unique()[8:38], groups="group")


def test_no_figure_after_an_origin_changes_what_was_said_before():
    rng = np.random.default_rng(10)
    kinds = {
        "yearly": yearly(10, missing=0.1),
        "near nothing": yearly(11, level=4.0).assign(value=lambda t: t["value"].abs()),
        "quarterly": seasonal(12, "QS", (0, 5, 9), 32),
    }
    for history in kinds.values():
        for groups in ("group", None):
            before = backtest(history, horizon=3, groups=groups)
            for origin in rng.choice(np.sort(before["origin"].unique()), 5, replace=False):
                later = history["period"] > origin
                noise = history["value"].where(~later, rng.normal(0, 300, len(history)))
                noise = noise.where(history["value"].notna())
                after = backtest(history.assign(value=noise), horizon=3, groups=groups)
                said = [name for name in COLUMNS if name != "value"]
                first, second = (
                    table[table["origin"] <= origin].sort_values(["series", "origin", "horizon"])
                    for table in (before, after)
                )
                assert len(first) > 0
                assert_frame_equal(
                    first[said].reset_index(drop=True),
                    second[said].reset_index(drop=True),
                    check_exact=True,
                )


def test_forecast_and_back_test_made_together_are_the_same_as_apart():
    history = yearly(13, missing=0.1)
    ahead, tested = module.forecast_and_backtest(history, horizon=2, groups="group", fewest=4)
    assert_frame_equal(ahead, forecast(history, horizon=2, groups="group"))
    assert_frame_equal(tested, backtest(history, horizon=2, groups="group", fewest=4))


def test_rows_are_those_whose_outcome_is_known_from_five_figures_on():
    history = pd.concat([laid([1, 2, 4, 3, 5, 6, 5.0, NAN, 8], "a"), laid([2, 3, 2, 4, 5.0], "b")])
    got = backtest(history, horizon=3, groups="group")
    assert got.columns.tolist() == COLUMNS
    rows = got[["series", "origin", "horizon", "period", "value", "last", "n"]]
    assert sorted(rows.itertuples(index=False, name=None)) == [
        ("a", 2009, 1, 2010, 6, 5, 5),
        ("a", 2009, 2, 2011, 5, 5, 5),
        ("a", 2010, 1, 2011, 5, 6, 6),
        ("a", 2010, 3, 2013, 8, 6, 6),
        ("a", 2011, 2, 2013, 8, 5, 7),
    ]
    assert set(got["group"]) == {"g"}
    from_three = backtest(history, horizon=3, groups="group", fewest=3)
    assert from_three.groupby("series")["n"].min().to_dict() == {"a": 3, "b": 3}
    assert from_three["origin"].dtype.kind == "i"


def test_the_scale_is_the_mean_step_and_the_bounds_are_those_known():
    values = [3.0, 5.0, 4.0, 4.0, 8.0, 7.0, 9.0, 6.0]
    got = backtest(laid(values), horizon=1, groups="group").set_index("origin")
    for origin in got.index:
        steps = np.abs(np.diff(values[: origin - 2004]))
        assert got.loc[origin, "scale"] == pytest.approx(steps.mean())
    assert set(got["bound_low"]) == {0}
    assert set(got["bound_high"]) == {np.inf}
    below = backtest(laid([*values, -1.0, 2.0]), horizon=1, groups="group").set_index("origin")
    assert below["bound_low"].to_dict() == {
        2009: 0, 2010: 0, 2011: 0, 2012: 0, 2013: -np.inf,
    } or below["bound_low"].tolist() == [0, 0, 0, 0, -np.inf]  # fmt: skip
    given = laid(values).assign(bound_low=-5.0, bound_high=20.0)
    got = backtest(given, horizon=1, groups="group")
    assert (set(got["bound_low"]), set(got["bound_high"])) == ({-5}, {20})


def test_the_line_is_the_least_squares_one_through_the_newest_five_within_bounds():
    rng = np.random.default_rng(14)
    values = rng.normal(0, 3, 16).cumsum() - 40
    values[[5, 9]] = NAN
    history = laid(values)
    got = backtest(history, horizon=3, groups="group", fewest=3)
    assert got["origin"].nunique() > 9
    known = history.dropna()
    for row in got.itertuples():
        past = known[known["period"] <= row.origin].tail(5)
        fit = np.polyfit(past["period"] - 2000, past["value"], 1)
        assert row.line == pytest.approx(np.polyval(fit, row.period - 2000), abs=1e-9)
    steep = laid([90.0, 92, 94, 96, 98, 99, 99.5])
    got = backtest(steep.assign(bound_low=0.0, bound_high=100.0), horizon=2, groups="group")
    assert got["line"].tolist() == pytest.approx([100, 100, 100])


def test_the_naive_error_of_a_seasonal_history_rests_on_the_newest_figure_itself():
    quarters = seasonal(15, "QS", (0,), 24, groups=1)
    got = backtest(quarters, horizon=2, groups="group")
    known = quarters.set_index("period")["value"]
    assert got["last"].tolist() == known.loc[got["origin"]].tolist()
    assert got["value"].tolist() == known.loc[got["period"]].tolist()


def test_without_anything_to_test_there_is_a_table_without_rows():
    for history in (laid([]), laid([1.0, 2, 3, 4]), laid([5.0] * 9), laid([NAN] * 9)):
        got = backtest(history.astype({"value": float}), horizon=3)
        assert got.empty
        assert got.columns.tolist() == COLUMNS
    assert backtest(laid([1.0, 2, 4, 3, 5, 4]), horizon=9)["horizon"].tolist() == [1]


def test_levels_are_those_asked_for():
    got = backtest(laid([1.0, 2, 4, 3, 5, 4]), horizon=1, levels=[0.9, 0.5])
    assert [name for name in got if name.startswith(("lower", "upper"))] == [
        "lower_50", "upper_50", "lower_90", "upper_90",
    ]  # fmt: skip
    message = "confidence 80: expected a fraction from 0.5 to below 1, such as 0.95"
    with pytest.raises(ValueError, match=f"^{re.escape(message)}$"):
        backtest(laid([1.0, 2, 3]), horizon=1, levels=[80])
    message = "horizon 0: expected a whole number of periods, 1 or more"
    for call in (backtest, module.forecast_and_backtest):
        with pytest.raises(ValueError, match=f"^{re.escape(message)}$"):
            call(laid([1.0, 2, 3]), horizon=0)


def record_rows() -> pd.DataFrame:
    one = {"series": ["a", "a", "b", "b"], "group": "g", "horizon": [1, 1, 1, 2]}
    table = pd.DataFrame(one | {"value": [10.0, 12, 20, 25], "last": [9.0, 10, 22, 22]})
    table = table.assign(mean=[10.5, 11, 21, 24], line=[8.0, 14, 19, 30])
    for level, reach in ((80, 1.0), (95, 2.0)):
        table[f"lower_{level}"] = table["mean"] - reach
        table[f"upper_{level}"] = table["mean"] + [reach, reach, 0.9 * reach, 0.4 * reach]
    table.loc[2, "lower_80"] = 20.5
    return table


def test_the_track_record_is_that_worked_out_by_hand():
    got = track_record(record_rows())
    assert got.index.names == ["group", "horizon"]
    assert got.loc[("g", 1)].to_dict() == pytest.approx(
        {
            "error": (0.5 + 1 + 1) / 3,
            "naive_error": (1 + 2 + 2) / 3,
            "linear_error": (2 + 2 + 1) / 3,
            "inside_80": 2 / 3,
            "inside_95": 1,
            "forecasts": 3,
            "areas": 2,
        }
    )
    assert got.loc[("g", 2)].to_dict() == pytest.approx(
        {"error": 1, "naive_error": 3, "linear_error": 5, "inside_80": 0, "inside_95": 0,
         "forecasts": 1, "areas": 1}
    )  # fmt: skip
    by = track_record(record_rows(), by=["series"])
    assert by.index.tolist() == [("a", 1), ("b", 1), ("b", 2)]
    assert by["areas"].tolist() == [1, 1, 1]


def test_the_track_record_of_nothing_is_empty_and_lacking_columns_are_named():
    assert track_record(record_rows().iloc[:0]).empty
    message = "the table has no column line; it has "
    with pytest.raises(ValueError, match=f"^{re.escape(message)}"):
        track_record(record_rows().drop(columns="line"))
    with pytest.raises(ValueError, match="^the table has no column indicator; it has series"):
        track_record(record_rows(), by=["indicator"])


def walks(seed, areas, length, *, drift=0.0, shared=0.0) -> pd.DataFrame:
    rng = np.random.default_rng(seed)
    steps = rng.normal(drift, 1, (areas, length)) + shared * rng.normal(0, 1, length)
    scales = rng.uniform(0.5, 8, areas)[:, None]
    values = pd.DataFrame(200 + scales * steps.cumsum(axis=1))
    table = values.melt(ignore_index=False, var_name="year").rename_axis("series").reset_index()
    return table.assign(period=table["year"] + 2005, group="g")


@pytest.mark.parametrize(("shared", "tolerance"), [(0.0, 0.04), (0.4, 0.08)])
def test_the_ranges_of_random_walks_hold_as_often_as_they_say(shared, tolerance):
    tested = backtest(walks(16, 300, 12, shared=shared), horizon=3, groups="group")
    got = track_record(tested)
    assert got["areas"].tolist() == [300] * 3
    pooled = np.average(got[["inside_80", "inside_95"]], weights=got["forecasts"], axis=0)
    assert pooled == pytest.approx([0.8, 0.95], abs=tolerance)
    assert (got["inside_80"] - 0.8).abs().max() < tolerance + 0.03
    assert (got["inside_95"] - 0.95).abs().max() < tolerance


def test_a_movement_that_all_areas_share_is_found():
    got = track_record(backtest(walks(17, 60, 14, drift=1.0), horizon=3, groups="group"))
    share = got["error"] / got["naive_error"]
    assert (share < 0.8).all()
    assert share.iloc[2] < share.iloc[0]


@pytest.mark.parametrize("seed", [18, 19, 20])
def test_where_nothing_can_be_foreseen_it_is_hardly_worse_than_the_last_figure(seed):
    got = track_record(backtest(walks(seed, 60, 14), horizon=3, groups="group"))
    assert (got["error"] / got["naive_error"]).max() < 1.03
