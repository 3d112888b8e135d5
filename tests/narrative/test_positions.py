import pytest

from outcomes.model import Comparison, Figure, Rank, Standing
from outcomes.narrative import (
    describe_history,
    say_history,
    say_position,
    say_proxy,
    say_within,
)

NAN = float("nan")
NO_LIMITS = Figure("2023", 75.5, NAN, NAN, "final")
LEAD = "People in work in Anytown, 2023: 75.5%"
RANK = "It ranks 3rd of 12 among counties in the nation (1st is best)."


def test_a_proxy_is_called_so_with_its_reason(make_position):
    assert say_proxy(make_position(proxy="Both move together.")) == "A proxy: Both move together."
    assert say_proxy(make_position()) == ""


def test_all_that_is_said_of_a_figure_with_an_interval(make_position):
    assert say_position(make_position()) == [
        f"{LEAD} (95% interval 71.0% to 80.0%).",
        "That is 0.5 percentage points below the nation (76.0%). The interval includes that figure, "
        "so the two are called similar: the difference may be chance.",
        RANK,
    ]


@pytest.mark.parametrize(
    ("comparison", "sentence"),
    [
        (
            Comparison("the nation", 70.0, 1, 5.5, "better", tested=True),
            "That is 5.5 percentage points above the nation (70.0%), which is better: the whole "
            "interval lies above that figure.",
        ),
        (
            Comparison("the nation", 81.0, 1, -5.5, "worse", tested=True),
            "That is 5.5 percentage points below the nation (81.0%), which is worse: the whole "
            "interval lies below that figure.",
        ),
        (
            Comparison("the nation", 76.5, 1, -1.0, "worse", tested=False),
            "That is 1.0 percentage point below the nation (76.5%), on the worse side. Our source "
            "gives no interval, so we cannot say whether the difference is more than chance.",
        ),
        (
            Comparison("the nation", 76.5, 1, -1.0, "lower", tested=False),
            "That is 1.0 percentage point below the nation (76.5%). Our source gives no interval, so "
            "we cannot say whether the difference is more than chance.",
        ),
        (
            Comparison("the nation", 75.52, 1, -0.02, "equal", tested=False),
            "That is the same as the nation (75.5%), to the precision shown.",
        ),
        (
            Comparison(
                "the nation", NAN, 0, NAN, "not_compared", tested=False,
                reason="there is no figure for the nation for 2023",
            ),
            "It is not compared with another area: there is no figure for the nation for 2023.",
        ),
    ],
)  # fmt: skip
def test_what_is_said_of_a_comparison(make_position, comparison, sentence):
    latest = make_position().latest if comparison.tested else NO_LIMITS
    assert say_position(make_position(comparison=comparison, latest=latest))[1] == sentence


def test_a_provisional_figure_says_so(make_position):
    latest = Figure("2023", 75.5, NAN, NAN, "provisional")
    assert say_position(make_position(latest=latest))[0] == f"{LEAD}, provisional."


@pytest.mark.parametrize(
    ("rank", "sentence"),
    [
        (
            Rank(1, 12, among="districts", judged=True, alike=2),
            "It ranks joint 1st to 2nd of 12 among districts (1st is best).",
        ),
        (
            Rank(11, 1234, among="districts", judged=False),
            "It ranks 11th of 1,234 among districts (1st is highest, not best).",
        ),
    ],
)
def test_what_is_said_of_a_rank(make_position, rank, sentence):
    assert say_position(make_position(rank=rank))[2] == sentence


def test_a_newer_period_without_a_figure_and_an_old_series(make_position):
    newer = "The figure for 2024 is not available from the publisher."
    assert say_position(make_position(newer=newer, stale=True))[3:] == [
        f"{newer} The figure shown is the latest one published.",
        "This series has no figure newer than 2023, so it may no longer describe the place well.",
    ]


def test_a_place_without_a_figure_gets_the_reason_alone(make_position):
    missing = "The source used here has no figure for Anytown."
    position = make_position(latest=None, comparison=None, rank=None, missing=missing)
    assert say_position(position) == [missing]


