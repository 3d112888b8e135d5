"""Performance measures in tables. A table here takes measures of services and nothing else."""

import pandas as pd

from outcomes.model.numbers import rounded
from outcomes.model.performance import (
    KINDS,
    QUADRANTS,
    MeasureLine,
    ServiceResult,
    ServicesPage,
)
from outcomes.tables.table import Table
from outcomes.tables.words import NONE

QUESTIONS = {name: f"{title} ({rank})" for name, (title, rank) in QUADRANTS.items()}


def table_measures(result: ServiceResult) -> Table:
    """Return a service's measures, the most important quadrant first, with who answers for each.

    Raises
    ------
    TypeError
        If a line is not a performance measure: indicators have tables of their own.
    """
    for line in result.lines:
        if not isinstance(line, MeasureLine):
            raise TypeError(
                f"{type(line).__name__}: a table of performance measures takes no other"
            )
    rows = [
        (
            line.measure.title,
            QUESTIONS[line.measure.quadrant],
            newest(line),
            measure_value(line, line.measure.target) if line.measure.target is not None else NONE,
            line.accountable,
        )
        for line in result.lines
    ]
    columns = ["Performance measure", "Question", "Latest", "Target", "Who answers for it"]
    caption = f"Performance measures of {result.service.title}, the most important first"
    return Table(caption, pd.DataFrame(rows, columns=columns))


def table_measure(line: MeasureLine) -> Table:
    """Return every figure of one performance measure, by period."""
    rows = [(row.period, _cell(line, row)) for row in line.figures.itertuples()]
    return Table(line.measure.title, pd.DataFrame(rows, columns=["Period", "Figure"]))


def table_follow_up(result: ServiceResult) -> Table:
    """Return who was better off at discharge and later, with those who were lost counted."""
    rows = [
        (
            row.period,
            _people(row.discharged),
            _share(row.better_at_discharge, row.at_discharge, row.withheld_discharge),
            *(
                _people(n, hidden=row.withheld_follow_up)
                for n in (row.not_due, row.due, row.followed, row.lost)
            ),
            _later(row),
            _range(row),
        )
        for row in result.follow_up.itertuples()
    ]
    months = result.service.clients.follow_up_months if result.service.clients else 12
    columns = [
        "Discharged in",
        "Discharged",
        "Better off at discharge",
        "Not due yet",
        f"Due at {months} months",
        "Followed up",
        "Lost",
        f"Better off at {months} months, of those followed up",
        "Of all who were due, if none or all of the lost were better off",
    ]
    caption = (
        f"{result.service.title}: better off at discharge and at {months} months. Lost are those who "
        "were due and were not followed up"
    )
    return Table(caption, pd.DataFrame(rows, columns=columns))


def table_contributors(page: ServicesPage) -> Table:
    """Return who contributes to each outcome. Nobody answers for an outcome alone."""
    rows = [
        (title, "; ".join(found) or "no service named yet")
        for title, found in page.contributors().items()
    ]
    caption = "Services that contribute to each outcome; nobody answers for an outcome alone"
    return Table(caption, pd.DataFrame(rows, columns=["Outcome", "Services and their providers"]))


def table_kinds() -> Table:
    """Return the kinds of measures found in each quadrant, as suggestions."""
    rows = [(QUESTIONS[q], kind, words) for q in QUADRANTS for kind, words in KINDS[q].items()]
    return Table(
        "Kinds of measures found in each quadrant",
        pd.DataFrame(rows, columns=["Question", "Kind", "What it is"]),
    )


def measure_value(line: MeasureLine, value: float) -> str:
    """Return a figure of a performance measure with its unit: '61%', '240 people'."""
    measure = line.measure
    text = f"{rounded(value, measure.decimals):,.{measure.decimals}f}"
    return f"{text}%" if measure.unit == "%" else f"{text} {measure.unit}".strip()


def newest(line: MeasureLine) -> str:
    """Return the figure of the newest whole period, or else of the newest, or why there is none."""
    row = line.newest()
    if row is None:
        words = [word for word in line.figures["word"] if word]
        return words[-1] if words else "no figure"
    return f"{_cell(line, row)}, {row.period}"


def _cell(line: MeasureLine, row) -> str:
    if row.value != row.value:
        return row.word or "no figure"
    text, chance = measure_value(line, row.value), ""
    if row.lower == row.lower:
        lower, upper = (measure_value(line, limit) for limit in (row.lower, row.upper))
        chance = f" ({lower} to {upper}, allowing for chance)"
    if row.best == row.best and row.best > row.value:
        text = text.removesuffix(f" {line.measure.unit}") + f" to {measure_value(line, row.best)}"
    return f"{text} of {row.people:,.0f} people{chance}" if _out_of(line, row) else text + chance


def _out_of(line: MeasureLine, row) -> bool:
    return line.measure.unit == "%" and row.people == row.people


def _people(count: float, *, hidden: bool = False) -> str:
    return "withheld" if hidden or count != count else f"{count:,.0f}"


def _share(number: float, share: float, hidden: bool) -> str:
    if hidden:
        return "withheld"
    return f"{number:,.0f} ({100 * share:.0f}%)" if share == share else NONE


def _later(row) -> str:
    text = _share(row.better_at_follow_up, row.of_followed, row.withheld_follow_up)
    if text in ("withheld", NONE):
        return text
    return f"{text}, 95% interval {100 * row.of_followed_lower:.0f}% to {100 * row.of_followed_upper:.0f}%"


def _range(row) -> str:
    if row.withheld_follow_up or row.worst != row.worst:
        return "withheld" if row.withheld_follow_up else NONE
    return f"{100 * row.worst:.0f}% to {100 * row.best:.0f}%"
