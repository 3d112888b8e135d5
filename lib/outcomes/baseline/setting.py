"""What is the same for every indicator of a page, and the bases on which people are counted."""

import math
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date

import pandas as pd

from outcomes.baseline.choice import Choice
from outcomes.model import Indicator, Place, Places
from outcomes.store import Kept

NOBODY = pd.DataFrame(columns=["area_code", "mid_year", "age", "population"])


@dataclass(frozen=True)
class Setting:
    """What is the same for every indicator of a page."""

    place: Place
    places: Places
    choice: Choice
    licence: str
    """The store's licence where it has one of its own; else empty."""
    about_series: pd.DataFrame
    """What the publishers say of each series, indexed by series."""
    areas: pd.DataFrame
    """Every area, indexed by its code: area_name, levels, parents, end."""
    made_from: tuple[list[str], int] = ([], 0)
    """The names of the areas that were merged into the place, or its old one, and the year."""
    as_of: date | None = None
    """The day whose knowledge is shown, or None for the newest."""
    bases: "Bases" = field(default_factory=lambda: Bases(NOBODY))
    """How many people live in every area, by age."""

    def people(self, indicator: Indicator) -> pd.DataFrame:
        """Return how many people an indicator is about: a row an area, a column a mid-year."""
        return self.bases.of(indicator.people.ages if indicator.people else None)

    def weights(self, indicator: Indicator) -> pd.Series:
        """Return the newest of them for each area, by which a group's figures are weighted."""
        return _newest(self.people(indicator))

    @property
    def names(self) -> pd.Series:
        """Every area's name, indexed by its code."""
        return self.areas["area_name"]

    def share(self, indicator: Indicator, code: str, kept: Kept) -> float:
        """Return the place's part of the people of an area around it; NaN if that is not known.

        An area without an estimate of its own is the sum of the lower-tier areas in it.
        """
        ages = indicator.people.ages if indicator.people else None
        whole = kept("whole", (ages, code), lambda: self._whole(indicator, code))
        own = self.weights(indicator).get(self.place.code, math.nan)
        return float(own / whole) if own < whole else math.nan

    def _whole(self, indicator: Indicator, code: str) -> float:
        people = self.weights(indicator)
        if people.get(code, math.nan) == people.get(code, math.nan):
            return float(people[code])
        # Estimates may be for codes that have since ended; what they add up to is the same.
        lower = self.areas["levels"].str.contains("ltla")
        inside = self.areas["parents"].str.split().map(lambda codes: code in codes)
        parts = people[people.index.isin(self.areas.index[lower & inside])]
        return float(parts.sum()) if len(parts) else math.nan

    def everyone(self) -> pd.Series:
        """Return the newest population of each area."""
        return _newest(self.bases.of(None))


def _newest(people: pd.DataFrame) -> pd.Series:
    return people.iloc[:, -1] if people.shape[1] else pd.Series(dtype=float)


class Bases:
    """Mid-year estimates added up by age, each span of ages once.

    Parameters
    ----------
    people : pandas.DataFrame or callable
        area_code, mid_year, age (single years, the last for everyone older) and population; or
        what returns them, called only if what is made from them is not kept.
    kept : Kept, optional
        Where sums are found again.
    """

    def __init__(
        self, people: pd.DataFrame | Callable[[], pd.DataFrame], kept: Kept | None = None
    ) -> None:
        self._people, self._kept, self._known = people, kept or Kept(), {}

    def of(self, ages: tuple[int, int | None] | None) -> pd.DataFrame:
        """Return the people of some ages, or of all: a row an area, a column a mid-year.

        Areas without an estimate have no row.
        """
        if ages not in self._known:
            self._known[ages] = self._kept("people", ages, lambda: self._added_up(ages))
        return self._known[ages]

    def _added_up(self, ages: tuple[int, int | None] | None) -> pd.DataFrame:
        rows = self._people() if callable(self._people) else self._people
        first, last = ages or (0, None)
        within = rows["age"] >= first
        rows = rows[within if last is None else within & (rows["age"] <= last)]
        return rows.pivot_table(
            index="area_code", columns="mid_year", values="population", aggfunc="sum"
        )
