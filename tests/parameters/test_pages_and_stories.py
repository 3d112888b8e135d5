"""Page limits, pins, factors and unseen progress: what is read, and what is refused."""

from datetime import date

import pytest
import yaml

from outcomes.batch import check_everything
from outcomes.errors import ParameterError
from outcomes.model import BodyLimits, PageLayout, Story
from outcomes.parameters import load_parameters

PIN = {
    "framework": "essex_2014",
    "outcome": "health_and_wellbeing",
    "indicator": "fuel_poverty",
    "in": "body",
    "reason": "The cabinet asked for it.",
    "by": "Director of public health",
    "decided": date(2026, 9, 30),
}
FACTOR = {
    "outcome": "health_and_wellbeing",
    "indicator": "fuel_poverty",
    "place": "X10000001",
    "factor": "Old homes.",
    "direction": "hinders",
    "evidence": "A survey of homes",
    "evidence_date": date(2026, 3, 31),
    "who_can_influence": "Landlords",
}
UNSEEN = {
    "outcome": "best_start",
    "place": "X07000001",
    "text": "Parents help each other.",
    "source": "The family hub",
    "date": date(2026, 3, 31),
}


@pytest.fixture
def write(own_home):
    """Return a function that writes a file of parameters and reads them all anew."""

    def written(name, values):
        path = own_home / "parameters" / name
        path.write_text(yaml.safe_dump(values, sort_keys=False), encoding="utf-8")
        return load_parameters()

    return written


@pytest.fixture
def pinned(write):
    return lambda *pins: write("pages.yml", {"pins": list(pins)})


@pytest.fixture
def told(write):
    return lambda **values: write("stories/essex_2014.yml", values)


def refusal(parameters):
    """Return what the command `outcomes check` says."""
    with pytest.raises(ParameterError) as caught:
        check_everything(parameters)
    return str(caught.value)


def problem_of(parameters, file):
    heading, problem = refusal(parameters).splitlines()
    assert heading == f"{file} has 1 problem"
    return problem.partition(", ")[2]


def test_the_projects_own_pages_hold_four_indicators_and_twelve_charts(home):
    assert load_parameters().layout.body == BodyLimits(indicators=4, charts=12)


def test_without_a_file_the_usual_limits_hold(own_home):
    (own_home / "parameters" / "pages.yml").unlink()
    assert load_parameters().layout == PageLayout()
    assert PageLayout().body == BodyLimits(indicators=4, charts=12)


def test_a_pin_says_where_and_who_decided_it_when_and_why(pinned):
    parameters = pinned(PIN, PIN | {"indicator": "adult_obesity", "in": "appendix"})
    check_everything(parameters)
    pins = parameters.layout.pins_of("essex_2014", "health_and_wellbeing")
    assert {name: pin.part for name, pin in pins.items()} == {
        "fuel_poverty": "body",
        "adult_obesity": "appendix",
    }
    pin = pins["fuel_poverty"]
    assert (pin.by, pin.decided) == ("Director of public health", date(2026, 9, 30))
    assert pin.reason == "The cabinet asked for it."
    assert parameters.layout.pins_of("essex_2014", "best_start") == {}
    assert parameters.layout.pins_of("portsmouth_8", "health_and_wellbeing") == {}


@pytest.mark.parametrize("key", PIN)
def test_every_key_of_a_pin_is_required(pinned, key):
    pin = {name: value for name, value in PIN.items() if name != key}
    assert problem_of(pinned(pin), "parameters/pages.yml") == (
        f"pins.0.{key}: this key is required"
    )


@pytest.mark.parametrize(
    ("values", "problem"),
    [
        ({"body": {"indicators": 0}},
         "body.indicators: got 0; expected greater than or equal to 1"),
        ({"body": {"charts": 0}}, "body.charts: got 0; expected greater than or equal to 1"),
        ({"body": {"chart": 5}}, "body.chart: no such parameter; did you mean 'charts'?"),
        ({"pins": [PIN | {"in": "top"}]},
         "pins.0.in: got 'top'; expected 'body' or 'appendix'"),
        ({"pins": [PIN, PIN]}, "the file: 'fuel_poverty' is pinned twice in "
                               "'health_and_wellbeing' of 'essex_2014'; keep one pin"),
    ],
)  # fmt: skip
def test_a_layout_of_another_form_is_refused(write, values, problem):
    assert problem_of(write("pages.yml", values), "parameters/pages.yml") == problem


def test_the_smallest_body_holds_one_indicator_and_one_chart(write):
    layout = write("pages.yml", {"body": {"indicators": 1, "charts": 1}}).layout
    assert layout.body == BodyLimits(indicators=1, charts=1)


@pytest.mark.parametrize(
    ("changes", "problem"),
    [
        ({"framework": "essex_2041"},
         "framework: there is no framework 'essex_2041'; did you mean 'essex_2014'?"),
        ({"outcome": "best_strat"},
         "outcome: there is no outcome 'best_strat'; did you mean 'best_start'?"),
        ({"indicator": "fuel_povrety"},
         "indicator of health_and_wellbeing: there is no indicator of health_and_wellbeing "
         "'fuel_povrety'; did you mean 'fuel_poverty'?"),
        ({"outcome": "best_start", "indicator": "adult_obesity"},
         "indicator of best_start: there is no indicator of best_start 'adult_obesity'; there "
         "are: communication_at_five, literacy_at_five, maths_at_five, "
         "good_level_of_development, families_in_temporary_accommodation and "
         "children_in_non_working_households"),
    ],
)  # fmt: skip
def test_a_pin_that_names_something_unknown_is_refused_by_its_number(pinned, changes, problem):
    parameters = pinned(PIN, PIN | changes)
    assert refusal(parameters) == f"parameters/pages.yml, pin 2: {problem}"


