"""What a person is told of a file that cannot be read: the file, the line, what to do."""

from typing import Literal

import pytest
from pydantic import Field

from outcomes.errors import ParameterError
from outcomes.model import Identifier, Series, Strict
from outcomes.parameters import read_model, read_yaml


class Colour(Strict):
    name: Identifier
    kind: Literal["warm", "cold"] = "warm"
    share: int = 1
    weight: float = Field(1, gt=0)


@pytest.fixture
def project(tmp_path, monkeypatch):
    (tmp_path / "parameters").mkdir()
    (tmp_path / "parameters" / "places.yml").write_text("trees: {}\n", encoding="utf-8")
    monkeypatch.setenv("OUTCOMES_HOME", str(tmp_path))
    return tmp_path


def refusal(project, text, kind=None):
    path = project / "parameters" / "a.yml"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    with pytest.raises(ParameterError) as caught:
        read_model(path, kind) if kind else read_yaml(path)
    return str(caught.value)


LOOK = "; look for a missing colon, quote or indent there"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (b"a: \xe9\n", "parameters/a.yml: not a text file in UTF-8 (byte 3)"),
        (
            "a: 1\nb: [1, 2\nc: 3\n",
            f"parameters/a.yml, line 3: not readable as YAML: did not find expected ',' or ']'{LOOK}",
        ),
        (
            "a: 1\n\tb: 2\n",
            "parameters/a.yml, line 2: not readable as YAML: found a tab character that violates "
            f"indentation{LOOK}",
        ),
        (
            "a: \x01\n",
            "parameters/a.yml: not readable as YAML: unacceptable character #x0001: control "
            f"characters are not allowed{LOOK}",
        ),
        (
            "? [a, b]\n: 1\n",
            f"parameters/a.yml, line 1: not readable as YAML: found unhashable key{LOOK}",
        ),
        (
            "a: 1\nb: 2\nb: 3\n",
            "parameters/a.yml, line 3: the key 'b' stands twice, first in line 2; keep one of them",
        ),
        (
            "a:\n  - {b: 1, c: 2, b: 3}\n",
            "parameters/a.yml, line 2: the key 'b' stands twice, first in line 2; keep one of them",
        ),
        (
            "a: &x {b: 1}\nc: *y\n",
            f"parameters/a.yml, line 2: not readable as YAML: found undefined alias{LOOK}",
        ),
        (
            "a: !!python/name:os.system\n",
            "parameters/a.yml, line 1: not readable as YAML: could not determine a constructor for "
            f"the tag 'tag:yaml.org,2002:python/name:os.system'{LOOK}",
        ),
    ],
)
def test_a_file_that_is_not_yaml_says_where(project, text, message):
    assert refusal(project, text) == message


def test_a_byte_order_mark_is_no_part_of_the_first_key(project):
    path = project / "parameters" / "a.yml"
    path.write_text("\ufeffname: blue\n", encoding="utf-8")
    assert read_model(path, Colour) == Colour(name="blue")


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("", "the file: got nothing; expected keys with values"),
        ("blue\n", "line 1, the file: got 'blue'; expected keys with values"),
        ("- blue\n", "line 1, the file: got ['blue']; expected keys with values"),
        ("kind: warm\n", "line 1, name: this key is required"),
        ("name: blue\nknd: cold\n", "line 2, knd: no such parameter; did you mean 'kind'?"),
        ("name: blue\nzzzz: 1\n", "line 2, zzzz: no such parameter"),
        ("name: blue\n1: 2\n", "line 2, 1: got 1; expected a word as the key"),
        ("name: blue\nkind: icy\n", "line 2, kind: got 'icy'; expected 'warm' or 'cold'"),
        ("name: blue\nshare: half\n", "line 2, share: got 'half'; expected a whole number"),
        ("name: blue\nshare: 1.5\n", "line 2, share: got 1.5; expected a whole number"),
        ("name: blue\nweight: 0\n", "line 2, weight: got 0; expected greater than 0"),
        ("name: 12\n", "line 1, name: got 12; expected text; put a code or a number in quotes"),
        (
            f"name: {'Blue ' * 20}\n",
            f"line 1, name: got '{'Blue ' * 11}B...; expected a word in lower case, joined by "
            "underscores, such as median_pay",
        ),
    ],
)
def test_a_value_of_the_wrong_form_says_where_and_what_was_expected(project, text, problem):
    assert refusal(project, text, Colour) == f"parameters/a.yml has 1 problem\n  {problem}"


def test_a_problem_deep_in_a_file_is_named_by_its_keys_and_its_line(project):
    text = "blue:\n  name: blue\nred:\n  name: red\n  kind: hot\n"
    assert refusal(project, text, dict[Identifier, Colour]) == (
        "parameters/a.yml has 1 problem\n  line 5, red.kind: got 'hot'; expected 'warm' or 'cold'"
    )


def test_a_rule_between_keys_is_said_in_its_own_words(project):
    text = "id: els/employment-rate/Employment rate\nmatch: near\n"
    assert refusal(project, text, Series) == (
        "parameters/a.yml has 1 problem\n"
        "  line 1, the file: a series whose match is 'near' needs a note that says how it differs"
    )
