"""From a page's settings to its results."""

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass, replace
from functools import cache, cached_property, partial

import numpy as np
import pandas as pd

from outcomes import paths
from outcomes.baseline.against import comparator_values
from outcomes.baseline.choice import Choice, choose
from outcomes.baseline.council import answers
from outcomes.baseline.figures import Figures, series_behind
from outcomes.baseline.outlook import Outlooks, Plans
from outcomes.baseline.pertinence import arranged
from outcomes.baseline.position import positions, quarter_before
from outcomes.baseline.setting import Bases, Setting
from outcomes.baseline.trial import Trial
from outcomes.errors import ParameterError, did_you_mean
from outcomes.evidence import Measured, coverage
from outcomes.model import (
    OVERVIEW,
    Answer,
    Baseline,
    Comparator,
    Indicator,
    OpenGap,
    Outcome,
    Outlook,
    Overview,
    Page,
    Place,
    Places,
    Position,
    Series,
)
from outcomes.model.evidence import EVIDENCE
from outcomes.model.framework import SERVICES
from outcomes.parameters import Parameters, load_parameters
from outcomes.parameters.versions import made_under
from outcomes.reads import note
from outcomes.statistics import predecessors, with_predecessors
from outcomes.store import Kept, Store, open_store


def load_baseline(page: Page) -> Baseline:
    """Return everything that the page of one outcome shows.

    Raises
    ------
    ParameterError
        If the page is an overview, which has a call of its own.
    DataError
        If the place's store is empty.
    """
    if page.outcome in (OVERVIEW, EVIDENCE, SERVICES):
        raise ParameterError(
            f"the page {page.outcome!r} has no outcome of its own; use load_{page.outcome}"
        )
    parameters = load_parameters()
    return _Context(page, parameters).baselines([parameters.outcome(page)], ahead=True)[0]


def load_trial(page: Page) -> Trial:
    """Return the baseline of one outcome as something on which plans can be tried.

    Raises
    ------
    DataError
        If the place's store is empty.
    """
    parameters = load_parameters()
    return _Context(page, parameters).trial(parameters.outcome(page))


def load_overview(page: Page) -> Overview:
    """Return everything that a place's page of all outcomes shows.

    Raises
    ------
    DataError
        If the place's store is empty.
    """
    context = _Context(page, load_parameters())
    baselines = tuple(context.baselines(context.framework.outcomes))
    return Overview(
        page=page,
        framework=context.framework,
        place=context.place,
        around=context.around,
        comparator_label=context.choice.label,
        baselines=baselines,
        population=context.population,
        notice=context.settings.notice or "",
        data_version=context.data_version,
        answers=context.answers(),
        version=made_under(context.parameters, page.framework),
    )


@dataclass(frozen=True)
class Rows:
    """The figures of some indicators over every area, and who is who for one page."""

    indicators: dict[str, Indicator]
    table: Callable[[str], pd.DataFrame]
    """Reads an indicator's rows, columns as OBSERVATION_COLUMNS."""
    kept: Kept
    """Where results from these figures are found again."""
    peers: tuple[str, ...]
    among: str
    names: pd.Series
    own: frozenset[str]
    """The codes of the page's place and of the places within it."""


def load_rows(page: Page, indicators: list[str]) -> Rows:
    """Return the figures of some indicators over every area, for one page.

    Raises
    ------
    ParameterError
        If an indicator does not exist.
    """
    context = _Context(page, load_parameters())
    known, children = context.parameters.indicators, context.parameters.places.children
    for name in indicators:
        if name not in known:
            raise ParameterError(f"there is no indicator {name!r}{did_you_mean(name, known)}")
    series = {name: context.series_of(name) for name in indicators}
    about = [(known[name], found) for name, found in series.items()]
    return Rows(
        indicators={name: known[name] for name in indicators},
        table=context.figures,
        kept=context.kept_of(about, {found.id for found in series.values() if found}),
        peers=context.choice.peers,
        among=context.choice.among,
        names=context.areas["area_name"],
        own=frozenset([page.locality, *(child.code for child in children(page.locality))]),
    )


