"""A CSV file saved from a spreadsheet: what Excel leaves in it is skipped, what is wrong is told."""

import openpyxl
import pytest

from outcomes.errors import DataError, ParameterError
from outcomes.parameters.csv_files import read_csv

GOOD = "name,number\nCafé,1\n"
NOT_UTF_8 = "it is not UTF-8; save it as 'CSV UTF-8'. Nothing was read in."


def read(path, content: bytes, **more):
    path.write_bytes(content)
    return read_csv(path, ["name", "number"], what="a table", so="Nothing was read in.", **more)


def test_blank_rows_and_columns_are_skipped_and_lines_keep_their_numbers(tmp_path):
    text = "\ufeffname , number,,\r\n,,,\r\n a,1,,\r\n , ,,\r\n\r\nb,,,\r\n,,,\r\n"
    found = read(tmp_path / "a.csv", text.encode())
    assert found.columns.tolist() == ["name", "number"]
    assert found.to_dict("index") == {
        3: {"name": "a", "number": "1"}, 6: {"name": "b", "number": ""},
    }  # fmt: skip


@pytest.mark.parametrize("encoding", ["cp1252", "utf-16", "utf-16-le"])
def test_another_encoding_is_told_in_one_plain_message(tmp_path, encoding):
    path = tmp_path / "a.csv"
    with pytest.raises(DataError) as raised:
        read(path, GOOD.encode(encoding))
    assert str(raised.value) == f"{path}: {NOT_UTF_8}"


def test_a_workbook_is_told_so_too(tmp_path):
    path = tmp_path / "a.xlsx"
    openpyxl.Workbook().save(path)
    with pytest.raises(DataError) as raised:
        read(path, path.read_bytes())
    assert str(raised.value) == f"{path}: {NOT_UTF_8}"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("name;number\na;1\n", ": its columns are separated by semicolons; save it with commas between "
         "them"),
        ("name\tnumber\na\t1\n", ": its columns are separated by tabs; save it with commas between them"),
        ("Name,Number\na,1\n", ": no column 'name'; it has Name and Number. Expected a table"),
        ("", ": no column 'name'; it has none. Expected a table"),
        ("name,number,name\na,1,b\n", ": the column 'name' stands twice; keep one of them"),
        ("name,number\na\n", ", line 2: 1 columns where the header has 2, so the file looks cut short "
         "or damaged"),
        ('name,number\n"a,1\n', ", line 2: not readable as CSV (unexpected end of data); look for an "
         "open quote"),
        ("name,number\n,\n", ": it has no row below its headings"),
    ],
)  # fmt: skip
def test_another_form_is_refused_with_what_was_found(tmp_path, text, said):
    path = tmp_path / "a.csv"
    with pytest.raises(ParameterError) as raised:
        read(path, text.encode(), error=ParameterError)
    assert str(raised.value) == f"{path}{said}. Nothing was read in."


def test_a_table_may_be_empty_where_that_is_right(tmp_path):
    found = read(tmp_path / "a.csv", b"name,number\n", empty=True)
    assert (len(found), found.columns.tolist()) == (0, ["name", "number"])
    assert (found["name"].str.strip() == "").sum() == 0
