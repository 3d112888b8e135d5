"""The map: an invented island in the open Atlantic, as quantised TopoJSON with shared arcs.

The island is drawn in text below: one letter a cell, the districts in the order of their codes
(A to L are the sample county, a to x the rest), a full stop for the sea. Every other row is set
half a cell to the right, like bricks, so that never more than three cells meet in a point. The
corners are then moved and the edges roughened, both by seeded random numbers. An edge between
two cells is made once and used by both, so neighbours meet exactly and larger areas are exactly
the sum of their districts.
"""

from itertools import pairwise

import numpy as np

from generator.places import (
    AREAS,
    DISTRICTS,
    RENUMBERED_IN,
    REPLACED_BY,
    random_numbers,
)

ISLAND = """\
...aab......
..aaabbeee..
..daccbeff..
.ddacccgfff.
.iiddcgghhf.
.iijdggAAhB.
..ijjCAABBB.
..kjCCADDBBE
.kkjlCDDDEEE
.kkllCFDEEE.
.mklGFFHHIE.
mmnnGGJHIIL.
.mnoqGJJKLL.
.oooqrKKKuu.
..opqrrKuuv.
.ppsrttwvvv.
..psstxwwv..
...sstxxxx..
""".splitlines()

LETTERS = dict(zip("ABCDEFGHIJKLabcdefghijklmnopqrstuvwx", DISTRICTS, strict=True))
WEST, NORTH, WIDTH, HEIGHT = -26.6, 48.6, 0.24, 0.155
"""Degrees: the north-western corner of the drawing, and the size of one cell."""
GRID = 10_000
"""Steps from side to side of the drawing: the quantisation."""

Corner = tuple[int, int]


def _corners(row: int, column: int) -> list[Corner]:
    """Return the six corners of a cell in order, in half cells across and rows down."""
    left = 2 * column + row % 2
    upper = [(left, row), (left + 1, row), (left + 2, row)]
    lower = [(left + 2, row + 1), (left + 1, row + 1), (left, row + 1)]
    return upper + lower


def _cells() -> dict[str, list[list[Corner]]]:
    """Return the cells of every district."""
    found: dict[str, list[list[Corner]]] = {code: [] for code in DISTRICTS}
    for row, letters in enumerate(ISLAND):
        for column, letter in enumerate(letters):
            if letter != ".":
                found[LETTERS[letter]].append(_corners(row, column))
    return found


def _outline(cells: list[list[Corner]]) -> list[list[tuple[Corner, Corner]]]:
    """Return the rings around some cells: the edges that only one of the cells has, chained."""
    edges = {edge for cell in cells for edge in pairwise([*cell, cell[0]])}
    after = {start: end for start, end in sorted(edges) if (end, start) not in edges}
    rings = []
    while after:
        start = min(after)
        ring = []
        while start in after:
            end = after.pop(start)
            ring.append((start, end))
            start = end
        rings.append(ring)
    return rings


class _Arcs:
    """The arcs drawn so far; each edge between two corners becomes one arc, drawn once."""

    def __init__(self) -> None:
        self.numbers = random_numbers("landmass")
        across, down = 2 * len(ISLAND[0]) + 3, len(ISLAND) + 2
        self.moved = self.numbers.uniform(-0.27, 0.27, (across, down, 2))
        self.arcs: list[np.ndarray] = []
        self.index: dict[tuple[Corner, Corner], int] = {}

    def point(self, corner: Corner) -> np.ndarray:
        """Return where a corner was moved to, in steps of the grid."""
        bend = 0.18 * (-1) ** (corner[0] + corner[1])  # makes the bricks hexagons
        place = np.array(corner) + (0, bend) + self.moved[corner]
        size = (2 * len(ISLAND[0]) + 2, len(ISLAND) + 1)
        return (place + 0.5) / size * GRID

    def roughen(self, start: np.ndarray, end: np.ndarray, depth: int = 3) -> list[np.ndarray]:
        """Return the points after `start` up to `end`, moving each midpoint a little aside."""
        if depth == 0:
            return [end]
        along = end - start
        aside = np.array([-along[1], along[0]]) * self.numbers.normal(0, 0.09)
        middle = (start + end) / 2 + np.clip(aside, -60, 60)
        return self.roughen(start, middle, depth - 1) + self.roughen(middle, end, depth - 1)

    def arc(self, start: Corner, end: Corner) -> int:
        """Return the number of the arc of an edge; `~number` if it runs the other way."""
        if (end, start) in self.index:
            return ~self.index[end, start]
        if (start, end) not in self.index:
            points = [self.point(start), *self.roughen(self.point(start), self.point(end))]
            self.index[start, end] = len(self.arcs)
            self.arcs.append(np.rint(points).astype(int))
        return self.index[start, end]


def topology() -> dict:
    """Return the whole map as a TopoJSON object: nation, regions, counties, districts."""
    cells = _cells()
    arcs = _Arcs()
    objects = {}
    for level in ("ctry", "rgn", "utla", "ltla"):
        geometries = []
        for code, area in AREAS.items():
            if area.level != level:
                continue
            inside = [it for it in DISTRICTS if code == it or code in AREAS[it].parents]
            rings = _outline([cell for it in inside for cell in cells[it]])
            drawn = [[arcs.arc(*edge) for edge in ring] for ring in rings]
            properties = {"areacd": code, "areanm": area.name}
            if code == REPLACED_BY:
                properties["start"] = RENUMBERED_IN
            geometries.append({"arcs": drawn, "type": "Polygon", "properties": properties})
        objects[level] = {"type": "GeometryCollection", "geometries": geometries}
    size = (WIDTH * (len(ISLAND[0]) + 1) / GRID, HEIGHT * (len(ISLAND) + 1) / GRID)
    return {
        "type": "Topology",
        "arcs": [_steps(arc) for arc in arcs.arcs],
        "transform": {
            "scale": [round(size[0], 12), -round(size[1], 12)],
            "translate": [WEST, NORTH],
        },
        "objects": objects,
    }


def _steps(arc: np.ndarray) -> list[list[int]]:
    """Return an arc as TopoJSON keeps it: its first point, then the steps; no step of nothing."""
    steps = np.diff(arc, axis=0)
    return [arc[0].tolist(), *(step.tolist() for step in steps if step.any())]
