"""How the years of many short histories depend on one another, estimated from all together."""

from collections.abc import Iterable
from functools import lru_cache

import numpy as np
import pandas as pd

from outcomes.statistics.breaks.steps import (
    FEWEST,
    MOST,
    ROUNDING,
    about_line,
    added_terms,
    step_terms,
    whitening,
)
from outcomes.statistics.rows import HISTORY, histories
from outcomes.statistics.trend.pooled import irregular

ENOUGH = 20
"""From how many histories on the autocorrelation of a series is not called uncertain."""
WORKING = 0.6
"""The autocorrelation at which line and step are taken away, whatever the true one is."""
RHOS = np.linspace(0, MOST, 10)
DRAWS = 5_000


def autocorrelation(
    table: pd.DataFrame, *, by: Iterable[str] = HISTORY, within: Iterable[str] = ("series",)
) -> pd.DataFrame:
    """Return how far noise follows that of the period before, pooled over the areas of a series.

    Parameters
    ----------
    table : pandas.DataFrame
        The columns of `by`, period_start, period_end and value (NaN is left out).
    by : iterable of str, optional
        What one history belongs to.
    within : iterable of str, optional
        Some of `by`: what has one autocorrelation.

    Returns
    -------
    pandas.DataFrame
        Indexed by `within`: rho, from 0 to 0.9; n, the histories it rests on; method
        'after_line_and_step'; reason: why there is none (then rho is NaN), or that it rests on
        fewer than 20 histories; or ''.

    Raises
    ------
    ValueError
        If a column is missing, a history has two rows for one period, or `within` names anything
        but some of `by`.

    Notes
    -----
    From each history of at least 8 even, separate points the best fitting line and step are taken
    away, so that a step does not pass for dependence; the lag-one autocorrelation of what is left
    is averaged over histories. It is far below the truth in short histories, by an amount that
    depends on the number of points and rho alone and is simulated (seeded): rho is the one at which
    the mean would be expected. Line and step are fitted, and the rest is taken, as if rho were 0.6;
    that makes a step stand out at any rho and costs nothing, as the simulation does the same.
    """
    by, within = list(by), list(within)
    if not within or not set(within) <= set(by):
        raise ValueError(f"within {within}: expected some of {by}")
    past = histories(table, by=by)
    follows = np.full(len(past.keys), np.nan)
    expected = np.full((len(past.keys), len(RHOS)), np.nan)
    usable = (past.n >= FEWEST) & (irregular(past) == "")
    for n in np.unique(past.n[usable]):
        rows = np.flatnonzero(usable & (past.n == n))
        follows[rows] = lag_one(past.only(rows).columns["value"])
        expected[rows] = np.where(np.isnan(follows[rows, None]), np.nan, expected_lag_one(int(n)))
    means = pd.DataFrame(np.column_stack([follows, expected]), index=past.keys).groupby(within)
    count = means[0].count()
    mean = means.mean().to_numpy()
    none = f"no history of {FEWEST} even, separate points that do not lie on a line and step"
    few = f"it rests on fewer than {ENOUGH} histories"
    return pd.DataFrame(
        {
            "rho": _where_expected(mean[:, 0], mean[:, 1:]),
            "n": count,
            "method": "after_line_and_step",
            "reason": np.select([count == 0, count < ENOUGH], [none, few], default=""),
        },
        index=count.index,
    ).astype({"reason": "str"})


def lag_one(value: np.ndarray) -> np.ndarray:
    """Return the autocorrelation of what line and best step leave of each history; shape (g,).

    It is NaN where they leave nothing.
    """
    terms = step_terms(value.shape[1])
    size, t = added_terms(value, terms, WORKING)
    rows, place = np.arange(len(t)), np.abs(t).argmax(axis=1)
    rest = about_line(value - size[rows, place, None] * terms.T[place], WORKING)
    total = (rest**2).sum(axis=1)
    total = np.where(total > ROUNDING * (value**2).sum(axis=1), total, np.nan)
    return (rest[:, 1:] * rest[:, :-1]).sum(axis=1) / total


@lru_cache(maxsize=64)
def expected_lag_one(n: int) -> np.ndarray:
    """Return the mean of `lag_one` in 5,000 histories of n points at each of RHOS, rising."""
    noise = np.random.default_rng([n, DRAWS]).standard_normal((DRAWS, n)).T
    means = [lag_one(np.linalg.solve(whitening(n, rho), noise).T).mean() for rho in RHOS]
    return np.array(means)


def _where_expected(mean: np.ndarray, expected: np.ndarray) -> np.ndarray:
    """Return at which of RHOS, or where between two, each mean is expected."""
    above = (expected <= mean[:, None]).sum(axis=1).clip(1, len(RHOS) - 1)
    rows = np.arange(len(mean))
    low, high = expected[rows, above - 1], expected[rows, above]
    between = np.clip((mean - low) / (high - low), 0, 1)
    return RHOS[above - 1] + between * (RHOS[above] - RHOS[above - 1])
