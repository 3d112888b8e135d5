"""How two indicators go together over areas: a dot each, ours named."""

import pandas as pd
from matplotlib.axes import Axes

from outcomes.charts.labels import numbered, write_beside
from outcomes.charts.theme import (
    PALETTE,
    legend_below,
    plain_ticks,
    say_nothing,
    themed,
    wrapped,
)
from outcomes.model import Relation

NAMED = 5
"""How many unusual areas are named, those furthest from the line first."""


@themed
def plot_relation(relation: Relation, *, ax: Axes) -> Axes:
    """Draw a dot for each area, ours as diamonds with their names, and the fitted line if any.

    An area far from the line is a triangle, one that moves the line a square; at most five of them
    are named. With more than one explaining indicator there is no line, as it would not be one. An
    area without both values is left out.
    """
    points = relation.points.dropna(subset=["x", "y"])
    if points.empty:
        return say_nothing(ax, relation.reason or "No areas with both figures")
    if len(relation.coefficients) and len(relation.on) == 1:
        line = points.dropna(subset="expected").sort_values("x").iloc[[0, -1]]
        ax.plot(line["x"], line["expected"], color=PALETTE.ink, linewidth=1.4, label="Fitted line")
    own = points["own"].astype(bool)
    outlier = points["outlier"].astype(bool)
    influential = points["influential"].astype(bool) & ~outlier
    named = pd.concat([points[own], _unusual(points[(outlier | influential) & ~own])])
    texts, key = numbered(named["area_name"].tolist())
    for which, style in (
        (~own & ~outlier & ~influential, {"marker": "o", "ms": 4.4, "mew": 0, "label": "One area"}),
        (~own & outlier, {"marker": "^", "ms": 7, "label": "Far from the line"}),
        (~own & influential, {"marker": "s", "ms": 6, "label": "Moves the line"}),
    ):
        colour = PALETTE.others if style["marker"] == "o" else PALETTE.signal
        rows = points[which]
        if len(rows):
            ax.plot(rows["x"], rows["y"], linestyle="none", color=colour, **style)
    _draw_own(ax, points[own], key)
    for entry in key[int(own.sum()) :]:
        ax.plot([], [], linestyle="none", marker="^", color=PALETTE.signal, label=entry)
    for axis in (ax.xaxis, ax.yaxis):
        plain_ticks(axis)
    ax.margins(0.08)
    ax.set_title(wrapped(f"\N{UPWARDS ARROW} {relation.outcome}", 48), loc="left", fontsize=10)
    ax.set_xlabel(wrapped(f"{relation.on[0]} \N{RIGHTWARDS ARROW}", 48), fontsize=10)
    legend_below(ax)
    write_beside(ax, named[["x", "y"]].to_numpy(), texts, among=points[["x", "y"]].to_numpy())
    return ax


def _unusual(points: pd.DataFrame) -> pd.DataFrame:
    furthest = points["residual"].abs().sort_values(ascending=False, kind="stable").index
    return points.loc[furthest[:NAMED]]


def _draw_own(ax: Axes, own: pd.DataFrame, key: list[str]) -> None:
    if own.empty:
        return
    style = {
        "linestyle": "none",
        "marker": "D",
        "color": PALETTE.place,
        "markersize": 7,
        "mec": "white",
    }
    ax.plot(own["x"], own["y"], zorder=5, label="Ours" if not any(key) else "_nolegend_", **style)
    for entry in key[: len(own)]:
        if entry:
            ax.plot([], [], label=entry, **style)
