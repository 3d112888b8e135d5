import re

import numpy as np
import pandas as pd
import pytest
from PHStatsMethods import ph_mean, ph_proportion, ph_rate

from outcomes.statistics.intervals import means, proportions, rates

NAN = float("nan")
LIMITS = ["value", "lower", "upper"]


def read(shared_data, name, sheet):
    table = pd.read_excel(
        shared_data / "phe-methods" / f"testdata_{name}.xlsx", sheet_name=sheet, engine="calamine"
    )
    return table.rename(columns=lambda column: column.strip().lower())


@pytest.mark.shared_data
@pytest.mark.parametrize(
    ("function", "name", "sheet", "rows"),
    [(proportions, "Proportion", "testdata_Prop", 19), (rates, "Rate", "testdata_Rate", 20)],
)
def test_each_row_has_the_official_value_and_limits(shared_data, function, name, sheet, rows):
    table = read(shared_data, name, sheet)
    assert len(table) == rows
    for per, part in table.groupby("multiplier"):
        counts = part[["area", "numerator", "denominator"]]
        for confidence, label in ((0.95, "95"), (0.998, "99_8")):
            result = function(counts, per=per, confidence=confidence)
            expected = part[["value", f"lower_{label}_ci", f"upper_{label}_ci"]]
            np.testing.assert_allclose(
                result[LIMITS].to_numpy(), expected.to_numpy(), rtol=1e-9, equal_nan=True
            )
            assert ((result["reason"] != "") == result["value"].isna()).all()


@pytest.mark.shared_data
@pytest.mark.parametrize(
    ("function", "name", "sheet", "rows"),
    [(proportions, "Proportion", "testdata_Prop", 11), (rates, "Rate", "testdata_Rate", 12)],
)
def test_added_up_rows_have_the_official_value_and_limits(shared_data, function, name, sheet, rows):
    expected = read(shared_data, name, f"{sheet}_g").set_index("area")
    assert len(expected) == rows
    per = expected["multiplier"].iloc[0]
    result = function(read(shared_data, name, sheet), by="area", per=per).set_index("area")
    wanted = expected.loc[result.index, ["value", "lower_95_ci", "upper_95_ci"]]
    np.testing.assert_allclose(
        result[LIMITS].to_numpy(), wanted.to_numpy(), rtol=1e-9, equal_nan=True
    )
    assert result["n"].sum() == len(read(shared_data, name, sheet))


@pytest.mark.shared_data
def test_means_are_the_official_ones_and_a_missing_value_makes_its_group_missing(shared_data):
    table = read(shared_data, "Mean", "testdata_Mean").rename(columns={"values": "value"})
    for sheet, rows in (
        ("testdata_Mean_results", table[table["value"].notna()]),
        ("testdata_Mean_results_NA", table),
    ):
        expected = read(shared_data, "Mean", sheet).set_index("area").loc[["Area1", "Area2"]]
        for confidence, label in ((0.95, "95"), (0.998, "99_8")):
            result = means(rows, by="area", confidence=confidence).set_index("area")
            wanted = expected[["value", f"lower_{label}_ci", f"upper_{label}_ci", "stdev"]]
            np.testing.assert_allclose(
                result[[*LIMITS, "sd"]].to_numpy(), wanted.to_numpy(), rtol=1e-9, equal_nan=True
            )
    assert result["reason"].tolist() == ["a value is missing", ""]


@pytest.mark.shared_data
def test_percentages_of_measured_children_are_the_official_ones(shared_data):
    table = pd.read_csv(shared_data / "phe-methods" / "NCMP_testdata.csv")
    assert len(table) == 240
    result = proportions(table.rename(columns={"Count": "numerator", "Measured": "denominator"}))
    np.testing.assert_allclose(result[LIMITS], table[["Rate", "LCL", "UCL"]], rtol=1e-9)


def test_random_tables_agree_with_the_official_tool():
    rng = np.random.default_rng(11)
    denominator = rng.integers(1, 9000, 60).astype(float)
    table = pd.DataFrame(
        {
            "area": [f"A{i % 20:02}" for i in range(60)],
            "numerator": rng.binomial(denominator.astype(int), 0.02).astype(float),
            "denominator": denominator,
        }
    )
    for ours, theirs in (
        (proportions(table, per=1, by="area"), ph_proportion),
        (rates(table, by="area"), ph_rate),
    ):
        official = theirs(table, "numerator", "denominator", group_cols=["area"]).set_index("area")
        wanted = official.filter(regex="(?i)^value$|lower|upper").loc[ours["area"]]
        assert wanted.shape == (20, 3)
        np.testing.assert_allclose(ours[LIMITS].to_numpy(), wanted.to_numpy(float), rtol=1e-9)
    values = pd.DataFrame({"area": table["area"], "value": rng.normal(7, 2, 60)})
    official = ph_mean(values, "value", ["area"]).set_index("area")
    ours = means(values, by="area")
    wanted = official.filter(regex="(?i)^mean$|^value$|lower|upper").loc[ours["area"]]
    np.testing.assert_allclose(ours[LIMITS].to_numpy(), wanted.to_numpy(float), rtol=1e-9)


