import re

import numpy as np
import pandas as pd
import pytest
from scipy.spatial.distance import cdist
from scipy.stats import zscore

from outcomes.statistics.neighbours import nearest
from outcomes.statistics.relationships.scaling import scaled

NAN = np.nan


@pytest.fixture
def features():
    rng = np.random.default_rng(54)
    values = rng.normal(size=(80, 4)) * [1, 10, 100, 0.01] + 5
    return pd.DataFrame(values, columns=list("abcd"), index=[f"E{i:02}" for i in range(80)])


@pytest.mark.parametrize("scale", ["z", "range", "rank"])
@pytest.mark.parametrize("weights", [None, {"a": 4, "b": 1, "c": 2, "d": 0}])
def test_order_and_distance_equal_scipys_weighted_distances(features, scale, weights):
    values = scaled(features, scale)
    share = np.full(4, 0.25) if weights is None else np.array([4, 1, 2, 0]) / 7
    expected = cdist(values, values, "euclidean", w=share)
    np.fill_diagonal(expected, np.inf)
    table = nearest(features, n=7, scale=scale, weights=weights)
    order = np.argsort(np.round(expected, 10), axis=1, kind="stable")[:, :7]
    assert list(table["neighbour"]) == list(features.index[order.ravel()])
    distances = np.sort(expected, axis=1)[:, :7].ravel()
    np.testing.assert_allclose(table["distance"], distances, rtol=1e-10)
    assert list(table["place_rank"]) == list(range(1, 8)) * 80
    assert set(table["method"]) == {f"weighted_euclidean_{scale}"}


def test_some_places_give_the_same_rows_as_all_places(features):
    everyone = nearest(features, n=3).set_index("place")
    part = nearest(features, ["E40", "E07"], n=3).set_index("place")
    pd.testing.assert_frame_equal(part, everyone.loc[["E40", "E07"]])


def test_shares_say_what_keeps_two_areas_apart(features):
    row = nearest(features, ["E03"], n=1).iloc[0]
    z = pd.DataFrame(zscore(features), features.index, features.columns)
    squares = (z.loc["E03"] - z.loc[row["neighbour"]]) ** 2
    shares = row[[f"share_{name}" for name in features]].astype(float)
    np.testing.assert_allclose(shares, squares / squares.sum(), rtol=1e-9)
    assert shares.sum() == pytest.approx(1)


def test_distance_by_hand():
    # Both features have standard deviation 1 here: 3 and 4 apart with half the weight each.
    features = pd.DataFrame({"a": [0.0, 3], "b": [0.0, 4]}, index=["x", "y"])
    row = nearest(features, ["x"], scale="range", weights={"a": 9, "b": 16}).iloc[0]
    assert row["distance"] == pytest.approx(1)
    assert list(row[["share_a", "share_b"]]) == pytest.approx([0.36, 0.64])


def test_a_missing_feature_leaves_the_others_to_speak(features):
    features.loc["E05", "c"] = NAN
    row = nearest(features, ["E05"], n=1).iloc[0]
    z = pd.DataFrame(zscore(features, nan_policy="omit"), features.index, features.columns)
    squares = (z.loc["E05"] - z.loc[row["neighbour"]]) ** 2
    assert row["distance"] == pytest.approx(np.sqrt(squares.sum() / 3))
    assert row["weight_present"] == pytest.approx(0.75)
    assert np.isnan(row["share_c"])


def test_half_of_the_weight_in_common_is_enough_and_less_is_not(features):
    features.loc["E05", ["c", "d"]] = NAN
    assert nearest(features, ["E05"])["n"].iloc[0] == 79
    features.loc["E05", "b"] = NAN
    row = nearest(features, ["E05"]).iloc[0]
    assert row["reason"] == "no area of its kind shares features of half the weight"
    assert row["n"] == 0
    assert row[["neighbour", "distance", "place_rank"]].isna().all()
    assert "E05" not in set(nearest(features, n=79)["neighbour"])


def test_only_areas_of_its_kind_are_compared_on_the_scale_of_that_kind(features):
    kinds = pd.Series(["ward"] * 30 + ["zone"] * 48, index=features.index[:78])
    table = nearest(features, n=5, kinds=kinds)
    known = table[table["reason"] == ""]
    assert (known["place"].map(kinds) == known["neighbour"].map(kinds)).all()
    assert set(known["n"]) == {29, 47}
    wards = known[known["place"].map(kinds) == "ward"].reset_index(drop=True)
    pd.testing.assert_frame_equal(wards, nearest(features.iloc[:30], n=5))
    assert list(table.loc[table["reason"] != "", "place"]) == ["E78", "E79"]


def test_the_only_area_of_its_kind_has_no_neighbours(features):
    kinds = pd.Series(["county", *["ward"] * 79], index=features.index)
    row = nearest(features, ["E00"], kinds=kinds).iloc[0]
    assert row["reason"] == "no area of its kind shares features of half the weight"


def test_equal_distances_stand_in_order_of_code_and_a_place_is_not_its_own_neighbour():
    features = pd.DataFrame({"a": [1.1, 0.1, 2.1, 0.1]}, index=["E2", "E9", "E1", "E0"])
    table = nearest(features, ["E2", "E9"])
    assert list(table["neighbour"]) == ["E0", "E1", "E9", "E0", "E2", "E1"]
    twin = table.iloc[3]
    assert twin["distance"] == 0
    assert np.isnan(twin["share_a"])


def test_a_feature_that_does_not_vary_keeps_nobody_apart(features):
    with_constant = nearest(features.assign(e=7.0))
    assert list(with_constant["neighbour"]) == list(nearest(features)["neighbour"])
    assert (with_constant["share_e"] == 0).all()


def test_without_areas_there_are_no_rows(features):
    table = nearest(features.iloc[:0])
    assert table.empty
    assert "share_a" in table


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"places": ["E01", "E99"]}, "place 'E99' is not among the areas"),
        ({"n": 0}, "n 0: expected 1 or more"),
        ({"weights": {"a": 1}}, "weights: 'b' is on one side only; expected a, b, c, d"),
        ({"scale": "log"}, "scale 'log': expected one of z, range, rank"),
    ],
)
def test_what_cannot_be_is_refused(features, options, message):
    with pytest.raises(ValueError, match=f"^{re.escape(message)}$"):
        nearest(features, **options)


def test_a_code_that_stands_twice_is_refused(features):
    twice = pd.concat([features, features.loc[["E05"]]])
    with pytest.raises(ValueError, match=r"^area 'E05' stands twice; expected once$"):
        nearest(twice)
