"""What people want, plan and assume in tables: targets, scenarios, their assumptions and risks."""

from collections.abc import Iterator
from math import isfinite

import pandas as pd

from outcomes.model import (
    Baseline,
    CrossEffect,
    Effect,
    Indicator,
    People,
    Position,
    TargetOutlook,
    Trajectory,
    day_words,
)
from outcomes.model.words import about, outward
from outcomes.tables.table import Table
from outcomes.tables.words import NONE, about_words, limits_words, plain, signed, value_words

KINDS = {"planned_effect": "Planned effect", "policy_change": "Policy change"}
FASTEST = 2
"""How many of the fastest areas are named."""


def chance_words(chance: float) -> str:
    """Return 'about 65 in 100' to the nearest 5; the ends, and a dash where there is none."""
    if not isfinite(chance):
        return NONE
    if chance < 0.05:
        return "less than 5 in 100"
    return "more than 95 in 100" if chance > 0.95 else f"about {5 * int(20 * chance + 0.5)} in 100"


def short_words(indicator: Indicator, gap: float) -> str:
    """Return a gap with its side: '5.0 short', '0.4 beyond'; a dash where there is none."""
    if not isfinite(gap):
        return NONE
    size = signed(indicator, abs(gap)).lstrip("+")
    return f"{size} {'short' if gap > 0 else 'beyond'}" if gap else size


def people_words(people: People | None) -> str:
    """Return 'about 1,000 short (300 short to 1,700 short)', or a dash where it is not known."""
    if people is None or not isfinite(people.count):
        return NONE
    words = f"{about_words(people.count)} {_side(people.count)}"
    if not (isfinite(people.lower) and isfinite(people.upper)):
        return words
    across = people.lower < 0 < people.upper
    ends = sorted((people.lower, people.upper), key=None if across else abs)
    shown = [
        f"{about(outward(end, larger=across or at == 1))} {_side(end)}"
        for at, end in enumerate(ends)
    ]
    return f"{words} ({' to '.join(shown)})"


def _side(count: float) -> str:
    return "short" if count >= 0 else "beyond"


def table_targets(baseline: Baseline) -> Table:
    """Return a row a target of the page: level, forecast, gap, chance and the speed it takes."""
    rows = [
        _target(found, position)
        for position in baseline.by_pertinence()
        if position.outlook
        for found in position.outlook.targets
    ]
    columns = ["Indicator", "By", "Target", "Forecast (80% range)", "Gap", "In people or numbers"]
    columns += ["Chance", "Needed a year", "Achieved a year", "Fastest, a year"]
    caption = f"Targets for {baseline.place.name} beside what to expect if things go on as they are"
    return Table(caption, pd.DataFrame(rows, columns=columns))


def _target(found: TargetOutlook, position: Position) -> tuple[str, ...]:
    indicator, target = position.indicator, found.target
    expected = value_words(indicator, found.expected)
    limits = limits_words(indicator, found.lower, found.upper) if expected != NONE else NONE
    beside = f" (beside {found.comparator_label or 'the comparator'})" if target.relative else ""
    fastest = [f"{signed(indicator, s)} {name}" for name, s in found.best[:FASTEST] if s > 0]
    since = f" since {found.achieved_since}" if found.achieved_since else ""
    achieved = signed(indicator, found.achieved)
    return (
        f"{indicator.title}{' (an example target)' if target.example else ''}",
        day_words(target.by),
        f"{value_words(indicator, found.level)}{beside}",
        expected if limits == NONE else f"{expected} ({limits})",
        short_words(indicator, found.gap),
        people_words(found.people),
        chance_words(found.chance) if not found.reason else f"{NONE} ({found.reason.rstrip('.')})",
        signed(indicator, found.needed),
        achieved if achieved == NONE else f"{achieved}{since}",
        "; ".join(fastest) or NONE,
    )


def table_scenarios(position: Position) -> Table:
    """Return a row a scenario at the first target's date, or the last period: what it comes to."""
    found = position.outlook.trajectories if position.outlook else ()
    when = next((str(p["period"]) for t in found if (p := _point(t, position)) is not None), "")
    rows = [_scenario(t, position) for t in found]
    columns = ["Scenario", "Expected", "80% range", "Added", "Gap to the target"]
    columns += ["In people or numbers", "Chance of the target"]
    frame = pd.DataFrame(rows, columns=columns)
    empty = [name for name in columns[3:] if len(frame) and frame[name].eq(NONE).all()]
    caption = f"{position.indicator.title} in {position.place.name}, scenarios for {when}"
    return Table(caption, frame.drop(columns=empty))


def _point(found: Trajectory, position: Position) -> pd.Series | None:
    targets = position.outlook.targets
    at = found.points[found.points["period"] == targets[0].period] if targets else found.points
    at = at if len(at) else found.points
    return at.iloc[-1] if len(at) else None


