import re

import numpy as np
import pandas as pd
import pytest

from outcomes.statistics.inequality import duncan_index, zone_scores

PUBLISHED = {
    "Depop": ("Depopulation", "higher_is_better"),
    "CP": ("Child Poverty", "lower_is_better"),
    "Attain": ("Attainment", "higher_is_better"),
    "PD": ("Participation", "higher_is_better"),
    "EA": ("Emergency Admissions", "lower_is_better"),
    "crime": ("Crime Rate", "lower_is_better"),
}


@pytest.fixture(scope="module")
def cpop(shared_data):
    return shared_data / "cpop"


def published(folder, year, column):
    index = pd.read_csv(folder / "DuncanIndex.csv")
    return index[index["year"] == year].set_index("la")[column].dropna()


def zones(folder, year, column):
    table = pd.read_csv(folder / "Duncan inputs" / f"{year} IGZ1.csv")
    names = {"inc.n": "deprived", "noninc.n": "others", column: "value"}
    return table[["la", *names]].rename(columns=names)


@pytest.mark.shared_data
@pytest.mark.parametrize("year", [2015, 2021])
@pytest.mark.parametrize("column", PUBLISHED)
def test_published_index_is_reproduced_for_all_councils(cpop, year, column):
    name, polarity = PUBLISHED[column]
    expected = published(cpop, year, name)
    if expected.empty:
        assert (name, year) == ("Attainment", 2021)
        return
    table = zones(cpop, year, column)
    found = duncan_index(table, by=["la"], polarity=polarity, ties="row_order").set_index("la")
    assert len(found) == 32
    assert np.abs(found["index"] - expected.drop("Scotland")).max() < 1e-9
    # Scotland's published figure is the plain mean of the councils'.
    assert found["index"].mean() == pytest.approx(expected["Scotland"], abs=1e-9)


@pytest.mark.shared_data
def test_early_mortality_was_published_from_other_inputs(cpop):
    table = zones(cpop, 2015, "EM")
    found = duncan_index(table, by=["la"], polarity="lower_is_better", ties="row_order")
    expected = published(cpop, 2015, "Early Mortality").drop("Scotland")
    assert np.abs(found.set_index("la")["index"] - expected).max() > 0.01


def council(values, deprived, others):
    return pd.DataFrame({"la": "A", "value": values, "deprived": deprived, "others": others})


def test_all_deprived_people_in_the_worst_zone_is_one():
    table = council([1.0, 2, 3], [0, 0, 10], [10, 10, 0])
    found = duncan_index(table, by=["la"], polarity="lower_is_better").iloc[0]
    assert found["index"] == pytest.approx(1)
    assert (found["n"], found["missing"], found["method"]) == (3, 0, "duncan")
    other = duncan_index(table, by=["la"], polarity="higher_is_better").iloc[0]
    assert other["index"] == pytest.approx(-1)


def test_even_shares_are_no_inequality():
    table = council([1.0, 2, 3], [1, 2, 3], [10, 20, 30])
    assert duncan_index(table, by=["la"], polarity="lower_is_better")["index"][0] == (
        pytest.approx(0, abs=1e-15)
    )


def test_hand_worked_example():
    # a = 0.1, 0.4, 1; b = 0.5, 0.8, 1: 0.1*0.8 - 0.4*0.5 + 0.4*1 - 1*0.8 = -0.52.
    table = council([3.0, 1, 2], [6, 1, 3], [2, 5, 3])
    found = duncan_index(table, by=["la"], polarity="lower_is_better")
    assert found["index"][0] == pytest.approx(0.52)


def test_joined_ties_do_not_depend_on_the_order_of_rows():
    table = council([1.0, 1, 2, 2], [1, 6, 2, 8], [9, 4, 8, 2])
    turned = table.iloc[::-1]
    joined = [duncan_index(t, by=["la"], polarity="lower_is_better") for t in (table, turned)]
    rows = [
        duncan_index(t, by=["la"], polarity="lower_is_better", ties="row_order")
        for t in (table, turned)
    ]
    assert joined[0]["index"][0] == pytest.approx(joined[1]["index"][0], abs=1e-15)
    assert abs(rows[0]["index"][0] - rows[1]["index"][0]) > 0.1


@pytest.mark.parametrize(("missing", "known"), [(2, True), (3, False)])
def test_more_than_a_fifth_missing_gives_no_index(missing, known):
    values = np.r_[np.full(missing, np.nan), np.arange(10.0 - missing)]
    table = council(values, np.arange(1, 11), np.arange(10, 0, -1))
    found = duncan_index(table, by=["la"], polarity="higher_is_better").iloc[0]
    assert np.isnan(found["index"]) != known
    assert found["missing"] == missing
    assert found["reason"] == ("" if known else "more than 20% of the zones are missing")


def test_nobody_deprived_gives_no_index():
    found = duncan_index(
        council([1.0, 2], [0, 0], [5, 5]), by=["la"], polarity="higher_is_better"
    ).iloc[0]
    assert np.isnan(found["index"])
    assert found["reason"] == "no deprived or no other people"


def test_a_council_of_one_zone_has_no_inequality():
    found = duncan_index(council([1.0], [3], [5]), by=["la"], polarity="higher_is_better")
    assert found["index"][0] == 0


