import re

import numpy as np
import pandas as pd
import pytest
from pandas.testing import assert_frame_equal
from scipy.stats import t

from outcomes.statistics.forecasting.chance import chance_of_at_most
from outcomes.statistics.forecasting.forecast import forecast
from outcomes.statistics.forecasting.learning import EXPECTED, SHARES, prior
from outcomes.statistics.forecasting.movement import DECAY, TOWARDS_GROUP
from outcomes.statistics.forecasting.ranges import CAUTION, FREEDOM, spread

NAN, INF = float("nan"), float("inf")
ENDS = ["lower_80", "upper_80", "lower_95", "upper_95"]
NUMBERS = ["mean", *ENDS]
COLUMNS = ["series", "horizon", "period", *NUMBERS, "method", "n", "reason"]
STILL = "nothing shows how much such figures move"


def laid(values, series="a", start=2005, **more) -> pd.DataFrame:
    periods = np.arange(start, start + len(values))
    return pd.DataFrame({"series": series, "period": periods, "value": values, **more})


def areas(seed=1, count=8, length=14, drift=0.4, level=60.0, missing=0.0) -> pd.DataFrame:
    """Walks of the areas of two indicators, in the column kind."""
    rng = np.random.default_rng(seed)
    parts = []
    for area in range(count):
        values = level + rng.normal(drift, 1, length).cumsum()
        values[rng.random(length) < missing] = NAN
        parts.append(laid(values, f"area {area}", kind="xy"[area % 2]))
    return pd.concat(parts, ignore_index=True)


def made(history, horizon=3, groups="kind", **how) -> pd.DataFrame:
    return forecast(history, horizon=horizon, groups=groups, **how)


def assert_same(first, second, **how) -> None:
    assert_frame_equal(first, second, **{"rtol": 1e-9, "atol": 0, **how})


def test_a_row_a_series_and_horizon_in_the_order_of_the_series_with_the_columns_promised():
    history = pd.concat([laid([3.0, 4, 6, 5], "z"), laid([2.0, 2, 3], "a", 2010), laid([1.0], "m")])
    got = forecast(history, horizon=2)
    assert got.columns.tolist() == COLUMNS
    assert got["series"].tolist() == ["z", "z", "a", "a", "m", "m"]
    assert got["horizon"].tolist() == [1, 2] * 3
    assert got["period"].tolist() == [2009, 2010, 2013, 2014, 2006, 2007]
    assert got["n"].tolist() == [4, 4, 3, 3, 1, 1]
    assert got["period"].dtype.kind == got["n"].dtype.kind == "i"
    assert got.index.tolist() == list(range(6))


def test_two_areas_of_three_figures_are_those_worked_out_by_hand():
    history = pd.concat([laid([10.0, 12, 11]), laid([20.0, 21, 24], "b")])
    got = forecast(history, horizon=1, groups={"a": "g", "b": "g"}).set_index("series")
    # Nothing is learned yet: of the movement that is expected beforehand, so much is used as is
    # expected to do best.
    share, weights = SHARES[EXPECTED.argmin()], prior(1)
    shared = (DECAY * 1 + 1.25) / (DECAY + 1 + 1)  # means of both: (1 + 1) / 2 and (-0.5 + 3) / 2
    own = [(DECAY * 1 + newest) / (DECAY + 1 + 1) for newest in (-1 / 1.5, 3 / 2)]
    level, scales = [0.0, (22.25 - 24) / 2], [1.5, 2.0]
    for area, last, away, moving, scale in zip("ab", (11, 24), level, own, scales, strict=True):
        move = share * weights @ [away, moving, shared] * scale
        assert got.loc[area, "mean"] == pytest.approx(last + move)
    # Ranges: the t distribution that is expected before any miss is seen, levels raised for want of
    # them; scales drawn towards the common one, wider because they rest on two movements.
    kept = 3 / (3 + TOWARDS_GROUP)
    for area, scale in zip("ab", scales, strict=True):
        width = (1 + 1.5 / 2) * scale**kept * (1.5 * 2.0) ** ((1 - kept) / 2)
        for level in (0.8, 0.95):
            raised = level + CAUTION * (1 - level)
            reach = spread(1) * t.ppf(0.5 + raised / 2, FREEDOM) * width
            upper = got.loc[area, f"upper_{100 * level:.0f}"] - got.loc[area, "mean"]
            assert upper == pytest.approx(reach, rel=0.03)
            lower = max(got.loc[area, "mean"] - upper, 0)
            assert got.loc[area, f"lower_{100 * level:.0f}"] == pytest.approx(lower)
    assert got["method"].tolist() == ["pooled", "pooled"]


