"""What each history shows at every point in time: its level, its movement and that shared by all.

Nothing here looks ahead: column j rests on columns up to j alone, so that one pass serves every
forecast and every back-test.
"""

from dataclasses import dataclass

import numpy as np

from outcomes.statistics.forecasting.panel import Panel
from outcomes.statistics.forecasting.seasons import Adjusted

SMOOTHING = 0.5
"""The weight of the newest figure in the smoothed level."""
DECAY = 0.8
"""What a yearly movement weighs beside the one a period later; `_decay` for shorter periods."""
MOST = 3.0
"""Movements are cut at so many times the usual one: a shock is not a trend."""
LOOKING_BACK = 8
"""Shared movements that are looked at; or those of a year and a half, if they are more."""
TOWARDS_GROUP = 4
"""Figures at which a history's own scale weighs as much as that of its group."""
NEWEST = 5
"""Figures through which the straight line of the track record goes."""


@dataclass(frozen=True)
class Movement:
    """What is known of each history at each period; arrays of shape (s, t), NaN before its start.

    `features` has shape (s, t, 3): the smoothed level minus the newest figure, the history's own
    movement, and the movement shared by its group, all divided by `scale`.
    """

    last: np.ndarray
    """The newest figure, carried on over gaps."""
    column: np.ndarray
    """The column of the newest figure; -1 before the first; whole numbers."""
    n: np.ndarray
    """How many figures there are."""
    scale: np.ndarray
    """The mean size of the movements from one period to the next."""
    width: np.ndarray
    """The scale drawn towards that of the group, as far as the history is short."""
    features: np.ndarray
    line: np.ndarray
    """The straight line through the newest five figures: its value at the newest and its slope;
    shape (s, t, 2)."""