def test_a_table_keeps_its_columns_and_order_and_gains_what_explains_the_result():
    table = pd.DataFrame(
        {"area_code": ["b", "a"], "numerator": [5, 0], "denominator": [10, 40]}, index=[7, 3]
    )
    result = proportions(table)
    assert result.index.tolist() == [7, 3]
    assert list(result) == [
        *["area_code", "numerator", "denominator", *LIMITS],
        *["method", "confidence", "n", "reason"],
    ]
    assert result["value"].tolist() == [50.0, 0.0]
    assert result[["method", "confidence", "n", "reason"]].iloc[0].tolist() == [
        "wilson",
        0.95,
        1,
        "",
    ]
    assert list(table) == ["area_code", "numerator", "denominator"]


def test_the_method_of_a_rate_is_named_on_both_sides_of_ten():
    table = pd.DataFrame({"numerator": [9.0, 10.0], "denominator": [100.0, 100.0]})
    assert rates(table)["method"].tolist() == ["exact_poisson", "byar"]


def test_what_is_missing_or_nothing_has_no_value_but_a_reason():
    table = pd.DataFrame(
        {"numerator": [NAN, 1, 0, 3, NAN], "denominator": [5, NAN, 0, 0, NAN]},
    )
    result = rates(table)
    assert result[LIMITS].isna().all(axis=None)
    assert result["method"].tolist() == [""] * 5
    assert result["reason"].tolist() == [
        "the numerator is missing",
        "the denominator is missing",
        "the denominator is 0",
        "the denominator is 0",
        "the numerator is missing",
    ]
    assert proportions(table.iloc[:3])[LIMITS].isna().all(axis=None)


def test_whole_numbers_with_gaps_and_categories_are_read_as_they_are():
    table = pd.DataFrame(
        {
            "area": pd.Categorical(["a", "b", "b"], categories=["a", "b", "unused"]),
            "numerator": pd.array([1, None, 3], dtype="Int64"),
            "denominator": pd.array([5, 6, 4], dtype="Int64"),
        }
    )
    assert proportions(table)["value"].isna().tolist() == [False, True, False]
    result = proportions(table, by="area")
    assert result["area"].tolist() == ["a", "b"]
    assert result["value"].isna().tolist() == [False, True]


def test_a_group_without_a_name_is_kept():
    table = pd.DataFrame({"area": ["a", None], "numerator": [1, 2], "denominator": [4, 8]})
    assert proportions(table, by=["area"])["n"].tolist() == [1, 1]
    assert means(table.assign(value=1.0), by="area")["n"].tolist() == [1, 1]


def test_more_events_than_people_is_a_rate_but_not_a_proportion():
    table = pd.DataFrame({"numerator": [1, 250], "denominator": [2, 220]}, index=["x", "y"])
    assert rates(table, per=1)["value"].iloc[1] == pytest.approx(250 / 220)
    message = "row y: numerator 250.0: expected no more than the denominator"
    with pytest.raises(ValueError, match=f"^{re.escape(message)}$"):
        proportions(table)


@pytest.mark.parametrize(
    ("columns", "message"),
    [
        (
            {"numerator": [1, -1], "denominator": [5, 5]},
            "row 1: numerator -1.0: expected 0 or more",
        ),
        (
            {"numerator": [1.0], "denominator": [-5.0]},
            "row 0: denominator -5.0: expected 0 or more",
        ),
        ({"numerator": [1.0]}, "the table has no column denominator; it has numerator"),
    ],
)
def test_counts_that_cannot_be_are_refused(columns, message):
    for function in (proportions, rates):
        with pytest.raises(ValueError, match=f"^{re.escape(message)}$"):
            function(pd.DataFrame(columns))


def test_single_values_have_a_mean_without_limits():
    result = means(pd.DataFrame({"area": ["a", "b", "b"], "value": [4.0, 1.0, 3.0]}), by="area")
    assert result["value"].tolist() == [4.0, 2.0]
    assert result["lower"].isna().tolist() == [True, False]
    assert result["reason"].tolist() == ["one value alone has no interval", ""]


def test_empty_tables_give_empty_results():
    table = pd.DataFrame({"area": [], "numerator": [], "denominator": [], "value": []})
    for result in (proportions(table), rates(table, by="area"), means(table, by="area")):
        assert len(result) == 0
        assert {*LIMITS, "method", "confidence", "n", "reason"} <= set(result)
