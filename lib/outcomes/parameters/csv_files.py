"""A CSV file that people saved from a spreadsheet, as text: one strictness, one set of messages."""

import csv
from collections.abc import Iterable
from io import StringIO
from pathlib import Path

import pandas as pd

from outcomes.errors import DataError, OutcomesError, listed
from outcomes.paths import shown

SEPARATED = {";": "semicolons", "\t": "tabs"}


def read_text(
    path: Path,
    *,
    what: str,
    save_as: str = "'CSV UTF-8'",
    so: str = "",
    error: type[OutcomesError] = DataError,
) -> str:
    """Return the text of a file in UTF-8, with or without a byte order mark.

    Raises
    ------
    OutcomesError
        Of the kind `error`: if it cannot be read, or is not UTF-8 (a workbook, UTF-16, what Excel
        saves as plain CSV).
    """
    try:
        raw = path.read_bytes()
        if b"\0" in raw:
            raise ValueError
        return raw.decode("utf-8-sig")
    except OSError as found:
        words = f"cannot be read ({found.strerror}); expected {what}"
    except ValueError:
        words = f"it is not UTF-8; save it as {save_as}"
    raise error(f"{shown(path)}: {words}.{so and f' {so}'}")


def read_csv(
    path: Path,
    columns: Iterable[str],
    *,
    what: str,
    so: str = "",
    empty: bool = False,
    error: type[OutcomesError] = DataError,
) -> pd.DataFrame:
    """Return every cell under a heading as text without blanks around it; the index is the line.

    Rows and columns in which nothing stands are skipped: Excel leaves them below and beside a table.

    Parameters
    ----------
    path : Path
    columns : iterable of str
        Headings that it must have, each once.
    what : str
        What was expected there, for messages.
    so : str, optional
        The last sentence of a message, such as 'Nothing was counted.'
    empty : bool, optional
        Whether a file without a row is right.
    error : type, optional

    Raises
    ------
    OutcomesError
        Of the kind `error`; names the file, the line, and what to do.
    """
    text = read_text(path, what=what, so=so, error=error)
    reader = csv.reader(StringIO(text, newline=""), strict=True)
    try:
        cells = [(reader.line_num, [cell.strip() for cell in row]) for row in reader]
        (_, header), *rows = [row for row in cells if any(row[1])] or [(1, [])]
        fault = _fault(header, rows, list(columns), what)
    except csv.Error as found:
        fault = f", line {reader.line_num}: not readable as CSV ({found}); look for an open quote"
    if not (fault or rows or empty):
        fault = ": it has no row below its headings"
    if fault:
        raise error(f"{shown(path)}{fault}.{so and f' {so}'}")
    width = max(i for i, name in enumerate(header, 1) if name)
    kept = [row[:width] for _, row in rows]
    return pd.DataFrame(kept, columns=header[:width], index=[line for line, _ in rows], dtype="str")


def _fault(header: list[str], rows: list[tuple], columns: list[str], what: str) -> str:
    """Return what is wrong with a table and where, and '' if nothing is."""
    missing = [column for column in columns if column not in header]
    mark = next((mark for mark in SEPARATED if mark in "".join(header[:1])), "")
    if missing and mark:
        return f": its columns are separated by {SEPARATED[mark]}; save it with commas between them"
    if missing:
        has = listed(header) or "none"
        return f": no column {missing[0]!r}; it has {has}. Expected {what}"
    if twice := [column for column in columns if header.count(column) > 1]:
        return f": the column {twice[0]!r} stands twice; keep one of them"
    for line, row in rows:
        if len(row) != len(header):
            return (
                f", line {line}: {len(row)} columns where the header has {len(header)}, so the file "
                "looks cut short or damaged"
            )
    return ""
