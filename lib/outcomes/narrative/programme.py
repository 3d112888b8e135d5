"""Sentences about a programme: its course in words, for those who cannot see the chart."""

from outcomes.model import day_words
from outcomes.model.programme import Programme
from outcomes.model.timescale import span_words
from outcomes.narrative.words import counted, joined


def say_timeline(programme: Programme) -> str:
    """Return the text alternative of the timeline's chart: each activity and when it is."""
    spans = {name: programme.span(name) for name in programme.activities}
    if not spans:
        return "No activity has been planned yet."
    first = min(span.starts[0] for span in spans.values())
    last = max(span.ends[1] for span in spans.values())
    return joined(
        f"{counted(len(spans), 'bar').capitalize()} along time, from {day_words(first)} to "
        f"{day_words(last)}.",
        *(f"{programme.activities[n].short}: {span_words(span)}." for n, span in spans.items()),
    )


def say_steps(programme: Programme) -> str:
    """Return how many of the practical steps are done and under way; empty if there are none."""
    states = [step.state for step in programme.steps]
    if not states:
        return ""
    return (
        f"Of {counted(len(states), 'step')}, {states.count('done')} done, "
        f"{states.count('under_way')} under way, {states.count('not_started')} not started."
    )
