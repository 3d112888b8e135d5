"""Finding words in a text: any case, either spelling, with or without hyphens, one or many."""

import re
from collections.abc import Iterable
from functools import lru_cache

from outcomes.errors import listed
from outcomes.model.wording import Span

SPELLINGS = (
    (r"isation", r"i[sz]ation"),
    (r"ise\b", r"i[sz]e"),
    (r"our\b", r"ou?r"),
    (r"\bprogramme", r"program(?:me)?"),
    (r"centre", r"cent(?:re|er)"),
)
"""British endings, and a pattern that takes the American ones too."""
MANY = {
    "is": "are",
    "says": "say",
    "reads": "read",
    "tells": "tell",
    "speaks": "speak",
    "stands": "stand",
}
"""The verb of one word, and of several."""
ALIKE = str.maketrans("\u2010\u2011\u2012\u2013\u2014\u2019\u02bc\u00a0\n\t", "-----''   ")


def plain(text: str) -> str:
    """Return a text of the same length with plain dashes, apostrophes and spaces."""
    return text.translate(ALIKE)


def _pattern(words: str) -> str:
    found = re.escape(words.casefold()).replace(r"\ ", r"[\s-]+").replace(r"\-", r"[\s-]?")
    for british, both in SPELLINGS:
        found = re.sub(british, both.replace("\\", "\\\\"), found)
    plural = r"(?:ys?|ies)" if words.endswith("y") else r"(?:e?s)?"
    return (found[:-1] if words.endswith("y") else found) + plural


@lru_cache(maxsize=64)
def _compiled(words: tuple[str, ...]) -> re.Pattern:
    longest_first = sorted(words, key=len, reverse=True)
    return re.compile(rf"(?<![\w])(?:{'|'.join(map(_pattern, longest_first))})(?![\w])", re.I)


def find(text: str, words: Iterable[str]) -> list[Span]:
    """Return where any of these words or phrases stands, also in the plural."""
    words = tuple(words)
    return [found.span() for found in _compiled(words).finditer(plain(text))] if words else []


def match(text: str, *patterns: str) -> list[Span]:
    """Return where any of these regular expressions is met, whatever the case."""
    text = plain(text)
    return [hit.span() for pattern in patterns for hit in re.finditer(pattern, text, re.I)]


def within(span: Span, others: Iterable[Span]) -> bool:
    """Tell whether words stand inside one of these places."""
    return any(start <= span[0] and span[1] <= end for start, end in others)


def said(text: str, spans: Iterable[Span], predicate: str) -> str:
    """Return "'a' says ..." or "'a' and 'b' say ...": the words at these places, each once."""
    spans = sorted(set(spans))
    whole = [
        span for span in spans if not within(span, [other for other in spans if other != span])
    ]
    words = dict.fromkeys(text[start:end].strip() for start, end in whole)
    verb, _, rest = predicate.partition(" ")
    verb = verb if len(words) == 1 else MANY.get(verb, verb)
    return f"{listed(repr(word) for word in words)} {verb} {rest}"
