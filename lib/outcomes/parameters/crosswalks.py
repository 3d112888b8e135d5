"""Cross-walks between frameworks: parameters/crosswalks/<local>__<national>.yml."""

from pathlib import Path

from outcomes import paths
from outcomes.errors import ParameterError
from outcomes.model.crosswalk import Crosswalk, SideBySide
from outcomes.parameters import names
from outcomes.parameters.library import Parameters
from outcomes.parameters.yaml_files import read_model


def crosswalks(parameters: Parameters) -> dict[tuple[str, str], Crosswalk]:
    """Return every cross-walk by its local and national framework; all names known.

    Raises
    ------
    ParameterError
        If a file is not named after two frameworks, or a link names an unknown outcome.
    """
    files = sorted((parameters.folder / "crosswalks").glob("*.yml"))
    return {(*path.stem.split("__"),): _read(parameters, path) for path in files}


def _read(parameters: Parameters, path: Path) -> Crosswalk:
    source, pair = paths.shown(path), path.stem.split("__")
    if len(pair) != 2 or pair[0] == pair[1]:
        raise ParameterError(
            f"{source}: expected the names of two frameworks joined by two underscores, such as "
            "portsmouth_8__every_child_matters.yml"
        )
    known = {}
    for side, name in zip(("local", "national"), pair, strict=True):
        names.require_framework(parameters, name, source)
        known[side] = [outcome.id for outcome in parameters.framework(name).outcomes]
    found = read_model(path, Crosswalk)
    for number, link in enumerate(found.links, start=1):
        where = f"{source}, link {number}"
        names.require_known([link.local], known["local"], where, f"outcome of {pair[0]}")
        names.require_known([link.national], known["national"], where, f"outcome of {pair[1]}")
    return found


def side_by_side(parameters: Parameters, local: str, national: str) -> SideBySide:
    """Return two frameworks beside each other, with what links them and what they share.

    Raises
    ------
    ParameterError
        If a framework is unknown or there is no cross-walk between the two.
    """
    for name in (local, national):
        names.require_framework(parameters, name, "cross-walk")
    found = crosswalks(parameters)
    names.require_known(
        [f"{local}__{national}"], ["__".join(pair) for pair in found], "parameters/crosswalks",
        "cross-walk",
    )  # fmt: skip
    ours, theirs = parameters.framework(local), parameters.framework(national)
    shared = [name for name in ours.indicator_ids() if name in theirs.indicator_ids()]
    return SideBySide(ours, theirs, found[local, national], tuple(shared))
