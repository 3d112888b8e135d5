"""The indicators of councils and of intermediate zones: one file, and a workbook for each level."""

from collections.abc import Collection
from pathlib import Path

import numpy as np
import pandas as pd

from outcomes.errors import DataError
from outcomes.paths import shown
from outcomes.sources.cpop.figures import figures, settle
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
from outcomes.sources.reading import Reading, text_frame

TYPES = {"Raw data": "final", "Raw": "final", "Imputed": "imputed", "Projected": "projected"}
COLUMNS = ("CPP", "Indicator", "Type", "Year", "value")
WORDS = ["area", "indicator", "type", "year", "cell"]
HEADING = r"\s*([^_]+?)\s*_\s*([^_]+?)\s*_\s*([^_]+?)\s*"
LABELS = "Labels"
"""The sheet of zones' names, which has no figures."""
APART = ("Crime Rate", "Early Mortality")
"""Indicators that zones and councils do not measure alike, so that they are no one series."""


def read_profile(folder: Path, codes: dict[str, str], years: pd.Series) -> list[Reading]:
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

    def settled(
        place: Path, cells: pd.DataFrame, dataset: str, apart: Collection[str], held=None
    ) -> Reading:
        own = cells["indicator"].isin(apart)
        start = pd.Series("cpop/profile/", index=cells.index).mask(own, f"cpop/{dataset}/")
        facts = _facts(cells, codes, years).assign(series=start + cells["indicator"])
        raw = cells[["area", "heading", "cell", "line"]] if "heading" in cells else cells
        return settle(place, raw, facts, _checks(cells), held=held)

    file = settled(folder / VALUES, values, "CPPcleandata", revised)
    held = file.observations
    return [
        file,
        settled(folder / RATES, rates, "CPPcleandata", revised, held),
        *(settled(sheet.place, cells, "", (), held) for sheet, cells in councils),
        *(settled(sheet.place, cells, "zones", APART) for sheet, cells in zones),
    ]


def _read_file(path: Path) -> pd.DataFrame:
    frame = text_frame(path, columns=COLUMNS, what="figures of councils")
    return frame.set_axis([*WORDS, "line"], axis=1)


def _sheets(path: Path) -> list[Sheet]:
    sheets = [sheet for sheet in read_sheets(path) if sheet.name != LABELS]
    for sheet in sheets:
        if not sheet.headings().str.fullmatch(HEADING).any():
            raise DataError(
                f"{shown(sheet.place)}: no heading with an indicator, a type and a year, such as "
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
    return found.assign(
        area_code=cells["area"].map(codes),
        year=cells["year"].where(cells["year"].str.fullmatch(r"\d{4}/\d\d"), ""),
        years=cells["indicator"].map(years).fillna(1).astype(int),
        status=kind.where(found["status"] == "final", found["status"]),
    )


def _checks(cells: pd.DataFrame) -> dict[str, pd.Series]:
    return {
        "there is no area": cells["area"] == "",
        "the heading is not indicator_type_year": cells["indicator"] == "",
        "the type is not Raw data, Imputed or Projected": ~cells["type"].isin(TYPES),
    }
