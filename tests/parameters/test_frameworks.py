"""What the frameworks and indicators in parameters/ hold, and what is refused in a new one."""

import csv
from collections import Counter
from pathlib import Path

import pytest
import yaml

from outcomes.errors import ParameterError
from outcomes.parameters import Parameters

PARAMETERS = Parameters(Path(__file__).resolve().parents[2] / "parameters")

AN_INDICATOR = {
    "title": "Working-age people in employment",
    "definition": "People aged 16 to 64 in work, out of all of that age.",
    "unit": "%",
    "value_type": "proportion",
    "polarity": "higher_is_better",
    "series": "els/employment-rate/Employment rate",
}


def outcome(number=1, **changes):
    words = {
        "id": f"outcome_{'abcdefghijklmnop'[number]}",
        "number": number,
        "title": "People in {area} are well",
        "short": "Well",
        "question": "Are people in {area} well?",
    }
    return {key: value for key, value in (words | changes).items() if value is not None}


def a_framework(*outcomes):
    return {
        "id": "ours",
        "title": "Ours",
        "area": "Here",
        "source": "a test",
        "outcomes": list(outcomes),
    }


@pytest.fixture
def parameters_with(tmp_path, monkeypatch):
    """Return a function that writes a project with one framework and one indicator."""

    def write(framework):
        folder = tmp_path / "parameters"
        for name in ("frameworks", "indicators"):
            (folder / name).mkdir(parents=True)
        (folder / "places.yml").write_text("trees: {}\n", encoding="utf-8")
        files = {
            "frameworks/ours.yml": framework,
            "indicators/economy.yml": {"employment_rate": AN_INDICATOR},
        }
        for name, values in files.items():
            text = yaml.safe_dump(values, sort_keys=False)
            (folder / name).write_text(text, encoding="utf-8")
        monkeypatch.setenv("OUTCOMES_HOME", str(tmp_path))
        return Parameters(folder)

    return write


def refusal(parameters):
    with pytest.raises(ParameterError) as caught:
        parameters.framework("ours")
    return str(caught.value)


def test_row_147_essex_has_seven_outcomes_in_the_order_of_its_document():
    assert [outcome.id for outcome in PARAMETERS.framework("essex_2014").outcomes] == [
        "best_start",
        "health_and_wellbeing",
        "education_and_learning",
        "safe_communities",
        "economic_growth",
        "environment",
        "independent_living",
    ]


def test_essex_has_55_entries_and_52_indicators():
    essex = PARAMETERS.framework("essex_2014")
    assert len(essex.entries()) == 55
    assert len(essex.indicator_ids()) == 52
    assert [len(outcome.entries) for outcome in essex.outcomes] == [4, 9, 8, 11, 11, 7, 5]


def test_essex_entries_are_numbered_by_outcome_and_position():
    for outcome in PARAMETERS.framework("essex_2014").outcomes:
        expected = [f"{outcome.number}.{n}" for n in range(1, len(outcome.entries) + 1)]
        assert [entry.number for entry in outcome.entries] == expected


def test_one_indicator_serves_three_outcomes_and_one_serves_two():
    numbers = {}
    for entry in PARAMETERS.framework("essex_2014").entries():
        numbers.setdefault(entry.indicator, []).append(entry.number)
    shared = {name: found for name, found in numbers.items() if len(found) > 1}
    assert shared == {
        "employment_rate": ["2.3", "3.4", "5.10"],
        "achieving_at_school": ["2.2", "3.2"],
    }


def test_essex_says_how_certain_each_wording_is():
    entries = PARAMETERS.framework("essex_2014").entries()
    assert Counter(entry.certainty for entry in entries) == {
        "complete": 44,
        "words_completed": 9,
        "uncertain": 2,
    }
    assert [entry.number for entry in entries if entry.certainty == "uncertain"] == ["2.1", "6.7"]


def test_a_wording_that_is_not_complete_says_what_is_uncertain():
    entries = PARAMETERS.framework("essex_2014").entries()
    assert all(entry.note for entry in entries if entry.certainty != "complete")
    assert [entry.note for entry in entries if entry.number == "2.9"] != [None]


