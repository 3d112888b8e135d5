"""Sentences on what lies ahead: never more than the figures say, and never without their record."""

import runpy
from dataclasses import replace
from datetime import date
from pathlib import Path
from types import SimpleNamespace

import pytest

from outcomes.model import Factor, Figure, People, Spread, Standing, Story
from outcomes.narrative import (
    belief_in_short,
    describe_outlook,
    say_assumptions,
    say_chance_record,
    say_forces,
    say_forecast,
    say_heading,
    say_how_far_to_believe,
    say_judgement,
    say_last_round,
    say_low_influence,
    say_reading,
    say_scenarios,
    say_target,
    say_track_record,
    say_turning,
)

outlooks = SimpleNamespace(**runpy.run_path(str(Path(__file__).parents[1] / "outlooks.py")))
NAN = float("nan")
SERIOUSLY = "Take this forecast seriously"
CARE = "Take this forecast with care"
GUESS = "Take this forecast as little more than a guess"
EVERYWHERE = "That is over all areas, large and small."
WIDE = "its ranges held more often than they promise, so they are wider than they need be."


@pytest.fixture
def ahead(make_position):
    def make(*, latest=None, indicator=None, history=None, **changes):
        about = {"outlook": outlooks.make_outlook(**changes), "indicator": indicator or {}}
        about |= {"latest": latest} if latest else {}
        about |= {"history": history} if history is not None else {}
        return make_position(**about)

    return make


def recorded(**columns):
    record = outlooks.make_record()
    for name, value in columns.items():
        record.by_horizon[name] = value
    return outlooks.make_forecast(record=record)


def test_row_135_what_to_expect_with_its_range_and_beside_today(ahead):
    assert say_forecast(ahead()) == (
        "If things go on as they are, the figure for 2026 would be 79.9% at the good end, 77.3% in "
        "the middle and 74.7% at the bad end. It is meant to fall between the two ends 8 times in "
        "10. The range includes the figure for 2023, 75.5%, so it may go up or down from there."
    )


@pytest.mark.parametrize(
    ("polarity", "ends", "side"),
    [
        ("higher_is_better", "79.9% at the good end, 77.3% in the middle and 74.7% at the bad end",
         "above the figure for 2023, 74.0%, for the better."),
        ("lower_is_better", "74.7% at the good end, 77.3% in the middle and 79.9% at the bad end",
         "above the figure for 2023, 74.0%, for the worse."),
        ("no_judgement", "79.9% at the high end, 77.3% in the middle and 74.7% at the low end",
         "above the figure for 2023, 74.0%."),
    ],
)  # fmt: skip
def test_high_and_low_are_said_by_polarity(ahead, polarity, ends, side):
    latest = Figure("2023", 74.0, NAN, NAN, "final")
    said = say_forecast(ahead(latest=latest, indicator={"polarity": polarity}))
    assert f"the figure for 2026 would be {ends}. It is meant" in said
    assert f"8 times in 10. The whole range lies {side}" in said


def test_a_range_below_today(ahead):
    said = say_forecast(ahead(latest=Figure("2023", 81.0, NAN, NAN, "final")))
    assert said.endswith("The whole range lies below the figure for 2023, 81.0%, for the worse.")


def test_without_a_latest_figure_nothing_is_set_beside_it(ahead):
    said = say_forecast(ahead(latest=Figure("2023", NAN, NAN, NAN, "withheld")))
    assert said.endswith("between the two ends 8 times in 10.")


@pytest.mark.parametrize(
    ("now", "words"),
    [
        (74.649, "The whole range lies above the figure for 2023, 74.6%, for the better."),
        (74.65, "The range includes the figure for 2023, 74.7%"),
        (79.94, "The range includes the figure for 2023, 79.9%"),
        (79.96, "The whole range lies below the figure for 2023, 80.0%, for the worse."),
    ],
)
def test_a_figure_that_reads_like_an_end_of_the_range_is_in_it(ahead, now, words):
    assert words in say_forecast(ahead(latest=Figure("2023", now, NAN, NAN, "final")))


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        (
            {"points": outlooks.make_points(0), "reason": "there are two figures"},
            "there are two figures",
        ),
        ({"record": None}, "nobody has tested it"),
        ({"record": outlooks.make_record(reason="too few areas")}, "too few areas"),
    ],
)
def test_no_forecast_is_told_without_its_record_but_why_is(ahead, changes, why):
    position = ahead(forecast=outlooks.make_forecast(**changes), turning=None)
    lacking = f"Baseline incomplete: no forecast, because {why}."
    assert say_forecast(position) == lacking
    assert say_judgement(ahead(judgement=None, forecast=position.outlook.forecast)) == ""
    for say in (say_track_record, say_how_far_to_believe, say_assumptions):
        assert say(position) == ""
    assert describe_outlook(position) == (
        f"Line chart of People in work in Anytown, without a forecast. {lacking}"
    )


@pytest.mark.parametrize(
    ("figures", "reason", "words"),
    [
        (0, "any", "no history and no forecast, because there is no figure for this place."),
        (1, "1 figure, fewer than 2", "no history and no forecast, because there is one figure only."),
        (2, "1 figure, fewer than 3", "no forecast, because only 1 of its figures can be used and a forecast takes 3."),
        (3, "nothing shows how much such figures move.", "no forecast, because nothing shows how much such figures move."),
    ],
)  # fmt: skip
def test_row_134_a_baseline_without_one_of_its_two_parts_is_incomplete(
    ahead, make_position, figures, reason, words
):
    history = make_position().history
    history.loc[history.index >= figures, "value"] = NAN
    forecast = outlooks.make_forecast(points=outlooks.make_points(0), reason=reason)
    said = say_forecast(ahead(forecast=forecast, history=history))
    assert said == f"Baseline incomplete: {words}"


