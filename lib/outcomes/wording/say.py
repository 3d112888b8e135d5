"""Verdicts and findings in plain sentences."""

from collections import Counter
from collections.abc import Iterable

from outcomes.errors import listed
from outcomes.model.wording import KINDS, Finding, Glossary, Kind, Verdict
from outcomes.model.words import capital
from outcomes.wording.check import Checked, Wording
from outcomes.wording.classify import ASSUMED, QUESTIONS, classify
from outcomes.wording.rules import findings, idea_of

LEVELS = ("refused", "warning", "hint")


def say_verdict(verdict: Verdict) -> str:
    """Return what a text is, in a sentence, and in another whether it is an end or a means."""
    if verdict.kind is None and verdict.end is False:
        return (
            "This reads like none of the three. It is a means: a way of getting to something else."
        )
    if verdict.kind is None:
        return "The words alone do not tell what this is."
    if verdict.kind != "performance_measure":
        so = "If so, it" if any(each.words == ASSUMED for each in verdict.reasons) else "It"
        why = f"{so} is about an end: how things are for everyone."
    elif verdict.end:
        why = "It is about an end: what became of the people a service dealt with."
    else:
        why = "It is about a means: what a service does."
    return f"This reads like {KINDS[verdict.kind]}. {why}"


def say_finding(found: Finding) -> str:
    """Return a finding as sentences: its weight, why, and what to do."""
    return f"{found.severity}: {capital(found.reason)}. {found.advice}"


def say_text(text: str, entered: Kind | None, glossary: Glossary) -> tuple[list[str], bool]:
    """Return lines on one wording, and whether it is refused as what it is entered as."""
    idea = idea_of(text, glossary)
    if idea and entered is None:
        return [f"'{text}' is a word for {KINDS[idea]} here (parameters/glossary.yml)."], False
    verdict = classify(text, glossary)
    lines = [say_verdict(verdict), *(f"  {reason.words}" for reason in verdict.reasons)]
    if verdict.ask:
        lines += ["Answer these questions:", *(f"  {QUESTIONS[name]}" for name in verdict.ask)]
    # A means is looked at as what it would most likely be entered as.
    kind = entered or verdict.kind or ("outcome" if verdict.end is False else None)
    found = findings(text, kind, verdict, glossary) if kind else []
    return [*lines, *map(say_finding, found)], any(f.severity == "refused" for f in found)


def say_checked(file: str, wordings: Iterable[Wording], checked: list[Checked]) -> list[str]:
    """Return lines on a file: each wording if they are given, and each that something is said of."""
    said = {one.wording.key: one for one in checked}
    shown = {w.key: w for w in wordings} or {key: one.wording for key, one in said.items()}
    lines = [file] if shown else []
    for key, wording in shown.items():
        ends = f"{KINDS[wording.entered]}, {'ends' if wording.end else 'means'}"
        lines.append(f"  {key} ({ends}): {wording.text}")
        if one := said.get(key):
            if last := one.decided:
                lines.append(
                    f"    decided: {KINDS[last.kind]}, by the {last.role} on {last.day.isoformat()}: "
                    f"{last.reason}"
                )
            lines += [f"    {say_finding(found)}" for found in one.findings]
    return lines


def say_total(of: int, checked: list[Checked]) -> str:
    """Return how many wordings were looked at, and how much was found."""
    levels = Counter(found.severity for one in checked for found in one.findings)
    counts = [
        f"{levels[level]} {level}{'s' * (level != 'refused' and levels[level] != 1)}"
        for level in LEVELS
    ]
    decided = sum(one.decided is not None for one in checked)
    return f"{of} wordings: {listed(counts)}; {decided} decided by people"
