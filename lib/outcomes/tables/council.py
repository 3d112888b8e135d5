"""The whole-council performance measures in a table: answers, margin of error, change."""

import pandas as pd

from outcomes.model import Answer, Overview
from outcomes.tables.table import Table
from outcomes.tables.words import NONE

SILENT = ("No figure", NONE, NONE, NONE)
WAVES = {
    "real": "more than chance",
    "could_be_chance": "could be chance",
    "not_tested": "not tested",
}
"""What is said of the change of a survey's answers from one wave to the next."""


def table_council_measures(overview: Overview) -> Table:
    """Return the whole-council performance measures, which are never mixed with indicators.

    The share who agree, how many answered, the margin of error, and the change since the wave
    before; or what would give the measure a figure.
    """
    found = {answer.number: answer for answer in overview.answers}
    area = overview.framework.area
    rows = []
    for measure in overview.framework.council_measures:
        answer, wording = found.get(measure.number), measure.wording.replace("{area}", area)
        said = (*_answered(answer), NONE) if answer else (*SILENT, measure.gap)
        rows.append((wording, *said))
    columns = [
        "Measure",
        "Latest",
        "Answers",
        "Margin of error",
        "Change",
        "What would give it a figure",
    ]
    frame = pd.DataFrame(rows, columns=columns)
    if not found:
        frame = frame[[columns[0], columns[1], columns[-1]]]
    caption = "Whole-council performance measures, from residents' surveys"
    return Table(caption, frame)


def _answered(answer: Answer) -> tuple[str, str, str, str]:
    known = answer.margin == answer.margin
    change = NONE
    if answer.before:
        points = f"{answer.change:+.1f}".replace("-", "\N{MINUS SIGN}")
        change = f"{points} points since {answer.before}, {WAVES[answer.verdict]}"
    return (
        f"{answer.value:.1f}%, {answer.period}",
        f"{answer.answers:,.0f}" if known else "not known",
        f"\N{PLUS-MINUS SIGN}{answer.margin:.1f} points" if known else "not known",
        change,
    )
