"""Targets, judgements and scenarios: what is read, whom it is for, and what is refused."""

import json
from datetime import date

import jsonschema
import pytest
import yaml
from pydantic import ValidationError

from outcomes.batch import check_everything
from outcomes.errors import ParameterError
from outcomes.model import CrossEffect, Effect, Risk, Scenario, Target
from outcomes.parameters import load_parameters, schemas

COUNTY, DISTRICT, REAL = "X10000001", "X07000001", "E10000012"
TARGET = {
    "indicator": "fuel_poverty",
    "place": COUNTY,
    "by": date(2028, 12, 31),
    "value": 13.0,
    "set_by": "The board",
    "source": "The county's plan",
}
JUDGEMENT = {
    "indicator": "fuel_poverty",
    "place": COUNTY,
    "acceptable": False,
    "reason": "Homes are too cold.",
    "by": "Director of public health",
    "decided": date(2026, 9, 30),
}
EFFECT = {
    "title": "Insulation",
    "kind": "planned_effect",
    "indicator": "fuel_poverty",
    "place": COUNTY,
    "size": -0.5,
    "low": -1.0,
    "high": 0.0,
    "starts": date(2026, 4, 1),
    "evidence": {"source": "a guess", "strength": "judgement"},
    "plausibility": "low",
    "depends_on": "Builders are found.",
    "owner": "Director of housing",
}
CROSS = {
    key: value for key, value in EFFECT.items() if key not in ("kind", "starts", "indicator")
} | {"cause": "fuel_poverty", "indicator": "living_independently"}
RISK = {
    "risk": "Prices rise.",
    "likelihood": 3,
    "impact": 5,
    "local_control": "none",
    "owner": "Director of housing",
}
HEAD = {"title": "Warm homes", "framework": "essex_2014", "says": "Homes are insulated."}


@pytest.fixture
def write(own_home):
    """Return a function that writes a file of parameters and reads them all anew."""
    for folder in ("targets", "scenarios"):
        for path in (own_home / "parameters" / folder).iterdir():
            path.unlink()

    def written(name, values):
        path = own_home / "parameters" / name
        path.write_text(yaml.safe_dump(values, sort_keys=False), encoding="utf-8")
        return load_parameters()

    return written


@pytest.fixture
def planned(write):
    return lambda **values: write("targets/essex_2014.yml", values)


@pytest.fixture
def supposed(write):
    return lambda name="warm", **values: write(f"scenarios/{name}.yml", HEAD | values)


def refusal(parameters):
    """Return what the command `outcomes check` says."""
    with pytest.raises(ParameterError) as caught:
        check_everything(parameters)
    return str(caught.value)


def problem_of(parameters, file):
    heading, problem = refusal(parameters).splitlines()
    assert heading == f"{file} has 1 problem"
    return problem.partition(", ")[2]


# Targets and judgements


def test_a_target_and_a_judgement_are_for_exactly_their_place(planned):
    elsewhere = {"place": DISTRICT, "value": 14.0}
    parameters = planned(targets=[TARGET, TARGET | elsewhere], judgements=[JUDGEMENT])
    check_everything(parameters)
    (target,), (judged,) = parameters.targets_for("essex_2014", COUNTY)
    assert (target.value, target.by, target.relative) == (13.0, date(2028, 12, 31), None)
    assert (judged.acceptable, judged.decided) == (False, date(2026, 9, 30))
    (target,), judged = parameters.targets_for("essex_2014", DISTRICT)
    assert (target.value, judged) == (14.0, ())
    assert parameters.targets_for("essex_2014", REAL) == ((), ())
    assert parameters.targets_for("portsmouth_8", COUNTY) == ((), ())


def test_a_target_beside_a_comparator_is_level_with_it_unless_a_distance_is_given(planned):
    relative = {key: value for key, value in TARGET.items() if key != "value"}
    level = relative | {"relative": {"comparator": "nation"}}
    near = level | {"place": DISTRICT, "relative": {"comparator": "region", "distance": -2.5}}
    parameters = planned(targets=[level, near])
    check_everything(parameters)
    found = [target.relative for target in parameters.targets["essex_2014"].targets]
    assert [(r.comparator, r.distance) for r in found] == [("nation", 0.0), ("region", -2.5)]


def test_two_dates_may_have_a_target_each(planned):
    parameters = planned(targets=[TARGET, TARGET | {"by": date(2029, 12, 31)}])
    check_everything(parameters)
    assert len(parameters.targets_for("essex_2014", COUNTY)[0]) == 2