def _scenario(found: Trajectory, position: Position) -> tuple[str, ...]:
    indicator, point = position.indicator, _point(found, position)
    title = f"{found.title}{' (an example)' if found.example else ''}"
    if point is None:
        return title, *[NONE] * 6
    return (
        title,
        value_words(indicator, point["mean"]),
        limits_words(indicator, point["lower_80"], point["upper_80"]),
        signed(indicator, point["effect"]) if point["effect"] else "nothing",
        short_words(indicator, found.gap),
        people_words(found.people),
        chance_words(found.chance),
    )


def _scenarios_of(baseline: Baseline) -> dict:
    return {
        name: scenario
        for position in baseline.positions
        if position.outlook
        for name, scenario in position.outlook.scenarios
    }


def _assumptions(baseline: Baseline) -> Iterator[tuple[str, Effect | CrossEffect]]:
    """Yield each assumption of the page once, with its scenario's id."""
    found = {}
    for position in baseline.by_pertinence():
        for scenario, name, effect in position.outlook.register if position.outlook else ():
            found.setdefault((scenario, name), effect)
    for (scenario, _), effect in found.items():
        yield scenario, effect


def table_assumptions(baseline: Baseline) -> Table:
    """Return a row an assumption behind the scenarios: size, time, evidence, owner, on or off."""
    scenarios = _scenarios_of(baseline)
    about_them = {p.indicator_id: p.indicator for p in baseline.positions}
    rows = []
    for name, effect in _assumptions(baseline):
        scenario = scenarios.get(name)
        example = " (an example)" if scenario and scenario.example else ""
        rows.append(
            (
                effect.title,
                f"{scenario.title if scenario else name}{example}",
                KINDS.get(getattr(effect, "kind", ""), "Effect of one indicator on another"),
                _title(effect.indicator, about_them),
                _size(effect, about_them),
                _course(effect),
                f"{effect.evidence.source.rstrip('.')} ({effect.evidence.strength})",
                f"{effect.plausibility.capitalize()}; depends on: {effect.depends_on.rstrip('.')}",
                effect.owner,
                "On" if effect.included else "Off: not counted",
            )
        )
    columns = ["Assumption", "Scenario", "Kind", "Moves", "Size (range)", "When", "Evidence"]
    columns += ["Plausibility", "Owner", "Counted"]
    caption = f"What the scenarios for {baseline.place.name} assume"
    return Table(caption, pd.DataFrame(rows, columns=columns))


def _title(name: str, about_them: dict[str, Indicator]) -> str:
    return about_them[name].title if name in about_them else name.replace("_", " ").capitalize()


def _size(effect: Effect | CrossEffect, about_them: dict[str, Indicator]) -> str:
    size, low, high = (_plus(value) for value in (effect.size, effect.low, effect.high))
    if isinstance(effect, CrossEffect):
        cause = _title(effect.cause, about_them)
        return f"{size} ({low} to {high}) for each +1 of {cause}"
    indicator = about_them.get(effect.indicator)
    unit = "in its own unit"
    if indicator is not None:
        unit = indicator.unit.replace("%", "percentage points")
    if effect.measured == "percent":
        unit = "per cent of the forecast"
    return f"{size} ({low} to {high}) {unit}".rstrip()


def _plus(value: float) -> str:
    return f"+{plain(value)}" if value > 0 else plain(value)


def _course(effect: Effect | CrossEffect) -> str:
    """Return when an effect begins, grows, stays and fades."""
    if isinstance(effect, CrossEffect):
        return f"{_months(effect.delay_months)} later" if effect.delay_months else "at once"
    said = [f"from {day_words(effect.starts)}"]
    said += [f"felt after {_months(effect.delay_months)}"] if effect.delay_months else []
    said += [f"builds over {_months(effect.builds_months)}"] if effect.builds_months else []
    lasts = "for good" if effect.lasts_months is None else f"for {_months(effect.lasts_months)}"
    said.append(f"lasts {lasts}")
    said += [f"fades over {_months(effect.fade_months)}"] if effect.fade_months else []
    return ", ".join(said)


def _months(count: int) -> str:
    return "1 month" if count == 1 else f"{count} months"


def table_risks(baseline: Baseline) -> Table:
    """Return a row a risk to a scenario, the critical ones first."""
    found = [(r, s) for s in _scenarios_of(baseline).values() for r in s.risks]
    found.sort(key=lambda pair: -pair[0].likelihood * pair[0].impact)
    rows = [
        (
            risk.risk,
            f"{scenario.title}{' (an example)' if scenario.example else ''}",
            f"{risk.likelihood} of 5",
            f"{risk.impact} of 5",
            f"{risk.likelihood * risk.impact} of 25{': critical' if risk.critical else ''}",
            risk.local_control.capitalize(),
            risk.owner,
        )
        for risk, scenario in found
    ]
    columns = ["Risk", "Scenario", "Likelihood", "Impact", "Score", "Local control", "Owner"]
    caption = f"What could stop the scenarios for {baseline.place.name} from coming true"
    return Table(caption, pd.DataFrame(rows, columns=columns))
