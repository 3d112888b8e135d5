"""Counts in tables: checked, laid out by age band, and blanked where there is a reason."""

from collections.abc import Iterable

import numpy as np
import pandas as pd

from outcomes.statistics.rows import require_columns

AGE_BAND = "age_band"


def refuse(table: pd.DataFrame, wrong: pd.Series, column: str, expected: str) -> None:
    """Stop at the first row that is wrong; names the row's label, the column and the value."""
    if wrong.any():
        place = int(np.argmax(wrong.to_numpy()))
        raise ValueError(
            f"row {table.index[place]}: {column} {table[column].iloc[place]}: expected {expected}"
        )


def counts(table: pd.DataFrame, columns: Iterable[str]) -> pd.DataFrame:
    """Return the table with those columns as floats, none of them negative or infinite."""
    columns = list(columns)
    require_columns(table, columns)
    table = table.astype(dict.fromkeys(columns, float))
    for column in columns:
        refuse(table, (table[column] < 0) | np.isinf(table[column]), column, "0 or more")
    return table


def by_band(
    table: pd.DataFrame, by: list[str], bands: pd.Index, columns: list[str]
) -> tuple[pd.DataFrame, list[np.ndarray]]:
    """Return a row for each group, and its figures by age band.

    Parameters
    ----------
    table : pandas.DataFrame
        Columns of `by`, age_band and `columns`; one row a group and band, in any order.
    by : list of str
        What one group belongs to.
    bands : pandas.Index
        The age bands, in the order wanted.
    columns : list of str

    Returns
    -------
    keys : pandas.DataFrame
        The columns of `by`, one row a group, sorted; g rows.
    arrays : list of array of float, shape (g, b)
        One for each of `columns`; NaN where a group has no row or no figure for a band.

    Raises
    ------
    ValueError
        If a column is missing, a band is not among `bands`, or a group has two rows for a band.
    """
    require_columns(table, [*by, AGE_BAND, *columns])
    band = bands.get_indexer(table[AGE_BAND])
    known = f"one of {', '.join(map(str, bands))}"
    refuse(table, pd.Series(band < 0, index=table.index), AGE_BAND, known)
    refuse(table, table.duplicated([*by, AGE_BAND]), AGE_BAND, "one row for each group and band")
    grouped = table.groupby(by, sort=True, dropna=False, observed=True)
    keys = grouped.size().reset_index()[by]
    place = grouped.ngroup().to_numpy(), band
    arrays = []
    for column in columns:
        array = np.full((len(keys), len(bands)), np.nan)
        array[place] = table[column].to_numpy(dtype=float)
        arrays.append(array)
    return keys, arrays


def first_band(wrong: np.ndarray, bands: pd.Index, text: str) -> np.ndarray:
    """Return `text` and the first band that is wrong for each group, '' where none is."""
    if not len(bands):
        return np.full(len(wrong), "", dtype=object)
    named = np.array([f"{text} {band}" for band in bands], dtype=object)
    return np.where(wrong.any(axis=1), named[wrong.argmax(axis=1)], "")


def first_reason(*reasons: np.ndarray) -> np.ndarray:
    """Return the first reason that is not '' for each group."""
    return np.select([reason != "" for reason in reasons], reasons, default="").astype(object)


def blank(reason: np.ndarray, *arrays: np.ndarray) -> list[np.ndarray]:
    """Return the arrays with NaN where there is a reason."""
    return [np.where(reason == "", array, np.nan) for array in arrays]


def named(reason: np.ndarray, method: str | np.ndarray) -> np.ndarray:
    """Return the method of each value, '' where there is a reason for having none."""
    return np.where(reason == "", method, "").astype(object)


def listed(by: str | Iterable[str]) -> list[str]:
    """Return one name or several as a list of names."""
    return [by] if isinstance(by, str) else list(by)
