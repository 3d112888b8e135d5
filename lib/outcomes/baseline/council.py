"""What residents answered on the whole-council measures: share, answers, margin of error, change."""

from collections.abc import Mapping

import pandas as pd

from outcomes.model import Answer
from outcomes.model.standing import AnswerOf
from outcomes.statistics.rows import PERIOD
from outcomes.statistics.survey import effective_answers, margin_to_print, wave_change

ROUNDING = 0.97
"""Limits rounded for print give an effective sample a little off: so near, it is the answers."""


def answers(
    rows: pd.DataFrame,
    series: Mapping[int, str],
    *,
    within: pd.DataFrame | None = None,
    names: Mapping[str, str] | None = None,
) -> tuple[Answer, ...]:
    """Return the newest wave of each measure that has one, in the framework's order.

    Parameters
    ----------
    rows : pandas.DataFrame
        One place's rows of those series, columns as OBSERVATION_COLUMNS; the denominator is the
        number of answers, the value a percentage. Limits are taken to have the design effect of
        weighting and clustering in them.
    series : mapping of int to str
        The series of each measure, by its number.
    within : pandas.DataFrame, optional
        The same of the places within it.
    names : mapping of str to str, optional
        Their names by code.
    """
    known = rows[rows["value"].notna() & (rows["group_kind"] == "")].sort_values(PERIOD)
    waves = _worth(known)
    parts = rows[rows["group_kind"] != ""]
    if within is not None:
        inside = within[within["group_kind"] == ""]
        named = inside.assign(group_kind="place", group=inside["area_code"].map(names))
        parts = pd.concat([named, parts]) if len(named) else parts
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
        same = (parts["series"] == name) & (parts["period_start"] == newest["period_start"])
        found.append(_answer(number, newest, moved, parts[same]))
    return tuple(found)


def _worth(rows: pd.DataFrame) -> pd.DataFrame:
    """Return rows with their answers, and as how many each counts by its limits."""
    worth = effective_answers(
        *(rows[name].to_numpy() / 100 for name in ("value", "lower", "upper"))
    )
    near = ~(worth < ROUNDING * rows["denominator"])
    effective = rows["denominator"].where(near, worth)
    return rows.assign(answers=rows["denominator"], effective=effective)


def _margin(row: pd.Series) -> float:
    return 100 * float(margin_to_print(row["value"] / 100, row["effective"]))


def _answer(number: int, newest: pd.Series, moved: pd.DataFrame, parts: pd.DataFrame) -> Answer:
    last = moved.iloc[0] if len(moved) else None
    return Answer(
        number=number,
        period=str(newest["period"]),
        value=float(newest["value"]),
        answers=float(newest["answers"]),
        effective=float(newest["effective"]),
        margin=_margin(newest),
        before="" if last is None else str(last["from_period"]),
        change=float("nan") if last is None else float(last["change"]),
        verdict="not_tested" if last is None else str(last["verdict"]),
        parts=tuple(
            AnswerOf(row["group_kind"], row["group"], row["value"], row["answers"], _margin(row))
            for _, row in _worth(parts).sort_values(["group_kind", "group"]).iterrows()
        ),
    )
