"""Results of a ballot in tables: what each group chose, and how far voters agree."""

from collections.abc import Mapping

import pandas as pd

from outcomes.model.choosing import ALL, CERTAIN, BallotResult
from outcomes.tables.table import Table
from outcomes.tables.words import NONE

STATES = {
    "in": "\N{BLACK CIRCLE} Chosen",
    "tied": "\N{BLACK DIAMOND} Tied for the last place",
    "out": "Not chosen",
}


def table_ballot(
    result: BallotResult,
    outcome: str,
    wordings: Mapping[str, str],
    titles: Mapping[str, str],
    *,
    caption: str,
) -> Table:
    """Return a row a statement of an outcome, first place first: a column a group and the list.

    Equal places are marked '='; without a vote that counts there are none. `Contested` is left out
    where nothing is, and weights where all groups have the same.

    Parameters
    ----------
    result : BallotResult
    outcome : str
        The outcome's id.
    wordings, titles : mapping of str to str
        The wording of each statement and the title of each group, by id.
    caption : str
    """
    ranking, counts = result.ranking.loc[outcome], result.counts.loc[outcome]
    ranking = ranking.sort_values("place", kind="stable")
    counts, voters = counts.loc[ranking.index], result.voters.loc[outcome]
    frame = pd.DataFrame({"Statement": [wordings[name] for name in ranking.index]})
    weighted = len({*result.weights.values()}) > 1
    for group in result.weights:
        weight = f", weight {result.weights[group]:g}" if weighted else ""
        heading = f"{titles[group]} ({_voters(voters[group])}{weight})"
        frame[heading] = [_count(value) for value in counts[group]]
    frame[f"Everyone ({_voters(voters.sum())})"] = [_count(value) for value in ranking["total"]]
    frame["Weighted share"] = [_share(value) for value in ranking["score"]]
    frame["Result"] = _states(ranking)
    if weighted:
        frame["With equal weights"] = _states(ranking, "_equal")
    if (ranking["only"] != "").any():
        only = ranking["only"].map(lambda name: f"Only {titles[name]}" if name else NONE)
        frame["Contested"] = only.tolist()
    return Table(caption, frame)


def table_agreement(
    result: BallotResult, shorts: Mapping[str, str], titles: Mapping[str, str], *, caption: str
) -> Table:
    """Return a row an outcome and group: how many statements two voters share, and by lot.

    `shorts` are the outcomes' short names by id.
    """
    rows = []
    for outcome, found in result.agreement.groupby("outcome", sort=False):
        rows += [
            (
                f"{shorts[outcome]}: {titles[row.group] if row.group != ALL else 'everyone'}",
                str(row.voters),
                *_agreed(row),
            )
            for row in found.itertuples()
        ]
        between = result.between.set_index("outcome").loc[outcome]
        apart = (
            "further apart than chance" if between["p"] < CERTAIN else "cannot be told from chance"
        )
        rows.append(
            (
                f"{shorts[outcome]}: between groups",
                NONE,
                _decimal(between["shared"]),
                NONE,
                _decimal(between["kappa"]),
                between["reason"] or f"{apart} ({_chance(between['p'])})",
            )
        )
    columns = ["Outcome: who", "Voters", "Statements that two voters share", "If drawn by lot"]
    columns += ["Agreement (kappa, 95% interval)", "Beside chance"]
    return Table(caption, pd.DataFrame(rows, columns=columns))


def _agreed(row) -> tuple[str, str, str, str]:
    if row.reason:
        return NONE, NONE, NONE, f"not known: {row.reason}"
    limits = f" ({_decimal(row.lower)} to {_decimal(row.upper)})" if row.lower == row.lower else ""
    words = "more than by lot" if row.p < CERTAIN and row.kappa > 0 else "cannot be told from lots"
    kappa = f"{_decimal(row.kappa)}{limits}"
    return _decimal(row.shared), _decimal(row.by_lot), kappa, f"{words} ({_chance(row.p)})"


def _voters(count: float) -> str:
    return f"{count:,.0f} voter{'' if count == 1 else 's'}"


def _count(value: float) -> str:
    return NONE if pd.isna(value) else f"{value:,.0f}"


def _share(value: float) -> str:
    return NONE if pd.isna(value) else f"{100 * value:.1f}%"


def _decimal(value: float) -> str:
    return NONE if pd.isna(value) else f"{value:.2f}".replace("-", "\N{MINUS SIGN}")


def _states(ranking: pd.DataFrame, end: str = "") -> list[str]:
    states, places, scores = (ranking[f"{name}{end}"] for name in ("state", "place", "score"))
    marks = places.duplicated(keep=False).map({True: "=", False: ""})
    said = states.map(STATES) + ", place " + places.astype(str) + marks
    return said.where(scores.notna(), NONE).tolist()


def _chance(p: float) -> str:
    if p < 0.001:
        return "chance below 1 in 1,000"
    return f"chance {100 * p:.0f} in 100" if p >= 0.01 else f"chance {1000 * p:.0f} in 1,000"
