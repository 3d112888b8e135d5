"""Programmes as files: the nine activities of the source, and what is refused."""

from datetime import date

import pytest
import yaml

from outcomes.errors import ParameterError
from outcomes.model.timescale import UNDERSTOOD
from outcomes.parameters import load_parameters
from outcomes.parameters.programme import programme, programme_ids, write_programme

ACTIVITY = {"activity": "Ask residents", "short": "Asking", "timescale": "May"}
OURS = {"title": "Ours", "year": 2026, "source": "us", "activities": {"ask": ACTIVITY}}
FILE = "parameters/programmes/ours.yml"


@pytest.fixture
def write(own_home):
    """Return a function that writes the programme `ours` and reads it."""

    def written(name="ours", **values):
        path = own_home / "parameters" / "programmes" / f"{name}.yml"
        path.write_text(yaml.safe_dump(OURS | values, sort_keys=False), encoding="utf-8")
        return programme(load_parameters(), name)

    return written


def test_row_026_the_nine_activities_load_as_typed_and_as_the_days_they_can_mean(home):
    found = programme(load_parameters(), "nine_outcomes_2012")
    assert [a.timescale for a in found.activities.values()] == [
        "25 April 2012",
        "Late April to mid-May",
        "Mid May to Mid June",
        "Late April onwards to end of August",
        "End of June 2012",
        "End of June to end of August",
        "End of July",
        "End of August 2012",
        "September 2012",
    ]
    assert [found.span(name).starts[0] for name in found.activities] == [
        date(2012, 4, 25),
        date(2012, 4, 21),
        date(2012, 5, 11),
        date(2012, 4, 21),
        date(2012, 6, 24),
        date(2012, 6, 24),
        date(2012, 7, 25),
        date(2012, 8, 25),
        date(2012, 9, 1),
    ]
    assert found.activities["final_report"].activity == ("Final Baseline Report to SMB and Cabinet")
    assert found.span("write_report").ends == (date(2012, 8, 25), date(2012, 8, 31))


def test_row_139_the_ten_practical_steps_are_there_with_the_lost_symbol_kept(home):
    parameters = load_parameters()
    steps = programme(parameters, "practical_steps").steps
    assert [step.step for step in steps] == [
        "Agree the Results/Outcomes you want",
        "Decide how to measure whether you have achieved them",
        "Draw up the data/facts/figures",
        "Create Community Boards",
        "Find new partners",
        "Agree priorities",
        "Build up the 1",
        "Think from the child's viewpoint and engage young people",
        "Develop Champions",
        "Aim for Tipping Point",
    ]
    assert [step.note for step in steps if step.note] == [
        'The copy has lost a symbol or a word after "the 1"; what was meant is not known.'
    ]
    ours = programme(parameters, "tarrowshire_2026").steps
    assert [step.step for step in ours] == [step.step for step in steps]


@pytest.mark.parametrize(
    ("values", "words"),
    [
        (
            {"activities": {"ask": ACTIVITY | {"timescale": "by Easter"}}},
            f"activities.ask.timescale: got 'by Easter'; {UNDERSTOOD}",
        ),
        (
            {"activities": {"ask": ACTIVITY | {"after": ["tell"]}}},
            "activities.ask: it names 'tell'; expected another activity",
        ),
        (
            {"activities": {"ask": ACTIVITY | {"until": "ask"}}},
            "activities.ask: it names 'ask'; expected another activity",
        ),
        (
            {"activities": {"ask": ACTIVITY | {"requires": [{"what": "x", "of": ["roads"]}]}}},
            "activities.ask: 'roads' is not among service_areas; add it there",
        ),
        (
            {"activities": {"a": ACTIVITY | {"after": ["b"]}, "b": ACTIVITY | {"after": ["a"]}}},
            "activities wait for each other in a loop: a -> b -> a",
        ),
        (
            {"activities": {"a": ACTIVITY | {"until": "b"}, "b": ACTIVITY | {"timescale": "April"}}},
            "activities.a.timescale: got 'May', but 'b', with which it ends, is over before it "
            "begins",
        ),
        (
            {"activities": {"a": ACTIVITY | {"timescale": "May to June", "until": "b"},
                            "b": ACTIVITY | {"timescale": "June"}}},
            "activities.a.timescale: got 'May to June' and until 'b'; expected a single time, and an "
            "activity that has an end of its own",
        ),
        (
            {"activities": {"a": ACTIVITY | {"until": "b"}, "b": ACTIVITY | {"until": "a"}}},
            "activities.a.timescale: got 'May' and until 'b'; expected a single time, and an activity "
            "that has an end of its own",
        ),
        (
            {"events": [{"group": "Board", "date": "May", "activity": "tell"}]},
            "events.0.date: it is part of 'tell'; expected an activity",
        ),
        (
            {"events": [{"group": "Board", "date": "soon", "activity": "ask"}]},
            f"events.0.date: got 'soon'; {UNDERSTOOD}",
        ),
    ],
)  # fmt: skip
def test_what_cannot_be_is_refused(write, values, words):
    with pytest.raises(ParameterError) as refused:
        write(**values)
    assert str(refused.value) == f"{FILE} has 1 problem\n  line 1, the file: {words}"


def test_an_unknown_key_framework_or_round_is_refused_with_the_nearest_name(write):
    with pytest.raises(ParameterError) as refused:
        write(activities={"ask": ACTIVITY | {"owner": "me"}})
    assert str(refused.value) == (
        f"{FILE} has 1 problem\n  line 9, activities.ask.owner: no such parameter; did you mean "
        "'owners'?"
    )
    with pytest.raises(ParameterError) as refused:
        write(framework="essex_2015")
    assert str(refused.value) == (
        f"{FILE}: framework: there is no framework 'essex_2015'; did you mean 'essex_2014'?"
    )
    with pytest.raises(ParameterError) as refused:
        write(previous="tarrowshire_2025")
    assert str(refused.value) == (
        f"{FILE}: previous programme: there is no previous programme 'tarrowshire_2025'; did you "
        "mean 'tarrowshire_2026'?"
    )
    with pytest.raises(ParameterError) as refused:
        write(previous="ours")
    assert str(refused.value) == (
        f"{FILE}: previous: 'ours' is of 2026; expected a year before 2026"
    )


def test_a_programme_that_is_not_there_is_refused(home):
    with pytest.raises(ParameterError) as refused:
        programme(load_parameters(), "nine_outcomes")
    assert str(refused.value) == (
        "programme: programme: there is no programme 'nine_outcomes'; did you mean "
        "'nine_outcomes_2012'?"
    )


def test_a_written_programme_reads_as_it_was_and_is_never_overwritten(write, own_home):
    made = write(service_areas={"roads": "Roads \u2013 all"}, steps=[{"step": "Agree"}])
    parameters = load_parameters()
    path = write_programme(parameters, "next", made)
    assert programme(load_parameters(), "next") == made
    assert path.read_text(encoding="utf-8").startswith("# yaml-language-server: $schema=")
    before = path.read_bytes()
    with pytest.raises(ParameterError) as refused:
        write_programme(parameters, "next", made)
    assert str(refused.value) == (
        "parameters/programmes/next.yml: it is there already; give another name"
    )
    assert path.read_bytes() == before
    assert programme_ids(parameters) == [
        "next",
        "nine_outcomes_2012",
        "ours",
        "practical_steps",
        "tarrowshire_2026",
    ]
    assert sorted(p.name for p in path.parent.iterdir() if p.suffix != ".yml") == []
