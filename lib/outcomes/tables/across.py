"""Tables that look across areas: the spread, the spine, what goes with what, the funnel."""

from math import isfinite

import numpy as np
import pandas as pd

from outcomes.model import Baseline, Funnel, Indicator, Position, Relation
from outcomes.model.words import WHOLE, capital, correlation_words, those
from outcomes.tables.table import Table
from outcomes.tables.words import (
    FUNNEL,
    NONE,
    limits_words,
    plain,
    unit_words,
    value_words,
    verdict_words,
)

ENDS = 5
BESIDE = 3
MIDDLE = {"q3": "Upper quartile", "median": "Median", "q1": "Lower quartile"}


def table_spread(position: Position) -> Table:
    """Return the areas that a place ranks among, highest first, with median and quartiles.

    Of more than 20 areas: the five highest and lowest, and the place with three on either side.
    """
    spread, indicator = position.standing.spread, position.indicator
    columns = ["Area", "Figure"]
    if spread is None:
        return Table(f"{indicator.title}: no spread", pd.DataFrame(columns=columns))
    rows = spread.peers[spread.peers["value"].notna()]
    rows = rows.sort_values("value", ascending=False, ignore_index=True)
    own = rows.index[rows["area_code"] == position.place.code]
    shown = rows[_kept(len(rows), own)]
    marks = [(name, getattr(spread, key)) for key, name in MIDDLE.items()]
    middle = pd.DataFrame(marks, columns=["area_name", "value"]).dropna()
    shown = pd.concat([shown, middle]).sort_values("value", ascending=False, kind="stable")
    frame = pd.DataFrame({"Area": shown["area_name"]})
    frame["Figure"] = [value_words(indicator, value) for value in shown["value"]]
    if rows[["lower", "upper"]].notna().any(axis=None):
        limits = zip(shown["lower"], shown["upper"], strict=True)
        frame["95% interval"] = [limits_words(indicator, *pair) for pair in limits]
    said = "" if len(rows) <= WHOLE else _selection(position, len(own))
    caption = (
        f"{indicator.title}: {said}{those(len(rows), spread.among)}, {spread.period}, "
        f"{unit_words(indicator)}"
    )
    return Table(caption, frame.reset_index(drop=True))


def _kept(count: int, own: pd.Index) -> np.ndarray:
    at = np.arange(count)
    near = np.abs(at - own[0]) <= BESIDE if len(own) else False
    return (count <= WHOLE) | (at < ENDS) | (at >= count - ENDS) | near


def _selection(position: Position, own: int) -> str:
    beside = f", {position.place.name} with {BESIDE} on either side" if own else ""
    return f"the {ENDS} highest and the {ENDS} lowest{beside}, and the quartiles, of "


def table_spine(baseline: Baseline) -> Table:
    """Return a row an indicator with a spread: the place, its comparator, and the spread."""
    shown = [p for p in baseline.positions if p.latest and p.standing.spread]
    ends = ("lowest", "q1", "median", "q3", "highest")
    rows = [
        (
            f"{p.indicator.title}, {unit_words(p.indicator)}",
            value_words(p.indicator, p.latest.value),
            value_words(p.indicator, p.comparison.value) if p.comparison else NONE,
            verdict_words(p),
            *(value_words(p.indicator, getattr(p.standing.spread, end)) for end in ends),
        )
        for p in shown
    ]
    whom = baseline.comparator_label
    columns = ["Indicator", baseline.place.name, capital(whom), "Compared"]
    columns += ["Lowest", "Lower quartile", "Median", "Upper quartile", "Highest"]
    caption = f"{baseline.place.name} among the areas it ranks among"
    return Table(caption, pd.DataFrame(rows, columns=columns))


def table_relation(relation: Relation) -> Table:
    """Return a row an area: both figures, what the line expects, and what is particular of it.

    Of more than 20 areas: our own, those far from the line, and those that pull it.
    """
    points = relation.points
    marks = {"own": "ours", "outlier": "far from the line", "influential": "pulls the line"}
    flags = points[list(marks)].astype(bool)
    shown = points[flags.any(axis=1) | (len(points) <= WHOLE)]
    remarks = [
        ", ".join(words for mark, words in marks.items() if flags.loc[at, mark]) or NONE
        for at in shown.index
    ]
    frame = pd.DataFrame({"Area": shown["area_name"]})
    figures = {relation.on[0]: "x", relation.outcome: "y", "On the line": "expected"}
    for heading, column in figures.items():
        frame[heading] = [plain(value) for value in shown[column]]
    frame["Remark"] = remarks
    part = "" if len(shown) == len(points) else f"{len(shown)} of "
    caption = f"{relation.outcome} beside {', '.join(relation.on)}: {part}{len(points):,} "
    return Table(f"{caption}{relation.among}, {relation.period}", frame.reset_index(drop=True))


def table_correlations(relation: Relation) -> Table:
    """Return a row a pair of indicators: how strongly they go together, on how many areas."""
    rows = [
        (
            row.first,
            row.second,
            _r(row.r),
            f"{_r(row.lower)} to {_r(row.upper)}"
            if isfinite(row.lower) and isfinite(row.upper)
            else NONE,
            f"{row.n:,}",
            "yes" if row.noteworthy else "no",
        )
        for row in relation.correlations.itertuples()
    ]
    columns = ["First", "Second", "r", "95% interval", "Areas", "More than chance"]
    tests = f"{relation.tests} pair{'' if relation.tests == 1 else 's'} tested together"
    caption = f"What goes with what among {relation.among}, {relation.period}; {tests}"
    return Table(caption, pd.DataFrame(rows, columns=columns))


def _r(value: float) -> str:
    return correlation_words(value) if isfinite(value) else NONE


def table_funnel(funnel: Funnel, indicator: Indicator) -> Table:
    """Return a row an area, highest first: its size, its figure, and whether chance allows it.

    Of more than 20 areas: our own and those outside the 95% limits.
    """
    points = funnel.points.sort_values("value", ascending=False, na_position="last")
    outside = points["position"].isin(set(FUNNEL) - {"inside"})
    shown = points[outside | points["own"].astype(bool) | (len(points) <= WHOLE)]
    rows = [
        (
            row.area_name,
            f"{row.denominator:,.0f}" if isfinite(row.denominator) else NONE,
            value_words(indicator, row.value),
            FUNNEL.get(row.position, NONE),
        )
        for row in shown.itertuples()
    ]
    columns = ["Area", "Size", "Figure", "Beside what chance allows"]
    part = "" if len(shown) == len(points) else "our own and those outside the limits, of "
    caption = f"{funnel.title}: {part}{len(points):,} {funnel.among}, {funnel.period}"
    return Table(caption, pd.DataFrame(rows, columns=columns))
