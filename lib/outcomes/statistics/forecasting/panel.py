"""Histories on a common calendar: the ground on which forecasts of many areas learn together."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from outcomes.statistics.rows import require_columns

MONTHS = (1, 2, 3, 4, 6)
"""Distances between periods within a year, in months, that divide it into seasons."""
YEAR = 12
LAST_YEAR = 9999


@dataclass(frozen=True)
class Panel:
    """Histories whose periods lie equally far apart, one a row, one column a period.

    A period without a figure is NaN. `group` numbers what each history is compared and learned
    with: the areas of one indicator.
    """

    series: np.ndarray
    """What each row belongs to; shape (s,)."""
    figures: np.ndarray
    """Shape (s, t)."""
    group: np.ndarray
    """Whole numbers from 0; shape (s,)."""
    group_names: np.ndarray
    low: np.ndarray
    """The lowest and highest value that can be, as known at each figure; -inf and inf without one;
    shape (s, t)."""
    high: np.ndarray
    step: int
    """Months between two periods."""
    first: int
    """Months since the year 0 of the first column."""
    days: np.ndarray | None
    """The day of the month of each history's periods, 31 where it is the last; shape (s,). None
    where periods are years."""

    @property
    def seasons(self) -> int:
        """How many periods make a year; 1 for yearly figures or ones further apart."""
        return YEAR // self.step if self.step in MONTHS else 1

    def periods(self, rows: np.ndarray, columns: np.ndarray) -> np.ndarray:
        """Return the periods of some histories' columns as they were given: years, or days."""
        months = self.first + np.asarray(columns) * self.step
        if self.days is None:
            return months // YEAR
        begin = (months.astype("int64") - 1970 * YEAR).astype("datetime64[M]")
        last = (begin + 1).astype("datetime64[D]") - np.timedelta64(1, "D")
        day = begin.astype("datetime64[D]") + (self.days[rows] - 1).astype("timedelta64[D]")
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
        One for each distance between periods and month of the year. Every series with a value is
        in exactly one.

    Raises
    ------
    ValueError
        If a column is missing, a figure has no series or no period, a series has two rows for one
        period or no group, a period is neither a year nor a date, a value is infinite, or a
        bound_low is above its bound_high.
    """
    require_columns(history, ["series", "period", "value"])
    rows = history[history["value"].notna()].copy()
    rows["value"] = rows["value"].astype(float)
    wrong = np.isinf(rows["value"])
    if wrong.any():
        row = rows[wrong].iloc[0]
        raise ValueError(f"series {row['series']!r}, period {row['period']}: the value is infinite")
    for name in ("series", "period"):
        if rows[name].isna().any():
            raise ValueError(f"a row with a value has no {name}; every one needs it")
    rows["group"] = _groups(rows, groups)
    rows["month"], dated = _months(rows["period"])
    rows["number"], rows["name"] = pd.factorize(rows["series"])[0], rows["series"].astype(str)
    rows = rows.sort_values(["name", "number", "month"], kind="stable", ignore_index=True)
    twice = rows.duplicated(["number", "month"])
    if twice.any():
        row = rows[twice].iloc[0]
        raise ValueError(f"two rows for series {row['series']!r}, period {row['period']}")
    rows["step"] = _steps(rows, grouped=groups is not None)
    rows["bound_low"], rows["bound_high"] = _bounds(rows)
    rows["phase"] = _phases(rows, "number" if groups is None else "group")
    return [
        _panel(part, int(step), int(phase), dated)
        for (step, phase), part in rows.groupby(["step", "phase"])
    ]


def _months(period: pd.Series) -> tuple[pd.Series, bool]:
    """Return periods as months since the year 0, and whether they are dates."""
    if pd.api.types.is_numeric_dtype(period):
        wrong = (period.astype(float) % 1 != 0) | (period > LAST_YEAR)
        if wrong.any():
            worst = period[wrong].iloc[0]
            raise ValueError(f"period {worst}: expected a year such as 2024, or a date")
        return period.astype("int64") * YEAR, False
    text = pd.api.types.infer_dtype(period) == "string"
    try:
        # Written otherwise, '2011/12' would be a December.
        days = pd.to_datetime(period, format="%Y-%m-%d" if text else None)
    except (ValueError, TypeError):
        raise ValueError(
            f"period {period.iloc[0]}: expected years such as 2024, or dates such as 2024-03-31"
        ) from None
    return (days.dt.year * YEAR + days.dt.month - 1).astype("int64"), True


def _bounds(rows: pd.DataFrame) -> tuple[pd.Series, pd.Series]:
    """Return the lowest and the highest value that can be, as known at each row."""
    low, high = (
        rows[name].astype(float) if name in rows else pd.Series(np.nan, index=rows.index)
        for name in ("bound_low", "bound_high")
    )
    wrong = low > high
    if wrong.any():
        name = rows.loc[wrong, "series"].iloc[0]
        raise ValueError(f"series {name!r}: bound_low is above bound_high")
    if "bound_low" not in rows:
        # What has never been below nothing anywhere is taken as something that cannot be.
        least = rows.groupby(["group", "month"])["value"].min()
        least = least.groupby(level="group").cummin().rename("least")
        least = rows[["group", "month"]].join(least, on=["group", "month"])["least"]
        low = low.mask(least >= 0, 0.0)
    return low.fillna(-np.inf), high.fillna(np.inf)


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


def _steps(rows: pd.DataFrame, *, grouped: bool) -> pd.Series:
    """Return the months between two periods of each row's series: the usual distance."""
    each = rows.groupby("number", sort=False)
    own = each["month"].diff().groupby(rows["number"], sort=False).median()
    # Within a year only steps that divide it have seasons; beyond, whole years.
    near = np.array([*MONTHS, *(YEAR * np.arange(1, 21))])
    nearest = near[np.abs(near[None, :] - own.to_numpy()[:, None]).argmin(axis=1)]
    own = pd.Series(nearest, index=own.index, dtype=float).where(own.notna())
    group = each["group"].first()
    usual = group.map(own.groupby(group).quantile(0.5, interpolation="lower"))
    usual = usual.astype(float).fillna(YEAR)
    # Where the areas of an indicator have figures more often, an area with few of them has gaps.
    own = own.mask(grouped & (own % usual == 0), usual).fillna(usual)
    return rows["number"].map(own.astype(int))


