"""One step in a history, a change of level beyond a straight trend, at a stated false-alarm rate."""

from collections.abc import Iterable
from functools import lru_cache

import numpy as np
import pandas as pd

from outcomes.statistics.rows import HISTORY, Histories, histories
from outcomes.statistics.trend.pooled import irregular

FEWEST = 8
SIDE = 3
"""How many points a step must have before it, and after it."""
ROUNDING = 1e-24
"""Squares of this share of the values' own are error of arithmetic."""
DRAWS = 19_999
GRID = 10
"""Into how many parts of 1 autocorrelations are rounded, upwards."""
MOST = 0.9
"""The largest autocorrelation that is allowed for; a larger one counts as this."""


def steps(
    table: pd.DataFrame,
    *,
    by: Iterable[str] = HISTORY,
    false_alarm: float = 0.05,
    autocorrelation: pd.Series | float | None = None,
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
        How often a straight line with normal noise of this autocorrelation is said to have a step.
    autocorrelation : pandas.Series or float, optional
        How noise follows that of the period before, from -1 to 1: one number for all, or a Series
        indexed by some of `by`, such as the rho of `autocorrelation`. Independent noise if not
        given. Below 0 counts as 0; a history that the Series does not know is not looked at.

    Returns
    -------
    pandas.DataFrame
        Indexed by `by`, one row for every history with a value. found (bool); at: label of the
        first period after the step; size, size_lower, size_upper: the change of level beyond the
        trend, in the indicator's unit; these are '' and NaN where none is found. p; n (points);
        false_alarm; rho: the autocorrelation allowed for, rounded up to tenths, at most 0.9, NaN
        where not known; confidence (1 - false_alarm, of the limits); method 'largest_step';
        reason: why nothing was looked for, or that a smooth bend (a parabola) fits as well; or ''.

    Raises
    ------
    ValueError
        If a column is missing, a history has two rows for one period, false_alarm is not a
        fraction from 0.001 to 0.5, or an autocorrelation is not from -1 to 1, is indexed by
        anything but some of `by`, or gives one of them twice.

    Notes
    -----
    For each place with three points or more on either side, value = level + trend + step is fitted
    by generalised least squares for noise in which each point follows the one before (AR(1), Prais
    and Winsten 1954); the test is the largest absolute t of the step over all places. Its
    distribution without a step depends on the number of points and rho alone and is simulated
    (19,999 draws, seeded); it is the supF test of Andrews (1993, Econometrica 61) for a change of
    level. The limits use the same distribution, so they allow for the step having been chosen as
    the largest. Where rho is larger than allowed for, there are more false alarms.
    """
    if not 0.001 <= false_alarm <= 0.5:
        raise ValueError(f"false_alarm {false_alarm!r}: expected a fraction from 0.001 to 0.5")
    past = histories(table, by=by)
    refused = irregular(past)
    rho = _allowed(autocorrelation, past.keys)
    unknown = f"at least {FEWEST} points are needed", "its autocorrelation is not known"
    reason = np.select(
        [refused != "", past.n < FEWEST, np.isnan(rho)], [refused, *unknown], default=""
    ).astype(object)
    g = len(past.keys)
    columns = {"found": np.zeros(g, dtype=bool), "at": np.full(g, "", dtype=object)}
    columns |= {name: np.full(g, np.nan) for name in ("size", "size_lower", "size_upper", "p")}
    columns |= {"n": past.n, "false_alarm": false_alarm, "rho": rho}
    columns |= {"confidence": 1 - false_alarm, "method": "largest_step", "reason": reason}
    kinds = np.column_stack([past.n, rho])
    for n, tied in np.unique(kinds[reason == ""], axis=0):
        rows = np.flatnonzero((kinds == (n, tied)).all(axis=1) & (refused == ""))
        for name, values in _largest(past.only(rows), float(tied), false_alarm).items():
            columns[name][rows] = values
    return pd.DataFrame(columns, index=past.keys).astype(
        dict.fromkeys(["at", "method", "reason"], "str")
    )


def added_terms(
    value: np.ndarray, terms: np.ndarray, rho: float = 0.0
) -> tuple[np.ndarray, np.ndarray]:
    """Return size and t of each of several terms, added singly to a straight line.

    Parameters
    ----------
    value : array of float, shape (g, n)
        Evenly spaced in time, without missing values.
    terms : array of float, shape (n, k)
        None of them a straight line.
    rho : float, optional
        The autocorrelation of the noise, from 0 to below 1.

    Returns
    -------
    size, t : array of float, shape (g, k)
        By generalised least squares. t is 0 where all points lie on a straight line, and infinite
        where the line and the term fit without rest.
    """
    value = np.asarray(value, dtype=float)
    n = value.shape[1]
    terms, rest = about_line(terms.T, rho).T, about_line(value, rho)
    total = (rest**2).sum(axis=1, keepdims=True)
    nothing = ROUNDING * (value**2).sum(axis=1, keepdims=True)
    room = (terms**2).sum(axis=0)
    size = rest @ terms / room
    left = total - size**2 * room
    left = np.where(left > np.maximum(1e-12 * total, nothing), left, 0)
    with np.errstate(divide="ignore", invalid="ignore"):
        t = size * np.sqrt(room * (n - 3) / left)
    return size, np.where(total <= nothing, 0, t)


def about_line(value: np.ndarray, rho: float = 0.0) -> np.ndarray:
    """Return what a straight line leaves of each history, made independent; shape (g, n)."""
    n = value.shape[1]
    independent = whitening(n, rho)
    line = np.linalg.qr(independent @ np.vander(np.arange(n) - (n - 1) / 2, 2))[0]
    rest = (value - value.mean(axis=1, keepdims=True)) @ independent.T
    return rest - rest @ line @ line.T


def whitening(n: int, rho: float) -> np.ndarray:
    """Return the matrix that makes AR(1) noise independent, of equal variance; shape (n, n)."""
    matrix = np.eye(n) - rho * np.eye(n, k=-1)
    matrix[0, 0] = np.sqrt(1 - rho**2)
    return matrix


def step_terms(n: int) -> np.ndarray:
    """Return a step just before each of the points 3 to n - 3, from 0; shape (n, n - 5)."""
    return (np.arange(n)[:, None] >= np.arange(SIDE, n - SIDE + 1)).astype(float)


@lru_cache(maxsize=256)
def largest_by_chance(n: int, rho: float = 0.0) -> np.ndarray:
    """Return the largest absolute t of 19,999 histories of n points without a step, sorted."""
    noise = np.random.default_rng([n, DRAWS]).standard_normal((DRAWS, n))
    noise = np.linalg.solve(whitening(n, rho), noise.T).T
    return np.sort(np.abs(added_terms(noise, step_terms(n), rho)[1]).max(axis=1))


def _allowed(given: pd.Series | float | None, keys: pd.MultiIndex) -> np.ndarray:
    """Return the autocorrelation to allow for in each history; NaN where it is not known."""
    if isinstance(given, pd.Series):
        names = list(given.index.names)
        if not set(names) <= set(keys.names):
            raise ValueError(
                f"autocorrelation is indexed by {names}: expected some of {list(keys.names)}"
            )
        wanted, known = keys.to_frame(index=False)[names], given.rename("rho").reset_index()
        rho = wanted.merge(known, how="left", on=names, validate="many_to_one")["rho"].to_numpy()
    else:
        rho = np.full(len(keys), 0.0 if given is None else given)
    beyond = np.abs(rho) > 1
    if beyond.any():
        raise ValueError(f"autocorrelation {rho[beyond.argmax()]}: expected a number from -1 to 1")
    return np.ceil(np.clip(rho, 0, MOST) * GRID - 1e-9) / GRID + 0.0


def _largest(past: Histories, rho: float, false_alarm: float) -> dict[str, np.ndarray]:
    value = past.columns["value"]
    n = value.shape[1]
    size, t = added_terms(value, step_terms(n), rho)
    _, bend = added_terms(value, np.arange(n)[:, None] ** 2.0, rho)
    rows, place = np.arange(len(t)), np.abs(t).argmax(axis=1)
    size, t = size[rows, place], np.abs(t[rows, place])
    chance = largest_by_chance(n, rho)
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
