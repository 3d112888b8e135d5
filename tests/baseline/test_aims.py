"""Targets beside the forecast: the period that tells, the gap, the chance, and the speed it takes."""

import runpy
from datetime import date
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest

from outcomes.baseline.ahead import Ahead
from outcomes.baseline.aims import Aims
from outcomes.model import Forecast, Target
from outcomes.statistics.forecasting.chance import quantile
from outcomes.statistics.forecasting.forecast import forecast
from outcomes.statistics.forecasting.reliability import chance_record

made = SimpleNamespace(**runpy.run_path(str(Path(__file__).parents[1] / "made_figures.py")))
AREAS, NATION, PLACE = made.AREAS, made.NATION, made.PLACE
RANGES = ["mean", "lower_80", "upper_80", "lower_95", "upper_95"]
YEAR = 365.2425


class Aim:
    """A target of the place, beside the forecast of some figures."""

    def __init__(self, figures=None, **choices):
        self.figures = figures or made.made_figures()
        self.ahead = Ahead(self.figures.known, self.figures.measured)
        self.points = self.ahead.points("jobs", PLACE)
        self.asked: list[str] = []
        self.aims = Aims(self.figures, self.ahead, self._choice)
        self.choices = {"nation": made.one_area()} | choices

    def _choice(self, name: str):
        self.asked.append(name)
        return self.choices[name]

    def at(self, period: str) -> pd.Series:
        return self.points.set_index("period").loc[period]

    def of(self, by="2026-12-31", **target):
        refused = self.points["mean"].isna().all()
        points = self.points.iloc[:0] if refused else self.points
        ahead = Forecast(points, "pooled", 14, "2023", None, points.iloc[:0])
        target = {"value": 70.0} | target if "relative" not in target else target
        about = {"indicator": "jobs", "place": PLACE, "by": date.fromisoformat(by)}
        return self.aims.of(Target(**about, set_by="a board", source="a plan", **target), ahead)

    def relative(self, distance=0.0, comparator="nation", **target):
        return self.of(relative={"comparator": comparator, "distance": distance}, **target)


def distance_by_hand(figures, beside: dict[str, float], horizon=5) -> pd.DataFrame:
    """Return the forecast of the place's distance from figures by period, learned from all areas."""
    rows = figures.known.assign(beside=figures.known["period"].map(beside)).dropna(
        subset=["beside"]
    )
    history = pd.DataFrame({"series": rows["area_code"], "period": rows["period_end"]})
    history = history.assign(value=rows["value"] - rows["beside"], group="one", bound_low=-np.inf)
    made = forecast(history, horizon=horizon, groups="group")
    return made[made["series"] == PLACE].set_index("horizon")


def published(figures, code=NATION) -> dict[str, float]:
    rows = figures.known[figures.known["area_code"] == code]
    return dict(zip(rows["period"], rows["value"], strict=True))


class TestWhichPeriodTells:
    @pytest.mark.parametrize(
        ("by", "period", "horizon"),
        [
            ("2024-12-31", "2024", 1),
            ("2026-12-30", "2025", 2),
            ("2026-12-31", "2026", 3),
            ("2027-01-01", "2026", 3),
            ("2028-12-31", "2028", 5),
            ("2029-12-30", "2028", 5),
        ],
    )
    def test_the_last_that_ends_by_the_date(self, by, period, horizon):
        aim = Aim()
        got = aim.of(by)
        assert (got.period, got.horizon, got.reason) == (period, horizon, "")
        row = aim.at(period)
        assert (got.expected, got.lower, got.upper) == (
            row["mean"], row["lower_80"], row["upper_80"],
        )  # fmt: skip

    @pytest.mark.parametrize(
        ("by", "reason"),
        [
            ("2020-12-31", "no figure is still to come before its date"),
            ("2023-12-31", "no figure is still to come before its date"),
            ("2024-12-30", "no figure is still to come before its date"),
            ("2029-12-31", "its date lies further ahead than the forecast reaches"),
            ("2040-01-01", "its date lies further ahead than the forecast reaches"),
        ],
    )
    @pytest.mark.parametrize("relative", [False, True])
    def test_a_date_that_has_passed_or_lies_beyond_the_reach_has_no_chance(
        self, by, reason, relative
    ):
        aim = Aim()
        got = aim.relative(by=by) if relative else aim.of(by)
        assert got.reason == reason
        assert (got.period, got.horizon, got.people, got.record, got.best) == (
            "",
            0,
            None,
            None,
            (),
        )
        assert np.isnan([got.expected, got.gap, got.chance, got.needed, got.achieved]).all()
        np.testing.assert_equal(got.level, np.nan if relative else 70.0)

    def test_a_forecast_that_was_refused_gives_none(self):
        aim = Aim(made.made_figures(made.made_history() | {PLACE: [50.0]}))
        for got in (aim.of(), aim.relative()):
            assert (got.reason, got.period) == ("there is no forecast", "")
            assert np.isnan(got.chance)


