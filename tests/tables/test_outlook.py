"""Tables of what lies ahead: forecasts, records, targets, scenarios, assumptions and risks."""

import runpy
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import pytest

from outcomes.model import People
from outcomes.tables import (
    table_assumptions,
    table_chances,
    table_heading,
    table_last_round,
    table_outlook,
    table_risks,
    table_scenarios,
    table_targets,
    table_track_record,
    table_turning,
)

outlooks = SimpleNamespace(**runpy.run_path(str(Path(__file__).parents[1] / "outlooks.py")))
NAN = float("nan")
NONE = "\N{EN DASH}"


@pytest.fixture
def ahead(make_position):
    def make(*, latest=None, indicator=None, **changes):
        about = {"outlook": outlooks.make_outlook(**changes)}
        about |= {"latest": latest} if latest else {}
        return make_position(**about, indicator=indicator or {})

    return make


def row(table, at=0) -> dict:
    return table.frame.iloc[at].to_dict()


def test_a_row_a_period_ahead_with_comparator_target_and_scenarios(ahead):
    table = table_outlook(ahead())
    assert len(table.frame) == 5
    assert row(table, 4) == {
        "Period": "2028", "Forecast": "78.5%", "80% range": "75.1% to 81.9%",
        "95% range": "73.1% to 83.9%", "Forecast for the nation": "77.0%", "Target": "80.0%",
        "Family hubs": "79.3%", "New rules for benefits": "77.6%", "Both together": "78.4%",
    }  # fmt: skip
    assert row(table, 0)["Target"] == NONE
    assert table.caption == "People in work in Anytown, what lies ahead, per cent"


@pytest.mark.parametrize(
    "record", [None, outlooks.make_record(reason="too few")], ids=["none", "refused"]
)
def test_no_forecast_is_listed_without_its_track_record(ahead, make_baseline, record):
    position = ahead(forecast=outlooks.make_forecast(record=record))
    assert table_outlook(position).frame.empty
    assert table_track_record(position).frame.empty
    why = "too few" if record else "nobody has tested it"
    found = row(table_heading(make_baseline(position)))
    assert found["Forecast"] == f"Baseline incomplete: no forecast, because {why}"
    assert found["Acceptable?"] == "No"


@pytest.mark.parametrize(
    ("figures", "words"),
    [
        (0, "no history and no forecast, because there is no figure for this place"),
        (1, "no history and no forecast, because there is one figure only"),
        (2, "no forecast, because none has been worked out"),
    ],
)
def test_a_baseline_without_one_of_its_parts_is_incomplete(
    make_position, make_baseline, figures, words
):
    history = make_position().history
    history.loc[history.index >= figures, "value"] = NAN
    found = row(table_heading(make_baseline(make_position(history=history))))
    assert found["Forecast"] == f"Baseline incomplete: {words}"
    assert found["Acceptable?"] == NONE


def test_a_comparator_that_is_not_drawn_has_no_column(ahead):
    position = ahead()
    position.history["comparator"] = NAN
    assert "Forecast for the nation" not in table_outlook(position).frame.columns


def test_the_track_record_has_a_row_a_horizon(ahead):
    table = table_track_record(ahead())
    assert row(table, 2) == {
        "Periods ahead": "3", "Forecasts tested": "340", "Typical error": "1.2",
        "Last figure carried on": "1.5", "Straight line": "2.1", "Inside the 80% range": "79%",
        "Inside the 95% range": "94%",
    }  # fmt: skip
    assert table.caption == (
        "People in work: how forecasts of the past held in all areas, in percentage points"
    )


def test_the_points_in_time_have_a_column_where_they_are_known(ahead):
    record = outlooks.make_record()
    record.by_horizon["origins"] = [11, 10, NAN]
    table = table_track_record(ahead(forecast=outlooks.make_forecast(record=record)))
    assert list(table.frame.columns)[:3] == [
        "Periods ahead", "Forecasts tested", "From points in time"
    ]  # fmt: skip
    assert table.frame["From points in time"].tolist() == ["11", "10", NONE]


