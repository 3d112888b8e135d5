"""One step in a history, a change of level beyond a straight trend, at a stated false-alarm rate."""

from collections.abc import Iterable
from functools import lru_cache

import numpy as np
import pandas as pd

from outcomes.statistics.rows import HISTORY, Histories, histories
from outcomes.statistics.trend.answers import pick
from outcomes.statistics.trend.pooled import irregular

FEWEST = 8
SIDE = 3
"""How many points a step must have before it, and after it."""
DRAWS = 19_999


def steps(
    table: pd.DataFrame, *, by: Iterable[str] = HISTORY, false_alarm: float = 0.05
) -> pd.DataFrame:
    """Return the largest step of every history, where it is larger than chance makes it.

    Parameters
    ----------
    table : pandas.DataFrame
        The columns of `by`, period_start, period_end, value (NaN is left out) and, if there is
        one, period.
    by : iterable of str, optional
        What one history belongs to.
    false_alarm : float, optional
        How often a straight line with independent normal noise is said to have a step.

    Returns
    -------
    pandas.DataFrame
        Indexed by `by`, one row for every history with a value. found (bool); at: label of the
        first period after the step; size, size_lower, size_upper: the change of level beyond the
        trend, in the indicator's unit; these are '' and NaN where none is found. p; n (points);
        false_alarm; confidence (1 - false_alarm, of the limits); method 'largest_step'; reason:
        why nothing was looked for, or that a smooth bend (a parabola) fits as well; or ''.

    Raises
    ------
    ValueError
        If a column is missing, a history has two rows for one period, or false_alarm is not a
        fraction from 0.001 to 0.5.

    Notes
    -----
    For each place with three points or more on either side, value = level + trend + step is fitted
    by least squares; the test is the largest absolute t of the step over all places. Its
    distribution without a step depends on the number of points alone and is simulated (19,999
    draws, seeded); it is the supF test of Andrews (1993, Econometrica 61) for a change of level.
    The limits use the same distribution, so they allow for the step having been chosen as the
    largest. Points that depend on one another from year to year raise more false alarms.
    """
    if not 0.001 <= false_alarm <= 0.5:
        raise ValueError(f"false_alarm {false_alarm!r}: expected a fraction from 0.001 to 0.5")
    past = histories(table, by=by)
    refused = irregular(past)
    few = (past.n < FEWEST) & (refused == "")
    columns = {"found": False, "at": "", "size": np.nan, "size_lower": np.nan}
    columns |= {"size_upper": np.nan, "p": np.nan, "n": past.n, "false_alarm": false_alarm}
    columns |= {"confidence": 1 - false_alarm, "method": "largest_step"}
    reason = np.where(few, f"at least {FEWEST} points are needed", refused)
    found = pd.DataFrame(columns | {"reason": reason}, index=past.keys)
    for n in np.unique(past.n[reason == ""]):
        rows = (reason == "") & (past.n == n)
        for name, values in _largest(pick(past, rows), int(n), false_alarm).items():
            found.loc[rows, name] = values
    return found


def added_terms(value: np.ndarray, terms: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return size and t of each of several terms, added singly to a straight line.

    Parameters
    ----------
    value : array of float, shape (g, n)
        Evenly spaced in time, without missing values.
    terms : array of float, shape (n, k)
        None of them a straight line.

    Returns
    -------
    size, t : array of float, shape (g, k)
        By least squares. t is 0 where all points lie on a straight line, and infinite where the
        line and the term fit without rest.
    """
    value = np.asarray(value, dtype=float)
    n = value.shape[1]
    line = np.linalg.qr(np.vander(np.arange(n) - (n - 1) / 2, 2))[0]
    terms = terms - line @ (line.T @ terms)
    centred = value - value.mean(axis=1, keepdims=True)
    rest = centred - centred @ line @ line.T
    total = (rest**2).sum(axis=1, keepdims=True)
    nothing = 1e-24 * (value**2).sum(axis=1, keepdims=True)
    room = (terms**2).sum(axis=0)
    size = rest @ terms / room
    left = total - size**2 * room
    left = np.where(left > np.maximum(1e-12 * total, nothing), left, 0)
    with np.errstate(divide="ignore", invalid="ignore"):
        t = size * np.sqrt(room * (n - 3) / left)
    return size, np.where(total <= nothing, 0, t)


def step_terms(n: int) -> np.ndarray:
    """Return a step just before each of the points 3 to n - 3, from 0; shape (n, n - 5)."""
    return (np.arange(n)[:, None] >= np.arange(SIDE, n - SIDE + 1)).astype(float)


@lru_cache(maxsize=64)
def largest_by_chance(n: int) -> np.ndarray:
    """Return the largest absolute t of 19,999 histories of n points without a step, sorted."""
    noise = np.random.default_rng([n, DRAWS]).standard_normal((DRAWS, n))
    return np.sort(np.abs(added_terms(noise, step_terms(n))[1]).max(axis=1))


def _largest(past: Histories, n: int, false_alarm: float) -> dict[str, np.ndarray]:
    value = past.columns["value"]
    size, t = added_terms(value, step_terms(n))
    _, bend = added_terms(value, np.arange(n)[:, None] ** 2.0)
    rows, place = np.arange(len(t)), np.abs(t).argmax(axis=1)
    size, t = size[rows, place], np.abs(t[rows, place])
    chance = largest_by_chance(n)
    as_large = DRAWS - np.searchsorted(chance, t, side="left")
    p = (as_large + 1) / (DRAWS + 1)
    large = p <= false_alarm
    found = large & (t > np.abs(bend[:, 0]))
    # The largest t that is not called a step: the limits of a step that is found leave out 0.
    critical = chance[DRAWS - int(false_alarm * (DRAWS + 1) + 1e-9)]
    margin = critical * np.abs(size) / np.where(found, t, 1)
    shown = {"size": size, "size_lower": size - margin, "size_upper": size + margin}
    label = np.where(found, past.labels[rows, place + SIDE], "")
    shown = {name: np.where(found, values, np.nan) for name, values in shown.items()}
    reason = np.where(large & ~found, "a smooth bend fits as well", "")
    return {"found": found, "at": label, "p": p, "reason": reason} | shown