class TestAValue:
    @pytest.mark.parametrize(
        ("polarity", "sign"), [("higher_is_better", 1), ("lower_is_better", -1)]
    )
    def test_the_gap_is_what_is_missing_and_its_people_are_counted(self, polarity, sign):
        figures = made.made_figures(measured=[made.made_measured(polarity=polarity)])
        aim = Aim(figures)
        row = aim.at("2026")
        got = aim.of(value=row["mean"] + 2.5)
        assert got.level == row["mean"] + 2.5
        assert got.gap == pytest.approx(sign * 2.5)
        # 100,000 people of the ages live here: one per cent is 1,000.
        assert got.people.count == sign * 2500
        ends = sorted(sign * 1000 * (got.level - row[end]) for end in ("lower_80", "upper_80"))
        assert got.people.lower == np.floor(ends[0])
        assert got.people.upper == np.ceil(ends[1])
        assert got.apart is None
        assert got.comparator_label == ""

    @pytest.mark.parametrize(
        ("polarity", "better"), [("higher_is_better", True), ("lower_is_better", False)]
    )
    def test_the_chance_is_that_of_the_forecasts_distribution(self, polarity, better):
        aim = Aim(made.made_figures(measured=[made.made_measured(polarity=polarity)]))
        row = aim.at("2026")
        ends = {"lower_95": 0.975, "lower_80": 0.9, "mean": 0.5, "upper_80": 0.1, "upper_95": 0.025}
        for end, chance in ends.items():
            got = aim.of(value=row[end]).chance
            assert got == pytest.approx(chance if better else 1 - chance)
        assert aim.of(value=row["mean"]).chance == 0.5
        share = 0.7 if better else 0.3
        level = float(quantile(aim.points[aim.points["period"] == "2026"], [share])[0, 0])
        assert aim.of(value=level).chance == pytest.approx(0.3)

    def test_the_record_is_of_the_back_test_over_all_areas(self):
        aim = Aim()
        expected = chance_record(aim.ahead.tested("jobs"), polarity="higher_is_better")
        got = aim.of().record
        assert (got.targets, got.brier, got.base_brier) == (
            expected.targets, expected.brier, expected.base_brier,
        )  # fmt: skip
        assert got.targets > 500
        pd.testing.assert_frame_equal(got.bands, expected.bands)

    @pytest.mark.parametrize("relative", [False, True])
    def test_where_more_is_neither_good_nor_bad_nothing_is_judged(self, relative):
        aim = Aim(made.made_figures(measured=[made.made_measured(polarity="no_judgement")]))
        got = aim.relative(distance=1.0) if relative else aim.of(value=70.0)
        assert got.reason == (
            "more is neither good nor bad, so nothing says on which side it is met"
        )
        assert got.expected == aim.at("2026")["mean"]
        assert np.isfinite(got.level)
        assert np.isnan([got.gap, got.chance, got.needed, got.achieved]).all()
        assert (got.people, got.record, got.best) == (None, None, ())


