"""Every wording of a framework or of the library of indicators, with what is to be said of it."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from outcomes.model import Framework, Indicator
from outcomes.model.performance import BETTER_OFF, Service
from outcomes.model.wording import Answers, Finding, Glossary, Kind, LastWord
from outcomes.wording.classify import classify
from outcomes.wording.rules import findings


@dataclass(frozen=True)
class Wording:
    """A wording, where it stands, and what it is entered as.

    `key` is its place in its file, such as 'entries.4.2'; `end` says whether it is wanted for itself,
    or is a means: what a service does.
    """

    key: str
    text: str
    entered: Kind
    answers: Answers = Answers()
    may_refuse: bool = False
    end: bool = True


@dataclass(frozen=True)
class Checked:
    """A wording with its findings; where a person decided, that decision and no findings."""

    wording: Wording
    findings: tuple[Finding, ...] = ()
    decided: LastWord | None = None


MEASURED = Answers(countable=True)
"""What is known of anything that has a unit."""


def framework_wordings(framework: Framework) -> Iterator[Wording]:
    """Give the outcomes, the statements that nobody withdrew, and the entries of a framework."""
    for outcome in framework.outcomes:
        yield Wording(f"outcomes.{outcome.id}", outcome.title, "outcome", may_refuse=True)
        for statement in outcome.statements:
            if statement.status != "withdrawn":
                yield Wording(f"statements.{statement.id}", statement.wording, "outcome")
        for entry in outcome.entries:
            yield Wording(f"entries.{entry.number}", entry.wording, "indicator", MEASURED)


def indicator_wordings(indicators: Mapping[str, Indicator]) -> Iterator[Wording]:
    """Give the titles of indicators."""
    for name, indicator in indicators.items():
        yield Wording(name, indicator.title, "indicator", MEASURED)


def service_wordings(service: Service) -> Iterator[Wording]:
    """Give the performance measures of a service; a customer's result is an end, the rest means."""
    about = Answers(countable=True, everyone=False)
    for name, measure in service.measures.items():
        end = measure.quadrant in BETTER_OFF
        yield Wording(f"measures.{name}", measure.title, "performance_measure", about, end=end)


def check(
    wordings: Iterable[Wording], glossary: Glossary, decided: Mapping[str, LastWord]
) -> list[Checked]:
    """Return what is to be said of each wording, and what people decided; the others are left out.

    A decision silences warnings and hints on the very wording that it was made on. A wording that
    has changed since is checked anew. What is refused stays refused.

    Parameters
    ----------
    wordings : iterable of Wording
    glossary : Glossary
    decided : mapping of str to LastWord
        The decisions by the wording's key.
    """
    found = []
    for wording in wordings:
        verdict = classify(wording.text, glossary, wording.answers)
        said = findings(wording.text, wording.entered, verdict, glossary)
        if not wording.may_refuse:
            said = [f.model_copy(update={"severity": "warning"}) if f.severity == "refused" else f
                    for f in said]  # fmt: skip
        last = decided.get(wording.key)
        if last and last.text == wording.text and last.kind == wording.entered:
            refused = tuple(f for f in said if f.severity == "refused")
            found.append(Checked(wording, refused, last))
            continue
        if last:
            why = "another wording" if last.text != wording.text else "another kind"
            said.append(
                Finding(
                    rule="decision",
                    severity="warning",
                    reason=f"the decision of {last.day.isoformat()} ({last.role}) was on {why}",
                    advice="Decide again, or remove the decision.",
                )
            )
        if said:
            found.append(Checked(wording, tuple(said)))
    return found
