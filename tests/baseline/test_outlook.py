"""What lies ahead of a page's indicators, put together; stored forecasts; nothing from the future."""

import pickle
import runpy
import shutil
from datetime import UTC, date, datetime
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest

from outcomes.baseline import keeping, load_baseline, load_overview
from outcomes.baseline.against import comparator_values
from outcomes.baseline.keeping import keep
from outcomes.baseline.outlook import Outlooks, Plans, _better, _told, forecasts_of
from outcomes.model import Judgement, Target, TrackRecord
from outcomes.parameters import load_parameters
from outcomes.sources import add, open_known_store
from outcomes.statistics.forecasting.forecast import forecast
from outcomes.store.forecasts import COLUMNS as STORED
from outcomes.store.forecasts import Kept, keep_forecast, read_forecast

made = SimpleNamespace(**runpy.run_path(str(Path(__file__).parents[1] / "made_figures.py")))
AREAS, NATION, PLACE, COUNTY = made.AREAS, made.NATION, made.PLACE, "X10000001"
RANGES = ["mean", "lower_80", "upper_80", "lower_95", "upper_95"]
SERIES = "own/made/jobs"


@pytest.fixture(autouse=True)
def empty_home(tmp_path, monkeypatch):
    """A project folder of the test's own in which no forecast is stored."""
    (tmp_path / "empty" / "parameters").mkdir(parents=True)
    (tmp_path / "empty" / "parameters" / "places.yml").write_text("trees: {}")
    monkeypatch.setenv("OUTCOMES_HOME", str(tmp_path / "empty"))


def outlook_of(figures, plans=None, causes=None):
    ahead = Outlooks(
        figures,
        comparator_values(figures),
        choice_of=lambda _: made.one_area(),
        store_id="sample",
    )
    return ahead.under(plans or Plans(), causes)["jobs"]


def by_hand(rows: pd.DataFrame) -> pd.DataFrame:
    """Return what `forecast` says of some rows, by area."""
    history = pd.DataFrame({"series": rows["area_code"], "period": rows["period_end"]})
    history = history.assign(value=rows["value"], bound_low=0.0, bound_high=100.0, group="one")
    return forecast(history, horizon=5, groups="group").set_index("series")


class TestForecast:
    def test_place_and_comparator_are_forecast_as_by_hand(self):
        figures = made.made_figures()
        got, expected = outlook_of(figures).forecast, by_hand(figures.known)
        np.testing.assert_array_equal(got.points[RANGES], expected.loc[PLACE, RANGES])
        np.testing.assert_array_equal(got.comparator[RANGES], expected.loc[NATION, RANGES])
        assert got.points.columns.tolist() == got.comparator.columns.tolist()
        assert (got.method, got.n, got.origin, got.reason) == ("pooled", 14, "2023", "")
        assert (got.record.areas, got.record.naive_used) == (10, False)

    def test_a_group_is_forecast_as_an_area_and_nobody_else_is_the_wiser(self):
        figures = made.made_figures(choice=made.group())
        got, plain = outlook_of(figures).forecast, outlook_of(made.made_figures()).forecast
        pd.testing.assert_frame_equal(got.points, plain.points, check_exact=True)
        pd.testing.assert_frame_equal(got.record.by_horizon, plain.record.by_horizon)
        assert (got.record.areas, got.record.forecasts) == (10, plain.record.forecasts)
        members = figures.known[figures.known["area_code"].isin(AREAS[1:5])]
        mean = members.groupby(["period_end"])["value"].mean().reset_index()
        every = pd.concat([figures.known, mean.assign(area_code="group")])
        expected = by_hand(every).loc["group", RANGES]
        np.testing.assert_allclose(got.comparator[RANGES].astype(float), expected.astype(float))

    def test_nobody_to_compare_with_and_counts_have_no_comparator_ahead(self):
        assert outlook_of(made.made_figures(choice=made.nobody())).forecast.comparator.empty
        counted = [made.made_measured(value_type="count", per=None, people=None)]
        got = outlook_of(made.made_figures(measured=counted)).forecast
        assert got.comparator.empty
        assert len(got.points) == 5

    def test_a_refusal_says_why_and_is_carried_on(self):
        figures = made.made_figures(made.made_history() | {PLACE: [50.0]})
        wanted = Target(indicator="jobs", place=PLACE, by=date(2026, 12, 31), value=70.0,
                        set_by="a board", source="a plan")  # fmt: skip
        got = outlook_of(figures, Plans(targets=(wanted,)))
        assert (got.forecast.method, got.forecast.n) == ("refused", 0)
        assert (got.forecast.reason, got.forecast.origin) == ("1 figure, fewer than 2", "2010")
        assert got.forecast.points.empty
        assert got.forecast.record is None
        assert got.targets[0].reason == "there is no forecast"
        assert got.trajectories == ()

    @pytest.mark.parametrize("everywhere", [False, True])
    def test_figures_from_before_a_break_alone_give_none(self, everywhere):
        """With or without other areas that have figures since."""
        values = made.made_history()
        values = {c: v if c != PLACE and not everywhere else v[:8] for c, v in values.items()}
        breaks = [{"since": date(2018, 1, 1), "reason": "another way of counting"}]
        figures = made.made_figures(values, measured=[made.made_measured(breaks=breaks)])
        got = outlook_of(figures).forecast
        assert got.reason == "all figures are from before a break"
        assert (got.origin, got.method, got.record) == ("2017", "refused", None)

    def test_two_figures_are_carried_on_without_a_word_that_this_did_better(self):
        got = outlook_of(made.made_figures(made.made_history() | {PLACE: [50.0, 51.0]})).forecast
        assert (got.method, got.n, got.record.naive_used) == ("naive", 2, False)
        assert got.points["mean"].tolist() == [51.0] * 5

    def test_where_the_last_figure_did_better_the_record_says_so(self):
        rng = np.random.default_rng(5)
        values = {code: 50 + rng.normal(0, 1, 14).cumsum() for code in (*AREAS, NATION)}
        got = outlook_of(made.made_figures(values)).forecast
        assert got.record.naive_used is (got.method == "naive")
        assert got.method == "naive"


