"""A file of one's own, CSV or Excel, as a table of text: what is in each cell, as it is shown."""

import csv
import io
import re
import warnings
from contextlib import closing
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from pathlib import Path

import openpyxl
import pandas as pd

from outcomes.errors import DataError, listed
from outcomes.model.mapping import Mapping
from outcomes.paths import shown
from outcomes.sources.periods import MONTHS

Rows = list[tuple[int, list[str]]]
"""Every row that is not blank: its number from 1, and its cells as text."""

TEXT_ENDINGS = (".csv", ".txt", ".tsv")
UNNAMED = "column "


@dataclass(frozen=True)
class Table:
    """A table as text: a column a heading. Blank cells are empty.

    `place` is the file, with its sheet, as a message names it; `line` numbers the rows; `fault`
    says why a row cannot be one of the table, and is empty if it can. All have the same index.
    """

    place: Path
    frame: pd.DataFrame
    line: pd.Series
    fault: pd.Series


def read_table(path: Path, mapping: Mapping) -> Table:
    """Return the table of a file as its mapping describes it.

    Raises
    ------
    DataError
        If the file is not there or not readable, or has no such sheet, heading row or row below.
    """
    if path.suffix.lower() in TEXT_ENDINGS:
        place, rows = path, csv_rows(path, encoding=mapping.encoding, delimiter=mapping.delimiter)
    else:
        sheet, rows = excel_rows(path, mapping.sheet)
        place = path.with_name(f"{path.name}, sheet {sheet}")
    return to_table(place, rows, header=mapping.header, end=mapping.end)


def csv_rows(path: Path, *, encoding: str, delimiter: str) -> Rows:
    """Return the rows of a CSV file; a row that spans several lines has the number of its first.

    A byte order mark overrides the encoding.

    Raises
    ------
    DataError
        If the file is not text in that encoding, or a quote is left open.
    """
    raw = path.read_bytes()
    marked = {b"\xef\xbb\xbf": "utf-8-sig", b"\xff\xfe": "utf-16", b"\xfe\xff": "utf-16"}
    encoding = next((name for mark, name in marked.items() if raw.startswith(mark)), encoding)
    try:
        text = raw.decode(encoding)
    except (UnicodeDecodeError, LookupError) as error:
        raise DataError(
            f"{shown(path)}: not text in {encoding} ({error}); a file that Excel saved as CSV on "
            "Windows has 'encoding: cp1252' in its mapping. Nothing was added."
        ) from None
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    rows, start = [], 1
    try:
        for row in reader:
            rows.append((start, [as_text(cell) for cell in row]))
            start = reader.line_num + 1
    except csv.Error as error:
        raise DataError(
            f"{shown(path)}, line {start}: not readable as CSV ({error}); look for a quote that is "
            "not closed. Nothing was added."
        ) from None
    return [row for row in rows if any(row[1])]


def excel_rows(path: Path, sheet: str | None = None) -> tuple[str, Rows]:
    """Return the name of a sheet and its rows, as `excel_sheets`.

    Raises
    ------
    DataError
        If it is not a workbook, or has several sheets and none of that name.
    """
    sheets = excel_sheets(path)
    if sheet in sheets or (not sheet and len(sheets) == 1):
        name = sheet or next(iter(sheets))
        return name, sheets[name]
    said = f"no sheet {sheet!r}" if sheet else "it has several sheets"
    raise DataError(
        f"{shown(path)}: {said}; there are: {listed(sheets)}. Name one under 'sheet' in the "
        "mapping. Nothing was added."
    )


def excel_sheets(path: Path) -> dict[str, Rows]:
    """Return the rows of every sheet by name, each cell as Excel shows it where that matters.

    A cell formatted as a percentage is '75.3%', though 0.753 is stored; a date without its day is
    'March 2023'. A formula has its stored result; without one it stays a formula: no number.

    Raises
    ------
    DataError
        If it is not a workbook.
    """
    sheets = _cells(path, data_only=False)
    if any(cell.data_type == "f" for rows in sheets.values() for row in rows for cell in row):
        results = _cells(path, data_only=True)
        sheets = {name: _filled_in(rows, results[name]) for name, rows in sheets.items()}
    return {name: _numbered(rows) for name, rows in sheets.items()}


def _cells(path: Path, *, data_only: bool) -> dict[str, list[tuple]]:
    # Links to other workbooks hold copies of their cells, and are not needed.
    options = {"read_only": True, "keep_links": False, "data_only": data_only}
    try:
        with warnings.catch_warnings():  # of styles and drop-down lists that are not kept
            warnings.simplefilter("ignore", UserWarning)
            with closing(openpyxl.load_workbook(path, **options)) as book:
                for sheet in book.worksheets:  # some programs write a size that is not the sheet's
                    sheet.reset_dimensions()
                return {sheet.title: list(sheet.rows) for sheet in book.worksheets}
    except Exception as error:
        reason = (str(error) or type(error).__name__).splitlines()[0]
        raise DataError(
            f"{shown(path)}: not readable as an .xlsx workbook ({reason}); save it as one, or as "
            "CSV. Nothing was added."
        ) from None


