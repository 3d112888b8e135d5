"""What published limits still know: standard errors, other levels, differences and ratios.

A published interval need not lie evenly about its value; each side is kept as it is, never
averaged. Arrays broadcast; NaN in gives NaN out.
"""

import numpy as np

from outcomes.statistics.rows import z_of


def standard_errors(
    value: np.ndarray, lower: np.ndarray, upper: np.ndarray, *, confidence: float = 0.95
) -> tuple[np.ndarray, np.ndarray]:
    """Return the standard error below and above each value, from its published limits.

    Parameters
    ----------
    value, lower, upper : array of float
        Figures and their two-sided limits, in one unit.
    confidence : float, optional
        The level of the limits, a fraction.

    Returns
    -------
    below, above : array of float
        (value - lower) / z and (upper - value) / z; equal where the interval is symmetric.

    Raises
    ------
    ValueError
        If a value lies outside its limits; names the row.
    """
    value, lower, upper = _floats(value, lower, upper)
    # A publisher rounds value and limits apart, so a hair outside is not a fault.
    slack = 1e-9 * np.maximum(1, np.abs(value))
    outside = np.flatnonzero((lower > value + slack) | (upper < value - slack))
    if outside.size:
        row = outside[0]
        raise ValueError(
            f"row {row}: the value {value.flat[row]} is outside its limits {lower.flat[row]} to "
            f"{upper.flat[row]}"
        )
    z = z_of(confidence)
    return np.maximum(value - lower, 0) / z, np.maximum(upper - value, 0) / z


def rescaled(
    value: np.ndarray, lower: np.ndarray, upper: np.ndarray, *, confidence: float, to: float
) -> tuple[np.ndarray, np.ndarray]:
    """Return limits at another level of confidence, each side stretched by itself.

    Parameters as for `standard_errors`; `to` is the wanted level. Good for limits that are nearly
    normal on each side; limits made anew from the counts are better where counts are known.
    """
    below, above = standard_errors(value, lower, upper, confidence=confidence)
    z = z_of(to)
    return np.asarray(value) - z * below, np.asarray(value) + z * above


def difference_interval(
    value: np.ndarray,
    lower: np.ndarray,
    upper: np.ndarray,
    other: np.ndarray,
    other_lower: np.ndarray,
    other_upper: np.ndarray,
) -> tuple[np.ndarray, np.ndarray]:
    """Return the limits of value minus other, from the limits of each, at their level.

    The two must be independent. A comparator that is known exactly has itself as both limits.

    References
    ----------
    Zou and Donner (2008), Construction of confidence limits about effect measures: a general
    approach, Statistics in Medicine 27. With Wilson limits it is Newcombe's (1998) method 10.
    """
    value, lower, upper, other, other_lower, other_upper = _floats(
        value, lower, upper, other, other_lower, other_upper
    )
    difference = value - other
    return (
        difference - np.hypot(value - lower, other_upper - other),
        difference + np.hypot(upper - value, other - other_lower),
    )


def ratio_interval(
    value: np.ndarray,
    lower: np.ndarray,
    upper: np.ndarray,
    other: np.ndarray,
    other_lower: np.ndarray,
    other_upper: np.ndarray,
) -> tuple[np.ndarray, np.ndarray]:
    """Return the limits of value divided by other, from the limits of each, at their level.

    Values are 0 or more. The upper limit is infinite where the other's lower limit reaches 0, and
    both are NaN where the other is 0.

    References
    ----------
    Donner and Zou (2012), Closed-form confidence intervals for functions of the normal mean and
    standard deviation, Statistical Methods in Medical Research 21 (method of variance recovery).
    """
    value, lower, upper, other, other_lower, other_upper = _floats(
        value, lower, upper, other, other_lower, other_upper
    )
    product = value * other
    # Written so that nothing is divided by 0 where the other's upper limit is twice its value.
    arm = lower * (2 * value - lower)
    whole = product + _root(product, arm, other_upper * (2 * other - other_upper))
    low = np.where(whole == 0, 0, arm / np.where(whole == 0, 1, whole))
    arm, end = upper * (2 * value - upper), other_lower * (2 * other - other_lower)
    with np.errstate(divide="ignore", invalid="ignore"):
        high = (product + _root(product, arm, end)) / end
    high = np.where(other_lower <= 0, np.where(np.isnan(product * upper), np.nan, np.inf), high)
    return np.where(other > 0, np.maximum(low, 0), np.nan), np.where(other > 0, high, np.nan)


def _root(product: np.ndarray, arm: np.ndarray, end: np.ndarray) -> np.ndarray:
    return np.sqrt(np.maximum(product**2 - arm * end, 0))


def _floats(*arrays: np.ndarray) -> tuple[np.ndarray, ...]:
    return np.broadcast_arrays(*(np.asarray(array, dtype=float) for array in arrays))
