"""Trend, change, step, ordinary variation and declared breaks, a whole sentence each."""

import pandas as pd
import pytest

from outcomes.model import Change, Control, Standing, Step, Trend
from outcomes.narrative import say_breaks, say_change, say_control, say_step, say_trend

NAN = float("nan")
POUNDS = {"unit": "a week", "prefix": "£", "decimals": 0}
FIVE = {"n": 5, "first": "2019", "last": "2023", "method": "fingertips", "confidence": 0.95}
RISING = {"direction": "increasing", "judged": "getting_worse", "slope": 0.44}
LIMITS = {"slope_lower": 0.1, "slope_upper": 0.72}
NONE = {"slope": NAN, "slope_lower": NAN, "slope_upper": NAN}
OVER = "Over the five figures from 2019 to 2023"


@pytest.fixture
def trend(make_position):
    """Say a trend, changed at will."""

    def say(breaks=(), indicator=None, **changes):
        made = Trend(**{**FIVE, **RISING, **LIMITS, **changes})
        standing = Standing(trend=made, breaks=breaks)
        return say_trend(make_position(standing=standing, indicator=indicator or {}))

    return say


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        (
            {},
            f"{OVER} it is rising by about 0.4 percentage points each year (95% interval 0.1 to "
            "0.7), more than chance: that is getting worse.",
        ),
        (
            {"direction": "decreasing", "judged": "improving", "slope": -0.44, "confidence": 0.998}
            | {"slope_lower": -0.72, "slope_upper": -0.1},
            f"{OVER} it is falling by about 0.4 percentage points each year (99.8% interval 0.1 to "
            "0.7), more than chance: that is getting better.",
        ),
        (
            {"judged": "", "slope": 0.04, "slope_lower": -0.01, "slope_upper": 0.09},
            f"{OVER} it is rising by about 0.04 percentage points each year (95% interval from a "
            "fall of 0.01 to a rise of 0.09), more than chance.",
        ),
        (
            {"slope": 0.004, "slope_lower": 0.0001, "slope_upper": 0.0002, "judged": ""},
            f"{OVER} it is rising by less than 0.01 percentage points each year, more than chance.",
        ),
        (
            {"first": "2017 to 2019", "last": "2021 to 2023", **NONE, "judged": ""},
            "Over the five figures from 2017–2019 to 2021–2023 it is rising, more than chance.",
        ),
        (
            {"indicator": POUNDS, "slope": 12.4, "slope_lower": 4.0, "slope_upper": 1020.0},
            f"{OVER} it is rising by about £12 a week each year (95% interval £4 to £1,020), more "
            "than chance: that is getting worse.",
        ),
        (
            {**NONE, "judged": ""},
            f"{OVER} it is rising, more than chance.",
        ),
        (
            {"slope": -0.4, "judged": ""},
            f"{OVER} it is rising, more than chance.",
        ),
        (
            {"slope_lower": float("-inf"), "judged": "", "reason": "old figures are left out"},
            f"{OVER} it is rising by about 0.4 percentage points each year, more than chance. Old "
            "figures are left out.",
        ),
        (
            {"method": "weighted_slope_overlapping", **NONE, "judged": ""},
            f"{OVER} it is rising, more than chance. Neighbouring figures share years, which the "
            "test allows for.",
        ),
        (
            {
                "reason": "only periods after the break on 2019-01-01: new method",
                **NONE,
                "judged": "",
            }
            | {"breaks": (("2015", "older"), ("2019", "new method"))},
            f"{OVER} it is rising, more than chance. Only figures from 2019 on are used.",
        ),
    ],
)
def test_what_is_said_of_a_trend(trend, changes, words):
    assert trend(**changes) == words


