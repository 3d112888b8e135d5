"""What a connector hands over, and the strict reading of text files that connectors share."""

import csv
import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pandas as pd

from outcomes.errors import DataError
from outcomes.model import OBSERVATION_COLUMNS
from outcomes.paths import shown

SERIES_COLUMNS = (
    "series",
    "title",
    "definition",
    "unit",
    "publisher",
    "url",
    "published",
    "licence",
    "caveats",
)
"""One row a series: what the publisher says of it. `published` is an ISO date, or empty."""

REJECTED_COLUMNS = ("file", "line", "reason", "content")
"""One row a line that was read and not kept."""


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
    tables: dict[str, pd.DataFrame] = field(default_factory=dict)
    """Others by name: areas, neighbours, population, boundaries (with a geometry)."""


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


def read_rows(path: Path, *, columns: Iterable[str], what: str) -> tuple[list[str], list[list]]:
    """Return the header and the rows of a CSV file as text, each row with its line number last.

    Raises
    ------
    DataError
        If the file is missing, not text, without a needed column, or cut short: a row with too few
        or too many columns, or a last line with no line end.
    """
    require_file(path, what=what)
    raw = path.read_bytes()
    if not raw.endswith((b"\n", b"\r")):
        raise DataError(
            f"{shown(path)}: the last line has no end, so the file looks cut short; "
            "download it again. Nothing was added."
        )
    try:
        lines = raw.decode("utf-8-sig").splitlines(keepends=True)
    except UnicodeDecodeError as error:
        raise DataError(
            f"{shown(path)}: not text in UTF-8 (byte {error.start}); expected {what}"
        ) from None
    reader = csv.reader(lines)
    header = next(reader, [])
    missing = [column for column in columns if column not in header]
    if missing:
        raise DataError(
            f"{shown(path)}: no column {missing[0]!r}; it has {', '.join(header) or 'no header'}. "
            f"Expected {what}."
        )
    rows = []
    for row in reader:
        if row and len(row) != len(header):
            raise DataError(
                f"{shown(path)}, line {reader.line_num}: {len(row)} columns where the header has "
                f"{len(header)}, so the file looks cut short or damaged; download it again. "
                "Nothing was added."
            )
        if row:
            rows.append([*row, reader.line_num])
    return header, rows


def text_frame(path: Path, *, columns: tuple[str, ...], what: str) -> pd.DataFrame:
    """Return the named columns of a CSV file as text, and `line`; a repeated header's first wins.

    Raises
    ------
    DataError
        As `read_rows`.
    """
    header, rows = read_rows(path, columns=columns, what=what)
    at = [header.index(column) for column in columns]
    picked = [[row[i] for i in at] + [row[-1]] for row in rows]
    return pd.DataFrame(picked, columns=[*columns, "line"])


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


def rejections(file: Path, raw: pd.DataFrame, reason: pd.Series) -> pd.DataFrame:
    """Return the rows with a reason as a table of REJECTED_COLUMNS.

    Parameters
    ----------
    file : Path
    raw : pandas.DataFrame
        What was read, as text, and `line`.
    reason : pandas.Series
        Why a row is not kept; empty if it is. Same index as `raw`.
    """
    refused = raw[reason != ""]
    words = refused.drop(columns="line").astype(str).to_numpy().tolist()
    return pd.DataFrame(
        {
            "file": shown(file),
            "line": refused["line"].astype(int),
            "reason": reason[reason != ""],
            "content": [",".join(row) for row in words],
        },
        columns=list(REJECTED_COLUMNS),
    )


def hash_files(files: Iterable[Path]) -> dict[str, str]:
    """Return the SHA-256 of each file by path as a reader knows it."""
    return {shown(path): hashlib.sha256(path.read_bytes()).hexdigest() for path in files}
