"""The files of the catalogue and of the decisions: what is refused, and what is listed as missing."""

import shutil

import pytest

from outcomes.batch import check_everything
from outcomes.errors import ParameterError
from outcomes.parameters import load_parameters

ENTRY = """\
area: X10000001
framework: nine_outcomes_example
entries:
  exit_poll:
    title: Leavers' survey
    kind: survey
    holder: The council
    obtained: collected
    statements: [do_well]
    indicators: [achieving_at_school]
    frequency: yearly
    lowest_level: district
    access: on_request
    how: Ask.
"""
DECISION = """\
area: X10000001
framework: nine_outcomes_example
gaps:
  no_measure/learning/do_well:
    owner: Head of schools
    due: 2026-12-31
"""


@pytest.fixture
def write(project, tmp_path, monkeypatch):
    """Return a function that writes mine.yml into a folder of parameters, with a word replaced."""
    for name in ("parameters", "notebooks"):
        ignore = shutil.ignore_patterns(".ipynb_checkpoints", "explore")
        shutil.copytree(project / name, tmp_path / name, ignore=ignore)
    monkeypatch.setenv("OUTCOMES_HOME", str(tmp_path))

    def change(folder: str, text: str, old: str = "", new: str = ""):
        assert old in text
        path = tmp_path / "parameters" / folder / "mine.yml"
        path.write_text(text.replace(old, new, 1) if old else text, encoding="utf-8")

    return change


def test_a_filled_in_entry_is_read_and_nothing_of_it_is_missing(write):
    write("evidence", ENTRY)
    parameters = load_parameters()
    (mine,) = [c for p, c in parameters.catalogues.items() if p.name == "mine.yml"]
    assert mine.entries["exit_poll"].holder == "The council"
    assert not [line for line in parameters.missing_evidence() if "mine.yml" in line]


@pytest.mark.parametrize(
    ("line", "key"),
    [
        ("    holder: The council\n", "holder"),
        ("    obtained: collected\n", "obtained"),
        ("    frequency: yearly\n", "frequency"),
        ("    lowest_level: district\n", "lowest_level"),
        ("    access: on_request\n", "access"),
        ("    how: Ask.\n", "how"),
    ],
)
def test_the_check_lists_a_field_that_is_left_out_by_file_entry_and_key(write, line, key):
    write("evidence", ENTRY, line)
    lines = check_everything(load_parameters())
    mine = [line for line in lines if line.startswith("parameters/evidence/mine.yml")]
    assert mine == [f"parameters/evidence/mine.yml, exit_poll: not filled in: {key}"]


MINE = "parameters/evidence/mine.yml"
DECIDED = "parameters/gaps/mine.yml"


def refusal() -> str:
    with pytest.raises(ParameterError) as caught:
        check_everything(load_parameters())
    return str(caught.value)


@pytest.mark.parametrize(
    ("old", "new", "problem"),
    [
        (
            "kind: survey",
            "kind: survy",
            "line 6, entries.exit_poll.kind: got 'survy'; expected 'administrative', 'census', "
            "'survey', 'assessment', 'research', 'feedback', 'consultation' or 'case_study'",
        ),
        ("    kind: survey\n", "", "line 4, entries.exit_poll.kind: this key is required"),
        ("how: Ask.", "value: 12", "line 14, entries.exit_poll.value: no such parameter"),
        ("how: Ask.", "lower: 1", "line 14, entries.exit_poll.lower: no such parameter"),
        (
            "framework: nine_outcomes_example\n",
            "",
            "line 1, the file: exit_poll names an outcome or a statement, so the catalogue needs "
            "its framework",
        ),
    ],
)
def test_an_entry_of_another_form_is_refused_and_a_figure_is_no_part_of_one(
    write, old, new, problem
):
    write("evidence", ENTRY, old, new)
    assert refusal() == f"{MINE} has 1 problem\n  {problem}"


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        (
            "do_well",
            "do_wel",
            f"{MINE}, exit_poll: statement: there is no statement 'do_wel'; did you mean "
            "'do_well'?",
        ),
        (
            "statements: [do_well]",
            "outcomes: [lerning]",
            f"{MINE}, exit_poll: outcome: there is no outcome 'lerning'; did you mean 'learning'?",
        ),
        (
            "achieving_at_school",
            "achieving_at_scool",
            f"{MINE}, exit_poll: indicator: there is no indicator 'achieving_at_scool'; did you "
            "mean 'achieving_at_school'?",
        ),
        (
            "X10000001",
            "X10000009",
            f"{MINE}: place: there is no place 'X10000009'; did you mean 'X10000001'?",
        ),
        (
            "nine_outcomes_example",
            "nine_outcome_example",
            f"{MINE}: framework: there is no framework 'nine_outcome_example'; did you mean "
            "'nine_outcomes_example'?",
        ),
        (
            "exit_poll",
            "feeling_safe_survey",
            "parameters/evidence/sample_nine_outcomes.yml: the evidence 'feeling_safe_survey' is "
            f"defined in {MINE} already; give one of them another name",
        ),
    ],
)
def test_a_name_that_is_not_known_or_taken_is_refused(write, old, new, message):
    write("evidence", ENTRY, old, new)
    assert refusal() == message


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        (
            "no_measure/",
            "no_mesure/",
            f"{DECIDED}, no_mesure/learning/do_well: kind of gap: there is no kind of gap "
            "'no_mesure'; did you mean 'no_measure'?",
        ),
        (
            "do_well",
            "do_wel",
            f"{DECIDED}, no_measure/learning/do_wel: subject of a gap: there is no subject of a "
            "gap 'do_wel'; did you mean 'do_well'?",
        ),
        (
            "owner",
            "ownr",
            f"{DECIDED} has 1 problem\n  line 5, gaps.no_measure/learning/do_well.ownr: no such "
            "parameter; did you mean 'owner'?",
        ),
    ],
)
def test_a_decision_on_a_gap_that_there_cannot_be_is_refused(write, old, new, message):
    write("gaps", DECISION, old, new)
    assert refusal() == message


def test_a_date_that_is_none_is_refused_with_its_line(write):
    write("gaps", DECISION, "due: 2026-12-31", "due: soon")
    start = f"{DECIDED} has 1 problem\n  line 6, gaps.no_measure/learning/do_well.due: got 'soon'"
    assert refusal().startswith(start)


def test_a_gap_by_hand_may_have_any_name(write):
    write("gaps", DECISION, "no_measure/learning/do_well:", "our_own:\n    title: Our own")
    decisions = load_parameters().decisions_for("nine_outcomes_example", "X10000001")
    assert decisions["our_own"].title == "Our own"


def test_a_catalogue_covers_its_area_and_the_places_within_and_its_framework_alone(write):
    write("evidence", ENTRY)
    parameters = load_parameters()

    def holds(framework: str, locality: str) -> bool:
        found = parameters.catalogues_for(framework, locality)
        return any("exit_poll" in catalogue.entries for catalogue in found)

    assert holds("nine_outcomes_example", "X10000001")
    assert holds("nine_outcomes_example", "X07000003")
    assert not holds("nine_outcomes_example", "X12000002")
    assert not holds("nine_outcomes_example", "E10000012")
    assert not holds("essex_2014", "X10000001")


def test_invented_evidence_never_stands_beside_a_real_place(home):
    parameters = load_parameters()
    for framework in parameters.framework_ids():
        for place in parameters.places.trees["england"].places:
            for catalogue in parameters.catalogues_for(framework, place.code):
                assert catalogue.area.startswith("E")
