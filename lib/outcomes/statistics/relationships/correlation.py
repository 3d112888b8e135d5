"""Correlation between indicators over areas: all pairs at once, corrected for their number."""

import numpy as np
import pandas as pd
from scipy.special import stdtr

from outcomes.statistics.rows import z_of

NOT_CAUSE = (
    "Correlation is not cause: two indicators can move together because of a third, by the way "
    "areas are drawn, or by chance, and what holds for areas need not hold for the people in them."
)
FEWEST = 10
"""Areas that a correlation needs."""
ADJUSTMENTS = ("holm", "fdr_bh")


def correlations(
    wide: pd.DataFrame,
    *,
    method: str = "pearson",
    confidence: float = 0.95,
    adjust: str = "holm",
    weights: pd.Series | None = None,
) -> pd.DataFrame:
    """Return the correlation of every pair of indicators.

    Parameters
    ----------
    wide : pandas.DataFrame, shape (areas, indicators)
        NaN where missing; each pair uses the areas that have both.
    method : {'pearson', 'spearman'}, optional
        Straight-line correlation, or that of ranks within the areas that a pair has.
    confidence : float, optional
    adjust : {'holm', 'fdr_bh'}, optional
        Correction of p for the number of tests: Holm, or Benjamini and Hochberg.
    weights : pandas.Series, optional
        Weight of each area, above 0, for pearson only. An area without one is left out. Intervals
        and p then rest on Kish's effective number of areas.

    Returns
    -------
    pandas.DataFrame
        One row a pair: first, second, r, lower, upper, p, p_adjusted, noteworthy (p_adjusted below
        1 - confidence), n, n_effective, tests (how many p were corrected together), method,
        adjusted, confidence, reason ('' or why there is no r), caution.

    Raises
    ------
    ValueError
        If a method or adjustment is unknown, or a weight is 0 or less.

    References
    ----------
    Fisher (1921) for the interval; Bonett and Wright (2000), Psychometrika 65, for ranks; Holm
    (1979); Benjamini and Hochberg (1995).
    """
    _check(method, adjust)
    z = z_of(confidence)
    values, weight = _arrays(wide, method, weights)
    first, second = np.triu_indices(values.shape[1], k=1)
    n, effective = (sizes[first, second] for sizes in _sizes(values, weight))
    r = (_rank_r(values) if method == "spearman" else _pearson_r(values, weight))[first, second]
    reason = np.select(
        [n < FEWEST, np.isnan(r)],
        [f"fewer than {FEWEST} areas have both", "one of the two does not vary"],
        default="",
    )
    r = np.where(reason == "", r, np.nan)
    lower, upper = _limits(r, effective, z, method)
    p = _p(r, effective)
    adjusted = _adjusted(p, adjust)
    return pd.DataFrame(
        {
            "first": wide.columns[first],
            "second": wide.columns[second],
            "r": r,
            "lower": lower,
            "upper": upper,
            "p": p,
            "p_adjusted": adjusted,
            "noteworthy": adjusted < 1 - confidence,
            "n": n.astype(int),
            "n_effective": effective,
            "tests": int((~np.isnan(p)).sum()),
            "method": method,
            "adjusted": adjust,
            "confidence": confidence,
            "reason": reason,
            "caution": NOT_CAUSE,
        }
    )


def _check(method: str, adjust: str) -> None:
    if method not in ("pearson", "spearman"):
        raise ValueError(f"method {method!r}: expected pearson or spearman")
    if adjust not in ADJUSTMENTS:
        raise ValueError(f"adjust {adjust!r}: expected one of {', '.join(ADJUSTMENTS)}")


def _arrays(wide: pd.DataFrame, method: str, weights: pd.Series | None):
    """Return the values of the areas that count, and their weights as a column."""
    values = wide.to_numpy(dtype=float)
    if weights is None:
        return values, np.ones((len(values), 1))
    if method == "spearman":
        raise ValueError("weights: expected none with spearman; ranks are not weighted")
    weight = weights.reindex(wide.index).to_numpy(dtype=float)
    if (weight <= 0).any():
        raise ValueError(f"weights: area {wide.index[np.argmax(weight <= 0)]}: expected above 0")
    known = ~np.isnan(weight)
    return values[known], weight[known, None]