@pytest.mark.parametrize(
    ("values", "problem"),
    [
        ({"targets": [TARGET, TARGET | {"value": 12}]},
         "the file: 'fuel_poverty' has two targets for X10000001 by 2028-12-31; keep one of them"),
        ({"judgements": [JUDGEMENT, JUDGEMENT | {"acceptable": True}]},
         "the file: 'fuel_poverty' is judged twice for X10000001; keep one judgement"),
        ({"targets": [TARGET | {"value": None}]},
         "targets.0: a target has either a value or relative, and not both"),
        ({"targets": [TARGET | {"relative": {"comparator": "nation"}}]},
         "targets.0: a target has either a value or relative, and not both"),
        ({"targets": [TARGET | {"by": "soon"}]},
         "targets.0.by: got 'soon'; expected a date such as 2026-12-31"),
        ({"targets": [TARGET | {"place": "Essex"}]},
         "targets.0.place: got 'Essex'; expected a nine-character area code: a capital letter and "
         "eight digits, such as E07000071"),
        ({"judgements": [JUDGEMENT | {"acceptable": "perhaps"}]},
         "judgements.0.acceptable: got 'perhaps'; expected true or false"),
        ({"target": []}, "target: no such parameter; did you mean 'targets'?"),
    ],
)  # fmt: skip
def test_targets_of_another_form_are_refused(planned, values, problem):
    assert problem_of(planned(**values), "parameters/targets/essex_2014.yml") == problem


@pytest.mark.parametrize("key", [key for key in TARGET if key != "value"])
def test_a_target_says_what_for_whom_by_when_and_who_set_it(planned, key):
    target = {name: value for name, value in TARGET.items() if name != key}
    assert problem_of(planned(targets=[target]), "parameters/targets/essex_2014.yml") == (
        f"targets.0.{key}: this key is required"
    )


@pytest.mark.parametrize("key", JUDGEMENT)
def test_a_judgement_has_a_reason_a_day_and_who_judged(planned, key):
    judged = {name: value for name, value in JUDGEMENT.items() if name != key}
    assert problem_of(planned(judgements=[judged]), "parameters/targets/essex_2014.yml") == (
        f"judgements.0.{key}: this key is required"
    )


@pytest.mark.parametrize(
    ("kind", "changes", "problem"),
    [
        ("targets", {"indicator": "fuel_povrety"},
         "indicator: there is no indicator 'fuel_povrety'; did you mean 'fuel_poverty'?"),
        ("targets", {"indicator": "healthy_lifestyles"},
         "indicator: 'healthy_lifestyles' is a basket and has no figure; name members of it: "
         "adult_obesity, childhood_obesity and adult_smoking"),
        ("targets", {"place": "X10000009"},
         "place: there is no place 'X10000009'; did you mean 'X10000001'?"),
        ("targets", {"value": None, "relative": {"comparator": "natoin"}},
         "comparator: there is no comparator 'natoin'; did you mean 'nation'?"),
        ("judgements", {"indicator": "fuel_povrety"},
         "indicator: there is no indicator 'fuel_povrety'; did you mean 'fuel_poverty'?"),
        ("judgements", {"place": "X10000009"},
         "place: there is no place 'X10000009'; did you mean 'X10000001'?"),
    ],
)  # fmt: skip
def test_what_targets_name_is_known_or_they_are_refused_by_number(planned, kind, changes, problem):
    right = {"targets": TARGET, "judgements": JUDGEMENT}[kind] | {"place": DISTRICT}
    wrong = {"targets": TARGET, "judgements": JUDGEMENT}[kind] | changes
    parameters = planned(**{kind: [right, wrong]})
    assert refusal(parameters) == f"parameters/targets/essex_2014.yml, {kind} 2: {problem}"


def test_an_indicator_that_the_framework_does_not_show_has_no_target_in_it(write):
    target = TARGET | {"indicator": "level_of_crime"}
    parameters = write("targets/nine_outcomes_example.yml", {"targets": [target]})
    assert refusal(parameters).startswith(
        "parameters/targets/nine_outcomes_example.yml, targets 1: indicator of "
        "nine_outcomes_example: there is no indicator of nine_outcomes_example 'level_of_crime'; "
        "there are: "
    )


