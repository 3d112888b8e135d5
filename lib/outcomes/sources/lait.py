"""DfE Local Authority Interactive Tool: values, dictionary, areas and statistical neighbours.

Values are text and areas are DfE numbers; the store holds numbers and nine-character codes.
"""

from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow

from outcomes.errors import DataError, listed
from outcomes.paths import shown
from outcomes.sources.periods import YEAR_STARTS, dfe_period, read_periods
from outcomes.sources.reading import Reading, require_file, text_frame, to_numbers
from outcomes.sources.settle import first_reason, keep, repeats, series_rows, tidy_rows

NAME = "lait"
NEEDS_AREAS = True
VALUES = "bds_long_0.parquet"
DICTIONARY = "lait_data_dictionary.csv"
AREAS = "la_code_list.xlsx"
NEIGHBOURS = {"dfe_2025": "sn_may_2025.xlsx", "dfe_2021": "sn_april_2021.xlsx"}
COLUMNS = ["Short Desc", "Years", "LA and Regions", "Values", "LA Number"]
DICTIONARY_COLUMNS = (
    "Measure_short",
    "Measure",
    "Description",
    "Last Update",
    "y_axis_name",
    "Year_Type",
    "Hyperlink(s)",
)
POLARITY = {"High": "higher_is_better", "Low": "lower_is_better", "-": "no_judgement"}
SHEET = "LA SN Groups"
NEAREST = [(rank, f"SN{rank}", "SNP" if rank == 1 else f"SNP.{rank - 1}") for rank in range(1, 11)]
"""Rank, and the names that pandas gives to its columns of numbers and of closeness."""
OTHER_NAMES = {
    "Bedford Borough": "Bedford",
    "Durham": "County Durham",
    "Herefordshire": "Herefordshire, County of",
    "Kingston Upon Hull, City of": "Kingston upon Hull, City of",
    "Poole (Pre LG)": "Poole",
    "Bournemouth (Pre LG)": "Bournemouth",
    "Dorset (Pre LG)": "Dorset",
    "Yorkshire and the Humber": "Yorkshire and The Humber",
}
"""The DfE's name for an area where it differs from the ONS name."""


def files(path: Path) -> list[Path]:
    """Return every file that `read` will read.

    Raises
    ------
    DataError
        If one is missing.
    """
    names = [VALUES, DICTIONARY, AREAS, *NEIGHBOURS.values()]
    return [require_file(path / name, what="a file of the DfE's LAIT") for name in names]


def read(path: Path, areas: pd.DataFrame | None = None) -> Reading:
    """Return the DfE's values, descriptions and neighbours as tidy tables.

    Parameters
    ----------
    path : Path
        The folder with the five files.
    areas : pandas.DataFrame
        Columns area_code, area_name, levels, end: DfE numbers get their code by name from it.

    Raises
    ------
    DataError
        If a file is missing, cut short or not of this layout.
    """
    files(path)
    if areas is None or areas.empty:
        raise DataError(
            "DfE areas have no nine-character codes; they get them from the ONS list of areas. "
            "Add that first: outcomes data add els PATH"
        )
    dictionary = _read_dictionary(path / DICTIONARY)
    raw = _read_values(path / VALUES)
    codes = _codes(path / AREAS, areas)
    kept = _settle(raw, dictionary, codes, path / VALUES)
    used = dictionary[dictionary["Measure_short"].isin(raw["Short Desc"].unique())]
    neighbours = {"neighbours": _read_neighbours(path, codes)}
    return replace(kept, series=_series(used), tables=neighbours)


def _read_dictionary(path: Path) -> pd.DataFrame:
    dictionary = text_frame(
        path,
        columns=DICTIONARY_COLUMNS,
        optional=("Polarity", "dps"),
        what="the LAIT data dictionary",
    )
    return dictionary.drop_duplicates("Measure_short")


def _read_values(path: Path) -> pd.DataFrame:
    try:
        raw = pd.read_parquet(path, columns=COLUMNS)
    except (pyarrow.ArrowException, OSError, ValueError, KeyError) as error:
        reason = str(error).splitlines()[0]
        raise DataError(
            f"{shown(path)}: not readable as LAIT's Parquet table with the columns "
            f"{', '.join(COLUMNS)} ({reason}); download it again. Nothing was added."
        ) from None
    number = pd.to_numeric(raw["LA Number"], errors="coerce")
    text = raw[COLUMNS[:4]].astype("str").fillna("")
    return text.assign(number=number, line=np.arange(len(raw)) + 1)


