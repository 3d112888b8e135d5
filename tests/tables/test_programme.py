"""Programmes, stakeholders, partners and their money as tables."""

import pytest

from outcomes.baseline.evidence import load_evidence
from outcomes.parameters import load_parameters
from outcomes.parameters.partners import partners_for
from outcomes.parameters.programme import programme
from outcomes.tables.evidence import table_stakeholders
from outcomes.tables.partners import (
    table_contributors,
    table_interventions,
    table_lines,
    table_pools,
    table_resources,
)
from outcomes.tables.programme import (
    table_events,
    table_requirements,
    table_steps,
    table_timeline,
)

COUNTY = "X10000001"


@pytest.fixture
def nine(home):
    return programme(load_parameters(), "nine_outcomes_2012")


@pytest.fixture
def ours(home):
    return programme(load_parameters(), "tarrowshire_2026")


@pytest.fixture
def found(home):
    return partners_for(load_parameters(), "essex_2014", COUNTY)


@pytest.fixture
def framework(home):
    return load_parameters().framework("essex_2014")


def money(text):
    return float(text.removeprefix("£").replace(",", ""))


def test_row_026_the_timeline_has_a_row_an_activity_as_typed(nine):
    frame = table_timeline(nine).frame
    assert len(frame) == 9
    assert frame.iloc[6].tolist()[1:] == [
        "End of July",
        "from 25 to 31 July 2012 until 25 to 31 August 2012",
        "No role named",
        "Final statements, Research into information and Closing of gaps",
        "\N{MINUS SIGN}37 to \N{MINUS SIGN}25",
    ]
    assert frame.iloc[0].tolist()[1:] == [
        *("25 April 2012", "25 April 2012", "Senior Managers", "Nothing", ""),
    ]


def test_row_026_what_is_asked_of_each_service_area_can_be_listed(nine, ours):
    asked = {area: len(table_requirements(nine, area).frame) for area in nine.service_areas}
    assert asked == {
        "services": 6,
        "business_improvement": 3,
        "customer_intelligence": 1,
        "performance": 5,
        "communications": 1,
    }
    frame = table_requirements(ours, "communications").frame
    assert frame["Activity"].tolist() == [
        *(
            "Statements agreed",
            "Statements agreed",
            "Evidence gathered",
            "Report written",
            "Review",
        ),
    ]
    assert "Hold two meetings with parents and carers" not in frame["What is asked"].tolist()


def test_row_014_the_events_say_whom_when_how_what_and_the_answer(ours):
    frame = table_events(ours).frame
    assert frame["Group"].tolist() == ["Parents' forum", "Carers' network", "Residents"]
    assert frame.iloc[2].tolist() == [
        "Residents",
        "April",
        "Residents asked",
        "Head of communications",
        "Communications",
        "Online survey and social media",
        "Which four of these matter most to you?",
        "None yet",
    ]


def test_row_139_the_checklist_has_state_and_owner_of_each_of_ten_steps(ours):
    frame = table_steps(ours).frame
    assert len(frame) == 10
    assert frame.iloc[0].tolist() == [
        *("1. Agree the Results/Outcomes you want", "Done", "Leader of the council", ""),
    ]
    assert frame.iloc[6].tolist()[:3] == ["7. Build up the 1", "Not started", "No role named"]


def test_row_013_stakeholders_of_an_outcome_with_the_contact_they_need(home):
    page = load_parameters().page(
        framework="essex_2014",
        outcome="evidence",
        locality=COUNTY,
        comparator="nation",
        as_of="2026-09-30",
    )
    frame = table_stakeholders(load_evidence(page), "best_start").frame
    assert frame[["Stakeholder", "Contact"]].to_numpy().tolist() == [
        ["Parents of children under five", "No special contact"],
        [
            "Young people in care, and care leavers",
            "Through the children in care council, with an advocate",
        ],
    ]
    assert len(table_stakeholders(load_evidence(page)).frame) > 2


def test_row_160_partners_of_an_outcome_with_their_roles(found, framework):
    frame = table_contributors(found, framework, "education_and_learning").frame
    assert frame.to_numpy().tolist() == [
        [
            "Education and learning",
            "Tarrowshire County Council",
            "Commissions most services for children, care, roads and the environment",
            "School improvement and adult learning",
        ],
        [
            "Education and learning",
            "University of Tarrowbridge",
            "Teaches and does research",
            "Teacher training and access courses",
        ],
    ]
    assert set(table_contributors(found, framework).frame["Outcome"]) == {
        outcome.short for outcome in framework.outcomes
    }


def test_row_145_pooled_funds_and_their_total_a_year(found, framework):
    frame = table_pools(found, framework).frame
    # 8.4 and 6.6 millions; 1.2, 0.7 and 0.1 millions
    assert frame["Amount"].tolist() == ["£15,000,000", "£2,000,000", "£17,000,000"]
    assert frame.iloc[0].tolist()[2:] == [
        "Tarrowshire County Council £8,400,000 and Tarrowshire Community Health Trust £6,600,000",
        "£15,000,000",
        "Independent living 80% and Health and wellbeing 20%",
    ]


def test_row_146_interventions_by_tier_the_earlier_ones_first(found, framework):
    parameters = load_parameters()
    titles = {o.id: o.short for o in framework.outcomes}
    titles |= {name: each.title for name, each in parameters.indicators.items()}
    frame = table_interventions(found, titles).frame
    assert frame[["Tier", "Timing"]].to_numpy().tolist() == [
        ["Universal", "Earlier"],
        ["Universal", "Earlier"],
        ["Targeted", "Earlier"],
        ["Targeted", "Earlier"],
        ["Targeted", "Later"],
        ["Specialist", "Later"],
    ]
    (last,) = table_interventions(found, titles, "safe_communities").frame.to_numpy().tolist()
    assert last[3:5] == ["Safe communities", "Tarrowshire Voluntary Action"]


def test_row_157_money_by_outcome_adds_up_to_the_total_with_the_unmapped_shown(found, framework):
    frame = table_resources(found, framework, "2026/27").frame.set_index("Outcome")
    for column in frame:
        values = frame[column].map(money)
        assert values.iloc[:-1].sum() == pytest.approx(values["Total"])
    spent = frame["Budgets and contracts"].map(money)
    # 70% of 9.6, 15% of 31 and 90% of 6.8 millions; the contract is paid from the first.
    assert spent["Best start"] == pytest.approx(17_490_000)
    assert spent["Mapped to no outcome"] == 11_900_000
    # 9.6 + 31 + 4.2 + 22.5 + 38 + 214 + 17.3 + 6.8 + 11.9
    assert spent["Total"] == 355_300_000
    assert money(frame.loc["Total", "Assets"]) == 14_000_000
    assert money(frame.loc["Independent living", "Pooled funds"]) == 12_000_000
    assert money(frame.loc["Total", "Pooled funds"]) == 17_000_000


def test_row_157_each_line_says_its_outcomes_or_where_it_is_counted(found, framework):
    frame = table_lines(found, framework).frame.set_index("Line")["For which outcomes"]
    assert (
        frame["Upkeep of roads"] == "Safe communities 30%, Economic growth 60% and Environment 10%"
    )
    assert frame["Running of family hubs"] == "Counted in: Family support"
    assert frame["Finance and legal services"] == "Mapped to no outcome"
