"""Performance measures apart from indicators: what a file of a service must say."""

import pytest

from outcomes.batch import check_everything
from outcomes.errors import ParameterError
from outcomes.model.performance import (
    IMPORTANCE,
    KINDS,
    QUADRANTS,
    PerformanceMeasure,
    by_importance,
)
from outcomes.parameters import Parameters
from outcomes.parameters.performance import check_services, service, services, services_of

TEXT = """\
title: Reading club
place: X10000001
framework: essex_2014
outcomes: [best_start]
indicators: [good_level_of_development]
provider: Tarrowshire Libraries (invented)
commissioner: Head of libraries
contract: Specification for reading clubs (invented)
customer_group: children under five and their parents
measures:
  families:
    title: Families who came
    quadrant: how_much
    kind: customers_served
    accountable: provider
    unit: families
    figures: {2024/25: 120}
"""


@pytest.fixture
def described(own_home):
    """Return a function that writes a service's file and reads all services."""

    def read(text):
        (own_home / "parameters" / "measures" / "reading.yml").write_text(text, encoding="utf-8")
        return services(Parameters(own_home / "parameters"))

    return read


def refused(described, old, new):
    assert old in TEXT
    with pytest.raises(ParameterError) as raised:
        described(TEXT.replace(old, new))
    return str(raised.value)


@pytest.mark.parametrize(
    "line",
    [
        "provider: Tarrowshire Libraries (invented)\n",
        "contract: Specification for reading clubs (invented)\n",
        "customer_group: children under five and their parents\n",
        "commissioner: Head of libraries\n",
    ],
)
def test_rows_126_and_152_a_measure_has_a_service_contract_provider_and_customer_group(
    described, line
):
    assert refused(described, line, "") == (
        "parameters/measures/reading.yml has 1 problem\n"
        f"  line 1, {line.partition(':')[0]}: this key is required"
    )


def test_row_122_a_measure_belongs_to_one_side(described):
    assert refused(described, "  families:\n", "  employment_rate:\n") == (
        "parameters/measures/reading.yml, employment_rate: an indicator has this name. An indicator "
        "speaks of everyone, a performance measure of a service's customers; give the measure "
        "another name"
    )


def test_row_155_each_measure_names_exactly_one_accountable_party(described):
    found = described(TEXT)["reading"]
    assert found.answers(found.measures["families"]) == "Tarrowshire Libraries (invented)"
    both = refused(described, "accountable: provider", "accountable: [provider, commissioner]")
    assert (
        "accountable: got ['provider', 'commissioner']; expected 'provider' or 'commissioner'"
        in both
    )
    nobody = refused(described, "    accountable: provider\n", "")
    assert nobody.endswith("accountable: this key is required")
    everyone = refused(described, "accountable: provider", "accountable: everyone")
    assert "got 'everyone'; expected 'provider' or 'commissioner'" in everyone


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("[best_start]", "[best_strat]",
         "outcome: there is no outcome 'best_strat'; did you mean 'best_start'?"),
        ("[good_level_of_development]", "[good_level_of_develpment]",
         "indicator: there is no indicator 'good_level_of_develpment'; did you mean "
         "'good_level_of_development'?"),
        ("X10000001", "X10000091", "place: there is no place 'X10000091'; did you mean 'X10000001'?"),
        ("essex_2014", "essex_2041",
         "framework: there is no framework 'essex_2041'; did you mean 'essex_2014'?"),
    ],
)  # fmt: skip
def test_a_name_that_is_not_known_is_refused_with_the_nearest(described, old, new, said):
    assert refused(described, old, new) == f"parameters/measures/reading.yml: {said}"


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("kind: customers_served", "kind: trained_staff",
         "the kind 'trained_staff' is not found in the quadrant how_much; there are: "
         "customers_served, activities"),
        ("    figures: {2024/25: 120}\n", "", "give figures by period, or from_clients, and not both"),
        ("figures: {2024/25: 120}", "from_clients: {count: served}",
         "families is from_clients, and the service has no clients"),
        ("figures: {2024/25: 120}", "from_clients: {count: better_off}",
         "say at: discharge or follow_up for who is better off, and only there"),
        ("unit: families", "unit: families\n    people: all",
         "people and number go together, and only with a percent better off"),
    ],
)  # fmt: skip
def test_what_does_not_fit_together_is_refused(described, old, new, said):
    assert said in refused(described, old, new)


