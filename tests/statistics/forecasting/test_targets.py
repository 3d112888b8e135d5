import re

import numpy as np
import pandas as pd
import pytest
from scipy.stats import linregress, t

from outcomes.statistics.comparison import fastest_improving
from outcomes.statistics.forecasting.reliability import chance_record
from outcomes.statistics.forecasting.targets import (
    achieved,
    best_achieved,
    chance_of_meeting,
    gap,
    good_signs,
    needed,
)

NAN = float("nan")
UP, DOWN, NONE = "higher_is_better", "lower_is_better", "no_judgement"


def test_the_gap_is_positive_where_the_forecast_falls_short_and_negative_beyond():
    assert (gap(60.0, 55.0, UP), gap(60.0, 62.0, UP)) == (5, -2)
    assert (gap(10.0, 12.0, DOWN), gap(10.0, 7.0, DOWN)) == (2, -3)
    assert np.isnan(gap(60.0, 55.0, NONE))
    assert np.isnan(gap(60.0, NAN, UP))
    assert gap(np.array([1.0, 2.0]), 3.0, np.array([UP, DOWN])).tolist() == [-2, 1]


def test_the_improvement_needed_a_year_is_negative_where_it_may_get_worse():
    assert needed(50.0, 56.0, 4, UP) == 1.5
    assert needed(50.0, 44.0, 4, UP) == -1.5
    assert needed(50.0, 44.0, 4, DOWN) == 1.5
    assert np.isnan(needed(50.0, 44.0, 4, NONE))


@pytest.mark.parametrize("years", [0, -1.0, NAN])
def test_nothing_is_needed_a_year_where_no_time_is_left(years):
    message = f"years {years!r}: expected more than 0 from the latest figure"
    with pytest.raises(ValueError, match=f"^{re.escape(message)}$"):
        needed(50.0, 44.0, years, UP)


def test_an_unknown_polarity_is_named():
    message = "polarity 'up': expected one of higher_is_better, lower_is_better, no_judgement"
    with pytest.raises(ValueError, match=f"^{re.escape(message)}$"):
        good_signs("up")


def forecast(mean, scale) -> pd.DataFrame:
    """Forecasts whose misses have a t distribution with three degrees of freedom."""
    ends = {f"lower_{n}": t.ppf(0.5 - n / 200, 3) for n in (80, 95)}
    ends |= {f"upper_{n}": t.ppf(0.5 + n / 200, 3) for n in (80, 95)}
    mean, scale = np.atleast_1d(mean).astype(float), np.atleast_1d(scale).astype(float)
    return pd.DataFrame({"mean": mean} | {name: mean + z * scale for name, z in ends.items()})


def test_the_chance_of_meeting_is_that_of_the_good_side():
    points = forecast([50, 50, 50], [4, 4, 4])
    polarity = np.array([UP, DOWN, NONE])
    got = chance_of_meeting(points, 53.0, polarity)
    assert got[:2] == pytest.approx([t(3, 50, 4).sf(53), t(3, 50, 4).cdf(53)])
    assert np.isnan(got[2])
    assert chance_of_meeting(points, np.array([50.0, NAN, 50.0]), UP)[0] == pytest.approx(0.5)
    assert np.isnan(chance_of_meeting(points, np.array([50.0, NAN, 50.0]), UP)).tolist() == [
        False, True, False,
    ]  # fmt: skip


def test_futures_at_the_bound_meet_a_target_at_the_bound_from_both_sides():
    full = pd.DataFrame([[80, 90, 97, 100, 100]], columns=["lower_95", "lower_80", "mean",
                        "upper_80", "upper_95"], dtype=float)  # fmt: skip
    assert chance_of_meeting(full, 100.0, UP) == pytest.approx([0.1])
    assert chance_of_meeting(full, 100.0, DOWN).tolist() == [1]
    assert chance_of_meeting(full, 100.1, UP).tolist() == [0]
    none = 100 - full.rename(columns={"lower_95": "upper_95", "lower_80": "upper_80",
                                      "upper_80": "lower_80", "upper_95": "lower_95"})  # fmt: skip
    assert chance_of_meeting(none, 0.0, DOWN) == pytest.approx([0.1])
    assert chance_of_meeting(none, 0.0, UP).tolist() == [1]


def years(start=2015, **values) -> pd.DataFrame:
    """A history a year for each area named, newest last."""
    table = pd.DataFrame(values, dtype=float)
    table["period_start"] = [pd.Timestamp(start + i, 1, 1) for i in range(len(table))]
    table["period_end"] = table["period_start"] + pd.DateOffset(years=1, days=-1)
    table["period"] = table["period_start"].dt.year.astype(str)
    return table.melt(["period_start", "period_end", "period"], var_name="area_code")


