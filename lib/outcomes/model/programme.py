"""Programme, activity, event, step: how the work on outcomes itself is planned, and who does it."""

from dataclasses import dataclass
from graphlib import CycleError, TopologicalSorter
from typing import Literal

from pydantic import Field, model_validator

from outcomes.model.base import Identifier, Strict, Text
from outcomes.model.timescale import Span, read_timescale

State = Literal["not_started", "under_way", "done"]


class Requirement(Strict):
    """What an activity asks of some service areas, or of all of them."""

    what: Text
    of: tuple[Identifier, ...] = Field((), description="service areas; all of them if left out")


class Activity(Strict):
    """A product or an activity of a programme: when, what it asks of service areas, who answers."""

    activity: Text
    short: Text = Field(description="a few words for a chart and a sentence")
    timescale: Text = Field(description="as typed, such as 'Mid May to Mid June'")
    requires: tuple[Requirement, ...] = ()
    owners: tuple[Text, ...] = Field((), description="roles, never people's names")
    after: tuple[Identifier, ...] = Field((), description="activities that must be finished first")
    until: Identifier | None = Field(
        None, description="where the timescale says only when it begins: what it ends with"
    )
    note: Text | None = None


class Event(Strict):
    """An occasion on which a group is asked: who, when, by which channel, what, and the answer."""

    group: Text
    date: Text = Field(description="as typed, such as '17 May 2012'")
    activity: Identifier = Field(description="the activity within whose time it is to be")
    owner: Text | None = Field(None, description="a role, never a person's name")
    team: Text | None = Field(None, description="the team that supports it")
    channel: Text | None = Field(None, description="such as meeting, online survey, social media")
    question: Text | None = None
    answer: Text | None = None


class Step(Strict):
    """A practical step of a checklist."""

    step: Text
    state: State = "not_started"
    owner: Text | None = Field(None, description="a role, never a person's name")
    note: Text | None = None


class Programme(Strict):
    """One round of the work on outcomes. Its id is the name of its file."""

    title: Text
    year: int = Field(ge=1990, le=2100, description="the year of dates in which none is typed")
    source: Text
    framework: Identifier | None = None
    previous: Identifier | None = Field(None, description="the programme of the round before")
    example: bool = Field(False, description="true if it is invented")
    service_areas: dict[Identifier, Text] = {}
    activities: dict[Identifier, Activity] = {}
    events: tuple[Event, ...] = ()
    steps: tuple[Step, ...] = ()

    @model_validator(mode="after")
    def _names_are_known(self) -> "Programme":
        for name, activity in self.activities.items():
            where = f"activities.{name}"
            for other in (*activity.after, *filter(None, [activity.until])):
                if other not in self.activities or other == name:
                    raise ValueError(f"{where}: it names {other!r}; expected another activity")
            for area in (area for each in activity.requires for area in each.of):
                if area not in self.service_areas:
                    raise ValueError(f"{where}: {area!r} is not among service_areas; add it there")
        try:
            TopologicalSorter({n: a.after for n, a in self.activities.items()}).prepare()
        except CycleError as error:
            raise ValueError(
                f"activities wait for each other in a loop: {' -> '.join(error.args[1])}"
            ) from None
        return self

    @model_validator(mode="after")
    def _times_are_understood(self) -> "Programme":
        where = ""
        try:
            for name in self.activities:
                where = f"activities.{name}.timescale"
                self.span(name)
            for number, event in enumerate(self.events):
                where = f"events.{number}.date"
                if event.activity not in self.activities:
                    raise ValueError(f"it is part of {event.activity!r}; expected an activity")
                read_timescale(event.date, self.year)
        except ValueError as error:
            raise ValueError(f"{where}: {error}") from None
        return self

    def span(self, name: str) -> Span:
        """Return the days that an activity can begin and end on."""
        activity = self.activities[name]
        own = read_timescale(activity.timescale, self.year)
        if activity.until is None:
            return own
        other = self.activities[activity.until]
        with_it = read_timescale(other.timescale, self.year)
        if other.until or not own.point:
            raise ValueError(
                f"got {activity.timescale!r} and until {activity.until!r}; expected a single time, "
                "and an activity that has an end of its own"
            )
        if with_it.ends[0] < own.starts[0]:
            raise ValueError(
                f"got {activity.timescale!r}, but {activity.until!r}, with which it ends, is over "
                "before it begins"
            )
        return Span(own.starts, with_it.ends)

    def slack(self, name: str) -> tuple[int, int] | None:
        """Return the fewest and the most days between what an activity waits for and its beginning.

        A negative number of days is an overlap; None where it waits for nothing.
        """
        starts = self.span(name).starts
        ends = [self.span(other).ends for other in self.activities[name].after]
        if not ends:
            return None
        early, late = (max(days) for days in zip(*ends, strict=True))
        return (starts[0] - late).days, (starts[1] - early).days

    def in_order(self) -> list[Event]:
        """Return the events by date; of those on the same day, in the file's order."""
        spans = {id(e): read_timescale(e.date, self.year) for e in self.events}
        return sorted(self.events, key=lambda e: (spans[id(e)].starts[0], spans[id(e)].ends[1]))


@dataclass(frozen=True)
class Finding:
    """What a check of a programme found; a `flag` needs somebody to decide, a note does not."""

    kind: Literal[
        "overlap", "no_slack", "no_owner", "event_outside", "event_no_owner", "straight_on",
        "may_overlap",
    ]  # fmt: skip
    words: str

    @property
    def flag(self) -> bool:
        """Whether somebody has to decide about it."""
        return self.kind not in ("straight_on", "may_overlap")
