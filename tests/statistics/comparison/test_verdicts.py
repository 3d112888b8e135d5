import re

import numpy as np
import pandas as pd
import pytest

from outcomes.statistics.comparison import compare, verdicts

NAN = float("nan")


@pytest.mark.parametrize(
    ("value", "lower", "upper", "comparator", "polarity", "verdict", "tested"),
    [
        # The whole interval on one side of the comparator's value.
        (68.5, 66.1, 70.9, 60.0, "higher_is_better", "better", True),
        (68.5, 66.1, 70.9, 80.0, "higher_is_better", "worse", True),
        (31.4, 30.0, 32.9, 28.2, "lower_is_better", "worse", True),
        (31.4, 30.0, 32.9, 34.0, "lower_is_better", "better", True),
        (31.4, 30.0, 32.9, 28.2, "no_judgement", "higher", True),
        (31.4, 30.0, 32.9, 34.0, "no_judgement", "lower", True),
        # The interval includes it, a limit that touches it included.
        (64.0, 55.0, 73.0, 65.0, "higher_is_better", "similar", True),
        (68.5, 66.1, 70.9, 66.1, "higher_is_better", "similar", True),
        (68.5, 66.1, 70.9, 70.9, "lower_is_better", "similar", True),
        # No interval, or half of one: the side only.
        (62.0, NAN, NAN, 63.0, "higher_is_better", "worse", False),
        (62.0, 61.0, NAN, 63.0, "higher_is_better", "worse", False),
        (62.0, NAN, NAN, 61.0, "no_judgement", "higher", False),
        # A difference that rounds to nothing is not called one; just more than that is.
        (62.04, NAN, NAN, 62.0, "higher_is_better", "equal", False),
        (62.06, NAN, NAN, 62.0, "higher_is_better", "better", False),
        # Missing is never zero.
        (NAN, NAN, NAN, 63.0, "higher_is_better", "not_compared", False),
        (62.0, 61.0, 63.0, NAN, "higher_is_better", "not_compared", False),
        (0.0, NAN, NAN, 63.0, "higher_is_better", "worse", False),
    ],
)
def test_verdict_of_one_area(value, lower, upper, comparator, polarity, verdict, tested):
    said, was_tested = verdicts(
        [value], [lower], [upper], comparator, polarity=polarity, decimals=1
    )
    assert said.tolist() == [verdict]
    assert was_tested.tolist() == [tested]


def test_verdicts_of_many_areas_are_those_of_each_alone():
    rng = np.random.default_rng(20)
    value = rng.uniform(0, 100, 500)
    half = np.where(rng.random(500) < 0.3, NAN, rng.uniform(0, 20, 500))
    comparator = np.where(rng.random(500) < 0.1, NAN, rng.uniform(0, 100, 500))
    arrays = (value, value - half, value + half, comparator)
    together, _ = verdicts(*arrays, polarity="lower_is_better", decimals=1)
    alone = [
        verdicts(*row, polarity="lower_is_better", decimals=1)[0].item()
        for row in zip(*arrays, strict=True)
    ]
    assert together.tolist() == alone
    assert set(alone) >= {"better", "worse", "similar", "not_compared"}


def test_a_lower_limit_above_the_upper_names_the_row():
    with pytest.raises(ValueError, match=r"^row 1: lower limit 9\.0 is above upper limit 8\.0$"):
        verdicts([5, 8.5], [4, 9], [6, 8], 5, polarity="higher_is_better", decimals=0)


def test_each_area_may_have_a_polarity_and_decimals_of_its_own():
    said, _ = verdicts(
        [62.04, 62.04, 62.04],
        NAN,
        NAN,
        62.0,
        polarity=["higher_is_better", "lower_is_better", "no_judgement"],
        decimals=np.array([2, 2, 1]),
    )
    assert said.tolist() == ["better", "worse", "equal"]


def test_an_unknown_polarity_is_named():
    message = "polarity 'up': expected one of higher_is_better, lower_is_better, no_judgement"
    with pytest.raises(ValueError, match=f"^{re.escape(message)}$"):
        verdicts([1.0], [0.0], [2.0], 5, polarity="up", decimals=0)


def pairs(**columns) -> pd.DataFrame:
    return pd.DataFrame({"lower": NAN, "upper": NAN} | columns, index=["x"])


# Newcombe (1998), Statistics in Medicine 17, p. 873, table II: differences of proportions with
# their interval by method 10, in per cent: 56/70 - 48/80, 9/10 - 3/10, 10/10 - 0/20.
NEWCOMBE = [
    (56, 70, 48, 80, 0.0524, 0.3339),
    (9, 10, 3, 10, 0.1705, 0.8090),
    (10, 10, 0, 20, 0.6791, 1.0),
]


