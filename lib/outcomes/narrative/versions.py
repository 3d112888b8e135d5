"""What a page says of the framework that it is made under: its version, and its statements."""

from outcomes.model import Framework, Outcome, day_words
from outcomes.model.versions import MadeUnder


def say_version(framework: Framework, version: MadeUnder) -> str:
    """Return one sentence on the version of the framework that a page shows."""
    newest = version.newest
    if newest is None:
        return f"{framework.title}: no version of this framework has been frozen yet."
    said = f"version {newest.number}, frozen on {day_words(newest.day)} by {newest.by}"
    if version.changed:
        return f"{framework.title}: a draft, changed since {said}."
    return f"{framework.title}: {said}. Reason: {newest.reason.rstrip('.')}."


def say_statements(outcome: Outcome, version: MadeUnder) -> tuple[str, list[str]]:
    """Return what an outcome means: a line that says how far it is agreed, and the statements.

    The final ones in order of priority; where there are none, the candidates. An outcome without
    statements has an empty line and list.
    """
    final = [s.wording for s in outcome.statements if s.status == "final"]
    if final:
        under = ""
        if version.newest and not version.changed:
            under = f", version {version.newest.number} of {day_words(version.newest.day)}"
        return f"By this we mean, most important first{under}:", final
    candidates = [s.wording for s in outcome.statements if s.status == "candidate"]
    return ("It might mean, not yet agreed:" if candidates else ""), candidates
