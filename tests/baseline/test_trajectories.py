"""Scenarios laid on the forecast: what moves, what does not, and what it does to the target."""

import runpy
from dataclasses import replace
from datetime import date
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest

from outcomes.baseline.ahead import Ahead
from outcomes.baseline.aims import Aims
from outcomes.baseline.trajectories import Trajectories
from outcomes.model import CrossEffect, Effect, Forecast, Scenario, Target
from outcomes.statistics.forecasting.scenarios import assumed, trajectories
from outcomes.statistics.forecasting.targets import chance_of_meeting

made = SimpleNamespace(**runpy.run_path(str(Path(__file__).parents[1] / "made_figures.py")))
PLACE = made.PLACE
RANGES = ["mean", "lower_80", "upper_80", "lower_95", "upper_95"]
SURE = {"evidence": {"source": "a guess", "strength": "judgement"}, "plausibility": "low"}
SURE |= {"depends_on": "Nothing.", "owner": "a role", "title": "Something", "place": PLACE}


def effect(size=2.0, spread=0.0, **changes) -> Effect:
    about = {"kind": "planned_effect", "indicator": "jobs", "starts": date(2025, 1, 1)}
    about |= {"size": size, "low": size - spread, "high": size + spread}
    return Effect(**{**SURE, **about, **changes})


def cross(size=0.5, **changes) -> CrossEffect:
    about = {"cause": "cause", "indicator": "jobs", "size": size, "low": size, "high": size}
    return CrossEffect(**{**SURE, **about, **changes})


def scenario(effects=(), crosses=(), **changes) -> Scenario:
    return Scenario(
        title=changes.pop("title", "Plan"),
        framework="essex_2014",
        says="Something.",
        effects={f"effect_{i}": e for i, e in enumerate(effects)},
        cross_effects={f"cross_{i}": e for i, e in enumerate(crosses)},
        **changes,
    )


def target(**about) -> Target:
    about = {"by": date(2027, 12, 31)} | about
    return Target(indicator="jobs", place=PLACE, set_by="a board", source="a plan", **about)


@pytest.fixture(scope="module")
def figures():
    return made.made_figures()


@pytest.fixture(scope="module")
def ahead(figures):
    return Ahead(figures.known, figures.measured)


@pytest.fixture(scope="module")
def causes():
    """An indicator of another outcome, of which the page shows nothing."""
    rows = made.made_rows(made.made_history(seed=9, around=30), name="cause")
    return made.made_figures(rows=rows, measured=[made.made_measured("cause")])


@pytest.fixture(scope="module")
def forecast(ahead):
    points = ahead.points("jobs", PLACE)
    columns = ["horizon", "period_start", "period_end", "period", *RANGES]
    return Forecast(points[columns], "pooled", 14, "2023", None, points.iloc[:0])


@pytest.fixture
def laid(figures, ahead, causes, forecast):
    """Return the trajectories of some scenarios by name."""

    def lay(targets=(), choice=None, **scenarios):
        paths = Trajectories(figures, ahead, causes, scenarios, PLACE)
        aims = Aims(figures, ahead, lambda _: choice or made.one_area())
        found = tuple(aims.of(one, forecast) for one in targets)
        return {path.name: path for path in paths.of("jobs", forecast, found)}

    return lay


def effects_of(path) -> list[float]:
    return path.points["effect"].tolist()


class TestNothingMoves:
    @pytest.mark.parametrize(
        "scenarios",
        [
            {},
            {"plan": scenario()},
            {"plan": scenario([effect(included=False)])},
            {"plan": scenario([effect(0.0)])},
            {"plan": scenario([effect(starts=date(2029, 1, 1))])},
            {"plan": scenario([effect(starts=date(2028, 1, 1), delay_months=12)])},
            {"plan": scenario([effect(indicator="cause")])},
            {"plan": scenario(crosses=[cross()])},
            {"plan": scenario([effect(indicator="cause", included=False)], [cross()])},
            {"plan": scenario([effect(indicator="cause")], [cross(included=False)])},
        ],
    )
    def test_without_an_effect_there_is_the_forecast_alone(self, laid, scenarios):
        assert laid(**scenarios) == {}

    def test_a_refused_forecast_has_none(self, figures, ahead, forecast):
        paths = Trajectories(figures, ahead, None, {"plan": scenario([effect()])}, PLACE)
        refused = replace(forecast, points=forecast.points.iloc[:0], reason="too short")
        assert paths.of("jobs", refused, ()) == ()


