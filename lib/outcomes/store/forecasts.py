"""Stored forecasts: records of what was expected, a file each, made once and never changed.

They cannot be made again as they were, so they lie beside the stores, and outlive them.
"""

import hashlib
import json
import os
import re
import sys
from collections.abc import Collection
from contextlib import suppress
from datetime import date, datetime
from pathlib import Path
from uuid import uuid4

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from outcomes.errors import DataError, ParameterError, did_you_mean, listed
from outcomes.model.base import Strict
from outcomes.paths import shown, store_folder

FORMAT = 1
"""Raise it when what is written changes, and go on reading the earlier ones."""
NAME = r"[a-z0-9][a-z0-9_-]{0,59}"
ABOUT, SEAL = b"outcomes_forecast", b"outcomes_seal"
"""Where a file says what it is, and the hash of all that it says."""

_RANGE = ["lower_95", "lower_80", "mean", "upper_80", "upper_95"]
_KEY = ["indicator", "area_code", "horizon"]
_TYPES = {
    **dict.fromkeys(("period_start", "period_end", "origin_end"), pa.timestamp("ms")),
    **dict.fromkeys(("horizon", "n"), pa.int64()),
    **dict.fromkeys(_RANGE, pa.float64()),
}
COLUMNS = (
    "indicator", "series", "area_code", "horizon", "period_start", "period_end", "period",
    "origin", "origin_end", "mean", "lower_80", "upper_80", "lower_95", "upper_95", "method", "n",
)  # fmt: skip
"""`series` is the publisher's; `origin` labels the newest figure used, `origin_end` is its last
day; `n` is how many figures of the area were used."""
SCHEMA = pa.schema([pa.field(name, _TYPES.get(name, pa.string()), False) for name in COLUMNS])


class Kept(Strict):
    """What a stored forecast says of itself."""

    name: str
    made_on: date
    made_at: datetime
    """The moment, with its time zone."""
    known_on: date | None
    """The day whose knowledge of the figures was used; None for the newest."""
    until: date
    """No figure of a period that ends after this day was used."""
    data_version: str
    """`Store.version` of the figures."""
    horizon: int
    package: str
    """The version of this package that made it."""
    afterwards: bool
    """True if it was made for an earlier day, when later figures may have been known already."""
    method: str
    """The methods used, as `words.FORECAST_METHODS`, with a comma between."""
    forecasts: int
    """How many: one indicator in one place is one, however far it reaches."""
    indicators: int
    places: int


def forecasts_folder(store_id: str) -> Path:
    """Return the folder of the forecasts made from one store, which may not exist yet."""
    return store_folder(store_id).parent.parent / "forecasts" / store_id


def require_free(store_id: str, name: str) -> Path:
    """Return where a forecast of that name would be kept.

    Raises
    ------
    ParameterError
        If the name is not one, or a forecast has it already.
    """
    if not re.fullmatch(NAME, name):
        raise ParameterError(
            f"{name!r} is not a name for a stored forecast: expected at most 60 small letters, "
            "digits, hyphens and underscores, such as 2026-06-30"
        )
    path = forecasts_folder(store_id) / f"{name}.parquet"
    if path.exists():
        raise _taken(path)
    return path


def keep_forecast(store_id: str, table: pd.DataFrame, about: Kept) -> Path:
    """Write a forecast under its name, whole or not at all, never over another; return where.

    Parameters
    ----------
    store_id : str
    table : pandas.DataFrame
        Columns as COLUMNS; a row for each indicator, area and period ahead. Nothing is missing.
    about : Kept

    Raises
    ------
    ParameterError
        If the name is taken, though another process took it a moment ago, or is not a name.
    DataError
        If it cannot be written there.
    ValueError
        If the table is not a forecast.
    """
    path = require_free(store_id, about.name)
    content = _tidy(table)
    said = {"format": FORMAT, "store": store_id, "about": about.model_dump(mode="json")}
    words = json.dumps(said).encode()
    content = content.replace_schema_metadata({ABOUT: words, SEAL: _seal(content, words)})
    partial = path.with_name(f".{path.name}.{uuid4().hex}.partial")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        _write(content, partial)
        _give_name(partial, path)
    except OSError as error:
        reason = error.strerror or str(error)
        raise DataError(f"{shown(path)}: cannot be kept there ({reason})") from None
    finally:
        with suppress(OSError):
            partial.unlink()
    return path


def stored_mark(store_id: str) -> str:
    """Return what changes when a forecast of a store is added or a file is touched."""
    files = sorted(forecasts_folder(store_id).glob("*.parquet"))
    stats = [(path.name, path.stat()) for path in files]
    said = [(name, stat.st_size, stat.st_mtime_ns) for name, stat in stats]
    return hashlib.sha256(repr(said).encode()).hexdigest()[:16]


