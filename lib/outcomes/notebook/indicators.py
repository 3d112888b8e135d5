"""The indicators of an outcome: in the body of its page, and in the appendix."""

from html import escape

from outcomes.charts import (
    new_axes,
    plot_gap,
    plot_history,
    plot_spine,
    plot_spread,
    plot_within,
    spine_height,
    spread_height,
    within_height,
)
from outcomes.model import Baseline, PlaceGap, Position
from outcomes.narrative import (
    describe_gap,
    describe_history,
    describe_spine,
    describe_spread,
    describe_within,
    say_apart,
    say_appendix,
    say_breaks,
    say_change,
    say_gap,
    say_history,
    say_people,
    say_pertinence,
    say_position,
    say_proxy,
    say_reversals,
    say_spread,
    say_step,
    say_trend,
    say_within,
    say_worse_off,
)
from outcomes.notebook.display import chart_html, paragraph_html, say, show, show_html
from outcomes.tables import (
    table_gap,
    table_history,
    table_parts,
    table_spine,
    table_spread,
    table_trends,
    table_within,
)

PROFILE = 1
"""Charts that show all indicators at once."""


def show_profile(baseline: Baseline) -> None:
    """Display all indicators in one view, each against the spread of the areas compared with."""
    if not any(position.standing.spread for position in baseline.positions):
        say("No indicator has figures for enough areas to show them all in one view.")
        return
    ax = plot_spine(baseline, ax=new_axes(height=spine_height(baseline)))
    show_html(chart_html(ax, alternative=describe_spine(baseline), table=table_spine(baseline)))


def show_indicators(baseline: Baseline) -> None:
    """Display the indicators of the page's body, the most pertinent first."""
    if not baseline.positions:
        say("There is no open series for an indicator of this outcome, so there is no chart.")
    elif not baseline.body():
        say(f"None of the indicators has a figure for {baseline.place.name}.")
    for position in baseline.body():
        show_html(indicator_html(position, spread=True))


def show_places(baseline: Baseline) -> None:
    """Display how the places within differ, or where a place stands among its siblings."""
    shown = shared_places(baseline)[0]
    if not shown:
        label = baseline.positions[0].within_label if baseline.positions else "the places within"
        say(f"No series of this outcome has figures for {label or 'places within this one'}.")
    for position in shown:
        show_html(places_html(position))


def show_appendix(baseline: Baseline) -> None:
    """Display what the page's body has no room for, and every trend in one table."""
    say(say_appendix(baseline))
    for position in baseline.appendix():
        show_html(_folded(position.indicator.title, indicator_html(position, spread=False)))
    for position in shared_places(baseline)[1]:
        title = f"{position.indicator.title}: {position.within_label}"
        show_html(_folded(title, places_html(position)))
    if baseline.positions:
        show(table_trends(baseline))


def _folded(title: str, html: str) -> str:
    """Return a section to unfold, so that an appendix can be looked through."""
    return f'<details class="folded"><summary>{escape(title)}</summary>{html}</details>'


def shared_places(baseline: Baseline) -> tuple[list[Position], list[Position]]:
    """Return whose places are shown in the body, as its limit of charts allows, and whose after.

    The most pertinent come first; they take the charts that the body's indicators leave over.
    """
    taken = PROFILE + sum(len(_charts(position)) for position in baseline.body())
    having = [p for p in baseline.by_pertinence() if p.within["value"].notna().sum() > 1]
    # One at least, however low the limit: how places differ is a question of its own.
    room = max(1, baseline.charts - taken)
    return having[:room], having[room:]


def _charts(position: Position) -> list[str]:
    return [
        name
        for name, there in (
            ("history", position.figures_known > 1),
            ("spread", position.standing.spread is not None),
        )
        if there
    ]


def indicator_html(position: Position, *, spread: bool) -> str:
    """Return an indicator's section as HTML: sentences, history, caveats and source.

    With `spread`, how the areas that it ranks among lie, too.
    """
    indicator = position.indicator
    basket = f' <span class="basket">({escape(position.basket)})</span>' if position.basket else ""
    survey = " From a survey of a sample of people." if indicator.survey else ""
    parts = [
        f"<h3>{escape(indicator.title)}{basket}</h3>",
        f'<p class="definition">{escape(indicator.definition)}{survey}</p>',
    ]
    parts.append(paragraph_html(say_proxy(position)))
    if position.series.match == "near":
        parts.append(f"<p><strong>Near, not the same.</strong> {escape(position.series.note)}</p>")
    parts.append(paragraph_html(*say_position(position), say_people(position)))
    if position.latest is not None:
        parts += [_history_html(position), _spread_html(position) if spread else ""]
        parts.append(paragraph_html(say_reversals(position)))
        parts.append(paragraph_html(say_pertinence(position)))
    parts += [f'<p class="caveat">{escape(caveat)}</p>' for caveat in indicator.caveats]
    parts.append(source_html(position))
    return f'<section class="indicator">{"".join(parts)}</section>'


def _history_html(position: Position) -> str:
    said = (
        say_history(position),
        say_trend(position),
        say_change(position),
        say_apart(position),
        say_step(position),
        say_breaks(position),
    )
    if "history" not in _charts(position):
        return paragraph_html(*said)
    chart = chart_html(
        plot_history(position, ax=new_axes()),
        alternative=describe_history(position),
        table=table_history(position),
    )
    return paragraph_html(*said) + chart


def _spread_html(position: Position) -> str:
    if position.standing.spread is None:
        return ""
    chart = chart_html(
        plot_spread(position, ax=new_axes(height=spread_height(position))),
        alternative=describe_spread(position),
        table=table_spread(position),
    )
    return paragraph_html(say_spread(position)) + chart


def places_html(position: Position) -> str:
    """Return the places within as HTML: in what order, who stands out, and whether the gap closes."""
    title = f"{escape(position.indicator.title)}: {escape(position.within_label)}"
    chart = chart_html(
        plot_within(position, ax=new_axes(height=within_height(position))),
        alternative=describe_within(position),
        table=table_within(position),
    )
    gaps = [gap for gap in position.standing.gaps if gap.kind == "places"]
    said = [say_within(position), *(say_gap(gap, position, ends=False) for gap in gaps)]
    parts = table_parts(position).to_html() if position.standing.worse_off else ""
    return (
        f'<section class="indicator"><h3>{title}</h3>{paragraph_html(*said)}{chart}'
        f"{paragraph_html(say_worse_off(position))}{parts}{source_html(position)}</section>"
    )


def gap_html(gap: PlaceGap, position: Position) -> str:
    """Return a gap over time: the sentences, the chart and its table."""
    chart = chart_html(
        plot_gap(gap, position.indicator, ax=new_axes()),
        alternative=describe_gap(gap, position),
        table=table_gap(gap, position),
    )
    return paragraph_html(say_gap(gap, position)) + chart


def source_html(position: Position) -> str:
    """Return where an indicator's figures come from, as a line under them."""
    source = position.source
    link = escape(source.url, quote=True)
    name = escape(source.title)
    cited = f'<a href="{link}">{name}</a>' if source.url.startswith("http") else name
    published = f", published {source.published}" if source.published else ""
    return (
        f'<p class="source">Source: {escape(source.publisher)}, {cited}{published}; read on '
        f"{source.read_on}.</p>"
    )
