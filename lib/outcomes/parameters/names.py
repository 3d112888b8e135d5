"""Names are checked against each other: whatever a file names must stand in another."""

from collections.abc import Collection, Iterable
from typing import TYPE_CHECKING, get_args

from outcomes.errors import ParameterError, did_you_mean, listed
from outcomes.model import StoreSettings, Story
from outcomes.model.evidence import Catalogue, GapDecisions, GapKind

if TYPE_CHECKING:
    from outcomes.parameters.library import Parameters


def unknown(source: str, kind: str, name: str, known: Collection[str]) -> ParameterError:
    """Return the error that a name is not known, with the nearest one or those that there are."""
    hint = did_you_mean(name, known) or f"; there are: {listed(known)}"
    return ParameterError(f"{source}: {kind}: there is no {kind} {name!r}{hint}")


def require_known(
    names: Iterable[str], known: Collection[str], source: str, kind: str = "indicator"
) -> None:
    """Raise ParameterError for the first name that is not known; `source` says where it stands."""
    for name in names:
        if name not in known:
            raise unknown(source, kind, name, known)


def require_framework(parameters: "Parameters", framework_id: str, source: str) -> None:
    """Raise ParameterError unless there is such a framework."""
    require_known([framework_id], parameters.framework_ids(), source, "framework")


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
    entries = {name for found in parameters.catalogues.values() for name in found.entries}
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


def check_shown(
    parameters: "Parameters", framework_id: str, outcome: str, indicator: str | None, where: str
) -> None:
    """Raise unless the framework has the outcome, and the outcome shows the indicator."""
    framework = parameters.framework(framework_id)
    require_known([outcome], [o.id for o in framework.outcomes], where, "outcome")
    if indicator is not None:
        named = [entry.indicator for entry in framework.outcome(outcome).entries]
        shown = [m for name in named for m in parameters.indicators[name].members or (name,)]
        require_known([indicator], shown, where, f"indicator of {outcome}")


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
