"""Periods as publishers write them: start, end (both inclusive) and the label that is printed."""

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, timedelta

import pandas as pd

MONTHS = [
    "January", "February", "March", "April", "May", "June", "July", "August", "September",
    "October", "November", "December",
]  # fmt: skip


@dataclass(frozen=True)
class Period:
    """A stretch of days. `start` and `end` are both inside it; a snapshot has one day."""

    start: date
    end: date
    label: str


def _months_later(day: date, months: int) -> date:
    """Return the same day of a later month; its last day where that month is shorter."""
    return (pd.Timestamp(day) + pd.DateOffset(months=months)).date()


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
    plain = re.sub(r"\s*\(.*\)$", "", text.strip())
    words = _written_dfe(plain, split=month > 1)
    try:
        period = written_period(words, year_start=(month, day) if month > 1 else (4, 1))
    except ValueError:
        raise ValueError(f"{plain!r} is not a year such as 2024 or 2023/24") from None
    if year_type == "Annual - January":
        if not plain.isdigit():
            raise ValueError(f"{text!r} is not a year with a January such as 2024")
        return Period(period.start, period.start.replace(day=31), f"January {plain}")
    if year_type == "Annual (end of Sept)" and period.label == split_year(period.start.year):
        return replace(period, label=f"year to September {period.end.year}")
    return period


def _written_dfe(text: str, *, split: bool) -> str:
    """Return a DfE year as `written_period` has it; empty if it is none.

    `split` says whether a year of the series lies in two calendar years.
    """
    match = re.fullmatch(r"([12]\d{3})(?:-(\d\d))?", text)
    if not match:
        return text if re.fullmatch(r"\d{4}/\d\d(-\d\d/\d\d)?", text) else ""
    first, last = match.groups()
    if not split:
        return f"{first} - {last}" if last else first
    if not last:
        return split_year(int(first) - 1)
    gap = _gap(first, last)
    start, end = split_year(int(first)), split_year(int(first) + gap)
    return start if gap == 1 else f"{start} - {end}"


def _gap(first: str, last: str) -> int:
    """Return how many years lie between two, of which only the last two digits count."""
    return (int(last) - int(first[-2:])) % 100


def written_period(text: str, *, year_start: tuple[int, int] = (4, 1)) -> Period:
    """Return the period of a text as people and publishers write it, by its shape.

    A year: `2024`; a split one: `2023/24`, `2023-24`. A quarter: `2021/22 Q1`, of a split year;
    `Q1 2022`, `2022 Q1`, of a calendar year. A month: `March 2023`, `Apr 2026`, `Mar-23`. A day:
    `2025-12-31`, `31/12/2025` (day first). From one to another of a kind, both inside: `2022 - 24`,
    `2022/23 - 24/25`, `2021/22 Q1 - 2025/26 Q3`, `2021/22 Q1-Q3`, `Oct 2021-Sep 2022`,
    `Jan to Mar 2022`. Besides, `year ending March 2025`, and what `iso_period` reads. Labels are
    those of `iso_period`.

    Two years that follow each other, with a dash and no space between, are one split year:
    `2016-17` is 2016/17. With spaces or `to` they are two calendar years: `2016 - 17`. Years further
    apart are pooled calendar years either way: `2022-24`. So `2011-12` is never a month. Of a month,
    the years 00 to 68 are in this century, 69 to 99 in the last.

    Parameters
    ----------
    text : str
    year_start : tuple of int
        Month and day on which a split year starts; its quarters are counted from there.

    Raises
    ------
    ValueError
        Naming the text, if it is none of these, a day that the calendar lacks, or longer than ten
        years (99 months, if written in months or quarters).
    """
    words = " ".join(re.sub("[\u2010-\u2015\u2212]", "-", text).split())
    try:
        return iso_period(_interval(words, year_start))
    except ValueError:
        raise ValueError(
            f"{text!r} is not a period such as 2024, 2023/24, 2022 - 24, 2021/22 Q1, Q1 2022, "
            "March 2023 or 2025-12-31"
        ) from None


@dataclass(frozen=True)
class _Unit:
    """The least that is written alone: a year, a quarter or a month, and of which kind."""

    kind: str
    start: date
    months: int


def _interval(words: str, year_start: tuple[int, int]) -> str:
    """Return an ISO 8601 interval, or the words themselves if they are not recognised."""
    if match := re.fullmatch(r"(\d\d?)/(\d\d?)/(\d{4})", words):
        return date(int(match[3]), int(match[2]), int(match[1])).isoformat()
    if match := re.fullmatch(r"year (?:to|ending|ended) (.+)", words, re.IGNORECASE):
        month = _month(match[1])
        return f"{_months_later(month.start, -11)}/P12M" if month else words
    first = last = _unit(words, year_start)
    if first is None:
        first, last = (_unit(part, year_start) for part in _ends(words))
    if first is None or last is None or first.kind != last.kind:
        return words
    gap = (last.start.year - first.start.year) * 12 + last.start.month - first.start.month
    if gap < 0 or gap >= 120:
        return words
    months = gap + first.months
    length = f"{months // 12}Y" if first.months == 12 else f"{months}M"
    return f"{first.start.isoformat()}/P{length}"


