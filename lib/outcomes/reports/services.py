"""Performance measures of services, and their contribution beside the population curves.

Never in one table or chart with an indicator: each kind has tables and charts of its own.
"""

from dataclasses import replace

from outcomes.charts import new_axes
from outcomes.charts.services import plot_measure
from outcomes.model import Position
from outcomes.model.performance import ServiceResult, ServicesPage
from outcomes.model.words import capital
from outcomes.narrative import say_position, say_trend
from outcomes.narrative.services import (
    describe_measure,
    say_caution,
    say_follow_up,
    say_reach,
    say_service,
    say_services,
    say_targets,
)
from outcomes.reports.document import (
    Block,
    Flag,
    Heading,
    Items,
    Paragraph,
    Picture,
    Reference,
    TableBlock,
)
from outcomes.reports.parts import SMALL, anchor, paragraph, picture, source
from outcomes.tables.services import (
    table_contributors,
    table_follow_up,
    table_measure,
    table_measures,
)


def service_blocks(page: ServicesPage, pictures: dict[str, Picture]) -> list[Block]:
    """Return what is known of services; none where no service is described.

    Parameters
    ----------
    page : ServicesPage
    pictures : dict of Picture
        Charts of the indicators' histories in the report, by indicator.
    """
    if not page.services:
        return []
    blocks: list[Block] = [
        Heading("Services: what they did for their customers", 1, "performance_measures"),
        Items(tuple(say_services(page))),
        TableBlock(table_contributors(page)),
    ]
    for result in page.services:
        blocks += [Heading(capital(result.service.title), 2), Paragraph(say_service(result))]
        blocks += [Flag(f"To look at: {flag}") for flag in result.flags]
        blocks.append(TableBlock(table_measures(result)))
        blocks += paragraph(say_targets(result))
        if not result.follow_up.empty:
            blocks += paragraph(say_follow_up(result))
            blocks.append(TableBlock(table_follow_up(result), wide=True))
        if page.curves(result):
            blocks += _contribution(page, result, pictures)
        else:
            blocks += paragraph(
                f"{say_reach(result)} No population curve with figures is named for it."
            )
    return blocks


def _contribution(
    page: ServicesPage, result: ServiceResult, pictures: dict[str, Picture]
) -> list[Block]:
    """Return a service's main measure, and then what happened to everyone, with the caution."""
    title = f"{capital(result.service.title)}, beside everyone in {page.overview.place.name}"
    blocks: list[Block] = [Heading(title, 3), Flag(say_caution())]
    blocks += paragraph(say_reach(result))
    for at, line in enumerate(result.lines):
        if line.figures["value"].notna().sum() > 1:
            blocks.append(
                picture(
                    plot_measure(line, ax=new_axes(height=SMALL)),
                    alternative=describe_measure(result, at),
                    caption=f"For its customers: {line.measure.title}",
                )
            )
            blocks.append(TableBlock(table_measure(line)))
            break
    else:
        said = "No performance measure has figures of two periods, so there is no chart."
        blocks.append(Paragraph(said))
    for position in page.curves(result):
        blocks += _curve(position, pictures)
    return blocks


def _curve(position: Position, pictures: dict[str, Picture]) -> list[Block]:
    said = " ".join(filter(None, [*say_position(position)[:2], say_trend(position)]))
    words = f"For everyone in {position.place.name}: {position.indicator.title}"
    beside = pictures.get(position.indicator_id)
    drawn = [replace(beside, caption=f"{words}. {source(position)}")] if beside else []
    see = Reference(f"More on this indicator: {position.indicator.title}", anchor(position))
    return [*paragraph(f"{words}. {said}"), *drawn, see]
