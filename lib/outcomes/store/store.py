"""The store: tidy tables of many sources in one folder, by vintage. Many read while one adds.

An add writes a new folder beside the old ones, with the series that changed, then a new index,
and then replaces `catalogue.json` in one step: a reader sees the old store or the new one, never
half of either. Adds to one store wait for another.
"""

import hashlib
import json
import shutil
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import pyarrow as pa
from filelock import FileLock

from outcomes.errors import DataError, listed
from outcomes.model import DisclosureRule
from outcomes.paths import shown
from outcomes.store.adding import write_add
from outcomes.store.changes import compare
from outcomes.store.files import SCHEMA, read_series, read_table
from outcomes.store.outlines import outlines
from outcomes.store.vintages import DESCRIPTION, WHERE, empty_index, view
from outcomes.whole import whole

if TYPE_CHECKING:
    import geopandas

CATALOGUE = "catalogue.json"
LOCK = ".lock"
FORMAT = 2
"""Raise it when what is written changes: a store of another format is filled again by an add."""

_EMPTY = {
    "areas": pd.DataFrame(columns=["area_code", "area_name", "levels", "parents", "end"]),
    "neighbours": pd.DataFrame(columns=["area_code", "rank", "neighbour", "model", "closeness"]),
    "population": pd.DataFrame(columns=["area_code", "mid_year", "age", "population"]),
    "classifications": pd.DataFrame(columns=["area_code", "scheme", "category"]),
    "code_changes": pd.DataFrame(columns=["old_code", "new_code", "year"]),
}
"""What a table looks like in a store that holds none of it."""


def today() -> date:
    """Return the day, the same wherever the server stands, on which something is read."""
    return datetime.now(UTC).date()


@dataclass(frozen=True)
class Stored:
    """What an add put into the store: how many series by kind of change, and what was found."""

    changed: bool
    series: dict[str, int] = field(default_factory=dict)
    findings: pd.DataFrame | None = None
    folder: Path | None = None


