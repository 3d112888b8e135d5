"""Results of ballots, counted by hand."""

import re

import pandas as pd
import pytest

from outcomes.errors import DataError, ParameterError
from outcomes.statistics.choosing import ballot_result, priority_order

CANDIDATES = {"home": ["a", "b", "c", "d", "e"], "work": ["p", "q", "r"]}
WEIGHTS = {"staff": 1, "members": 1, "public": 1}


def ballots(**groups) -> pd.DataFrame:
    """Return choices: by group, a text a voter, such as 'abc'; all on the outcome home."""
    return pd.DataFrame(
        [
            (group, voter, "home", name)
            for group, votes in groups.items()
            for voter, vote in enumerate(votes)
            for name in vote
        ],
        columns=["group", "voter", "outcome", "statement"],
    )


HAND = ballots(staff=["ab", "ab", "ac", "ac"], members=["ab", "bd"], public=["ea"] * 10)
"""Two are chosen. Staff: a 4, b 2, c 2. Members: b 2, a 1, d 1. Public: a 10, e 10."""


def test_row_004_one_column_a_group_with_its_number_of_voters_and_a_new_group_is_data():
    result = ballot_result(HAND, CANDIDATES, WEIGHTS, choose=2)
    assert result.voters.loc["home"].to_dict() == {"staff": 4, "members": 2, "public": 10}
    assert result.voters.loc["work"].to_dict() == {"staff": 0, "members": 0, "public": 0}
    assert result.counts.loc["home"].T.to_numpy().tolist() == [
        [4, 2, 2, 0, 0], [1, 2, 0, 1, 0], [10, 0, 0, 0, 10],
    ]  # fmt: skip
    more = ballot_result(HAND, CANDIDATES, {**WEIGHTS, "partners": 2}, choose=2)
    assert list(more.counts) == ["staff", "members", "public", "partners"]
    assert more.counts["partners"].isna().all()  # nobody of the group voted: missing, not 0
    pd.testing.assert_series_equal(more.ranking["score"], result.ranking["score"])


def test_row_006_totals_and_weighted_shares_are_those_counted_by_hand():
    result = ballot_result(HAND, CANDIDATES, WEIGHTS, choose=2)
    home = result.ranking.loc["home"]
    assert home["total"].tolist() == [15, 4, 2, 1, 10]
    # For a: the mean of 4/4, 1/2 and 10/10; b: of 2/4, 2/2, 0; c 2/4 and d 1/2 of one; e 10/10.
    assert home["score"].tolist() == pytest.approx([2.5 / 3, 0.5, 0.5 / 3, 0.5 / 3, 1 / 3])
    assert home["place"].tolist() == [1, 2, 4, 4, 3]
    assert home["state"].tolist() == ["in", "in", "out", "out", "out"]
    assert home["place_total"].tolist() == [1, 3, 4, 5, 2]  # the public swamps by its number
    assert result.ranking.loc["work", "total"].isna().all()


def test_row_006_weights_are_kept_and_changing_them_changes_the_list_beside_equal_weights():
    weights = {"staff": 1, "members": 0, "public": 3}
    result = ballot_result(HAND, CANDIDATES, weights, choose=2)
    assert result.weights == weights
    home = result.ranking.loc["home"]
    # a (4/4 + 3) / 4, b (2/4) / 4, c (2/4) / 4, d 0, e 3 / 4
    assert home["score"].tolist() == pytest.approx([1.0, 0.125, 0.125, 0.0, 0.75])
    assert home["state"].tolist() == ["in", "out", "out", "out", "in"]
    assert home["state_equal"].tolist() == ["in", "in", "out", "out", "out"]


def test_row_006_a_tie_across_the_cut_is_declared_and_never_broken():
    result = ballot_result(HAND, CANDIDATES, WEIGHTS, choose=2)
    assert priority_order(result)["home"] == (("a", "b"), ())
    assert priority_order(result)["work"] == ((), ("p", "q", "r"))  # nobody voted
    tied = ballot_result(ballots(staff=["ab", "ac"]), CANDIDATES, {"staff": 1}, choose=2)
    assert tied.ranking.loc["home", "place"].tolist() == [1, 2, 2, 4, 4]
    assert tied.ranking.loc["home", "state"].tolist() == ["in", "tied", "tied", "out", "out"]
    assert priority_order(tied)["home"] == (("a",), ("b", "c"))


