"""The services in parameters/measures: read, and every name in them checked."""

from outcomes import paths
from outcomes.errors import ParameterError
from outcomes.model.performance import PerformanceMeasure, Service
from outcomes.parameters import names
from outcomes.parameters.library import Parameters
from outcomes.parameters.yaml_files import read_model
from outcomes.reads import note

MAY_EXCEED = ("staff_turnover", "caseload", "unit_cost")
"""Kinds of measures whose percent is no share of people, calls or days, and may be over 100."""


def services(parameters: Parameters) -> dict[str, Service]:
    """Return every service by its id, the name of its file; all that it names is known.

    Raises
    ------
    ParameterError
        If a name is not known, or a performance measure has the id of an indicator: a measure
        belongs to services or to the population, never to both. Or if a share is below 0 or over
        100 per cent.
    """
    found: dict[str, Service] = {}
    for path in sorted((parameters.folder / "measures").glob("*.yml")):
        source = paths.shown(path)
        found[path.stem] = service = read_model(path, Service)
        names.require_framework(parameters, service.framework, source)
        outcomes = [outcome.id for outcome in parameters.framework(service.framework).outcomes]
        names.require_known(service.outcomes, outcomes, source, "outcome")
        names.require_figures(parameters, service.indicators, source)
        names.require_known([service.place], parameters.places.by_code(), source, "place")
        for name, measure in service.measures.items():
            _require_percents(measure, f"{source}, {name}")
            if name in parameters.indicators:
                raise ParameterError(
                    f"{source}, {name}: an indicator has this name. An indicator speaks of "
                    "everyone, a performance measure of a service's customers; give the measure "
                    "another name"
                )
    return found


def _require_percents(measure: PerformanceMeasure, where: str) -> None:
    """Raise ParameterError for a figure or a target that no share can have."""
    if measure.unit != "%" or measure.kind in MAY_EXCEED:
        return
    typed = {f"figures: {period}": value for period, value in (measure.figures or {}).items()}
    for key, value in (typed | {"target": measure.target or 0}).items():
        if not 0 <= value <= 100:
            raise ParameterError(f"{where}: {key}: got {value:g}; expected a percent from 0 to 100")


def services_of(parameters: Parameters, framework: str, place: str) -> dict[str, Service]:
    """Return the services of exactly that place that contribute to a framework's outcomes."""
    note("services", framework, place)
    return {
        name: service
        for name, service in services(parameters).items()
        if (service.framework, service.place) == (framework, place)
    }


def service(parameters: Parameters, name: str) -> Service:
    """Return one service.

    Raises
    ------
    ParameterError
        If there is none of that name, with the nearest one.
    """
    found = services(parameters)
    names.require_known([name], found, "parameters/measures", "service")
    return found[name]


def check_services(parameters: Parameters) -> str:
    """Check every service and return what there is, in a line."""
    found = services(parameters).values()
    measures = sum(len(service.measures) for service in found)
    return f"{len(found)} services with {measures} performance measures"
