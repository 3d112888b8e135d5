"""From a page's settings to its results."""

import numpy as np
import pandas as pd

from outcomes.baseline.choice import Choice, choose
from outcomes.baseline.position import Setting, position, quarter_before
from outcomes.errors import ParameterError
from outcomes.evidence import Measured, coverage
from outcomes.model import OVERVIEW, Baseline, Outcome, Overview, Page, Place, Places
from outcomes.model.evidence import EVIDENCE
from outcomes.parameters import Parameters, load_parameters
from outcomes.statistics import predecessors, with_predecessors
from outcomes.store import Store, open_store


def load_baseline(page: Page) -> Baseline:
    """Return everything that the page of one outcome shows.

    Raises
    ------
    ParameterError
        If the page is an overview, which has a call of its own.
    DataError
        If the place's store is empty.
    """
    if page.outcome in (OVERVIEW, EVIDENCE):
        raise ParameterError(
            f"the page {page.outcome!r} has no outcome of its own; use load_{page.outcome}"
        )
    parameters = load_parameters()
    context = _Context(page, parameters)
    return context.baseline(parameters.outcome(page))


def load_overview(page: Page) -> Overview:
    """Return everything that a place's page of all outcomes shows.

    Raises
    ------
    DataError
        If the place's store is empty.
    """
    context = _Context(page, load_parameters())
    baselines = tuple(context.baseline(outcome) for outcome in context.framework.outcomes)
    return Overview(
        page=page,
        framework=context.framework,
        place=context.place,
        around=context.around,
        comparator_label=context.choice.label,
        baselines=baselines,
        population=context.population,
        notice=context.settings.notice or "",
        data_version=context.store.version,
    )


class _Context:
    """What all outcomes of one place and comparator share, read once."""

    def __init__(self, page: Page, parameters: Parameters) -> None:
        self.page, self.parameters = page, parameters
        self.framework = parameters.framework(page.framework)
        places = parameters.places
        self.area = parameters.area_name(self.framework, page.locality)
        self.place: Place = places.by_code()[page.locality]
        self.around = _around(self.place, places)
        store_id = places.store_of(page.locality)
        self.settings = parameters.store(store_id)
        store = open_store(store_id, self.settings.disclosure).require_filled()
        self.store: Store = store.at(page.day)
        self.choice: Choice = choose(
            parameters.comparators[page.comparator], self.place, places, self.store
        )
        self.areas, self.changes = self.store.areas(), self.store.code_changes()
        self.about_series = self.store.series()
        self.population = _population(self.store.population(), page.locality)

    def baseline(self, outcome: Outcome) -> Baseline:
        parameters = self.parameters
        licence, worded = self.settings.licence or "", self._worded(outcome)
        setting = Setting(
            place=self.place,
            places=parameters.places,
            choice=self.choice,
            licence=licence,
            about_series=self.about_series,
            made_from=predecessors(self.changes, self.areas, self.place.code),
            as_of=self.page.day,
        )
        measured, gaps = coverage(
            worded,
            parameters.indicators,
            self.settings,
            self.about_series.index,
            later=set(self.store.described().index) if self.page.day else (),
        )
        rows = self._rows(measured)
        tables = dict(list(rows.groupby("series")))
        empty = rows.iloc[:0]
        earlier = self._before(measured)
        return Baseline(
            page=self.page.model_copy(update={"outcome": outcome.id}),
            framework=self.framework,
            outcome=worded,
            place=self.place,
            around=self.around,
            comparator_label=self.choice.label,
            positions=tuple(
                position(
                    item,
                    tables.get(item.series.id, empty),
                    setting,
                    earlier.get(item.series.id, empty) if self.page.day else None,
                )
                for item in measured
            ),
            gaps=tuple(gaps),
            population=self.population,
            notice=self.settings.notice or "",
            data_version=self.store.version,
        )

    def _rows(self, measured: list[Measured]) -> pd.DataFrame:
        """Return every row of everyone; areas that were merged or renumbered with their history."""
        rows = self.store.observations({item.series.id for item in measured})
        rows = rows[rows["group_kind"] == ""]
        counts = {m.series.id for m in measured if m.indicator.value_type == "count"}
        return with_predecessors(rows, self.changes, self.areas, counts)

    def _before(self, measured: list[Measured]) -> dict[str, pd.DataFrame]:
        """Return the place's own rows by series as they were known a quarter before the page's."""
        if not self.page.day:
            return {}
        store = self.store.at(quarter_before(self.page.day))
        rows = store.observations({m.series.id for m in measured}, [self.place.code])
        return dict(list(rows[rows["group_kind"] == ""].groupby("series")))

    def _worded(self, outcome: Outcome) -> Outcome:
        entries = tuple(
            entry.model_copy(update={"wording": entry.wording.replace("{area}", self.area)})
            for entry in outcome.entries
        )
        title = outcome.title.replace("{area}", self.area)
        return outcome.model_copy(update={"title": title, "entries": entries})


def _around(place: Place, places: Places) -> tuple[Place, ...]:
    known, found = places.by_code(), []
    while place.parent:
        place = known[place.parent]
        found.append(place)
    return tuple(found)


def _population(people: pd.DataFrame, code: str) -> tuple[float, int] | None:
    own = people[people["area_code"] == code]
    if own.empty:
        return None
    newest = int(own["mid_year"].max())
    total = own.loc[own["mid_year"] == newest, "population"].sum()
    return (float(total), newest) if np.isfinite(total) else None
