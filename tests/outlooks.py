"""Outlooks of Anytown, made up for the tests of charts, tables, sentences and pages."""

from dataclasses import replace
from datetime import date

import pandas as pd

from outcomes.model import (
    ChanceRecord,
    CrossEffect,
    Effect,
    Forecast,
    Judgement,
    Outlook,
    People,
    Risk,
    Scenario,
    Target,
    TargetOutlook,
    TrackRecord,
    Trajectory,
    Turning,
)

NAN = float("nan")


def make_points(n=5, *, last=75.5, step=0.6, start=2024, width=1.5) -> pd.DataFrame:
    """Return yearly points ahead of a last figure, 0.6 a year better and ever wider."""
    horizon = pd.Series(range(1, n + 1))
    starts = pd.to_datetime([f"{start + i}-01-01" for i in range(n)])
    mean, half = last + step * horizon, width * horizon**0.5
    return pd.DataFrame(
        {
            "horizon": horizon,
            "period_start": starts,
            "period_end": starts + pd.DateOffset(years=1, days=-1),
            "period": [str(start + i) for i in range(n)],
            "mean": mean,
            "lower_80": mean - half,
            "upper_80": mean + half,
            "lower_95": mean - 1.6 * half,
            "upper_95": mean + 1.6 * half,
        }
    )


def make_record(**changes) -> TrackRecord:
    rows = pd.DataFrame(
        {
            "horizon": [1, 2, 3],
            "forecasts": [500, 420, 340],
            "error": [0.8, 1.0, 1.2],
            "naive_error": [0.9, 1.3, 1.5],
            "linear_error": [1.1, 1.6, 2.1],
            "inside_80": [0.81, 0.8, 0.79],
            "inside_95": [0.95, 0.94, 0.94],
        }
    )
    return replace(TrackRecord(rows, 150, 1260, "2012", "2022", naive_used=False), **changes)


def make_own(horizon, forecasts, error, inside_80) -> pd.DataFrame:
    """Return a place's own record at one horizon."""
    about = {"horizon": horizon, "forecasts": forecasts, "error": error, "inside_80": inside_80}
    return pd.DataFrame([about])


def make_forecast(**changes) -> Forecast:
    about = {"points": make_points(), "method": "pooled", "n": 12, "origin": "2023"}
    about |= {"record": make_record(), "comparator": make_points(last=76.0, step=0.2)}
    about |= {"assumptions": ("The forces at work go on as they are.",)}
    return Forecast(**(about | changes))


def make_chances(**changes) -> ChanceRecord:
    low = [0.0, 0.1, 0.2]
    bands = pd.DataFrame({"low": low, "high": [0.1, 0.2, 0.3], "targets": [400, 300, 200]})
    bands = bands.assign(said=[0.05, 0.15, 0.25], met=[0.06, 0.13, 0.27])
    return replace(ChanceRecord(bands, 900, 0.12, 0.2), **changes)


def make_target(*, set_for=None, **changes) -> TargetOutlook:
    target = {"indicator": "people_in_work", "place": "X10000001", "by": date(2028, 12, 31)}
    target |= {"value": 80.0, "set_by": "the partnership board", "source": "Plan 2024"}
    about = {"target": Target(**(set_for or target)), "period": "2028", "horizon": 5}
    about |= {"level": 80.0, "expected": 78.5, "lower": 75.1, "upper": 81.9, "gap": 1.5}
    about |= {"people": People(1510.0, -1930.0, 4940.0, "people aged 16 to 64, mid-2022", 100000.0)}
    about |= {"chance": 0.27, "record": make_chances(), "needed": 0.9, "achieved": 0.4}
    about |= {"achieved_since": "2018", "best": (("Westend", 1.3), ("Northend", 1.1))}
    return TargetOutlook(**(about | changes))


def make_apart(mean, lower, upper) -> pd.DataFrame:
    """Return a distance's forecast minus the distance that meets the target."""
    ends = {"mean": mean, "lower_80": lower, "upper_80": upper}
    return pd.DataFrame([ends | {"lower_95": 2 * lower, "upper_95": 2 * upper}])


def make_effect(**changes) -> Effect:
    about = {"title": "Family hubs open", "kind": "planned_effect", "indicator": "people_in_work"}
    about |= {"place": "X10000001", "size": 1.0, "low": 0.5, "high": 1.5}
    about |= {"starts": date(2025, 4, 1), "delay_months": 6, "builds_months": 12}
    about |= {"evidence": {"source": "an assumption of the team", "strength": "judgement"}}
    about |= {"plausibility": "medium", "depends_on": "staff being found", "owner": "head of hubs"}
    return Effect(**(about | changes))


def make_cross(**changes) -> CrossEffect:
    about = {"title": "Skills lead to work", "cause": "skills", "indicator": "people_in_work"}
    about |= {"place": "X10000001", "size": 0.3, "low": 0.1, "high": 0.5, "delay_months": 12}
    about |= {"evidence": {"source": "a review", "strength": "weak"}}
    about |= {"plausibility": "low", "depends_on": "jobs being there", "owner": "skills lead"}
    return CrossEffect(**(about | changes))


def make_scenario(**changes) -> Scenario:
    about = {"title": "Family hubs", "framework": "own", "says": "Hubs open in every town."}
    risks = [
        {"risk": "Rents rise", "likelihood": 2, "impact": 2, "local_control": "some"},
        {"risk": "Staff cannot be found", "likelihood": 4, "impact": 4, "local_control": "none"},
    ]
    about |= {"effects": {"hubs_open": make_effect()}}
    return Scenario(**(about | {"risks": [Risk(**r, owner="the board") for r in risks]} | changes))


def make_trajectory(name="hubs", title="Family hubs", *, by=0.8, **changes) -> Trajectory:
    points = make_points()
    ends = ["mean", "lower_80", "upper_80", "lower_95", "upper_95"]
    points[ends] += by
    about = {"scenarios": (name,), "points": points.assign(effect=by), "gap": 1.5 - by}
    about |= {
        "people": People(1000.0 * (1.5 - by), NAN, NAN, "people aged 16 to 64, mid-2022", 1e5)
    }
    about |= {"chance": 0.4}
    return Trajectory(name, title, **(about | changes))


def make_turning(**changes) -> Turning:
    later = make_points(2, last=70.0, start=2022).assign(
        value=[72.0, 75.5], error=[1.4, 4.3], better=[True, True]
    )
    about = {"vintage": "2022-04", "made_on": date(2022, 4, 1), "origin": "2021"}
    about |= {"afterwards": False, "later": later, "verdict": "turned", "chance": 0.02}
    return Turning(**(about | changes))


def make_outlook(**changes) -> Outlook:
    """Return an outlook with all there can be: changed at will."""
    trajectories = (
        make_trajectory("no_change", "As things are", by=0.0),
        make_trajectory(),
        make_trajectory("benefits", "New rules for benefits", by=-0.9, example=True),
        make_trajectory("together", "Both together", by=-0.1),
    )
    judged = {"indicator": "people_in_work", "place": "X10000001", "acceptable": False}
    judged |= {"reason": "It stays behind the nation", "by": "the board"}
    about = {"forecast": make_forecast(), "targets": (make_target(),), "turning": make_turning()}
    about |= {"judgement": Judgement(**judged, decided=date(2024, 5, 6))}
    about |= {"trajectories": trajectories, "scenarios": (("hubs", make_scenario()),)}
    register = (("hubs", "hubs_open", make_effect()), ("hubs", "skills", make_cross()))
    return Outlook(**(about | {"register": register} | changes))