@pytest.mark.parametrize(("x", "n", "y", "m", "lower", "upper"), NEWCOMBE)
def test_the_difference_of_two_proportions_is_newcombes(x, n, y, m, lower, upper):
    from statsmodels.stats.proportion import proportion_confint

    own, other = (proportion_confint(*counts, method="wilson") for counts in ((x, n), (y, m)))
    got = compare(
        pairs(
            value=x / n,
            lower=own[0],
            upper=own[1],
            comparator=y / m,
            comparator_lower=other[0],
            comparator_upper=other[1],
        ),
        polarity="higher_is_better",
    ).loc["x"]
    assert got["difference_lower"] == pytest.approx(lower, abs=5e-5)
    assert got["difference_upper"] == pytest.approx(upper, abs=5e-5)
    assert (got["verdict"], got["method"], got["confidence"]) == ("better", "difference", 0.95)


def test_a_difference_real_by_overlap_with_a_point_may_not_be_so_by_the_full_test():
    # 13 against 10, each give or take 2: sqrt(8) = 2.83 is under 3; against 2.5 each, 3.54 is over.
    table = pairs(value=13.0, lower=11.0, upper=15.0, comparator=10.0)
    beside = {"comparator_lower": 8.0, "comparator_upper": 12.0}
    wider = {"lower": 10.5, "upper": 15.5, "comparator_lower": 7.5, "comparator_upper": 12.5}
    got = pd.concat([table, table.assign(**beside), table.assign(**wider)], ignore_index=True)
    result = compare(got, polarity="lower_is_better")
    assert result["verdict"].tolist() == ["worse", "worse", "similar"]
    assert result["method"].tolist() == ["overlap", "difference", "difference"]
    assert result["difference_lower"].tolist() == pytest.approx([1, 3 - 8**0.5, 3 - 12.5**0.5])
    assert verdicts(13.0, 10.5, 15.5, 10.0, polarity="lower_is_better", decimals=0)[0] == "worse"


def test_the_firm_verdict_stretches_each_side_to_99_8_per_cent():
    # 1.96 becomes 3.0902: an arm of 2 becomes 3.1534, so 3.15 is similar and 3.16 is not.
    value = np.array([13.15, 13.16, 12.0, 11.9])
    table = pd.DataFrame({"value": value, "lower": value - 2, "upper": value + 9, "comparator": 10})
    got = compare(table, polarity="no_judgement")
    assert got["verdict_998"].tolist() == ["similar", "higher", "similar", "similar"]
    assert got["verdict"].tolist() == ["higher", "higher", "similar", "similar"]


def test_the_ratio_to_an_exact_comparator_is_the_limits_divided_by_it():
    got = compare(
        pairs(value=12.0, lower=10.0, upper=15.0, comparator=8.0), polarity="no_judgement"
    ).loc["x"]
    assert got[["ratio", "ratio_lower", "ratio_upper"]].tolist() == pytest.approx(
        [1.5, 1.25, 1.875]
    )
    assert got[["difference", "difference_lower", "difference_upper"]].tolist() == [4, 2, 7]


@pytest.mark.parametrize(("value", "comparator"), [(5.0, 0.0), (5.0, -2.0), (-1.0, 4.0)])
def test_there_is_no_ratio_without_a_true_zero(value, comparator):
    got = compare(
        pairs(value=value, lower=value - 1, upper=value + 1, comparator=comparator),
        polarity="no_judgement",
    ).loc["x"]
    assert got[["ratio", "ratio_lower", "ratio_upper"]].isna().all()
    assert got["difference"] == value - comparator


def test_what_is_missing_is_said_and_never_zero():
    table = pd.DataFrame(
        {
            "value": [62.0, 62.0, NAN, 62.0, 62.0],
            "lower": [NAN, 61.0, 61.0, 61.0, NAN],
            "upper": [NAN, NAN, 63.0, 63.0, NAN],
            "comparator": [63.0, 61.0, 61.0, NAN, 62.0],
        }
    )
    got = compare(table, polarity="higher_is_better")
    assert got["verdict"].tolist() == ["worse", "better", "not_compared", "not_compared", "equal"]
    assert got["verdict_998"].eq("not_compared").all()
    assert got["method"].tolist() == ["side_only", "side_only", "none", "none", "side_only"]
    assert not got["tested"].any()
    assert got["confidence"].isna().all()
    assert got["difference"].tolist()[:2] == [-1, 1]
    limits = ["difference_lower", "difference_upper", "ratio_lower", "ratio_upper"]
    assert got[limits].isna().all(axis=None)
    assert got["reason"].unique().tolist() == [
        "the place has no confidence limits, so only the side is named",
        "the place or the comparator has no value",
    ]


