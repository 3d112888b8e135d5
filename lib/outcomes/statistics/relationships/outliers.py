"""Values far from the rest, by a rule that the far values themselves cannot bend."""

import numpy as np
import pandas as pd

FAR = 3.5
"""Robust score beyond which a value is listed."""
FEWEST = 10
"""Values that a group needs."""


def robust_scores(
    values: pd.Series, *, by: pd.Series | None = None, far: float = FAR
) -> pd.DataFrame:
    """Return how far each value lies from the median of its group, in robust deviations.

    Parameters
    ----------
    values : pandas.Series of float
        One a row; NaN is left out and not judged.
    by : pandas.Series, optional
        The group of each value (a series, a level), same index; everything is one group without it.
    far : float, optional
        A value is 'high' or 'low' where its score is beyond this.

    Returns
    -------
    pandas.DataFrame
        Index as `values`: group ('' without `by`), value, median, spread (what one unit of the
        score is), score, direction ('high', 'low', 'inside', 'not_judged'), method, n, reason.

    Raises
    ------
    ValueError
        If the index of `by` is another one.

    Notes
    -----
    Score = (value - median) / (1.4826 x MAD), the median absolute deviation scaled to a normal
    standard deviation, listed beyond 3.5 (Iglewicz and Hoaglin 1993, How to detect and handle
    outliers). Where more than half of the values are equal the MAD is 0; then 1.2533 x the mean
    absolute deviation stands in for it. Where all are equal nothing is far.
    """
    if by is not None and not by.index.equals(values.index):
        raise ValueError("by: expected the same index as the values")
    x = values.astype(float)
    group = pd.Series("", index=x.index) if by is None else by
    median = x.groupby(group).transform("median")
    away = (x - median).abs()
    mad = 1.482602 * away.groupby(group).transform("median")
    mean = np.sqrt(np.pi / 2) * away.groupby(group).transform("mean")
    spread = mad.where(mad > 0, mean)
    n = x.groupby(group).transform("count").fillna(0).astype(int)
    judged = x.notna() & (n >= FEWEST)
    score = ((x - median) / spread.where(spread > 0, np.inf)).where(judged)
    words = [~judged, score > far, score < -far]
    return pd.DataFrame(
        {
            "group": group,
            "value": x,
            "median": median,
            "spread": spread,
            "score": score,
            "direction": np.select(words, ["not_judged", "high", "low"], default="inside"),
            "method": np.where(mad > 0, "median_deviation", "mean_deviation"),
            "n": n,
            "reason": np.select(
                [x.isna(), ~judged], ["no value", f"fewer than {FEWEST} values"], default=""
            ),
        }
    )


def outliers(values: pd.Series, *, by: pd.Series | None = None, far: float = FAR) -> pd.DataFrame:
    """Return the values worth a look, the furthest first; columns as `robust_scores`.

    For areas that lie off a line, give the standardised residuals of a regression.
    """
    scores = robust_scores(values, by=by, far=far)
    listed = scores[scores["direction"].isin(["high", "low"])]
    return listed.sort_values("score", key=np.abs, ascending=False, kind="stable")
