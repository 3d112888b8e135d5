"""The sections that every outcome page has, each by one call."""

from html import escape

from outcomes.charts import new_axes, plot_history, plot_within, within_height
from outcomes.model import Baseline, Overview, Position
from outcomes.narrative import (
    describe_history,
    describe_within,
    say_headline,
    say_history,
    say_methods,
    say_overview,
    say_position,
    say_within,
    say_wording,
)
from outcomes.notebook.display import chart_html, say, show, show_html
from outcomes.tables import (
    table_council_measures,
    table_gaps,
    table_history,
    table_outcomes,
    table_positions,
    table_sources,
    table_within,
)


def show_headline(baseline: Baseline) -> None:
    """Display the sentences that a busy reader takes away, as a short list."""
    show_list(say_headline(baseline))
    if baseline.positions:
        show(table_positions(baseline))


def show_list(sentences: list[str]) -> None:
    """Display sentences as a list."""
    items = "".join(f"<li>{escape(sentence)}</li>" for sentence in sentences)
    show_html(f'<ul class="headline">{items}</ul>')


def show_indicators(baseline: Baseline) -> None:
    """Display, for each indicator with a series: what it is, where we stand, its history."""
    if not baseline.positions:
        say("There is no open series for an indicator of this outcome, so there is no chart.")
    for position in baseline.positions:
        show_html(_indicator_html(position))


def _indicator_html(position: Position) -> str:
    indicator = position.indicator
    basket = f' <span class="basket">({escape(position.basket)})</span>' if position.basket else ""
    parts = [f"<h3>{escape(indicator.title)}{basket}</h3>"]
    survey = " From a survey of a sample of people." if indicator.survey else ""
    parts.append(f'<p class="definition">{escape(indicator.definition)}{survey}</p>')
    if position.series.match == "near":
        parts.append(f"<p><strong>Near, not the same.</strong> {escape(position.series.note)}</p>")
    parts.append(f"<p>{escape(' '.join(say_position(position)))}</p>")
    if position.latest is not None:
        parts.append(_history_html(position))
    parts += [f'<p class="caveat">{escape(caveat)}</p>' for caveat in indicator.caveats]
    parts.append(_source_html(position))
    return f'<section class="indicator">{"".join(parts)}</section>'


def _history_html(position: Position) -> str:
    if position.history["value"].notna().sum() < 2:
        return f"<p>{escape(say_history(position))}</p>"
    ax = plot_history(position, ax=new_axes())
    return f"<p>{escape(say_history(position))}</p>" + chart_html(
        ax, alternative=describe_history(position), table=table_history(position)
    )


def _source_html(position: Position) -> str:
    source = position.source
    link = escape(source.url, quote=True)
    name = escape(source.title)
    cited = f'<a href="{link}">{name}</a>' if source.url.startswith("http") else name
    published = f", published {source.published}" if source.published else ""
    return (
        f'<p class="source">Source: {escape(source.publisher)}, {cited}{published}; read on '
        f"{source.read_on}.</p>"
    )


def show_places(baseline: Baseline) -> None:
    """Display how the places within differ, or where a place stands among its siblings."""
    shown = [p for p in baseline.positions if p.within["value"].notna().sum() > 1]
    if not shown:
        label = baseline.positions[0].within_label if baseline.positions else "the places within"
        say(f"No series of this outcome has figures for {label or 'places within this one'}.")
    for position in shown:
        ax = plot_within(position, ax=new_axes(height=within_height(position)))
        chart = chart_html(ax, alternative=describe_within(position), table=table_within(position))
        show_html(
            f'<section class="indicator"><h3>{escape(position.indicator.title)}: '
            f"{escape(position.within_label)}</h3><p>{escape(say_within(position))}</p>{chart}"
            f"{_source_html(position)}</section>"
        )


def show_gaps(baseline: Baseline) -> None:
    """Display what this page cannot show: gaps, places without a figure, old figures."""
    without = [p for p in baseline.positions if p.latest is None]
    stale = [p for p in baseline.positions if p.latest and p.stale]
    items = [f"{p.indicator.title}: {p.missing}" for p in without]
    items += [f"{p.indicator.title}: the newest figure is for {p.latest.period}." for p in stale]
    if items:
        show_list(items)
    if baseline.gaps:
        show(table_gaps(baseline.gaps, caption="Indicators with no open figures"))
    if not baseline.positions and not baseline.gaps:
        say("No indicators have been chosen for this outcome, so all of it is unknown.")
    elif not items and not baseline.gaps:
        say("Every indicator of this outcome has a recent figure for this place.")


def show_sources(results: Baseline | Overview) -> None:
    """Display where the figures of an outcome come from, and how to read the page."""
    if isinstance(results, Baseline):
        _show_provenance(results)
    for sentence in say_methods(results):
        say(sentence)


def _show_provenance(baseline: Baseline) -> None:
    if baseline.positions:
        show(table_sources(baseline))
        for line in dict.fromkeys(position.source.attribution for position in baseline.positions):
            if line:
                say(f"{line}.")
    wording = say_wording(baseline.outcome)
    if wording:
        say("In the framework's own words, as far as they can be read:")
        show_list(wording)


def show_overview(overview: Overview) -> None:
    """Display all outcomes of a place in a few sentences and one table."""
    show_list(say_overview(overview))
    show(table_outcomes(overview))


def show_outcomes(overview: Overview) -> None:
    """Display each outcome with its sentences and its scorecard."""
    for baseline in overview.baselines:
        show_html(f"<h3>{baseline.outcome.number}. {escape(baseline.outcome.title)}</h3>")
        show_headline(baseline)


def show_all_gaps(overview: Overview) -> None:
    """Display every indicator of every outcome that has no open figures, once."""
    gaps = {gap.title: gap for baseline in overview.baselines for gap in baseline.gaps}
    show(table_gaps(tuple(gaps.values()), caption="Indicators with no open figures"))


def show_council_measures(overview: Overview) -> None:
    """Display the whole-council performance measures, apart from the indicators."""
    show(table_council_measures(overview.framework))
