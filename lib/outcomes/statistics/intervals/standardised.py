"""Rates as if every place had the same ages: direct and indirect standardisation.

Standard and reference are joined to the places by age band, never by position.
"""

from collections.abc import Iterable

import numpy as np
import pandas as pd

from outcomes.statistics.intervals.counts import FEW, byar, poisson
from outcomes.statistics.intervals.tables import (
    AGE_BAND,
    blank,
    by_band,
    counts,
    first_band,
    first_reason,
    listed,
    named,
    refuse,
)
from outcomes.statistics.rows import require_columns

PER = {"ratio": 100, "rate": 100_000}
"""The usual scale of each kind of indirectly standardised figure."""


def european_standard_2013() -> pd.DataFrame:
    """Return the European standard population of 2013: columns age_band and population.

    Nineteen bands, 0-4 to 90+, 100,000 people in all.

    References
    ----------
    Eurostat (2013), Revision of the European Standard Population.
    """
    young, old = [5000, 5500, 5500, 5500, 6000, 6000, 6500], [6500, 6000, 5500, 5000, 4000]
    bands = [f"{age}-{age + 4}" for age in range(0, 90, 5)] + ["90+"]
    people = [*young, 7000, 7000, 7000, 7000, *old, 2500, 1500, 1000]
    return pd.DataFrame({AGE_BAND: bands, "population": people})


def standardised_rates(
    table: pd.DataFrame,
    *,
    by: str | Iterable[str],
    standard: pd.DataFrame,
    per: float = 100_000,
    confidence: float = 0.95,
    independent: bool = True,
) -> pd.DataFrame:
    """Return directly standardised rates with Dobson's limits.

    Parameters
    ----------
    table : pandas.DataFrame
        The columns of `by`, age_band, numerator (events) and denominator (person-years); one row a
        group and band. If not independent: also events_each, and numerator is the number of
        people who had that many events, with one row a group, band and number.
    by : str or iterable of str
        What one rate belongs to.
    standard : pandas.DataFrame
        Columns age_band and population, such as `european_standard_2013()`.
    per : float, optional
        The rate's scale.
    confidence : float, optional
        A fraction.
    independent : bool, optional
        False where one person may have several events, such as admissions: limits grow wider.

    Returns
    -------
    pandas.DataFrame
        One row a group: the columns of `by`, numerator (all events), denominator, value, lower,
        upper, method ('dobson', or 'dobson_adjusted' if not independent), confidence, n (age
        bands) and reason. There is no value where a band lacks a figure or has no population, and
        where there are fewer than 10 events in all.

    Raises
    ------
    ValueError
        If a column is missing, a count negative, a band not in the standard, or a row repeated.

    Notes
    -----
    Byar's limits of the total count are scaled by the ratio of the standard errors of rate and
    count (Dobson and others, 1991, Statistics in Medicine 10). With k events a person the variance
    of a band's count is the sum of k squared times people: a compound Poisson count.
    """
    by, weight = listed(by), _weights(standard)
    table = _events(table, by, independent)
    columns = ["numerator", "denominator", "squares"]
    keys, (events, people, squares) = by_band(table, by, weight.index, columns)
    share, total = weight.to_numpy() / weight.sum(), events.sum(axis=1)
    with np.errstate(divide="ignore", invalid="ignore"):
        value = (share * events / people).sum(axis=1)
        spread = np.sqrt((share**2 * squares / people**2).sum(axis=1) / total)
        ends = byar(total, confidence=confidence)
        lower, upper = (value + spread * (end - total) for end in ends)
    reason = first_reason(
        first_band(np.isnan(events + people), weight.index, "no figure for age band"),
        first_band(people == 0, weight.index, "no population in age band"),
        np.where(total < FEW, "fewer than 10 events in all", ""),
    )
    value, lower, upper = blank(reason, per * value, per * lower, per * upper)
    return keys.assign(
        numerator=total,
        denominator=people.sum(axis=1),
        value=value,
        lower=lower,
        upper=upper,
        method=named(reason, "dobson" if independent else "dobson_adjusted"),
        confidence=confidence,
        n=len(weight),
        reason=reason,
    )


