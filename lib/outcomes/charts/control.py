"""A history against the limits of its own ordinary variation: an XmR control chart."""

import pandas as pd
from matplotlib.axes import Axes

from outcomes.charts.periods import broken, label_periods, mark, mark_breaks, middle
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
from outcomes.model.words import RULES, capital

SHAPES = {"outside_limits": "D", "run_of_seven": "s", "trend_of_seven": "^", "two_of_three": "P"}
"""The shape of each rule by which a point is special; another has an X."""


@themed
def plot_control(position: Position, *, ax: Axes) -> Axes:
    """Draw a history with its mean, its limits, and a shape for each rule that a point meets.

    A step that was found is a dash-dotted vertical, a declared break a dotted one. A point without
    a value breaks the line. Without limits the points are drawn alone.

    Parameters
    ----------
    position : Position
        Its `standing.control` is drawn, with `standing.step` and `standing.breaks`.
    ax : matplotlib.axes.Axes
    """
    control = position.standing.control
    if control is None or control.points["value"].isna().all():
        return say_nothing(ax, (control and control.reason) or "No control chart")
    points, breaks = control.points, position.standing.breaks
    at = middle(points)
    _draw_limits(ax, points, trial=control.trial)
    frame = broken(points, breaks)
    ax.plot(
        frame["at"], frame["value"], color=PALETTE.place, marker="o", markersize=5, linewidth=1.8,
        label=position.place.name,
    )  # fmt: skip
    special = points["special"].astype(bool)
    for rule in points.loc[special, "rule"].unique():
        words = capital(RULES.get(rule, rule.replace("_", " ")) or "special")
        which = special & (points["rule"] == rule)
        ax.plot(
            at[which], points["value"][which], SHAPES.get(rule, "X"), color=PALETTE.signal, markersize=8.5,
            markeredgecolor="white", label=words,
        )  # fmt: skip
    label_periods(ax, points)
    ax.margins(x=0.04, y=0.16)
    ax.set_ylim(widen(ax.get_ylim()))
    label_ticks(position.indicator, ax.yaxis)
    _mark_step(ax, position, at)
    mark_breaks(ax, points, breaks)
    name_unit(ax, position.indicator)
    legend_below(ax)
    return ax


def _draw_limits(ax: Axes, points: pd.DataFrame, *, trial: bool) -> None:
    if points["mean"].isna().all():
        return
    style = {"drawstyle": "steps-mid", "linewidth": 1.3}
    at = middle(points)
    ax.plot(at, points["mean"], color=PALETTE.ink, label="Mean", **style)
    for side, label in (
        ("lower_limit", "Limits so far" if trial else "Limits"),
        ("upper_limit", "_nolegend_"),
    ):
        ax.plot(at, points[side], color=PALETTE.others, linestyle=DASHED, label=label, **style)


def _mark_step(ax: Axes, position: Position, at: pd.Series) -> None:
    step, labels = position.standing.step, position.standing.control.points["period"].tolist()
    if step is None or not step.found or step.at not in labels[1:]:
        return
    i = labels.index(step.at)
    x = (at.iloc[i - 1] + at.iloc[i]) / 2
    ax.axvline(x, color=PALETTE.signal, linestyle="-.", linewidth=1.4, label=f"Step at {step.at}")
    mark(ax, x, "step", y=0.01)