def test_without_an_outlook_there_is_nothing_to_say(make_position):
    position = make_position()
    for say in (say_forecast, say_track_record, say_how_far_to_believe, say_judgement, say_turning):
        assert say(position) == ""
    assert say_scenarios(position) == []


def test_the_track_record_in_one_sentence(ahead):
    position = ahead(forecast=outlooks.make_forecast(points=outlooks.make_points(3)))
    assert say_track_record(position) == (
        "Tested on 340 forecasts of the past in up to 150 areas, made from 2012 on: the typical "
        "error three years ahead was 1.2 percentage points (1.5 for carrying the last figure on, "
        "2.1 for a straight line), and 79 in 100 outcomes fell inside the 80% range and 94 in 100 "
        f"inside the 95% range. {EVERYWHERE}"
    )


@pytest.mark.parametrize(
    ("columns", "words"),
    [
        ({"origins": 1, "forecasts": 145}, "145 forecasts of the past in 145 areas, all from one point in time (2012), which is one lesson and not 145: the"),
        ({"origins": 1, "forecasts": 345}, "345 forecasts of the past in 150 areas, all from one point in time (2012), which is one lesson and not 345: the"),
        ({"origins": 1, "forecasts": 1}, "1 forecast of the past in one area, all from one point in time (2012): the"),
        ({"origins": 2}, "340 forecasts of the past in up to 150 areas, from two points in time only: the"),
        ({"origins": 3}, "340 forecasts of the past in up to 150 areas, made at three points in time from 2012 on: the"),
        ({"origins": NAN}, "340 forecasts of the past in up to 150 areas, made from 2012 on: the"),
    ],
)  # fmt: skip
def test_how_many_points_in_time_were_tested(ahead, columns, words):
    said = say_track_record(ahead(forecast=recorded(**columns)))
    assert said.startswith(f"Tested on {words} typical error")


@pytest.mark.parametrize(
    ("own", "words"),
    [
        ((3, 15, 1.62, 13 / 15), "Here the typical error was 1.6, and 13 of 15 fell inside the 80% range."),
        ((3, 5, 0.04, 1.0), "Here the typical error was 0.04, and 5 of 5 fell inside the 80% range."),
        ((3, 4, 1.6, 1.0), ""),
        ((2, 15, 1.6, 1.0), ""),
    ],
)  # fmt: skip
def test_the_places_own_record_stands_after_that_of_all_areas(ahead, own, words):
    found = outlooks.make_own(*own)
    forecast = outlooks.make_forecast(record=outlooks.make_record(own=found))
    said = say_track_record(ahead(forecast=forecast))
    assert said.endswith(f"{EVERYWHERE} {words}".strip())


def test_of_the_last_figure_carried_on_the_own_error_is_not_told(ahead):
    record = outlooks.make_record(own=outlooks.make_own(3, 15, 1.6, 13 / 15), naive_used=True)
    said = say_track_record(ahead(forecast=outlooks.make_forecast(record=record)))
    assert said.endswith(f"{EVERYWHERE} Here 13 of 15 fell inside the 80% range.")


def test_one_area_alone_has_no_record_beside_its_own(ahead):
    record = outlooks.make_record(own=outlooks.make_own(3, 15, 1.6, 1.0), areas=1)
    said = say_track_record(ahead(forecast=outlooks.make_forecast(record=record)))
    assert "340 forecasts of the past in one area, made from 2012 on:" in said
    assert "Here" not in said
    assert EVERYWHERE not in said


@pytest.mark.parametrize(
    ("inside", "words"),
    [
        ((1.0, 1.0), "and all outcomes fell inside both ranges"),
        ((0.999, 1.0), "and 99 in 100 outcomes fell inside the 80% range and all inside the 95%"),
        ((0.0, 0.5), "and none of the outcomes fell inside the 80% range and 50 in 100 inside"),
    ],
)
def test_how_many_outcomes_fell_inside(ahead, inside, words):
    forecast = recorded(inside_80=inside[0], inside_95=inside[1])
    assert words in say_track_record(ahead(forecast=forecast))


def test_what_could_not_be_tested_so_far_ahead_is_said(ahead):
    ending = "; the periods furthest ahead could not be tested."
    assert say_track_record(ahead()).endswith(f"{ending} {EVERYWHERE}")


def test_a_naive_forecast_is_called_that_with_the_reason(ahead):
    record = outlooks.make_record(naive_used=True, areas=1, first="2015")
    said = say_track_record(ahead(forecast=outlooks.make_forecast(record=record)))
    assert (
        "in one area, made from 2015 on: carrying the last figure on did better than our usual "
        "forecast, so it is the forecast here; the typical error three years ahead was 1.5 "
        "percentage points (2.1 for a straight line), and"
    ) in said


def test_small_errors_get_a_decimal_more(ahead):
    forecast = recorded(error=0.04, naive_error=0.05, linear_error=0.06)
    said = say_track_record(ahead(forecast=forecast))
    assert "was 0.04 percentage points (0.05 for carrying the last figure on, 0.06 for" in said


