"""The whole-council performance measures in a table: answers, margin of error, change."""

import pandas as pd

from outcomes.model import Answer, Overview
from outcomes.tables.table import Table
from outcomes.tables.words import NONE

SILENT = ("No figure", NONE, NONE, NONE)
SIMPLE = 1.05
"""A design effect under this is not worth a word."""
ALLOWED = "with any allowance for few clusters"
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


def _answers(answer: Answer) -> str:
    """Return how many answered, and as how many they count where weights and clusters cost some."""
    design = answer.answers / answer.effective
    worth = f", worth {answer.effective:,.0f} (design effect {design:.1f}, {ALLOWED})"
    worth *= design >= SIMPLE
    return f"{answer.answers:,.0f}{worth}"


def _answered(answer: Answer) -> tuple[str, str, str, str]:
    known = answer.margin == answer.margin
    change = NONE
    if answer.before:
        points = f"{answer.change:+.1f}".replace("-", "\N{MINUS SIGN}")
        change = f"{points} points since {answer.before}, {WAVES[answer.verdict]}"
    return (
        f"{answer.value:.1f}%, {answer.period}",
        _answers(answer) if known else "not known",
        f"\N{PLUS-MINUS SIGN}{answer.margin:.1f} points" if known else "not known",
        change,
    )


def table_answers_of(overview: Overview) -> Table:
    """Return the newest answers by place within and by group of residents.

    A share of too few answers is withheld, with others that would tell it.
    """
    wording = {
        measure.number: measure.wording.replace("{area}", overview.framework.area)
        for measure in overview.framework.council_measures
    }
    rows = [
        (
            wording[answer.number],
            f"{part.name} ({part.kind})",
            f"{part.value:.0f}%, {answer.period}" if part.value == part.value else "withheld",
            f"{part.answers:,.0f}" if part.answers == part.answers else "withheld",
            f"\N{PLUS-MINUS SIGN}{part.margin:.0f} points" if part.margin == part.margin else NONE,
        )
        for answer in overview.answers
        for part in answer.parts
    ]
    columns = ["Measure", "Place or group", "Share", "Answers", "Margin of error"]
    caption = "Whole-council performance measures by place and by group of residents"
    return Table(caption, pd.DataFrame(rows, columns=columns))
