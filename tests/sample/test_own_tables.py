"""The sample's own tables, read back from the store: sums, small numbers, every planted feature."""

import itertools
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import yaml

from outcomes.sources.add import open_known_store
from outcomes.statistics.inequality import take_up

OWN = Path(__file__).parents[2] / "data" / "sample" / "own"
COUNTY, OUTLIER = "X10000001", "X07000012"
OURS = [f"X07{number:06d}" for number in range(1, 13)]
FIFTHS = ["1 most deprived", "2", "3", "4", "5 least deprived"]
OBESITY = "own/childhood-obesity/Children with obesity"
DELAYED = "own/delayed-discharges/Delayed discharges"
FALLS = "own/emergency-admissions/Emergency admissions for falls"
IDLE = "own/not-in-education-or-work/Young people not in education or work"
LIFE = "own/life-expectancy/Life expectancy at birth"
NEED, SERVED = "own/help-at-home/Needs help at home", "own/help-at-home/Receives help at home"
DOCTOR = "own/residents-survey/Finds it easy to see a doctor"
COMMUNITY = "own/residents-survey/Feels part of the community"
GROUPED = [OBESITY, DELAYED, IDLE, NEED, SERVED]


@pytest.fixture
def rows(home):
    """Return the rows of a series that the store shows."""
    store = open_known_store("sample")
    return lambda series: store.observations([series])


def of_county(table, column="value"):
    """Return the county's figures: one row a period, one column a group, '' for everyone."""
    table = table[table["area_code"] == COUNTY]
    return table.pivot(index="period_start", columns="group", values=column).sort_index()


def standard_error(rates, bases):
    return np.sqrt(rates * (100 - rates) / bases)


def test_the_store_has_a_series_for_every_measure(home):
    held = open_known_store("sample").series().reset_index()["series"]
    mappings = [yaml.safe_load(path.read_text(encoding="utf-8")) for path in OWN.glob("*.yml")]
    described = {f"own/{it['id']}/{measure}" for it in mappings for measure in it["measures"]}
    assert set(held[held.str.startswith("own/")]) == described
    new = {*GROUPED, FALLS, LIFE, DOCTOR, COMMUNITY}
    assert new < described


@pytest.mark.parametrize("series", [*GROUPED, FALLS, LIFE, DOCTOR, COMMUNITY])
def test_nothing_is_withheld_because_no_number_is_small(rows, series):
    table = rows(series)
    assert set(table["status"]) == {"final"}
    assert table["value"].notna().all()
    assert not (table[["numerator", "denominator"]] < 5).any(axis=None)


@pytest.mark.parametrize("series", GROUPED)
def test_groups_add_up_to_everyone_and_districts_to_the_county(rows, series):
    table = rows(series)
    assert set(table["area_code"]) == {COUNTY, *OURS}
    keys, counts = ["area_code", "period"], ["numerator", "denominator"]
    whole = table[table["group"] == ""].set_index(keys)[counts].sort_index()
    parts = table[table["group"] != ""].groupby(keys)[counts].sum()
    pd.testing.assert_frame_equal(parts, whole)
    keys = ["period", "group"]
    county = table[table["area_code"] == COUNTY].set_index(keys)[counts].sort_index()
    districts = table[table["area_code"] != COUNTY].groupby(keys)[counts].sum()
    pd.testing.assert_frame_equal(districts, county)


