"""A proposed mapping reads the file it was proposed for, and marks what is unsure."""

import csv
import os
import re
from pathlib import Path

import numpy as np
import openpyxl
import pytest
import yaml

from outcomes.errors import DataError, ParameterError
from outcomes.sources import own


@pytest.fixture
def proposed(read):
    """Propose a mapping for a file, write it beside it, read it: the keys and the reading."""

    def to(path):
        text = own.propose(path)
        mapping = path.with_suffix(".yml")
        mapping.write_text(text, encoding="utf-8")
        return yaml.safe_load(text), read(mapping)

    return to


def rows(reading) -> list[tuple]:
    table = reading.observations.fillna({"value": -1})
    names = ["area_code", "period", "group", "value", "status"]
    return list(table[names].itertuples(index=False, name=None))


LONG = (
    "District,Year,Sex,Value,Lower CI,Upper CI,Note\n"
    'X07000001,2023/24,Female,"1,234.5",1000,1500,\n'
    "X07000001,2023/24,All,*,,,too few\n"
    "X07000002,2023/24,Male,7,6,8,\n"
    "Source: the panel\n"
)


def test_a_long_file(write, proposed):
    path = write("Residents panel.csv", LONG)
    keys, reading = proposed(path)
    assert keys == {
        "id": "residents-panel",
        "publisher": "the council",
        "file": "Residents panel.csv",
        "delimiter": ",",
        "header": 1,
        "end": "Source:",
        "layout": "long",
        "columns": {
            "area": "District",
            "period": "Year",
            "note": "Note",
            "value": "Value",
            "lower": "Lower CI",
            "upper": "Upper CI",
            "groups": {"sex": {"column": "Sex", "everyone": ["All"]}},
        },
        "decimal": ".",
        "year_start": "04-01",
        "markers": {"*": "withheld_small_number"},
        "measures": {
            "Residents panel": {
                "unit": "",
                "value_type": "rate",
                "polarity": "no_judgement",
                "definition": "",
            }
        },
    }
    assert rows(reading) == [
        ("X07000001", "2023/24", "Female", 1234.5, "final"),
        ("X07000001", "2023/24", "", -1, "withheld_small_number"),
        ("X07000002", "2023/24", "Male", 7, "final"),
    ]
    assert reading.rejected["line"].to_list() == [5]


def test_what_is_unsure_is_marked(write):
    path = write("panel.csv", LONG)
    before = {file: file.read_bytes() for file in path.parent.iterdir()}
    lines = own.propose(path).splitlines()
    checks = {line.split(":")[0].strip() for line in lines if "# check:" in line}
    assert checks == {
        "publisher", '"sex"', "year_start", '"*"', "unit", "value_type", "polarity", "definition",
    }  # fmt: skip
    assert '  lower: "Lower CI"  # figures, by its heading' in lines
    assert '  area: "District"  # nine-character codes' in lines
    assert {file: file.read_bytes() for file in path.parent.iterdir()} == before


def test_a_wide_file_from_excel_on_the_continent(write, proposed):
    text = "Stadtteil – Area;Indicator;2022;2023\nNorthend;Safe;12,5 %;13,1 %\nTotal;Safe;..;1\n"
    keys, reading = proposed(write("wide.csv", text.encode("cp1252")))
    assert (keys["encoding"], keys["delimiter"], keys["decimal"]) == ("cp1252", ";", ",")
    assert keys["layout"] == "wide_by_period"
    assert keys["columns"] == {"area": "Stadtteil – Area", "measure": "Indicator"}
    assert keys["measures"]["Safe"]["value_type"] == "proportion"
    assert rows(reading) == [
        ("X07000001", "2022", "", 12.5, "final"),
        ("X07000001", "2023", "", 13.1, "final"),
    ]
    assert reading.rejected["reason"].to_list() == ["no area is called 'Total'"] * 2


def test_a_column_a_measure(write, proposed):
    text = "Code\tArea\tQuarter\tYear\tSafe (%)\tTrust (%)\tStatus\n"
    text += "X07000001\tNorthend\tQ1\t2023/24\t75\t61\tP\n"
    keys, reading = proposed(write("panel.txt", text.encode("utf-16")))
    assert keys["columns"] == {"area": "Code", "period": ["Year", "Quarter"], "status": "Status"}
    assert keys["markers"] == {"P": "provisional"}
    assert {name: m["value"] for name, m in keys["measures"].items()} == {
        "Safe (%)": "Safe (%)",
        "Trust (%)": "Trust (%)",
    }
    assert rows(reading) == [
        ("X07000001", "April 2023 to June 2023", "", 75, "provisional"),
        ("X07000001", "April 2023 to June 2023", "", 61, "provisional"),
    ]


def test_a_column_of_measures_beside_several_of_figures(write, proposed):
    text = "Area,Indicator,Year,Value,Rank\nNorthend,Safe,2024,75,1\nWestend,Clean,2024,50,2\n"
    path = write("panel.csv", text)
    keys, reading = proposed(path)
    assert (keys["layout"], keys["columns"]["value"]) == ("long", "Value")
    assert list(keys["measures"]) == ["Safe", "Clean"]
    assert '# check: not read: ["Rank"]' in own.propose(path)
    assert reading.observations["value"].to_list() == [75, 50]


