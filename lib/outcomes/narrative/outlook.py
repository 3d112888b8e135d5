"""The text alternative of the chart of what lies ahead."""

from outcomes.errors import listed
from outcomes.model import Position, day_words, number
from outcomes.narrative.forecasts import forecast_shown, say_forecast
from outcomes.narrative.words import counted, joined

FIGURES = "The table below has every figure ahead; those of the past stand with the indicator."


def describe_outlook(position: Position) -> str:
    """Return the text alternative of the chart of history, forecast, target and scenarios."""
    name = position.place.name
    if position.outlook is None or forecast_shown(position) is None:
        chart = f"Line chart of {position.indicator.title} in {name}, without a forecast."
        return joined(chart, say_forecast(position), _stored(position))
    known = int(position.history["value"].notna().sum())
    proxy = ", dotted as it is a proxy" if position.proxy else ""
    chart = (
        f"Line chart of {position.indicator.title} in {name}: the history "
        f"({counted(known, 'figure')} in all{proxy}), and from the last figure on the forecast as a dashed "
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
        f"{number(position.indicator, found.level)} for {found.period}"
        for found in position.outlook.targets
        if found.period in shown and found.level == found.level
    ]
    what = "A star marks the target" if len(said) == 1 else "Stars mark the targets"
    return f"{what}, {listed(said)}, joined to the forecast by an upright." if said else ""


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
