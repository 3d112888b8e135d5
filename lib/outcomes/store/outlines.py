"""Boundaries as a map of a page needs them: projected, simplified, plain arrays."""

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    import geopandas

DETAIL = 400
"""A map is simplified to about its width divided by this."""
SMALLEST = 0.0005
"""Islands below this share of the whole map's area are left out, except an area's largest part."""


def outlines(shapes: "geopandas.GeoDataFrame") -> dict[str, list[np.ndarray]]:
    """Return each area's outer rings, in metres from the map's middle.

    Parameters
    ----------
    shapes : geopandas.GeoDataFrame
        area_code and geometry in longitude and latitude, one row an area.

    Returns
    -------
    dict
        By area code: arrays of shape (n, 2), one a part. The projection is equal-area about the
        map's middle, so that sizes can be compared.
    """
    if shapes.empty:
        return {}
    west, south, east, north = shapes.total_bounds
    middle = f"+lat_0={(south + north) / 2} +lon_0={(west + east) / 2}"
    plane = shapes.geometry.to_crs(f"+proj=laea {middle} +units=m")
    left, bottom, right, top = plane.total_bounds
    width, area = max(right - left, top - bottom), plane.area.sum()
    # Simplified together, so that neighbours keep their common border.
    simple = plane.simplify_coverage(width / DETAIL)
    found = {}
    for code, geometry in zip(shapes["area_code"], simple, strict=True):
        parts = sorted(getattr(geometry, "geoms", [geometry]), key=lambda p: -p.area)
        kept = [p for i, p in enumerate(parts) if i == 0 or p.area > SMALLEST * area]
        found[code] = [np.asarray(p.exterior.coords)[:, :2] for p in kept if not p.is_empty]
    return found
