"""CPOP's workbooks and files as tables of text, with the sheet's row or the file's line."""

from dataclasses import dataclass
from pathlib import Path

import pandas as pd
from python_calamine import CalamineError, CalamineWorkbook

from outcomes.errors import DataError, listed
from outcomes.paths import shown
from outcomes.sources.reading import require_file

VALUES = "CPPcleandata.csv"
RATES = "Imp_rate_CPP.csv"
METADATA = "Metadata.csv"
DECILES = "IncomeDeciles.csv"
INEQUALITY = "DuncanIndex.csv"
COUNCILS = "Final data - Sep 2023/CPP Data - Oct 23.xlsx"
ZONES = "Final data - Sep 2023/IGZ Data - Sep 23.xlsx"
DATA_ZONES = "Final data - Sep 2023/datazone data for maps.xlsx"
COUNTS = "CPOP Data - for PHS.xlsx"
INCOME = "DZ & IGZ income data.xlsx"
NAMES = "Intermediate Geography Names.xlsx"
TYPOLOGY = "Typology Group (2022).xlsx"
FAMILIES = "Family Groups.xlsx"
FILES = (
    *(VALUES, RATES, METADATA, DECILES, INEQUALITY, COUNCILS, ZONES, DATA_ZONES),
    *(COUNTS, INCOME, NAMES, TYPOLOGY, FAMILIES),
)
AGAIN = "Download it again. Nothing was added."


@dataclass(frozen=True)
class Sheet:
    """A sheet's cells as trimmed text: rows numbered as in the sheet, columns from 0."""

    path: Path
    name: str
    cells: pd.DataFrame

    @property
    def place(self) -> Path:
        """The workbook's path with the sheet, as messages and accounts name it."""
        return self.path.with_name(f"{self.path.name}, sheet {self.name}")

    def headings(self, row: int = 1) -> pd.Series:
        """Return the texts of a row by column; empty where the sheet is shorter."""
        return self.cells.reindex([row], fill_value="").loc[row].astype("str")

    def table(self, columns: dict[str, str], row: int = 1) -> pd.DataFrame:
        """Return the columns under some headings, and `line`, of the rows that hold any of them.

        Parameters
        ----------
        columns : dict of str to str
            Our name by the publisher's heading; of a heading that stands twice the first counts.
        row : int
            The row of the headings.

        Raises
        ------
        DataError
            If a heading is missing.
        """
        headings = self.headings(row).tolist()
        for heading in columns:
            if heading not in headings:
                raise DataError(
                    f"{shown(self.place)}: no heading {heading!r} in row {row}; it has "
                    f"{listed(filter(None, headings)) or 'none'}. {AGAIN}"
                )
        at = [headings.index(heading) for heading in columns]
        body = self.cells.loc[row + 1 :, at].set_axis(list(columns.values()), axis=1)
        body = body[(body != "").any(axis=1)]
        return body.assign(line=body.index).reset_index(drop=True)


def unpivot(body: pd.DataFrame, headings: pd.Series) -> pd.DataFrame:
    """Return a row a cell of a wide table whose first column is the area.

    Parameters
    ----------
    body : pandas.DataFrame
        Text; the index is the line.
    headings : pandas.Series
        The text of the heading by column.

    Returns
    -------
    pandas.DataFrame
        Columns area, heading, cell, line. Blank cells without an area or a heading are left out.
    """
    first, *rest = headings.index
    long = body.rename_axis("line").reset_index().melt(["line", first], rest, "column", "cell")
    long = long.assign(heading=long["column"].map(headings)).rename(columns={first: "area"})
    kept = (long["cell"] != "") | ((long["area"] != "") & (long["heading"] != ""))
    return long.loc[kept, ["area", "heading", "cell", "line"]].reset_index(drop=True)


def read_sheets(path: Path, *names: str) -> list[Sheet]:
    """Return the sheets of some names, or all; a formula gives its stored result.

    Names are trimmed, as the publisher leaves spaces at their ends.

    Raises
    ------
    DataError
        If the workbook is missing or damaged, or has no such sheet.
    """
    require_file(path, what="a workbook of the Community Planning Outcomes Profile")
    try:
        book = CalamineWorkbook.from_path(str(path))
        printed = {name.strip(): name for name in book.sheet_names}
        rows = {
            name: book.get_sheet_by_name(printed[name]).to_python(skip_empty_area=False)
            for name in names or printed
        }
    except KeyError as error:
        raise DataError(f"{shown(path)}: no sheet {error} in the workbook. {AGAIN}") from None
    except CalamineError as error:
        reason = (str(error) or type(error).__name__).splitlines()[0]
        raise DataError(f"{shown(path)}: not readable as a workbook ({reason}). {AGAIN}") from None
    return [Sheet(path, name, _cells(cells)) for name, cells in rows.items()]


def _cells(rows: list[list]) -> pd.DataFrame:
    cells = pd.DataFrame([[_text(cell) for cell in row] for row in rows], dtype="str")
    return cells.set_axis(range(1, len(cells) + 1))


def _text(cell: object) -> str:
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return str(cell).strip()
