"""Make the files of the fictional sample county.

Run `python data/sample/make_sample.py`, with a folder to write elsewhere.

The files are laid out like a real publisher's, so that the connectors that read the real ones
read these. The same program always writes the same bytes.
"""

import argparse
import csv
import json
from collections.abc import Iterable
from pathlib import Path

import numpy as np
from generator import services, survey
from generator.catalogue import SERIES, UNITS
from generator.landmass import topology
from generator.model import Series, figures
from generator.own import TABLES, TITLE
from generator.places import (
    AGES,
    AREAS,
    COUNTY_CODES,
    DISTRICTS,
    MID_YEARS,
    OBSOLETE,
    PEOPLE,
    RENUMBERED_IN,
    REPLACED_BY,
    districts_of,
    neighbours,
    random_numbers,
)

NOTICE = "sample data, not a real place"
LEVELS = {
    "ctry": "Nation",
    "rgn": "Region",
    "utla": "County or Unitary Authority",
    "ltla": "Local Authority District",
}
COLUMNS = (
    "areacd", "areanm", "geography", "indicator", "period", "observation",
    "measure", "unit", "lci_95", "uci_95", "status", "notes",
)  # fmt: skip
WITHOUT_MARK = ("early-years", "employment-rate", "average-travel-time", "recorded-crime")
"""Datasets whose CSV does not start with a byte order mark."""
PLAIN_LINE_ENDS = ("domestic-abuse", "net-additions-to-the-housing-stock", "volunteering")
"""Datasets whose lines end in a line feed only."""


def write_csv(
    path: Path, header: Iterable[str], rows: Iterable[Iterable], mark: bool, line_end: str
) -> None:
    """Write a table, with or without a byte order mark."""
    path.parent.mkdir(parents=True, exist_ok=True)
    encoding = "utf-8-sig" if mark else "utf-8"
    with path.open("w", encoding=encoding, newline="") as file:
        writer = csv.writer(file, lineterminator=line_end)
        writer.writerow(header)
        writer.writerows(rows)


def write_json(path: Path, content: dict, indent: int | None = None) -> None:
    """Write a JSON file; compact unless an indent is given."""
    path.parent.mkdir(parents=True, exist_ok=True)
    separators = None if indent else (",", ":")
    text = json.dumps(content, indent=indent, separators=separators, ensure_ascii=False)
    path.write_text(text + ("\n" if indent else ""), encoding="utf-8", newline="\n")


def rows_of(series: Series) -> Iterable[list[str]]:
    """Yield the published rows of a series: areas in order, the periods of each shuffled."""
    found = figures(series)
    numbers = random_numbers(f"order of {series.dataset}/{series.indicator}")
    obsolete_note = (
        f"Obsolete code since {RENUMBERED_IN} (replaced by {REPLACED_BY} {AREAS[REPLACED_BY].name})"
    )
    for code in (*AREAS, OBSOLETE):
        area = AREAS[REPLACED_BY if code == OBSOLETE else code]
        if area.level == "ltla" and not series.districts:
            continue
        years = series.years
        if code == OBSOLETE:
            years = [year for year in years if series.year_of(year) < RENUMBERED_IN]
        elif code == REPLACED_BY and not series.history_moved:
            years = [year for year in years if series.year_of(year) >= RENUMBERED_IN]
        for year in numbers.permutation(years).tolist():
            status = series.blank.get((area.code, year), "")
            value, half = found.values[area.code][year], found.half_widths[area.code][year]
            limits = ["", ""]
            if half and not status:
                limits = [f"{value + side * half:.{series.decimals + 1}f}" for side in (-1, 1)]
            notes = [obsolete_note] if code == OBSOLETE else []
            if series.break_note and series.break_note[0] == year:
                notes.append(series.break_note[1])
            yield [
                code,
                area.name,
                LEVELS[area.level],
                series.indicator,
                series.period(year),
                "" if status else f"{value:.{series.decimals}f}",
                *UNITS[series.unit],
                *limits,
                status,
                ". ".join(notes),
            ]


def description(series: Series) -> dict[str, str]:
    """Return the parts of a dataset's metadata that each of its indicators has for itself."""
    caveats = [f"{NOTICE.capitalize()}: every figure is invented.", series.caveat]
    if series.sample:
        caveats.append(f"A survey of {series.sample} people in each district.")
    if series.error:
        caveats.append(f"The standard error in each district is {series.error}.")
    if series.break_note:
        caveats.append(f"{series.break_note[1]}.")
    return {
        "label": series.indicator,
        "subtitle": series.label,
        "longDescription": f"This indicator shows: {series.label}, in Alderland (invented), "
        f"for periods that start in {series.year_of(series.first)} to "
        f"{series.year_of(series.last)}.",
        "caveats": "\n\n".join(filter(None, caveats)),
    }


