import re

import numpy as np
import pytest
import statsmodels.api as sm
from scipy import stats
from statsmodels.stats.weightstats import DescrStatsW

from outcomes.statistics.intervals.counts import wilson
from outcomes.statistics.weighted import Design, cells_to_withhold, kish_effect

NAN = float("nan")


def sample(seed, n=200, clusters=20):
    rng = np.random.default_rng(seed)
    cluster = np.repeat(np.arange(clusters), n // clusters)
    weight = rng.uniform(0.5, 3, n)
    agrees = (rng.random(n) < rng.uniform(0.2, 0.8, clusters)[cluster]).astype(float)
    return weight, cluster, agrees


def test_the_share_and_kishs_sample_of_four_people_by_hand():
    # Weights 1, 1, 2, 4; the first and the last agree: (1 + 4) / 8 = 0.625. Kish: 4 (1 + 1 + 4 + 16)
    # / 8^2 = 88/64 = 1.375, so that 4 answers are worth 4 / 1.375 = 2.909.
    found = Design([1, 1, 2, 4]).share([1, 0, 0, 1])
    assert found.share == pytest.approx(0.625)
    assert kish_effect([1, 1, 2, 4]) == pytest.approx(1.375)
    assert found.design_effect == pytest.approx(1.375)
    assert found.effective == pytest.approx(64 / 22)
    assert (found.lower, found.upper) == pytest.approx(wilson(0.625 * 64 / 22, 64 / 22))


def test_the_share_and_its_spread_are_those_of_statsmodels():
    weight, _, agrees = sample(1)
    found, known = Design(weight).share(agrees), DescrStatsW(agrees, weight)
    assert found.share == pytest.approx(known.mean)
    assert found.share * (1 - found.share) == pytest.approx(known.var)
    # Statsmodels takes weights as counts, and divides by their sum less one.
    scaled = DescrStatsW(agrees, weight * (found.effective + 1) / weight.sum())
    spread = np.sqrt(found.share * (1 - found.share) / found.effective)
    assert spread == pytest.approx(scaled.std_mean)


@pytest.mark.parametrize("seed", range(4))
def test_the_linearised_variance_is_statsmodels_robust_one_over_clusters(seed):
    weight, cluster, agrees = sample(seed)
    found = Design(weight, cluster=cluster).share(agrees)
    fit = sm.WLS(agrees, np.ones((len(agrees), 1)), weight).fit(
        cov_type="cluster", cov_kwds={"groups": cluster}
    )
    few = (stats.norm.ppf(0.975) / stats.t.ppf(0.975, 19)) ** 2
    expected = found.share * (1 - found.share) / fit.cov_params()[0, 0] * few
    assert found.effective == pytest.approx(expected)
    assert found.design_effect > 1


def test_two_strata_of_two_clusters_by_hand():
    # All weigh 1; clusters agree 2 of 2, 0 of 2 | 1 of 2, 1 of 2, so the share is 4/8. Each cluster's
    # part is (agree - 2 x 0.5) / 8: 1/8, -1/8 | 0, 0. Variance: 2/1 x (2 x 1/64) + 0 = 1/16. Without
    # the t-factor 0.25 / (1/16) = 4 of 8 answers; 4 - 2 = 2 degrees of freedom.
    stratum, cluster = np.repeat(["a", "b"], 4), np.repeat([1, 2, 3, 4], 2)
    found = Design(np.ones(8), stratum, cluster).share([1, 1, 0, 0, 1, 0, 1, 0])
    few = (stats.norm.ppf(0.975) / stats.t.ppf(0.975, 2)) ** 2
    assert found.effective == pytest.approx(4 * few)


def test_a_part_of_the_sample_keeps_the_clusters_that_have_none_of_it():
    # Clusters 1 and 2 have the two who are asked about, 3 has none: parts 1/4, -1/4, 0, their mean 0.
    # Variance 3/2 x (2/16) = 3/16; 2 clusters hold an answer, so 1 degree of freedom.
    found = Design(np.ones(3), cluster=[1, 2, 3]).share([1, 0, 1], among=[True, True, False])
    few = (stats.norm.ppf(0.975) / stats.t.ppf(0.975, 1)) ** 2
    assert found.answers == 2
    assert found.effective == pytest.approx(0.25 / (3 / 16) * few)


def test_a_part_in_one_cluster_has_the_design_effect_of_the_whole_sample():
    # Four clusters agree 2, 0, 1, 1 of 2; parts 1/8, -1/8, 0, 0; variance 4/3 x 2/64 = 1/24, so that
    # 8 answers are worth 0.25 x 24 = 6 by the t-factor of 3 degrees, and 2 of one cluster a quarter.
    agrees, cluster = [1, 1, 0, 0, 1, 0, 1, 0], np.repeat([1, 2, 3, 4], 2)
    few = (stats.norm.ppf(0.975) / stats.t.ppf(0.975, 3)) ** 2
    found = Design(np.ones(8), cluster=cluster).share(agrees, among=cluster == 3)
    assert (found.share, found.answers) == (0.5, 2)
    assert found.effective == pytest.approx(6 / 4 * few)
    # All of it agree: its share says nothing of the scatter either.
    assert Design(np.ones(8), cluster=cluster).share(
        agrees, among=cluster == 1
    ).effective == pytest.approx(6 / 4 * few)


def test_a_part_in_one_cluster_is_worth_no_more_than_its_weights_allow():
    # All agree, so the sample's design effect is Kish's: 8 (1 + 16 + 6 x 6.25) / 20^2 = 1.09. Of the
    # part that weighs 1 and 4 it is 2 x 17 / 25 = 1.36, which is more; of another it is 1.
    cluster = np.repeat([1, 2, 3, 4], 2)
    design = Design([1, 4, *[2.5] * 6], cluster=cluster)
    first, second = (design.share(np.ones(8), among=cluster == one) for one in (1, 2))
    assert (first.effective, second.effective) == pytest.approx((2 / 1.36, 2 / 1.09))


def test_the_interval_of_a_part_in_one_cluster_covers():
    # 500 surveys of 40 clusters of 25 that are alike by 0.1; weights alone cover in 69%.
    rng, hits = np.random.default_rng(8), 0
    cluster = np.repeat(np.arange(40), 25)
    for _ in range(500):
        agrees = (rng.random(1000) < rng.beta(3.6, 5.4, 40)[cluster]).astype(float)
        found = Design(rng.uniform(0.5, 1.5, 1000), cluster=cluster).share(
            agrees, among=cluster < 1
        )
        hits += found.lower <= 0.4 <= found.upper
    assert hits / 500 >= 0.94


def test_answers_are_never_worth_more_than_there_are():
    # Clusters that are all alike have no scatter between them beyond chance: 1 of 2 in each.
    found = Design(np.ones(40), cluster=np.repeat(np.arange(20), 2)).share([1, 0] * 20)
    assert (found.answers, found.effective, found.design_effect) == (40, 40, 1)


def test_nobody_who_answered_has_no_share():
    found = Design(np.ones(2)).share([NAN, NAN])
    assert found.answers == 0
    assert np.isnan([found.share, found.effective, found.lower, found.upper]).all()


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: Design([1, 0]), "row 1: weight 0.0: expected above 0"),
        (lambda: Design([1, NAN]), "row 1: weight nan: expected above 0"),
        (
            lambda: Design([1, 1, 1], ["a", "a", "b"], [1, 2, 3]),
            "stratum b: one cluster only; merge it with another, as the scatter between its "
            "clusters cannot be seen",
        ),
    ],
)
def test_a_design_that_cannot_be_is_refused(call, message):
    with pytest.raises(ValueError, match=f"^{re.escape(message)}$"):
        call()


