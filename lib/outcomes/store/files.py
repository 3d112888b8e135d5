"""How the store's tables lie on disk: types, writing, reading, fingerprints."""

import hashlib
import json
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from outcomes.errors import DataError
from outcomes.model import OBSERVATION_COLUMNS, OBSERVATION_KEY
from outcomes.paths import shown
from outcomes.whole import whole

_TYPES = {
    **dict.fromkeys(("period_start", "period_end"), pa.timestamp("ms")),
    **dict.fromkeys(
        ("series", "area_code", "period", "status", "note", "group_kind", "group"), pa.string()
    ),
}
SCHEMA = pa.schema([(name, _TYPES.get(name, pa.float64())) for name in OBSERVATION_COLUMNS])
"""The types of the tidy table, the same for every source."""

SMALL = 32_768
"""Rows up to which a series is read whole: cheaper than choosing among parts of it."""
ROW_GROUP = 4_096
"""Rows of a bigger one that are read or passed over together, so that a few areas cost little."""

ABOUT = b"outcomes"
"""Where a file says what is the same in all its rows, and at which area each row group begins."""


def each_series(table: pd.DataFrame) -> Iterator[tuple[str, pd.DataFrame]]:
    """Yield every series of a tidy table with its rows, both in order."""
    rows = table.sort_values(OBSERVATION_KEY, ignore_index=True)
    starts = rows["series"].ne(rows["series"].shift()).to_numpy().nonzero()[0]
    names = rows["series"].to_numpy()
    for start, stop in zip(starts, [*starts[1:], len(rows)], strict=True):
        yield names[start], rows.iloc[start:stop]


def fingerprint(rows: pd.DataFrame) -> str:
    """Return a hash of one series' rows: the same figures give the same one, on any machine."""
    digest = hashlib.sha256()
    for name in OBSERVATION_COLUMNS:
        column = rows[name]
        if pa.types.is_string(SCHEMA.field(name).type):
            content = "\x1f".join(column.tolist()).encode()
        elif pa.types.is_floating(SCHEMA.field(name).type):
            values = column.to_numpy(dtype="float64")
            content = (np.where(np.isnan(values), np.nan, values) + 0.0).tobytes()
        else:
            content = column.to_numpy(dtype="datetime64[ms]").astype("int64").tobytes()
        digest.update(content)
        digest.update(b"\x1e")
    return digest.hexdigest()[:16]


def write_series(rows: pd.DataFrame, path: Path) -> None:
    """Write the rows of one series, which are in order."""
    table = pa.Table.from_pandas(rows, schema=SCHEMA, preserve_index=False)
    constant = {}
    for name in SCHEMA.names:
        values = pc.unique(table[name])
        if len(values) == 1 and (pa.types.is_string(values.type) or not values[0].is_valid):
            constant[name] = values[0].as_py()
    group = SMALL if len(rows) <= SMALL else ROW_GROUP
    begins = rows["area_code"].iloc[::group].tolist()
    about = json.dumps({"constant": constant, "begins": begins})
    table = table.replace_schema_metadata({ABOUT: about})
    pq.write_table(table, path, compression="zstd", row_group_size=group)


def read_series(paths: list[Path], areas: Iterable[str] | None = None) -> pd.DataFrame:
    """Return the rows of some series in the order of their files; with `areas`, of those only."""
    wanted = None if areas is None else sorted(set(areas))
    return pa.concat_tables(_read_one(path, wanted) for path in paths).to_pandas()


def _read_one(path: Path, areas: list[str] | None) -> pa.Table:
    """Return one series; what is the same in all its rows is not read but filled in."""
    with pq.ParquetFile(path, memory_map=True) as file:
        about = json.loads(file.schema_arrow.metadata[ABOUT])
        groups = list(range(file.num_row_groups))
        if areas is not None:
            groups = _holding(areas, about["begins"])
        columns = [name for name in SCHEMA.names if name not in about["constant"]]
        table = file.read_row_groups(groups, columns=columns, use_threads=len(groups) > 1)
    for name, value in about["constant"].items():
        filled = pa.repeat(pa.scalar(value, SCHEMA.field(name).type), len(table))
        table = table.append_column(name, filled)
    table = table.select(SCHEMA.names).replace_schema_metadata(None)
    if areas is None:
        return table
    return table.filter(pc.is_in(table["area_code"], pa.array(areas, pa.string())))


def _holding(areas: list[str], begins: list[str]) -> list[int]:
    """Return the row groups that may hold some areas, both sorted by code."""
    found: set[int] = set()
    for area in areas:
        last = bisect_right(begins, area) - 1
        first = max(bisect_left(begins, area) - 1, 0)
        found |= set(range(first, last + 1))
    return sorted(found)


def read_table(path: Path, columns: list[str] | None = None) -> pd.DataFrame:
    """Return any other table, or some columns of it."""
    with pq.ParquetFile(path, memory_map=True) as file:
        return file.read(columns=columns).to_pandas()


def harmless(table: pd.DataFrame) -> pd.DataFrame:
    """Return a table in which no text is a formula to a spreadsheet: such text begins with '."""
    words = table.select_dtypes(["object", "str"])
    risky = {name: values.str.match(r"[=+\-@\t\r]", na=False) for name, values in words.items()}
    return table.assign(**{n: words[n].where(~risk, "'" + words[n]) for n, risk in risky.items()})


def write_csv(table: pd.DataFrame, path: Path) -> None:
    """Write a table that a spreadsheet opens as it is; whole or not at all.

    Raises
    ------
    DataError
        If it cannot be written there.
    """
    try:
        with whole(path) as partial:
            table.to_csv(partial, index=False, encoding="utf-8-sig")
    except OSError as error:
        reason = error.strerror or str(error)
        raise DataError(f"{shown(path)}: cannot be written there ({reason})") from None


def hash_of(path: Path) -> str:
    """Return a short hash of a file."""
    return hashlib.sha256(path.read_bytes()).hexdigest()[:16]
