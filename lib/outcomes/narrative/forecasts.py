"""What is to be expected if things go on as they are, and how far such forecasts can be believed."""

from math import isfinite

import pandas as pd

from outcomes.model import (
    Forecast,
    Indicator,
    Position,
    TrackRecord,
    number,
    with_unit,
)
from outcomes.model.numbers import rounded
from outcomes.model.words import FORECAST_METHODS
from outcomes.narrative.words import (
    counted,
    few,
    finer,
    joined,
    sentence,
    size_words,
)

TOLD = 3
"""How many periods ahead a sentence speaks of, or as many as there are."""
FEWEST_OWN = 5
"""Past forecasts of the place itself below which its own record says too little."""
STEPS = {1: "month", 3: "quarter", 6: "half-year", 12: "year"}
"""What the time from one figure to the next is called, by its months."""
THREE = {
    "higher_is_better": "{2} at the good end, {1} in the middle and {0} at the bad end",
    "lower_is_better": "{0} at the good end, {1} in the middle and {2} at the bad end",
    "no_judgement": "{2} at the high end, {1} in the middle and {0} at the low end",
}
"""High, medium and low in the words of an indicator's polarity, from the lower end on."""


def told_point(forecast: Forecast) -> pd.Series:
    """Return the point ahead that sentences speak of: three periods ahead, or the last before."""
    points = forecast.points
    near = points[points["horizon"] <= TOLD]
    return (near if len(near) else points.head(1)).iloc[-1]


def say_forecast(position: Position) -> str:
    """Return three figures, high, medium and low, that are to be expected; or why there are none."""
    if position.outlook is None:
        return ""
    forecast = position.forecast_shown
    if forecast is None:
        return f"{position.lacking}."
    indicator, point = position.indicator, told_point(forecast)
    lower, upper = (number(indicator, point[end]) for end in ("lower_80", "upper_80"))
    three = THREE[indicator.polarity].format(lower, with_unit(indicator, point["mean"]), upper)
    return joined(
        f"If things go on as they are, the figure for {point['period']} would be {three}. It is "
        "meant to fall between the two ends 8 times in 10.",
        _beside_now(position, point),
    )


def _beside_now(position: Position, point: pd.Series) -> str:
    """Return whether the range leaves out today's figure."""
    latest, indicator = position.latest, position.indicator
    if latest is None or not isfinite(latest.value):
        return ""
    now = f"the figure for {latest.period}, {number(indicator, latest.value)}"
    value, lower, upper = (
        rounded(size, indicator.decimals)
        for size in (latest.value, point["lower_80"], point["upper_80"])
    )
    if lower <= value <= upper:
        return f"The range includes {now}, so it may go up or down from there."
    higher = lower > value
    judged = {"higher_is_better": higher, "lower_is_better": not higher}.get(indicator.polarity)
    word = {True: ", for the better", False: ", for the worse"}.get(judged, "")
    return f"The whole range lies {'above' if higher else 'below'} {now}{word}."


def record_row(record: TrackRecord, horizon: int) -> pd.Series | None:
    """Return the record so many periods ahead, or at the last horizon tested before it."""
    rows = record.by_horizon
    rows = rows[rows["horizon"] <= horizon]
    return None if rows.empty else rows.iloc[-1]


def say_track_record(position: Position) -> str:
    """Return how forecasts made in the same way have held in the past, everywhere and here."""
    forecast = position.forecast_shown
    if forecast is None:
        return ""
    record = forecast.record
    row = record_row(record, int(told_point(forecast)["horizon"]))
    if row is None:
        return "How such forecasts held this far ahead has not been tested."
    indicator, naive = position.indicator, record.naive_used
    errors = row[["error", "naive_error", "linear_error"]].astype(float)
    fine = finer(indicator, errors.min())
    lead, beside = "", f"{_bare(fine, errors['naive_error'])} for carrying the last figure on, "
    if naive:
        lead = (
            "carrying the last figure on did better than our usual forecast, so it is the forecast "
            "here; "
        )
        beside = ""
    size = size_words(fine, errors["naive_error" if naive else "error"])
    beside += f"{_bare(fine, errors['linear_error'])} for a straight line"
    untested = forecast.points["horizon"].max() > record.by_horizon["horizon"].max()
    said = (
        f"Tested on {_tests(row, record)}: {lead}the typical error "
        f"{steps_ahead(position, row['horizon'])} was {size} ({beside}), and {_inside(row)}"
        f"{'; the periods furthest ahead could not be tested' if untested else ''}."
    )
    return joined(said, _everywhere(record), _here(row, record, indicator))


def _inside(row: pd.Series) -> str:
    if row["inside_80"] == row["inside_95"] == 1:
        return "all outcomes fell inside both ranges"
    return (
        f"{in_100(row['inside_80'])} outcomes fell inside the 80% range and "
        f"{in_100(row['inside_95'])} inside the 95% range"
    )


def _bare(indicator: Indicator, size: float) -> str:
    return number(indicator, size).rstrip("%")


def _tests(row: pd.Series, record: TrackRecord) -> str:
    """Return how many forecasts were tested at one horizon, in how many areas, from when."""
    count, origins = int(row["forecasts"]), row.get("origins", float("nan"))
    tests = f"{count:,} forecast{'' if count == 1 else 's'} of the past"
    if origins == 1:
        where = _areas(min(record.areas, count))
        lesson = "" if count == 1 else f", which is one lesson and not {count:,}"
        return f"{tests} in {where}, all from one point in time ({record.first}){lesson}"
    # At this horizon there may be fewer areas than in the whole record.
    where = ("" if record.areas == 1 else "up to ") + _areas(record.areas)
    if origins == 2:
        return f"{tests} in {where}, from two points in time only"
    points = f" at {few(int(origins))} points in time" if isfinite(origins) else ""
    return f"{tests} in {where}, made{points} from {record.first} on"


def _areas(count: int) -> str:
    return "one area" if count == 1 else f"{count:,} areas"


def _everywhere(record: TrackRecord) -> str:
    return "" if record.areas == 1 else "That is over all areas, large and small."


def _here(row: pd.Series, record: TrackRecord, indicator: Indicator) -> str:
    """Return the place's own record at the same horizon; nothing of very few forecasts."""
    own = record.own
    if own.empty or record.areas == 1:
        return ""
    own = own[(own["horizon"] == row["horizon"]) & (own["forecasts"] >= FEWEST_OWN)]
    if own.empty:
        return ""
    here = own.iloc[0]
    count = int(here["forecasts"])
    held = f"{round(count * here['inside_80'])} of {count} fell inside the 80% range"
    if record.naive_used:
        # The place's own error is that of the usual forecast, which is not the one shown.
        return f"Here {held}."
    fine = finer(indicator, here["error"])
    return f"Here the typical error was {_bare(fine, here['error'])}, and {held}."


def steps_ahead(position: Position, horizon: float) -> str:
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
    forecast = position.forecast_shown
    if forecast is None:
        return ""
    method = FORECAST_METHODS.get(forecast.method, forecast.method.replace("_", " "))
    made = f"The forecast rests on {counted(forecast.n, 'figure')} of this place: {method}."
    return joined(made, *(sentence(said) for said in forecast.assumptions))
