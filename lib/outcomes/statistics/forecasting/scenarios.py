"""Where indicators go under dated, uncertain effects that are laid on their forecasts."""

import math
import zlib
from collections.abc import Mapping

import numpy as np
import pandas as pd

from outcomes.errors import listed
from outcomes.model.planning import CrossEffect, Effect, Scenario
from outcomes.statistics.forecasting.chance import levels_of, quantile
from outcomes.statistics.forecasting.profiles import Windows, period_profile
from outcomes.statistics.rows import PERIOD, require_columns

BOUNDS = ["bound_low", "bound_high"]


def assumed(
    scenarios: Mapping[str, Scenario],
) -> tuple[dict[str, Effect], dict[str, CrossEffect]]:
    """Return the effects and cross-effects of scenarios that are switched on, by 'scenario/own id'.

    Given alone or together with others, an assumption has the same draws under the same name.
    """
    direct = {f"{s}/{e}": effect for s, found in scenarios.items() for e, effect in
              found.effects.items() if effect.included}  # fmt: skip
    cross = {f"{s}/{e}": effect for s, found in scenarios.items() for e, effect in
             found.cross_effects.items() if effect.included}  # fmt: skip
    return direct, cross


def trajectories(
    points: pd.DataFrame,
    effects: Mapping[str, Effect],
    cross_effects: Mapping[str, CrossEffect] | None = None,
    *,
    bounds: tuple[float, float] = (np.nan, np.nan),
    draws: int = 10_000,
    seed: int = 0,
) -> pd.DataFrame:
    """Return the forecasts of one place's indicators with assumed effects laid on them.

    Parameters
    ----------
    points : pandas.DataFrame
        A row an indicator and period: indicator, horizon, period_start, period_end (dates, the last
        day inclusive), mean, and lower_L and upper_L of one level or more. With columns bound_low
        and bound_high, a row has bounds of its own.
    effects : mapping of str to Effect
        By a name of its own each, all of the place that the points are of. One that is not included
        is left out.
    cross_effects : mapping of str to CrossEffect, optional
        A follower moves by the coefficient times what the effects add to its cause, so much later.
        Chains are followed in order.
    bounds : pair of float, optional
        What no value can be below and above, in the indicators' unit; NaN for none. For rows
        without bounds of their own.
    draws : int, optional
        How many draws of each effect; rounded down to a square number.
    seed : int, optional
        With the same seed the result is the same, and an effect has the same draws whichever
        others are given beside it.

    Returns
    -------
    pandas.DataFrame
        Rows and columns as `points`, and effect (mean minus the forecast's mean). A row that no
        effect reaches is the forecast itself, digit for digit. A row without a forecast stays so;
        so does one that follows a percent effect on a cause without a forecast.

    Raises
    ------
    ValueError
        If a column is missing, an indicator has two rows for one horizon, draws is below 100, the
        bounds are the wrong way round, or the cross-effects go round in a loop.

    Notes
    -----
    Each effect's full size is drawn from the triangular distribution over low, size and high, once
    for all periods, and independently of the others. The new distribution is the forecast's moved
    by the draws: the forecast's own uncertainty is all kept. Percent effects multiply the
    forecast's figure, one another too; the others are added. The forecast's distribution
    is taken at evenly spaced shares; each effect's draws are stratified over its own range and
    over those shares.

    References
    ----------
    Johnson (1997), The triangular distribution as a proxy for the beta distribution in risk
    analysis, The Statistician 46. Tang (1993), Orthogonal array-based Latin hypercubes, JASA 88.
    """
    _check(points, draws)
    draws = math.isqrt(draws) ** 2
    plan = _Plan(points, effects, cross_effects or {}, bounds, draws, seed)
    result = points.assign(effect=np.where(points["mean"].notna(), 0.0, np.nan))
    factor, added = np.ones((len(points), draws)), np.zeros((len(points), draws))
    for name, rows in plan.rows.items():
        factor[rows], added[rows] = plan.parts(name, plan.windows[rows])
    reached = ((factor != 1) | (added != 0)).any(axis=1) & points["mean"].notna().to_numpy()
    if not reached.any():
        return result
    columns, shares = _wanted(points)
    found = quantile(points[reached], (np.arange(draws) + 0.5) / draws)
    low, high = plan.bounds[reached].T[:, :, None]
    found = np.fmin(np.fmax(found * factor[reached] + added[reached], low), high)
    moved = np.quantile(found, shares, axis=1, method="hazen").T
    return _laid(result, columns, reached, moved)


def _wanted(points: pd.DataFrame) -> tuple[list[str], list[float]]:
    """Return the columns of a forecast's distribution, and the shares that lie below each."""
    columns, shares = ["mean"], [0.5]
    for level in levels_of(points):
        columns += [f"{side}_{100 * level:.10g}" for side in ("lower", "upper")]
        shares += [(1 - level) / 2, (1 + level) / 2]
    return columns, shares


def _laid(
    result: pd.DataFrame, columns: list[str], reached: np.ndarray, moved: np.ndarray
) -> pd.DataFrame:
    """Return the result with the moved rows; the middle and the ranges that it has."""
    before = result["mean"].to_numpy(dtype=float)
    values = result[columns].to_numpy(dtype=float, copy=True)
    values[reached] = moved
    result[columns] = values
    return result.assign(effect=np.where(reached, values[:, 0] - before, result["effect"]))


