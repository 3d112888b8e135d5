"""The distribution behind a forecast's ranges: its quantiles, and the chance of staying below."""

import re
from collections.abc import Iterable

import numpy as np
import pandas as pd
from scipy.special import stdtr, stdtrit

FREEDOM = 3
"""Degrees of freedom of the t distribution between and beyond the ends of the ranges.

Forecasts miss by little more often, and by much more often, than a normal distribution has it.
"""


def quantile(points: pd.DataFrame, share: np.ndarray) -> np.ndarray:
    """Return the values below which shares of the distribution behind each forecast lie.

    Parameters
    ----------
    points : pandas.DataFrame
        One row a forecast: mean, and lower_L and upper_L for one level L or more, such as lower_80.
    share : ndarray
        Fractions strictly between 0 and 1; shape (q,).

    Returns
    -------
    ndarray
        Shape (rows, q). NaN where a row has no forecast.

    Raises
    ------
    ValueError
        If a column is missing or a share is not strictly between 0 and 1.

    Notes
    -----
    Between the ends of the ranges the distribution is Student's t with 3 degrees of freedom,
    stretched piece by piece: its deviate is interpolated in straight lines, so that the ranges, the
    chances and the scenarios of one page never contradict each other. Beyond the widest range it goes on as the
    outermost piece does; where that piece has no width, because a bound was met, nothing lies
    beyond it.
    """
    share = np.asarray(share, dtype=float)
    if not ((share > 0) & (share < 1)).all():
        raise ValueError(f"shares {share.tolist()!r}: expected fractions between 0 and 1")
    deviates, values = _knots(points)
    wanted = stdtrit(FREEDOM, share)
    piece = np.clip(np.searchsorted(deviates, wanted) - 1, 0, len(deviates) - 2)
    low, high = values[:, piece], values[:, piece + 1]
    part = (wanted - deviates[piece]) / (deviates[piece + 1] - deviates[piece])
    return low + part * (high - low)


def chance_of_at_most(points: pd.DataFrame, value: np.ndarray) -> np.ndarray:
    """Return the chance that the future value of each forecast is at most some value.

    Parameters
    ----------
    points : pandas.DataFrame
        As for `quantile`.
    value : ndarray
        One number a row, or one for all; broadcast to shape (rows,).

    Returns
    -------
    ndarray
        Fractions; shape (rows,). NaN where the value or the forecast is missing.
    """
    deviates, values = _knots(points)
    value = np.broadcast_to(np.asarray(value, dtype=float), len(values))
    # Where knots coincide at a bound the value stands at the last of them.
    piece = np.clip((values <= value[:, None]).sum(axis=1) - 1, 0, len(deviates) - 2)
    rows = np.arange(len(values))
    low, high = values[rows, piece], values[rows, piece + 1]
    with np.errstate(divide="ignore", invalid="ignore"):
        part = (value - low) / (high - low)
    part = np.where(high > low, part, np.where(value < low, -np.inf, np.inf))
    chance = stdtr(FREEDOM, deviates[piece] + part * (deviates[piece + 1] - deviates[piece]))
    return np.where(np.isnan(value) | np.isnan(values).any(axis=1), np.nan, chance)


def named(levels: Iterable[float]) -> list[str]:
    """Return the names of the columns of the ranges: lower_80, upper_80 and so on."""
    return [f"{side}_{100 * level:.10g}" for level in levels for side in ("lower", "upper")]


def levels_of(points: pd.DataFrame) -> list[float]:
    """Return the levels of the ranges that forecasts have, as fractions, narrowest first.

    Raises
    ------
    ValueError
        If there is no mean, or no level with both its ends.
    """
    named = {re.fullmatch(r"lower_(\d+(?:\.\d+)?)", str(name)) for name in points.columns}
    found = sorted(
        float(match[1]) / 100 for match in named if match and f"upper_{match[1]}" in points.columns
    )
    if not found or "mean" not in points.columns:
        raise ValueError(
            "a forecast has a mean and the two ends of a range, such as lower_80 and upper_80; "
            f"the table has {', '.join(map(str, points.columns))}"
        )
    return found


def _knots(points: pd.DataFrame) -> tuple[np.ndarray, np.ndarray]:
    """Return the t deviates of the ends of the ranges and the middle, and their values."""
    levels = levels_of(points)
    names = [f"{100 * level:.10g}" for level in levels]
    columns = [f"lower_{n}" for n in reversed(names)] + ["mean"] + [f"upper_{n}" for n in names]
    above = [float(stdtrit(FREEDOM, 0.5 + level / 2)) for level in levels]
    deviates = np.array([-z for z in reversed(above)] + [0.0] + above)
    values = points[columns].to_numpy(dtype=float)
    return deviates, np.maximum.accumulate(values, axis=1)
