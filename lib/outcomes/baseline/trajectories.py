"""Where indicators would go under the scenarios that reach them."""

from collections.abc import Mapping

import numpy as np
import pandas as pd

from outcomes.baseline.against import people_in
from outcomes.baseline.ahead import Ahead
from outcomes.baseline.figures import Figures
from outcomes.model import CrossEffect, Effect, Forecast, Scenario, TargetOutlook, Trajectory
from outcomes.statistics.forecasting.scenarios import assumed, trajectories
from outcomes.statistics.forecasting.targets import chance_of_meeting, gap

NO_CHANGE = "no_change"
TOGETHER = "together"
UNKNOWN = float("nan")


class Trajectories:
    """The scenarios of one place, laid on its forecasts.

    Parameters
    ----------
    figures : Figures
    ahead : Ahead
        The forecasts of the page's indicators.
    causes : Figures or None
        Other indicators, from which cross-effects start.
    scenarios : mapping of str to Scenario
        Those of the place, by id.
    place : str
        Its code.
    """

    def __init__(
        self,
        figures: Figures,
        ahead: Ahead,
        causes: Figures | None,
        scenarios: Mapping[str, Scenario],
        place: str,
    ) -> None:
        self.figures, self.scenarios = figures, scenarios
        named = {name: (ahead, name) for name in figures.measured}
        if causes is not None and scenarios:
            other = Ahead(causes.after_breaks(causes.known), causes.measured)
            named |= {name: (other, name) for name in causes.measured}
        reached = {name for found in scenarios.values() for name in _touched(found)}
        parts = [
            found.points(name, place).assign(indicator=name)
            for found, name in named.values()
            if name in reached
        ]
        self.base = pd.concat(parts, ignore_index=True) if parts else pd.DataFrame()
        self.laid = {key: self._laid(chosen) for key, chosen in self._sets().items()}

    def _sets(self) -> dict[str, dict[str, Scenario]]:
        """Return each scenario by itself, and all of them together."""
        alone = {name: {name: found} for name, found in self.scenarios.items()}
        return alone | ({TOGETHER: dict(self.scenarios)} if len(alone) > 1 else {})

    def _laid(self, chosen: Mapping[str, Scenario]) -> pd.DataFrame:
        if self.base.empty:
            return self.base
        bounds = self.base[["bound_low", "bound_high"]].replace([-np.inf, np.inf], np.nan)
        effects, cross = assumed(chosen)
        return trajectories(self.base.assign(**bounds), effects, cross)

    def reaching(self, name: str) -> tuple[tuple[str, Scenario], ...]:
        """Return the scenarios that move an indicator, or would if they were switched on."""
        return tuple((key, s) for key, s in self.scenarios.items() if name in _touched(s))

    def register(self, name: str) -> tuple[tuple[str, str, Effect | CrossEffect], ...]:
        """Return the assumptions of the scenarios about an indicator, and about what moves it."""
        wanted, found = {name}, []
        for key, scenario in self.scenarios.items():
            wanted |= _causes(scenario, name)
        for key, scenario in self.scenarios.items():
            for own, effect in {**scenario.effects, **scenario.cross_effects}.items():
                if effect.indicator in wanted:
                    found.append((key, own, effect))
        return tuple(found)

    def of(
        self, name: str, forecast: Forecast, targets: tuple[TargetOutlook, ...]
    ) -> tuple[Trajectory, ...]:
        """Return the forecast, each scenario that moves it, and all together; empty if none does."""
        if forecast.points.empty or self.base.empty:
            return ()
        moved = {key: self._points(found, name) for key, found in self.laid.items()}
        moved = {key: points for key, points in moved.items() if points["effect"].abs().gt(0).any()}
        alone = [key for key in moved if key != TOGETHER]
        if not alone:
            return ()
        target = targets[0] if targets else None
        still = forecast.points.assign(effect=0.0)
        paths = [(NO_CHANGE, "If nothing else is done", (), still)]
        paths += [(key, self.scenarios[key].title, (key,), moved[key]) for key in alone]
        if len(alone) > 1 and TOGETHER in moved:
            paths.append((TOGETHER, "All of them together", tuple(alone), moved[TOGETHER]))
        return tuple(
            Trajectory(
                name=key, title=title, scenarios=held, points=points,
                example=any(self.scenarios[one].example for one in held),
                **self._met(name, points, still, target),
            )
            for key, title, held, points in paths
        )  # fmt: skip

    def _points(self, laid: pd.DataFrame, name: str) -> pd.DataFrame:
        own = laid[laid["indicator"] == name]
        columns = ["horizon", "period_start", "period_end", "period", "mean", "lower_80",
                   "upper_80", "lower_95", "upper_95", "effect"]  # fmt: skip
        return own[columns].reset_index(drop=True)

    def _met(
        self, name: str, points: pd.DataFrame, still: pd.DataFrame, target: TargetOutlook | None
    ) -> dict:
        """Return gap, people and chance at the target's date.

        A target beside a comparator moves by nothing that is done here, so its level stays that of
        the forecast; the chance is worked out from the distance's forecast moved by the effects.
        """
        nothing = {"gap": UNKNOWN, "people": None, "chance": UNKNOWN}
        if target is None or not target.horizon or target.level != target.level:
            return nothing
        polarity = self.figures.measured[name].indicator.polarity
        at = points[points["horizon"] == target.horizon]
        short = [
            float(gap(target.level, at[end].iloc[0], polarity))
            for end in ("mean", "lower_80", "upper_80")
        ]
        if points is still:
            return {"gap": target.gap, "people": target.people, "chance": target.chance}
        chance = UNKNOWN
        if target.chance == target.chance:
            chance = float(chance_of_meeting(self._distances(at, still, target), 0.0, polarity)[0])
        people = people_in(self.figures, name, (short[0], *sorted(short[1:])))
        return {"gap": short[0], "people": people, "chance": chance}

    @staticmethod
    def _distances(at: pd.DataFrame, still: pd.DataFrame, target: TargetOutlook) -> pd.DataFrame:
        """Return the scenario's figure minus the target's level, with its ranges."""
        columns = ["mean", "lower_80", "upper_80", "lower_95", "upper_95"]
        if target.apart is None:
            return at[columns] - target.level
        before = still[still["horizon"] == target.horizon]
        moved = at[columns].to_numpy() - before[columns].to_numpy()
        return target.apart[columns] + moved


def _touched(scenario: Scenario) -> set[str]:
    """Return every indicator that a scenario names."""
    direct = {effect.indicator for effect in scenario.effects.values()}
    cross = {name for e in scenario.cross_effects.values() for name in (e.cause, e.indicator)}
    return direct | cross


def _causes(scenario: Scenario, name: str) -> set[str]:
    """Return the indicators from which cross-effects lead to one, directly or through others."""
    found, wanted = set(), {name}
    while wanted:
        wanted = {
            e.cause for e in scenario.cross_effects.values() if e.indicator in wanted
        } - found  # fmt: skip
        found |= wanted
    return found
