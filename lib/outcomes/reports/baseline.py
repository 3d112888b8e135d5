"""The baseline report: where a place is, by outcome and statement, and what is not known."""

import pandas as pd

from outcomes.charts import new_axes, plot_spine, spine_height
from outcomes.errors import listed
from outcomes.model import Baseline, Overview, Position, Statement, day_words
from outcomes.model.performance import ServicesPage
from outcomes.model.report import STAGE_WORDS
from outcomes.model.words import capital
from outcomes.narrative import (
    describe_spine,
    say_headline,
    say_overview,
    say_place,
    say_position,
)
from outcomes.narrative.versions import say_version
from outcomes.reports.document import (
    Block,
    Document,
    Flag,
    Heading,
    Items,
    Paragraph,
    Picture,
    Reference,
    Slide,
    TableBlock,
)
from outcomes.reports.material import Material, by_statement
from outcomes.reports.parts import (
    anchor,
    charted,
    gap_table,
    has_history,
    history_picture,
    log_blocks,
    paragraph,
    picture,
    provenance,
    say_measure,
    statements_line,
    wanted,
)
from outcomes.reports.services import service_blocks
from outcomes.reports.short import going_blocks, main_point
from outcomes.tables import (
    Table,
    table_council_measures,
    table_outcomes,
    table_positions,
    table_spine,
)
from outcomes.tables.words import NONE

MEANING = "What this means for the level and standard of service"
UNWRITTEN = (
    "Not written yet: the services that work on this outcome have to say here what its figures mean "
    "for them."
)
COUNCIL = (
    "These performance measures tell how residents see the council as a whole; they are no indicators "
    "of an outcome."
)
COUNTED = "An indicator that serves several outcomes counts under each of them."
BALLOT = "The ballot on the statements"
DECIDED = "What is open, and what has to be decided"
TOLD = 2
"""Figures on a slide, the first with its comparison."""


def baseline_report(
    material: Material,
    services: ServicesPage,
    ballots: tuple[Block, ...],
    chosen: tuple[Block, ...] = (),
    *,
    version: int,
) -> Document:
    """Return the baseline report on a place, and its presentation.

    Every measure stands once, under the first outcome that shows it, with its trend and comparison
    or the reason why there is none.

    Parameters
    ----------
    material : Material
    services : ServicesPage
        What services did, never in one table with indicators.
    ballots : tuple of Block
        How the statements were voted on; may be empty.
    chosen : tuple of Block
        How the indicators were chosen, and other frameworks beside this one; may be empty.
    version : int
        Which report on the place it is; printed.
    """
    overview = material.evidence.overview
    own = [material.own(baseline) for baseline in overview.baselines]
    pictures = {
        p.indicator_id: history_picture(p) for b in own for p in b.positions if has_history(p)
    }
    place, whom = overview.place.name, overview.comparator_label
    blocks: list[Block] = [*_side_by_side(overview), *_statements(overview, asked=bool(ballots))]
    for baseline, mine in zip(overview.baselines, own, strict=True):
        blocks += _outcome(baseline, mine, material, pictures)
    blocks += [*_beyond(material), *service_blocks(services, pictures), *_figures(own), *chosen]
    blocks += [Heading(BALLOT, 1, "ballot"), *ballots] if ballots else []
    blocks += [*provenance(own), *log_blocks(material.log, material.framework)]
    day = overview.page.day
    return Document(
        title=f"Where are we now? Baseline report for {place}",
        subtitle=f"{overview.framework.title}; {place} compared with {whom}",
        notice=capital(overview.notice),
        stage=STAGE_WORDS[material.log.stage],
        made=f"Version {version} of this report, made from version {overview.data_version} of the "
        f"figures{f', as known on {day_words(day)}' if day else ''}. "
        f"{say_version(overview.framework, overview.version)}",
        blocks=tuple(blocks),
        slides=tuple(_slides(overview.baselines, material, pictures)),
        front=tuple(_in_short(material)),
    )


def _in_short(material: Material) -> list[Block]:
    overview = material.evidence.overview
    return [
        Heading("In short", 1, flows=True),
        *paragraph(say_place(overview), *say_overview(overview)),
        *going_blocks(overview),
        Heading(DECIDED, 2),
        Items(tuple(wanted(material))),
    ]


def _side_by_side(overview: Overview) -> list[Block]:
    return [
        Heading("The outcomes side by side", 1, flows=True),
        Paragraph(COUNTED),
        TableBlock(table_outcomes(overview)),
    ]


def _outcome(
    baseline: Baseline,
    own: Baseline,
    material: Material,
    pictures: dict[str, Picture],
) -> list[Block]:
    outcome = baseline.outcome
    blocks: list[Block] = [
        Heading(
            f"{outcome.number}. {outcome.title}",
            1,
            f"outcome_{outcome.id}",
            flows=outcome.id == material.framework.outcomes[0].id,
        ),
        Items(tuple(say_headline(baseline))),
        *_profile(baseline),
    ]
    parts = by_statement(baseline)
    mine = {position.indicator_id for position in own.positions}
    told: set[str] = set()
    for statement, positions in parts:
        blocks += _part(statement, positions, mine, told, material, pictures, len(parts) > 1)
    return [*blocks, *_gaps(baseline, material), *_meaning(baseline, material)]