def test_essex_has_12_whole_council_measures_each_with_an_action():
    measures = PARAMETERS.framework("essex_2014").council_measures
    assert [measure.number for measure in measures] == list(range(1, 13))
    assert all("survey" in measure.gap for measure in measures)


@pytest.mark.parametrize(
    ("framework_id", "outcomes"),
    [("every_child_matters", 5), ("portsmouth_8", 8), ("nine_outcomes_example", 9)],
)
def test_the_other_frameworks_have_their_number_of_outcomes(framework_id, outcomes):
    framework = PARAMETERS.framework(framework_id)
    assert [outcome.number for outcome in framework.outcomes] == list(range(1, outcomes + 1))


def test_only_the_nine_outcomes_are_an_example():
    examples = [name for name in PARAMETERS.framework_ids() if PARAMETERS.framework(name).example]
    assert "nine_outcomes_example" in examples
    assert not {"essex_2014", "every_child_matters", "portsmouth_8"} & set(examples)


def test_no_outcome_has_a_number_in_it():
    for framework_id in PARAMETERS.framework_ids():
        for outcome in PARAMETERS.framework(framework_id).outcomes:
            assert not any(sign.isdigit() or sign == "%" for sign in outcome.title), outcome.title


def test_every_indicator_is_used_by_a_framework_or_a_basket():
    used = {
        name
        for framework_id in PARAMETERS.framework_ids()
        for name in PARAMETERS.framework(framework_id).indicator_ids()
    }
    used |= {member for indicator in PARAMETERS.indicators.values() for member in indicator.members}
    assert set(PARAMETERS.indicators) - used == set()


def test_no_basket_holds_a_basket():
    indicators = PARAMETERS.indicators
    members = {name for indicator in indicators.values() for name in indicator.members}
    assert [name for name in members if indicators[name].members] == []


def test_the_gap_in_life_expectancy_is_shown_by_women_men_and_a_published_gap():
    assert PARAMETERS.indicators["life_expectancy_gap"].members == (
        "life_expectancy_women",
        "life_expectancy_men",
        "published_life_expectancy_gap",
    )


@pytest.mark.parametrize(
    ("name", "ages"),
    [
        ("employment_rate", (16, 64)),
        ("adult_obesity", (18, None)),
        ("children_in_care", (0, 17)),
        ("injuries_to_children", (0, 14)),
        ("level_of_crime", (0, None)),
    ],
)
def test_a_base_of_people_has_the_ages_of_the_definition(name, ages):
    assert PARAMETERS.indicators[name].people.ages == ages


@pytest.mark.parametrize(
    "name",
    [
        "teenage_pregnancy",
        "fuel_poverty",
        "housing_growth",
        "gcses_in_english_and_maths",
        "reoffending",
        "apprenticeship_starts",
        "pollution",
        "childhood_obesity",
    ],
)
def test_no_base_of_people_is_made_up_where_the_denominator_is_no_age_range(name):
    assert PARAMETERS.indicators[name].people is None


def test_the_sample_declares_the_breaks_that_are_planted_in_it():
    series = PARAMETERS.store("sample").series
    days = {name: [b.since.isoformat() for b in found.breaks] for name, found in series.items()}
    assert {name: found for name, found in days.items() if found} == {
        "good_level_of_development": ["2021-09-01"],
        "fuel_poverty": ["2019-01-01"],
    }


def test_the_sample_leaves_no_near_series_without_a_word_on_how_it_differs():
    series = PARAMETERS.store("sample").series
    assert {name for name, found in series.items() if found.need} == {"receiving_social_care"}
    assert series["injuries_to_adults"].match == "near"
    assert "65 and over" in series["injuries_to_adults"].note
    assert series["receiving_social_care"].match == "near"


