"""Names are checked against each other: whatever a file names must stand in another."""

from collections.abc import Collection, Iterable
from graphlib import CycleError, TopologicalSorter
from typing import TYPE_CHECKING, get_args

from outcomes.errors import ParameterError, hint, listed
from outcomes.model import (
    CrossEffect,
    Effect,
    Entry,
    Framework,
    Judgement,
    Scenario,
    StoreSettings,
    Story,
    Target,
    Targets,
)
from outcomes.model.evidence import Catalogue, GapDecisions, GapKind

if TYPE_CHECKING:
    from outcomes.parameters.library import Parameters

TRAJECTORIES = ("no_change", "together")
"""What a page calls the forecast itself and all scenarios at once; no scenario may be named so."""


def require_known(
    names: Iterable[str], known: Collection[str], source: str, kind: str = "indicator"
) -> None:
    """Raise ParameterError for the first name that is not known, with the nearest one.

    `source` says where it stands, `kind` what it should be.
    """
    for name in names:
        if name not in known:
            near = hint(name, known)
            raise ParameterError(f"{source}: {kind}: there is no {kind} {name!r}{near}")


def require_framework(parameters: "Parameters", framework_id: str, source: str) -> None:
    """Raise ParameterError unless there is such a framework."""
    require_known([framework_id], parameters.framework_ids(), source, "framework")


def require_figures(
    parameters: "Parameters", names: Iterable[str], where: str, kind: str = "indicator"
) -> None:
    """Raise ParameterError for the first indicator that is not known or is a basket."""
    for name in names:
        require_known([name], parameters.indicators, where, kind)
        if members := parameters.indicators[name].members:
            raise ParameterError(
                f"{where}: {kind}: {name!r} is a basket and has no figure; name members of it: "
                f"{listed(members)}"
            )


def check_store(parameters: "Parameters", settings: StoreSettings, source: str) -> None:
    """Check the indicators and the council measures to which a store gives series.

    A store serves every framework, so the number of a measure must stand in any one of them.
    """
    require_known(settings.series, parameters.indicators, source)
    for number in settings.council_measures:
        if number not in parameters.council_measures:
            raise ParameterError(
                f"{source}: council measure: no framework has a council measure {number}; there "
                f"are: {listed(parameters.council_measures)}"
            )


def check_catalogue(parameters: "Parameters", catalogue: Catalogue, source: str) -> None:
    """Check the area, framework, outcomes, statements and indicators of an evidence catalogue."""
    outcomes, statements = _about(parameters, catalogue, source)
    for name, entry in catalogue.entries.items():
        where = f"{source}, {name}"
        require_known(entry.outcomes, outcomes, where, "outcome")
        require_known(entry.statements, statements, where, "statement")
        require_known(entry.indicators, parameters.indicators, where)
    for stakeholder in catalogue.stakeholders:
        where = f"{source}, {stakeholder.name}"
        require_known(stakeholder.outcomes, outcomes, where, "outcome")
    elsewhere = (entry.indicator for entry in catalogue.elsewhere)
    require_known(elsewhere, parameters.indicators, source)


def check_decisions(parameters: "Parameters", file: GapDecisions, source: str) -> None:
    """Check that each gap on which something was decided is one that there could be."""
    outcomes, statements = _about(parameters, file, source)
    entries = _evidence(parameters)
    indicators, comparators = parameters.indicators, parameters.comparators
    subjects = {*outcomes, *statements, *indicators, *comparators, *entries}
    for name, decision in file.gaps.items():
        kind, *about = name.split("/")
        if decision.title is None:
            where = f"{source}, {name}"
            require_known([kind], get_args(GapKind), where, "kind of gap")
            require_known(about[-1:] or [""], subjects, where, "subject of a gap")


def check_story(parameters: "Parameters", story: Story, framework_id: str, source: str) -> None:
    """Check the outcomes, indicators and places of a framework's story."""
    for kind in ("factors", "unseen"):
        for number, said in enumerate(getattr(story, kind), start=1):
            where = f"{source}, {kind} {number}"
            indicator = getattr(said, "indicator", None)
            check_shown(parameters, framework_id, said.outcome, indicator, where)
            if said.place is not None:
                require_known([said.place], parameters.places.by_code(), where, "place")


