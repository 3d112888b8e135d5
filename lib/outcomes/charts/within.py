"""The places within a place, or a place among its siblings: one dot each, in order."""

from matplotlib.axes import Axes

from outcomes.charts.theme import (
    DASHED,
    PALETTE,
    label_ticks,
    legend_below,
    themed,
    widen,
    wrapped,
)
from outcomes.model import Position
from outcomes.model.words import capital

ROW = 0.3
"""Inches for each place."""
NAME = 26
"""Characters of a name on a line."""


def within_height(position: Position) -> float:
    """Return the height in inches that `plot_within` needs for its rows."""
    return 0.9 + ROW * len(position.within)


@themed
def plot_within(position: Position, *, ax: Axes) -> Axes:
    """Draw a dot and the published interval for each place, highest on top.

    The page's own place has a diamond and a bold name; a place without a figure keeps its row and
    says 'no figure'. The comparator's value is a dashed line if it is of the same period.
    """
    rows = position.within.sort_values("value", na_position="first").reset_index(drop=True)
    own = rows["area_code"] == position.place.code
    known = rows["value"].notna()
    limits = rows["lower"].notna() & rows["upper"].notna()
    ax.hlines(
        rows.index[limits],
        rows["lower"][limits],
        rows["upper"][limits],
        color=PALETTE.interval,
        linewidth=6,
        zorder=2,
    )
    for which, marker, colour in (
        (known & ~own, "o", PALETTE.others),
        (known & own, "D", PALETTE.place),
    ):
        ax.plot(
            rows["value"][which], rows.index[which], marker, color=colour, markersize=6.5, zorder=3
        )
    comparison = position.comparison
    if comparison and comparison.value == comparison.value and _same_period(position, rows):
        ax.axvline(
            comparison.value,
            color=PALETTE.comparator,
            linestyle=DASHED,
            linewidth=1.6,
            zorder=1,
            label=capital(comparison.label),
        )
    names = rows["area_name"].where(known, rows["area_name"] + " (no figure)")
    ax.set_yticks(rows.index, [wrapped(name, NAME) for name in names])
    for tick, is_own in zip(ax.get_yticklabels(), own, strict=True):
        tick.set_linespacing(0.95)
        tick.set_fontweight("bold" if is_own else "normal")
    ax.set_ylim(-0.7, len(rows) - 0.3)
    ax.set_xlim(widen(ax.get_xlim()))
    label_ticks(position.indicator, ax.xaxis, most=4)
    ax.grid(visible=False, axis="y")
    ax.tick_params(axis="y", length=0)
    legend_below(ax)
    return ax


def _same_period(position: Position, rows) -> bool:
    return bool(position.latest and (rows["period"] == position.latest.period).all())
