"""Results of a ballot in sentences, whole."""

from dataclasses import replace

import pandas as pd
import pytest

from outcomes.narrative.ballots import say_agreement, say_ballot, say_identical
from outcomes.statistics.choosing import ballot_result

WORDS = {"a": "Safe at home", "b": "Safe outside", "c": "Safe online", "d": "Safe at work"}
TITLES = {"staff": "Managers", "public": "The public"}


def result_of(choose=2, weights=None, **groups):
    rows = [
        (group, voter, "safe", name)
        for group, votes in groups.items()
        for voter, vote in enumerate(votes)
        for name in vote
    ]
    votes = pd.DataFrame(rows, columns=["group", "voter", "outcome", "statement"])
    weights = weights or {"staff": 1, "public": 1}
    return ballot_result(votes, {"safe": list("abcd")}, weights, choose)


def test_row_006_what_is_chosen_contested_and_different_under_equal_weights():
    result = result_of(staff=["ab"], public=["ac", "ac", "ad"], weights={"staff": 1, "public": 2})
    assert say_ballot(result, "safe", WORDS, TITLES) == (
        "Four voters in two groups. Chosen: ‘Safe at home’ and ‘Safe online’. With equal weights "
        "‘Safe online’ would not be chosen and ‘Safe outside’ would be chosen. Contested, in one "
        "group's first places and no other's: ‘Safe online’ (only The public) and ‘Safe outside’ "
        "(only Managers). It cannot be told whether voters agree more than if each had drawn lots "
        "(two of them share 1.2 statements, by lot 1.0). It cannot be told whether groups differ "
        "more than chance allows."
    )


def test_row_006_a_tie_is_declared_with_the_place_and_left_to_a_person():
    said = say_ballot(result_of(choose=3, staff=["abc", "abd"]), "safe", WORDS, TITLES)
    assert said.startswith(
        "Two voters in one group. Nobody voted in: The public. Chosen: ‘Safe at home’ and ‘Safe "
        "outside’. Two statements tie for the third place: ‘Safe online’ and ‘Safe at work’. The "
        "ballot does not decide between them: somebody must, and say why. With equal weights the "
        "list is the same."
    )


def test_row_006_a_tie_for_several_places_names_them_all():
    said = say_ballot(result_of(choose=3, staff=["abc", "abd", "acd"]), "safe", WORDS, TITLES)
    assert (
        "Three statements tie for the second and third places: ‘Safe outside’, ‘Safe online’ and "
        "‘Safe at work’."
    ) in said


@pytest.mark.parametrize(
    ("votes", "words"),
    [
        (["ab"] * 12, "Voters agree strongly (two of them share 2.0 statements, by lot 1.0)."),
        (
            ["ab"] * 9 + ["cd"] * 3,
            # Pairs: 36 + 3 of 66 share both: 78/66.
            "Voters agree a little (two of them share 1.2 statements, by lot 1.0).",
        ),
        (
            ["ab", "cd"] * 6,
            "It cannot be told whether voters agree more than if each had drawn lots (two of them "
            "share 0.9 statements, by lot 1.0).",
        ),
    ],
)
def test_row_005_how_far_voters_agree_in_words(votes, words):
    assert say_agreement(result_of(staff=votes), "safe") == words


def test_row_005_groups_that_differ_are_said_to():
    said = say_agreement(result_of(staff=["ab"] * 8, public=["cd"] * 8), "safe")
    assert said.endswith("Groups differ more than chance allows.")


def test_an_outcome_without_a_vote_that_counts_says_so():
    assert say_ballot(result_of(), "safe", WORDS, TITLES) == "Nobody has voted on this outcome."
    result = result_of(staff=["ab"], weights={"staff": 0, "public": 1})
    assert say_ballot(result, "safe", WORDS, TITLES) == (
        "Only groups whose weight is 0 voted on this outcome, so nothing is chosen."
    )


def test_the_same_list_in_another_order_is_not_said_to_be_the_same():
    result = result_of(staff=["ab", "ac"], public=["ab", "bc"], weights={"staff": 1, "public": 3})
    # a: (1 + 3/2) / 4, b: (1/2 + 3) / 4, so b is first; equal weights: both 3/4, they share it.
    assert "With equal weights the list is the same, in another order." in say_ballot(
        result, "safe", WORDS, TITLES
    )
    alike = result_of(staff=["ab", "ab", "ac"], public=["ab"], weights={"staff": 1, "public": 3})
    assert "With equal weights the list is the same. " in say_ballot(alike, "safe", WORDS, TITLES)


def test_row_005_identical_ballots_are_told_and_none_is_left_out():
    result = result_of(staff=["ab"])
    assert say_identical(result, TITLES) == ""
    found = pd.DataFrame({"group": ["staff"], "size": [5], "chance": [0.001], "flagged": [True]})
    assert say_identical(replace(result, identical=found), TITLES) == (
        "Identical ballots, more than chance explains: five in Managers. People may have agreed "
        "beforehand, or one may have voted for others. No ballot was left out; ask before the "
        "result is used."
    )
