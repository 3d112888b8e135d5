"""DfE Local Authority Interactive Tool: values, dictionary, areas and statistical neighbours.

Values are text and areas are DfE numbers; the store holds numbers and nine-character codes.
"""

from datetime import date, timedelta
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow

from outcomes.errors import DataError
from outcomes.model import OBSERVATION_COLUMNS
from outcomes.paths import shown
from outcomes.sources.periods import dfe_period
from outcomes.sources.reading import Reading, rejections, require_file, text_frame

NAME = "lait"
NEEDS_AREAS = True
LICENCE = "published by the Department for Education with its tool; no separate licence stated"
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
    tidy, rejected = _tidy(raw, dictionary, codes, path / VALUES)
    used = dictionary[dictionary["Measure_short"].isin(raw["Short Desc"].unique())]
    return Reading(
        observations=tidy,
        series=_series(used),
        rejected=rejected,
        tables={"neighbours": _read_neighbours(path, codes)},
    )


def _read_dictionary(path: Path) -> pd.DataFrame:
    dictionary = text_frame(path, columns=DICTIONARY_COLUMNS, what="the LAIT data dictionary")
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
    return raw.assign(number=raw["LA Number"].astype(int), line=np.arange(len(raw)) + 1)


def _codes(path: Path, areas: pd.DataFrame) -> dict[int, str]:
    """Return the nine-character code of each DfE number, by name; the same name's newest wins."""
    listed = pd.read_excel(path)
    upper = areas[areas["levels"].str.contains("utla|rgn|ctry")]
    current = upper.sort_values("end", na_position="last").set_index("area_name")["area_code"]
    by_name = current.groupby(level=0).last()
    abolished = upper[upper["end"].notna()].set_index("area_name")["area_code"]
    found = {}
    for number, name in zip(listed["LA Number"], listed["LA Name"], strict=True):
        name = str(name).strip()
        by = abolished if name.endswith("(Pre LG)") else by_name
        code = by.get(OTHER_NAMES.get(name, name))
        if isinstance(code, str):
            found[int(number)] = code
    return found


def _tidy(raw, dictionary, codes, path) -> tuple[pd.DataFrame, pd.DataFrame]:
    year_type = raw["Short Desc"].map(dictionary.set_index("Measure_short")["Year_Type"]).fillna("")
    kinds = pd.MultiIndex.from_arrays([raw["Years"], year_type])
    periods = {kind: _try_period(*kind) for kind in kinds.unique()}
    at = [periods[kind] for kind in kinds]
    missing = raw["Values"].str.strip() == "-"
    value = pd.to_numeric(raw["Values"].where(~missing), errors="coerce").round(10)
    suffix = raw["Years"].str.extract(r"\((.*)\)$")[0].fillna("")
    status = pd.Series("final", index=raw.index).mask(suffix == "prov", "provisional")
    note = suffix.map({"Rev": "revised", "Final": "final release", "OT": "OT"}).fillna("")
    note = note.mask(missing, "missing or suppressed: the publisher does not say which")
    tidy = pd.DataFrame(
        {
            "series": f"{NAME}/" + raw["Short Desc"],
            "area_code": raw["number"].map(codes),
            "period_start": pd.to_datetime([p and p.start for p in at]),
            "period_end": pd.to_datetime([p and p.end for p in at]),
            "period": [p.label if p else "" for p in at],
            "value": value,
            "lower": np.nan,
            "upper": np.nan,
            "numerator": np.nan,
            "denominator": np.nan,
            "status": status.mask(missing, "not_available"),
            "note": note,
            "group_kind": "",
            "group": "",
        },
        columns=list(OBSERVATION_COLUMNS),
    )
    reason = pd.Series("", index=raw.index)
    reason[value.isna() & ~missing] = "the value is not a number"
    reason[tidy.duplicated(["series", "area_code", "period_start", "period_end"])] = (
        "another row for the same area and period stands above it"
    )
    reason[tidy["period"] == ""] = "the year is not one such as 2024 or 2023/24"
    reason[tidy["area_code"].isna()] = "the area has no nine-character code"
    return tidy[reason == ""], rejections(path, raw[[*COLUMNS[:4], "line"]], reason)


def _try_period(years: str, year_type: str):
    try:
        return dfe_period(years, year_type)
    except ValueError:
        return None


def _series(dictionary: pd.DataFrame) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "series": f"{NAME}/" + dictionary["Measure_short"],
            "title": dictionary["Measure"].str.strip(),
            "definition": dictionary["Description"].str.split().str.join(" "),
            "unit": dictionary["y_axis_name"].str.strip(),
            "publisher": "Department for Education",
            "url": dictionary["Hyperlink(s)"].str.strip().str.split().str[0].fillna(""),
            "published": dictionary["Last Update"].map(_excel_day),
            "licence": LICENCE,
            "caveats": "",
        }
    )


def _excel_day(text: str) -> str:
    if not text.strip().isdigit():
        return ""
    return (date(1899, 12, 30) + timedelta(days=int(text))).isoformat()


def _read_neighbours(path: Path, codes: dict[int, str]) -> pd.DataFrame:
    rows = []
    for model, name in NEIGHBOURS.items():
        sheet = pd.read_excel(path / name, sheet_name="LA SN Groups", header=2)
        for row in sheet.dropna(subset=["LA num"]).itertuples(index=False):
            area, pairs = codes.get(int(row[0])), row[5:25]
            for rank, (number, closeness) in enumerate(
                zip(pairs[::2], pairs[1::2], strict=True), start=1
            ):
                near = codes.get(int(number)) if str(number).strip() != "-" else None
                if area and near:
                    rows.append((area, rank, near, model, str(closeness).lower()))
    return pd.DataFrame(rows, columns=["area_code", "rank", "neighbour", "model", "closeness"])
