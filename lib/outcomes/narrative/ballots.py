"""What a ballot came to in sentences: what is chosen, what is tied, where groups and voters differ."""

from collections.abc import Mapping

import pandas as pd

from outcomes.errors import listed
from outcomes.model.choosing import ALL, CERTAIN, BallotResult
from outcomes.narrative.words import counted, few, joined

ORDINALS = {1: "first", 2: "second", 3: "third"}
STRENGTHS = ((0.6, "strongly"), (0.2, "to some extent"), (0.0, "a little"))
"""From which kappa on voters agree so; after Landis and Koch (1977), Biometrics 33."""


def say_ballot(
    result: BallotResult, outcome: str, wordings: Mapping[str, str], titles: Mapping[str, str]
) -> str:
    """Return what the voters chose for one outcome, what is open, and how far they agree.

    Arguments as for `outcomes.tables.ballots.table_ballot`.
    """
    ranking = result.ranking.loc[outcome].sort_values("place", kind="stable")
    voters = result.voters.loc[outcome]
    if not voters.sum():
        return "Nobody has voted on this outcome."
    if ranking["score"].isna().all():
        return "Only groups whose weight is 0 voted on this outcome, so nothing is chosen."
    quoted = {name: f"\N{LEFT SINGLE QUOTATION MARK}{wordings[name]}\N{RIGHT SINGLE QUOTATION MARK}"
              for name in ranking.index}  # fmt: skip
    silent = [titles[group] for group in result.weights if not voters[group]]
    return joined(
        f"{counted(int(voters.sum()), 'voter').capitalize()} in "
        f"{counted(int((voters > 0).sum()), 'group')}.",
        f"Nobody voted in: {listed(silent)}." if silent else "",
        _chosen(ranking, quoted),
        _tie(ranking, quoted, result.choose),
        _equal_weights(ranking, quoted),
        _contested(ranking, quoted, titles),
        say_agreement(result, outcome),
    )


def _chosen(ranking: pd.DataFrame, quoted: dict[str, str]) -> str:
    names = ranking.index[ranking["state"] == "in"]
    return f"Chosen: {listed(quoted[name] for name in names)}." if len(names) else ""


def _tie(ranking: pd.DataFrame, quoted: dict[str, str], choose: int) -> str:
    tied = ranking.index[ranking["state"] == "tied"]
    if not len(tied):
        return ""
    places = list(range(int((ranking["state"] == "in").sum()) + 1, choose + 1))
    ordinals = listed(ORDINALS.get(place, f"{place}th") for place in places)
    which = f"the {ordinals} place{'' if len(places) == 1 else 's'}"
    return (
        f"{few(len(tied)).capitalize()} statements tie for {which}: "
        f"{listed(quoted[name] for name in tied)}. The ballot does not decide between them: "
        "somebody must, and say why."
    )


def _equal_weights(ranking: pd.DataFrame, quoted: dict[str, str]) -> str:
    moved = ranking[ranking["state"] != ranking["state_equal"]]
    if moved.empty:
        same = (ranking["place"] == ranking["place_equal"])[ranking["state"] == "in"].all()
        return f"With equal weights the list is the same{'' if same else ', in another order'}."
    words = {"in": "be chosen", "tied": "tie for the last place", "out": "not be chosen"}
    changes = (
        f"{quoted[name]} would {words[state]}" for name, state in moved["state_equal"].items()
    )
    return f"With equal weights {listed(changes)}."


def _contested(ranking: pd.DataFrame, quoted: dict[str, str], titles: Mapping[str, str]) -> str:
    only = ranking.loc[ranking["only"] != "", "only"]
    if only.empty:
        return ""
    said = (f"{quoted[name]} (only {titles[group]})" for name, group in only.items())
    return f"Contested, in one group's first places and no other's: {listed(said)}."


def say_agreement(result: BallotResult, outcome: str) -> str:
    """Return how far the voters on an outcome agree, all together, and whether groups differ."""
    table = result.agreement
    row = table[(table["outcome"] == outcome) & (table["group"] == ALL)].iloc[0]
    if row["reason"]:
        return f"How far voters agree cannot be worked out: {row['reason']}."
    between = result.between.set_index("outcome").loc[outcome]
    shares = f"two of them share {row['shared']:.1f} statements, by lot {row['by_lot']:.1f}"
    if row["p"] >= CERTAIN or row["kappa"] <= 0:
        said = (
            f"It cannot be told whether voters agree more than if each had drawn lots ({shares})."
        )
    else:
        strength = next(words for least, words in STRENGTHS if row["kappa"] >= least)
        said = f"Voters agree {strength} ({shares})."
    apart = ""
    if not between["reason"]:
        apart = (
            "Groups differ more than chance allows."
            if between["p"] < CERTAIN
            else "It cannot be told whether groups differ more than chance allows."
        )
    return joined(said, apart)


def say_identical(result: BallotResult, titles: Mapping[str, str]) -> str:
    """Return the sets of identical ballots that chance does not explain; empty if there is none."""
    flagged = result.identical[result.identical["flagged"]]
    sets = (f"{few(row.size)} in {titles[row.group]}" for row in flagged.itertuples())
    if flagged.empty:
        return ""
    return (
        f"Identical ballots, more than chance explains: {listed(sets)}. People may have agreed "
        "beforehand, or one may have voted for others. No ballot was left out; ask before the "
        "result is used."
    )
