"""Forecasts of every indicator of a page for all areas, and how such forecasts have held."""

from collections.abc import Mapping
from functools import cached_property

import numpy as np
import pandas as pd

from outcomes.baseline.figures import Figures
from outcomes.baseline.periods import later_day, later_label
from outcomes.evidence import Measured
from outcomes.model import Indicator, TrackRecord
from outcomes.statistics.forecasting.backtest import tested_forecast, track_record
from outcomes.statistics.rows import PERIOD

HORIZONS = {1: 12, 3: 8, 6: 6, 12: 5}
"""How many periods ahead forecasts reach, by the months between two figures."""
YEARLY = 12
FEWEST_TESTED = 3
"""Figures up to a past point from which a forecast is tested: short histories have a record too."""
COMPARATOR = "the comparator"
"""Stands for the area code of a comparator that is a group."""
KEYS = ["series", "area_code"]


def bounds(indicator: Indicator, values: pd.Series) -> tuple[float, float]:
    """Return the least and the most that an indicator can be, infinite where nothing bounds it.

    A proportion lies between 0 and what it is out of. What has nowhere been below 0 is taken as
    something that cannot be.
    """
    low = 0.0 if values.min() >= 0 else -np.inf
    high = (
        float(indicator.per) if indicator.value_type == "proportion" and indicator.per else np.inf
    )
    return low, high if values.max() <= high else np.inf


class Ahead:
    """The forecasts of some indicators for every area, and their back-test.

    Parameters
    ----------
    rows : pandas.DataFrame
        The known figures from which they are made: series (the indicator's id), area_code, period,
        period_start, period_end, value; since the newest break alone.
    measured : mapping of str to Measured
        The indicators by id.
    bounded : bool, optional
        False for differences, which have no bounds.
    """

    def __init__(
        self, rows: pd.DataFrame, measured: Mapping[str, Measured], *, bounded: bool = True
    ) -> None:
        self.rows, self.measured, self.bounded = rows, measured, bounded

    @cached_property
    def months(self) -> pd.Series:
        """The usual months between two figures of each indicator; 12 where there is one alone."""
        ends = self.rows[["series", "period_end"]].drop_duplicates().sort_values("period_end")
        own = self.rows.sort_values("period_end").groupby(KEYS)["period_end"].diff().dt.days
        usual = own.groupby(self.rows["series"]).median() / (365.2425 / 12)
        near = np.array(sorted({*HORIZONS, *(YEARLY * np.arange(1, 11))}))
        every = usual.reindex(ends["series"].unique()).fillna(YEARLY)
        closest = near[np.abs(near[None, :] - every.to_numpy()[:, None]).argmin(axis=1)]
        return pd.Series(closest, index=every.index)

    @cached_property
    def made(self) -> tuple[pd.DataFrame, pd.DataFrame]:
        """The forecasts, and the back-test."""
        rows = self.rows.assign(key=self.rows.groupby(KEYS, sort=False).ngroup())
        names = rows.drop_duplicates("key").set_index("key")[KEYS]
        rows = rows.assign(group=rows["series"], reach=rows["series"].map(self.reach))
        rows = rows.join(self._bounds, on="series")
        ahead, tested = [], []
        for horizon, part in rows.groupby("reach"):
            history = part[["key", "period_end", "value", "group", "bound_low", "bound_high"]]
            found = tested_forecast(
                history.set_axis(["series", "period", *history.columns[2:]], axis=1),
                horizon=int(horizon), groups="group", fewest=FEWEST_TESTED,
            )  # fmt: skip
            ahead.append(found[0])
            tested.append(found[1])
        return tuple(_named(parts, names) for parts in (ahead, tested))

    @cached_property
    def reach(self) -> pd.Series:
        """How many periods ahead each indicator is forecast."""
        return self.months.map(lambda months: HORIZONS.get(months, HORIZONS[YEARLY]))

    @cached_property
    def _newest(self) -> pd.DataFrame:
        """The period of each area's newest figure, by indicator and area."""
        newest = self.rows.sort_values("period_end").drop_duplicates(KEYS, keep="last")
        return newest.set_index(KEYS)[[*PERIOD, "period"]].sort_index()

    @cached_property
    def _by_area(self) -> pd.DataFrame:
        """The forecasts by indicator and area."""
        return self.made[0].drop(columns="period").set_index(KEYS).sort_index()

    @cached_property
    def _bounds(self) -> pd.DataFrame:
        """The least and the most that each indicator can be."""
        if not self.bounded:
            names = self.rows["series"].unique()
            return pd.DataFrame({"bound_low": -np.inf, "bound_high": np.inf}, index=names)
        values = dict(list(self.rows.groupby("series")["value"]))
        found = {name: bounds(self.measured[name].indicator, v) for name, v in values.items()}
        columns = ["bound_low", "bound_high"]
        return pd.DataFrame.from_dict(found, orient="index", columns=columns)

    def points(self, name: str, code: str) -> pd.DataFrame:
        """Return one area's forecast of an indicator, a row a period ahead.

        Columns horizon, period_start, period_end, period, mean, the ends of the ranges, method, n,
        reason, bound_low, bound_high. Empty where the area has no figure.
        """
        if (name, code) not in self._by_area.index:
            return self.dated(self._by_area.iloc[:0])
        return self.dated(self._by_area.loc[[(name, code)]])

    def everywhere(self) -> pd.DataFrame:
        """Return all forecasts as `points` does, with series and area_code."""
        return self.dated(self._by_area)

    def dated(self, ahead: pd.DataFrame) -> pd.DataFrame:
        """Return forecasts, by indicator and area, with the days and labels of their periods."""
        found = ahead.join(self._newest).reset_index().join(self._bounds, on="series")
        months = found["series"].map(self.months) * found["horizon"]
        parts = [found.iloc[:0]]
        for ahead_by, part in found.groupby(months):
            labels = part["period"].map(lambda label, by=int(ahead_by): later_label(label, by))
            days = {name: later_day(part[name], int(ahead_by)) for name in PERIOD}
            parts.append(part.assign(period=labels, **days))
        columns = ["series", "area_code", "horizon"]
        return pd.concat(parts).sort_values(columns, ignore_index=True)

    def tested(self, name: str) -> pd.DataFrame:
        """Return the back-test of an indicator over all areas."""
        return self.made[1][self.made[1]["series"] == name]

    def record(self, name: str, method: str) -> TrackRecord:
        """Return how forecasts of an indicator have held."""
        tested = self.tested(name)
        columns = ["horizon", "forecasts", "error", "naive_error", "linear_error", "inside_80",
                   "inside_95"]  # fmt: skip
        if tested.empty:
            reason = "no earlier forecast of it could be tested, as its histories are too short"
            return TrackRecord(pd.DataFrame(columns=columns), 0, 0, "", "", False, reason)
        found = track_record(tested, by=["group"]).reset_index()
        origins = tested["origin"]
        ends = self.rows[self.rows["series"] == name].drop_duplicates("period_end")
        labels = ends.set_index("period_end")["period"]
        return TrackRecord(
            by_horizon=found[columns],
            areas=int(tested["area_code"].nunique()),
            forecasts=len(tested),
            first=_label(labels, origins.min()),
            last=_label(labels, origins.max()),
            naive_used=method == "naive",
        )


