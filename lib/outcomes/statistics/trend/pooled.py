"""Overlapping periods, such as three-year averages that share two years: never independent."""

import numpy as np

from outcomes.statistics.rows import Histories


def overlap_shares(past: Histories) -> np.ndarray:
    """Return how far each two points of a history rest on the same time.

    Returns
    -------
    array of float, shape (g, t, t)
        Shared time over the geometric mean of the two lengths: 1 with itself, 2/3 between
        three-year averages one year apart, 0 where nothing is shared. It is the correlation of two
        averages of independent years. Missing points share nothing with another.
    """
    start, end = past.start, past.end
    latest = np.maximum(start[:, :, None], start[:, None, :])
    earliest = np.minimum(end[:, :, None], end[:, None, :])
    length = end - start
    lengths = np.sqrt(length[:, :, None] * length[:, None, :])
    shares = np.where(earliest - latest > 1e-9, earliest - latest, 0) / lengths
    shares = np.where(np.isnan(shares), 0, shares)
    place = np.arange(start.shape[1])
    shares[:, place, place] = 1
    return shares


def overlapping(past: Histories) -> np.ndarray:
    """Return whether any period of a history overlaps another; shape (g,), bool."""
    # In order of start, a period that overlaps any later one overlaps the next.
    return (past.end[:, :-1] - past.start[:, 1:] > 1e-9).any(axis=1)


def kendall_variance(past: Histories) -> np.ndarray:
    """Return the variance of Mann-Kendall's S without a trend, given the overlap; shape (g,).

    Notes
    -----
    Exact for averages of independent normal years of equal variance: the covariance of two signs
    is 2 / pi times the arc sine of the correlation of the two differences (Hamed and Rao 1998,
    equation 10, with the overlap shares in place of estimated correlations).
    """
    newest = past.end[:, -1:]
    days = np.nan_to_num(np.concatenate([past.start - newest, past.end - newest], axis=1), nan=1)
    _, first, which = np.unique(days.round(2), axis=0, return_index=True, return_inverse=True)
    patterns = past.only(first)
    pairs = zip(overlap_shares(patterns), ~np.isnan(patterns.start), strict=True)
    return np.array([_variance(*pair) for pair in pairs])[which.ravel()]


def _variance(shares: np.ndarray, there: np.ndarray) -> float:
    known = np.flatnonzero(there)
    shares = shares[np.ix_(known, known)]
    i, j = np.triu_indices(len(known), 1)
    together = shares[j][:, j] - shares[i][:, j] - shares[j][:, i] + shares[i][:, i]
    scale = np.sqrt(2 - 2 * shares[i, j])
    with np.errstate(divide="ignore", invalid="ignore"):
        correlation = together / np.outer(scale, scale)
    return 2 / np.pi * np.arcsin(np.clip(np.nan_to_num(correlation), -1, 1)).sum()


def irregular(past: Histories) -> np.ndarray:
    """Return why a history is not one of even, separate periods; '' where it is; shape (g,)."""
    between = np.diff(past.start, axis=1)
    longest = np.max(between, axis=1, initial=0, where=~np.isnan(between))
    shortest = np.min(between, axis=1, initial=np.inf, where=~np.isnan(between))
    return np.select(
        [overlapping(past), longest > 1.5 * shortest],
        ["the periods overlap", "there is a gap in the series"],
        default="",
    )
