"""Results of a ballot as tables: what a reader sees of counts, ties and chance."""

import pandas as pd
import pytest

from outcomes.statistics.choosing import ballot_result
from outcomes.tables.ballots import table_agreement, table_ballot

WORDS = {"a": "Safe at home", "b": "Safe outside", "c": "Safe online", "d": "Safe at work"}
TITLES = {"staff": "Managers", "public": "The public", "partners": "Partners"}


def choices(**groups) -> pd.DataFrame:
    rows = [
        (group, voter, "safe", name)
        for group, votes in groups.items()
        for voter, vote in enumerate(votes)
        for name in vote
    ]
    return pd.DataFrame(rows, columns=["group", "voter", "outcome", "statement"])


@pytest.fixture
def result():
    votes = choices(staff=["ab"], public=["ac", "ac", "ad"])
    weights = {"staff": 1, "public": 2, "partners": 1}
    return ballot_result(votes, {"safe": list("abcd")}, weights, choose=2)


def test_row_004_each_group_has_a_column_with_its_voters_and_an_empty_group_no_zeros(result):
    frame = table_ballot(result, "safe", WORDS, TITLES, caption="Safe").frame
    assert frame.columns.tolist() == [
        "Statement",
        "Managers (1 voter, weight 1)",
        "The public (3 voters, weight 2)",
        "Partners (0 voters, weight 1)",
        "Everyone (4 voters)",
        "Weighted share",
        "Result",
        "With equal weights",
        "Contested",
    ]
    # Weighted: a (1 + 2) / 3; c 2 * 2/3 / 3; b 1 / 3; d 2 * 1/3 / 3. Equal: b 1/2, c 2/3 / 2.
    assert frame.iloc[:, :6].to_numpy().tolist() == [
        ["Safe at home", "1", "3", "–", "4", "100.0%"],
        ["Safe online", "0", "2", "–", "2", "44.4%"],
        ["Safe outside", "1", "0", "–", "1", "33.3%"],
        ["Safe at work", "0", "1", "–", "1", "22.2%"],
    ]
    assert frame["Result"].tolist() == [
        "● Chosen, place 1",
        "● Chosen, place 2",
        "Not chosen, place 3",
        "Not chosen, place 4",
    ]


def test_row_006_the_list_under_equal_weights_and_what_is_contested_stand_beside(result):
    frame = table_ballot(result, "safe", WORDS, TITLES, caption="Safe").frame
    assert frame["With equal weights"].tolist() == [
        "● Chosen, place 1",
        "Not chosen, place 3",
        "● Chosen, place 2",
        "Not chosen, place 4",
    ]
    assert frame["Contested"].tolist() == ["–", "Only The public", "Only Managers", "–"]


def test_row_006_a_tie_across_the_cut_is_shown_with_the_place_it_shares():
    result = ballot_result(
        choices(staff=["ab", "ac"]), {"safe": list("abcd")}, {"staff": 1}, choose=2
    )
    frame = table_ballot(result, "safe", WORDS, TITLES, caption="Safe").frame
    assert frame["Result"].tolist() == [
        "● Chosen, place 1",
        "◆ Tied for the last place, place 2=",
        "◆ Tied for the last place, place 2=",
        "Not chosen, place 4",
    ]
    # One weight for all: the list under equal weights is the same, and is not printed twice.
    assert "With equal weights" not in frame
    assert "Managers (2 voters)" in frame
    assert "Contested" not in frame


def test_row_005_agreement_by_outcome_and_group_beside_what_lots_would_give(result):
    table = table_agreement(result, {"safe": "Safe"}, TITLES, caption="Agreement")
    assert table.frame.iloc[:, 0].tolist() == [
        "Safe: everyone",
        "Safe: Managers",
        "Safe: The public",
        "Safe: between groups",
    ]
    # Everyone: pairs share 1, 1, 1, 2, 1, 1, so 7/6; by lot 1; kappa 1/6. The public: 4/3.
    shared = table.frame["Statements that two voters share"].tolist()
    assert shared == ["1.17", "–", "1.33", "1.00"]
    assert table.frame["Agreement (kappa, 95% interval)"].tolist() == ["0.17", "–", "0.33", "0.00"]
    assert table.frame["Beside chance"].iloc[1] == "not known: 1 voter"
    assert table.frame["Beside chance"].iloc[3].startswith("cannot be told from chance (chance ")
    assert table.frame["Beside chance"].iloc[0].startswith("cannot be told from lots (chance ")


@pytest.mark.parametrize(("votes", "weight"), [({}, 1), ({"staff": ["ab"]}, 0)])
def test_without_a_vote_that_counts_nothing_is_tied(votes, weight):
    weights = {"staff": weight, "public": 2}
    result = ballot_result(choices(**votes), {"safe": list("abcd")}, weights, choose=2)
    frame = table_ballot(result, "safe", WORDS, TITLES, caption="Safe").frame
    assert frame["Result"].tolist() == ["–"] * 4
    assert frame["Weighted share"].tolist() == ["–"] * 4