class TestTheChanceOfABetterFigure:
    @pytest.mark.parametrize(
        ("polarity", "expected"),
        [("higher_is_better", 0.9), ("lower_is_better", 0.1), ("no_judgement", 0.9)],
    )
    def test_it_is_told_three_periods_ahead_on_the_good_side(self, polarity, expected):
        points = pd.DataFrame({"horizon": [1, 2, 3, 4]}).assign(
            mean=60.0, lower_80=[50, 50, 55, 0], upper_80=70.0, lower_95=45.0, upper_95=75.0
        )
        assert _better(points, 55.0, polarity) == pytest.approx(expected)

    def test_the_last_period_tells_where_there_are_fewer(self):
        points = pd.DataFrame({"horizon": [1], "mean": [60.0], "lower_80": [50.0],
                               "upper_80": [70.0], "lower_95": [45.0], "upper_95": [75.0]})  # fmt: skip
        assert _better(points, 60.0, "lower_is_better") == pytest.approx(0.5)

    def test_the_page_has_it(self):
        forecast_of = outlook_of(made.made_figures()).forecast
        newest = made.made_figures().latest.loc["jobs", "value"]
        expected = _better(forecast_of.points, newest, "higher_is_better")
        assert forecast_of.better == expected
        assert 0 < expected < 1


class TestAssumptions:
    def test_a_break_that_shortens_the_history_is_told(self):
        breaks = [{"since": date(2016, 1, 1), "reason": "another way of counting"}]
        got = outlook_of(made.made_figures(measured=[made.made_measured(breaks=breaks)])).forecast
        assert got.assumptions == (
            "Only figures from 2016 on are used, because earlier ones were made in another way.",
        )
        assert got.n == 8

    def test_a_break_before_the_first_figure_is_not(self):
        breaks = [{"since": date(2010, 1, 1), "reason": "another way of counting"}]
        got = outlook_of(made.made_figures(measured=[made.made_measured(breaks=breaks)])).forecast
        assert got.assumptions == ()

    @pytest.mark.parametrize(
        ("as_of", "told"),
        [(date(2026, 12, 30), False), (date(2026, 12, 31), True), (None, False)],
    )
    def test_a_history_that_ended_three_years_ago_is_told(self, as_of, told):
        got = outlook_of(made.made_figures(as_of=as_of)).forecast.assumptions
        said = "It starts from 2023, the newest figure, which lies some years back."
        assert got == ((said,) if told else ())


