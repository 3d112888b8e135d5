"""The gap register: what is missing, found from results and catalogue, with what was decided."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from typing import get_args

import pandas as pd

from outcomes.evidence.catalogue import leaves, next_expected, rows_of, served
from outcomes.evidence.coverage import flat
from outcomes.model import Baseline, Framework, Indicator, Overview, Position, day_words
from outcomes.model.evidence import Evidence, GapDecision, GapKind, PlanAction, RegisterGap

RARE_YEARS = 2
"""Figures that come less often than that are too rare to follow progress by."""
RARE = ("once", "every_five_years", "every_ten_years")
FIGURES = ("administrative", "census", "survey")
"""Kinds of evidence that give a measure; an assessment or research may well come once."""
KINDS = get_args(GapKind)

Indicators = dict[str, Indicator]


def find_gaps(
    overview: Overview,
    entries: dict[str, Evidence],
    indicators: Indicators,
    inside: str,
    today: date,
) -> list[RegisterGap]:
    """Return every gap in what is known of a place, each once, none decided yet.

    Parameters
    ----------
    overview : Overview
        The place's figures under every outcome.
    entries : dict of Evidence
        The catalogue's entries by id.
    indicators : dict of Indicator
        Every indicator by id.
    inside : str
        The level of the places within, or "".
    today : date
    """
    positions = [p for baseline in overview.baselines for p in baseline.positions]
    measured = {position.indicator_id for position in positions}
    found = [
        *(gap for baseline in overview.baselines for gap in _no_series(baseline, indicators)),
        *_of_statements(overview.framework, entries, indicators, measured),
        *(gap for position in positions for gap in _of_position(position, inside)),
        *_no_comparator(positions, overview.page.comparator),
        *(gap for e in entries.items() for gap in _of_entry(*e, indicators, measured, today)),
    ]
    return list({gap.id: gap for gap in found}.values())


def _no_series(baseline: Baseline, indicators: Indicators) -> Iterator[RegisterGap]:
    ids = {
        (entry.number, indicators[name].title): name
        for entry in baseline.outcome.entries
        for name, _ in flat(entry.indicator, indicators)
    }
    for gap in baseline.gaps:
        name = f"no_measure/{ids[gap.number, gap.title]}"
        yield RegisterGap(name, "no_measure", gap.title, gap.why, proposal=gap.action)


def measured_rows(
    framework: Framework, entries: dict[str, Evidence], indicators: Indicators, measured: set[str]
) -> set[tuple[str, str]]:
    """Return the (outcome, statement) pairs that have a measure with a series in the store.

    An outcome has those of its indicators; a statement those that the framework sets beside it, and
    those that a piece of evidence which serves it names.
    """
    found = {
        (outcome.id, statement)
        for outcome in framework.outcomes
        for entry in outcome.entries
        if leaves([entry.indicator], indicators) & measured
        for statement in ("", entry.statement)
        if statement is not None
    }
    for entry in entries.values():
        if leaves(entry.indicators, indicators) & measured:
            found |= {pair for pair in served(entry, framework, indicators) if pair[1]}
    return found


def _of_statements(framework, entries, indicators, measured) -> Iterator[RegisterGap]:
    """Yield a gap for each statement without a measure, and each outcome that has no statement."""
    confirmed = measured_rows(framework, entries, indicators, measured)
    rows = rows_of(framework)
    with_statements = {outcome for outcome, statement in rows if statement}
    for pair in rows:
        if pair in confirmed or (not pair[1] and pair[0] in with_statements):
            continue
        serving = [e for e in entries.values() if pair in served(e, framework, indicators)]
        if serving and all(entry.soft for entry in serving):
            kind, why = "soft_only", "All evidence for it is what people said, or single cases."
        elif serving and all(e.soft or e.frequency in RARE for e in serving):
            kind, why = "too_rare", f"All figures come less often than every {RARE_YEARS} years."
        else:
            kind, why = "no_measure", "No indicator has figures for it yet."
        yield RegisterGap(
            "/".join([kind, *filter(None, pair)]), kind, _wording(framework, pair), why
        )


def _wording(framework: Framework, pair: tuple[str, str]) -> str:
    outcome = framework.outcome(pair[0])
    wordings = {statement.id: statement.wording for statement in outcome.statements}
    return wordings.get(pair[1], outcome.short)


def _of_position(position: Position, inside: str) -> Iterator[RegisterGap]:
    name, title = position.indicator_id, position.indicator.title
    level = position.place.level
    if position.latest is None:
        kind = "no_locality_level"
        yield RegisterGap(f"{kind}/{level}/{name}", kind, title, position.missing)
    if inside and position.within["value"].isna().all():
        why = f"In no period do at least half of the {position.within_label} have a figure."
        yield RegisterGap(f"no_locality_level/{inside}/{name}", "no_locality_level", title, why)
    if position.stale:
        why = "The newest figure anywhere in the series is three or more years old."
        yield RegisterGap(f"stale/{name}", "stale", title, why)
    starts = position.history.loc[position.history["value"].notna(), "period_start"]
    between = starts.drop_duplicates().sort_values().diff().median()
    if between > pd.Timedelta(days=366 * RARE_YEARS):
        why = f"A new figure comes every {between.days / 365.25:.0f} years or so."
        yield RegisterGap(f"too_rare/{name}", "too_rare", title, why)


def _no_comparator(positions: list[Position], comparator: str) -> Iterator[RegisterGap]:
    """Yield a gap for each indicator with no figure to compare with; one for all if all have none."""
    comparable = [p for p in positions if p.comparison and p.indicator.value_type != "count"]
    alone = [p for p in comparable if pd.isna(p.comparison.value)]
    reasons = {p.comparison.reason for p in alone}
    if len(reasons) == 1 and len(alone) == len(comparable):
        about = [("", "Everything", alone[0])]
    else:
        about = [(f"/{p.indicator_id}", p.indicator.title, p) for p in alone]
    for name, title, position in about:
        reason = position.comparison.reason
        why = f"{reason[:1].upper()}{reason[1:]}."
        yield RegisterGap(f"no_comparator/{comparator}{name}", "no_comparator", title, why)


def _of_entry(name, entry, indicators, measured, today) -> Iterator[RegisterGap]:
    # Evidence for a statement is judged with the statement.
    rare = entry.kind in FIGURES and entry.frequency in RARE and not entry.statements
    if rare and not leaves(entry.indicators, indicators) & measured:
        words = entry.frequency.replace("_", " ")
        why = f"It comes {words}, and no other series measures the same."
        yield RegisterGap(f"too_rare/evidence/{name}", "too_rare", entry.title, why)
    second = next_expected(entry, cycles=2)
    if second is not None and second < today:
        why = f"Last issued on {day_words(entry.last_date)}; two issues since then were missed."
        yield RegisterGap(f"stale/evidence/{name}", "stale", entry.title, why)


def register(
    found: list[RegisterGap], decisions: dict[str, GapDecision]
) -> tuple[RegisterGap, ...]:
    """Return all gaps with what was decided: open ones by due date, so past due first; then closed.

    A decision with a title is a gap added by hand. One without is about a gap that was found; if
    that is not among them it concerns another page, or the gap has closed, and is left out.
    """
    gaps = {gap.id: gap for gap in found}
    for name, decision in decisions.items():
        if decision.title:
            gaps[name] = RegisterGap(name, "by_hand", decision.title, decision.why or "")
        if name in gaps:
            decided = {key: getattr(decision, key) or "" for key in ("action", "owner", "change")}
            gaps[name] = replace(gaps[name], **decided, due=decision.due, state=decision.state)

    def order(gap: RegisterGap) -> tuple:
        return (not gap.is_open, gap.due or date.max, KINDS.index(gap.kind), gap.id)

    return tuple(sorted(gaps.values(), key=order))


def contradictions(
    framework: Framework, confirmed: set[tuple[str, str]], gaps: tuple[RegisterGap, ...]
) -> tuple[str, ...]:
    """Return what cannot be, a sentence each.

    A gap that is marked closed may not be found again. A final statement has a measure or an open
    gap, and nothing in between.

    Parameters
    ----------
    framework : Framework
    confirmed : set of (outcome, statement)
        Those that have a measure.
    gaps : tuple of RegisterGap
    """
    still = [
        f"The gap {gap.id} ({gap.title}) is marked closed, but it is still there."
        for gap in gaps
        if gap.state == "closed" and gap.kind != "by_hand"
    ]
    open_ids = {gap.id.partition("/")[2] for gap in gaps if gap.is_open}
    neither = [
        f"The final statement \N{LEFT SINGLE QUOTATION MARK}{statement.wording}"
        "\N{RIGHT SINGLE QUOTATION MARK} has neither a measure nor an open gap."
        for outcome in framework.outcomes
        for statement in outcome.statements
        if statement.status == "final"
        and (outcome.id, statement.id) not in confirmed
        and f"{outcome.id}/{statement.id}" not in open_ids
    ]
    return (*still, *neither)


def plan_action(gap: RegisterGap) -> PlanAction:
    """Return the action of a delivery plan that closes a gap; gap and action name each other."""
    what = gap.action or gap.proposal or f"Decide how to close the gap: {gap.title}"
    return PlanAction(gap.action_id, gap.id, what, gap.owner, gap.due)
