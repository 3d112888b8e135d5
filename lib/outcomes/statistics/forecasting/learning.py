"""How far level and movement carry on: learned from every area and past point of an indicator."""

import numpy as np

from outcomes.statistics.forecasting.movement import Movement
from outcomes.statistics.forecasting.panel import Panel
from outcomes.statistics.forecasting.seasons import Adjusted

FEWEST = 3
"""Figures from which something is learned from a history."""
CUT = 5.0
"""What came is cut at so many times the usual movement before it is learned from."""
FORGETTING = 0.95
"""What a past point in time weighs beside the one a year (or a longer period) later."""
SHARES = np.array([0.0, 0.25, 0.5, 0.75, 1.0])
"""How much of what was learned is used: 0 carries the last figure on."""
EXPECTED = np.array([1.0, 0.985, 0.985, 0.995, 1.01])
"""The errors to expect of each share beside those of the last figure, before any is seen."""
BELIEF = 2.0
"""At how many past points in time what was seen weighs as much as what was expected."""


def prior(horizon: int) -> np.ndarray:
    """Return how far level, own movement and shared movement carry on before anything is learned.

    About 0.6 times what fitted best, by least absolute errors, to published yearly figures of
    United Kingdom councils: half of the areas of 171 indicators.
    """
    return np.array([min(0.22 * horizon**0.5, 0.6), 0.05 * horizon, 0.7 * horizon**0.87])


def firmness(horizon: int) -> float:
    """Return how much the prior weighs, in past points in time."""
    return min(1.5 * horizon, 5.0)


class Pairs:
    """A past figure and the one that came some periods later, of every history.

    Parameters
    ----------
    panel : Panel
    adjusted : Adjusted
    move : Movement
    """

    def __init__(self, panel: Panel, adjusted: Adjusted, move: Movement) -> None:
        self.adjusted, self.move, self.group = adjusted, move, panel.group
        self.groups = int(panel.group.max(initial=-1)) + 1
        self.fade = FORGETTING ** (1 / panel.seasons)
        columns = np.arange(adjusted.figures.shape[1])
        self.usable = (
            ~np.isnan(adjusted.figures)
            & (move.n >= FEWEST)
            & (move.scale > 0)
            & (columns >= adjusted.ready[:, None])
        )

    def came(self, origin: int, horizon: int) -> tuple[np.ndarray, np.ndarray]:
        """Return the histories with a figure `horizon` after `origin`, and what came, in scales."""
        values = self.adjusted.figures
        known = self.usable[:, origin] & (self.adjusted.teaches <= origin)
        rows = np.flatnonzero(known & ~np.isnan(values[:, origin + horizon]))
        step = values[rows, origin + horizon] - values[rows, origin]
        return rows, step / self.move.scale[rows, origin]

    def mean(self, rows: np.ndarray, what: np.ndarray) -> np.ndarray:
        """Return the mean over each group's histories; 0 for a group with none; shape (g, ...)."""
        flat = what.reshape(len(rows), int(np.prod(what.shape[1:])))
        sums = [np.bincount(self.group[rows], column, self.groups) for column in flat.T]
        size = np.maximum(self.size(rows), 1)
        return (np.array(sums).T / size[:, None]).reshape(self.groups, *what.shape[1:])

    def size(self, rows: np.ndarray) -> np.ndarray:
        """Return how many histories of each group there are."""
        return np.bincount(self.group[rows], minlength=self.groups)


def carried_on(pairs: Pairs, horizon: int) -> tuple[np.ndarray, np.ndarray]:
    """Return how far every history is expected to move, from each point and up to a horizon.

    At each point in time the weights of level, own movement and shared movement are those that
    would have done best for the group up to then (least squares, drawn towards `prior`); the past
    points in time weigh alike, however many areas each has, because what befalls all areas in one
    year is one thing. Then as much of the movement is used as did best up to then, at all horizons.

    Returns
    -------
    moves : ndarray
        In scales of the history; shape (s, t, horizon).
    used : ndarray
        One of `SHARES` for each group and point in time; shape (g, t).
    """
    moves = np.stack([_learned(pairs, h) for h in range(1, horizon + 1)], axis=-1)
    used = _share_used(pairs, moves)
    used = np.where(_better_than_naive(pairs, moves, used), used, 0.0)
    return moves * used[pairs.group][:, :, None], used


