"""What lies ahead of one indicator in one place: forecast, targets, scenarios, and how to take them.

Worked out once; shown, never recomputed. Every range says its level; `mean` is the middle of the
range, as likely to be exceeded as not.
"""

from dataclasses import dataclass, field
from datetime import date
from typing import Literal

import pandas as pd

from outcomes.model.planning import CrossEffect, Effect, Judgement, Scenario, Target
from outcomes.model.standing import People


@dataclass(frozen=True)
class TrackRecord:
    """How forecasts made in the same way have held on the past of the same indicator.

    Each was made at a past point in time from the figures up to it alone, for every area.
    """

    by_horizon: pd.DataFrame
    """A row a horizon: horizon (periods ahead), forecasts, error, naive_error, linear_error (mean
    absolute errors in the indicator's unit: of the forecast, of the last figure carried on, of a
    straight line through the newest five), inside_80, inside_95 (shares from 0 to 1), origins (past
    points in time)."""
    areas: int
    forecasts: int
    first: str
    """Label of the earliest point from which a forecast was made, and of the latest."""
    last: str
    naive_used: bool
    """True where carrying the last figure on did better, so that it is the forecast."""
    reason: str = ""
    """Why there is no record; empty otherwise."""
    own: pd.DataFrame = field(default_factory=pd.DataFrame)
    """Of the place alone, a row a horizon: horizon, forecasts, error, inside_80; may be empty."""


@dataclass(frozen=True)
class ChanceRecord:
    """How often targets of the past were met, beside the chance that was given to them."""

    bands: pd.DataFrame
    """A row a tenth of the chances: low, high (fractions), targets, said, met (mean fractions)."""
    targets: int
    brier: float
    base_brier: float
    """The score of always saying how often such targets are met; the lower of the two is better."""


@dataclass(frozen=True)
class Forecast:
    """History carried on: what is to be expected if the forces at work go on as they are."""

    points: pd.DataFrame
    """A row a period ahead: horizon, period_start, period_end, period (its label), mean, lower_80,
    upper_80, lower_95, upper_95. Empty where there is no forecast."""
    method: str
    """A word of `words.FORECAST_METHODS`."""
    n: int
    """How many figures of the place it rests on."""
    origin: str
    """Label of the newest figure, from which it is made; empty without one."""
    record: TrackRecord | None
    comparator: pd.DataFrame
    """The comparator's forecast, columns as `points`; empty without one."""
    assumptions: tuple[str, ...] = ()
    """What it supposes, in whole sentences."""
    better: float = float("nan")
    """The chance that the figure three periods ahead, or the last before, is better than the newest
    one; higher than it where nothing is judged."""
    reason: str = ""
    """Why there is none; empty if there is one."""


@dataclass(frozen=True)
class TargetOutlook:
    """A target beside the forecast: how far off it will be, and how likely it is to be met."""

    target: Target
    period: str
    """Label of the period whose figure tells: the last that ends by the target date."""
    horizon: int
    level: float
    """The target in the indicator's unit; beside a comparator, from that one's forecast."""
    expected: float
    lower: float
    upper: float
    """The forecast for that period with its 80% range."""
    gap: float
    """By how much the forecast falls short, in the unit; negative where it goes beyond."""
    people: People | None
    """The same gap as a number of people, with the ends of the 80% range."""
    chance: float
    """The probability of meeting it, 0 to 1; NaN if it cannot be given."""
    record: ChanceRecord | None
    needed: float
    """The improvement a year that would meet it; negative where things may even get worse."""
    achieved: float
    """The improvement a year of the last five years, or as many as there are."""
    achieved_since: str
    best: tuple[tuple[str, float], ...]
    """The other areas that improved fastest in the same years: name, improvement a year; best first.
    """
    comparator_label: str = ""
    """For a target beside a comparator: whom."""
    apart: pd.DataFrame | None = None
    """For such a target: one row, the forecast of the place's figure minus the level that meets it;
    columns mean, lower_80, upper_80, lower_95, upper_95. It holds what comes of both sides."""
    reason: str = ""
    """Why there is no chance; empty otherwise."""


@dataclass(frozen=True)
class Turning:
    """Whether the curve was turned: later figures beside a forecast stored before them."""

    vintage: str
    """The name of the stored forecast."""
    made_on: date
    origin: str
    """Label of the newest figure it was made from."""
    afterwards: bool
    """True if it was made after the figures it is now compared with were known."""
    later: pd.DataFrame
    """A row a period since: period_start, period_end, period, value, mean, lower_80, upper_80,
    lower_95, upper_95, error (value minus mean), better (True, False or None without a judgement).
    """
    verdict: Literal["turned", "not_yet", "too_early", "not_judged"]
    """'not_judged' where more is neither good nor bad."""
    chance: float
    """The probability of doing at least as well as this if the forecast had held; NaN without a later
    figure or a judgement."""
    reason: str = ""


@dataclass(frozen=True)
class Trajectory:
    """Where an indicator would go under one scenario; without effects, the forecast itself."""

    name: str
    """The scenario's id; 'no_change' for the forecast itself, 'together' for all at once."""
    title: str
    scenarios: tuple[str, ...]
    """The ids of the scenarios it holds."""
    points: pd.DataFrame
    """Columns as `Forecast.points`, and effect (mean minus the forecast's)."""
    gap: float
    """To the target at its date, as `TargetOutlook.gap`; NaN without a target."""
    people: People | None
    chance: float
    example: bool = False


@dataclass(frozen=True)
class Outlook:
    """All that a page shows of what lies ahead of one indicator."""

    forecast: Forecast
    targets: tuple[TargetOutlook, ...] = ()
    judgement: Judgement | None = None
    turning: Turning | None = None
    last_round: Turning | None = None
    """The newest forecast that has a later figure, if it is another one."""
    trajectories: tuple[Trajectory, ...] = ()
    """The forecast first, then a scenario each, then all together; empty without scenarios."""
    register: tuple[tuple[str, str, Effect | CrossEffect], ...] = ()
    """The assumptions behind them: scenario id, its own id, the assumption."""
    scenarios: tuple[tuple[str, Scenario], ...] = ()
    """The scenarios that reach this indicator, by id."""

    def point_of(self, found: Trajectory) -> pd.Series | None:
        """Return a trajectory's point at the first target's date, or the last one there is."""
        at = found.points
        if self.targets:
            at = at[at["period"] == self.targets[0].period]
        at = at if len(at) else found.points
        return at.iloc[-1] if len(at) else None
