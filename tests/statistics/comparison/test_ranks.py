import re

import numpy as np
import pandas as pd
import pytest
from scipy.stats import rankdata

from outcomes.statistics.comparison import quantiles, rank_intervals, ranks

NAN = float("nan")


@pytest.mark.parametrize("polarity", ["higher_is_better", "lower_is_better", "no_judgement"])
def test_ranks_agree_with_scipy(polarity):
    rng = np.random.default_rng(7)
    values = rng.integers(0, 40, 60).astype(float)
    sign = 1 if polarity == "lower_is_better" else -1
    got = ranks(pd.Series(values), polarity=polarity)
    assert got["rank"].tolist() == rankdata(sign * values, method="min").tolist()
    assert got["of"].unique().tolist() == [60]


def test_ranks_leave_out_the_missing_and_name_ties():
    values = pd.Series([3.0, NAN, 5.0, 3.0, 1.0], index=list("abcde"))
    got = ranks(values, polarity="higher_is_better")
    assert got.loc[list("acde"), "rank"].tolist() == [2, 1, 2, 4]
    assert np.isnan(got.loc["b", "rank"])
    assert got["tied"].tolist() == [True, False, False, True, False]
    assert got["of"].unique().tolist() == [4]


def evenly(value, half) -> pd.DataFrame:
    value = np.asarray(value, dtype=float)
    return pd.DataFrame({"value": value, "lower": value - half, "upper": value + half})


def ends(result: pd.DataFrame) -> list:
    return result[["rank_best", "rank_worst"]].to_numpy().tolist()


def test_a_rank_is_as_sure_as_its_differences():
    # Three areas make two comparisons each, at 0.95 ** 0.5: z is 2.2365, not 1.96.
    edge = 2 * 2**0.5 * 2.2364766 / 1.9599640
    apart = rank_intervals(evenly([10, 10 - edge - 1e-4, -50], 2), polarity="higher_is_better")
    alike = rank_intervals(evenly([10, 10 - edge + 1e-4, -50], 2), polarity="higher_is_better")
    assert ends(apart) == [[1, 1], [2, 2], [3, 3]]
    assert ends(alike) == [[1, 2], [1, 2], [3, 3]]
    assert alike["told_apart"].tolist() == [1, 1, 2]
    assert alike["method"].unique().tolist() == ["difference_one_area"]
    assert alike["confidence"].unique().tolist() == [0.95]


def test_all_intervals_at_once_are_never_narrower():
    table = evenly(np.random.default_rng(2).normal(0, 3, 60), 1)
    one = rank_intervals(table, polarity="higher_is_better")
    every = rank_intervals(table, polarity="higher_is_better", joint=True)
    assert (every["rank_best"] <= one["rank_best"]).all()
    assert (every["rank_worst"] >= one["rank_worst"]).all()
    assert (every["rank_worst"] > one["rank_worst"]).any()
    assert every["method"].unique().tolist() == ["difference_all_areas"]


def test_the_rank_itself_is_always_inside_and_polarity_turns_it_over():
    table = evenly(np.random.default_rng(2).integers(0, 20, 60), 1.5)
    high = rank_intervals(table, polarity="higher_is_better")
    low = rank_intervals(table, polarity="lower_is_better")
    assert high["rank"].between(high["rank_best"], high["rank_worst"]).all()
    assert low["rank_best"].tolist() == (61 - high["rank_worst"]).tolist()
    assert low["rank_worst"].tolist() == (61 - high["rank_best"]).tolist()
    assert ends(rank_intervals(table, polarity="no_judgement")) == ends(high)


def test_intervals_agree_with_a_count_pair_by_pair():
    """Do it the long way, with other tools: a normal test of each pair at the Sidak level."""
    from scipy.stats import norm
    from statsmodels.stats.multitest import multipletests

    rng = np.random.default_rng(11)
    value, half = rng.normal(0, 4, 25), rng.uniform(0.5, 3, 25)
    se = half / norm.ppf(0.975)
    expected = []
    for i in range(25):
        others = np.delete(np.arange(25), i)
        z = (value[others] - value[i]) / np.hypot(se[others], se[i])
        real = multipletests(2 * norm.sf(np.abs(z)), alpha=0.05, method="sidak")[0]
        expected.append([1 + (real & (z > 0)).sum(), 25 - (real & (z < 0)).sum()])
    got = rank_intervals(evenly(value, half), polarity="higher_is_better")
    assert ends(got) == expected


