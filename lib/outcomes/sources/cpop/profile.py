"""The indicators of councils and of intermediate zones: one file, and a workbook for each level."""

from collections.abc import Collection
from pathlib import Path

import numpy as np
import pandas as pd

from outcomes.errors import DataError
from outcomes.sources.cpop.settle import Part, because, figures, first_years, settle
from outcomes.sources.cpop.tables import (
    AGAIN,
    COUNCILS,
    RATES,
    VALUES,
    ZONES,
    Sheet,
    read_sheets,
    unpivot,
)
from outcomes.sources.reading import text_frame

TYPES = {"Raw data": "final", "Raw": "final", "Imputed": "imputed", "Projected": "projected"}
COLUMNS = ("CPP", "Indicator", "Type", "Year", "value")
WORDS = ["area", "indicator", "type", "year", "cell"]
HEADING = r"\s*([^_]+?)\s*_\s*([^_]+?)\s*_\s*([^_]+?)\s*"
LABELS = "Labels"
"""The sheet of zones' names, which has no figures."""
APART = ("Crime Rate", "Early Mortality")
"""Indicators that zones and councils do not measure alike, so that they are no one series."""


def read_profile(folder: Path, codes: dict[str, str], years: pd.Series) -> list[Part]:
    """Return the figures of both files of councils and of both workbooks.

    Where the file and the workbook of councils agree, the workbook's figure is the duplicate. An
    indicator of which any figure differs is kept from both: the workbook's in the series that the
    zones share, since it is of the same release as theirs, and the file's in one of its own.

    Parameters
    ----------
    folder : Path
    codes : dict of str to str
        Code by the name of a council, or by the code of a zone.
    years : pandas.Series
        How many years are pooled, by indicator.

    Raises
    ------
    DataError
        If a file is missing, cut short or not of this layout.
    """
    values, rates = _read_file(folder / VALUES), _read_file(folder / RATES)
    councils = [(sheet, _cells(sheet)) for sheet in _sheets(folder / COUNCILS)]
    zones = [(sheet, _cells(sheet)) for sheet in _sheets(folder / ZONES)]
    revised = _differing(values, pd.concat([cells for _, cells in councils]))

    def facts(cells: pd.DataFrame, dataset: str, apart: Collection[str]) -> pd.DataFrame:
        own = cells["indicator"].isin(apart)
        start = pd.Series("cpop/profile/", index=cells.index).mask(own, f"cpop/{dataset}/")
        return _facts(cells, codes, years).assign(series=start + cells["indicator"])

    file = settle(folder / VALUES, values, facts(values, "CPPcleandata", revised))
    parts = [file]
    again = facts(rates, "CPPcleandata", revised)
    parts.append(settle(folder / RATES, rates, again, held=file.observations))
    for sheet, cells in councils:
        parts.append(_settle(sheet, cells, facts(cells, "", ()), held=file.observations))
    for sheet, cells in zones:
        parts.append(_settle(sheet, cells, facts(cells, "zones", APART)))
    return parts


def _settle(sheet: Sheet, cells: pd.DataFrame, facts: pd.DataFrame, held=None) -> Part:
    raw = cells[["area", "heading", "cell", "line"]]
    return settle(sheet.path, raw, facts, sheet=sheet.name, held=held)


def _read_file(path: Path) -> pd.DataFrame:
    frame = text_frame(path, columns=COLUMNS, what="figures of councils")
    return frame.set_axis([*WORDS, "line"], axis=1)


def _sheets(path: Path) -> list[Sheet]:
    sheets = read_sheets(path, LABELS.__ne__)
    for sheet in sheets:
        if not sheet.headings().str.fullmatch(HEADING).any():
            raise DataError(
                f"{sheet.where}: no heading with an indicator, a type and a year, such as "
                f"'Crime Rate_Raw data_2021/22', in row 1. {AGAIN}"
            )
    return sheets


def _cells(sheet: Sheet) -> pd.DataFrame:
    """Return a sheet's cells, with indicator, type and year from their headings."""
    headings = sheet.headings()
    cells = unpivot(sheet.cells.loc[2:], headings)
    parts = headings.str.extract(f"^{HEADING}$").fillna("").set_axis(WORDS[1:4], axis=1)
    parts = parts.assign(heading=headings).drop_duplicates("heading")
    return cells.merge(parts, on="heading", how="left")


def _differing(values: pd.DataFrame, sheets: pd.DataFrame) -> set[str]:
    """Return the indicators of which any figure is another in the file than in the workbook."""
    both = values.merge(sheets, on=["area", "indicator", "year"], suffixes=("", "_sheet"))
    ours, theirs = figures(both["cell"])["value"], figures(both["cell_sheet"])["value"]
    same = np.isclose(ours, theirs, rtol=1e-9, atol=0)
    same &= both["type"].map(TYPES) == both["type_sheet"].map(TYPES)
    return set(both.loc[~same & ours.notna() & theirs.notna(), "indicator"])


def _facts(cells: pd.DataFrame, codes: dict[str, str], years: pd.Series) -> pd.DataFrame:
    found = figures(cells["cell"])
    kind = cells["type"].map(TYPES)
    reason = because(pd.Series("", index=cells.index), cells["area"] == "", "there is no area")
    reason = because(reason, cells["indicator"] == "", "the heading is not indicator_type_year")
    reason = because(reason, kind.isna(), "the type is not Raw data, Imputed or Projected")
    return found.assign(
        area_code=cells["area"].map(codes),
        first=first_years(cells["year"]),
        years=cells["indicator"].map(years).fillna(1).astype(int),
        status=kind.where(found["status"] == "final", found["status"]),
        reason=reason.where(reason != "", found["reason"]),
    )
