"""Partner maps, a file each in partners/; budget lines may stand in a CSV file of the same name."""

import re
from pathlib import Path

from pydantic import TypeAdapter, ValidationError

from outcomes import paths
from outcomes.errors import ParameterError, listed
from outcomes.model.partners import PartnerMap, Resource
from outcomes.parameters.csv_files import read_csv
from outcomes.parameters.library import Parameters
from outcomes.parameters.names import require_framework, require_known
from outcomes.parameters.yaml_files import explain, read_model

COLUMNS = ("line", "title", "kind", "holder", "year", "amount", "paid_from")
"""Columns of a file of lines; every other column is an outcome, with its share in per cent."""

MONEY = re.compile(r"£?(\d{1,3}(,\d{3})+|\d+)(\.\d+)?")


def partner_maps(parameters: Parameters) -> dict[Path, PartnerMap]:
    """Return every partner map by its file, its lines read and all names in it known.

    Raises
    ------
    ParameterError
        If a file is wrong, names what is not known, or two are for the same area and framework.
    """
    found: dict[Path, PartnerMap] = {}
    for path in sorted((parameters.folder / "partners").glob("*.yml")):
        read = read_model(path, PartnerMap)
        outcomes = _check(parameters, read, paths.shown(path))
        if (table := path.with_suffix(".csv")).exists():
            read = _with_lines(read, table, outcomes)
            _check(parameters, read, paths.shown(table))
        for other, already in found.items():
            if (already.area, already.framework) == (read.area, read.framework):
                raise ParameterError(
                    f"{paths.shown(path)}: {paths.shown(other)} is for {read.area} and "
                    f"{read.framework!r} already; keep one file for both"
                )
        found[path] = read
    return found


def partners_for(parameters: Parameters, framework_id: str, locality: str) -> PartnerMap:
    """Return the partner map of a place, or of the nearest area around it; empty without one."""
    places, place = parameters.places.by_code(), locality
    require_known([locality], places, "partners", "place")
    here = {m.area: m for m in partner_maps(parameters).values() if m.framework == framework_id}
    while place and place not in here:
        place = places[place].parent
    return here[place] if place else PartnerMap(area=locality, framework=framework_id)


def _check(parameters: Parameters, found: PartnerMap, source: str) -> list[str]:
    """Check all names of a map; return the outcomes there are."""
    require_known([found.area], parameters.places.by_code(), source, "place")
    require_framework(parameters, found.framework, source)
    outcomes = [outcome.id for outcome in parameters.framework(found.framework).outcomes]
    if found.governance:
        require_known(found.governance.members, found.partners, f"{source}, governance", "partner")
    for name, partner in found.partners.items():
        require_known(partner.contributes, outcomes, f"{source}, {name}", "outcome")
    for name, pool in found.pools.items():
        require_known(pool.paid_in, found.partners, f"{source}, {name}", "partner")
        require_known(pool.shares, outcomes, f"{source}, {name}", "outcome")
    for name, each in found.interventions.items():
        require_known([each.outcome], outcomes, f"{source}, {name}", "outcome")
        require_known([each.lead], found.partners, f"{source}, {name}", "partner")
        require_known(each.indicators, parameters.indicators, f"{source}, {name}")
    for name, line in found.resources.items():
        require_known([line.holder], found.partners, f"{source}, {name}", "partner")
        require_known(line.shares, outcomes, f"{source}, {name}", "outcome")
    return outcomes


def _with_lines(found: PartnerMap, path: Path, outcomes: list[str]) -> PartnerMap:
    """Return a map with the lines of its CSV file among its resources."""
    source, lines = paths.shown(path), {}
    what = f"{listed(COLUMNS)}, then a column an outcome"
    rows = read_csv(path, COLUMNS, what=what, empty=True, error=ParameterError)
    if rows.columns.has_duplicates:
        raise ParameterError(f"{source}: a column stands twice; keep one of them")
    require_known(rows.columns.drop([*COLUMNS]), outcomes, source, "outcome")
    for at, cells in rows.to_dict("index").items():
        where = f"{source}, line {at}"
        name, line = _line(cells, outcomes, where)
        if name in lines or name in found.resources:
            raise ParameterError(f"{where}: line: {name!r} stands twice; count it once")
        lines[name] = line
    values = found.model_dump() | {
        "resources": {name: r.model_dump() for name, r in (found.resources | lines).items()}
    }
    try:
        return PartnerMap.model_validate(values)
    except ValidationError as error:
        raise ParameterError(explain(error, PartnerMap, source=source)) from None


def _line(cells: dict[str, str], outcomes: list[str], where: str) -> tuple[str, Resource]:
    values = {head: cells[head] for head in COLUMNS[1:]}
    if not MONEY.fullmatch(values["amount"]):
        raise ParameterError(
            f"{where}: amount: got {values['amount']!r}; expected pounds such as 2,100,000"
        )
    values["amount"] = values["amount"].removeprefix("£").replace(",", "")
    values["paid_from"] = values["paid_from"] or None
    values["shares"] = {o: cells[o].removesuffix("%") for o in outcomes if cells.get(o)}
    try:
        return cells["line"], TypeAdapter(Resource).validate_python(values)
    except ValidationError as error:
        raise ParameterError(explain(error, Resource, source=where)) from None