class TestPlans:
    def test_targets_come_by_date_and_each_indicator_has_its_own(self):
        rows = pd.concat([made.made_rows(made.made_history(), name=n) for n in ("jobs", "other")])
        measured = [made.made_measured(), made.made_measured("other")]
        figures = made.made_figures(rows=rows.reset_index(drop=True), measured=measured)
        about = {"place": PLACE, "value": 70.0, "set_by": "a board", "source": "a plan"}
        days = (("jobs", 2027), ("other", 2025), ("jobs", 2025))
        targets = tuple(
            Target(indicator=name, by=date(year, 12, 31), **about) for name, year in days
        )
        judged = Judgement(indicator="other", place=PLACE, acceptable=False, reason="Too few.",
                           by="a role", decided=date(2024, 1, 1))  # fmt: skip
        ahead = Outlooks(figures, comparator_values(figures), choice_of=None, store_id="sample")
        found = ahead.under(Plans(targets=targets, judgements=(judged,)), None)
        assert [one.period for one in found["jobs"].targets] == ["2025", "2027"]
        assert [one.period for one in found["other"].targets] == ["2025"]
        assert (found["jobs"].judgement, found["other"].judgement) == (None, judged)


def store_forecast(name, *, origin=2020, reach=5, made_on=None, afterwards=False, **row):
    """Keep a forecast of the place from the end of a year on, 60 and ever wider."""
    made_on = made_on or date(origin + 1, 6, 1)
    ends = pd.to_datetime([f"{origin + h}-12-31" for h in range(1, reach + 1)])
    table = pd.DataFrame({"horizon": range(1, reach + 1), "period_end": ends})
    table = table.assign(
        period_start=pd.to_datetime([f"{day.year}-01-01" for day in ends]),
        period=[str(day.year) for day in ends],
        **{end: 60.0 + by * table["horizon"] for end, by in
           zip(("lower_95", "lower_80", "mean", "upper_80", "upper_95"), (-2, -1, 0, 1, 2), strict=True)},
        **{"indicator": "jobs", "series": SERIES, "area_code": PLACE, "origin": str(origin),
           "origin_end": pd.Timestamp(f"{origin}-12-31"), "method": "pooled", "n": 9} | row,
    )  # fmt: skip
    about = Kept(
        name=name, made_on=made_on, made_at=datetime(*made_on.timetuple()[:3], tzinfo=UTC),
        known_on=None, until=date(origin, 12, 31), data_version="1", horizon=reach, package="1",
        afterwards=afterwards, method="pooled", forecasts=1, indicators=1, places=1,
    )  # fmt: skip
    keep_forecast("sample", table[list(STORED)], about)