@pytest.mark.parametrize(
    ("unit", "prefix", "decimals", "value", "text"),
    [
        ("per 10,000 children", "", 1, 21.24, "21.2 per 10,000 children"),
        ("a week", "£", 0, 1234.4, "£1,234 a week"),
        ("points", "", 2, -0.456, "−0.46 points"),
        ("", "", 0, 12345.0, "12,345"),
        ("%", "", 0, -0.2, "0%"),
    ],
)
def test_numbers_are_printed_in_their_unit(make_position, unit, prefix, decimals, value, text):
    indicator = {"unit": unit, "prefix": prefix, "decimals": decimals}
    latest = Figure("2023", value, NAN, NAN, "final")
    position = make_position(indicator=indicator, latest=latest, comparison=None, rank=None)
    assert say_position(position) == [f"People in work in Anytown, 2023: {text}."]


def test_history_in_one_sentence(make_position):
    assert say_history(make_position()) == (
        "There are 3 figures: from 70.0% in 2021 to 75.5% in 2023; the lowest is 70.0% and the "
        "highest 75.5%."
    )


def test_a_period_without_a_figure_is_counted(make_position):
    history = make_position().history
    history.loc[1, "value"] = NAN
    assert say_history(make_position(history=history)) == (
        "There are 2 figures: from 70.0% in 2021 to 75.5% in 2023; the lowest is 70.0% and the "
        "highest 75.5%. 1 period came without a figure."
    )


@pytest.mark.parametrize(
    ("breaks", "silent", "words"),
    [
        (
            [("2022", "a new method")],
            None,
            "There are 3 figures, 2 of them since the last break: from 72.0% in 2022 to 75.5% in "
            "2023; the lowest is 72.0% and the highest 75.5%.",
        ),
        (
            [("2022", "a new method"), ("2023", "another")],
            None,
            "There are 3 figures, 1 of them since the last break, so no history since then can be "
            "shown.",
        ),
        (
            [("2022", "a new method")],
            1,
            "There are 2 figures, 1 of them since the last break, so no history since then can be "
            "shown. 1 period came without a figure.",
        ),
        (
            [("2023", "a new method")],
            2,
            "There are 2 figures, none of them since the last break, so no history since then can "
            "be shown. 1 period came without a figure.",
        ),
        (
            [("2021", "a new method")],
            None,
            "There are 3 figures: from 70.0% in 2021 to 75.5% in 2023; the lowest is 70.0% and the "
            "highest 75.5%.",
        ),
        (
            [("2017", "of a period that is not in the history")],
            None,
            "There are 3 figures: from 70.0% in 2021 to 75.5% in 2023; the lowest is 70.0% and the "
            "highest 75.5%.",
        ),
    ],
)
def test_a_history_runs_since_the_last_break(make_position, breaks, silent, words):
    history = make_position().history
    if silent is not None:
        history.loc[silent, "value"] = NAN
    standing = Standing(breaks=tuple(breaks))
    assert say_history(make_position(history=history, standing=standing)) == words


def test_one_figure_is_no_history(make_position):
    history = make_position().history.tail(1)
    assert say_history(make_position(history=history)) == (
        "There is one figure only, so no history can be shown."
    )


def test_places_within(make_position):
    assert say_within(make_position()) == (
        "Among the districts in Anytown, 2023, the figures run from 71.0% in Southend Green to "
        "80.0% in Northend. There is no figure for Westend."
    )


def test_places_within_whose_intervals_overlap(make_position):
    within = make_position().within
    within["upper"] = [83.0, 78.0, NAN]
    assert say_within(make_position(within=within)) == (
        "Among the districts in Anytown, 2023, the figures run from 71.0% in Southend Green to "
        "80.0% in Northend. There is no figure for Westend. These two are the ends of two places; "
        "ends lie some way apart by chance alone."
    )
    within["lower"] = [77.0, 68.0, 70.0]
    within["upper"] = [83.0, 77.0, 78.0]
    within["value"] = [80.0, 71.0, 74.0]
    assert say_within(make_position(within=within)) == (
        "Among the districts in Anytown, 2023, the figures run from 71.0% in Southend Green to "
        "80.0% in Northend. These two are the ends of three places; ends lie some way apart by "
        "chance alone."
    )
    within.loc[1, "upper"] = 76.9
    assert "chance" not in say_within(make_position(within=within))


def test_the_text_alternative_says_what_the_chart_shows(make_position):
    assert describe_history(make_position()) == (
        "Line chart of People in work in Anytown. There are 3 figures: from 70.0% in 2021 to 75.5% "
        "in 2023; the lowest is 70.0% and the highest 75.5%. A dashed line shows the nation. The "
        "table below has every figure."
    )
