"""How much of its full size an assumed effect has at a time: delay, building up, lasting, fading."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from outcomes.model.planning import Effect
from outcomes.statistics.rows import YEAR

DAY = "datetime64[D]"


@dataclass(frozen=True)
class Windows:
    """Stretches of time, a period each, from the first day up to the day after the last."""

    start: np.ndarray
    stop: np.ndarray

    @classmethod
    def of(cls, start: pd.Series, end: pd.Series) -> "Windows":
        """Return the windows of periods whose last day is inclusive."""
        first, last = (pd.to_datetime(days).to_numpy().astype(DAY) for days in (start, end))
        return cls(first, last + 1)

    @property
    def middle(self) -> np.ndarray:
        """The middle of each, in days since 1970."""
        return (_days(self.start) + _days(self.stop)) / 2

    def earlier(self, months: int) -> "Windows":
        """Return the windows moved back by so many months."""
        return Windows(later(self.start, -months), later(self.stop, -months))

    def __getitem__(self, rows: np.ndarray) -> "Windows":
        return Windows(self.start[rows], self.stop[rows])

    def __len__(self) -> int:
        return len(self.start)


def profile(effect: Effect, when: np.ndarray) -> np.ndarray:
    """Return the share of its full size that an effect has at points in time.

    Parameters
    ----------
    effect : Effect
        It starts, waits out its delay, grows evenly, lasts, and fades evenly.
    when : array of float or datetime64
        Decimal years, or dates; NaN or NaT gives NaN.

    Returns
    -------
    ndarray
        Fractions from 0 to 1, shape as `when`. An effect that comes or goes at once has changed on
        the very day.
    """
    when = np.asarray(when)
    days = (when - 1970) * YEAR if when.dtype.kind in "fiu" else _days(when.astype(DAY))
    return _at(days, *_turns(effect)[:2]) - _at(days, *_turns(effect)[2:])


def period_profile(effect: Effect, windows: Windows) -> np.ndarray:
    """Return the mean share of its full size that an effect has over each window.

    An effect that comes at once in the middle of a period counts for half in it.

    Raises
    ------
    ValueError
        If a window ends before it starts.
    """
    start, stop = _days(windows.start), _days(windows.stop)
    if (stop <= start).any():
        row = int((stop <= start).argmax())
        raise ValueError(
            f"a period from {windows.start[row]} to {windows.stop[row] - 1}: "
            "expected its first day before its last"
        )
    begun, built, fading, gone = _turns(effect)
    up = _area(stop, begun, built) - _area(start, begun, built)
    down = _area(stop, fading, gone) - _area(start, fading, gone)
    return (up - down) / (stop - start)


def later(days: np.ndarray, months: int) -> np.ndarray:
    """Return dates moved by whole months; a day that the month lacks runs on into the next."""
    month = days.astype("datetime64[M]")
    return (month + months).astype(DAY) + (days - month.astype(DAY))


def _turns(effect: Effect) -> tuple[float, float, float, float]:
    """Return the days since 1970 on which it begins, is built, begins to fade and is gone."""
    begun = effect.delay_months
    built = begun + effect.builds_months
    months = [begun, built]
    if effect.lasts_months is not None:
        months += [built + effect.lasts_months, built + effect.lasts_months + effect.fade_months]
    start = np.array([effect.starts], dtype=DAY)
    days = [float(_days(later(start, count))[0]) for count in months]
    return *days, *([np.inf] * (4 - len(days)))


def _days(days: np.ndarray) -> np.ndarray:
    """Return dates as days since 1970; NaN for NaT."""
    return np.where(np.isnat(days), np.nan, days.astype(np.int64).astype(float))


def _at(days: np.ndarray, begun: float, full: float) -> np.ndarray:
    """Return the height of an even rise from 0 to 1 between two days."""
    if full <= begun:
        return np.where(np.isnan(days), np.nan, (days >= begun).astype(float))
    return np.clip((days - begun) / (full - begun), 0, 1)


def _area(days: np.ndarray, begun: float, full: float) -> np.ndarray:
    """Return the area, in days, under an even rise from 0 to 1 up to each day."""
    if np.isinf(begun):
        return np.zeros_like(days)
    rise = np.clip(days - begun, 0, full - begun)
    return (rise**2 / (2 * (full - begun)) if full > begun else 0) + np.maximum(days - full, 0)
