"""How far a forecast can be believed: one rating, by a stated rule."""

import pandas as pd

from outcomes.model import Position
from outcomes.narrative.forecasts import record_row, steps_ahead, told_point

FEWEST = 30
"""Past forecasts below which a track record says too little."""
FEWEST_ORIGINS = 3
"""Past points in time below which it does so too: the areas share their good and bad years."""
GRADES = (
    "Take this forecast as little more than a guess",
    "Take this forecast with care",
    "Take this forecast seriously",
)
IN_SHORT = ("Guess", "With care", "Seriously")
"""The same for the cell of a table."""


def say_how_far_to_believe(position: Position) -> str:
    """Return how seriously to take a forecast, by a stated rule, with the reasons.

    Four things are marked at the horizon that the sentences speak of. The error beside that of
    carrying the last figure on: good below 0.95 of it, poor above 1.05; not good if a straight line
    came closer by as much, or if the forecast is the last figure itself. The ranges: good if the
    shares inside lie within 5 points of the 80% and 95% promised, poor if one falls short by more
    than 10 points; ranges that held more often are too wide, which is never poor. The 80% range
    beside the distance from the lowest to the highest of the newest 15 figures that the forecast
    rests on: good if no wider, poor if more than twice as wide. The tests: poor with fewer than 30 at
    that horizon or from fewer than 3 points in time, not good if none reached as far. Any poor mark
    makes it little more than a guess; only good marks make it one to take seriously; all else is to
    be taken with care.
    """
    marks = _marks(position)
    if not marks:
        return ""
    grade = min(mark for mark, _ in marks)
    said = [words for mark, words in marks if words and (mark == grade or grade == 2)]
    return f"{GRADES[grade]}: {'; '.join(said)}."


def belief_in_short(position: Position) -> str:
    """Return 'Guess', 'With care' or 'Seriously' by the same rule; empty without a record."""
    marks = _marks(position)
    return IN_SHORT[min(mark for mark, _ in marks)] if marks else ""


def _marks(position: Position) -> list[tuple[int, str]]:
    """Return 0 (poor), 1 or 2 (good) for each of the four things, with its words."""
    forecast = position.forecast_shown
    point = None if forecast is None else told_point(forecast)
    row = None if point is None else record_row(forecast.record, int(point["horizon"]))
    if row is None:
        return []
    return [
        _skill(row, naive=forecast.record.naive_used),
        _coverage(row),
        _width(position, point),
        _tests(row, position, point),
    ]


def _skill(row: pd.Series, *, naive: bool) -> tuple[int, str]:
    if naive:
        return 1, "it is no more than the last figure carried on"
    error, naive = row["error"], row["naive_error"]
    if row["linear_error"] < 0.95 * error and error <= 1.05 * naive:
        return 1, "a straight line came closer in the past"
    if error < 0.95 * naive:
        return 2, "it came closer in the past than carrying the last figure on"
    if error > 1.05 * naive:
        return 0, "it did worse in the past than carrying the last figure on"
    return 1, "it came about as close in the past as carrying the last figure on"


def _coverage(row: pd.Series) -> tuple[int, str]:
    short = max(0.8 - row["inside_80"], 0.95 - row["inside_95"])
    if not short <= 0.10 + 1e-9:
        return 0, "its ranges held far less often than they promise"
    if short > 0.05 + 1e-9:
        return 1, "its ranges held less often than they promise"
    if row["inside_80"] - 0.8 > 0.05 + 1e-9:
        wide = "so they are wider than they need be"
        return 1, f"its ranges held more often than they promise, {wide}"
    return 2, "its ranges held about as often as they promise"


def _width(position: Position, point: pd.Series) -> tuple[int, str]:
    used = min(15, position.outlook.forecast.n)
    known = position.history["value"].dropna().tail(used)
    spread, width = known.max() - known.min(), point["upper_80"] - point["lower_80"]
    if width > 2 * spread:
        return 0, "its range is more than twice as wide as all that the figures have moved so far"
    if width > spread:
        return 1, "its range is wider than all that the figures have moved so far"
    return 2, "its range is no wider than what the figures have moved so far"


def _tests(row: pd.Series, position: Position, point: pd.Series) -> tuple[int, str]:
    if row["forecasts"] < FEWEST:
        return 0, f"it was tested on fewer than {FEWEST} forecasts of the past"
    if row.get("origins", FEWEST_ORIGINS) < FEWEST_ORIGINS:
        return 0, "it was tested from too few points in time"
    if row["horizon"] < point["horizon"]:
        return 1, f"none could be tested further than {steps_ahead(position, row['horizon'])}"
    return 2, ""
