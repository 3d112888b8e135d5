"""Files as people save them: encodings, delimiters, titles, merged headings, Excel's formats."""

import datetime
import re
import zipfile

import openpyxl
import pytest

from outcomes.errors import DataError
from outcomes.sources import own
from outcomes.sources.own.tables import excel_rows, read_table

SAFE = {"unit": "%", "value_type": "proportion", "polarity": "higher_is_better"}


def refusal(path) -> str:
    with pytest.raises(DataError) as error:
        own.read(path)
    return str(error.value)


TEXT = "Area,Year,Value\nX07000001,2024,1\nDún Wick – “east”,2024,2\n"


@pytest.mark.parametrize(
    ("raw", "encoding"),
    [
        (TEXT.encode("utf-8-sig"), None),
        (TEXT.encode("utf-16"), None),
        (b"\xfe\xff" + TEXT.encode("utf-16-be"), None),
        (TEXT.replace("\n", "\r\n").encode("cp1252"), "cp1252"),
    ],
)
def test_encodings(write, mapped, raw, encoding):
    write("own.csv", raw)
    reading = own.read(mapped(encoding=encoding, area_names={"Dun Wick east": "X07000002"}))
    assert reading.observations["value"].to_list() == [1]
    assert reading.rejected["content"].to_list() == ["Dún Wick – “east”,2024,Safe,2,,,"]


def test_a_file_in_another_encoding_than_its_mapping_says(write, mapped):
    path = write("own.csv", TEXT.encode("cp1252"))
    assert re.fullmatch(
        re.escape(f"{path}: not text in utf-8 (") + ".*" + re.escape(
            "); a file that Excel saved as CSV on Windows has 'encoding: cp1252' in its mapping. "
            "Nothing was added."
        ),
        refusal(mapped()),
    )  # fmt: skip


@pytest.mark.parametrize(
    ("text", "changes", "message"),
    [
        (
            'Area,Year,Value\nX07000001,2024,1\nX07000001,"2025,1\n',
            {},
            ", line 3: not readable as CSV (unexpected end of data); look for a quote that is not "
            "closed. Nothing was added.",
        ),
        (
            "Area;Year;Value\nX07000001;2024;1\n",
            {},
            ": no column 'Area'. It has Area;Year;Value. Nothing was added.",
        ),
        (
            "Area,Year,Values\nX07000001,2024,1\n",
            {},
            ": no column 'Value'; did you mean 'Values'? It has Area, Year and Values. Nothing was "
            "added.",
        ),
        (
            "Area,Year,Value\n",
            {},
            ": no headings in row 1 with a row below them; check 'header' in the mapping. Nothing "
            "was added.",
        ),
        (
            "Area,2024,Change\nX07000001,1,2\n",
            {"layout": "wide_by_period", "columns": {"area": "Area"}},
            ": the column 'Change' is neither named in the mapping nor a period; name it under "
            "columns, or under ignore. Nothing was added.",
        ),
        (
            "Area,2024\nX07000001,1\n",
            {"layout": "wide_by_period", "columns": {"area": "Area"}, "ignore": ["2024"]},
            ": no column is left that could be a period. Nothing was added.",
        ),
    ],
)
def test_a_file_that_cannot_be_read_as_its_mapping_says(write, mapped, text, changes, message):
    path = write("own.csv", text)
    assert refusal(mapped(**changes)) == f"{path}{message}"


@pytest.fixture
def workbook(tmp_path):
    """Two title rows, headings in two rows with merged cells, a blank row, notes; formats."""
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "Table 1"
    rows = [
        ["Table 1: People who feel safe"],
        [],
        [None, "Month", "Safe", None, "Cases", None],
        ["Area", None, "2023", "2024", "2023", "2024"],
        ["X07000001", datetime.date(2024, 3, 1), 0.753, 0.76, 1234.0, "=1+1"],
        [],
        ["X07000002", datetime.date(2024, 3, 31), 0.5, None, 7, 0.1 + 0.2],
        ["Source: the panel"],
    ]
    for row in rows:
        sheet.append(row)
    sheet.merge_cells("C3:D3")
    sheet.merge_cells("E3:F3")
    sheet["B5"].number_format = "mmm\\-yy"
    sheet["B7"].number_format = "[$-809]dd mmmm yyyy"
    for cell in ("C5", "D5"):
        sheet[cell].number_format = "0.0%"
    sheet["C7"].number_format = '0.0"%"'
    book.create_sheet("Notes")
    path = tmp_path / "own.xlsx"
    book.save(path)
    return path