def test_quarters_are_called_so(ahead, make_position):
    starts = outlooks.pd.date_range("2023-01-01", periods=4, freq="QS")
    ends = starts + outlooks.pd.DateOffset(months=3, days=-1)
    about = {"period_start": starts[1:], "period_end": ends[1:]}
    points = outlooks.make_points(3).assign(**about, period=["Q2", "Q3", "Q4"])
    history = make_position().history.tail(1).assign(period_start=starts[0], period_end=ends[0])
    position = ahead(forecast=outlooks.make_forecast(points=points), history=history)
    assert "the typical error three quarters ahead was" in say_track_record(position)


def test_all_good_marks_make_a_forecast_to_take_seriously(ahead):
    assert say_how_far_to_believe(ahead()) == (
        f"{SERIOUSLY}: it came closer in the past than carrying the last figure on; its ranges "
        "held about as often as they promise; its range is no wider than what the figures have "
        "moved so far."
    )


@pytest.mark.parametrize(
    ("columns", "grade", "why"),
    [
        ({"error": 1.42}, SERIOUSLY, "closer in the past"),
        ({"error": 1.43}, CARE, "about as close in the past"),
        ({"error": 1.57}, CARE, "about as close in the past"),
        ({"error": 1.58}, GUESS, "did worse in the past"),
        ({"inside_80": 0.75}, SERIOUSLY, "about as often as they promise"),
        ({"inside_80": 0.74}, CARE, "held less often than they promise."),
        ({"inside_80": 0.70}, CARE, "held less often than they promise."),
        ({"inside_80": 0.69}, GUESS, "held far less often than they promise."),
        ({"inside_95": 0.90}, SERIOUSLY, "about as often as they promise"),
        ({"inside_95": 0.89}, CARE, "held less often than they promise."),
        ({"inside_95": 0.84}, GUESS, "held far less often than they promise."),
        ({"inside_80": NAN}, GUESS, "held far less often than they promise."),
        ({"inside_80": 0.85}, SERIOUSLY, "about as often as they promise"),
        ({"inside_80": 0.86}, CARE, WIDE),
        ({"inside_80": 1.0, "inside_95": 1.0}, CARE, WIDE),
        ({"inside_80": 0.9, "inside_95": 0.84}, GUESS, "held far less often than they promise."),
        ({"linear_error": 1.15}, SERIOUSLY, "closer in the past"),
        ({"linear_error": 1.13}, CARE, "a straight line came closer in the past."),
        ({"linear_error": 0.1, "error": 1.58}, GUESS, "it did worse in the past"),
        ({"forecasts": 30}, SERIOUSLY, "closer in the past"),
        ({"forecasts": 29}, GUESS, "tested on fewer than 30 forecasts"),
        ({"origins": 3}, SERIOUSLY, "closer in the past"),
        ({"origins": 2}, GUESS, "it was tested from too few points in time."),
    ],
)
def test_each_mark_on_both_sides_of_its_threshold(ahead, columns, grade, why):
    said = say_how_far_to_believe(ahead(forecast=recorded(**columns)))
    assert said.startswith(f"{grade}: ")
    assert why in said
    short = {SERIOUSLY: "Seriously", CARE: "With care", GUESS: "Guess"}[grade]
    assert belief_in_short(ahead(forecast=recorded(**columns))) == short


def test_without_a_record_nothing_is_believed(ahead, make_position):
    assert belief_in_short(ahead(forecast=outlooks.make_forecast(record=None))) == ""
    assert belief_in_short(make_position()) == ""


def test_the_last_figure_carried_on_is_never_taken_seriously(ahead):
    record = outlooks.make_record(naive_used=True)
    said = say_how_far_to_believe(ahead(forecast=outlooks.make_forecast(record=record)))
    assert said == f"{CARE}: it is no more than the last figure carried on."


def test_a_record_that_does_not_reach_as_far_counts_against_it(ahead):
    record = outlooks.make_record(by_horizon=outlooks.make_record().by_horizon.head(2))
    said = say_how_far_to_believe(ahead(forecast=outlooks.make_forecast(record=record)))
    assert said == f"{CARE}: none could be tested further than two years ahead."


def test_the_range_is_set_beside_the_figures_that_the_forecast_rests_on(ahead):
    said = say_how_far_to_believe(ahead(forecast=outlooks.make_forecast(n=2)))
    assert said == (f"{CARE}: its range is wider than all that the figures have moved so far.")


@pytest.mark.parametrize(
    ("spread", "grade"), [(5.2, SERIOUSLY), (5.1, CARE), (2.6, CARE), (2.59, GUESS), (0.0, GUESS)]
)
def test_a_range_wider_than_its_history_counts_against_it(ahead, make_position, spread, grade):
    history = make_position().history.assign(value=[75.0, 75.0 - spread, 75.0])
    points = outlooks.make_points()
    points["lower_80"], points["upper_80"] = points["mean"] - 2.6, points["mean"] + 2.6 - 1e-9
    position = ahead(forecast=outlooks.make_forecast(points=points), history=history)
    assert say_how_far_to_believe(position).startswith(grade)


