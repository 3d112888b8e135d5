"""What each kind of comparator needs and may have, and what is refused."""

import pytest
import yaml

from outcomes.errors import ParameterError
from outcomes.parameters import load_parameters

COMPUTED = {
    "kind": "computed",
    "title": "places with similar work",
    "indicators": ["employment_rate", "median_earnings"],
    "n": 10,
}
NEIGHBOURS = {"kind": "neighbours", "title": "similar places", "model": "ons_global"}
LIST = {"kind": "list", "title": "the coast", "areas": ["X07000001"]}
NATION = {"kind": "nation", "title": "the nation as a whole"}


@pytest.fixture
def read(own_home):
    """Return a function that reads a comparator from a project's file."""

    def written(values):
        path = own_home / "parameters" / "comparators.yml"
        path.write_text(yaml.safe_dump({"ours": values}, sort_keys=False), encoding="utf-8")
        return load_parameters().comparators["ours"]

    return written


def refusal(read, values):
    with pytest.raises(ParameterError) as caught:
        read(values)
    return str(caught.value)


def problem_of(read, values):
    heading, problem = refusal(read, values).splitlines()
    assert heading == "parameters/comparators.yml has 1 problem"
    return problem.partition(", ")[2]


def without(values, key):
    return {name: value for name, value in values.items() if name != key}


def test_a_computed_comparator_names_indicators_how_many_and_weights(read):
    found = read(COMPUTED | {"weights": {"median_earnings": 2.5}})
    assert found.indicators == ("employment_rate", "median_earnings")
    assert (found.n, found.weights, found.how) == (10, {"median_earnings": 2.5}, "weighted")


@pytest.mark.parametrize(
    ("values", "key", "needs"),
    [
        (COMPUTED, "indicators", "a comparator of kind 'computed' needs indicators"),
        (COMPUTED, "n", "a comparator of kind 'computed' needs n, how many areas"),
        (NEIGHBOURS, "model", "a comparator of kind 'neighbours' needs a model"),
        (LIST, "areas", "a comparator of kind 'list' needs areas"),
    ],
)
def test_a_comparator_without_what_its_kind_needs_is_refused(read, values, key, needs):
    assert problem_of(read, without(values, key)) == f"ours: {needs}"
    assert read(values).kind == values["kind"]


@pytest.mark.parametrize("values", [COMPUTED, NEIGHBOURS, LIST], ids=lambda v: v["kind"])
@pytest.mark.parametrize("how", ["weighted", "simple", "median"])
def test_the_value_of_a_group_is_formed_in_one_of_three_ways(read, values, how):
    assert read(values | {"how": how}).how == how


@pytest.mark.parametrize(
    ("values", "extra", "odd"),
    [
        (NATION, {"how": "median"}, "a comparator of kind 'nation' has no how"),
        (NATION, {"n": 5}, "a comparator of kind 'nation' has no n"),
        (LIST, {"weights": {}}, "a comparator of kind 'list' has no weights"),
        (LIST, {"n": 5}, "a comparator of kind 'list' has no n"),
        (NEIGHBOURS, {"areas": ["X07000001"]}, "a comparator of kind 'neighbours' has no areas"),
        (COMPUTED, {"model": "ons_global"}, "a comparator of kind 'computed' has no model"),
    ],
)
def test_a_key_that_a_kind_would_leave_unread_is_refused(read, values, extra, odd):
    assert problem_of(read, values | extra) == f"ours: {odd}"


@pytest.mark.parametrize(
    ("changes", "problem"),
    [
        ({"how": "mean"}, "ours.how: got 'mean'; expected 'weighted', 'simple' or 'median'"),
        ({"n": 0}, "ours.n: got 0; expected greater than or equal to 1"),
        ({"n": 21}, "ours.n: got 21; expected less than or equal to 20"),
        (
            {"weights": {"median_earnings": 0}},
            "ours.weights.median_earnings: got 0; expected greater than 0",
        ),
        (
            {"weights": {"median_earnigs": 2}},
            "ours: the weight of 'median_earnigs' is for none of its indicators; did you mean "
            "'median_earnings'?",
        ),
        (
            {"indicators": ["employment_rate", "employment_rate"]},
            "ours: the indicator 'employment_rate' stands twice; give it a weight instead",
        ),
    ],
)
def test_a_computed_comparator_that_makes_no_sense_is_refused(read, changes, problem):
    assert problem_of(read, COMPUTED | changes) == problem


@pytest.mark.parametrize("n", [1, 20])
def test_one_to_twenty_areas_can_be_computed(read, n):
    assert read(COMPUTED | {"n": n}).n == n


def test_the_indicators_of_a_computed_comparator_are_known(read):
    assert refusal(read, COMPUTED | {"indicators": ["employment_rat"]}) == (
        "parameters/comparators.yml, ours: indicator: there is no indicator 'employment_rat'; did "
        "you mean 'employment_rate'?"
    )


def test_a_basket_has_no_figure_to_be_alike_in(read):
    assert refusal(read, COMPUTED | {"indicators": ["healthy_lifestyles"]}) == (
        "parameters/comparators.yml, ours: indicator: 'healthy_lifestyles' is a basket and has no "
        "figure; name members of it: adult_obesity, childhood_obesity and adult_smoking"
    )