def test_the_typical_error_is_that_of_the_forecast_shown(ahead):
    record = outlooks.make_record(naive_used=True)
    table = table_track_record(ahead(forecast=outlooks.make_forecast(record=record)))
    assert row(table, 2) == {
        "Periods ahead": "3", "Forecasts tested": "340", "Typical error": "1.5",
        "Straight line": "2.1", "Inside the 80% range": "79%", "Inside the 95% range": "94%",
    }  # fmt: skip
    assert table.caption.endswith("points; the forecast is the last figure carried on")


@pytest.mark.parametrize(
    ("share", "words"), [(1.0, "100%"), (0.999, "99%"), (0.0, "0%"), (0.001, "1%"), (NAN, NONE)]
)
def test_a_share_short_of_all_is_not_rounded_up_to_it(ahead, share, words):
    record = outlooks.make_record()
    record.by_horizon["inside_95"] = share
    table = table_track_record(ahead(forecast=outlooks.make_forecast(record=record)))
    assert row(table)["Inside the 95% range"] == words


def test_chances_beside_what_came():
    table = table_chances(outlooks.make_chances())
    assert row(table, 2) == {
        "Chance given": "20 to 30 in 100", "Past targets": "200",
        "Should have been met": "25 in 100", "Were met": "27 in 100",
    }  # fmt: skip
    assert table.caption == (
        "How chances held on 900 targets of the past (Brier score 0.12, 0.2 for the share met of "
        "other targets as hard and as far ahead; less is better)"
    )


def test_an_empty_band_has_no_shares():
    record = outlooks.make_chances()
    record.bands.loc[0, ["targets", "said", "met"]] = [0, NAN, NAN]
    assert row(table_chances(record))["Were met"] == NONE


def test_figures_since_a_stored_forecast(ahead):
    table = table_turning(ahead())
    assert row(table, 0)["Where"] == "Inside the 80% range"
    assert row(table, 1) == {
        "Period": "2023", "Figure": "75.5%", "Forecast then": "71.2%",
        "80% range": "69.1% to 73.3%", "Error": "+4.3", "Where": "Outside both",
        "Than forecast": "Better",
    }  # fmt: skip
    assert table.caption == "People in work: later figures beside the forecast made on 1 April 2022"


@pytest.mark.parametrize(
    ("value", "words"),
    [(70.18, "+0.2"), (69.82, "\N{MINUS SIGN}0.2"), (70.04, "0.0"), (69.96, "0.0"), (NAN, NONE)],
)
def test_an_error_is_the_difference_of_the_figures_printed(ahead, value, words):
    later = outlooks.make_turning().later.assign(value=value, mean=70.0, error=value - 70.0)
    table = table_turning(ahead(turning=outlooks.make_turning(later=later)))
    assert row(table)["Error"] == words


def test_the_last_round_has_a_table_of_its_own(ahead):
    last = outlooks.make_turning(later=outlooks.make_turning().later.tail(1), afterwards=True)
    table = table_last_round(ahead(last_round=last))
    assert table.frame["Error"].tolist() == ["+4.3"]
    assert table.frame["Period"].tolist() == ["2023"]
    assert table_last_round(ahead()).frame.empty


def test_a_figure_between_the_two_ranges_and_one_not_yet_known(ahead):
    later = outlooks.make_turning().later.assign(value=[72.5, NAN], better=[None, None])
    later["error"] = later["value"] - later["mean"]
    table = table_turning(ahead(turning=outlooks.make_turning(later=later, afterwards=True)))
    assert table.frame["Where"].tolist() == ["Inside the 95% range", NONE]
    assert table.frame["Than forecast"].tolist() == [NONE, NONE]
    assert table.caption == (
        "People in work: later figures beside what would have been forecast from figures up to 2021"
    )


@pytest.mark.parametrize(
    ("better", "polarity", "words"),
    [
        (0.624, "higher_is_better", "about 60 in 100"),
        (0.626, "lower_is_better", "about 65 in 100"),
        (0.049, "higher_is_better", "less than 5 in 100"),
        (0.951, "higher_is_better", "more than 95 in 100"),
        (0.626, "no_judgement", "about 65 in 100 (of being higher than now)"),
        (NAN, "higher_is_better", NONE),
        (NAN, "no_judgement", NONE),
    ],
)
def test_three_years_ahead_beside_now(ahead, make_baseline, better, polarity, words):
    forecast = outlooks.make_forecast(better=better)
    position = ahead(forecast=forecast, indicator={"polarity": polarity})
    assert row(table_heading(make_baseline(position))) == {
        "Indicator": "People in work", "Newest figure": "75.5% (2023)", "Forecast": "77.3% (2026)",
        "80% range": "74.7% to 79.9%", "Chance of being better than now": words,
        "Acceptable?": "No",
    }  # fmt: skip


