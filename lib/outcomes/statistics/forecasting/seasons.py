"""Seasons taken out of monthly and quarterly histories, without looking ahead."""

from dataclasses import dataclass

import numpy as np

from outcomes.statistics.forecasting.panel import Panel

CYCLES = 2
"""Years of figures from which seasons are first worked out."""
LEARNING = 0.15
"""How far a season follows its newest figure."""
SMOOTHING = 0.5


@dataclass(frozen=True)
class Adjusted:
    """Figures without their seasons, and the season of every period as known at each."""

    figures: np.ndarray
    """Shape (s, t)."""
    ready: np.ndarray
    """The first column from which seasons are known, or 0; nothing is forecast before it; (s,)."""
    teaches: np.ndarray
    """The first column from which other histories learn from one; (s,)."""
    offsets: np.ndarray
    """What a season adds, as known at each column; shape (s, t, seasons)."""

    def ahead(self, rows: np.ndarray, columns: np.ndarray, horizon: int) -> np.ndarray:
        """Return what the season adds `horizon` periods after some columns, as known at each."""
        seasons = self.offsets.shape[2]
        return self.offsets[rows, columns, (columns + horizon) % seasons]


def adjust(panel: Panel) -> Adjusted:
    """Return a panel's figures without their seasons.

    Seasons are first worked out from two full years: the means of each season's distances from a
    straight line, drawn towards none by as much as such means would differ by chance (James and
    Stein). From then on each follows its newest figures. A history shorter than that, or of yearly
    figures, is left as it is.

    References
    ----------
    James, W. and Stein, C. (1961). Estimation with quadratic loss. Proceedings of the Fourth
    Berkeley Symposium 1, 361-379. Holt, C. C. (1957) and Winters, P. R. (1960) for the updating.
    """
    values, seasons = panel.figures, panel.seasons
    count, length = values.shape
    ready = np.zeros(count, dtype=int)
    offsets = np.zeros((count, length, seasons))
    if seasons == 1:
        return Adjusted(values, ready, ready, offsets)
    figures = np.cumsum(~np.isnan(values), axis=1)
    long = figures[:, -1] >= CYCLES * seasons
    ready = np.where(long, np.argmax(figures >= CYCLES * seasons, axis=1), length)
    earliest = np.full(panel.group.max(initial=-1) + 1, length)
    np.minimum.at(earliest, panel.group, ready)
    # Figures before a history's seasons were known hold what came later. Only those that are ready
    # with the first of their group, and so before anything is forecast, can teach it.
    first = earliest[panel.group]
    teaches = np.where((first == length) | (ready == first), 0, ready)
    ready = np.where(long, ready, np.where(first == length, 0, first))
    out, level = values.copy(), np.full(count, np.nan)
    now = np.zeros((count, seasons))
    for j in range(length):
        fresh = long & (ready == j)
        if fresh.any():
            now[fresh] = _first(values[fresh, : j + 1], seasons)
            out[fresh, : j + 1] -= now[fresh][:, np.arange(j + 1) % seasons]
            level[fresh] = _level(out[fresh, : j + 1])
            offsets[fresh, : j + 1] = now[fresh][:, None, :]
        later = long & (ready < j)
        here = later & ~np.isnan(values[:, j])
        season = j % seasons
        out[here, j] = values[here, j] - now[here, season]
        missed = np.where(here, out[:, j] - level, 0.0)
        # A history whose seasons could be chance keeps none.
        now[:, season] += np.where(now.any(axis=1), LEARNING * missed, 0.0)
        level = np.where(here, level + SMOOTHING * missed, level)
        offsets[later, j] = now[later]
    return Adjusted(out, ready, teaches, offsets)


def _first(values: np.ndarray, seasons: int) -> np.ndarray:
    """Return each season's distance from a straight line, shrunk by what chance would give."""
    time = np.arange(values.shape[1], dtype=float)
    there = ~np.isnan(values)
    size = there.sum(axis=1)
    middle = (there * time).sum(axis=1) / size
    mean = np.where(there, values, 0).sum(axis=1) / size
    away = np.where(there, time - middle[:, None], 0.0)
    slope = (away * np.where(there, values, 0)).sum(axis=1) / (away**2).sum(axis=1)
    left = np.where(there, values - mean[:, None] - slope[:, None] * away, np.nan)
    offsets, each = np.zeros((len(values), seasons)), np.zeros((len(values), seasons))
    for season in range(seasons):
        part = left[:, season::seasons]
        each[:, season] = (~np.isnan(part)).sum(axis=1)
        offsets[:, season] = np.nansum(part, axis=1) / np.maximum(each[:, season], 1)
    offsets -= offsets.mean(axis=1, keepdims=True)
    rest = np.nansum((left - offsets[:, np.arange(values.shape[1]) % seasons]) ** 2, axis=1)
    noise = rest / np.maximum(size - seasons - 1, 1) / np.maximum(each.mean(axis=1), 1)
    signal = (offsets**2).sum(axis=1)
    keep = 1 - (seasons - 3 if seasons > 3 else 1) * noise / np.where(signal > 0, signal, np.inf)
    return offsets * np.clip(np.where(signal > 0, keep, 0), 0, 1)[:, None]


def _level(values: np.ndarray) -> np.ndarray:
    """Return the smoothed level at the last column."""
    level = np.full(len(values), np.nan)
    for column in values.T:
        known = ~np.isnan(column)
        start = known & np.isnan(level)
        level = np.where(
            start, column, np.where(known, level + SMOOTHING * (column - level), level)
        )
    return level