def test_excel_cells_are_text_as_they_are_shown(workbook, mapped):
    _, rows = excel_rows(workbook, "Table 1")
    assert [line for line, _ in rows] == [1, 3, 4, 5, 7, 8]
    assert dict(rows)[5] == ["X07000001", "March 2024", "75.3%", "76%", "1234", "=1+1"]
    assert dict(rows)[7] == ["X07000002", "2024-03-31", "0.5", "", "7", "0.3"]


def test_excel_with_title_rows_merged_headings_and_notes(workbook, mapped, read):
    measures = {
        "Safe": {**SAFE, "value": "Safe 2023"},
        "Cases": {"unit": "", "value_type": "count", "polarity": "lower_is_better"},
    }
    measures["Cases"]["value"] = "Cases 2024"
    path = mapped(
        file="own.xlsx", sheet="Table 1", header=[3, 4], layout="wide_by_measure",
        columns={"area": "Area", "period": "Month"}, measures=measures,
    )  # fmt: skip
    reading = read(path)
    assert reading.observations["value"].to_list() == [75.3, 0.5, 0.3]
    assert reading.observations["period_end"].dt.day.to_list() == [31, 31, 31]
    rejected = reading.rejected
    assert rejected["line"].to_list() == [5, 8]
    assert (rejected["file"] == f"{workbook}, sheet Table 1").all()
    assert rejected["reason"].to_list() == [
        "the value is neither a number nor among the mapping's markers",
        "no area is called 'Source: the panel'",
    ]
    assert rejected["content"].to_list()[0].startswith("X07000001,March 2024,Cases,=1+1")


def change_sheet(path, change) -> None:
    """Change the text of a workbook's sheet, which no program writes so."""
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    sheet = "xl/worksheets/sheet1.xml"
    changed = change(parts[sheet])
    assert changed != parts[sheet]
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in (parts | {sheet: changed}).items():
            archive.writestr(name, content)


def test_a_formula_has_its_stored_result(write, mapped, figures):
    path = write("own.xlsx", [["Area", "Year", "Value"], ["X07000001", "2024", 5]])
    formula = b'<c r="C2"><f>2+3</f><v>5</v></c>'
    change_sheet(path, lambda sheet: re.sub(rb'<c r="C2"[^>]*><v>5</v></c>', formula, sheet))
    path = mapped(file="own.xlsx")
    assert figures(path) == [("Safe", "X07000001", "2024", "", 5, "final")]


def test_headings_of_a_workbook(workbook, mapped):
    from outcomes.model.mapping import Mapping

    keys = {"id": "a", "publisher": "b", "file": "own.xlsx", "sheet": "Table 1", "header": (3, 4)}
    mapping = Mapping(
        **keys, period="2024", columns={"area": "Area", "value": "x"}, measures={"Safe": SAFE}
    )
    headings = ["Area", "Month", "Safe 2023", "Safe 2024", "Cases 2023", "Cases 2024"]
    assert list(read_table(workbook, mapping).frame) == headings


@pytest.mark.parametrize(
    ("sheet", "said"),
    [(None, "it has several sheets"), ("table", "no sheet 'table'")],
)
def test_a_sheet_that_is_not_there(workbook, mapped, sheet, said):
    assert refusal(mapped(file="own.xlsx", sheet=sheet)) == (
        f"{workbook}: {said}; there are: Table 1 and Notes. Name one under 'sheet' in the mapping. "
        "Nothing was added."
    )


def test_what_is_no_workbook(write, mapped):
    path = write("own.xlsx", b"Area,Year\n")
    assert refusal(mapped(file="own.xlsx")) == (
        f"{path}: not readable as an .xlsx workbook (File is not a zip file); save it as one, or "
        "as CSV. Nothing was added."
    )


def test_a_workbook_whose_sheet_is_cut_short(write, mapped):
    path = write("own.xlsx", [["Area", "Year", "Value"], ["X07000001", "2024", 5]])
    change_sheet(path, lambda sheet: sheet[: len(sheet) // 2])
    said = refusal(mapped(file="own.xlsx"))
    assert said.startswith(f"{path}: not readable as an .xlsx workbook (")
    assert said.endswith("); save it as one, or as CSV. Nothing was added.")


def test_repeated_and_empty_headings_keep_their_columns_apart(write, mapped, figures):
    write("own.csv", "Area,Year,Value,Value,,\nX07000001,2024,1,2,3,\n")
    for heading, value in (("Value", 1), ("Value (2)", 2), ("column 5", 3)):
        columns = {"area": "Area", "period": "Year", "value": heading}
        path = mapped(columns=columns)
        assert figures(path) == [("Safe", "X07000001", "2024", "", value, "final")]