def movement(panel: Panel, adjusted: Adjusted) -> Movement:
    """Return what each history shows at every period.

    Parameters
    ----------
    panel : Panel
    adjusted : Adjusted
        Its figures without their seasons.
    """
    values, group = adjusted.figures, panel.group
    decay = DECAY ** (1 / panel.seasons**0.5)
    back = max(LOOKING_BACK, 3 * panel.seasons // 2)
    own = _own(values, decay)
    teaches = np.arange(values.shape[1]) >= adjusted.teaches[:, None]
    width = _towards_group(own["scale"], own["n"], group, teaches)
    shared = _usual_moves(*_moves(values, own["scale"], group, teaches), decay, back)[group]
    with np.errstate(divide="ignore", invalid="ignore"):
        parts = np.stack([own["level"] / own["scale"], own["moving"], shared], axis=-1)
    features = np.clip(np.nan_to_num(parts, nan=0.0, posinf=0.0, neginf=0.0), -8, 8)
    return Movement(
        last=own["last"], column=own["at"], n=own["n"], scale=own["scale"], width=width,
        features=features, line=_lines(values),
    )  # fmt: skip


def _own(values: np.ndarray, decay: float) -> dict[str, np.ndarray]:
    """Return level, movement, scale and count of each history at every period."""
    count, length = values.shape
    names = ("last", "scale", "level", "moving")
    out = {name: np.full(values.shape, np.nan) for name in names}
    out |= {"at": np.full(values.shape, -1), "n": np.zeros(values.shape, dtype=int)}
    last, level = np.full(count, np.nan), np.full(count, np.nan)
    at, n, total = np.full(count, -1), np.zeros(count, dtype=int), np.zeros(count)
    moving, weight = np.zeros(count), np.zeros(count)
    for j in range(length):
        value = values[:, j]
        here = ~np.isnan(value)
        again = here & (n > 0)
        step = np.where(again, (value - last) / np.maximum(j - at, 1), 0.0)
        total += np.abs(step)
        level = np.where(again, level + SMOOTHING * (value - level), np.where(here, value, level))
        last, at, n = np.where(here, value, last), np.where(here, j, at), n + here
        with np.errstate(divide="ignore", invalid="ignore"):
            scale = np.where(n > 1, total / (n - 1), np.nan)
            relative = np.clip(np.nan_to_num(step / scale), -MOST, MOST)
        moving = np.where(again, decay * moving + relative, moving)
        weight = np.where(again, decay * weight + 1, weight)
        now = (last, scale, level - last, moving / (weight + 1), at, n)
        for name, column in zip((*names, "at", "n"), now, strict=True):
            out[name][:, j] = column
    return out


def _moves(
    values: np.ndarray, scale: np.ndarray, group: np.ndarray, teaches: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Return the mean of what each group's histories moved, in their scales, and where it is known.

    Shapes (g, t). A single history's movement is cut, so that none decides for all.
    """
    groups, length = int(group.max(initial=-1)) + 1, values.shape[1]
    moves, known = np.zeros((groups, length)), np.zeros((groups, length), dtype=bool)
    for j in range(1, length):
        before = np.where(scale[:, j - 1] > 0, scale[:, j - 1], scale[:, j])
        with np.errstate(divide="ignore", invalid="ignore"):
            step = (values[:, j] - values[:, j - 1]) / before
        there = np.isfinite(step) & teaches[:, j]
        size = np.bincount(group[there], minlength=groups)
        total = np.bincount(group[there], np.clip(step[there], -MOST, MOST), groups)
        known[:, j], moves[:, j] = size > 0, total / np.maximum(size, 1)
    return moves, known


def _usual_moves(moves: np.ndarray, known: np.ndarray, decay: float, back: int) -> np.ndarray:
    """Return each group's usual movement at every period; shape (g, t).

    The mean of the newest ones, cut where a period stands out from the others, newer periods with
    more weight, and drawn towards none where there are few.
    """
    found, there = np.zeros_like(moves), np.where(known, moves, np.nan)
    for j in range(1, moves.shape[1]):
        found[:, j] = _usual(there[:, max(0, j - back + 1) : j + 1], decay)
    return found


def _usual(window: np.ndarray, decay: float) -> np.ndarray:
    """Return the weighted mean of each row, outstanding values cut, drawn towards 0; 0 if empty."""
    there = ~np.isnan(window)
    some = there.any(axis=1)
    found = np.zeros(len(window))
    rows = window[some]
    middle = np.nanmedian(rows, axis=1, keepdims=True)
    spread = 1.4826 * np.nanmedian(np.abs(rows - middle), axis=1, keepdims=True) + 0.05
    cut = np.nan_to_num(np.clip(rows, middle - 1.5 * spread, middle + 1.5 * spread))
    weight = decay ** np.arange(window.shape[1])[::-1] * there[some]
    found[some] = (weight * cut).sum(axis=1) / (weight.sum(axis=1) + 1)
    return found


def _towards_group(
    scale: np.ndarray, n: np.ndarray, group: np.ndarray, teaches: np.ndarray
) -> np.ndarray:
    """Return the scale, on a log scale drawn towards the mean of the group by how short it is."""
    groups = int(group.max(initial=-1)) + 1
    with np.errstate(divide="ignore"):
        logs = np.where(scale > 0, np.log(np.where(scale > 0, scale, 1.0)), np.nan)
    found = np.full(scale.shape, np.nan)
    for j in range(scale.shape[1]):
        there = np.isfinite(logs[:, j])
        seen = there & teaches[:, j]
        size = np.bincount(group[seen], minlength=groups)
        mean = np.bincount(group[seen], logs[seen, j], groups) / np.where(size, size, np.nan)
        own = np.where(there, n[:, j] / (n[:, j] + TOWARDS_GROUP), 0.0)
        found[:, j] = np.exp(own * np.where(there, logs[:, j], 0.0) + (1 - own) * mean[group])
    return found


def _lines(values: np.ndarray) -> np.ndarray:
    """Return the straight line through the newest five figures at every period."""
    count, length = values.shape
    out = np.full((count, length, 2), np.nan)
    recent, when = np.full((count, NEWEST), np.nan), np.full((count, NEWEST), np.nan)
    for j in range(length):
        here = ~np.isnan(values[:, j])
        recent[here] = np.column_stack([recent[here, 1:], values[here, j]])
        when[here] = np.column_stack([when[here, 1:], np.full(here.sum(), float(j))])
        there = ~np.isnan(when)
        size = np.maximum(there.sum(axis=1), 1)
        time = np.where(there, when, 0).sum(axis=1) / size
        mean = np.where(there, recent, 0).sum(axis=1) / size
        away = np.where(there, when - time[:, None], 0.0)
        square = (away**2).sum(axis=1)
        cross = (away * np.where(there, recent - mean[:, None], 0.0)).sum(axis=1)
        slope = np.where(square > 0, cross / np.where(square > 0, square, 1), 0.0)
        newest = np.where(there[:, -1], when[:, -1], np.nan)
        out[:, j] = np.column_stack([mean + slope * (newest - time), slope])
    return out
