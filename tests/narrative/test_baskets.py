"""A basket's score, and the slope over all ordered groups, in whole sentences."""

import pandas as pd
import pytest

from outcomes.model import BasketScore, Slope, Standing
from outcomes.narrative import say_basket, say_slope
from outcomes.tables import table_basket

NAN = float("nan")


def basket(**changes) -> BasketScore:
    members = pd.DataFrame(
        {
            "title": ["Obesity", "Smoking"], "period": ["2024", "2023"], "value": ["28%", "15%"],
            "standardised": [-1.6, 0.4], "weight": [0.5, 0.5],
        }
    )  # fmt: skip
    known = {
        "title": "Healthy lifestyles", "among": "districts in the nation", "members": members,
        "score": -0.6, "rank": 21.0, "of": 36, "rank_best": 12.0, "rank_worst": 33.0,
    }  # fmt: skip
    return BasketScore(**(known | changes))


LAST = (
    "Each counts alike, on the scale of how far areas differ in it; a score says nothing that the "
    "indicators do not."
)
START = "Healthy lifestyles: taken together, its two indicators put Anytown"


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        (
            {},
            f"{START} 0.6 standard deviations worse than the average of districts in the nation, "
            "21st of 36 (1st is best). With any one of them left out it would rank 12th to 33rd, "
            f"so much the rank hangs on what is chosen. {LAST}",
        ),
        (
            {"score": 1.2, "rank": 2.0, "rank_best": 2.0, "rank_worst": 2.0,
             "missing": ("Walking", "Sleep")},
            f"{START} 1.2 standard deviations better than the average of districts in the nation, "
            "2nd of 36 (1st is best). With any one of them left out it would rank 2nd. Without a "
            f"figure here, and so not counted: walking and sleep. {LAST}",
        ),
        (
            {"score": 0.04},
            f"{START} at the average of districts in the nation, 21st of 36 (1st is best). With "
            "any one of them left out it would rank 12th to 33rd, so much the rank hangs on what "
            f"is chosen. {LAST}",
        ),
        (
            {"score": NAN, "reason": "members with a value carry 33% of the weight; 50% needed"},
            "Healthy lifestyles: no score is given: members with a value carry 33% of the weight; "
            "50% needed.",
        ),
    ],
)  # fmt: skip
def test_what_is_said_of_a_score(changes, words):
    assert say_basket(basket(**changes), "Anytown") == words


def test_a_score_comes_with_what_it_is_made_of():
    frame = table_basket(basket(), "Anytown").frame
    assert frame.iloc[0].tolist() == ["Obesity", "2024", "28%", "\N{MINUS SIGN}1.60", "50%"]
    assert frame.iloc[1].tolist() == ["Smoking", "2023", "15%", "+0.40", "50%"]


@pytest.mark.parametrize(
    ("slope", "words"),
    [
        (
            Slope("2024/25", 5, 24.1, 21.9, 26.3, 4.14, 3.47, 4.89),
            "The slope index of inequality, from a line through all five groups, 2024/25: 24.1 "
            "percentage points worse at the first end than at the last (95% interval 21.9 to "
            "26.3). One end divided by the other is 4.14 (95% interval 3.47 to 4.89).",
        ),
        (
            Slope("2024", 10, -1.5, -4.0, 1.0, NAN, NAN, NAN),
            "The slope index of inequality, from a line through all ten groups, 2024: 1.5 "
            "percentage points better at the first end than at the last (95% interval from 4.0 "
            "better to 1.0 worse).",
        ),
        (
            Slope("2024", 5, 2.0, NAN, NAN, 1.2, NAN, NAN),
            "The slope index of inequality, from a line through all five groups, 2024: 2.0 "
            "percentage points worse at the first end than at the last. One end divided by the "
            "other is 1.20.",
        ),
        (
            Slope("2024", 5, NAN, NAN, NAN, NAN, NAN, NAN, "no figure for group 3"),
            "No line is drawn through all groups: no figure for group 3.",
        ),
    ],
)
def test_what_is_said_of_a_slope(make_position, slope, words):
    assert say_slope(make_position(standing=Standing(slope=slope))) == words


def test_without_ordered_groups_there_is_no_slope(make_position):
    assert say_slope(make_position()) == ""
