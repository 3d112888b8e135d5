import re
from datetime import date

import numpy as np
import pandas as pd
import pytest
from scipy.stats import norm, triang

from outcomes.model.planning import CrossEffect, Effect, Evidence, Scenario
from outcomes.statistics.forecasting.chance import chance_of_at_most
from outcomes.statistics.forecasting.profiles import Windows, period_profile, profile
from outcomes.statistics.forecasting.scenarios import assumed, trajectories, triangular

NAN = float("nan")
SHOWN = ["mean", "lower_80", "upper_80", "lower_95", "upper_95"]
SAID = {
    "title": "An assumption",
    "place": "E10000012",
    "evidence": Evidence(source="an evaluation", strength="moderate"),
    "plausibility": "medium",
    "depends_on": "the money",
    "owner": "a role",
}


def effect(size=2.0, low=None, high=None, *, on="jobs", starts=date(2025, 1, 1), **more) -> Effect:
    low, high = size if low is None else low, size if high is None else high
    return Effect(kind="planned_effect", indicator=on, size=size, low=low, high=high,
                  starts=starts, **SAID, **more)  # fmt: skip


def cross(cause, follower, size=0.5, low=None, high=None, **more) -> CrossEffect:
    low, high = size if low is None else low, size if high is None else high
    return CrossEffect(cause=cause, indicator=follower, size=size, low=low, high=high,
                       **SAID, **more)  # fmt: skip


def points(*indicators, mean=50.0, sd=2.0, horizons=5, first=2025) -> pd.DataFrame:
    """Forecasts of random walks, a calendar year a horizon, with ranges of a normal distribution."""
    tables = []
    for indicator in indicators or ("jobs",):
        h = np.arange(1, horizons + 1)
        table = pd.DataFrame({"indicator": indicator, "horizon": h, "mean": mean + 0.1 * h})
        table["period_start"] = [pd.Timestamp(first + i, 1, 1) for i in range(horizons)]
        table["period_end"] = table["period_start"] + pd.DateOffset(years=1, days=-1)
        for level in (80, 95):
            reach = norm.ppf(0.5 + level / 200) * sd * np.sqrt(h)
            table[f"lower_{level}"] = table["mean"] - reach
            table[f"upper_{level}"] = table["mean"] + reach
        tables.append(table)
    return pd.concat(tables, ignore_index=True)


FULL = {"delay_months": 6, "builds_months": 12, "lasts_months": 12, "fade_months": 24}


def test_an_effect_waits_builds_evenly_lasts_and_fades_evenly():
    days = np.array(
        ["2025-01-01", "2025-07-01", "2025-12-30", "2026-07-01", "2027-06-30", "2027-07-01",
         "2028-06-30", "2029-07-01", "2040-01-01"], dtype="datetime64[D]",
    )  # fmt: skip
    got = profile(effect(**FULL), days)
    half = 182 / 365
    assert got == pytest.approx([0, 0, half, 1, 1, 1, 1 - 365 / 731, 0, 0])
    years = 1970 + (days - np.datetime64("1970-01-01")).astype(float) / 365.2425
    assert profile(effect(**FULL), years) == pytest.approx(got)


def test_an_effect_without_an_end_stays_and_one_that_comes_at_once_counts_from_its_day():
    days = np.array(["2024-12-31", "2025-01-01", "2099-01-01", "NaT"], dtype="datetime64[D]")
    assert profile(effect(), days) == pytest.approx([0, 1, 1, NAN], nan_ok=True)
    gone = profile(effect(lasts_months=3), np.array(["2025-03-31", "2025-04-01"], "datetime64"))
    assert gone.tolist() == [1, 0]
    assert profile(effect(), np.array([2024.99, NAN])) == pytest.approx([0, NAN], nan_ok=True)


@pytest.mark.parametrize("more", [FULL, {}, {"builds_months": 30}, {"lasts_months": 7}])
def test_a_period_has_the_mean_of_the_profile_over_its_days(more):
    one = effect(starts=date(2025, 4, 17), **more)
    table = points()
    got = period_profile(one, Windows.of(table["period_start"], table["period_end"]))
    for row, share in zip(table.itertuples(), got, strict=True):
        days = np.arange(row.period_start, row.period_end + pd.Timedelta(days=1), dtype="M8[D]")
        assert share == pytest.approx(profile(one, days).mean(), abs=0.002)


def test_an_effect_that_starts_in_the_middle_of_a_period_counts_for_half_of_it():
    school = Windows.of(pd.Series(["2024-09-01", "2025-09-01"]), ["2025-08-31", "2026-08-31"])
    got = period_profile(effect(starts=date(2025, 3, 1)), school)
    assert got == pytest.approx([184 / 365, 1])


