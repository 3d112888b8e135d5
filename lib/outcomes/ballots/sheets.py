"""Ballots collected on paper or by another form, read from a CSV file: a row for each choice."""

from itertools import groupby
from pathlib import Path

from outcomes.ballots.held import Held, Sheet
from outcomes.errors import listed
from outcomes.model.choosing import BALLOT_COLUMNS
from outcomes.parameters.csv_files import read_csv
from outcomes.paths import shown


def read_sheets(path: Path, held: Held) -> list[Sheet]:
    """Return the ballots of a CSV file with the columns group, voter, outcome, statement.

    Rows of one ballot that stand apart are put together; a whole ballot is one by itself, so that
    whoever votes twice is told so. A statement is its id or its wording. Nothing is checked here
    but the form of the file; the box refuses what is spoiled.

    Raises
    ------
    DataError
        If the file cannot be read, lacks a column, or has no row.
    """
    found = read_csv(
        path,
        BALLOT_COLUMNS,
        what=f"the columns {', '.join(BALLOT_COLUMNS)}",
        so="Nothing was read in.",
    )
    worded = {
        (outcome_id, wording.casefold()): name
        for outcome_id, outcome in held.outcomes.items()
        for name, wording in outcome.statements.items()
    }
    ballots: list[list[tuple]] = []
    apart: dict[tuple, list[tuple]] = {}
    for key, rows in groupby(found[BALLOT_COLUMNS].itertuples(), key=lambda row: row[1:4]):
        part = list(rows)
        if len(part) == held.choose:
            ballots.append(part)
        elif key in apart:
            apart[key] += part
        else:
            ballots.append(apart.setdefault(key, part))
    return [_sheet(path, part, worded) for part in ballots]


def _sheet(path: Path, rows: list[tuple], worded: dict[tuple[str, str], str]) -> Sheet:
    lines, groups, marks, outcomes, said = zip(*rows, strict=True)
    chosen = tuple(worded.get((outcomes[0], each.casefold()), each) for each in said)
    together = len(lines) == lines[-1] - lines[0] + 1
    span = f"{lines[0]} to {lines[-1]}" if together and len(lines) > 1 else listed(lines)
    return Sheet(f"{shown(path)}, line {span}", groups[0], marks[0], outcomes[0], chosen)
