"""Which way every series of every area is heading, and whether one change is real."""

from collections.abc import Collection, Iterable

import pandas as pd

from outcomes.statistics.rows import HISTORY, PERIOD, require_columns
from outcomes.statistics.trend.answers import COLUMNS, NONE, TEXT
from outcomes.statistics.trend.change import change, newest_change
from outcomes.statistics.trend.declared import declared
from outcomes.statistics.trend.fingertips import COUNTS, fingertips, weighted_trend
from outcomes.statistics.trend.monotone import mann_kendall, monotone_trend, theil_sen

__all__ = [
    "change",
    "fingertips",
    "mann_kendall",
    "monotone_trend",
    "newest_change",
    "theil_sen",
    "trends",
    "weighted_trend",
]


def trends(
    table: pd.DataFrame,
    *,
    by: Iterable[str] = HISTORY,
    points: int = 5,
    confidence: float = 0.95,
    window: float | None = None,
    ratelike: Collection[str] | None = None,
    breaks: pd.DataFrame | None = None,
) -> pd.DataFrame:
    """Return which way every history is heading, each by the best method it allows.

    Parameters
    ----------
    table : pandas.DataFrame
        The columns of `by`, period_start, period_end, value, lower and upper (95% limits),
        numerator, denominator and, if there is one, period. NaN is left out.
    by : iterable of str, optional
        What one history belongs to.
    points : int, optional
        How many of the newest points the Fingertips rule uses.
    confidence : float, optional
        Level of the Mann-Kendall test and the slope's interval; the Fingertips rule has 0.998.
    window : float, optional
        The years that Mann-Kendall looks back; all if not given.
    ratelike : collection of str, optional
        The series whose value is a proportion or a rate, to which the Fingertips rule applies; all
        if not given.
    breaks : pandas.DataFrame, optional
        series, day, reason and, where one area alone is meant, area_code. Only periods that begin
        on or after the newest break are used.

    Returns
    -------
    pandas.DataFrame
        Indexed by `by`, one row for every history in the table. direction: 'increasing',
        'decreasing', 'no_significant_change' or 'cannot_be_calculated'. slope, slope_lower,
        slope_upper: the indicator's unit a year. p: two-sided. n, first, last: the points used and
        the labels of the oldest and newest. method: 'fingertips'; 'weighted_slope' (limits but no
        counts, or not a rate); 'weighted_slope_overlapping'; 'mann_kendall';
        'mann_kendall_overlapping'. confidence: the level of test and interval. reason: why nothing
        could be calculated, or what was left out; '' if nothing.

    Raises
    ------
    ValueError
        If a column is missing, two rows share a period, or a lower limit lies above its upper.
    """
    by = list(by)
    require_columns(table, [*by, *PERIOD, *COUNTS])
    said = declared(table, breaks)
    notes = table[by].assign(note=said["note"]).groupby(by, observed=True)["note"].first()
    kept = table[said["passed"] == said["total"]]
    rates = kept if ratelike is None else kept[kept["series"].isin(set(ratelike))]
    options = {"by": by, "points": points}
    weighted = [fingertips(rates, **options), weighted_trend(kept, **options)]
    answered = [found[found["direction"] != NONE] for found in weighted]
    values = monotone_trend(kept, by=by, confidence=confidence, window=window)
    found = pd.concat([*answered, values])
    found = found[~found.index.duplicated()]
    if len(by) == 1:
        found.index = found.index.get_level_values(0)
    return _completed(found, notes, confidence)


def _completed(found: pd.DataFrame, notes: pd.Series, confidence: float) -> pd.DataFrame:
    """Return a row for every history, those without a point too, with the breaks in the reason."""
    nothing = {"direction": NONE, "n": 0, "first": "", "last": "", "method": "mann_kendall"}
    nothing |= {"confidence": confidence, "reason": "no value"}
    found = found.reindex(notes.index).fillna(nothing).astype({"n": int})
    note = ("only periods after the " + notes).where(notes != "", "")
    reason = found["reason"].str.cat(note, sep="; ").str.strip("; ")
    return found.assign(reason=reason)[COLUMNS].astype(TEXT)