def test_equal_figures_known_exactly_share_every_rank_of_the_tie():
    got = rank_intervals(evenly([5, 5, 9, 1], 0), polarity="higher_is_better")
    assert ends(got) == [[2, 3], [2, 3], [1, 1], [4, 4]]
    assert got["rank"].tolist() == [2, 2, 1, 4]
    assert got["tied"].tolist() == [True, True, False, False]


def test_an_area_without_limits_is_never_told_apart():
    table = evenly([100.0, 50.0, 0.0, 70.0, NAN], 1)
    table.loc[3, ["lower", "upper"]] = NAN
    got = rank_intervals(table, polarity="higher_is_better")
    # Of four areas with a value, the one at 70 may lie anywhere.
    assert ends(got.iloc[:3]) == [[1, 2], [2, 3], [3, 4]]
    assert got.loc[3:, ["rank_best", "rank_worst", "confidence"]].isna().all(axis=None)
    assert got["rank"].tolist()[:4] == [1, 3, 4, 2]
    assert got["of"].unique().tolist() == [4]
    assert got["n"].unique().tolist() == [3]
    assert got["method"].tolist()[3:] == ["none", "none"]
    peers = "1 of 4 areas have no confidence limits and are not told apart"
    assert got["reason"].tolist() == [peers] * 3 + ["no confidence limits", "no value"]


def test_limits_at_another_level_are_the_same_knowledge():
    value = np.random.default_rng(9).normal(0, 3, 30)
    usual = rank_intervals(evenly(value, 1.959963984540054), polarity="lower_is_better")
    firm = rank_intervals(
        evenly(value, 3.090232306167813), polarity="lower_is_better", of_limits=0.998
    )
    assert ends(usual) == ends(firm)


def test_one_area_alone_is_first_and_last():
    assert ends(rank_intervals(evenly([3.0], 1), polarity="higher_is_better")) == [[1, 1]]


def test_no_areas_have_no_ranks():
    got = rank_intervals(evenly([], 1), polarity="higher_is_better")
    assert got.empty
    assert "rank_best" in got


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (
            {"polarity": "good"},
            "polarity 'good': expected one of higher_is_better, lower_is_better, no_judgement",
        ),
        (
            {"polarity": "no_judgement", "confidence": 95},
            "confidence 95: expected a fraction from 0.5 to below 1, such as 0.95",
        ),
    ],
)
def test_options_that_cannot_be_are_named(options, message):
    with pytest.raises(ValueError, match=f"^{re.escape(message)}$"):
        rank_intervals(evenly([1, 2], 1), **options)


