"""Names beside points, none over another: as words where they are few, else numbers with a key."""

from collections.abc import Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.transforms import Bbox

from outcomes.charts.frugal import ruler
from outcomes.charts.layout import settle
from outcomes.charts.theme import wrapped

FEW = 4
"""Up to so many names stand beside their points; more are numbered, with a key in the legend."""
ANGLES = np.radians([0, 180, 90, 270, 45, 135, 315, 225])
DISTANCES = (8, 20, 34)
"""Points from the dot; from the second on, a fine line leads back to it."""


def numbered(names: Sequence[str]) -> tuple[list[str], list[str]]:
    """Return the text beside each point, and its entry in the legend ('' if it needs none)."""
    if len(names) <= FEW:
        return [wrapped(name, 22) for name in names], [""] * len(names)
    return [str(i) for i in range(1, len(names) + 1)], [
        f"{i}  {name}" for i, name in enumerate(names, 1)
    ]


def write_beside(ax: Axes, points: np.ndarray, texts: Sequence[str], *, among: np.ndarray) -> None:
    """Write a text beside each point: over no other text, and over as few dots as can be.

    Call it last: it settles the layout first. A text without any free spot takes the nearest one.

    Parameters
    ----------
    ax : matplotlib.axes.Axes
    points : numpy.ndarray
        Shape (n, 2), in the units of the axes.
    texts : sequence of str
        One for each point.
    among : numpy.ndarray
        Shape (m, 2): every dot of the chart.
    """
    if not len(texts):
        return
    settle(ax)
    scale = ax.figure.dpi / 72
    at, dots = ax.transData.transform(points), ax.transData.transform(among)
    taken = [Bbox.from_extents(*(p - 5 * scale), *(p + 5 * scale)) for p in at]
    for point, place, text in zip(at, points, texts, strict=True):
        label = ax.annotate(
            text,
            place,
            xytext=(0, 0),
            textcoords="offset points",
            ha="center",
            va="center",
            fontsize=10,
            linespacing=1.0,
            zorder=6,
            bbox={"facecolor": "white", "edgecolor": "none", "alpha": 0.75, "pad": 0.5},
            arrowprops={"arrowstyle": "-", "linewidth": 0.7},
        )
        box, far = _spot(
            point, label.get_window_extent(ruler(ax.figure.dpi)).size, taken, ax.bbox, dots, scale
        )
        taken.append(box)
        label.set_position((box.get_points().mean(axis=0) - point) / scale)
        label.arrow_patch.set_visible(far)
        label.set_in_layout(False)


def _spot(point, size, taken: list[Bbox], inside: Bbox, dots, scale: float) -> tuple[Bbox, bool]:
    """Return the box of the best spot around a point, and whether it lies far off."""
    best = None
    for distance in DISTANCES:
        for angle in ANGLES:
            way = np.round([np.cos(angle), np.sin(angle)], 6)
            low = point + way * distance * scale + (np.sign(way) - 1) * size / 2
            box = Bbox.from_extents(*low, *(low + size))
            outside = (box.min < inside.min).any() or (box.max > inside.max).any()
            blocked = box.count_overlaps(taken) + outside
            covered = ((dots > box.min) & (dots < box.max)).all(axis=1).sum()
            cost = (1000 * blocked + covered + distance / 10, box, distance > DISTANCES[0])
            best = cost if best is None or cost[0] < best[0] else best
    return best[1:]