def load_figures(page: Page) -> Figures:
    """Return the figures of every indicator of a page's framework that has some, over every area.

    Raises
    ------
    DataError
        If the place's store is empty.
    """
    return _Context(page, load_parameters()).every_figure()


def load_outlines(page: Page, areas: Collection[str]) -> dict[str, list[np.ndarray]]:
    """Return the outlines of some areas for a map, as `Store.outlines` gives them."""
    return _Context(page, load_parameters()).store.outlines(areas)


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
        for kind, *name in (
            ("framework", page.framework),
            ("place", page.locality),
            ("store", store_id),
            ("tables", store_id, page.as_of),
        ):
            note(kind, *name)
        folder = paths.kept_folder(store.name)
        self._lists = Kept(folder, (store.name, self.store.tables_mark))
        self._about = Kept(folder, (store.name, self.store.state))
        self.areas, self.changes = self._lists("areas", (), self._areas)
        self.about_series, self._marks, self.data_version = self._about("series", (), self._said)
        self.choice: Choice = self._choice_of(page.comparator)

    def _areas(self) -> tuple[pd.DataFrame, pd.DataFrame]:
        return self.store.areas(), self.store.code_changes()

    def _said(self) -> tuple[pd.DataFrame, dict[str, str], str]:
        """Return what publishers say of every series, what marks each, and the data's version."""
        series = self.store.series()
        return series, self.store.marks(series.index), self.store.version

    @cached_property
    def bases(self) -> Bases:
        """How many people live in every area, by age."""
        return Bases(self.store.population, self._lists)

    @cached_property
    def population(self) -> tuple[float, int] | None:
        """How many people live in the place, and in which year; None if that is not known."""
        every = self._lists("population", (), lambda: _populations(self.store.population()))
        return every.get(self.place.code)

    def kept_of(self, about: object, series: Collection[str]) -> Kept:
        """Return where results from some series are kept; `about` says how they are read."""
        marks = sorted((name, self._marks.get(name, "")) for name in series)
        return Kept(self._lists.folder, (self._lists.made_from, marks, about))

    def _figures(self, measured: list[Measured]) -> Figures:
        """Return the figures of some indicators over all areas, read if they are not kept."""
        series = {name for item in measured for name in series_behind(item)}
        for name in series:
            note("series", self.store.name, self.page.as_of, name)
        kept = self.kept_of([(m.indicator_id, m.indicator, m.series) for m in measured], series)
        return Figures(measured, lambda: self._rows(measured), self._setting(), kept)

    def every_figure(self) -> Figures:
        """Return the figures of all indicators of the framework, each once."""
        measured = [m for found in self.framework.outcomes for m in self._coverage(found)[0]]
        return self._figures(list({item.indicator_id: item for item in measured}.values()))

    def baselines(self, outcomes: Iterable[Outcome], *, ahead: bool = False) -> list[Baseline]:
        """Return the baseline of each outcome; what lies ahead is worked out only if asked for."""
        return [self._of_outcome(self._worded(outcome), ahead=ahead) for outcome in outcomes]

    def _of_outcome(self, outcome: Outcome, *, ahead: bool) -> Baseline:
        measured, gaps = self._coverage(outcome)
        figures = self._figures(measured)
        every = figures.kept("positions", self._here(figures), lambda: self._positions(figures))
        for name, outlook in (self._ahead(figures) if ahead else {}).items():
            every[name] = replace(every[name], outlook=outlook)
        return self._baseline(outcome, measured, gaps, every)

    def trial(self, outcome: Outcome) -> Trial:
        """Return an outcome's baseline without plans, and what works out any plans for it."""
        baseline = self._of_outcome(self._worded(outcome), ahead=False)
        figures = self._figures(self._coverage(outcome)[0])
        outlooks, known = self._outlooks(figures), cache(partial(self._causes, figures))

        def try_out(plans: Plans, name: str) -> Outlook | None:
            return outlooks.under(plans, known(plans.links()), [name]).get(name)

        return Trial(baseline, self._plans(figures), try_out)

    def _positions(self, figures: Figures) -> dict[str, Position]:
        return positions(figures, self._before(figures) if self.page.day else None)

    def _here(self, figures: Figures) -> tuple:
        """Return what a place's results depend on beyond the figures of all areas."""
        setting, day = figures.setting, self.page.day
        before = self.store.at(quarter_before(day)) if day else None
        earlier = before.marks(m.series.id for m in figures.measured.values()) if before else {}
        for name in earlier:
            note("series", self.store.name, before.as_of, name)
        return (
            *(setting.place, self.around, setting.licence, setting.choice, day),
            *(figures.members, sorted(earlier.items())),
        )

    def _ahead(self, figures: Figures) -> dict[str, Outlook]:
        """Return what lies ahead of each indicator, with what people want and assume of it."""
        plans = self._plans(figures)
        return self._outlooks(figures).under(plans, self._causes(figures, plans.links()))

    def _plans(self, figures: Figures) -> Plans:
        """Return what people want, decide and assume for the place."""
        locality, framework = self.page.locality, self.page.framework
        targets, judgements = self.parameters.targets_for(framework, locality)
        return Plans(
            targets=tuple(t for t in targets if t.indicator in figures.measured),
            judgements=judgements,
            scenarios=self.parameters.scenarios_for(framework, locality),
        )

    def _outlooks(self, figures: Figures) -> Outlooks:
        return Outlooks(
            figures,
            comparator_values(figures),
            choice_of=self._choice_of,
            store_id=self.store.name,
        )

    def _causes(self, figures: Figures, links: Collection[tuple[str, str]]) -> Figures | None:
        """Return the figures of other indicators from which cross-effects start.

        `links` are pairs of indicators: what moves, and what follows.
        """
        wanted, named = set(figures.measured), set()
        while causes := {cause for cause, moved in links if moved in wanted | named} - named:
            named |= causes
        series = {name: self.series_of(name) for name in sorted(named - wanted)}
        measured = [
            Measured("", "", name, self.parameters.indicators[name], found)
            for name, found in series.items()
            if found and found.id in self.about_series.index
        ]
        return self._figures(measured) if measured else None

    def _choice_of(self, comparator: str) -> Choice:
        """Return whom a comparator is for the page's place."""
        note("comparator", comparator)
        found = self.parameters.comparators[comparator]
        known = self.parameters.indicators
        used = [(known[name], self.series_of(name)) for name in found.indicators]
        marks = [self._marks.get(series.id) for _, series in used if series]
        key = found, self.place, self.around, used, marks
        return self._lists("choices", key, lambda: self._chosen(found))

    def _chosen(self, comparator: Comparator) -> Choice:
        return choose(comparator, self.place, self.parameters.places, self.store, self.features)

    def _setting(self) -> Setting:
        return Setting(
            place=self.place,
            places=self.parameters.places,
            choice=self.choice,
            licence=self.settings.licence or "",
            about_series=self.about_series,
            made_from=predecessors(self.changes, self.areas, self.place.code),
            as_of=self.page.day,
            areas=self.areas,
            bases=self.bases,
        )

    def _coverage(self, outcome: Outcome) -> tuple[list[Measured], list[OpenGap]]:
        note("outcome", self.page.framework, outcome.id)
        known = self.parameters.indicators
        for entry in outcome.entries:
            for name in (entry.indicator, *known[entry.indicator].members):
                self.series_of(name)
        return coverage(
            outcome,
            known,
            self.settings,
            self.about_series.index,
            later=set(self.store.described().index) if self.page.day else (),
        )

    def series_of(self, name: str) -> Series | None:
        """Return the series of an indicator in this store, noting both as read."""
        series = self.settings.series.get(name) or self.parameters.indicators[name].series
        note("indicator", name)
        note("measured", self.store.name, name)
        if series:
            note("series", self.store.name, self.page.as_of, series.id)
        return series

    def _baseline(
        self, outcome: Outcome, measured: list[Measured], gaps: list, every: dict[str, Position]
    ) -> Baseline:
        page = self.page.model_copy(update={"outcome": outcome.id})
        # An indicator of several outcomes has another number in each.
        found = [
            replace(
                every[item.indicator_id],
                number=item.number,
                basket=item.basket,
                proxy=item.proxy,
            )
            for item in measured
        ]
        note("layout", page.framework, page.outcome)
        placed, order = arranged(found, self.parameters.layout, page)
        return Baseline(
            page=page,
            framework=self.framework,
            outcome=outcome,
            place=self.place,
            around=self.around,
            comparator_label=self.choice.label,
            positions=placed,
            order=order,
            compared_with=self._compared_with(),
            charts=self.parameters.layout.body.charts,
            story=self.parameters.story_for(page.framework, outcome.id, page.locality),
            gaps=tuple(gaps),
            population=self.population,
            notice=self.settings.notice or "",
            data_version=self.data_version,
            version=made_under(self.parameters, page.framework),
        )

    def figures(self, indicator_id: str) -> pd.DataFrame:
        """Return an indicator's rows for every area, without projections; none without a series.

        Raises
        ------
        ParameterError
            If there is no such indicator.
        """
        known = self.parameters.indicators
        if indicator_id not in known:
            raise ParameterError(
                f"there is no indicator {indicator_id!r}{did_you_mean(indicator_id, known)}"
            )
        indicator, series = known[indicator_id], self.series_of(indicator_id)
        rows = self.store.observations([series.id] if series else [])
        if series is None or rows.empty:
            return rows
        counts = {series.id} if indicator.value_type == "count" else ()
        rows = with_predecessors(rows, self.changes, self.areas, counts)
        group = (rows["group_kind"] == series.group_kind) & (rows["group"] == series.group)
        return rows[group & (rows["status"] != "projected")]

    def _compared_with(self) -> pd.DataFrame:
        """Return whom a group holds, and how far each is where that was computed."""
        if not self.choice.group:
            return pd.DataFrame()
        found = pd.DataFrame({"area_name": [self.areas["area_name"][c] for c in self.choice.areas]})
        return found.assign(distance=self.choice.distances) if self.choice.distances else found

    def answers(self) -> tuple[Answer, ...]:
        """Return what residents answered on the framework's whole-council measures."""
        asked = {measure.number for measure in self.framework.council_measures}
        series = {n: s for n, s in self.settings.council_measures.items() if n in asked}
        for name in series.values():
            note("series", self.store.name, self.page.as_of, name)
        children = self.parameters.places.children(self.place.code)
        names = {child.code: child.name for child in children}
        rows = self.store.observations(series.values(), [self.place.code, *names])
        own = rows["area_code"] == self.place.code
        return answers(rows[own], series, within=rows[~own], names=names)

    def features(self, comparator: Comparator) -> pd.DataFrame:
        """Return the newest figure of every area on each indicator of a comparator."""
        newest = {}
        for name in comparator.indicators:
            rows = self.figures(name)
            rows = rows[rows["value"].notna()].sort_values("period_end")
            newest[name] = rows.drop_duplicates("area_code", keep="last").set_index("area_code")[
                "value"
            ]
        return pd.DataFrame(newest)

    def _rows(self, measured: list[Measured]) -> pd.DataFrame:
        """Return every row; areas that were merged or renumbered with their history."""
        rows = self.store.observations({name for item in measured for name in series_behind(item)})
        counts = {m.series.id for m in measured if m.indicator.value_type == "count"}
        return with_predecessors(rows, self.changes, self.areas, counts)

    def _before(self, figures: Figures) -> dict[str, pd.DataFrame]:
        """Return the place's own rows by indicator as they were known a quarter before."""
        store, measured = self.store.at(quarter_before(self.page.day)), figures.measured.values()
        rows = store.observations({m.series.id for m in measured}, [self.place.code])
        earlier = Figures(measured, rows, figures.setting).table
        return dict(list(earlier.groupby("series")))

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


def _populations(people: pd.DataFrame) -> dict[str, tuple[float, int]]:
    """Return the newest population of every area, and its year."""
    total = people.groupby(["area_code", "mid_year"])["population"].sum(min_count=1).reset_index()
    newest = total.sort_values("mid_year").drop_duplicates("area_code", keep="last")
    return {
        row.area_code: (float(row.population), int(row.mid_year))
        for row in newest.itertuples()
        if np.isfinite(row.population)
    }
