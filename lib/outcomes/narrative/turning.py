"""Whether what lay ahead was judged acceptable, and whether the curve has turned since."""

from math import isfinite

from outcomes.model import Position, Turning, day_words, difference_words, number, with_unit
from outcomes.narrative.forecasts import in_100
from outcomes.narrative.words import because, joined, rounds_to_nothing


def say_judgement(position: Position) -> str:
    """Return whether what lies ahead was judged acceptable, by whom, when and why."""
    if position.outlook is None:
        return ""
    found = position.outlook.judgement
    if found is None:
        return "Nobody has yet recorded whether this is acceptable."
    verdict = "acceptable" if found.acceptable else "not acceptable"
    example = "This judgement is an example that nobody has made." if found.example else ""
    return joined(
        f"Judged {verdict} ({found.by}, {day_words(found.decided)}): {found.reason.rstrip('.')}.",
        example,
    )


TURNED = {
    "turned": "The curve has turned",
    "not_yet": "The curve has not turned so far",
    "too_early": "It is too early to say whether the curve has turned",
    "not_judged": "More is neither good nor bad here, so no curve is called turned",
}


def say_turning(position: Position) -> str:
    """Return whether later figures beat a forecast stored before them, and by how much it erred."""
    found = position.outlook and position.outlook.turning
    if not found:
        return ""
    known = found.later[found.later["value"].notna() & found.later["mean"].notna()]
    lead = f"{TURNED[found.verdict]}{because(found.reason)}."
    if known.empty:
        return joined(lead, _made(found))
    row, indicator = known.iloc[-1], position.indicator
    lower, upper = (number(indicator, row[end]) for end in ("lower_80", "upper_80"))
    return joined(
        lead,
        f"The forecast made on {day_words(found.made_on)}, from figures up to {found.origin}, "
        f"expected {number(indicator, row['mean'])} for {row['period']} ({lower} to {upper}, 8 "
        f"times in 10); the figure is {with_unit(indicator, row['value'])}, so the forecast was "
        f"{_error(position, row['error'])}.",
        _luck(found),
        _made(found) if found.afterwards else "",
    )


def _error(position: Position, error: float) -> str:
    if rounds_to_nothing(position.indicator, error):
        return "right, to the precision shown"
    way = "low" if error > 0 else "high"
    return f"too {way} by {difference_words(position.indicator, error)}"


def _luck(found: Turning) -> str:
    if not isfinite(found.chance) or found.verdict not in ("turned", "not_yet"):
        return ""
    share = in_100(found.chance) if found.chance >= 0.005 else "less than 1 in 100"
    return f"Had that forecast held, the chance of figures at least as good as these was {share}."


def _made(found: Turning) -> str:
    if found.afterwards:
        return (
            "That forecast was made afterwards: it uses only figures up to then, as they are known "
            "today, and shows what would have been said."
        )
    return f"The forecast to beat was made on {day_words(found.made_on)}."
