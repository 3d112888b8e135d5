"""What holds across rooms, each test named after the number of the requirement that it proves."""

import pytest
import yaml

from outcomes.baseline import load_baseline
from outcomes.errors import ParameterError
from outcomes.model import Page
from outcomes.narrative import say_headline
from outcomes.parameters import load_parameters

WORDS = "abcdefghijklmnopqrstuvwxyz"


def register(count: int) -> dict:
    """Return a framework with so many outcomes, each with a statement, as a file has it."""
    outcomes = [
        {
            "id": f"outcome_{WORDS[n]}",
            "number": n + 1,
            "title": "People in {area} are well",
            "short": "Well",
            "question": "Are people in {area} well?",
            "owner": "Director of public health",
            "statements": [
                {"id": f"well_{WORDS[n]}", "wording": "People feel well", "origin": "us"}
            ],
        }
        for n in range(count)
    ]
    return {"id": "ours", "title": "Ours", "area": "Here", "source": "a test", "outcomes": outcomes}


def read(home, values: dict):
    file = home / "parameters" / "frameworks" / "ours.yml"
    file.write_text(yaml.safe_dump(values), encoding="utf-8")
    return load_parameters().framework("ours")


@pytest.mark.parametrize("count", [7, 9, 12])
def test_row_001_a_register_of_any_number_of_outcomes_loads(own_home, count):
    found = read(own_home, register(count)).outcomes
    assert len(found) == count
    assert {(outcome.title, outcome.owner) for outcome in found} == {
        ("People in {area} are well", "Director of public health")
    }
    assert len({outcome.id for outcome in found}) == count


def test_row_001_an_outcome_without_a_statement_of_what_it_is_is_refused(own_home):
    values = register(9)
    del values["outcomes"][4]["title"]
    with pytest.raises(ParameterError, match=r"outcomes\.4\.title: this key is required"):
        read(own_home, values)


def test_row_002_a_statement_has_a_wording_an_origin_a_status_and_one_outcome(own_home):
    statement = read(own_home, register(2)).outcomes[0].statements[0]
    assert statement.model_dump() == {
        "id": "well_a",
        "wording": "People feel well",
        "origin": "us",
        "status": "candidate",
    }
    values = register(2)
    values["outcomes"][1]["statements"][0]["id"] = "well_a"
    with pytest.raises(ParameterError, match="statement id 'well_a' stands twice"):
        read(own_home, values)


def test_row_002_an_entry_that_serves_a_statement_of_another_outcome_is_refused(own_home):
    values = register(2)
    entry = {"number": "1.1", "indicator": "employment_rate", "wording": "In work"}
    values["outcomes"][0]["entries"] = [entry | {"statement": "well_b"}]
    with pytest.raises(ParameterError) as refused:
        read(own_home, values)
    assert str(refused.value) == (
        "parameters/frameworks/ours.yml has 1 problem\n  line 1, the file: entry 1.1: statement: "
        "'outcome_a' has no statement 'well_b'; did you mean 'well_a'?"
    )


def page(outcome: str, locality: str, comparator: str = "nation"):
    return load_baseline(
        Page(framework="essex_2014", outcome=outcome, locality=locality, comparator=comparator)
    )


@pytest.mark.parametrize("level", ["nation", "region", "county", "district"])
def test_row_130_the_same_outcome_is_shown_at_each_level(home, level):
    tree = load_parameters().places.trees["sample"].places
    code = next(place.code for place in tree if place.level == level)
    baseline = page("safe_communities", code)
    assert baseline.place.level == level
    assert [p.latest for p in baseline.positions if p.latest]


def test_row_133_the_level_and_the_gap_stand_together(home):
    baseline = page("health_and_wellbeing", "X10000001")
    said = say_headline(baseline)
    level = next(n for n, sentence in enumerate(said) if "have a figure for" in sentence)
    gaps = next(n for n, sentence in enumerate(said) if sentence.startswith("Gaps, "))
    assert level < gaps <= level + 3
