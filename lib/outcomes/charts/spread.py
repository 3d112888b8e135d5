"""A figure among those of all areas that a place ranks among: a dot each, ours beneath."""

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from outcomes.charts.theme import (
    DASHED,
    PALETTE,
    label_ticks,
    legend_below,
    name_unit,
    say_nothing,
    themed,
    widen,
    wrapped,
)
from outcomes.model import Position, Spread
from outcomes.model.words import capital, those

BINS = 60
"""How many dots fit side by side."""
LEVEL = 0.07
"""Inches for each dot of a stack."""
TALLEST = 30
OWN = -3.0
"""Where our own row lies, in dots under the stacks."""


def spread_height(position: Position) -> float:
    """Return the height in inches that `plot_spread` needs for its tallest stack."""
    spread = position.standing.spread
    known = spread.peers["value"].dropna() if spread else pd.Series(dtype=float)
    tallest = _stacked(known.to_numpy(), _range(known)).max(initial=0) + 1
    return 1.9 + LEVEL * min(tallest, TALLEST)


@themed
def plot_spread(position: Position, *, ax: Axes) -> Axes:
    """Draw a dot for each area, stacked where they are alike, and our own diamond beneath.

    The middle half of the areas is a band and their median a line, if known; the comparator's value
    is a dashed line if its figure is of the same period. A dot stands within half its width of its
    value; an area without a value is left out.

    Parameters
    ----------
    position : Position
        Its `standing.spread` is drawn.
    ax : matplotlib.axes.Axes
    """
    spread = position.standing.spread
    if spread is None or spread.peers["value"].isna().all():
        return say_nothing(ax, (spread and spread.reason) or "No figures of other areas")
    peers = spread.peers.dropna(subset="value")
    own = peers["area_code"] == position.place.code
    beside = compared(position, spread)
    ours = peers[own]
    limits = _range(pd.concat([peers["value"], ours["lower"], ours["upper"], beside]))
    if spread.q1 <= spread.median <= spread.q3:
        ax.axvspan(spread.q1, spread.q3, color=PALETTE.band, lw=0, label="Middle half of areas")
        ax.axvline(spread.median, color=PALETTE.ink, linewidth=1.2, label="Median")
    for value in beside:
        label = capital(position.comparison.label)
        ax.axvline(value, color=PALETTE.comparator, linestyle=DASHED, linewidth=1.6, label=label)
    _draw_dots(ax, peers.loc[~own, "value"].to_numpy(), limits)
    _draw_own(ax, ours, limits)
    ax.set_xlim(limits)
    ax.set_yticks([])
    ax.spines["left"].set_visible(False)
    label_ticks(position.indicator, ax.xaxis, most=5)
    name_unit(ax, position.indicator)
    ax.set_xlabel(wrapped(f"{those(spread.n, spread.among)}, {spread.period}", 50), fontsize=10)
    legend_below(ax)
    return ax


def compared(position: Position, spread: Spread) -> pd.Series:
    """Return the comparator's value if it is known and of the spread's period; else nothing."""
    comparison, latest = position.comparison, position.latest
    same = comparison is not None and latest is not None and latest.period == spread.period
    return pd.Series([comparison.value] if same else [], dtype=float).dropna()


def _range(values: pd.Series) -> tuple[float, float]:
    low, high = widen((values.min(), values.max()))
    room = 0.03 * (high - low) or 0.5
    return low - room, high + room


def _stacked(values: np.ndarray, limits: tuple[float, float]) -> np.ndarray:
    """Return each value's height in its stack, from 0; equal places in the order given."""
    bins = pd.Series(_bin(values, limits))
    return bins.groupby(bins).cumcount().to_numpy()


def _bin(values: np.ndarray, limits: tuple[float, float]) -> np.ndarray:
    return np.floor((values - limits[0]) / (limits[1] - limits[0]) * BINS)


def _draw_dots(ax: Axes, values: np.ndarray, limits: tuple[float, float]) -> None:
    level = _stacked(values, limits)
    squeeze = min(1.0, (TALLEST - 1) / max(level.max(initial=0), 1))
    x = limits[0] + (_bin(values, limits) + 0.5) * (limits[1] - limits[0]) / BINS
    ax.plot(x, level * squeeze, "o", color=PALETTE.others, markersize=4.4, mew=0, label="One area")
    ax.set_ylim(OWN - 4, max(level.max(initial=0) * squeeze, 4) + 1)


def _draw_own(ax: Axes, own: pd.DataFrame, limits: tuple[float, float]) -> None:
    for area in own.itertuples():
        if area.lower == area.lower and area.upper == area.upper:
            ax.hlines(
                OWN, area.lower, area.upper, color=PALETTE.interval, linewidth=6,
                label="Our 95% interval",
            )  # fmt: skip
        ax.plot(area.value, OWN, "D", color=PALETTE.place, markersize=7.5)
        share = (area.value - limits[0]) / (limits[1] - limits[0])
        ax.annotate(
            area.area_name,
            (0.0 if share < 1 / 3 else 1.0 if share > 2 / 3 else share, OWN),
            xycoords=ax.get_yaxis_transform(),
            xytext=(0, -7),
            textcoords="offset points",
            ha="left" if share < 1 / 3 else "right" if share > 2 / 3 else "center",
            va="top",
            fontsize=10,
            fontweight="bold",
            bbox={"facecolor": "white", "edgecolor": "none", "pad": 1},
        )