def _read_sheet(path: Path, *, columns: list[str], **options) -> pd.DataFrame:
    try:
        return pd.read_excel(path, engine="calamine", **options).dropna(subset=columns[:1])[columns]
    except Exception as error:
        reason = (str(error) or type(error).__name__).splitlines()[0]
        raise DataError(
            f"{shown(path)}: not readable as LAIT's workbook with the columns "
            f"{listed(columns, most=4)} ({reason}); download it again. Nothing was added."
        ) from None


def _codes(path: Path, areas: pd.DataFrame) -> dict[float, str]:
    """Return the nine-character code of each DfE number, by name; the same name's newest wins."""
    sheet = _read_sheet(path, columns=["LA Number", "LA Name"])
    upper = areas[areas["levels"].str.contains("utla|rgn|ctry")]
    upper = upper.sort_values("end", na_position="last", kind="stable")
    by_name = upper.groupby("area_name")["area_code"].last()
    abolished = upper[upper["end"].notna()].groupby("area_name")["area_code"].last()
    found = {}
    for number, name in zip(sheet["LA Number"], sheet["LA Name"], strict=True):
        name = str(name).strip()
        by = abolished if name.endswith("(Pre LG)") else by_name
        code = by.get(OTHER_NAMES.get(name, name))
        if code:
            found[number] = code
    return found


def _settle(
    raw: pd.DataFrame, dictionary: pd.DataFrame, codes: dict[float, str], path: Path
) -> Reading:
    year_type = raw["Short Desc"].map(dictionary.set_index("Measure_short")["Year_Type"]).fillna("")
    missing = raw["Values"].str.strip() == "-"
    suffix = raw["Years"].str.extract(r"\((.*)\)$")[0].fillna("")
    status = pd.Series("final", index=raw.index).mask(suffix == "prov", "provisional")
    note = suffix.map({"Rev": "revised", "Final": "final release", "OT": "outturn"}).fillna("")
    tidy = tidy_rows(
        {
            "series": f"{NAME}/" + raw["Short Desc"],
            "area_code": raw["number"].map(codes),
            **read_periods(dfe_period, raw["Years"], year_type),
            "value": _as_typed(to_numbers(raw["Values"].where(~missing))),
            "status": status.mask(missing, "not_available"),
            "note": note.mask(missing, "missing or suppressed: the publisher does not say which"),
        }
    )
    reason = first_reason(
        {
            "the area has no nine-character code": tidy["area_code"].isna(),
            "the dictionary gives the measure no known kind of year": ~year_type.isin(YEAR_STARTS),
            "the year is not one such as 2024 or 2023/24": tidy["period"].isna(),
            "the value is not a number": tidy["value"].isna() & ~missing,
        }
    )
    above = "another row for the same area and period stands above it"
    reason, _ = repeats(tidy, reason, [], same=above, another=above)
    return keep(path, raw[[*COLUMNS[:4], "line"]], reason, tidy=tidy)


def _as_typed(numbers: pd.Series) -> pd.Series:
    """Return numbers as they were typed: a workbook keeps 15 digits, what follows is its tail."""
    return numbers.map("{:.15g}".format).astype(float)


def _series(dictionary: pd.DataFrame) -> pd.DataFrame:
    about = pd.DataFrame(
        {
            "series": f"{NAME}/" + dictionary["Measure_short"],
            "title": dictionary["Measure"].str.strip(),
            "definition": dictionary["Description"].str.split().str.join(" "),
            "unit": dictionary["y_axis_name"].str.strip(),
            "publisher": "Department for Education",
            "url": dictionary["Hyperlink(s)"].str.strip().str.split().str[0].fillna(""),
            "published": dictionary["Last Update"].map(_excel_day),
            "polarity": dictionary["Polarity"].str.strip().map(POLARITY).fillna(""),
            "decimals": dictionary["dps"],
        }
    )
    return series_rows(about)


def _excel_day(text: str) -> str:
    if not text.strip().isdigit():
        return ""
    return (date(1899, 12, 30) + timedelta(days=int(text))).isoformat()


def _read_neighbours(path: Path, codes: dict[float, str]) -> pd.DataFrame:
    columns = ["LA num", *(column for _, *pair in NEAREST for column in pair)]
    parts = []
    for model, name in NEIGHBOURS.items():
        sheet = _read_sheet(path / name, columns=columns, sheet_name=SHEET, header=2)
        parts += [
            pd.DataFrame(
                {
                    "area_code": _coded(sheet["LA num"], codes),
                    "rank": rank,
                    "neighbour": _coded(sheet[number], codes),
                    "model": model,
                    "closeness": sheet[closeness].astype(str).str.strip().str.lower(),
                }
            )
            for rank, number, closeness in NEAREST
        ]
    return pd.concat(parts, ignore_index=True).dropna(subset=["area_code", "neighbour"])


def _coded(numbers: pd.Series, codes: dict[float, str]) -> pd.Series:
    return pd.to_numeric(numbers, errors="coerce").map(codes)
