"""The change between two periods of each history, and whether it is real."""

from collections.abc import Iterable

import numpy as np
import pandas as pd

from outcomes.statistics.intervals.recovered import difference_interval
from outcomes.statistics.rows import HISTORY, PERIOD, require_columns
from outcomes.statistics.trend.answers import require_limits

CONFIDENCE = 0.95
LIMITS = ["value", "lower", "upper"]


def change(
    table: pd.DataFrame, first: str, last: str, *, by: Iterable[str] = HISTORY
) -> pd.DataFrame:
    """Return the change from one period to another in every history.

    Parameters
    ----------
    table : pandas.DataFrame
        The columns of `by`, period (label), period_start, period_end, value, lower and upper (95%
        limits; NaN where missing).
    first, last : str
        The periods' labels.
    by : iterable of str, optional
        What one history belongs to.

    Returns
    -------
    pandas.DataFrame
        Indexed by `by`, one row for every history that has a row for either period. first, last:
        the labels. difference: last minus first, with lower and upper limits, in the indicator's
        unit. ratio: last over first; NaN unless first is above 0. verdict: 'increased' or
        'decreased' if the interval leaves out 0, else 'could_be_chance'; 'not_tested' where a value
        or a limit is missing. n: periods with a value. method: 'difference_of_intervals' or, where
        the periods overlap, 'difference_of_overlapping_intervals'. confidence: 0.95. reason.

    Raises
    ------
    ValueError
        If a column is missing, a history has two rows for one period, or a lower limit lies above
        its upper limit.

    Notes
    -----
    The limits are recovered from those of the two figures, each side apart (Zou and Donner 2008).
    Overlapping periods correlate by the time they share, so the shared years cancel: for pools of
    three years one year apart, the correlation is 2/3.
    """
    by = list(by)
    require_columns(table, [*by, *PERIOD, "period", *LIMITS])
    sides = [_rows(table[table["period"] == label], by) for label in (first, last)]
    every = sides[0].index.union(sides[1].index)
    return _changes(*(side.reindex(every) for side in sides)).assign(first=first, last=last)


def newest_change(table: pd.DataFrame, *, by: Iterable[str] = HISTORY) -> pd.DataFrame:
    """Return the change in every history from the last but one period with a value to the last.

    Parameters, result and errors as `change`. A history with fewer than two values has the verdict
    'not_tested'; one with none is left out.
    """
    by = list(by)
    require_columns(table, [*by, *PERIOD, "period", *LIMITS])
    known = table[table["value"].notna()].sort_values([*by, *PERIOD])
    age = known.groupby(by, observed=True).cumcount(ascending=False)
    last = _rows(known[age == 0], by)
    first = _rows(known[age == 1], by).reindex(last.index)
    labels = {"first": first["period"].fillna(""), "last": last["period"]}
    return _changes(first, last).assign(**labels)


def _rows(rows: pd.DataFrame, by: list[str]) -> pd.DataFrame:
    twice = rows.duplicated(by).to_numpy()
    if twice.any():
        row = rows[[*by, "period"]].iloc[twice.argmax()]
        raise ValueError(f"two rows for {', '.join(str(part) for part in row)}; expected one")
    require_limits(rows)
    return rows.set_index(by)[[*PERIOD, "period", *LIMITS]]


def _changes(first: pd.DataFrame, last: pd.DataFrame) -> pd.DataFrame:
    """Return the changes between two tables of the same index; missing rows are all NaN."""
    old, new = (side[LIMITS].to_numpy(dtype=float).T for side in (first, last))
    difference = new[0] - old[0]
    shared = _shared(first, last)
    # The arms of independent figures, less what is common to both.
    low, high = difference_interval(*new, *old)
    down = (difference - low) ** 2 - 2 * shared * (new[0] - new[1]) * (old[2] - old[0])
    up = (high - difference) ** 2 - 2 * shared * (new[2] - new[0]) * (old[0] - old[1])
    lower = difference - np.sqrt(np.maximum(down, 0))
    upper = difference + np.sqrt(np.maximum(up, 0))
    values = ~np.isnan(np.stack([old[0], new[0]]))
    tested = ~np.isnan(lower) & ~np.isnan(upper)
    columns = {
        "first": "",
        "last": "",
        "difference": difference,
        "lower": lower,
        "upper": upper,
        "ratio": new[0] / np.where(old[0] > 0, old[0], np.nan),
        "verdict": np.select(
            [~tested, lower > 0, upper < 0],
            ["not_tested", "increased", "decreased"],
            default="could_be_chance",
        ),
        "n": values.sum(axis=0),
        "method": np.where(
            shared > 0, "difference_of_overlapping_intervals", "difference_of_intervals"
        ),
        "confidence": CONFIDENCE,
        "reason": np.select(
            [~values[0], ~values[1], ~tested],
            ["no value in the first period", "no value in the last period", "no limits"],
            default="",
        ),
    }
    return pd.DataFrame(columns, index=last.index)


def _shared(first: pd.DataFrame, last: pd.DataFrame) -> np.ndarray:
    """Return the correlation of two figures from the time that their periods share."""
    start, end = ([side[name] for side in (first, last)] for name in PERIOD)
    day = pd.Timedelta(days=1)
    length = [(until - since + day) / day for since, until in zip(start, end, strict=True)]
    until, since = np.minimum(*end), np.maximum(*start)
    shared = ((until - since + day) / day).clip(lower=0) / np.sqrt(length[0] * length[1])
    return shared.fillna(0).to_numpy(dtype=float)
