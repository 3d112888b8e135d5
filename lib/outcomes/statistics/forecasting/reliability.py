"""How the chances of meeting targets have held on the past: reliability and Brier score."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from outcomes.statistics.forecasting.targets import chance_of_meeting, good_signs
from outcomes.statistics.rows import require_columns

STEPS = (-1.0, -0.5, 0.0, 0.5, 1.0)
"""How far the targets of the past lie from the last figure, in typical movements."""
BACKTEST = ["horizon", "value", "last", "scale"]


@dataclass(frozen=True)
class ChanceScore:
    """How often targets of the past were met, beside the chance that was given to them."""

    bands: pd.DataFrame
    """A row a tenth of the chances: low, high (fractions), targets, said, met (mean fractions; NaN
    where there were none)."""
    targets: int
    brier: float
    """The mean of (chance minus 1 or 0 for met or not) squared; the lower the better."""
    base_brier: float
    """The same of always giving the share met of the other targets as far ahead and as hard."""
    plain_brier: float
    """The same of always giving the share met of all other targets: an easier one to beat."""


def chance_record(backtest: pd.DataFrame, *, polarity: str | np.ndarray) -> ChanceScore:
    """Return how often targets of the past were met, beside the chance that was given to them.

    Parameters
    ----------
    backtest : pandas.DataFrame
        A row a forecast of the past: horizon, value (what came), last (the last value at the
        origin), scale (typical yearly movement, known at the origin), mean, lower_L, upper_L.
        With bound_low and bound_high, targets beyond the bounds are left out.
    polarity : str or array of str
        One for all rows, or one a row; rows without a judgement are left out.

    Returns
    -------
    ChanceScore

    Raises
    ------
    ValueError
        If a column is missing or a polarity is unknown.

    Notes
    -----
    Five targets a forecast: the last value, and half and one scale better and worse, times the
    square root of the horizon, so set from what was known at the origin alone. A row with a part
    missing is left out; one with a scale of 0 has the last value for its only target. The base
    rates leave the scored target itself out; a target alone of its kind is not scored.

    References
    ----------
    Brier (1950), Verification of forecasts expressed in terms of probability, Monthly Weather
    Review 78.
    """
    require_columns(backtest, BACKTEST)
    tests = _tests(backtest, good_signs(polarity), polarity)
    met = tests["met"].to_numpy(dtype=float)
    others = tests.groupby(["step", "horizon"])["met"].transform("size").to_numpy() - 1
    alike = tests.groupby(["step", "horizon"])["met"].transform("sum").to_numpy() - met
    scored = others > 0
    chance, met = tests["chance"].to_numpy()[scored], met[scored]
    base = alike[scored] / others[scored]
    n = len(met)
    plain = (met.sum() - met) / max(n - 1, 1)
    scores = [float(((said - met) ** 2).mean()) if n else np.nan for said in (chance, base, plain)]
    return ChanceScore(_bands(chance, met), n, *scores)


def _tests(backtest: pd.DataFrame, sign: np.ndarray, polarity: str | np.ndarray) -> pd.DataFrame:
    """Return a row a target: step, horizon, chance, met."""
    horizon, value, last, scale = (backtest[c].to_numpy(dtype=float) for c in BACKTEST)
    own = backtest.reindex(columns=["bound_low", "bound_high"]).to_numpy(dtype=float)
    low, high = np.where(np.isnan(own), [-np.inf, np.inf], own).T
    tests = []
    for step in STEPS:
        level = last + sign * step * scale * np.sqrt(horizon)
        chance = chance_of_meeting(backtest, level, polarity)
        use = ~np.isnan(chance) & ~np.isnan(value) & (level >= low) & (level <= high)
        use &= (scale > 0) | (step == 0)
        met = sign * (value - level) >= 0
        found = {"step": step, "horizon": horizon, "chance": chance, "met": met}
        tests.append(pd.DataFrame(found)[use])
    return pd.concat(tests, ignore_index=True)


def _bands(chance: np.ndarray, met: np.ndarray) -> pd.DataFrame:
    """Return the reliability table: a row a tenth of the chances."""
    band = np.minimum(np.floor(chance * 10), 9).astype(int)
    count = np.bincount(band, minlength=10)
    some = np.where(count > 0, count, np.nan)
    return pd.DataFrame(
        {
            "low": np.arange(10) / 10,
            "high": np.arange(1, 11) / 10,
            "targets": count,
            "said": np.bincount(band, chance, 10) / some,
            "met": np.bincount(band, met, 10) / some,
        }
    )
