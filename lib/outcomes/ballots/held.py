"""A ballot that was opened, as the database keeps it, and what may be said of it."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True)
class HeldOutcome:
    """An outcome of a ballot, and its statements by id as they were worded at opening."""

    number: int
    title: str
    statements: dict[str, str]


@dataclass(frozen=True)
class HeldGroup:
    """A group of a ballot: its title, the letters that its codes begin with, whether on paper."""

    title: str
    short: str
    paper: bool


@dataclass(frozen=True)
class Held:
    """A ballot that was opened.

    Attributes
    ----------
    id, framework, title : str
    choose : int
        How many statements are chosen under each outcome.
    opened_at : datetime
    closed_at : datetime or None
        None while votes can be cast.
    outcomes : dict of str to HeldOutcome
    groups : dict of str to HeldGroup
    """

    id: str
    framework: str
    title: str
    choose: int
    opened_at: datetime
    closed_at: datetime | None
    outcomes: dict[str, HeldOutcome]
    groups: dict[str, HeldGroup]


@dataclass(frozen=True)
class Ticket:
    """What a code entitles to: one person's votes in one ballot, by a number and never a name."""

    ballot: str
    voter: int
    group: str


@dataclass(frozen=True)
class Sheet:
    """One ballot collected elsewhere: whose it is, what it chooses, and where it stands.

    `mark` is a person's code, or in a group that votes on paper the mark on the sheet.
    """

    where: str
    group: str
    mark: str
    outcome: str
    chosen: tuple[str, ...]


@dataclass(frozen=True)
class Turnout:
    """How many of a group have voted on at least one outcome; `invited` is None on paper."""

    group: str
    voted: int
    invited: int | None


def hour(moment: datetime) -> str:
    """Return a day and an hour for a reader: 25 April 2012, 16:30 BST."""
    here = moment.astimezone()
    return f"{here.day} {here:%B %Y, %H:%M %Z}"