@pytest.mark.parametrize(
    ("changes", "rest"),
    [
        (
            {"slope_lower": -0.2, "slope_upper": 0.5},
            ": anything from a fall of 0.2 to a rise of 0.5 percentage points each year (95% "
            "interval) would fit them.",
        ),
        (
            {"slope_lower": -0.2, "slope_upper": 0.04},
            ": anything from a fall of 0.20 to a rise of 0.04 percentage points each year (95% "
            "interval) would fit them.",
        ),
        (
            {"slope_lower": -0.2, "slope_upper": 0.004},
            ": anything from a fall of 0.20 to no change each year (95% interval) would fit them.",
        ),
        (
            {"slope_lower": -0.2, "slope_upper": 0.5, "confidence": 0.998},
            ": anything from a fall of 0.2 to a rise of 0.5 percentage points each year (99.8% "
            "interval) would fit them.",
        ),
        (
            {"slope_lower": -0.2, "slope_upper": 0.5, "confidence": NAN},
            ": anything from a fall of 0.2 to a rise of 0.5 percentage points each year would fit "
            "them.",
        ),
        ({"slope_lower": -0.004, "slope_upper": 0.004}, "."),
        ({"slope_lower": 0.1}, "."),
        (NONE, "."),
    ],
)
def test_a_history_without_a_trend(trend, changes, rest):
    said = trend(direction="no_significant_change", judged="", **changes)
    assert said == f"{OVER} there is no trend that can be told from chance{rest}"


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        (
            {"n": 3, "first": "2021", "reason": "at least 5 points are needed"},
            "No trend can be worked out from the three figures from 2021 to 2023: at least 5 "
            "points are needed.",
        ),
        (
            {"n": 2, "first": "2022"}
            | {"reason": "at least 5 points are needed; break on 2022-01-01: it moved"}
            | {"breaks": (("2022", "it moved"),)},
            "No trend can be worked out from the two figures from 2022 to 2023: at least 5 points "
            "are needed. Only figures from 2022 on are used.",
        ),
        ({"n": 1, "reason": "at least 5 points are needed"}, ""),
        ({"n": 0, "first": "", "last": "", "reason": "no value"}, ""),
        ({"n": 12, "first": "", "last": ""}, "No trend can be worked out from the 12 figures."),
    ],
)
def test_a_trend_that_cannot_be_worked_out(trend, changes, words):
    assert trend(direction="cannot_be_calculated", judged="", **{**NONE, **changes}) == words


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (
            (3.5, 1.0, 6.0, "increased", "improving"),
            "From 2022 to 2023 it rose by 3.5 percentage points (95% interval 1.0 to 6.0): more "
            "than chance, and for the better.",
        ),
        (
            (-3.5, -6.0, -1.0, "decreased", "getting_worse"),
            "From 2022 to 2023 it fell by 3.5 percentage points (95% interval 1.0 to 6.0): more "
            "than chance, and for the worse.",
        ),
        (
            (1.0, NAN, NAN, "increased", ""),
            "From 2022 to 2023 it rose by 1.0 percentage point: more than chance.",
        ),
        (
            (0.04, 0.01, 0.06, "increased", ""),
            "From 2022 to 2023 it rose by less than 0.1 percentage points (95% interval 0.01 to "
            "0.06): more than chance.",
        ),
        (
            (3.5, -1.0, 6.0, "could_be_chance", ""),
            "From 2022 to 2023 it rose by 3.5 percentage points (95% interval from a fall of 1.0 "
            "to a rise of 6.0), which could be chance.",
        ),
        (
            (0.02, -1.0, 1.0, "could_be_chance", ""),
            "From 2022 to 2023 it stayed the same, to the precision shown (95% interval from a "
            "fall of 1.0 to a rise of 1.0), which could be chance.",
        ),
        (
            (-2.0, NAN, NAN, "not_tested", "", "no limits"),
            "From 2022 to 2023 it fell by 2.0 percentage points; whether that is more than chance "
            "was not tested: our source gives no interval.",
        ),
        (
            (0.0, NAN, NAN, "not_tested", ""),
            "From 2022 to 2023 it stayed the same, to the precision shown; whether that is more "
            "than chance was not tested.",
        ),
        (
            (NAN, NAN, NAN, "not_tested", "", "the figures share years"),
            "The change from 2022 to 2023 cannot be worked out: the figures share years.",
        ),
    ],
)
def test_what_is_said_of_the_last_change(make_position, change, words):
    standing = Standing(change=Change("2022", "2023", *change))
    assert say_change(make_position(standing=standing)) == words


WRONG = "A search like this finds a step where there is none in 5 of 100 histories."