def test_a_period_that_ends_before_it_starts_is_refused():
    message = "a period from 2025-01-01 to 2024-12-31: expected its first day before its last"
    with pytest.raises(ValueError, match=f"^{re.escape(message)}$"):
        period_profile(effect(), Windows.of(["2025-01-01"], ["2024-12-31"]))


def test_without_effects_the_trajectory_is_the_forecast_digit_for_digit():
    table = points("jobs", "pay", mean=1 / 3)
    for got in (
        trajectories(table, {}),
        trajectories(table, {"e": effect(included=False), "late": effect(starts=date(2099, 1, 1))}),
        trajectories(table, {"e": effect(0.0)}, {"c": cross("jobs", "pay")}),
        trajectories(table, {}, {"c": cross("jobs", "pay")}),
        trajectories(table, {"e": effect(on="nothing")}),
    ):
        pd.testing.assert_frame_equal(got[table.columns], table, check_exact=True)
        assert got["effect"].tolist() == [0.0] * 10


def test_only_rows_that_an_effect_reaches_change():
    table = points("jobs", "pay", mean=1 / 3)
    got = trajectories(table, {"e": effect(1, 0, 2, starts=date(2027, 1, 1))})
    same = (table["indicator"] == "pay") | (table["horizon"] < 3)
    pd.testing.assert_frame_equal(got.loc[same, table.columns], table[same], check_exact=True)
    assert (got.loc[same, "effect"] == 0).all()
    assert (got.loc[~same, "effect"] > 0.9).all()


def test_even_a_forecast_out_of_its_bounds_is_left_alone_where_nothing_reaches_it():
    table = points(mean=99.0)
    got = trajectories(table, {"e": effect(starts=date(2028, 1, 1))}, bounds=(0, 100))
    pd.testing.assert_frame_equal(got.loc[:2, table.columns], table.loc[:2], check_exact=True)
    assert got.loc[3:, SHOWN].max(axis=None) <= 100


def test_a_cause_out_of_its_bounds_that_nothing_moves_moves_no_follower():
    table = points("jobs", "pay", mean=101.0)
    got = trajectories(table, {}, {"c": cross("jobs", "pay")}, bounds=(0, 100))
    pd.testing.assert_frame_equal(got[table.columns], table, check_exact=True)


def test_the_order_of_the_rows_is_kept_and_changes_nothing():
    table = points("jobs", "pay").assign(mean=lambda t: t["mean"] * t["horizon"])
    given = {"e": effect(-10, measured="percent")}, {"c": cross("jobs", "pay", delay_months=5)}
    mixed = table.sample(frac=1, random_state=1)
    got = trajectories(mixed, *given)
    assert got.index.tolist() == mixed.index.tolist()
    pd.testing.assert_frame_equal(got.sort_index(), trajectories(table, *given))


def test_a_certain_effect_moves_the_whole_distribution_by_its_size():
    table = points(sd=2.0)
    got = trajectories(table, {"e": effect(3.0, starts=date(2025, 7, 2))})
    moved = got[SHOWN] - table[SHOWN]
    assert moved.iloc[0].tolist() == pytest.approx([3 * 183 / 365] * 5, abs=0.005)
    assert moved.iloc[1:].to_numpy() == pytest.approx(np.full((4, 5), 3.0), abs=0.01)
    assert got["effect"].tolist() == moved["mean"].tolist()


def test_percent_effects_multiply_the_forecast_and_one_another_and_units_are_added():
    table = points(mean=40.0)
    both = {"a": effect(-10, measured="percent"), "b": effect(-20, measured="percent")}
    got = trajectories(table, {**both, "c": effect(1.0)})
    assert got[SHOWN].to_numpy() == pytest.approx(table[SHOWN].to_numpy() * 0.9 * 0.8 + 1, abs=0.01)
    none = trajectories(table, {"a": effect(-150, measured="percent")})
    assert none[SHOWN].to_numpy() == pytest.approx(np.zeros((5, 5)))


def test_the_range_holds_both_the_forecasts_and_the_effects_uncertainty():
    table = points(sd=1.0)
    got = trajectories(table, {"e": effect(0.0, -6, 6)}, draws=8000)
    rng = np.random.default_rng(11)
    size = rng.triangular(-6, 0, 6, 400_000)
    for row in (0, 4):
        values = table["mean"][row] + np.sqrt(row + 1) * rng.standard_normal(400_000) + size
        wanted = np.quantile(values, [0.5, 0.1, 0.9, 0.025, 0.975])
        assert got.loc[row, SHOWN].to_numpy(dtype=float) == pytest.approx(wanted, abs=0.08)
    assert chance_of_at_most(got, table["mean"]) == pytest.approx([0.5] * 5, abs=0.02)


