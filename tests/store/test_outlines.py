"""Boundaries as a map needs them: one border for two neighbours, sizes kept, small islands out."""

import geopandas
import numpy as np
import pytest
from shapely import MultiPolygon, Polygon, box

from outcomes.store.outlines import outlines


def shapes(**areas) -> geopandas.GeoDataFrame:
    return geopandas.GeoDataFrame(
        {"area_code": list(areas)}, geometry=list(areas.values()), crs="EPSG:4326"
    )


def size(rings: list[np.ndarray]) -> float:
    return sum(Polygon(ring).area for ring in rings)


def test_sizes_are_true_to_the_ground():
    found = outlines(shapes(south=box(0, 50, 1, 50.5), north=box(0, 60, 1, 60.5)))
    # A degree of longitude is cos(latitude) of what it is at the equator.
    expected = np.cos(np.radians(60.25)) / np.cos(np.radians(50.25))
    assert size(found["north"]) / size(found["south"]) == pytest.approx(expected, rel=5e-3)
    assert size(found["south"]) == pytest.approx(3.96e9, rel=1e-2)


def test_neighbours_keep_one_border_when_detail_goes():
    steps = np.linspace(50, 51, 400)
    border = [(1 + 0.001 * (-1) ** i, y) for i, y in enumerate(steps)]
    west = Polygon([(0, 50), *border, (0, 51)])
    east = Polygon([(2, 50), *border, (2, 51)])
    found = outlines(shapes(west=west, east=east))
    points = [{tuple(point) for point in rings[0]} for rings in found.values()]
    assert sum(len(ring) for rings in found.values() for ring in rings) < 400
    assert len(points[0] & points[1]) >= 2
    together = size(found["west"]) + size(found["east"])
    assert Polygon(found["west"][0]).union(Polygon(found["east"][0])).area == pytest.approx(
        together
    )


def test_an_islet_goes_and_the_largest_part_of_a_tiny_area_stays():
    land, islet = box(0, 50, 1, 51), box(1.2, 50, 1.201, 50.001)
    found = outlines(shapes(mainland=MultiPolygon([land, islet]), rock=box(2, 50, 2.001, 50.001)))
    assert len(found["mainland"]) == 1
    assert len(found["rock"]) == 1


def test_no_boundaries_are_no_outlines():
    assert outlines(shapes()) == {}