@pytest.mark.parametrize(("belief", "words"), [("With care", "With care"), ("", NONE)])
def test_how_far_to_believe_it_stands_beside_it(ahead, make_position, make_baseline, belief, words):
    baseline = make_baseline(ahead(), make_position())
    table = table_heading(baseline, believed=lambda position: belief)
    assert list(table.frame.columns)[4:] == [
        "Chance of being better than now", "How far to believe it", "Acceptable?"
    ]  # fmt: skip
    assert table.frame["How far to believe it"].tolist() == [words, NONE]


def test_a_short_forecast_is_told_as_far_as_it_goes(ahead, make_baseline):
    position = ahead(forecast=outlooks.make_forecast(points=outlooks.make_points(1)))
    assert row(table_heading(make_baseline(position)))["Forecast"] == "76.1% (2024)"


def test_every_indicator_has_a_row_with_or_without_an_outlook(make_position, ahead, make_baseline):
    table = table_heading(make_baseline(ahead(judgement=None), make_position()))
    assert table.frame["Acceptable?"].tolist() == ["Not recorded", NONE]
    words = "Baseline incomplete: no forecast, because none has been worked out"
    assert row(table, 1)["Forecast"] == words


def test_a_proxy_and_an_old_figure_are_called_so(ahead, make_baseline):
    position = replace(ahead(), proxy="a reason", stale=True)
    found = row(table_heading(make_baseline(position)))
    assert found["Indicator"] == "People in work, a proxy"
    assert found["Forecast"] == "77.3% (2026), from an old figure"


def test_targets_of_all_indicators(ahead, make_baseline):
    table = table_targets(make_baseline(ahead()))
    assert row(table) == {
        "Indicator": "People in work", "By": "31 December 2028", "Target": "80.0%",
        "Forecast (80% range)": "78.5% (75.1% to 81.9%)", "Gap": "1.5 short",
        "In people or numbers": "about 1,500 short (2,000 beyond to 5,000 short), of the people aged "
        "16 to 64, mid-2022",
        "Chance": "about 25 in 100", "Needed a year": "+0.9", "Achieved a year": "+0.4 since 2018",
        "Fastest, a year": "+1.3 Westend; +1.1 Northend",
    }  # fmt: skip


def test_a_target_without_a_forecast_says_why(ahead, make_baseline):
    nothing = dict.fromkeys(["expected", "gap", "chance", "needed", "achieved"], NAN)
    found = outlooks.make_target(**nothing, people=None, best=(), reason="there is no forecast")
    cells = row(table_targets(make_baseline(ahead(targets=(found,)))))
    assert cells["Chance"] == f"{NONE} (there is no forecast)"
    assert {cells[n] for n in ("Gap", "In people or numbers", "Forecast (80% range)",
            "Needed a year", "Achieved a year", "Fastest, a year")} == {NONE}  # fmt: skip


def test_a_target_beside_a_comparator_and_an_example_are_called_so(ahead, make_baseline):
    about = outlooks.make_target().target.model_dump() | {"value": None, "example": True}
    about |= {"relative": {"comparator": "nation"}}
    found = outlooks.make_target(set_for=about, comparator_label="the nation", gap=-0.4)
    cells = row(table_targets(make_baseline(ahead(targets=(found,)))))
    assert cells["Target"] == "level with the nation"
    assert cells["Forecast (80% range)"] == "78.5% (75.1% to 81.9%)"
    assert cells["Indicator"] == "People in work (an example target)"
    assert cells["Gap"] == "0.4 beyond"


