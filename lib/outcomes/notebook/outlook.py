"""Where are we heading: the section of an outcome's page on forecast, targets and scenarios."""

from html import escape

from outcomes.charts import new_axes, outlook_height, plot_outlook
from outcomes.model import Baseline, Position
from outcomes.narrative import (
    belief_in_short,
    describe_outlook,
    say_assumptions,
    say_forces,
    say_forecast,
    say_heading,
    say_how_far_to_believe,
    say_judgement,
    say_last_round,
    say_low_influence,
    say_proxy,
    say_reading,
    say_scenarios,
    say_target,
    say_track_record,
    say_turning,
)
from outcomes.notebook.display import chart_html, paragraph_html, say, show, show_html
from outcomes.notebook.indicators import source_html
from outcomes.tables import (
    Table,
    table_assumptions,
    table_chances,
    table_heading,
    table_last_round,
    table_outlook,
    table_risks,
    table_scenarios,
    table_targets,
    table_track_record,
    table_turning,
)

LEAD = (
    "This is what to expect if the forces at work go on as they are. It carries the past on; it is no "
    "promise. Each forecast stands with its range and with how such forecasts have held."
)
MOST = 4
"""Charts that what lies ahead adds to a page."""


def show_outlook(baseline: Baseline) -> None:
    """Display where each indicator is heading, how far to believe it, targets and scenarios."""
    if not any(position.outlook for position in baseline.positions):
        say("No forecast has been worked out for the indicators of this outcome.")
        return
    say(say_heading(baseline))
    say(" ".join(filter(None, [LEAD, say_forces(baseline)])))
    warning = say_low_influence(baseline)
    if warning:
        show_html(f"<p><strong>{escape(warning)}</strong></p>")
    show(table_heading(baseline, believed=belief_in_short))
    for position in shown_ahead(baseline):
        show_html(ahead_html(position))
    for table in (table_targets(baseline), *assumed_tables(baseline)):
        if not table.frame.empty:
            show(table)
    show_html(reading_html())


def assumed_tables(baseline: Baseline) -> tuple[Table, Table]:
    """Return the register of assumptions and that of risks; either may be empty."""
    return table_assumptions(baseline), table_risks(baseline)


def reading_html() -> str:
    """Return how to read what lies ahead, to unfold."""
    reading = "".join(paragraph_html(entry) for entry in say_reading())
    return _folded("How to read forecasts, chances and scenarios", reading)


def shown_ahead(baseline: Baseline) -> list[Position]:
    """Return whose outlook is shown in full: those with targets or scenarios, then the body's.

    Of each the most pertinent first, those without a forecast last: of them the table of all says
    why. The first come even from the appendix, because people want or plan something of them.
    """
    having = [position for position in baseline.by_pertinence() if position.outlook]
    aimed = [p for p in having if p.outlook.targets or p.outlook.trajectories]
    known = {id(position) for position in aimed}
    body = [p for p in baseline.body() if p.outlook and id(p) not in known]
    for part in (aimed, body):
        part.sort(key=lambda p: p.outlook.forecast.points.empty)
    return [*aimed, *body][:MOST]


def ahead_html(position: Position) -> str:
    """Return a section on what lies ahead of one indicator as HTML."""
    targets = position.outlook.targets
    parts = [
        f"<h3>{escape(position.indicator.title)}: what lies ahead</h3>",
        forecast_html(position),
        outlook_chart_html(position),
        record_html(position),
        _titled("Target" if len(targets) == 1 else "Targets", targets_html(position)),
        _titled("Scenarios", scenarios_html(position)),
        _titled("Since an earlier forecast", turning_html(position)),
        source_html(position),
    ]
    return f'<section class="indicator">{"".join(parts)}</section>'


def _titled(title: str, html: str) -> str:
    return f"<h4>{title}</h4>{html}" if html else ""


def forecast_html(position: Position) -> str:
    """Return what to expect, whether that is acceptable, and how far to believe it."""
    return "".join(
        (
            paragraph_html(say_proxy(position)),
            paragraph_html(say_forecast(position)),
            paragraph_html(say_judgement(position)),
            paragraph_html(say_how_far_to_believe(position), say_track_record(position)),
        )
    )


def outlook_chart_html(position: Position) -> str:
    """Return the chart; without anything ahead it would only repeat the history."""
    table = table_outlook(position)
    if table.frame.empty:
        return ""
    ax = plot_outlook(position, ax=new_axes(height=outlook_height(position)))
    return chart_html(ax, alternative=describe_outlook(position), table=table)


def record_html(position: Position) -> str:
    """Return how forecasts of the past held, to unfold, and what this one supposes."""
    table = _folded_table("How forecasts of the past held", table_track_record(position))
    return table + paragraph_html(say_assumptions(position))


def targets_html(position: Position) -> str:
    """Return each target with its gap, chance and pace, and how chances of the past held."""
    targets = position.outlook.targets
    said = "".join(_listed(say_target(found, position)) for found in targets)
    records = [found.record for found in targets if found.record]
    if not records:
        return said
    return said + _folded_table("How chances given to past targets held", table_chances(records[0]))


def scenarios_html(position: Position) -> str:
    """Return what each scenario comes to, in sentences and in a table; empty without any."""
    said = say_scenarios(position)
    return f"{_listed(said)}{table_scenarios(position).to_html()}" if said else ""


def _listed(said: list[str]) -> str:
    """Return the first sentence as a paragraph, and the others as a list under it."""
    lead, *each = said
    items = "".join(f"<li>{escape(words)}</li>" for words in each)
    return paragraph_html(lead) + (f"<ul>{items}</ul>" if items else "")


def turning_html(position: Position) -> str:
    """Return what came of earlier forecasts; the errors of each are in a table to unfold."""
    return "".join(
        paragraph_html(said) + _folded_table("Every later figure beside that forecast", table)
        for said, table in (
            (say_turning(position), table_turning(position)),
            (say_last_round(position), table_last_round(position)),
        )
    )


def _folded_table(summary: str, table: Table) -> str:
    return "" if table.frame.empty else _folded(summary, table.to_html())


def _folded(summary: str, html: str) -> str:
    return f"<details><summary>{escape(summary)}</summary>{html}</details>"
