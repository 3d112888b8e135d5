"""Sections that an outcome's notebook has beyond the template's: what its own story needs."""

from html import escape

import numpy as np
import pandas as pd

from outcomes.baseline.across import load_basket, load_funnel, load_relation
from outcomes.baseline.load import load_outlines
from outcomes.charts import (
    map_height,
    new_axes,
    new_grid,
    plot_control,
    plot_funnel,
    plot_map,
    plot_multiples,
    plot_relation,
)
from outcomes.model import Baseline, Funnel, Page, PlaceGap, Position, Relation
from outcomes.narrative import (
    describe_control,
    describe_funnel,
    describe_map,
    describe_multiples,
    describe_relation,
    say_basket,
    say_control,
    say_funnel,
    say_relation,
    say_slope,
    say_take_up,
    say_within,
)
from outcomes.notebook.display import chart_html, say, show, show_html
from outcomes.notebook.indicators import gap_html, source_html
from outcomes.tables import (
    table_basket,
    table_control,
    table_correlations,
    table_factors,
    table_funnel,
    table_multiples,
    table_relation,
    table_take_up,
    table_unseen,
    table_within,
)

MOST = 2
"""Charts that a story adds to a page."""
FEWEST_CONTROLLED = 8
"""Points below which a control chart says too little to be shown."""
SHORT = pd.Timedelta(days=200)
"""Figures that come more often than twice a year are what control charts are made for."""


def show_story(baseline: Baseline) -> None:
    """Display what lies behind the figures and what they miss, as people have recorded it."""
    if not (baseline.story.factors or baseline.story.unseen):
        say(
            "Nothing has been recorded yet on what lies behind these figures, or on progress that "
            "they miss."
        )
        return
    if not baseline.story.factors:
        say("Nobody has recorded yet what helps or hinders here.")
    for table in (table_factors(baseline), table_unseen(baseline)):
        if not table.frame.empty:
            show(table)


def show_gap_story(baseline: Baseline, *, kind: str) -> None:
    """Display how gaps between 'places' or between 'groups' develop, the moving ones first."""
    found = [
        (gap, position)
        for position in baseline.by_pertinence()
        for gap in position.standing.gaps
        if gap.kind == kind and len(gap.over_time) > 1
    ]
    found.sort(key=lambda pair: pair[0].verdict == "cannot_tell")
    if not found:
        between = {"places": "places", "groups": "groups of people"}[kind]
        say(f"No series of this outcome has figures by which a gap between {between} is followed.")
    for gap, position in found[:MOST]:
        slope = say_slope(position) if kind == "groups" else ""
        html = gap_html(gap, position) + (f"<p>{escape(slope)}</p>" if slope else "")
        show_html(_section(_gap_title(gap, position), html, position))


def _gap_title(gap: PlaceGap, position: Position) -> str:
    return f"{position.indicator.title}: the gap between {gap.label}"


def show_take_up(baseline: Baseline) -> None:
    """Display which groups get less or more of a service than their share of the need."""
    found = [position for position in baseline.positions if position.standing.take_up]
    if not found:
        say("No series of this outcome tells need and take-up apart by group.")
    for position in found:
        html = f"<p>{escape(say_take_up(position))}</p>{table_take_up(position).to_html()}"
        show_html(_section(f"{position.indicator.title}: need and take-up", html, position))


def show_control(baseline: Baseline) -> None:
    """Display control charts: what is ordinary variation in a place's history, and what is not."""
    found = [position for position in baseline.by_pertinence() if _is_controlled(position)]
    found.sort(key=lambda position: -position.standing.control.n)
    if not found:
        say("No series of this outcome has enough regular figures here for a control chart.")
    for position in found[:MOST]:
        chart = chart_html(
            plot_control(position, ax=new_axes()),
            alternative=describe_control(position),
            table=table_control(position),
        )
        html = f"<p>{escape(say_control(position))}</p>{chart}"
        show_html(_section(f"{position.indicator.title}: ordinary or not", html, position))


