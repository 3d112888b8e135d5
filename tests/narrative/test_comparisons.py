"""A place beside its comparator: the difference, the rank, the people."""

import pytest

from outcomes.model import Comparison, Indicator, People, Rank, Standing
from outcomes.model.words import about
from outcomes.narrative import say_comparison, say_people, say_position, say_rank
from outcomes.narrative.words import ratio_words, span_words

NAN = float("nan")
ABOVE = "That is 5.5 percentage points above the nation (70.0%)"
BELOW = "That is 0.5 percentage points below the nation (76.0%)"
SIMILAR = (
    f"{BELOW}. The interval includes that figure, so the two are called similar: the difference "
    "may be chance."
)


def better(**more) -> Comparison:
    return Comparison("the nation", 70.0, 1, 5.5, "better", tested=True, **more)


def similar(**more) -> Comparison:
    return Comparison("the nation", 76.0, 1, -0.5, "similar", tested=True, **more)


@pytest.mark.parametrize(
    ("comparison", "words"),
    [
        (
            better(method="difference", difference_lower=1.0, difference_upper=10.0),
            f"{ABOVE}, which is better: the difference is more than chance (95% interval 1.0 to "
            "10.0).",
        ),
        (
            better(method="difference", verdict_998="better"),
            f"{ABOVE}, which is better: the difference is more than chance. That would hold at the "
            "stricter level of 99.8% too.",
        ),
        (
            better(method="overlap", verdict_998="similar", ratio=1.25),
            f"{ABOVE}, about a quarter higher, which is better: the whole interval lies above that "
            "figure.",
        ),
        (
            similar(method="difference", difference_lower=-3.0, difference_upper=2.0),
            f"{BELOW}. Allowing for chance it lies from 3.0 below to 2.0 above, so the two are "
            "called similar: the difference may be chance.",
        ),
        (
            similar(method="difference"),
            f"{BELOW}. Chance alone could make such a difference, so the two are called similar.",
        ),
        (
            Comparison("the nation", 75.48, 1, 0.02, "better", tested=True),
            "That is less than 0.1 percentage points above the nation (75.5%), before rounding, which is better: "
            "the whole interval lies above that figure.",
        ),
        (
            similar(how="weighted", simple=77.0, median=78.0),
            f"{SIMILAR} Larger places count for more in that average. If each counted alike it "
            "would be 77.0%; the median is 78.0%.",
        ),
        (
            similar(how="weighted_population", simple=76.04, median=76.0),
            f"{SIMILAR} Larger places count for more in that average.",
        ),
        (
            similar(how="simple", simple=77.0, median=78.0),
            f"{SIMILAR} Each place counts alike in that average; the median is 78.0%.",
        ),
        (
            similar(how="median", simple=77.0, median=76.0),
            f"{SIMILAR} That is the median, the middle one of them.",
        ),
    ],
)
def test_what_is_said_of_a_comparison(make_position, comparison, words):
    assert say_comparison(make_position(comparison=comparison)) == words


def test_a_paragraph_stays_short(make_position):
    comparison = better(method="difference", verdict_998="better", how="weighted", simple=60.0)
    rank = Rank(3, 12, among="counties", judged=True, lowest=1, highest=7, fifth=4)
    said = say_position(make_position(comparison=comparison, rank=rank))
    assert " ".join(said).count(". ") < 7


@pytest.mark.parametrize(
    ("rank", "words"),
    [
        (
            {"judged": True, "lowest": 1.0, "highest": 11.0, "fifth": 4},
            "It ranks 3rd of 12 among counties (1st is best), in the second-best fifth. Its true "
            "rank may lie anywhere from 1st to 11th.",
        ),
        (
            {"judged": False, "lowest": 11.0, "highest": 1.0, "fifth": 1},
            "It ranks 3rd of 12 among counties (1st is highest, not best), in the lowest fifth. "
            "Its true rank may lie anywhere from 1st to 11th.",
        ),
        (
            {"judged": True, "lowest": 3.0, "highest": 3.0},
            "It ranks 3rd of 12 among counties (1st is best). The intervals leave no room for "
            "another rank than 3rd.",
        ),
        (
            {"judged": True, "lowest": 3.0},
            "It ranks 3rd of 12 among counties (1st is best).",
        ),
    ],
)
def test_what_is_said_of_a_rank(make_position, rank, words):
    made = Rank(3, 12, among="counties", **rank)
    assert say_rank(make_position(rank=made)) == words


ADULTS = "people aged 16 to 64, mid-2020"
START = "In people, the difference from the nation comes to"
ON = "worked out on the 50,100 people aged 16 to 64 in mid-2020"


