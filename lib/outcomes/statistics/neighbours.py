"""Computed nearest neighbours: the areas most like a place on chosen features."""

from collections.abc import Iterable, Mapping

import numpy as np
import pandas as pd

from outcomes.statistics.relationships.scaling import scaled, weights_of

FEWEST = 0.5
"""Share of the weight that two areas must both have values for."""

ALONE = "no area of its kind shares features of half the weight"


def nearest(
    features: pd.DataFrame,
    places: Iterable[str] | None = None,
    *,
    n: int = 10,
    weights: Mapping[str, float] | None = None,
    scale: str = "z",
    kinds: pd.Series | None = None,
) -> pd.DataFrame:
    """Return the areas nearest to each place, and what keeps them apart.

    Parameters
    ----------
    features : pandas.DataFrame
        Areas down (their codes), features across; NaN where missing.
    places : iterable of str, optional
        Codes of those wanted; all areas without it.
    n : int, optional
        How many neighbours of each.
    weights : dict, optional
        0 or more for each feature; equal if none are given.
    scale : {'z', 'range', 'rank'}, optional
        See `scaled`; over areas of the same kind.
    kinds : pandas.Series, optional
        Kind of each area (a level, a type of zone): only the same kind is compared, and an area
        without a kind with none.

    Returns
    -------
    pandas.DataFrame
        One row a place and neighbour, the nearest first: place, place_rank (1 is nearest),
        neighbour, distance, weight_present, share_<feature> (part of the squared distance; they add
        up to 1, NaN where the feature is missing or the distance is 0), method, n (areas it could
        be compared with), reason. A place without any has one row, and the reason.

    Raises
    ------
    ValueError
        If a code stands twice, a place is unknown, n is below 1, or weights do not fit.

    Notes
    -----
    distance = sqrt(sum of w (a - b)^2 / sum of w) over the features that both areas have, so a
    missing feature counts as typical of the others. Two areas that share features of less than half
    the weight are not compared. Equal distances are in order of code. Memory grows with places x
    areas.
    """
    features = features.sort_index()
    wanted = _wanted(features.index, places, n)
    weight = weights_of(features.columns, weights).to_numpy()
    values = scaled(features, scale, kinds=kinds).to_numpy()
    same = _same_kind(features.index, kinds)[wanted]
    square, present = _squares(values[wanted], values, weight)
    same &= present >= FEWEST - 1e-12
    # Rounded, so that equal distances stay equal and fall in order of code.
    order = np.argsort(np.where(same, np.round(square, 12), np.inf), axis=1, kind="stable")[:, :n]
    row, rank = np.nonzero(np.take_along_axis(same, order, axis=1))
    own, other = wanted[row], order[row, rank]
    parts = weight * (values[own] - values[other]) ** 2
    total = np.nansum(parts, axis=1)
    codes = features.index
    table = pd.DataFrame(
        {
            "place": codes[own],
            "place_rank": rank + 1.0,
            "neighbour": codes[other],
            "distance": np.sqrt(total / present[row, other]),
            "weight_present": present[row, other],
        }
    )
    shares = parts / np.where(total > 0, total, np.nan)[:, None]
    table[[f"share_{name}" for name in features.columns]] = shares
    alone = pd.DataFrame({"place": codes[wanted[~same.any(axis=1)]], "reason": ALONE})
    table = pd.concat([table.assign(reason=""), alone], ignore_index=True)
    compared = pd.Series(same.sum(axis=1), index=codes[wanted])
    return table.assign(method=f"weighted_euclidean_{scale}", n=table["place"].map(compared))


def _wanted(codes: pd.Index, places: Iterable[str] | None, n: int) -> np.ndarray:
    """Return where the wanted places stand."""
    if codes.has_duplicates:
        raise ValueError(f"area {codes[codes.duplicated()][0]!r} stands twice; expected once")
    if n < 1:
        raise ValueError(f"n {n}: expected 1 or more")
    wanted = np.arange(len(codes)) if places is None else codes.get_indexer(list(places))
    if (wanted < 0).any():
        raise ValueError(f"place {list(places)[np.argmin(wanted)]!r} is not among the areas")
    return wanted


def _same_kind(codes: pd.Index, kinds: pd.Series | None) -> np.ndarray:
    """Return which areas may be compared: one kind, and not the area itself."""
    if kinds is None:
        return ~np.eye(len(codes), dtype=bool)
    # Areas without a kind share a number here, but their scaled values are all missing.
    kind = pd.factorize(kinds.reindex(codes))[0]
    return (kind[:, None] == kind) & ~np.eye(len(codes), dtype=bool)


def _squares(own: np.ndarray, other: np.ndarray, weight: np.ndarray):
    """Return the mean squared differences of all pairs, and the share of weight they rest on."""
    has, have = (~np.isnan(own)).astype(float), (~np.isnan(other)).astype(float)
    a, b = np.nan_to_num(own), np.nan_to_num(other)
    present = (has * weight) @ have.T
    square = (a**2 * weight) @ have.T + (has * weight) @ (b**2).T - 2 * (a * weight) @ b.T
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.maximum(square, 0) / present, present
