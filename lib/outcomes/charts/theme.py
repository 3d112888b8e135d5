"""One look for every chart: colours named by meaning, sizes that can be read on a phone."""

import io
import math
from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps

import matplotlib as mpl
import numpy as np
from matplotlib.axes import Axes
from matplotlib.axis import Axis
from matplotlib.figure import Figure as Canvas
from matplotlib.ticker import FuncFormatter, MaxNLocator

from outcomes.model import Indicator, number

WIDTH = 4.5
"""Inches. Narrow, so that text keeps its size when a phone scales the picture down."""


@dataclass(frozen=True)
class Palette:
    """Colours by meaning. Each pair differs in lightness too, and never stands without a shape."""

    place: str = "#12436d"
    interval: str = "#b8cbe0"
    comparator: str = "#a3480c"
    others: str = "#6b7280"
    ink: str = "#1f2328"
    rule: str = "#d5d9de"


PALETTE = Palette()

STYLE = {
    "font.size": 11,
    "axes.edgecolor": PALETTE.rule,
    "axes.labelcolor": PALETTE.ink,
    "text.color": PALETTE.ink,
    "xtick.color": PALETTE.ink,
    "ytick.color": PALETTE.ink,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.grid": True,
    "axes.axisbelow": True,
    "grid.color": PALETTE.rule,
    "grid.linewidth": 0.7,
    "legend.frameon": False,
    "svg.fonttype": "none",
    "svg.hashsalt": "outcomes",
}


def new_axes(*, height: float = 3.1) -> Axes:
    """Return the axes of a new, empty chart of the common width; its figure is `axes.figure`."""
    with mpl.rc_context(STYLE):
        return Canvas(figsize=(WIDTH, height), layout="constrained").subplots()


def widen(limits: tuple[float, float], *, share: float = 0.1) -> tuple[float, float]:
    """Return axis limits that span at least a share of the values' size, so noise looks small."""
    low, high = limits
    lacking = share * max(abs(low), abs(high)) - (high - low)
    return (low - lacking / 2, high + lacking / 2) if lacking > 0 else (low, high)


def label_ticks(indicator: Indicator, axis: Axis, *, most: int = 6) -> None:
    """Give an axis round ticks, each labelled exactly: no label is rounded away from its tick."""
    whole = indicator.decimals == 0
    axis.set_major_locator(MaxNLocator(nbins=most, steps=[1, 2, 5, 10], integer=whole))
    step = np.diff(axis.get_majorticklocs()).min(initial=np.inf)
    decimals = max(0, -math.floor(math.log10(step) + 1e-9)) if np.isfinite(step) else 0
    exact = indicator.model_copy(update={"decimals": decimals})
    axis.set_major_formatter(FuncFormatter(lambda value, _: number(exact, value)))


def to_svg(ax: Axes) -> str:
    """Return a finished chart as SVG: text as text, the same bytes for the same chart."""
    buffer = io.StringIO()
    with mpl.rc_context(STYLE):
        ax.figure.savefig(buffer, format="svg", metadata={"Date": None, "Creator": None})
    return " ".join(buffer.getvalue().split())


def themed(draw: Callable) -> Callable:
    """Decorate a plotting function so that what it draws has the common style."""

    @wraps(draw)
    def inner(*args, **kwargs):
        with mpl.rc_context(STYLE):
            return draw(*args, **kwargs)

    return inner
