"""What lies ahead of each indicator of a page: forecast, targets, scenarios, turned curves."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from functools import cached_property

import pandas as pd

from outcomes.baseline.ahead import COMPARATOR, RANGES, Ahead, with_group
from outcomes.baseline.aims import Aims
from outcomes.baseline.choice import Choice
from outcomes.baseline.figures import Figures
from outcomes.baseline.trajectories import Trajectories
from outcomes.evidence import Measured
from outcomes.model import (
    Forecast,
    Judgement,
    Outlook,
    Scenario,
    Target,
    TrackRecord,
    Turning,
)
from outcomes.reads import note
from outcomes.statistics.forecasting.learning import FEWEST
from outcomes.statistics.forecasting.targets import chance_of_meeting
from outcomes.statistics.forecasting.turning import beside, turned
from outcomes.statistics.rows import PERIOD
from outcomes.store.forecasts import Kept, kept_forecasts, read_forecast, stored_mark

COLUMNS = ["horizon", *PERIOD, "period", *RANGES]
"""What a page shows of each period ahead."""
LATER = [*PERIOD, "period", "value", "mean", "lower_80", "upper_80", "lower_95", "upper_95",
         "error", "better"]  # fmt: skip
TOLD = 3
"""Periods ahead at which the chance of a better figure is told, or as many as there are."""
SELDOM = 0.7
"""The share inside the 80% range below which no curve is called turned by such a forecast."""
OLD = 3
"""Years without a newer figure after which a forecast says that it starts long ago."""


@dataclass(frozen=True)
class Plans:
    """What people want, decide and assume for one place."""

    targets: tuple[Target, ...] = ()
    judgements: tuple[Judgement, ...] = ()
    scenarios: Mapping[str, Scenario] = field(default_factory=dict)

    def links(self) -> frozenset[tuple[str, str]]:
        """Return the pairs of indicators of which the first moves the second."""
        return frozenset(
            (effect.cause, effect.indicator)
            for found in self.scenarios.values()
            for effect in found.cross_effects.values()
        )


class Outlooks:
    """What lies ahead of a place's indicators, under any plans: the forecasts are made once.

    Parameters
    ----------
    figures : Figures
    values : pandas.DataFrame
        The comparator's figures over time, as `comparator_values` gives them.
    choice_of : callable
        From the name of a comparator to whom it is for this place.
    store_id : str
        Whose stored forecasts are looked at.
    """

    def __init__(
        self,
        figures: Figures,
        values: pd.DataFrame,
        *,
        choice_of: Callable[[str], Choice],
        store_id: str,
    ) -> None:
        self.figures, self.values, self.store_id = figures, values, store_id
        rows = figures.after_breaks(figures.known)
        self.ahead = Ahead(rows, figures.measured, kept=figures.kept, key=figures.broken)
        self.aims = Aims(figures, self.ahead, choice_of)

    @cached_property
    def forecasts(self) -> dict[str, Forecast]:
        """The forecast of each indicator that has a figure for the place."""
        beside = _beside(self.figures, self.ahead, self.values)
        return {
            name: _forecast(self.figures, self.ahead, beside.get(name), name)
            for name in self.figures.measured
            if name in self.figures.latest.index
        }

    @cached_property
    def _before(self) -> dict[str, tuple[Turning | None, Turning | None]]:
        return _turnings(self.figures, self.forecasts, self.store_id)

    def under(
        self, plans: Plans, causes: Figures | None, names: Collection[str] | None = None
    ) -> dict[str, Outlook]:
        """Return the outlook of each indicator with a figure, with what people want and assume.

        Parameters
        ----------
        plans : Plans
        causes : Figures or None
            The indicators of other outcomes from which a scenario's cross-effects start.
        names : collection of str, optional
            The indicators that are wanted; by default all.
        """
        place = self.figures.setting.place.code
        paths = Trajectories(self.figures, self.ahead, causes, plans.scenarios, place)
        judged = {judgement.indicator: judgement for judgement in plans.judgements}
        wanted = self.forecasts if names is None else names
        return {
            name: self._outlook(name, plans, paths, judged.get(name))
            for name in self.forecasts
            if name in wanted
        }

    def _outlook(
        self, name: str, plans: Plans, paths: Trajectories, judgement: Judgement | None
    ) -> Outlook:
        forecast = self.forecasts[name]
        own = [target for target in plans.targets if target.indicator == name]
        own.sort(key=lambda target: target.by)
        targets = tuple(self.aims.of(target, forecast) for target in own)
        turning, last_round = self._before.get(name, (None, None))
        return Outlook(
            forecast=forecast,
            targets=targets,
            judgement=judgement,
            turning=turning,
            last_round=last_round,
            trajectories=paths.of(name, forecast, targets),
            register=paths.register(name),
            scenarios=paths.reaching(name),
        )


def _beside(figures: Figures, ahead: Ahead, values: pd.DataFrame) -> dict[str, pd.DataFrame]:
    """Return the comparator's forecast of each indicator of which it has figures.

    A group is forecast as one area more, of which the areas' own forecasts know nothing: they are
    the same whomever a page compares with.
    """
    choice = figures.setting.choice
    if values.empty or not choice.areas:
        return {}
    other = choice.areas[0]
    if choice.group:
        rows, key = with_group(ahead.rows, values), (figures.broken, choice)
        kept = figures.kept
        ahead = Ahead(rows, figures.measured, recorded=False, kept=kept, key=key)
        other = COMPARATOR
    # Counts have no comparator: what England has many of says nothing about a district.
    known = values["value"].dropna().index.unique("series")
    found = {str(name): ahead.points(name, other) for name in known}
    return {name: points.loc[points["mean"].notna(), COLUMNS] for name, points in found.items()}


def _forecast(figures: Figures, ahead: Ahead, beside: pd.DataFrame | None, name: str) -> Forecast:
    """Return the forecast of the place on one indicator."""
    points = ahead.points(name, figures.setting.place.code)
    latest = figures.latest.loc[name]
    empty = pd.DataFrame(columns=COLUMNS)
    reason = str(points["reason"].iloc[0]) if len(points) else "all figures are from before a break"
    if reason:
        return Forecast(empty, "refused", 0, str(latest["period"]), None, empty, reason=reason)
    method, n = str(points["method"].iloc[0]), int(points["n"].iloc[0])
    return Forecast(
        points=points[COLUMNS],
        method=method,
        n=n,
        origin=str(latest["period"]),
        # With fewer figures there was no choice but to carry the last one on.
        record=ahead.record(
            name, naive=method == "naive" and n >= FEWEST, code=figures.setting.place.code
        ),
        comparator=empty if beside is None else beside,
        assumptions=_assumptions(figures, name),
        better=_better(points, float(latest["value"]), figures.measured[name].indicator.polarity),
    )


def _better(points: pd.DataFrame, newest: float, polarity: str) -> float:
    """Return the chance of a better figure than the newest; of a higher one if none is judged."""
    at = points[points["horizon"] <= TOLD].tail(1)
    way = "higher_is_better" if polarity == "no_judgement" else polarity
    return float(chance_of_meeting(at, newest, way)[0])


def _assumptions(figures: Figures, name: str) -> tuple[str, ...]:
    """Return what the forecast of an indicator supposes beyond that things go on as they are."""
    said = []
    declared = figures.declared[figures.declared["series"] == name]
    own = figures.own[figures.own["series"] == name]
    if len(declared):
        since = own[own["period_start"] >= declared["day"].max()]
        if 0 < len(since) < len(own):
            said.append(
                f"Only figures from {since['period'].iloc[0]} on are used, because earlier ones "
                "were made in another way."
            )
    newest = own["period_end"].iloc[-1]
    today = pd.Timestamp(figures.setting.as_of or _read_on(figures, name))
    if newest + pd.DateOffset(years=OLD) <= today:
        label = own["period"].iloc[-1]
        said.append(f"It starts from {label}, the newest figure, which lies some years back.")
    return tuple(said)


def _read_on(figures: Figures, name: str) -> str:
    return str(figures.setting.about_series.loc[figures.measured[name].series.id, "read_on"])


def _turnings(
    figures: Figures, names: Mapping[str, Forecast], store_id: str
) -> dict[str, tuple[Turning | None, Turning | None]]:
    """Return the stored forecast that each indicator is judged against, and the last round's.

    Of those that reach the newest figure the earliest is the one to beat, one that was made in
    time before one made afterwards. The last round is the newest that has a later figure.
    """
    day, place = figures.setting.as_of, figures.setting.place.code
    note("forecasts", store_id)
    key = figures.broken, day, stored_mark(store_id)
    every = figures.kept("turnings", key, lambda: _all_turnings(figures, store_id))
    found: dict[str, list[Turning]] = {name: [] for name in names}
    for stored in every:
        if stored.name in names:
            turning = _turning(stored, place, names[stored.name].record)
            if turning is not None:
                found[stored.name].append(turning)
    return {name: _chosen(turnings) for name, turnings in found.items() if turnings}


@dataclass(frozen=True)
class _Stored:
    """A stored forecast of one indicator beside the later figures of every area."""

    name: str
    about: Kept
    later: pd.DataFrame
    """A row an area and period: area_code, `LATER`, and the forecast's origin and n."""
    found: pd.DataFrame
    """Whether the curve was turned, indexed by area."""


