"""Forecasts of every area of an indicator, and how such forecasts have held."""

import runpy
from datetime import date
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest

from outcomes.baseline.against import comparator_values
from outcomes.baseline.ahead import COMPARATOR, Ahead, apart_from, bounds, with_group
from outcomes.statistics.forecasting.backtest import backtest, track_record
from outcomes.statistics.forecasting.forecast import forecast

made = SimpleNamespace(**runpy.run_path(str(Path(__file__).parents[1] / "made_figures.py")))
AREAS, NATION, PLACE = made.AREAS, made.NATION, made.PLACE
RANGES = ["mean", "lower_80", "upper_80", "lower_95", "upper_95"]


def ahead_of(figures, **options) -> Ahead:
    return Ahead(figures.after_breaks(figures.known), figures.measured, **options)


def by_hand(rows: pd.DataFrame, low: float, high: float, horizon: int = 5) -> pd.DataFrame:
    """Return what `forecast` says of some rows, by area."""
    history = pd.DataFrame(
        {"series": rows["area_code"], "period": rows["period_end"], "value": rows["value"]}
    ).assign(bound_low=low, bound_high=high, group="one")
    return forecast(history, horizon=horizon, groups="group").set_index("series")


class TestForecasts:
    def test_it_is_the_forecast_of_all_areas_together(self):
        figures = made.made_figures()
        expected = by_hand(figures.known, 0.0, 100.0)
        ahead = ahead_of(figures)
        for code in (*AREAS, NATION):
            got = ahead.points("jobs", code)
            np.testing.assert_array_equal(got[RANGES], expected.loc[code, RANGES])
            assert got["horizon"].tolist() == [1, 2, 3, 4, 5]
            assert got["period"].tolist() == ["2024", "2025", "2026", "2027", "2028"]
            assert got["period_start"].iloc[0] == pd.Timestamp("2024-01-01")
            assert got["period_end"].iloc[-1] == pd.Timestamp("2028-12-31")
        alone = by_hand(figures.known[figures.known["area_code"] == PLACE], 0.0, 100.0)
        assert not np.allclose(alone[RANGES], expected.loc[PLACE, RANGES])

    def test_only_figures_since_the_newest_break_are_used(self):
        breaks = [
            {"since": date(2012, 1, 1), "reason": "an older one"},
            {"since": date(2016, 1, 1), "reason": "another way of counting"},
        ]
        figures = made.made_figures(measured=[made.made_measured(breaks=breaks)])
        rows = figures.known[figures.known["period_start"] >= "2016-01-01"]
        got = ahead_of(figures).points("jobs", PLACE)
        assert got["n"].tolist() == [8] * 5
        np.testing.assert_array_equal(got[RANGES], by_hand(rows, 0, 100).loc[PLACE, RANGES])

    def test_indicators_do_not_learn_from_each_other(self):
        other = made.made_rows(made.made_history(seed=7, years=9, around=5), name="other")
        rows = pd.concat([made.made_rows(made.made_history()), other], ignore_index=True)
        measured = [made.made_measured(), made.made_measured("other", polarity="lower_is_better")]
        both = ahead_of(made.made_figures(rows=rows, measured=measured))
        alone = ahead_of(made.made_figures())
        columns = [*RANGES, "method", "n", "period"]
        pd.testing.assert_frame_equal(
            both.points("jobs", PLACE)[columns], alone.points("jobs", PLACE)[columns]
        )

    def test_with_or_without_its_record_it_is_the_same(self):
        figures = made.made_figures()
        plain = ahead_of(figures, recorded=False)
        pd.testing.assert_frame_equal(plain.everywhere(), ahead_of(figures).everywhere())
        assert plain.tested("jobs").empty

    def test_an_area_that_ends_earlier_is_forecast_from_its_own_newest_figure(self):
        values = made.made_history()
        values[PLACE] = values[PLACE][:-2]
        got = ahead_of(made.made_figures(values)).points("jobs", PLACE)
        assert got["period"].tolist() == ["2022", "2023", "2024", "2025", "2026"]
        assert got["n"].unique().tolist() == [12]

    def test_an_area_with_figures_more_often_than_usual_has_its_own_periods(self):
        """All areas but one have a figure every three years: that one's next is next year's."""
        values = made.made_history(years=16)
        every_third = [np.nan if i % 3 else 1.0 for i in range(16)]
        values = {c: v if c == PLACE else v * every_third for c, v in values.items()}
        ahead = ahead_of(made.made_figures(values))
        assert ahead.points("jobs", PLACE)["period"].tolist()[:2] == ["2026", "2027"]
        assert ahead.points("jobs", AREAS[1])["period"].tolist()[:2] == ["2028", "2031"]

    def test_refusals_say_why_and_have_no_number(self):
        values = made.made_history() | {PLACE: [50.0]}
        got = ahead_of(made.made_figures(values)).points("jobs", PLACE)
        assert got["reason"].unique().tolist() == ["1 figure, fewer than 2"]
        assert got["method"].unique().tolist() == ["refused"]
        assert got[RANGES].isna().all(axis=None)

    def test_an_area_or_an_indicator_without_figures_has_no_point(self):
        ahead = ahead_of(made.made_figures())
        assert ahead.points("jobs", "X07000099").empty
        assert ahead.points("else", PLACE).empty

    def test_without_any_figure_there_is_nothing_and_no_error(self):
        figures = made.made_figures()
        empty = Ahead(figures.known.iloc[:0], figures.measured)
        assert empty.points("jobs", PLACE).empty
        assert empty.everywhere().empty
        assert empty.record("jobs", naive=False).reason == (
            "no earlier forecast of it could be tested, as its histories are too short"
        )

    @pytest.mark.parametrize(
        ("months", "reach", "labels"),
        [
            (1, 12, ["January 2013", "February 2013"]),
            (3, 8, ["January 2013 to March 2013", "April 2013 to June 2013"]),
            (6, 6, ["January 2013 to June 2013", "July 2013 to December 2013"]),
            (12, 5, ["2013", "2014"]),
            (24, 5, ["2014", "2016"]),
        ],
    )
    def test_how_far_it_reaches_follows_the_rhythm(self, months, reach, labels):
        ends = pd.date_range(end="2012-12-31", periods=24, freq="ME")[::-1][::months][::-1]
        if months >= 12:
            ends = pd.to_datetime([f"{2012 - months // 12 * i}-12-31" for i in range(8)][::-1])
        starts = ends - pd.offsets.MonthBegin(months)
        named = [
            f"{e:%Y}"
            if months >= 12
            else f"{e:%B %Y}"
            if months == 1
            else f"{s:%B %Y} to {e:%B %Y}"
            for s, e in zip(starts, ends, strict=True)
        ]
        rng = np.random.default_rng(3)
        rows = pd.concat(
            [
                pd.DataFrame(
                    {"area_code": code, "period_start": starts, "period_end": ends, "period": named}
                ).assign(value=50 + rng.normal(0, 1, len(ends)).cumsum())
                for code in AREAS
            ],
            ignore_index=True,
        ).assign(series="jobs")  # fmt: skip
        ahead = Ahead(rows, {"jobs": made.made_measured()})
        got = ahead.points("jobs", PLACE)
        assert ahead.months["jobs"] == months
        assert len(got) == reach
        assert got["period"].tolist()[:2] == labels