def test_one_draw_of_an_effect_holds_in_all_periods_and_two_effects_are_independent():
    # Without any uncertainty of its own, the forecast shows the effects' distribution alone.
    table = points(sd=0.0)
    one = trajectories(table, {"a": effect(2, 0, 4)})
    assert one.loc[0, "upper_80"] - one.loc[0, "lower_80"] == pytest.approx(
        np.subtract(*triang(0.5, 0, 4).ppf([0.9, 0.1])), abs=0.02
    )
    two = trajectories(table, {"a": effect(2, 0, 4), "b": effect(2, 0, 4)}, draws=8000)
    width = two.loc[0, "upper_95"] - two.loc[0, "lower_95"]
    twice = trajectories(table, {"a": effect(4, 0, 8)}).loc[0]
    assert width < 0.85 * (twice["upper_95"] - twice["lower_95"])
    sums = np.random.default_rng(2).triangular(0, 2, 4, (400_000, 2)).sum(axis=1)
    assert width == pytest.approx(np.subtract(*np.quantile(sums, [0.975, 0.025])), abs=0.1)


def test_a_size_drawn_from_three_numbers_has_the_triangular_distribution():
    shares = np.linspace(0, 1, 21)
    for low, size, high in ((-1, 0, 5), (0, 0, 2), (0, 2, 2)):
        wanted = triang((size - low) / (high - low), low, high - low).ppf(shares)
        assert triangular(shares, low, size, high) == pytest.approx(wanted)
    assert triangular(shares, 3, 3, 3).tolist() == [3.0] * 21


def test_percentages_and_counts_stay_within_their_bounds():
    table = points("share", "count", mean=98.0)
    table.loc[table["indicator"] == "count", SHOWN] -= 95
    table["bound_low"], table["bound_high"] = 0.0, [100.0] * 5 + [NAN] * 5
    both = {"a": effect(5, 1, 9, on="share"), "b": effect(-5, -9, -1, on="count")}
    got = trajectories(table, both)
    assert got[SHOWN].min(axis=None) == 0
    assert got.loc[:4, SHOWN].max(axis=None) == 100
    free = trajectories(table.drop(columns=["bound_low", "bound_high"]), both)
    assert free.loc[:4, SHOWN].max(axis=None) > 100
    assert free.loc[5:, SHOWN].min(axis=None) < 0
    for name in SHOWN:
        within = trajectories(points(mean=98.0), {"a": effect(5)}, bounds=(0, 100))[name]
        assert within.between(0, 100).all()


def test_ranges_stay_in_order_around_the_middle():
    table = points(mean=97.0)
    got = trajectories(table, {"a": effect(4, -20, 6, measured="percent")}, bounds=(0, 100))
    order = got[["lower_95", "lower_80", "mean", "upper_80", "upper_95"]].to_numpy()
    assert (np.diff(order, axis=1) >= 0).all()


def test_a_follower_moves_by_what_the_effects_add_to_its_cause_so_much_later():
    table = points("jobs", "pay")
    got = trajectories(
        table, {"e": effect(4.0, starts=date(2026, 1, 1))},
        {"c": cross("jobs", "pay", 0.5, delay_months=12)},
    )  # fmt: skip
    assert got["effect"].tolist() == pytest.approx([0, 4, 4, 4, 4, 0, 0, 2, 2, 2], abs=0.005)
    half = trajectories(
        table, {"e": effect(4.0, starts=date(2026, 1, 1))},
        {"c": cross("jobs", "pay", -0.5, delay_months=6)},
    )  # fmt: skip
    assert half["effect"].tolist()[5:] == pytest.approx([0, -184 / 181 * 181 / 365 * 2, -2, -2, -2],
                                                        abs=0.02)  # fmt: skip


def test_chains_are_followed_in_order_whatever_order_they_are_given_in():
    table = points("a", "b", "c", "d")
    links = {
        "cd": cross("c", "d", 2.0),
        "bc": cross("b", "c", 3.0),
        "ab": cross("a", "b", 0.5),
        "ad": cross("a", "d", 1.0),
    }
    got = trajectories(table, {"e": effect(1.0, on="a")}, links)
    by = got[got["horizon"] == 5].set_index("indicator")["effect"]
    assert by.to_dict() == pytest.approx({"a": 1, "b": 0.5, "c": 1.5, "d": 4}, abs=0.01)
    off = {**links, "bc": cross("b", "c", 3.0, included=False)}
    by = trajectories(table, {"e": effect(1.0, on="a")}, off)
    by = by[by["horizon"] == 5].set_index("indicator")["effect"]
    assert by.to_dict() == pytest.approx({"a": 1, "b": 0.5, "c": 0, "d": 1}, abs=0.01)


