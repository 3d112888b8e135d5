"""The scores of indicators on the three tests, a file a framework in parameters/scores/."""

from outcomes.model.choosing import IndicatorScores
from outcomes.parameters import names
from outcomes.parameters.library import Parameters

NOBODY = IndicatorScores(source="Nobody has scored them yet.")


def indicator_scores(parameters: Parameters) -> dict[str, IndicatorScores]:
    """Return the scores of each framework that has some, by its id; all names known.

    Raises
    ------
    ParameterError
        If a file is named after no framework, or names an indicator that its framework has not.
    """
    return parameters.of_frameworks("scores", IndicatorScores, _check)


def scores_for(parameters: Parameters, framework_id: str) -> IndicatorScores:
    """Return the scores of one framework; without a file, none."""
    names.require_framework(parameters, framework_id, "scores")
    return indicator_scores(parameters).get(framework_id, NOBODY)


def _check(parameters: Parameters, found: IndicatorScores, framework_id: str, source: str) -> None:
    known = parameters.framework(framework_id).indicator_ids()
    names.require_known(found.indicators, known, source, f"indicator of {framework_id}")
