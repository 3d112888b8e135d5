"""Life expectancy from abridged life tables, for all areas at once."""

import re
from collections.abc import Iterable

import numpy as np
import pandas as pd

from outcomes.statistics.intervals.tables import (
    AGE_BAND,
    blank,
    by_band,
    counts,
    first_band,
    first_reason,
    listed,
    named,
)
from outcomes.statistics.rows import require_columns, z_of

SMALLEST = 5_000
"""Person-years in all below which there is no life expectancy."""
WIDEST = 20
"""Years between the limits above which there is no life expectancy."""
FIRST_BAND, OTHER_BANDS = 0.1, 0.5
"""How far through an age band those who die in it get, on average."""


def life_expectancy(
    table: pd.DataFrame,
    *,
    by: str | Iterable[str],
    at: int = 0,
    confidence: float = 0.95,
) -> pd.DataFrame:
    """Return life expectancy at an age, with limits, by Chiang's method.

    Parameters
    ----------
    table : pandas.DataFrame
        The columns of `by`, age_band, numerator (deaths) and denominator (person-years: the
        population summed over the years of the deaths); one row a group and band. Bands follow
        each other from 0, written 0, 1-4, 5-9 to 90+, or 0-4, 5-9 and so on; the last is open.
    by : str or iterable of str
        What one life table belongs to, such as area and sex.
    at : int, optional
        The age; the first of a band.
    confidence : float, optional
        A fraction.

    Returns
    -------
    pandas.DataFrame
        One row a group: the columns of `by`, numerator (all deaths), denominator, value (years),
        standard_error, lower, upper, method ('chiang_silcocks'), confidence, n (age bands) and
        reason. There is no value where a band lacks a figure or has no population, where deaths
        are too many for a band's population, where nobody died in the last band, below 5,000
        person-years in all, and where the 95% interval is wider than 20 years.

    Raises
    ------
    ValueError
        If a column is missing, a count negative, a row repeated, the bands do not follow each
        other, or no band begins at the age.

    Notes
    -----
    No deaths in a band other than the last is a rate of 0, as observed. Those who die in the first
    band have lived a tenth of it, in others half.

    References
    ----------
    Chiang (1968), Introduction to Stochastic Processes in Biostatistics, chapter 9; Silcocks,
    Jenner and Reza (2001), Journal of Epidemiology and Community Health 55, for the variance of
    the last band; Eayres and Williams (2004), the same journal 58, for small areas; Toson and
    Baker (2003), National Statistics Methodological Series 33, for the 5,000.
    """
    by = listed(by)
    table = counts(table, ["numerator", "denominator"])
    require_columns(table, [AGE_BAND])
    bands, starts = _ladder(table[AGE_BAND])
    if at not in starts:
        raise ValueError(
            f"at {at}: expected the first age of a band: {', '.join(map(str, starts))}"
        )
    keys, (deaths, people) = by_band(table, by, bands, ["numerator", "denominator"])
    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
        dying, years, error = _life_tables(deaths, people, starts)
    years, error = years[:, starts.index(at)], error[:, starts.index(at)]
    reason = first_reason(
        *_reasons(deaths, people, dying, bands),
        np.where(2 * z_of(0.95) * error > WIDEST, "the interval is wider than 20 years", ""),
    )
    years, error = blank(reason, years, error)
    return keys.assign(
        numerator=deaths.sum(axis=1),
        denominator=people.sum(axis=1),
        value=years,
        standard_error=error,
        lower=years - z_of(confidence) * error,
        upper=years + z_of(confidence) * error,
        method=named(reason, "chiang_silcocks"),
        confidence=confidence,
        n=len(bands),
        reason=reason,
    )


def _reasons(
    deaths: np.ndarray, people: np.ndarray, dying: np.ndarray, bands: pd.Index
) -> list[np.ndarray]:
    many = deaths > people
    many[:, :-1] |= dying >= 1
    return [
        first_band(np.isnan(deaths + people), bands, "no figure for age band"),
        first_band(people == 0, bands, "no population in age band"),
        first_band(many, bands, "too many deaths in age band"),
        first_band(deaths[:, -1:] == 0, bands[-1:], "no deaths in age band"),
        np.where(people.sum(axis=1) < SMALLEST, "fewer than 5,000 person-years in all", ""),
    ]


def _life_tables(
    deaths: np.ndarray, people: np.ndarray, starts: list[int]
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return the chance of dying in a closed band, expectancy at its start and its error."""
    rate, width = deaths / people, np.diff(starts)
    after = np.where(np.arange(len(width)) == 0, 1 - FIRST_BAND, 1 - OTHER_BANDS) * width
    dying = width * rate[:, :-1] / (1 + after * rate[:, :-1])
    born = np.ones((len(rate), 1))
    alive = np.hstack([born, np.cumprod(1 - dying, axis=1)])
    lived = np.hstack([alive[:, :-1] * (width - after * dying), alive[:, -1:] / rate[:, -1:]])
    years = _from_here_on(lived) / alive
    spread = np.where(deaths[:, :-1] > 0, dying**2 * (1 - dying) / deaths[:, :-1], 0)
    closed = (alive[:, :-1] * (after + years[:, 1:])) ** 2 * spread
    last = (alive[:, -1:] / rate[:, -1:]) ** 2 / deaths[:, -1:]
    return dying, years, np.sqrt(_from_here_on(np.hstack([closed, last]))) / alive


def _from_here_on(values: np.ndarray) -> np.ndarray:
    return np.cumsum(values[:, ::-1], axis=1)[:, ::-1]


def _ladder(labels: pd.Series) -> tuple[pd.Index, list[int]]:
    """Return the age bands in order, and the first age of each."""
    found = {str(label): re.fullmatch(r"(\d+)(-\d+|\+)?", str(label)) for label in labels.unique()}
    wrong = [label for label, match in found.items() if match is None]
    if wrong:
        raise ValueError(f"age_band {wrong[0]}: expected one such as 0, 1-4 or 90+")
    bands = sorted(found, key=lambda label: int(found[label][1]))
    starts = [int(found[label][1]) for label in bands]
    ends = [int((found[label][2] or f"-{found[label][1]}").strip("-+") or -1) for label in bands]
    follow = [end + 1 for end in ends[:-1]] == starts[1:]
    if bands and not (starts[0] == 0 and follow and bands[-1].endswith("+")):
        raise ValueError(
            f"age bands {', '.join(bands)}: expected bands that follow each other from 0, the last "
            "open, such as 90+"
        )
    return pd.Index(bands, dtype=object), starts
