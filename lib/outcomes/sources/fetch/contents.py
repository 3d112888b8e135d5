"""Whether what came is the kind of file that was asked for, before it takes an earlier one's place."""

import re
import zipfile
from pathlib import Path

import pyarrow
import pyarrow.parquet

from outcomes.errors import DataError, listed
from outcomes.model.register import PublishedFile
from outcomes.paths import shown
from outcomes.sources.reading import hash_files, read_json, read_rows

PAGE = re.compile(rb"^(\xef\xbb\xbf)?\s*(<\?xml[^>]*>\s*)?<(!doctype\s+html|html)\b", re.IGNORECASE)


def check_contents(path: Path, file: PublishedFile, *, what: str) -> None:
    """Raise unless a download is whole and of the kind, checksum and columns that were promised.

    CSV files are read strictly where columns are promised, as connectors read them.

    Raises
    ------
    DataError
        Naming `path` and what is wrong.
    """
    with path.open("rb") as opened:
        beginning = opened.read(1024)
    kind = Path(file.path).suffix
    if PAGE.match(beginning):
        raise DataError(
            f"{shown(path)}: a web page came instead of the file, perhaps an error or a sign-in page; "
            "open the address in a browser to see it"
        )
    if file.sha256 and hash_files([path], path.parent)[path.name] != file.sha256:
        raise DataError(
            f"{shown(path)}: its checksum is not the one in the register for this edition"
        )
    if kind == ".csv" and file.columns:
        read_rows(path, columns=file.columns, what=what, damaged=True)
    elif kind in (".json", ".geojson"):
        read_json(path, what=what)
    elif kind == ".parquet":
        _require_columns(path, file.columns)
    elif kind == ".xlsx" and not zipfile.is_zipfile(path):
        raise DataError(
            f"{shown(path)}: not readable as a workbook, so it looks cut short or damaged"
        )


def _require_columns(path: Path, columns: tuple[str, ...]) -> None:
    try:
        found = pyarrow.parquet.read_schema(path).names
    except (pyarrow.ArrowException, OSError):
        raise DataError(
            f"{shown(path)}: not readable as Parquet, so it looks cut short or damaged"
        ) from None
    missing = [column for column in columns if column not in found]
    if missing:
        raise DataError(f"{shown(path)}: no column {missing[0]!r}; it has {listed(found)}")
