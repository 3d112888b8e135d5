"""What a person is told of a mapping that is wrong, or whose files are not there."""

import hashlib
import re

import pytest

from outcomes.errors import DataError, OutcomesError, ParameterError
from outcomes.model.mapping import Mapping
from outcomes.parameters import read_model
from outcomes.sources import own

CSV = "Area,Year,Value\nX07000001,2024,1\n"
SAFE = {"unit": "%", "value_type": "proportion", "polarity": "higher_is_better"}
COLUMNS = {"area": "Area", "period": "Year", "value": "Value"}


def refusal(path, kind=ParameterError) -> str:
    with pytest.raises(OutcomesError) as error:
        own.files(path)
    assert type(error.value) is kind
    return str(error.value)


@pytest.mark.parametrize(
    ("changes", "problem"),
    [
        ({"publisher": None}, "line 1, publisher: this key is required"),
        (
            {"id": "The Panel"},
            "line 1, id: got 'The Panel'; expected text of the form ^[a-z0-9][a-z0-9_-]*$",
        ),
        (
            {"columns": {**COLUMNS, "valeu": "Value"}},
            "line 8, columns.valeu: no such parameter; did you mean 'value'?",
        ),
        (
            {"markers": {"*": "supressed"}},
            "line 14, markers.*: got 'supressed'; expected 'final', 'provisional', 'imputed', "
            "'modelled', 'projected', 'withheld_small_number', 'not_available' or "
            "'not_applicable'",
        ),
        ({"period": 2024}, "line 13, period: got 2024; expected text; put a code or a number in "
         "quotes"),
        ({"file": None}, "line 1, the file: give a file, or a query with its connection"),
        ({"query": "SELECT 1"}, "line 1, the file: give a file, or a query with its connection"),
        (
            {"file": None, "query": "SELECT 1"},
            "line 1, the file: a query and its connection go together",
        ),
        (
            {"file": None, "query": "SELECT 1", "connection": "postgresql://me:secret@host/data"},
            "line 1, the file: an address may hold a password: put it into an environment variable "
            "and give the connection as env:NAME",
        ),
        ({"header": []}, "line 13, header: got []; expected at least one item"),
        (
            {"area": "X07000001"},
            "line 1, the file: give columns.area, or one area for every row",
        ),
        (
            {"period": "2024"},
            "line 1, the file: give columns.period, one period for every row, or the layout "
            "wide_by_period",
        ),
        (
            {"columns": {"area": "Area", "period": "Year"}},
            "line 1, the file: the layout long needs columns.value, or columns.numerator and "
            "columns.denominator",
        ),
        (
            {"columns": {"area": "Area", "period": "Year", "numerator": "Yes"}},
            "line 1, the file: without a value there must be a numerator and a denominator",
        ),
        (
            {"layout": "wide_by_period", "columns": {"area": "Area", "value": "Value"}},
            "line 1, the file: in the layout wide_by_period columns holds no figure: the periods' "
            "columns do",
        ),
        (
            {"layout": "wide_by_measure"},
            "line 1, the file: each measure names columns of its own in the layout "
            "wide_by_measure, and only there",
        ),
        (
            {
                "layout": "wide_by_measure",
                "columns": {"area": "Area", "period": "Year", "measure": "What"},
                "measures": {"Safe": {**SAFE, "value": "Value"}},
            },
            "line 1, the file: the layout wide_by_measure has no columns.measure: the measures' "
            "columns tell",
        ),
        (
            {"measures": {"Safe": SAFE, "Sound": SAFE}},
            "line 1, the file: several measures need columns.measure, or the layout "
            "wide_by_measure",
        ),
    ],
)  # fmt: skip
def test_a_mistake_in_a_mapping(write, mapped, changes, problem):
    write("own.csv", CSV)
    path = mapped(**changes)
    assert refusal(path) == f"{path} has 1 problem\n  {problem}"


def test_a_folder_without_a_mapping(tmp_path):
    assert refusal(tmp_path, DataError) == (
        f"{tmp_path}: no mapping in it; expected files such as residents-survey.yml. 'outcomes "
        "data map FILE' proposes one. Nothing was added."
    )


def test_a_file_that_is_not_there(write, mapped):
    write("owns.csv", CSV)
    path = mapped()
    assert refusal(path, DataError) == (
        f"{path}: no file 'own.csv'; did you mean 'owns.csv'? Nothing was added."
    )
    (path.parent / "owns.csv").unlink()
    path = mapped(file="figures.csv")
    assert refusal(path, DataError) == f"{path}: no file 'figures.csv'. Nothing was added."


def test_a_folder_of_mappings(write, mapped, read):
    data = [write("own.csv", CSV), write("other.csv", CSV)]
    mappings = [mapped("a.yml"), mapped("b.yml", id="other", file="other.csv")]
    folder = mappings[0].parent
    assert own.files(folder) == [*mappings, *data]
    assert own.hashes(folder) == {
        path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in [*mappings, *data]
    }
    reading = read(folder)
    assert reading.accounts["dataset"].to_list() == ["panel", "other"]
    assert reading.observations["series"].to_list() == ["own/panel/Safe", "own/other/Safe"]


def test_two_mappings_of_one_id(write, mapped):
    write("own.csv", CSV)
    first, second = mapped("a.yml"), mapped("b.yml")
    assert refusal(first.parent, DataError) == (
        f"{second}: the id 'panel' is that of {first} already; each mapping has its own. Nothing "
        "was added."
    )


def test_the_examples_of_the_manual_are_mappings(project, tmp_path):
    text = (project / "docs" / "own-data.md").read_text(encoding="utf-8")
    examples = re.findall(r"```yaml\n(.*?)```", text, re.DOTALL)
    assert len(examples) == 2
    for example in examples:
        (tmp_path / "example.yml").write_text(example, encoding="utf-8")
        assert read_model(tmp_path / "example.yml", Mapping).measures


def test_an_editor_is_told_that_one_value_may_stand_alone():
    properties = Mapping.model_json_schema()["properties"]
    assert {"type": "integer"} in properties["header"]["anyOf"]