class TestStoredForecasts:
    def chosen(self, **figures) -> tuple[str | None, str | None]:
        got = outlook_of(made.made_figures(**figures))
        return tuple(found and found.vintage for found in (got.turning, got.last_round))

    def test_later_figures_are_set_beside_it(self):
        store_forecast("first", origin=2021)
        figures = made.made_figures(made.made_history() | {PLACE: [55.0] * 11 + [58, 63, 61.5]})
        got = outlook_of(figures).turning
        assert (got.vintage, got.origin, got.made_on) == ("first", "2021", date(2022, 6, 1))
        assert got.later["period"].tolist() == ["2022", "2023"]
        assert got.later["value"].tolist() == [63.0, 61.5]
        assert got.later["error"].tolist() == [3.0, 1.5]
        assert got.later["better"].tolist() == [True, True]
        # 61.5 lies inside 58 to 62, the 80% range two years on.
        assert got.verdict == "not_yet"
        assert 0.1 < got.chance < 0.5
        assert got.afterwards is False

    def test_one_that_rested_on_two_figures_is_no_measure(self):
        store_forecast("first", origin=2021, n=2)
        got = outlook_of(made.made_figures(made.made_history() | {PLACE: [80.0] * 14})).turning
        assert (got.verdict, got.reason) == (
            "too_early",
            "that forecast rested on fewer than 3 figures",
        )

    def test_no_curve_is_turned_where_forecasts_so_far_ahead_held_too_seldom(self):
        found = pd.Series({"verdict": "turned", "reason": "", "horizon": 2.0})
        rows = pd.DataFrame({"horizon": [1, 2], "inside_80": [0.9, 0.699]})
        record = TrackRecord(rows, 10, 99, "2015", "2020", False)
        assert _told(found, 9, record) == (
            "too_early",
            "forecasts as far ahead as this one have held too seldom: 70 in 100 outcomes lay "
            "inside their 80% range",
        )
        rows.loc[1, "inside_80"] = 0.7
        assert _told(found, 9, record) == ("turned", "")
        assert _told(dict(found) | {"horizon": 5.0}, 9, record) == ("turned", "")
        assert _told(found, 9, None) == ("turned", "")
        behind = dict(found) | {"verdict": "not_yet", "reason": "no better"}
        rows.loc[1, "inside_80"] = 0.1
        assert _told(behind, 9, record) == ("not_yet", "no better")
        unjudged = dict(found) | {"verdict": "not_judged", "reason": "neither"}
        assert _told(unjudged, 2, record) == ("not_judged", "neither")

    def test_without_one_there_is_nothing(self):
        assert self.chosen() == (None, None)

    def test_the_earliest_that_reaches_the_newest_figure_is_the_one_to_beat(self):
        store_forecast("a", origin=2017, reach=5)
        store_forecast("b", origin=2018, reach=5)
        store_forecast("c", origin=2020, reach=5)
        store_forecast("d", origin=2022, reach=5)
        store_forecast("e", origin=2023, reach=5)
        assert self.chosen() == ("b", "d")

    def test_one_made_in_time_comes_before_one_made_afterwards(self):
        store_forecast("after", origin=2018, made_on=date(2024, 6, 1), afterwards=True)
        store_forecast("late", origin=2022, made_on=date(2024, 6, 1), afterwards=True)
        store_forecast("timely", origin=2020)
        assert self.chosen() == ("timely", None)

    def test_one_made_afterwards_is_better_than_none_and_says_so(self):
        store_forecast("after", origin=2018, made_on=date(2024, 6, 1), afterwards=True)
        got = outlook_of(made.made_figures())
        assert (got.turning.vintage, got.turning.afterwards) == ("after", True)
        assert got.last_round is None

    @pytest.mark.parametrize(
        "row", [{"series": "own/made/another"}, {"indicator": "other"}, {"area_code": AREAS[1]}]
    )
    def test_one_of_something_else_is_not_looked_at(self, row):
        store_forecast("other", **row)
        assert self.chosen() == (None, None)

    @pytest.mark.parametrize(("since", "found"), [(2020, "one"), (2021, None), (2022, None)])
    def test_across_a_break_nothing_is_compared(self, since, found):
        store_forecast("one", origin=2020)
        breaks = [{"since": date(since, 1, 1), "reason": "another way of counting"}]
        assert self.chosen(measured=[made.made_measured(breaks=breaks)]) == (found, None)

    @pytest.mark.parametrize(
        ("as_of", "found"),
        [(date(2021, 5, 31), None), (date(2021, 6, 1), "one"), (None, "one")],
    )
    def test_a_page_as_of_a_day_sees_none_that_was_made_after_it(self, as_of, found):
        store_forecast("one", origin=2020, made_on=date(2021, 6, 1))
        assert self.chosen(as_of=as_of) == (found, None)


class TestForecastsToStore:
    def test_they_are_those_of_the_page(self):
        breaks = [{"since": date(2014, 1, 1), "reason": "another way of counting"}]
        figures = made.made_figures(measured=[made.made_measured(breaks=breaks)])
        kept = forecasts_of(figures.known, figures.measured["jobs"], horizon=3)
        own = kept[kept["area_code"] == PLACE]
        page = outlook_of(figures).forecast.points.head(3)
        np.testing.assert_array_equal(own[page.columns], page)
        assert own["n"].tolist() == [10] * 3

    def test_a_break_that_no_figure_has_come_after_yet_shortens_nothing(self):
        breaks = [{"since": date(2030, 1, 1), "reason": "another way of counting"}]
        figures = made.made_figures(measured=[made.made_measured(breaks=breaks)])
        kept = forecasts_of(figures.known, figures.measured["jobs"], horizon=1)
        assert kept["n"].tolist() == [14] * 10


def page(outcome="economic_growth", locality=COUNTY, comparator="nation", as_of=""):
    return load_parameters().page(
        framework="essex_2014", outcome=outcome, locality=locality, comparator=comparator,
        as_of=as_of,
    )  # fmt: skip


def ahead_of(results) -> dict:
    """Return what lies ahead of each indicator, as bytes, which tell missing values alike."""
    return {p.indicator_id: pickle.dumps(p.outlook) for p in results.positions}


