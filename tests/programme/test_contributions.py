"""What a partner map leaves open."""

import pytest

from outcomes.model.partners import PartnerMap
from outcomes.parameters import load_parameters
from outcomes.parameters.partners import partners_for
from outcomes.programme import check_partners

COUNTY = "X10000001"


@pytest.fixture
def framework(home):
    return load_parameters().framework("essex_2014")


@pytest.fixture
def found(home):
    return partners_for(load_parameters(), "essex_2014", COUNTY)


def test_row_155_each_outcome_names_contributors_and_not_one_culprit(found, framework):
    for outcome in framework.outcomes:
        assert len(found.contributors(outcome.id)) >= 2
    assert not any("Fewer than two" in line for line in check_partners(found, framework))
    values = found.model_dump()
    for name in ("district_councils", "university"):
        values["partners"][name]["contributes"] = {}
    for outcome in ("economic_growth", "environment"):
        values["partners"]["county_council"]["contributes"].pop(outcome)
    said = check_partners(PartnerMap.model_validate(values), framework)
    assert said[0] == (
        "No outcome is brought about by one organisation alone. Fewer than two contribute to: "
        "Education and learning (only Tarrowshire County Council), Economic growth (none) and "
        "Environment (none)."
    )


def test_row_146_an_outcome_with_late_specialist_help_alone_gets_a_note(found, framework):
    late = "Every intervention is specialist help that comes later, for: Safe communities."
    assert late in check_partners(found, framework)
    values = found.model_dump()
    values["interventions"]["refuges"]["timing"] = "earlier"
    assert late not in check_partners(PartnerMap.model_validate(values), framework)


def test_row_046_outcomes_whose_influence_nobody_has_rated_are_listed(found, framework):
    # The rating itself and its warning are tested in narrative/test_outlook.py.
    rated = framework.model_copy(
        update={"outcomes": tuple(o.model_copy(update={"influence": "some"})
                                  for o in framework.outcomes)}
    )  # fmt: skip
    one = rated.outcomes[0].model_copy(update={"influence": None})
    bare = rated.model_copy(update={"outcomes": (one, *rated.outcomes[1:])})
    words = "Nobody has said yet how much partners can move: "
    assert f"{words}Best start." in check_partners(found, bare)
    assert not any(line.startswith(words) for line in check_partners(found, rated))


def test_row_046_each_scenario_of_the_sample_county_has_a_risk_list(home):
    scenarios = load_parameters().scenarios_for("essex_2014", COUNTY)
    assert scenarios
    assert all(scenario.risks for scenario in scenarios.values())


def test_what_is_open_in_the_sample_county_is_said(found, framework):
    said = check_partners(found, framework)
    assert "Money that is mapped to no outcome: Finance and legal services." in said
    assert (
        "No intervention is named for: Education and learning, Economic growth and Environment."
    ) in said


def test_an_empty_map_says_one_thing(framework):
    empty = PartnerMap(area=COUNTY, framework="essex_2014")
    assert check_partners(empty, framework) == [
        "No partner is named yet: write a file in parameters/partners for this area."
    ]


def test_without_a_body_that_decides_it_is_said(found, framework):
    bare = found.model_copy(update={"governance": None})
    assert "Who decides for all partners together: no body." in check_partners(bare, framework)
