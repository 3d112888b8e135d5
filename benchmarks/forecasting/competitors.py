"""The methods that the forecast is measured beside, each for many histories at once.

Each takes `past`, shape (g, t): even periods, the last column known in every row, NaN at the left
where a history is shorter and in its gaps; and how many periods ahead, h. Each gives shape (g, h).
The smoothing method fills gaps in straight lines; the others leave them out.
"""

from collections.abc import Callable
from contextlib import suppress

import numpy as np
from statsmodels.tsa.forecasting.theta import ThetaModel
from statsmodels.tsa.holtwinters import ExponentialSmoothing

ALPHAS = np.concatenate([[1e-4, 0.01, 0.02, 0.04], np.arange(0.06, 0.99, 0.03), [0.99, 0.9999]])
GOLDEN = (np.sqrt(5) - 1) / 2


def naive(past: np.ndarray, h: int) -> np.ndarray:
    """Carry the last figure on."""
    return np.repeat(past[:, -1:], h, axis=1)


def drift(past: np.ndarray, h: int) -> np.ndarray:
    """Carry the straight line from the first figure to the last on."""
    start, periods = _first(past)
    slope = (past[:, -1] - start) / periods
    return past[:, -1:] + slope[:, None] * np.arange(1, h + 1)


def linear(past: np.ndarray, h: int) -> np.ndarray:
    """Carry a least-squares line through the newest five figures on."""
    known = ~np.isnan(past)
    newest = known & (known[:, ::-1].cumsum(axis=1)[:, ::-1] <= 5)
    level, slope = line(past, newest)
    return level[:, None] + slope[:, None] * np.arange(1, h + 1)


def cpop(past: np.ndarray, h: int) -> np.ndarray:
    """Carry the mean yearly growth factor on, limited to 0.95-1.05 and the series' own extremes.

    As the methodology of the Community Planning Outcomes Profile describes it. The mean is the
    geometric one; where figures change sign or are zero the factor is 1.
    """
    start, periods = _first(past)
    with np.errstate(divide="ignore", invalid="ignore"):
        factor = (past[:, -1] / start) ** (1 / periods)
    factor = np.where(np.isfinite(factor), factor, 1.0).clip(0.95, 1.05)
    path = past[:, -1:] * factor[:, None] ** np.arange(1, h + 1)
    return path.clip(np.nanmin(past, axis=1)[:, None], np.nanmax(past, axis=1)[:, None])


def theta(past: np.ndarray, h: int) -> np.ndarray:
    """Forecast by the Theta method (theta 2) as statsmodels' ThetaModel without season does."""
    y = filled(past)
    n = (~np.isnan(y)).sum(axis=1)
    alpha = best_weight(y)
    level = smoothed(y, alpha[:, None])[1]
    slope = line(y, ~np.isnan(y))[1]
    steps = np.arange(h) + ((1 - (1 - alpha) ** n) / alpha)[:, None]
    return level + slope[:, None] / 2 * steps


def same_season(season: int) -> Callable:
    """Return the method that carries the figure of the same season on; the last if it is unknown."""

    def carried(past: np.ndarray, h: int) -> np.ndarray:
        found = naive(past, h)
        back = past[:, -season:][:, :h]
        if past.shape[1] >= season:
            found[:, : back.shape[1]] = np.where(np.isnan(back), past[:, -1:], back)
        return found

    return carried


def by_ets(past: np.ndarray, h: int) -> np.ndarray:
    """Forecast one history by statsmodels' exponential smoothing with a damped trend."""
    made = ExponentialSmoothing(
        past, trend="add", damped_trend=True, initialization_method="estimated"
    )
    return made.fit().forecast(h)


def by_theta(past: np.ndarray, h: int) -> np.ndarray:
    """Forecast one history by statsmodels' Theta model without season."""
    return np.asarray(ThetaModel(past, deseasonalize=False, period=1).fit().forecast(h))


def one_by_one(method: Callable, pasts: list[np.ndarray], h: int) -> np.ndarray:
    """Return forecasts of histories, one after another; NaN where the method fails."""
    found = np.full((len(pasts), h), np.nan)
    for number, past in enumerate(pasts):
        with suppress(ValueError, np.linalg.LinAlgError):
            found[number] = method(past, h)
    return found


def line(past: np.ndarray, chosen: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return the least-squares line through chosen points: level in the last column, and slope."""
    x = np.arange(past.shape[1]) - (past.shape[1] - 1.0)
    n, y = chosen.sum(axis=1), np.where(chosen, past, 0.0)
    middle, mean = (chosen * x).sum(axis=1) / n, y.sum(axis=1) / n
    off = (x - middle[:, None]) * chosen
    slope = (off * (y - mean[:, None])).sum(axis=1) / (off**2).sum(axis=1)
    return mean - slope * middle, slope


def filled(past: np.ndarray) -> np.ndarray:
    """Fill the gaps inside histories in straight lines; what is before the first stays NaN."""
    known, width = ~np.isnan(past), past.shape[1]
    at = np.arange(width)
    before = np.maximum.accumulate(np.where(known, at, -1), axis=1)
    after = np.minimum.accumulate(np.where(known, at, width)[:, ::-1], axis=1)[:, ::-1]
    rows = np.arange(len(past))[:, None]
    low, high = past[rows, before.clip(0)], past[rows, after.clip(None, width - 1)]
    part = (at - before) / np.maximum(after - before, 1)
    between = np.where(known, past, low + part * (high - low))
    return np.where(before < 0, np.nan, between)


def smoothed(y: np.ndarray, weight: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return the squared one-step errors, added up, and the last level of simple smoothing.

    It begins at the first figure. `weight` broadcasts against shape (g, 1).
    """
    level = np.full(np.broadcast_shapes((len(y), 1), weight.shape), np.nan)
    squares = np.zeros_like(level)
    for column in y.T[:, :, None]:
        error = column - level
        squares += np.nan_to_num(error) ** 2
        level = np.where(np.isnan(level), column, level + weight * error)
    return squares, level


def best_weight(y: np.ndarray) -> np.ndarray:
    """Return the smoothing weight of least squares: the best of a grid, then golden sections."""
    at = smoothed(y, ALPHAS[None, :])[0].argmin(axis=1)
    low, high = ALPHAS[(at - 1).clip(0)], ALPHAS[(at + 1).clip(None, len(ALPHAS) - 1)]
    for _ in range(22):
        a, b = high - GOLDEN * (high - low), low + GOLDEN * (high - low)
        squares = smoothed(y, np.column_stack([a, b]))[0]
        left = squares[:, 0] <= squares[:, 1]
        low, high = np.where(left, low, a), np.where(left, b, high)
    return (low + high) / 2


def _first(past: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return the first figure of each history, and how many periods before the last it is."""
    first = np.argmax(~np.isnan(past), axis=1)
    return past[np.arange(len(past)), first], past.shape[1] - 1 - first


ALL = {"naive": naive, "drift": drift, "linear": linear, "theta": theta, "cpop": cpop}