def test_only_the_worst_reasons_are_given(ahead):
    said = say_how_far_to_believe(ahead(forecast=recorded(error=2.0, inside_80=0.74)))
    assert said == f"{GUESS}: it did worse in the past than carrying the last figure on."


@pytest.mark.parametrize(
    "words",
    [
        "less than 95% of that of carrying the last figure on, and no straight line beat it",
        "if fewer outcomes than promised fell inside a range by more than 10 points",
        "Ranges that held more often than they promise are wider than they need be",
        "one is worked out afterwards from the figures up to a past year",
        "or all came from fewer than three points in time",
        "many tests from one point in time are one lesson",
        "the share met of other targets as hard and as far ahead",
    ],
)
def test_the_rules_are_printed_for_readers(words):
    assert sum(words in subject for subject in say_reading()) == 1


def test_row_135_a_judgement_with_reason_role_and_day(ahead):
    judged = outlooks.make_outlook().judgement
    said = "Is that acceptable? No (the board, 6 May 2024). It stays behind the nation."
    assert say_judgement(ahead()) == said
    other = judged.model_copy(update={"acceptable": True, "example": True})
    assert say_judgement(ahead(judgement=other)) == (
        "Is that acceptable? Example only: yes, because it stays behind the nation."
    )
    named = other.model_copy(update={"reason": "Anytown does better."})
    assert say_judgement(ahead(judgement=named)) == (
        "Is that acceptable? Example only: yes, because Anytown does better."
    )


def test_no_judgement_is_said_to_be_missing(ahead):
    said = "Is that acceptable? Nobody has recorded an answer yet."
    assert say_judgement(ahead(judgement=None)) == said


def whole(found, position) -> str:
    return " ".join(say_target(found, position))


def test_a_target_in_four_short_parts(ahead):
    assert say_target(outlooks.make_target(horizon=3), ahead()) == [
        "The target is at least 80.0% by 31 December 2028. Set by: the partnership board (Plan "
        "2024).",
        "The last figure due by then is that for 2028. Its forecast is 78.5% (75.1% to 81.9%, 8 "
        "times in 10): 1.5 percentage points short of the target, or about 1,500 of the people "
        "aged 16 to 64, mid-2022 (anything from 2,000 beyond to 5,000 short).",
        "If things go on as they are it is unlikely to be met: the chance is about 25 in 100. Of "
        "200 past targets that were given about such a chance, 25 in 100 should have been met and "
        "27 in 100 were.",
        "Meeting it takes an improvement of 0.9 percentage points a year. Since 2018 it has "
        "improved by 0.4 percentage points a year here. The fastest in the same years, partly by "
        "luck: Westend by 1.3 and Northend by 1.1 percentage points a year.",
    ]


@pytest.mark.parametrize("set_by", ["the partnership board", "nobody: an example"])
def test_an_example_names_nobody_who_set_it(ahead, set_by):
    about = outlooks.make_target().target.model_dump() | {"example": True, "set_by": set_by}
    first = say_target(outlooks.make_target(set_for=about), ahead())[0]
    assert first == (
        "The target is at least 80.0% by 31 December 2028. It is an example that nobody has adopted."
    )


@pytest.mark.parametrize(
    ("chance", "words"),
    [
        (0.0, "very unlikely to be met: the chance is less than 5 in 100"),
        (0.05, "very unlikely to be met: the chance is about 5 in 100"),
        (0.124, "very unlikely to be met: the chance is about 10 in 100"),
        (0.126, "unlikely to be met: the chance is about 15 in 100"),
        (0.324, "unlikely to be met: the chance is about 30 in 100"),
        (0.326, "about as likely to be met as not: the chance is about 35 in 100"),
        (0.674, "about as likely to be met as not: the chance is about 65 in 100"),
        (0.676, "likely to be met: the chance is about 70 in 100"),
        (0.874, "likely to be met: the chance is about 85 in 100"),
        (0.876, "very likely to be met: the chance is about 90 in 100"),
        (0.951, "very likely to be met: the chance is more than 95 in 100"),
        (1.0, "very likely to be met: the chance is more than 95 in 100"),
    ],
)
def test_a_chance_in_words_agrees_with_the_number_printed(ahead, chance, words):
    said = whole(outlooks.make_target(chance=chance), ahead())
    assert f"If things go on as they are it is {words}" in said


def test_a_chance_further_ahead_than_any_test_says_so(ahead):
    untested = "in 100. No forecast so far ahead could be tested."
    assert untested in whole(outlooks.make_target(horizon=4), ahead())
    assert untested not in whole(outlooks.make_target(horizon=3), ahead())


def test_no_chance_says_why_and_gives_no_record_of_chances(ahead):
    nothing = dict.fromkeys(["expected", "gap", "chance", "needed"], NAN)
    found = outlooks.make_target(**nothing, people=None, reason="there is no forecast")
    assert say_target(found, ahead())[1:] == [
        "The chance of meeting it cannot be given: there is no forecast."
    ]


@pytest.mark.parametrize(
    ("polarity", "bound"),
    [("higher_is_better", "at least 80.0%"), ("lower_is_better", "at most 80.0%"), ("no_judgement", "80.0%")],
)  # fmt: skip
def test_the_bound_follows_the_polarity(ahead, polarity, bound):
    said = whole(outlooks.make_target(), ahead(indicator={"polarity": polarity}))
    assert said.startswith(f"The target is {bound} by 31 December 2028")


