"""What residents answered on the whole-council measures: share, answers, margin of error, change."""

from collections.abc import Mapping

import pandas as pd

from outcomes.model import Answer
from outcomes.statistics.rows import PERIOD
from outcomes.statistics.survey import margin_of_error, wave_change


def answers(rows: pd.DataFrame, series: Mapping[int, str]) -> tuple[Answer, ...]:
    """Return the newest wave of each measure that has one, in the framework's order.

    Parameters
    ----------
    rows : pandas.DataFrame
        One place's rows of those series, columns as OBSERVATION_COLUMNS; the denominator is the
        number of answers, the value a percentage.
    series : mapping of int to str
        The series of each measure, by its number.
    """
    known = rows[rows["value"].notna() & (rows["group_kind"] == "")].sort_values(PERIOD)
    waves = known.assign(answers=known["denominator"])
    changes = wave_change(waves) if len(waves) else waves
    found = []
    for number, name in sorted(series.items()):
        own = waves[waves["series"] == name]
        if own.empty:
            continue
        newest = own.iloc[-1]
        moved = changes[
            (changes["series"] == name) & (changes["period_start"] == newest["period_start"])
        ]
        found.append(_answer(number, newest, moved))
    return tuple(found)


def _answer(number: int, newest: pd.Series, moved: pd.DataFrame) -> Answer:
    asked = float(newest["answers"])
    last = moved.iloc[0] if len(moved) else None
    return Answer(
        number=number,
        period=str(newest["period"]),
        value=float(newest["value"]),
        answers=asked,
        margin=100 * float(margin_of_error(newest["value"] / 100, asked))
        if asked > 0
        else float("nan"),
        before="" if last is None else str(last["from_period"]),
        change=float("nan") if last is None else float(last["change"]),
        verdict="not_tested" if last is None else str(last["verdict"]),
    )