@pytest.mark.parametrize(
    ("chance", "words"),
    [(0.049, "less than 5 in 100"), (0.05, "about 5 in 100"), (0.624, "about 60 in 100"),
     (0.626, "about 65 in 100"), (0.95, "about 95 in 100"), (0.951, "more than 95 in 100")],
)  # fmt: skip
def test_chances_are_rounded_to_five(ahead, make_baseline, chance, words):
    position = ahead(targets=(outlooks.make_target(chance=chance),))
    assert row(table_targets(make_baseline(position)))["Chance"] == words


def test_people_on_one_side_are_rounded_outward(ahead, make_baseline):
    people = People(-1510.0, -4940.0, -312.0, "people", 1000.0)
    position = ahead(targets=(outlooks.make_target(people=people),))
    cell = row(table_targets(make_baseline(position)))["In people or numbers"]
    assert cell == "about 1,500 beyond (310 beyond to 5,000 beyond), of the people"
    rate = ahead(targets=(outlooks.make_target(people=people),), indicator={"value_type": "rate"})
    cell = row(table_targets(make_baseline(rate)))["In people or numbers"]
    assert cell == "about 1,500 beyond (310 beyond to 5,000 beyond)"


@pytest.mark.parametrize(
    ("distance", "ends", "target", "forecast"),
    [
        (1.0, (0.3, -2.3, 3.0), "1.0 above the nation", "1.3 above (1.3 below to 4.0 above)"),
        (-2.0, (2.0, 0.0, 4.0), "2.0 below the nation", "level (2.0 below to 2.0 above)"),
        (0.0, (0.3, NAN, NAN), "level with the nation", "0.3 above"),
    ],
)
def test_a_target_beside_a_comparator_is_set_beside_the_distance(
    ahead, make_baseline, distance, ends, target, forecast
):
    about = outlooks.make_target().target.model_dump() | {"value": None}
    about |= {"relative": {"comparator": "nation", "distance": distance}}
    found = outlooks.make_target(
        set_for=about, comparator_label="the nation", apart=outlooks.make_apart(*ends)
    )
    position = ahead(targets=(found,))
    cells = row(table_targets(make_baseline(position)))
    assert cells["Target"] == target
    assert cells["Forecast (80% range)"] == forecast
    ahead_row = row(table_outlook(position), 4)
    assert ahead_row["Figure that would meet the target"] == "80.0%"
    assert "Target" not in ahead_row


@pytest.mark.parametrize(
    ("gap", "words"),
    [(0.04, "less than 0.1 short"), (-0.04, "less than 0.1 beyond"), (0.14, "0.1 short"),
     (0.0, "0.0"), (NAN, NONE)],
)  # fmt: skip
def test_a_gap_has_the_indicators_own_decimals(ahead, make_baseline, gap, words):
    position = ahead(targets=(outlooks.make_target(gap=gap),))
    assert row(table_targets(make_baseline(position)))["Gap"] == words


@pytest.mark.parametrize(
    ("by", "words"),
    [(0.24, "+0.2"), (0.04, "less than 0.1"), (-0.04, "less than 0.1 down"), (0.0, "nothing"),
     (NAN, NONE)],
)  # fmt: skip
def test_what_a_scenario_adds_has_the_indicators_own_decimals(ahead, by, words):
    position = ahead(trajectories=(outlooks.make_trajectory(by=by), outlooks.make_trajectory()))
    assert table_scenarios(position).frame["Added"].tolist() == [words, "+0.8"]


def test_scenarios_at_the_targets_date(ahead):
    table = table_scenarios(ahead())
    assert table.caption == "People in work in Anytown, scenarios for 2028"
    assert table.frame["Scenario"].tolist() == [
        "As things are", "Family hubs", "New rules for benefits (an example)", "Both together"
    ]  # fmt: skip
    assert table.frame["Added"].tolist() == [
        "nothing",
        "+0.8",
        "\N{MINUS SIGN}0.9",
        "\N{MINUS SIGN}0.1",
    ]
    assert row(table, 1)["Gap to the target"] == "0.7 short"
    assert row(table, 1)["Of the people aged 16 to 64, mid-2022"] == "about 700 short"
    rate = table_scenarios(ahead(indicator={"value_type": "rate"}))
    assert row(rate, 1)["Gap in numbers"] == "about 700 short"
    assert row(table, 1)["Chance of the target"] == "about 40 in 100"


