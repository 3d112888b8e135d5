"""The ground that every statistic stands on: checked input, and histories side by side."""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy.special import ndtri

PERIOD = ["period_start", "period_end"]
HISTORY = ["series", "area_code"]
"""What one history belongs to: the series of one area."""
YEAR = 365.2425
"""Days in a year, on average."""


def z_of(confidence: float) -> float:
    """Return the normal deviate of a two-sided confidence: 1.96 for 0.95.

    Raises
    ------
    ValueError
        If the confidence is not a fraction of at least 0.5 and below 1.
    """
    if not 0.5 <= confidence < 1:
        raise ValueError(
            f"confidence {confidence!r}: expected a fraction from 0.5 to below 1, such as 0.95"
        )
    return float(ndtri(0.5 + confidence / 2))


def require_columns(table: pd.DataFrame, columns: Iterable[str]) -> None:
    """Stop with the names of the columns that a table lacks, if any.

    Raises
    ------
    ValueError
        If a column is missing; names it and those that are there.
    """
    missing = [column for column in columns if column not in table.columns]
    if missing:
        raise ValueError(
            f"the table has no column {', '.join(missing)}; it has {', '.join(table.columns)}"
        )


@dataclass(frozen=True)
class Histories:
    """Histories side by side, one a row, their newest points in the last column.

    A history shorter than the longest begins with NaN. Only rows with all wanted columns are in.
    """

    keys: pd.MultiIndex
    """What each row of the arrays belongs to, in sorted order; shape (g,)."""
    columns: dict[str, np.ndarray]
    """An array of shape (g, t) for each wanted column."""
    start: np.ndarray
    """First day of each point's period as a decimal year; shape (g, t)."""
    end: np.ndarray
    """Last day of each point's period, plus one, as a decimal year; shape (g, t)."""
    labels: np.ndarray
    """The printed label of each point's period, or ''; shape (g, t), dtype object."""

    @property
    def n(self) -> np.ndarray:
        """How many points each history has; shape (g,)."""
        return (~np.isnan(self.start)).sum(axis=1)

    @property
    def time(self) -> np.ndarray:
        """The middle of each point's period as a decimal year; shape (g, t)."""
        return (self.start + self.end) / 2

    def newest(self, count: int) -> "Histories":
        """Return the histories' newest points alone, at most `count` of each."""
        part = np.s_[:, -count:]
        columns = {name: values[part] for name, values in self.columns.items()}
        return Histories(self.keys, columns, self.start[part], self.end[part], self.labels[part])

    def only(self, rows: np.ndarray) -> "Histories":
        """Return the histories that a mask or positions choose, without empty oldest columns."""
        columns = {name: values[rows] for name, values in self.columns.items()}
        chosen = Histories(
            self.keys[rows], columns, self.start[rows], self.end[rows], self.labels[rows]
        )
        longest = int(chosen.n.max(initial=0))
        return chosen.newest(longest) if longest else chosen


def histories(
    table: pd.DataFrame, columns: Iterable[str] = ("value",), *, by: Iterable[str] = HISTORY
) -> Histories:
    """Return the histories in a tidy table side by side.

    Parameters
    ----------
    table : pandas.DataFrame
        The columns of `by`, period_start and period_end (dates), the wanted ones, and period (the
        printed label) if there is one. One row a point.
    columns : iterable of str, optional
        What each point must have; a row without one of them is left out.
    by : iterable of str, optional
        What one history belongs to.

    Raises
    ------
    ValueError
        If a column is missing, or a history has two rows for one period.
    """
    columns, by = list(columns), list(by)
    require_columns(table, [*by, *PERIOD, *columns])
    known = table[table[columns].notna().all(axis=1)].sort_values([*by, *PERIOD])
    twice = known.duplicated([*by, *PERIOD])
    if twice.any():
        row = known[[*by, *PERIOD]].iloc[twice.argmax()]
        raise ValueError(f"two rows for {', '.join(str(part) for part in row)}; expected one")
    grouped = known.groupby(by, sort=True, observed=True)
    size = grouped.size()
    longest = int(size.max()) if len(size) else 0
    shape = len(size), longest
    place = grouped.ngroup().to_numpy(), longest - 1 - grouped.cumcount(ascending=False).to_numpy()

    def laid(values: np.ndarray) -> np.ndarray:
        array = np.full(shape, np.nan)
        array[place] = values
        return array

    labels = np.full(shape, "", dtype=object)
    if "period" in known:
        labels[place] = known["period"].to_numpy()
    keys = size.index if len(by) > 1 else pd.MultiIndex.from_arrays([size.index], names=by)
    return Histories(
        keys=keys,
        columns={name: laid(known[name].to_numpy(dtype=float)) for name in columns},
        start=laid(_years(known["period_start"])),
        end=laid(_years(known["period_end"] + pd.Timedelta(days=1))),
        labels=labels,
    )


def _years(days: pd.Series) -> np.ndarray:
    return 1970 + (days - pd.Timestamp(1970, 1, 1)).dt.days.to_numpy(dtype=float) / YEAR
