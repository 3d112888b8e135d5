"""Timescale: when something is to happen, as people typed it, and the days that it can mean.

A month in three parts: early is its 1st to 10th, mid its 11th to 20th, late its 21st to the last.
The start of a month is its first seven days, the end of it its last seven. A month alone is all of
its days. The year is the programme's unless one is typed; one typed at the end counts for both ends.
"""

import calendar
import re
from dataclasses import dataclass
from datetime import date

from outcomes.errors import did_you_mean
from outcomes.model.numbers import day_words

MONTHS = {name.lower(): n for n, name in enumerate(calendar.month_name) if name}
SHORT = {name.lower(): n for n, name in enumerate(calendar.month_abbr) if name} | {"sept": 9}
PARTS = {
    "early": (1, 10), "mid": (11, 20), "late": (21, 31), "": (1, 31),
    "start of": (1, 7), "beginning of": (1, 7), "end of": (-7, 31),
}  # fmt: skip
"""First and last day of a part of a month; a negative one counts from the end."""
POINT = re.compile(
    r"(?:(?P<day>\d{1,2})(?:st|nd|rd|th)? )?(?:(?P<part>early|mid|late|start of|beginning of|end of) )?"
    r"(?P<month>[a-z]+)(?: (?P<year>\d{4}))?"
)
UNDERSTOOD = (
    "expected a day (25 April 2012), a month (September 2012), a part of one (early, mid or late May; "
    "start of or end of June), or two of these with 'to' between them"
)


@dataclass(frozen=True)
class Span:
    """The days on which something can begin and end; the early and the late reading of each."""

    starts: tuple[date, date]
    ends: tuple[date, date]

    @property
    def point(self) -> bool:
        """Whether it was typed as one time and not as a time from and a time to."""
        return self.starts == self.ends


def read_timescale(typed: str, year: int) -> Span:
    """Return the days that a timescale can mean.

    Parameters
    ----------
    typed : str
        Such as 'Late April onwards to end of August'.
    year : int
        The programme's.

    Raises
    ------
    ValueError
        If it is not understood or ends before it begins; says what is understood.
    """
    plain = " ".join(re.sub(r"[\s,\-\u2013]+", " ", typed.lower()).split())
    ends = re.split(r" (?:onwards )?to ", plain)
    if len(ends) > 2 or not plain:
        raise ValueError(f"got {typed!r}; {UNDERSTOOD}")
    found = [POINT.fullmatch(end) for end in ends]
    last_year = int(found[-1]["year"] or year) if found[-1] else year
    span = Span(_days(found[0], last_year, typed), _days(found[-1], last_year, typed))
    if span.ends[0] < span.starts[0]:
        raise ValueError(
            f"got {typed!r}, which ends before it begins; where it runs into another year, type both "
            "years, such as November 2012 to February 2013"
        )
    return span


def _days(found: re.Match | None, year: int, typed: str) -> tuple[date, date]:
    """Return the first and the last day that one end of a timescale can mean."""
    known = MONTHS | SHORT
    if found is None or found["month"] not in known or (found["day"] and found["part"]):
        hint = did_you_mean(found["month"], MONTHS) if found else ""
        raise ValueError(f"got {typed!r}; {UNDERSTOOD}{hint}")
    year, month = int(found["year"] or year), known[found["month"]]
    length = calendar.monthrange(year, month)[1]
    if found["day"]:
        if not 1 <= int(found["day"]) <= length:
            raise ValueError(
                f"got {typed!r}; {calendar.month_name[month]} {year} has {length} days"
            )
        day = date(year, month, int(found["day"]))
        return day, day
    first, last = PARTS[found["part"] or ""]
    return (
        date(year, month, first if first > 0 else length + first + 1),
        date(year, month, min(last, length)),
    )


def days_words(days: tuple[date, date]) -> str:
    """Return '25 April 2012', or '21 to 30 April 2012' where it may be any of several days."""
    first, last = days
    if first == last:
        return day_words(first)
    if first.year != last.year:
        return f"{day_words(first)} to {day_words(last)}"
    said = f"{first.day}" if first.month == last.month else f"{first.day} {first:%B}"
    return f"{said} to {day_words(last)}"


def span_words(span: Span) -> str:
    """Return 'from 21 to 30 April 2012 until 11 to 20 May 2012', or the days of a single time."""
    if span.point:
        return days_words(span.starts)
    return f"from {days_words(span.starts)} until {days_words(span.ends)}"
