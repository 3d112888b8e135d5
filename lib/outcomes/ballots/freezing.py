"""From the result of a ballot to the final statements of each outcome, ties decided by a person."""

from collections.abc import Mapping
from dataclasses import dataclass

from outcomes.ballots.held import Held
from outcomes.errors import ParameterError, listed
from outcomes.model import Framework
from outcomes.model.choosing import BallotResult, Priority
from outcomes.statistics.choosing import priority_order


@dataclass(frozen=True)
class TieDecision:
    """Which of some tied statements fill the last places of an outcome, and why."""

    statements: tuple[str, ...]
    reason: str


def final_statements(
    result: BallotResult, held: Held, framework: Framework, ties: Mapping[str, TieDecision]
) -> tuple[dict[str, tuple[str, ...]], list[str]]:
    """Return the final statements of each outcome in order, and a sentence for each tie decided.

    An outcome on which nobody voted is left out.

    Parameters
    ----------
    result : BallotResult
    held : Held
        The ballot, with the wordings that were voted on.
    framework : Framework
        As it is now.
    ties : mapping of str to TieDecision
        By outcome.

    Raises
    ------
    ParameterError
        If a tie is left open or decided where there is none, or a wording that was voted on has
        changed since.
    """
    _require_wordings(held, framework)
    final, said = {}, []
    priorities = priority_order(result)
    for outcome, priority in priorities.items():
        if not result.voters.loc[outcome].sum():
            continue
        places = min(result.choose, len(held.outcomes[outcome].statements)) - len(priority.chosen)
        decided = ties.get(outcome)
        if priority.tied and places:
            _check_tie(outcome, priority, places, decided)
            wordings = held.outcomes[outcome].statements
            kept = listed(repr(wordings[name]) for name in decided.statements)
            others = listed(repr(wordings[n]) for n in priority.tied if n not in decided.statements)
            said.append(
                f"{framework.outcome(outcome).short}: {kept} rather than {others}, which had the "
                f"same score: {decided.reason}"
            )
            final[outcome] = (*priority.chosen, *decided.statements)
        else:
            final[outcome] = priority.chosen
    stray = [name for name in ties if name not in priorities or not priorities[name].tied]
    if stray:
        raise ParameterError(f"tie: there is no tie to decide in {listed(stray)}; leave it out")
    return final, said


def _check_tie(outcome: str, priority: Priority, places: int, decided: TieDecision | None) -> None:
    asked = (
        f"{outcome}: {listed(priority.tied)} tie for {places} "
        f"place{'s' if places > 1 else ''}; decide with --tie '{outcome}="
        f"{','.join(priority.tied[:places])}: the reason'"
    )
    if decided is None:
        raise ParameterError(asked)
    chosen = decided.statements
    if len({*chosen}) != places or len(chosen) != places or not {*chosen} <= {*priority.tied}:
        raise ParameterError(f"{asked}. Got {listed(chosen) or 'none'}")


def _require_wordings(held: Held, framework: Framework) -> None:
    for name, outcome in held.outcomes.items():
        now = {
            s.id: s.wording
            for o in framework.outcomes
            if o.id == name
            for s in o.statements
            if s.status != "withdrawn"
        }
        for statement, wording in outcome.statements.items():
            if now.get(statement) != wording:
                raise ParameterError(
                    f"{framework.id}, {name}, {statement}: people voted on {wording!r}; the "
                    f"framework now has {now.get(statement)!r}. Put the wording back, freeze, and "
                    "change it afterwards"
                )
