"""Opens a file of one's own without a mapping: encoding, delimiter, sheet, headings, notes."""

import json
import re
from collections import Counter
from pathlib import Path

from outcomes.errors import DataError, listed
from outcomes.sources.own.tables import TEXT_ENDINGS, Rows, csv_rows, excel_sheets


def open_unknown(path: Path) -> tuple[Rows, list[str]]:
    """Return the rows of a file, and the lines of the mapping that say how it was opened."""
    if path.suffix.lower() in TEXT_ENDINGS:
        return _open_text(path)
    book = excel_sheets(path)
    best = max(book, key=lambda name: sum(map(_filled, dict(book[name]).values())))
    others = listed(name for name in book if name != best)
    why = f"  # check: the fullest sheet; there are also: {others}" if others else ""
    return book[best], [f"sheet: {json.dumps(best)}{why}"]


def _open_text(path: Path) -> tuple[Rows, list[str]]:
    try:
        path.read_bytes().decode("utf-8")
        encoding, lines = "utf-8", []
    except UnicodeDecodeError:
        encoding = "cp1252"
        lines = ["encoding: cp1252  # check: not UTF-8, so taken for what Excel saves on Windows"]
    if path.read_bytes()[:2] in (b"\xff\xfe", b"\xfe\xff"):
        lines = ["# its byte order mark says that it is UTF-16"]
    found = {}
    for delimiter in ",;\t|":
        try:
            found[delimiter] = csv_rows(path, encoding=encoding, delimiter=delimiter)
        except DataError as error:
            problem = error
    if not found:
        raise problem
    best = max(found, key=lambda delimiter: _evenness(found[delimiter]))
    return found[best], [*lines, f"delimiter: {json.dumps(best)}"]


def _evenness(rows: Rows) -> int:
    """Return how many cells stand in rows of the commonest width."""
    widths = Counter(len(row) for _, row in rows if len(row) > 1)
    return max((width * count for width, count in widths.items()), default=0)


def _filled(row: list[str]) -> int:
    return sum(map(bool, row))


def header_row(rows: Rows) -> tuple[int, ...]:
    """Return the first row that is nearly as full as any; with the one above if names repeat."""
    most = max((_filled(row) for _, row in rows), default=0)
    at = next((i for i, (_, row) in enumerate(rows) if _filled(row) >= max(2, 0.6 * most)), 0)
    if not rows:
        return (1,)
    line, names = rows[at][0], list(filter(None, rows[at][1]))
    if at and len(set(names)) < len(names) and _filled(rows[at - 1][1]) > 1:
        return rows[at - 1][0], line
    return (line,)


def end_words(rows: Rows) -> str | None:
    """Return how the first of the notes under a table begins."""
    for _, row in rows[2:]:
        first = next(filter(None, row))
        match = re.match(r"(sources?|notes?|footnotes?|\u00a9)\b:?", first, re.IGNORECASE)
        if match and _filled(row) == 1:
            return match[0]
    return None
