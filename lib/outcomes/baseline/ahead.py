"""Forecasts of every indicator of a page for all areas, and how such forecasts have held."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
import pandas as pd

from outcomes.baseline.periods import later_day, later_label
from outcomes.evidence import Measured
from outcomes.model import Indicator, TrackRecord
from outcomes.statistics.forecasting.backtest import forecast_and_backtest, track_record
from outcomes.statistics.forecasting.forecast import forecast
from outcomes.statistics.rows import PERIOD
from outcomes.store import Kept

HORIZONS = {1: 12, 3: 8, 6: 6, 12: 5}
"""How many periods ahead forecasts reach, by the months between two figures."""
YEARLY = 12
FEWEST_TESTED = 3
"""Figures up to a past point from which a forecast is tested: short histories have a record too."""
COMPARATOR = "the comparator"
"""Stands for the area code of a comparator that is a group."""
KEYS = ["series", "area_code"]
BOUNDS = ["bound_low", "bound_high"]
NONE = -np.inf, np.inf
RANGES = ["mean", "lower_80", "upper_80", "lower_95", "upper_95"]
RECORD = ["horizon", "forecasts", "error", "naive_error", "linear_error", "inside_80", "inside_95",
          "origins"]  # fmt: skip
OWN = ["horizon", "forecasts", "error", "inside_80"]
POINT = ["horizon", *PERIOD, "period", *RANGES, "method", "n", "reason", *BOUNDS]


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
        period_start, period_end, value; since the newest break alone. No two rows share a label
        of the index.
    measured : mapping of str to Measured
        The indicators by id.
    bounded : bool, optional
        False for differences, which have no bounds.
    recorded : bool, optional
        False where no back-test is wanted, which takes time.
    kept : Kept, optional
        Where forecasts and records are found again; it says what the figures are made from.
    key : object, optional
        Which of those figures `rows` are, if they are kept.
    """

    def __init__(
        self,
        rows: pd.DataFrame,
        measured: Mapping[str, Measured],
        *,
        bounded: bool = True,
        recorded: bool = True,
        kept: Kept | None = None,
        key: object = (),
    ) -> None:
        self.rows, self.measured = rows, measured
        self.bounded, self.recorded = bounded, recorded
        self.kept, self.key = kept or Kept(), (key, bounded, recorded)

    @cached_property
    def _keys(self) -> pd.Series:
        return self.rows.groupby(KEYS, sort=False).ngroup()

    @cached_property
    def months(self) -> pd.Series:
        """The usual months between two figures of each indicator; 12 where there is one alone."""
        rows = self.rows.assign(key=self._keys).sort_values("period_end")
        own = rows.groupby("key")["period_end"].diff().dt.days / (365.2425 / 12)
        usual = own.groupby(rows["series"]).median().fillna(YEARLY)
        near = np.array(sorted({*HORIZONS, *(YEARLY * np.arange(1, 11))}))
        closest = near[np.abs(near[None, :] - usual.to_numpy()[:, None]).argmin(axis=1)]
        return pd.Series(closest, index=usual.index)

    @cached_property
    def reach(self) -> pd.Series:
        """How many periods ahead each indicator is forecast."""
        return self.months.map(lambda months: HORIZONS.get(months, HORIZONS[YEARLY]))

    @cached_property
    def made(self) -> tuple[pd.DataFrame, pd.DataFrame]:
        """The forecasts, and the back-test; `key` numbers indicator and area as in `_newest`."""
        history = pd.DataFrame(
            {
                "series": self._keys,
                "period": self.rows["period_end"],
                "value": self.rows["value"],
                "group": self.rows["series"],
            }
        ).join(self._bounds, on="group")
        reach = history["group"].map(self.reach)
        parts = [self._made(part, int(far)) for far, part in history.groupby(reach)]
        return tuple(
            pd.concat(tables, ignore_index=True).rename(columns={"series": "key"})
            for tables in zip(*parts, strict=True)
        )

    def _made(self, history: pd.DataFrame, reach: int) -> tuple[pd.DataFrame, pd.DataFrame]:
        if self.recorded:
            return forecast_and_backtest(
                history, horizon=reach, groups="group", fewest=FEWEST_TESTED
            )
        return forecast(history, horizon=reach, groups="group"), pd.DataFrame()

    @cached_property
    def _newest(self) -> pd.DataFrame:
        """Indicator, area and period of the newest figure, by key."""
        newest = self.rows.assign(key=self._keys).sort_values("period_end")
        newest = newest.drop_duplicates("key", keep="last").set_index("key")
        return newest[[*KEYS, *PERIOD, "period"]].sort_index()

    @cached_property
    def _bounds(self) -> pd.DataFrame:
        """The least and the most that each indicator can be."""

        def of(name: str, values: pd.Series) -> tuple[float, float]:
            return bounds(self.measured[name].indicator, values) if self.bounded else NONE

        found = {name: of(name, values) for name, values in self.rows.groupby("series")["value"]}
        return pd.DataFrame.from_dict(found, orient="index", columns=BOUNDS, dtype=float)

    @cached_property
    def _worked_out(self) -> "_WorkedOut":
        return self.kept("ahead", self.key, self._work_out)

    def _work_out(self) -> "_WorkedOut":
        points, tested = self._all_points(), self._tested
        own = [track_record(rows, by=KEYS).reset_index() for rows in tested.values()]
        own = pd.concat([pd.DataFrame(columns=[*KEYS, *OWN]), *own])[[*KEYS, *OWN]]
        return _WorkedOut(
            points=points,
            spans=_spans(points),
            records={name: self._record(name, rows) for name, rows in tested.items()},
            own=own,
            own_spans=_spans(own),
        )

    def _all_points(self) -> pd.DataFrame:
        """Return the forecasts with the days and labels of their periods, by indicator and area.

        Days and labels are those of the area's newest figure, carried on in the rhythm in which the
        area itself is forecast.
        """
        if self.rows.empty:
            return pd.DataFrame(columns=[*KEYS, *POINT])
        made = self.made[0]
        month = made["period"].dt.year * 12 + made["period"].dt.month
        month = month.groupby(made["key"])
        apart = (month.max() - month.min()) / (month.size() - 1)
        ahead_by = made["key"].map(apart) * made["horizon"]
        found = made.drop(columns="period").join(self._newest, on="key")
        found = found.join(self._bounds, on="series").drop(columns="key")
        parts = [_moved(part, int(months)) for months, part in found.groupby(ahead_by)]
        every = pd.concat(parts).sort_values([*KEYS, "horizon"], ignore_index=True)
        return every[[*KEYS, *POINT]]

    def points(self, name: str, code: str) -> pd.DataFrame:
        """Return one area's forecast of an indicator, a row a period ahead.

        Columns series, area_code and those of `POINT`. Empty where the area has no figure.
        """
        first, last = self._worked_out.spans.get((name, code), (0, 0))
        return self._worked_out.points.iloc[first:last].reset_index(drop=True)

    def everywhere(self) -> pd.DataFrame:
        """Return all forecasts as `points` does."""
        return self._worked_out.points

    @cached_property
    def _tested(self) -> dict[str, pd.DataFrame]:
        """The back-test of each indicator that has one."""
        return self.kept("tested", self.key, self._find_tested)

    def _find_tested(self) -> dict[str, pd.DataFrame]:
        if self.rows.empty or not self.recorded:
            return {}
        areas = self._newest["area_code"].to_numpy()
        return {
            str(name): part.assign(series=name, area_code=areas[part["key"].to_numpy(dtype=int)])
            for name, part in self.made[1].groupby("group")
        }

    def tested(self, name: str) -> pd.DataFrame:
        """Return the back-test of an indicator over all areas."""
        return self._tested.get(name, pd.DataFrame())

    def record(self, name: str, *, naive: bool, code: str = "") -> TrackRecord:
        """Return how forecasts of an indicator have held.

        `naive` says whether the last figure is carried on because that did better; `code` is the
        area whose own record is told too.
        """
        found = self._worked_out.records.get(name)
        if found is None:
            reason = "no earlier forecast of it could be tested, as its histories are too short"
            return TrackRecord(pd.DataFrame(columns=RECORD), 0, 0, "", "", False, reason)
        first, last = self._worked_out.own_spans.get((name, code), (0, 0))
        own = self._worked_out.own.iloc[first:last][OWN].reset_index(drop=True)
        return replace(found, naive_used=naive, own=own)

    def _record(self, name: str, tested: pd.DataFrame) -> TrackRecord:
        """Return how forecasts of an indicator have held over all areas."""
        found = track_record(tested, by=["group"]).reset_index()
        points = tested.groupby("horizon")["origin"].nunique()
        origins = tested["origin"]
        ends = self.rows[self.rows["series"] == name].drop_duplicates("period_end")
        labels = ends.set_index("period_end")["period"]
        return TrackRecord(
            by_horizon=found.assign(origins=found["horizon"].map(points))[RECORD],
            areas=int(tested["area_code"].nunique()),
            forecasts=len(tested),
            first=_label(labels, origins.min()),
            last=_label(labels, origins.max()),
            naive_used=False,
        )