def test_what_was_achieved_is_the_least_squares_slope_of_the_newest_five_years():
    values = [90.0, 3.0, 5.0, 4.0, 8.0, 7.0]
    got = achieved(years(a=values, b=[9, 9, 8, 7, 6, 5]), polarity=UP).loc["a"]
    assert got["improvement"] == pytest.approx(linregress(range(5), values[1:]).slope, rel=2e-3)
    assert (got["since"], got["n"], got["method"], got["reason"]) == (
        "2016", 5, "least_squares", "",
    )  # fmt: skip
    down = achieved(years(a=values, b=[9, 9, 8, 7, 6, 5]), polarity=DOWN)
    assert down.loc["a", "improvement"] == -got["improvement"]
    assert down.loc["b", "improvement"] == pytest.approx(1, rel=2e-3)


def test_fewer_than_three_figures_of_these_years_give_none_with_the_reason():
    table = years(a=[1, 2, 3, 4, 5, 6], b=[1, 2, NAN, NAN, 3, 5], c=[1, NAN, NAN, NAN, NAN, 5])
    got = achieved(table, polarity=UP)
    assert got["n"].to_dict() == {"a": 5, "b": 3, "c": 1}
    assert got["since"].to_dict() == {"a": "2016", "b": "2016", "c": "2020"}
    assert got["improvement"].notna().to_dict() == {"a": True, "b": True, "c": False}
    assert got["reason"].to_dict() == {
        "a": "",
        "b": "",
        "c": "at least 3 figures of these years are needed",
    }
    old = achieved(years(a=range(9), b=[1, 2, 3] + [NAN] * 6), polarity=UP)
    assert old.index.tolist() == ["a"]


def test_a_table_without_figures_achieves_nothing_and_without_judgement_nothing_is_good():
    empty = achieved(years(a=[NAN, NAN]), polarity=UP)
    assert empty.empty
    assert empty.columns.tolist() == ["improvement", "since", "n", "method", "reason"]
    got = achieved(years(a=[1, 2, 3]), polarity=NONE)
    assert np.isnan(got["improvement"].item())
    assert got["reason"].item() == "more is neither good nor bad"


def test_quarters_of_five_years_are_all_used():
    start = pd.date_range("2018-01-01", periods=24, freq="QS")
    table = pd.DataFrame({"area_code": "a", "period_start": start, "value": np.arange(24) / 4.0})
    table["period_end"] = table["period_start"] + pd.DateOffset(months=3, days=-1)
    got = achieved(table, polarity=UP)
    assert got["n"].item() == 20
    assert got["improvement"].item() == pytest.approx(1, rel=3e-3)


def test_the_best_achieved_are_the_fastest_with_the_rate_that_is_shown_beside_them():
    rng = np.random.default_rng(5)
    table = years(**{f"a{i}": rng.normal(0, 1, 8).cumsum() for i in range(30)}, short=[NAN] * 5
                  + [0.0, 50.0, 100.0])  # fmt: skip
    for polarity in (UP, DOWN):
        got = best_achieved(table, polarity=polarity, count=4)
        every = achieved(table, polarity=polarity)["improvement"]
        assert len(got) == 4
        assert got.to_dict() == pytest.approx(every[got.index].to_dict())
        assert got.tolist() == pytest.approx(every.drop("short").nlargest(4).tolist())
        wanted = fastest_improving(table, polarity=polarity, count=4).index
        assert got.index.tolist() == wanted.tolist()


def test_nobody_is_best_without_judgement_improvement_or_periods():
    rising = years(a=[1, 2, 3], b=[2, 4, 6])
    assert best_achieved(rising, polarity=UP, count=1).index.tolist() == ["b"]
    assert best_achieved(rising, polarity=NONE).empty
    assert best_achieved(rising, polarity=DOWN).empty
    assert best_achieved(years(a=[1, 2]), polarity=UP).empty
    message = "the table has no column period_start, period_end, value; it has area_code"
    with pytest.raises(ValueError, match=f"^{re.escape(message)}$"):
        achieved(pd.DataFrame({"area_code": ["a"]}), polarity=UP)


def walks(n: int, widths: float, seed: int = 1, drifts: float = 0.0) -> pd.DataFrame:
    """Forecasts that miss by a t distribution, scale 2 and known drift, ranges `widths` too wide."""
    rng = np.random.default_rng(seed)
    drift = drifts * rng.standard_normal(n)
    horizon, last = rng.integers(1, 4, n), rng.normal(50, 10, n)
    spread = 2 * np.sqrt(horizon)
    table = forecast(last + drift * horizon, widths * spread)
    value = last + drift * horizon + spread * rng.standard_t(3, n)
    return table.assign(horizon=horizon, last=last, scale=2.0, value=value)


