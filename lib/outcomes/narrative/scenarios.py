"""Scenarios, what the partners cannot influence, and how to read all that lies ahead."""

from math import isfinite

from outcomes.errors import listed
from outcomes.model import Baseline, Position, Trajectory, number
from outcomes.model.words import chance_words
from outcomes.narrative.words import joined, rounds_to_nothing, sentence, size_words

READING = (
    "A forecast carries the past of an indicator on. It knows nothing of plans, and nothing of "
    "what has never happened before. It is no promise and no target.",
    "The dark range is meant to hold the figure that comes 8 times in 10, the light one 95 times in "
    "100. The middle of the range is as likely to be exceeded as not. The ranges are those of the "
    "published figure, chance in it included.",
    "Every forecast is tested on the past: we go back to earlier years, forecast from what was "
    "known up to then, and compare with what came. The typical error is the average distance "
    "between the two, over all areas, large and small; where a place has enough tests of its own, its "
    "own record stands after it. Areas share their good and bad years, so many tests from one point in "
    "time are one lesson.",
    "How far to believe a forecast follows a rule. It is to be taken seriously if its error was "
    "less than 95% of that of carrying the last figure on, and no straight line beat it by as "
    "much; if the shares that fell inside both ranges lie within 5 points of what they promise; if "
    "the 80% range is no wider than the distance from the lowest to the highest of the newest 15 "
    "figures it rests on; and if it could be tested as far ahead. It is little more than a guess if "
    "its error was more than 105% of that of carrying the last figure on, if fewer outcomes than "
    "promised fell inside a range by more than 10 points, if the range is more than twice as wide, "
    "or if fewer than 30 forecasts were tested or all came from fewer than three points in time. Else it is to be taken with care. Ranges that held "
    "more often than they promise are wider than they need be, which is the lesser fault.",
    "The chance of meeting a target comes from the forecast's own ranges, so it holds only if "
    "things go on as they are. It is rounded to the nearest 5 in 100. Very unlikely is up to 10 in "
    "100, unlikely up to 30, about as likely as not up to 65, likely up to 85, very likely above. "
    "Such chances are tested on targets of the past beside a demanding rival: the share met of other "
    "targets as hard and as far ahead. Where they told no more than that, the page says not to lean on "
    "the chance.",
    "A scenario is the forecast with assumed effects added. Each effect has a size, a range, a date "
    "and an owner, listed under the assumptions. The ranges of a scenario hold only if its "
    "assumptions do. Effects are taken to be independent of each other.",
    "A curve is turned if later figures are better than a forecast stored before them by more than "
    "chance. A figure that got worse, but by clearly less than forecast, has turned; one that got "
    "better, but by less than forecast, has not. Where no forecast was stored in time, one is worked "
    "out afterwards from the figures up to a past year, and the page says so.",
)
"""How to read what lies ahead, a subject an entry."""


def say_reading() -> tuple[str, ...]:
    """Return how to read forecasts, chances, scenarios and turned curves, a subject an entry."""
    return READING


def say_scenarios(position: Position) -> list[str]:
    """Return the warning that scenarios are assumptions, and then what each comes to."""
    outlook = position.outlook
    ahead = [t for t in outlook.trajectories if t.name != "no_change"] if outlook else []
    if not ahead:
        return []
    examples = ""
    if any(t.example for t in ahead):
        examples = "Those called examples are nobody's plan."
    warning = (
        "Scenarios are assumptions, not forecasts: each shows what would follow if what people "
        "suppose came true."
    )
    return [joined(warning, examples), *(_scenario(found, position) for found in ahead)]


def _scenario(found: Trajectory, position: Position) -> str:
    title = f"{found.title}{' (an example)' if found.example else ''}"
    says = {name: scenario.says for name, scenario in position.outlook.scenarios}
    supposed = [sentence(says[name]) for name in found.scenarios if name in says]
    supposed = f" {supposed[0]}" if len(found.scenarios) == len(supposed) == 1 else ""
    point, indicator = position.outlook.point_of(found), position.indicator
    if point is None:
        return f"{title}: no effect could be worked out."
    expected, lower, upper = (
        number(indicator, point[name]) for name in ("mean", "lower_80", "upper_80")
    )
    adds = f"adds {size_words(indicator, point['effect'])}, to"
    if point["effect"] < 0:
        adds = f"takes off {size_words(indicator, point['effect'])}, to"
    if rounds_to_nothing(indicator, point["effect"]):
        adds = "changes nothing that the precision shown can tell: still"
    chance = (
        f"; chance of the target: {chance_words(found.chance)}" if isfinite(found.chance) else ""
    )
    return (
        f"{title}:{supposed} By {point['period']} this {adds} {expected} ({lower} to {upper})"
        f"{chance}."
    )


def say_forces(baseline: Baseline) -> str:
    """Return where the forces stand that forecasts suppose to go on, or that nobody recorded any."""
    if baseline.story.factors:
        return "The forces at work are those listed under what lies behind the figures."
    if baseline.outcome.influence == "low":
        # The warning about low influence says it more strongly.
        return ""
    return (
        "Nobody has recorded yet which forces are at work here, so nobody can say from this page "
        "whether they will go on."
    )


def say_low_influence(baseline: Baseline) -> str:
    """Return the warning that trajectories can mislead where the partners have little influence."""
    if baseline.outcome.influence != "low":
        return ""
    found = []
    for direction, words in (("hinders", "as hindering it"), ("helps", "as helping it")):
        factors = [f.factor.rstrip(".") for f in baseline.story.factors if f.direction == direction]
        if factors:
            found.append(f"{words}: {'; '.join(factors)}")
    ask = (
        f"Read them beside what has been recorded {listed(found)}."
        if found
        else "Nobody has recorded yet what drives it from outside; ask for that before relying on "
        "any of these lines."
    )
    return (
        "The partners have little influence on this outcome, so forecasts and scenarios of it can "
        f"mislead: forces from outside may move it more than anything that is planned here. {ask}"
    )