def _gaps(baseline: Baseline, material: Material) -> list[Block]:
    """Return an outcome's open gaps; those that an earlier outcome described are named alone."""
    outcome = baseline.outcome
    own, elsewhere = [], []
    for gap in material.gaps(outcome.id):
        (own if material.first_of(gap) == outcome.id else elsewhere).append(gap)
    blocks: list[Block] = [Heading(f"Open gaps: {outcome.short}", 2)]
    if own:
        blocks.append(gap_table(own, material, f"Open gaps: {outcome.short}"))
    if elsewhere:
        names = "; ".join(dict.fromkeys(gap.title for gap in elsewhere))
        blocks.append(Paragraph(f"Also open, and described under an earlier outcome: {names}."))
    return (
        blocks if own or elsewhere else [*blocks, Paragraph("No gap is open under this outcome.")]
    )


def _profile(baseline: Baseline) -> list[Block]:
    """Return all measures of an outcome in one view, where they can be compared with other areas."""
    if not any(position.standing.spread for position in baseline.positions):
        return []
    ax = plot_spine(baseline, ax=new_axes(height=spine_height(baseline)))
    caption = table_spine(baseline).caption
    return [picture(ax, alternative=describe_spine(baseline), caption=caption, beside=True)]


def _part(
    statement: Statement | None,
    positions: list[Position],
    mine: set[str],
    told: set[str],
    material: Material,
    pictures: dict[str, Picture],
    others: bool,
) -> list[Block]:
    """Return a statement, or the outcome as a whole, with its measures; `told` grows by them."""
    if statement is None and not positions:
        return []
    title = "Other indicators of this outcome" if others else "Indicators of this outcome"
    blocks: list[Block] = [Heading(statement.wording if statement else title, 2)]
    blocks += [Paragraph(f"Proposed by: {statement.origin}.")] if statement else []
    if not positions:
        blocks.append(Flag("Missing: no indicator with figures stands under this statement."))
    for position in positions:
        name, what = position.indicator_id, position.indicator.title
        if name in mine and name not in told:
            told.add(name)
            blocks.append(Heading(what, 3, anchor(position)))
            blocks += [*say_measure(position), *filter(None, [pictures.get(name)])]
        else:
            first = material.framework.outcome(material.first[name])
            blocks.append(
                Reference(f"{what}: see outcome {first.number}, {first.short}.", anchor(position))
            )
    return blocks


def _meaning(baseline: Baseline, material: Material) -> list[Block]:
    outcome = baseline.outcome
    text = material.texts[outcome.id]
    said = [Paragraph(words) for words in text] or [Flag(UNWRITTEN)]
    return [Heading(f"{MEANING}: {outcome.short}", 2), *said]


def _beyond(material: Material) -> list[Block]:
    """Return the whole-council measures, and the gaps that concern no single outcome."""
    overview, blocks = material.evidence.overview, []
    if overview.framework.council_measures:
        blocks += [
            Heading("The council as a whole", 2, "council_measures"),
            Paragraph(COUNCIL),
            TableBlock(table_council_measures(overview)),
        ]
    if material.other_gaps:
        caption = "Open gaps that concern no single outcome"
        blocks += [Heading("Other open gaps", 2), gap_table(material.other_gaps, material, caption)]
    return [Heading("Beyond the outcomes", 1), *blocks] if blocks else []


def _statements(overview: Overview, *, asked: bool) -> list[Block]:
    without = [
        outcome.short
        for outcome in overview.framework.outcomes
        if not any(statement.status == "final" for statement in outcome.statements)
    ]
    which = listed(without) if len(without) < len(overview.framework.outcomes) else "any outcome"
    flags = [Flag(f"Not agreed yet: no statement is final under {which}.")] if without else []
    title = Heading("How the statements came about", 2, "statements")
    see = [Reference(f"Who chose them, and how: {BALLOT}", "ballot")] if asked else []
    return [title, *paragraph(statements_line(overview.framework)), *flags, *see]


def _figures(own: list[Baseline]) -> list[Block]:
    """Return all figures in tables, each measure once, and the figures behind the charts."""
    tables = [table_positions(baseline) for baseline in own if baseline.positions]
    if not tables:
        return []
    # Columns that nothing in an outcome fills are left out of its own table.
    widest = max(tables, key=lambda table: len(table.frame.columns))
    columns = dict.fromkeys(name for t in (widest, *tables) for name in t.frame.columns)
    frame = pd.concat([t.frame for t in tables], ignore_index=True)[list(columns)]
    every = Table(widest.caption, frame.fillna(NONE))
    blocks: list[Block] = [Heading("All figures", 1), TableBlock(every, wide=True)]
    blocks.append(Heading("The figures in the charts", 1))
    for baseline in own:
        blocks += charted(baseline.positions)
    return blocks


def _slides(
    baselines: tuple[Baseline, ...],
    material: Material,
    pictures: dict[str, Picture],
) -> list[Slide]:
    front = [block for block in _in_short(material) if isinstance(block, Heading | Items)]
    heads = zip(front[1::2], front[2::2], strict=True)
    slides = [Slide(heading.text, items.texts) for heading, items in heads]
    closing = slides.pop()
    for baseline in baselines:
        outcome = baseline.outcome
        title, shown, ground = main_point(baseline)
        texts = [say_position(position)[0] for position in shown[:TOLD]]
        texts[1:1] = [ground] if ground else []
        texts = texts or say_headline(baseline)[-1:]
        drawn = next((p.indicator_id for p in shown if p.indicator_id in pictures), "")
        said = outcome.title, *texts
        slides.append(Slide(title, said, pictures.get(drawn)))
    return [*slides, closing]
