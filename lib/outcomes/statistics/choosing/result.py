"""From single choices to a list: counts by group, weighted shares, declared ties, contested ones."""

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

from outcomes.errors import DataError, ParameterError, listed
from outcomes.model.choosing import BALLOT_COLUMNS, BallotResult, Priority
from outcomes.statistics.choosing.agreement import agreement, between_groups
from outcomes.statistics.choosing.identical import identical_ballots

SAME = 1e-9
"""Scores that differ by no more are equal: the rest is how a computer rounds."""


def ballot_result(
    choices: pd.DataFrame,
    candidates: Mapping[str, Sequence[str]],
    weights: Mapping[str, float],
    choose: int = 4,
) -> BallotResult:
    """Return what a ballot came to.

    A statement's score is the mean over groups, under their weights, of the share of a group's
    voters who chose it, so that a large group does not swamp a small one. A group in which nobody
    voted on an outcome does not count there, and its cells are missing, never 0.

    Parameters
    ----------
    choices : pandas.DataFrame
        Columns group, voter, outcome, statement: a row a chosen statement. A voter is told apart
        within the group.
    candidates : mapping of str to sequence of str
        The statements that could be chosen, by outcome.
    weights : mapping of str to float
        The weight of every group, 0 or more, in the order in which groups are shown.
    choose : int, optional
        How many a voter chooses for each outcome; of an outcome that has no more, all.

    Raises
    ------
    ParameterError
        If a weight is no number of 0 or more, or all are 0.
    DataError
        If a choice names an unknown group, outcome or statement, or a ballot is not whole.
    """
    _check_weights(weights)
    choices = choices[BALLOT_COLUMNS]
    index = pd.MultiIndex.from_tuples(
        [(outcome, name) for outcome, names in candidates.items() for name in names],
        names=["outcome", "statement"],
    )
    ballots = _ballots(choices, index, list(weights), choose)
    groups = ballots.columns.get_level_values("group")
    voted = ballots.notna().groupby(level="outcome", sort=False).first()
    voters = voted.T.groupby(groups).sum().T.reindex(columns=list(weights), fill_value=0)
    counts = ballots.T.groupby(groups).sum(min_count=1).T.reindex(columns=list(weights))
    result = {
        "choose": choose,
        "weights": {name: float(weight) for name, weight in weights.items()},
        "voters": voters.astype(int),
        "counts": counts,
        "ranking": _ranking(counts, voters.reindex(index.get_level_values(0)), weights, choose),
    }
    chosen = [(name, rows.dropna(axis=1)) for name, rows in ballots.groupby("outcome", sort=False)]
    return BallotResult(
        **result,
        agreement=pd.concat([agreement(name, rows) for name, rows in chosen], ignore_index=True),
        between=pd.DataFrame([between_groups(name, rows) for name, rows in chosen]),
        identical=identical_ballots(ballots),
    )


def priority_order(result: BallotResult) -> dict[str, Priority]:
    """Return, by outcome, the statements that were chosen in order, and the ties left open.

    A tie across the cut is never broken here: a person decides, with a reason, which of the tied
    fill the places that the chosen leave. Equals among the chosen keep the candidates' order.
    """
    found = {}
    for outcome, rows in result.ranking.groupby("outcome", sort=False):
        ordered = rows.droplevel("outcome").sort_values("place", kind="stable")
        state = ordered["state"]
        found[outcome] = Priority(
            tuple(ordered.index[state == "in"]), tuple(ordered.index[state == "tied"])
        )
    return found


def _check_weights(weights: Mapping[str, float]) -> None:
    for name, weight in weights.items():
        if isinstance(weight, bool) or not (np.isfinite(weight) and weight >= 0):
            raise ParameterError(
                f"weight of {name!r}: {weight!r}; expected a number of 0 or more, such as 1"
            )
    if not any(weights.values()):
        raise ParameterError("every weight is 0, so no group counts; give one a weight above 0")


def _ballots(
    choices: pd.DataFrame, index: pd.MultiIndex, groups: list[str], choose: int
) -> pd.DataFrame:
    """Return 1 and 0 by statement and voter; NaN where a voter did not vote on the outcome."""
    unknown = choices.loc[~choices["group"].isin(groups), "group"]
    if len(unknown):
        raise DataError(f"ballots: group {unknown.iloc[0]!r}: expected one of {listed(groups)}")
    pairs = pd.MultiIndex.from_frame(choices[["outcome", "statement"]])
    strange = ~pairs.isin(index)
    if strange.any():
        outcome, name = pairs[strange][0]
        raise DataError(f"ballots: {name!r} is no candidate of the outcome {outcome!r}")
    sizes = index.to_frame(index=False).groupby("outcome").size().clip(upper=choose)
    cast = choices.groupby(["group", "voter", "outcome"])["statement"].agg(["size", "nunique"])
    expected = sizes.reindex(cast.index.get_level_values("outcome")).to_numpy()
    wrong = cast[(cast["size"] != expected) | (cast["nunique"] != expected)]
    if len(wrong):
        (group, _, outcome), found = wrong.index[0], int(wrong["nunique"].iloc[0])
        raise DataError(
            f"ballots: a ballot of {group!r} on {outcome!r} has {found} different statements in "
            f"{wrong['size'].iloc[0]}; expected {sizes[outcome]}, each once"
        )
    table = (
        choices.assign(chosen=1.0)
        .pivot(index=["outcome", "statement"], columns=["group", "voter"], values="chosen")
        .reindex(index)
    )
    voted = table.notna().groupby(level="outcome").transform("any")
    return table.fillna(0.0).where(voted)


def _ranking(
    counts: pd.DataFrame, voters: pd.DataFrame, weights: Mapping[str, float], choose: int
) -> pd.DataFrame:
    outcome = counts.index.get_level_values("outcome")
    shares = counts / voters.to_numpy()
    weight = pd.Series(weights, dtype=float)
    table = pd.DataFrame({"total": counts.sum(axis=1, min_count=1)})
    for name, each in (("score", weight), ("score_equal", weight * 0 + 1)):
        counted = shares.notna().mul(each, axis=1).sum(axis=1)
        table[name] = shares.mul(each, axis=1).sum(axis=1, min_count=1) / counted.where(counted > 0)
    for column, end in (("total", "_total"), ("score", ""), ("score_equal", "_equal")):
        place, last = _places(table[column], outcome)
        table[f"place{end}"] = place
        if column != "total":
            words = np.select([last <= choose, place <= choose], ["in", "tied"], "out")
            table[f"state{end}"] = words
    first = pd.DataFrame({name: _places(counts[name], outcome)[0] <= choose for name in counts})
    first &= counts > 0
    alone = (first.sum(axis=1) == 1) & (counts.notna().sum(axis=1) > 1)
    table["only"] = first.idxmax(axis=1).where(alone, "")
    return table


def _places(score: pd.Series, outcome: pd.Index) -> tuple[pd.Series, pd.Series]:
    """Return the first and the last place that equals share; all share them without a vote."""
    frame = pd.DataFrame({"outcome": outcome, "score": score.fillna(0).to_numpy()})
    ordered = frame.sort_values(["outcome", "score"], ascending=[True, False], kind="stable")
    gap = ordered.groupby("outcome")["score"].diff()
    level = ((gap.isna()) | (gap < -SAME)).cumsum().reindex(frame.index)
    at = level.groupby(outcome)
    place, last = at.rank(method="min"), at.rank(method="max")
    return place.astype(int).set_axis(score.index), last.astype(int).set_axis(score.index)
