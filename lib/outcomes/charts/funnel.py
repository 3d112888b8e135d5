"""Areas by size within a funnel: is a figure further out than chance at that size allows."""

import pandas as pd
from matplotlib.axes import Axes

from outcomes.charts.labels import numbered, write_beside
from outcomes.charts.theme import (
    DASHED,
    PALETTE,
    label_ticks,
    legend_below,
    name_unit,
    plain_ticks,
    say_nothing,
    themed,
    widen,
)
from outcomes.model import Indicator

PLACES = {
    "above_998": ("^", True, "Above 99.8%"),
    "above_95": ("^", False, "Above 95%"),
    "inside": ("o", True, "Inside"),
    "below_95": ("v", False, "Below 95%"),
    "below_998": ("v", True, "Below 99.8%"),
}
"""The shape of each position, whether it is filled, and its words."""


@themed
def plot_funnel(
    points: pd.DataFrame,
    lines: pd.DataFrame,
    indicator: Indicator,
    *,
    ax: Axes,
) -> Axes:
    """Draw each area at its size, the funnel around the whole, and the names of our own.

    Parameters
    ----------
    points : pandas.DataFrame
        A row an area: area_code, area_name, denominator, value, position (a word of PLACES; any
        other is left out), own (bool). An area without a value is left out.
    lines : pandas.DataFrame
        denominator, centre, lower_95, upper_95, lower_998, upper_998; may be empty.
    indicator : Indicator
        Gives the numbers their unit.
    ax : matplotlib.axes.Axes
    """
    known = points if points.empty else points.dropna(subset=["denominator", "value"])
    known = known if known.empty else known[known["position"].isin(PLACES)]
    if known.empty:
        return say_nothing(ax, "No areas with a figure and a size")
    _draw_lines(ax, lines)
    own = known["own"].astype(bool)
    texts, key = numbered(known.loc[own, "area_name"].tolist())
    for place, (shape, filled, words) in PLACES.items():
        style = {"linestyle": "none", "marker": shape}
        style["color"] = PALETTE.others if place == "inside" else PALETTE.signal
        style["mfc"] = style["color"] if filled else "white"
        rows = known[(known["position"] == place) & ~own]
        if len(rows):
            size = 4.4 if place == "inside" else 6.5
            ax.plot(rows["denominator"], rows["value"], label=words, markersize=size, **style)
        rows = known[(known["position"] == place) & own]
        style |= {"color": PALETTE.place, "mfc": PALETTE.place if filled else "white"}
        ax.plot(rows["denominator"], rows["value"], markersize=7.5, mew=1.6, zorder=5, **style)
    style = {"linestyle": "none", "marker": "o", "color": PALETTE.place, "markersize": 7.5}
    for entry in [text for text in key if text] or ["Ours"] * bool(own.any()):
        ax.plot([], [], label=entry, **style)
    _scale(ax, known, lines, indicator)
    legend_below(ax)
    ours = known[own]
    at = ["denominator", "value"]
    write_beside(ax, ours[at].to_numpy(), texts, among=known[at].to_numpy())
    return ax


def _draw_lines(ax: Axes, lines: pd.DataFrame) -> None:
    if lines.empty:
        return
    lines = lines.sort_values("denominator")
    at = lines["denominator"]
    ax.plot(at, lines["centre"], color=PALETTE.comparator, linewidth=1.6, label="All together")
    for level, style, label in (("95", DASHED, "95% limits"), ("998", "-", "99.8% limits")):
        for side in ("lower", "upper"):
            ax.plot(
                at, lines[f"{side}_{level}"], color=PALETTE.ink, linestyle=style, linewidth=1.1,
                label=label if side == "lower" else "_nolegend_",
            )  # fmt: skip


def _scale(ax: Axes, known: pd.DataFrame, lines: pd.DataFrame, indicator: Indicator) -> None:
    """Fit the axes to the areas: the funnel's mouth may leave them."""
    seen = pd.concat([known["value"], lines["centre"].iloc[:1] if len(lines) else None])
    room = 0.12 * (seen.max() - seen.min()) or 0.5
    ax.set_ylim(widen((seen.min() - room, seen.max() + room)))
    ax.set_xlim(0, known["denominator"].max() * 1.06)
    label_ticks(indicator, ax.yaxis)
    plain_ticks(ax.xaxis, most=4)
    ax.set_xlabel("Size of the area (denominator)", fontsize=10)
    name_unit(ax, indicator)
