"""Forecasts of single histories by statsmodels: the reference, and what an analyst can switch to."""

import warnings
from collections.abc import Iterable
from typing import Literal

import numpy as np
import pandas as pd

from outcomes.statistics.forecasting.chance import named
from outcomes.statistics.forecasting.panel import Panel

Model = Literal["ets", "theta"]
FEWEST = {"ets": 8, "theta": 5}
"""Figures below which statsmodels' estimate of a model is worth nothing, or fails."""
CYCLES = 2
"""Whole years of figures from which seasons are fitted."""
BY_CHANCE = "statsmodels could not fit the model"


def reference(panel: Panel, horizon: int, levels: Iterable[float], model: Model) -> pd.DataFrame:
    """Return forecasts of every history of a panel by itself, with the columns of `forecast`.

    'ets' is exponential smoothing in state-space form with additive errors and a damped additive
    trend (and additive seasons where there are two years of them); 'theta' the theta method. Their
    ranges are statsmodels' own. Nothing is learned from other areas, and no bound but clipping is
    known. A history with a gap, or with too few figures, is refused with the reason.

    References
    ----------
    Hyndman, R. J., Koehler, A. B., Ord, J. K. and Snyder, R. D. (2008). Forecasting with
    exponential smoothing. Springer. Assimakopoulos, V. and Nikolopoulos, K. (2000). The theta
    model. International Journal of Forecasting 16, 521-530.
    """
    levels, tables = tuple(levels), []
    for row, values in enumerate(panel.figures):
        known = np.flatnonzero(~np.isnan(values))
        past = values[known[0] : known[-1] + 1]
        found, reason = _fitted(past, panel.seasons, horizon, levels, model)
        found = np.clip(found, panel.low[row, known[-1]], panel.high[row, known[-1]])
        ahead = np.arange(1, horizon + 1)
        at = known[-1] + ahead
        tables.append(
            pd.DataFrame(found, columns=["mean", *named(levels)]).assign(
                series=panel.series[row],
                horizon=ahead,
                period=panel.periods(np.full(horizon, row), at),
                method="refused" if reason else model,
                n=len(known),
                reason=reason,
            )
        )
    return pd.concat(tables, ignore_index=True)


def _fitted(
    past: np.ndarray, seasons: int, horizon: int, levels: tuple[float, ...], model: Model
) -> tuple[np.ndarray, str]:
    """Return middle and ranges, shape (horizon, 1 + 2 levels), and why not if there are none."""
    nothing = np.full((horizon, 1 + 2 * len(levels)), np.nan)
    if np.isnan(past).any():
        return nothing, "the history has a gap"
    if len(past) < FEWEST[model]:
        count = len(past)
        return nothing, f"{count} figure{'' if count == 1 else 's'}, fewer than {FEWEST[model]}"
    period = seasons if len(past) >= CYCLES * seasons + 1 else 1
    with warnings.catch_warnings(), np.errstate(all="ignore"):
        warnings.simplefilter("ignore")
        try:
            found = (_ets if model == "ets" else _theta)(past, period, horizon, levels)
        except (ValueError, np.linalg.LinAlgError):
            return nothing, BY_CHANCE
    return (found, "") if np.isfinite(found).all() else (nothing, BY_CHANCE)


def _ets(past: np.ndarray, period: int, horizon: int, levels: tuple[float, ...]) -> np.ndarray:
    from statsmodels.tsa.exponential_smoothing.ets import ETSModel

    seasonal = {"seasonal": "add", "seasonal_periods": period} if period > 1 else {}
    fit = ETSModel(pd.Series(past), error="add", trend="add", damped_trend=True, **seasonal).fit(
        disp=False
    )
    ahead = fit.get_prediction(start=len(past), end=len(past) + horizon - 1)
    columns = [np.asarray(ahead.predicted_mean)]
    for level in levels:
        limits = ahead.summary_frame(alpha=1 - level)
        columns += [limits["pi_lower"].to_numpy(), limits["pi_upper"].to_numpy()]
    return np.column_stack(columns)


def _theta(past: np.ndarray, period: int, horizon: int, levels: tuple[float, ...]) -> np.ndarray:
    from statsmodels.tsa.forecasting.theta import ThetaModel

    model = ThetaModel(past, period=max(period, 1), deseasonalize=period > 1, use_test=False)
    fit = model.fit()
    columns = [np.asarray(fit.forecast(horizon))]
    for level in levels:
        limits = fit.prediction_intervals(horizon, alpha=1 - level)
        columns += [limits["lower"].to_numpy(), limits["upper"].to_numpy()]
    return np.column_stack(columns)
