"""Where indicators would go under the scenarios that reach them."""

from collections.abc import Mapping

import numpy as np
import pandas as pd

from outcomes.baseline.against import people_in
from outcomes.baseline.ahead import RANGES, Ahead
from outcomes.baseline.figures import Figures
from outcomes.model import CrossEffect, Effect, Forecast, Scenario, TargetOutlook, Trajectory
from outcomes.statistics.forecasting.scenarios import assumed, trajectories
from outcomes.statistics.forecasting.targets import chance_of_meeting, gap
from outcomes.statistics.rows import PERIOD

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
        wanted = {name for own in figures.measured for name in self._movers(own)}
        known = dict.fromkeys(figures.measured, ahead)
        if causes is not None and wanted & set(causes.measured):
            rows = causes.after_breaks(causes.known)
            rows = rows[rows["series"].isin(wanted)]
            known |= dict.fromkeys(causes.measured, Ahead(rows, causes.measured, recorded=False))
        parts = [
            found.points(name, place).assign(indicator=name)
            for name, found in known.items()
            if name in wanted
        ]
        self.base = pd.concat(parts, ignore_index=True) if parts else pd.DataFrame()
        self.laid = {key: self._laid(chosen) for key, chosen in self._sets().items()}

    def _movers(self, name: str) -> set[str]:
        """Return an indicator that some assumption moves and all that move it; else none."""
        every = list(self.scenarios.values())
        found, wanted = set(), {name}
        while wanted:
            found |= wanted
            wanted = {
                effect.cause
                for scenario in every
                for effect in scenario.cross_effects.values()
                if effect.indicator in wanted
            } - found
        direct = {e.indicator for scenario in every for e in scenario.effects.values()}
        return found if found & direct else set()

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
        """Return the scenarios that help to move an indicator, or would if they were switched on.

        Alone, or together with another whose cross-effect leads from what this one moves.
        """
        held = {key for key, _, _ in self.register(name)}
        return tuple((key, found) for key, found in self.scenarios.items() if key in held)

    def register(self, name: str) -> tuple[tuple[str, str, Effect | CrossEffect], ...]:
        """Return the assumptions of the scenarios about an indicator, and about what moves it."""
        wanted = self._movers(name)
        return tuple(
            (key, own, effect)
            for key, scenario in self.scenarios.items()
            for own, effect in {**scenario.effects, **scenario.cross_effects}.items()
            if effect.indicator in wanted
        )

    def of(
        self, name: str, forecast: Forecast, targets: tuple[TargetOutlook, ...]
    ) -> tuple[Trajectory, ...]:
        """Return the forecast, each scenario that moves it, and all together; empty if none does."""
        if forecast.points.empty or self.base.empty:
            return ()
        moved = {key: self._points(found, name) for key, found in self.laid.items()}
        moved = {key: points for key, points in moved.items() if points["effect"].abs().gt(0).any()}
        if not moved:
            return ()
        target = targets[0] if targets else None
        still = forecast.points.assign(effect=0.0)
        paths = [(NO_CHANGE, "The forecast alone", (), still)]
        alone = [key for key in moved if key != TOGETHER]
        paths += [(key, self.scenarios[key].title, (key,), moved[key]) for key in alone]
        # One alone may move it, and another add to that only where both hold.
        if TOGETHER in moved and not (len(alone) == 1 and moved[alone[0]].equals(moved[TOGETHER])):
            held = tuple(key for key, _ in self.reaching(name))
            paths.append((TOGETHER, "All of them together", held, moved[TOGETHER]))
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
        columns = ["horizon", *PERIOD, "period", *RANGES, "effect"]
        return own[columns].reset_index(drop=True)

    def _met(
        self, name: str, points: pd.DataFrame, still: pd.DataFrame, target: TargetOutlook | None
    ) -> dict:
        """Return gap, people and chance at the target's date.

        A target beside a comparator moves by nothing that is done here, so its level stays that of
        the forecast; all three are worked out from the distance's forecast moved by the effects.
        """
        if target is None or not target.horizon or target.level != target.level:
            return {"gap": UNKNOWN, "people": None, "chance": UNKNOWN}
        if points is still:
            return {"gap": target.gap, "people": target.people, "chance": target.chance}
        polarity = self.figures.measured[name].indicator.polarity
        apart = self._distances(points, still, target)
        ends = apart[["mean", "lower_80", "upper_80"]].to_numpy(dtype=float)[0]
        short, *limits = gap(0.0, ends, polarity).tolist()
        known = target.chance == target.chance
        return {
            "gap": short,
            "people": people_in(self.figures, name, (short, *sorted(limits))),
            "chance": float(chance_of_meeting(apart, 0.0, polarity)[0]) if known else UNKNOWN,
        }

    @staticmethod
    def _distances(
        points: pd.DataFrame, still: pd.DataFrame, target: TargetOutlook
    ) -> pd.DataFrame:
        """Return the scenario's figure minus the target's level, with its ranges."""
        at, before = (
            path.loc[path["horizon"] == target.horizon, RANGES] for path in (points, still)
        )
        if target.apart is None:
            return at - target.level
        return target.apart[RANGES] + (at.to_numpy() - before.to_numpy())
