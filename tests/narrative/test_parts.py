"""Reversals, and need beside take-up, in whole sentences."""

import pandas as pd
import pytest

from outcomes.model import Reversal, Standing, TakeUp
from outcomes.narrative import say_reversals, say_take_up


def reversal(**changes) -> Reversal:
    known = {
        "of": "sex", "first": "2018", "last": "2024", "whole_first": 9.4, "whole_last": 10.5,
        "parts": ("Women", "Men"), "every": True, "rate_effect": -1.5, "mix_effect": 2.6,
    }  # fmt: skip
    return Reversal(**(known | changes))


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        (
            {},
            "The overall figure hides its parts: from 2018 to 2024 it rose from 9.4% to 10.5%, "
            "while it fell in every group by sex (Women and Men). Who is counted has changed: the "
            "mix of groups moved the overall figure, not the figures within it.",
        ),
        (
            {"of": "places", "whole_last": 8.0, "parts": ("Ayton",), "every": False},
            "The overall figure hides its parts: from 2018 to 2024 it fell from 9.4% to 8.0%, "
            "while it rose in places with most of the people (Ayton). Who is counted has changed: "
            "the mix of places moved the overall figure, not the figures within it.",
        ),
    ],
)
def test_a_whole_that_moves_against_its_parts(make_position, changes, words):
    position = make_position(standing=Standing(reversals=(reversal(**changes),)))
    assert say_reversals(position) == words


def test_without_a_reversal_nothing_is_said(make_position):
    assert say_reversals(make_position()) == ""


def groups(*verdicts) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "group": [f"Group {i}" for i in range(1, len(verdicts) + 1)],
            "need": 100.0, "served": 20.0, "need_share": 0.31, "served_share": 0.26,
            "difference": -0.05, "lower": -0.07, "upper": -0.03, "verdict": verdicts,
        }
    )  # fmt: skip


@pytest.mark.parametrize(
    ("verdicts", "words"),
    [
        (
            ("under_served", "in_line", "over_served"),
            "Need beside help in Anytown, 2024, 3 groups. More than chance, less than their share "
            "of the need goes to: Group 1 (26% of the help, 31% of the need). More than chance, "
            "more than their share of the need goes to: Group 3 (26% of the help, 31% of the "
            "need).",
        ),
        (
            ("in_line", "cannot_tell"),
            "Need beside help in Anytown, 2024, 2 groups. No group's share of the help differs "
            "from its share of the need by more than chance.",
        ),
    ],
)
def test_who_gets_less_than_their_share(make_position, verdicts, words):
    standing = Standing(take_up=TakeUp("2024", groups(*verdicts)))
    assert say_take_up(make_position(standing=standing)) == words


def test_without_take_up_nothing_is_said(make_position):
    assert say_take_up(make_position()) == ""