def beside(distance, **changes):
    about = outlooks.make_target().target.model_dump() | {"value": None}
    about |= {"relative": {"comparator": "nation", "distance": distance}}
    return outlooks.make_target(set_for=about, comparator_label="the nation", **changes)


@pytest.mark.parametrize(
    ("distance", "words"),
    [
        (0.0, "level with the nation"),
        (0.04, "level with the nation"),
        (-2.0, "2.0 percentage points below the nation"),
        (1.0, "1.0 percentage point above the nation"),
    ],
)
def test_a_target_beside_a_comparator_is_a_distance_without_a_level(ahead, distance, words):
    found = beside(distance, level=76.9)
    said = say_target(found, ahead())
    assert said[0] == (
        f"The target is to be {words} by 31 December 2028. Set by: the partnership board (Plan 2024)."
    )
    assert "76.9" not in " ".join(said)
    assert f"A star marks the target, {words} for 2028," in describe_outlook(
        ahead(targets=(found,))
    )


@pytest.mark.parametrize(
    ("ends", "gap", "words"),
    [
        ((0.3, -2.3, 3.0), -0.3, "1.3 percentage points above (1.3 below to 4.0 above, 8 times in 10): 0.3 percentage points beyond the target."),
        ((-3.0, -5.0, -1.0), 3.0, "2.0 percentage points below (4.0 below to level, 8 times in 10): 3.0 percentage points short of the target."),
        ((-1.02, NAN, NAN), 1.02, "nothing to the precision shown: 1.0 percentage point short of the target."),
    ],
)  # fmt: skip
def test_the_distance_is_what_is_forecast(ahead, ends, gap, words):
    found = beside(1.0, apart=outlooks.make_apart(*ends), gap=gap, people=None)
    assert say_target(found, ahead())[1] == (
        "The last figure due by then is that for 2028. The distance from the nation is forecast to "
        f"be {words}"
    )


def test_without_a_forecast_of_the_distance_the_places_own_is_told(ahead):
    found = beside(1.0, gap=NAN, people=None)
    assert say_target(found, ahead())[1] == (
        "The last figure due by then is that for 2028. Its forecast is 78.5% (75.1% to 81.9%, 8 "
        "times in 10)."
    )


@pytest.mark.parametrize(
    ("gap", "people", "words"),
    [
        (0.02, None, "level with the target to the precision shown."),
        (-1.5, (-1510.0, -4940.0, -312.0), "1.5 percentage points beyond the target, or about 1,500 of the people (between 310 and 5,000)."),
        (1.5, (1510.0, NAN, NAN), "1.5 percentage points short of the target, or about 1,500 of the people."),
        (NAN, None, "Its forecast is 78.5% (75.1% to 81.9%, 8 times in 10)."),
    ],
)  # fmt: skip
def test_the_gap_in_units_and_people(ahead, gap, people, words):
    people = people and People(*people, "people", 1000.0)
    assert words in whole(outlooks.make_target(gap=gap, people=people), ahead())


def test_a_rate_is_turned_into_numbers_not_people(ahead):
    position = ahead(indicator={"value_type": "rate", "per": 100})
    assert "the target, or about 1,500 in number (" in whole(outlooks.make_target(), position)


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"needed": -0.4}, "It would be met even if things got worse by 0.4 percentage points a year."),
        ({"needed": 0.0}, "It would be met if things stayed as they are. Since"),
        ({"needed": -0.004}, "It would be met if things stayed as they are. Since"),
        ({"needed": 0.04}, "Meeting it takes an improvement of 0.04 percentage points a year."),
        ({"needed": 0.004}, "Meeting it takes hardly any improvement. Since 2018"),
        ({"achieved": -0.3}, "Since 2018 it has got worse by 0.3 percentage points a year here."),
        ({"achieved": 0.08}, "Since 2018 it has improved by 0.08 percentage points a year here."),
        ({"achieved": 0.004}, "Since 2018 it has stayed about the same here."),
        ({"achieved": NAN}, "an improvement of 0.9 percentage points a year. The fastest"),
        ({"best": (("Westend", 1.3), ("Northend", -0.2))}, "same years, partly by luck: Westend by 1.3 percentage points a year."),
    ],
)  # fmt: skip
def test_what_is_needed_beside_what_was_achieved(ahead, changes, words):
    assert words in say_target(outlooks.make_target(**changes), ahead())[-1]


def spread(among):
    return Spread(
        among,
        "2023",
        outlooks.pd.DataFrame(),
        12,
        *[NAN] * 8,
        outlooks.pd.DataFrame(),
        "cannot_tell",
    )


def test_the_fastest_are_named_with_those_they_are_among(ahead):
    position = replace(ahead(), standing=Standing(spread=spread("districts in the nation")))
    assert say_target(outlooks.make_target(), position)[-1].endswith(
        "The fastest in the same years among districts in the nation, partly by luck: Westend by "
        "1.3 and Northend by 1.1 percentage points a year."
    )


UP_AND_DOWN = "Since 2021 it has gone up and down without a direction here."


