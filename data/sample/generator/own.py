"""The tables that a council holds itself: numbers of people by group, and what they are out of.

Numbers are drawn for every district of the nation: so many of so many people, by chance. Larger
areas and "All" are sums. Each table draws its own random numbers. How a table is read is written
by hand in the mapping beside it, `own/NAME.yml`.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

import numpy as np

from generator.places import (
    AGES,
    AREAS,
    CHARACTER,
    COUNTY_CODES,
    DISTRICTS,
    PEOPLE,
    WEIGHTS,
    districts_of,
    random_numbers,
)

TITLE = "Invented figures for the sample county, not a real place"
COUNTY = COUNTY_CODES[0]
OURS = (COUNTY, *(code for code in DISTRICTS if COUNTY in AREAS[code].parents))
FIFTHS = ("1 most deprived", "2", "3", "4", "5 least deprived")
NEED = CHARACTER["need"]


@dataclass(frozen=True)
class Counts:
    """Numbers of people and what they are out of; shape (district, year, column of the table)."""

    years: tuple[int, ...]
    columns: tuple[str, ...]
    numbers: np.ndarray
    bases: np.ndarray

    def rows(self, codes: Iterable[str], write: Callable, *, total: bool = False) -> list[list]:
        """Return a row an area, year and column; `total` adds a column "All", the sum of all."""
        codes, columns = list(codes), list(self.columns)
        within = np.array([districts_of(code) for code in codes])
        held = np.tensordot(within, np.stack([self.numbers, self.bases], axis=-1), axes=1)
        if total:
            columns.append("All")
            held = np.concatenate([held, held.sum(axis=2, keepdims=True)], axis=2)
        return [
            [codes[a], write(self.years[y]), columns[c], *held[a, y, c].astype(int).tolist()]
            for a, y, c in np.ndindex(held.shape[:3])
        ]


def split_year(year: int) -> str:
    """Return how a year that ends in the next calendar year is written: 2023/24."""
    return f"{year}/{(year + 1) % 100:02d}"


def named(rows: list[list]) -> list[list]:
    """Return rows whose first cell is an area's name instead of its code."""
    return [[AREAS[code].name, *rest] for code, *rest in rows]


def with_limits(rows: list[list]) -> list[list]:
    """Return rows that end in a number and its base with the 95% limits of the per cent added."""
    number, base = np.array([row[-2:] for row in rows], dtype=float).T
    share = 100 * number / base
    half = 1.96 * np.sqrt(share * (100 - share) / base)
    limits = np.column_stack([share - half, share + half])
    return [
        [*row, f"{lower:.2f}", f"{upper:.2f}"]
        for row, (lower, upper) in zip(rows, limits.tolist(), strict=True)
    ]


def residents(ages: Iterable[int], years: Iterable[int]) -> np.ndarray:
    """Return the people of some single years of age; shape (district, year)."""
    latest = PEOPLE[2024][:, list(ages)].sum(axis=1)
    return latest[:, None] * 1.007 ** (np.array(years) - 2024)


def by_fifth(people: np.ndarray) -> np.ndarray:
    """Split people into fifths of deprivation; a district in need has more of the first."""
    weight = np.exp(0.25 * NEED[:, None] * (3 - np.arange(1, 6)))
    share = weight / weight.sum(axis=1, keepdims=True)
    return np.rint(people[:, :, None] * share[:, None, :]).astype(int)


def drawn(name: str, bases: np.ndarray, chance: np.ndarray) -> np.ndarray:
    """Return how many of the bases it holds for, each by chance; shape of the bases."""
    return random_numbers(f"own/{name}").binomial(bases, np.broadcast_to(chance, bases.shape))


def childhood_obesity() -> list[list]:
    """Plant a gap that widens between most and least deprived, while the whole improves slowly."""
    years = tuple(range(2016, 2025))
    bases = by_fifth(0.93 * residents([10], years))
    first = np.array([0.265, 0.235, 0.205, 0.175, 0.145])
    change = np.array([0.0025, -0.0005, -0.002, -0.0035, -0.0065])
    chance = first + change * np.arange(len(years))[:, None]
    counts = Counts(years, FIFTHS, drawn("childhood-obesity", bases, chance), bases)
    return named(counts.rows(OURS, split_year, total=True))


def smoking() -> list[list]:
    """Plant a reversal: fewer smoke in both kinds of job, and more of everyone as jobs change."""
    years = tuple(range(2018, 2025))
    t = np.arange(len(years))
    asked = 0.04 * residents(range(18, len(AGES)), years)
    manual = 0.30 + 0.045 * t
    bases = np.rint(np.stack([asked * (1 - manual), asked * manual], axis=-1)).astype(int)
    chance = np.column_stack([0.075 - 0.002 * t, 0.215 - 0.004 * t])
    jobs = ("Managerial and professional jobs", "Routine and manual jobs")
    counts = Counts(years, jobs, drawn("smoking", bases, chance), bases)
    return named(with_limits(counts.rows(OURS, split_year, total=True)))


