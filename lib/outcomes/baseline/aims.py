"""Targets beside the forecast: the gap at the date, the chance, and the speed that it takes."""

from collections.abc import Callable
from dataclasses import replace

import pandas as pd

from outcomes.baseline.against import comparator_values, people_in
from outcomes.baseline.ahead import Ahead, apart_from
from outcomes.baseline.choice import Choice
from outcomes.baseline.figures import Figures
from outcomes.model import ChanceRecord, Forecast, Target, TargetOutlook
from outcomes.statistics.forecasting.reliability import chance_record
from outcomes.statistics.forecasting.targets import (
    achieved,
    best_achieved,
    chance_of_meeting,
    gap,
    needed,
)
from outcomes.statistics.rows import YEAR

BEST = 3
"""How many of the fastest areas are named."""
TINY = 20_000
"""People below which an area is not named as fastest: its figures move by chance."""
UNKNOWN = float("nan")
RANGES = ["mean", "lower_80", "upper_80", "lower_95", "upper_95"]


class Aims:
    """The targets of one place, worked out beside its forecasts.

    Parameters
    ----------
    figures : Figures
    ahead : Ahead
        The forecasts of the same indicators.
    choice_of : callable
        From the name of a comparator to whom it is for this place.
    """

    def __init__(self, figures: Figures, ahead: Ahead, choice_of: Callable[[str], Choice]) -> None:
        self.figures, self.ahead, self.choice_of = figures, ahead, choice_of
        self._apart: dict[str, tuple[Ahead, Choice]] = {}

    def of(self, target: Target, forecast: Forecast) -> TargetOutlook:
        """Return a target beside the forecast of its indicator."""
        name, measured = target.indicator, self.figures.measured[target.indicator]
        polarity = measured.indicator.polarity
        found = self._plain(target, forecast)
        beside, label = self._beside(target) if target.relative else (self.ahead, "")
        points = beside.points(name, target.place)
        at = points[points["horizon"] == found.horizon]
        distance = target.relative.distance if target.relative else target.value
        reason = found.reason or self._why_not(at, polarity, target)
        found = replace(found, comparator_label=label, reason=reason)
        if at.empty or at["mean"].isna().any():
            return found
        row = at.iloc[0]
        level = found.expected + distance - row["mean"] if target.relative else distance
        short = [
            float(gap(distance, row[end], polarity)) for end in ("mean", "lower_80", "upper_80")
        ]
        limits = sorted(short[1:])
        return replace(
            found,
            level=float(level),
            gap=short[0],
            people=people_in(self.figures, name, (short[0], *limits)),
            chance=UNKNOWN if reason else float(chance_of_meeting(at, distance, polarity)[0]),
            record=self._record(beside, name),
            apart=at[RANGES].reset_index(drop=True) - distance if target.relative else None,
            **self._pace(target, level, at),
        )

    def _plain(self, target: Target, forecast: Forecast) -> TargetOutlook:
        """Return a target with the period whose figure tells and what is expected for it."""
        points = forecast.points
        due = points[points["period_end"] <= pd.Timestamp(target.by)]
        beyond = len(due) == len(points) and len(points) > 0
        reason = "there is no forecast" if points.empty else ""
        if not reason and due.empty:
            reason = "no figure is still to come before its date"
        if beyond and self._later(points) <= pd.Timestamp(target.by):
            reason = "its date lies further ahead than the forecast reaches"
        row = due.iloc[-1] if len(due) and not reason else None
        number = dict.fromkeys(("expected", "lower", "upper"), UNKNOWN)
        if row is not None:
            number = {"expected": row["mean"], "lower": row["lower_80"], "upper": row["upper_80"]}
        return TargetOutlook(
            target=target,
            period="" if row is None else str(row["period"]),
            horizon=0 if row is None else int(row["horizon"]),
            level=UNKNOWN if target.value is None else target.value,
            **{name: float(value) for name, value in number.items()},
            gap=UNKNOWN, people=None, chance=UNKNOWN, record=None, needed=UNKNOWN,
            achieved=UNKNOWN, achieved_since="", best=(), reason=reason,
        )  # fmt: skip

    @staticmethod
    def _later(points: pd.DataFrame) -> pd.Timestamp:
        """Return the last day of the period after the last one that is forecast."""
        ends = points["period_end"]
        step = ends.iloc[-1] - (ends.iloc[-2] if len(ends) > 1 else points["period_start"].iloc[-1])
        return ends.iloc[-1] + step

    @staticmethod
    def _why_not(at: pd.DataFrame, polarity: str, target: Target) -> str:
        if polarity == "no_judgement":
            return "more is neither good nor bad, so nothing says on which side it is met"
        if target.relative and (at.empty or at["mean"].isna().any()):
            return "the distance from the comparator cannot be forecast"
        return ""

    def _beside(self, target: Target) -> tuple[Ahead, str]:
        """Return the forecasts of the distance from the target's comparator, and its label."""
        name = target.relative.comparator
        if name not in self._apart:
            choice = self.choice_of(name)
            values = comparator_values(self.figures, choice)
            wanted = self.ahead.rows
            apart = apart_from(wanted, values)
            self._apart[name] = Ahead(apart, self.figures.measured, bounded=False), choice
        ahead, choice = self._apart[name]
        return ahead, choice.label

    def _record(self, ahead: Ahead, name: str) -> ChanceRecord | None:
        tested, polarity = ahead.tested(name), self.figures.measured[name].indicator.polarity
        if tested.empty or polarity == "no_judgement":
            return None
        found = chance_record(tested, polarity=polarity)
        return ChanceRecord(found.bands, found.targets, found.brier, found.base_brier)

    def _pace(self, target: Target, level: float, at: pd.DataFrame) -> dict:
        """Return the improvement a year that is needed, was achieved, and by whom most."""
        name, setting = target.indicator, self.figures.setting
        polarity = self.figures.measured[name].indicator.polarity
        if polarity == "no_judgement":
            return {}
        rows = self.ahead.rows
        rows = rows[rows["series"] == name]
        latest = rows[rows["area_code"] == target.place].sort_values("period_end").iloc[-1]
        years = (_middle(at.iloc[0]) - _middle(latest)).days / YEAR
        own = achieved(rows[rows["area_code"] == target.place], polarity=polarity)
        people = setting.everyone()
        tiny = set(people.index[people < TINY])
        peers = rows[rows["area_code"].isin(set(setting.choice.peers) - tiny)]
        best = best_achieved(peers, polarity=polarity, count=BEST) if len(peers) else {}
        here = own.loc[target.place] if target.place in own.index else None
        return {
            "needed": float(needed(latest["value"], level, years, polarity)),
            "achieved": UNKNOWN if here is None else float(here["improvement"]),
            "achieved_since": "" if here is None else str(here["since"]),
            "best": tuple((str(setting.names.get(c, c)), float(v)) for c, v in best.items()),
        }


def _middle(row: pd.Series) -> pd.Timestamp:
    return row["period_start"] + (row["period_end"] - row["period_start"]) / 2