@pytest.mark.parametrize(
    ("achieved", "newest", "polarity", "words"),
    [
        (0.4, 70.1, "higher_is_better", "Since 2021 it has improved by 0.4 percentage points a year here."),
        (0.4, 70.04, "higher_is_better", UP_AND_DOWN),
        (0.4, 69.9, "higher_is_better", UP_AND_DOWN),
        (-0.4, 70.1, "higher_is_better", UP_AND_DOWN),
        (-0.4, 69.9, "higher_is_better", "Since 2021 it has got worse by 0.4 percentage points a year here."),
        (0.4, 70.1, "lower_is_better", UP_AND_DOWN),
        (0.4, 69.9, "lower_is_better", "Since 2021 it has improved by 0.4 percentage points a year here."),
        (0.004, 69.9, "higher_is_better", "Since 2021 it has stayed about the same here."),
    ],
)  # fmt: skip
def test_a_slope_against_the_plain_difference_is_no_direction(
    ahead, make_position, achieved, newest, polarity, words
):
    history = make_position().history.assign(value=[70.0, 72.0, newest])
    position = ahead(history=history, indicator={"polarity": polarity})
    found = outlooks.make_target(achieved=achieved, achieved_since="2021")
    assert words in say_target(found, position)[-1]
    assert (words == UP_AND_DOWN) == ("up and down" in say_target(found, position)[-1])


@pytest.mark.parametrize(
    ("changes", "part"),
    [
        ({"needed": 0.3}, "only part"),
        ({"needed": 0.3, "expected": 75.4}, "none"),
        ({"needed": -0.3, "expected": 75.4}, "none"),
        ({"needed": 0.4}, ""),
        ({"needed": 0.3, "chance": 0.47}, "only part"),
        ({"needed": 0.3, "chance": 0.48}, ""),
        ({"needed": 0.3, "chance": NAN}, ""),
        ({"needed": -0.6, "achieved": -0.4}, ""),
    ],
)
def test_a_forecast_that_takes_part_of_the_improvement_on(ahead, changes, part):
    said = say_target(outlooks.make_target(**changes), ahead())[-1]
    assert (f"here. The forecast takes {part} of that improvement on. The" in said) == bool(part)
    assert ("takes" in said.split("Since")[1]) == bool(part)


def test_no_area_is_called_fastest_without_one(ahead):
    assert "fastest" not in whole(outlooks.make_target(best=()), ahead())


def test_money_a_week_has_its_unit_once(ahead):
    position = ahead(indicator={"unit": "a week", "prefix": "£", "decimals": 0})
    found = outlooks.make_target(best=(("Westend", 13.0),), needed=9.0, achieved=4.0)
    assert say_target(found, position)[-1].endswith("Westend by £13 a week a year.")


def test_chances_that_told_nothing_are_not_to_be_leant_on():
    record = outlooks.make_chances(brier=0.2, base_brier=0.2)
    said = say_chance_record(outlooks.make_target(record=record))
    assert said.startswith(
        "Do not lean on this chance: on 900 past targets, such chances told no more than the share "
        "met of other targets as hard and as far ahead. Of 200 past targets"
    )
    better = outlooks.make_chances(brier=0.199, base_brier=0.2)
    assert "lean" not in say_chance_record(outlooks.make_target(record=better))


@pytest.mark.parametrize(
    ("met", "words"),
    [
        (0.0, "none were."),
        (0.001, "1 in 100 were."),
        (0.999, "99 in 100 were."),
        (1.0, "all were."),
    ],
)
def test_how_many_past_targets_were_met(met, words):
    record = outlooks.make_chances()
    record.bands["met"] = met
    assert say_chance_record(outlooks.make_target(record=record)).endswith(f"met and {words}")


def test_the_warning_stands_right_beside_the_chance(ahead):
    record = outlooks.make_chances(brier=0.2, base_brier=0.2)
    assert "about 25 in 100. Do not lean" in whole(
        outlooks.make_target(record=record, horizon=3), ahead()
    )


def test_a_chance_of_a_size_never_tested_says_so():
    said = say_chance_record(outlooks.make_target(chance=0.7))
    assert said == "No chance of this size was tested on the past."


@pytest.mark.parametrize("changes", [{"record": None}, {"chance": NAN}])
def test_without_chance_or_record_nothing_is_said_of_it(changes):
    assert say_chance_record(outlooks.make_target(**changes)) == ""


def test_a_turned_curve_with_the_figures_and_the_error(ahead):
    assert say_turning(ahead()) == (
        "The curve has turned. The forecast made on 1 April 2022, from figures up to 2021, expected "
        "71.2% for 2023 (69.1% to 73.3%, 8 times in 10). The figure is 75.5%, so that was too low "
        "by 4.3 percentage points. Had it held, the chance of a figure at least as good as this "
        "was 2 in 100."
    )


@pytest.mark.parametrize(
    ("changes", "start"),
    [
        ({"verdict": "not_yet", "chance": 0.4}, "The curve has not turned so far. The"),
        ({"verdict": "too_early", "chance": NAN, "reason": "one figure has come since"},
         "It is too early to say whether the curve has turned: one figure has come since. The"),
        ({"verdict": "not_judged", "chance": NAN, "reason": "more is neither good nor bad"},
         "More is neither good nor bad here, so no curve is called turned. The"),
    ],
)  # fmt: skip
def test_each_verdict(ahead, changes, start):
    said = say_turning(ahead(turning=outlooks.make_turning(**changes)))
    assert said.startswith(start)
    assert ("Had it held" in said) == (changes["verdict"] == "not_yet")