def test_counts_and_a_population_give_a_share(write, proposed):
    text = "Ward,Month,Yes,Sample\nNorthend,Mar-24,30,40\nWestend,Apr-24,n/a,50\n"
    keys, reading = proposed(write("panel.csv", text))
    assert keys["columns"] == {
        "area": "Ward", "period": "Month", "numerator": "Yes", "denominator": "Sample",
    }  # fmt: skip
    assert rows(reading) == [
        ("X07000001", "March 2024", "", 75, "final"),
        ("X07000005", "April 2024", "", -1, "not_available"),
    ]


def test_excel_with_titles_merged_headings_notes_and_another_sheet(tmp_path, proposed):
    book = openpyxl.Workbook()
    book.active.append(["Contents"])
    sheet = book.create_sheet("Table 1")
    for row in (
        ["Table 1: repairs"],
        [],
        [None, None, "2023/24", None, "2024/25", None],
        ["Area", "Month", "Number", "Rate", "Number", "Rate"],
        ["Northend", "March 2024", 12, 0.753, 14, 0.5],
        ["Southend & Wick", "March 2024", 1, 0.25, 3, 0.75],
        ["Notes: invented"],
    ):
        sheet.append(row)
    for row in sheet["D5:D6"] + sheet["F5:F6"]:
        row[0].number_format = "0.0%"
    path = tmp_path / "repairs.xlsx"
    book.save(path)
    keys, reading = proposed(path)
    assert (keys["sheet"], keys["header"], keys["end"]) == ("Table 1", [3, 4], "Notes:")
    assert keys["layout"] == "wide_by_measure"
    assert list(keys["measures"]) == [
        "2023/24 Number", "2023/24 Rate", "2024/25 Number", "2024/25 Rate",
    ]  # fmt: skip
    kinds = [measure["value_type"] for measure in keys["measures"].values()]
    assert kinds == ["count", "proportion", "count", "proportion"]
    assert reading.observations["value"].to_list() == [12, 75.3, 14, 50, 1, 25, 3, 75]
    assert "there are also: Sheet" in own.propose(path)


def test_a_file_without_areas_or_periods(write, proposed):
    keys, reading = proposed(write("panel.csv", "Value,Of it\n1,2\n3,4\n"))
    assert (keys["area"], keys["period"]) == ("X00000000", "2024/25")
    assert len(reading.rejected) + len(reading.observations) == 4


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("a.csv", None, "no such file; expected a CSV file or .xlsx workbook."),
        (
            "a.csv",
            "Only a line\n",
            "no headings in row 1 with a row below them; check 'header' in the mapping. Nothing "
            "was added.",
        ),
        (
            "a.xls",
            b"\xd0\xcf\x11\xe0",
            "not readable as an .xlsx workbook (openpyxl does not support the old .xls file "
            "format, please use xlrd to read this file, or convert it to the more recent .xlsx file "
            "format.); save it as one, or as CSV. Nothing was added.",
        ),
    ],
)
def test_a_file_that_shows_no_table(tmp_path, name, content, message):
    path = tmp_path / name
    if content is not None:
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
    with pytest.raises(DataError, match=f"^{re.escape(f'{path}: {message}')}$"):
        own.propose(path)


def test_the_sample_countys_file(home, proposed, tmp_path):
    path = tmp_path / "residents-panel.csv"
    path.write_bytes((home / "data" / "sample" / "own" / "residents-panel.csv").read_bytes())
    keys, _ = proposed(path)
    known = yaml.safe_load((home / "data/sample/own/residents-panel.yml").read_text("utf-8"))
    assert {"note": "Note"} | keys["columns"] == known["columns"]
    assert (keys["header"], keys["end"]) == (known["header"], known["end"])
    assert list(keys["measures"]) == list(known["measures"])


def test_a_publishers_real_file(shared_data, tmp_path, proposed):
    path = tmp_path / "employment-rate.csv"
    path.write_bytes((shared_data / "ons-els" / path.stem / path.name).read_bytes())
    with path.open(encoding="utf-8-sig", newline="") as file:
        raw = list(csv.DictReader(file))
    _, reading = proposed(path)
    assert len(reading.observations) == len(raw) > 10_000
    for column, name in (("observation", "value"), ("lci_95", "lower"), ("uci_95", "upper")):
        published = [float(row[column] or "nan") for row in raw]
        np.testing.assert_array_equal(reading.observations[name], published)
    assert reading.observations["area_code"].to_list() == [row["areacd"] for row in raw]


def test_a_written_proposal_finds_its_file_from_another_folder(tmp_path, project):
    table = project / "data" / "sample" / "own" / "residents-panel.csv"
    out = tmp_path / "maps" / "panel.yml"
    own.write_proposal(table, out)
    assert set(own.files(out)) == {out, out.parent / Path(os.path.relpath(table, out.parent))}
    before = out.read_text()
    message = f"{out} is there already; choose another name with --out"
    with pytest.raises(ParameterError, match=f"^{re.escape(message)}$"):
        own.write_proposal(table, out)
    assert out.read_text() == before
    assert [path.name for path in out.parent.iterdir()] == ["panel.yml"]
