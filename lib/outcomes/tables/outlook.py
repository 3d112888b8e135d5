"""What lies ahead of the indicators in tables: forecasts, their track record, and what came of them."""

from collections.abc import Callable
from math import isfinite

import pandas as pd

from outcomes.model import (
    Baseline,
    ChanceRecord,
    Forecast,
    Indicator,
    Judgement,
    Position,
    Turning,
    day_words,
)
from outcomes.model.numbers import rounded
from outcomes.tables.planning import chance_cell
from outcomes.tables.table import Table
from outcomes.tables.words import NONE, limits_words, plain, signed, unit_words, value_words

TOLD = 3
"""How many periods ahead the table of all indicators looks, or as many as there are."""
ERRORS = (
    ("error", "Usual forecast"),
    ("naive_error", "Last figure carried on"),
    ("linear_error", "Straight line"),
)
"""The errors of a track record; that of the forecast shown comes first and is called typical."""
CHANCE_NOW = "Chance of being better than now"
BELIEVED = "How far to believe it"


def table_outlook(position: Position) -> Table:
    """Return a row a period ahead: the forecast, its ranges, comparator, target, scenarios."""
    indicator, forecast = position.indicator, position.forecast_shown
    caption = f"{indicator.title} in {position.place.name}, what lies ahead, "
    caption += unit_words(indicator)
    columns = ["Period", "Forecast", "80% range", "95% range"]
    if forecast is None:
        return Table(caption, pd.DataFrame(columns=columns))
    rows = [
        (
            row.period,
            value_words(indicator, row.mean),
            limits_words(indicator, row.lower_80, row.upper_80),
            limits_words(indicator, row.lower_95, row.upper_95),
        )
        for row in forecast.points.itertuples()
    ]
    frame = pd.DataFrame(rows, columns=columns)
    for title, values in _beside(position, forecast).items():
        cells = [
            value_words(indicator, values.get(period, float("nan"))) for period in frame["Period"]
        ]
        frame[title] = cells
    return Table(caption, frame)


def _beside(position: Position, forecast: Forecast) -> dict[str, dict[str, float]]:
    """Return what stands beside the forecast: a column each, with a value by period."""
    columns = {}
    drawn = position.history["comparator"].notna().any()
    if drawn and not forecast.comparator.empty:
        label = position.comparison.label if position.comparison else "the comparator"
        columns[f"Forecast for {label}"] = _means(forecast.comparator)
    for found in position.outlook.targets:
        # Beside a comparator the target is a distance; the level that meets it follows from that.
        name = "Figure that would meet the target" if found.target.relative else "Target"
        columns.setdefault(name, {})[found.period] = found.level
    for found in position.outlook.trajectories:
        if found.name != "no_change":
            columns[found.title] = _means(found.points)
    return columns


def _means(points: pd.DataFrame) -> dict[str, float]:
    return dict(zip(points["period"], points["mean"].astype(float), strict=True))


def table_track_record(position: Position) -> Table:
    """Return a row a horizon: how forecasts of the past held beside two simple ones."""
    forecast, indicator = position.forecast_shown, position.indicator
    rows = [] if forecast is None else forecast.record.by_horizon.itertuples()
    naive = forecast is not None and forecast.record.naive_used
    points = forecast is not None and "origins" in forecast.record.by_horizon
    errors = ERRORS[1:] if naive else ERRORS
    cells = [
        (
            str(int(row.horizon)),
            f"{row.forecasts:,.0f}",
            *([NONE if row.origins != row.origins else f"{row.origins:,.0f}"] if points else []),
            *(signed(indicator, getattr(row, name)).lstrip("+") for name, _ in errors),
            share(row.inside_80),
            share(row.inside_95),
        )
        for row in rows
    ]
    columns = ["Periods ahead", "Forecasts tested", *(["From points in time"] if points else [])]
    columns += ["Typical error" if at == 0 else title for at, (_, title) in enumerate(errors)]
    columns += ["Inside the 80% range", "Inside the 95% range"]
    unit = "percentage points" if indicator.unit == "%" else unit_words(indicator)
    caption = f"{indicator.title}: how forecasts of the past held in all areas, in {unit}"
    caption += "; the forecast is the last figure carried on" if naive else ""
    return Table(caption, pd.DataFrame(cells, columns=columns))


def share(part: float) -> str:
    """Return '79%'; a share short of all or above nothing is never rounded to it."""
    if not isfinite(part):
        return NONE
    return f"{100 * part:.0f}%" if part in (0, 1) else f"{min(99, max(1, round(100 * part)))}%"


def table_chances(record: ChanceRecord) -> Table:
    """Return a row a tenth of the chances given to past targets: how many were met."""
    rows = [
        (
            f"{100 * row.low:.0f} to {100 * row.high:.0f} in 100",
            f"{row.targets:,.0f}",
            f"{100 * row.said:.0f} in 100" if row.targets else NONE,
            f"{100 * row.met:.0f} in 100" if row.targets else NONE,
        )
        for row in record.bands.itertuples()
    ]
    columns = ["Chance given", "Past targets", "Should have been met", "Were met"]
    caption = (
        f"How chances held on {record.targets:,} targets of the past (Brier score "
        f"{plain(record.brier)}, {plain(record.base_brier)} for the share met of other targets as "
        "hard and as far ahead; less is better)"
    )
    return Table(caption, pd.DataFrame(rows, columns=columns))


