"""Where an outcome is heading in one sentence, and the text alternative of the chart of each."""

from math import isfinite

from outcomes.errors import listed
from outcomes.model import Baseline, Position, TargetOutlook, day_words, number
from outcomes.model.words import nearest_five
from outcomes.narrative.belief import IN_SHORT, belief_in_short
from outcomes.narrative.forecasts import say_forecast, steps_ahead, told_point
from outcomes.narrative.targets import beside_words
from outcomes.narrative.words import counted, few, joined

FIGURES = "The table below has every figure ahead; those of the past stand with the indicator."


LIKELY = 80
"""The chance in 100 from which better is called likely; at 100 less that, worse is."""


def say_heading(baseline: Baseline) -> str:
    """Return in one sentence how many indicators are likely to be better or worse, or cannot be told.

    By the chance as it is printed, to the nearest 5 in 100. An indicator without a forecast, or one
    on which more is neither good nor bad, cannot be told.
    """
    every = list(baseline.positions)
    having = [position for position in every if position.forecast_shown]
    of = counted(len(every), "indicator")
    if not having:
        return f"For none of the {of} here can it be told where it is heading: none has a forecast."
    chances = [nearest_five(chance) for p in having if isfinite(chance := _better(p))]
    better = sum(chance >= LIKELY for chance in chances)
    worse = sum(chance <= 100 - LIKELY for chance in chances)
    open_ = len(every) - better - worse
    told = f" and for {few(open_)} it cannot be told{_without(len(every) - len(having))}"
    return (
        f"Of the {of} here, {_are(better)} likely to be better {_when(having)} than now (a chance of "
        f"{LIKELY} in 100 or more){',' if open_ else ' and'} {_are(worse)} likely to be worse "
        f"({100 - LIKELY} or less){told if open_ else ''}; {_guesses(having)}."
    )


def _better(position: Position) -> float:
    judged = position.indicator.polarity != "no_judgement"
    return position.outlook.forecast.better if judged else float("nan")


def _are(count: int) -> str:
    return f"{few(count) if count else 'none'} {'are' if count > 1 else 'is'}"


def _without(count: int) -> str:
    return f" ({few(count)} without a forecast)" if count else ""


def _when(having: list[Position]) -> str:
    """Return 'three years ahead', or what they share where the points told lie differently far."""
    told = {steps_ahead(p, told_point(p.outlook.forecast)["horizon"]) for p in having}
    return told.pop() if len(told) == 1 else "at the period that the table gives"


def _guesses(having: list[Position]) -> str:
    guesses = sum(belief_in_short(position) == IN_SHORT[0] for position in having)
    of = counted(len(having), "forecast")
    if guesses == len(having):
        return f"{'the' if guesses == 1 else 'all'} {of} {_are(guesses).split()[-1]} little more than a guess"
    return f"of the {of}, {_are(guesses)} little more than a guess"


def describe_outlook(position: Position) -> str:
    """Return the text alternative of the chart of history, forecast, target and scenarios."""
    name = position.place.name
    if position.outlook is None or position.forecast_shown is None:
        chart = f"Line chart of {position.indicator.title} in {name}, without a forecast."
        return joined(chart, say_forecast(position), _stored(position))
    proxy = ", dotted as it is a proxy" if position.proxy else ""
    chart = (
        f"Line chart of {position.indicator.title} in {name}: the history "
        f"({counted(position.figures_known, 'figure')} in all{proxy}), and from the last figure on the forecast as a dashed "
        "line in a fan of two ranges, 80% and 95%."
    )
    said = (_comparator(position), say_forecast(position), _targets(position), _scenarios(position))
    return joined(chart, *said, _stored(position), FIGURES)


def _comparator(position: Position) -> str:
    if not position.comparison or position.history["comparator"].isna().all():
        return ""
    ahead = position.outlook.forecast.comparator
    end = ", with its own forecast dashed" if len(ahead) else ""
    return f"A line with squares shows {position.comparison.label}{end}."


def _targets(position: Position) -> str:
    shown = set(position.outlook.forecast.points["period"])
    said = [
        f"{_aim(found, position)} for {found.period}"
        for found in position.outlook.targets
        if found.period in shown and found.level == found.level
    ]
    what = "A star marks the target" if len(said) == 1 else "Stars mark the targets"
    return f"{what}, {listed(said)}, joined to the forecast by an upright." if said else ""


def _aim(found: TargetOutlook, position: Position) -> str:
    if found.target.relative is None:
        return number(position.indicator, found.level)
    return beside_words(found, position.indicator)


def _scenarios(position: Position) -> str:
    titles = [t.title for t in position.outlook.trajectories if t.name != "no_change"]
    return f"Lines with letters show scenarios: {listed(titles)}." if titles else ""


def _stored(position: Position) -> str:
    turning = position.outlook and position.outlook.turning
    if not turning or turning.later.empty:
        return ""
    what = f"what was forecast on {day_words(turning.made_on)}"
    if turning.afterwards:
        what = f"what would have been forecast from figures up to {turning.origin}"
    return f"A thin line with crosses shows {what}."