class TestPlantedFeatures:
    def test_the_gap_of_childhood_obesity_widens_while_the_whole_improves(self, rows):
        values = of_county(rows(OBESITY))
        assert list(values.columns) == ["", *FIFTHS]
        first, last = values.iloc[0], values.iloc[-1]
        gap = values[FIFTHS[0]] - values[FIFTHS[-1]]
        assert gap.iloc[-1] > gap.iloc[0] + 5
        assert np.corrcoef(np.arange(len(gap)), gap)[0, 1] > 0.9
        assert 0.5 < first[""] - last[""] < 2.5
        assert last[FIFTHS[0]] > first[FIFTHS[0]]

    def test_delayed_discharges_rise_though_they_fall_in_each_age_group(self, rows):
        rates, bases = of_county(rows(DELAYED)), of_county(rows(DELAYED), "denominator")
        change = rates.iloc[-1] - rates.iloc[0]
        error = np.hypot(*(standard_error(rates, bases).iloc[at] for at in (0, -1)))
        assert (change / error)[""] > 3
        assert (change / error)[["65 to 79", "80 and over"]].max() < -3
        older = bases["80 and over"] / bases[""]
        assert older.iloc[-1] > older.iloc[0] + 0.2

    def test_one_district_lies_far_outside_the_funnel(self, rows):
        table = rows(FALLS)
        assert table["area_code"].nunique() == 47
        table = table[table["area_code"].str.startswith("X07")]
        counts = table.pivot(index="area_code", columns="period", values="numerator")
        bases = table.pivot(index="area_code", columns="period", values="denominator")
        expected = bases * (counts.sum() / bases.sum())
        away = ((counts - expected) / np.sqrt(expected)).abs()
        assert counts.shape == (36, 6)
        assert away.loc[OUTLIER].min() > 8
        assert away.drop(index=OUTLIER).max(axis=None) < 3.09

    def test_the_published_rate_follows_from_the_numbers(self, rows):
        table = rows(FALLS)
        rate = 1000 * table["numerator"] / table["denominator"]
        np.testing.assert_allclose(table["value"], rate, atol=0.005001)

    def test_a_small_group_does_several_times_worse_than_the_whole(self, rows):
        rates, bases = of_county(rows(IDLE)), of_county(rows(IDLE), "denominator")
        assert (rates["Left care"] / rates[""]).min() > 7
        assert (bases["Left care"] / bases[""]).max() < 0.02
        table = rows(IDLE)
        small = table[(table["group"] == "Left care") & (table["area_code"] != COUNTY)]
        assert small["denominator"].between(20, 60).all()

    def test_one_answer_changes_between_the_waves_and_the_other_may_be_chance(self, rows):
        def moved(series):
            table = rows(series)
            rates = table.pivot(index="area_code", columns="period", values="value")
            answers = table.pivot(index="area_code", columns="period", values="denominator")
            error = np.sqrt((standard_error(rates, answers) ** 2).sum(axis=1))
            return (rates["2024/25"] - rates["2022/23"]) / error

        assert moved(DOCTOR)[COUNTY] < -5
        assert moved(COMMUNITY).abs().max() < 1.96

    def test_only_the_most_deprived_are_served_less_than_their_need(self, rows):
        need, served = (rows(it).query("group != ''") for it in (NEED, SERVED))
        found = take_up(need, served, by=["area_code", "period"])
        county = found[found["area_code"] == COUNTY].pivot(
            index="period", columns="group", values="verdict"
        )
        assert county.shape == (3, 5)
        assert (county.pop(FIFTHS[0]) == "under_served").all()
        assert (county == "in_line").all(axis=None)

    def test_those_served_are_out_of_those_in_need(self, rows):
        keys = ["area_code", "period", "group"]
        need, served = (rows(it).set_index(keys).sort_index() for it in (NEED, SERVED))
        assert (served["denominator"] == need["numerator"]).all()

    def test_the_gap_in_life_expectancy_closes_slowly(self, rows):
        values = of_county(rows(LIFE))
        assert list(values.columns) == ["Female", "Male"]
        gap = values["Female"] - values["Male"]
        assert 0.4 < gap.iloc[0] - gap.iloc[-1] < 1
        assert gap.min() > 3

    def test_life_expectancy_pools_three_years_and_has_limits(self, rows):
        table = rows(LIFE)
        days = (table["period_end"] - table["period_start"]).dt.days
        assert days.between(1094, 1095).all()
        assert (table["lower"] < table["value"]).all()
        assert (table["value"] < table["upper"]).all()
        half = (table["upper"] - table["lower"]) / 2
        county = table["area_code"] == COUNTY
        assert half[county].max() < half[~county].min()


def test_a_planted_feature_is_listed_for_every_table():
    listed = (OWN.parents[1] / "README.md").read_text(encoding="utf-8").split("## What is planted")
    names = [path.stem for path in OWN.glob("*.csv") if path.stem != "residents-panel"]
    missing = [name for name in itertools.chain(names, ["anti-social-behaviour"])
               if f"`{name}`" not in listed[1]]  # fmt: skip
    assert missing == []