@pytest.mark.parametrize("polarity", [UP, DOWN])
def test_right_ranges_give_chances_that_hold_in_every_tenth_and_beat_the_base_rates(polarity):
    got = chance_record(walks(20000, 1.0, drifts=1.5), polarity=polarity)
    assert got.targets == 100_000
    assert got.bands["targets"].sum() == got.targets
    assert (got.bands["said"] - got.bands["met"]).abs().max() < 0.03
    assert got.bands["said"].between(got.bands["low"], got.bands["high"]).all()
    assert got.brier < got.base_brier - 0.02 < got.plain_brier - 0.04


def test_without_drift_the_fair_base_rate_knows_as_much_as_the_forecast():
    got = chance_record(walks(20000, 1.0), polarity=UP)
    assert got.brier == pytest.approx(got.base_brier, abs=0.001)
    assert got.plain_brier > got.brier + 0.02


def test_ranges_too_narrow_show_as_chances_too_sure_of_themselves():
    got = chance_record(walks(20000, 0.4), polarity=UP)
    assert got.bands["met"].iloc[0] > got.bands["said"].iloc[0] + 0.1
    assert got.bands["met"].iloc[9] < got.bands["said"].iloc[9] - 0.1
    assert got.brier > got.base_brier


def test_targets_scores_and_bands_are_those_worked_out_by_hand():
    one = forecast([50.0, 50.0], [2.0, 2.0])
    table = one.assign(horizon=4, last=50.0, scale=1.0, value=[51.5, 49.0])
    got = chance_record(table, polarity=UP)
    steps = np.array([-1, -0.5, 0, 0.5, 1])  # levels 48, 49, 50, 51, 52
    chance = t.sf(steps, 3)
    first, second = np.array([1, 1, 1, 1, 0]), np.array([1, 1, 0, 0, 0])
    brier = np.mean([(chance - first) ** 2, (chance - second) ** 2])
    assert got.targets == 10
    assert got.brier == pytest.approx(brier)
    # The other target of each kind was met or not: wrong where the two differ.
    assert got.base_brier == pytest.approx(np.mean(first != second))
    met = np.concatenate([first, second])
    assert got.plain_brier == pytest.approx(np.mean((((met.sum() - met) / 9) - met) ** 2))
    assert got.bands["targets"].tolist() == [0, 2, 0, 2, 0, 2, 2, 0, 2, 0]
    assert got.bands["met"].dropna().tolist() == [0, 0.5, 0.5, 1, 1]
    assert got.bands["said"].dropna().tolist() == pytest.approx(sorted(chance))
    down = chance_record(table.assign(value=[48.5, 51.0]), polarity=DOWN)
    assert down.brier == pytest.approx(got.brier)


def test_parts_missing_targets_beyond_bounds_and_standing_still_are_left_out():
    table = walks(50, 1.0)
    whole = chance_record(table, polarity=UP).targets
    assert whole == 250
    for column in ("value", "last", "scale", "mean"):
        holed = table.assign(**{column: table[column].mask(table.index < 3)})
        assert chance_record(holed, polarity=UP).targets == 235
    bounded = table.assign(bound_low=NAN, bound_high=table["last"])
    assert chance_record(bounded, polarity=UP).targets == 150
    still = table.assign(scale=table["scale"].mask(table.index < 10, 0.0))
    assert chance_record(still, polarity=UP).targets == 40 * 5 + 10
    alone = pd.concat([table, table.iloc[:1].assign(horizon=9)])
    assert chance_record(alone, polarity=UP).targets == 250


def test_without_targets_there_is_a_record_of_none():
    for got in (
        chance_record(walks(9, 1.0), polarity=NONE),
        chance_record(walks(0, 1.0), polarity=UP),
    ):
        assert got.targets == 0
        assert np.isnan([got.brier, got.base_brier, got.plain_brier]).all()
        assert got.bands["targets"].tolist() == [0] * 10
        assert got.bands["met"].isna().all()
    with pytest.raises(ValueError, match="^the table has no column scale; it has "):
        chance_record(walks(3, 1.0).drop(columns="scale"), polarity=UP)


def test_a_polarity_a_row_pools_indicators():
    table = walks(400, 1.0)
    mixed = np.where(np.arange(400) < 200, UP, DOWN)
    got = chance_record(table, polarity=mixed)
    parts = [chance_record(table[mixed == p], polarity=p).brier for p in (UP, DOWN)]
    assert got.brier == pytest.approx(np.mean(parts))