def test_the_interval_covers_under_weights_and_clusters():
    # 1,000 surveys of 40 clusters of 10 from a population whose clusters differ (share 0.4 on the
    # whole); weights differ threefold. 95% +- 2 points: four standard errors are 2.8 points.
    rng, hits, plain = np.random.default_rng(154), 0, 0
    cluster = np.repeat(np.arange(40), 10)
    for _ in range(1000):
        own = rng.beta(4, 6, 40)
        agrees = (rng.random(400) < own[cluster]).astype(float)
        weight = rng.uniform(0.5, 1.5, 400)
        found = Design(weight, cluster=cluster).share(agrees)
        hits += found.lower <= 0.4 <= found.upper
        lower, upper = wilson(found.share * 400, 400)
        plain += lower <= 0.4 <= upper
    assert 0.93 <= hits / 1000 <= 0.97
    assert plain / 1000 < 0.90


def cells(*groups):
    return [("", "age", group) for group in groups]


def test_a_small_cell_takes_the_smallest_of_the_others_with_it():
    hidden = cells_to_withhold(cells("a", "b", "c"), np.array([20, 90, 60]), np.array([10, 40, 30]),
                               least=30)  # fmt: skip
    assert hidden.tolist() == [True, False, True]


def test_a_cell_in_which_nearly_all_agree_is_small():
    hidden = cells_to_withhold(cells("a", "b"), np.array([50, 60]), np.array([47, 30]), least=30)
    assert hidden.tolist() == [True, True]


