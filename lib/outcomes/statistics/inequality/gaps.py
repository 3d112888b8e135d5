"""Absolute and relative gaps between two groups or sets of groups, beside the overall level."""

from collections.abc import Iterable, Sequence

import numpy as np
import pandas as pd

from outcomes.statistics.inequality.groups import (
    combined_limits,
    named,
    require_once,
    side_by_side,
    where,
)
from outcomes.statistics.intervals.counts import wilson
from outcomes.statistics.intervals.recovered import difference_interval, ratio_interval, rescaled
from outcomes.statistics.rows import HISTORY, PERIOD, require_columns

PUBLISHED = 0.95


def gap(
    table: pd.DataFrame,
    pair: tuple[str | Sequence[str], str | Sequence[str]],
    *,
    by: Iterable[str] = (*HISTORY, *PERIOD),
    column: str = "group",
    whole: str = "",
    confidence: float = 0.95,
) -> pd.DataFrame:
    """Return the gap of two groups for each key, as a difference and as a ratio.

    Parameters
    ----------
    table : pandas.DataFrame
        The columns of `by`, `column` and value; lower and upper (95% limits) and denominator if
        there are any. A ratio needs values of 0 or more.
    pair : tuple
        Two labels of `column`, or two sets of labels: first minus second, first over second.
        A set's value is its members' mean, weighted by denominator.
    by : iterable of str, optional
        What one gap belongs to.
    column : str, optional
        Where the labels stand: group, or area_code for sets of places.
    whole : str, optional
        The label of the row with the overall level.
    confidence : float, optional
        The level of the limits returned, a fraction.

    Returns
    -------
    pandas.DataFrame
        Two rows a key, with measure 'difference' and 'ratio': the columns of `by`, measure, value,
        lower, upper, first, second (the two levels), overall (the published level of the whole, or
        the mean of all labels weighted by denominator), overall_from ('published', 'groups' or
        ''), n (labels used), method ('recovered_limits', or 'no_limits' where a limit is missing),
        confidence and reason. The value is NaN where a value of either side is missing, or for a
        ratio where the second is 0.

    Raises
    ------
    ValueError
        If a column is missing, or a label is on both sides or in no row.

    Notes
    -----
    The two sides must be independent samples. A shrinking difference with a growing ratio is
    usual when the overall level falls: read all three.
    """
    require_columns(table, [*by, column, "value"])
    sides = [[side] if isinstance(side, str) else list(side) for side in pair]
    _check_pair(table, sides, column)
    names = ["value", "lower", "upper", "denominator"]
    order = sorted({*table[column], *sides[0], *sides[1]})
    keys, labels, a = side_by_side(table, names, by=by, across=column, order=order)
    first, second = (_pooled(a, labels, side, confidence) for side in sides)
    overall, overall_from = _overall(a, labels, whole)
    used = np.isin(np.array(labels, dtype=object), [*sides[0], *sides[1]])
    missing = np.isnan(a["value"]) & used
    shared = keys.assign(
        first=first[0],
        second=second[0],
        overall=overall,
        overall_from=overall_from,
        n=(used & ~missing).sum(axis=1),
        confidence=confidence,
    )
    reason = named(missing, labels)
    reason = np.where(missing.any(axis=1), "no value for " + reason, "").astype(object)
    return _long(shared, [*by], first, second, reason)


def _check_pair(table: pd.DataFrame, sides: list[list[str]], column: str) -> None:
    twice = sorted(set(sides[0]) & set(sides[1]))
    if twice:
        raise ValueError(f"{', '.join(twice)} on both sides of the gap; expected two sets apart")
    unknown = sorted({*sides[0], *sides[1]} - set(table[column]))
    if unknown and len(table):
        there = ", ".join(str(label) for label in sorted(table[column].unique()))
        raise ValueError(f"no row has {column} {', '.join(unknown)}; there are {there}")


def _pooled(a: dict, labels: list, side: list[str], confidence: float) -> tuple[np.ndarray, ...]:
    """Return value, lower and upper of one side, each of shape (g,)."""
    at = pd.Index(labels).get_indexer(side)
    value, lower, upper, size = (
        a[name][:, at] for name in ("value", "lower", "upper", "denominator")
    )
    lower, upper = rescaled(value, lower, upper, confidence=PUBLISHED, to=confidence)
    if len(side) == 1:
        return value[:, 0], lower[:, 0], upper[:, 0]
    weights = size / size.sum(axis=1, keepdims=True)
    return (weights * value).sum(axis=1), *combined_limits(weights, value, lower, upper)


