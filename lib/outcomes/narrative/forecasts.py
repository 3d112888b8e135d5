"""What is to be expected if things go on as they are, and how far such forecasts can be believed."""

from math import isfinite

import pandas as pd

from outcomes.model import (
    Forecast,
    Position,
    TrackRecord,
    number,
    with_unit,
)
from outcomes.model.words import FORECAST_METHODS
from outcomes.narrative.words import (
    because,
    counted,
    few,
    finer,
    joined,
    sentence,
    size_words,
)

TOLD = 3
"""How many periods ahead a sentence speaks of, or as many as there are."""
STEPS = {1: "month", 3: "quarter", 6: "half-year", 12: "year"}
"""What the time from one figure to the next is called, by its months."""
ENDS = {
    "higher_is_better": "at the good end it would be {1}, at the bad end {0}",
    "lower_is_better": "at the good end it would be {0}, at the bad end {1}",
    "no_judgement": "at the low end it would be {0}, at the high end {1}",
}
"""High and low in the words of an indicator's polarity, from the lower and the upper end."""


def forecast_shown(position: Position) -> Forecast | None:
    """Return the forecast if it may be shown: none is without its track record."""
    found = position.outlook and position.outlook.forecast
    if not found or found.points.empty or not found.record or found.record.reason:
        return None
    return found


def told_point(forecast: Forecast) -> pd.Series:
    """Return the point ahead that sentences speak of: three periods ahead, or the last before."""
    points = forecast.points
    near = points[points["horizon"] <= TOLD]
    return (near if len(near) else points.head(1)).iloc[-1]


def say_forecast(position: Position) -> str:
    """Return what is to be expected with its range, or why no forecast is shown."""
    if position.outlook is None:
        return ""
    found, forecast = position.outlook.forecast, forecast_shown(position)
    if forecast is None:
        record = found.record
        untested = record.reason if record else "nobody has tested it"
        reason = found.reason or untested or "there are too few figures"
        return f"No forecast is shown{because(reason)}."
    indicator, point = position.indicator, told_point(forecast)
    lower, upper = (number(indicator, point[end]) for end in ("lower_80", "upper_80"))
    ends = ENDS[indicator.polarity].format(lower, upper)
    return joined(
        f"If things go on as they are, by {point['period']} it is expected to be "
        f"{with_unit(indicator, point['mean'])}, and the range from {lower} to {upper} is meant to "
        f"hold 8 times in 10: {ends}.",
        _beside_now(position, point),
    )


def _beside_now(position: Position, point: pd.Series) -> str:
    """Return whether the range leaves out today's figure."""
    latest, indicator = position.latest, position.indicator
    if latest is None or not isfinite(latest.value):
        return ""
    now = f"the figure for {latest.period}, {number(indicator, latest.value)}"
    if point["lower_80"] <= latest.value <= point["upper_80"]:
        return f"The range includes {now}, so it may go up or down from there."
    higher = point["lower_80"] > latest.value
    judged = {"higher_is_better": higher, "lower_is_better": not higher}.get(indicator.polarity)
    word = {True: ", for the better", False: ", for the worse"}.get(judged, "")
    return f"The whole range lies {'above' if higher else 'below'} {now}{word}."


def record_row(record: TrackRecord, horizon: int) -> pd.Series | None:
    """Return the record so many periods ahead, or at the last horizon tested before it."""
    rows = record.by_horizon
    rows = rows[rows["horizon"] <= horizon]
    return None if rows.empty else rows.iloc[-1]


def say_track_record(position: Position) -> str:
    """Return in one sentence how forecasts made in the same way have held in the past."""
    forecast = forecast_shown(position)
    if forecast is None:
        return ""
    record, indicator = forecast.record, position.indicator
    row = record_row(record, int(told_point(forecast)["horizon"]))
    if row is None:
        return "How such forecasts held this far ahead has not been tested."
    errors = row[["error", "naive_error", "linear_error"]].astype(float)
    fine = finer(indicator, errors.min())
    size, naive, straight = size_words(fine, errors["error"]), *(
        number(fine, errors[name]).rstrip("%") for name in ("naive_error", "linear_error")
    )  # fmt: skip
    tests = (
        f"Tested on {record.forecasts:,} forecasts of the past in {_areas(record.areas)} "
        f"({_when(record)})"
    )
    errors = f"the typical error {_ahead(position, row['horizon'])} was {size}"
    beside = f"against {naive} for carrying the last figure on and {straight} for a straight line"
    if record.naive_used:
        errors = f"carrying the last figure on did better than our usual forecast, so it is the forecast here; {errors}"
        beside = f"against {straight} for a straight line"
    untested = forecast.points["horizon"].max() > record.by_horizon["horizon"].max()
    return (
        f"{tests}, {errors}, {beside}, and {in_100(row['inside_80'])} outcomes fell inside the 80% "
        f"range and {in_100(row['inside_95'])} inside the 95% range"
        f"{'; the periods furthest ahead could not be tested' if untested else ''}."
    )


def _areas(count: int) -> str:
    return "one area" if count == 1 else f"{count:,} areas"


def _when(record: TrackRecord) -> str:
    same = record.first == record.last
    return f"made from {record.first}" if same else f"made from {record.first} to {record.last}"


def _ahead(position: Position, horizon: float) -> str:
    """Return 'three years ahead', or 'three periods ahead' where their distance has no name."""
    points = position.outlook.forecast.points
    starts = pd.concat([position.history["period_start"].tail(1), points["period_start"]])
    months = round(starts.diff().median().days / 30.44)
    step = STEPS.get(months, "period")
    return f"{few(int(horizon))} {step}{'' if horizon == 1 else 's'} ahead"


def in_100(share: float) -> str:
    """Return '79 in 100', 'all' or 'none'; a share short of all is never rounded up to it."""
    if not isfinite(share):
        return "an unknown share of"
    if share in (0, 1):
        return "all" if share else "none of the"
    return f"{min(99, max(1, round(100 * share)))} in 100"


def say_assumptions(position: Position) -> str:
    """Return how a forecast was made and what it supposes, in whole sentences."""
    forecast = forecast_shown(position)
    if forecast is None:
        return ""
    method = FORECAST_METHODS.get(forecast.method, forecast.method.replace("_", " "))
    made = f"The forecast rests on {counted(forecast.n, 'figure')} of this place: {method}."
    return joined(made, *(sentence(said) for said in forecast.assumptions))