def _all_turnings(figures: Figures, store_id: str) -> list[_Stored]:
    """Return each stored forecast that was made by the page's day, for each indicator.

    A forecast of another series than the indicator has now is not compared with it, nor one from
    before a break.
    """
    day, own = figures.setting.as_of, figures.after_breaks(figures.known)
    own = own.assign(month=own["period_end"].dt.to_period("M"))
    first = own.groupby(["series", "area_code"])["period_end"].min().rename("first").reset_index()
    parts = []
    for about in kept_forecasts(store_id):
        if day is not None and about.made_on > day:
            continue
        rows = read_forecast(store_id, about.name, None, list(figures.measured))
        series = {name: measured.series.id for name, measured in figures.measured.items()}
        rows = rows[rows["series"] == rows["indicator"].map(series)]
        rows = rows.assign(series=rows["indicator"], month=rows["period_end"].dt.to_period("M"))
        rows = rows.merge(first, on=["series", "area_code"])
        rows = rows[rows["first"] <= rows["origin_end"]]
        later = rows.merge(
            own[["series", "area_code", "month", "value"]], on=["series", "area_code", "month"]
        )
        parts += [_beside_stored(figures, about, str(n), p) for n, p in later.groupby("series")]
    return parts


def _beside_stored(figures: Figures, about: Kept, name: str, later: pd.DataFrame) -> _Stored:
    polarity = figures.measured[name].indicator.polarity
    later = beside(later.sort_values(["area_code", "horizon"]), polarity=polarity)
    found = turned(later.assign(series=later["area_code"]), polarity=polarity)
    return _Stored(name, about, later[["area_code", *LATER, "origin", "n"]], found)


