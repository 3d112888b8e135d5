"""Breaks in a series that somebody has declared, with day and reason."""

import numpy as np
import pandas as pd

from outcomes.statistics.rows import require_columns


def declared(table: pd.DataFrame, breaks: pd.DataFrame | None) -> pd.DataFrame:
    """Return what the declared breaks say of each row of a tidy table.

    Parameters
    ----------
    table : pandas.DataFrame
        Columns series, area_code and period_start.
    breaks : pandas.DataFrame or None
        Columns series, day (first day of the new series) and reason; and area_code, if a break may
        concern one area alone ('' or missing for all areas).

    Returns
    -------
    pandas.DataFrame
        Index as `table`; passed (how many breaks lie on or before the first day of the row's
        period), total (how many the history has), note (the newest in words, '' if none).

    Raises
    ------
    ValueError
        If a column is missing.
    """
    if breaks is None or breaks.empty:
        return pd.DataFrame({"passed": 0, "total": 0, "note": ""}, index=table.index)
    require_columns(breaks, ["series", "day", "reason"])
    require_columns(table, ["series", "area_code", "period_start"])
    rows = table[["series", "area_code", "period_start"]].assign(row=np.arange(len(table)))
    only = breaks["area_code"].fillna("") if "area_code" in breaks else ""
    days = breaks[["series", "day", "reason"]].assign(only=only)
    pairs = rows.merge(days, on="series")
    pairs = pairs[(pairs["only"] == "") | (pairs["only"] == pairs["area_code"])].sort_values("day")
    pairs["passed"] = pairs["day"] <= pairs["period_start"]
    found = pairs.groupby("row").agg(
        passed=("passed", "sum"),
        total=("passed", "size"),
        day=("day", "last"),
        reason=("reason", "last"),
    )
    found["note"] = "break on " + found.pop("day").dt.strftime("%Y-%m-%d") + ": " + found["reason"]
    found = found[["passed", "total", "note"]].reindex(range(len(table)))
    found = found.fillna({"passed": 0, "total": 0, "note": ""}).astype(
        {"passed": int, "total": int}
    )
    return found.set_axis(table.index)