def _check(points: pd.DataFrame, draws: int) -> None:
    require_columns(points, ["indicator", "horizon", *PERIOD, "mean"])
    twice = points.duplicated(["indicator", "horizon"]).to_numpy()
    if twice.any():
        row = points.iloc[twice.argmax()]
        raise ValueError(f"two rows for {row['indicator']}, horizon {row['horizon']}; expected one")
    if draws < 100:
        raise ValueError(f"draws {draws!r}: expected 100 or more")


class _Plan:
    """The drawn effects of one place, and what they do to an indicator in any stretch of time."""

    def __init__(self, points, effects, cross_effects, bounds, draws, seed):
        self.draws, self.seed = draws, seed
        self.effects = {name: e for name, e in effects.items() if e.included}
        self.cross = {name: e for name, e in cross_effects.items() if e.included}
        _refuse_loops(self.cross)
        self.rows = points.groupby("indicator", sort=False, observed=True).indices
        self.windows = Windows.of(points["period_start"], points["period_end"])
        self.means = points["mean"].to_numpy(dtype=float)
        self.bounds = _bounds_of(points, bounds)
        named = {**self.effects, **self.cross}
        self.sizes = {name: self._drawn(name, effect) for name, effect in named.items()}

    def _drawn(self, name: str, effect: Effect | CrossEffect) -> np.ndarray:
        """Return the stratified draws of an effect's full size, in an order of its own.

        Each block of the forecast's shares, from the lowest to the highest, meets draws from all
        over the effect's range.
        """
        rng = np.random.default_rng([self.seed, zlib.crc32(name.encode())])
        blocks = math.isqrt(self.draws)
        parts = np.tile(np.arange(blocks), (blocks, 1))
        share = parts + (rng.permuted(parts.T, axis=0) + rng.random(parts.shape)) / blocks
        share = rng.permuted(share, axis=1).ravel() / blocks
        return triangular(share, effect.low, effect.size, effect.high)

    def parts(self, indicator: str, windows: Windows) -> tuple[np.ndarray, np.ndarray]:
        """Return what the indicator is multiplied by and what is added, shape (windows, draws)."""
        factor = np.ones((len(windows), self.draws))
        added = np.zeros((len(windows), self.draws))
        for name, effect in self.effects.items():
            if effect.indicator == indicator:
                moved = np.outer(period_profile(effect, windows), self.sizes[name])
                if effect.measured == "percent":
                    factor *= np.maximum(1 + moved / 100, 0)
                else:
                    added += moved
        for name, cross in self.cross.items():
            if cross.indicator == indicator:
                earlier = self.change(cross.cause, windows.earlier(cross.delay_months))
                added += self.sizes[name] * earlier
        return factor, added

    def change(self, indicator: str, windows: Windows) -> np.ndarray:
        """Return what is added to an indicator on the forecast's middle line, within its bounds."""
        factor, added = self.parts(indicator, windows)
        level, low, high = self._level(indicator, windows)
        change = np.where(factor == 1, 0.0, level[:, None] * (factor - 1)) + added
        change = np.fmin(np.fmax(change, low - level[:, None]), high - level[:, None])
        # A forecast at or beyond its bound is no effect: what nothing moves does not move.
        return np.where((factor == 1) & (added == 0), 0.0, change)

    def _level(self, indicator: str, windows: Windows) -> tuple[np.ndarray, float, float]:
        """Return the middle of the forecast in each window, the nearest beyond it, and bounds."""
        rows = self.rows.get(indicator, np.zeros(0, dtype=int))
        rows = rows[~np.isnan(self.means[rows])]
        if not len(rows):
            return np.full(len(windows), np.nan), np.nan, np.nan
        rows = rows[np.argsort(self.windows.middle[rows])]
        level = np.interp(windows.middle, self.windows.middle[rows], self.means[rows])
        return level, *self.bounds[rows[0]]


def triangular(share: np.ndarray, low: float, size: float, high: float) -> np.ndarray:
    """Return the values of a triangular distribution below which shares of it lie.

    Parameters
    ----------
    share : ndarray
        Fractions from 0 to 1.
    low, size, high : float
        The least, the most likely and the largest; all the same gives that value.
    """
    if high <= low:
        return np.full(np.shape(share), float(size))
    turn = (size - low) / (high - low)
    rising = low + np.sqrt(share * (high - low) * (size - low))
    falling = high - np.sqrt((1 - share) * (high - low) * (high - size))
    return np.where(share < turn, rising, falling)


def _bounds_of(points: pd.DataFrame, bounds: tuple[float, float]) -> np.ndarray:
    """Return the bounds of each row, shape (rows, 2); NaN for none."""
    if bounds[0] > bounds[1]:
        raise ValueError(f"bounds {tuple(bounds)!r}: expected the lower before the upper")
    own = points.reindex(columns=BOUNDS).to_numpy(dtype=float)
    return np.where(np.isnan(own), np.asarray(bounds, dtype=float), own)


def _refuse_loops(cross_effects: Mapping[str, CrossEffect]) -> None:
    """Stop if an indicator moves itself by way of others; name the way."""
    followers: dict[str, list[str]] = {}
    for effect in cross_effects.values():
        followers.setdefault(effect.cause, []).append(effect.indicator)
    done: set[str] = set()

    def walk(indicator: str, path: list[str]) -> None:
        if indicator in path:
            loop = [*path[path.index(indicator) :], indicator]
            raise ValueError(
                f"the cross-effects go round in a loop: {' -> '.join(loop)}; "
                f"expected that none of {listed(loop[:-1])} moves itself"
            )
        if indicator not in done:
            for follower in followers.get(indicator, []):
                walk(follower, [*path, indicator])
            done.add(indicator)

    for cause in followers:
        walk(cause, [])
