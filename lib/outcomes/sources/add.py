"""Adds a publisher's files to a store: once, whole or not at all, with an account of each row."""

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from outcomes import paths
from outcomes.errors import DataError, ParameterError, did_you_mean, listed
from outcomes.parameters import load_parameters
from outcomes.sources import els, lait, population
from outcomes.sources.reading import hash_files
from outcomes.store import Store, open_store

SOURCES = {module.NAME: module for module in (els, lait, population)}


@dataclass(frozen=True)
class Added:
    """What an add did: how many rows were kept and rejected, and why."""

    source: str
    changed: bool
    rows: int = 0
    series: int = 0
    rejected: pd.DataFrame | None = None

    def summary(self) -> str:
        """Return one or more lines for the terminal."""
        if not self.changed:
            return f"{self.source}: these files are in the store already; nothing to do"
        lines = [f"{self.source}: {self.rows:,} rows kept"]
        if self.series:
            lines[0] += f" of {self.series} series"
        if len(self.rejected):
            lines[0] += f", {len(self.rejected):,} not kept:"
            counts = self.rejected["reason"].value_counts()
            lines += [f"  {count:,} because {reason}" for reason, count in counts.items()]
        return "\n".join(lines)


def add(source: str, path: Path, store: Store) -> Added:
    """Read a publisher's files into a store; the same files again change nothing.

    Raises
    ------
    ParameterError
        If no connector has that name.
    DataError
        If a file is missing, cut short or of another layout, or no row can be kept; the store is
        then as it was.
    """
    if source not in SOURCES:
        hint = did_you_mean(source, SOURCES) or f"; there are: {listed(SOURCES)}"
        raise ParameterError(f"there is no source {source!r}{hint}")
    connector = SOURCES[source]
    hashes = hash_files(connector.files(path), path if path.is_dir() else path.parent)
    areas = store.areas().reset_index() if connector.NEEDS_AREAS else None
    key = _key(hashes, areas)
    if store.holds(source, key):
        return Added(source, changed=False)
    reading = connector.read(path, areas)
    if not reading.kept:
        raise DataError(f"{source}: {_why_nothing(reading.rejected)}. Nothing was added.")
    tables = {"rejected": reading.rejected, **reading.tables}
    if not reading.observations.empty:
        tables |= {"observations": reading.observations, "series": reading.series}
    store.put(source, key, hashes, tables)
    return Added(
        source,
        changed=True,
        rows=reading.kept,
        series=reading.series["series"].nunique(),
        rejected=reading.rejected,
    )


def _why_nothing(rejected: pd.DataFrame) -> str:
    if rejected.empty:
        return "the files hold no row"
    first = rejected.iloc[0]
    return (
        f"none of {len(rejected):,} rows can be kept; the first is {first['file']}, "
        f"line {first['line']}: {first['reason']}"
    )


def _key(hashes: dict[str, str], areas: pd.DataFrame | None) -> str:
    """Return a hash of the files, of this folder's code, and of the area list if it is used.

    A file counts by its name within the folder and its contents, since a dataset's series bear its
    name; where the folder stands does not count.
    """
    code = sorted(Path(__file__).parent.glob("*.py"))
    parts = [sorted(hashes.items()), [hashlib.sha256(p.read_bytes()).hexdigest() for p in code]]
    if areas is not None:
        listed_areas = areas[["area_code", "area_name", "levels", "end"]].to_csv(index=False)
        parts.append(listed_areas)
    return hashlib.sha256(json.dumps(parts).encode()).hexdigest()


def open_known_store(name: str) -> Store:
    """Return a store that parameters/stores describes.

    Raises
    ------
    ParameterError
        If there is no such file, with the nearest name.
    """
    known = load_parameters().store_ids()
    if name not in known:
        hint = did_you_mean(name, known) or f"; there are: {listed(known)}"
        raise ParameterError(f"there is no store {name!r} in parameters/stores{hint}")
    return open_store(name)


def build(name: str) -> Iterator[Added]:
    """Add everything that a store's settings list under contents, and say what each add did.

    Raises
    ------
    ParameterError, DataError
        As `add`; also if the settings list nothing.
    """
    store = open_known_store(name)
    contents = load_parameters().store(name).contents
    if not contents:
        raise DataError(
            f"parameters/stores/{name}.yml lists no contents. List them there, or add a "
            f"publisher's files: outcomes data add els PATH --store {name}"
        )
    for content in contents:
        yield add(content.source, paths.home() / content.path, store)
