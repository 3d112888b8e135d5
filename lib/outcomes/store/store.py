"""The Parquet store: one folder a source and version, named by a catalogue that is swapped whole.

An add writes a new folder beside the old one and then replaces `catalogue.json` in one step, so a
reader sees the old store or the new one, never half of either. Adds to one store wait for another.
"""

import hashlib
import json
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path

import geopandas
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
from filelock import FileLock

from outcomes.errors import DataError
from outcomes.model import OBSERVATION_COLUMNS
from outcomes.paths import shown
from outcomes.store.checks import check_observations

CATALOGUE = "catalogue.json"
LOCK = ".lock"
OBSERVATIONS = "observations"
FORMAT = 1
"""Raise it when what is written changes: a store of another format is filled again by an add."""

_TYPES = {
    **dict.fromkeys(("period_start", "period_end"), pa.timestamp("ms")),
    **dict.fromkeys(
        ("series", "area_code", "period", "status", "note", "group_kind", "group"), pa.string()
    ),
}
SCHEMA = pa.schema([(name, _TYPES.get(name, pa.float64())) for name in OBSERVATION_COLUMNS])
"""The types of the tidy table, the same for every source."""
_EMPTY = {
    OBSERVATIONS: SCHEMA.empty_table().to_pandas(),
    "series": pd.DataFrame(columns=["series", "title", "publisher", "url", "published"]),
    "areas": pd.DataFrame(columns=["area_code", "area_name", "levels", "parents", "end"]),
    "neighbours": pd.DataFrame(columns=["area_code", "rank", "neighbour", "model", "closeness"]),
    "population": pd.DataFrame(columns=["area_code", "mid_year", "age", "population"]),
}
"""What a table looks like in a store that holds none of it."""


def _read_table(path: Path, filters: list | None = None) -> pd.DataFrame:
    return pq.read_table(path, filters=filters, partitioning=None).to_pandas()


