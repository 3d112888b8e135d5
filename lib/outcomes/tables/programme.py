"""A programme as tables: its timeline, what is asked of a service area, events and steps."""

import pandas as pd

from outcomes.errors import listed
from outcomes.model.programme import Programme
from outcomes.model.timescale import span_words
from outcomes.tables.table import Table

NOT_NAMED, NOT_STATED = "No role named", "Not stated"
STATE_WORDS = {"not_started": "Not started", "under_way": "Under way", "done": "Done"}


def table_timeline(programme: Programme) -> Table:
    """Return a row an activity: as typed, the days that can mean, who answers, what it waits for."""
    rows = []
    for name, activity in programme.activities.items():
        waits = listed(programme.activities[other].short for other in activity.after)
        rows.append(
            (
                activity.activity,
                activity.timescale,
                span_words(programme.span(name)),
                listed(activity.owners) or NOT_NAMED,
                waits or "Nothing",
                _slack(programme.slack(name)),
            )
        )
    columns = ["Activity", "Timescale as typed", "Days it can mean", "Who answers for it"]
    columns += ["Waits for", "Days between"]
    return Table(f"{programme.title}: activities", pd.DataFrame(rows, columns=columns))


def table_requirements(programme: Programme, service_area: str) -> Table:
    """Return a row for each thing asked of one service area: when, for what, what is asked."""
    rows = [
        (activity.short, activity.timescale, each.what)
        for activity in programme.activities.values()
        for each in activity.requires
        if not each.of or service_area in each.of
    ]
    name = programme.service_areas[service_area]
    columns = ["Activity", "Timescale as typed", "What is asked"]
    return Table(f"What is asked of: {name}", pd.DataFrame(rows, columns=columns))


def table_events(programme: Programme) -> Table:
    """Return a row a consultation event, the first one first."""
    rows = [
        (
            event.group,
            event.date,
            programme.activities[event.activity].short,
            event.owner or NOT_NAMED,
            event.team or NOT_STATED,
            event.channel or NOT_STATED,
            event.question or NOT_STATED,
            event.answer or "None yet",
        )
        for event in programme.in_order()
    ]
    columns = ["Group", "Date", "Part of", "Who answers for it", "Supported by", "Channel"]
    columns += ["Question asked", "Answer"]
    return Table(f"{programme.title}: consultation events", pd.DataFrame(rows, columns=columns))


def table_steps(programme: Programme) -> Table:
    """Return a row a practical step, in order: its state, who answers for it, what to know."""
    rows = [
        (f"{n}. {s.step}", STATE_WORDS[s.state], s.owner or NOT_NAMED, s.note or "")
        for n, s in enumerate(programme.steps, start=1)
    ]
    columns = ["Step", "State", "Who answers for it", "Note"]
    return Table(f"{programme.title}: practical steps", pd.DataFrame(rows, columns=columns))


def _slack(days: tuple[int, int] | None) -> str:
    if days is None:
        return ""
    least, most = (f"{day}".replace("-", "\N{MINUS SIGN}") for day in days)
    return least if least == most else f"{least} to {most}"