class TestBesideAComparator:
    def test_level_gap_and_chance_all_come_from_the_distance(self):
        aim = Aim()
        apart = distance_by_hand(aim.figures, published(aim.figures)).loc[3]
        got = aim.relative(distance=1.0)
        assert got.gap == pytest.approx(1.0 - apart["mean"])
        assert got.level - got.expected == pytest.approx(got.gap)
        assert got.people.count == round(1000 * got.gap)
        assert got.comparator_label == "the nation"
        assert got.reason == ""
        np.testing.assert_allclose(
            got.apart.loc[0, RANGES].astype(float), apart[RANGES].astype(float) - 1.0
        )
        tested = aim.aims._apart["nation", "jobs"][0].tested("jobs")
        assert got.record.brier == chance_record(tested, polarity="higher_is_better").brier
        # The nation's distance from itself moves by nothing and was never a forecast.
        assert set(tested["area_code"]) == set(AREAS)

    @pytest.mark.parametrize(
        ("end", "chance"),
        [("lower_80", 0.9), ("mean", 0.5), ("upper_80", 0.1), ("upper_95", 0.025)],
    )
    def test_the_chance_is_a_half_where_the_middle_of_the_distance_meets_it(self, end, chance):
        aim = Aim()
        apart = distance_by_hand(aim.figures, published(aim.figures)).loc[3]
        got = aim.relative(distance=float(apart[end]))
        assert got.chance == pytest.approx(chance)
        if end == "mean":
            assert got.chance == 0.5
            assert got.gap == 0
            assert got.level == pytest.approx(got.expected)

    def test_lower_is_better_turns_gap_and_chance_round(self):
        measured = [made.made_measured(polarity="lower_is_better")]
        up, down = Aim(), Aim(made.made_figures(measured=measured))
        for distance in (-1.0, 0.0, 2.0):
            good, bad = up.relative(distance), down.relative(distance)
            assert bad.gap == pytest.approx(-good.gap)
            assert bad.chance == pytest.approx(1 - good.chance)
            assert bad.level == pytest.approx(good.level)

    def test_a_comparator_whose_newest_figure_is_older_is_carried_on_to_the_same_period(self):
        values = made.made_history()
        values[NATION] = values[NATION][:-1]
        aim = Aim(made.made_figures(values))
        apart = distance_by_hand(aim.figures, published(aim.figures))
        got = aim.relative(by="2026-12-31")
        assert (got.period, got.horizon) == ("2026", 3)
        assert got.gap == pytest.approx(-apart.loc[4, "mean"])
        assert apart.loc[4, "mean"] != pytest.approx(apart.loc[3, "mean"])

    def test_one_whose_figures_do_not_reach_the_period_gives_no_chance(self):
        values = made.made_history()
        values[NATION] = values[NATION][:-1]
        got = Aim(made.made_figures(values)).relative(by="2028-12-31")
        assert got.period == "2028"
        assert np.isfinite(got.expected)
        assert got.reason == "the distance from the comparator cannot be forecast"
        assert np.isnan([got.level, got.gap, got.chance]).all()

    def test_it_may_be_another_than_the_pages(self):
        figures = made.made_figures()
        aim = Aim(figures, alike=made.group())
        rows = figures.known[figures.known["area_code"].isin(AREAS[1:5])]
        apart = distance_by_hand(figures, rows.groupby("period")["value"].mean().to_dict()).loc[3]
        got = aim.relative(comparator="alike")
        assert got.comparator_label == "the average of 4 similar places"
        assert got.gap == pytest.approx(-apart["mean"])
        assert got.gap != pytest.approx(aim.relative().gap)

    def test_one_target_after_another_asks_for_its_comparator_once(self):
        aim = Aim()
        aim.relative(by="2025-12-31")
        aim.relative(by="2026-12-31")
        assert aim.asked == ["nation"]

    @pytest.mark.parametrize("why", ["nobody", "no_figures", "one_figure"])
    def test_without_the_comparators_figures_it_says_so(self, why):
        values = made.made_history()
        if why != "nobody":
            values[NATION] = values[NATION][-1:] if why == "one_figure" else [np.nan]
        if why == "one_figure":
            values[NATION] = [np.nan] * 13 + [values[NATION][0]]
        aim = Aim(made.made_figures(values), region=made.nobody())
        got = aim.relative(comparator="region" if why == "nobody" else "nation")
        assert got.reason == "the distance from the comparator cannot be forecast"
        assert got.period == "2026"
        assert np.isnan([got.level, got.gap, got.chance, got.needed]).all()
        assert got.comparator_label == ("its region" if why == "nobody" else "the nation")


