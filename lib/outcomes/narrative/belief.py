"""How far a forecast can be believed: one rating, by a stated rule."""

import pandas as pd

from outcomes.model import Position
from outcomes.narrative.forecasts import forecast_shown, record_row, told_point

FEWEST = 30
"""Past forecasts below which a track record says too little."""
GRADES = (
    "Take this forecast as little more than a guess",
    "Take this forecast with care",
    "Take this forecast seriously",
)


def say_how_far_to_believe(position: Position) -> str:
    """Return how seriously to take a forecast, by a stated rule, with the reasons.

    Four things are marked at the horizon that the sentences speak of. The error beside that of
    carrying the last figure on: good below 0.95 of it, poor above 1.05. The ranges: good if the
    shares inside lie within 5 points of the 80% and 95% promised, poor beyond 10 points. The 80%
    range beside the distance from the lowest to the highest of the newest 15 figures: good if no
    wider, poor if more than twice as wide. The tests: poor with fewer than 30 at that horizon. Any
    poor mark makes it little more than a guess; only good marks make it one to take seriously;
    all else is to be taken with care.
    """
    forecast = forecast_shown(position)
    point = None if forecast is None else told_point(forecast)
    row = None if point is None else record_row(forecast.record, int(point["horizon"]))
    if row is None:
        return ""
    marks = [_skill(row), _coverage(row), _width(position, point), _tests(row)]
    grade = min(mark for mark, _ in marks)
    said = [words for mark, words in marks if words and (mark == grade or grade == 2)]
    return f"{GRADES[grade]}: {'; '.join(said)}."


def _skill(row: pd.Series) -> tuple[int, str]:
    error, naive = row["error"], row["naive_error"]
    if error < 0.95 * naive:
        return 2, "it came closer in the past than carrying the last figure on"
    if error > 1.05 * naive:
        return 0, "it did worse in the past than carrying the last figure on"
    return 1, "it came about as close in the past as carrying the last figure on"


def _coverage(row: pd.Series) -> tuple[int, str]:
    off = max(abs(row["inside_80"] - 0.8), abs(row["inside_95"] - 0.95))
    if not off <= 0.10 + 1e-9:
        return 0, "its ranges held far from as often as they promise"
    if off > 0.05 + 1e-9:
        return 1, "its ranges held not quite as often as they promise, or more often"
    return 2, "its ranges held about as often as they promise"


def _width(position: Position, point: pd.Series) -> tuple[int, str]:
    known = position.history["value"].dropna().tail(15)
    spread, width = known.max() - known.min(), point["upper_80"] - point["lower_80"]
    if width > 2 * spread:
        return 0, "its range is more than twice as wide as all that the figures have moved so far"
    if width > spread:
        return 1, "its range is wider than all that the figures have moved so far"
    return 2, "its range is no wider than what the figures have moved so far"


def _tests(row: pd.Series) -> tuple[int, str]:
    if row["forecasts"] >= FEWEST:
        return 2, ""
    return 0, f"it was tested on fewer than {FEWEST} forecasts of the past"