def _overall(a: dict, labels: list, whole: str) -> tuple[np.ndarray, np.ndarray]:
    parts = np.array([label != whole for label in labels], dtype=bool)
    value, size = a["value"][:, parts], a["denominator"][:, parts]
    size = np.where(np.isnan(value), np.nan, size)
    with np.errstate(invalid="ignore"):
        mean = np.nansum(size * value, axis=1) / np.nansum(size, axis=1)
    published = np.full(len(mean), np.nan)
    if whole in labels:
        published = a["value"][:, labels.index(whole)]
    words = np.select([~np.isnan(published), ~np.isnan(mean)], ["published", "groups"], default="")
    return np.where(np.isnan(published), mean, published), words


def _long(shared: pd.DataFrame, by: list[str], first, second, reason) -> pd.DataFrame:
    with np.errstate(divide="ignore", invalid="ignore"):
        ratio = np.where(second[0] != 0, first[0] / second[0], np.nan)
        found = {
            "difference": (first[0] - second[0], *difference_interval(*first, *second)),
            "ratio": (ratio, *ratio_interval(*first, *second)),
        }
    nought = np.where((reason == "") & np.isnan(ratio), "the second value is 0", reason)
    reasons = {"difference": reason, "ratio": nought}
    parts = [
        shared.assign(measure=name, value=value, lower=lower, upper=upper, reason=reasons[name])
        for name, (value, lower, upper) in found.items()
    ]
    long = pd.concat(parts).sort_index(kind="stable").reset_index(drop=True)
    limits = long["lower"].notna() & long["upper"].notna()
    long["method"] = np.where(limits, "recovered_limits", "no_limits")
    order = [*by, "measure", "value", "lower", "upper", "first", "second", "overall"]
    return long[[*order, "overall_from", "n", "method", "confidence", "reason"]]


def take_up(
    need: pd.DataFrame, service: pd.DataFrame, *, by: Iterable[str], confidence: float = 0.95
) -> pd.DataFrame:
    """Return how each group's share of those in need compares with its share of those served.

    Parameters
    ----------
    need, service : pandas.DataFrame
        The columns of `by`, group (no row for everyone) and numerator: people in need, and people
        served. Only groups with both numbers are used; shares are of those groups' sum.
    by : iterable of str
        What one set of groups belongs to, such as area, period and group_kind.
    confidence : float, optional
        The level of the limits, a fraction; for each group by itself.

    Returns
    -------
    pandas.DataFrame
        One row a group: the columns of `by`, group, need, served (people), need_share,
        served_share (fractions), difference (served_share - need_share), lower, upper, verdict
        ('under_served', 'over_served', 'in_line', 'cannot_tell'), significant (bool), n (groups),
        method, confidence and reason.

    Raises
    ------
    ValueError
        If a column is missing, a row comes twice or a number is negative.

    References
    ----------
    Newcombe (1998), Interval estimation for the difference between independent proportions:
    method 10, Wilson limits. Where those served are among those counted in need, the interval is
    wider than it must be.
    """
    keys, by = [*by, "group"], [*by]
    counted = [_counted(table, keys, name) for table, name in ((need, "need"), (service, "served"))]
    both = counted[0].merge(counted[1], how="outer", on=keys).sort_values(keys, ignore_index=True)
    known = both["need"].notna() & both["served"].notna()
    sums = both[["need", "served"]].where(known).groupby([both[key] for key in by]).transform("sum")
    both["n"] = known.groupby([both[key] for key in by]).transform("sum").astype(int)
    limits = {}
    for name in ("need", "served"):
        both[f"{name}_share"] = both[name].where(known) / sums[name].where(sums[name] > 0)
        limits[name] = wilson(both[name].where(known), sums[name], confidence=confidence)
    both["difference"] = both["served_share"] - both["need_share"]
    both["lower"], both["upper"] = difference_interval(
        both["served_share"], *limits["served"], both["need_share"], *limits["need"]
    )
    below, above = both["upper"] < 0, both["lower"] > 0
    return both.assign(
        verdict=np.select(
            [below, above, both["difference"].notna()],
            ["under_served", "over_served", "in_line"],
            default="cannot_tell",
        ),
        significant=below | above,
        method="newcombe_wilson",
        confidence=confidence,
        reason=np.select(
            [both["need"].isna(), both["served"].isna(), both["difference"].isna()],
            ["need not known", "number served not known", "nobody in need or nobody served"],
            default="",
        ),
    )


def _counted(table: pd.DataFrame, keys: list[str], name: str) -> pd.DataFrame:
    require_columns(table, [*keys, "numerator"])
    require_once(table, keys)
    wrong = table["numerator"] < 0
    if wrong.any():
        row = where(table, [*keys, "numerator"], wrong)
        raise ValueError(f"number of {name} of {row}: expected 0 or more")
    return table[[*keys, "numerator"]].rename(columns={"numerator": name})