def test_ranges_are_nested_around_the_mean_and_wider_three_periods_ahead_than_one():
    got = made(areas(missing=0.1), horizon=5, levels=(0.5, 0.8, 0.95))
    ordered = got[["lower_95", "lower_80", "lower_50", "mean", "upper_50", "upper_80", "upper_95"]]
    assert (np.diff(ordered.to_numpy(), axis=1) > 0).all()
    width = (got["upper_95"] - got["lower_95"]).groupby(got["horizon"]).mean()
    assert (width.loc[3:] > 1.2 * width[1]).all()
    assert chance_of_at_most(got, got["mean"].to_numpy()) == pytest.approx(0.5)


def test_levels_name_their_columns_narrowest_first_and_do_not_change_each_other():
    history = areas()
    got = made(history, levels=[0.95, 0.5, 0.998, 0.5])
    assert got.columns.tolist() == [
        "series", "horizon", "period", "mean", "lower_50", "upper_50", "lower_95", "upper_95",
        "lower_99.8", "upper_99.8", "method", "n", "reason",
    ]  # fmt: skip
    both = ["mean", "lower_95", "upper_95"]
    assert_frame_equal(got[both], made(history)[both])


@pytest.mark.parametrize("horizon", [0, -1, 1.5])
def test_a_horizon_is_a_whole_number_of_periods(horizon):
    message = f"horizon {horizon!r}: expected a whole number of periods, 1 or more"
    with pytest.raises(ValueError, match=f"^{re.escape(message)}$"):
        forecast(areas(), horizon=horizon)


@pytest.mark.parametrize("level", [80, 1.0, 0.4])
def test_a_level_is_a_fraction_of_a_half_or_more(level):
    message = f"confidence {level!r}: expected a fraction from 0.5 to below 1, such as 0.95"
    with pytest.raises(ValueError, match=f"^{re.escape(message)}$"):
        forecast(areas(), horizon=1, levels=[0.8, level])


def test_missing_values_are_the_same_as_rows_left_out_and_order_does_not_matter():
    history = areas(2, missing=0.15)
    first = made(history)
    assert_frame_equal(first, made(history.dropna()))
    mixed = history.sample(frac=1, random_state=1)
    again = made(mixed).set_index(["series", "horizon"]).sort_index().reset_index()
    assert_frame_equal(first, again[COLUMNS])
    other = history.rename(columns={"kind": "group"}).set_index(np.zeros(len(history), dtype=int))
    assert_frame_equal(first, made(other, groups="group"))


def test_groups_given_in_any_way_give_the_same_and_do_not_touch_each_other():
    history = areas(3)
    kinds = history.drop_duplicates("series").set_index("series")["kind"]
    first = made(history)
    assert_frame_equal(first, made(history, groups=kinds))
    assert_frame_equal(first, made(history, groups=kinds.to_dict()))
    apart = made(history[history["kind"] == "x"])
    ours = first[first["series"].map(kinds) == "x"].reset_index(drop=True)
    assert_frame_equal(apart, ours)
    message = "series 'area 1' has no group; every series needs one, or none at all"
    with pytest.raises(ValueError, match=f"^{re.escape(message)}$"):
        made(history, groups=kinds.drop("area 1"))


def test_without_groups_areas_learn_together_and_unrelated_series_alone():
    alike = areas(4, count=20, drift=1.0).assign(kind="g")
    assert_frame_equal(made(alike, groups=None), made(alike))
    rng = np.random.default_rng(5)
    signs = np.where(np.arange(10) % 2, 1, -1)
    parts = [
        laid(100 + sign * 3.0 * np.arange(25) + rng.normal(0, 1, 25), f"s{i}")
        for i, sign in enumerate(signs)
    ]
    history = pd.concat(parts, ignore_index=True)
    own = {f"s{i}": i for i in range(10)}
    assert_frame_equal(made(history, groups=None), made(history, groups=own))
    assert set(made(history, groups=None)["method"]) == {"single"}


