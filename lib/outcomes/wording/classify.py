"""Is it an outcome, an indicator or a performance measure? The person's answers before the words."""

from outcomes.model.wording import Answers, Glossary, Kind, Reason, Span, Verdict
from outcomes.wording.language import find, said
from outcomes.wording.reading import (
    acts,
    better_off,
    counted,
    group,
    measured,
    of_a_service,
    set_up,
    stated,
)

Answer = tuple[bool | None, Reason | None]
"""An answer to one of the questions, and what it rests on."""
ASSUMED = "Nothing in it speaks of a service, so it is taken to be about everyone."
"""The reason where there is no other."""
QUESTIONS = {
    "everyone": "Is it about everyone who lives here, or about the people a service has dealt with?",
    "countable": "Can you count it?",
    "wanted": "Would you still want it if no service did it?",
}
"""The questions in plain words, by the name of the answer."""


def classify(text: str, glossary: Glossary, answers: Answers | None = None) -> Verdict:
    """Return what a text is, with the reasons; what a person answered goes before the words.

    What is counted is a performance measure where it is about a service or those it dealt with, and
    else an indicator. What is not counted is an outcome where it is a condition of everyone. A way
    of working is none of the three. Where that cannot be read, there is no kind.

    Parameters
    ----------
    text : str
        A wording, such as "Crime rate"; {area} may stand in it.
    glossary : Glossary
        The council's words for means and for the people its services deal with.
    answers : Answers, optional
        What a person answered to the three questions.
    """
    answers = answers or Answers()
    states = stated(text, glossary)
    service = _service(text, glossary, states)
    means = [*find(text, glossary.means), *acts(text, glossary), *set_up(text, glossary)]
    found = (
        _countable(text, glossary, answers, (states, service, means)),
        _everyone(text, answers, service),
        _wanted(text, answers, means),
    )
    (countable, _), (everyone, _), (wanted, _) = found
    if countable and answers.wanted is None:
        wanted, found = None, found[:2]
    if countable and everyone is None:
        everyone = True
        found = (found[0], (True, Reason(words=ASSUMED)), *found[2:])
    kind = _kind(countable, everyone, wanted)
    ask = ()
    if kind is None and wanted is not False:
        ask = tuple(name for name in QUESTIONS if getattr(answers, name) is None)
    reasons = tuple(reason for _, reason in found if reason)
    return Verdict(kind=kind, end=_end(text, kind, wanted), reasons=reasons, ask=ask)


def _countable(
    text: str, glossary: Glossary, answers: Answers, spans: tuple[list[Span], ...]
) -> Answer:
    if answers.countable is not None:
        return _told(answers.countable, f"it can{'' if answers.countable else 'not'} be counted")
    if measures := measured(text, glossary):
        return True, _reason(text, measures, "speaks of counting or measuring")
    states, service, means = spans
    if means:
        return False, None
    if states:
        return False, _reason(text, states, "says how people or a place are")
    if named := counted(text, glossary) or (service and (group(text) or _plural(text, service))):
        return True, _reason(text, named, "is something that is counted")
    return None, None


def _everyone(text: str, answers: Answers, service: list[Span]) -> Answer:
    if answers.everyone is not None:
        whom = (
            "everyone who lives here" if answers.everyone else "the people a service has dealt with"
        )
        return _told(answers.everyone, f"it is about {whom}")
    if service:
        return False, _reason(text, service, "speaks of a service, or of the people it deals with")
    return None, None


def _wanted(text: str, answers: Answers, means: list[Span]) -> Answer:
    if answers.wanted is not None:
        return _told(
            answers.wanted, f"you would {'' if answers.wanted else 'not '}want it for itself"
        )
    if means:
        why = "is a way of getting somewhere, wanted for what comes of it"
        return False, _reason(text, means, why)
    return None, None


def _told(answer: bool, words: str) -> Answer:
    return answer, Reason(words=f"You said that {words}.")


def _reason(text: str, spans: list[Span], predicate: str) -> Reason:
    return Reason(words=f"{said(text, spans, predicate)}.", spans=tuple(spans))


def _service(text: str, glossary: Glossary, states: list[Span]) -> list[Span]:
    """Return where a service is spoken of; in a statement, only if that is what it is about."""
    found = of_a_service(text, glossary)
    if measured(text, glossary) or not states:
        return found
    return [span for span in found if span[1] <= states[0][0]]


def _plural(text: str, spans: list[Span]) -> list[Span]:
    return [span for span in spans if text[slice(*span)].endswith("s")]


def _kind(countable: bool | None, everyone: bool | None, wanted: bool | None) -> Kind | None:
    if countable:
        return "performance_measure" if everyone is False else "indicator"
    if countable is False and wanted is not False and everyone is not False:
        return "outcome"
    return None


def _end(text: str, kind: Kind | None, wanted: bool | None) -> bool | None:
    """Return whether it is an end: a performance measure is one if it says who is better off."""
    if kind == "performance_measure":
        return bool(better_off(text))
    return True if kind else (False if wanted is False else None)
