"""The sections of a place's page of evidence and gaps, each by one call."""

from outcomes.model.evidence import EvidencePage
from outcomes.narrative.evidence import say_evidence
from outcomes.notebook.display import say, show, show_html
from outcomes.notebook.sections import show_list
from outcomes.tables.evidence import (
    table_catalogue,
    table_coverage,
    table_elsewhere,
    table_names,
    table_overdue,
    table_register,
    table_soft,
    table_stakeholders,
    table_unfilled,
)


def show_evidence(page: EvidencePage) -> None:
    """Display what a busy reader takes away, and everything in the catalogue that gives figures."""
    show_list(say_evidence(page))
    show(table_catalogue(page))


def show_overdue(page: EvidencePage) -> None:
    """Display the evidence whose next issue is late."""
    show(table_overdue(page))


def show_soft(page: EvidencePage) -> None:
    """Display what people told us, in words; none of it is counted anywhere."""
    show(table_soft(page))


def show_coverage(page: EvidencePage) -> None:
    """Display which kinds of evidence serve each outcome and statement."""
    show(table_coverage(page))


def show_others(page: EvidencePage) -> None:
    """Display whom the outcomes concern and what others measure."""
    show(table_stakeholders(page))
    show(table_elsewhere(page))


def show_register(page: EvidencePage) -> None:
    """Display the open gaps, past due first, and those that were closed or accepted."""
    still = tuple(gap for gap in page.gaps if gap.is_open)
    name = page.overview.place.name
    show(table_register(still, page, caption=f"Gap register for {name}, past due first"))
    done = tuple(gap for gap in page.gaps if not gap.is_open)
    if done:
        say("These are not open: they were closed, or accepted as they are.")
        show(table_register(done, page, caption=f"Gaps for {name} that are not open"))
    names = table_names(page).to_html()
    show_html(f"<details><summary>The name of each gap, for decisions</summary>{names}</details>")


def show_unfilled(page: EvidencePage) -> None:
    """Display what is not filled in in the catalogue itself."""
    show(table_unfilled(page))
