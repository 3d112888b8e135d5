"""How indicators stand on the three tests, and how far their figures can be relied on, in tables."""

import pandas as pd

from outcomes.errors import listed
from outcomes.model.choosing import Choosing
from outcomes.tables.table import Table
from outcomes.tables.words import NONE

STANDINGS = {
    "headline": "Headline indicators",
    "secondary": "Secondary indicators",
    "development": "Data development agenda",
    "unscored": "Not scored yet",
}
TESTS = {
    "central": "Central importance",
    "communicates": "Common sense, and communicates",
    "data_power": "Data power",
}
COLUMNS = {
    "timeliness": "Timely",
    "completeness": "Complete",
    "revision": "Settled",
    "locality": "Local",
    "precision": "Sure",
}
NOT_SCORED, NOT_KNOWN, NO_FIGURES = "Not scored", "Not known", "no figures in the store"
EXAMPLE = " (an example that nobody has adopted)"


def table_standing(choosing: Choosing, standing: str) -> Table:
    """Return a row an indicator of one standing: its scores with their reasons.

    Where the score that somebody gave for data power differs from the computed one, both stand there.
    """
    found = choosing.table[choosing.table["standing"] == standing]
    rows = [
        (
            row.title if row.measured else f"{row.title} ({NO_FIGURES})",
            _judged(row.central, row.why_central),
            _judged(row.communicates, row.why_communicates),
            _power(row),
            row.by or NONE,
        )
        for row in found.itertuples()
    ]
    columns = ["Indicator", *TESTS.values(), "Scored by"]
    frame = pd.DataFrame(rows, columns=columns)
    empty = [name for name in columns if len(frame) and frame[name].isin([NOT_SCORED, NONE]).all()]
    return Table(_caption(choosing, STANDINGS[standing]), frame.drop(columns=empty))


def table_weak(choosing: Choosing) -> Table:
    """Return a row for each scored indicator that is low on a test: on which, and why."""
    rows = [
        (row.title, listed(TESTS[name] for name in row.weak), _weak(row))
        for row in choosing.table.itertuples()
        if row.weak
    ]
    columns = ["Indicator", "Low on", "Why"]
    return Table(_caption(choosing, "Weak indicators"), pd.DataFrame(rows, columns=columns))


def table_data_power(choosing: Choosing) -> Table:
    """Return a row a measure with figures: how timely, complete, settled, local and sure it is."""
    rows = [
        (
            row.title,
            _said(row.timeliness, _timeliness(row)),
            _said(row.completeness, _completeness(row)),
            _said(row.revision, _revision(row)),
            _said(row.locality, _locality(row)),
            _said(row.precision, f"chance is {_share(row.chance)} of the differences between areas",
                  "too few published limits"),
            row.overall.capitalize() or NOT_KNOWN,
        )
        for row in choosing.power.itertuples()
    ]  # fmt: skip
    columns = ["Measure", *COLUMNS.values(), "As a whole"]
    caption = f"Data power, computed for {choosing.place} and the areas of its level"
    return Table(caption, pd.DataFrame(rows, columns=columns))


def _caption(choosing: Choosing, what: str) -> str:
    return f"{what}: {choosing.title}, {choosing.place}{EXAMPLE if choosing.example else ''}"


def _judged(score: str, why: str) -> str:
    return f"{score.capitalize()}. {why.rstrip('.')}." if score else NOT_SCORED


def _power(row) -> str:
    computed = row.computed if row.measured else NO_FIGURES
    if row.short:
        computed += f" ({', '.join(f'{COLUMNS[test].lower()} {word}' for test, word in row.short)})"
    if not row.said:
        return (
            f"Computed: {computed or 'not known'}."
            if row.measured
            else f"{NO_FIGURES}.".capitalize()
        )
    differs = f" Computed: {computed or 'not known'}." * (row.computed != row.said)
    return f"{_judged(row.said, row.why_said)}{differs}"


def _weak(row) -> str:
    reasons = {"central": row.why_central, "communicates": row.why_communicates}
    reasons["data_power"] = row.why_said or "computed from the store"
    return " ".join(f"{reasons[name].rstrip('.')}." for name in row.weak)


def _said(level: str, why: str, unknown: str = "") -> str:
    return f"{level.capitalize()}: {why}" if level else f"{NOT_KNOWN}: {unknown or why}"


def _timeliness(row) -> str:
    if pd.isna(row.newest):
        return "no area of its level has a figure"
    every = f", a figure every {row.cycle:.0f} months" if row.cycle == row.cycle else ""
    return f"{row.newest}, {row.age:.0f} months ago{every}"


def _completeness(row) -> str:
    periods = f"{row.points:.0f} period{'' if row.points == 1 else 's'}"
    filled = f"; since the first, {_share(row.periods)} of the figures that areas could have"
    filled *= row.periods == row.periods
    return f"{_share(row.areas)} of areas; {periods}{filled}"


def _revision(row) -> str:
    if pd.isna(row.revised):
        return "one version held"
    if row.revised and pd.isna(row.revision_size):
        return f"{row.revised:,.0f} figures revised, each from 0, so there is no percentage"
    if not row.revised:
        return "no figure was revised"
    return f"{row.revised:,.0f} figures revised, typically by {_share(row.revision_size, 1)}"


def _locality(row) -> str:
    own = "a figure of its own" if row.own else "no figure of its own"
    return own if pd.isna(row.inside) else f"{own}; {_share(row.inside)} of the places within"


def _share(value: float, decimals: int = 0) -> str:
    return f"{100 * value:.{decimals}f}%"
