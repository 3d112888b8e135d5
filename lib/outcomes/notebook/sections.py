"""The sections that every outcome page has, each by one call."""

from html import escape

from outcomes.model import Baseline, Overview
from outcomes.narrative import (
    say_headline,
    say_methods,
    say_overview,
    say_wording,
)
from outcomes.narrative.versions import say_version
from outcomes.notebook.display import say, show, show_html
from outcomes.tables import (
    table_compared_with,
    table_council_measures,
    table_gaps,
    table_outcomes,
    table_positions,
    table_sources,
)
from outcomes.tables.council import table_answers_of


def show_headline(baseline: Baseline) -> None:
    """Display the sentences that a busy reader takes away, as a short list."""
    show_list(say_headline(baseline))
    if baseline.positions:
        show(table_positions(baseline))


def show_list(sentences: list[str]) -> None:
    """Display sentences as a list."""
    show_html(list_html(sentences))


def list_html(sentences: list[str]) -> str:
    """Return sentences as a list in HTML."""
    items = "".join(f"<li>{escape(sentence)}</li>" for sentence in sentences)
    return f'<ul class="headline">{items}</ul>'


def show_gaps(baseline: Baseline) -> None:
    """Display what this page cannot show: gaps, places without a figure, old figures."""
    without = [p for p in baseline.positions if p.latest is None]
    stale = [p for p in baseline.positions if p.latest and p.stale]
    items = [f"{p.indicator.title}: {p.missing}" for p in without]
    items += [f"{p.indicator.title}: the newest figure is for {p.latest.period}." for p in stale]
    if items:
        show_list(items)
    if baseline.gaps:
        show(table_gaps(baseline.gaps, caption="Indicators without figures here"))
    if not baseline.positions and not baseline.gaps:
        say("No indicators have been chosen for this outcome, so all of it is unknown.")
    elif not items and not baseline.gaps:
        say("Every indicator of this outcome has a recent figure for this place.")


def show_sources(results: Baseline | Overview) -> None:
    """Display where the figures of an outcome come from, and how to read the page."""
    if isinstance(results, Baseline):
        _show_provenance(results)
    say(say_version(results.framework, results.version))
    for sentence in say_methods(results):
        say(sentence)


def _show_provenance(baseline: Baseline) -> None:
    if not baseline.compared_with.empty:
        show(table_compared_with(baseline))
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
    """Display every indicator of every outcome without figures, once."""
    gaps = {gap.title: gap for baseline in overview.baselines for gap in baseline.gaps}
    show(table_gaps(tuple(gaps.values()), caption="Indicators without figures here"))


def show_council_measures(overview: Overview) -> None:
    """Display the whole-council performance measures, apart from the indicators."""
    show(table_council_measures(overview))
    parts = table_answers_of(overview)
    if not parts.frame.empty:
        words = "The same by place and by group of residents"
        show_html(f"<details><summary>{words}</summary>{parts.to_html()}</details>")
