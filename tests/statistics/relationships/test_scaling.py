import re

import numpy as np
import pandas as pd
import pytest
from scipy.stats import zscore

from outcomes.statistics.relationships.scaling import scaled, weights_of

NAN = np.nan


@pytest.fixture
def wide():
    return pd.DataFrame({"a": [1.0, 2, 3, 6, NAN], "b": [5.0, 5, 1, 9, 3]}, index=list("VWXYZ"))


def test_z_equals_scipys_and_missing_stays_missing(wide):
    np.testing.assert_allclose(scaled(wide), zscore(wide, nan_policy="omit"), rtol=1e-12)


def test_range_goes_from_nought_to_one_and_rank_steps_from_the_middle(wide):
    assert list(scaled(wide, "range")["a"].iloc[:4]) == pytest.approx([0, 0.2, 0.4, 1])
    assert list(scaled(wide, "rank")["a"].iloc[:4]) == pytest.approx([-1 / 2, -1 / 6, 1 / 6, 1 / 2])
    # Ranks 3.5, 3.5, 1, 5, 2 about 3, over 4.
    assert list(scaled(wide, "rank")["b"]) == pytest.approx([0.125, 0.125, -0.5, 0.5, -0.25])


@pytest.mark.parametrize("how", ["z", "range", "rank"])
def test_each_kind_is_scaled_by_itself_and_an_area_without_one_is_not(wide, how):
    kinds = pd.Series({"V": "zone", "W": "zone", "X": "ward", "Y": "ward"})
    together = scaled(wide, how, kinds=kinds)
    pd.testing.assert_frame_equal(together.loc[["X", "Y"]], scaled(wide.loc[["X", "Y"]], how))
    assert together.loc["Z"].isna().all()


@pytest.mark.parametrize("how", ["z", "range", "rank"])
def test_where_nothing_differs_all_that_is_known_is_nought(how):
    table = scaled(pd.DataFrame({"a": [0.1, 0.1, NAN, 0.1]}), how)
    assert list(table["a"].fillna(-1)) == [0, 0, -1, 0]


def test_an_unknown_scale_is_refused(wide):
    with pytest.raises(ValueError, match="^scale 'log': expected one of z, range, rank$"):
        scaled(wide, "log")


def test_weights_add_up_to_one_in_the_order_of_the_names():
    names = pd.Index(["a", "b"])
    assert list(weights_of(names, {"b": 3, "a": 1})) == [0.25, 0.75]
    assert list(weights_of(names, None)) == [0.5, 0.5]


@pytest.mark.parametrize(
    ("weights", "message"),
    [
        ({"a": 1}, "weights: 'b' is on one side only; expected a, b"),
        ({"a": 1, "b": 1, "z": 1}, "weights: 'z' is on one side only; expected a, b"),
        ({"a": 1, "b": -1}, "weights {'a': 1.0, 'b': -1.0}: expected 0 or more, and one above 0"),
        ({"a": 0, "b": 0}, "weights {'a': 0.0, 'b': 0.0}: expected 0 or more, and one above 0"),
        ({"a": 1, "b": NAN}, "weights {'a': 1.0, 'b': nan}: expected 0 or more, and one above 0"),
    ],
)
def test_weights_that_do_not_fit_are_refused(weights, message):
    with pytest.raises(ValueError, match=f"^{re.escape(message)}$"):
        weights_of(pd.Index(["a", "b"]), weights)