def _label(labels: pd.Series, day: pd.Timestamp) -> str:
    """Return the label of the period that ends in the month of a day."""
    same = labels[labels.index.to_period("M") == pd.Timestamp(day).to_period("M")]
    return str(same.iloc[0]) if len(same) else str(pd.Timestamp(day).year)


def _named(parts: list[pd.DataFrame], names: pd.DataFrame) -> pd.DataFrame:
    """Return forecasts with the indicator and the area of each instead of a number."""
    table = pd.concat(parts, ignore_index=True)
    return table.rename(columns={"series": "key"}).join(names, on="key").drop(columns="key")


def with_group(figures: Figures, values: pd.DataFrame) -> pd.DataFrame:
    """Return the figures since the newest breaks, and a comparator that is a group as an area."""
    rows = figures.after_breaks(figures.known)
    if not figures.setting.choice.group or values.empty:
        return rows
    labels = rows.drop_duplicates(["series", *PERIOD]).set_index(["series", *PERIOD])["period"]
    group = values["value"].dropna().to_frame().join(labels, how="inner").reset_index()
    return pd.concat([rows, group.assign(area_code=COMPARATOR)], ignore_index=True)


def apart_from(rows: pd.DataFrame, values: pd.DataFrame) -> pd.DataFrame:
    """Return each area's distance from a comparator, for the periods in which both are known."""
    beside = values["value"].rename("beside").reset_index()
    found = rows.merge(beside, on=["series", *PERIOD]).dropna(subset=["value", "beside"])
    return found.assign(value=found["value"] - found["beside"]).drop(columns="beside")