class TestSpeed:
    def test_needed_and_achieved_are_as_worked_out_by_hand(self):
        values = made.made_history() | {
            PLACE: [50, 51, 50, 52, 53, 52, 54, 55, 54, 60, 61, 59, 63, 62]
        }
        aim = Aim(made.made_figures(values))
        got = aim.of(value=68.0)
        # Three years from the middle of 2023 to that of 2026: 1,096 days.
        assert got.needed == pytest.approx((68 - 62) / (1096 / YEAR))
        # The newest five: 60, 61, 59, 63, 62; least squares by hand: (-2*60 - 61 + 63 + 2*62) / 10.
        assert got.achieved == pytest.approx(0.6, rel=1e-3)
        assert got.achieved_since == "2019"
        assert aim.of(value=60.0).needed < 0

    def test_what_is_needed_beside_a_comparator_is_needed_for_its_level(self):
        aim = Aim()
        got = aim.relative(distance=3.0)
        latest = aim.figures.latest.loc["jobs", "value"]
        assert got.needed == pytest.approx((got.level - latest) / (1096 / YEAR))

    def fastest(self, figures) -> dict[str, float]:
        return dict(Aim(figures).of().best)

    def steady(self, speeds: dict[str, float]) -> dict[str, np.ndarray]:
        values = made.made_history()
        return values | {code: 40 + by * np.arange(14) for code, by in speeds.items()}

    def test_the_fastest_areas_are_named_best_first(self):
        values = self.steady({code: 0.1 * i for i, code in enumerate(AREAS)})
        got = Aim(made.made_figures(values)).of().best
        assert [name for name, _ in got] == ["Area 9", "Area 8", "Area 7"]
        assert [speed for _, speed in got] == pytest.approx([0.8, 0.7, 0.6], rel=1e-3)

    def test_a_tiny_area_and_one_that_is_no_peer_are_not_named(self):
        values = self.steady({code: 0.1 * i for i, code in enumerate(AREAS)} | {NATION: 3.0})
        figures = made.made_figures(values, people={AREAS[8]: 19_999, AREAS[7]: 20_000})
        assert list(self.fastest(figures)) == ["Area 8", "Area 7", "Area 6"]

    def test_the_place_itself_is_not_one_of_the_others(self):
        values = self.steady({code: 0.1 * i for i, code in enumerate(AREAS)} | {PLACE: 5.0})
        assert list(self.fastest(made.made_figures(values))) == ["Area 9", "Area 8", "Area 7"]

    def test_later_years_than_the_places_own_do_not_count(self):
        values = self.steady({code: 0.1 * i for i, code in enumerate(AREAS)})
        before = self.fastest(made.made_figures({c: v[:-2] for c, v in values.items()}))
        for code in AREAS[1:]:
            values[code][-2:] = [90, 95]
        values[PLACE] = values[PLACE][:-2]
        assert self.fastest(made.made_figures(values)) == before

    def test_numbers_of_people_or_events_have_no_fastest_area(self):
        values = self.steady({code: 0.1 * i for i, code in enumerate(AREAS)})
        counted = [made.made_measured(value_type="count", per=None, people=None)]
        aim = Aim(made.made_figures(values, measured=counted))
        got = aim.of()
        assert got.best == ()
        assert np.isfinite([got.needed, got.achieved, got.chance]).all()
        assert aim.relative().reason == "the distance from the comparator cannot be forecast"
