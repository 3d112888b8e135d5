"""Mid-year population estimates by single year of age, for local authorities."""

from dataclasses import replace
from pathlib import Path

import pandas as pd

from outcomes.errors import DataError
from outcomes.paths import shown
from outcomes.sources.reading import Reading, require_file, text_frame
from outcomes.sources.settle import keep

NAME = "population"
NEEDS_AREAS = False
COLUMNS = ("area_code", "level", "mid_year", "age", "population")
EXPECTED = {
    "mid_year": (r"\d{4}", "a year such as 2020"),
    "age": (r"[0-8]?\d|90\+", "0 to 89 or 90+"),
    "population": (r"\d+(\.0*)?", "a whole number of people"),
}
WHAT = "mid-year population estimates (mid_year_estimates.csv)"


def files(path: Path) -> list[Path]:
    """Return the one file: `path` itself, or mid_year_estimates.csv in it.

    Raises
    ------
    DataError
        If it is missing.
    """
    file = path / "mid_year_estimates.csv" if path.is_dir() else path
    return [require_file(file, what=WHAT)]


def read(path: Path, areas: pd.DataFrame | None = None) -> Reading:
    """Return a table of people by area, mid-year and age; '90+' becomes 90.

    A unitary authority stands in the file at both levels; it is kept once.

    Raises
    ------
    DataError
        If a row has a year, an age or a number of people that is not a number; names the line.
    """
    (file,) = files(path)
    raw = text_frame(file, columns=COLUMNS, what=WHAT)
    for column, (pattern, expected) in EXPECTED.items():
        bad = raw[~raw[column].str.fullmatch(pattern)]
        if not bad.empty:
            row = bad.iloc[0]
            raise DataError(
                f"{shown(file)}, line {row['line']}: {column} is {row[column]!r}; "
                f"expected {expected}. Nothing was added."
            )
    people = pd.DataFrame(
        {
            "area_code": raw["area_code"],
            "mid_year": raw["mid_year"].astype(int),
            "age": raw["age"].str.removesuffix("+").astype(int),
            "population": raw["population"].astype(float),
        }
    )
    reason = pd.Series("", index=people.index)
    reason[people.duplicated(["area_code", "mid_year", "age"])] = (
        "another number of people of the same area, year and age stands above it"
    )
    same = people.duplicated()
    reason[same] = "the same area at another level stands above it"
    told = keep(file, raw, reason, same)
    return replace(told, tables={"population": people[reason == ""]})