@dataclass(frozen=True)
class Store:
    """A folder of tidy tables, read by slice. Many may read while one adds."""

    name: str
    folder: Path
    how_to_fill: str

    @cached_property
    def catalogue(self) -> dict[str, dict]:
        """What the store holds, by source: folder, key, date added, files and their hashes."""
        return self._read_catalogue()

    def _read_catalogue(self) -> dict[str, dict]:
        path = self.folder / CATALOGUE
        if not path.is_file():
            return {}
        try:
            return json.loads(path.read_text(encoding="utf-8"))["sources"]
        except (ValueError, KeyError, TypeError) as error:
            raise DataError(
                f"{shown(path)}: not readable ({error}); delete the folder {shown(self.folder)} "
                f"and fill it again: {self.how_to_fill}"
            ) from None

    @property
    def version(self) -> str:
        """A short hash of the contents: the same figures give the same version."""
        keys = {name: entry["key"] for name, entry in self.catalogue.items()}
        return hashlib.sha256(json.dumps(keys, sort_keys=True).encode()).hexdigest()[:12]

    def holds(self, source: str, key: str) -> bool:
        """Whether the store already holds this version of a source."""
        entry = self.catalogue.get(source, {})
        return (entry.get("key"), entry.get("format")) == (key, FORMAT)

    def require_filled(self) -> "Store":
        """Return the store itself if there is anything in it.

        Raises
        ------
        DataError
            Saying how to fill it.
        """
        if not self.catalogue:
            raise DataError(f"the store {self.name!r} is empty. Fill it with: {self.how_to_fill}")
        return self

    def observations(self, series: list[str]) -> pd.DataFrame:
        """Return every row of some series, all areas, each area's oldest period first.

        Columns as in `outcomes.model.OBSERVATION_COLUMNS`; a series that is not held gives no row.
        """
        parts = [
            self._read(source, OBSERVATIONS, filters=[("series", "in", wanted)])
            for source, entry in self.catalogue.items()
            if OBSERVATIONS in entry["tables"]
            and (wanted := [s for s in series if s.startswith(f"{source}/")])
        ]
        found = [part for part in parts if not part.empty]
        return pd.concat(found, ignore_index=True) if found else _EMPTY[OBSERVATIONS].copy()

    def series(self) -> pd.DataFrame:
        """Return what the publishers say of every series, indexed by series, with `read_on`."""
        return self._all("series").set_index("series")

    def areas(self) -> pd.DataFrame:
        """Return every area known: area_code (index), area_name, levels, parents, end."""
        return self._all("areas").set_index("area_code")

    def neighbours(self, model: str) -> pd.DataFrame:
        """Return area_code, rank (1 is nearest), neighbour and closeness of one published model."""
        table = self._all("neighbours")
        if table.empty:
            return table
        return table[table["model"] == model].sort_values(["area_code", "rank"])

    def population(self) -> pd.DataFrame:
        """Return area_code, mid_year, age and population."""
        return self._all("population")

    def boundaries(self) -> geopandas.GeoDataFrame:
        """Return area_code, level and geometry (longitude, latitude) of every area that has one."""
        frames = [
            self._read(source, "boundaries", read=geopandas.read_parquet)
            for source, entry in self.catalogue.items()
            if "boundaries" in entry["tables"]
        ]
        return pd.concat(frames, ignore_index=True) if frames else geopandas.GeoDataFrame()

    def put(self, source: str, key: str, files: dict[str, str], tables: dict) -> None:
        """Add one source's tables in place of what the store holds of it, whole or not at all.

        Nothing is done if it holds that key. Waits while another process adds to the store.

        Parameters
        ----------
        source : str
            The connector's name; its series ids begin with it.
        key : str
            Hash of the files and of the code that read them.
        files : dict
            SHA-256 by file.
        tables : dict of pandas.DataFrame
            By name; `observations` is checked and written a row group a series.
        """
        self.folder.mkdir(parents=True, exist_ok=True)
        with FileLock(self.folder / LOCK):
            self._look_again()
            if self.holds(source, key):
                return
            entry = {
                "folder": f"{source}-{FORMAT}-{key[:12]}",
                "key": key,
                "format": FORMAT,
                "added": datetime.now(UTC).date().isoformat(),
                "files": files,
                "tables": sorted(tables),
            }
            self._write_folder(entry["folder"], tables)
            self._replace_catalogue({**self.catalogue, source: entry})

    def _look_again(self) -> None:
        self.__dict__.pop("catalogue", None)

    def _write_folder(self, name: str, tables: dict) -> None:
        partial = self.folder / f".{name}.partial"
        shutil.rmtree(partial, ignore_errors=True)
        partial.mkdir()
        try:
            for table_name, table in tables.items():
                _write(table, partial / f"{table_name}.parquet")
            final = self.folder / name  # if it is there, a killed add left it: none names it
            if final.exists():
                shutil.rmtree(final)
            partial.rename(final)
        finally:
            shutil.rmtree(partial, ignore_errors=True)

    def _replace_catalogue(self, sources: dict) -> None:
        partial = self.folder / f".{CATALOGUE}.partial"
        partial.write_text(json.dumps({"sources": sources}, indent=1), encoding="utf-8")
        partial.replace(self.folder / CATALOGUE)
        self._look_again()
        self._sweep({entry["folder"] for entry in sources.values()})

    def _sweep(self, kept: set[str]) -> None:
        """Remove the versions that the catalogue no longer names, and what killed adds left."""
        for old in self.folder.iterdir():
            left = old.name.endswith(".partial")
            if old.is_dir():
                if left or not (old.name in kept or old.name.startswith(".")):
                    shutil.rmtree(old, ignore_errors=True)
            elif left:
                old.unlink(missing_ok=True)

    def _path(self, source: str, table: str) -> Path:
        return self.folder / self.catalogue[source]["folder"] / f"{table}.parquet"

    def _read(self, source: str, table: str, read: Callable = _read_table, **options):
        path = self._path(source, table)
        try:
            return read(path, **options)
        except (pa.ArrowException, OSError, ValueError) as error:
            if self._read_catalogue() != self.catalogue:
                raise DataError(
                    f"the store {self.name!r} was filled anew while it was being read; start again"
                ) from None
            reason = str(error).splitlines()[0]
            raise DataError(
                f"{shown(path)}: not readable ({reason}); delete the folder "
                f"{shown(self.folder)} and fill it again: {self.how_to_fill}"
            ) from None

    def _all(self, table: str) -> pd.DataFrame:
        frames = [
            self._read(source, table).assign(read_on=entry["added"])
            for source, entry in self.catalogue.items()
            if table in entry["tables"]
        ]
        frames = [frame for frame in frames if not frame.empty]
        return pd.concat(frames, ignore_index=True) if frames else _EMPTY[table].copy()


def _write(table: pd.DataFrame, path: Path) -> None:
    if path.stem != OBSERVATIONS:
        table.to_parquet(path, index=False)
        return
    rows = check_observations(table).sort_values(["series", "area_code", "period_start"])
    arrow = pa.Table.from_pandas(rows, schema=SCHEMA, preserve_index=False)
    with pq.ParquetWriter(path, SCHEMA, compression="zstd") as writer:
        starts = rows["series"].ne(rows["series"].shift()).to_numpy().nonzero()[0]
        for start, stop in zip(starts, [*starts[1:], len(rows)], strict=True):
            writer.write_table(arrow.slice(start, stop - start))