def common(series: Series) -> dict[str, str | int | None]:
    """Return the parts of a dataset's metadata that its indicators share."""
    unit = UNITS[series.unit][1]
    sign = unit in ("%", "£")
    return {
        "prefix": "GBPSign" if unit == "£" else None,
        "suffix": "%" if unit == "%" else None,
        "subText": None if sign else unit[0].lower() + unit[1:],
        "decimalPlaces": series.decimals,
        "experimentalStatistic": "F",
        "sourceDate": "01/06/2025",
        "sourceURL": "https://example.org/sample",
        "sourceOrg": "Sample Statistics Office (invented)",
        "standardised": "F" if series.count else "T",
    }


def write_dataset(folder: Path, dataset: str) -> None:
    """Write the CSV and the JSON of a dataset, which may hold several indicators."""
    members = [series for series in SERIES if series.dataset == dataset]
    path = folder / "els" / dataset / dataset
    write_csv(
        path.with_suffix(".csv"),
        COLUMNS,
        (row for series in members for row in rows_of(series)),
        mark=dataset not in WITHOUT_MARK,
        line_end="\n" if dataset in PLAIN_LINE_ENDS else "\r\n",
    )
    metadata: dict = common(members[0])
    if len(members) == 1:
        metadata |= description(members[0])
    else:
        metadata = {"shared": metadata}
        metadata |= {series.indicator: description(series) for series in members}
    write_json(path.with_suffix(".json"), {"_note": NOTICE, "ess-beta-metadata": metadata}, 2)


def write_reference(folder: Path) -> None:
    """Write the lists of areas, the lists of neighbours and the map."""
    reference = folder / "els" / "reference"
    details: dict[str, dict] = {}
    for code, area in AREAS.items():
        details[code] = {"areacd": code, "areanm": area.name}
        if code == REPLACED_BY:
            details[code]["start"] = RENUMBERED_IN
        children = [it for it, other in AREAS.items() if other.parents[:1] == (code,)]
        details[code] |= {
            "level": [area.level],
            "parents": list(area.parents),
            "children": children,
        }
    details[OBSOLETE] = {
        "areacd": OBSOLETE,
        "areanm": AREAS[REPLACED_BY].name,
        "end": RENUMBERED_IN - 1,
        "level": ["ltla"],
        "parents": [],
        "children": [],
    }
    write_json(reference / "geo-metadata.json", details)
    codes = list(details)
    areas_list = {
        "areacd": codes,
        "areanm": [details[code]["areanm"] for code in codes],
        "parentcd": [None] * len(codes),
        "start": {str(codes.index(REPLACED_BY)): RENUMBERED_IN},
        "end": {str(codes.index(OBSOLETE)): RENUMBERED_IN - 1},
    }
    write_json(reference / "areas-list.json", areas_list)
    write_json(reference / "topo.json", topology())
    header = ["AREACD", *range(1, 21)]
    for lens in ("global", "economic", "demographic"):
        rows = [[code, *near, *[""] * (20 - len(near))] for code, near in neighbours(lens).items()]
        path = reference / "clusters" / f"{lens}-neighbours.csv"
        write_csv(path, header, rows, mark=True, line_end="\r\n")


def write_population(folder: Path) -> None:
    """Write the mid-year estimates by single year of age, of districts and counties."""
    rows = []
    for level, codes in (("ltla", DISTRICTS), ("utla", COUNTY_CODES)):
        for mid_year in MID_YEARS:
            for code in codes:
                people = np.asarray(districts_of(code) @ PEOPLE[mid_year])
                rows += [
                    [code, AREAS[code].name, level, mid_year, age, number]
                    for age, number in zip(AGES, people.tolist(), strict=True)
                ]
    header = ["area_code", "area_name", "level", "mid_year", "age", "population"]
    path = folder / "population" / "mid_year_estimates.csv"
    write_csv(path, header, rows, mark=False, line_end="\n")


def write_own(folder: Path) -> None:
    """Write the council's own tables, but for the residents' panel, which is written by hand."""
    for name, (headings, rows) in TABLES.items():
        path = folder / "own" / f"{name}.csv"
        table = [headings.split(","), *rows(), ["Source: invented for the sample county"]]
        write_csv(path, [TITLE], table, mark=False, line_end="\n")


def write_people(folder: Path) -> None:
    """Write the table of clients of a service and the survey's respondents, all invented."""
    for name, header, rows in (
        ("services/treatment-clients.csv", services.HEADINGS, services.clients()),
        ("survey/respondents.csv", survey.HEADINGS, survey.respondents()),
    ):
        write_csv(folder / name, header, rows, mark=False, line_end="\n")


def make_sample(folder: Path) -> None:
    """Write every file of the sample county into a folder."""
    for dataset in dict.fromkeys(series.dataset for series in SERIES):
        write_dataset(folder, dataset)
    write_reference(folder)
    write_population(folder)
    write_own(folder)
    write_people(folder)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description="Make the files of the fictional sample county.")
    parser.add_argument("folder", nargs="?", type=Path, default=Path(__file__).parent)
    make_sample(parser.parse_args().folder)