@dataclass(frozen=True)
class _WorkedOut:
    """The forecasts and records of all areas, and where each area's rows are: from, to."""

    points: pd.DataFrame
    spans: dict[tuple[str, str], tuple[int, int]]
    records: dict[str, TrackRecord]
    own: pd.DataFrame
    own_spans: dict[tuple[str, str], tuple[int, int]]


def _spans(rows: pd.DataFrame) -> dict[tuple[str, str], tuple[int, int]]:
    """Return where the rows of each indicator and area begin and end; they stand together."""
    size = rows.groupby(KEYS, sort=False).size()
    ends = size.cumsum()
    return dict(zip(size.index, zip(ends - size, ends, strict=True), strict=True))


def _moved(rows: pd.DataFrame, months: int) -> pd.DataFrame:
    """Return rows with their periods so many months later."""
    labels = {label: later_label(label, months) for label in rows["period"].unique()}
    days = {name: later_day(rows[name], months) for name in PERIOD}
    return rows.assign(period=rows["period"].map(labels), **days)


def _label(labels: pd.Series, day: pd.Timestamp) -> str:
    """Return the label of the period that ends in the month of a day."""
    same = labels[labels.index.to_period("M") == pd.Timestamp(day).to_period("M")]
    return str(same.iloc[0]) if len(same) else str(pd.Timestamp(day).year)


def with_group(rows: pd.DataFrame, values: pd.DataFrame) -> pd.DataFrame:
    """Return areas' figures and a comparator that is a group as one more area.

    Its figures are those of the periods in which any area has one.
    """
    labels = rows.drop_duplicates(["series", *PERIOD]).set_index(["series", *PERIOD])["period"]
    group = values["value"].dropna().to_frame().join(labels, how="inner").reset_index()
    return pd.concat([rows, group.assign(area_code=COMPARATOR)], ignore_index=True)


def apart_from(rows: pd.DataFrame, values: pd.DataFrame) -> pd.DataFrame:
    """Return each area's distance from a comparator, for the periods in which both are known."""
    beside = values["value"].rename("beside").reset_index()
    found = rows.merge(beside, on=["series", *PERIOD]).dropna(subset=["value", "beside"])
    return found.assign(value=found["value"] - found["beside"]).drop(columns="beside")