def test_ten_times_the_values_is_ten_times_the_forecast():
    for low in ({}, {"bound_low": NAN}):
        history = areas(6, missing=0.1).assign(**low)
        first = made(history)
        for factor in (10, 1e12, 1e-12):
            second = made(history.assign(value=history["value"] * factor))
            assert_same(second, first.assign(**{name: first[name] * factor for name in NUMBERS}))


def test_without_bounds_a_thousand_more_is_a_forecast_of_a_thousand_more():
    history = areas(7, missing=0.1).assign(bound_low=NAN)
    first = made(history)
    for shift in (1000, -1000):
        second = made(history.assign(value=history["value"] + shift))
        assert_same(second, first.assign(**{name: first[name] + shift for name in NUMBERS}))


def test_without_bounds_the_mirror_image_is_forecast_as_the_mirror_image():
    history = areas(8, missing=0.1).assign(bound_low=NAN)
    first = made(history)
    second = made(history.assign(value=-history["value"]))
    swapped = {"lower": "upper", "upper": "lower"}
    for name in NUMBERS:
        side, _, level = name.partition("_")
        other = f"{swapped.get(side, side)}_{level}".rstrip("_")
        assert second[name].to_numpy() == pytest.approx(-first[other].to_numpy())


@pytest.mark.parametrize("seed", range(5))
def test_percentages_and_counts_never_leave_their_bounds(seed):
    rng = np.random.default_rng(seed)
    near = [
        np.clip(edge + rng.normal(0.3 * sign, 2, 15).cumsum(), 0, 100)
        for edge, sign in ((99, 1), (1, -1), (98, 1), (3, -1), (50, 0))
    ]
    history = pd.concat([laid(values, str(i)) for i, values in enumerate(near)])
    for groups in (None, dict.fromkeys("01234", "g")):
        got = forecast(history.assign(bound_low=0.0, bound_high=100.0), horizon=10, groups=groups)
        assert got[NUMBERS].min().min() >= 0
        assert got[NUMBERS].max().max() <= 100
        assert forecast(history, horizon=10, groups=groups)[NUMBERS].min().min() >= 0


@pytest.mark.parametrize("seed", range(5))
def test_seasonal_counts_never_fall_below_nothing(seed):
    rng = np.random.default_rng(seed)
    when = pd.date_range("2015-01-01", periods=40, freq="QS")
    parts = []
    for area in range(4):
        rate = np.maximum(2 + 3 * np.sin(np.arange(40) * np.pi / 2) - 0.05 * np.arange(40), 0.05)
        parts.append(pd.DataFrame({"series": area, "period": when, "value": rng.poisson(rate)}))
    got = forecast(pd.concat(parts), horizon=8, groups=dict.fromkeys(range(4), "g"))
    assert got[NUMBERS].min().min() >= 0
    assert (got["mean"] >= got["lower_80"]).all()


def test_a_figure_outside_the_bounds_given_is_forecast_at_the_bound():
    rng = np.random.default_rng(9)
    history = laid(104 + rng.normal(0, 1, 12), bound_low=0.0, bound_high=100.0)
    got = forecast(history, horizon=2)
    assert got["mean"].tolist() == got["upper_95"].tolist() == [100, 100]
    assert (got["lower_95"] < 100).all()


def test_bounds_that_meet_leave_one_value():
    history = areas(10).assign(bound_low=60.0, bound_high=60.0)
    assert (made(history)[NUMBERS] == 60).all().all()


def why(history, groups=None) -> dict:
    got = forecast(history, horizon=2, groups=groups)
    refused = got["method"] == "refused"
    assert got.loc[refused, NUMBERS].isna().all().all()
    assert got.loc[~refused, NUMBERS].notna().all().all()
    assert (got["reason"].ne("") == refused).all()
    return got.drop_duplicates("series").set_index("series")["reason"].to_dict()


