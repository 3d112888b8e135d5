"""Adds a publisher's files to a store: once, whole or not at all, with an account of each row."""

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pandas as pd

from outcomes import paths
from outcomes.errors import DataError, ParameterError, hint
from outcomes.parameters import load_parameters
from outcomes.sources import (
    cpop,
    els,
    fingertips,
    lait,
    own,
    population,
    respondents,
    trafford,
)
from outcomes.sources.reading import Reading, hash_files
from outcomes.store import RULES, Store, Stored, open_store

SOURCES = {
    module.NAME: module
    for module in (cpop, els, fingertips, lait, own, population, respondents, trafford)
}

MOST_REASONS = 10
"""Reasons that a summary names; the file of rejected rows has them all."""


@dataclass(frozen=True)
class Added:
    """What an add did with every row, which series changed, and what an analyst should look at."""

    source: str
    reading: Reading | None = None
    stored: Stored = Stored(changed=False)

    @property
    def changed(self) -> bool:
        """Whether anything was added."""
        return self.stored.changed

    def summary(self) -> str:
        """Return one or more lines for the terminal: the reconciliation, changes, warnings."""
        if not self.changed:
            return f"{self.source}: these files are in the store already; nothing to do"
        return "\n".join([*self._rows(), *self._series(), *self._findings()])

    def _rows(self) -> list[str]:
        total = self.reading.accounts.drop(columns="dataset").sum()
        lines = [
            f"{self.source}: {total['read']:,} rows read = {total['kept']:,} kept + "
            f"{total['duplicate']:,} duplicate + {total['rejected']:,} rejected"
        ]
        counts = self.reading.rejected["reason"].value_counts()
        shown = counts.head(MOST_REASONS)
        lines += [f"  {count:,} because {reason}" for reason, count in shown.items()]
        if len(counts) > len(shown):
            lines.append(f"  {counts[len(shown) :].sum():,} for {len(counts) - len(shown)} others")
        if len(counts):
            lines.append(f"  every one of them: {self._file('rejected')}")
        return lines

    def _series(self) -> list[str]:
        words = {
            "first": "new",
            "revised": "revised",
            "described": "described anew",
            "withdrawn": "withdrawn",
        }
        changes = self.stored.series
        said = [f"{changes[kind]} {word}" for kind, word in words.items() if changes.get(kind)]
        held = self.reading.series["series"].nunique()
        if not held:
            return []
        lines = [f"  {held} series: {', '.join(said) or 'none changed'}"]
        if changes.get("revised") or changes.get("withdrawn"):
            lines.append(f"  what changed: outcomes data diff {self.source}")
        return lines

    def _findings(self) -> list[str]:
        counts = self.stored.findings["rule"].value_counts()
        lines = [f"  to look at: {count:,} {RULES[rule]}" for rule, count in counts.items()]
        return [*lines, f"  every one of them: {self._file('findings')}"] if lines else []

    def _file(self, report: str) -> str:
        return paths.shown(self.stored.folder / f"{report}.csv")


def add(source: str, path: Path, store: Store, released: date | None = None) -> Added:
    """Read a publisher's files into a store; the same files again change nothing.

    Parameters
    ----------
    source : str
        A connector's name.
    path : Path
        Its files, a folder or one file.
    store : Store
    released : date, optional
        The day on which this release came out; by default what the publisher says, else today.

    Raises
    ------
    ParameterError
        If no connector has that name.
    DataError
        If a file is missing, cut short or of another layout, or no row can be kept; the store is
        then as it was.
    """
    if source not in SOURCES:
        raise ParameterError(f"there is no source {source!r}{hint(source, SOURCES)}")
    connector = SOURCES[source]
    hashes = _hashes(connector, path)
    areas = store.areas().reset_index() if connector.NEEDS_AREAS else None
    key = _key(hashes, areas)
    if store.holds(source, key):
        return Added(source)
    reading = _adds_up(source, connector.read(path, areas))
    if not reading.kept:
        raise DataError(f"{source}: {_why_nothing(reading.rejected)}. Nothing was added.")
    tables = {"accounts": reading.accounts, "rejected": reading.rejected, **reading.tables}
    if not reading.observations.empty:
        tables |= {"observations": reading.observations, "series": _cited(source, reading.series)}
    return Added(source, reading, store.put(source, key, hashes, tables, released))


def _cited(source: str, series: pd.DataFrame) -> pd.DataFrame:
    """Return what is said of each series with the licence and attribution that the register has."""
    entry = load_parameters().sources.get(source)
    if entry is None:
        return series
    licence = series["licence"].where(series["licence"] != "", entry.licence)
    return series.assign(licence=licence, attribution=entry.attribution)


def _hashes(connector, path: Path) -> dict[str, str]:
    """Return a hash of everything that is read; a query has no file and gives its own."""
    if hasattr(connector, "hashes"):
        return connector.hashes(path)
    return hash_files(connector.files(path), path if path.is_dir() else path.parent)


def _adds_up(source: str, reading: Reading) -> Reading:
    """Return the reading if every row that was read is accounted for once."""
    total = reading.accounts.drop(columns="dataset").sum()
    not_kept = total["duplicate"] + total["rejected"]
    held = len(reading.observations) + len(reading.tables.get("population", ()))
    if total["read"] != total["kept"] + not_kept or len(reading.rejected) != not_kept:
        raise DataError(
            f"{source}: {total['read']:,} rows were read, but {total['kept']:,} kept and "
            f"{len(reading.rejected):,} not; the connector loses count. Nothing was added."
        )
    if held > total["kept"]:
        raise DataError(
            f"{source}: {held:,} figures of {total['kept']:,} rows; the connector makes figures "
            "up. Nothing was added."
        )
    return reading


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
    files = sorted(Path(__file__).parent.rglob("*.py"))
    code = [path for path in files if path.parent.name != "fetch"]
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
    parameters = load_parameters()
    known = parameters.store_ids()
    if name not in known:
        near = hint(name, known)
        raise ParameterError(f"there is no store {name!r} in parameters/stores{near}")
    return open_store(name, parameters.store(name).disclosure)


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
