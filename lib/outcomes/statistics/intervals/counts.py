"""Confidence limits of counts, proportions and means, from the official methods.

Arrays broadcast; NaN in gives NaN out. Limits are two-sided.
"""

import numpy as np
from scipy.special import gammaincinv, stdtrit

from outcomes.statistics.rows import z_of

FEW = 10
"""Events below which Byar's approximation gives way to the exact limits."""


def wilson(
    events: np.ndarray, n: np.ndarray, *, confidence: float = 0.95
) -> tuple[np.ndarray, np.ndarray]:
    """Return Wilson's score limits of a proportion.

    Parameters
    ----------
    events, n : array of float
        People with the characteristic, and all people; need not be whole numbers.
    confidence : float, optional
        A fraction.

    Returns
    -------
    lower, upper : array of float
        Between 0 and 1; NaN where one of the two is missing or n is 0.

    Raises
    ------
    ValueError
        If a count is negative or events exceed n; names the row.

    References
    ----------
    Wilson (1927), Probable inference, the law of succession, and statistical inference, Journal of
    the American Statistical Association 22. The method of the Fingertips technical guidance.
    """
    z = z_of(confidence)
    events, n = (_not_negative(values, what) for values, what in ((events, "events"), (n, "n")))
    events, n = np.broadcast_arrays(events, n)
    above = np.flatnonzero(events > n)
    if above.size:
        row = above[0]
        raise ValueError(f"row {row}: events {events.flat[row]} are more than n {n.flat[row]}")
    with np.errstate(divide="ignore", invalid="ignore"):
        others = events * (1 - events / n)
    arm = z * np.sqrt(z**2 + 4 * others)
    lower, upper = ((2 * events + z**2 + side) / (2 * (n + z**2)) for side in (-arm, arm))
    return np.clip(lower, 0, 1), np.clip(upper, 0, 1)


def byar(events: np.ndarray, *, confidence: float = 0.95) -> tuple[np.ndarray, np.ndarray]:
    """Return Byar's limits of a Poisson count.

    Parameters as for `exact_poisson`. Where the formula puts the lower limit below 0, which it
    does for very few events, it is NaN, as in the official reference table.

    References
    ----------
    Breslow and Day (1987), Statistical Methods in Cancer Research II, page 69.
    """
    z, events = z_of(confidence), _not_negative(events, "events")
    with np.errstate(divide="ignore", invalid="ignore"):
        root = 1 - 1 / (9 * events) - z / (3 * np.sqrt(events))
        lower = np.where(root >= 0, events * root**3, np.nan)
    more = events + 1
    return lower, more * (1 - 1 / (9 * more) + z / (3 * np.sqrt(more))) ** 3


def exact_poisson(events: np.ndarray, *, confidence: float = 0.95) -> tuple[np.ndarray, np.ndarray]:
    """Return the exact limits of a Poisson count.

    Parameters
    ----------
    events : array of float
        Counts, 0 or more; need not be whole numbers.
    confidence : float, optional
        A fraction.

    Returns
    -------
    lower, upper : array of float
        In events; the lower limit of no events is 0.

    Raises
    ------
    ValueError
        If a count is negative; names the row.

    References
    ----------
    Garwood (1936), Fiducial limits for the Poisson distribution, Biometrika 28: half the quantiles
    of chi-squared, here as those of the gamma distribution.
    """
    z_of(confidence)
    events, tail = _not_negative(events, "events"), (1 - confidence) / 2
    some = np.where(events > 0, events, 1)
    lower = np.where(events > 0, gammaincinv(some, tail), np.where(events == 0, 0, np.nan))
    return lower, gammaincinv(events + 1, 1 - tail)


def poisson(events: np.ndarray, *, confidence: float = 0.95) -> tuple[np.ndarray, np.ndarray]:
    """Return the limits of a count: exact below 10 events, Byar's from 10.

    Parameters, results and errors as for `exact_poisson`. The rule is that of the Fingertips
    technical guidance for rates and standardised ratios.
    """
    few = np.asarray(events, dtype=float) < FEW
    exact, near = (f(events, confidence=confidence) for f in (exact_poisson, byar))
    return np.where(few, exact[0], near[0]), np.where(few, exact[1], near[1])


def mean_interval(
    mean: np.ndarray, sd: np.ndarray, n: np.ndarray, *, confidence: float = 0.95
) -> tuple[np.ndarray, np.ndarray]:
    """Return the limits of a mean from Student's t.

    Parameters
    ----------
    mean, sd : array of float
        Mean and sample standard deviation (divisor n - 1), in the indicator's unit.
    n : array of float
        How many values; with fewer than two there are no limits (NaN).
    confidence : float, optional
        A fraction.

    Raises
    ------
    ValueError
        If a standard deviation or n is negative; names the row.
    """
    z_of(confidence)
    mean = np.asarray(mean, dtype=float)
    sd, n = _not_negative(sd, "sd"), _not_negative(n, "n")
    n = np.where(n >= 2, n, np.nan)
    arm = stdtrit(n - 1, 0.5 + confidence / 2) * sd / np.sqrt(n)
    return mean - arm, mean + arm


def _not_negative(values: np.ndarray, what: str) -> np.ndarray:
    values = np.asarray(values, dtype=float)
    wrong = np.flatnonzero((values < 0) | np.isinf(values))
    if wrong.size:
        row = wrong[0]
        raise ValueError(f"row {row}: {what} {values.flat[row]}: expected a number of 0 or more")
    return values
