"""What a closed ballot came to, under the weights of its groups."""

from collections.abc import Mapping

import pandas as pd

from outcomes.ballots.box import Box
from outcomes.ballots.held import Held
from outcomes.errors import ParameterError, hint, listed
from outcomes.model.choosing import BallotResult
from outcomes.parameters.ballots import ballot
from outcomes.parameters.library import Parameters
from outcomes.statistics.choosing import ballot_result


def closed_result(box: Box, ballot_id: str, weights: Mapping[str, float]) -> BallotResult:
    """Return the result of a closed ballot.

    Parameters
    ----------
    box : Box
    ballot_id : str
    weights : mapping of str to float
        By group; a group that is left out has the weight 1.

    Raises
    ------
    ParameterError
        While the ballot is open, if a weight is for no group of it, or if all who voted on an
        outcome have a weight of 0.
    """
    held, choices = box.ballot(ballot_id), box.cast_ballots(ballot_id)
    for name in weights:
        if name not in held.groups:
            known = hint(name, held.groups)
            raise ParameterError(f"weight: the ballot has no group {name!r}{known}")
    candidates = {name: list(outcome.statements) for name, outcome in held.outcomes.items()}
    given = {name: weights.get(name, 1.0) for name in held.groups}
    for name, groups in choices.groupby("outcome", sort=False)["group"].unique().items():
        if not any(given[group] for group in groups):
            raise ParameterError(
                f"weight: on {held.outcomes[name].title!r} only {listed(groups)} voted, with a weight "
                "of 0, so nobody's vote counts; give one of them a weight above 0"
            )
    return ballot_result(choices, candidates, given, held.choose)


def usual_weights(parameters: Parameters, held: Held) -> dict[str, float]:
    """Return what the definition of a ballot that was held lets each of its groups count.

    Raises
    ------
    ParameterError
        If the definition is not there, or lacks a group.
    """
    weights = ballot(parameters, held.id).weights()
    if gone := [name for name in held.groups if name not in weights]:
        raise ParameterError(
            f"parameters/ballots/{held.id}.yml: groups: {listed(gone)} took part in the ballot and "
            "cannot be found there; put the line back under this id, so that the weight is known"
        )
    return {name: weights[name] for name in held.groups}


def result_rows(result: BallotResult, held: Held) -> pd.DataFrame:
    """Return a row a statement: its wording, what each group chose, and its place in the lists."""
    frame = result.counts.add_suffix(" votes").join(result.ranking)
    outcomes = frame.index.get_level_values("outcome")
    for group in result.weights:
        frame[f"{group} voters"] = result.voters[group].reindex(outcomes).to_numpy()
        frame[f"{group} weight"] = result.weights[group]
    wordings = [held.outcomes[outcome].statements[name] for outcome, name in frame.index]
    frame.insert(0, "wording", wordings)
    return frame.reset_index()
