"""Results to axes. Draws on the axes given and returns them; computes nothing, writes no file."""

from outcomes.charts.control import plot_control
from outcomes.charts.funnel import plot_funnel
from outcomes.charts.gap import plot_gap
from outcomes.charts.history import plot_history
from outcomes.charts.map import map_height, plot_map
from outcomes.charts.multiples import plot_multiples
from outcomes.charts.outlook import outlook_height, plot_outlook
from outcomes.charts.scatter import plot_relation
from outcomes.charts.spine import plot_spine, spine_height
from outcomes.charts.spread import plot_spread, spread_height
from outcomes.charts.theme import (
    PALETTE,
    font_folder,
    inscribe,
    new_axes,
    new_grid,
    to_png,
    to_svg,
)
from outcomes.charts.within import plot_within, within_height

__all__ = [
    "PALETTE",
    "font_folder",
    "inscribe",
    "map_height",
    "new_axes",
    "new_grid",
    "plot_control",
    "plot_funnel",
    "plot_gap",
    "plot_history",
    "plot_outlook",
    "outlook_height",
    "plot_map",
    "plot_multiples",
    "plot_relation",
    "plot_spine",
    "plot_spread",
    "plot_within",
    "spine_height",
    "spread_height",
    "to_png",
    "to_svg",
    "within_height",
]
