"""What forecasts made in the past, in the same way and without looking ahead, would have said."""

from collections.abc import Iterable, Mapping

import numpy as np
import pandas as pd

from outcomes.statistics.forecasting.chance import named
from outcomes.statistics.forecasting.forecast import (
    LEVELS,
    arranged,
    checked,
)
from outcomes.statistics.forecasting.panel import panels
from outcomes.statistics.forecasting.panel_outlook import PanelOutlook, newest, outlook
from outcomes.statistics.rows import require_columns

FEWEST = 5
"""Figures that a history has at the point from which a back-test begins."""


def backtest(
    history: pd.DataFrame,
    *,
    horizon: int,
    levels: Iterable[float] = LEVELS,
    groups: Mapping | pd.Series | str | None = None,
    fewest: int = FEWEST,
) -> pd.DataFrame:
    """Return a forecast from every past point of every history, beside what came.

    A point in time is one for all histories: a forecast from it uses only figures up to it, of its
    own history and of the others. That holds for what is learned and for the ranges.

    Parameters
    ----------
    history, horizon, levels, groups
        As for `forecast`.
    fewest : int, optional
        Figures up to a point from which it counts, 3 or more.

    Returns
    -------
    pandas.DataFrame
        One row a series, origin and horizon for which the figure that came is known: series, group,
        origin and period (years or dates), horizon, value (what came), last (the newest figure at
        the origin), mean, the ends of the ranges, line (a straight line through the newest five
        figures, carried on), scale (the mean movement from one period to the next up to the origin,
        in the unit), method, n (figures up to the origin), bound_low, bound_high.

    Raises
    ------
    ValueError
        As for `forecast`.
    """
    levels = checked(horizon, levels)
    seen = _seen(history, horizon, levels, groups)
    return _all_past(seen, horizon, levels, fewest)


def forecast_and_backtest(
    history: pd.DataFrame,
    *,
    horizon: int,
    groups: Mapping | pd.Series | str | None = None,
    fewest: int = FEWEST,
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return what `forecast` and `backtest` return, worked out together."""
    checked(horizon, LEVELS)
    seen = _seen(history, horizon, LEVELS, groups)
    ahead = arranged([newest(found, LEVELS) for found in seen], history, LEVELS)
    return ahead, _all_past(seen, horizon, LEVELS, fewest)


def _seen(
    history: pd.DataFrame, horizon: int, levels: tuple[float, ...], groups: object
) -> list[PanelOutlook]:
    found = panels(history, groups)
    return [outlook(panel, horizon, levels, alone=groups is None) for panel in found]


def _all_past(
    seen: list[PanelOutlook], horizon: int, levels: tuple[float, ...], fewest: int
) -> pd.DataFrame:
    found = [_past(one, h, levels, fewest) for one in seen for h in range(1, horizon + 1)]
    columns = ["series", "group", "origin", "horizon", "period", "value", "last", "mean",
               *named(levels), "line", "scale", "method", "n", "bound_low", "bound_high"]  # fmt: skip
    if not found:
        return pd.DataFrame(columns=columns)
    return pd.concat(found, ignore_index=True)[columns]


def _past(
    found: PanelOutlook, horizon: int, levels: tuple[float, ...], fewest: int
) -> pd.DataFrame:
    panel, move = found.panel, found.move
    values = panel.figures
    later = np.full(values.shape, np.nan)
    later[:, :-horizon] = values[:, horizon:]
    there = found.pairs.usable & (move.n >= fewest) & ~np.isnan(later)
    rows, columns = np.nonzero(there)
    newest, slope = move.line[rows, columns].T
    season = found.adjusted.ahead(rows, columns, horizon)
    line = newest + slope * horizon + season
    return pd.DataFrame(
        {
            "series": panel.series[rows],
            "group": panel.group_names[panel.group[rows]] if len(panel.group_names) > 1
            else panel.group_names[0],
            "origin": panel.periods(rows, columns),
            "horizon": horizon,
            "period": panel.periods(rows, columns + horizon),
            "value": later[rows, columns],
            "last": values[rows, columns],
            **found.at(rows, columns, horizon, levels),
            "line": np.clip(line, panel.low[rows, columns], panel.high[rows, columns]),
            "scale": move.scale[rows, columns],
            "method": found.method(rows, columns),
            "n": move.n[rows, columns],
            "bound_low": panel.low[rows, columns],
            "bound_high": panel.high[rows, columns],
        }
    )  # fmt: skip


def track_record(tested: pd.DataFrame, *, by: Iterable[str] = ("group",)) -> pd.DataFrame:
    """Return how well back-tested forecasts did, beside two simple ones.

    Parameters
    ----------
    tested : pandas.DataFrame
        As `backtest` returns it, with the 80% and 95% ranges.
    by : iterable of str, optional
        What one record is of, beside the horizon.

    Returns
    -------
    pandas.DataFrame
        Index `by` and horizon: forecasts, areas, error, naive_error (of the last figure carried
        on), linear_error (of a straight line through the newest five): mean absolute errors in the
        unit; inside_80, inside_95: shares of what came that lay within the ranges.

    Raises
    ------
    ValueError
        If a column is missing.
    """
    needed = ["series", "horizon", "value", "last", "mean", "line"]
    require_columns(tested, [*by, *needed, *named(LEVELS)])
    rows = tested.assign(
        error=(tested["mean"] - tested["value"]).abs(),
        naive_error=(tested["last"] - tested["value"]).abs(),
        linear_error=(tested["line"] - tested["value"]).abs(),
        **{
            f"inside_{level}": tested["value"].between(
                tested[f"lower_{level}"], tested[f"upper_{level}"]
            )
            for level in (80, 95)
        },
    )
    means = ["error", "naive_error", "linear_error", "inside_80", "inside_95"]
    grouped = rows.groupby([*by, "horizon"], observed=True)
    found = grouped[means].mean()
    return found.assign(forecasts=grouped.size(), areas=grouped["series"].nunique())
