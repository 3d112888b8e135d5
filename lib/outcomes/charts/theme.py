"""One look for every chart: colours named by meaning, sizes that can be read on a phone."""

import io
import math
import re
import textwrap
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import matplotlib as mpl
import numpy as np
from matplotlib.axes import Axes
from matplotlib.axis import Axis
from matplotlib.figure import Figure as Canvas
from matplotlib.font_manager import FontProperties
from matplotlib.ticker import FuncFormatter, MaxNLocator

from outcomes.charts.frugal import FrugalAxes, Pen, extent, ruler
from outcomes.charts.layout import GUESS, Layout
from outcomes.model import Indicator, number

DOTS = 200
"""Dots an inch in a PNG picture."""
WIDTH = 4.5
"""Inches. Narrow, so that text keeps its size when a phone scales the picture down."""
KIND = {"subplot_kw": {"axes_class": FrugalAxes}, "gridspec_kw": GUESS}


@dataclass(frozen=True)
class Palette:
    """Colours by meaning. Each pair differs in lightness too, and never stands without a shape."""

    place: str = "#12436d"
    interval: str = "#b8cbe0"
    comparator: str = "#a3480c"
    others: str = "#6b7280"
    better: str = "#2a9d8f"
    worse: str = "#a3203f"
    signal: str = "#c2410c"
    """What is more than ordinary variation, good or bad."""
    band: str = "#dfe3e8"
    """The middle half of areas, or what lies between two lines."""
    shades: tuple[str, ...] = ("#e3edf7", "#b8cbe0", "#7fa3c7", "#41719f", "#12436d")
    """Classes of a map, lowest first."""
    fan: tuple[str, str] = ("#c3d3e6", "#e6eef7")
    """The range within which 8 in 10 forecasts are to hold, and 95 in 100."""
    scenarios: tuple[str, ...] = ("#7b2d8e", "#00695c", "#8a5200", "#b0125b", "#3d3d3d")
    """Lines of scenarios, in order; each has a marker and a dash of its own too."""
    ink: str = "#1f2328"
    rule: str = "#d5d9de"


PALETTE = Palette()
DASHED = (0, (4, 2))
LEGEND = {
    "fontsize": 10,
    "handlelength": 1.8,
    "handletextpad": 0.8,
    "columnspacing": 1.2,
    "borderpad": 0.4,
    "labelspacing": 0.5,
}
"""Points, and then shares of them."""

STYLE = {
    "font.size": 11,
    # A title that people write may hold two dollar signs; it is no formula.
    "text.parse_math": False,
    "font.sans-serif": ["DejaVu Sans", "Verdana"],
    "axes.edgecolor": PALETTE.rule,
    "axes.labelcolor": PALETTE.ink,
    "text.color": PALETTE.ink,
    "xtick.color": PALETTE.ink,
    "ytick.color": PALETTE.ink,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.grid": True,
    "axes.axisbelow": True,
    "axes.titley": 1.0,
    "grid.color": PALETTE.rule,
    "grid.linewidth": 0.7,
    "legend.frameon": False,
    "svg.fonttype": "none",
    "svg.hashsalt": "outcomes",
}


@contextmanager
def styled() -> Iterator[None]:
    """Give all that is made within the common style: `rc_context` would copy every setting."""
    before = {key: mpl.rcParams[key] for key in STYLE}
    mpl.rcParams.update(STYLE)
    try:
        yield
    finally:
        mpl.rcParams.update(before)


themed = styled()
"""Decorates a plotting function so that what it draws has the common style."""


def new_axes(*, height: float = 3.1) -> Axes:
    """Return the axes of a new, empty chart of the common width; its figure is `axes.figure`."""
    with styled():
        return Canvas(figsize=(WIDTH, height), layout=Layout()).subplots(**KIND)


def new_grid(n: int, *, columns: int = 2, height: float = 1.35) -> np.ndarray:
    """Return the axes of `n` small charts side by side, row by row; their scales are common."""
    rows = max(1, math.ceil(n / columns))
    with styled():
        canvas = Canvas(figsize=(WIDTH, 0.3 + height * rows), layout=Layout())
        shared = {"sharex": True, "sharey": True, "squeeze": False}
        axes = canvas.subplots(rows, columns, **shared, **KIND).ravel()
    for i, spare in enumerate(axes[max(1, n) :], max(1, n)):
        spare.set_axis_off()
        axes[i - columns].xaxis.set_tick_params(labelbottom=True)
    return axes[: max(1, n)]


def wrapped(text: str, width: int) -> str:
    """Return a text in lines of at most so many characters."""
    return "\n".join(textwrap.wrap(text, width))


def say_nothing(ax: Axes, reason: str) -> Axes:
    """Write why there is nothing to draw in place of a chart."""
    ax.set_axis_off()
    ax.text(0.5, 0.5, wrapped(reason, 44), ha="center", va="center", transform=ax.transAxes)
    return ax


def legend_below(ax: Axes, *, most: int = 3) -> None:
    """Put the legend under the chart, each word once, in the columns that take the least height.

    The chart grows by what the legend has beyond one row, so that the axes keep their size.
    """
    canvas = ax.figure
    entries = {}
    for handle, label in zip(*ax.get_legend_handles_labels(), strict=True):
        entries.setdefault(label, handle)
    if not entries:
        return
    columns = max(range(1, most + 1), key=lambda n: _suits(list(entries), n))
    words = _worded(list(entries), columns)
    legend = canvas.legend(
        list(entries.values()), words, loc="outside lower left", ncols=columns, **LEGEND
    )
    if isinstance(canvas.get_layout_engine(), Layout):
        canvas.get_layout_engine().below = legend
    height = legend.get_window_extent(ruler(canvas.dpi)).height
    grow(ax, max(0.0, height / canvas.dpi - 0.33))


