"""Sets of identical ballots: what is planted is found, what honest voters do is not flagged."""

import numpy as np
import pandas as pd
import pytest

from outcomes.statistics.choosing.identical import _drawn, identical_ballots


def honest(rng, n: int, outcomes: int, steep: float = 2.0) -> np.ndarray:
    """Return ballots over outcomes of eight statements, popular in a row: shape (8 outcomes, n)."""
    weight = np.log(steep) * np.arange(8)
    order = weight + rng.gumbel(size=(outcomes, n, 8))
    return np.vstack([(o.argsort(axis=1).argsort(axis=1) >= 4).T for o in order]).astype(float)


def framed(ballots: np.ndarray, group: str = "team") -> pd.DataFrame:
    index = pd.MultiIndex.from_tuples(
        [(f"o{i // 8}", f"s{i % 8}") for i in range(len(ballots))], names=["outcome", "statement"]
    )
    columns = [(group, voter) for voter in range(ballots.shape[1])]
    return pd.DataFrame(
        ballots, index=index, columns=pd.MultiIndex.from_tuples(columns, names=["group", "voter"])
    )


@pytest.mark.parametrize("planted", [3, 6])
def test_row_005_a_planted_set_of_identical_ballots_of_one_team_is_flagged(planted):
    rng = np.random.default_rng(3)
    team, other = honest(rng, 20, 9), honest(rng, 20, 9)
    team[:, :planted] = team[:, [0]]
    found = identical_ballots(pd.concat([framed(other, "other"), framed(team)], axis=1))
    assert found[["group", "size", "flagged"]].to_numpy().tolist() == [["team", planted, True]]
    assert found["chance"].iloc[0] == 0.001


def test_row_005_honest_voters_who_share_preferences_are_seldom_flagged():
    rng = np.random.default_rng(4)
    flagged = [
        identical_ballots(framed(honest(rng, 25, outcomes)))["flagged"].any()
        for outcomes in (1, 2, 9)
        for _ in range(20)
    ]
    assert sum(flagged) <= 2


def test_identical_ballots_that_popularity_explains_are_listed_and_not_flagged():
    found = identical_ballots(framed(honest(np.random.default_rng(5), 40, 1, steep=6.0)))
    assert found["size"].iloc[0] > 10
    assert not found["flagged"].any()


def test_row_005_two_camps_of_honest_voters_are_seldom_flagged():
    rng = np.random.default_rng(9)
    flagged = 0
    for _ in range(20):
        camps = [honest(rng, 30, 3), honest(rng, 30, 3)[::-1]]
        flagged += identical_ballots(framed(np.hstack(camps)))["flagged"].any()
    assert flagged <= 2


def test_row_005_a_whole_team_with_one_ballot_is_flagged():
    team = np.repeat(honest(np.random.default_rng(10), 1, 9), 12, axis=1)
    found = identical_ballots(framed(team))
    assert found[["size", "flagged"]].to_numpy().tolist() == [[12, True]]


def test_the_same_ballot_in_two_groups_is_no_set():
    ballots = honest(np.random.default_rng(6), 1, 9)
    both = pd.concat([framed(ballots, "one"), framed(ballots, "two")], axis=1)
    assert identical_ballots(both).empty


def test_who_left_an_outcome_out_is_alike_only_with_who_did_too():
    ballots = honest(np.random.default_rng(7), 12, 9)
    ballots[:, :4] = ballots[:, [0]]
    ballots[8:16, :2] = np.nan
    found = identical_ballots(framed(ballots))
    assert found["size"].tolist() == [2, 2]


def test_drawn_ballots_are_whole_and_as_popular_as_they_should_be():
    popularity = np.array([1.0, 0.9, 0.7, 0.6, 0.5, 0.3, 0.0])
    found = _drawn(np.tile(popularity, (500, 1)), 200, np.random.default_rng(8))
    assert (found.sum(axis=2) == 4).all()
    np.testing.assert_allclose(found.mean(axis=(0, 1)), popularity, atol=0.005)
