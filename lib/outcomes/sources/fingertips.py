"""Fingertips, of the Department of Health and Social Care: downloads of data, and of metadata.

A download of data has 26 or 27 columns. Its 99.8% limits, recent trend, comparisons, goal and
'Time period Sortable' have no place in the tidy table and are left out. A download of metadata
beside it gives unit, definition, polarity and the kind of year, which the data do not.
"""

import re
from pathlib import Path

import numpy as np
import pandas as pd

from outcomes.errors import DataError
from outcomes.model import OBSERVATION_COLUMNS
from outcomes.paths import shown
from outcomes.sources.periods import told_apart, written_periods
from outcomes.sources.reading import (
    SERIES_COLUMNS,
    Reading,
    account,
    read_rows,
    rejections,
    repeats,
    require_file,
    to_numbers,
)

NAME = "fingertips"
NEEDS_AREAS = False
WHAT = "a download of data from Fingertips"
TEXTS = {
    "id": "Indicator ID",
    "name": "Indicator Name",
    "area_code": "Area Code",
    "sex": "Sex",
    "age": "Age",
    "group_kind": "Category Type",
    "group": "Category",
    "time": "Time period",
    "note": "Value note",
}
NUMBERS = {
    "value": "Value",
    "lower": "Lower CI 95.0 limit",
    "upper": "Upper CI 95.0 limit",
    "numerator": "Count",
    "denominator": "Denominator",
}
ABOUT = {
    "id": "Indicator ID",
    "definition": "Definition",
    "caveats": "Caveats",
    "publisher": "Data source",
    "unit": "Unit",
    "polarity": "Polarity",
    "year": "Year type",
}
YEAR_STARTS = {"Academic": (9, 1), "November-November": (11, 16)}
"""A split year of another kind is financial. Rolling years and those by months name their months."""
POLARITY = {
    "RAG - High is good": "higher_is_better",
    "RAG - Low is good": "lower_is_better",
    "BOB - Blue orange blue": "no_judgement",
    "Not applicable": "no_judgement",
}
WITHHELD = r"(?i)disclosure|small (?:count|number)|suppressed(?!.*(?:incomplete|quality))"
MADE = {"modelled": r"(?i)modelled|synthetic|value estimated", "imputed": r"(?i)\bimputed"}


def files(path: Path) -> list[Path]:
    """Return the file, or every CSV file of the folder and of the folders in it, sorted.

    Raises
    ------
    DataError
        If there is none.
    """
    if not path.is_dir():
        return [require_file(path, what=WHAT)]
    found = sorted(path.rglob("*.csv"))
    if not found:
        raise DataError(f"{shown(path)}: no CSV file in it; expected {WHAT}. Nothing was added.")
    return found


def read(path: Path, areas: pd.DataFrame | None = None) -> Reading:
    """Return all downloads as tidy tables.

    An area that stands under several parents, or in several downloads, is kept once. A series is an
    indicator's number, a sex and an age, since names change and numbers do not; categories such as
    deprivation deciles are groups of it.

    Raises
    ------
    DataError
        If a file is missing, cut short or of another layout, or none is a download of data.
    """
    tables = {file: _read_table(file) for file in files(path)}
    data = {f: table for f, table in tables.items() if "areacode" in table}
    about = [_picked(f, table, ABOUT) for f, table in tables.items() if f not in data]
    about = (
        pd.concat([pd.DataFrame(columns=[*ABOUT]), *about]).drop_duplicates("id").set_index("id")
    )
    if not data:
        raise DataError(f"{shown(path)}: metadata alone; expected {WHAT} too. Nothing was added.")
    picked = [_picked(file, table, TEXTS | NUMBERS) for file, table in data.items()]
    raw = pd.concat(picked, keys=range(len(picked)), names=["file", "row"])
    key, tidy = _tidy(raw.reset_index(drop=True), about)
    reason, same = _reasons(raw.reset_index(drop=True), tidy)
    of_file = raw.index.get_level_values("file")
    rejected, accounts = [], []
    for number, (file, table) in enumerate(data.items()):
        its = np.flatnonzero(of_file == number)
        why, again = (part.iloc[its].set_axis(table.index) for part in (reason, same))
        rejected.append(rejections(file, table, why, again))
        accounts.append(account(file.name, len(table), rejected[-1]))
    return Reading(
        observations=tidy[reason == ""].reset_index(drop=True),
        series=_series(key[reason == ""], about),
        rejected=pd.concat(rejected, ignore_index=True),
        accounts=pd.concat(accounts, ignore_index=True),
    )


