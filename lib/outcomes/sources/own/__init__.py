"""A council's own data, by a mapping file: CSV, Excel or one SQL query, long or wide.

The path is a mapping file, `something.yml`, or a folder of them. Never writes anything.
"""

import hashlib
import json
import os
from pathlib import Path

import pandas as pd

from outcomes.errors import DataError, ParameterError, did_you_mean
from outcomes.model.mapping import Mapping
from outcomes.parameters import read_model
from outcomes.paths import shown
from outcomes.sources.own.propose import propose
from outcomes.sources.own.sql import read_query
from outcomes.sources.own.tables import Table, read_table
from outcomes.sources.own.tidy import NAME, read_tidy
from outcomes.sources.reading import Reading
from outcomes.sources.settle import join
from outcomes.whole import whole

__all__ = ["NAME", "NEEDS_AREAS", "files", "hashes", "propose", "read", "write_proposal"]

NEEDS_AREAS = True


def write_proposal(path: Path, out: Path) -> None:
    """Write the mapping that `propose` gives for a file into a new file, whole or not at all.

    Raises
    ------
    ParameterError
        If there is a file of that name.
    DataError
        As `propose`.
    """
    if out.exists():
        raise ParameterError(f"{shown(out)} is there already; choose another name with --out")
    proposed = propose(path)
    named, beside = (
        f"file: {json.dumps(name, ensure_ascii=False)}"
        for name in (path.name, Path(os.path.relpath(path, out.resolve().parent)).as_posix())
    )
    proposed = proposed.replace(named, beside, 1)
    out.parent.mkdir(parents=True, exist_ok=True)
    with whole(out) as partial:
        partial.write_text(proposed, encoding="utf-8")


def files(path: Path) -> list[Path]:
    """Return every file that `read` will read: the mappings, and the tables that they name.

    Raises
    ------
    ParameterError
        If a mapping is missing or wrong, or two have the same id.
    DataError
        If a folder holds no mapping, or a mapping's file is missing.
    """
    mappings = _mappings(path)
    return [*mappings, *(_file(at, one) for at, one in mappings.items() if one.file)]


def hashes(path: Path) -> dict[str, str]:
    """Return the SHA-256 of each file by its name in the mappings, and of each query's rows.

    The order of a query's rows does not count; the address of the database is not part of it.

    Raises
    ------
    ParameterError, DataError
        As `files`; also if a query fails.
    """
    found = {}
    for at, mapping in _mappings(path).items():
        found[at.name] = hashlib.sha256(at.read_bytes()).hexdigest()
        if mapping.file:
            found[mapping.file] = hashlib.sha256(_file(at, mapping).read_bytes()).hexdigest()
        else:
            frame = read_query(at, mapping).frame
            rows = [list(frame.columns), *sorted(frame.to_numpy().tolist())]
            found[f"{at.name}, query"] = hashlib.sha256(json.dumps(rows).encode()).hexdigest()
    return found


def read(path: Path, areas: pd.DataFrame | None = None) -> Reading:
    """Return the tables of all mappings as tidy rows.

    Parameters
    ----------
    path : Path
        A mapping file, or a folder of them.
    areas : pandas.DataFrame, optional
        The store's list, by which names become codes; without it there must be codes.

    Raises
    ------
    ParameterError, DataError
        As `files`; also if a table cannot be read, or lacks a column that its mapping names.
    """
    if areas is None:
        areas = pd.DataFrame(columns=["area_code", "area_name", "levels", "end"], dtype="str")
    return join(read_tidy(_table(at, m), m, areas) for at, m in _mappings(path).items())


def _mappings(path: Path) -> dict[Path, Mapping]:
    paths = sorted(path.glob("*.yml")) if path.is_dir() else [path]
    if not paths:
        raise DataError(
            f"{shown(path)}: no mapping in it; expected files such as residents-survey.yml. "
            "'outcomes data map FILE' proposes one. Nothing was added."
        )
    found: dict[Path, Mapping] = {}
    for at in paths:
        mapping = read_model(at, Mapping)
        for other, seen in found.items():
            if seen.id == mapping.id:
                raise DataError(
                    f"{shown(at)}: the id {mapping.id!r} is that of {shown(other)} already; each "
                    "mapping has its own. Nothing was added."
                )
        found[at] = mapping
    return found


def _file(at: Path, mapping: Mapping) -> Path:
    file = at.parent / mapping.file
    if not file.is_file():
        hint = did_you_mean(mapping.file, [beside.name for beside in at.parent.iterdir()])
        raise DataError(f"{shown(at)}: no file {mapping.file!r}{hint or '.'} Nothing was added.")
    return file


def _table(at: Path, mapping: Mapping) -> Table:
    return read_table(_file(at, mapping), mapping) if mapping.file else read_query(at, mapping)