def kept_forecasts(store_id: str) -> list[Kept]:
    """Return what each stored forecast of a store says of itself, the first one made first.

    Raises
    ------
    DataError
        If one of them is damaged.
    """
    paths = forecasts_folder(store_id).glob("*.parquet")
    found = [_read(path, store_id)[1] for path in paths]
    return sorted(found, key=lambda about: (about.made_at, about.name))


def read_forecast(
    store_id: str,
    name: str,
    areas: Collection[str] | None = None,
    indicators: Collection[str] | None = None,
) -> pd.DataFrame:
    """Return the rows of a stored forecast; with `areas` or `indicators`, of those only.

    Raises
    ------
    ParameterError
        If there is none of that name.
    DataError
        If it is damaged, or was kept under another name or for another store.
    """
    path = forecasts_folder(store_id) / f"{name}.parquet"
    known = sorted(other.stem for other in path.parent.glob("*.parquet"))
    if name not in known:
        raise ParameterError(
            f"there is no stored forecast {name!r} of the store {store_id!r}"
            f"{did_you_mean(name, known)}; there are: {listed(known) or 'none'}"
        )
    rows = _read(path, store_id)[0].to_pandas()
    for column, wanted in (("area_code", areas), ("indicator", indicators)):
        if wanted is not None:
            rows = rows[rows[column].isin(list(wanted))]
    return rows.reset_index(drop=True)


def _tidy(table: pd.DataFrame) -> pa.Table:
    """Return a forecast in its columns and order, or say what is wrong with it."""
    if missing := [name for name in COLUMNS if name not in table]:
        raise ValueError(f"a forecast to keep has no column {', '.join(missing)}")
    rows = table[list(COLUMNS)].sort_values(_KEY, ignore_index=True)
    if rows.empty:
        raise ValueError("a forecast to keep has no row")
    known = rows[_RANGE].to_numpy(dtype=float)
    faults = {
        "something is missing": rows.isna().any(axis=1),
        "it stands twice": rows.duplicated(_KEY),
        "its ranges do not lie around the mean": (np.diff(known, axis=1) < 0).any(axis=1),
        "it is for a period that had ended": rows["period_end"] <= rows["origin_end"],
    }
    for fault, found in faults.items():
        if found.any():
            first = rows.loc[np.argmax(found), _KEY]
            raise ValueError(f"a forecast to keep, {', '.join(map(str, first))}: {fault}")
    return pa.Table.from_pandas(rows, schema=SCHEMA, preserve_index=False)


def _seal(content: pa.Table, words: bytes) -> bytes:
    """Return a hash of everything that a file says: the same on any machine."""
    digest = hashlib.sha256(words)
    for name in COLUMNS:
        column = content[name]
        if pa.types.is_string(column.type):
            digest.update("\x1f".join(column.to_pylist()).encode())
        else:
            digest.update(column.to_numpy().tobytes())
        digest.update(b"\x1e")
    return digest.hexdigest().encode()


def _write(content: pa.Table, partial: Path) -> None:
    """Write a file so that it is whole on the disk before anything leads to it."""
    with partial.open("xb") as file:
        pq.write_table(content, file, compression="zstd", write_page_checksum=True)
        file.flush()
        os.fsync(file.fileno())


def _give_name(partial: Path, path: Path) -> None:
    """Give a whole file its name in one step, which fails where the name is taken."""
    try:
        if sys.platform == "win32":
            partial.rename(path)
            return
        path.hardlink_to(partial)
    except FileExistsError:
        raise _taken(path) from None
    with suppress(OSError):  # it has its name; not every system can bring a folder to the disk
        folder = os.open(path.parent, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)


def _taken(path: Path) -> ParameterError:
    return ParameterError(
        f"{shown(path)}: a forecast of this name is kept already, and is never overwritten; "
        "choose another name"
    )


def _read(path: Path, store_id: str) -> tuple[pa.Table, Kept]:
    """Return a file's rows and what it says of itself, all of it as it was when it was kept."""
    try:
        with pq.ParquetFile(path, page_checksum_verification=True) as file:
            content = file.read()
        words = content.schema.metadata[ABOUT]
        said = json.loads(words)
        if said["format"] != FORMAT:
            raise ValueError(f"its format is {said['format']}, and this version reads {FORMAT}")
        same = content.schema.equals(SCHEMA, check_metadata=False)
        if not same or content.schema.metadata[SEAL] != _seal(content, words):
            raise ValueError("it is not as it was when it was kept")
        about = Kept.model_validate(said["about"])
    except (pa.ArrowException, OSError, ValueError, LookupError, TypeError) as error:
        reason = (str(error).splitlines() or [type(error).__name__])[0]
        raise DataError(
            f"{shown(path)}: not a stored forecast, or damaged ({reason}). It cannot be made "
            "again: put it back from a copy, or move it out of the folder"
        ) from None
    if (said["store"], about.name) != (store_id, path.stem):
        raise DataError(
            f"{shown(path)}: this is the forecast {about.name!r} of the store {said['store']!r}; "
            f"put it back in {shown(forecasts_folder(said['store']))} under its own name"
        )
    return content.replace_schema_metadata(None), about
