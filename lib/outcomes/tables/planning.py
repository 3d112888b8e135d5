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
from outcomes.model.numbers import rounded
from outcomes.model.words import about, chance_words, outward
from outcomes.tables.table import Table
from outcomes.tables.words import NONE, about_words, limits_words, plain, signed, value_words

KINDS = {"planned_effect": "Planned effect", "policy_change": "Policy change"}
FASTEST = 2
"""How many of the fastest areas are named."""


def chance_cell(chance: float) -> str:
    """Return 'about 65 in 100' to the nearest 5, or a dash where there is none."""
    return chance_words(chance) if isfinite(chance) else NONE


def short_words(indicator: Indicator, gap: float) -> str:
    """Return a gap with its side: '5.0 short', '0.4 beyond'; a dash where there is none."""
    if not isfinite(gap):
        return NONE
    return f"{_own(indicator, gap)} {_side(gap)}" if gap else _own(indicator, gap)


def _own(indicator: Indicator, size: float) -> str:
    """Return a size at the indicator's own decimals; a small one reads 'less than 0.1'."""
    decimals, shown = indicator.decimals, rounded(abs(size), indicator.decimals)
    if size and not shown:
        return f"less than {indicator.prefix}{10.0**-decimals:.{decimals}f}"
    return f"{indicator.prefix}{shown:,.{decimals}f}"


def _added(indicator: Indicator, effect: float) -> str:
    """Return what a scenario adds: '+0.8', 'less than 0.1 down', 'nothing'."""
    if not isfinite(effect):
        return NONE
    size = _own(indicator, effect)
    if size.startswith("less"):
        return f"{size}{' down' if effect < 0 else ''}"
    sign = "+" if effect > 0 else "\N{MINUS SIGN}"
    return f"{sign}{size}" if effect else "nothing"


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
    fastest = [f"{signed(indicator, s)} {name}" for name, s in found.best[:FASTEST] if s > 0]
    since = f" since {found.achieved_since}" if found.achieved_since else ""
    achieved = signed(indicator, found.achieved)
    return (
        f"{indicator.title}{' (an example target)' if target.example else ''}",
        day_words(target.by),
        _aim(found, indicator),
        _expected(found, indicator),
        short_words(indicator, found.gap),
        _of_whom(found.people, indicator),
        chance_cell(found.chance) if not found.reason else f"{NONE} ({found.reason.rstrip('.')})",
        signed(indicator, found.needed),
        achieved if achieved == NONE else f"{achieved}{since}",
        "; ".join(fastest) or NONE,
    )


def _aim(found: TargetOutlook, indicator: Indicator) -> str:
    """Return a target's level, or where it lies beside its comparator: '1.0 above England'."""
    if found.target.relative is None:
        return value_words(indicator, found.level)
    away, whom = found.target.relative.distance, found.comparator_label or "the comparator"
    words = _away(indicator, away)
    return f"level with {whom}" if words == "level" else f"{words} {whom}"


def _away(indicator: Indicator, away: float) -> str:
    if not rounded(away, indicator.decimals):
        return "level"
    return f"{_own(indicator, away)} {'above' if away > 0 else 'below'}"


def _expected(found: TargetOutlook, indicator: Indicator) -> str:
    """Return the forecast with its range; beside a comparator, that of the distance."""
    if not isfinite(found.expected):
        return NONE
    if found.target.relative and found.apart is not None and len(found.apart):
        ends = found.apart[["mean", "lower_80", "upper_80"]].iloc[0].astype(float)
        mean, *limits = (ends + found.target.relative.distance).tolist()
        words = " to ".join(_away(indicator, end) for end in limits if isfinite(end))
        return f"{_away(indicator, mean)} ({words})" if words else _away(indicator, mean)
    expected = value_words(indicator, found.expected)
    limits = limits_words(indicator, found.lower, found.upper)
    return expected if limits == NONE else f"{expected} ({limits})"


def _of_whom(people: People | None, indicator: Indicator) -> str:
    """Return a gap in people with whom they are of; of a rate it is a number of events."""
    words = people_words(people)
    share = words != NONE and indicator.value_type == "proportion"
    return f"{words}, of the {people.base}" if share else words


def table_scenarios(position: Position) -> Table:
    """Return a row a scenario at the first target's date, or the last period: what it comes to."""
    found = position.outlook.trajectories if position.outlook else ()
    when = next(
        (str(p["period"]) for t in found if (p := position.outlook.point_of(t)) is not None), ""
    )
    rows = [_scenario(t, position) for t in found]
    columns = ["Scenario", "Expected", "80% range", "Added", "Gap to the target"]
    columns += [_people_column(position), "Chance of the target"]
    frame = pd.DataFrame(rows, columns=columns)
    empty = [name for name in columns[3:] if len(frame) and frame[name].eq(NONE).all()]
    caption = f"{position.indicator.title} in {position.place.name}, scenarios for {when}"
    return Table(caption, frame.drop(columns=empty))


def _people_column(position: Position) -> str:
    """Return whom a gap is counted in: they are the same in every row."""
    if position.indicator.value_type != "proportion":
        return "Gap in numbers"
    every = position.outlook.trajectories if position.outlook else ()
    bases = (found.people.base for found in every if found.people)
    return f"Of the {base}" if (base := next(bases, "")) else "Gap in people"


def _scenario(found: Trajectory, position: Position) -> tuple[str, ...]:
    indicator, point = position.indicator, position.outlook.point_of(found)
    title = f"{found.title}{' (an example)' if found.example else ''}"
    if point is None:
        return title, *[NONE] * 6
    return (
        title,
        value_words(indicator, point["mean"]),
        limits_words(indicator, point["lower_80"], point["upper_80"]),
        _added(indicator, point["effect"]),
        short_words(indicator, found.gap),
        people_words(found.people),
        chance_cell(found.chance),
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


def _counted(baseline: Baseline) -> set[str]:
    """Return the ids of the scenarios in a trajectory of the page that have a part switched on."""
    drawn, on = set(), set()
    for position in baseline.positions:
        outlook = position.outlook
        for found in outlook.trajectories if outlook else ():
            drawn.update(found.scenarios)
        on.update(key for key, _, part in (outlook.register if outlook else ()) if part.included)
    return drawn & on


def table_risks(baseline: Baseline) -> Table:
    """Return a row a risk to a scenario that is counted on the page, the critical ones first."""
    counted = _counted(baseline)
    found = [
        (r, s) for key, s in _scenarios_of(baseline).items() if key in counted for r in s.risks
    ]
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