def emergency_admissions() -> list[list]:
    """Plant one district far outside the funnel; the others lie about as far apart as by chance."""
    years = tuple(range(2019, 2025))
    bases = np.rint(residents(range(65, len(AGES)), years)).astype(int)[:, :, None]
    own = random_numbers("own/emergency-admissions, districts").normal(0, 0.015, len(DISTRICTS))
    own[DISTRICTS.index("X07000012")] = np.log(1.6)
    numbers = drawn("emergency-admissions", bases, 0.021 * np.exp(own)[:, None, None])
    rows = Counts(years, ("",), numbers, bases).rows(AREAS, split_year)
    return [
        [code, AREAS[code].name, year, number, base, f"{10_000 * number / base:.1f}"]
        for code, year, _, number, base in rows
    ]


def not_in_education_or_work() -> list[list]:
    """Plant a small group whose share is several times that of the whole."""
    years = tuple(range(2020, 2025))
    young = residents([16, 17], years)
    bases = np.rint(np.stack([0.014 * young, 0.986 * young], axis=-1)).astype(int)
    numbers = drawn("not-in-education-or-work", bases, np.array([0.44, 0.045]))
    counts = Counts(years, ("Left care", "Never in care"), numbers, bases)
    return named(counts.rows(OURS, split_year, total=True))


def residents_survey() -> list[list]:
    """Plant two waves of a survey: two answers change, the others do not but for chance."""
    waves = (2022, 2024)
    numbers = random_numbers("own/residents-survey, answers")
    asked = np.rint(numbers.normal(500, 30, (len(DISTRICTS), len(waves), 1))).astype(int)
    shares = {
        "Feels that the roads are safe": (0.53, 0.45),
        "Is content with the local environment": (0.58, 0.58),
        "Thinks that the council provides good value for money": (0.44, 0.51),
        "Thinks that the council is trustworthy": (0.55, 0.55),
    }
    yes = [
        drawn(f"residents-survey/{question}", asked, np.array(share)[:, None])
        for question, share in shares.items()
    ]
    bases = np.repeat(asked, len(shares), axis=2)
    counts = Counts(waves, tuple(shares), np.concatenate(yes, axis=2), bases)
    return named(with_limits(counts.rows(OURS, split_year)))


def help_at_home() -> list[list]:
    """Plant one group that is served less than its need: the most deprived fifth."""
    years = (2022, 2023, 2024)
    people = by_fifth(residents(range(len(AGES)), years))
    older = by_fifth(residents(range(65, len(AGES)), years))
    need = drawn("help-at-home", older, np.array([0.030, 0.025, 0.022, 0.020, 0.018]))
    served = drawn("help-at-home, served", need, np.array([0.47, 0.60, 0.60, 0.60, 0.58]))
    measures = {"Needs help at home": need, "Receives help at home": served}
    return named(
        [
            [code, year, measure, *rest]
            for measure, held in measures.items()
            for code, year, *rest in Counts(years, FIFTHS, held, people).rows(
                OURS, split_year, total=True
            )
        ]
    )


def life_expectancy() -> list[list]:
    """Plant a gap between men and women that closes slowly; years are pooled by three."""
    years = np.arange(2012, 2025)
    numbers = random_numbers("own/life-expectancy")
    error = 0.5 * np.sqrt(112_000 / WEIGHTS)
    pooled = [f"{year} - {(year + 2) % 100}" for year in years[:-2].tolist()]
    rows = []
    for sex, start, change in (("Female", 83.1, 0.02), ("Male", 79.0, 0.09)):
        true = start + change * (years - years[0]) - 0.9 * NEED[:, None]
        yearly = numbers.normal(true, error[:, None])
        mean = (yearly[:, :-2] + yearly[:, 1:-1] + yearly[:, 2:]) / 3
        for code in OURS:
            share = districts_of(code) * WEIGHTS / (districts_of(code) @ WEIGHTS)
            half = 1.96 * np.sqrt(share**2 @ error**2 / 3)
            for period, value in zip(pooled, share @ mean, strict=True):
                limits = (f"{value + side * half:.2f}" for side in (0, -1, 1))
                rows.append([AREAS[code].name, sex, period, *limits])
    return rows


TABLES = {
    "life-expectancy": ("Area,Sex,Period,Years,Lower 95%,Upper 95%", life_expectancy),
    "childhood-obesity": (
        "Area,School year,Deprivation,Children with obesity,Children measured", childhood_obesity
    ),
    "smoking": ("Area,Year,Kind of job,Smokers,Adults asked,Lower 95%,Upper 95%", smoking),
    "emergency-admissions": (
        "Code,Area,Year,Admissions,People,Per 10 000 people", emergency_admissions
    ),
    "not-in-education-or-work": (
        "Area,Year,Experience of care,Not in education or work,Young people",
        not_in_education_or_work,
    ),
    "residents-survey": ("Area,Year,Question,Yes,Answers,Lower 95%,Upper 95%", residents_survey),
    "help-at-home": ("Area,Year,Measure,Deprivation,Number,People living there", help_at_home),
}  # fmt: skip
"""The headings of each table in `own`, and what makes its rows."""