@pytest.mark.parametrize(
    ("step", "words"),
    [
        (
            Step(True, "2019", -4.0, -6.0, -2.0, 12, 0.05),
            "From the figure for 2019 on it lies about 4.0 percentage points below its earlier course "
            f"(95% interval 2.0 to 6.0), beyond any steady trend over the 12 figures. {WRONG}",
        ),
        (
            Step(True, "2019", 4.0, NAN, NAN, 8, 0.05),
            "From the figure for 2019 on it lies about 4.0 percentage points above its earlier course, "
            f"beyond any steady trend over the eight figures. {WRONG}",
        ),
        (
            Step(True, "2019", NAN, NAN, NAN, 12, NAN),
            "It left its earlier course with the figure for 2019, beyond any steady trend over the 12 "
            "figures.",
        ),
        (
            Step(False, "", NAN, NAN, NAN, 12, 0.05),
            "No sudden step stands out in the 12 figures; a small one could go unseen.",
        ),
        (
            Step(False, "", NAN, NAN, NAN, 0, 0.05),
            "No sudden step stands out; a small one could go unseen.",
        ),
        (
            Step(False, "", NAN, NAN, NAN, 12, 0.05, reason="a smooth bend fits as well"),
            "No sudden step can be named: a smooth bend fits as well.",
        ),
    ],
)
def test_what_is_said_of_a_step(make_position, step, words):
    assert say_step(make_position(standing=Standing(step=step))) == words


def control(*rules: str, means=(4.0,), limits=(3.1, 5.2), **about) -> Standing:
    table = pd.DataFrame({"period": [f"Q{i}" for i in range(1, len(rules) + 1)], "rule": rules})
    means = [*means, *[means[-1]] * (len(rules) - len(means))][: len(rules)]
    lower, upper = limits
    table = table.assign(value=4.0, mean=means, lower_limit=lower, upper_limit=upper)
    about = {"n": 24, "trial": False} | about
    return Standing(control=Control(table.assign(special=table["rule"] != ""), **about))


RUNS = "Ordinary variation runs from 3.1% to 5.2% around an average of 4.0%, worked out from"


@pytest.mark.parametrize(
    ("standing", "words"),
    [
        (
            control(*[""] * 24),
            f"{RUNS} 24 figures. None of the figures is out of the ordinary.",
        ),
        (
            control("", "run_of_seven", "outside_limits", *["run_of_seven"] * 6, n=9, trial=True),
            f"{RUNS} nine figures. Eight of the nine figures are out of the ordinary (outside the "
            "limits: Q3; seven or more in a row on one side: Q2, Q4, Q5 and 4 "
            "more). With fewer than 13 figures these limits may still move.",
        ),
        (
            control("two_of_three", "", means=(3.0, 4.0)),
            "Ordinary variation for the newest figures runs from 3.1% to 5.2% around an average of "
            "4.0%, worked out from 24 figures. One of the two figures is out of the ordinary (two "
            "of three close to a limit: Q1).",
        ),
        (
            control("trend_of_seven", "a_new_rule", limits=(NAN, NAN)),
            "Two of the two figures are out of the ordinary (seven or more in a row going one way: "
            "Q1; a new rule: Q2).",
        ),
        (
            control(*["trend_of_seven"] * 3, limits=(NAN, NAN)),
            "All three figures are out of the ordinary (seven or more in a row going one way: Q1, "
            "Q2 and Q3).",
        ),
        (
            control("", reason="the series has gaps"),
            "Ordinary variation cannot be worked out: the series has gaps.",
        ),
        (control(), "Ordinary variation cannot be worked out."),
    ],
)
def test_what_is_said_of_ordinary_variation(make_position, standing, words):
    assert say_control(make_position(standing=standing)) == words


def test_declared_breaks(make_position):
    one, two = ("2021/22", "the assessment was changed."), ("2023/24", "")
    first = "Figures from 2021/22 on do not compare with earlier ones: the assessment was changed."
    assert say_breaks(make_position(standing=Standing(breaks=(one,)))) == (
        f"{first} Trends are not drawn across that break."
    )
    assert say_breaks(make_position(standing=Standing(breaks=(one, two)))) == (
        "Figures from 2023/24 on do not compare with earlier ones. An earlier break: 2021/22 "
        "(the assessment was changed). Trends are not drawn across those breaks."
    )
    older = ("2019/20", "")
    assert say_breaks(make_position(standing=Standing(breaks=(older, one, two)))) == (
        "Figures from 2023/24 on do not compare with earlier ones. Earlier breaks: 2019/20 and "
        "2021/22 (the assessment was changed). Trends are not drawn across those breaks."
    )


@pytest.mark.parametrize("say", [say_trend, say_change, say_step, say_control, say_breaks])
def test_nothing_is_said_where_nothing_was_worked_out(make_position, say):
    assert say(make_position()) == ""
