"""Whether a gap is closing: the verdict of the gap's own trend, with its uncertainty."""

from collections.abc import Iterable

import numpy as np
import pandas as pd
from scipy.special import ndtr, ndtri, stdtr, stdtrit

from outcomes.statistics.rows import HISTORY, Histories, histories, z_of
from outcomes.statistics.trend.monotone import monotone_trend
from outcomes.statistics.trend.pooled import overlap_shares

FEWEST = 5
"""Points that a verdict needs."""
ENDS = 3
"""Without limits, a side is certain at an end if so many points there agree on it."""
PUBLISHED = 0.95


def gap_trend(
    table: pd.DataFrame, *, by: Iterable[str] = HISTORY, confidence: float = 0.95
) -> pd.DataFrame:
    """Return for each history of a gap whether the gap is closing.

    Parameters
    ----------
    table : pandas.DataFrame
        The columns of `by`, period_start, period_end and value, one gap a row; lower and upper
        (95% limits) if there are any; and measure if there is one, as `gap` returns it: 'ratio'
        for gaps of which 1 means none, 'difference' for 0. Rows without a value are left out.
    by : iterable of str, optional
        What one history belongs to; measure is added to it.
    confidence : float, optional
        A gap moves if its trend's p is at most 1 - confidence.

    Returns
    -------
    pandas.DataFrame
        The columns of `by`, measure; verdict: 'closing' (towards no gap), 'widening', 'reversed'
        (certainly on one side first and on the other at last) or 'cannot_tell'; slope, slope_lower
        and slope_upper (units a year, of the natural logarithm for ratios); p; n; first and last
        (the gap's first and last value); dispersion (residual chi-squared over its degrees of
        freedom, NaN without limits); method ('generalised_least_squares',
        'mann_kendall', 'mann_kendall_overlapping' or 'none'), confidence and reason.

    Raises
    ------
    ValueError
        If a column is missing, a history has two rows for a period, a limit lies on the wrong side
        of its value, or a ratio is not above 0.

    Notes
    -----
    At least five points are needed. Where all points have limits, a straight line is fitted by
    generalised least squares with the variances known from the limits, and with the correlation of
    periods that share years. Points that scatter more than their limits allow widen the interval
    by the residual chi-squared, and Student's t is used. Elsewhere Mann-Kendall's test and the
    Theil-Sen slope are used. A side is certain at an end where the fitted line's interval there
    excludes no gap; without limits, where the three points there agree. With no certain side at
    either end there is no verdict.

    References
    ----------
    Aitken (1936), generalised least squares; Birge (1932), Physical Review 40, for the dispersion.
    """
    table, by = _prepared(table), [*by, "measure"]
    past = histories(table, by=by)
    limited = (table["error"] > 0) & np.isfinite(table["error"])
    with_limits = limited.groupby([table[key] for key in by], observed=True).transform("all")
    fits = [
        _line(histories(table[with_limits], ["value", "error"], by=by), confidence),
        _monotone(table[~with_limits], by, confidence),
    ]
    found = pd.concat([fit for fit in fits if len(fit)]) if len(table) else fits[0]
    found = found.reindex(past.keys)
    return _verdicts(found, past, confidence)


def _prepared(table: pd.DataFrame) -> pd.DataFrame:
    """Return the rows with a value; ratios and their errors as natural logarithms."""
    if "measure" not in table:
        table = table.assign(measure="difference")
    table = table[table["value"].notna()].reset_index(drop=True)
    unknown = ~table["measure"].isin(["difference", "ratio"])
    ratio = (table["measure"] == "ratio").to_numpy()
    sides = [table.get(side, pd.Series(np.nan, table.index)) for side in ("lower", "upper")]
    value, lower, upper = (column.to_numpy(dtype=float) for column in (table["value"], *sides))
    slack = 1e-9 * np.maximum(1, np.abs(value))
    rules = [
        (unknown.to_numpy(), "measure", "'difference' or 'ratio'"),
        (ratio & (value <= 0), "value", "a ratio above 0"),
        ((lower > value + slack) | (upper < value - slack), "value", "one between its limits"),
    ]
    for wrong, column, expected in rules:
        if wrong.any():
            row = wrong.argmax()
            raise ValueError(f"row {row}: {column} {table[column][row]}: expected {expected}")
    with np.errstate(divide="ignore", invalid="ignore"):
        on_log = [np.where(ratio, np.log(part), part) for part in (value, lower, upper)]
    value, lower, upper = on_log
    return table.assign(value=value, error=(upper - lower) / (2 * z_of(PUBLISHED)))


