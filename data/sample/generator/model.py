"""The model behind every series: level of the nation, effect of the area, trend and noise.

For a district d and the t-th period the true value is

    path(t) + spread * (1 + widening * t) * effect(d) + drift(d) * t + noise(d, t)

where effect(d) is correlated (`need`) with the district's hidden need, so that a place that does
badly on one measure tends to do badly on others. A survey adds the error of its sample. A county
is the mean of its districts, weighted by everyone living there in mid-2024; so are region and
nation. Where people are counted, districts are counts and the larger areas their sums.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, timedelta

import numpy as np

from generator.places import (
    AREAS,
    CHARACTER,
    DISTRICTS,
    WEIGHTS,
    districts_of,
    random_numbers,
)

Path = Callable[[np.ndarray], np.ndarray]


def steady(start: float, change: float) -> Path:
    """Rise or fall by the same amount each period."""
    return lambda t: start + change * t


def stall(start: float, change: float, until: int) -> Path:
    """Rise at first, then stay flat from the period `until` on."""
    return lambda t: start + change * np.minimum(t, until)


def step(start: float, change: float, at: int, size: float) -> Path:
    """Jump by `size` in the period `at`: a break."""
    return lambda t: start + change * t + size * (t >= at)


def quarter(year: int, number: int) -> int:
    """Return what a quarter (1 to 4) counts as among the periods of a quarterly series."""
    return 4 * year + number - 1


def in_quarters(period: int) -> str:
    """Return how a quarter is written."""
    year, before = divmod(period, 4)
    return f"{year}-{3 * before + 1:02d}-01/P3M"


def year_from(day: str, years: int = 1) -> Callable[[int], str]:
    """Return how a period of whole years that starts on a day (month-day) is written."""
    return lambda year: f"{year}-{day}/P{years}Y"


def on_day(day: str) -> Callable[[int], str]:
    """Return how a snapshot on a day (month-day) is written."""
    return lambda year: f"{year}-{day}"


def survey_day(year: int) -> str:
    """Return a snapshot on the third Wednesday of April, a day that moves from year to year."""
    first = date(year, 4, 15)
    return (first + timedelta(days=(2 - first.weekday()) % 7)).isoformat()


CALENDAR, FINANCIAL, ACADEMIC = year_from("01-01"), year_from("04-01"), year_from("09-01")
POOLED = year_from("01-01", 3)


@dataclass(frozen=True)
class Series:
    """One published series. The fields after `noise` plant its features."""

    dataset: str
    indicator: str
    label: str
    """What the figure is, in a sentence's words, such as 'Percentage of adults who smoke'."""
    unit: str
    """A key of catalogue.UNITS."""
    path: Path
    first: int
    """The year of the first period; in quarters, see `quarter`."""
    last: int
    period: Callable[[int], str] = CALENDAR
    spread: float = 1.0
    """How far districts lie apart (a standard deviation)."""
    need: float = 0.6
    """Correlation of the districts' effects with their hidden need, from -1 to 1."""
    drift: float = 0.0
    """How far the districts' trends lie apart, a period."""
    noise: float = 0.5
    decimals: int = 1

    sample: int | None = None
    """People asked in each district, in a survey of percentages: gives 95% intervals."""
    error: float | None = None
    """Standard error in each district, in a survey of other things: gives 95% intervals."""
    count: bool = False
    """People are counted: `path` is then a rate per 100,000 residents."""
    widening: float = 0.0
    """The distances between districts grow by this share a period."""
    worst: tuple[str, float] | None = None
    """A district, and how much is added to its value in every period."""
    added: tuple[tuple[str, int, int, float], ...] = ()
    """An area, the first and the last of some periods, and how much its districts get in them."""
    missing: tuple[int, ...] = ()
    """Years without any figures."""
    blank: dict[tuple[str, int], str] = field(default_factory=dict)
    """District and year whose value is not published, and the status that says why."""
    break_note: tuple[int, str] | None = None
    """The year of a break and the publisher's note on it."""
    a_year: int = 1
    """Periods in a year: 4 for quarters."""
    districts: bool = True
    """False if published only for counties, regions and the nation."""
    history_moved: bool = True
    """False if the renumbered district's history stands only under its old code."""
    caveat: str = ""

    @property
    def years(self) -> list[int]:
        """The years whose figures are published; a period is named by its first year."""
        return [year for year in range(self.first, self.last + 1) if year not in self.missing]

    def year_of(self, period: int) -> int:
        """Return the calendar year in which a period starts."""
        return period // self.a_year


@dataclass(frozen=True)
class Figures:
    """The values of a series and half the width of their intervals, by area and period."""

    values: dict[str, dict[int, float]]
    half_widths: dict[str, dict[int, float]]


def figures(series: Series) -> Figures:
    """Return the figures of a series for every area, before rounding."""
    numbers = random_numbers(f"{series.dataset}/{series.indicator}")
    of_years = np.arange(series.first, series.last + 1)
    values, errors = _districts(series, numbers, of_years - series.first)
    found = Figures({}, {})
    for code in AREAS:
        share = districts_of(code) * WEIGHTS
        if series.count:
            value, half = districts_of(code) @ values, np.zeros(len(of_years))
        else:
            share = share / share.sum()
            value, half = share @ values, 1.96 * np.sqrt(share**2 @ errors**2)
        found.values[code] = dict(zip(of_years.tolist(), value.tolist(), strict=True))
        found.half_widths[code] = dict(zip(of_years.tolist(), half.tolist(), strict=True))
    return found


def _districts(
    series: Series, numbers: np.random.Generator, t: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Return the values of the districts (rows) over time (columns) and their standard errors."""
    shape = (len(DISTRICTS), len(t))
    own = numbers.normal(size=(len(DISTRICTS), 1))
    effect = series.need * CHARACTER["need"][:, None] + np.sqrt(1 - series.need**2) * own
    values = series.path(t) + series.spread * (1 + series.widening * t) * effect
    values = values + series.drift * numbers.normal(size=(len(DISTRICTS), 1)) * t
    values = values + numbers.normal(0, series.noise, shape)
    if series.worst:
        values[DISTRICTS.index(series.worst[0])] += series.worst[1]
    for code, first, last, amount in series.added:
        some = (t >= first - series.first) & (t <= last - series.first)
        values = values + amount * np.outer(districts_of(code), some)
    values = np.maximum(values, 0.1)
    if series.count:
        return numbers.poisson(values / 100_000 * WEIGHTS[:, None]), np.zeros(shape)
    percent = series.unit == "percent"
    if percent:
        values = np.clip(values, 0.1, 99.9)
    errors = np.full(shape, series.error or 0.0)
    if series.sample:
        errors = np.sqrt(values * (100 - values) / series.sample)
    values = values + errors * numbers.normal(size=shape)
    if series.sample:
        errors = np.sqrt(values * (100 - values) / series.sample)
    return (np.clip(values, 0, 100) if percent else values), errors
