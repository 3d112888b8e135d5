"""Where things stand on a chart: room for text, measured once, and the legend under it."""

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure as Canvas
from matplotlib.layout_engine import ConstrainedLayoutEngine
from matplotlib.legend import Legend
from matplotlib.transforms import Bbox

from outcomes.charts.frugal import Ruler, ruler

STILL = 0.5
"""Pixels: axes that would move by less stay, so that a chart laid out twice is the same chart."""
GUESS = {"left": 0.1, "right": 0.98, "bottom": 0.2, "top": 0.96}
"""Where the axes of most charts come to stand, about; shares of the figure."""
NEAR = 50.0
"""Pixels: after a smaller move, text at the edge reaches out as far as before."""


class Layout(ConstrainedLayoutEngine):
    """Constrained layout, worked out directly for the charts that `new_axes` and `new_grid` make.

    Their axes form a plain grid, and one legend stands under it. A figure to which somebody has
    added more (a colour bar, a title over all) is laid out by matplotlib's solver.
    """

    below: Legend | None = None
    """The legend under the axes."""

    def execute(self, fig: Canvas) -> None:
        """Move the axes so that what is written around them has room."""
        if not self._is_plain(fig):
            super().execute(fig)
        elif self._place(fig) > NEAR:
            self._place(fig)

    def _is_plain(self, fig: Canvas) -> bool:
        specs = [ax.get_in_layout() and ax.get_subplotspec() for ax in fig.axes]
        more = fig.get_suptitle() or fig.get_supxlabel() or fig.get_supylabel() or fig.subfigs
        if more or not all(specs) or any(legend is not self.below for legend in fig.legends):
            return False
        alone = all(spec.num1 == spec.num2 for spec in specs)
        return alone and len({spec.get_gridspec() for spec in specs}) == 1

    def _place(self, fig: Canvas) -> float:
        """Place the axes by what they need now; return how many pixels the furthest edge moved."""
        at, pads = ruler(fig.dpi), fig.dpi * np.array([self.get()["w_pad"], self.get()["h_pad"]])
        rows, columns = fig.axes[0].get_gridspec().get_geometry()
        across, down = np.zeros((2, columns)), np.zeros((2, rows))
        for ax in fig.axes:
            row, column = _cell(ax)
            need = np.maximum(_need(ax, at), 0) + pads
            across[:, column] = np.maximum(across[:, column], need[:, 0])
            down[:, row] = np.maximum(down[:, row], need[::-1, 1])
        return _share(fig, across, down, self._foot(fig))

    def _foot(self, fig: Canvas) -> float:
        """Return the height in pixels that the legend takes."""
        if not fig.legends:
            return 0.0
        height = self.below.get_window_extent(ruler(fig.dpi)).height
        return height + 2 * fig.dpi * self.get()["h_pad"]


def _share(fig: Canvas, across: np.ndarray, down: np.ndarray, foot: float) -> float:
    """Give all axes one size, and margins of their own; return how far one moved at most.

    `across` has the shape (2, columns): pixels left and right of axes. `down` has (2, rows): pixels
    over and under them.
    """
    left, width = _shared(across, fig.bbox.width)
    top, height = _shared(down, fig.bbox.height - foot)
    bottom = fig.bbox.height - top - height
    cells = [(ax, *_cell(ax)) for ax in fig.axes]
    return max(_move(ax, (left[column], bottom[row], width, height)) for ax, row, column in cells)


def _cell(ax: Axes) -> tuple[int, int]:
    spec = ax.get_subplotspec()
    return spec.rowspan.start, spec.colspan.start


def _need(ax: Axes, at: Ruler) -> np.ndarray:
    """Return how far text reaches out of the axes: ((left, bottom), (right, top)) in pixels."""
    inner = ax.get_position(original=True).transformed(ax.figure.transFigure)
    outer = ax.get_tightbbox(at, for_layout_only=True)
    return np.array([inner.min - outer.min, outer.max - inner.max])


def _shared(margins: np.ndarray, room: float) -> tuple[np.ndarray, float]:
    """Return where each of a row of equal axes begins, and their common size.

    `margins`, of shape (2, n), are what each needs before and after it.
    """
    size = (room - margins.sum()) / margins.shape[1]
    return np.cumsum(margins[0]) + np.r_[0, np.cumsum(margins[1] + size)[:-1]], size


def _move(ax: Axes, bounds: tuple[float, float, float, float]) -> float:
    """Move axes to bounds in pixels, unless they are there; return how far an edge moved."""
    figure, box = ax.figure.transFigure, Bbox.from_bounds(*bounds)
    old = ax.get_position(original=True).transformed(figure)
    far = float(np.abs(box.get_points() - old.get_points()).max())
    if far > STILL:
        ax.set_position(box.transformed(figure.inverted()))
        ax.set_in_layout(True)  # to be placed again, which set_position alone would end
    return far


def settle(ax: Axes) -> None:
    """Lay a chart out now, so that what is drawn next knows where everything stands."""
    engine = ax.figure.get_layout_engine()
    if engine is not None:
        engine.execute(ax.figure)
