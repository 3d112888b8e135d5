"""Everything in parameters/, read once and checked against itself."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from outcomes import paths
from outcomes.errors import ParameterError, listed, nearest
from outcomes.model import (
    OVERVIEW,
    Comparator,
    Framework,
    Identifier,
    Indicator,
    Judgement,
    Outcome,
    Page,
    PageLayout,
    Places,
    RunRequest,
    Scenario,
    StoreSettings,
    Story,
    Target,
    Targets,
    as_of_day,
)
from outcomes.model.evidence import EVIDENCE, Catalogue, GapDecision, GapDecisions
from outcomes.model.framework import SERVICES
from outcomes.model.register import RegisterEntry
from outcomes.model.versions import MadeUnder
from outcomes.parameters import names
from outcomes.parameters.yaml_files import explain, read_model
from outcomes.reads import note


@dataclass(frozen=True)
class Parameters:
    """The parameters of one project folder. Each file is read when first asked for."""

    folder: Path

    @cached_property
    def indicators(self) -> dict[str, Indicator]:
        """Every indicator by id, from all files in indicators/."""
        found: dict[str, Indicator] = {}
        defined: dict[str, Path] = {}
        for path in sorted((self.folder / "indicators").glob("*.yml")):
            for name, indicator in read_model(path, dict[Identifier, Indicator]).items():
                if name in found:
                    raise ParameterError(
                        f"{paths.shown(path)}: the indicator {name!r} is defined in "
                        f"{paths.shown(defined[name])} already; define it once and name it twice"
                    )
                found[name], defined[name] = indicator, path
        for name, indicator in found.items():
            names.require_known(indicator.members, found, f"{paths.shown(defined[name])}, {name}")
        return found

    @cached_property
    def places(self) -> Places:
        """Every place, in its tree."""
        return read_model(self.folder / "places.yml", Places)

    @cached_property
    def comparators(self) -> dict[str, Comparator]:
        """Every comparator by name; the indicators of a computed one known, and none a basket."""
        path = self.folder / "comparators.yml"
        found = read_model(path, dict[Identifier, Comparator])
        for name, comparator in found.items():
            where = f"{paths.shown(path)}, {name}"
            names.require_figures(self, comparator.indicators, where)
        return found

    @cached_property
    def layout(self) -> PageLayout:
        """How much a page's body holds, and the pins; the usual limits if there is no file."""
        path = self.folder / "pages.yml"
        layout = read_model(path, PageLayout) if path.exists() else PageLayout()
        for number, pin in enumerate(layout.pins, start=1):
            where = f"{paths.shown(path)}, pin {number}"
            names.require_framework(self, pin.framework, where)
            names.check_shown(self, pin.framework, pin.outcome, pin.indicator, where)
        return layout

    @cached_property
    def sources(self) -> dict[str, RegisterEntry]:
        """The register: every open source by name, a file each in sources/."""
        files = sorted((self.folder / "sources").glob("*.yml"))
        return {path.stem: read_model(path, RegisterEntry) for path in files}

    def framework_ids(self) -> list[str]:
        """Return the ids of the frameworks there are."""
        return sorted(path.stem for path in (self.folder / "frameworks").glob("*.yml"))

    def framework(self, framework_id: str) -> Framework:
        """Return a framework, its id checked against its file and its indicators known."""
        if framework_id not in self._frameworks:
            self._frameworks[framework_id] = self._read_framework(framework_id)
        return self._frameworks[framework_id]

    @cached_property
    def _frameworks(self) -> dict[str, Framework]:
        return {}

    @cached_property
    def made_under(self) -> dict[str, MadeUnder]:
        """The version that pages are made under, by framework, as far as it was looked for."""
        return {}

    def _read_framework(self, framework_id: str) -> Framework:
        path = self.folder / "frameworks" / f"{framework_id}.yml"
        framework = read_model(path, Framework)
        if framework.id != framework_id:
            raise ParameterError(
                f"{paths.shown(path)}: the id is {framework.id!r}; expected {framework_id!r}, "
                "the name of the file"
            )
        names.require_known(framework.indicator_ids(), self.indicators, paths.shown(path))
        return framework

    @cached_property
    def council_measures(self) -> list[int]:
        """The numbers of the whole-council measures that the frameworks have."""
        found = [self.framework(name) for name in self.framework_ids()]
        return sorted({m.number for framework in found for m in framework.council_measures})

    def store_ids(self) -> list[str]:
        """Return the ids of the stores there are."""
        return sorted(path.stem for path in (self.folder / "stores").glob("*.yml"))

    def store(self, store_id: str) -> StoreSettings:
        """Return the settings of a store, its indicators and council measures known."""
        if store_id not in self._stores:
            self._stores[store_id] = self._read_store(store_id)
        return self._stores[store_id]

    @cached_property
    def _stores(self) -> dict[str, StoreSettings]:
        return {}

    def _read_store(self, store_id: str) -> StoreSettings:
        path = self.folder / "stores" / f"{store_id}.yml"
        settings = read_model(path, StoreSettings)
        names.check_store(self, settings, paths.shown(path))
        return settings

    @cached_property
    def catalogues(self) -> dict[Path, Catalogue]:
        """Every evidence catalogue by its file, all names in it known and no entry's id twice."""
        files = sorted((self.folder / "evidence").glob("*.yml"))
        found = {path: read_model(path, Catalogue) for path in files}
        defined: dict[str, Path] = {}
        for path, catalogue in found.items():
            names.check_catalogue(self, catalogue, paths.shown(path))
            for name in catalogue.entries:
                if name in defined:
                    raise ParameterError(
                        f"{paths.shown(path)}: the evidence {name!r} is defined in "
                        f"{paths.shown(defined[name])} already; give one of them another name"
                    )
                defined[name] = path
        return found

    def catalogues_for(self, framework_id: str, locality: str) -> list[Catalogue]:
        """Return the catalogues of a place and the areas around it that serve a framework."""
        note("catalogues", framework_id, locality)
        return [
            catalogue
            for catalogue in self.catalogues.values()
            if catalogue.framework in (None, framework_id)
            and self._covers(catalogue.area, locality)
        ]

    @cached_property
    def decisions(self) -> dict[Path, GapDecisions]:
        """Every file of decisions on gaps, each named gap one that there could be."""
        files = sorted((self.folder / "gaps").glob("*.yml"))
        found = {path: read_model(path, GapDecisions) for path in files}
        for path, file in found.items():
            names.check_decisions(self, file, paths.shown(path))
        return found

    def decisions_for(self, framework_id: str, locality: str) -> dict[str, GapDecision]:
        """Return what was decided about the gaps of a place, by the gap's name."""
        note("decisions", framework_id, locality)
        return {
            name: decision
            for file in self.decisions.values()
            if file.framework == framework_id and self._covers(file.area, locality)
            for name, decision in file.gaps.items()
        }

    @cached_property
    def stories(self) -> dict[str, Story]:
        """The story of each framework that has one, by the framework's id; all names known."""
        return self.of_frameworks("stories", Story, names.check_story)

    def story(self, framework_id: str) -> Story:
        """Return the factors and the unseen progress of a framework; without a file, none."""
        names.require_framework(self, framework_id, "story")
        return self.stories.get(framework_id, Story())

    def story_for(self, framework_id: str, outcome_id: str, locality: str) -> Story:
        """Return what is said of one outcome in a place, of it or of an area around it."""
        note("story", framework_id, outcome_id, locality)

        def said(found):
            return found.outcome == outcome_id and (
                found.place is None or self._covers(found.place, locality)
            )

        story = self.story(framework_id)
        return Story(
            factors=tuple(filter(said, story.factors)), unseen=tuple(filter(said, story.unseen))
        )

    @cached_property
    def targets(self) -> dict[str, Targets]:
        """The targets and judgements of each framework that has some, by its id; all names known."""
        return self.of_frameworks("targets", Targets, names.check_targets)

    def targets_for(
        self, framework_id: str, locality: str
    ) -> tuple[tuple[Target, ...], tuple[Judgement, ...]]:
        """Return the targets and the judgements of exactly that place, in the file's order."""
        note("targets", framework_id, locality)
        names.require_framework(self, framework_id, "targets")
        found = self.targets.get(framework_id, Targets())
        return (
            tuple(target for target in found.targets if target.place == locality),
            tuple(judged for judged in found.judgements if judged.place == locality),
        )

    @cached_property
    def scenarios(self) -> dict[str, Scenario]:
        """Every scenario by its id, the name of its file; all names known, no loop of causes."""
        files = sorted((self.folder / "scenarios").glob("*.yml"))
        found = {path.stem: read_model(path, Scenario) for path in files}
        for path in files:
            names.check_scenario(self, found[path.stem], path.stem, paths.shown(path))
        names.check_no_loop(found.values(), paths.shown(self.folder / "scenarios"))
        return found

    def scenarios_for(self, framework_id: str, locality: str) -> dict[str, Scenario]:
        """Return the scenarios that reach exactly that place, each with its assumptions there alone.

        Those that are switched off are in it too, so that a register can show them. A scenario with
        no assumption for the place is left out. Its risks are those of the whole scenario.
        """
        note("scenarios", framework_id, locality)
        names.require_framework(self, framework_id, "scenarios")
        here = {
            name: scenario.in_place(locality)
            for name, scenario in self.scenarios.items()
            if scenario.framework == framework_id
        }
        return {name: found for name, found in here.items() if found.effects or found.cross_effects}

    def check_scenarios(self, scenarios: Mapping[str, Scenario], source: str) -> None:
        """Raise ParameterError unless all that some scenarios name is known, without a loop."""
        for name, scenario in scenarios.items():
            names.check_scenario(self, scenario, name, source)
        names.check_no_loop(scenarios.values(), source)

    def check_targets(self, found: Targets, framework_id: str, source: str) -> None:
        """Raise ParameterError unless all that targets and judgements name is known."""
        names.require_framework(self, framework_id, source)
        names.check_targets(self, found, framework_id, source)

    def missing_evidence(self) -> list[str]:
        """Return a line for each catalogue entry that is not filled in: file, entry, keys."""
        return [
            f"{paths.shown(path)}, {name}: not filled in: {listed(missing)}"
            for path, catalogue in self.catalogues.items()
            for name, entry in catalogue.entries.items()
            if (missing := entry.missing())
        ]

    def of_frameworks(self, folder: str, kind: Any, check: Callable[..., None]) -> dict[str, Any]:
        """Return each file of a folder, read and checked, by the framework that it is named after."""
        files = sorted((self.folder / folder).glob("*.yml"))
        found = {path.stem: read_model(path, kind) for path in files}
        for path in files:
            source = paths.shown(path)
            names.require_framework(self, path.stem, source)
            check(self, found[path.stem], path.stem, source)
        return found

    def _covers(self, area: str, locality: str) -> bool:
        places, place = self.places.by_code(), locality
        while place and place != area:
            place = places[place].parent
        return place == area

    def run(self, path: Path, *, as_of: str = "") -> RunRequest:
        """Return what a run file asks for, all that its pages read checked before any work starts.

        With `as_of`, a day or a quarter, for that day instead of the file's own.
        """
        source = paths.shown(path)
        request = read_model(path, RunRequest)
        if as_of:
            try:
                request = request.model_copy(update={"as_of": as_of_day(as_of)})
            except ValueError as error:
                raise ParameterError(f"as of: {error}") from None
        names.require_framework(self, request.framework, source)
        _ = self.layout, self.stories, self.targets, self.scenarios
        pages = self.pages(request)
        if not pages:
            raise ParameterError(
                f"{source}: it asks for no page; name an outcome, or set overviews to true"
            )
        for page in pages:
            self.check(page, source=source)
        return request

    def pages(self, request: RunRequest) -> list[Page]:
        """Return the pages a run asks for: every outcome x locality x comparator, overviews first.

        A name that the run file has twice gives one page.

        Raises
        ------
        ParameterError
            If the framework is unknown; other names are left to `check`.
        """
        framework = self.framework(request.framework)
        outcomes = (
            [outcome.id for outcome in framework.outcomes]
            if request.outcomes == "all"
            else list(request.outcomes)
        )
        if request.services:
            outcomes = [SERVICES, *outcomes]
        if request.evidence:
            outcomes = [EVIDENCE, *outcomes]
        if request.overviews:
            outcomes = [OVERVIEW, *outcomes]
        localities = list(request.localities)
        if request.and_places_within:
            for code in request.localities:
                localities += [place.code for place in self.places.children(code)]
        return [
            Page(
                framework=framework.id,
                outcome=outcome,
                locality=locality,
                comparator=comparator,
                as_of=request.as_of,
            )
            for locality in dict.fromkeys(localities)
            for outcome in dict.fromkeys(outcomes)
            for comparator in dict.fromkeys(request.comparators)
        ]

    def page(self, **values: object) -> Page:
        """Return a checked page from loose values, as a notebook or a query string gives them.

        Raises
        ------
        ParameterError
            If a key is unknown or missing, a value of the wrong form, or a name not known.
        """
        try:
            page = Page.model_validate(values, strict=True)
        except ValidationError as error:
            raise ParameterError(explain(error, Page, source="this page")) from None
        self.check(page, source="this page")
        return page

    def check(self, page: Page, *, source: str) -> None:
        """Raise ParameterError, with the nearest known name, unless a page's names are known."""
        names.require_framework(self, page.framework, source)
        outcomes = [o.id for o in self.framework(page.framework).outcomes]
        known = [*outcomes, OVERVIEW, EVIDENCE, SERVICES]
        names.require_known([page.outcome], known, source, "outcome")
        places = self.places.by_code()
        if page.locality not in places:
            near = nearest(page.locality, places)
            hint = f"; did you mean {near!r} ({places[near].name})?" if near else ""
            raise ParameterError(
                f"{source}: locality: there is no place {page.locality!r} in "
                f"parameters/places.yml{hint}"
            )
        names.require_known([page.comparator], self.comparators, source, "comparator")

    def area_name(self, framework: Framework, locality: str) -> str:
        """Return the name that stands in for {area} in a framework's wording.

        It is the framework's own area; for a place of a store with a notice, whose figures are
        invented, it is the place's own county, so that no real area stands beside them.
        """
        county = self.places.ancestor(locality, "county")
        invented = self.store(self.places.store_of(locality)).notice
        return county.name if invented and county else framework.area

    def outcome(self, page: Page) -> Outcome:
        """Return the outcome a page is about."""
        return self.framework(page.framework).outcome(page.outcome)


@lru_cache(maxsize=4)
def _parameters_of(folder: Path, stamp: tuple[tuple[str, int], ...]) -> Parameters:
    return Parameters(folder)


def load_parameters() -> Parameters:
    """Return the parameters of the project that the working directory lies in.

    They are read anew when a file has changed, so that an analyst who edits one runs the cell again
    and sees the change.
    """
    folder = paths.parameters_folder()
    files = sorted(folder.rglob("*.yml"))
    stamp = tuple((str(path), path.stat().st_mtime_ns) for path in files)
    return _parameters_of(folder, stamp)