def test_alone_three_figures_are_the_fewest():
    assert why(laid([4.0])) == {"a": "1 figure, fewer than 3"}
    assert why(laid([4.0, 5])) == {"a": "2 figures, fewer than 3"}
    assert why(laid([4.0, NAN, 5])) == {"a": "2 figures, fewer than 3"}
    assert why(laid([4.0, 5, 6])) == {"a": ""}
    assert why(pd.concat([laid([4.0, 5]), laid([NAN, 7], "b")]), {"a": 1, "b": 2}) == {
        "a": "2 figures, fewer than 3",
        "b": "1 figure, fewer than 3",
    }


def test_in_a_group_that_shows_how_figures_move_two_are_enough():
    group = dict.fromkeys(["one", "two", *(f"area {i}" for i in range(4))], "g")
    history = pd.concat([areas(count=4), laid([50.0], "one"), laid([50.0, 51], "two")])
    found = why(history, group)
    assert found["one"] == "1 figure, fewer than 2"
    assert found["two"] == ""
    got = forecast(history, horizon=2, groups=group).set_index("series")
    assert got.loc["two", "method"].tolist() == ["naive", "naive"]
    assert got.loc["two", "mean"].tolist() == [51, 51]


def test_areas_with_two_figures_get_wider_ranges_than_the_others_of_their_group():
    history = areas(12, count=30, drift=0).assign(kind="g")
    newest = history["period"] > history["period"].max() - 2
    short = history["series"].isin([f"area {i}" for i in range(15)])
    got = made(history[~short | newest], horizon=1)
    width = got["upper_95"] - got["lower_95"]
    assert width[:15].mean() > 1.5 * width[15:].mean()


def test_what_never_moved_is_refused_alone_and_judged_by_its_group():
    still = laid([5.0] * 8)
    assert why(still) == {"a": STILL}
    assert why(laid([0.0] * 8)) == {"a": STILL}
    assert why(pd.concat([still, laid([7.0] * 8, "b")]), {"a": 1, "b": 1}) == {
        "a": STILL,
        "b": STILL,
    }
    history = pd.concat([still, areas(count=3)])
    group = dict.fromkeys(history["series"].unique(), "g")
    assert set(why(history, group).values()) == {""}
    got = forecast(history, horizon=1, groups=group).iloc[0]
    assert got["mean"] == 5
    assert got["lower_80"] < 5 < got["upper_80"]


def test_series_without_a_value_have_no_row_and_a_history_without_any_gives_an_empty_table():
    history = pd.concat([areas(), laid([NAN, NAN], "none", kind="x")])
    assert_frame_equal(made(history), made(areas()))
    for empty in (laid([]), laid([NAN] * 5), pd.DataFrame(columns=["series", "period", "value"])):
        got = forecast(empty, horizon=3)
        assert got.empty
        assert got.columns.tolist() == COLUMNS


def test_a_gap_of_ten_years_is_no_jump():
    values = [*(50 + np.arange(6) % 2), *[NAN] * 10, *(60 + np.arange(4) % 2)]
    got = forecast(laid(values), horizon=1).iloc[0]
    assert (got["n"], got["period"]) == (10, 2025)
    assert 58 < got["mean"] < 63
    assert got["upper_95"] - got["lower_95"] < 15


def test_each_rhythm_has_its_own_periods_in_one_call():
    quarters, months = (pd.date_range("2019-03-31", periods=12, freq=freq) for freq in ("QE", "ME"))
    rng = np.random.default_rng(13)
    history = pd.concat(
        [
            pd.DataFrame({"series": name, "period": days, "value": rng.normal(50, 3, len(days))})
            for name, days in {
                "quarters": quarters,
                "months": months,
                "two years": pd.to_datetime([f"{year}-04-01" for year in range(2006, 2020, 2)]),
                "leap": pd.to_datetime(["2016-02-29", "2017-02-28", "2018-02-28", "2019-02-28"]),
            }.items()
        ]
    )
    got = forecast(history, horizon=2, groups={name: name for name in history["series"].unique()})
    periods = got["period"].dt.date.astype(str).groupby(got["series"]).agg(list).to_dict()
    assert periods == {
        "quarters": ["2022-03-31", "2022-06-30"],
        "months": ["2020-03-31", "2020-04-30"],
        "two years": ["2020-04-01", "2022-04-01"],
        "leap": ["2020-02-29", "2021-02-28"],
    }


