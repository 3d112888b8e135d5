"""What is wrong, or worth a second look, in a wording that is entered as one of the three."""

import re
from collections.abc import Iterator

from outcomes.model.wording import (
    KINDS,
    Finding,
    Glossary,
    Kind,
    Severity,
    Span,
    Verdict,
    quantities,
)
from outcomes.wording.language import find, match, plain, said, within
from outcomes.wording.reading import (
    acts,
    lost_sign,
    of_a_service,
    service_words,
    set_up,
    target_dates,
)

NEGATIVE = (
    r"\b(?:no(?: one|-one)?|not|never|nobody|nothing|none|neither|cannot|without|lack(?:s|ing)?|fewer|less|"
    r"avoid\w*|prevent\w*|reduc\w+|lower(?:s|ed|ing)?|decreas\w+|eliminat\w+|minimi[sz]\w+)\b",
    r"\b\w+n't\b|\bfree (?:from|of)\b(?! charge)|\b\w+-free\b|\bout of trouble\b",
)
NOT_NEGATIVE = (
    r"\bnot[- ]for[- ]profit\b|\bnot only\b|\bwhether or not\b|\bno matter\b|\bnothing less\b"
)
ROUGHLY = (
    r"\b(?:two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|twenty|thirty|fifty|dozen)\b",
    r"\b(?:average|levels? of|prevalence|incidence|volume of|majority|twice|doubled?|halved?)\b",
    r"\bmost\b(?! (?:vulnerable|deprived|disadvantaged|affected|in need))",
)
DIRECTION = (
    r"^(?:reduced?|cut(?:ting)?|reduction in|reducing|increased?|increasing|improved?|improvement in|improving|fewer|"
    r"higher|lower|less|more|better|greater|decreased?|decline in|narrow(?:ed|ing)?|raised?)\b",
    r"(?<=\w )(?:increase|decrease|reduction|improvement|rise|fall) in\b",
)
LABEL = r"^([\w ]{2,40}?)\s*(?::| - )\s*"
Said = tuple[str, Severity, list[Span], str, str]
"""A rule, how heavy it weighs, where it is met, why it matters (after the words), what to do."""


def findings(text: str, entered: Kind, verdict: Verdict, glossary: Glossary) -> list[Finding]:
    """Return what is to be said of a wording, the refused first.

    Parameters
    ----------
    text : str
    entered : {"outcome", "indicator", "performance_measure"}
        What it is entered as.
    verdict : Verdict
        What the text is, by `classify`.
    glossary : Glossary
    """
    rules = [
        *(_of_outcome if entered == "outcome" else _of_measure)(text, entered, verdict, glossary)
    ]
    rules += _of_any(text, entered, glossary)
    found = [
        Finding(
            rule=rule,
            severity=severity,
            spans=tuple(spans),
            advice=advice,
            reason=said(text, spans, reason),
        )  # fmt: skip
        for rule, severity, spans, reason, advice in rules
        if spans
    ]
    order = ("refused", "warning", "hint")
    return sorted(found, key=lambda finding: order.index(finding.severity))


def _of_outcome(text: str, _: Kind, verdict: Verdict, glossary: Glossary) -> Iterator[Said]:
    dates = target_dates(text)
    quantity = [span for span in quantities(text) if not within(span, dates)]
    yield (
        "date", "refused", dates, "is the date of a target, and an outcome has none",
        "Leave it out, and give the date to the target of an indicator.",
    )  # fmt: skip
    yield (
        "quantity", "refused", quantity, "is a number or a unit, and an outcome has none",
        "Say in words what people should have, and make the figure an indicator or a target.",
    )  # fmt: skip
    yield (
        "means", "warning", [*find(text, glossary.means), *set_up(text, glossary)],
        "is a means and not an end",
        "Ask 'what for?' until the answer is something that people have, and enter that.",
    )  # fmt: skip
    yield (
        "act", "warning", acts(text, glossary), "is something that somebody does, not how people are",
        "Say what will be so when it is done.",
    )  # fmt: skip
    if verdict.kind not in (None, "outcome") and not quantity:
        yield (
            "kind", "warning", [(0, len(text))], f"reads like {KINDS[verdict.kind]}",
            "Say the condition that everyone here should have, and keep this as its measure.",
        )  # fmt: skip
    spared = {i for span in match(text, NOT_NEGATIVE) for i in range(*span)}
    yield (
        "negative", "hint", [span for span in match(text, *NEGATIVE) if span[0] not in spared],
        "says what there should not be", "Say what people should have instead, if it can be said.",
    )  # fmt: skip
    yield (
        "service", "hint", service_words(text, glossary), "is what services say",
        "Say it as those who live here would.",
    )  # fmt: skip
    yield (
        "roughly", "hint", match(text, *ROUGHLY), "is nearly a number",
        "Say how people should be; how many is for an indicator or a target.",
    )  # fmt: skip


def _of_measure(text: str, entered: Kind, verdict: Verdict, glossary: Glossary) -> Iterator[Said]:
    yield (
        "direction", "warning", match(text, *DIRECTION),
        "says which way the figure should go; the name should not",
        "Name what is measured, and let the indicator's direction say which way is good.",
    )  # fmt: skip
    yield (
        "lost sign", "hint", lost_sign(text), "stands first, as where a % or # sign was lost",
        "Look at the source, and begin with 'Percentage of' or 'Number of'.",
    )  # fmt: skip
    if entered == "indicator" and verdict.kind == "performance_measure":
        yield (
            "service count", "warning", of_a_service(text, glossary) or [(0, len(text))],
            "tells what a service does, or of the people it deals with: a performance measure",
            "Keep it with the service's performance measures; ask what it should change for "
            "everyone, and measure that.",
        )  # fmt: skip


def _of_any(text: str, entered: Kind, glossary: Glossary) -> Iterator[Said]:
    named = {start for start, _ in match(text, r"\bperformance measures?\b")}
    modifiers = [span for span in find(text, glossary.modifiers) if span[0] not in named]
    yield (
        "modifier",
        "hint",
        modifiers,
        "can be read in many ways",
        "Leave it out; say what is meant.",
    )
    for word, plainer in glossary.jargon.items():
        yield "jargon", "hint", find(text, [word]), "is jargon", f"In plain words: {plainer}."
    head = re.match(LABEL, plain(text))
    if head and (idea := idea_of(head[1], glossary)):
        yield (
            "label", "hint" if idea == entered else "warning", [head.span(1)],
            f"stands for {KINDS[idea]} here", f"Leave it out; this is entered as {KINDS[entered]}.",
        )  # fmt: skip


def idea_of(word: str, glossary: Glossary) -> Kind | None:
    """Return which of the three ideas a word stands for here, whatever adjective is before it."""
    hits = [
        (span, known.means)
        for name, known in glossary.words.items()
        for span in find(word.strip(), [name])
        if span[1] == len(word.strip())
    ]
    return min(hits)[1] if hits else None
