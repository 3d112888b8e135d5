"""Histories on a common calendar: the ground on which forecasts of many areas learn together."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from outcomes.statistics.rows import require_columns

MONTHS = (1, 2, 3, 4, 6)
"""Distances between periods within a year, in months, that divide it into seasons."""
YEAR = 12


@dataclass(frozen=True)
class Panel:
    """Histories whose periods lie equally far apart, one a row, one column a period.

    A period without a figure is NaN. `group` numbers what each history is compared and learned
    with: the areas of one indicator.
    """

    series: np.ndarray
    """What each row belongs to; shape (s,)."""
    values: np.ndarray
    """Shape (s, t)."""
    group: np.ndarray
    """Whole numbers from 0; shape (s,)."""
    group_names: np.ndarray
    low: np.ndarray
    """The lowest and highest value that can be; -inf and inf without one; shape (s,)."""
    high: np.ndarray
    step: int
    """Months between two periods."""
    first: int
    """Months since the year 0 of the first column."""
    day: pd.Timestamp | None
    """A period as it was given, for its day of the month; None where periods are years."""

    @property
    def seasons(self) -> int:
        """How many periods make a year; 1 for yearly figures or ones further apart."""
        return YEAR // self.step if self.step in MONTHS else 1

    def periods(self, columns: np.ndarray) -> np.ndarray:
        """Return the periods of some columns as they were given: years, or days."""
        months = self.first + np.asarray(columns) * self.step
        if self.day is None:
            years = months / YEAR
            whole = np.equal(np.mod(months, YEAR), 0).all()
            return years.astype(int) if whole else years
        begin = (months.astype("int64") - 1970 * YEAR).astype("datetime64[M]")
        last = (begin + 1).astype("datetime64[D]") - np.timedelta64(1, "D")
        if self.day.is_month_end:
            return last.astype("datetime64[ns]")
        day = begin.astype("datetime64[D]") + np.timedelta64(self.day.day - 1, "D")
        return np.minimum(day, last).astype("datetime64[ns]")


def panels(history: pd.DataFrame, groups: object = None) -> list[Panel]:
    """Return histories as panels, one for each distance between periods.

    Parameters
    ----------
    history : pandas.DataFrame
        series, period (a year or a date) and value; a row without a value is left out. Optionally
        bound_low and bound_high, the least and the most that a value can be.
    groups : mapping of series to group, pandas.Series, or str, optional
        The indicator of each series; a str names a column of `history`. Without it all series
        share one group.

    Returns
    -------
    list of Panel
        Ordered by step. Every series with a value is in exactly one.

    Raises
    ------
    ValueError
        If a column is missing, a series has two rows for one period or no group, a period is
        neither a year nor a date, or a value is infinite.
    """
    require_columns(history, ["series", "period", "value"])
    rows = history[history["value"].notna()].copy()
    rows["value"] = rows["value"].astype(float)
    wrong = np.isinf(rows["value"])
    if wrong.any():
        row = rows[wrong].iloc[0]
        raise ValueError(f"series {row['series']!r}, period {row['period']}: the value is infinite")
    rows["month"], dated = _months(rows["period"])
    rows["group"] = _groups(rows, groups)
    rows = rows.sort_values(["series", "month"], kind="stable", ignore_index=True)
    twice = rows.duplicated(["series", "month"])
    if twice.any():
        row = rows[twice].iloc[0]
        raise ValueError(f"two rows for series {row['series']!r}, period {row['period']}")
    rows["step"] = _steps(rows)
    for name, usual in (("bound_low", -np.inf), ("bound_high", np.inf)):
        given = rows[name].astype(float) if name in rows else pd.Series(np.nan, index=rows.index)
        rows[name] = given.fillna(usual) if name in rows else usual
    if "bound_low" not in history.columns:
        # What has never been below nothing anywhere is taken as something that cannot be.
        rows["bound_low"] = np.where(
            rows.groupby("group")["value"].transform("min") >= 0, 0.0, -np.inf
        )
    return [_panel(part, int(step), dated) for step, part in rows.groupby("step")]


def _months(period: pd.Series) -> tuple[pd.Series, bool]:
    """Return periods as months since the year 0, and whether they are dates."""
    if pd.api.types.is_numeric_dtype(period):
        months = period.astype(float) * YEAR
        if not np.allclose(months, months.round()):
            worst = period[~np.isclose(months, months.round())].iloc[0]
            raise ValueError(f"period {worst!r}: expected a year such as 2024, or a date")
        return months.round().astype("int64"), False
    try:
        days = pd.to_datetime(period)
    except (ValueError, TypeError) as error:
        raise ValueError(f"period: expected years such as 2024, or dates; {error}") from None
    return (days.dt.year * YEAR + days.dt.month - 1).astype("int64"), True


def _groups(rows: pd.DataFrame, groups: object) -> pd.Series:
    if groups is None:
        return pd.Series("", index=rows.index)
    if isinstance(groups, str):
        require_columns(rows, [groups])
        found = rows[groups]
    else:
        found = rows["series"].map(groups)
    if found.isna().any():
        name = rows.loc[found.isna(), "series"].iloc[0]
        raise ValueError(f"series {name!r} has no group; every series needs one, or none at all")
    return found


def _steps(rows: pd.DataFrame) -> pd.Series:
    """Return the months between two periods of each row's series: the usual distance."""
    gaps = rows.groupby("series", sort=False)["month"].diff()
    own = gaps.groupby(rows["series"], sort=False).median()
    usual = own.groupby(rows.groupby("series", sort=False)["group"].first()).median()
    fallback = rows.groupby("series", sort=False)["group"].first().map(usual).fillna(YEAR)
    step = own.fillna(fallback)
    # Within a year only steps that divide it have seasons; beyond, whole years.
    near = np.array([*MONTHS, *(YEAR * np.arange(1, 21))])
    step = near[np.abs(near[None, :] - step.to_numpy()[:, None]).argmin(axis=1)]
    return rows["series"].map(pd.Series(step, index=own.index))


def _panel(rows: pd.DataFrame, step: int, dated: bool) -> Panel:
    start = int(rows["month"].min())
    column = np.rint((rows["month"].to_numpy() - start) / step).astype(int)
    code, series = pd.factorize(rows["series"])
    # Two periods closer together than the usual distance fall on one column; the later one stays.
    values = np.full((len(series), int(column.max()) + 1), np.nan)
    values[code, column] = rows["value"].to_numpy()
    first = rows.drop_duplicates("series")
    group, names = pd.factorize(first["group"])
    return Panel(
        series=np.asarray(series),
        values=values,
        group=group,
        group_names=np.asarray(names),
        low=first["bound_low"].to_numpy(dtype=float),
        high=first["bound_high"].to_numpy(dtype=float),
        step=step,
        first=start,
        day=pd.Timestamp(rows["period"].iloc[-1]) if dated else None,
    )