def _chosen(turnings: list[Turning]) -> tuple[Turning, Turning | None]:
    newest = max(turnings, key=lambda t: t.later["period_end"].max()).later["period_end"].max()
    reaching = [t for t in turnings if t.later["period_end"].max() == newest]
    first = min(reaching, key=lambda t: (t.afterwards, t.later["period_end"].min(), t.made_on))
    last = max(reaching, key=lambda t: (not t.afterwards, t.later["period_end"].min(), t.made_on))
    return first, (last if last is not first else None)


def _turning(stored: _Stored, place: str, record: TrackRecord | None) -> Turning | None:
    """Return a place's later figures beside a stored forecast; None if there are none."""
    later = stored.later[stored.later["area_code"] == place]
    if later.empty:
        return None
    found, about = stored.found.loc[place], stored.about
    verdict, reason = _told(found, int(later["n"].iloc[0]), record)
    return Turning(
        vintage=about.name,
        made_on=about.made_on,
        origin=str(later["origin"].iloc[0]),
        afterwards=about.afterwards,
        later=later[LATER].reset_index(drop=True),
        verdict=verdict,
        chance=float(found["chance"]),
        reason=reason,
    )


def _told(found: pd.Series, n: int, record: TrackRecord | None) -> tuple[str, str]:
    """Return a verdict and its reason; none where the forecast is no measure to judge by."""
    verdict, reason = str(found["verdict"]), str(found["reason"])
    if verdict == "not_judged":
        return verdict, reason
    if n < FEWEST:
        return "too_early", f"that forecast rested on fewer than {FEWEST} figures"
    held = _held(record, found["horizon"])
    if verdict == "turned" and held < SELDOM:
        return "too_early", (
            f"forecasts as far ahead as this one have held too seldom: {100 * held:.0f} in 100 "
            "outcomes lay inside their 80% range"
        )
    return verdict, reason


def _held(record: TrackRecord | None, horizon: float) -> float:
    """Return the share of outcomes so far ahead that lay inside the 80% range; 1 if unknown."""
    rows = pd.DataFrame(columns=["horizon"]) if record is None else record.by_horizon
    rows = rows[rows["horizon"] == horizon]
    return float(rows["inside_80"].iloc[0]) if len(rows) else 1.0


def forecasts_of(rows: pd.DataFrame, measured: Measured, *, horizon: int) -> pd.DataFrame:
    """Return the forecasts of one indicator for every area, from its figures over every area.

    Parameters
    ----------
    rows : pandas.DataFrame
        area_code, period, period_start, period_end and value.
    measured : Measured
    horizon : int
        How many periods ahead at most.

    Returns
    -------
    pandas.DataFrame
        area_code, horizon, the period's days and label, mean, the ends of the ranges, method, n.
    """
    rows = rows.assign(series=measured.indicator_id)
    since = [pd.Timestamp(found.since) for found in measured.series.breaks]
    since = [day for day in since if day <= rows["period_start"].max()]
    if since:
        rows = rows[rows["period_start"] >= since[-1]]
    ahead = Ahead(rows, {measured.indicator_id: measured}, recorded=False)
    found = ahead.everywhere()
    return found.loc[found["horizon"] <= horizon, ["area_code", *COLUMNS, "method", "n"]]