def _line(past: Histories, confidence: float) -> pd.DataFrame:
    """Return the straight line through each history, by generalised least squares."""
    y, n = past.columns["value"], past.n
    there = ~np.isnan(y)
    count = np.maximum(there.sum(axis=1), 1)
    when = np.where(there, past.time, 0)
    when = np.where(there, when - (when.sum(axis=1) / count)[:, None], 0)
    error = np.where(there, past.columns["error"], 1)
    shares = overlap_shares(past)
    alike = np.linalg.eigvalsh(shares).min(axis=1, initial=np.inf) < 1e-6
    enough = (n >= FEWEST) & ~alike
    design = np.stack([there, when], axis=2)[enough]
    inverse = np.linalg.inv((shares * error[:, :, None] * error[:, None, :])[enough])
    weighted = np.swapaxes(design, 1, 2) @ inverse
    variance = np.linalg.inv(weighted @ design)
    observed = np.where(there, y, 0)[enough][:, :, None]
    line = variance @ weighted @ observed
    rest = observed - design @ line
    freedom = n[enough] - 2
    dispersion = (np.swapaxes(rest, 1, 2) @ inverse @ rest)[:, 0, 0] / freedom
    variance = variance * np.maximum(dispersion, 1)[:, None, None]
    more = dispersion > 1
    reach = np.where(more, stdtrit(freedom, 0.5 + confidence / 2), ndtri(0.5 + confidence / 2))
    slope, slope_error = line[:, 1, 0], np.sqrt(variance[:, 1, 1])
    t = -np.abs(slope) / slope_error
    fitted = {
        "slope": slope,
        "slope_lower": slope - reach * slope_error,
        "slope_upper": slope + reach * slope_error,
        "p": 2 * np.where(more, stdtr(freedom, t), ndtr(t)),
        "dispersion": dispersion,
        "begin": _certain(line, variance, when[enough].min(axis=1, initial=0), reach),
        "finish": _certain(line, variance, when[enough].max(axis=1, initial=0), reach),
    }
    found = pd.DataFrame(fitted, index=past.keys[enough]).reindex(past.keys)
    reason = np.select(
        [n < FEWEST, alike],
        [f"at least {FEWEST} points are needed", "some periods are made up of others"],
        default="",
    )
    return found.assign(reason=reason, method="generalised_least_squares")


def _certain(line, variance, when: np.ndarray, reach: np.ndarray) -> np.ndarray:
    """Return the sign of the line at a time, 0 where its interval includes none."""
    at = np.stack([np.ones_like(when), when], axis=1)
    fitted = (at * line[:, :, 0]).sum(axis=1)
    error = np.sqrt(np.einsum("gi,gij,gj->g", at, variance, at))
    return np.where(np.abs(fitted) > reach * error, np.sign(fitted), 0)


def _monotone(table: pd.DataFrame, by: list[str], confidence: float) -> pd.DataFrame:
    past = histories(table, by=by)
    found = monotone_trend(table, by=by, confidence=confidence)
    found = found[["slope", "slope_lower", "slope_upper", "p", "method", "reason"]].copy()
    value, n = past.columns["value"], past.n
    side = np.sign(value)
    place = np.arange(value.shape[1]) - (value.shape[1] - n)[:, None]
    few = n < FEWEST
    found.loc[few, ["slope", "slope_lower", "slope_upper", "p"]] = np.nan
    found.loc[few, "reason"] = f"at least {FEWEST} points are needed"
    return found.assign(
        dispersion=np.nan,
        begin=_agreed(np.where((place >= 0) & (place < ENDS), side, np.nan)),
        finish=_agreed(side[:, -ENDS:]),
    )


def _agreed(sides: np.ndarray) -> np.ndarray:
    total = np.nansum(sides, axis=1)
    return np.where(np.abs(total) == ENDS, np.sign(total), 0)


def _verdicts(found: pd.DataFrame, past: Histories, confidence: float) -> pd.DataFrame:
    begin, finish = found["begin"].to_numpy(float), found["finish"].to_numpy(float)
    moved = (found["p"] <= 1 - confidence + 1e-12).to_numpy()
    side = np.where(begin != 0, begin, finish)
    towards = side * found["slope"].to_numpy(float)
    sure = moved & (side != 0)
    verdict = np.select(
        [sure & (begin * finish < 0), sure & (towards < 0), sure & (towards > 0)],
        ["reversed", "closing", "widening"],
        default="cannot_tell",
    )
    untold = np.select(
        [moved, found["p"].notna()], ["the gap lies about none", "within chance"], ""
    )
    reason = np.where(verdict == "cannot_tell", untold, "")
    reason = np.where(found["reason"].fillna("") != "", found["reason"], reason)
    found = found.assign(verdict=verdict, n=past.n, reason=reason, confidence=confidence)
    found["method"] = found["method"].where(found["p"].notna(), "none")
    found["first"], found["last"] = _ends(past)
    order = ["verdict", "slope", "slope_lower", "slope_upper", "p", "n", "first", "last"]
    return found[[*order, "dispersion", "method", "confidence", "reason"]].reset_index()


def _ends(past: Histories) -> tuple[np.ndarray, np.ndarray]:
    """Return the first and the last gap, ratios turned back from logarithms."""
    value = past.columns["value"]
    ratio = past.keys.get_level_values("measure") == "ratio"
    if not value.size:
        return np.empty(0), np.empty(0)
    oldest = value[np.arange(len(value)), value.shape[1] - past.n]
    return tuple(
        np.where(ratio, np.exp(np.where(ratio, end, 0)), end) for end in (oldest, value[:, -1])
    )