def test_a_forecast_worked_out_afterwards_is_never_said_to_have_been_made(ahead):
    said = say_turning(ahead(turning=outlooks.make_turning(afterwards=True)))
    assert said == (
        "The curve has turned. What would have been forecast from figures up to 2021 was 71.2% for "
        "2023 (69.1% to 73.3%, 8 times in 10). The figure is 75.5%, so that was too low by 4.3 "
        "percentage points. It was worked out afterwards, from those figures as they are known "
        "today. Had it held, the chance of a figure at least as good as this was 2 in 100."
    )


@pytest.mark.parametrize(
    ("value", "mean", "words"),
    [
        (70.0, 71.0, "too high by 1.0 percentage point."),
        (71.01, 71.0, "right, to the precision shown."),
        (71.24, 71.06, "too low by 0.1 percentage points."),
    ],
)
def test_the_error_is_the_difference_of_the_figures_printed(ahead, value, mean, words):
    later = outlooks.make_turning().later.assign(value=value, mean=mean, error=value - mean)
    assert f"so that was {words}" in say_turning(ahead(turning=outlooks.make_turning(later=later)))


@pytest.mark.parametrize(
    ("afterwards", "words"),
    [(False, "was made on 1 April 2022"), (True, "was worked out afterwards")],
)
def test_no_later_figure_yet(ahead, afterwards, words):
    later = outlooks.make_turning().later.assign(value=NAN)
    changes = {"verdict": "too_early", "chance": NAN, "afterwards": afterwards}
    assert say_turning(ahead(turning=outlooks.make_turning(later=later, **changes))) == (
        "It is too early to say whether the curve has turned. The forecast to beat "
        f"{words}, from figures up to 2021."
    )


@pytest.mark.parametrize(
    ("afterwards", "how"),
    [(False, "made on 3 May 2023"), (True, "worked out afterwards")],
)
def test_the_error_of_the_last_round_is_listed(ahead, afterwards, how):
    about = {"made_on": date(2023, 5, 3), "origin": "2022", "afterwards": afterwards}
    last = outlooks.make_turning(later=outlooks.make_turning().later.tail(1), **about)
    assert say_last_round(ahead(last_round=last)) == (
        f"The forecast before this one, {how} from figures up to 2022, expected 71.2% for 2023 "
        "(69.1% to 73.3%, 8 times in 10). The figure is 75.5%, so that was too low by 4.3 "
        "percentage points."
    )


def test_without_another_round_nothing_is_said_of_it(ahead, make_position):
    empty = outlooks.make_turning(later=outlooks.make_turning().later.assign(value=NAN))
    for position in (ahead(), make_position(), ahead(last_round=empty)):
        assert say_last_round(position) == ""


REBOUND = "It had done better than forecast in 2022, and has slipped back since."


@pytest.mark.parametrize(
    ("polarity", "values", "better", "flagged"),
    [
        ("higher_is_better", [72.2, 71.0], False, True),
        ("higher_is_better", [72.0, 71.0], False, False),
        ("higher_is_better", [72.2, 71.3], True, False),
        ("lower_is_better", [69.0, 71.3], False, True),
        ("lower_is_better", [72.2, 71.3], False, False),
        ("no_judgement", [72.2, 71.0], None, False),
    ],
)
def test_row_137_an_improvement_that_was_lost_again_is_flagged(
    ahead, polarity, values, better, flagged
):
    later = outlooks.make_turning().later.assign(value=values, better=[True, better])
    turning = outlooks.make_turning(later=later, verdict="not_yet")
    said = say_turning(ahead(turning=turning, indicator={"polarity": polarity}))
    assert said.endswith(REBOUND) == flagged
    assert ("slipped back" in said) == flagged


def test_scenarios_are_called_assumptions_and_say_what_each_adds(ahead):
    warning, hubs, benefits, together = say_scenarios(ahead())
    assert warning == (
        "Scenarios are assumptions, not forecasts: each shows what would follow if what people "
        "suppose came true. Those called examples are nobody's plan."
    )
    assert hubs == (
        "Family hubs: Hubs open in every town. By 2028 this adds 0.8 percentage points, to 79.3% "
        "(75.9% to 82.7%); chance of the target: about 40 in 100."
    )
    assert benefits.startswith("New rules for benefits (an example): By 2028 this takes off 0.9")
    assert together.startswith("Both together: By 2028 this takes off 0.1 percentage points")


def test_a_scenario_that_changes_nothing_says_so(ahead):
    found = outlooks.make_trajectory(by=0.0, chance=NAN)
    _, said = say_scenarios(ahead(trajectories=(found,), targets=()))
    assert said.endswith(
        "By 2028 this changes nothing that the precision shown can tell: still 78.5% (75.1% to "
        "81.9%)."
    )


def test_the_forecast_alone_is_no_scenario(ahead):
    alone = (outlooks.make_trajectory("no_change", "As things are", by=0.0),)
    assert say_scenarios(ahead(trajectories=alone)) == []


def influenced(make_baseline, influence, *factors):
    baseline = make_baseline()
    outcome = baseline.outcome.model_copy(update={"influence": influence})
    return replace(baseline, outcome=outcome, story=Story(factors=factors))


def factor(words: str, direction: str) -> Factor:
    return Factor(
        outcome="work", factor=words, direction=direction, evidence="a report",
        evidence_date=date(2024, 1, 1), who_can_influence="government",
    )  # fmt: skip