class TestBounds:
    @pytest.mark.parametrize(
        ("about", "values", "expected"),
        [
            ({}, [0.0, 60.0], (0.0, 100.0)),
            ({}, [0.0, 100.0], (0.0, 100.0)),
            ({}, [5.0, 100.1], (0.0, np.inf)),
            ({}, [-0.1, 60.0], (-np.inf, 100.0)),
            ({"value_type": "rate", "per": 1000}, [0.0, 60.0], (0.0, np.inf)),
            ({"value_type": "count", "per": None, "people": None}, [3.0, 7e6], (0.0, np.inf)),
            ({"value_type": "rate", "per": 1000}, [-1.0, 60.0], (-np.inf, np.inf)),
        ],
    )
    def test_a_share_has_two_and_what_was_never_negative_one(self, about, values, expected):
        indicator = made.made_indicator(**about)
        assert bounds(indicator, pd.Series(values)) == expected

    def test_the_forecast_keeps_within_them_and_a_distance_has_none(self):
        values = made.made_history(around=97)
        values = {code: np.minimum(numbers, 100) for code, numbers in values.items()}
        figures = made.made_figures(values)
        every = ahead_of(figures).everywhere()
        assert every["upper_95"].max() <= 100
        free = ahead_of(figures, bounded=False).everywhere()
        assert free["upper_95"].max() > 100
        assert free["bound_low"].eq(-np.inf).all()


