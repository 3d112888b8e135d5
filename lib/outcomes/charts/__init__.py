"""Results to axes. Draws on the axes it is given; computes nothing and writes no file."""

from outcomes.charts.history import plot_history
from outcomes.charts.theme import PALETTE, Palette, new_axes, to_svg
from outcomes.charts.within import plot_within, within_height

__all__ = [
    "PALETTE",
    "Palette",
    "new_axes",
    "plot_history",
    "plot_within",
    "to_svg",
    "within_height",
]
