"""Counts with their populations, latest values of data zones, income, and the inequality index."""

from collections.abc import Mapping
from pathlib import Path

import numpy as np
import pandas as pd

from outcomes.errors import DataError
from outcomes.paths import shown
from outcomes.sources.cpop.figures import MISSING, figures, settle
from outcomes.sources.cpop.tables import (
    AGAIN,
    COUNTS,
    DATA_ZONES,
    INCOME,
    INEQUALITY,
    Sheet,
    read_sheets,
    unpivot,
)
from outcomes.sources.periods import split_year
from outcomes.sources.reading import Reading, read_rows, to_numbers
from outcomes.sources.settle import keep

CODE = r"S0[12]\d{6}"
PAIRED = {
    "Child Poverty - DZ": "Child Poverty",
    "Child Poverty - IGZ": "Child Poverty",
    "OOWB - DZ": "Out of Work Benefits",
    "OOWB - IGZ": "Out of Work Benefits",
}
"""The indicator of each sheet with two tables side by side."""
INCOME_SHEETS = {
    "DZ rankings": ("Data_Zone", "Income deprived", "Population"),
    "IGZ rankings": ("Row Labels", "No of income deprived from SIMD", "Population from SIMD"),
}
INCOME_YEAR = "2017"
"""The income sheets print no year; their populations are those that the crime sheet has for it."""
LATEST = {
    "% of children in poverty": ("Child Poverty", "2016/17"),
    "Average highest attainment": ("Attainment", "2020/21"),
    "% of population (aged 16-64) in receipt of out of work benefits": (
        "Out of Work Benefits",
        "2021/22",
    ),
    "Number of SIMD crimes per 10,000 of the population": ("Crime Rate", "2021/22"),
    "Emergency admissions (65+) per 100,000 population": ("Emergency Admissions", "2021/22"),
}
"""Indicator and year by heading. The sheet prints no year: this is the one whose counts, or whose
figures of the zones above, come nearest."""


def read_counts(
    folder: Path, codes: dict[str, str], years: pd.Series, inputs: list[Path]
) -> list[Reading]:
    """Return the figures that have another layout than those of the profile.

    Parameters
    ----------
    folder : Path
    codes : dict of str to str
        Code by the name of a council, or by the code of a zone.
    years : pandas.Series
        How many years are pooled, by indicator.
    inputs : list of Path
        The inputs of the inequality index, whose rows have no code.

    Raises
    ------
    DataError
        If a file is missing, cut short or not of this layout.
    """
    *pairs, crimes = read_sheets(folder / COUNTS, *PAIRED, "Crime - DZ")
    (latest,) = read_sheets(folder / DATA_ZONES, "Sheet1")
    return [
        *(_read_pairs(sheet, codes) for sheet in pairs),
        _read_crimes(crimes, codes),
        *(_read_income(sheet, codes) for sheet in read_sheets(folder / INCOME, *INCOME_SHEETS)),
        _read_latest(latest, codes, years),
        _read_inequality(folder / INEQUALITY, codes),
        *(_read_input(path) for path in inputs),
    ]


def _read_pairs(sheet: Sheet, codes: dict[str, str]) -> Reading:
    """Pair the count of a financial year with the population of the year in which it starts."""
    counts, people = _side_by_side(sheet)
    raw = counts.merge(people, on=["area", "first"], how="outer", suffixes=("", "_people"))
    lonely = {"no count stands beside this population": raw["count"].isna()}
    raw = raw.assign(line=raw["line"].fillna(raw["line_people"]))
    raw = raw.drop(columns=["line_people", "first"])
    raw = raw.fillna({"count": "", "people": "", "year": ""})
    series = f"cpop/counts/{PAIRED[sheet.name]}"
    return _rates(sheet, raw, codes, series, year=raw["year"], times=100, checks=lonely)


def _rates(
    sheet: Sheet,
    raw: pd.DataFrame,
    codes: dict[str, str],
    series: str,
    *,
    year: pd.Series | str,
    times: int,
    checks: Mapping[str, pd.Series] | None = None,
) -> Reading:
    """Return `times` each count over its people; where nobody lives a rate is not applicable."""
    found = figures(raw["count"], marks=("..", "*"))
    count, people = found["value"], to_numbers(raw["people"])
    value = times * count / people.mask(people == 0)
    empty = value.isna() & count.notna()
    nobody = empty & (people == 0)
    facts = found.assign(
        series=series,
        area_code=raw["area"].map(codes),
        year=year,
        value=value,
        numerator=count,
        denominator=people,
        status=found["status"].mask(empty, "not_available").mask(nobody, "not_applicable"),
        note=np.where(nobody, "nobody lives there", ""),
    )
    unread = people.isna() & ~raw["people"].isin(MISSING)
    wrong = {"the population is not a number": unread, **(checks or {})}
    return settle(sheet.place, raw, facts, wrong)