def test_a_cause_adds_no_more_than_its_bounds_allow_and_percent_is_of_its_forecast():
    table = points("jobs", "pay", mean=98.0)
    link = {"c": cross("jobs", "pay", -1.0)}
    capped = trajectories(table, {"e": effect(30.0)}, link, bounds=(0, 100))
    assert capped.loc[5, "effect"] == pytest.approx(-1.9, abs=0.01)
    percent = trajectories(table, {"e": effect(-10, measured="percent")}, link)
    assert percent.loc[5, "effect"] == pytest.approx(9.81, abs=0.01)


def test_a_cause_without_a_forecast_passes_on_units_but_not_a_percentage_of_nothing():
    table = points("pay")
    link = {"c": cross("jobs", "pay", 0.5)}
    assert trajectories(table, {"e": effect(4.0)}, link)["effect"].tolist() == pytest.approx(
        [2.0] * 5, abs=0.01
    )
    got = trajectories(table, {"e": effect(4.0, measured="percent")}, link)
    assert got[[*SHOWN, "effect"]].isna().all(axis=None)


def test_the_followers_range_holds_the_uncertainty_of_the_link_and_of_the_cause():
    table = points("jobs", "pay", sd=0.0)
    got = trajectories(
        table, {"e": effect(4, 0, 8)}, {"c": cross("jobs", "pay", 0.5, 0, 1)}, draws=8000
    )
    rng = np.random.default_rng(3)
    product = rng.triangular(0, 4, 8, 400_000) * rng.triangular(0, 0.5, 1, 400_000)
    wanted = table.loc[5, "mean"] + np.quantile(product, [0.5, 0.1, 0.9])
    assert got.loc[5, SHOWN[:3]].to_numpy(dtype=float) == pytest.approx(wanted, abs=0.06)


def test_a_loop_of_cross_effects_is_refused_with_its_way_named():
    links = {"1": cross("x", "a"), "2": cross("a", "b"), "3": cross("b", "c"), "4": cross("c", "a")}
    message = (
        "the cross-effects go round in a loop: a -> b -> c -> a; "
        "expected that none of a, b and c moves itself"
    )
    with pytest.raises(ValueError, match=f"^{re.escape(message)}$"):
        trajectories(points("a"), {}, links)
    links["3"] = cross("b", "c", included=False)
    assert (trajectories(points("a"), {}, links)["effect"] == 0).all()


def test_a_row_without_a_forecast_stays_without_and_the_others_move():
    table = points()
    table.loc[2, SHOWN] = NAN
    got = trajectories(table, {"e": effect(1.0)})
    assert got["effect"].isna().tolist() == [False, False, True, False, False]
    assert got.loc[2, SHOWN].isna().all()
    assert trajectories(table, {})["effect"].isna().sum() == 1
    assert trajectories(table.iloc[:0], {"e": effect()}).columns.tolist() == [*table, "effect"]


def test_a_seed_gives_the_same_and_an_effect_the_same_draws_beside_others():
    table = points("jobs", "pay")
    mine, other = effect(2, 0, 5), effect(9, 1, 30, on="pay")
    got = trajectories(table, {"s/mine": mine}, seed=4)
    pd.testing.assert_frame_equal(got, trajectories(table, {"s/mine": mine}, seed=4))
    assert not got.equals(trajectories(table, {"s/mine": mine}, seed=5))
    both = trajectories(table, {"t/other": other, "s/mine": mine}, seed=4)
    pd.testing.assert_frame_equal(both.iloc[:5], got.iloc[:5])


def test_scenarios_together_hold_all_assumptions_that_are_switched_on_by_name():
    said = {"title": "A plan", "framework": "outcomes", "says": "More is done."}
    first = Scenario(effects={"e": effect(1.0), "off": effect(included=False)}, **said)
    second = Scenario(effects={"e": effect(2.0)}, cross_effects={"c": cross("jobs", "pay")}, **said)
    effects, links = assumed({"one": first, "two": second})
    assert [(name, e.size) for name, e in effects.items()] == [("one/e", 1.0), ("two/e", 2.0)]
    assert list(links) == ["two/c"]
    got = trajectories(points("jobs", "pay"), effects, links)
    assert got.loc[[0, 5], "effect"].tolist() == pytest.approx([3, 1.5], abs=0.01)
    assert assumed({}) == ({}, {})


@pytest.mark.parametrize(
    ("change", "options", "message"),
    [
        ({}, {"draws": 99}, "draws 99: expected 100 or more"),
        ({}, {"bounds": (100, 0)}, "bounds (100, 0): expected the lower before the upper"),
        ({"horizon": 1}, {}, "two rows for jobs, horizon 1; expected one"),
    ],
)
def test_bad_input_is_named(change, options, message):
    with pytest.raises(ValueError, match=f"^{re.escape(message)}$"):
        trajectories(points().assign(**change), {}, **options)
    with pytest.raises(ValueError, match="^the table has no column horizon; it has indicator"):
        trajectories(points().drop(columns="horizon"), {})
