import re

import numpy as np
import pandas as pd
import pytest
from scipy.stats import pearsonr, spearmanr
from statsmodels.stats.multitest import multipletests

from outcomes.statistics.relationships import NOT_CAUSE, correlations


@pytest.fixture(params=[0, 0.2], ids=["complete", "with gaps"])
def wide(request):
    rng = np.random.default_rng(73)
    values = rng.normal(size=(60, 6)) @ rng.normal(size=(6, 6)) + 1e6
    values[:, 5] = np.round(values[:, 5])  # ties
    values[rng.uniform(size=values.shape) < request.param] = np.nan
    return pd.DataFrame(values, columns=list("abcdef"))


def pair(wide, first="a", second="b", **options):
    table = correlations(wide, **options).set_index(["first", "second"])
    return table.loc[(first, second)]


def anscombe() -> pd.DataFrame:
    """Anscombe (1973), Graphs in statistical analysis, The American Statistician 27."""
    x = [10, 8, 13, 9, 11, 14, 6, 4, 12, 7, 5]
    return pd.DataFrame(
        {
            "x": x,
            "y1": [8.04, 6.95, 7.58, 8.81, 8.33, 9.96, 7.24, 4.26, 10.84, 4.82, 5.68],
            "y2": [9.14, 8.14, 8.74, 8.77, 9.26, 8.10, 6.13, 3.10, 9.13, 7.26, 4.74],
            "y3": [7.46, 6.77, 12.74, 7.11, 7.81, 8.84, 6.08, 5.39, 8.15, 6.42, 5.73],
            "x4": [8, 8, 8, 8, 8, 8, 8, 19, 8, 8, 8],
            "y4": [6.58, 5.76, 7.71, 8.84, 8.47, 7.04, 5.25, 12.50, 5.56, 7.91, 6.89],
        }
    )


@pytest.mark.parametrize(("method", "oracle"), [("pearson", pearsonr), ("spearman", spearmanr)])
def test_each_pair_equals_scipy_on_the_areas_that_have_both(wide, method, oracle):
    table = correlations(wide, method=method)
    assert len(table) == 15
    for row in table.itertuples():
        both = wide[[row.first, row.second]].dropna()
        expected = oracle(both[row.first], both[row.second])
        assert row.r == pytest.approx(expected.statistic, abs=1e-9)
        assert row.p == pytest.approx(expected.pvalue, rel=1e-6)
        assert row.n == row.n_effective == len(both)


def test_the_pearson_interval_equals_scipys_fisher_interval(wide):
    both = wide[["a", "b"]].dropna()
    expected = pearsonr(both["a"], both["b"]).confidence_interval(0.9)
    row = pair(wide, confidence=0.9)
    assert (row["lower"], row["upper"]) == pytest.approx(tuple(expected), abs=1e-9)
    assert row["confidence"] == 0.9


def test_the_spearman_interval_is_that_of_bonett_and_wright():
    # r = 1 - 6 x 10 / (12 x 143) with five neighbours swapped; se = sqrt((1 + r^2/2) / 9)
    ranks = np.arange(1.0, 13)
    swapped = ranks[[1, 0, 3, 2, 5, 4, 7, 6, 9, 8, 10, 11]]
    row = pair(pd.DataFrame({"a": ranks, "b": swapped**3}), method="spearman")
    r = 1 - 60 / 1716
    reach = 1.959963985 * np.sqrt((1 + r**2 / 2) / 9)
    assert row["r"] == pytest.approx(r, abs=1e-12)
    assert row["lower"] == pytest.approx(np.tanh(np.arctanh(r) - reach), abs=1e-9)
    assert row["upper"] == pytest.approx(np.tanh(np.arctanh(r) + reach), abs=1e-9)


@pytest.mark.parametrize(("x", "y"), [("x", "y1"), ("x", "y2"), ("x", "y3"), ("x4", "y4")])
def test_all_four_of_anscombes_sets_have_the_r_he_gives(x, y):
    assert pair(anscombe(), x, y)["r"] == pytest.approx(0.816, abs=0.001)


@pytest.mark.parametrize("adjust", ["holm", "fdr_bh"])
def test_adjusted_p_equals_statsmodels_and_leaves_pairs_without_p_uncounted(wide, adjust):
    table = correlations(wide.assign(g=1.0), adjust=adjust)
    known = table["p"].notna()
    rejected, expected = multipletests(table.loc[known, "p"], alpha=0.05, method=adjust)[:2]
    np.testing.assert_allclose(table.loc[known, "p_adjusted"], expected, rtol=1e-12)
    assert list(table.loc[known, "noteworthy"]) == list(rejected)
    assert set(table["tests"]) == {15}
    assert table.loc[~known, "p_adjusted"].isna().all()
    assert not table.loc[~known, "noteworthy"].any()
    assert set(table.loc[~known, "reason"]) == {"one of the two does not vary"}