def test_a_file_of_targets_bears_the_name_of_a_framework(write):
    parameters = write("targets/essex_2041.yml", {"targets": []})
    assert refusal(parameters) == (
        "parameters/targets/essex_2041.yml: framework: there is no framework 'essex_2041'; did "
        "you mean 'essex_2014'?"
    )


# Scenarios


def test_a_scenario_has_for_a_place_what_is_assumed_of_exactly_that_place(supposed):
    off = EFFECT | {"included": False, "starts": date(2027, 4, 1)}
    parameters = supposed(
        effects={"ours": EFFECT, "off": off, "theirs": EFFECT | {"place": DISTRICT}},
        cross_effects={"warmth": CROSS},
        risks=[RISK],
    )
    check_everything(parameters)
    here = parameters.scenarios_for("essex_2014", COUNTY)["warm"]
    assert (list(here.effects), list(here.cross_effects)) == (["ours", "off"], ["warmth"])
    assert [effect.included for effect in here.effects.values()] == [True, False]
    there = parameters.scenarios_for("essex_2014", DISTRICT)["warm"]
    assert (list(there.effects), list(there.cross_effects)) == (["theirs"], [])
    assert here.risks == there.risks == parameters.scenarios["warm"].risks
    assert list(parameters.scenarios["warm"].effects) == ["ours", "off", "theirs"]


def test_a_scenario_without_an_assumption_for_a_place_is_left_out(supposed):
    parameters = supposed(effects={"ours": EFFECT})
    assert parameters.scenarios_for("essex_2014", DISTRICT) == {}
    assert parameters.scenarios_for("portsmouth_8", COUNTY) == {}


def test_a_scenario_whose_assumptions_are_all_switched_off_stays_in_the_register(supposed):
    parameters = supposed(effects={"ours": EFFECT | {"included": False}})
    assert list(parameters.scenarios_for("essex_2014", COUNTY)["warm"].effects) == ["ours"]


def test_scenarios_come_by_the_names_of_their_files(supposed):
    supposed("warm", effects={"ours": EFFECT})
    parameters = supposed("cold", cross_effects={"warmth": CROSS})
    assert list(parameters.scenarios_for("essex_2014", COUNTY)) == ["cold", "warm"]


@pytest.mark.parametrize("ask", ["targets", "scenarios"])
def test_what_is_planned_under_an_unknown_framework_is_refused(home, ask):
    with pytest.raises(ParameterError) as caught:
        getattr(load_parameters(), f"{ask}_for")("essex_2041", COUNTY)
    assert str(caught.value) == (
        f"{ask}: framework: there is no framework 'essex_2041'; did you mean 'essex_2014'?"
    )


@pytest.mark.parametrize("endless", [float("inf"), float("-inf"), float("nan")])
def test_no_number_is_endless(supposed, endless):
    problem = problem_of(
        supposed(effects={"ours": EFFECT | {"size": endless}}), "parameters/scenarios/warm.yml"
    )
    assert problem.endswith("Input should be a finite number")


@pytest.mark.parametrize("name", ["no_change", "together"])
def test_a_scenario_is_not_named_like_a_line_that_every_page_has(supposed, name):
    assert refusal(supposed(name, effects={"ours": EFFECT})) == (
        f"parameters/scenarios/{name}.yml: a page uses the name {name!r} for a line of its own; "
        "give the file another"
    )


@pytest.mark.parametrize(
    ("values", "problem"),
    [
        ({"framework": "essex_2041"},
         ": framework: there is no framework 'essex_2041'; did you mean 'essex_2014'?"),
        ({"effects": {"ours": EFFECT, "more": EFFECT | {"indicator": "fuel_povrety"}}},
         ", effects.more: indicator: there is no indicator 'fuel_povrety'; did you mean "
         "'fuel_poverty'?"),
        ({"effects": {"more": EFFECT | {"indicator": "healthy_lifestyles"}}},
         ", effects.more: indicator: 'healthy_lifestyles' is a basket and has no figure; name "
         "members of it: adult_obesity, childhood_obesity and adult_smoking"),
        ({"effects": {"more": EFFECT | {"place": "X10000009"}}},
         ", effects.more: place: there is no place 'X10000009'; did you mean 'X10000001'?"),
        ({"effects": {"more": EFFECT | {"evidence": EFFECT["evidence"] | {"entry": "needs"}}}},
         ", effects.more: evidence entry: there is no evidence entry 'needs'; there are: "),
        ({"cross_effects": {"on": CROSS | {"cause": "fuel_povrety"}}},
         ", cross_effects.on: cause: there is no cause 'fuel_povrety'; did you mean "
         "'fuel_poverty'?"),
        ({"cross_effects": {"on": CROSS | {"indicator": "living_indepndently"}}},
         ", cross_effects.on: indicator: there is no indicator 'living_indepndently'; did you "
         "mean 'living_independently'?"),
        ({"framework": "nine_outcomes_example",
          "cross_effects": {"on": CROSS | {"cause": "level_of_crime"}}},
         ", cross_effects.on: cause of nine_outcomes_example: there is no cause of "
         "nine_outcomes_example 'level_of_crime'; there are: "),
    ],
)  # fmt: skip
def test_what_a_scenario_names_is_known_or_it_is_refused_by_its_key(supposed, values, problem):
    assert refusal(supposed(**values)).startswith(f"parameters/scenarios/warm.yml{problem}")