def test_a_basket_is_not_pinned_but_its_members_are(pinned):
    wrong = refusal(pinned(PIN | {"indicator": "healthy_lifestyles"}))
    assert wrong.startswith(
        "parameters/pages.yml, pin 1: indicator of health_and_wellbeing: there is no indicator of "
        "health_and_wellbeing 'healthy_lifestyles'; there are: life_expectancy_women, "
    )


def test_a_framework_without_a_story_has_none(home):
    assert load_parameters().story("portsmouth_8") == Story()


def test_the_story_of_an_unknown_framework_is_refused(home):
    with pytest.raises(ParameterError) as caught:
        load_parameters().story("essex_2041")
    assert str(caught.value) == (
        "story: framework: there is no framework 'essex_2041'; did you mean 'essex_2014'?"
    )


def test_a_story_is_for_its_place_and_those_within_it(told):
    anywhere = FACTOR | {"place": None, "factor": "Prices."}
    parameters = told(factors=[FACTOR, anywhere], unseen=[UNSEEN])

    def found(outcome, place):
        story = parameters.story_for("essex_2014", outcome, place)
        return [f.factor for f in story.factors] + [u.text for u in story.unseen]

    check_everything(parameters)
    assert found("health_and_wellbeing", "X10000001") == ["Old homes.", "Prices."]
    assert found("health_and_wellbeing", "X07000001") == ["Old homes.", "Prices."]
    assert found("health_and_wellbeing", "E10000012") == ["Prices."]
    assert found("best_start", "X07000001") == ["Parents help each other."]
    assert found("best_start", "X10000001") == [], "what is said of a part is not said of the whole"
    assert found("best_start", "X07000002") == []


def test_nothing_invented_stands_beside_a_real_place(home):
    parameters = load_parameters()
    for framework_id in parameters.framework_ids():
        story = parameters.story(framework_id)
        assert all(said.place[0] == "X" for said in (*story.factors, *story.unseen))


@pytest.mark.parametrize("key", [key for key in FACTOR if key not in ("indicator", "place")])
def test_a_factor_has_a_direction_evidence_a_date_and_somebody_who_can_influence_it(told, key):
    factor = {name: value for name, value in FACTOR.items() if name != key}
    assert problem_of(told(factors=[factor]), "parameters/stories/essex_2014.yml") == (
        f"factors.0.{key}: this key is required"
    )


@pytest.mark.parametrize("key", [key for key in UNSEEN if key != "place"])
def test_unseen_progress_has_words_a_source_and_a_date(told, key):
    unseen = {name: value for name, value in UNSEEN.items() if name != key}
    assert problem_of(told(unseen=[unseen]), "parameters/stories/essex_2014.yml") == (
        f"unseen.0.{key}: this key is required"
    )


def test_a_factor_may_leave_out_indicator_place_and_strength(told):
    factor = {key: value for key, value in FACTOR.items() if key not in ("indicator", "place")}
    (found,) = told(factors=[factor]).story("essex_2014").factors
    assert (found.indicator, found.place, found.strength) == (None, None, None)


@pytest.mark.parametrize(
    ("changes", "problem"),
    [
        ({"direction": "helpful"},
         "factors.0.direction: got 'helpful'; expected 'helps' or 'hinders'"),
        ({"value": 3}, "factors.0.value: no such parameter"),
        ({"evidence_date": "spring"},
         "factors.0.evidence_date: got 'spring'; expected a date such as 2026-12-31"),
    ],
)  # fmt: skip
def test_a_factor_of_another_form_is_refused(told, changes, problem):
    parameters = told(factors=[FACTOR | changes])
    assert problem_of(parameters, "parameters/stories/essex_2014.yml") == problem


@pytest.mark.parametrize(
    ("kind", "changes", "problem"),
    [
        ("factors", {"outcome": "best_strat", "indicator": None},
         "outcome: there is no outcome 'best_strat'; did you mean 'best_start'?"),
        ("factors", {"indicator": "fuel_povrety"},
         "indicator of health_and_wellbeing: there is no indicator of health_and_wellbeing "
         "'fuel_povrety'; did you mean 'fuel_poverty'?"),
        ("factors", {"place": "X10000009"},
         "place: there is no place 'X10000009'; did you mean 'X10000001'?"),
        ("unseen", {"outcome": "best_strat"},
         "outcome: there is no outcome 'best_strat'; did you mean 'best_start'?"),
        ("unseen", {"place": "X10000009"},
         "place: there is no place 'X10000009'; did you mean 'X10000001'?"),
    ],
)  # fmt: skip
def test_a_story_that_names_something_unknown_is_refused_by_its_number(
    told, kind, changes, problem
):
    right = {"factors": FACTOR, "unseen": UNSEEN}[kind]
    parameters = told(**{kind: [right, right | changes]})
    assert refusal(parameters) == f"parameters/stories/essex_2014.yml, {kind} 2: {problem}"


def test_a_story_bears_the_name_of_a_framework(write):
    parameters = write("stories/essex_2041.yml", {"factors": []})
    assert refusal(parameters) == (
        "parameters/stories/essex_2041.yml: framework: there is no framework 'essex_2041'; did "
        "you mean 'essex_2014'?"
    )
