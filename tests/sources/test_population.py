"""Mid-year estimates: ages, areas at two levels, and the totals of the real file."""

import csv
import re
import shutil

import pytest

from outcomes.errors import DataError
from outcomes.sources import add, population

HEADER = "area_code,area_name,level,mid_year,age,population"


@pytest.fixture
def write(tmp_path):
    def write_rows(*rows: str, header=HEADER):
        path = tmp_path / "mid_year_estimates.csv"
        path.write_text("\n".join((header, *rows, "")), encoding="utf-8")
        return path

    return write_rows


def test_ages_and_people_are_numbers(write):
    path = write("X1,A,ltla,2024,0,5", "X1,A,ltla,2024,89,6.0", "X1,A,ltla,2024,90+,7")
    table = population.read(path).tables["population"]
    assert table.to_numpy().tolist() == [
        ["X1", 2024, 0, 5.0],
        ["X1", 2024, 89, 6.0],
        ["X1", 2024, 90, 7.0],
    ]


def test_a_folder_does_as_well_as_the_file(write):
    path = write("X1,A,ltla,2024,0,5")
    assert population.files(path.parent) == population.files(path) == [path]


def test_columns_are_found_by_name(write):
    path = write("5,0,2024,X1", header="population,age,mid_year,area_code,level")
    with pytest.raises(DataError, match="line 2: 4 columns where the header has 5"):
        population.read(path)
    path = write("5,0,2024,X1,utla", header="population,age,mid_year,area_code,level")
    assert population.read(path).tables["population"].to_numpy().tolist() == [["X1", 2024, 0, 5.0]]


def test_a_unitary_is_kept_once(write):
    path = write("X1,A,ltla,2024,0,5", "X1,A,utla,2024,0,5", "X1,A,ltla,2024,1,5")
    reading = population.read(path)
    assert reading.tables["population"]["age"].tolist() == [0, 1]
    assert reading.rejected.to_dict("records") == [
        {
            "file": str(path),
            "line": 3,
            "kind": "duplicate",
            "reason": "the same area at another level stands above it",
            "content": "X1,utla,2024,0,5",
        }
    ]


def test_two_numbers_for_one_area_are_told_apart_from_a_repeat(write):
    reading = population.read(write("X1,A,ltla,2024,0,5", "X1,A,utla,2024,0,6"))
    assert reading.tables["population"]["population"].tolist() == [5.0]
    assert reading.rejected["reason"].tolist() == [
        "another number of people of the same area, year and age stands above it"
    ]


@pytest.mark.parametrize(
    ("row", "column", "value", "expected"),
    [
        ("X1,A,ltla,2024,old,5", "age", "old", "0 to 89 or 90+"),
        ("X1,A,ltla,2024,,5", "age", "", "0 to 89 or 90+"),
        ("X1,A,ltla,2024,90,5", "age", "90", "0 to 89 or 90+"),
        ("X1,A,ltla,2024,-1,5", "age", "-1", "0 to 89 or 90+"),
        ("X1,A,ltla,2024,1,few", "population", "few", "a whole number of people"),
        ("X1,A,ltla,2024,1,", "population", "", "a whole number of people"),
        ("X1,A,ltla,2024,1,5.5", "population", "5.5", "a whole number of people"),
        ("X1,A,ltla,2024,1,-5", "population", "-5", "a whole number of people"),
        ("X1,A,ltla,mid-2024,1,5", "mid_year", "mid-2024", "a year such as 2020"),
    ],
)
def test_a_bad_row_is_named_with_its_line(write, store, row, column, value, expected):
    path = write("X1,A,ltla,2024,0,5", row, "X1,A,ltla,2024,2,5")
    message = f"{path}, line 3: {column} is {value!r}; expected {expected}. Nothing was added."
    with pytest.raises(DataError, match=f"^{re.escape(message)}$") as error:
        add("population", path, store)
    assert error.value.exit_code == 11
    assert not store.folder.exists()


def test_a_missing_file(tmp_path, store):
    path = tmp_path / "mid_year_estimates.csv"
    message = (
        f"{path}: no such file; expected mid-year population estimates (mid_year_estimates.csv). "
        "Check the path, or download the publisher's files again."
    )
    with pytest.raises(DataError, match=f"^{re.escape(message)}$"):
        add("population", tmp_path, store)


def test_the_same_figures_elsewhere_change_nothing(write, store, tmp_path):
    path = write("X1,A,ltla,2024,0,5")
    added = add("population", path, store)
    assert (added.changed, added.reading.kept, added.stored.series) == (True, 1, {})
    assert added.reading.accounts.to_dict("records") == [
        {"dataset": "mid_year_estimates.csv", "read": 1, "kept": 1, "duplicate": 0, "rejected": 0}
    ]
    assert added.summary() == ("population: 1 rows read = 1 kept + 0 duplicate + 0 rejected")
    (tmp_path / "elsewhere").mkdir()
    shutil.copy(path, tmp_path / "elsewhere")
    assert not add("population", tmp_path / "elsewhere", store).changed


@pytest.mark.shared_data
class TestRealFile:
    @pytest.mark.parametrize(("area", "level"), [("E10000012", "utla"), ("E07000071", "ltla")])
    def test_totals_of_mid_2020(self, shared_data, real_store, area, level):
        path = shared_data / "population" / "mid_year_estimates.csv"
        with path.open(encoding="utf-8", newline="") as file:
            raw = {
                row["age"]: float(row["population"])
                for row in csv.DictReader(file)
                if (row["area_code"], row["level"], row["mid_year"]) == (area, level, "2020")
            }
        people = real_store.population()
        people = people[(people["area_code"] == area) & (people["mid_year"] == 2020)]
        by_age = people.set_index("age")["population"]
        assert by_age.sum() == sum(raw.values()) > 0
        assert by_age.index.tolist() == list(range(91))
        assert by_age[90] == raw["90+"]
        assert by_age[[0, 50, 89]].tolist() == [raw["0"], raw["50"], raw["89"]]

    def test_every_row_is_kept_or_told(self, real, shared_data):
        path = shared_data / "population" / "mid_year_estimates.csv"
        rows = len(path.read_text(encoding="utf-8").splitlines()) - 1
        reading = real["population"].reading
        assert rows == reading.kept + len(reading.rejected)
        assert reading.kept == len(reading.tables["population"])
        reason = "the same area at another level stands above it"
        assert set(reading.rejected["reason"]) == {reason}
        assert set(reading.rejected["kind"]) == {"duplicate"}

    def test_each_area_stands_once_with_every_age(self, real_store):
        people = real_store.population()
        assert not people.duplicated(["area_code", "mid_year", "age"]).any()
        assert (people.groupby(["area_code", "mid_year"]).size() == 91).all()
        unitary = people[(people["area_code"] == "E06000033") & (people["mid_year"] == 2020)]
        assert len(unitary) == 91