def test_obesity_of_children_is_one_of_the_healthy_lifestyles():
    assert PARAMETERS.indicators["healthy_lifestyles"].members == (
        "adult_obesity",
        "childhood_obesity",
        "adult_smoking",
    )
    (gap,) = PARAMETERS.indicators["childhood_obesity"].between
    assert (gap.kind, gap.first, gap.second, gap.label) == (
        "deprivation fifth",
        "1 most deprived",
        "5 least deprived",
        "children in the most and the least deprived areas",
    )


def test_only_a_basket_has_no_unit():
    unitless = {name for name, found in PARAMETERS.indicators.items() if not found.unit}
    assert unitless == {name for name, found in PARAMETERS.indicators.items() if found.members}


@pytest.mark.parametrize(
    "name",
    ["child_protection_plans", "children_in_care", "domestic_abuse", "receiving_social_care"],
)
def test_no_direction_is_called_good_where_more_can_be_either(name):
    assert PARAMETERS.indicators[name].polarity == "no_judgement"


def test_a_framework_of_12_outcomes_loads_with_no_code_change(parameters_with):
    entry = {"number": "1.1", "indicator": "employment_rate", "wording": "People in work"}
    outcomes = [outcome(1, entries=[entry]), *(outcome(number) for number in range(2, 13))]
    framework = parameters_with(a_framework(*outcomes)).framework("ours")
    assert len(framework.outcomes) == 12
    assert framework.indicator_ids() == ["employment_rate"]


def test_an_outcome_without_a_title_is_refused(parameters_with):
    assert refusal(parameters_with(a_framework(outcome(1, title=None), outcome(2)))) == (
        "parameters/frameworks/ours.yml has 1 problem\n"
        "  line 6, outcomes.0.title: this key is required"
    )


def test_an_unknown_indicator_is_refused_with_the_nearest_known_one(parameters_with):
    entry = {"number": "1.1", "indicator": "employment_rat", "wording": "People in work"}
    assert refusal(parameters_with(a_framework(outcome(entries=[entry])))) == (
        "parameters/frameworks/ours.yml: indicator: there is no indicator 'employment_rat'; "
        "did you mean 'employment_rate'?"
    )


def els_names(folder, dataset):
    path = folder / "ons-els" / dataset / f"{dataset}.csv"
    with path.open(encoding="utf-8-sig", newline="") as file:
        return {row["indicator"] for row in csv.DictReader(file)}


def lait_names(folder):
    pandas = pytest.importorskip("pandas")
    path = folder / "lait" / "bds_long_0.parquet"
    return set(pandas.read_parquet(path, columns=["Short Desc"])["Short Desc"])


def life_expectancy(folder):
    path = folder / "fingertips" / "health" / "life_expectancy.csv"
    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    return {
        (f"{row['indicator']}, {row['measure']}, {row['unit']}", row["inequality"]) for row in rows
    }


def obesity(folder):
    path = folder / "fingertips" / "children" / "obese_year6.csv"
    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    return {f"{row['indicator']}, {row['measure']}, {row['unit']}" for row in rows}


@pytest.mark.shared_data
def test_every_group_is_one_that_the_publisher_writes(shared_data):
    groups = {group for _, group in life_expectancy(shared_data)}
    measured = [found for found in PARAMETERS.indicators.values() if found.series]
    of_groups = [found for found in measured if found.series.group_kind]
    assert {found.series.group for found in of_groups} == groups
    named = [group for found in of_groups for b in found.between for group in (b.first, b.second)]
    assert set(named) == groups


@pytest.mark.shared_data
def test_every_series_stands_in_the_publishers_files(shared_data):
    series = sorted(found.series.id for found in PARAMETERS.indicators.values() if found.series)
    assert {name.split("/")[0] for name in series} == {"els", "lait", "trafford"}
    known = {f"lait/{name}" for name in lait_names(shared_data)}
    known |= {f"trafford/life_expectancy/{name}" for name, _ in life_expectancy(shared_data)}
    known |= {f"trafford/obese_year6/{name}" for name in obesity(shared_data)}
    for dataset in {name.split("/")[1] for name in series if name.startswith("els/")}:
        known |= {f"els/{dataset}/{name}" for name in els_names(shared_data, dataset)}
    assert [name for name in series if name not in known] == []
