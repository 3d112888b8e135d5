"""The JSON Schemas by which editors complete and check the files in parameters/."""

import json
from pathlib import Path

import jsonschema
import pytest

from outcomes.parameters import read_yaml, schemas, write_schemas

FOLDER = Path(__file__).resolve().parents[2] / "parameters"
KIND_OF = {
    "ballots": "ballot",
    "frameworks": "framework",
    "indicators": "indicators",
    "runs": "run",
    "stores": "store",
    "sources": "source",
    "evidence": "evidence",
    "gaps": "gaps",
    "stories": "story",
    "targets": "targets",
    "scenarios": "scenario",
    "scores": "scores",
    "crosswalks": "crosswalk",
    "measures": "service",
    "partners": "partners",
    "programmes": "programme",
    "reports": "report",
    "glossary.yml": "glossary",
    "wording": "wording",
    "pages.yml": "pages",
    "places.yml": "places",
    "comparators.yml": "comparators",
}
FILES = sorted(path.relative_to(FOLDER).as_posix() for path in FOLDER.rglob("*.yml"))


def kind_of(name: str) -> str:
    return KIND_OF[Path(name).parts[0]]


def test_the_committed_schemas_are_those_of_the_code():
    committed = {path.name: path.read_text("utf-8") for path in (FOLDER / "schemas").iterdir()}
    assert committed == schemas(), "run: outcomes schema"


@pytest.mark.parametrize("name", sorted(schemas()))
def test_a_schema_is_one(name):
    jsonschema.Draft202012Validator.check_schema(json.loads(schemas()[name]))


@pytest.mark.parametrize("name", FILES)
def test_a_file_fits_its_schema(name):
    schema = json.loads(schemas()[f"{kind_of(name)}.json"])
    # Editors read a date as text; PyYAML makes a date of it.
    values = json.loads(json.dumps(read_yaml(FOLDER / name), default=str))
    jsonschema.Draft202012Validator(schema).validate(values)


@pytest.mark.parametrize("name", FILES)
def test_a_file_names_its_schema_in_its_first_line(name):
    path = FOLDER / name
    first = path.read_text(encoding="utf-8").splitlines()[0]
    beginning = "# yaml-language-server: $schema="
    assert first.startswith(beginning)
    named = path.parent / first.removeprefix(beginning)
    assert named.resolve() == FOLDER / "schemas" / f"{kind_of(name)}.json"


@pytest.mark.parametrize(
    ("name", "change"),
    [
        ("runs/sample.yml", {"localties": []}),
        ("runs/sample.yml", {"localities": ["Plymouth"]}),
        ("runs/sample.yml", {"localities": [7]}),
        ("runs/sample.yml", {"outcomes": "some"}),
        ("places.yml", {"trees": {"ours": {"store": "sample", "places": []}}}),
        ("comparators.yml", {"ours": {"kind": "friends", "title": "friends"}}),
        ("pages.yml", {"body": {"indicators": 0}}),
        ("pages.yml", {"pins": [{"framework": "essex_2014", "in": "footnote"}]}),
        ("stories/essex_2014.yml", {"unseen": [{"outcome": "best_start", "text": "Good."}]}),
    ],
)
def test_an_editor_marks_what_the_command_refuses(name, change):
    schema = json.loads(schemas()[f"{kind_of(name)}.json"])
    values = {**read_yaml(FOLDER / name), **change}
    assert not jsonschema.Draft202012Validator(schema).is_valid(values)


def test_the_schemas_are_written_where_the_files_look_for_them(own_home):
    for path in (own_home / "parameters" / "schemas").iterdir():
        path.unlink()
    written = write_schemas()
    assert {path.name: path.read_text("utf-8") for path in written} == schemas()
    assert {path.parent for path in written} == {own_home / "parameters" / "schemas"}