@pytest.mark.parametrize("influence", [None, "some", "high"])
def test_no_warning_where_the_partners_have_influence(make_baseline, influence):
    assert say_low_influence(influenced(make_baseline, influence)) == ""


def test_low_influence_warns_and_asks_for_outside_factors(make_baseline):
    said = say_low_influence(influenced(make_baseline, "low"))
    assert said == (
        "The partners have little influence on this outcome, so forecasts and scenarios of it can "
        "mislead: forces from outside may move it more than anything that is planned here. Nobody "
        "has recorded yet what drives it from outside; ask for that before relying on any of these "
        "lines."
    )


def test_low_influence_names_the_factors_recorded(make_baseline):
    factors = (
        factor("New jobs.", "helps"),
        factor("High rents.", "hinders"),
        factor("Fares", "hinders"),
    )
    said = say_low_influence(influenced(make_baseline, "low", *factors))
    assert said.endswith(
        "Read them beside what has been recorded as hindering it: High rents; Fares and as helping "
        "it: New jobs."
    )


def test_the_forces_that_are_to_go_on_are_pointed_to_or_asked_for(make_baseline):
    asked = (
        "Nobody has recorded yet which forces are at work here, so nobody can say from this page "
        "whether they will go on."
    )
    assert say_forces(influenced(make_baseline, "some")) == asked
    assert say_forces(influenced(make_baseline, "low")) == ""
    assert say_forces(influenced(make_baseline, "low", factor("New jobs", "helps"))) == (
        "The forces at work are those listed under what lies behind the figures."
    )


def test_assumptions_and_method(ahead):
    assert say_assumptions(ahead()) == (
        "The forecast rests on 12 figures of this place: level and trend, learned from all areas. "
        "The forces at work go on as they are."
    )


def test_the_text_alternative_tells_all_that_is_drawn(ahead):
    said = describe_outlook(ahead())
    for words in (
        "Line chart of People in work in Anytown: the history (three figures in all)",
        "A line with squares shows the nation, with its own forecast dashed.",
        "the figure for 2026 would be 79.9% at the good end",
        "A star marks the target, 80.0% for 2028, joined to the forecast by an upright.",
        "Lines with letters show scenarios: Family hubs, New rules for benefits and Both together.",
        "A thin line with crosses shows what was forecast on 1 April 2022.",
    ):
        assert words in said


def test_the_text_alternative_of_a_proxy_and_of_a_forecast_made_afterwards(ahead):
    position = replace(ahead(turning=outlooks.make_turning(afterwards=True)), proxy="a reason")
    said = describe_outlook(position)
    assert "the history (three figures in all, dotted as it is a proxy), and" in said
    assert (
        "A thin line with crosses shows what would have been forecast from figures up to 2021."
        in said
    )


def test_the_text_alternative_tells_of_nothing_that_is_not_drawn(ahead):
    targets = (outlooks.make_target(period="2035"),)
    forecast = outlooks.make_forecast(comparator=outlooks.make_points(0))
    position = ahead(targets=targets, trajectories=(), turning=None, forecast=forecast)
    said = describe_outlook(position)
    for words in ("star", "letters", "thin line", "own forecast"):
        assert words not in said


def heading(make_baseline, *positions) -> str:
    return say_heading(make_baseline(*positions))


@pytest.fixture
def with_chance(ahead):
    def make(better, *, polarity="higher_is_better", **columns):
        forecast = replace(recorded(**columns), better=better)
        return ahead(forecast=forecast, indicator={"polarity": polarity})

    return make


def test_the_section_opens_with_its_answer(make_baseline, make_position, with_chance):
    positions = [with_chance(chance) for chance in (0.775, 0.774, 0.224, 0.226, NAN)]
    positions += [with_chance(0.9, polarity="no_judgement"), with_chance(0.9, forecasts=29)]
    assert heading(make_baseline, *positions, make_position()) == (
        "Of the eight indicators here, two are likely to be better three years ahead than now (a "
        "chance of 80 in 100 or more), one is likely to be worse (20 or less) and for five it cannot "
        "be told (one without a forecast); of the seven forecasts, one is little more than a guess."
    )


def test_the_answer_where_all_can_be_told(make_baseline, with_chance):
    assert heading(make_baseline, with_chance(0.9), with_chance(0.95)) == (
        "Of the two indicators here, two are likely to be better three years ahead than now (a "
        "chance of 80 in 100 or more) and none is likely to be worse (20 or less); of the two "
        "forecasts, none is little more than a guess."
    )
    assert heading(make_baseline, with_chance(0.5, forecasts=29)).endswith(
        "and for one it cannot be told; the one forecast is little more than a guess."
    )
    assert heading(make_baseline, *[with_chance(0.5, forecasts=29)] * 2).endswith(
        "and for two it cannot be told; all two forecasts are little more than a guess."
    )


def test_forecasts_that_are_told_differently_far_ahead(make_baseline, ahead, with_chance):
    near = ahead(forecast=outlooks.make_forecast(points=outlooks.make_points(1), better=0.9))
    assert heading(make_baseline, near, with_chance(0.9)).startswith(
        "Of the two indicators here, two are likely to be better at the period that the table gives "
        "than now (a chance"
    )


def test_the_answer_without_any_forecast(make_baseline, make_position):
    assert heading(make_baseline, make_position(), make_position()) == (
        "For none of the two indicators here can it be told where it is heading: none has a forecast."
    )
