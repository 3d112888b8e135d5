"""Targets beside the forecast: the gap at the date, the chance, and the speed that it takes."""

from collections.abc import Callable
from dataclasses import replace

import pandas as pd

from outcomes.baseline.against import comparator_values, people_in
from outcomes.baseline.ahead import RANGES, Ahead, apart_from
from outcomes.baseline.choice import Choice
from outcomes.baseline.figures import Figures
from outcomes.baseline.periods import later_day
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
        self._apart: dict[tuple[str, str], tuple[Ahead, str]] = {}
        self._records: dict[tuple[int, str], ChanceRecord | None] = {}
        self._fastest: dict[str, tuple[tuple[str, float], ...]] = {}

    def of(self, target: Target, forecast: Forecast) -> TargetOutlook:
        """Return a target beside the forecast of its indicator."""
        polarity = self.figures.measured[target.indicator].indicator.polarity
        due, reason = _due(target, forecast.points)
        found = _plain(target, due, reason)
        beside, label = self._beside(target) if target.relative else (self.ahead, "")
        points = beside.points(target.indicator, target.place)
        # The comparator's newest figure may be older: what counts is the period, not the horizon.
        at = points[points["period_end"].isin(due["period_end"]) & points["mean"].notna()]
        reason = reason or _why_not(at, polarity, target)
        found = replace(found, comparator_label=label, reason=reason)
        return found if at.empty else self._measured(found, beside, at)

    def _measured(self, found: TargetOutlook, beside: Ahead, at: pd.DataFrame) -> TargetOutlook:
        """Return a target with its distance from one row, the forecast it is judged by."""
        target, name = found.target, found.target.indicator
        polarity = self.figures.measured[name].indicator.polarity
        distance = target.relative.distance if target.relative else target.value
        mean = at["mean"].iloc[0]
        level = found.expected + distance - mean if target.relative else distance
        ends = at[["mean", "lower_80", "upper_80"]].to_numpy(dtype=float)[0]
        short, *limits = gap(distance, ends, polarity).tolist()
        return replace(
            found,
            level=float(level),
            gap=short,
            people=people_in(self.figures, name, (short, *sorted(limits))),
            chance=UNKNOWN if found.reason else float(chance_of_meeting(at, distance, polarity)[0]),
            record=self._record(beside, name),
            apart=at[RANGES].reset_index(drop=True) - distance if target.relative else None,
            **self._pace(target, level, at),
        )

    def _beside(self, target: Target) -> tuple[Ahead, str]:
        """Return the forecasts of the distance from the target's comparator, and its label."""
        key = target.relative.comparator, target.indicator
        if key not in self._apart:
            choice = self.choice_of(target.relative.comparator)
            rows = self.ahead.rows[self.ahead.rows["series"] == target.indicator]
            apart = apart_from(rows, comparator_values(self.figures, choice))
            self._apart[key] = Ahead(apart, self.figures.measured, bounded=False), choice.label
        return self._apart[key]

    def _record(self, ahead: Ahead, name: str) -> ChanceRecord | None:
        # It is the same for every target; each Ahead lives as long as this does.
        key = id(ahead), name
        if key not in self._records:
            self._records[key] = self._find_record(ahead, name)
        return self._records[key]

    def _find_record(self, ahead: Ahead, name: str) -> ChanceRecord | None:
        tested, polarity = ahead.tested(name), self.figures.measured[name].indicator.polarity
        if tested.empty or polarity == "no_judgement":
            return None
        found = chance_record(tested, polarity=polarity)
        return ChanceRecord(found.bands, found.targets, found.brier, found.base_brier)

    def _pace(self, target: Target, level: float, at: pd.DataFrame) -> dict:
        """Return the improvement a year that is needed, was achieved, and by whom most."""
        name, place = target.indicator, target.place
        indicator = self.figures.measured[name].indicator
        polarity = indicator.polarity
        if polarity == "no_judgement":
            return {}
        rows = self.ahead.rows[self.ahead.rows["series"] == name]
        own = rows[rows["area_code"] == place].sort_values("period_end")
        latest = own.iloc[-1]
        years = (_middle(at.iloc[0]) - _middle(latest)).days / YEAR
        here = achieved(own, polarity=polarity).loc[place]
        # The speeds of counts depend on the size of the place, as the counts do.
        if name not in self._fastest:
            counted = indicator.value_type == "count"
            self._fastest[name] = () if counted else self._best(rows, latest, polarity)
        return {
            "needed": float(needed(latest["value"], level, years, polarity)),
            "achieved": float(here["improvement"]),
            "achieved_since": str(here["since"]),
            "best": self._fastest[name],
        }

    def _best(
        self, rows: pd.DataFrame, latest: pd.Series, polarity: str
    ) -> tuple[tuple[str, float], ...]:
        """Return the areas that improved fastest up to the place's newest figure, by name."""
        setting = self.figures.setting
        people = setting.everyone()
        named = set(setting.choice.peers) - set(people.index[people < TINY]) - {setting.place.code}
        peers = rows[rows["area_code"].isin(named) & (rows["period_end"] <= latest["period_end"])]
        best = best_achieved(peers, polarity=polarity, count=BEST) if len(peers) else {}
        names = setting.names
        return tuple((str(names.get(code, code)), float(v)) for code, v in best.items())


def _due(target: Target, points: pd.DataFrame) -> tuple[pd.DataFrame, str]:
    """Return the forecast of the last period that ends by a target's date, or why there is none."""
    by, none = pd.Timestamp(target.by), points.iloc[:0]
    if points.empty:
        return none, "there is no forecast"
    due = points[points["period_end"] <= by]
    if due.empty:
        return none, "no figure is still to come before its date"
    ends = points["period_end"]
    if len(due) == len(points) and _following(ends) <= by:
        return none, "its date lies further ahead than the forecast reaches"
    return due.tail(1), ""


def _following(ends: pd.Series) -> pd.Timestamp:
    """Return the last day of the period after the last one that is forecast."""
    month = ends.dt.year * 12 + ends.dt.month
    return later_day(ends.tail(1), int(month.diff().iloc[-1])).iloc[0]


def _plain(target: Target, due: pd.DataFrame, reason: str) -> TargetOutlook:
    """Return a target with the period whose figure tells and what is expected for it."""
    row = due.iloc[0] if len(due) else None
    names = {"expected": "mean", "lower": "lower_80", "upper": "upper_80"}
    return TargetOutlook(
        target=target,
        period="" if row is None else str(row["period"]),
        horizon=0 if row is None else int(row["horizon"]),
        level=UNKNOWN if target.value is None else target.value,
        **{key: UNKNOWN if row is None else float(row[name]) for key, name in names.items()},
        gap=UNKNOWN, people=None, chance=UNKNOWN, record=None, needed=UNKNOWN, achieved=UNKNOWN,
        achieved_since="", best=(), reason=reason,
    )  # fmt: skip


def _why_not(at: pd.DataFrame, polarity: str, target: Target) -> str:
    if polarity == "no_judgement":
        return "more is neither good nor bad, so nothing says on which side it is met"
    if target.relative and at.empty:
        return "the distance from the comparator cannot be forecast"
    return ""


def _middle(row: pd.Series) -> pd.Timestamp:
    return row["period_start"] + (row["period_end"] - row["period_start"]) / 2
