"""One scale for indicators of different units, over the areas that have a value."""

from collections.abc import Mapping

import numpy as np
import pandas as pd

SCALES = ("z", "range", "rank")


def scaled(wide: pd.DataFrame, how: str = "z", *, kinds: pd.Series | None = None) -> pd.DataFrame:
    """Return each indicator on a common scale; missing stays missing.

    Parameters
    ----------
    wide : pandas.DataFrame
        Areas down, indicators across.
    how : {'z', 'range', 'rank'}, optional
        z: distance from the mean in standard deviations of these areas. range: 0 at the lowest, 1
        at the highest. rank: place in the order, so that lowest and highest are 1 apart and the
        mean is 0; ties share the mean of their ranks.
    kinds : pandas.Series, optional
        What kind of area each is; each kind is scaled by itself.

    Returns
    -------
    pandas.DataFrame
        As `wide`. Where all known values are the same, 0: no area differs.

    Raises
    ------
    ValueError
        If the scale is unknown.
    """
    if how not in SCALES:
        raise ValueError(f"scale {how!r}: expected one of {', '.join(SCALES)}")
    values = wide.astype(float)
    by = np.zeros(len(wide)) if kinds is None else kinds.reindex(wide.index).to_numpy()
    if how == "rank":
        values = values.groupby(by).rank()
    grouped = values.groupby(by)
    low, high = grouped.transform("min"), grouped.transform("max")
    # The mean rank is the middle one, whatever the ties.
    middle = low if how == "range" else grouped.transform("mean")
    spread = grouped.transform("std", ddof=0) if how == "z" else high - low
    return ((values - middle) / spread.where(high > low, np.inf)).where(values.notna())


def weights_of(names: pd.Index, weights: Mapping[str, float] | None) -> pd.Series:
    """Return a weight for each name, adding up to 1; equal ones if none are given.

    Raises
    ------
    ValueError
        If a name has no weight, a weight has no such name, one is negative, or none is above 0.
    """
    if weights is None:
        return pd.Series(1 / max(len(names), 1), index=names)
    given = pd.Series(weights, dtype=float)
    for name in names.symmetric_difference(given.index, sort=False):
        raise ValueError(f"weights: {name!r} is on one side only; expected {', '.join(names)}")
    given = given.reindex(names)
    if not ((given >= 0).all() and given.sum() > 0):
        raise ValueError(f"weights {given.to_dict()}: expected 0 or more, and one above 0")
    return given / given.sum()
