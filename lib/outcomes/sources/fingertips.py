"""Fingertips, of the Department of Health and Social Care: downloads of data, and of metadata.

A download of data has 26 or 27 columns. Its 99.8% limits, recent trend, comparisons, goal and
'Time period Sortable' have no place in the tidy table and are left out. A download of metadata
beside it gives unit, definition, polarity and the kind of year, which the data do not.
"""

import re
from dataclasses import replace
from pathlib import Path

import pandas as pd

from outcomes.errors import DataError
from outcomes.paths import shown
from outcomes.sources.periods import Period, read_periods, told_apart, written_period
from outcomes.sources.reading import Reading, read_rows, require_file, to_numbers
from outcomes.sources.settle import first_reason, join, keep, repeats, series_rows, tidy_rows

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
    data = {file: table for file, table in tables.items() if "areacode" in table}
    described = [_picked(f, table, ABOUT) for f, table in tables.items() if f not in data]
    about = pd.concat([pd.DataFrame(columns=[*ABOUT]), *described])
    about = about.drop_duplicates("id").set_index("id")
    if not data:
        raise DataError(f"{shown(path)}: metadata alone; expected {WHAT} too. Nothing was added.")
    picked = {file: _picked(file, table, TEXTS | NUMBERS) for file, table in data.items()}
    raw = pd.concat(picked.values(), ignore_index=True)
    tidy = _tidy(raw, about)
    reason, same = repeats(
        tidy,
        _reasons(raw, tidy),
        [*NUMBERS, "note"],
        same="the same figure stands above it, of another parent or download",
        another="another value for the same area, period and group stands above it",
    )
    parts, start = [], 0
    for file, table in data.items():
        end = start + len(table)
        of_file = (part.iloc[start:end].set_axis(table.index) for part in (reason, same, tidy))
        why, again, rows = of_file
        parts.append(keep(file, table, why, again, tidy=rows))
        start = end
    kept = raw.assign(series=tidy["series"])[reason == ""]
    return replace(join(parts), series=_series(kept, about))


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


def _tidy(raw: pd.DataFrame, about: pd.DataFrame) -> pd.DataFrame:
    year = about["year"].reindex(raw["id"], fill_value="").set_axis(raw.index)
    periods = read_periods(_period, raw["time"], year)
    numbers = raw[list(NUMBERS)].apply(to_numbers)
    missing, note = numbers["value"].isna(), raw["note"]
    status = pd.Series("final", raw.index)
    for word, pattern in MADE.items():
        status = status.mask(note.str.contains(pattern), word)
    status = status.mask(missing, "not_available")
    series = f"{NAME}/" + raw["id"] + "/" + raw["sex"] + ", " + raw["age"]
    return tidy_rows(
        {
            "series": told_apart(series, periods),
            **raw[["area_code", "note", "group_kind", "group"]],
            **periods,
            **numbers,
            "status": status.mask(missing & note.str.contains(WITHHELD), "withheld_small_number"),
        }
    )


def _period(text: str, kind: str) -> Period:
    return written_period(text, year_start=YEAR_STARTS.get(kind, (4, 1)))


def _reasons(raw: pd.DataFrame, tidy: pd.DataFrame) -> pd.Series:
    code = raw["area_code"].str.fullmatch(r"[A-Z][0-9A-Z]{2,8}")
    checks = {
        "there is no indicator number": ~raw["id"].str.fullmatch(r"\d+"),
        "there is no area code": ~code,
    }
    for column, heading in reversed(NUMBERS.items()):
        bad = (raw[column] != "") & tidy[column].isna()
        checks[f"the column {heading} holds no number"] = bad
    period = "the time period is not one such as 2024, 2023/24 or 2022 - 24"
    return first_reason(checks | {period: tidy["period"].isna()})


def _series(kept: pd.DataFrame, about: pd.DataFrame) -> pd.DataFrame:
    found = kept.drop_duplicates("series")
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
        "caveats": known["caveats"].where(found["id"].isin(about.index), unsure),
        "polarity": known["polarity"].map(POLARITY).fillna(""),
    }
    return series_rows(pd.DataFrame(told))
