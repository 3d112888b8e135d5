"""Ranges that hold: calibrated on how far past forecasts of the same indicator missed."""

from functools import lru_cache

import numpy as np
from scipy.special import stdtr

from outcomes.statistics.forecasting.learning import Pairs

EDGES = np.concatenate([[0.0], np.geomspace(0.05, 60, 72)])
"""The classes into which misses are counted, in widths."""
FREEDOM = 2.2
"""Degrees of freedom of the t distribution that misses follow before any is seen."""
SOFT = 0.1
"""Added to a miss before its logarithm is taken."""
FEW_AREAS = 2
"""Areas at which a point in time weighs half as much as it would with very many."""
SIZE_BELIEF = 1.0
SHAPE_BELIEF = 1.5
"""At how many past points in time what was seen weighs as much as what was expected."""
CAUTION = 0.3
"""How far a level is raised because few past points in time have been seen: a share of what it
leaves out, divided by the root of one more than their number."""
HIGHEST = 0.999


def spread(horizon: int) -> float:
    """Return the scale of misses, in widths, that is expected before any is seen."""
    return 0.75 * horizon**0.58


class Ranges:
    """How far from each forecast the truth may lie.

    Parameters
    ----------
    pairs : Pairs
    moves : ndarray
        The expected movements; shape (s, t, horizons).
    levels : tuple of float
    """

    def __init__(self, pairs: Pairs, moves: np.ndarray, levels: tuple[float, ...]) -> None:
        self.pairs, self.moves = pairs, moves
        self.width = pairs.move.width * short(pairs.move.n)
        horizons = moves.shape[2]
        self.size = self._sizes(horizons)
        self.halves = {h: self._halves(h, levels) for h in range(1, horizons + 1)}
        for h in range(2, horizons + 1):
            for level, half in self.halves[h].items():
                # What lies further ahead is never better known.
                half[:] = np.maximum(half, self.halves[h - 1][level])

    def half(self, level: float, horizon: int) -> np.ndarray:
        """Return half the width of the range of some level, in the unit; shape (s, t)."""
        return (self.halves[horizon][level] * self.size)[self.pairs.group] * self.width

    def _missed(self, origin: int, horizon: int) -> tuple[np.ndarray, np.ndarray]:
        """Return the histories whose forecast can be judged, and by how many widths it missed."""
        rows, came = self.pairs.came(origin, horizon)
        missed = np.abs(came - self.moves[rows, origin, horizon - 1])
        missed *= self.pairs.move.scale[rows, origin] / self.width[rows, origin]
        return rows, missed

    def _sizes(self, horizons: int) -> np.ndarray:
        """Return how much larger than expected misses have been up to each point; (g, t)."""
        length = self.moves.shape[1]
        total, weight = np.zeros(self.pairs.groups), np.zeros(self.pairs.groups)
        usual = [_usual_log(h) for h in range(1, horizons + 1)]
        found = np.empty((self.pairs.groups, length))
        for now in range(length):
            total, weight = self.pairs.fade * total, self.pairs.fade * weight
            for h in range(1, min(horizons, now) + 1):
                rows, missed = self._missed(now - h, h)
                seen = self.pairs.size(rows)
                heavy = seen / (seen + FEW_AREAS)
                mean = self.pairs.mean(rows, np.log(missed + SOFT)[:, None])[:, 0] - usual[h - 1]
                total, weight = total + heavy * mean, weight + heavy
            found[:, now] = np.exp(total / (weight + SIZE_BELIEF))
        return found

    def _halves(self, horizon: int, levels: tuple[float, ...]) -> dict[float, np.ndarray]:
        """Return half the width of the range of each level, in sizes; shapes (g, t)."""
        length, bins = self.moves.shape[1], len(EDGES) - 1
        expected = 2 * stdtr(FREEDOM, EDGES / spread(horizon)) - 1
        expected = np.diff(expected / expected[-1])
        counts, weight = np.zeros((self.pairs.groups, bins)), np.zeros(self.pairs.groups)
        found = {level: np.empty((self.pairs.groups, length)) for level in levels}
        for now in range(length):
            if now >= horizon:
                rows, missed = self._missed(now - horizon, horizon)
                group, seen = self.pairs.group[rows], self.pairs.size(rows)
                sizes = missed / self.size[group, now - horizon]
                at = np.clip(np.searchsorted(EDGES, sizes, side="right") - 1, 0, bins - 1)
                each = np.bincount(group * bins + at, minlength=self.pairs.groups * bins)
                share = each.reshape(-1, bins) / np.maximum(seen, 1)[:, None]
                heavy = seen / (seen + FEW_AREAS)
                fade = np.where(seen > 0, self.pairs.fade, 1.0)
                counts = fade[:, None] * counts + heavy[:, None] * share
                weight = fade * weight + heavy
            mixed = (SHAPE_BELIEF * expected + counts) / (SHAPE_BELIEF + weight)[:, None]
            cumulative = np.cumsum(mixed, axis=1)
            for level, halves in found.items():
                halves[:, now] = _half(cumulative, weight, level)
        return found


def _half(cumulative: np.ndarray, seen: np.ndarray, level: float) -> np.ndarray:
    """Return how far from the forecast a level of the misses reaches, in sizes; shape (g,)."""
    raised = np.minimum(level + (1 - level) * CAUTION / np.sqrt(1 + seen), HIGHEST)
    upper = np.minimum((cumulative < raised[:, None]).sum(axis=1), len(EDGES) - 2)
    rows = np.arange(len(cumulative))
    before = np.where(upper > 0, cumulative[rows, np.maximum(upper - 1, 0)], 0.0)
    there = cumulative[rows, upper]
    part = np.clip((raised - before) / np.maximum(there - before, 1e-12), 0, 1)
    return EDGES[upper] + part * (EDGES[upper + 1] - EDGES[upper])


def short(n: np.ndarray) -> np.ndarray:
    """Return how much wider the ranges are because a history's own scale rests on few figures."""
    return 1 + 1.5 / np.maximum(n - 1, 1)


@lru_cache
def _usual_log(horizon: int) -> float:
    """Return the mean logarithm of a miss before any is seen."""
    edges = np.linspace(0, 60, 60_001)
    middle = (edges[1:] + edges[:-1]) / 2
    share = np.diff(2 * stdtr(FREEDOM, edges / spread(horizon)) - 1)
    return float((share * np.log(middle + SOFT)).sum() / share.sum())