def test_figures_far_ahead_stay_finite():
    got = made(areas(14).assign(bound_low=NAN), horizon=30)
    assert np.isfinite(got[NUMBERS].to_numpy()).all()
    assert got.groupby("series").size().eq(30).all()


def test_a_longer_horizon_keeps_periods_and_direction_though_not_every_number():
    history = areas(15, count=12, drift=0.8)
    three, five = made(history), made(history, horizon=5)
    five = five[five["horizon"] <= 3].reset_index(drop=True)
    same = ["series", "horizon", "period", "n", "reason"]
    assert_frame_equal(three[same], five[same])
    # The share of the movement that is used, and the size of the ranges, are joint over horizons.
    scale = (three["upper_80"] - three["lower_80"]).mean()
    assert (three["mean"] - five["mean"]).abs().max() < 0.25 * scale
    width = (five["upper_80"] - five["lower_80"]).mean() / scale
    assert 0.7 < width < 1.4


def test_the_history_given_is_left_as_it_is():
    history = areas(16, missing=0.1)
    before = history.copy()
    made(history)
    assert_frame_equal(history, before)


def test_a_line_that_never_wavered_is_carried_on_most_of_the_way():
    history = laid(np.arange(30) * 2.0 + 10)
    got = forecast(history, horizon=3)
    assert (got["mean"] > 68 + np.array([1, 2, 3])).all()
    assert (got["mean"] <= 68 + 2 * np.array([1, 2, 3]) + 1e-9).all()


def test_long_trending_histories_are_forecast_much_as_statsmodels_theta_does():
    theta = pytest.importorskip("statsmodels.tsa.forecasting.theta")
    apart, ours, theirs, naive = [], [], [], []
    for seed in range(12):
        rng = np.random.default_rng(seed)
        level = 100 + rng.normal(0.4, 0.5, 65).cumsum()
        values = level + rng.normal(0, 1, 65)
        past, later = values[:60], values[60:]
        got = forecast(laid(past, start=1950), horizon=5)["mean"].to_numpy()
        model = theta.ThetaModel(past, period=1, deseasonalize=False).fit()
        wanted = np.asarray(model.forecast(5))
        step = np.abs(np.diff(past)).mean()
        apart.append(np.abs(got - wanted) / step)
        ours.append(np.abs(got - later) / step)
        theirs.append(np.abs(wanted - later) / step)
        naive.append(np.abs(past[-1] - later) / step)
    # Theta takes the whole past's drift and a fitted smoothing; ours shrinks both, so the two may
    # differ by less than a usual movement, most where the newest figure was far from the level.
    assert np.mean(apart, axis=0)[0] < 0.4
    assert np.mean(apart, axis=0)[4] < 0.8
    assert np.max(apart) < 1.5
    assert np.mean(ours) < np.mean(naive)
    assert np.mean(ours) < 1.25 * np.mean(theirs)


def test_a_range_further_ahead_is_never_narrower():
    rng = np.random.default_rng(8)
    rows = [
        (f"s{i}", 2005 + t, value)
        for i in range(60)
        for t, value in enumerate(50 + rng.normal(0, 3, 9).cumsum())
    ]
    history = pd.DataFrame(rows, columns=["series", "period", "value"])
    history["bound_low"] = -np.inf
    for groups in (None, dict.fromkeys(history["series"], "a"), {s: s for s in history["series"]}):
        found = forecast(history, horizon=6, groups=groups)
        for level in (80, 95):
            width = found[f"upper_{level}"] - found[f"lower_{level}"]
            narrower = width.groupby(found["series"]).diff().dropna()
            assert (narrower >= -1e-9).all()
            assert (narrower > 0).any()


def test_another_model_than_there_is_is_refused():
    history = pd.DataFrame({"series": ["a"] * 5, "period": range(2015, 2020), "value": range(5)})
    message = "model 'arima': expected 'pooled', 'ets' or 'theta'"
    with pytest.raises(ValueError, match=re.escape(message)):
        forecast(history, horizon=1, model="arima")
