"""The history of one indicator in one place, with its interval and its comparator."""

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from outcomes.charts.theme import PALETTE, Palette, label_ticks, themed, widen
from outcomes.model import Position

MOST_TICKS = 5


@themed
def plot_history(position: Position, *, ax: Axes, palette: Palette = PALETTE) -> Axes:
    """Draw a place's series with its published interval, and its comparator's behind it.

    A line is broken where a period is missing, so a gap in the figures looks like one. A comparator
    without figures is left out.

    Parameters
    ----------
    position : Position
    ax : matplotlib.axes.Axes
    palette : Palette

    Returns
    -------
    matplotlib.axes.Axes
        The same axes.
    """
    frame = _with_breaks(position.history)
    at = frame["at"]
    if frame["comparator"].notna().any():
        label = position.comparison.label if position.comparison else "comparator"
        ax.plot(
            at,
            frame["comparator"],
            color=palette.comparator,
            linestyle=(0, (4, 2)),
            marker="s",
            markersize=3.5,
            linewidth=1.6,
            label=label[:1].upper() + label[1:],
        )
    limits = frame[["lower", "upper"]].notna().all(axis=1)
    if limits.any():
        lower, upper = frame["lower"].where(limits), frame["upper"].where(limits)
        ax.fill_between(
            at, lower, upper, color=palette.interval, alpha=0.75, linewidth=0, label="95% interval"
        )
        lone = limits & ~limits.shift(fill_value=False) & ~limits.shift(-1, fill_value=False)
        ax.vlines(at[lone], lower[lone], upper[lone], color=palette.interval, linewidth=6)
    ax.plot(
        at,
        frame["value"],
        color=palette.place,
        marker="o",
        markersize=5,
        linewidth=2.2,
        label=position.place.name,
    )
    estimated = frame[frame["status"].isin(["imputed", "modelled"])]
    if not estimated.empty:
        ax.plot(
            estimated["at"],
            estimated["value"],
            linestyle="none",
            color=palette.place,
            marker="o",
            markersize=5,
            markerfacecolor="white",
            label="Estimated, not measured",
        )
    _label_axes(ax, position)
    return ax


def _with_breaks(history: pd.DataFrame) -> pd.DataFrame:
    """Return the history with `at` (year and fraction), and an empty row in each missing period."""
    frame = history.copy()
    frame["at"] = _middle(frame)
    step = frame["at"].diff()
    wide = frame.index[step > 1.6 * step.median()]
    empty = pd.DataFrame({"at": frame.loc[wide, "at"] - step.loc[wide] / 2})
    return pd.concat([frame, empty]).sort_values("at", ignore_index=True)


def _middle(frame: pd.DataFrame) -> pd.Series:
    """Return the middle of each period as a year and its fraction."""
    middle = frame["period_start"] + (frame["period_end"] - frame["period_start"]) / 2
    return middle.dt.year + (middle.dt.day_of_year - 1) / 365.25


def _label_axes(ax: Axes, position: Position) -> None:
    known = position.history
    at = _middle(known).to_numpy()
    shown = _spread(at)
    ax.set_xticks(at[shown], [_short(label) for label in known["period"].iloc[shown]])
    ax.margins(x=0.04, y=0.12)
    ax.set_ylim(widen(ax.get_ylim()))
    label_ticks(position.indicator, ax.yaxis)
    unit = position.indicator.unit
    if unit not in ("", "%"):
        ax.set_title(
            f"{position.indicator.prefix}{' ' if position.indicator.prefix else ''}{unit}",
            loc="left",
            fontsize=10,
        )
    ax.grid(visible=False, axis="x")
    ax.figure.legend(
        *ax.get_legend_handles_labels(),
        loc="outside lower left",
        ncols=3,
        fontsize=10,
        handlelength=1.8,
        columnspacing=1.2,
    )


def _spread(at: np.ndarray) -> list[int]:
    """Return which periods get a label: the last one, and before it as many as have room."""
    room = (at[-1] - at[0]) / (MOST_TICKS - 0.6)
    shown = [len(at) - 1]
    for i in range(len(at) - 2, -1, -1):
        if at[shown[-1]] - at[i] >= room:
            shown.append(i)
    return shown


def _short(label: str) -> str:
    """Return a period's label broken so that neighbours do not run into each other."""
    if " to " in label:
        first, last = label.split(" to ", 1)
        return f"{first} to\n{last}"
    return label.replace(" ", "\n")
