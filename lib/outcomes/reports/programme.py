"""A programme, or a partner map, as a document: chart, tables and what a check found."""

from outcomes.charts import new_axes
from outcomes.charts.programme import plot_timeline, timeline_height
from outcomes.model import Framework
from outcomes.model.partners import PartnerMap
from outcomes.model.programme import Finding, Programme
from outcomes.narrative.programme import say_steps, say_timeline
from outcomes.programme import check_partners, check_timeline
from outcomes.reports.document import (
    Block,
    Document,
    Heading,
    Items,
    Paragraph,
    Picture,
    TableBlock,
)
from outcomes.reports.parts import picture
from outcomes.tables import Table
from outcomes.tables.partners import (
    table_contributors,
    table_interventions,
    table_lines,
    table_pools,
    table_resources,
)
from outcomes.tables.programme import (
    table_events,
    table_requirements,
    table_steps,
    table_timeline,
)

INVENTED = "Invented, as an example: no organisation, date or amount in it is real."
READING = (
    "Dates are kept as people typed them. Early, mid and late are the first ten days of a month, the "
    "next ten, and the rest; the start and the end of a month are its first and last seven days."
)
BETWEEN = (
    "Days between are the fewest and the most days from the end of what an activity waits for to its "
    "own beginning, or to the day it is due; with a minus sign, the days by which they overlap."
)


def timeline_figure(programme: Programme) -> Picture:
    """Return the chart of a programme's activities, with its text alternative."""
    ax = plot_timeline(programme, ax=new_axes(height=timeline_height(programme)))
    return picture(ax, alternative=say_timeline(programme), caption=f"{programme.title}: timeline")


def programme_document(programme: Programme) -> Document:
    """Return all that is known of a programme, as a document."""
    blocks: list[Block] = []
    if programme.activities:
        blocks += [Heading("Timeline", 1), Paragraph(READING), timeline_figure(programme)]
        blocks += _found(check_timeline(programme))
        blocks += [Heading("Activities", 2), Paragraph(BETWEEN)]
        blocks.append(TableBlock(table_timeline(programme)))
    if programme.service_areas:
        blocks.append(Heading("What is asked of each service area", 1))
        for area in programme.service_areas:
            blocks += _filled(programme.service_areas[area], table_requirements(programme, area))
    if programme.events:
        blocks.append(Heading("Consultation events", 1))
        blocks.append(TableBlock(table_events(programme), wide=True))
    if programme.steps:
        blocks += [Heading("Practical steps", 1), Paragraph(say_steps(programme))]
        blocks.append(TableBlock(table_steps(programme)))
    return Document(
        title=programme.title,
        subtitle=f"Programme of {programme.year}",
        notice=INVENTED if programme.example else "",
        stage="",
        made=f"Source: {programme.source}.",
        blocks=tuple(blocks),
    )


def partner_document(found: PartnerMap, framework: Framework, titles: dict[str, str]) -> Document:
    """Return a partner map as a document; `titles` are those of outcomes and indicators by id."""
    blocks: list[Block] = [Heading("Partners and what they do", 1)]
    if said := check_partners(found, framework):
        blocks += [Heading("What to look at", 2), Items((*said,))]
    if body := found.governance:
        members = tuple(found.partners[name].organisation for name in body.members)
        blocks += [Heading(f"Who decides together: {body.body}", 2)]
        blocks += [Paragraph(f"{body.decides}. In the chair: {body.chair}. Meets: {body.meets}.")]
        blocks += [Paragraph("Its members:"), Items(members)]
    blocks += _filled("Contributors", table_contributors(found, framework))
    blocks += _filled("Interventions", table_interventions(found, titles))
    blocks += [Heading("Money", 1), *_filled("Pooled money", table_pools(found, framework))]
    for year in found.years():
        blocks += _filled(f"Money by outcome, {year}", table_resources(found, framework, year))
    blocks += _filled("Lines of money", table_lines(found, framework))
    return Document(
        title=f"Partners: {framework.title}",
        subtitle=titles[found.area],
        notice=INVENTED if found.example else "",
        stage="",
        made=found.note or "",
        blocks=tuple(blocks),
    )


def _filled(heading: str, table: Table) -> list[Block]:
    empty = Paragraph("Nothing is filled in.")
    return [Heading(heading, 2), empty if table.frame.empty else TableBlock(table)]


def _found(findings: list[Finding]) -> list[Block]:
    flags = tuple(f"{f.words}." for f in findings if f.flag)
    notes = tuple(f"{f.words}." for f in findings if not f.flag)
    blocks: list[Block] = [Heading("What the timeline says against itself", 2)]
    blocks.append(
        Items(flags) if flags else Paragraph("Nothing that somebody has to decide about.")
    )
    return blocks + ([Heading("Also noted", 3), Items(notes)] if notes else [])