def test_an_empty_table_gives_an_empty_index():
    table = council([1.0], [3], [5]).iloc[:0]
    assert len(duncan_index(table, by=["la"], polarity="higher_is_better")) == 0


def test_wrong_input_is_named():
    table = council([1.0, 2], [-1, 0], [5, 5])
    with pytest.raises(ValueError, match=re.escape("deprived of A, -1: expected 0 or more")):
        duncan_index(table, by=["la"], polarity="higher_is_better")
    with pytest.raises(ValueError, match=re.escape("ties 'no': expected 'joined' or 'row_order'")):
        duncan_index(table, by=["la"], polarity="higher_is_better", ties="no")


def zone_table(values, start="2020-01-01", series="jobs"):
    return pd.DataFrame(
        {
            "series": series,
            "area_code": [f"Z{i}" for i in range(len(values))],
            "council": ["A", "A", "A", "B", "B", "B"][: len(values)],
            "period_start": pd.Timestamp(start),
            "period_end": pd.Timestamp(start) + pd.DateOffset(years=1, days=-1),
            "value": values,
        }
    )


def two_years(old, new):
    return pd.concat([zone_table(old), zone_table(new, "2022-01-01")], ignore_index=True)


def test_hand_worked_scores():
    table = two_years([1.0, 1, 1, 2, 2, 2], [1.0, 2, 3, 2, 4, 6])
    found = zone_scores(table, within="council", polarity="higher_is_better")
    assert found["score"].tolist() == pytest.approx([-1, 0, 1, -1, 0, 1])
    assert found["change"].tolist() == pytest.approx([0, 1, 2, 0, 1, 2])
    assert found["change_score"].tolist() == pytest.approx([-1, 0, 1, -1, 0, 1])
    assert (found["n"] == 3).all()
    turned = zone_scores(table, within="council", polarity={"jobs": "lower_is_better"})
    assert turned["score"].tolist() == pytest.approx([1, 0, -1, 1, 0, -1])
    assert turned["change_score"].tolist() == pytest.approx([1, 0, -1, 1, 0, -1])


def test_missing_and_zero_values_have_no_score_or_change():
    table = two_years([1.0, 0, 2, 2, 2, 2], [1.0, 2, 4, np.nan, 5, 5])
    found = zone_scores(table, within="council", polarity="higher_is_better").set_index("area_code")
    assert np.isnan(found.loc["Z1", "change"])
    assert found.loc["Z1", "reason"] == "no change to score"
    assert found.loc["Z3", "reason"] == "no value in the newest period"
    assert found.loc["Z3", "n"] == 2
    assert found.loc["Z4", "reason"] == "all values are the same"
    assert np.isnan(found.loc[["Z3", "Z4"], "score"]).all()


def test_a_series_without_polarity_and_a_zone_twice_are_named():
    table = zone_table([1.0, 2, 3])
    with pytest.raises(ValueError, match=re.escape("no polarity for series jobs")):
        zone_scores(table, within="council", polarity={})
    with pytest.raises(
        ValueError, match="^two rows for jobs, Z0, 2020-01-01 00:00:00, .*; expected"
    ):
        zone_scores(pd.concat([table, table]), within="council", polarity="higher_is_better")


@pytest.mark.shared_data
@pytest.mark.parametrize("within", ["CPP", "Typology_Group"])
def test_scores_of_all_scottish_zones_agree_with_a_plain_calculation(cpop, within):
    """No scores are published; the other calculation standardises over all Scotland first."""
    path = cpop / "Final data - Sep 2023" / "IGZ Data - Sep 23.xlsx"
    labels = pd.read_excel(path, sheet_name="Labels", engine="calamine")
    sheet = pd.read_excel(path, sheet_name="Out of work benefits - IGZ", engine="calamine")
    wide = sheet.set_index("InterZone").reindex(labels["InterZone"])
    old, new = (wide[column].to_numpy(float) for column in (wide.columns[0], wide.columns[11]))
    key = labels[["InterZone", within]].rename(columns={"InterZone": "area_code"})
    parts = [
        key.assign(
            series="benefits",
            value=values,
            period_start=pd.Timestamp(f"{year}-04-01"),
            period_end=pd.Timestamp(f"{year + 1}-03-31"),
        )
        for year, values in ((2010, old), (2021, new))
    ]
    found = zone_scores(pd.concat(parts), within=within, polarity="lower_is_better")
    found = found.set_index("area_code").loc[labels["InterZone"]]
    change = np.where((old == 0) | (new == 0), np.nan, -(new / np.where(old == 0, 1, old) - 1))
    overall = (change - np.nanmean(change)) / np.nanstd(change, ddof=1)
    for group in labels[within].unique():
        rows = (labels[within] == group).to_numpy()
        if rows.sum() < 2:
            continue
        plain = -(new[rows] - new[rows].mean()) / new[rows].std(ddof=1)
        assert np.abs(found["score"].to_numpy()[rows] - plain).max() < 1e-9
        part = overall[rows]
        plain = (part - np.nanmean(part)) / np.nanstd(part, ddof=1)
        assert np.nanmax(np.abs(found["change_score"].to_numpy()[rows] - plain)) < 1e-9