def _learned(pairs: Pairs, horizon: int) -> np.ndarray:
    """Return the movement at one horizon by the weights learned up to each point; shape (s, t)."""
    features, groups = pairs.move.features, pairs.groups
    length, size = features.shape[1:]
    start, firm = prior(horizon), firmness(horizon)
    square, cross = np.zeros((groups, size, size)), np.zeros((groups, size))
    found = np.empty(features.shape[:2])
    for now in range(length):
        origin = now - horizon
        if origin >= 0:
            rows, came = pairs.came(origin, horizon)
            seen = pairs.size(rows)
            x = features[rows, origin]
            weight = (seen / (seen + 1))[:, None]
            fade = np.where(seen > 0, pairs.fade, 1.0)[:, None]
            outer = pairs.mean(rows, x[:, :, None] * x[:, None, :])
            square = fade[:, :, None] * square + weight[:, :, None] * outer
            along = pairs.mean(rows, x * np.clip(came, -CUT, CUT)[:, None])
            cross = fade * cross + weight * along
        left = square + firm * np.eye(size)
        weights = np.linalg.solve(left, (cross + firm * start)[..., None])[..., 0]
        found[:, now] = (features[:, now] * weights[pairs.group]).sum(axis=1)
    return found


def _share_used(pairs: Pairs, moves: np.ndarray) -> np.ndarray:
    """Return the share of the movement that did best up to each point; shape (g, t)."""
    length, horizon = moves.shape[1:]
    errors, seen = np.zeros((pairs.groups, len(SHARES))), np.zeros(pairs.groups)
    used = np.empty((pairs.groups, length))
    for now in range(length):
        new, some = np.zeros_like(errors), np.zeros(pairs.groups)
        for h in range(1, min(horizon, now) + 1):
            rows, came = pairs.came(now - h, h)
            missed = np.abs(
                np.clip(came, -CUT - 1, CUT + 1)[:, None]
                - SHARES * moves[rows, now - h, h - 1][:, None]
            )
            mean = pairs.mean(rows, missed)
            there = pairs.size(rows) > 0
            new += np.where(there[:, None], mean / np.maximum(mean[:, :1], 0.2), 0.0)
            some += there
        there = some > 0
        fade = np.where(there, pairs.fade, 1.0)
        errors = fade[:, None] * errors + new / np.maximum(some, 1)[:, None]
        seen = fade * seen + there
        best = (BELIEF * EXPECTED + errors) / (BELIEF + seen)[:, None]
        used[:, now] = SHARES[best.argmin(axis=1)]
    return used


def _better_than_naive(pairs: Pairs, moves: np.ndarray, used: np.ndarray) -> np.ndarray:
    """Return whether forecasts of each group have missed by less than the last figure; (g, t).

    Over all past points alike, in the unit: as a track record shows it. True before there is one.
    """
    length, horizon = moves.shape[1:]
    ours, naive = np.zeros(pairs.groups), np.zeros(pairs.groups)
    found = np.empty((pairs.groups, length), dtype=bool)
    for now in range(length):
        for h in range(1, min(horizon, now) + 1):
            rows, came = pairs.came(now - h, h)
            group, scale = pairs.group[rows], pairs.move.scale[rows, now - h]
            made = moves[rows, now - h, h - 1] * used[group, now - h]
            ours += np.bincount(group, np.abs(came - made) * scale, pairs.groups)
            naive += np.bincount(group, np.abs(came) * scale, pairs.groups)
        found[:, now] = (ours < naive) | (naive == 0)
    return found
