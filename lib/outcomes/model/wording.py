"""What is said of a wording: what it is, what is wrong with it, and who had the last word.

The test for numbers and units stands here, because the register's own records refuse by it.
"""

import re
from datetime import date
from typing import Literal

from pydantic import Field, model_validator

from outcomes.model.base import Strict, Text

Kind = Literal["outcome", "indicator", "performance_measure"]
Severity = Literal["refused", "warning", "hint"]
Span = tuple[int, int]
"""Where words stand in a text: first character, and the one after the last."""
KINDS: dict[Kind, str] = {
    "outcome": "an outcome",
    "indicator": "an indicator",
    "performance_measure": "a performance measure",
}
FRACTION = r"(?:hal(?:f|ves)|thirds?|quarters?|fifths?|tenths?)"
QUANTITY = re.compile(
    r"\d(?:[\d,.]*\d)?\s*%?|[%\u2030£€$\u00bc-\u00be\u2150-\u215e]"
    r"|\bper\s*cent\b|\bpercent(?:ages?|iles?)?\b"
    r"|\b(?<!\ba )(?<!\bany )numbers? of\b|\bproportions? of\b|\bratios? of\b|\bmedian\b"
    r"|\b(?<!business )(?<!first-)(?<!-)rates?\b(?=\s*(?:$|[,.;:)]|(?:of|in|among|for|at|per|and)\b))"
    r"|\bper (?:head|capita|person|household|resident|child|year|month|week|day|thousand|million)\b"
    rf"|\b(?:one|two|three|four|nine) in (?:two|three|four|five|ten|twenty)\b"
    rf"|\b(?:a|one|two|three|four)[ -]{FRACTION} of\b|\bhalf of\b"
    r"|\b(?:hundred|thousand|million|billion)s?\b|\b(?:kilograms?|kilomet(?:re|er)s?|tonnes?|mph)\b",
    re.IGNORECASE,
)
"""A number or a unit. Not: 'one', 'first', 'a number of' for several, 'business rates' (a tax)."""


def quantities(text: str) -> list[Span]:
    """Return where a text has a number or a unit, which an outcome never has."""
    return [found.span() for found in QUANTITY.finditer(text)]


def require_no_quantity(title: str) -> str:
    """Return an outcome's title; ValueError that says what to do if it has a number or a unit."""
    found = [title[start:end].strip() for start, end in quantities(title)]
    if found:
        raise ValueError(
            f"got {title!r}; an outcome has no number and no unit in it, and this has {found[0]!r}: "
            "say in words what people should have, and make the figure an indicator or a target"
        )
    return title


class Word(Strict):
    """What a local word stands for."""

    means: Kind
    note: Text | None = None


class Glossary(Strict):
    """A council's words for the three ideas, and the words that deserve a second look."""

    words: dict[Text, Word] = Field(description="each word or phrase, and which idea it is here")
    modifiers: tuple[Text, ...] = Field(description="adjectives that tell one list from another")
    jargon: dict[Text, Text] = Field(description="each word, and plainer words for it")
    means: tuple[Text, ...] = Field(description="ways of working, which are wanted for an end")
    customers: tuple[Text, ...] = Field(description="words for the people a service deals with")
    measured: tuple[Text, ...] = Field(description="words of counting and measuring")
    counted: tuple[Text, ...] = Field(description="what figures are usually of")
    services: tuple[Text, ...] = Field(description="what services have, do and hand out")
    done: tuple[Text, ...] = Field(description="what services have done, such as 'inspected'")
    qualities: tuple[Text, ...] = Field(description="how people and places are at their best")
    acts: tuple[Text, ...] = Field(description="what a council does, such as 'provide'")
    set_up: tuple[Text, ...] = Field(description="what a council sets up, such as 'board'")


class Answers(Strict):
    """The answers to the three questions; None where nobody has answered."""

    countable: bool | None = Field(None, description="can it be counted or measured?")
    everyone: bool | None = Field(
        None, description="about everyone who lives here, not those a service has dealt with"
    )
    wanted: bool | None = Field(None, description="would it be wanted if no service did it?")


class Reason(Strict):
    """A sentence, and where the words stand that it rests on."""

    words: Text
    spans: tuple[Span, ...] = ()


class Verdict(Strict):
    """What a text is; without a kind it cannot be told, or it is a means."""

    kind: Kind | None
    end: bool | None = Field(description="wanted for its own sake; None where it cannot be told")
    reasons: tuple[Reason, ...]
    ask: tuple[str, ...] = Field((), description="the questions whose answers would settle it")


class Finding(Strict):
    """Something to put right or to look at again in a wording."""

    rule: str
    severity: Severity
    reason: Text
    advice: Text
    spans: tuple[Span, ...] = ()


class LastWord(Strict):
    """What a person decided that a wording is, after the check had its say."""

    text: Text = Field(description="the wording decided on; another wording is checked anew")
    kind: Kind
    reason: Text
    role: Text = Field(description="who decided: a role, never a name")
    day: date


class LastWords(Strict):
    """The decisions on one file's wordings, by where each stands in it."""

    items: dict[Text, LastWord]

    @model_validator(mode="after")
    def _some(self) -> "LastWords":
        if not self.items:
            raise ValueError("it holds no decision; remove the file, or record one under items")
        return self
