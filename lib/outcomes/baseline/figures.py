"""The figures of every indicator of a page in one table, so that each statistic is called once."""

from collections.abc import Callable, Collection, Iterable
from functools import cached_property

import numpy as np
import pandas as pd

from outcomes.baseline.choice import LEVEL_WORDS
from outcomes.baseline.setting import Setting
from outcomes.evidence import Measured
from outcomes.model import Indicator, Place
from outcomes.statistics.intervals import poisson, wilson
from outcomes.statistics.rows import PERIOD
from outcomes.store import Kept

BY = ["series", *PERIOD]
"""What one row of a place is: an indicator and a period."""
BREAK_NOTE = "Break in series"
"""How a publisher's note begins where the figures from there on are made in another way."""


def series_behind(measured: Measured) -> set[str]:
    """Return the series that an indicator's page reads: its own, groups' and that of its need."""
    series, between = measured.series, measured.indicator.between
    named = [series.id, series.need, *(pair.series for pair in between)]
    return {name for name in named if name}


class Figures:
    """The rows behind some indicators of one place, every area.

    In its tables the column `series` holds the indicator's id: two indicators may take their
    figures from two groups of one publisher's series.

    Parameters
    ----------
    measured : iterable of Measured
        The indicators; one that serves several outcomes may come several times.
    rows : pandas.DataFrame or callable
        Columns as OBSERVATION_COLUMNS: every row of their series, all areas and groups; or what
        returns them, called only if what is made from them is not kept.
    setting : Setting
    kept : Kept, optional
        Where results over all areas are found again; it says what they are made from.
    """

    def __init__(
        self,
        measured: Iterable[Measured],
        rows: pd.DataFrame | Callable[[], pd.DataFrame],
        setting: Setting,
        kept: Kept | None = None,
    ) -> None:
        self.measured = {item.indicator_id: item for item in measured}
        self.setting, self.kept = setting, kept or Kept()
        self._rows = rows

    @cached_property
    def _tables(self) -> dict[str, pd.DataFrame]:
        return self.kept("figures", (), self._make_tables)

    def _make_tables(self) -> dict[str, pd.DataFrame]:
        """Return every figure, those that are known, the projections, and the figures of groups."""
        rows = self._rows() if callable(self._rows) else self._rows
        by_series = dict(list(rows.groupby("series")))
        parts = [rows.iloc[:0]]
        for name, item in self.measured.items():
            own = by_series.get(item.series.id, rows.iloc[:0])
            group = (own["group_kind"] == item.series.group_kind) & (
                own["group"] == item.series.group
            )
            parts.append(with_limits(own[group].assign(series=name), item.indicator))
        every = pd.concat(parts).sort_values(["series", "area_code", *PERIOD], ignore_index=True)
        table = every[every["status"] != "projected"].reset_index(drop=True)
        return {
            "table": table,
            "known": self._known(table),
            "projected": every[every["status"] == "projected"],
            "groups": self._groups(by_series, rows.iloc[:0]),
        }

    def _groups(self, by_series: dict[str, pd.DataFrame], empty: pd.DataFrame) -> pd.DataFrame:
        """Return the known rows by group: of each indicator's series, and those it names."""
        parts = [empty.assign(source="")]
        for name, item in self.measured.items():
            wanted = series_behind(item)
            for series in sorted(wanted & set(by_series)):
                rows = by_series[series]
                grouped = (rows["group_kind"] != "") & rows["value"].notna()
                known = grouped & (rows["status"] != "projected")
                parts.append(
                    with_limits(rows[known], item.indicator).assign(source=series, series=name)
                )
        return pd.concat(parts, ignore_index=True)

    def _known(self, table: pd.DataFrame) -> pd.DataFrame:
        rows = _with_true_limits(table[table["value"].notna()])
        people = [
            part["area_code"].map(self.setting.weights(self.measured[name].indicator))
            for name, part in rows.groupby("series")
        ]
        population = pd.concat(people) if people else pd.Series(dtype=float)
        return rows.assign(population=population.reindex(rows.index).astype(float))

    @property
    def table(self) -> pd.DataFrame:
        """Every row but projections, of every area."""
        return self._tables["table"]

    @property
    def projected(self) -> pd.DataFrame:
        """The publishers' own projections, which are no figures."""
        return self._tables["projected"]

    @property
    def known(self) -> pd.DataFrame:
        """The rows with a value, and `population`: how many people the figure is about, if known.

        That is the newest estimate for the area, of the ages that the indicator is about.
        """
        return self._tables["known"]

    @cached_property
    def by_group(self) -> pd.DataFrame:
        """The place's known rows by group, with `source`, the publisher's series."""
        rows = self._tables["groups"]
        return rows[rows["area_code"] == self.setting.place.code].reset_index(drop=True)

    def of(self, areas: Collection[str]) -> pd.DataFrame:
        """Return the rated rows of some areas."""
        return self.rated[self.rated["area_code"].isin(areas)]

    @cached_property
    def rated(self) -> pd.DataFrame:
        """The known rows of what may be set beside other areas: not of counts."""
        counted = {name for name, m in self.measured.items() if m.indicator.value_type == "count"}
        return self.known[~self.known["series"].isin(counted)]

    @cached_property
    def own(self) -> pd.DataFrame:
        """The place's own known rows."""
        return self.known[self.known["area_code"] == self.setting.place.code]

    @cached_property
    def latest(self) -> pd.DataFrame:
        """The place's newest known row on each indicator, indexed by indicator."""
        newest = self.own.drop_duplicates("series", keep="last")
        return newest.set_index("series", drop=False).rename_axis(None)

    @cached_property
    def declared(self) -> pd.DataFrame:
        """The declared breaks: series, day (the first of the new method) and reason.

        From the indicators' definitions, and from the publisher's notes on the place's own rows.
        """
        said = [
            {"series": name, "day": pd.Timestamp(item.since), "reason": item.reason}
            for name, measured in self.measured.items()
            for item in measured.series.breaks
        ]
        place = self.table["area_code"] == self.setting.place.code
        noted = self.table[place & self.table["note"].str.startswith(BREAK_NOTE)]
        for row in noted.drop_duplicates(["series", "note"]).itertuples():
            reason = row.note.removeprefix(BREAK_NOTE).lstrip(": ")
            said.append({"series": row.series, "day": row.period_start, "reason": reason})
        table = pd.DataFrame(said, columns=["series", "day", "reason"])
        return table.drop_duplicates(["series", "day"]).sort_values("day", ignore_index=True)

    @cached_property
    def broken(self) -> tuple:
        """The declared breaks as a key: what is worked out after them depends on them."""
        return tuple(self.declared.itertuples(index=False, name=None))

    def after_breaks(self, rows: pd.DataFrame) -> pd.DataFrame:
        """Return the rows of periods that begin on or after their indicator's newest break."""
        newest = self.declared.groupby("series")["day"].max()
        since = pd.to_datetime(rows["series"].map(newest))
        return rows[since.isna() | (rows["period_start"] >= since)]

    @cached_property
    def members(self) -> tuple[dict[str, str], str]:
        """The places within the place, or else its siblings with itself: names by code; a label."""
        place, places = self.setting.place, self.setting.places
        inside = places.children(place.code)
        around: Place | None = place if inside else places.by_code().get(place.parent)
        found = inside or (places.children(around.code) if around else ())
        label = f"{LEVEL_WORDS[found[0].level]} in {around.name}" if found else ""
        return {member.code: member.name for member in found}, label

    @cached_property
    def around(self) -> str:
        """The code of the area that the members make up: the place itself, or its parent."""
        place = self.setting.place
        return place.code if self.setting.places.children(place.code) else (place.parent or "")

    def indicators(self, *polarities: str) -> list[str]:
        """Return the ids of the indicators with one of some polarities."""
        return [n for n, m in self.measured.items() if m.indicator.polarity in polarities]


