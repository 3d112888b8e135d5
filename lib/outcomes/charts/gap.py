"""A gap between places or groups, period by period: the highest, the lowest and all together."""

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from outcomes.charts.periods import broken, label_periods
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
from outcomes.model import Indicator, PlaceGap

NAME = 22
"""Characters of a name on a line: half the width of the chart."""
AXES = 2.2
"""Inches that the axes are high, about; names take their room from it."""


@themed
def plot_gap(gap: PlaceGap, indicator: Indicator, *, ax: Axes) -> Axes:
    """Draw the two sides of a gap with the band between, and the overall figure dashed.

    Who is highest and lowest stands at the newest end, and at the oldest where it was another. A
    missing period or value breaks the lines.

    Parameters
    ----------
    gap : PlaceGap
    indicator : Indicator
        Gives the numbers their unit.
    ax : matplotlib.axes.Axes
    """
    known = gap.over_time.dropna(subset=["low", "high"], how="all")
    if known.empty:
        return say_nothing(ax, gap.reason or "No gap could be worked out")
    frame = broken(gap.over_time)
    at = frame["at"]
    ax.fill_between(
        at, frame["low"].astype(float), frame["high"].astype(float), color=PALETTE.band, linewidth=0
    )
    names = known.iloc[-1] if gap.kind == "groups" else None
    for side, shape, words in (("high", "^", "Highest"), ("low", "v", "Lowest")):
        ax.plot(
            at, frame[side], color=PALETTE.place, marker=shape, markersize=6, linewidth=1.8,
            label=words if names is None else names[f"{side}_name"],
        )  # fmt: skip
    if frame["overall"].notna().any():
        ax.plot(
            at, frame["overall"], color=PALETTE.comparator, linestyle=DASHED, linewidth=1.6,
            label="All together",
        )  # fmt: skip
    label_periods(ax, gap.over_time)
    ax.margins(x=0.04)
    if gap.kind == "places":
        _name_ends(ax, frame)
    else:
        ax.margins(y=0.12)
    ax.set_ylim(widen(ax.get_ylim()))
    label_ticks(indicator, ax.yaxis)
    name_unit(ax, indicator)
    legend_below(ax)
    return ax


def _name_ends(ax: Axes, frame: pd.DataFrame) -> None:
    """Name who is highest over the lines and who is lowest under them, clear of both."""
    known = frame.dropna(subset=["low", "high"], how="all")
    last, first = known.iloc[-1], known.iloc[0]
    middle = (first["at"] + last["at"]) / 2
    ends = [(last, frame["at"] >= middle, "right")]
    ends += [(first, frame["at"] <= middle, "left")] if len(known) > 1 else []
    for side, reach, va in (("high", np.nanmax, "bottom"), ("low", np.nanmin, "top")):
        for end, part, ha in ends:
            if ha == "left" and end[f"{side}_name"] == last[f"{side}_name"]:
                continue
            ax.annotate(
                wrapped(str(end[f"{side}_name"]), NAME),
                (end["at"], reach(frame.loc[part, side])),
                xytext=(0, 7 if va == "bottom" else -7),
                textcoords="offset points",
                ha=ha,
                va=va,
                fontsize=10,
            )
    lines = max(wrapped(str(end[name]), NAME).count("\n") + 1
                for end, *_ in ends for name in ("low_name", "high_name"))  # fmt: skip
    share = (0.16 * lines + 0.12) / AXES
    ax.margins(y=share / (1 - 2 * share))