class TestRecord:
    def test_it_is_the_back_test_over_all_areas(self):
        figures = made.made_figures()
        history = pd.DataFrame(
            {
                "series": figures.known["area_code"],
                "period": figures.known["period_end"],
                "value": figures.known["value"],
            }
        ).assign(bound_low=0.0, bound_high=100.0, group="one")
        tested = backtest(history, horizon=5, groups="group", fewest=3)
        expected = track_record(tested).reset_index()
        got = ahead_of(figures).record("jobs", naive=True)
        expected["origins"] = tested.groupby("horizon")["origin"].nunique().to_numpy()
        columns = got.by_horizon.columns.tolist()
        pd.testing.assert_frame_equal(got.by_horizon, expected[columns])
        assert (
            (got.areas, got.forecasts)
            == (10, len(tested))
            == (10, int(expected["forecasts"].sum()))
        )
        assert (got.first, got.last) == ("2012", "2022")
        assert (got.naive_used, got.reason) == (True, "")
        assert ahead_of(figures).record("jobs", naive=False).naive_used is False

    def test_the_places_own_record_is_its_part_of_the_back_test(self):
        ahead = ahead_of(made.made_figures())
        got = ahead.record("jobs", naive=False, code=made.PLACE).own
        tested = ahead.tested("jobs")
        tested = tested[tested["area_code"] == made.PLACE]
        off = (tested["mean"] - tested["value"]).abs().groupby(tested["horizon"]).mean()
        inside = tested["value"].between(tested["lower_80"], tested["upper_80"])
        assert got["horizon"].tolist() == [1, 2, 3, 4, 5]
        assert got["error"].to_numpy() == pytest.approx(off.to_numpy())
        assert got["inside_80"].to_numpy() == pytest.approx(
            inside.groupby(tested["horizon"]).mean().to_numpy()
        )
        assert got["forecasts"].tolist() == tested.groupby("horizon").size().tolist()
        assert ahead.record("jobs", naive=False).own.empty

    def test_histories_too_short_to_test_have_no_record_and_it_says_why(self):
        values = {code: numbers[:3] for code, numbers in made.made_history().items()}
        got = ahead_of(made.made_figures(values)).record("jobs", naive=False)
        assert got.by_horizon.empty
        assert (got.areas, got.forecasts, got.first, got.last) == (0, 0, "", "")
        assert got.reason == (
            "no earlier forecast of it could be tested, as its histories are too short"
        )


class TestBesideAComparator:
    def test_a_group_is_one_area_more_with_its_own_values(self):
        figures = made.made_figures(choice=made.group())
        values = comparator_values(figures)
        rows = with_group(figures.known, values)
        group = rows[rows["area_code"] == COMPARATOR]
        members = figures.known[figures.known["area_code"].isin(AREAS[1:5])]
        expected = members.groupby("period")["value"].mean()
        assert dict(zip(group["period"], group["value"], strict=True)) == pytest.approx(
            expected.to_dict()
        )
        assert len(rows) == len(figures.known) + 14
        assert rows.index.is_unique

    def test_a_group_has_no_figure_where_no_area_has_one(self):
        figures = made.made_figures(choice=made.group())
        since = figures.known[figures.known["period_start"] >= "2018-01-01"]
        rows = with_group(since, comparator_values(figures))
        assert rows.loc[rows["area_code"] == COMPARATOR, "period"].tolist() == [
            "2018", "2019", "2020", "2021", "2022", "2023",
        ]  # fmt: skip

    def test_distances_are_place_minus_comparator_where_both_are_known(self):
        values = made.made_history()
        values[NATION] = [np.nan, *values[NATION][1:-1]]
        figures = made.made_figures(values)
        got = apart_from(figures.known, comparator_values(figures))
        own = got[got["area_code"] == PLACE]
        assert own["period"].tolist() == [str(year) for year in range(2011, 2023)]
        np.testing.assert_allclose(own["value"], values[PLACE][1:-1] - values[NATION][1:])
        assert got.index.is_unique
