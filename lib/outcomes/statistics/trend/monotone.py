"""Trend without limits: Mann-Kendall's test and the Theil-Sen slope, for all histories at once."""

from collections.abc import Iterable
from functools import lru_cache

import numpy as np
import pandas as pd
from scipy.special import ndtr

from outcomes.statistics.rows import HISTORY, Histories, histories, z_of
from outcomes.statistics.trend.answers import answers
from outcomes.statistics.trend.pooled import kendall_variance, overlapping

LONGEST_EXACT = 20
"""Up to how many points, without ties, the exact distribution is used."""


def mann_kendall(value: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return Mann-Kendall's S, its variance and its two-sided p for each row.

    Parameters
    ----------
    value : array of float, shape (g, t)
        In order of time; NaN is left out.

    Returns
    -------
    s, variance, p : array of float, shape (g,)
        Exact p for up to 20 untied points; else by the normal distribution with the tie correction
        and continuity correction. p is NaN with fewer than 2 points, and 1 where all are tied.

    References
    ----------
    Mann (1945), Nonparametric tests against trend, Econometrica 13. Kendall (1975), Rank
    Correlation Methods.
    """
    value = np.asarray(value, dtype=float)
    n = (~np.isnan(value)).sum(axis=1)
    s = _signs(value)
    others = (value[:, :, None] == value[:, None, :]).sum(axis=2) - 1
    tie_term = np.where(others > 0, others * (2 * others + 7), 0).sum(axis=1)
    variance = (n * (n - 1) * (2 * n + 5) - tie_term) / 18
    p = normal_p(s, variance)
    exact = (others <= 0).all(axis=1) & (n <= LONGEST_EXACT)
    for count in np.unique(n[exact]):
        rows = exact & (n == count)
        p[rows] = exact_tail(int(count))[np.abs(s[rows]).astype(int)]
    return s, variance, np.where(n < 2, np.nan, p)


def normal_p(s: np.ndarray, variance: np.ndarray) -> np.ndarray:
    """Return the two-sided p of S by the normal distribution with continuity correction."""
    deviation = np.sqrt(np.where(variance > 0, variance, np.inf))
    return np.minimum(2 * ndtr(-np.maximum(np.abs(s) - 1, 0) / deviation), 1)


@lru_cache(maxsize=64)
def exact_tail(n: int) -> np.ndarray:
    """Return the chance that |S| is at least 0, 1, 2 ... for n untied points without a trend."""
    inversions = np.ones(1)
    for size in range(2, n + 1):
        inversions = np.convolve(inversions, np.full(size, 1 / size))
    most = n * (n - 1) // 2
    by_size = np.zeros(most + 1)
    np.add.at(by_size, np.abs(most - 2 * np.arange(most + 1)), inversions)
    return np.minimum(by_size[::-1].cumsum()[::-1], 1)


def theil_sen(
    time: np.ndarray, value: np.ndarray, reach: np.ndarray
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return the median of all slopes between two points, and its limits.

    Parameters
    ----------
    time, value : array of float, shape (g, t)
        NaN is left out.
    reach : array of float, shape (g,)
        The largest S still compatible with no trend: of N slopes, the limits are those of rank
        (N - reach) / 2 from either end, rounded. NaN gives NaN limits.

    References
    ----------
    Sen (1968), Estimates of the regression coefficient based on Kendall's tau, JASA 63.
    """
    i, j = np.triu_indices(value.shape[1], 1)
    slopes = np.sort((value[:, j] - value[:, i]) / (time[:, j] - time[:, i]), axis=1)
    count = (~np.isnan(slopes)).sum(axis=1)

    def ranked(rank: np.ndarray) -> np.ndarray:
        fits = (rank >= 1) & (rank <= count)
        column = np.where(fits, rank, 1).astype(int) - 1
        return np.where(fits, slopes[np.arange(len(slopes)), column], np.nan)

    if not slopes.size:
        return tuple(np.full((3, len(value)), np.nan))
    middle = (ranked((count + 1) // 2) + ranked(count // 2 + 1)) / 2
    rank = np.maximum(np.round((count - reach) / 2), 1)
    return middle, ranked(rank), ranked(count + 1 - rank)


def monotone_trend(
    table: pd.DataFrame,
    *,
    by: Iterable[str] = HISTORY,
    confidence: float = 0.95,
    window: float | None = None,
) -> pd.DataFrame:
    """Return the trend of every history from its values alone.

    Parameters
    ----------
    table : pandas.DataFrame
        The columns of `by`, period_start, period_end, value (NaN is left out) and, if there is
        one, period.
    confidence : float, optional
        Of the test and of the slope's interval, a fraction.
    window : float, optional
        Use the points of the last so many years alone, counted from each history's newest.

    Returns
    -------
    pandas.DataFrame
        As `trends`; method 'mann_kendall', or 'mann_kendall_overlapping' where periods overlap. A
        slope needs 4 points; a direction needs as many as could reach significance at all.
    """
    past = histories(table, by=by)
    if window is not None:
        past = _within(past, window)
    pooled, n, alpha = overlapping(past), past.n, 1 - confidence
    p, reach, enough = _tested(past, pooled, alpha)
    line = theil_sen(past.time, past.columns["value"], reach)
    reason = np.select(
        [enough, pooled],
        ["", "the periods overlap: more points are needed"],
        default=f"at least {_points_needed(alpha)} points are needed",
    )
    return answers(
        past,
        line=tuple(np.where(n >= 4, part, np.nan) for part in line),
        p=p,
        significant=p <= alpha,
        method=np.where(pooled, "mann_kendall_overlapping", "mann_kendall"),
        confidence=confidence,
        reason=reason,
    )


def _tested(past: Histories, pooled: np.ndarray, alpha: float):
    """Return p and the largest S compatible with no trend, NaN where too few points; and where."""
    n = past.n
    s, variance, p = mann_kendall(past.columns["value"])
    exact = ~pooled & (n <= LONGEST_EXACT) & np.isclose(variance, n * (n - 1) * (2 * n + 5) / 18)
    if pooled.any():
        variance[pooled] = kendall_variance(past.only(pooled))
        p[pooled] = normal_p(s, variance)[pooled]
    reach = z_of(1 - alpha) * np.sqrt(variance)
    for count in np.unique(n[exact]):
        reach[exact & (n == count)] = _exact_reach(int(count), alpha)
    reachable = normal_p(n * (n - 1) / 2, variance) <= alpha
    enough = np.where(pooled, reachable, n >= _points_needed(alpha))
    return np.where(enough, p, np.nan), np.where(enough, reach, np.nan), enough


def _within(past: Histories, years: float) -> Histories:
    old = past.end <= past.end[:, -1:] - years + 0.01
    columns = {name: np.where(old, np.nan, values) for name, values in past.columns.items()}
    start, end = np.where(old, np.nan, past.start), np.where(old, np.nan, past.end)
    return Histories(past.keys, columns, start, end, past.labels)


def _signs(value: np.ndarray) -> np.ndarray:
    i, j = np.triu_indices(value.shape[1], 1)
    return np.nan_to_num(np.sign(value[:, j] - value[:, i])).sum(axis=1)


def _points_needed(alpha: float) -> int:
    """Return the fewest untied points whose smallest possible p is alpha or less."""
    return next(n for n in range(4, 100) if exact_tail(n)[-1] <= alpha)


def _exact_reach(n: int, alpha: float) -> int:
    """Return the largest S of n untied points that is not significant."""
    most = n * (n - 1) // 2
    compatible = exact_tail(n)[most % 2 :: 2] > alpha
    return most % 2 + 2 * (int(compatible.sum()) - 1)
