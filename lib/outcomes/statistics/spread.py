"""How far areas lie apart, for every period and series at once."""

from collections.abc import Iterable

import numpy as np
import pandas as pd

from outcomes.statistics.intervals.recovered import standard_errors
from outcomes.statistics.rows import PERIOD, require_columns

BY = ("series", *PERIOD)


def spread(
    table: pd.DataFrame,
    *,
    by: Iterable[str] = BY,
    weights: str = "denominator",
    confidence: float = 0.95,
) -> pd.DataFrame:
    """Return how far the areas of each period lie apart.

    Parameters
    ----------
    table : pandas.DataFrame
        One row an area and period: value and the columns of `by`; if there, period (the label),
        lower, upper and the weights. A row without a value is left out.
    by : iterable of str, optional
        What one spread belongs to.
    weights : str, optional
        The column of weights, such as the denominator or a population joined to the table.
    confidence : float, optional
        The level of the limits, a fraction.

    Returns
    -------
    pandas.DataFrame
        Columns `by` (and period), n (areas with a value), lowest, highest, range, mean, variance
        and sd (divisor n - 1), cv (sd / mean), weighted_mean, weighted_sd (divisor: the weights'
        sum), weighted_cv, q1, median, q3 (linear between the two nearest), iqr_ratio (q3 / q1),
        mad (median distance from the median, not scaled), true_sd and reason. In the value's
        unit, but variance in its square, and cv, weighted_cv and iqr_ratio pure numbers.

    Raises
    ------
    ValueError
        If a column is missing, or a value lies outside its limits.

    Notes
    -----
    sd and true_sd are NaN for one area. cv, weighted_cv and iqr_ratio need a true zero: they are
    NaN where a value is negative or the divisor is not above 0. The weighted columns are NaN
    where an area has no weight above 0. The result has one row a period, so it is a history
    itself, whose trend can be tested like any other.

    true_sd is the spread that is left without sampling error: the root of the variance less the
    mean squared standard error, at least 0 (the method of moments of Hedges and Olkin 1985). It
    is NaN where an area has no limits. Squared standard errors are recovered from the published
    limits and averaged over the two sides.
    """
    by = list(by)
    require_columns(table, [*by, "value"])
    rows = _rows(table[table["value"].notna()], weights, confidence)
    label = ["period"] if "period" in rows and "period" not in by else []
    grouped = rows.groupby(by, observed=True)
    result = grouped[label].first().join(_plain(rows, grouped)).join(_weighted(rows, grouped))
    noise = grouped["noise"].mean().where(grouped["noise"].count() == result["n"])
    result["true_sd"] = np.sqrt((result["variance"] - noise).clip(lower=0))
    result["reason"] = _reasons(grouped, result["n"], weights)
    return result.reset_index()


def _rows(known: pd.DataFrame, weights: str, confidence: float) -> pd.DataFrame:
    """Return the rows with their weight and squared standard error, NaN where there is none."""
    columns = known.reindex(columns=["value", "lower", "upper", weights]).astype(float)
    below, above = standard_errors(
        columns["value"], columns["lower"], columns["upper"], confidence=confidence
    )
    weight = columns[weights].where(columns[weights] > 0)
    return known.assign(value=columns["value"], weight=weight, noise=(below**2 + above**2) / 2)


def _plain(rows: pd.DataFrame, grouped) -> pd.DataFrame:
    value = grouped["value"]
    far = (rows["value"] - value.transform("median")).abs()
    result = value.agg(
        n="count", lowest="min", highest="max", mean="mean", variance="var", median="median"
    )
    result["range"] = result["highest"] - result["lowest"]
    result["sd"] = np.sqrt(result["variance"])
    result["cv"] = _share(result["sd"], result["mean"], result["lowest"])
    result["q1"], result["q3"] = value.quantile(0.25), value.quantile(0.75)
    result["iqr_ratio"] = _share(result["q3"], result["q1"], result["lowest"])
    result["mad"] = rows.assign(far=far).groupby(grouped.keys, observed=True)["far"].median()
    return result


def _weighted(rows: pd.DataFrame, grouped) -> pd.DataFrame:
    whole = grouped["weight"].count() == grouped["value"].count()
    total = grouped["weight"].sum()

    def mean_of(values: pd.Series) -> pd.Series:
        parts = rows.assign(part=rows["weight"] * values)
        return (parts.groupby(grouped.keys, observed=True)["part"].sum() / total).where(whole)

    mean = mean_of(rows["value"])
    away = rows["value"] - mean.to_numpy()[grouped.ngroup()]
    sd = np.sqrt(mean_of(away**2))
    cv = _share(sd, mean, grouped["value"].min())
    return pd.DataFrame({"weighted_mean": mean, "weighted_sd": sd, "weighted_cv": cv})


def _share(part: pd.Series, whole: pd.Series, lowest: pd.Series) -> pd.Series:
    return part / whole.where((whole > 0) & (lowest >= 0))


def _reasons(grouped, n: pd.Series, weights: str) -> pd.Series:
    one = pd.Series(np.where(n < 2, "one area has no spread", ""), index=n.index)
    for column, name in (("noise", "confidence limits"), ("weight", weights)):
        lacking = n - grouped[column].count()
        text = lacking.astype(str) + " of " + n.astype(str) + f" areas have no {name}"
        one = one.str.cat(text.where(lacking > 0, ""), sep="; ").str.strip("; ")
    return one
