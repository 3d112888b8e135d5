"""Sentences about a programme."""

from outcomes.model.programme import Programme
from outcomes.narrative.programme import say_steps, say_timeline

HEAD = {"title": "Ours", "year": 2026, "source": "us"}


def test_the_text_alternative_gives_every_activity_and_its_days():
    activities = {
        "ask": {"activity": "Ask", "short": "Asking", "timescale": "Late April to mid-May"},
        "tell": {"activity": "Tell", "short": "Telling", "timescale": "14 July"},
    }
    programme = Programme.model_validate(HEAD | {"activities": activities})
    assert say_timeline(programme) == (
        "Two bars along time, from 21 April 2026 to 14 July 2026. Asking: from 21 to 30 April 2026 "
        "until 11 to 20 May 2026. Telling: 14 July 2026."
    )
    assert say_timeline(Programme(**HEAD)) == "No activity has been planned yet."


def test_row_139_how_far_the_checklist_is():
    states = ["done", "done", "under_way", "not_started"]
    steps = [{"step": f"Step {n}", "state": state} for n, state in enumerate(states)]
    assert say_steps(Programme.model_validate(HEAD | {"steps": steps})) == (
        "Of four steps, 2 done, 1 under way, 1 not started."
    )
    assert say_steps(Programme(**HEAD)) == ""
