"""The wordings of the shipped files, and the person's last word."""

from datetime import date

import pytest

from outcomes.model.wording import LastWord
from outcomes.parameters.performance import services
from outcomes.wording.check import (
    check,
    framework_wordings,
    indicator_wordings,
    service_wordings,
)
from outcomes.wording.say import say_checked, say_total

COUNTS_OF_SERVICES = ["4.2", "4.3", "5.5", "7.3", "7.4", "7.5"]
"""By hand, in docs/methods/wording.md."""


def flagged(checked, rule: str) -> list[str]:
    return [one.wording.key for one in checked if rule in [found.rule for found in one.findings]]


@pytest.fixture
def essex(parameters, glossary):
    return check(framework_wordings(parameters.framework("essex_2014")), glossary, {})


def test_row_148_the_seven_outcomes_are_positive_and_plain(essex):
    assert [one.wording.key for one in essex if one.wording.entered == "outcome"] == []


def test_row_148_every_outcome_has_a_horizon(parameters):
    outcomes = parameters.framework("essex_2014").outcomes
    assert [set(outcome.horizon) for outcome in outcomes] == [{"short", "medium", "long"}] * 7


def test_row_151_the_counts_of_services_among_the_52_indicators(essex):
    assert flagged(essex, "service count") == [f"entries.{n}" for n in COUNTS_OF_SERVICES]
    assert flagged(essex, "direction") == ["entries.2.1", "entries.5.4"]


def test_row_124_nothing_that_is_shipped_is_refused(parameters, glossary):
    for name in parameters.framework_ids():
        checked = check(framework_wordings(parameters.framework(name)), glossary, {})
        assert "refused" not in [f.severity for one in checked for f in one.findings]


def test_row_128_each_record_shows_ends_or_means(parameters, glossary):
    service = services(parameters)["treatment_programme"]
    lines = say_checked("f", list(service_wordings(service)), [])
    assert "  measures.persons_treated (a performance measure, means): Persons treated" in lines
    assert (
        "  measures.off_at_discharge (a performance measure, ends): Clients off alcohol and drugs "
        "at discharge" in lines
    )
    indicator = next(iter(indicator_wordings(parameters.indicators)))
    assert say_checked("f", [indicator], [])[1].startswith(
        "  ready_for_school (an indicator, ends)"
    )


def test_a_performance_measure_is_not_flagged_as_a_count_of_a_service(parameters, glossary):
    for service in services(parameters).values():
        assert flagged(check(service_wordings(service), glossary, {}), "service count") == []


def last_word(**changes) -> LastWord:
    values = {
        "text": "Number of children in care",
        "kind": "indicator",
        "reason": "It stands for how many families manage",
        "role": "Head of performance",
        "day": date(2026, 3, 2),
    }
    return LastWord(**values | changes)


def test_the_person_has_the_last_word_and_it_is_listed(parameters, glossary):
    wordings = list(framework_wordings(parameters.framework("essex_2014")))
    checked = check(wordings, glossary, {"entries.4.3": last_word()})
    (one,) = [one for one in checked if one.wording.key == "entries.4.3"]
    assert (one.findings, one.decided) == ((), last_word())
    assert say_checked("file", [], [one]) == [
        "file",
        "  entries.4.3 (an indicator, ends): Number of children in care",
        "    decided: an indicator, by the Head of performance on 2026-03-02: It stands for how "
        "many families manage",
    ]
    assert say_total(62, checked) == (
        "62 wordings: 0 refused, 7 warnings and 1 hint; 1 decided by people"
    )


@pytest.mark.parametrize(
    ("change", "what"),
    [({"text": "Children in care"}, "another wording"), ({"kind": "outcome"}, "another kind")],
)
def test_a_decision_on_something_else_has_lapsed(change, what, parameters, glossary):
    wordings = list(framework_wordings(parameters.framework("essex_2014")))
    checked = check(wordings, glossary, {"entries.4.3": last_word(**change)})
    (one,) = [one for one in checked if one.wording.key == "entries.4.3"]
    assert [found.rule for found in one.findings] == ["service count", "decision"]
    assert one.findings[1].reason == (
        f"the decision of 2026-03-02 (Head of performance) was on {what}"
    )


def test_a_withdrawn_statement_is_not_looked_at(parameters):
    framework = parameters.framework("nine_outcomes_example")
    first = framework.outcomes[0]
    gone = first.statements[0].model_copy(update={"status": "withdrawn"})
    changed = framework.model_copy(
        update={"outcomes": (first.model_copy(update={"statements": (gone,)}),)}
    )
    assert [w.key for w in framework_wordings(changed) if w.key.startswith("statements")] == []
