"""How figures and people are rounded: as a reader would, and the ends of an interval outward."""

import math

import pytest

from outcomes.model import number
from outcomes.model.numbers import difference_words, rounded
from outcomes.model.words import about, outward
from outcomes.narrative.words import rounds_to_nothing, size_words

NAN = float("nan")
INF = float("inf")


@pytest.mark.parametrize(
    ("value", "decimals", "expected"),
    [
        (426.5, 0, 427.0),
        (426.49, 0, 426.0),
        (0.5, 0, 1.0),
        (2.5, 0, 3.0),
        (0.285, 2, 0.29),
        (0.2849, 2, 0.28),
        (1.005, 2, 1.01),
        (0.05, 1, 0.1),
        (-426.5, 0, -427.0),
        (-0.285, 2, -0.29),
        (-0.04, 1, 0.0),
        (0.0, 1, 0.0),
        (INF, 1, INF),
        (-INF, 1, -INF),
    ],
)
def test_halves_are_rounded_away_from_nothing(value, decimals, expected):
    assert rounded(value, decimals) == expected


def test_nothing_known_stays_unknown():
    assert math.isnan(rounded(NAN, 1))


@pytest.mark.parametrize(
    ("value", "words"),
    [(426.5, "427"), (-426.5, "−427"), (-0.4, "0"), (0.5, "1"), (1234.5, "1,235")],
)
def test_a_figure_and_the_size_of_a_difference_are_rounded_alike(make_position, value, words):
    indicator = make_position(indicator={"decimals": 0, "unit": ""}).indicator
    assert number(indicator, value) == words
    assert difference_words(indicator, value) == words.lstrip("−")


def test_percentage_points_are_rounded_the_same_way(make_position):
    indicator = make_position(indicator={"decimals": 2}).indicator
    assert difference_words(indicator, -0.285) == "0.29 percentage points"
    assert difference_words(indicator, 0.995) == "1.00 percentage point"
    assert number(indicator, 0.285) == "0.29%"


@pytest.mark.parametrize(
    ("size", "words"), [(0.5, "£1 a week"), (0.49, "less than £1 a week"), (0.0, "£0 a week")]
)
def test_a_half_is_shown_and_not_taken_for_nothing(make_position, size, words):
    indicator = {"unit": "a week", "prefix": "£", "decimals": 0}
    indicator = make_position(indicator=indicator).indicator
    assert size_words(indicator, size) == words
    assert rounds_to_nothing(indicator, size) == (size < 0.5)


@pytest.mark.parametrize(
    ("count", "up", "down"),
    [
        (1720.0, 1800.0, 1700.0),
        (-1720.0, -1800.0, -1700.0),
        (312.0, 320.0, 310.0),
        (1000.0, 1000.0, 1000.0),
        (310.0, 310.0, 310.0),
        (99.5, 100.0, 99.0),
        (1001.0, 1100.0, 1000.0),
        (57.0, 57.0, 57.0),
        (0.0, 0.0, 0.0),
        (INF, INF, INF),
        (-INF, -INF, -INF),
    ],
)
def test_an_end_is_rounded_up_or_down_and_a_round_one_stays(count, up, down):
    assert outward(count, larger=True) == pytest.approx(up, rel=1e-12)
    assert outward(count, larger=False) == pytest.approx(down, rel=1e-12)


def test_an_end_that_is_not_known_stays_unknown():
    assert math.isnan(outward(NAN, larger=True))


@pytest.mark.parametrize("count", [10.0, 29.0, 290.0, 1.1e3, 7.3e4, 5.7e5, 2.9e6])
def test_two_digits_are_not_pushed_on_by_how_numbers_are_held(count):
    assert about(outward(count, larger=True)) == about(outward(count, larger=False)) == about(count)
