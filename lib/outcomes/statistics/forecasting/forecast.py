"""Forecasts of many short histories at once, with ranges that hold."""

from collections.abc import Iterable, Mapping
from typing import Literal, get_args

import pandas as pd

from outcomes.statistics.forecasting.chance import named
from outcomes.statistics.forecasting.panel import panels
from outcomes.statistics.forecasting.panel_outlook import newest, outlook
from outcomes.statistics.forecasting.reference import Model, reference
from outcomes.statistics.rows import z_of

LEVELS = (0.8, 0.95)


def forecast(
    history: pd.DataFrame,
    *,
    horizon: int,
    levels: Iterable[float] = LEVELS,
    groups: Mapping | pd.Series | str | None = None,
    model: Literal["pooled", "ets", "theta"] = "pooled",
) -> pd.DataFrame:
    """Return what each history is expected to do next if things go on as they are, with ranges.

    Parameters
    ----------
    history : pandas.DataFrame
        One row a figure: series, period (a year such as 2024, or a date), value. Figures may be
        yearly, quarterly, monthly or years apart, each series in its own rhythm (an area with gaps
        in that of its indicator, where `groups` say which that is); periods may overlap. A missing
        figure is left out, never filled. Optionally bound_low and bound_high: the least and the
        most that a value can be, such as 0 and 100 for a percentage. Without bound_low, 0 is taken
        where no value of the group has been below 0.
        Published limits (lower, upper) may be there; the ranges rest on how far past forecasts
        missed, which holds the error of the figures themselves.
    horizon : int
        How many periods ahead, 1 or more.
    levels : iterable of float, optional
        Of the ranges: fractions from 0.5 to below 1.
    groups : mapping or pandas.Series of series to group, or str, optional
        What each series measures, such as the indicator's id: the areas of one indicator learn from
        each other. A str names a column of `history`. Without it, all series are taken as areas of
        one indicator, or each by itself, whichever would have done better in the past.
    model : {'pooled', 'ets', 'theta'}, optional
        'pooled' is the method described below; the others are statsmodels' for each series by
        itself, slow, and with ranges that nobody has calibrated (see `reference`).

    Returns
    -------
    pandas.DataFrame
        One row a series and horizon, in the order of the series in `history`: series, horizon,
        period, mean (the middle of the distribution, in the unit of the history), lower_80,
        upper_80 and so on for each level, method ('pooled', 'single', 'naive', 'ets', 'theta' or 'refused'), n
        (figures it rests on), reason ('' unless refused). A series that is refused has NaN.

    Raises
    ------
    ValueError
        If a column is missing, a period is neither year nor date, a series has two figures for one
        period or no group, horizon or a level is out of range, or there is no such model.

    Notes
    -----
    A history is refused with fewer than 3 figures (fewer than 2 where its group shows how much such
    figures move), or where nothing in its group ever moved.

    The method, its back-test and its limits are in docs/methods/forecast.md. In short: the newest
    figure, moved towards its smoothed level and along its own and its group's usual movement, by
    weights learned from the group's past (ridge regression towards a prior); a share of that, down
    to none (the naive forecast), by what would have done best so far; ranges from the distribution
    of past misses across the group (in the manner of conformal prediction), by horizon.

    References
    ----------
    Assimakopoulos, V. and Nikolopoulos, K. (2000). The theta model. International Journal of
    Forecasting 16, 521-530. Gardner, E. S. and McKenzie, E. (1985). Forecasting trends in time
    series. Management Science 31, 1237-1246. Montero-Manso, P. and Hyndman, R. J. (2021).
    Principles and algorithms for forecasting groups of time series. International Journal of
    Forecasting 37, 1632-1653. Vovk, V., Gammerman, A. and Shafer, G. (2005). Algorithmic learning
    in a random world. Springer.
    """
    levels = checked(horizon, levels)
    if model not in ("pooled", *get_args(Model)):
        raise ValueError(f"model {model!r}: expected 'pooled', 'ets' or 'theta'")
    found = [
        newest(outlook(panel, horizon, levels, alone=groups is None), levels)
        if model == "pooled"
        else reference(panel, horizon, levels, model)
        for panel in panels(history, groups)
    ]
    return arranged(found, history, levels)


def arranged(
    found: list[pd.DataFrame], history: pd.DataFrame, levels: tuple[float, ...]
) -> pd.DataFrame:
    """Return the forecasts of all panels in the order of the series in the history."""
    columns = ["series", "horizon", "period", "mean", *named(levels), "method", "n", "reason"]
    if not found:
        return pd.DataFrame(columns=columns)
    table = pd.concat(found, ignore_index=True)
    order = {name: i for i, name in enumerate(pd.unique(history["series"]))}
    return table.sort_values(
        ["series", "horizon"], key=lambda c: c.map(order) if c.name == "series" else c,
        ignore_index=True,
    )[columns]  # fmt: skip


def checked(horizon: int, levels: Iterable[float]) -> tuple[float, ...]:
    """Return the levels, narrowest first; ValueError if one or the horizon is out of range."""
    if horizon < 1 or horizon != int(horizon):
        raise ValueError(f"horizon {horizon!r}: expected a whole number of periods, 1 or more")
    found = tuple(sorted(set(levels)))
    for level in found:
        z_of(level)
    return found
