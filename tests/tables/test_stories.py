"""Factors, unseen progress, take-up and the places' histories as tables."""

from dataclasses import replace

import pandas as pd

from outcomes.model import Standing, TakeUp
from outcomes.notebook import load_baseline, open_page
from outcomes.tables import table_factors, table_multiples, table_take_up, table_unseen


def sample(outcome: str):
    return load_baseline(
        open_page(
            framework="essex_2014", outcome=outcome, locality="X10000001", comparator="nation"
        )
    )


def test_a_factor_has_its_direction_evidence_date_and_who_can_influence_it(home):
    frame = table_factors(sample("best_start")).frame
    row = frame.iloc[0]
    assert row["Direction"] == "\N{BLACK DOWN-POINTING TRIANGLE} Hinders"
    assert row["About"] == "Families in temporary accommodation"
    assert row["Evidence"].endswith(", 31 March 2026")
    assert row["Who can influence it"].startswith("District councils")


def test_a_factor_without_an_indicator_or_a_strength_says_so(home):
    baseline = sample("health_and_wellbeing")
    bare = baseline.story.factors[0].model_copy(update={"indicator": None, "strength": None})
    story = baseline.story.model_copy(update={"factors": (bare,)})
    row = table_factors(replace(baseline, story=story)).frame.iloc[0]
    assert row["About"] == "the outcome as a whole"
    assert row["How much"] == "not recorded"


def test_progress_that_the_indicators_miss_has_source_and_date(home):
    frame = table_unseen(sample("health_and_wellbeing")).frame
    assert frame.columns.tolist() == ["What people report", "Source", "Date"]
    assert len(frame) >= 1


def test_take_up_shows_numbers_beside_shares_and_the_interval(make_position):
    groups = pd.DataFrame(
        {
            "group": ["Most deprived", "Rest"], "need": [1200.0, 800.0], "served": [300.0, 300.0],
            "need_share": [0.6, 0.4], "served_share": [0.5, 0.5], "difference": [-0.1, 0.1],
            "lower": [-0.14, 0.06], "upper": [-0.06, 0.14],
            "verdict": ["under_served", "over_served"],
        }
    )  # fmt: skip
    table = table_take_up(make_position(standing=Standing(take_up=TakeUp("2024", groups))))
    assert table.caption == "People in work in Anytown, 2024: need and take-up"
    assert table.frame.iloc[0].tolist() == [
        "Most deprived",
        "1,200 (60.0%)",
        "300 (50.0%)",
        "\N{MINUS SIGN}10.0 (\N{MINUS SIGN}14.0 to \N{MINUS SIGN}6.0)",
        "\N{BLACK DOWN-POINTING TRIANGLE} Less than its share",
    ]
    assert table_take_up(make_position()).frame.empty


def test_the_places_histories_stand_side_by_side_newest_first(home):
    baseline = sample("health_and_wellbeing")
    (position,) = [p for p in baseline.positions if p.indicator_id == "adult_obesity"]
    frame = table_multiples(position).frame
    assert frame.columns.tolist() == ["Period", *position.within["area_name"]]
    assert frame["Period"].iloc[0] == "2024/25"
    newest = position.within.set_index("area_name")["value"]
    assert frame["Ellenford"].iloc[0] == f"{newest['Ellenford']:.1f}%"