@pytest.mark.parametrize("entry", ["needs_assessment", None])
def test_an_effect_may_rest_on_an_entry_of_the_evidence_catalogue(supposed, entry):
    evidence = EFFECT["evidence"] | {"entry": entry}
    check_everything(supposed(effects={"ours": EFFECT | {"evidence": evidence}}))


@pytest.mark.parametrize(
    ("values", "problem"),
    [
        ({"effects": {"ours": EFFECT | {"size": -1.5}}},
         "effects.ours: size lies between low and high, low the smaller number; got low -1.0, "
         "size -1.5, high 0.0"),
        ({"effects": {"ours": EFFECT | {"fade_months": 6}}},
         "effects.ours: fade_months needs lasts_months, after which the effect fades"),
        ({"effects": {"ours": EFFECT | {"delay_months": -1}}},
         "effects.ours.delay_months: got -1; expected greater than or equal to 0"),
        ({"effects": {"ours": EFFECT | {"kind": "hope"}}},
         "effects.ours.kind: got 'hope'; expected 'planned_effect' or 'policy_change'"),
        ({"cross_effects": {"on": CROSS | {"cause": "living_independently"}}},
         "cross_effects.on: a cross-effect joins two indicators; both are "
         "'living_independently'"),
        ({"cross_effects": {"on": CROSS | {"high": -0.6}}},
         "cross_effects.on: size lies between low and high, low the smaller number; got low -1.0, "
         "size -0.5, high -0.6"),
        ({"effects": {"ours": EFFECT}, "cross_effects": {"ours": CROSS}},
         "the file: 'ours' names an effect and a cross-effect; rename one of them"),
        ({"risks": [RISK | {"impact": 6}]},
         "risks.0.impact: got 6; expected less than or equal to 5"),
    ],
)  # fmt: skip
def test_a_scenario_of_another_form_is_refused(supposed, values, problem):
    assert problem_of(supposed(**values), "parameters/scenarios/warm.yml") == problem


@pytest.mark.parametrize("key", EFFECT)
def test_every_effect_has_a_range_a_start_evidence_and_an_owner(supposed, key):
    effect = {name: value for name, value in EFFECT.items() if name != key}
    assert problem_of(supposed(effects={"ours": effect}), "parameters/scenarios/warm.yml") == (
        f"effects.ours.{key}: this key is required"
    )


def test_cross_effects_that_lead_back_are_refused_even_from_file_to_file(supposed):
    back = CROSS | {"cause": "living_independently", "indicator": "fuel_poverty"}
    supposed("warm", cross_effects={"on": CROSS})
    words = refusal(supposed("cold", cross_effects={"back": back}))
    start = "parameters/scenarios: the cross-effects in X10000001 go round in a loop: "
    assert words in (
        f"{start}fuel_poverty -> living_independently -> fuel_poverty; switch one of them off",
        f"{start}living_independently -> fuel_poverty -> living_independently; switch one of them "
        "off",
    )


@pytest.mark.parametrize(
    "changes",
    [{"included": False}, {"place": DISTRICT}, {"indicator": "injuries_to_adults"}],
)
def test_there_is_no_loop_if_one_is_switched_off_elsewhere_or_leads_on(supposed, changes):
    back = CROSS | {"cause": "living_independently", "indicator": "fuel_poverty"} | changes
    check_everything(supposed(cross_effects={"on": CROSS, "back": back}))


# The check and the run