class TestPaths:
    def test_the_first_is_the_forecast_bit_for_bit(self, laid, forecast):
        paths = laid(plan=scenario([effect()]))
        assert list(paths) == ["no_change", "plan"]
        still = paths["no_change"]
        pd.testing.assert_frame_equal(
            still.points.drop(columns="effect"), forecast.points, check_exact=True
        )
        assert effects_of(still) == [0.0] * 5
        assert (still.title, still.scenarios, still.example) == (
            "The forecast alone",
            (),
            False,
        )

    def test_before_an_effect_begins_a_path_is_the_forecast_bit_for_bit(self, laid, forecast):
        path = laid(plan=scenario([effect(starts=date(2026, 1, 1))], title="A plan"))["plan"]
        columns = forecast.points.columns.tolist()
        pd.testing.assert_frame_equal(
            path.points[columns].head(2), forecast.points.head(2), check_exact=True
        )
        assert effects_of(path)[:2] == [0.0, 0.0]
        np.testing.assert_allclose(effects_of(path)[2:], 2.0)
        for end in RANGES:
            moved = path.points[end] - forecast.points[end]
            np.testing.assert_allclose(moved[2:], 2.0, atol=0.02)
        assert (path.title, path.scenarios) == ("A plan", ("plan",))

    def test_switched_off_effects_change_nothing(self, laid):
        with_them = scenario([effect(), effect(9.0, included=False)], [cross(included=False)])
        plain, off = laid(plan=scenario([effect()])), laid(plan=with_them)
        pd.testing.assert_frame_equal(off["plan"].points, plain["plan"].points, check_exact=True)

    def test_together_holds_both(self, laid, ahead):
        plans = {
            "one": scenario([effect(2.0, 1.0)], example=True),
            "two": scenario([effect(-0.5, 0.25, starts=date(2024, 1, 1))]),
        }
        paths = laid(**plans)
        assert list(paths) == ["no_change", "one", "two", "together"]
        both = paths["together"]
        assert both.scenarios == ("one", "two")
        assert (both.example, paths["two"].example) == (True, False)
        total = np.add(effects_of(paths["one"]), effects_of(paths["two"]))
        np.testing.assert_allclose(effects_of(both), total, atol=0.05)
        base = ahead.points("jobs", PLACE).assign(indicator="jobs", bound_low=0, bound_high=100)
        by_hand = trajectories(base, *assumed(plans))
        np.testing.assert_array_equal(
            both.points[[*RANGES, "effect"]], by_hand[[*RANGES, "effect"]]
        )

    def test_the_assumed_range_makes_the_paths_range_wider(self, laid):
        sure = laid(plan=scenario([effect(2.0)]))["plan"].points
        vague = laid(plan=scenario([effect(2.0, 6.0)]))["plan"].points
        wide = vague["upper_80"] - vague["lower_80"] - (sure["upper_80"] - sure["lower_80"])
        assert wide[0] == 0
        assert (wide[1:] > 0.2).all()

    def test_no_path_leaves_the_bounds(self, laid):
        points = laid(plan=scenario([effect(60.0)]))["plan"].points
        assert points[RANGES].iloc[1:].eq(100.0).all(axis=None)


class TestCrossEffects:
    def test_a_cause_of_another_outcome_moves_its_follower(self, laid):
        plan = scenario([effect(4.0, indicator="cause")], [cross(0.5, delay_months=12)])
        paths = laid(plan=plan)
        assert list(paths) == ["no_change", "plan"]
        np.testing.assert_allclose(effects_of(paths["plan"]), [0, 0, 2, 2, 2], atol=1e-9)

    def test_one_scenario_may_move_the_cause_and_another_hold_the_link(self, laid):
        paths = laid(
            hold=scenario([effect(4.0, indicator="cause")]),
            link=scenario(crosses=[cross(0.5)]),
            other=scenario([effect(indicator="elsewhere")]),
        )
        assert list(paths) == ["no_change", "together"]
        assert paths["together"].scenarios == ("hold", "link")
        np.testing.assert_allclose(effects_of(paths["together"]), [0, 2, 2, 2, 2], atol=1e-9)

    def test_what_only_both_bring_about_is_added_to_what_one_does(self, laid):
        paths = laid(
            hold=scenario([effect(4.0, indicator="cause")]),
            link=scenario([effect(1.0)], [cross(0.5)]),
        )
        assert list(paths) == ["no_change", "link", "together"]
        np.testing.assert_allclose(effects_of(paths["link"]), [0, 1, 1, 1, 1], atol=1e-9)
        np.testing.assert_allclose(effects_of(paths["together"]), [0, 3, 3, 3, 3], atol=1e-9)

    def test_a_scenario_that_adds_nothing_here_makes_no_path_of_all_together(self, laid):
        paths = laid(plan=scenario([effect()]), other=scenario([effect(indicator="cause")]))
        assert list(paths) == ["no_change", "plan"]


