"""What a report is made from: the place's results and gaps, its log, and people's own words."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cached_property

from outcomes.baseline.evidence import load_evidence
from outcomes.evidence import leaves
from outcomes.model import Baseline, Framework, Page, Position, Statement
from outcomes.model.evidence import EvidencePage, RegisterGap
from outcomes.model.report import ReportLog
from outcomes.parameters import load_parameters
from outcomes.parameters.reports import report_log, service_text


@dataclass(frozen=True)
class Material:
    """Everything that the report on one place says; each indicator under the outcome that shows it first."""

    evidence: EvidencePage
    log: ReportLog
    texts: dict[str, tuple[str, ...]]
    """By outcome: what its figures mean for the level and standard of service, by paragraph."""
    leaves: dict[str, set[str]]
    """By outcome: the indicators that it shows, a basket's members for the basket."""

    @property
    def framework(self) -> Framework:
        """The framework that the report follows."""
        return self.evidence.overview.framework

    @cached_property
    def first(self) -> dict[str, str]:
        """The outcome under which each measured indicator stands, by the indicator's id."""
        found: dict[str, str] = {}
        for baseline in self.evidence.overview.baselines:
            for position in baseline.positions:
                found.setdefault(position.indicator_id, baseline.outcome.id)
        return found

    def own(self, baseline: Baseline) -> Baseline:
        """Return a baseline with the measures alone that stand under this outcome, each once."""
        named = {p.indicator_id: p for p in baseline.positions[::-1]}
        here = [p for p in baseline.positions if p is named[p.indicator_id]]
        mine = [p for p in here if self.first[p.indicator_id] == baseline.outcome.id]
        return replace(baseline, positions=tuple(mine), order=())

    def gaps(self, outcome: str) -> tuple[RegisterGap, ...]:
        """Return the open gaps of an outcome, of its statements, indicators and evidence."""
        return tuple(gap for gap, about in self._about if outcome in about)

    def first_of(self, gap: RegisterGap) -> str:
        """Return the outcome under which a gap is described: the first that it concerns."""
        about = next(about for known, about in self._about if known is gap)
        return next(outcome.id for outcome in self.framework.outcomes if outcome.id in about)

    @property
    def other_gaps(self) -> tuple[RegisterGap, ...]:
        """The open gaps that concern no single outcome."""
        return tuple(gap for gap, about in self._about if not about)

    @cached_property
    def open_gaps(self) -> tuple[RegisterGap, ...]:
        """Every open gap, past due first."""
        return tuple(gap for gap in self.evidence.gaps if gap.is_open)

    @cached_property
    def _about(self) -> tuple[tuple[RegisterGap, set[str]], ...]:
        return tuple((gap, set(self._outcomes_of(gap))) for gap in self.open_gaps)

    def _outcomes_of(self, gap: RegisterGap) -> Iterator[str]:
        kind, *about = gap.id.split("/")
        subject = about[-1] if about else kind
        serves = self.evidence.serves.get(subject, ()) if "evidence" in about[:-1] else ()
        for outcome in self.framework.outcomes:
            known = {outcome.id, *(s.id for s in outcome.statements), *self.leaves[outcome.id]}
            if subject in known or outcome.short in serves:
                yield outcome.id


def load_material(page: Page) -> Material:
    """Return what the report on a place is made from, for its page of evidence.

    Raises
    ------
    DataError
        If the place's store is empty.
    """
    parameters = load_parameters()
    framework = parameters.framework(page.framework)
    about = page.framework, page.locality
    return Material(
        evidence=load_evidence(page),
        log=report_log(parameters, *about),
        texts={o.id: service_text(parameters, *about, o.id) for o in framework.outcomes},
        leaves={
            o.id: leaves((e.indicator for e in o.entries), parameters.indicators)
            for o in framework.outcomes
        },
    )


def by_statement(baseline: Baseline) -> list[tuple[Statement | None, list[Position]]]:
    """Return the final statements in their order of priority, each with its measures; last the rest.

    The rest are measures of the outcome as a whole, or of a statement that is not final.
    """
    of = {entry.number: entry.statement for entry in baseline.outcome.entries}
    final = [s for s in baseline.outcome.statements if s.status == "final"]
    known = {statement.id for statement in final}
    found = [(s, [p for p in baseline.positions if of.get(p.number) == s.id]) for s in final]
    rest = [p for p in baseline.positions if of.get(p.number) not in known]
    return [*found, (None, rest)]
