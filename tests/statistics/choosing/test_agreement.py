"""Agreement among ballots: by hand, and beside statsmodels."""

import numpy as np
import pandas as pd
import pytest
from statsmodels.stats.contingency_tables import cochrans_q
from statsmodels.stats.inter_rater import fleiss_kappa

from outcomes.statistics.choosing.agreement import agreement, between_groups


def table(groups: dict[str, list[str]], letters: str) -> pd.DataFrame:
    voters = [(group, n) for group, votes in groups.items() for n in range(len(votes))]
    votes = [vote for group in groups.values() for vote in group]
    return pd.DataFrame(
        [[float(letter in vote) for vote in votes] for letter in letters],
        columns=pd.MultiIndex.from_tuples(voters, names=["group", "voter"]),
    )


def drawn(rng, n: int, m: int, k: int = 4) -> pd.DataFrame:
    chosen = (rng.random((n, m)) + np.arange(m) / m).argsort(axis=1).argsort(axis=1) < k
    columns = pd.MultiIndex.from_tuples([("g", i) for i in range(n)], names=["group", "voter"])
    return pd.DataFrame(chosen.T.astype(float), columns=columns)


def test_row_005_agreement_worked_out_by_hand():
    everyone = agreement("home", table({"g": ["ab", "ab", "ac"]}, "abcd")).iloc[0]
    # In common: 2, 1 and 1, so 4/3 on average; by lot 2 * 2 / 4 = 1; kappa (4/3 - 1) / (2 - 1).
    assert (everyone["shared"], everyone["by_lot"]) == (pytest.approx(4 / 3), 1.0)
    assert everyone["kappa"] == pytest.approx(1 / 3)
    # W = (1 + 2 * 1/3) / 3; Q = 3 * 3 * W. Chosen 3, 2, 1, 0 times: Q = 4 * 3 * 5 / (4 * 6 - 12).
    assert everyone["w"] == pytest.approx(5 / 9)
    assert everyone["q"] == pytest.approx(5.0)
    assert np.isnan(everyone["lower"])


@pytest.mark.parametrize(("n", "m"), [(5, 6), (12, 9), (200, 5)])
def test_row_005_kappa_and_q_are_those_of_statsmodels_and_w_that_of_tied_ranks(n, m):
    ballots = drawn(np.random.default_rng(n), n, m)
    row = agreement("home", ballots).iloc[0]
    chosen = ballots.to_numpy()
    counts = np.column_stack([chosen.sum(axis=1), n - chosen.sum(axis=1)]).astype(int)
    assert row["kappa"] == pytest.approx(fleiss_kappa(counts))
    oracle = cochrans_q(chosen.T)
    assert row["q"] == pytest.approx(oracle.statistic)
    assert row["p"] == pytest.approx(oracle.pvalue)
    # Kendall's W with ties, from ranks: four share 2.5, the others the mean of 5 to m.
    ranks = np.where(chosen == 1, 2.5, (5 + m) / 2)
    s = ((ranks.sum(axis=1) - ranks.sum() / m) ** 2).sum()
    ties = n * ((4**3 - 4) + ((m - 4) ** 3 - (m - 4)))
    assert row["w"] == pytest.approx(12 * s / (n**2 * (m**3 - m) - n * ties))
    assert row["lower"] < row["kappa"] < row["upper"]


def test_the_interval_is_the_jackknife_done_one_voter_at_a_time():
    ballots = drawn(np.random.default_rng(7), 9, 8)
    row = agreement("home", ballots).iloc[0]
    left_out = [
        agreement("home", ballots.drop(columns=[name])).iloc[0]["kappa"] for name in ballots.columns
    ]
    error = np.sqrt(8 / 9 * ((left_out - np.mean(left_out)) ** 2).sum())
    assert row["upper"] - row["kappa"] == pytest.approx(2.306004 * error)  # t, 8 degrees, 97.5%


@pytest.mark.parametrize("votes", [["ab"] * 6, ["ab"] * 3 + ["cd"] * 3])
def test_voters_who_all_share_as_much_show_no_spread_and_so_have_no_interval(votes):
    # Alike: 2 with all 5 others. Two halves: 2 with two others, 0 with three, whoever is asked.
    row = agreement("home", table({"g": votes}, "abcd")).iloc[0]
    assert row["reason"] == ""
    assert np.isnan([row["lower"], row["upper"]]).all()


def test_a_few_voters_are_set_beside_lots_drawn():
    # Two voters with the same two of four: by lot one pair of six, so a chance of 1/6.
    row = agreement("home", table({"g": ["ab", "ab"]}, "abcd")).iloc[0]
    assert row["kappa"] == pytest.approx(1.0)
    assert row["p"] == pytest.approx(1 / 6, abs=0.015)


def test_agreement_is_given_for_all_and_within_each_group():
    found = agreement("home", table({"one": ["ab", "ab"], "two": ["cd", "cd"]}, "abcd"))
    assert found["group"].tolist() == ["", "one", "two"]
    # In common over all pairs: 2 of 6 pairs have 2, so 2/3; by lot 1; kappa -1/3.
    assert found["kappa"].tolist() == pytest.approx([-1 / 3, 1.0, 1.0])


@pytest.mark.parametrize(
    ("votes", "letters", "reason"),
    [(["ab"], "abcd", "1 voter"), (["ab", "ab"], "ab", "nothing to choose between")],
)
def test_without_two_voters_or_a_choice_there_is_no_agreement(votes, letters, reason):
    row = agreement("home", table({"g": votes}, letters)).iloc[0]
    assert np.isnan(row["kappa"])
    assert row["reason"] == reason


def test_row_005_groups_that_choose_differently_are_further_apart_than_chance():
    apart = between_groups("home", table({"x": ["ab"] * 6, "y": ["cd"] * 6}, "abcd"))
    # Nothing in common: kappa (0 - 1) / (2 - 1). As far apart in 2 of 924 ways to make two sixes.
    assert (apart["groups"], apart["shared"], apart["kappa"]) == (2, 0.0, -1.0)
    assert apart["p"] < 0.01
    alike = between_groups("home", table({"x": ["ab", "cd"] * 3, "y": ["ab", "cd"] * 3}, "abcd"))
    assert alike["kappa"] == pytest.approx(0.0)
    assert alike["p"] > 0.3


def test_each_pair_of_groups_counts_the_same_whatever_their_size():
    found = between_groups("home", table({"x": ["ab"], "y": ["ab"] * 5, "z": ["cd"] * 50}, "abcd"))
    # x and y have 2 in common, the two pairs with z nothing: 2/3.
    assert found["shared"] == pytest.approx(2 / 3)


def test_one_group_is_not_set_beside_another():
    found = between_groups("home", table({"x": ["ab", "ab"]}, "abcd"))
    assert found["reason"] == "1 group voted"
    assert np.isnan(found["p"])