@pytest.mark.parametrize(
    ("people", "words"),
    [
        (
            People(1049.0, 312.0, 1720.0, ADULTS, 50123.0),
            f"{START} about 1,000 more (between 310 and 1,800), {ON}.",
        ),
        (
            People(-1049.0, -1720.0, -312.0, ADULTS, 50123.0),
            f"{START} about 1,000 fewer (between 310 and 1,800), {ON}.",
        ),
        (
            People(105.0, -204.0, 420.0, ADULTS, 50123.0),
            f"{START} about 100 more, but it could be anything from 210 fewer to 420 more, {ON}.",
        ),
        (
            People(105.0, -24.0, 420.0, ADULTS, 50123.0, rounding=25.0),
            f"{START} about 100 more, but it could be anything from no difference to 420 more, "
            f"{ON}.",
        ),
        (
            People(-105.0, -421.0, 24.0, ADULTS, 50123.0, rounding=25.0),
            f"{START} about 100 fewer, but it could be anything from 430 fewer to no difference, "
            f"{ON}.",
        ),
        (
            People(105.0, -26.0, 419.0, ADULTS, 50123.0, rounding=25.0),
            f"{START} about 100 more, but it could be anything from 26 fewer to 420 more, {ON}.",
        ),
        (
            People(3.0, -20.0, 24.0, ADULTS, 50123.0, rounding=25.0),
            f"{START} about 3 more, which is within rounding, {ON}.",
        ),
        (
            People(105.0, 0.0, 420.0, ADULTS, 50123.0),
            f"{START} about 100 more (between less than one and 420), {ON}.",
        ),
        (
            People(105.0, NAN, 420.0, ADULTS, 50123.0, (96.0, "people, mid-2011", 48000.0)),
            f"{START} about 100 more, {ON}; on the older base of the 48,000 people in mid-2011 it "
            "would be about 96 more.",
        ),
        (
            People(-105.0, NAN, NAN, ADULTS, 50123.0, (-104.0, "people, mid-2011", 48000.0)),
            f"{START} about 100 fewer, {ON} (the same on the older base, mid-2011).",
        ),
        (
            People(105.0, NAN, NAN, "people of all ages", NAN, (NAN, "people, mid-2011", 480.0)),
            f"{START} about 100 more, worked out on people of all ages.",
        ),
        (
            People(0.4, NAN, float("inf"), ADULTS, 50123.0),
            f"{START} less than one, {ON}.",
        ),
        (People(NAN, NAN, NAN, ADULTS, 50123.0), ""),
    ],
)
def test_what_a_difference_means_in_people(make_position, people, words):
    assert say_people(make_position(standing=Standing(people=people))) == words


def test_events_are_called_numbers(make_position):
    people = People(37.0, 14.0, 60.0, ADULTS, 50123.0)
    position = make_position(
        standing=Standing(people=people), indicator={"value_type": "rate"}, comparison=None
    )
    assert say_people(position) == (
        f"In numbers, the difference from the comparator comes to about 37 more (between 14 and "
        f"60), {ON}."
    )


def test_nothing_is_said_without_people_a_comparator_or_a_rank(make_position):
    position = make_position(comparison=None, rank=None)
    assert (say_people(position), say_comparison(position), say_rank(position)) == ("", "", "")


@pytest.mark.parametrize(
    ("ratio", "words"),
    [
        (1.2, "about a fifth higher"),
        (1.199, ""),
        (0.8, "about a fifth lower"),
        (0.801, ""),
        (0.66, "about a third lower"),
        (1.34, "about a third higher"),
        (2.24, "about twice as high"),
        (2.25, "about 2.2 times as high"),
        (12.0, "about 12 times as high"),
        (0.5, "about half as high"),
        (0.1, "about a tenth as high"),
        (0.09, ""),
        (-2.0, ""),
        (NAN, ""),
        (float("inf"), ""),
    ],
)
def test_a_ratio_is_said_only_where_it_is_far_from_one(ratio, words):
    assert ratio_words(ratio) == words


@pytest.mark.parametrize(
    ("count", "words"),
    [(1049, "1,000"), (-1051, "1,100"), (0.4, "less than one"), (0.6, "1"), (96.4, "96"), (3, "3")],
)
def test_people_are_rounded_to_two_digits(count, words):
    assert about(count) == words


@pytest.mark.parametrize(
    ("limits", "words"),
    [
        ((0.1, 0.7), "0.1 to 0.7"),
        ((-0.7, -0.1), "0.1 to 0.7"),
        ((0.0, 0.7), "0.0 to 0.7"),
        ((-0.2, 0.7), "from a fall of 0.2 to a rise of 0.7"),
        ((-0.01, 0.7), "from no change to a rise of 0.7"),
        ((-0.01, 0.02), "no change"),
        ((0.02, 0.7), "0.02 to 0.70"),
        ((0.0001, 0.0002), ""),
        ((0.0, 0.0), ""),
        ((NAN, 0.7), ""),
        ((0.1, float("inf")), ""),
    ],
)
def test_an_interval_has_no_signs(make_position, limits, words):
    indicator: Indicator = make_position().indicator
    assert span_words(indicator, *limits) == words