def _ends(words: str) -> tuple[str, str]:
    """Return both ends of a stretch, each with its year written out; two blanks if it is none."""
    between = " - | to " if re.search(" - | to ", words) else "-"
    parts = re.split(between, words)
    if len(parts) != 2:
        return "", ""
    first, last = parts
    begun = re.match(r"[12]\d{3}", first)
    if begun and re.match(r"\d\d(?!\d)", last):
        last = f"{int(begun[0]) + _gap(begun[0], last[:2])}{last[2:]}"
    elif re.fullmatch("Q[1-4]", last, re.IGNORECASE):
        last = first[:-2] + last
    elif first.isalpha():
        first += last[-5:]
    return (first, last) if first != last else ("", "")


def _unit(words: str, year_start: tuple[int, int]) -> _Unit | None:
    quarter = r"Q(?P<{}>[1-4])"
    year = r"(?P<year>[12]\d{3})(?:[/-](?P<next>\d{4}|\d\d))?"
    shape = f"(?:{quarter.format('before')} )?{year}(?:[ -]?{quarter.format('after')})?"
    match = re.fullmatch(shape, words, re.IGNORECASE)
    if not match:
        return _month(words)
    split = match["next"] is not None
    following = str(int(match["year"]) + 1)
    if split and (match["next"] not in (following, following[2:]) or year_start == (1, 1)):
        return None
    start = date(int(match["year"]), *(year_start if split else (1, 1)))
    kind = "split " * split
    if match["before"] or match["after"]:
        number = int(match["before"] or match["after"])
        return _Unit(f"{kind}quarter", _months_later(start, 3 * (number - 1)), 3)
    return _Unit(f"{kind}year", start, 12)


def _month(words: str) -> _Unit | None:
    match = re.fullmatch(r"([A-Za-z]{3,9})(?: ([12]\d{3})|-([12]\d{3}|\d\d))", words)
    if not match:
        return None
    name, year = match[1].capitalize(), match[2] or match[3]
    number = next((i for i, n in enumerate(MONTHS, 1) if name in (n, n[:3])), None)
    if name == "Sept":
        number = 9
    if len(year) == 2:
        year = ("20" if year <= "68" else "19") + year
    return _Unit("month", date(int(year), number, 1), 1) if number else None


def read_periods(read: Callable[..., Period], *texts: pd.Series) -> pd.DataFrame:
    """Return the periods of texts, each text (or combination of texts) read once.

    Parameters
    ----------
    read : callable
        Such as `iso_period`: takes a text of each column, and raises a ValueError if it is none.
    *texts : pandas.Series of str, shape (n,)
        All with the same index.

    Returns
    -------
    pandas.DataFrame
        Columns period_start, period_end (timestamps), period (label) and months (whole months, 0
        for a day); same index. Missing where a text is no period.
    """
    codes, unique = pd.MultiIndex.from_arrays(texts).factorize()
    found = [_try(read, key) for key in unique]
    start = pd.to_datetime(pd.Series([p and p.start for p in found]))
    end = pd.to_datetime(pd.Series([p and p.end for p in found]))
    after = end + pd.Timedelta(days=1)
    months = (after.dt.year - start.dt.year) * 12 + after.dt.month - start.dt.month
    columns = {
        "period_start": start,
        "period_end": end,
        "period": pd.Series([p and p.label for p in found], dtype="str"),
        "months": months.mask(end == start, 0),
    }
    return pd.DataFrame(columns).iloc[codes].set_axis(texts[0].index)


def _try(read: Callable[..., Period], texts: tuple[str, ...]) -> Period | None:
    try:
        return read(*texts)
    except ValueError:
        return None


def told_apart(series: pd.Series, periods: pd.DataFrame) -> pd.Series:
    """Return series ids such that none mixes pooled periods with single ones.

    An id whose periods differ in length gets the length added, such as ', 3 years'. It does not if
    its periods count up: their lengths are more than their starts, and not all of whole years.

    Parameters
    ----------
    series : pandas.Series of str, shape (n,)
    periods : pandas.DataFrame
        From `read_periods`; same index. What is missing there is not told apart.
    """
    by = periods.assign(series=series, part=periods["months"] % 12).groupby("series")
    lengths = by["months"].transform("nunique")
    more = lengths > by["period_start"].transform("nunique")
    apart = (lengths > 1) & ~(more & (by["part"].transform("max") > 0))
    return series.mask(apart, series + periods["months"].map(_length))


def _length(months: float) -> str:
    if pd.isna(months):
        return ""
    years, rest = divmod(int(months), 12)
    number, unit = (int(months), "month") if rest else (years, "year")
    return f", {number} {unit}{'s' * (number != 1)}" if months else ", one day"
