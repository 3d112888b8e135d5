"""One figure for a group of areas, for each period."""

from collections.abc import Iterable

import numpy as np
import pandas as pd

from outcomes.statistics.rows import PERIOD, require_columns

HOW = ("simple", "weighted", "median")


def group_value(
    table: pd.DataFrame,
    areas: Iterable[str],
    *,
    how: str = "simple",
    weights: str = "denominator",
    by: Iterable[str] = PERIOD,
    confidence: float = 0.95,
) -> pd.DataFrame:
    """Return a group's simple mean, weighted mean or median, with an interval where there is one.

    Parameters
    ----------
    table : pandas.DataFrame
        Columns area_code, value and those of `by`; if there, lower, upper, and the weights.
    areas : iterable of str
        The group's codes. A member without a value in a period is left out of that period.
    how : {'simple', 'weighted', 'median'}, optional
    weights : str, optional
        The column of weights: the indicator's denominator, or a population joined to the table.
    by : iterable of str, optional
        What one figure belongs to; add 'series' for many series at once.
    confidence : float, optional
        The level of the members' limits, and so of the group's.

    Returns
    -------
    pandas.DataFrame
        Index `by`, every period with a row of a member. Columns value (NaN if no member has one),
        lower, upper, n (members with a value), how ('simple', 'median', or 'weighted_' and the
        weights' column), confidence (NaN without limits) and reason.

    Raises
    ------
    ValueError
        If a column is missing, `how` is unknown, or a member has two rows for one period.

    Notes
    -----
    A member with a value but no weight above zero turns the weighted mean of its period into a
    simple one, with the reason. Limits are recovered from the members' (Zou and Donner 2008),
    taken as independent; there are none for a median, or where a member lacks its own.
    """
    wide = _members(table, areas, how=how, weights=weights, by=list(by))
    value, weight = wide["value"].to_numpy(), wide[weights].to_numpy()
    known = ~np.isnan(value)
    n = known.sum(axis=1)
    lacking = (known & ~(weight > 0)).sum(axis=1) * (how == "weighted")
    weighted = (lacking == 0) & (how == "weighted")
    parts = np.where(known, np.where(weighted[:, None], weight, 1.0), 0.0)
    parts /= np.where(n > 0, parts.sum(axis=1), 1)[:, None]
    if how == "median":
        parts *= np.nan  # A median has no weights, and no limits.
        found = wide["value"].median(axis=1).to_numpy()
    else:
        found = np.where(n > 0, np.where(known, parts * value, 0).sum(axis=1), np.nan)
    below, above = (
        np.sqrt((np.where(known, parts * (value - wide[side].to_numpy()), 0) ** 2).sum(axis=1))
        for side in ("lower", "upper")
    )
    bounded = ~np.isnan(found + below + above)
    columns = {
        "value": found,
        "lower": np.where(bounded, found - below, np.nan),
        "upper": np.where(bounded, found + above, np.nan),
        "n": n,
        "how": np.where(weighted, f"weighted_{weights}", "median" if how == "median" else "simple"),
        "confidence": np.where(bounded, confidence, np.nan),
        "reason": _reasons(n, lacking, weights),
    }
    return pd.DataFrame(columns, index=wide["value"].index)


def _members(table, areas, *, how: str, weights: str, by: list[str]) -> dict[str, pd.DataFrame]:
    """Return value, limits and weights: a row for each period, a column for each member."""
    if how not in HOW:
        raise ValueError(f"how {how!r}: expected one of {', '.join(HOW)}")
    keys = [*by, "area_code"]
    require_columns(table, [*keys, "value", *([weights] if how == "weighted" else [])])
    rows = table[table["area_code"].isin(list(areas))]
    twice = rows.duplicated(keys)
    if twice.any():
        row = rows[keys].iloc[twice.argmax()]
        raise ValueError(f"two rows for {', '.join(str(part) for part in row)}; expected one")
    laid = rows.set_index(keys).reindex(columns={"value", "lower", "upper", weights}).astype(float)
    return {name: column.unstack("area_code") for name, column in laid.items()}


def _reasons(n: np.ndarray, lacking: np.ndarray, weights: str) -> list[str]:
    return [
        "no member has a value"
        if not members
        else f"{count} of {members} members have no {weights}, so this is the simple mean"
        if count
        else ""
        for members, count in zip(n, lacking, strict=True)
    ]