@pytest.mark.parametrize("kind", ["targets", "scenarios"])
def test_a_run_reads_them_before_any_work_starts(write, own_home, kind):
    wrong = {"targets": {"target": []}, "scenarios": HEAD | {"effect": {}}}[kind]
    parameters = write(f"{kind}/essex_2014.yml", wrong)
    with pytest.raises(ParameterError, match=f"^parameters/{kind}/essex_2014.yml has 1 problem\n"):
        parameters.run(own_home / "parameters" / "runs" / "sample.yml")


def test_the_check_counts_them(planned, supposed):
    planned(targets=[TARGET], judgements=[JUDGEMENT])
    lines = check_everything(supposed(effects={"ours": EFFECT}, cross_effects={"on": CROSS}))
    assert "1 targets, 1 judgements, 1 scenarios with 2 assumptions" in lines


# The words


@pytest.mark.parametrize(
    ("likelihood", "impact", "critical"), [(3, 5, True), (5, 3, True), (2, 5, False), (4, 3, False)]
)
def test_a_risk_is_critical_from_fifteen_of_twenty_five(likelihood, impact, critical):
    risk = Risk.model_validate(RISK | {"likelihood": likelihood, "impact": impact})
    assert risk.critical is critical


def test_an_effect_counts_at_once_in_units_and_for_good_unless_it_says_otherwise():
    effect = Effect.model_validate(EFFECT)
    assert (effect.measured, effect.included, effect.lasts_months) == ("units", True, None)
    assert (effect.delay_months, effect.builds_months, effect.fade_months) == (0, 0, 0)
    assert CrossEffect.model_validate(CROSS).included


@pytest.mark.parametrize("size", [-1.0, 0.0])
def test_the_size_may_be_at_an_end_of_its_range(size):
    assert Effect.model_validate(EFFECT | {"size": size}).size == size
    assert CrossEffect.model_validate(CROSS | {"size": size}).size == size


def test_nothing_is_an_example_unless_it_says_so():
    assert not Target.model_validate(TARGET).example
    assert not Scenario.model_validate(HEAD).example
    with pytest.raises(ValidationError, match="frozen"):
        Scenario.model_validate(HEAD).example = True


# The project's own examples


def test_all_that_the_project_brings_is_marked_as_an_example(home):
    parameters = load_parameters()
    found = [(t.targets, t.judgements) for t in parameters.targets.values()]
    said = [entry for both in found for kind in both for entry in kind]
    assert said
    assert all(entry.example for entry in [*said, *parameters.scenarios.values()])


def test_nothing_invented_stands_beside_a_real_place(home):
    scenarios = load_parameters().scenarios
    trees = [
        {e.place[0] == "X" for e in [*s.effects.values(), *s.cross_effects.values()]}
        for s in scenarios.values()
    ]
    assert all(len(tree) == 1 for tree in trees)
    assert sum(tree == {True} for tree in trees) >= 2
    assert sum(tree == {False} for tree in trees) >= 2


@pytest.mark.parametrize(
    ("county", "indicator"), [("E10000012", "good_level_of_development"), (COUNTY, "fuel_poverty")]
)
def test_each_county_shows_a_plan_and_a_policy_change_that_meet_in_one_target(
    home, county, indicator
):
    parameters = load_parameters()
    targets, judgements = parameters.targets_for("essex_2014", county)
    assert len({target.indicator for target in targets}) >= 4
    assert {target.relative is None for target in targets} == {True, False}
    assert indicator in {target.indicator for target in targets}
    assert len(judgements) == 2
    scenarios = parameters.scenarios_for("essex_2014", county).values()
    kinds = [
        {e.kind for e in s.effects.values() if e.indicator == indicator and e.included}
        for s in scenarios
    ]
    assert {"planned_effect"} in kinds
    assert {"policy_change"} in kinds
    assert any(s.cross_effects for s in scenarios)


@pytest.mark.parametrize("kind", ["targets", "scenario"])
def test_an_editor_marks_what_the_command_refuses(kind):
    schema = jsonschema.Draft202012Validator(json.loads(schemas()[f"{kind}.json"]))
    right = {"targets": {"targets": [TARGET]}, "scenario": HEAD | {"effects": {"ours": EFFECT}}}
    wrong = {"targets": {"targets": [TARGET | {"place": "Essex"}]},
             "scenario": HEAD | {"effects": {"ours": EFFECT | {"plausibility": "sure"}}}}  # fmt: skip
    assert schema.is_valid(json.loads(json.dumps(right[kind], default=str)))
    assert not schema.is_valid(json.loads(json.dumps(wrong[kind], default=str)))