class TestRegister:
    @pytest.fixture
    def paths(self, figures, ahead, causes):
        def make(**scenarios):
            return Trajectories(figures, ahead, causes, scenarios, PLACE)

        return make

    def test_it_holds_what_moves_it_and_what_moves_that_also_switched_off(self, paths):
        plans = {
            "far": scenario([effect(indicator="first"), effect(indicator="elsewhere")]),
            "link": scenario(crosses=[cross(cause="first", indicator="cause")]),
            "near": scenario([effect(included=False)], [cross()]),
            "other": scenario([effect(indicator="elsewhere")]),
        }
        found = paths(**plans)
        assert [(key, own) for key, own, _ in found.register("jobs")] == [
            ("far", "effect_0"), ("link", "cross_0"), ("near", "effect_0"), ("near", "cross_0"),
        ]  # fmt: skip
        assert found.register("jobs")[0][2] is plans["far"].effects["effect_0"]
        assert found.reaching("jobs") == tuple((key, plans[key]) for key in ("far", "link", "near"))

    def test_an_indicator_that_only_moves_others_is_reached_by_nothing(self, paths):
        found = paths(
            plan=scenario([effect(indicator="other")], [cross(cause="jobs", indicator="other")])
        )
        assert found.register("jobs") == ()
        assert found.reaching("jobs") == ()


class TestTheTarget:
    def test_gap_people_and_chance_at_the_first_target(self, laid):
        targets = [target(value=75.0), target(value=10.0, by=date(2028, 12, 31))]
        paths = laid(targets, plan=scenario([effect(2.0)]))
        still, plan = paths["no_change"], paths["plan"]
        at = plan.points[plan.points["period"] == "2027"]
        assert still.gap == pytest.approx(75 - still.points["mean"][3])
        assert plan.gap == pytest.approx(still.gap - 2)
        assert plan.people.count == pytest.approx(still.people.count - 2000, abs=1)
        ends = 1000 * (75 - at[["upper_80", "lower_80"]].iloc[0])
        assert (plan.people.lower, plan.people.upper) == (
            np.floor(ends["upper_80"]), np.ceil(ends["lower_80"]),
        )  # fmt: skip
        expected = float(chance_of_meeting(at, 75.0, "higher_is_better")[0])
        assert plan.chance == pytest.approx(expected)
        assert still.chance < plan.chance

    def test_beside_a_comparator_the_effect_moves_the_distance_and_not_the_level(self, laid):
        relative = target(relative={"comparator": "nation", "distance": 1.0})
        plan = scenario([effect(2.0, 0.5)])
        paths = laid([relative], plan=plan)
        still, moved = paths["no_change"], paths["plan"]
        by = moved.points["effect"][3]
        assert moved.gap == pytest.approx(still.gap - by)
        shift = still.gap
        level = laid(
            [target(relative={"comparator": "nation", "distance": 1.0 - shift + by})], plan=plan
        )
        assert level["plan"].chance == pytest.approx(0.5)
        assert level["plan"].gap == pytest.approx(0, abs=1e-9)
        # The range in people is that of the distance, as it is for the forecast itself.
        before, after = (people.upper - people.lower for people in (still.people, moved.people))
        assert after == pytest.approx(before, rel=0.02)
        own = moved.points["upper_80"][3] - moved.points["lower_80"][3]
        assert after != pytest.approx(1000 * own, rel=0.1)

    def test_without_a_target_or_with_one_that_cannot_be_told_there_is_none(self, laid):
        late = target(value=75.0, by=date(2040, 1, 1))
        alone = target(relative={"comparator": "region"})
        for targets, choice in (((), None), ((late,), None), ((alone,), made.nobody())):
            for path in laid(targets, choice, plan=scenario([effect()])).values():
                assert np.isnan([path.gap, path.chance]).all()
                assert path.people is None

    def test_without_a_judgement_no_path_has_a_chance(self, causes, forecast):
        figures = made.made_figures(measured=[made.made_measured(polarity="no_judgement")])
        ahead = Ahead(figures.known, figures.measured)
        found = (Aims(figures, ahead, None).of(target(value=75.0), forecast),)
        paths = Trajectories(figures, ahead, causes, {"plan": scenario([effect()])}, PLACE)
        for path in paths.of("jobs", forecast, found):
            assert np.isnan([path.gap, path.chance]).all()
            assert path.people is None
