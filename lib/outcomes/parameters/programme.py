"""Programmes, a file each in programmes/: read, checked against each other, and written once."""

import re
from pathlib import Path

from outcomes import paths
from outcomes.errors import ParameterError
from outcomes.model.programme import Programme
from outcomes.parameters.library import Parameters
from outcomes.parameters.names import require_framework, require_known
from outcomes.parameters.written import write_whole, yaml_text
from outcomes.parameters.yaml_files import read_model

HEAD = "# yaml-language-server: $schema=../schemas/programme.json\n"


def programme_ids(parameters: Parameters) -> list[str]:
    """Return the ids of the programmes there are, which are the names of their files."""
    return sorted(path.stem for path in (parameters.folder / "programmes").glob("*.yml"))


def programme(parameters: Parameters, name: str) -> Programme:
    """Return a programme, its framework known and its round before an earlier year's.

    Raises
    ------
    ParameterError
        If there is no such programme, or its file is not right.
    """
    known = programme_ids(parameters)
    require_known([name], known, "programme", "programme")
    path = _path(parameters, name)
    found = read_model(path, Programme)
    if found.framework:
        require_framework(parameters, found.framework, paths.shown(path))
    if found.previous is not None:
        require_known([found.previous], known, paths.shown(path), "previous programme")
        before = read_model(_path(parameters, found.previous), Programme)
        if before.year >= found.year:
            raise ParameterError(
                f"{paths.shown(path)}: previous: {found.previous!r} is of {before.year}; expected a "
                f"year before {found.year}"
            )
    return found


def programmes(parameters: Parameters) -> dict[str, Programme]:
    """Return every programme by id, each checked."""
    return {name: programme(parameters, name) for name in programme_ids(parameters)}


def write_programme(parameters: Parameters, name: str, made: Programme) -> Path:
    """Write a new programme and return its file; one that is there is never overwritten."""
    if not re.fullmatch(r"[a-z][a-z0-9_]*", name):
        raise ParameterError(
            f"programme: got {name!r} as its name; expected a word in lower case, joined by "
            "underscores, such as ours_2027"
        )
    path = _path(parameters, name)
    if path.exists():
        raise ParameterError(f"{paths.shown(path)}: it is there already; give another name")
    values = made.model_dump(mode="json", exclude_defaults=True)
    write_whole(path, HEAD + yaml_text(values))
    return path


def _path(parameters: Parameters, name: str) -> Path:
    return parameters.folder / "programmes" / f"{name}.yml"
