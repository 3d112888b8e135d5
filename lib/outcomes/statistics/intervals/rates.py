"""Proportions, crude rates and means with their confidence limits, row by row or added up."""

from collections.abc import Iterable

import numpy as np
import pandas as pd

from outcomes.statistics.intervals.counts import FEW, mean_interval, poisson, wilson
from outcomes.statistics.intervals.tables import blank, counts, listed, named, refuse
from outcomes.statistics.rows import require_columns

COUNTS = ["numerator", "denominator"]


def proportions(
    table: pd.DataFrame,
    *,
    per: float = 100,
    confidence: float = 0.95,
    by: str | Iterable[str] | None = None,
) -> pd.DataFrame:
    """Return proportions with Wilson's limits.

    Parameters
    ----------
    table : pandas.DataFrame
        Columns numerator and denominator: people with the characteristic, and all people.
    per : float, optional
        100 for percentages, 1 for fractions.
    confidence : float, optional
        A fraction.
    by : str or iterable of str, optional
        Add the counts up by these columns first. A group with a missing count has no value.

    Returns
    -------
    pandas.DataFrame
        Without `by` the table itself, else one row a group with the added-up counts; with columns
        value, lower, upper (in units of `per`; existing ones are replaced), method ('wilson', or
        '' without a value), confidence, n (rows added up) and reason ('' with a value).

    Raises
    ------
    ValueError
        If a column is missing, a count is negative, or a numerator is above its denominator.
    """
    table = counts(table, COUNTS)
    above = table["numerator"] > table["denominator"]
    refuse(table, above, "numerator", "no more than the denominator")
    table = _added(table, by)
    events, people = (table[column].to_numpy() for column in COUNTS)
    limits = wilson(events, people, confidence=confidence)
    return _with_limits(table, limits, per=per, method="wilson", confidence=confidence)


def rates(
    table: pd.DataFrame,
    *,
    per: float = 100_000,
    confidence: float = 0.95,
    by: str | Iterable[str] | None = None,
) -> pd.DataFrame:
    """Return crude rates with the limits of a Poisson count.

    Parameters, results and errors as for `proportions`, save that the numerator is a count of
    events, the denominator a population or person-years, the one may be above the other, and
    method is 'exact_poisson' below 10 events and 'byar' from 10.
    """
    table = _added(counts(table, COUNTS), by)
    events, people = (table[column].to_numpy() for column in COUNTS)
    with np.errstate(divide="ignore", invalid="ignore"):
        limits = [limit / people for limit in poisson(events, confidence=confidence)]
    method = np.where(events < FEW, "exact_poisson", "byar")
    return _with_limits(table, limits, per=per, method=method, confidence=confidence)


def means(
    table: pd.DataFrame, *, by: str | Iterable[str], confidence: float = 0.95
) -> pd.DataFrame:
    """Return the means of raw values by group, with the limits of Student's t.

    Parameters
    ----------
    table : pandas.DataFrame
        The columns of `by`, and value: one row a person or thing.
    by : str or iterable of str
        What one mean belongs to. A group with a missing value has no mean.
    confidence : float, optional
        A fraction.

    Returns
    -------
    pandas.DataFrame
        One row a group: the columns of `by`, sd (divisor n - 1), value, lower, upper, method
        ('student_t'), confidence, n (rows) and reason. A single value has a mean, but no limits.

    Raises
    ------
    ValueError
        If a column is missing.
    """
    by = listed(by)
    require_columns(table, [*by, "value"])
    grouped = table.groupby(by, sort=True, dropna=False, observed=True)["value"]
    mean, sd = grouped.mean(skipna=False), grouped.std(skipna=False)
    n = grouped.size().to_numpy()
    lower, upper = mean_interval(mean.to_numpy(), sd.to_numpy(), n, confidence=confidence)
    reason = np.select(
        [mean.isna(), n < 2], ["a value is missing", "one value alone has no interval"], ""
    )
    return (
        sd.rename("sd")
        .reset_index()
        .assign(
            value=mean.to_numpy(),
            lower=lower,
            upper=upper,
            method="student_t",
            confidence=confidence,
            n=n,
            reason=reason.astype(object),
        )
    )


def _added(table: pd.DataFrame, by: str | Iterable[str] | None) -> pd.DataFrame:
    if by is None:
        return table.assign(n=1)
    by = listed(by)
    require_columns(table, by)
    grouped = table.groupby(by, sort=True, dropna=False, observed=True)
    return grouped[COUNTS].sum(skipna=False).assign(n=grouped.size()).reset_index()


def _with_limits(table, limits, *, per, method, confidence) -> pd.DataFrame:
    events, people = (table[column].to_numpy() for column in COUNTS)
    reason = np.select(
        [np.isnan(events), np.isnan(people), people == 0],
        ["the numerator is missing", "the denominator is missing", "the denominator is 0"],
        default="",
    ).astype(object)
    with np.errstate(divide="ignore", invalid="ignore"):
        value, lower, upper = blank(reason, *(per * part for part in (events / people, *limits)))
    n = table.pop("n")
    return table.assign(
        value=value,
        lower=lower,
        upper=upper,
        method=named(reason, method),
        confidence=confidence,
        n=n,
        reason=reason,
    )