def table_turning(position: Position) -> Table:
    """Return a row a period since a stored forecast: the figure beside it, and the error."""
    return _since(position.outlook and position.outlook.turning, position.indicator)


def table_last_round(position: Position) -> Table:
    """Return the same for the newest forecast with a later figure; empty if there is no other."""
    return _since(position.outlook and position.outlook.last_round, position.indicator)


def _since(found: Turning | None, indicator: Indicator) -> Table:
    rows = [
        (
            row.period,
            value_words(indicator, row.value),
            value_words(indicator, row.mean),
            limits_words(indicator, row.lower_80, row.upper_80),
            _error(indicator, row.value, row.mean),
            _inside(row),
            {True: "Better", False: "Not better"}.get(row.better, NONE),
        )
        for row in (found.later.itertuples() if found else ())
    ]
    columns = ["Period", "Figure", "Forecast then", "80% range", "Error", "Where", "Than forecast"]
    what = f"the forecast made on {day_words(found.made_on)}" if found else "a forecast"
    if found and found.afterwards:
        what = f"what would have been forecast from figures up to {found.origin}"
    caption = f"{indicator.title}: later figures beside {what}"
    return Table(caption, pd.DataFrame(rows, columns=columns))


def _error(indicator: Indicator, value: float, mean: float) -> str:
    """Return an error with its sign: the difference of the two figures as they are printed."""
    decimals = indicator.decimals
    shown = rounded(rounded(value, decimals) - rounded(mean, decimals), decimals)
    if not isfinite(shown):
        return NONE
    sign = {True: "+", False: "\N{MINUS SIGN}"}[shown > 0] if shown else ""
    return f"{sign}{indicator.prefix}{abs(shown):,.{indicator.decimals}f}"


def _inside(row) -> str:
    for level in ("80", "95"):
        lower, upper = getattr(row, f"lower_{level}"), getattr(row, f"upper_{level}")
        if lower <= row.value <= upper:
            return f"Inside the {level}% range"
    known = isfinite(row.value) and isfinite(row.lower_95) and isfinite(row.upper_95)
    return "Outside both" if known else NONE


def table_heading(
    baseline: Baseline, *, believed: Callable[[Position], str] | None = None
) -> Table:
    """Return a row an indicator: now, three periods ahead, the chance of better, and the judgement.

    Parameters
    ----------
    baseline : Baseline
    believed : callable, optional
        Returns how far to believe a position's forecast, in a word or two; without it that column
        is left out.
    """
    rows = [_heading(position, believed) for position in baseline.by_pertinence()]
    columns = ["Indicator", "Newest figure", "Forecast", "80% range", CHANCE_NOW, BELIEVED]
    frame = pd.DataFrame(rows, columns=[*columns, "Acceptable?"])
    caption = f"Where {baseline.place.name} is heading if things go on as they are"
    return Table(caption, frame if believed else frame.drop(columns=BELIEVED))


def _heading(
    position: Position, believed: Callable[[Position], str] | None = None
) -> tuple[str, ...]:
    indicator, latest = position.indicator, position.latest
    proxy = "a proxy" if position.proxy else ""
    title = ", ".join(filter(None, [indicator.title, indicator.unit.replace("%", ""), proxy]))
    now = f"{value_words(indicator, latest.value)} ({latest.period})" if latest else NONE
    outlook, forecast = position.outlook, position.forecast_shown
    if forecast is None:
        judged = outlook.judgement if outlook else None
        answer = _acceptable(judged) if judged else NONE
        return title, now, position.lacking, NONE, NONE, NONE, answer
    old = ", from an old figure" if position.stale else ""
    near = forecast.points[forecast.points["horizon"] <= TOLD]
    point = (near if len(near) else forecast.points.head(1)).iloc[-1]
    return (
        title,
        now,
        f"{value_words(indicator, point['mean'])} ({point['period']}){old}",
        limits_words(indicator, point["lower_80"], point["upper_80"]),
        _chance_now(indicator, forecast),
        (believed(position) if believed else "") or NONE,
        _acceptable(outlook.judgement),
    )


def _chance_now(indicator: Indicator, forecast: Forecast) -> str:
    """Return the chance of a better figure than the newest; where nothing is judged, of a higher."""
    words = chance_cell(forecast.better)
    judged = indicator.polarity != "no_judgement"
    return words if judged or words == NONE else f"{words} (of being higher than now)"


def _acceptable(judgement: Judgement | None) -> str:
    if judgement is None:
        return "Not recorded"
    example = " (an example)" if judgement.example else ""
    return f"{'Yes' if judgement.acceptable else 'No'}{example}"
