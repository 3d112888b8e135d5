"""How the statements were voted on: the ballot that the frozen version of a framework rests on."""

from dataclasses import replace

from outcomes.ballots import open_box
from outcomes.ballots.held import hour
from outcomes.ballots.result import closed_result
from outcomes.model import Overview
from outcomes.narrative.ballots import say_ballot, say_identical
from outcomes.reports.document import Block, Heading, Items, Paragraph, TableBlock
from outcomes.reports.parts import paragraph
from outcomes.tables.ballots import table_agreement, table_ballot

NARROW = 3
"""Groups whose columns fit an upright page."""


def ballot_blocks(overview: Overview) -> tuple[Block, ...]:
    """Return the result of the ballot behind a framework's newest frozen version; none without one.

    Raises
    ------
    ParameterError, DataError
        If the ballot cannot be read any more.
    """
    newest = overview.version.newest
    if newest is None or newest.ballot is None:
        return ()
    with open_box() as box:
        held = box.ballot(newest.ballot)
        found = closed_result(box, newest.ballot, newest.weights)
    titles = {name: group.title for name, group in held.groups.items()}
    voted = {name: weight for name, weight in found.weights.items() if found.voters[name].any()}
    shown = replace(found, weights=voted)
    closed = f"{held.title}: each voter chose {held.choose} statements under an outcome. "
    silent = [titles[name] for name in found.weights if name not in voted]
    nobody = f" Nobody voted in: {'; '.join(silent)}." if silent else ""
    alike = " Every group counts alike." if len({*voted.values()}) == 1 else ""
    if not newest.weights:
        alike = (
            f" What each group counted was not kept when version {newest.number} was frozen; here "
            "every group counts alike, which may give another order than the one frozen."
        )
    blocks: list[Block] = [
        Paragraph(f"{closed}The ballot closed on {hour(held.closed_at)}.{alike}{nobody}")
    ]
    blocks += [Items(newest.ties)] if newest.ties else []
    for name, outcome in held.outcomes.items():
        caption = f"What each group chose: {outcome.title}"
        blocks += [
            Heading(f"The vote on outcome {outcome.number}", 2),
            Paragraph(say_ballot(shown, name, outcome.statements, titles)),
            TableBlock(
                table_ballot(shown, name, outcome.statements, titles, caption=caption),
                wide=len(voted) > NARROW,
            ),
        ]
    short = {outcome.id: outcome.short for outcome in overview.framework.outcomes}
    caption = "How far voters agree, beside what drawing lots would give"
    blocks.append(TableBlock(table_agreement(found, short, titles, caption=caption), wide=True))
    return (*blocks, *paragraph(say_identical(found, titles)))