def test_scores_that_differ_only_by_rounding_tie():
    # b: 1/3 of staff, 2/3 of members, and 0.1 weights them; c the same the other way round.
    votes = ballots(staff=["ab", "ac", "ac"], members=["ab", "ab", "ac"])
    result = ballot_result(votes, CANDIDATES, {"staff": 0.1, "members": 0.1}, choose=2)
    assert priority_order(result)["home"] == (("a",), ("b", "c"))


def test_row_006_what_one_group_alone_has_among_its_first_is_contested():
    result = ballot_result(HAND, CANDIDATES, WEIGHTS, choose=2)
    # First two, equals in: staff a, b, c; members b, a, d; public a, e.
    assert result.ranking.loc["home", "only"].tolist() == ["", "", "staff", "members", "public"]
    alone = ballot_result(ballots(staff=["ab"]), CANDIDATES, WEIGHTS, choose=2)
    assert (alone.ranking["only"] == "").all()  # no other group that could have it


def test_an_outcome_with_no_more_candidates_than_places_takes_them_all():
    votes = ballots(staff=["abcde"], members=["edcba"])
    result = ballot_result(votes, CANDIDATES, WEIGHTS, choose=6)
    assert priority_order(result)["home"] == (("a", "b", "c", "d", "e"), ())


def test_without_a_single_ballot_everything_is_open():
    result = ballot_result(HAND.iloc[:0], CANDIDATES, WEIGHTS)
    assert result.voters.to_numpy().sum() == 0
    assert result.counts.isna().all(axis=None)
    assert priority_order(result)["home"] == ((), ("a", "b", "c", "d", "e"))
    assert priority_order(result)["work"] == (("p", "q", "r"), ())  # no more than there are places
    assert result.agreement["reason"].tolist() == ["0 voters", "0 voters"]
    assert result.identical.empty


@pytest.mark.parametrize(
    ("votes", "message"),
    [
        (["abc"], "a ballot of 'staff' on 'home' has 3 different statements in 3; expected 2, each "
                  "once"),
        (["a"], "a ballot of 'staff' on 'home' has 1 different statements in 1; expected 2, each "
                "once"),
        (["aa"], "a ballot of 'staff' on 'home' has 1 different statements in 2; expected 2, each "
                 "once"),
        (["ap"], "'p' is no candidate of the outcome 'home'"),
    ],
)  # fmt: skip
def test_a_ballot_that_is_not_whole_is_refused(votes, message):
    with pytest.raises(DataError, match=f"^{re.escape(f'ballots: {message}')}$"):
        ballot_result(ballots(staff=votes), CANDIDATES, WEIGHTS, choose=2)


def test_an_unknown_group_is_refused():
    with pytest.raises(
        DataError, match=r"^ballots: group 'mayor': expected one of staff, members and public$"
    ):
        ballot_result(ballots(mayor=["ab"]), CANDIDATES, WEIGHTS, choose=2)


@pytest.mark.parametrize("weight", [-1, float("nan"), float("inf"), True])
def test_a_weight_that_is_none_is_refused(weight):
    said = f"weight of 'staff': {weight!r}; expected a number of 0 or more, such as 1"
    with pytest.raises(ParameterError, match=f"^{re.escape(said)}$"):
        ballot_result(HAND, CANDIDATES, {**WEIGHTS, "staff": weight}, choose=2)


def test_weights_that_are_all_nothing_are_refused():
    said = "every weight is 0, so no group counts; give one a weight above 0"
    with pytest.raises(ParameterError, match=f"^{said}$"):
        ballot_result(HAND, CANDIDATES, dict.fromkeys(WEIGHTS, 0), choose=2)
