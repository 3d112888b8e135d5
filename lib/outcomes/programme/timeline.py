"""What a programme's own timeline says against itself: overlaps, no slack, nobody who answers.

Only activities of which one waits for the other are held against each other: work side by side is
no fault. A flag needs a decision; a note says what a fuzzy date allows and nobody need do anything.
"""

from collections.abc import Iterator
from datetime import date

from outcomes.errors import listed
from outcomes.model.programme import Finding, Programme
from outcomes.model.timescale import Span, days_words, read_timescale


def check_timeline(programme: Programme) -> list[Finding]:
    """Return what the timeline of a programme says against itself, flags before notes.

    `overlap`: an activity begins before one that it waits for can be over, on any reading of the
    dates. `no_slack`: something is due on the last day of what it waits for. `straight_on`: work
    begins when what it waits for ends. `may_overlap`: it depends on how a date is read.
    `event_outside`: no day of an event is within the widest reading of its activity's time.
    """
    found = [*_order(programme), *_owners(programme), *_events(programme)]
    return sorted(found, key=lambda finding: not finding.flag)


def _order(programme: Programme) -> Iterator[Finding]:
    for name, activity in programme.activities.items():
        same: dict[tuple, list[str]] = {}
        span = programme.span(name)
        for other in activity.after:
            ends = programme.span(other).ends
            if kind := _kind(span, ends):
                same.setdefault((kind, ends), []).append(programme.activities[other].short)
        for (kind, ends), others in same.items():
            yield Finding(kind, _say(kind, activity.short, span, others, ends))


def _kind(span: Span, ends: tuple[date, date]) -> str:
    """Return how what waits stands to the end of what it waits for; empty if there is time between."""
    starts = span.starts
    if starts[1] < ends[0]:
        return "overlap"
    if starts[0] > ends[1]:
        return ""
    if span.point and starts[1] <= ends[1]:
        return "no_slack"
    return "straight_on" if starts == ends else "may_overlap"


def _say(kind: str, short: str, span: Span, names: list[str], ends: tuple[date, date]) -> str:
    when, then = days_words(span.starts), days_words(ends)
    name, others = f'"{short}"', listed(f'"{other}"' for other in names)
    said, each = "is due" if span.point else "begins", "each ends" if names[1:] else "it ends"
    if kind == "overlap":
        days = [(ends[0] - span.starts[1]).days, (ends[1] - span.starts[0]).days]
        return (
            f"{name} waits for {others}, but {said} {_size(sum(days) / 2)} before {each} "
            f"({when}; {then})"
        )
    if kind == "no_slack":
        return f"{name} waits for {others}, but is due on the day {each} ({then}): no time between"
    if kind == "straight_on":
        return f"{name} {said} just when {others} ends ({then})"
    return f"{name} {said} on {when}, and {others} ends on {then}: as typed, they may overlap"


def _size(days: float) -> str:
    if days < 11:
        return "one day" if round(days) == 1 else f"{days:.0f} days"
    if days < 25:
        return f"about {days / 7:.0f} weeks"
    months = round(days / 30.4)
    return "about a month" if months == 1 else f"about {months} months"


def _owners(programme: Programme) -> Iterator[Finding]:
    bare = [a.short for a in programme.activities.values() if not a.owners]
    if bare:
        yield Finding("no_owner", f"No role answers for: {listed(bare)}")
    groups = [event.group for event in programme.in_order() if not event.owner]
    if groups:
        yield Finding("event_no_owner", f"No role answers for the event with: {listed(groups)}")


def _events(programme: Programme) -> Iterator[Finding]:
    for event in programme.in_order():
        day = read_timescale(event.date, programme.year)
        window = programme.span(event.activity)
        if day.ends[1] < window.starts[0] or day.starts[0] > window.ends[1]:
            planned = days_words((window.starts[0], window.ends[1]))
            yield Finding(
                "event_outside",
                f"The event with {event.group} ({event.date}) is outside the time planned for "
                f"{programme.activities[event.activity].short}: {planned}",
            )
