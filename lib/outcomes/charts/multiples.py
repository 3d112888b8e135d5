"""The histories of the places within, side by side in small charts on one common scale."""

from collections.abc import Sequence

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from outcomes.charts.periods import broken, label_periods
from outcomes.charts.theme import (
    PALETTE,
    label_ticks,
    legend_below,
    themed,
    widen,
    wrapped,
)
from outcomes.model import Position


@themed
def plot_multiples(
    position: Position,
    histories: pd.DataFrame,
    *,
    axes: Sequence[Axes],
) -> Sequence[Axes]:
    """Draw each place within in a chart of its own, before the faint line of the whole.

    Parameters
    ----------
    position : Position
        Its `within` says which places, and in which order; its `history` is the faint line.
    histories : pandas.DataFrame
        A row a place and period, in order of time: area_code, period_start, period_end, period,
        value. A place without a value keeps its chart, which says so.
    axes : sequence of matplotlib.axes.Axes
        One for each place, as `new_grid` makes them.

    Returns
    -------
    sequence of matplotlib.axes.Axes
        The same axes.

    Raises
    ------
    ValueError
        If there are fewer axes than places.
    """
    if len(axes) < len(position.within):
        raise ValueError(
            f"axes: {len(axes)} given for {len(position.within)} places; expected one for each"
        )
    parent = broken(position.history)
    for ax, area in zip(axes, position.within.itertuples(), strict=False):
        own = histories[histories["area_code"] == area.area_code]
        _draw_one(ax, own.dropna(subset="value"), own, parent, position)
        bold = "bold" if area.area_code == position.place.code else "normal"
        ax.set_title(wrapped(area.area_name, 23), loc="left", fontsize=10, fontweight=bold)
    _label_common(axes, position, histories)
    return axes


def _draw_one(ax, known, own, parent, position: Position) -> None:
    ax.plot(
        parent["at"], parent["value"], color=PALETTE.others, linewidth=1, label=position.place.name
    )
    if known.empty:
        ax.text(0.5, 0.5, "no figures", ha="center", va="center", transform=ax.transAxes,
                fontsize=10, bbox={"facecolor": "white", "edgecolor": "none"})  # fmt: skip
        return
    frame = broken(own)
    ax.plot(frame["at"], frame["value"], color=PALETTE.place, linewidth=2.2, label="The place")
    newest = frame.dropna(subset="value").tail(1)
    ax.plot(newest["at"], newest["value"], "o", color=PALETTE.place, markersize=5.5)


def _label_common(axes: Sequence[Axes], position: Position, histories: pd.DataFrame) -> None:
    values = np.r_[position.history["value"], histories["value"]].astype(float)
    if np.isfinite(values).any():
        room = 0.08 * (np.nanmax(values) - np.nanmin(values)) or 0.5
        axes[0].set_ylim(widen((np.nanmin(values) - room, np.nanmax(values) + room)))
    label_ticks(position.indicator, axes[0].yaxis, most=4)
    both = pd.concat([position.history, histories]).drop_duplicates("period")
    if not both.empty:
        label_periods(axes[0], both.sort_values("period_start"), most=2)
    for ax in axes:
        ax.grid(visible=False, axis="x")
    legend_below(next((ax for ax in axes if len(ax.get_lines()) > 1), axes[0]))
