"""The groups of one area and period side by side, and what is put together from several groups."""

from collections.abc import Iterable, Sequence

import numpy as np
import pandas as pd

from outcomes.statistics.rows import require_columns


def side_by_side(
    table: pd.DataFrame,
    columns: Iterable[str],
    *,
    by: Iterable[str],
    across: str,
    order: Sequence | None = None,
) -> tuple[pd.DataFrame, list, dict[str, np.ndarray]]:
    """Return keys (g rows), labels (k) and an array of shape (g, k) for each column.

    Parameters
    ----------
    table : pandas.DataFrame
        One row for each combination of `by` and `across`; a missing row gives NaN.
    columns : iterable of str
        The numbers wanted. One that the table lacks is NaN throughout.
    by : iterable of str
        What one row of the arrays belongs to.
    across : str
        The column whose labels become the arrays' columns.
    order : sequence, optional
        The wanted labels; all, sorted, if None.

    Raises
    ------
    ValueError
        If a column of `by` or `across` is missing, or two rows have the same place.
    """
    by, columns = list(by), list(columns)
    require_columns(table, [*by, across])
    require_once(table, [*by, across])
    labels = sorted(table[across].unique()) if order is None else list(order)
    rows = pd.MultiIndex.from_frame(table[by])
    keys = rows.unique().sort_values()
    column = pd.Index(labels).get_indexer(table[across])
    place = keys.get_indexer(rows)[column >= 0], column[column >= 0]

    def laid(name: str) -> np.ndarray:
        array = np.full((len(keys), len(labels)), np.nan)
        if name in table:
            array[place] = table[name].to_numpy(dtype=float)[column >= 0]
        return array

    return keys.to_frame(index=False), labels, {name: laid(name) for name in columns}


def require_once(table: pd.DataFrame, keys: list[str]) -> None:
    """Stop where two rows have the same keys; name the keys."""
    twice = table.duplicated(keys)
    if twice.any():
        raise ValueError(f"two rows for {where(table, keys, twice)}; expected one")


def where(table: pd.DataFrame, keys: list[str], wrong: pd.Series) -> str:
    """Return the keys of the first wrong row, for a message."""
    return ", ".join(str(part) for part in table[keys].iloc[int(np.argmax(wrong))])


def combined_limits(
    weights: np.ndarray, value: np.ndarray, lower: np.ndarray, upper: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Return the limits of the weighted sum of independent figures over the last axis.

    Each side is kept as it is. Exact where the figures are normal.

    References
    ----------
    Zou, Huang and Zhang (2009), A note on confidence interval estimation for a linear function of
    binomial proportions, Computational Statistics and Data Analysis 53.
    """
    total = (weights * value).sum(axis=-1)
    ends = weights * (lower - value), weights * (upper - value)
    down, up = np.minimum(*ends), np.maximum(*ends)
    return total - np.sqrt((down**2).sum(axis=-1)), total + np.sqrt((up**2).sum(axis=-1))


def named(chosen: np.ndarray, labels: Sequence) -> np.ndarray:
    """Return for each row the chosen labels, parted by commas; `chosen` has shape (g, k)."""
    words = np.array([f", {label}" for label in labels], dtype=object)
    joined = np.full(len(chosen), "", dtype=object)
    for position, word in enumerate(words):
        joined = joined + np.where(chosen[:, position], word, "").astype(object)
    return np.array([text[2:] for text in joined], dtype=object)
