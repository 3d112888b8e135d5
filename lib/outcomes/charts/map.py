"""The places within on a map, in at most five classes, each with a shade and a letter."""

from string import ascii_uppercase

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.patches import PathPatch
from matplotlib.path import Path

from outcomes.charts.layout import settle
from outcomes.charts.theme import (
    PALETTE,
    WIDTH,
    legend_below,
    name_unit,
    say_nothing,
    themed,
)
from outcomes.model import Indicator, Position, number

Shapes = dict[str, list[np.ndarray]]
GRID = 600
"""Shapes are drawn to a fineness of so many steps across the map: half a point."""
LETTER = 6.0
"""Points from an area's edge that a letter needs around its middle."""


def map_height(shapes: Shapes) -> float:
    """Return the height in inches that `plot_map` needs for the shapes of an area."""
    left, bottom, right, top = _bounds(shapes)
    return 0.7 + float(np.clip(WIDTH * (top - bottom) / max(right - left, 1e-9), 1.5, 6))


@themed
def plot_map(
    shapes: Shapes,
    position: Position,
    *,
    ax: Axes,
    breaks: tuple[float, ...] | None = None,
) -> Axes:
    """Draw the places within in classes from low to high: light to dark, and a letter on each.

    A place without a figure is hatched; our own has a heavier outline. An area too small for its
    letter has the shade alone.

    Parameters
    ----------
    shapes : dict
        Area code to its rings: arrays (n, 2) of projected coordinates, such as metres.
    position : Position
        Its `within` is drawn.
    ax : matplotlib.axes.Axes
    breaks : tuple of float, optional
        At most four values, rising, at which a new class begins. Default: classes of equal count;
        equal values share a class.

    Raises
    ------
    ValueError
        If there are more than four breaks, or they do not rise.
    """
    if not shapes:
        return say_nothing(ax, "No boundaries of these places")
    rows = position.within.set_index("area_code")
    values = rows["value"].reindex(list(shapes)).astype(float)
    classes = _classes(values.dropna(), breaks, len(PALETTE.shades))
    shades = _shades(classes.nunique())
    bounds = _bounds(shapes)
    step = max(bounds[2] - bounds[0], bounds[3] - bounds[1]) / GRID or 1.0
    shapes = {code: [_thinned(ring, step) for ring in rings] for code, rings in shapes.items()}
    for code, rings in shapes.items():
        shade = shades[classes[code]] if code in classes else None
        _draw_area(ax, rings, shade, own=code == position.place.code)
    ax.set(xlim=bounds[::2], ylim=bounds[1::2], aspect="equal")
    ax.margins(0.01)
    ax.set_axis_off()
    _label_classes(ax, position, values, classes, shades)
    _label_rest(ax, position, values)
    name_unit(ax, position.indicator)
    legend_below(ax, most=2)
    _write_letters(ax, shapes, classes)
    return ax


def _classes(values: pd.Series, breaks: tuple[float, ...] | None, most: int) -> pd.Series:
    """Return each value's class, 0 the lowest; a class that nothing falls in has no number."""
    if breaks is not None and (len(breaks) >= most or sorted(set(breaks)) != list(breaks)):
        raise ValueError(f"breaks: {breaks}; expected at most {most - 1} values that rise")
    if breaks is not None:
        raw = np.searchsorted(breaks, values, side="right")
    else:
        raw = (values.rank(method="min") - 1) * min(most, len(values)) // max(len(values), 1)
    return pd.Series(pd.factorize(np.asarray(raw), sort=True)[0], index=values.index)


def _shades(n: int) -> list[str]:
    """Return so many shades, spread from the lightest to the darkest."""
    last = len(PALETTE.shades) - 1
    return [PALETTE.shades[round(i * last / max(n - 1, 1))] for i in range(n)]


def _bounds(shapes: Shapes) -> tuple[float, float, float, float]:
    points = np.vstack([ring for rings in shapes.values() for ring in rings])
    return (*points.min(axis=0), *points.max(axis=0))