def _is_controlled(position: Position) -> bool:
    """Return whether a control chart says something: yearly figures that move do not keep a level."""
    control, trend = position.standing.control, position.standing.trend
    if control is None or control.reason or control.n < FEWEST_CONTROLLED:
        return False
    often = control.points["period_start"].diff().median() < SHORT
    return often or (trend is not None and trend.direction == "no_significant_change")


def show_map(baseline: Baseline) -> None:
    """Display a map of the places within, for the most pertinent indicator that has them."""
    for position in baseline.by_pertinence():
        if position.within["value"].notna().sum() > 2:
            break
    else:
        say("No series of this outcome has figures for places that could be drawn on a map.")
        return
    outlines = load_outlines(baseline.page, position.within["area_code"])
    if not outlines:
        say("The store holds no boundaries of these places, so there is no map.")
        return
    html = f"<p>{escape(say_within(position))}</p>{map_html(outlines, position)}"
    show_html(_section(f"{position.indicator.title} on the map", html, position))


def map_html(outlines: dict[str, list[np.ndarray]], position: Position) -> str:
    """Return the map of the places within as HTML, with its alternative and its table."""
    ax = plot_map(outlines, position, ax=new_axes(height=map_height(outlines)))
    return chart_html(ax, alternative=describe_map(position), table=table_within(position))


def show_multiples(baseline: Baseline) -> None:
    """Display the history of each place within, side by side, for the most pertinent indicator."""
    for position in baseline.by_pertinence():
        history = position.within_history
        if history.groupby("area_code")["value"].count().gt(1).sum() > 2:
            break
    else:
        say("No series of this outcome has a history for several places here.")
        return
    axes = new_grid(len(position.within))
    plot_multiples(position, position.within_history, axes=axes)
    chart = chart_html(
        axes[0], alternative=describe_multiples(position), table=table_multiples(position)
    )
    show_html(_section(f"{position.indicator.title}, place by place", chart, position))


def show_relation(page: Page, *, outcome: str, on: str) -> None:
    """Display how an indicator goes together with others over areas; `on` parts ids by commas."""
    relation: Relation = load_relation(page, outcome, [name.strip() for name in on.split(",")])
    said = "".join(f"<p>{escape(sentence)}</p>" for sentence in say_relation(relation))
    ax = plot_relation(relation, ax=new_axes(height=3.6))
    chart = chart_html(ax, alternative=describe_relation(relation), table=table_relation(relation))
    show_html(f'<section class="indicator">{said}{chart}</section>')
    show(table_correlations(relation))


def show_funnel(page: Page, *, indicator: str) -> None:
    """Display which areas lie further from the common value than chance allows at their size."""
    funnel: Funnel = load_funnel(page, indicator)
    if funnel.reason:
        say(f"There is no funnel chart: {funnel.reason}.")
        return
    about = funnel.indicator
    ax = plot_funnel(funnel.points, funnel.lines, about, ax=new_axes(height=3.6))
    alternative = describe_funnel(funnel, about)
    chart = chart_html(ax, alternative=alternative, table=table_funnel(funnel, about))
    show_html(
        f'<section class="indicator"><h3>{escape(funnel.title)}: chance or more</h3>'
        f"<p>{escape(say_funnel(funnel, about))}</p>{chart}</section>"
    )


def show_basket(baseline: Baseline, *, basket: str) -> None:
    """Display a place's score on a basket's members together, and how firm it is."""
    found, place = load_basket(baseline.page, basket), baseline.place.name
    say(say_basket(found, place))
    if not found.members.empty:
        show(table_basket(found, place))


def _section(title: str, html: str, position: Position) -> str:
    return (
        f'<section class="indicator"><h3>{escape(title)}</h3>{html}{source_html(position)}'
        "</section>"
    )