def test_a_place_inside_its_comparator_is_set_against_the_rest_of_it():
    """Recover the rest's interval from that of the whole, worked out from known parts."""
    share, place, rest, se_place, se_rest = 0.3, 14.0, 10.0, 1.0, 0.5
    z = 1.959963984540054
    whole = share * place + (1 - share) * rest
    se_whole = np.hypot(share * se_place, (1 - share) * se_rest)
    table = pairs(
        value=place,
        lower=place - z * se_place,
        upper=place + z * se_place,
        comparator=whole,
        comparator_lower=whole - z * se_whole,
        comparator_upper=whole + z * se_whole,
    )
    got = compare(table.assign(share=share), polarity="no_judgement").loc["x"]
    arm = (1 - share) * z * np.hypot(se_place, se_rest)
    assert got["difference_lower"] == pytest.approx(place - whole - arm, rel=1e-12)
    assert got["difference_upper"] == pytest.approx(place - whole + arm, rel=1e-12)
    # The same from the textbook: Var(P - W) = Var P + Var W - 2 Cov, with Cov = share Var P.
    variance = se_place**2 + se_whole**2 - 2 * share * se_place**2
    assert arm == pytest.approx(z * variance**0.5, rel=1e-12)
    # The ratio to the whole follows from the ratio to the rest, which is monotone in it.
    to_rest = compare(
        table.assign(
            comparator=rest,
            comparator_lower=rest - z * se_rest,
            comparator_upper=rest + z * se_rest,
        ),
        polarity="no_judgement",
    ).loc["x"]
    for side in ("ratio", "ratio_lower", "ratio_upper"):
        q = to_rest[side]
        assert got[side] == pytest.approx(q / (share * q + 1 - share), rel=1e-12)
    apart = compare(table, polarity="no_judgement").loc["x"]
    assert apart["difference_lower"] < got["difference_lower"]
    assert table.assign(share=NAN).pipe(compare, polarity="no_judgement").loc["x"].equals(apart)


def test_differences_of_a_place_inside_its_comparator_hold_95_per_cent():
    rng = np.random.default_rng(3)
    runs, share, z = 40_000, 0.4, 1.959963984540054
    place, rest = 10 + rng.standard_normal(runs), 10 + 0.7 * rng.standard_normal(runs)
    whole = share * place + (1 - share) * rest
    arm = z * np.hypot(share, (1 - share) * 0.7)
    table = pd.DataFrame(
        {
            "value": place,
            "lower": place - z,
            "upper": place + z,
            "comparator": whole,
            "comparator_lower": whole - arm,
            "comparator_upper": whole + arm,
        }
    )
    inside = compare(table.assign(share=share), polarity="no_judgement")
    outside = compare(table, polarity="no_judgement")
    assert (inside["verdict"] == "similar").mean() == pytest.approx(0.95, abs=0.004)
    assert (inside["verdict_998"] == "similar").mean() == pytest.approx(0.998, abs=0.001)
    assert (outside["verdict"] == "similar").mean() > 0.98


@pytest.mark.parametrize("share", [-0.1, 1.0])
def test_a_share_outside_its_range_names_the_row(share):
    table = pairs(value=1.0, comparator=2.0, share=share)
    message = f"row x: share {share}: expected 0 up to but not including 1"
    with pytest.raises(ValueError, match=f"^{re.escape(message)}$"):
        compare(table, polarity="no_judgement")


def test_a_value_outside_its_limits_names_the_row():
    table = pairs(value=5.0, lower=6.0, upper=7.0, comparator=2.0)
    message = "row 0: the value 5.0 is outside its limits 6.0 to 7.0"
    with pytest.raises(ValueError, match=f"^{re.escape(message)}$"):
        compare(table, polarity="no_judgement")


def test_a_missing_column_is_named():
    message = "the table has no column lower, upper, comparator; it has value"
    with pytest.raises(ValueError, match=f"^{re.escape(message)}$"):
        compare(pd.DataFrame({"value": [1.0]}), polarity="no_judgement")


def test_an_empty_table_gives_an_empty_result():
    columns = ["value", "lower", "upper", "comparator"]
    got = compare(pd.DataFrame(columns=columns, dtype=float), polarity="higher_is_better")
    assert got.empty
    assert list(got.columns)[:5] == ["verdict", "verdict_998", "method", "confidence", "tested"]


def test_against_an_exact_comparator_both_rules_agree():
    rng = np.random.default_rng(5)
    value = rng.normal(50, 10, 2000)
    arms = rng.uniform(0, 15, (2, 2000))
    table = pd.DataFrame(
        {"value": value, "lower": value - arms[0], "upper": value + arms[1], "comparator": 50.0}
    )
    old, _ = verdicts(*table.to_numpy().T, polarity="higher_is_better", decimals=1)
    got = compare(table, polarity="higher_is_better")
    assert got["verdict"].tolist() == old.tolist()
    assert got["method"].unique().tolist() == ["overlap"]
    # Whatever is real at 99.8% is so at 95%, and named alike.
    firm = got["verdict_998"] != "similar"
    assert (got["verdict_998"] == got["verdict"])[firm].all()
    assert 0 < firm.sum() < (got["verdict"] != "similar").sum()
