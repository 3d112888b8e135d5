"""Errors that a person can put right: what, where, the value, what was expected, what to do.

Each kind has an exit code of its own, so that a failed job can be told apart without its log.
Nothing here is for programming mistakes: those keep their traceback.
"""

from collections.abc import Collection, Iterable
from difflib import get_close_matches


class OutcomesError(Exception):
    """Something that the person at the keyboard can put right."""

    exit_code = 1


class ParameterError(OutcomesError):
    """What was asked for is misspelt, unknown, or of the wrong form."""

    exit_code = 10


class DataError(OutcomesError):
    """A source file or the store does not have the shape that was promised."""

    exit_code = 11


class RunError(OutcomesError):
    """A page could not be made, or proved to be about something else than was asked."""

    exit_code = 12


def nearest(word: object, known: Iterable[str]) -> str | None:
    """Return the known word that a misspelt one was probably meant to be, or None."""
    near = get_close_matches(str(word), list(known), n=1, cutoff=0.6)
    return near[0] if near else None


def did_you_mean(word: object, known: Iterable[str]) -> str:
    """Return '; did you mean 'x'?' for the nearest known word, or an empty string."""
    near = nearest(word, known)
    return f"; did you mean {near!r}?" if near else ""


def hint(word: object, known: Collection[str]) -> str:
    """Return '; did you mean 'x'?' for the nearest known word, or else the words that there are."""
    return did_you_mean(word, known) or f"; there are: {listed(known)}"


def ended(words: str) -> str:
    """Return words with a full stop, unless they end in a question."""
    return words if words.endswith("?") else f"{words}."


def listed(words: Iterable[str], *, most: int = 12) -> str:
    """Return 'a, b and c', cut after `most` words with a count of the rest."""
    words = [str(word) for word in words]
    if len(words) > most:
        return ", ".join(words[:most]) + f" and {len(words) - most} more"
    return " and ".join(filter(None, [", ".join(words[:-1]), *words[-1:]]))