@pytest.mark.parametrize(
    ("key", "new", "got"),
    [
        ("figures: 2024/25", "figures: {2023/24: 98, 2024/25: 140}", "140"),
        ("figures: 2024/25", "figures: {2024/25: -3}", "-3"),
        ("target", "figures: {2024/25: 80}\n    target: 101", "101"),
    ],
)
def test_a_share_below_0_or_over_100_per_cent_is_refused(described, key, new, got):
    share = TEXT.replace("how_much", "how_well").replace("unit: families", "unit: '%'")
    share = share.replace("customers_served", "satisfaction").replace(
        "figures: {2024/25: 120}", new
    )
    with pytest.raises(ParameterError) as raised:
        described(share)
    assert str(raised.value) == (
        f"parameters/measures/reading.yml, families: {key}: got {got}; expected a percent from 0 to 100"
    )
    # More than all the staff may leave within a year.
    described(share.replace("satisfaction", "staff_turnover"))


def test_a_figure_that_is_no_number_is_told_plainly(described):
    assert refused(described, "{2024/25: 120}", "{2024/25: abc}") == (
        "parameters/measures/reading.yml has 1 problem\n  line 17, measures.families.figures.2024/25: "
        "got 'abc'; expected a number"
    )
    assert refused(described, "{2024/25: 120}", "{2023: abc}") == (
        "parameters/measures/reading.yml has 1 problem\n  line 17, measures.families.figures.2023: "
        "got 2023; expected text; put a code or a number in quotes; got 'abc'; expected a number"
    )


def test_row_140_each_measure_sits_in_one_quadrant(described):
    assert set(IMPORTANCE) == set(QUADRANTS) == set(KINDS)
    assert len(IMPORTANCE) == 4
    said = refused(described, "quadrant: how_much", "quadrant: [how_much, how_well]")
    assert "quadrant: got ['how_much', 'how_well']" in said
    assert described(TEXT)["reading"].missing() == (
        "better_off_percent", "how_well", "better_off_number",
    )  # fmt: skip


def test_row_141_sorting_by_importance_gives_exactly_the_sources_order():
    def measure(quadrant):
        unit = "%" if quadrant == "better_off_percent" else ""
        kind = next(iter(KINDS[quadrant]))
        return PerformanceMeasure(
            title=quadrant, quadrant=quadrant, kind=kind, accountable="provider", unit=unit,
            figures={"2024": 1},
        )  # fmt: skip

    # Slide 23: percent better off is most important, how well is 2nd, number better off 3rd, how
    # much least.
    every = {
        q: measure(q) for q in ("how_much", "better_off_number", "how_well", "better_off_percent")
    }
    assert by_importance(every) == [
        "better_off_percent", "how_well", "better_off_number", "how_much",
    ]  # fmt: skip
    ranks = [QUADRANTS[name][1] for name in by_importance(every)]
    assert ranks == [
        "most important", "second most important", "third most important", "least important",
    ]  # fmt: skip


def test_row_144_kinds_are_suggested_in_each_quadrant_and_two_of_them_in_how_much():
    assert list(KINDS["how_much"]) == ["customers_served", "activities"]
    assert KINDS["how_much"]["activities"].startswith("Activities, by type of activity")
    assert all(len(kinds) >= 2 for kinds in KINDS.values())


def test_services_are_found_by_place_and_framework(home):
    parameters = Parameters(home / "parameters")
    assert set(services_of(parameters, "essex_2014", "X10000001")) == {
        "advice_line", "treatment_programme",
    }  # fmt: skip
    assert services_of(parameters, "essex_2014", "E10000012") == {}
    with pytest.raises(ParameterError) as raised:
        service(parameters, "advise_line")
    assert str(raised.value) == (
        "parameters/measures: service: there is no service 'advise_line'; did you mean "
        "'advice_line'?"
    )


def test_the_check_of_everything_checks_services(own_home):
    assert check_services(Parameters(own_home / "parameters")) == (
        "2 services with 9 performance measures"
    )
    path = own_home / "parameters" / "measures" / "advice_line.yml"
    path.write_text(path.read_text().replace("X10000001", "X10000091"), encoding="utf-8")
    with pytest.raises(ParameterError, match="there is no place 'X10000091'"):
        check_everything(Parameters(own_home / "parameters"))