def _worded(labels: list[str], columns: int) -> list[str]:
    return [wrapped(label, 50 if columns == 1 else 23) for label in labels]


def _suits(labels: list[str], columns: int) -> tuple[bool, float, int]:
    """Return how a legend of so many columns ranks: the greatest fits, is low, and is wide."""
    size, pad = LEGEND["fontsize"], 2 * LEGEND["borderpad"]
    mark = LEGEND["handlelength"] + LEGEND["handletextpad"]
    font, split = FontProperties(size=size), np.array_split(_worded(labels, columns), columns)
    parts = [[str(text).split("\n") for text in part] for part in split if len(part)]
    width = pad - LEGEND["columnspacing"]
    for part in parts:
        longest = max(extent(line, font)[0] for lines in part for line in lines)
        width += LEGEND["columnspacing"] + mark + longest / size
    high = max(sum(LEGEND["labelspacing"] + 1.2 * len(lines) for lines in part) for part in parts)
    return width * size <= WIDTH * 72, -high, columns


def grow(ax: Axes, inches: float) -> None:
    """Make a chart higher, so that what is written under it takes no room from the axes."""
    ax.figure.set_figheight(ax.figure.get_figheight() + inches)


def widen(limits: tuple[float, float], *, share: float = 0.1) -> tuple[float, float]:
    """Return axis limits that span at least a share of the values' size, so noise looks small."""
    low, high = limits
    lacking = share * max(abs(low), abs(high)) - (high - low)
    return (low - lacking / 2, high + lacking / 2) if lacking > 0 else (low, high)


def label_ticks(indicator: Indicator, axis: Axis, *, most: int = 6) -> None:
    """Give an axis round ticks, each labelled exactly: no label is rounded away from its tick."""
    decimals = _round_ticks(axis, most, whole=indicator.decimals == 0)
    exact = indicator.model_copy(update={"decimals": decimals})
    axis.set_major_formatter(FuncFormatter(lambda value, _: number(exact, value)))


def name_unit(ax: Axes, indicator: Indicator) -> None:
    """Write an indicator's unit over the axes, unless each label on them carries it."""
    if indicator.unit not in ("", "%"):
        unit = f"{indicator.prefix} {indicator.unit}".strip()
        ax.set_title(wrapped(unit, 50), loc="left", fontsize=10)


def plain_ticks(axis: Axis, *, most: int = 5) -> None:
    """Give an axis round ticks with plain numbers: '12,000', never '1.2e4'."""
    decimals = _round_ticks(axis, most, whole=False)
    axis.set_major_formatter(
        FuncFormatter(lambda value, _: f"{value:,.{decimals}f}".replace("-", "\N{MINUS SIGN}"))
    )


def _round_ticks(axis: Axis, most: int, *, whole: bool) -> int:
    """Place the ticks; return how many decimals their labels need."""
    axis.set_major_locator(MaxNLocator(nbins=most, steps=[1, 2, 5, 10], integer=whole))
    step = np.diff(axis.get_majorticklocs()).min(initial=np.inf)
    return max(0, -math.floor(math.log10(step) + 1e-9)) if np.isfinite(step) else 0


def to_svg(ax: Axes) -> str:
    """Return a finished chart as SVG: text as text, the same bytes for the same chart."""
    canvas, buffer = ax.figure, io.StringIO()
    usual = canvas.dpi
    with styled():
        pen = Pen(*72 * canvas.get_size_inches(), buffer, metadata={"Date": None, "Creator": None})
        canvas.dpi = 72  # points: what an SVG is measured in
        try:
            canvas.draw(pen)
        finally:
            canvas.dpi = usual
        pen.finalize()
    plain = re.sub(r'<g id="[^"]*"', "<g", " ".join(buffer.getvalue().split()))
    return COORDINATES.sub(_shorter, plain)


def to_png(ax: Axes) -> bytes:
    """Return a finished chart as a PNG picture, sharp enough to be printed in a report."""
    buffer = io.BytesIO()
    with styled():
        ax.figure.savefig(buffer, format="png", dpi=DOTS, metadata={"Software": None})
    return buffer.getvalue()


def font_folder() -> Path:
    """Return the folder of the fonts in which charts are lettered."""
    return Path(mpl.get_data_path()) / "fonts" / "ttf"


def inscribe(ax: Axes, *lines: str) -> Axes:
    """Write over a chart what it shows and where it is from, for use by itself.

    The chart grows by the height of the words, so that the axes keep about their size.
    """
    words = "\n".join(wrapped(line, 54) for line in lines)
    grow(ax, 0.17 * (1 + words.count("\n")) + 0.08)
    with styled():
        ax.figure.suptitle(words, x=0.02, ha="left", fontsize=10, parse_math=False)
    return ax


COORDINATES = re.compile(r' (?:d|x|y|x1|y1|x2|y2|transform)="[^"]*"')


def _shorter(attribute: re.Match) -> str:
    """Round a drawing's coordinates to a hundredth of a point: a third fewer bytes."""
    return re.sub(r"\d+\.\d{3,}", lambda found: f"{float(found[0]):.2f}", attribute[0])
