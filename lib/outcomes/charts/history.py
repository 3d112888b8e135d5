"""The history of one indicator in one place, with its interval and its comparator."""

import pandas as pd
from matplotlib.axes import Axes

from outcomes.charts.periods import broken, label_periods, mark_breaks
from outcomes.charts.theme import (
    DASHED,
    PALETTE,
    label_ticks,
    legend_below,
    name_unit,
    say_nothing,
    themed,
    widen,
)
from outcomes.model import Position
from outcomes.model.words import capital


@themed
def plot_history(position: Position, *, ax: Axes) -> Axes:
    """Draw a place's series with its published interval, and its comparator's behind it.

    A line is broken where a period is missing, so a gap in the figures looks like one, and at a
    declared break, which has a dotted vertical with a letter. A comparator without figures is left
    out.
    """
    if position.history["value"].isna().all():
        return say_nothing(ax, position.missing or "No figures")
    frame = broken(position.history, position.standing.breaks)
    at = frame["at"]
    if frame["comparator"].notna().any():
        label = position.comparison.label if position.comparison else "comparator"
        ax.plot(
            at,
            frame["comparator"],
            color=PALETTE.comparator,
            linestyle=DASHED,
            marker="s",
            markersize=3.5,
            linewidth=1.6,
            label=capital(label),
        )
    _draw_interval(ax, frame)
    ax.plot(at, frame["value"], **place_line(position))
    estimated = frame[frame["status"].isin(["imputed", "modelled"])]
    if not estimated.empty:
        ax.plot(
            estimated["at"],
            estimated["value"],
            linestyle="none",
            color=PALETTE.place,
            marker="D" if position.proxy else "o",
            markersize=5,
            markerfacecolor="white",
            label="Estimated, not measured",
        )
    label_periods(ax, position.history)
    ax.margins(x=0.04, y=0.12)
    ax.set_ylim(widen(ax.get_ylim()))
    label_ticks(position.indicator, ax.yaxis)
    mark_breaks(ax, position.history, position.standing.breaks)
    name_unit(ax, position.indicator)
    legend_below(ax)
    return ax


def place_line(position: Position) -> dict:
    """Return the look of a place's own line: that of a proxy is dotted, its markers are hollow."""
    look = {"color": PALETTE.place, "marker": "o", "markersize": 5, "linewidth": 2.2}
    if not position.proxy:
        return look | {"label": position.place.name}
    proxy = {"linestyle": ":", "markerfacecolor": "white"}
    return look | proxy | {"label": f"{position.place.name} (a proxy)"}


def _draw_interval(ax: Axes, frame: pd.DataFrame) -> None:
    limits = frame[["lower", "upper"]].notna().all(axis=1)
    if not limits.any():
        return
    at, lower, upper = frame["at"], frame["lower"].where(limits), frame["upper"].where(limits)
    ax.fill_between(
        at, lower, upper, color=PALETTE.interval, alpha=0.75, linewidth=0, label="95% interval"
    )
    lone = limits & ~limits.shift(fill_value=False) & ~limits.shift(-1, fill_value=False)
    ax.vlines(at[lone], lower[lone], upper[lone], color=PALETTE.interval, linewidth=6)
