"""A file that is missing, cut short or of another layout: one whole message, and the store as it was.

Each damage is done to a small folder whose sound version is in the store already.
"""

import json
import re
import shutil
import zipfile
from pathlib import Path

import pandas as pd
import pytest

from outcomes.errors import DataError
from outcomes.sources import add

AGAIN = "download it again. Nothing was added."
CUT = f"so the file looks cut short or damaged; {AGAIN}"
DATASET = "a dataset of ONS Explore Local Statistics"
COLUMNS = (
    "areacd, areanm, geography, indicator, period, observation, measure, unit, lci_95, uci_95, "
    "status, notes"
)
RATE = "els/employment-rate/Employment rate"
ONE = "employment-rate/employment-rate"


def edit(path: Path, change) -> None:
    path.write_bytes(change(path.read_bytes()))


def rows(*texts: str) -> bytes:
    return "".join(f"{text}\n" for text in texts).encode()


def snapshot(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


@pytest.fixture
def refuses(filled):
    """Check that an add fails with one message that fits a pattern, and changes nothing."""
    store = filled

    def check(source: str, path: Path, pattern: str) -> None:
        before = snapshot(store.folder)
        figures = store.observations([RATE])
        with pytest.raises(DataError, match=f"^{pattern}$") as error:
            add(source, path, store)
        assert error.value.exit_code == 11
        assert "\n" not in str(error.value)
        assert snapshot(store.folder) == before
        assert not [name for name in before if "partial" in name]
        pd.testing.assert_frame_equal(store.observations([RATE]), figures)
        assert len(figures) > 100

    return check


NO_FILE = "no such file; expected {}. Check the path, or download the publisher's files again."

MISSING = [
    (f"{ONE}.csv", DATASET),
    (f"{ONE}.json", DATASET),
    ("reference/geo-metadata.json", "a reference file"),
    ("reference/topo.json", "a reference file"),
    ("reference/clusters/global-neighbours.csv", "a reference file"),
]


@pytest.mark.parametrize(("name", "what"), MISSING)
def test_a_missing_file(refuses, small_els, name, what):
    (small_els / name).unlink()
    refuses("els", small_els, re.escape(f"{small_els / name}: {NO_FILE.format(what)}"))


def test_a_missing_folder(refuses, tmp_path):
    folder = tmp_path / "nowhere"
    message = (
        f"{folder}: no such folder; expected a folder with a folder for each dataset, such as "
        "employment-rate/employment-rate.csv"
    )
    refuses("els", folder, re.escape(message))


def test_a_folder_without_a_dataset(refuses, tmp_path):
    folder = tmp_path / "empty"
    folder.mkdir()
    message = f"{folder}: no dataset in it; expected {DATASET} in a folder of its own"
    refuses("els", folder, re.escape(message))


NO_END = f": the last line has no end, so the file looks cut short; {AGAIN}"
HEADER = COLUMNS.replace(", ", ",")
ROW = "X10000001,A,County,Employment rate,2023-01-01/P1Y,1,Percentage,%,,,,"

DAMAGED_CSV = [
    (lambda raw: raw[: len(raw) // 2], NO_END),
    (lambda raw: raw.rstrip(b"\r\n"), NO_END),
    (lambda raw: b"", NO_END),
    (
        lambda raw: rows(HEADER, ROW, ROW[:30]),
        f", line 3: 4 columns where the header has 12, {CUT}",
    ),
    (
        lambda raw: rows(HEADER, ROW + ",more"),
        f", line 2: 13 columns where the header has 12, {CUT}",
    ),
    (
        lambda raw: rows(HEADER),
        f": a header and no row below it, so the file looks cut short; {AGAIN}",
    ),
    (
        lambda raw: rows(HEADER.replace("observation", "value"), ROW),
        f": no column 'observation'; it has {COLUMNS.replace('observation', 'value')}. "
        f"Expected {DATASET}.",
    ),
    (lambda raw: b"\n", f": no column 'areacd'; it has no header. Expected {DATASET}."),
    (
        lambda raw: rows(HEADER, ROW).replace(b"County", b"C\xf4te"),
        f": not text in UTF-8 (byte {len(HEADER) + 14}); expected {DATASET}",
    ),
    (
        lambda raw: rows(HEADER, ROW, ROW + '"A note of which the end', ROW),
        f", line 4: not readable as CSV (unexpected end of data), {CUT}",
    ),
    (
        lambda raw: rows(HEADER, ROW + '"' + "long " * 40_000, ROW),
        f", line 2: not readable as CSV (field larger than field limit (131072)), {CUT}",
    ),
]


@pytest.mark.parametrize(("damage", "message"), DAMAGED_CSV)
def test_a_damaged_csv(refuses, small_els, damage, message):
    path = small_els / f"{ONE}.csv"
    edit(path, damage)
    refuses("els", small_els, re.escape(f"{path}{message}"))


def test_a_csv_of_neighbours_with_another_header(refuses, small_els):
    path = small_els / "reference" / "clusters" / "global-neighbours.csv"
    edit(path, lambda raw: raw.replace(b"AREACD", b"code"))
    message = (
        f"{path}: no column 'AREACD'; it has code, {', '.join(str(i) for i in range(1, 21))}. "
        "Expected a list of nearest neighbours."
    )
    refuses("els", small_els, re.escape(message))


def test_a_json_cut_short(refuses, small_els):
    path = small_els / f"{ONE}.json"
    text = path.read_text(encoding="utf-8")
    path.write_text(text[: len(text) // 2], encoding="utf-8")
    line = text[: len(text) // 2].count("\n") + 1
    refuses("els", small_els, re.escape(f"{path}, line {line}: not readable as JSON, {CUT}"))


def test_a_json_that_is_not_text(refuses, small_els):
    path = small_els / f"{ONE}.json"
    path.write_bytes(b"\xff\xff")
    refuses("els", small_els, re.escape(f"{path}: not readable as JSON, {CUT}"))


@pytest.mark.parametrize(
    "content", ["{}", "[]", '{"label": "A rate"}', '{"ess-beta-metadata": null}']
)
def test_a_json_without_the_description(refuses, small_els, content):
    path = small_els / f"{ONE}.json"
    path.write_text(content, encoding="utf-8")
    message = (
        f"{path}: no part 'ess-beta-metadata'; expected the description of {DATASET}. "
        "Nothing was added."
    )
    refuses("els", small_els, re.escape(message))


@pytest.mark.parametrize("key", ["areacd", "areanm", "level", "parents"])
def test_an_area_that_lacks_a_key(refuses, small_els, key):
    path = small_els / "reference" / "geo-metadata.json"
    areas = json.loads(path.read_text(encoding="utf-8"))
    del areas["X10000001"][key]
    path.write_text(json.dumps(areas), encoding="utf-8")
    message = (
        f"{path}: the area X10000001 has no {key!r}; expected a list of areas by code. "
        "Nothing was added."
    )
    refuses("els", small_els, re.escape(message))


@pytest.mark.parametrize("content", ["[]", "{}", "3"])
def test_a_list_of_areas_of_another_shape(refuses, small_els, content):
    path = small_els / "reference" / "geo-metadata.json"
    path.write_text(content, encoding="utf-8")
    message = f"{path}: expected a list of areas by code. Nothing was added."
    refuses("els", small_els, re.escape(message))


def test_boundaries_cut_short(refuses, small_els):
    path = small_els / "reference" / "topo.json"
    edit(path, lambda raw: raw[: len(raw) // 2])
    start = re.escape(f"{path}: the layer 'ctry' cannot be read as TopoJSON (")
    refuses("els", small_els, f"{start}.+{re.escape(f'); {AGAIN}')}")


def test_boundaries_without_a_layer(refuses, small_els):
    path = small_els / "reference" / "topo.json"
    edit(path, lambda raw: raw.replace(b'"utla":', b'"counties":'))
    start = re.escape(f"{path}: the layer 'utla' cannot be read as TopoJSON (")
    refuses("els", small_els, f"{start}.+{re.escape(f'); {AGAIN}')}")


def test_boundaries_without_codes(refuses, small_els):
    path = small_els / "reference" / "topo.json"
    edit(path, lambda raw: raw.replace(b'"areacd":', b'"code":'))
    start = re.escape(f"{path}: the layer 'ctry' cannot be read as TopoJSON (")
    refuses("els", small_els, f"{start}.+{re.escape(f'); {AGAIN}')}")


def test_rows_of_which_none_can_be_kept(refuses, small_els):
    for name in ("early-years", "recorded-crime"):
        shutil.rmtree(small_els / name)
    path = small_els / f"{ONE}.csv"
    path.write_bytes(rows(HEADER, ROW.replace("X10000001", "na"), ROW.replace(",1,", ",k,")))
    message = (
        f"els: none of 2 rows can be kept; the first is {path}, line 2: there is no area code. "
        "Nothing was added."
    )
    refuses("els", small_els, re.escape(message))


def test_a_number_that_is_none_is_told_and_the_rest_added(refuses, small_els, filled):
    path = small_els / f"{ONE}.csv"
    lines = path.read_text(encoding="utf-8").splitlines()
    cells = lines[4].split(",")
    cells[5] = "about 70"
    lines[4] = ",".join(cells)
    path.write_text("\n".join([*lines, ""]), encoding="utf-8")
    added = add("els", small_els, filled)
    assert added.changed
    assert added.reading.rejected.to_dict("records") == [
        {
            "file": str(path),
            "line": 5,
            "kind": "rejected",
            "reason": "observation is not a number",
            "content": ",".join([*cells[:2], *cells[3:6], *cells[8:12]]),
        }
    ]
    indicators = {line.split(",")[3] for line in lines[1:]}
    held = filled.observations([f"els/employment-rate/{name}" for name in indicators])
    assert len(held) == len(lines) - 2
    account = added.reading.accounts.set_index("dataset").loc["employment-rate"]
    assert account.tolist() == [len(lines) - 1, len(lines) - 2, 0, 1]
    assert added.summary().splitlines()[1:5] == [
        "  1 because observation is not a number",
        f"  every one of them: {added.stored.folder / 'rejected.csv'}",
        "  5 series: 1 revised",
        "  what changed: outcomes data diff els",
    ]


PARQUET = "bds_long_0.parquet"
LAIT_MISSING = [
    PARQUET,
    "lait_data_dictionary.csv",
    "la_code_list.xlsx",
    "sn_may_2025.xlsx",
    "sn_april_2021.xlsx",
]


@pytest.mark.parametrize("name", LAIT_MISSING)
def test_a_missing_file_of_lait(refuses, small_lait, name):
    (small_lait / name).unlink()
    message = f"{small_lait / name}: {NO_FILE.format('a file of the DfE' + chr(39) + 's LAIT')}"
    refuses("lait", small_lait, re.escape(message))


VALUES = (
    "not readable as LAIT's Parquet table with the columns Short Desc, Years, LA and Regions, "
    "Values, LA Number ("
)


@pytest.mark.parametrize("keep", [0, 3, 100, -1, -8, -200])
def test_a_parquet_cut_short(refuses, small_lait, keep):
    path = small_lait / PARQUET
    edit(path, lambda raw: raw[:keep])
    start = re.escape(f"{path}: {VALUES}")
    refuses("lait", small_lait, f"{start}.+{re.escape(f'); {AGAIN}')}")


def test_a_parquet_with_other_columns(refuses, small_lait):
    path = small_lait / PARQUET
    pd.read_parquet(path).rename(columns={"Values": "Value"}).to_parquet(path)
    start = re.escape(f"{path}: {VALUES}")
    refuses("lait", small_lait, f"{start}.+{re.escape(f'); {AGAIN}')}")


def test_a_parquet_without_a_row(refuses, small_lait):
    path = small_lait / PARQUET
    pd.read_parquet(path).head(0).to_parquet(path)
    refuses("lait", small_lait, re.escape("lait: the files hold no row. Nothing was added."))


def test_a_dictionary_cut_in_mid_record(refuses, small_lait):
    path = small_lait / "lait_data_dictionary.csv"
    edit(path, lambda raw: raw[: raw.index(b"lines")])
    message = f"{path}, line 3: not readable as CSV (unexpected end of data), {CUT}"
    refuses("lait", small_lait, re.escape(message))


WORKBOOKS = [
    ("la_code_list.xlsx", "LA Number and LA Name"),
    ("sn_may_2025.xlsx", "LA num, SN1, SNP, SN2 and 17 more"),
    ("sn_april_2021.xlsx", "LA num, SN1, SNP, SN2 and 17 more"),
]


def as_workbook(path: Path, columns: str) -> str:
    start = re.escape(f"{path}: not readable as LAIT's workbook with the columns {columns} (")
    return f"{start}.+{re.escape(f'); {AGAIN}')}"


@pytest.mark.parametrize("keep", [0, 100, 0.5, 0.9])
@pytest.mark.parametrize(("name", "columns"), WORKBOOKS)
def test_a_workbook_cut_short(refuses, small_lait, name, columns, keep):
    path = small_lait / name
    edit(path, lambda raw: raw[: int(keep * len(raw)) if 0 < keep < 1 else keep])
    refuses("lait", small_lait, as_workbook(path, columns))


@pytest.mark.parametrize(("name", "columns"), WORKBOOKS)
def test_a_workbook_with_a_part_missing(refuses, small_lait, tmp_path, name, columns):
    path = small_lait / name
    sound = path.rename(tmp_path / name)
    with zipfile.ZipFile(sound) as old, zipfile.ZipFile(path, "w") as new:
        for part in old.namelist():
            if "sheet1" not in part:
                new.writestr(part, old.read(part))
    refuses("lait", small_lait, as_workbook(path, columns))


@pytest.mark.parametrize(("name", "columns"), WORKBOOKS)
def test_a_workbook_without_the_sheet_or_the_columns(refuses, small_lait, name, columns):
    path = small_lait / name
    pd.DataFrame({"Number": [1], "Name": ["A"]}).to_excel(path, index=False)
    refuses("lait", small_lait, as_workbook(path, columns))


@pytest.mark.parametrize("name", ["sn_may_2025.xlsx", "sn_april_2021.xlsx"])
def test_neighbours_on_the_right_sheet_with_other_columns(refuses, small_lait, name):
    path = small_lait / name
    table = pd.DataFrame({"Number": [1, 2, 3, 4], "Name": ["A", "B", "C", "D"]})
    table.to_excel(path, index=False, sheet_name="LA SN Groups")
    refuses("lait", small_lait, as_workbook(path, WORKBOOKS[1][1]))
