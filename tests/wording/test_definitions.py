"""What the register's own records refuse: numbers in outcomes, indicators without their parts."""

import pytest
from pydantic import ValidationError

from outcomes.model import Indicator, Outcome
from outcomes.model.performance import Service

OUTCOME = {"id": "well", "number": 1, "short": "Well", "question": "Are people well?"}
INDICATOR = {
    "title": "Working-age people in employment",
    "definition": "People aged 16 to 64 in work, out of all of that age.",
    "unit": "%",
    "value_type": "proportion",
    "polarity": "higher_is_better",
    "series": "els/employment-rate/Employment rate",
}
SERVICE = {
    "title": "Money advice",
    "place": "X10000001",
    "framework": "essex_2014",
    "outcomes": ["economic_growth"],
    "provider": "An advice partnership",
    "commissioner": "Head of customer services",
    "contract": "Contract for advice",
    "customer_group": "People who call",
    "measures": {
        "callers": {
            "title": "People who called",
            "quadrant": "how_much",
            "kind": "customers_served",
            "accountable": "provider",
            "figures": {"2024/25": 100},
        }
    },
}


@pytest.mark.parametrize(
    ("title", "words"),
    [
        ("90% of children are safe", "90%"),
        ("Ninety per cent of children are safe", "per cent"),
        ("A percentage of people in work", "percentage"),
        ("The rate of crime is low", "rate"),
        ("Low crime rates", "rates"),
        ("The number of accidents is low", "number of"),
        ("One in five people volunteer", "One in five"),
        ("Half of all homes are warm", "Half of"),
        ("Two thirds of homes are warm", "Two thirds of"),
        ("A thousand new homes", "thousand"),
        ("\u00bd of all homes", "\u00bd"),
        ("Every child reads at \u0667", "\u0667"),
        ("Pay of \u00a3400 a week", "\u00a3"),
        ("1,500 trees", "1,500"),
        ("Lower emissions per head", "per head"),
        ("Good median pay", "median"),
    ],
)
def test_row_124_the_register_refuses_an_outcome_with_a_number_or_a_unit(title, words):
    with pytest.raises(ValidationError) as refused:
        Outcome(title=title, **OUTCOME)
    (error,) = refused.value.errors()
    assert error["loc"] == ("title",)
    assert str(error["ctx"]["error"]) == (
        f"got {title!r}; an outcome has no number and no unit in it, and this has {words!r}: say in "
        "words what people should have, and make the figure an indicator or a target"
    )


@pytest.mark.parametrize(
    "title",
    [
        "Everyone here is one community",
        "People find a first job here",
        "No one is left behind",
        "First-rate schools for all",
        "A number of good jobs to choose from",
        "Any number of ways to get about",
        "Business rates are fair",
        "People rate their streets highly",
        "Young people feel second to none",
        "Residents quarter and share what they have",
        "{area} is a place to live",
        "Corporate life is honest",
    ],
)
def test_row_124_words_that_only_look_like_numbers_are_taken(title):
    assert Outcome(title=title, **OUTCOME).title == title


@pytest.mark.parametrize("part", ["unit", "polarity", "series"])
def test_row_125_an_indicator_needs_a_unit_a_direction_and_a_source(part):
    Indicator(**INDICATOR)
    with pytest.raises(ValidationError):
        Indicator(**{key: value for key, value in INDICATOR.items() if key != part})


@pytest.mark.parametrize("unit", ["", "  "])
def test_row_125_an_empty_unit_is_none(unit):
    with pytest.raises(ValidationError) as refused:
        Indicator(**INDICATOR | {"unit": unit})
    assert str(refused.value.errors()[0]["ctx"]["error"]) == (
        "an indicator needs a unit, the words that follow its number, such as '%' or 'per 1,000 "
        "people'; a basket has none, because its members have their own"
    )
    basket = {"unit": unit, "value_type": "basket", "series": None, "members": ("other",)}
    assert Indicator(**INDICATOR | basket).members == ("other",)


@pytest.mark.parametrize("part", ["title", "customer_group", "provider"])
def test_row_126_a_performance_measure_needs_a_service_and_a_customer_group(part):
    assert Service(**SERVICE).measures["callers"].title == "People who called"
    with pytest.raises(ValidationError) as refused:
        Service(**{key: value for key, value in SERVICE.items() if key != part})
    assert [(error["loc"], error["type"]) for error in refused.value.errors()] == [
        ((part,), "missing")
    ]