@dataclass(frozen=True)
class Store:
    """A folder of tidy tables, read by slice. With `as_of`, what was known on that day."""

    name: str
    folder: Path
    how_to_fill: str
    rule: DisclosureRule = field(default_factory=DisclosureRule)
    as_of: date | None = None

    def at(self, as_of: date | None) -> "Store":
        """Return the store as it was known on a day; lists of areas are always the newest."""
        return self if as_of == self.as_of else replace(self, as_of=as_of)

    @cached_property
    def catalogue(self) -> dict[str, list[dict]]:
        """The adds of each source, oldest first: folder, key, rule, day, files and tables."""
        return self._read_catalogue().get("sources", {})

    def _read_catalogue(self) -> dict:
        path = self.folder / CATALOGUE
        if not path.is_file():
            return {}
        try:
            found = json.loads(path.read_text(encoding="utf-8"))
            return found if found["sources"] and found.get("format") == FORMAT else {}
        except (ValueError, KeyError, TypeError) as error:
            raise DataError(
                f"{shown(path)}: not readable ({error}); delete the folder {shown(self.folder)} "
                f"and fill it again: {self.how_to_fill}"
            ) from None

    @cached_property
    def index(self) -> pd.DataFrame:
        """Every vintage of every series, oldest first; columns as `outcomes.store.vintages.INDEX`."""
        return self._read_index()

    def _read_index(self, columns: list[str] | None = None) -> pd.DataFrame:
        name = self._read_catalogue().get("index")
        if not name:
            return empty_index()
        return self._tried(self.folder / name, lambda path: read_table(path, columns))

    @cached_property
    def held(self) -> pd.DataFrame:
        """The vintage of each series that is known as of the store's day, indexed by series."""
        return view(self._read_index(list(WHERE)), self.as_of)

    @property
    def version(self) -> str:
        """A short hash of the contents: the same figures give the same version."""
        series = self.held["fingerprint"].sort_index().to_dict()
        parts = [series, self._tables, str(self.as_of)]
        return hashlib.sha256(json.dumps(parts, sort_keys=True).encode()).hexdigest()[:12]

    def marks(self, series: Iterable[str]) -> dict[str, str]:
        """Return a short hash of all that is known of some series; of one not held, `absent`.

        It changes with any figure of the series, with what is said of it and with the rule for
        small numbers.
        """
        wanted = list(dict.fromkeys(series))
        rows = self._known.reindex([name for name in wanted if name in self._known.index])
        said = {row[0]: repr(row[1:]).encode() for row in rows.itertuples(name=None)}
        return {
            name: hashlib.sha256(said[name]).hexdigest()[:16] if name in said else "absent"
            for name in wanted
        }

    @cached_property
    def _known(self) -> pd.DataFrame:
        """What a series' mark is made of, indexed by series."""
        columns = ["fingerprint", "rule", "known_from", "read_on", *DESCRIPTION]
        return view(self.index, self.as_of)[columns]

    @property
    def state(self) -> tuple:
        """What it holds and as of which day, as a key: the same state has the same contents."""
        return self._read_catalogue().get("index"), self.tables_mark, str(self.as_of)

    @cached_property
    def tables_mark(self) -> str:
        """A short hash of the lists of areas, neighbours, people and the like."""
        said = json.dumps([self._tables, str(self.as_of)], sort_keys=True)
        return hashlib.sha256(said.encode()).hexdigest()[:16]

    @property
    def _tables(self) -> dict[str, dict[str, str]]:
        """The hash of each table but the figures, by source."""
        return {
            name: {table: mark for add in adds for table, mark in add["tables"].items()}
            for name, adds in self.catalogue.items()
        }

    def holds(self, source: str, key: str) -> bool:
        """Whether the newest that the store holds of a source is this, under the same rule."""
        adds = self.catalogue.get(source)
        return bool(adds) and (adds[-1]["key"], adds[-1]["rule"]) == (key, self.rule.text(source))

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

    def observations(
        self, series: Collection[str], areas: Collection[str] | None = None
    ) -> pd.DataFrame:
        """Return the rows of some series, each area's oldest period first.

        Parameters
        ----------
        series : collection of str
            A series that is not held gives no row.
        areas : collection of str, optional
            Only these areas are read; by default all.

        Returns
        -------
        pandas.DataFrame
            Columns as OBSERVATION_COLUMNS. Small numbers are withheld. With `as_of`, no period
            that ends after that day.

        Raises
        ------
        DataError
            If the figures were added under another rule for small numbers.
        """
        wanted = self.held.loc[self.held.index.intersection(list(dict.fromkeys(series)))]
        rows = self._rows(wanted, areas)
        if self.as_of is None:
            return rows
        return rows[rows["period_end"] <= pd.Timestamp(self.as_of)].reset_index(drop=True)

    def _rows(self, wanted: pd.DataFrame, areas: Collection[str] | None = None) -> pd.DataFrame:
        self._require_rule(wanted)
        if wanted.empty:
            return SCHEMA.empty_table().to_pandas()
        paths = [self.folder / path for path in wanted["path"]]
        return self._tried(paths[0], lambda _: read_series(paths, areas))

    def _require_rule(self, wanted: pd.DataFrame) -> None:
        now = wanted["source"].map({source: self.rule.text(source) for source in self.catalogue})
        other = wanted[wanted["rule"] != now]
        if not other.empty:
            first = other.iloc[0]
            raise DataError(
                f"{other.index[0]}: its figures were added under another rule for small numbers "
                f"({first['rule'] or 'none'}) than the settings of the store {self.name!r} now "
                f"have ({now[other.index[0]] or 'none'}), so they are not shown. Add the files "
                f"of {first['source']} again."
            )

    def series(self) -> pd.DataFrame:
        """Return what the publishers say of every series, indexed by series, with `read_on`."""
        return view(self.index, self.as_of)[[*DESCRIPTION, "source", "known_from", "read_on"]]

    def described(self) -> pd.DataFrame:
        """Return the newest description of every series there ever was, withdrawn ones too."""
        return self.index.drop_duplicates("series", keep="last").set_index("series")

    def changes(
        self, source: str, before: date | None = None, after: date | None = None
    ) -> pd.DataFrame:
        """Return which figures of a source changed, by default in its newest add.

        With a day `before`, between what was known on it and what was known on the day `after`,
        or is now. Columns as `outcomes.store.changes.CHANGES`.

        Raises
        ------
        DataError
            If the store holds nothing of that source, or the days stand the wrong way round.
        """
        if source not in self.catalogue:
            raise DataError(
                f"the store {self.name!r} holds nothing of {source!r}; it holds "
                f"{listed(self.catalogue) or 'nothing'}"
            )
        if before and before > (after or date.max):
            raise DataError(f"{before} is later than {after}: what changed goes forward in time")
        newest = self.catalogue[source][-1]["folder"]
        old = view(self.index, before) if before else view(self.index, without=newest)
        new = view(self.index, after)
        old, new = (rows[rows["source"] == source] for rows in (old, new))
        both = old.join(new[["path"]].rename(columns={"path": "other"}), how="outer")
        moved = both.index[both["path"].fillna("") != both["other"].fillna("")]
        parts = [rows.loc[rows.index.intersection(moved)] for rows in (old, new)]
        return compare(*(self._rows(part) for part in parts))

    def areas(self) -> pd.DataFrame:
        """Return every area known: area_code (index), area_name, levels, parents, end."""
        return self._all("areas").drop_duplicates("area_code").set_index("area_code")

    def neighbours(self, model: str) -> pd.DataFrame:
        """Return area_code, rank (1 is nearest), neighbour and closeness of one published model."""
        table = self._all("neighbours")
        return table[table["model"] == model].sort_values(["area_code", "rank"])

    def classifications(self, scheme: str) -> pd.Series:
        """Return each area's category in a published scheme, such as a family group, by code."""
        table = self._all("classifications")
        return table[table["scheme"] == scheme].set_index("area_code")["category"]

    def code_changes(self) -> pd.DataFrame:
        """Return old_code, new_code and year: from that year on, the old code is not in use."""
        return self._all("code_changes").drop_duplicates(["old_code", "new_code"])

    def population(self) -> pd.DataFrame:
        """Return area_code, mid_year (30 June), age and population; none later than `as_of`."""
        people = self._all("population")
        if self.as_of is None:
            return people
        last = self.as_of.year - (self.as_of < date(self.as_of.year, 6, 30))
        return people[people["mid_year"] <= last]

    def boundaries(self) -> "geopandas.GeoDataFrame":
        """Return area_code, level and geometry (longitude, latitude) of every area that has one."""
        import geopandas  # it takes long, and few need it

        frames = [
            self._tried(path, geopandas.read_parquet) for path in self._paths_of("boundaries")
        ]
        return pd.concat(frames, ignore_index=True) if frames else geopandas.GeoDataFrame()

    def outlines(self, areas: Collection[str]) -> dict[str, list[np.ndarray]]:
        """Return the outlines of some areas for a map: see `outcomes.store.outlines`."""
        known = self.boundaries()
        if known.empty:
            return {}
        wanted = known[known["area_code"].isin(list(areas))].drop_duplicates("area_code")
        return outlines(wanted)

    def report(self, source: str, name: str) -> pd.DataFrame:
        """Return what the newest add of a source said: accounts, rejected or findings."""
        path = self.folder / self.catalogue[source][-1]["folder"] / f"{name}.csv"
        return self._tried(path, lambda p: pd.read_csv(p, keep_default_na=False))

    def put(
        self,
        source: str,
        key: str,
        files: dict[str, str],
        tables: dict[str, pd.DataFrame | Iterable[pd.DataFrame]],
        released: date | None = None,
    ) -> Stored:
        """Add one source's tables, whole or not at all; a series that changed is a new vintage.

        Nothing is done if the store holds that key. Waits while another process adds.

        Parameters
        ----------
        source : str
            The connector's name; its series ids begin with it.
        key : str
            Hash of the files and of the code that read them.
        files : dict
            SHA-256 by file.
        tables : dict
            By name. `observations` is one frame, or several one after another, each with whole
            series; it is checked and small numbers are withheld. `series` describes each of them.
        released : date, optional
            The day on which the release came out.

        Raises
        ------
        DataError
            If a table is not tidy or the release is older than what is held; nothing is added.
        """
        self.folder.mkdir(parents=True, exist_ok=True)
        with FileLock(self.folder / LOCK):
            self._look_again()
            if self.holds(source, key):
                return Stored(changed=False)
            number = len(self.catalogue.get(source, ()))
            name = f"{source}-{FORMAT}-{number:03d}-{key[:12]}"
            partial = self.folder / f".{name}.partial"
            shutil.rmtree(partial, ignore_errors=True)
            partial.mkdir()
            try:
                return self._put(source, key, files, tables, released, partial, name)
            finally:
                shutil.rmtree(partial, ignore_errors=True)
                self._look_again()

    def _put(self, source, key, files, tables, released, partial: Path, name: str) -> Stored:
        day = today()
        written = write_add(self, source, tables, partial, name, today=day, released=released)
        entry = {
            "folder": name,
            "key": key,
            "rule": self.rule.text(source),
            "added": day.isoformat(),
            "released": released.isoformat() if released else None,
            "files": files,
            "tables": written.tables,
        }
        final = self.folder / name  # if it is there, a killed add left it: none names it
        if final.exists():
            shutil.rmtree(final)
        partial.rename(final)
        adds = [*self.catalogue.get(source, []), entry]
        self._replace_catalogue({**self.catalogue, source: adds}, written.index)
        change = written.index.loc[written.index["add"] == name, "change"].value_counts()
        return Stored(True, change.to_dict(), written.findings, final)

    def _look_again(self) -> None:
        for name in ("catalogue", "index", "held", "_known", "tables_mark"):
            self.__dict__.pop(name, None)

    def _replace_catalogue(self, sources: dict, index: pd.DataFrame) -> None:
        newest = sorted(adds[-1]["folder"] for adds in sources.values())
        name = f"index-{hashlib.sha256(json.dumps(newest).encode()).hexdigest()[:12]}.parquet"
        index.to_parquet(self.folder / name, index=False)
        content = {"format": FORMAT, "index": name, "sources": sources}
        with whole(self.folder / CATALOGUE) as partial:
            partial.write_text(json.dumps(content, indent=1), encoding="utf-8")
        self._look_again()
        self._sweep({name, *index["path"].str.split("/").str[0]})

    def _sweep(self, kept: set[str]) -> None:
        """Remove what the catalogue no longer leads to, and what killed adds left."""
        kept = kept | {adds[-1]["folder"] for adds in self.catalogue.values()}
        kept |= {
            path.parent.name for table in (*_EMPTY, "boundaries") for path in self._paths_of(table)
        }
        for old in self.folder.iterdir():
            left = old.name.endswith(".partial")
            if old.is_dir():
                if left or not (old.name in kept or old.name.startswith(".")):
                    shutil.rmtree(old, ignore_errors=True)
            elif left or (old.suffix == ".parquet" and old.name not in kept):
                old.unlink(missing_ok=True)

    def _paths_of(self, table: str) -> list[Path]:
        """Return where each source's newest version of a table lies."""
        return [
            self.folder / holding[-1]["folder"] / f"{table}.parquet"
            for adds in self.catalogue.values()
            if (holding := [add for add in adds if table in add["tables"]])
        ]

    def _tried(self, path: Path, read: Callable):
        """Return what a reading function gives, or say what is wrong with the store."""
        before = self.catalogue
        try:
            return read(path)
        except (pa.ArrowException, OSError, ValueError) as error:
            if self._read_catalogue().get("sources", {}) != before:
                raise DataError(
                    f"the store {self.name!r} was filled anew while it was being read; start again"
                ) from None
            reason = str(error).splitlines()[0]
            raise DataError(
                f"{shown(path)}: not readable ({reason}); delete the folder "
                f"{shown(self.folder)} and fill it again: {self.how_to_fill}"
            ) from None

    def _all(self, table: str) -> pd.DataFrame:
        frames = [self._tried(path, read_table) for path in self._paths_of(table)]
        frames = [frame for frame in frames if not frame.empty]
        return pd.concat(frames, ignore_index=True) if frames else _EMPTY[table].copy()