def _filled_in(rows: list[tuple], results: list[tuple]) -> list[list]:
    pairs = (zip(*both, strict=True) for both in zip(rows, results, strict=True))
    return [[new if new.value is not None else old for old, new in row] for row in pairs]


def _numbered(rows: list) -> Rows:
    shown_cells = [
        [as_text(c.value, c.number_format) if c.value is not None else "" for c in row]
        for row in rows
    ]
    width = max(map(len, shown_cells), default=0)
    padded = (row + [""] * (width - len(row)) for row in shown_cells)
    return [(i, row) for i, row in enumerate(padded, start=1) if any(row)]


def as_text(value: object, number_format: str = "") -> str:
    """Return a cell as text: whole numbers without a tail, dates as 2024-03-31, nothing as ''."""
    if value is None or isinstance(value, str):
        return " ".join((value or "").split())
    plain = _plain_format(number_format)
    if isinstance(value, date):
        return _date_text(value, plain)
    if isinstance(value, float | int) and not isinstance(value, bool):
        # A workbook keeps 15 digits; what follows is the tail of a binary fraction.
        return f"{value * 100:.15g}%" if "%" in plain else f"{value:.15g}"
    return " ".join(str(value).split())


@lru_cache
def _plain_format(number_format: str) -> str:
    """Return Excel's format without what it prints as it stands, and without colours."""
    return re.sub(r'\[[^]]*\]|"[^"]*"|\\.', "", number_format).lower()


def _date_text(value: date, plain: str) -> str:
    if plain and "d" not in plain and "y" in plain:
        return f"{MONTHS[value.month - 1]} {value.year}" if "m" in plain else str(value.year)
    timed = isinstance(value, datetime) and value.time() != datetime.min.time()
    return value.isoformat() if timed else value.isoformat()[:10]


def to_table(
    place: Path, rows: Rows, *, header: tuple[int, ...] = (1,), end: str | None = None
) -> Table:
    """Return rows as a Table.

    Parameters
    ----------
    place : Path
    rows : list of (int, list of str)
    header : tuple of int
        The row of the headings; of several, the upper ones stand over the columns to their right
        as merged cells do.
    end : str, optional
        The table ends above the first row that begins so.

    Raises
    ------
    DataError
        If there is no such row of headings, or no row below it.
    """
    by_line = dict(rows)
    below = [row for row in rows if row[0] > header[-1]]
    if not below or not set(header) <= set(by_line):
        raise DataError(
            f"{shown(place)}: no headings in row {listed(header)} with a row below them; check "
            "'header' in the mapping. Nothing was added."
        )
    headings = _headings([by_line[line] for line in header])
    width = len(headings)
    cells = [(row + [""] * width)[:width] for _, row in below]
    frame = pd.DataFrame(cells, columns=headings, dtype="str")
    unnamed = frame.columns.str.startswith(UNNAMED) & (frame == "").all()
    return Table(
        place,
        frame.loc[:, ~unnamed],
        pd.Series([line for line, _ in below]),
        pd.Series(_faults([row for _, row in below], width, end), dtype="str"),
    )


def _headings(rows: list[list[str]]) -> list[str]:
    *upper, lowest = rows
    width = max(map(len, rows))
    over = pd.DataFrame([row + [""] * (width - len(row)) for row in upper], dtype="str")
    over = over.where(over != "").ffill(axis=1).fillna("")
    stacked = [*over.to_numpy().tolist(), lowest + [""] * (width - len(lowest))]
    names = pd.Series([" ".join(filter(None, column)) for column in zip(*stacked, strict=True)])
    names = names.mask(names == "", UNNAMED + (names.index + 1).astype(str))
    again = names.groupby(names).cumcount()
    return list(names.mask(again > 0, names + " (" + (again + 1).astype(str) + ")"))


def _faults(rows: list[list[str]], width: int, end: str | None) -> list[str]:
    """Return why each row is not one of the table; empty if it is."""
    faults, ended = [], False
    for row in rows:
        first = next(filter(None, row)).casefold()
        ended = ended or (end is not None and first.startswith(end.casefold()))
        count = len(row) if any(row[width:]) else min(len(row), width)
        if ended:
            faults.append(f"it stands below the end of the table ({end!r})")
        else:
            wrong = f"{count} columns where the headings have {width}"
            faults.append("" if count == width else wrong)
    return faults