def test_two_small_cells_that_are_many_together_cover_each_other():
    hidden = cells_to_withhold(cells("a", "b", "c"), np.array([20, 20, 60]), np.array([9, 9, 9]),
                               least=30)  # fmt: skip
    assert hidden.tolist() == [True, True, False]


def test_what_is_left_of_a_sum_keeps_the_rule_itself():
    # Of a and b together 4 agree of 80, fewer than five: c is withheld as well.
    every = [("", "", ""), *cells("a", "b", "c")]
    hidden = cells_to_withhold(
        every, np.array([180, 40, 40, 100]), np.array([54, 2, 2, 50]), least=30
    )
    assert hidden.tolist() == [False, True, True, True]
    # 6 of them agree: c can stay.
    hidden = cells_to_withhold(
        every, np.array([180, 40, 40, 100]), np.array([56, 3, 3, 50]), least=30
    )
    assert hidden.tolist() == [False, True, True, False]


def test_a_whole_that_is_withheld_is_not_told_by_its_parts():
    # Of 3,000 four agree, which is few; in each place alone nobody, or four of 1,000.
    every = [("", "", ""), ("x", "", ""), ("y", "", ""), ("z", "", "")]
    hidden = cells_to_withhold(every, np.array([3000, 1000, 1000, 1000]), np.array([4, 0, 0, 4]),
                               least=30)  # fmt: skip
    assert hidden.tolist() == [True, False, False, True]
    # Two places of 29 and 40: what is left of the whole would be 29, and with 40 it is 69.
    hidden = cells_to_withhold(every[:3], np.array([69, 29, 40]), np.array([30, 12, 18]), least=30)
    assert hidden.tolist() == [False, True, True]


def survey(rng):
    """Return the cells of a random survey: areas x ages x sexes, with all sums, answers and agree."""
    areas, ages = rng.integers(2, 6), rng.integers(2, 5)
    size = np.exp(rng.normal(3, 0.9, (areas, 1, 1))) * np.exp(rng.normal(0, 0.6, (1, ages, 1)))
    count = rng.poisson(np.broadcast_to(size, (areas, ages, 2)))
    yes, found = rng.binomial(count, rng.choice([0.03, 0.3, 0.5, 0.97])), {}
    for area, (n, y) in {"": (count.sum(0), yes.sum(0)), **dict(
        zip("vwxyz", zip(count, yes, strict=True), strict=False))}.items():  # fmt: skip
        found[area, "", ""] = n.sum(), y.sum()
        for kind, axis in (("age", 1), ("sex", 0)):
            for at, pair in enumerate(zip(n.sum(axis), y.sum(axis), strict=True)):
                found[area, kind, f"{at}"] = pair
    return {cell: pair for cell, pair in found.items() if pair[0]}


def all_sums(every):
    """Return each equation that a reader knows: 1 for a part, -1 for its whole."""
    rows = []
    for whole in every:
        area, kind, group = whole
        ways = [
            [c for c in every if c[0] == area and c[1] == k] for k in ("age", "sex") if not kind
        ]
        ways += [[c for c in every if c[0] and c[1:] == (kind, group)]] if not area else []
        rows += [[1 if c in way else -1 if c == whole else 0 for c in every] for way in ways if way]
    return np.array(rows, dtype=float)


@pytest.mark.parametrize("seed", range(40))
def test_nothing_withheld_can_be_computed_from_all_sums_of_a_random_survey(seed):
    rng, tried = np.random.default_rng(seed), 0
    while tried < 5:
        found = survey(rng)
        every = list(found)
        n, yes = np.array(list(found.values()), dtype=float).T
        hidden = cells_to_withhold(every, n, yes, least=30)
        small = (n < 30) | ((yes > 0) & (yes < 5)) | ((n > yes) & (n - yes < 5))
        assert hidden[small].all()
        assert hidden.any() == small.any()
        if hidden.all() or not hidden.any():
            continue
        tried += 1
        sums = all_sums(every)
        assert not (sums @ n).any()
        assert not (sums @ yes).any()
        unknown = sums[:, hidden]
        rank = np.linalg.matrix_rank(unknown)
        for alone in np.eye(hidden.sum()):
            # Known is what adds nothing to the equations.
            assert np.linalg.matrix_rank(np.vstack([unknown, alone])) == rank + 1
        for row in sums:
            out = (row > 0) & hidden
            if out.any() and not ((row < 0) & hidden).any():
                left, agree = n[out].sum(), yes[out].sum()
                assert left >= 30
                assert agree == 0 or agree >= 5
                assert left == agree or left - agree >= 5
