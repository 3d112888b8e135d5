import re

import numpy as np
import pandas as pd
import pytest
from scipy.stats import zscore

from outcomes.statistics.relationships import basket

NAN = np.nan
POLARITY = {"work": "higher_is_better", "crime": "lower_is_better", "skills": "higher_is_better"}


@pytest.fixture
def wide():
    rng = np.random.default_rng(62)
    values = rng.normal(50, 10, size=(30, 3))
    return pd.DataFrame(values, columns=list(POLARITY), index=[f"E{i:02}" for i in range(30)])


def test_the_score_is_the_weighted_mean_of_signed_z_scores(wide):
    weights = {"work": 2, "crime": 1, "skills": 1}
    z = wide.apply(zscore)
    expected = (2 * z["work"] - z["crime"] + z["skills"]) / 4
    scores = basket(wide, polarity=POLARITY, weights=weights).scores
    np.testing.assert_allclose(scores["score"], expected, rtol=1e-10)
    assert list(scores["rank"]) == list(expected.rank(ascending=False))
    assert set(scores["weight_present"]) == {1.0}
    assert set(scores["standardised"]) == {"z"}


def test_a_score_of_ranks_by_hand():
    wide = pd.DataFrame({"work": [1.0, 2, 30], "crime": [5.0, 1, 3]}, index=["a", "b", "c"])
    scores = basket(wide, polarity=POLARITY, standardise="rank").scores
    # Ranks about the middle: work -0.5, 0, 0.5; crime signed -0.5, 0.5, 0.
    assert list(scores["score"]) == [-0.5, 0.25, 0.25]
    assert list(scores["rank"]) == [3, 1, 1]


def test_a_score_of_ranges_goes_from_nought_at_the_worst_to_one_at_the_best():
    wide = pd.DataFrame({"work": [1.0, 2, 11], "crime": [5.0, 1, NAN]}, index=["a", "b", "c"])
    scores = basket(wide, polarity=POLARITY, standardise="range").scores
    assert list(scores["score"]) == pytest.approx([0, 0.55, 1])


def test_doing_well_on_every_member_ranks_first(wide):
    wide.loc["E07"] = [99.0, 1.0, 99.0]
    row = basket(wide, polarity=POLARITY).scores.loc["E07"]
    assert (row["rank"], row["rank_best"], row["rank_worst"]) == (1, 1, 1)


def test_contributions_add_up_to_the_score_with_counts_beside_the_values(wide):
    wide.loc["E01", "crime"] = NAN
    counts = (wide * 7).round()
    made = basket(
        wide, polarity=POLARITY, weights={"work": 1, "crime": 2, "skills": 3}, counts=counts
    )
    parts = made.parts
    total = parts.groupby("area_code")["contribution"].sum()
    np.testing.assert_allclose(total, made.scores["score"], rtol=1e-10)
    np.testing.assert_allclose(parts.groupby("area_code")["weight"].sum(), 1)
    row = parts.set_index(["area_code", "member"]).loc[("E02", "skills")]
    assert row["count"] == counts.loc["E02", "skills"]
    assert row["value"] == wide.loc["E02", "skills"]
    gap = parts.set_index(["area_code", "member"]).loc[("E01", "crime")]
    assert gap[["value", "count", "standardised", "weight", "contribution"]].isna().all()


def test_without_counts_the_column_is_there_and_empty(wide):
    assert basket(wide, polarity=POLARITY).parts["count"].isna().all()


def test_a_missing_member_is_left_out_and_the_rest_carry_its_weight(wide):
    wide.loc["E01", "crime"] = NAN
    scores = basket(wide, polarity=POLARITY).scores
    z = wide.apply(zscore, nan_policy="omit")
    assert scores.loc["E01", "score"] == pytest.approx(z.loc["E01", ["work", "skills"]].mean())
    assert scores.loc["E01", "n"] == 2
    assert scores.loc["E01", "weight_present"] == pytest.approx(2 / 3)


def test_half_of_the_weight_is_enough_and_less_is_not(wide):
    wide.loc["E01", ["crime", "skills"]] = NAN
    enough = basket(wide, polarity=POLARITY, weights={"work": 2, "crime": 1, "skills": 1}).scores
    assert np.isfinite(enough.loc["E01", "score"])
    assert enough.loc["E01", "reason"] == ""
    row = basket(wide, polarity=POLARITY).scores.loc["E01"]
    assert row["reason"] == "members with a value carry 33% of the weight; 50% needed"
    assert row[["score", "rank", "rank_best", "rank_worst"]].isna().all()
    assert basket(wide, polarity=POLARITY, fewest=0.33).scores.loc["E01", "reason"] == ""


def test_an_area_without_any_value_has_no_score_and_no_rank(wide):
    wide.loc["E01"] = NAN
    scores = basket(wide, polarity=POLARITY).scores
    assert np.isnan(scores.loc["E01", "score"])
    assert scores["rank"].max() == 29


def test_ranks_show_what_the_weights_do(wide):
    weights = {"work": 3, "crime": 1, "skills": 1}
    scores = basket(wide, polarity=POLARITY, weights=weights).scores
    equal = basket(wide, polarity=POLARITY).scores
    assert list(scores["rank_equal_weights"]) == list(equal["rank"])
    assert (scores["rank_equal_weights"] != scores["rank"]).any()
    left_out = pd.DataFrame(
        {
            name: basket(
                wide.drop(columns=name),
                polarity=POLARITY,
                weights={key: value for key, value in weights.items() if key != name},
            ).scores["rank"]
            for name in wide
        }
    )
    assert list(scores["rank_best"]) == list(left_out.min(axis=1))
    assert list(scores["rank_worst"]) == list(left_out.max(axis=1))
    assert (scores["rank_best"] < scores["rank_worst"]).any()


def test_a_basket_of_one_has_nothing_to_leave_out(wide):
    scores = basket(wide[["work"]], polarity=POLARITY).scores
    assert scores["rank"].notna().all()
    assert scores[["rank_best", "rank_worst"]].isna().all(axis=None)


def test_members_are_listed_with_weight_polarity_and_areas(wide):
    wide.loc["E01", "crime"] = NAN
    members = basket(wide, polarity=POLARITY | {"other": "no_judgement"}).members
    assert list(members.index) == list(wide.columns)
    assert list(members["n"]) == [30, 29, 30]
    assert members["weight"].sum() == pytest.approx(1)
    assert members.loc["crime", "polarity"] == "lower_is_better"


def test_without_areas_there_are_no_scores(wide):
    made = basket(wide.iloc[:0], polarity=POLARITY)
    assert made.scores.empty
    assert made.parts.empty


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (
            {"polarity": POLARITY | {"crime": "no_judgement"}},
            "member 'crime': polarity 'no_judgement'; expected higher_is_better or lower_is_better",
        ),
        (
            {"polarity": {"work": "higher_is_better", "skills": "higher_is_better"}},
            "member 'crime': polarity None; expected higher_is_better or lower_is_better",
        ),
        (
            {"polarity": POLARITY, "weights": {"work": 1}},
            "weights: 'crime' is on one side only; expected work, crime, skills",
        ),
        (
            {"polarity": POLARITY, "fewest": 0},
            "fewest 0: expected a share of the weight, above 0 and up to 1",
        ),
        (
            {"polarity": POLARITY, "standardise": "log"},
            "scale 'log': expected one of z, range, rank",
        ),
    ],
)
def test_what_cannot_be_is_refused(wide, options, message):
    with pytest.raises(ValueError, match=f"^{re.escape(message)}$"):
        basket(wide, **options)
