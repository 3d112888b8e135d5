"""The sections of a place's page of services, each by one call."""

from html import escape

from outcomes.charts import new_axes, plot_history
from outcomes.charts.services import plot_measure
from outcomes.model import Position
from outcomes.model.performance import ServiceResult, ServicesPage
from outcomes.narrative import describe_history
from outcomes.narrative.services import (
    describe_measure,
    say_caution,
    say_follow_up,
    say_reach,
    say_service,
    say_services,
    say_targets,
)
from outcomes.notebook.display import chart_html, say, show, show_html
from outcomes.notebook.sections import list_html, show_list
from outcomes.tables import table_history
from outcomes.tables.services import (
    table_contributors,
    table_follow_up,
    table_kinds,
    table_measure,
    table_measures,
)


def show_services(page: ServicesPage) -> None:
    """Display what a busy reader takes away, and who contributes to which outcome."""
    show_list(say_services(page))
    show(table_contributors(page))


def show_measures(page: ServicesPage) -> None:
    """Display each service's measures, what is to be looked at, and its customers later on."""
    for result in page.services:
        show_html(f"<h3>{escape(result.service.title)}</h3>")
        say(say_service(result))
        if result.flags:
            show_html(f"<p><strong>To look at</strong></p>{list_html(list(result.flags))}")
        show(table_measures(result))
        if beside := say_targets(result):
            say(beside)
        if not result.follow_up.empty:
            say(say_follow_up(result))
            show(table_follow_up(result))


def show_contribution(page: ServicesPage) -> None:
    """Display each service beside the population curves, in panels and tables of their own."""
    for result in filter(page.curves, page.services):
        show_html(f"<h3>{escape(result.service.title)}, beside everyone in "
                  f"{escape(page.overview.place.name)}</h3>")  # fmt: skip
        show_html(f'<p class="caveat"><strong>{escape(say_caution())}</strong></p>')
        say(say_reach(result))
        parts = [_measure_html(result), *(_curve_html(p) for p in page.curves(result))]
        show_html("".join(filter(None, parts)))
    alone = [result.service.title for result in page.services if not page.curves(result)]
    if alone:
        say(f"No population curve with figures is named for: {'; '.join(alone)}.")


def show_kinds() -> None:
    """Display the kinds of measures found in each quadrant, to unfold."""
    kinds = table_kinds().to_html()
    show_html(f"<details><summary>Kinds of measures, as suggestions</summary>{kinds}</details>")


def _measure_html(result: ServiceResult) -> str:
    """Return the most important measure with figures of two periods, in a panel of its own."""
    for at, line in enumerate(result.lines):
        if line.figures["value"].notna().sum() > 1:
            chart = chart_html(
                plot_measure(line, ax=new_axes()),
                alternative=describe_measure(result, at),
                table=table_measure(line),
            )
            return f"<h4>For its customers: {escape(line.measure.title)}</h4>{chart}"
    return "<p>No performance measure has figures of two periods, so there is no chart.</p>"


def _curve_html(position: Position) -> str:
    if position.figures_known < 2:
        return ""
    chart = chart_html(
        plot_history(position, ax=new_axes()),
        alternative=describe_history(position),
        table=table_history(position),
    )
    title = escape(position.indicator.title)
    return f"<h4>For everyone in {escape(position.place.name)}: {title}</h4>{chart}"
