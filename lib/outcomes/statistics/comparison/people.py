"""What a difference between two rates means in people, or in events."""

import numpy as np
import pandas as pd


def in_people(
    difference: np.ndarray,
    lower: np.ndarray,
    upper: np.ndarray,
    base: np.ndarray,
    *,
    per: float | np.ndarray,
) -> pd.DataFrame:
    """Return how many people make up a difference.

    Parameters
    ----------
    difference, lower, upper : array of float
        Differences of rates or percentages and their limits, in the indicator's unit.
    base : array of float
        The people, or person-years, that the place's figure is about: its denominator. They are
        counted as given; to speak of another year, give that year's.
    per : float or array of float, or float
        The people one unit of the rate is out of: 100 for a percentage, 100000 for a rate.

    Returns
    -------
    pandas.DataFrame
        Columns people, people_lower, people_upper (float, whole numbers) and reason. Positive
        where the figure is above the other. NaN where the difference or the base is missing; an
        infinite limit stays infinite.

    Raises
    ------
    ValueError
        If a base is negative, or per is not above zero; names the row.

    Notes
    -----
    difference * base / per. The number is rounded to the nearest whole one, the limits outwards,
    so that rounding never makes an interval narrower. The base is taken as known.
    """
    difference, lower, upper, base, per = np.broadcast_arrays(
        *(np.atleast_1d(np.asarray(a, dtype=float)) for a in (difference, lower, upper, base, per))
    )
    _check(base, base < 0, "base", "0 or more")
    _check(per, ~(per > 0), "per", "a number above 0")
    unknown = np.isnan(difference) | np.isnan(base)
    with np.errstate(invalid="ignore"):
        # Nine places first: 0.02 * 50,000 is a hair above 1,000 and must not become 1,001.
        counts = [
            np.where(unknown, np.nan, np.round(a * base / per, 9))
            for a in (difference, lower, upper)
        ]
    reasons = np.select(
        [np.isnan(difference), np.isnan(base), np.isnan(lower) | np.isnan(upper)],
        ["no difference is known", "no number of people is known", "the difference has no limits"],
        default="",
    )
    return pd.DataFrame(
        {
            "people": np.rint(counts[0]),
            "people_lower": np.floor(counts[1]),
            "people_upper": np.ceil(counts[2]),
            "reason": reasons,
        }
    )


def _check(values: np.ndarray, wrong: np.ndarray, name: str, expected: str) -> None:
    rows = np.flatnonzero(wrong)
    if rows.size:
        raise ValueError(f"row {rows[0]}: {name} {values[rows[0]]}: expected {expected}")
