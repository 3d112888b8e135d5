"""What a connector hands over, and the strict reading of text files that connectors share."""

import csv
import hashlib
import io
import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from outcomes.errors import DataError
from outcomes.model import OBSERVATION_COLUMNS, SERIES_COLUMNS
from outcomes.paths import shown

REJECTED_COLUMNS = ("file", "line", "kind", "reason", "content")
"""One row a line that was read and not kept. `kind` is 'duplicate' where the same is kept already,
and else 'rejected'. In a wide sheet a line is a cell, and `line` is its row."""

ACCOUNT_COLUMNS = ("dataset", "read", "kept", "duplicate", "rejected")
"""One row a dataset (a file, a sheet, a table): read = kept + duplicate + rejected."""


@dataclass(frozen=True)
class Reading:
    """A publisher's files as tidy tables. Tables that a source does not have stay empty."""

    observations: pd.DataFrame = field(
        default_factory=lambda: pd.DataFrame(columns=list(OBSERVATION_COLUMNS))
    )
    series: pd.DataFrame = field(default_factory=lambda: pd.DataFrame(columns=list(SERIES_COLUMNS)))
    rejected: pd.DataFrame = field(
        default_factory=lambda: pd.DataFrame(columns=list(REJECTED_COLUMNS))
    )
    accounts: pd.DataFrame = field(
        default_factory=lambda: pd.DataFrame(columns=list(ACCOUNT_COLUMNS))
    )
    """The reconciliation: every row that was read is in it, and in one place only."""
    tables: dict[str, pd.DataFrame] = field(default_factory=dict)
    """Others by name: areas, neighbours, population, boundaries (with a geometry),
    classifications (area_code, scheme, category), code_changes (old_code, new_code, year)."""

    @property
    def kept(self) -> int:
        """How many of the rows that were read are kept."""
        return int(self.accounts["kept"].sum())


def require_file(path: Path, *, what: str) -> Path:
    """Return a path if it is a file.

    Raises
    ------
    DataError
        Naming the path, what was expected there and what to do.
    """
    if not path.is_file():
        raise DataError(
            f"{shown(path)}: no such file; expected {what}. "
            "Check the path, or download the publisher's files again."
        )
    return path


def read_rows(
    path: Path, *, columns: Iterable[str], what: str, damaged: bool = False
) -> tuple[list[str], list[list]]:
    """Return the header and the rows of a CSV file as text, each row with its line number last.

    With `damaged`, a row of another length than the header is returned too, unless it is the last.

    Raises
    ------
    DataError
        If the file is missing, not text, without a needed column or any row, or cut short: a row
        with too few or too many columns, an open quote, or a last line with no line end.
    """
    require_file(path, what=what)
    raw = path.read_bytes()
    if not raw.endswith((b"\n", b"\r")):
        raise DataError(
            f"{shown(path)}: the last line has no end, so the file looks cut short; "
            "download it again. Nothing was added."
        )
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise DataError(
            f"{shown(path)}: not text in UTF-8 (byte {error.start}); expected {what}"
        ) from None
    header, *rows = _records(path, text) or [[]]
    missing = [column for column in columns if column not in header]
    if missing:
        raise DataError(
            f"{shown(path)}: no column {missing[0]!r}; "
            f"it has {', '.join(header[:-1]) or 'no header'}. "
            f"Expected {what}."
        )
    for row in rows[-1:] if damaged else rows:
        if len(row) != len(header):
            raise DataError(
                f"{shown(path)}, line {row[-1]}: {len(row) - 1} columns where the header has "
                f"{len(header) - 1}, so the file looks cut short or damaged; download it again. "
                "Nothing was added."
            )
    if not rows:
        raise DataError(
            f"{shown(path)}: a header and no row below it, so the file looks cut short; "
            "download it again. Nothing was added."
        )
    return header[:-1], rows


def _records(path: Path, text: str) -> list[list]:
    """Return every record of a CSV text that is not blank, each with its line number last."""
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    try:
        return [[*row, reader.line_num] for row in reader if row]
    except csv.Error as error:
        raise DataError(
            f"{shown(path)}, line {reader.line_num}: not readable as CSV ({error}), so the file "
            "looks cut short or damaged; download it again. Nothing was added."
        ) from None


def text_frame(
    path: Path,
    *,
    columns: tuple[str, ...],
    what: str,
    optional: tuple[str, ...] = (),
    damaged: bool = False,
) -> pd.DataFrame:
    """Return the named columns of a CSV file as text, and `line`; a repeated header's first wins.

    An optional column that the file does not have is empty. With `damaged`, rows with too few or
    too many columns are returned too, and a column `damage` says so; it is empty for the others.

    Raises
    ------
    DataError
        As `read_rows`.
    """
    header, rows = read_rows(path, columns=columns, what=what, damaged=damaged)
    held = [*columns, *(column for column in optional if column in header)]
    at, width = [header.index(column) for column in held], len(header)
    lengths = [len(row) - 1 for row in rows]
    if damaged:
        rows = [
            row if n == width else _fitted(row, width) for row, n in zip(rows, lengths, strict=True)
        ]
    picked = [[row[i] for i in at] + [row[-1]] for row in rows]
    frame = pd.DataFrame(picked, columns=[*held, "line"])
    frame = frame.reindex(columns=[*columns, *optional, "line"], fill_value="")
    if not damaged:
        return frame
    said = [f"{n} columns where the header has {width}" if n != width else "" for n in lengths]
    return frame.assign(damage=said)


def _fitted(row: list, width: int) -> list:
    """Return a row cut or filled to a width, its line number still last."""
    return [*[*row[:-1], *[""] * width][:width], row[-1]]


def to_numbers(text: pd.Series) -> pd.Series:
    """Return text as floats; what is blank or no finite number becomes NaN."""
    numbers = pd.to_numeric(text, errors="coerce").astype(float)
    return numbers.where(np.isfinite(numbers))


def read_json(path: Path, *, what: str) -> Any:
    """Return what a JSON file holds.

    Raises
    ------
    DataError
        If it is missing or not JSON; names the line.
    """
    require_file(path, what=what)
    try:
        return json.loads(path.read_text(encoding="utf-8-sig"))
    except (json.JSONDecodeError, UnicodeDecodeError) as error:
        line = f", line {error.lineno}" if isinstance(error, json.JSONDecodeError) else ""
        raise DataError(
            f"{shown(path)}{line}: not readable as JSON, so the file looks cut short or damaged; "
            "download it again. Nothing was added."
        ) from None


def hash_files(files: Iterable[Path], folder: Path) -> dict[str, str]:
    """Return the SHA-256 of each file by its name within a folder, whichever machine that is on."""
    return {
        path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in files
    }