def check_targets(parameters: "Parameters", found: Targets, framework_id: str, source: str) -> None:
    """Check the indicators, places and comparators of a framework's targets and judgements."""
    framework = parameters.framework(framework_id)
    for kind in ("targets", "judgements"):
        for number, said in enumerate(getattr(found, kind), start=1):
            where = f"{source}, {kind} {number}"
            _check_planned(parameters, said, framework, where)
            if relative := getattr(said, "relative", None):
                require_known([relative.comparator], parameters.comparators, where, "comparator")


def check_scenario(parameters: "Parameters", scenario: Scenario, name: str, source: str) -> None:
    """Check a scenario's id and the framework, indicators, places and evidence that it names."""
    if name in TRAJECTORIES:
        raise ParameterError(
            f"{source}: a page uses the name {name!r} for a line of its own; give the file another"
        )
    require_framework(parameters, scenario.framework, source)
    framework, entries = parameters.framework(scenario.framework), _evidence(parameters)
    for kind in ("effects", "cross_effects"):
        for own_id, said in getattr(scenario, kind).items():
            where = f"{source}, {kind}.{own_id}"
            _check_planned(parameters, said, framework, where)
            if said.evidence.entry is not None:
                require_known([said.evidence.entry], entries, where, "evidence entry")


def check_no_loop(scenarios: Iterable[Scenario], source: str) -> None:
    """Raise if cross-effects that are switched on lead back to where they began, in one place.

    Scenarios are summed, so those of all of a framework count together.
    """
    causes: dict[tuple[str, str], dict[str, set[str]]] = {}
    for scenario in scenarios:
        for effect in scenario.cross_effects.values():
            if effect.included:
                here = causes.setdefault((scenario.framework, effect.place), {})
                here.setdefault(effect.indicator, set()).add(effect.cause)
    for (_, place), here in causes.items():
        try:
            TopologicalSorter(here).prepare()
        except CycleError as error:
            raise ParameterError(
                f"{source}: the cross-effects in {place} go round in a loop: "
                f"{' -> '.join(error.args[1])}; switch one of them off"
            ) from None


def check_shown(
    parameters: "Parameters", framework_id: str, outcome: str, indicator: str | None, where: str
) -> None:
    """Raise unless the framework has the outcome, and the outcome shows the indicator."""
    framework = parameters.framework(framework_id)
    require_known([outcome], [o.id for o in framework.outcomes], where, "outcome")
    if indicator is not None:
        shown = _shown(parameters, framework.outcome(outcome).entries)
        require_known([indicator], shown, where, f"indicator of {outcome}")


def _shown(parameters: "Parameters", entries: Iterable[Entry]) -> list[str]:
    """Return the indicators that entries show: a basket's members stand for it."""
    named = [entry.indicator for entry in entries]
    return [m for name in named for m in parameters.indicators[name].members or (name,)]


def _evidence(parameters: "Parameters") -> set[str]:
    return {name for found in parameters.catalogues.values() for name in found.entries}


def _check_planned(
    parameters: "Parameters",
    said: Target | Judgement | Effect | CrossEffect,
    framework: Framework,
    where: str,
) -> None:
    """Check the place, and the indicators: the framework shows them, with figures of their own."""
    shown = _shown(parameters, framework.entries())
    for kind in ("indicator", "cause"):
        if (name := getattr(said, kind, None)) is not None:
            require_figures(parameters, [name], where, kind)
            require_known([name], shown, where, f"{kind} of {framework.id}")
    require_known([said.place], parameters.places.by_code(), where, "place")


def _about(
    parameters: "Parameters", file: Catalogue | GapDecisions, source: str
) -> tuple[list[str], list[str]]:
    """Return the outcomes and statements of a file's framework; both it and its area known."""
    require_known([file.area], parameters.places.by_code(), source, "place")
    if file.framework is None:
        return [], []
    require_framework(parameters, file.framework, source)
    outcomes = parameters.framework(file.framework).outcomes
    return [o.id for o in outcomes], [s.id for o in outcomes for s in o.statements]
