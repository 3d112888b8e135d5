"""The sample's own tables, read back from the store: sums, small numbers, every planted feature."""

import itertools
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from outcomes.parameters import Parameters, read_yaml
from outcomes.sources.add import open_known_store
from outcomes.statistics.inequality import reversals, take_up

PROJECT = Path(__file__).resolve().parents[2]
OWN = PROJECT / "data" / "sample" / "own"
PARAMETERS = Parameters(PROJECT / "parameters")
COUNTY, OUTLIER = "X10000001", "X07000012"
OURS = [f"X07{number:06d}" for number in range(1, 13)]
FIFTHS = ["1 most deprived", "2", "3", "4", "5 least deprived"]
OBESITY = "own/childhood-obesity/Children with obesity"
SMOKERS = "own/smoking/Adults who smoke cigarettes"
JOBS = ["Managerial and professional jobs", "Routine and manual jobs"]
FALLS = "own/emergency-admissions/Emergency admissions for falls"
IDLE = "own/not-in-education-or-work/Young people not in education or work"
LIFE = "own/life-expectancy/Life expectancy at birth"
NEED, SERVED = "own/help-at-home/Needs help at home", "own/help-at-home/Receives help at home"
ROADS = "own/residents-survey/Feels that the roads are safe"
SURROUNDINGS = "own/residents-survey/Is content with the local environment"
VALUE = "own/residents-survey/Thinks that the council provides good value for money"
TRUST = "own/residents-survey/Thinks that the council is trustworthy"
SURVEY = [ROADS, SURROUNDINGS, VALUE, TRUST]
GROUPED = [OBESITY, SMOKERS, IDLE, NEED, SERVED]


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
    mappings = [read_yaml(path) for path in OWN.glob("*.yml")]
    described = {f"own/{it['id']}/{measure}" for it in mappings for measure in it["measures"]}
    assert set(held[held.str.startswith("own/")]) == described
    assert {*GROUPED, FALLS, LIFE, *SURVEY} < described


@pytest.mark.parametrize("series", [*GROUPED, FALLS, LIFE, *SURVEY])
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

    def test_more_smoke_though_fewer_do_in_each_kind_of_job(self, rows):
        rates, bases = of_county(rows(SMOKERS)), of_county(rows(SMOKERS), "denominator")
        assert list(rates.columns) == ["", *JOBS]
        assert (rates[JOBS[0]] < rates[JOBS[1]] / 2).all()
        change = rates.iloc[-1] - rates.iloc[0]
        error = np.hypot(*(standard_error(rates, bases).iloc[at] for at in (0, -1)))
        assert (change / error)[""] > 3
        assert (change / error)[JOBS].max() < -3
        manual = bases[JOBS[1]] / bases[""]
        assert manual.iloc[-1] > manual.iloc[0] + 0.2

    def test_the_reversal_of_smoking_is_found_as_one_in_the_county_and_every_district(self, rows):
        parts = rows(SMOKERS).query("group != ''")
        ends = (parts["period_start"].min(), parts["period_start"].max())
        found = reversals(parts, by=["area_code"], between="period_start", pair=ends, per=100)
        found = found.set_index("area_code")
        assert found.loc[COUNTY, "verdict"] == "full_reversal"
        assert found.loc[COUNTY, "rate_effect"] < 0 < found.loc[COUNTY, "mix_effect"]
        assert (found.loc[OURS, "change"] > 0).all()

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
        rate = 10_000 * table["numerator"] / table["denominator"]
        np.testing.assert_allclose(table["value"], rate, atol=0.05001)

    def test_a_small_group_does_several_times_worse_than_the_whole(self, rows):
        rates, bases = of_county(rows(IDLE)), of_county(rows(IDLE), "denominator")
        assert (rates["Left care"] / rates[""]).min() > 7
        assert (bases["Left care"] / bases[""]).max() < 0.02
        table = rows(IDLE)
        small = table[(table["group"] == "Left care") & (table["area_code"] != COUNTY)]
        assert small["denominator"].between(20, 60).all()

    def test_two_answers_change_between_the_waves_and_the_others_may_be_chance(self, rows):
        def moved(series):
            table = rows(series)
            rates = table.pivot(index="area_code", columns="period", values="value")
            answers = table.pivot(index="area_code", columns="period", values="denominator")
            error = np.sqrt((standard_error(rates, answers) ** 2).sum(axis=1))
            return (rates["2024/25"] - rates["2022/23"]) / error

        assert moved(ROADS)[COUNTY] < -5
        assert moved(VALUE)[COUNTY] > 5
        assert moved(SURROUNDINGS).abs().max() < 1.96
        assert moved(TRUST).abs().max() < 1.96

    @pytest.mark.parametrize("series", [*SURVEY, SMOKERS])
    def test_a_survey_has_the_limits_that_follow_from_its_answers(self, rows, series):
        table = rows(series)
        half = 1.96 * standard_error(table["value"], table["denominator"])
        np.testing.assert_allclose(table["lower"], table["value"] - half, atol=0.0051)
        np.testing.assert_allclose(table["upper"], table["value"] + half, atol=0.0051)

    def test_every_question_was_answered_by_the_same_people(self, rows):
        keys = ["area_code", "period"]
        answers = [rows(it).set_index(keys)["denominator"].sort_index() for it in SURVEY]
        for other in answers[1:]:
            pd.testing.assert_series_equal(other, answers[0])

    def test_only_the_most_deprived_are_served_less_than_their_need(self, rows):
        need, served = (rows(it).query("group != ''") for it in (NEED, SERVED))
        found = take_up(need, served, by=["area_code", "period"])
        county = found[found["area_code"] == COUNTY].pivot(
            index="period", columns="group", values="verdict"
        )
        assert county.shape == (3, 5)
        assert (county.pop(FIFTHS[0]) == "under_served").all()
        assert (county == "in_line").all(axis=None)

    def test_those_served_are_some_of_those_in_need_out_of_the_same_people(self, rows):
        keys = ["area_code", "period", "group"]
        need, served = (rows(it).set_index(keys).sort_index() for it in (NEED, SERVED))
        assert (served["denominator"] == need["denominator"]).all()
        assert (served["numerator"] < need["numerator"]).all()
        whole = served["numerator"] / need["numerator"]
        by_group = whole[COUNTY].groupby("group").mean()
        assert by_group.idxmin() == FIFTHS[0]
        assert by_group[FIFTHS[0]] < 0.9 * by_group[""]

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