def _phases(rows: pd.DataFrame, by: str) -> pd.Series:
    """Return in which month of its step each row's group, or series, usually has its figures."""
    phase = rows["month"] % rows["step"]
    count = rows.assign(phase=phase).groupby([by, "step", "phase"]).size()
    usual = count.sort_values(kind="stable").reset_index().drop_duplicates(
        [by, "step"], keep="last"
    )  # fmt: skip
    keys = pd.MultiIndex.from_frame(rows[[by, "step"]])
    found = usual.set_index([by, "step"])["phase"].reindex(keys)
    return pd.Series(found.to_numpy(), index=rows.index)


def _panel(rows: pd.DataFrame, step: int, phase: int, dated: bool) -> Panel:
    column = np.floor((rows["month"].to_numpy() - phase) / step + 0.5).astype(int)
    start = int(column.min())
    column -= start
    code = pd.factorize(rows["number"])[0]
    # Two periods closer together than the usual distance fall on one column; the later one stays.
    shape = int(code.max()) + 1, int(column.max()) + 1

    def laid(name: str) -> np.ndarray:
        array = np.full(shape, np.nan)
        array[code, column] = rows[name].to_numpy(dtype=float)
        return array

    first = rows.drop_duplicates("number")
    group, names = pd.factorize(first["group"])
    return Panel(
        series=first["series"].to_numpy(),
        figures=laid("value"),
        group=group,
        group_names=np.asarray(names),
        low=laid("bound_low"),
        high=laid("bound_high"),
        step=step,
        first=start * step + phase,
        days=_days(rows.drop_duplicates("number", keep="last")["period"]) if dated else None,
    )


def _days(period: pd.Series) -> np.ndarray:
    """Return the day of the month of some dates; 31 for the last day of a month."""
    days = pd.to_datetime(period).dt
    return np.where(days.is_month_end, 31, days.day)
