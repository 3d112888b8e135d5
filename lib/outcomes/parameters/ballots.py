"""The definitions of ballots in parameters/ballots, checked against their frameworks."""

from outcomes import paths
from outcomes.errors import ParameterError
from outcomes.model import Outcome
from outcomes.model.ballot import BallotDefinition
from outcomes.parameters.library import Parameters
from outcomes.parameters.names import require_framework, require_known
from outcomes.parameters.yaml_files import read_model


def ballot_ids(parameters: Parameters) -> list[str]:
    """Return the ids of the ballots that are defined, the names of their files."""
    return sorted(path.stem for path in (parameters.folder / "ballots").glob("*.yml"))


def ballots(parameters: Parameters) -> dict[str, BallotDefinition]:
    """Return every ballot by its id; all names in it known."""
    return {name: ballot(parameters, name) for name in ballot_ids(parameters)}


def ballot(parameters: Parameters, ballot_id: str) -> BallotDefinition:
    """Return a ballot, its framework and outcomes known, with something to choose under each.

    Raises
    ------
    ParameterError
        If there is no such ballot, or it names what there is not.
    """
    require_known([ballot_id], ballot_ids(parameters), "parameters/ballots", "ballot")
    path = parameters.folder / "ballots" / f"{ballot_id}.yml"
    found, source = read_model(path, BallotDefinition), paths.shown(path)
    require_framework(parameters, found.framework, source)
    if found.outcomes != "all":
        known = [outcome.id for outcome in parameters.framework(found.framework).outcomes]
        require_known(found.outcomes, known, source, "outcome")
    return found


def candidates(parameters: Parameters, ballot_id: str) -> dict[str, Outcome]:
    """Return the outcomes of a ballot by id, each with the statements that can be chosen now.

    Those are its statements that are a candidate or final, not those withdrawn.

    Raises
    ------
    ParameterError
        As `ballot` does, and if under an outcome there is nothing to choose.
    """
    defined = ballot(parameters, ballot_id)
    found = {}
    for outcome in parameters.framework(defined.framework).outcomes:
        if defined.outcomes == "all" or outcome.id in defined.outcomes:
            standing = tuple(s for s in outcome.statements if s.status != "withdrawn")
            if len(standing) <= defined.choose:
                raise ParameterError(
                    f"parameters/ballots/{ballot_id}.yml: choose: got {defined.choose}, but the "
                    f"outcome {outcome.id!r} has {len(standing)} statements to choose from; expected "
                    f"more than {defined.choose}: add candidates to the framework, choose fewer, or "
                    "leave the outcome out of outcomes"
                )
            found[outcome.id] = outcome.model_copy(update={"statements": standing})
    return found