STORE = PARAMETERS.store("sample")
OF_OURS = {name: found for name, found in STORE.series.items() if found.id.startswith("own/")}
MEASURES = {
    f"own/{mapping['id']}/{name}": measure
    for mapping in map(read_yaml, sorted(OWN.glob("*.yml")))
    for name, measure in mapping["measures"].items()
}


def test_the_planted_features_serve_indicators():
    assert {name: (found.id, found.group) for name, found in OF_OURS.items()} == {
        "life_expectancy_women": (LIFE, "Female"),
        "life_expectancy_men": (LIFE, "Male"),
        "childhood_obesity": (OBESITY, ""),
        "adult_smoking": (SMOKERS, ""),
        "young_people_not_in_education_or_work": (IDLE, ""),
        "residents_who_feel_roads_are_safe": (ROADS, ""),
        "injuries_to_adults": (FALLS, ""),
        "perception_of_environment": (SURROUNDINGS, ""),
        "receiving_social_care": (SERVED, ""),
    }
    assert STORE.series["receiving_social_care"].need == NEED
    assert STORE.council_measures == {1: VALUE, 6: TRUST}
    assert STORE.series["anti_social_behaviour"].id == (
        "els/anti-social-behaviour/Anti-social behaviour incidents"
    )


@pytest.mark.parametrize("name", OF_OURS)
def test_an_indicator_and_its_own_series_are_counted_alike(name):
    indicator, measure = PARAMETERS.indicators[name], MEASURES[OF_OURS[name].id]
    ours = (indicator.value_type, indicator.polarity)
    assert (measure["value_type"], measure["polarity"]) == ours
    usual = 100 if measure["value_type"] == "proportion" else None
    assert measure.get("per", usual) == indicator.per
    first = indicator.unit.split(" adults")[0]
    assert measure["unit"].startswith(first)


@pytest.mark.parametrize("series", [VALUE, TRUST])
def test_a_whole_council_measure_has_its_number_of_answers(rows, series):
    table = rows(series)
    county = table[table["area_code"] == COUNTY]
    assert county["period"].tolist() == ["2022/23", "2024/25"]
    assert (county["denominator"] > 5000).all()


def test_every_series_that_the_sample_store_names_is_in_it(home):
    named = {found.id for found in STORE.series.values()}
    named |= {found.need for found in STORE.series.values() if found.need}
    held = open_known_store("sample").series().index
    assert {*named, *STORE.council_measures.values()} - set(held) == set()


def test_the_groups_whose_gap_is_followed_are_those_of_the_sample(rows):
    (pair,) = PARAMETERS.indicators["childhood_obesity"].between
    assert {pair.first, pair.second} < set(rows(OBESITY).query("group_kind == @pair.kind")["group"])
    (pair,) = PARAMETERS.indicators["life_expectancy_women"].between
    assert {pair.first, pair.second} == set(rows(LIFE).query("group_kind == @pair.kind")["group"])


def test_a_planted_feature_is_listed_for_every_table():
    listed = (OWN.parents[1] / "README.md").read_text(encoding="utf-8").split("## What is planted")
    names = [path.stem for path in OWN.glob("*.csv") if path.stem != "residents-panel"]
    missing = [name for name in itertools.chain(names, ["anti-social-behaviour"])
               if f"`{name}`" not in listed[1]]  # fmt: skip
    assert missing == []