def _draw_area(ax, rings, shade: str | None, *, own: bool) -> None:
    ax.add_artist(  # not add_patch, which would walk along every border to find its limits
        PathPatch(
            Path.make_compound_path(*(Path(ring, closed=True) for ring in rings)),
            facecolor=shade or "white",
            edgecolor=PALETTE.ink if own else PALETTE.others,
            linewidth=2.6 if own else 0.7,
            hatch=None if shade else "////",
            zorder=3 if own else 2,
        )
    )


def _thinned(ring: np.ndarray, step: float) -> np.ndarray:
    """Return a ring on a grid, without repeated points and points on a straight line.

    Neighbours' common borders stay common, as both lie on the same grid.
    """
    points = np.round(np.asarray(ring, dtype=float) / step)
    points = points[np.r_[True, (np.diff(points, axis=0) != 0).any(axis=1)]]
    (x, y), (x1, y1) = np.diff(points[:-1], axis=0).T, np.diff(points[1:], axis=0).T
    turns = np.r_[True, x * y1 != y * x1, True][: len(points)]
    points = points[turns]
    return np.vstack([points, points[:1]]) * step


def _label_classes(ax, position: Position, values, classes, shades: list[str]) -> None:
    for i, shade in enumerate(shades):
        inside = values[classes.index[classes == i]]
        label = f"{ascii_uppercase[i]}: {_between(position.indicator, inside)}"
        _key(ax, facecolor=shade, edgecolor=PALETTE.others, linewidth=0.7, label=label)


def _between(indicator: Indicator, values: pd.Series) -> str:
    return " to ".join(
        dict.fromkeys(number(indicator, value) for value in (values.min(), values.max()))
    )


def _label_rest(ax: Axes, position: Position, values: pd.Series) -> None:
    edge = {"facecolor": "white", "edgecolor": PALETTE.others}
    if values.isna().any():
        _key(ax, hatch="////", linewidth=0.7, label="No figure", **edge)
    if position.place.code in values.index:
        edge["edgecolor"] = PALETTE.ink
        _key(ax, linewidth=2.6, label=position.place.name, **edge)
    unseen = position.within.loc[~position.within["area_code"].isin(values.index), "area_name"]
    if len(unseen):
        ax.plot([], [], linestyle="none", label=f"Not on the map: {', '.join(unseen)}")


def _key(ax: Axes, **style) -> None:
    ax.add_artist(PathPatch(Path(np.full((1, 2), np.nan)), **style))


def _write_letters(ax: Axes, shapes: Shapes, classes: pd.Series) -> None:
    settle(ax)
    scale = ax.transData.get_matrix()[0, 0] * 72 / ax.figure.dpi
    shades = _shades(classes.nunique())
    dark = PALETTE.shades[3:]
    for code, of in classes.items():
        (x, y), room = _inmost(max(shapes[code], key=_extent))
        if room * scale < LETTER:
            continue
        colour = "white" if shades[of] in dark else PALETTE.ink
        ax.text(x, y, ascii_uppercase[of], color=colour, fontsize=10, fontweight="bold",
                ha="center", va="center", zorder=4).set_in_layout(False)  # fmt: skip


def _extent(ring: np.ndarray) -> float:
    x, y = ring.T
    return abs(np.dot(x, np.roll(y, 1)) - np.dot(y, np.roll(x, 1)))


def _inmost(ring: np.ndarray) -> tuple[np.ndarray, float]:
    """Return the point of a grid that lies furthest inside a ring, and how far."""
    x, y = (np.linspace(low, high, 21) for low, high in zip(ring.min(0), ring.max(0), strict=True))
    grid = np.column_stack([axis.ravel() for axis in np.meshgrid(x, y)])
    inside = Path(ring).contains_points(grid)
    way = np.roll(ring, -1, axis=0) - ring
    off = grid[:, None] - ring
    along = (off * way).sum(axis=2) / np.maximum((way**2).sum(axis=1), 1e-12)
    off = off - np.clip(along, 0, 1)[..., None] * way
    away = np.hypot(off[..., 0], off[..., 1]).min(axis=1) * inside
    return grid[away.argmax()], float(away.max())
