"""The glossary, the decisions on wordings, and entries that the register takes."""

import shutil

import pytest
import yaml

from outcomes.errors import ParameterError
from outcomes.model import Indicator, Outcome
from outcomes.model.performance import PerformanceMeasure
from outcomes.model.wording import LastWords, Verdict
from outcomes.parameters import Parameters
from outcomes.parameters.glossary import (
    check_wordings,
    decision_text,
    entry_text,
    identifier,
    read_glossary,
    read_last_words,
    require_outcomes,
)

EIGHT_WORDS = {
    "benchmark", "outcome", "result", "indicator", "goal", "objective", "measure", "target",
}  # fmt: skip
"""The language trap: Rob Hutchinson, Outcomes Focussed Practice, April 2007, slide 7."""


@pytest.fixture
def own(project, tmp_path, monkeypatch):
    """A project's parameters that a test may change."""
    shutil.copytree(project / "parameters", tmp_path / "parameters")
    monkeypatch.setenv("OUTCOMES_HOME", str(tmp_path))
    return tmp_path / "parameters"


def test_row_123_the_glossary_has_the_eight_words_and_the_eleven_modifiers(project):
    glossary = read_glossary(Parameters(project / "parameters"))
    assert set(glossary.words) >= EIGHT_WORDS
    assert len(glossary.modifiers) == 11


def test_row_123_a_council_adds_words_as_data(own):
    file = own / "glossary.yml"
    file.write_text(
        file.read_text().replace("\nwords:\n", "\nwords:\n  dream: {means: outcome}\n", 1)
    )
    assert read_glossary(Parameters(own)).words["dream"].means == "outcome"


def test_a_word_for_a_fourth_idea_is_refused(own):
    file = own / "glossary.yml"
    file.write_text(file.read_text().replace("\nwords:\n", "\nwords:\n  dream: {means: hope}\n", 1))
    with pytest.raises(ParameterError) as refused:
        read_glossary(Parameters(own))
    assert str(refused.value) == (
        "parameters/glossary.yml has 1 problem\n  line 9, words.dream.means: got 'hope'; expected "
        "'outcome', 'indicator' or 'performance_measure'"
    )


def decide(own, name: str, key: str) -> None:
    last = {"text": "x", "kind": "outcome", "reason": "y", "role": "z", "day": "2026-03-02"}
    (own / "wording" / f"{name}.yml").write_text(
        f"items:\n  {key}: {{text: x, kind: {last['kind']}, reason: y, role: z, day: 2026-03-02}}\n"
    )


def test_decisions_are_counted(own):
    decide(own, "indicators", "children_in_care")
    assert check_wordings(Parameters(own)).endswith("; decided by people: 2")
    assert list(read_last_words(Parameters(own), "indicators")) == ["children_in_care"]
    assert read_last_words(Parameters(own), "essex_2014") == {}


def test_a_decision_on_no_wording_is_refused(own):
    decide(own, "essex_2014", "entries.4.33")
    with pytest.raises(ParameterError) as refused:
        check_wordings(Parameters(own))
    assert str(refused.value) == (
        "parameters/wording/essex_2014.yml: wording: there is no wording 'entries.4.33'; did you "
        "mean 'entries.4.3'?"
    )


def test_a_file_of_decisions_on_no_framework_is_refused(own):
    decide(own, "essex_2015", "entries.4.3")
    with pytest.raises(ParameterError) as refused:
        check_wordings(Parameters(own))
    assert str(refused.value) == (
        "parameters/wording/essex_2015.yml: framework: there is no framework 'essex_2015'; did you "
        "mean 'essex_2014'?"
    )


def test_row_125_an_indicator_without_an_outcome_is_refused(own):
    (own / "indicators" / "more.yml").write_text(
        "sunshine:\n  title: Hours of sunshine\n  definition: Hours.\n  unit: hours\n"
        "  value_type: mean\n  polarity: no_judgement\n"
        "  gap: {kind: no_open_series, why: Nobody asked, action: Ask}\n"
    )
    with pytest.raises(ParameterError) as refused:
        require_outcomes(Parameters(own))
    assert str(refused.value) == (
        "parameters/indicators: sunshine ('Hours of sunshine') serves no outcome; an indicator needs "
        "one: enter it under an outcome of a file in parameters/frameworks, or remove it"
    )


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Safe community", "safe_community"),
        ("% of people", "percent_of_people"),
        ("16-19 in work", "x_16_19_in_work"),
        ("???", "x"),
        ("A b c d e f g h", "a_b_c_d_e_f"),
    ],
)
def test_an_identifier_is_made_of_the_first_words(text, name):
    assert identifier(text) == name


def verdict(kind: str, *, end: bool) -> Verdict:
    return Verdict(kind=kind, end=end, reasons=())


def test_an_entry_is_one_that_the_register_takes():
    (outcome,) = yaml.safe_load(entry_text("Safe: 'town'", "outcome", verdict("outcome", end=True)))
    assert Outcome(**outcome).title == "Safe: 'town'"
    found = yaml.safe_load(entry_text("Crime rate", "indicator", verdict("indicator", end=True)))
    assert Indicator(**found["crime_rate"]).value_type == "count"
    found = yaml.safe_load(entry_text("% safe", "indicator", verdict("indicator", end=True)))
    assert Indicator(**found["percent_safe"]).unit == "%"


@pytest.mark.parametrize(
    ("text", "end", "quadrant"),
    [
        ("% of clients in work", True, "better_off_percent"),
        ("Number of clients in work", True, "better_off_number"),
        ("% of staff trained", False, "how_well"),
        ("Number of clients", False, "how_much"),
    ],
)
def test_an_entry_of_a_performance_measure_stands_in_its_quadrant(text, end, quadrant):
    kind = "performance_measure"
    (values,) = yaml.safe_load(entry_text(text, kind, verdict(kind, end=end))).values()
    assert PerformanceMeasure(**values).quadrant == quadrant


def test_a_decision_to_copy_is_one_that_is_read():
    text = decision_text("Crime: a rate", "indicator", "We say so", "Head of performance")
    (last,) = LastWords(**yaml.safe_load(text)).items.values()
    assert (last.text, last.kind, last.role) == (
        "Crime: a rate",
        "indicator",
        "Head of performance",
    )
