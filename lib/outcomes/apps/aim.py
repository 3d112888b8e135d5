"""The target that a visitor sets: a figure, or a distance from the comparator, and a day."""

from collections.abc import Callable
from datetime import date

import pandas as pd
from ipywidgets import Button, DatePicker, FloatText, VBox

from outcomes.apps.controls import dropdown, named, offer, row
from outcomes.apps.plans import BESIDE, target_text
from outcomes.model import Forecast, Position, Target, number

FIGURE, DISTANCE = "figure", "distance"
TIME_TO_ACT = pd.DateOffset(years=1)
"""What a target that one click sets leaves at least, if the forecast reaches as far."""


class AimForm:
    """The controls of a target.

    Parameters
    ----------
    changed : callable
        Called when a visitor has set another target; `text` and `by` then say which.

    Attributes
    ----------
    kind : ipywidgets.Dropdown
        Whether the target is a figure or a distance from the comparator.
    number : ipywidgets.FloatText
    day : ipywidgets.DatePicker
    level, hold : ipywidgets.Button
        Set a target and its day with one click: level with the comparator, and no worse than now.
    """

    def __init__(self, changed: Callable[[], None]) -> None:
        self._changed, self._silent, self._usual = changed, False, {}
        self.kind = dropdown("Target", [("a figure", FIGURE)], "target-kind")
        self.number = named(FloatText(description="Figure to reach"), "target")
        self.day = named(DatePicker(description="To be met by"), "by")
        self.level = Button(description="Level", layout={"width": "auto"})
        self.hold = Button(description="Hold", layout={"width": "auto"})
        self.level.add_class("outcomes-level")
        self.hold.add_class("outcomes-hold")
        for control in (self.kind, self.number, self.day):
            control.observe(self._set, "value")
        for name in ("level", "hold"):
            getattr(self, name).on_click(lambda _, name=name: self._choose(name))
        self.widget = VBox(
            [row(self.kind, self.number, self.day), row(self.level, self.hold)]
        ).add_class("outcomes-aim")

    @property
    def text(self) -> str:
        """The target as an address says it."""
        beside = self.kind.value == DISTANCE
        return f"{BESIDE if beside else ''}{self.number.value!r}"

    @property
    def by(self) -> date | None:
        """The day, or None if there is none."""
        return self.day.value

    def show(self, target: Target | None, position: Position, whom: str, today: date) -> None:
        """Show a target, and offer what suits the indicator: nothing is told as a change."""
        self._silent = True
        try:
            self._usual = usual_targets(position, today)
            self._offer(position, whom, today)
            if target:
                self._show(target_text(target), target.by)
        finally:
            self._silent = False

    def _offer(self, position: Position, whom: str, today: date) -> None:
        kinds = [("a figure", FIGURE)]
        if "level" in self._usual:
            kinds.append((f"a distance from {whom}", DISTANCE))
        kept = self.kind.value if self.kind.value in dict(kinds).values() else FIGURE
        offer(self.kind, kinds, kept)
        unit = position.indicator.unit
        self._labels = {
            FIGURE: f"Figure to reach ({unit})",
            DISTANCE: "How far above it (0 is level, a minus below)",
        }
        when = _when(position, today)
        self.level.description = f"Level with {whom} {when}"
        self.hold.description = f"{_now(position)} {when}"
        for name in ("level", "hold"):
            getattr(self, name).layout.display = None if name in self._usual else "none"

    def _show(self, text: str, by: date) -> None:
        self.kind.value = DISTANCE if text.startswith(BESIDE) else FIGURE
        self.number.description = self._labels[self.kind.value]
        self.number.value = float(text.removeprefix(BESIDE))
        self.day.value = by

    def _choose(self, name: str) -> None:
        self._silent = True
        self._show(*self._usual[name])
        self._silent = False
        self._changed()

    def _set(self, change: dict) -> None:
        if self._silent:
            return
        if change["owner"] is self.kind:
            usual = self._usual.get("level" if self.kind.value == DISTANCE else "hold")
            self._silent = True
            self._show(usual[0], self.by or usual[1])
            self._silent = False
        self._changed()


def usual_targets(position: Position, today: date) -> dict[str, tuple[str, date]]:
    """Return the targets that one click sets: their text and their day.

    The day is the end of the first period that leaves a year for doing something, or of the last one
    that is forecast. 'level' is level with the comparator, 'hold' the newest figure; either is left
    out where there is nothing to go by.
    """
    forecast = _forecast(position)
    if forecast is None or position.latest is None:
        return {}
    by = _due(forecast, today)["period_end"].date()
    found = {"hold": (repr(round(position.latest.value, position.indicator.decimals)), by)}
    if len(forecast.comparator):
        found = {"level": (f"{BESIDE}0.0", by), **found}
    return found


def _forecast(position: Position) -> Forecast | None:
    found = position.outlook and position.outlook.forecast
    return found if found and len(found.points) else None


def _due(forecast: Forecast, today: date) -> pd.Series:
    """Return the first point that ends a year or more from a day, or the last one."""
    points = forecast.points
    later = points[points["period_end"] >= pd.Timestamp(today) + TIME_TO_ACT]
    return later.iloc[0] if len(later) else points.iloc[-1]


def _when(position: Position, today: date) -> str:
    forecast = _forecast(position)
    return f"by {_due(forecast, today)['period']}" if forecast else ""


def _now(position: Position) -> str:
    if position.latest is None:
        return ""
    return f"The same as now, {number(position.indicator, position.latest.value)},"