def position(results, indicator):
    (found,) = [p for p in results.positions if p.indicator_id == indicator]
    return found


class TestTheSampleCounty:
    def test_every_indicator_with_a_figure_has_an_outlook_and_an_overview_none(self, home):
        results = load_baseline(page("health_and_wellbeing"))
        assert len(results.positions) > 5
        for found in results.positions:
            assert (found.outlook is not None) == (found.latest is not None)
        overview = load_overview(page("overview"))
        assert all(p.outlook is None for b in overview.baselines for p in b.positions)

    def test_the_forecast_is_the_same_whomever_the_page_compares_with(self, home):
        nation = load_baseline(page())
        alike = load_baseline(page(comparator="similar_by_work_and_health"))
        for one, other in zip(nation.positions, alike.positions, strict=True):
            pd.testing.assert_frame_equal(
                one.outlook.forecast.points, other.outlook.forecast.points, check_exact=True
            )
            assert one.outlook.forecast.record.areas == other.outlook.forecast.record.areas
        values = position(alike, "employment_rate").outlook.forecast.comparator
        assert len(values) == 5

    def test_as_of_a_day_nothing_that_came_later_is_used(self, own_home):
        before = ahead_of(load_baseline(page()))
        release = own_home.parent / "employment-rate"
        shutil.copytree(own_home / "data" / "sample" / "els" / "employment-rate", release)
        path = release / "employment-rate.csv"
        rows = pd.read_csv(path, encoding="utf-8-sig", dtype=str, keep_default_na=False)
        last = rows["period"] == rows["period"].max()
        for name in ("observation", "lci_95", "uci_95"):
            there = last & (rows[name] != "")
            rows.loc[there, name] = (rows.loc[there, name].astype(float) - 4).round(3).astype(str)
        rows.to_csv(path, index=False)
        add("els", release, open_known_store("sample"), date(2026, 5, 1))

        then = ahead_of(load_baseline(page(as_of="2026-04-30")))
        assert set(then) == set(before)
        for name in then:
            old, new = pickle.loads(before[name]), pickle.loads(then[name])
            pd.testing.assert_frame_equal(
                old.forecast.points, new.forecast.points, check_exact=True
            )
            pd.testing.assert_frame_equal(
                old.forecast.record.by_horizon, new.forecast.record.by_horizon, check_exact=True
            )
        changed = load_baseline(page(as_of="2026-05-01"))
        got = position(changed, "employment_rate").outlook.forecast
        old = pickle.loads(before["employment_rate"]).forecast
        assert not np.allclose(got.points["mean"], old.points["mean"])
        assert got.origin == old.origin

    def test_what_is_kept_is_what_the_page_shows_and_is_found_there_again(
        self, own_home, monkeypatch
    ):
        every = keeping._measured
        wanted = ("employment_rate", "good_level_of_development", "level_of_crime")
        monkeypatch.setattr(
            keeping, "_measured",
            lambda *given: (found for found in every(*given) if found.indicator_id in wanted),
        )  # fmt: skip
        monkeypatch.setattr(keeping, "_now", lambda: datetime(2026, 1, 2, tzinfo=UTC))
        _, about = keep("sample", name="now")
        _, past = keep("sample", name="past", until=date(2020, 12, 31))
        assert (about.indicators, about.afterwards, past.afterwards) == (3, False, True)
        kept = read_forecast("sample", "now", [COUNTY], ["employment_rate"])
        shown = position(load_baseline(page()), "employment_rate").outlook
        columns = shown.forecast.points.columns
        np.testing.assert_array_equal(kept[columns], shown.forecast.points)
        assert set(kept["method"]) == {shown.forecast.method}
        assert set(kept["n"]) == {shown.forecast.n}
        assert shown.turning.vintage == "past"
        assert shown.turning.afterwards is True
        stored = read_forecast("sample", "past", [COUNTY], ["employment_rate"])
        assert stored["origin"].unique().tolist() == ["2020"]
        same = shown.turning.later["period"]
        assert same.tolist() == ["2021", "2022", "2023"]
        np.testing.assert_array_equal(shown.turning.later["mean"], stored["mean"].head(3))
        # The assessment changed in September 2021: nothing made from earlier figures is compared.
        broken = position(load_baseline(page("best_start")), "good_level_of_development").outlook
        assert broken.turning is None
        before = load_baseline(page(as_of="2026-01-01"))
        assert position(before, "employment_rate").outlook.turning is None