def test_ten_areas_are_enough_and_nine_are_not():
    wide = pd.DataFrame({"a": np.arange(10.0), "b": np.arange(10.0) ** 2})
    assert pair(wide)["reason"] == ""
    row = pair(wide.assign(b=wide["b"].where(wide["b"] > 0)))
    assert (row["n"], row["reason"]) == (9, "fewer than 10 areas have both")
    assert np.isnan(row[["r", "lower", "upper", "p"]].astype(float)).all()


@pytest.mark.parametrize("method", ["pearson", "spearman"])
def test_a_straight_line_is_one_with_limits_of_one(method):
    row = pair(pd.DataFrame({"a": np.arange(12.0), "b": 3 - np.arange(12.0)}), method=method)
    assert (row["r"], row["lower"], row["upper"], row["p"]) == pytest.approx((-1, -1, -1, 0))


def test_whole_weights_count_an_area_as_often_as_they_say():
    rng = np.random.default_rng(5)
    wide = pd.DataFrame(rng.normal(size=(30, 2)), columns=["a", "b"])
    weights = pd.Series(rng.integers(1, 5, 30).astype(float))
    repeated = wide.loc[wide.index.repeat(weights.astype(int))]
    row = pair(wide, weights=weights)
    assert row["r"] == pytest.approx(pearsonr(repeated["a"], repeated["b"]).statistic)
    assert row["n"] == 30
    assert row["n_effective"] == pytest.approx(weights.sum() ** 2 / (weights**2).sum())


def test_equal_weights_change_nothing_and_an_area_without_one_is_left_out(wide):
    pd.testing.assert_frame_equal(
        correlations(wide, weights=pd.Series(7.0, index=wide.index)), correlations(wide)
    )
    part = correlations(wide, weights=pd.Series(1.0, index=wide.index[:40]))
    pd.testing.assert_frame_equal(part, correlations(wide.iloc[:40]))


def test_every_row_carries_the_caution_and_how_it_was_made(wide):
    table = correlations(wide, method="spearman", adjust="fdr_bh")
    assert set(table["caution"]) == {NOT_CAUSE}
    assert NOT_CAUSE.startswith("Correlation is not cause")
    assert set(table["method"]) == {"spearman"}
    assert set(table["adjusted"]) == {"fdr_bh"}


@pytest.mark.parametrize("columns", [[], ["a"]])
def test_without_a_pair_there_is_no_row(columns):
    table = correlations(pd.DataFrame({"a": np.arange(12.0)})[columns])
    assert table.empty
    assert "p_adjusted" in table


def test_without_areas_every_pair_says_so():
    row = pair(pd.DataFrame({"a": [], "b": []}, dtype=float))
    assert (row["n"], row["reason"]) == (0, "fewer than 10 areas have both")


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"method": "kendall"}, "method 'kendall': expected pearson or spearman"),
        ({"adjust": "none"}, "adjust 'none': expected one of holm, fdr_bh"),
        (
            {"confidence": 95},
            "confidence 95: expected a fraction from 0.5 to below 1, such as 0.95",
        ),
        (
            {"weights": pd.Series([1.0, 0.0]), "method": "pearson"},
            "weights: area 1: expected above 0",
        ),
        (
            {"weights": pd.Series([1.0, 2.0]), "method": "spearman"},
            "weights: expected none with spearman; ranks are not weighted",
        ),
    ],
)
def test_what_cannot_be_is_refused(options, message):
    with pytest.raises(ValueError, match=f"^{re.escape(message)}$"):
        correlations(pd.DataFrame({"a": [1.0, 2], "b": [2.0, 1]}), **options)


def family_error(adjust: str) -> float:
    """Share of 300 sets of five unrelated indicators over 40 areas with a noteworthy pair."""
    rng = np.random.default_rng(101)
    sets = (pd.DataFrame(rng.normal(size=(40, 5))) for _ in range(300))
    return np.mean([correlations(wide, adjust=adjust)["noteworthy"].any() for wide in sets])


def test_holm_keeps_false_findings_in_any_of_ten_pairs_near_five_per_cent():
    assert 0.02 < family_error("holm") < 0.085