def with_limits(rows: pd.DataFrame, indicator: Indicator) -> pd.DataFrame:
    """Return rows with the 95% limits of those that come with their counts but without limits.

    Only where the counts give the value itself: a figure that was adjusted or standardised, or
    whose counts are of something else, keeps none. Wilson's limits for a proportion, Byar's or
    exact ones for a rate.
    """
    limits = {"proportion": wilson, "rate": _rate_limits}.get(indicator.value_type)
    counted = rows[["numerator", "denominator"]].notna().all(axis=1) & (rows["denominator"] > 0)
    bare = rows[["lower", "upper"]].isna().all(axis=1) & rows["value"].notna()
    if limits is None or not indicator.per or not (counted & bare).any():
        return rows
    events, people = rows["numerator"].astype(float), rows["denominator"].astype(float)
    rate = indicator.per * events / people.where(counted)
    # A publisher rounds: the counts must give the value to within its last printed digit.
    same = (rate - rows["value"]).abs() <= 10.0**-indicator.decimals
    use = counted & bare & same
    if indicator.value_type == "proportion":
        use &= events <= people
    lower, upper = limits(events[use].to_numpy(), people[use].to_numpy())
    found = rows[["lower", "upper"]].astype(float)
    found.loc[use, "lower"] = np.minimum(indicator.per * lower, rows.loc[use, "value"])
    found.loc[use, "upper"] = np.maximum(indicator.per * upper, rows.loc[use, "value"])
    return rows.assign(lower=found["lower"], upper=found["upper"])


def _rate_limits(events: np.ndarray, people: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    lower, upper = poisson(events)
    return lower / people, upper / people


def _with_true_limits(rows: pd.DataFrame) -> pd.DataFrame:
    """Return rows without the limits that do not hold their own value: nothing rests on them."""
    slack = 1e-9 * rows["value"].abs().clip(lower=1)
    wrong = (rows["lower"] > rows["value"] + slack) | (rows["upper"] < rows["value"] - slack)
    limits = rows[["lower", "upper"]].mask(wrong)
    return rows.assign(lower=limits["lower"], upper=limits["upper"])
