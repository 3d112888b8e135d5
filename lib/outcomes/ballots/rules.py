"""What makes a ballot valid: exactly so many different statements, all of the outcome voted on."""

from collections.abc import Sequence

from outcomes.ballots.held import Held
from outcomes.errors import ParameterError, did_you_mean, listed, nearest


def require_valid(held: Held, outcome_id: str, chosen: Sequence[str]) -> None:
    """Raise ParameterError, with the reason, unless a choice of statements can be counted."""
    if outcome_id not in held.outcomes:
        raise ParameterError(
            f"outcome: {held.title!r} has no outcome {outcome_id!r}"
            f"{did_you_mean(outcome_id, held.outcomes)}"
        )
    outcome = held.outcomes[outcome_id]
    where = f"{outcome.number}. {outcome.title}"
    if wrong := [s for s in dict.fromkeys(chosen) if s not in outcome.statements]:
        said = (_stranger(held, outcome_id, statement) for statement in wrong)
        raise ParameterError(f"{where}: {'; '.join(said)}")
    twice = [statement for statement in dict.fromkeys(chosen) if chosen.count(statement) > 1]
    if twice:
        words = listed(f"“{outcome.statements[statement]}”" for statement in twice)
        raise ParameterError(
            f"{where}: {words} stands more than once; choose {held.choose} different statements"
        )
    if len(chosen) != held.choose:
        raise ParameterError(f"{where}: {_count(len(chosen))} chosen; choose exactly {held.choose}")


def _stranger(held: Held, outcome_id: str, statement: str) -> str:
    for elsewhere in held.outcomes.values():
        if statement in elsewhere.statements:
            return (
                f"“{elsewhere.statements[statement]}” belongs to another outcome, "
                f"{elsewhere.number}. {elsewhere.title}; choose among this outcome's statements"
            )
    if not statement:
        return "the cell of a statement is blank"
    known = held.outcomes[outcome_id].statements
    near = nearest(statement.casefold(), known) or nearest(statement, known.values())
    hint = f" (did you mean {near!r}?)" if near else ""
    return f"there is no statement {statement!r} in this ballot{hint}"


def _count(number: int) -> str:
    return "1 statement is" if number == 1 else f"{number or 'no'} statements are"