@pytest.mark.parametrize(("n", "error"), [(12, 0.1), (12, 1.0), (60, 0.5)])
@pytest.mark.parametrize("tied", [False, True])
def test_true_ranks_are_held_at_least_as_often_as_promised(n, error, tied):
    rng = np.random.default_rng(n)
    theta = np.repeat(np.linspace(-1.5, 1.5, n // 3), 3) if tied else np.linspace(-1.5, 1.5, n)
    best, worst = rankdata(-theta, method="min"), rankdata(-theta, method="max")
    one, every = [], []
    for _ in range(300):
        table = evenly(theta + error * rng.standard_normal(n), 1.959963984540054 * error)
        got = rank_intervals(table, polarity="higher_is_better")
        one.append((got["rank_best"] <= best) & (got["rank_worst"] >= worst))
        got = rank_intervals(table, polarity="higher_is_better", joint=True)
        every.append(((got["rank_best"] <= best) & (got["rank_worst"] >= worst)).all())
    # Three standard errors of 300 runs at 95% are 3.8 points.
    assert np.mean(one, axis=0).min() >= 0.912
    assert np.mean(every) >= 0.912


@pytest.fixture(scope="module")
def official(shared_data) -> pd.DataFrame:
    file = shared_data / "phe-methods" / "testdata_Quantiles.xlsx"
    table = pd.read_excel(file, engine="calamine")
    table["count"] = table["QuantileNm"].map({"Quartile": 4, "Septile": 7, "Decile": 10})
    # The ranks in the sheet tell which end of each set is the worst; sets with a blank GroupSet
    # are ranked all together, highest first.
    return table


SETS = {
    "IndSexReg": ["IndSexRef", "ParentCode"],
    "IndSex": ["IndSexRef"],
}
POLARITY = {
    "RAG - High is good": "higher_is_better",
    "RAG - Low is good": "lower_is_better",
    True: "lower_is_better",
    False: "higher_is_better",
}


@pytest.mark.shared_data
@pytest.mark.parametrize(
    ("set_name", "test"),
    [("IndSexReg", "Gooddata"), ("IndSexReg", "GooddataDups"), ("IndSex", "Gooddata")],
)
def test_quantiles_are_those_of_the_official_table(official, set_name, test):
    rows = official[(official["GroupSet"] == set_name) & (official["Test"] == test)]
    assert len(rows) > 30
    for polarity, part in rows.groupby(rows["Polarity"].map(POLARITY)):
        by = part[SETS[set_name]].agg("|".join, axis=1)
        got = quantiles(part["Value"], polarity=polarity, count=part["count"].iloc[0], by=by)
        assert got["quantile"].fillna(0).tolist() == part["QuantileInGrp"].fillna(0).tolist()


@pytest.mark.shared_data
def test_quantiles_of_one_big_set_are_those_of_the_official_table(official):
    rows = official[official["GroupSet"].isna()]
    got = quantiles(rows["Value"], polarity="lower_is_better", count=4)
    assert got["quantile"].fillna(0).tolist() == rows["QuantileInGrp"].fillna(0).tolist()
    assert got["of"].unique().tolist() == [485]


@pytest.mark.parametrize("count", [2, 4, 5, 10])
@pytest.mark.parametrize("polarity", ["higher_is_better", "lower_is_better"])
def test_quantiles_agree_with_the_official_tool(count, polarity):
    oracle = pytest.importorskip("PHStatsMethods")
    rng = np.random.default_rng(count)
    table = pd.DataFrame(
        {"value": rng.integers(0, 90, 400).astype(float), "region": rng.choice(list("abcdef"), 400)}
    )
    expected = oracle.ph_quantile(
        table.copy(), "value", "region", nquantiles=count, invert=polarity == "lower_is_better"
    )["quantile"]
    got = quantiles(table["value"], polarity=polarity, count=count, by=table["region"])
    assert got["quantile"].tolist() == expected.tolist()


def test_the_worst_are_in_the_first_quantile_and_ties_stay_together():
    values = pd.Series([1.0, 2.0, 2.0, 2.0, 5.0, NAN], index=list("abcdef"))
    got = quantiles(values, polarity="higher_is_better", count=5)
    assert got["quantile"].tolist()[:5] == [1, 2, 2, 2, 5]
    assert got["tied"].tolist() == [False, True, True, True, False, False]
    assert got["of"].unique().tolist() == [5]
    assert np.isnan(got.loc["f", "quantile"])
    assert got["reason"].tolist() == [""] * 5 + ["no value"]
    turned = quantiles(values, polarity="lower_is_better", count=5)["quantile"].tolist()[:5]
    assert turned == [5, 2, 2, 2, 1]


def test_fewer_areas_than_quantiles_have_none():
    got = quantiles(pd.Series([3.0, 1.0, 2.0, NAN]), polarity="no_judgement", count=4)
    assert got["quantile"].isna().all()
    assert got["method"].unique().tolist() == ["none"]
    assert got["reason"].tolist() == ["fewer than 4 areas have a value"] * 3 + ["no value"]
    enough = quantiles(pd.Series([3.0, 1.0, 2.0, 9.0]), polarity="no_judgement", count=4)
    assert enough["quantile"].tolist() == [3, 1, 2, 4]


def test_the_same_value_in_another_group_is_no_tie():
    values = pd.Series([1.0, 2.0, 1.0, 3.0, 1.0])
    by = pd.Series(["x", "x", "y", "y", None])
    got = quantiles(values, polarity="higher_is_better", count=2, by=by)
    assert not got["tied"].any()
    assert got["quantile"].tolist()[:4] == [1, 2, 1, 2]
    assert got["reason"].tolist()[4] == "no group"


def test_a_single_quantile_is_refused():
    with pytest.raises(ValueError, match="^count 1: expected a whole number of 2 or more$"):
        quantiles(pd.Series([1.0]), polarity="no_judgement", count=1)
