"""Recent trend by the rule of OHID Fingertips: a weighted line through the newest points."""

from collections.abc import Iterable

import numpy as np
import pandas as pd
from scipy.special import chdtrc

from outcomes.statistics.rows import HISTORY, Histories, histories, z_of
from outcomes.statistics.trend.answers import answers, require_limits
from outcomes.statistics.trend.pooled import overlap_shares, overlapping

CRITICAL = 9.54953570608324
"""Chi-squared with one degree of freedom at p = 0.002, as Fingertips writes it."""
CONFIDENCE = 0.998
LIMITS = ("value", "lower", "upper")
COUNTS = (*LIMITS, "numerator", "denominator")


def fingertips(
    table: pd.DataFrame, *, by: Iterable[str] = HISTORY, points: int = 5
) -> pd.DataFrame:
    """Return the recent trend of every history by the Fingertips rule.

    Parameters
    ----------
    table : pandas.DataFrame
        The columns of `by`, period_start, period_end, value, lower, upper (95% limits), numerator,
        denominator and, if there is one, period. A row without one of them is left out.
    by : iterable of str, optional
        What one history belongs to.
    points : int, optional
        How many of the newest points are used; 3 or more. Fingertips uses 5.

    Returns
    -------
    pandas.DataFrame
        As `trends`, for the histories that have a point; method 'fingertips', or
        'weighted_slope_overlapping' where periods overlap.

    Raises
    ------
    ValueError
        If a column is missing, or a lower limit lies above its upper limit.

    Notes
    -----
    The standard error of a point is (upper - lower) / 3.92. Positions 1 to 5 stand for time, so
    gaps between periods do not count. The slope is significant if its squared ratio to its
    standard error, from the weights alone, exceeds 9.5495 and its sign is the same in the full fit
    and in the five fits that each leave one point out. Source: OHID Fingertips, technical
    guidance, trend markers, and its published program.
    """
    return weighted_trend(table, COUNTS, by=by, points=points, method="fingertips")


def weighted_trend(
    table: pd.DataFrame,
    columns: Iterable[str] = LIMITS,
    *,
    by: Iterable[str] = HISTORY,
    points: int = 5,
    method: str = "weighted_slope",
) -> pd.DataFrame:
    """Return the recent trend by the same rule from points that have the given columns.

    Parameters and result as `fingertips`; counts are not asked for. Where periods overlap, real
    time takes the place of positions and points covary by the time they share
    (method 'weighted_slope_overlapping').
    """
    if points < 3:
        raise ValueError(f"points {points}: expected 3 or more")
    past = histories(table, columns, by=by).newest(points)
    require_limits(table)
    judged, significant, line, p = _judged(past, points)
    reason = np.select(
        [past.n < points, ~judged, ~significant & (p < 1 - CONFIDENCE)],
        [
            f"at least {points} points with {', '.join(columns)} are needed",
            "a point's limits have no width, or two periods are the same",
            "the slope changes its sign when one point is left out",
        ],
        default="",
    )
    return answers(
        past,
        line=line,
        p=p,
        significant=significant,
        method=np.where(overlapping(past), "weighted_slope_overlapping", method),
        confidence=CONFIDENCE,
        reason=reason,
    )


def _judged(past: Histories, points: int):
    """Return which histories can be judged and, NaN or False elsewhere, what comes of it."""
    size = len(past.start)
    judged = past.n == points
    shares = overlap_shares(past)
    error = (past.columns["upper"] - past.columns["lower"]) / 3.92
    judged &= (error > 0).all(axis=1)
    doubtful = judged & overlapping(past)
    if doubtful.any():
        judged[doubtful] = np.linalg.eigvalsh(shares[doubtful])[:, 0] > 1e-6
    slope, deviation = np.full((2, size), np.nan)
    significant = np.zeros(size, dtype=bool)
    if judged.any():
        found = _slopes(past, shares, error, judged)
        slope[judged], deviation[judged], significant[judged] = found
    margin = z_of(CONFIDENCE) * deviation
    p = chdtrc(1, (slope / deviation) ** 2)
    return judged, significant, (slope, slope - margin, slope + margin), p


def _slopes(past: Histories, shares: np.ndarray, error: np.ndarray, rows: np.ndarray):
    """Return slope and standard error in units a year, and whether the rule calls it significant."""
    value, error, time = past.columns["value"][rows], error[rows], past.time[rows]
    covariance = shares[rows] * error[:, :, None] * error[:, None, :]
    count = value.shape[1]
    step = (time[:, -1] - time[:, 0]) / (count - 1)
    place = np.where(
        overlapping(past)[rows, None], (time - time[:, :1]) / step[:, None], np.arange(count)
    )
    slope, deviation = straight_line(place, value, covariance)
    same = np.ones(len(slope), dtype=bool)
    for left_out in range(count):
        kept = np.delete(np.arange(count), left_out)
        without, _ = straight_line(place[:, kept], value[:, kept], covariance[:, kept][:, :, kept])
        same &= np.sign(without) == np.sign(slope)
    significant = same & ((slope / deviation) ** 2 > CRITICAL)
    return slope / step, deviation / step, significant


def straight_line(
    x: np.ndarray, y: np.ndarray, covariance: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Return the slope of a straight line and its standard error, from known covariances.

    Parameters
    ----------
    x, y : array of float, shape (g, t)
        No missing values.
    covariance : array of float, shape (g, t, t)
        Of the values of y; not singular.
    """
    precision = np.linalg.inv(covariance)
    weight = precision.sum(axis=1)
    total = weight.sum(axis=1)
    # Taking the weighted means out first keeps the digits of the sums.
    x = x - (weight * x).sum(axis=1, keepdims=True) / total[:, None]
    y = y - (weight * y).sum(axis=1, keepdims=True) / total[:, None]
    spread = np.einsum("gi,gij,gj->g", x, precision, x)
    return np.einsum("gi,gij,gj->g", x, precision, y) / spread, 1 / np.sqrt(spread)
