"""Periods as publishers write them: start, end (both inclusive) and the label that is printed."""

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta

MONTHS = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
]


@dataclass(frozen=True)
class Period:
    """A stretch of days. `start` and `end` are both inside it; a snapshot has one day."""

    start: date
    end: date
    label: str


def _months_later(day: date, months: int) -> date:
    """Return the same day of a later month; its last day where that month is shorter."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def split_year(start_year: int) -> str:
    """Return the label of a year that begins in one calendar year and ends in the next."""
    return f"{start_year}/{(start_year + 1) % 100:02d}"


def iso_period(text: str) -> Period:
    """Return the period of an ISO 8601 interval such as `2022-01-01/P3Y`, or of a bare date.

    Labels: '2023' for a year from January, February or March; '2023/24' for one that begins later;
    '2022 to 2024' for pooled years; 'July 2023' for a month or a snapshot.

    Raises
    ------
    ValueError
        If the text is neither.
    """
    match = re.fullmatch(r"(\d{4}-\d\d-\d\d)(?:/P([1-9]\d?)([YM]))?", text.strip())
    if not match:
        raise ValueError(f"{text!r} is not a period such as 2023-01-01/P1Y")
    start = date.fromisoformat(match[1])
    if match[2] is None:
        return Period(start, start, f"{MONTHS[start.month - 1]} {start.year}")
    length = int(match[2])
    if match[3] == "M":
        end = _months_later(start, length) - timedelta(days=1)
        label = f"{MONTHS[start.month - 1]} {start.year}"
        if length > 1:
            label += f" to {MONTHS[end.month - 1]} {end.year}"
        return Period(start, end, label)
    end = _months_later(start, 12 * length) - timedelta(days=1)
    return Period(start, end, year_label(start, length))


def year_label(start: date, years: int) -> str:
    """Return the label of a number of whole years from a day.

    A year that begins in January, February or March is named by that year; one that begins later
    lies in two calendar years and is named by both, as publishers do.
    """
    last = start.year + years - 1
    named = str if start.month <= 3 else split_year
    return named(start.year) if years == 1 else f"{named(start.year)} to {named(last)}"


YEAR_STARTS = {
    "Academic Year": (9, 1),
    "Financial Year": (4, 1),
    "Calendar Year": (1, 1),
    "Annual": (1, 1),
    "Annual - January": (1, 1),
    "Annual (end of Sept)": (10, 1),
}
"""First month and day of each kind of year in the DfE dictionary."""


def dfe_period(text: str, year_type: str) -> Period:
    """Return the period of a DfE year such as '2024', '2023/24', '2023-25' or '2020/21-22/23'.

    A single year that is academic or financial is named by the calendar year it ends in, so '2024'
    is 2023/24. '2016-17' is one such year, and in a calendar series two; '2016-18' is three pooled.

    Raises
    ------
    ValueError
        If it is not a year, is the year 0, or is of a kind that is not in YEAR_STARTS.
    """
    if year_type not in YEAR_STARTS:
        raise ValueError(f"{year_type!r} is not a kind of year that is known")
    month, day = YEAR_STARTS[year_type]
    first, years, split = _years(re.sub(r"\s*\(.*\)$", "", text.strip()), split=month > 1)
    if split and month == 1:
        month = 4
    start = date(first, month, day)
    end = _months_later(start, 12 * years) - timedelta(days=1)
    if year_type == "Annual (end of Sept)" and years == 1:
        return Period(start, end, f"year to September {end.year}")
    if year_type == "Annual - January":
        if split or years > 1:
            raise ValueError(f"{text!r} is not a year with a January such as 2024")
        return Period(start, date(first, 1, 31), f"January {first}")
    return Period(start, end, year_label(start, years))


def _years(text: str, *, split: bool) -> tuple[int, int, bool]:
    """Return the first year, how many, and whether each lies in two calendar years.

    `split` says whether a year of the series does; a slash says so of any series.
    """
    if re.fullmatch(r"[12]\d{3}", text):
        return int(text) - split, 1, split
    if match := re.fullmatch(r"([12]\d{3})/(\d\d)", text):
        if _gap(*match.groups()) == 1:
            return int(match[1]), 1, True
    elif match := re.fullmatch(r"([12]\d{3})/(\d\d)-(\d\d)/(\d\d)", text):
        gap = _gap(match[1], match[3])
        if 1 <= gap <= 9 and _gap(match[1], match[2]) == _gap(match[3], match[4]) == 1:
            return int(match[1]), gap + 1, True
    elif match := re.fullmatch(r"([12]\d{3})-(\d\d)", text):
        gap = _gap(*match.groups())
        if 1 <= gap <= 9:
            return int(match[1]), 1 if split and gap == 1 else gap + 1, split
    raise ValueError(f"{text!r} is not a year such as 2024 or 2023/24")


def _gap(first: str, last: str) -> int:
    """Return how many years lie between two, of which only the last two digits count."""
    return (int(last) - int(first[-2:])) % 100
