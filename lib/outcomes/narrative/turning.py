"""Whether what lay ahead was judged acceptable, and whether the curve has turned since."""

from math import isfinite

import pandas as pd

from outcomes.model import Position, Turning, day_words, difference_words, number, with_unit
from outcomes.model.numbers import rounded
from outcomes.narrative.forecasts import in_100
from outcomes.narrative.words import because, joined, rounds_to_nothing, sentence

TURNED = {
    "turned": "The curve has turned",
    "not_yet": "The curve has not turned so far",
    "too_early": "It is too early to say whether the curve has turned",
    "not_judged": "More is neither good nor bad here, so no curve is called turned",
}
OPENINGS = {
    "A", "An", "As", "Each", "Every", "Fewer", "It", "Less", "More", "No", "Nobody", "Nothing", "One",
    "Only", "People", "That", "The", "There", "These", "They", "This", "Those", "Too", "We",
}  # fmt: skip
"""First words of a reason that are no names: they lose their capital within a sentence."""
GOOD_END = {"higher_is_better": ("upper_80", 1), "lower_is_better": ("lower_80", -1)}
"""The good end of the range by polarity, and the sign of what is better."""


def say_judgement(position: Position) -> str:
    """Return the question whether what lies ahead is acceptable, and the answer on record."""
    if position.outlook is None:
        return ""
    found = position.outlook.judgement
    if found is None:
        asked = position.forecast_shown is not None
        return "Is that acceptable? Nobody has recorded an answer yet." if asked else ""
    answer = "yes" if found.acceptable else "no"
    if found.example:
        return f"Is that acceptable? Example only: {answer}, because {_reason(found.reason)}."
    who = f"({found.by}, {day_words(found.decided)})"
    return f"Is that acceptable? {answer.capitalize()} {who}. {sentence(found.reason)}"


def _reason(reason: str) -> str:
    """Return a reason as it stands in mid-sentence; a name at its start keeps its capital."""
    first, _, rest = reason.strip().rstrip(".").partition(" ")
    return f"{first.lower() if first in OPENINGS else first} {rest}".strip()


def say_turning(position: Position) -> str:
    """Return whether later figures beat a forecast stored before them, and by how much it erred."""
    found = position.outlook and position.outlook.turning
    if not found:
        return ""
    reason = "" if found.verdict == "not_judged" else found.reason
    lead = f"{TURNED[found.verdict]}{because(reason)}."
    known = _known(found)
    if known.empty:
        when = f"was made on {day_words(found.made_on)}"
        when = "was worked out afterwards" if found.afterwards else when
        return joined(lead, f"The forecast to beat {when}, from figures up to {found.origin}.")
    after = ""
    if found.afterwards:
        after = "It was worked out afterwards, from those figures as they are known today."
    return joined(
        lead,
        _missed(_to_beat(found), found, position),
        after,
        _luck(found),
        _rebound(known, position),
    )


def say_last_round(position: Position) -> str:
    """Return by how much the newest forecast with a later figure erred, if it is another one."""
    found = position.outlook and position.outlook.last_round
    if not found or _known(found).empty:
        return ""
    how = f"made on {day_words(found.made_on)}"
    how = "worked out afterwards" if found.afterwards else how
    lead = f"The forecast before this one, {how} from figures up to {found.origin}, expected"
    return _missed(lead, found, position)


def _known(found: Turning) -> pd.DataFrame:
    return found.later[found.later["value"].notna() & found.later["mean"].notna()]


def _to_beat(found: Turning) -> str:
    """Return the forecast to beat; one worked out afterwards is never said to have been made."""
    if found.afterwards:
        return f"What would have been forecast from figures up to {found.origin} was"
    made = day_words(found.made_on)
    return f"The forecast made on {made}, from figures up to {found.origin}, expected"


def _missed(lead: str, found: Turning, position: Position) -> str:
    """Return what was forecast for the newest figure, the figure, and the error."""
    row, indicator = _known(found).iloc[-1], position.indicator
    lower, upper = (number(indicator, row[end]) for end in ("lower_80", "upper_80"))
    return (
        f"{lead} {number(indicator, row['mean'])} for {row['period']} ({lower} to {upper}, 8 times "
        f"in 10). The figure is {with_unit(indicator, row['value'])}, so that was "
        f"{_error(position, row)}."
    )


def _error(position: Position, row: pd.Series) -> str:
    """Return by how much the figure lies off the forecast, both as they are printed."""
    decimals = position.indicator.decimals
    error = rounded(row["value"], decimals) - rounded(row["mean"], decimals)
    if rounds_to_nothing(position.indicator, error):
        return "right, to the precision shown"
    way = "low" if error > 0 else "high"
    return f"too {way} by {difference_words(position.indicator, error)}"


def _luck(found: Turning) -> str:
    if not isfinite(found.chance) or found.verdict not in ("turned", "not_yet"):
        return ""
    share = in_100(found.chance) if found.chance >= 0.005 else "less than 1 in 100"
    return f"Had it held, the chance of a figure at least as good as this was {share}."


def _rebound(known: pd.DataFrame, position: Position) -> str:
    """Return that figures did clearly better than forecast before, but the newest no longer does."""
    if position.indicator.polarity not in GOOD_END or known["better"].iloc[-1]:
        return ""
    end, sign = GOOD_END[position.indicator.polarity]
    beyond = known.iloc[:-1]
    beyond = beyond[sign * (beyond["value"] - beyond[end]) > 0]
    if beyond.empty:
        return ""
    return f"It had done better than forecast in {beyond['period'].iloc[-1]}, and has slipped back since."
