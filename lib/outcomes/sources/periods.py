"""Periods as publishers write them: start, end (both inclusive) and the label that is printed."""

import re
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


def _years_later(day: date, years: int) -> date:
    return date(day.year + years, day.month, day.day)


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
    match = re.fullmatch(r"(\d{4}-\d\d-\d\d)(?:/P(\d+)([YM]))?", text.strip())
    if not match:
        raise ValueError(f"{text!r} is not a period such as 2023-01-01/P1Y")
    start = date.fromisoformat(match[1])
    if match[2] is None:
        return Period(start, start, f"{MONTHS[start.month - 1]} {start.year}")
    length = int(match[2])
    if match[3] == "M":
        months = start.year * 12 + start.month - 1 + length
        end = date(months // 12, months % 12 + 1, start.day) - timedelta(days=1)
        label = f"{MONTHS[start.month - 1]} {start.year}"
        if length > 1:
            label += f" to {MONTHS[end.month - 1]} {end.year}"
        return Period(start, end, label)
    end = _years_later(start, length) - timedelta(days=1)
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
        If it is not a year, or is the year 0.
    """
    month, day = YEAR_STARTS.get(year_type, (1, 1))
    split = (month, day) != (1, 1)
    text = re.sub(r"\s*\(.*\)$", "", text.strip())
    if match := re.fullmatch(r"(\d{4})/(\d\d)-(\d\d)/(\d\d)", text):
        first, years = int(match[1]), (int(match[3]) - int(match[1][2:])) % 100 + 1
    elif match := re.fullmatch(r"(\d{4})([-/])(\d\d)", text):
        first, gap = int(match[1]), (int(match[3]) - int(match[1][2:])) % 100
        one_year = gap == 1 and (split or match[2] == "/")
        split, years = split or match[2] == "/", 1 if one_year else gap + 1
        if split and (month, day) == (1, 1):
            month, day = 4, 1
    elif re.fullmatch(r"[12]\d{3}", text):
        first, years = int(text) - split, 1
    else:
        raise ValueError(f"{text!r} is not a year such as 2024 or 2023/24")
    start = date(first, month, day)
    end = _years_later(start, years) - timedelta(days=1)
    if year_type == "Annual (end of Sept)" and years == 1:
        return Period(start, end, f"year to September {end.year}")
    if year_type == "Annual - January":
        return Period(date(first, 1, 1), date(first, 1, 31), f"January {first}")
    return Period(start, end, year_label(start, years))