def _plain(name: str) -> str:
    """Return a heading without what R and others change in it: case, spaces, dots."""
    return re.sub("[^a-z0-9]", "", name.casefold())


def _read_table(file: Path) -> pd.DataFrame:
    """Return a CSV file as text, with its plain headings, and `line`."""
    header, rows = read_rows(file, columns=(), what=WHAT)
    table = pd.DataFrame(rows, columns=[*map(_plain, header), "line"])
    return table.loc[:, ~table.columns.duplicated()]


def _picked(file: Path, table: pd.DataFrame, columns: dict[str, str]) -> pd.DataFrame:
    """Return the named columns without needless spaces; a missing note is empty."""
    table = table.assign(valuenote=table.get("valuenote", ""))
    for column in columns.values():
        if _plain(column) not in table:
            raise DataError(
                f"{shown(file)}: no column {column!r}. Expected {WHAT}, or of its metadata. "
                "Nothing was added."
            )
    picked = {new: table[_plain(old)] for new, old in columns.items()}
    return pd.DataFrame(picked).apply(
        lambda text: text.str.replace(r"\s+", " ", regex=True).str.strip()
    )


def _tidy(raw: pd.DataFrame, about: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return what names each row's series, and the tidy rows; same index as `raw`."""
    kind = about["year"].reindex(raw["id"], fill_value="").set_axis(raw.index)
    parts = [
        written_periods(time, year_start=YEAR_STARTS.get(year, (4, 1)))
        for year, time in raw["time"].groupby(kind)
    ]
    periods = pd.concat(parts).loc[raw.index]
    series = f"{NAME}/" + raw["id"] + "/" + raw["sex"] + ", " + raw["age"]
    key = raw[["id", "name"]].assign(series=told_apart(series, periods))
    numbers = raw[list(NUMBERS)].apply(to_numbers)
    missing, note = numbers["value"].isna(), raw["note"]
    status = pd.Series("final", raw.index)
    for word, pattern in MADE.items():
        status = status.mask(note.str.contains(pattern), word)
    status = status.mask(missing, "not_available")
    tidy = pd.DataFrame(
        {
            "series": key["series"],
            **raw[["area_code", "note", "group_kind", "group"]],
            **periods[["period_start", "period_end", "period"]],
            **numbers,
            "status": status.mask(missing & note.str.contains(WITHHELD), "withheld_small_number"),
        }
    )
    return key, tidy[list(OBSERVATION_COLUMNS)]


def _reasons(raw: pd.DataFrame, tidy: pd.DataFrame) -> tuple[pd.Series, pd.Series]:
    """Return why each row is not kept, empty if it is; and whether the same is kept already."""
    reason = pd.Series("", index=raw.index)
    reason[tidy["period"].isna()] = "the time period is not one such as 2024, 2023/24 or 2022 - 24"
    for column, heading in NUMBERS.items():
        bad = (raw[column] != "") & tidy[column].isna()
        reason[bad] = f"the column {heading} holds no number"
    reason[~raw["area_code"].str.fullmatch(r"[A-Z][0-9A-Z]{2,8}")] = "there is no area code"
    reason[~raw["id"].str.fullmatch(r"\d+")] = "there is no indicator number"
    key = ["series", "area_code", "period_start", "period_end", "group_kind", "group"]
    again = repeats(tidy, reason, key)
    same = repeats(tidy, reason, [*key, *NUMBERS, "note"])
    reason[again] = "another value for the same area, period and group stands above it"
    reason[same] = "the same figure stands above it, of another parent or download"
    return reason, same


def _series(key: pd.DataFrame, about: pd.DataFrame) -> pd.DataFrame:
    found = key.drop_duplicates("series")
    known = about.reindex(found["id"], fill_value="").set_axis(found.index)
    whom = found["series"].str.split("/", n=2).str[2]
    unsure = "no metadata: a year such as 2023/24 is taken to start on 1 April"
    told = {
        "series": found["series"],
        "title": found["name"]
        + ", "
        + whom.str.replace("^(Persons|Not applicable), ", "", regex=True),
        "definition": known["definition"],
        "unit": known["unit"],
        "publisher": known["publisher"].replace("", "Department of Health and Social Care"),
        "url": "https://fingertips.phe.org.uk/search/" + found["id"],
        "published": "",
        "licence": "",
        "caveats": known["caveats"].where(found["id"].isin(about.index), unsure),
        "polarity": known["polarity"].map(POLARITY).fillna(""),
        "decimals": pd.array([pd.NA] * len(found), dtype="Int64"),
    }
    return pd.DataFrame(told, columns=list(SERIES_COLUMNS)).reset_index(drop=True)
