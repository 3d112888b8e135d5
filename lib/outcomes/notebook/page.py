"""Opens a page from a notebook's settings, heads it, and signs what it turned out to be about."""

import os
from html import escape

from IPython.display import HTML, display

from outcomes import paths
from outcomes.model import OVERVIEW, PAGE_MIME, Baseline, Overview, Page, day_words
from outcomes.model.evidence import EvidencePage
from outcomes.model.framework import EVIDENCE, SERVICES
from outcomes.model.performance import ServicesPage
from outcomes.narrative import say_place
from outcomes.narrative.versions import say_statements
from outcomes.notebook.display import show_html
from outcomes.parameters import load_parameters
from outcomes.reads import noted, watch_files

Results = Baseline | Overview | EvidencePage | ServicesPage
"""What a page can show."""
WHAT = {
    OVERVIEW: "all outcomes",
    EVIDENCE: "the evidence for all outcomes",
    SERVICES: "services beside all outcomes",
}
"""What a page that has no outcome of its own reports on."""
AHEAD = 3
"""Periods ahead whose forecast is signed, or as many as there are."""
LAB_STYLE = """
.jp-RenderedHTMLCommon table.outcomes :is(th, td, caption) { text-align: left; vertical-align: top }
.jp-RenderedHTMLCommon table.outcomes caption { font-weight: 600 }
.jp-RenderedHTMLCommon :is(.definition, .caveat, .source, .signed) { color: var(--jp-ui-font-color2) }
.jp-RenderedHTMLCommon figure.chart { margin: 0 }
"""
"""How tables and charts look in JupyterLab; a published page has a style of its own instead."""


def open_page(**settings: object) -> Page:
    """Return the checked page that a notebook's settings ask for, and set the look of its output.

    Raises
    ------
    ParameterError
        If a setting is unknown, of the wrong form, or names something that does not exist.
    """
    if os.environ.get("OUTCOMES_RECORD"):
        watch_files(paths.home())
    page = load_parameters().page(**settings)
    display(HTML(f"<style>{LAB_STYLE}</style>"), metadata={"lab": True})
    return page


def show_heading(results: Results) -> None:
    """Display the page's heading: the question, the place, the comparator, the store's notice."""
    show_html(heading_html(results))


def heading_html(results: Results) -> str:
    """Return the page's heading as HTML."""
    kind = type(results)
    results = _about(results)
    place, whom = results.place.name, results.comparator_label
    if kind is ServicesPage:
        heading = f"What have services done for their customers in {place}?"
        where = "The services beside what happened to everyone"
    elif kind is EvidencePage:
        heading = f"What evidence have we for {place}, and what is missing?"
        where = f"The evidence for all {len(results.framework.outcomes)} outcomes"
    elif isinstance(results, Baseline):
        outcome = results.outcome
        heading = outcome.question.replace("{area}", place)
        where = f"Outcome {outcome.number} of {len(results.framework.outcomes)}: {outcome.title}"
    else:
        heading = f"How are we doing in {place}?"
        where = f"All {len(results.framework.outcomes)} outcomes on one page"
    if results.page.day:
        where += f". What was known on {day_words(results.page.day)}"
    if results.framework.example:
        where += ". The framework is an example that no council has adopted"
    notice = f'<p class="notice"><strong>{escape(_sentence(results.notice))}</strong></p>'
    return (
        f"{notice if results.notice else ''}<h1>{escape(heading)}</h1>"
        f'<p class="lead"><strong>{escape(place)}</strong> compared with '
        f"<strong>{escape(whom)}</strong>. {escape(where)}.</p><p>{escape(say_place(results))}</p>"
        f"{_meaning(results) if isinstance(results, Baseline) else ''}"
    )


def _meaning(baseline: Baseline) -> str:
    """Return what the outcome means in a list, or nothing where no statement is written."""
    line, statements = say_statements(baseline.outcome, baseline.version)
    items = "".join(f"<li>{escape(wording)}</li>" for wording in statements)
    return f"<p>{escape(line)}</p><ol>{items}</ol>" if items else ""


def sign(results: Results) -> None:
    """Display what the page was about, for a reader and for the runner that compares it."""
    display({PAGE_MIME: signature(results), "text/html": _signed_words(_about(results))}, raw=True)


def _about(results: Results) -> Baseline | Overview:
    return results.overview if isinstance(results, EvidencePage | ServicesPage) else results


def signature(results: Results) -> dict:
    """Return what a page was about and its key figures, as JSON-like values."""
    if isinstance(results, EvidencePage):
        about = title(results.overview).replace("All outcomes", "Evidence and gaps", 1)
        still = sum(gap.is_open for gap in results.gaps)
        # A page of evidence prints no figure, so it signs none.
        return signature(results.overview) | {"title": about, "results": [], "gaps": still}
    if isinstance(results, ServicesPage):
        about = title(results.overview).replace("All outcomes", "Services and their customers", 1)
        # Figures of customers are never signed as figures of everyone.
        return signature(results.overview) | {"title": about, "results": []}
    baselines = results.baselines if isinstance(results, Overview) else (results,)
    return {
        "page": results.page.model_dump(),
        "title": title(results),
        "notice": results.notice,
        "data_version": results.data_version,
        "results": [_result(position) for b in baselines for position in b.positions],
        "gaps": sum(len(baseline.gaps) for baseline in baselines),
        "read": dict.fromkeys(noted(), ""),
    }


def title(results: Baseline | Overview) -> str:
    """Return the page's title: outcome, place and comparator."""
    what = results.outcome.title if isinstance(results, Baseline) else "All outcomes"
    return f"{what}: {results.place.name} compared with {results.comparator_label}"


def _result(position) -> dict:
    latest, comparison, rank = position.latest, position.comparison, position.rank
    return {
        "indicator": position.indicator_id,
        "series": position.series.id,
        "period": latest.period if latest else None,
        "value": _json(latest.value) if latest else None,
        "lower": _json(latest.lower) if latest else None,
        "upper": _json(latest.upper) if latest else None,
        "comparator_value": _json(comparison.value) if comparison else None,
        "verdict": comparison.verdict if comparison else "not_compared",
        "tested": bool(comparison and comparison.tested),
        "rank": rank.position if rank else None,
        "of": rank.of if rank else None,
        "trend": position.standing.trend.direction if position.standing.trend else None,
        "ahead": _ahead(position),
    }


def _ahead(position) -> dict | None:
    """Return the forecast furthest ahead that a sentence may speak of, and chances of targets."""
    if position.outlook is None or position.outlook.forecast.points.empty:
        return None
    points = position.outlook.forecast.points
    row = points[points["horizon"] <= AHEAD].iloc[-1]
    numbers = {name: _json(float(row[name])) for name in ("mean", "lower_80", "upper_80")}
    chances = [_json(target.chance) for target in position.outlook.targets]
    return {"period": str(row["period"]), **numbers, "chances": chances}


def _json(value: float) -> float | None:
    return None if value != value else value


def _sentence(words: str) -> str:
    return f"{words[:1].upper()}{words[1:]}."


def _as_of(page: Page) -> str:
    return f", as of {page.as_of}" if page.as_of else ""


def _signed_words(results: Baseline | Overview) -> str:
    page = results.page
    notice = f" {_sentence(results.notice)}" if results.notice else ""
    return (
        f'<p class="signed">This page reports on {escape(results.place.name)} ({page.locality}), '
        f"{WHAT.get(page.outcome, f'outcome {escape(page.outcome)}')} of {escape(page.framework)}, comparator "
        f"{escape(page.comparator)}{_as_of(page)}.{escape(notice)}</p>"
    )