def _sizes(values: np.ndarray, weight: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return how many areas each pair has, and Kish's effective number of them."""
    known = (~np.isnan(values)).astype(float)
    total, squares = known.T @ (known * weight), known.T @ (known * weight**2)
    with np.errstate(divide="ignore", invalid="ignore"):
        return known.T @ known, total**2 / squares


def _pearson_r(values: np.ndarray, weight: np.ndarray) -> np.ndarray:
    """Return r of all pairs by products of masked matrices; NaN where one does not vary."""
    known = ~np.isnan(values)
    mask = known.astype(float)
    # About its own mean a column keeps its digits; another centre would not change r.
    count = np.maximum(mask.sum(axis=0), 1)
    x = np.where(known, values - np.where(known, values, 0).sum(axis=0) / count, 0)
    total = mask.T @ (mask * weight)
    own, cross = x.T @ (mask * weight), x.T @ (x * weight)
    square = (x**2).T @ (mask * weight)
    with np.errstate(divide="ignore", invalid="ignore"):
        spread = square - own**2 / total
        spread = np.where(spread > 1e-12 * square, spread, np.nan)
        r = (cross - own * own.T / total) / np.sqrt(spread * spread.T)
    return np.clip(r, -1, 1)


def _rank_r(values: np.ndarray) -> np.ndarray:
    known = ~np.isnan(values)
    if known.all():
        return _pearson_r(_ranks(values), np.ones((len(values), 1)))
    r = np.full((values.shape[1],) * 2, np.nan)
    for column in range(values.shape[1]):
        both = known & known[:, [column]]
        r[column] = _column_r(
            _ranks(np.where(both, values, np.nan)),
            _ranks(np.where(both, values[:, [column]], np.nan)),
        )
    return r


def _ranks(values: np.ndarray) -> np.ndarray:
    return pd.DataFrame(values).rank().to_numpy()


def _column_r(x: np.ndarray, y: np.ndarray) -> np.ndarray:
    """Return r of each column of x with that of y, both missing in the same places."""
    count = np.maximum((~np.isnan(x)).sum(axis=0), 1)
    x, y = x - np.nansum(x, axis=0) / count, y - np.nansum(y, axis=0) / count
    with np.errstate(divide="ignore", invalid="ignore"):
        scale = np.sqrt(np.nansum(x**2, axis=0) * np.nansum(y**2, axis=0))
        return np.nansum(x * y, axis=0) / scale


def _limits(r: np.ndarray, n: np.ndarray, z: float, method: str) -> tuple[np.ndarray, np.ndarray]:
    spread = 1 + r**2 / 2 if method == "spearman" else 1.0
    with np.errstate(divide="ignore", invalid="ignore"):
        reach = z * np.sqrt(spread / (n - 3))
        middle = np.arctanh(r)
    return np.tanh(middle - reach), np.tanh(middle + reach)


def _p(r: np.ndarray, n: np.ndarray) -> np.ndarray:
    with np.errstate(divide="ignore", invalid="ignore"):
        t = np.abs(r) * np.sqrt((n - 2) / (1 - r**2))
    return 2 * stdtr(n - 2, -t)


def _adjusted(p: np.ndarray, adjust: str) -> np.ndarray:
    """Return p corrected for how many there are; NaN stays and is not counted."""
    order = np.argsort(p, kind="stable")
    count = int((~np.isnan(p)).sum())
    order = order[:count]
    rank = np.arange(count)
    answer = np.full(p.shape, np.nan)
    if adjust == "holm":
        stepped = np.maximum.accumulate(p[order] * (count - rank))
    else:
        stepped = np.minimum.accumulate((p[order] * count / (rank + 1))[::-1])[::-1]
    answer[order] = np.minimum(stepped, 1)
    return answer
