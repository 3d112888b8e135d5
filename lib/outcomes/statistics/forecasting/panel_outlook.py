"""Forecasts of a panel from every period of its past, and from its newest one."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from outcomes.statistics.forecasting.learning import Pairs, carried_on
from outcomes.statistics.forecasting.movement import Movement, movement
from outcomes.statistics.forecasting.panel import Panel
from outcomes.statistics.forecasting.ranges import Ranges
from outcomes.statistics.forecasting.seasons import Adjusted, adjust

FEWEST = 3
"""Figures below which a history alone is not forecast."""


@dataclass(frozen=True)
class PanelOutlook:
    """Forecasts of a panel from every period of its past and its newest one."""

    panel: Panel
    adjusted: Adjusted
    move: Movement
    pairs: Pairs
    moves: np.ndarray
    """Expected movements in scales; shape (s, t, horizons)."""
    used: np.ndarray
    """The share of the learned movement that is used, by group and period; 0 is naive; (g, t)."""
    several: np.ndarray
    """Whether more than one history of the group had begun, by group and period; (g, t)."""
    ranges: Ranges

    def at(
        self, rows: np.ndarray, columns: np.ndarray, horizon: int, levels: Iterable[float]
    ) -> dict[str, np.ndarray]:
        """Return forecasts of some histories from some periods: mean and the ends of the ranges."""
        low, high = self.panel.low[rows, columns], self.panel.high[rows, columns]
        season = self.adjusted.ahead(rows, columns, horizon)
        scale = np.nan_to_num(self.move.scale[rows, columns])
        last = self.move.last[rows, columns]
        step = self.moves[rows, columns, horizon - 1] * scale + season
        mean = _within(last, step, low, high)
        found = {"mean": mean}
        for level in levels:
            half = self.ranges.half(level, horizon)[rows, columns]
            name = f"{100 * level:.10g}"
            found[f"lower_{name}"] = np.minimum(np.maximum(mean - half, low), mean)
            found[f"upper_{name}"] = np.maximum(np.minimum(mean + half, high), mean)
        return found

    def method(self, rows: np.ndarray, columns: np.ndarray) -> np.ndarray:
        """Return the word for how each forecast was made."""
        group = self.panel.group[rows]
        naive = (self.used[group, columns] == 0) | (self.move.n[rows, columns] < FEWEST)
        return np.where(naive, "naive", np.where(self.several[group, columns], "pooled", "single"))

    def why_not(self, rows: np.ndarray, columns: np.ndarray) -> np.ndarray:
        """Return why a history is not forecast from some period, or ''."""
        fewest = FEWEST - self.several[self.panel.group[rows], columns]
        n = self.move.n[rows, columns]
        few, still = n < fewest, ~(self.move.width[rows, columns] > 0)
        reason = np.full(len(rows), "", dtype=object)
        reason[still] = "nothing shows how much such figures move"
        reason[few] = [f"{k} figure{'' if k == 1 else 's'}, fewer than {m}" for k, m in
                       zip(n[few], fewest[few], strict=True)]  # fmt: skip
        return reason


@dataclass(frozen=True)
class Whichever(PanelOutlook):
    """Forecasts learned together, or each history by itself: what did better up to each period."""

    apart: PanelOutlook
    better: np.ndarray
    """Whether together did; shape (t,)."""

    def at(
        self, rows: np.ndarray, columns: np.ndarray, horizon: int, levels: Iterable[float]
    ) -> dict[str, np.ndarray]:
        """Return forecasts of some histories from some periods: mean and the ends of the ranges."""
        found = super().at(rows, columns, horizon, levels)
        other = self.apart.at(rows, columns, horizon, levels)
        return {name: np.where(self.better[columns], found[name], other[name]) for name in found}

    def method(self, rows: np.ndarray, columns: np.ndarray) -> np.ndarray:
        """Return the word for how each forecast was made."""
        other = self.apart.method(rows, columns)
        return np.where(self.better[columns], super().method(rows, columns), other)

    def why_not(self, rows: np.ndarray, columns: np.ndarray) -> np.ndarray:
        """Return why a history is not forecast from some period, or ''."""
        other = self.apart.why_not(rows, columns)
        return np.where(self.better[columns], super().why_not(rows, columns), other)


def outlook(panel: Panel, horizon: int, levels: tuple[float, ...], *, alone: bool) -> PanelOutlook:
    """Return a panel's forecasts; where `alone`, each history by itself while that does better."""
    adjusted = adjust(panel)
    together = _outlook(panel, adjusted, horizon, levels)
    if not alone or len(panel.series) < 2:
        return together
    own = replace(panel, group=np.arange(len(panel.series)))
    apart = _outlook(own, adjusted, horizon, levels)
    better = _missed(together) <= _missed(apart)
    return Whichever(**together.__dict__, apart=apart, better=better)


def _outlook(
    panel: Panel, adjusted: Adjusted, horizon: int, levels: tuple[float, ...]
) -> PanelOutlook:
    move = movement(panel, adjusted)
    pairs = Pairs(panel, adjusted, move)
    moves, used = carried_on(pairs, horizon)
    # A history too short to show any movement stays where it is.
    moves = np.where((move.n >= FEWEST)[:, :, None], moves, 0.0)
    begun = np.zeros((pairs.groups, moves.shape[1]), dtype=int)
    np.add.at(begun, panel.group, move.n > 0)
    ranges = Ranges(pairs, moves, levels)
    return PanelOutlook(panel, adjusted, move, pairs, moves, used, begun > 1, ranges)


def _missed(found: PanelOutlook) -> np.ndarray:
    """Return the sum of the misses one period ahead up to each period, in scales; shape (t,)."""
    total = np.zeros(found.moves.shape[1])
    for now in range(1, len(total)):
        rows, came = found.pairs.came(now - 1, 1)
        total[now] = total[now - 1] + np.abs(came - found.moves[rows, now - 1, 0]).sum()
    return total


def _within(last: np.ndarray, step: np.ndarray, low: np.ndarray, high: np.ndarray) -> np.ndarray:
    """Return the newest figure moved by a step that slows down as it nears a bound."""
    room = np.where(step < 0, last - low, high - last)
    with np.errstate(divide="ignore", invalid="ignore"):
        eased = room * (1 - np.exp(-np.abs(step) / room))
    eased = np.where(np.isfinite(room), np.where(room > 0, eased, 0.0), np.abs(step))
    return np.clip(last + np.sign(step) * eased, low, high)


def newest(found: PanelOutlook, levels: tuple[float, ...]) -> pd.DataFrame:
    """Return the forecasts from each history's newest figure."""
    panel, move = found.panel, found.move
    rows = np.arange(len(panel.series))
    at, n = move.column[:, -1], move.n[:, -1]
    reason = found.why_not(rows, at)
    tables = []
    for horizon in range(1, found.moves.shape[2] + 1):
        parts = found.at(rows, at, horizon, levels)
        refused = reason != ""
        numbers = {name: np.where(refused, np.nan, part) for name, part in parts.items()}
        method = np.where(refused, "refused", found.method(rows, at))
        table = {
            "series": panel.series,
            "horizon": horizon,
            "period": panel.periods(rows, at + horizon),
        }
        tables.append(pd.DataFrame(table | numbers | {"method": method, "n": n, "reason": reason}))
    return pd.concat(tables, ignore_index=True)