def indirectly_standardised(
    table: pd.DataFrame,
    *,
    by: str | Iterable[str],
    reference: pd.DataFrame,
    kind: str = "ratio",
    per: float | None = None,
    confidence: float = 0.95,
    observed: pd.DataFrame | None = None,
) -> pd.DataFrame:
    """Return observed events against those expected at the reference's rates.

    Parameters
    ----------
    table : pandas.DataFrame
        The columns of `by`, age_band, denominator (person-years) and, without `observed`,
        numerator (events); one row a group and band.
    by : str or iterable of str
        What one figure belongs to.
    reference : pandas.DataFrame
        Columns age_band, numerator and denominator of the reference population.
    kind : {'ratio', 'rate'}
        Observed over expected, or that times the crude rate of the reference.
    per : float, optional
        The scale: 100 for a ratio and 100,000 for a rate unless given.
    confidence : float, optional
        A fraction.
    observed : pandas.DataFrame, optional
        The columns of `by` and numerator, where events are known only in all; one row a group.

    Returns
    -------
    pandas.DataFrame
        One row a group: the columns of `by`, numerator (observed), expected, value, lower, upper,
        method ('exact_poisson' below 10 events, 'byar' from 10), confidence, n (age bands) and
        reason. There is no value where a band lacks a figure or nothing is expected.

    Raises
    ------
    ValueError
        If a column is missing, a count negative, a band not in the reference, a row repeated, or
        the kind unknown.
    """
    if kind not in PER:
        raise ValueError(f"kind {kind!r}: expected one of {', '.join(PER)}")
    by, (rate, crude) = listed(by), _reference(reference)
    columns = ["denominator"] if observed is not None else ["denominator", "numerator"]
    keys, arrays = by_band(counts(table, columns), by, rate.index, columns)
    expected = (arrays[0] * rate.to_numpy()).sum(axis=1)
    total = arrays[1].sum(axis=1) if observed is None else _observed(keys, by, observed)
    scale = (per or PER[kind]) * (1 if kind == "ratio" else crude)
    reason = first_reason(
        first_band(np.isnan(sum(arrays)), rate.index, "no figure for age band"),
        np.where(np.isnan(total), "no observed count", ""),
        np.where(expected == 0, "no events expected", ""),
    )
    figures = total, *poisson(total, confidence=confidence)
    with np.errstate(divide="ignore", invalid="ignore"):
        value, lower, upper = blank(reason, *(scale * part / expected for part in figures))
    return keys.assign(
        numerator=total,
        expected=expected,
        value=value,
        lower=lower,
        upper=upper,
        method=named(reason, np.where(total < FEW, "exact_poisson", "byar")),
        confidence=confidence,
        n=len(rate),
        reason=reason,
    )


def _weights(standard: pd.DataFrame) -> pd.Series:
    standard = counts(standard, ["population"])
    require_columns(standard, [AGE_BAND])
    refuse(standard, standard[AGE_BAND].duplicated(), AGE_BAND, "each band once")
    refuse(
        standard,
        ~(standard["population"] > 0),
        "population",
        "people in every band of the standard",
    )
    return standard.set_index(AGE_BAND)["population"]


def _events(table: pd.DataFrame, by: list[str], independent: bool) -> pd.DataFrame:
    table = counts(table, ["numerator", "denominator"])
    if independent:
        return table.assign(squares=table["numerator"])
    table, keys = counts(table, ["events_each"]), [*by, AGE_BAND]
    require_columns(table, keys)
    each, people = table["events_each"], table["numerator"]
    refuse(table, ~(each >= 1), "events_each", "1 or more")
    again = table.duplicated([*keys, "events_each"])
    refuse(table, again, "events_each", "one row for each group, band and number")
    table = table.assign(numerator=people * each, squares=people * each**2)
    grouped = table.groupby(keys, dropna=False, observed=True)
    differ = grouped["denominator"].transform("max") != grouped["denominator"].transform("min")
    refuse(table, differ & table["denominator"].notna(), "denominator", "one for each band")
    added = grouped[["numerator", "squares"]].sum(skipna=False)
    return added.assign(denominator=grouped["denominator"].max()).reset_index()


def _reference(reference: pd.DataFrame) -> tuple[pd.Series, float]:
    reference = counts(reference, ["numerator", "denominator"])
    require_columns(reference, [AGE_BAND])
    events, people = reference["numerator"], reference["denominator"]
    refuse(reference, reference[AGE_BAND].duplicated(), AGE_BAND, "each band once")
    refuse(reference, ~(people > 0), "denominator", "people in every band of the reference")
    refuse(reference, events.isna(), "numerator", "a count in every band of the reference")
    rate = pd.Series((events / people).to_numpy(), index=pd.Index(reference[AGE_BAND]))
    return rate, events.sum() / people.sum()


def _observed(keys: pd.DataFrame, by: list[str], observed: pd.DataFrame) -> np.ndarray:
    observed = counts(observed, ["numerator"])
    require_columns(observed, by)
    refuse(observed, observed.duplicated(by), by[0], "one row for each group of observed counts")
    joined = keys.merge(observed[[*by, "numerator"]], on=by, how="left")
    return joined["numerator"].to_numpy()