def _side_by_side(sheet: Sheet) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return the table of counts and the table of people of a sheet, a row a figure."""
    headings, body = sheet.headings(2), sheet.cells.loc[3:]
    split = headings.index[headings.str.fullmatch(r"\d{4}/\d\d")].tolist()
    whole = headings.index[headings.str.fullmatch(r"\d{4}")].tolist()
    coded = [column for column in body if body[column].str.fullmatch(CODE).any()]
    left = [column for column in coded if split and column < split[0]]
    right = [column for column in coded if split and whole and split[-1] < column < whole[0]]
    if not left or not right:
        raise DataError(
            f"{shown(sheet.place)}: expected two tables side by side under row 2, counts by years such as "
            f"2014/15 and people by years such as 2014, each with a column of zones. {AGAIN}"
        )
    counts, people = (
        unpivot(body[columns], headings[columns])
        for columns in ([left[0], *split], [right[0], *whole])
    )
    again = people[people.duplicated(["area", "heading"])]
    if not again.empty:
        raise DataError(
            f"{shown(sheet.place)}, line {again['line'].iloc[0]}: the people of {again['area'].iloc[0]!r} "
            "stand in the sheet twice; expected one row a zone. Nothing was added."
        )
    counts = counts.rename(columns={"heading": "year", "cell": "count"})
    people = people.rename(columns={"heading": "first", "cell": "people"})
    return counts.assign(first=counts["year"].str[:4]), people


def _read_crimes(sheet: Sheet, codes: dict[str, str]) -> Reading:
    """Take the crimes for those of the financial year that starts in the population's year."""
    totals = sheet.headings().str.extract(r"^(Total population \d{4})$")[0].dropna()
    heading = next(iter(totals), "Total population 2017")
    raw = sheet.table({"Data_Zone": "area", "crime_count": "count", heading: "people"})
    year = split_year(int(heading[-4:]))
    return _rates(sheet, raw, codes, "cpop/counts/Crime Rate", year=year, times=10_000)


def _read_income(sheet: Sheet, codes: dict[str, str]) -> Reading:
    columns = zip(INCOME_SHEETS[sheet.name], ("area", "count", "people"), strict=True)
    raw = sheet.table(dict(columns))
    return _rates(sheet, raw, codes, "cpop/income/Income deprived", year=INCOME_YEAR, times=100)


def _read_latest(sheet: Sheet, codes: dict[str, str], years: pd.Series) -> Reading:
    sheet.table(dict.fromkeys(["Datazone", *LATEST], ""))
    raw = unpivot(sheet.cells.loc[2:], sheet.headings())
    raw = raw[~raw["heading"].isin(["CPP", "IGZ"])].reset_index(drop=True)
    known = raw["heading"].map(LATEST)
    facts = figures(raw["cell"]).assign(
        series="cpop/data-zones/" + known.str[0].fillna(""),
        area_code=raw["area"].map(codes),
        year=known.str[1].fillna(""),
        years=known.str[0].map(years).fillna(1).astype(int),
        note="the sheet prints no year: it is told from figures that have one",
    )
    unknown = {"no year is known for this heading": known.isna()}
    return settle(sheet.place, raw, facts, unknown)


def _read_inequality(path: Path, codes: dict[str, str]) -> Reading:
    """Read a year as the financial year that starts in it, as the index's inputs have it."""
    header, rows = read_rows(path, columns=("year", "la"), what="the index of inequality")
    body = pd.DataFrame(rows, columns=[*header, "line"])
    raw = body.melt(["la", "year", "line"], var_name="heading", value_name="cell")
    facts = figures(raw["cell"]).assign(
        series="cpop/inequality/" + raw["heading"],
        area_code=raw["la"].map(codes),
        year=raw["year"].map(lambda year: split_year(int(year)) if year.isdecimal() else ""),
    )
    return settle(path, raw, facts)


def _read_input(path: Path) -> Reading:
    header, rows = read_rows(path, columns=("la",), what="inputs of the index of inequality")
    raw = pd.DataFrame(rows, columns=[*header, "line"])
    return keep(path, raw, pd.Series("the row has no zone code", index=raw.index))