def test_scenarios_without_a_target_stand_at_the_last_period_without_its_columns(ahead):
    found = outlooks.make_trajectory(gap=NAN, people=None, chance=NAN)
    table = table_scenarios(ahead(targets=(), trajectories=(found,)))
    assert list(table.frame.columns) == ["Scenario", "Expected", "80% range", "Added"]
    assert table.caption.endswith("for 2028")


def test_scenarios_of_a_target_before_the_last_period(ahead):
    table = table_scenarios(ahead(targets=(outlooks.make_target(period="2025"),)))
    assert table.frame["Expected"].iloc[0] == "76.7%"


def test_the_assumptions_register(ahead, make_baseline):
    table = table_assumptions(make_baseline(ahead()))
    assert row(table) == {
        "Assumption": "Family hubs open", "Scenario": "Family hubs", "Kind": "Planned effect",
        "Moves": "People in work", "Size (range)": "+1 (+0.5 to +1.5) percentage points",
        "When": "from 1 April 2025, felt after 6 months, builds over 12 months, lasts for good",
        "Evidence": "an assumption of the team (judgement)",
        "Plausibility": "Medium; depends on: staff being found", "Owner": "head of hubs",
        "Counted": "On",
    }  # fmt: skip
    cross = row(table, 1)
    assert cross["Kind"] == "Effect of one indicator on another"
    assert cross["Size (range)"] == "+0.3 (+0.1 to +0.5) for each +1 of Skills"
    assert cross["When"] == "12 months later"


def test_an_effect_on_an_indicator_of_another_page_is_in_its_own_unit(ahead, make_baseline):
    effect = outlooks.make_effect(indicator="skills")
    position = ahead(register=(("hubs", "a", effect),))
    cells = row(table_assumptions(make_baseline(position)))
    assert cells["Size (range)"] == "+1 (+0.5 to +1.5) in its own unit"
    assert cells["Moves"] == "Skills"


def test_an_assumption_stands_once_however_many_indicators_it_reaches(ahead, make_baseline):
    assert len(table_assumptions(make_baseline(ahead(), ahead())).frame) == 2


def test_one_switched_off_in_percent_that_fades(ahead, make_baseline):
    effect = outlooks.make_effect(
        included=False, measured="percent", size=-2.0, low=-3.0, high=1.0, delay_months=0,
        builds_months=1, lasts_months=24, fade_months=6,
    )  # fmt: skip
    example = outlooks.make_scenario(example=True)
    position = ahead(register=(("hubs", "a", effect),), scenarios=(("hubs", example),))
    cells = row(table_assumptions(make_baseline(position)))
    minus = "\N{MINUS SIGN}"
    assert cells["Size (range)"] == f"{minus}2 ({minus}3 to +1) per cent of the forecast"
    assert cells["When"] == (
        "from 1 April 2025, builds over 1 month, lasts for 24 months, fades over 6 months"
    )
    assert cells["Counted"] == "Off: not counted"
    assert cells["Scenario"] == "Family hubs (an example)"


def test_the_critical_risks_come_first(ahead, make_baseline):
    table = table_risks(make_baseline(ahead()))
    assert table.frame["Score"].tolist() == ["16 of 25: critical", "4 of 25"]
    assert row(table)["Local control"] == "None"


@pytest.mark.parametrize(
    "changes",
    [
        {"trajectories": ()},
        {"trajectories": (outlooks.make_trajectory("other"),)},
        {"register": (("hubs", "hubs_open", outlooks.make_effect(included=False)),)},
    ],
    ids=["none drawn", "another drawn", "switched off"],
)
def test_risks_of_what_is_not_counted_are_left_out(ahead, make_baseline, changes):
    assert table_risks(make_baseline(ahead(**changes))).frame.empty


def test_a_page_without_targets_scenarios_and_vintages_has_empty_tables(
    make_position, make_baseline
):
    position = make_position()
    baseline = make_baseline(position)
    for table in (table_targets(baseline), table_assumptions(baseline), table_risks(baseline),
                  table_scenarios(position), table_turning(position), table_outlook(position)):  # fmt: skip
        assert table.frame.empty
