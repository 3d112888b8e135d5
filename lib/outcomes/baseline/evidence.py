"""The one call behind a place's page of evidence and gaps."""

from datetime import date

import pandas as pd

from outcomes.baseline.load import load_overview
from outcomes.evidence import (
    contradictions,
    coverage_matrix,
    dated,
    find_gaps,
    leaves,
    measured_rows,
    next_expected,
    overdue,
    register,
    served,
)
from outcomes.model import Overview, Page
from outcomes.model.evidence import Elsewhere, EvidencePage
from outcomes.parameters import Parameters, load_parameters
from outcomes.reads import note
from outcomes.store import open_store


def load_evidence(page: Page) -> EvidencePage:
    """Return the evidence for a place under every outcome, and the register of what is missing.

    Raises
    ------
    DataError
        If the place's store is empty.
    """
    parameters, overview = load_parameters(), load_overview(page)
    framework, indicators = overview.framework, parameters.indicators
    note("indicators")
    positions = [p for baseline in overview.baselines for p in baseline.positions]
    catalogues = parameters.catalogues_for(framework.id, page.locality)
    every = {name: entry for catalogue in catalogues for name, entry in catalogue.entries.items()}
    entries = dated(every, positions, indicators)
    today = today_of(page, parameters)
    children = parameters.places.children(page.locality)
    found = find_gaps(overview, entries, indicators, children[0].level if children else "", today)
    gaps = register(found, parameters.decisions_for(framework.id, page.locality))
    measured = {position.indicator_id for position in positions}
    confirmed = measured_rows(framework, entries, indicators, measured)
    expected = {name: next_expected(entry) for name, entry in entries.items()}
    short = {outcome.id: outcome.short for outcome in framework.outcomes}
    return EvidencePage(
        overview=overview,
        today=today,
        entries=entries,
        serves={
            name: tuple(dict.fromkeys(short[o] for o, _ in served(entry, framework, indicators)))
            for name, entry in entries.items()
        },
        expected=expected,
        overdue=overdue(expected, today),
        matrix=coverage_matrix(framework, entries, indicators),
        gaps=gaps,
        stakeholders=tuple(s for catalogue in catalogues for s in catalogue.stakeholders),
        elsewhere=_elsewhere(catalogues, indicators, overview),
        findings=contradictions(framework, confirmed, gaps),
    )


def today_of(page: Page, parameters: Parameters) -> date:
    """Return the page's own day, or the day on which the store was last added to."""
    if page.day:
        return page.day
    name = parameters.places.store_of(page.locality)
    note("state", name)
    series = open_store(name, parameters.store(name).disclosure).series()
    return pd.Timestamp(series["read_on"].max()).date()


def _elsewhere(catalogues, indicators, overview: Overview) -> tuple[tuple[str, Elsewhere], ...]:
    """Return what others measure of the framework's indicators, each under our title."""
    used = overview.framework.indicator_ids()
    known = leaves(used, indicators) | set(used)
    measured = (item for catalogue in catalogues for item in catalogue.elsewhere)
    return tuple((indicators[e.indicator].title, e) for e in measured if e.indicator in known)
