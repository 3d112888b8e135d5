"""A new round begins as a copy of the last one, and says in what it differs."""

import pytest

from outcomes.errors import ParameterError
from outcomes.programme import copy_forward, what_changed


def test_row_031_a_new_round_copies_the_last_one_forward_and_lists_what_changed(nine):
    before = nine.model_dump()
    new = copy_forward(nine, "nine_outcomes_2012", 2013)
    assert nine.model_dump() == before
    assert (new.year, new.previous) == (2013, "nine_outcomes_2012")
    assert new.source == "Copied forward from the programme nine_outcomes_2012"
    assert list(new.activities) == list(nine.activities)
    assert new.activities["research"] == nine.activities["research"], "no year is typed in it"
    assert new.span("research").ends[1].isoformat() == "2013-08-31"
    assert what_changed(nine, new) == [
        "Year: 2012, now 2013; dates in which none is typed move with it",
        "Senior managers' meeting, timescale: 25 April 2012, now 25 April 2013",
        "Final statements, timescale: End of June 2012, now End of June 2013",
        "Draft report, timescale: End of August 2012, now End of August 2013",
        "Final report, timescale: September 2012, now September 2013",
        "Event with LSP Leadership Board, date: 17 May 2012, now 17 May 2013",
        "Event with Business Sector, date: May 2012, now May 2013",
        "Event with Health and Well Being Board, date: May 2012, now May 2013",
    ]


def test_answers_and_steps_are_open_again_and_owners_and_questions_stay(plan):
    event = {"group": "Board", "date": "May", "activity": "ask", "question": "Why?"}
    step = {"step": "Agree", "owner": "Leader"}
    last = plan({"ask": "May"}, events=[event | {"answer": "So"}], steps=[step | {"state": "done"}])
    new = copy_forward(last, "last", 2028)
    assert (new.events[0].question, new.events[0].answer) == ("Why?", None)
    assert (new.steps[0].owner, new.steps[0].state) == ("Leader", "not_started")
    assert what_changed(last, new) == [
        "Year: 2026, now 2028; dates in which none is typed move with it",
        "Event with Board, answer: So, now open",
        "Step 'Agree', state: done, now not started",
    ]


def test_two_events_with_one_group_are_told_apart(plan):
    event = {"group": "Board", "activity": "ask"}
    last = plan({"ask": "May"}, events=[event | {"date": "5 May"}, event | {"date": "6 May"}])
    new = plan({"ask": "May"}, events=[event | {"date": "5 May"}, event | {"date": "7 May"}])
    assert what_changed(last, new) == ["Event with Board (2), date: 6 May, now 7 May"]


def test_what_people_change_in_a_new_round_is_listed_too(plan):
    last = plan({"ask": "May", "tell": {"timescale": "June", "after": ["ask"]}})
    new = plan({"tell": {"timescale": "July", "owners": ["X", "Y"]}, "write": "August"})
    assert what_changed(last, new) == [
        "Ask: taken out",
        "Tell, timescale: June, now July",
        "Tell, owners: A role, now X; Y",
        "Tell, after: ask, now open",
        "Write: new",
    ]


@pytest.mark.parametrize("year", [2025, 2026])
def test_a_round_is_of_a_later_year(plan, year):
    with pytest.raises(ParameterError) as refused:
        copy_forward(plan({"ask": "May"}), "last", year)
    assert str(refused.value) == (f"year: got {year}; expected one after 2026, the last round's")


def test_a_leap_day_cannot_be_copied_to_a_year_without_one(plan):
    with pytest.raises(ParameterError) as refused:
        copy_forward(plan({"ask": "29 February 2024"}), "last", 2027)
    assert str(refused.value) == (
        "last cannot be copied to 2027: activities.ask.timescale: got '29 February 2025'; "
        "February 2025 has 28 days"
    )
