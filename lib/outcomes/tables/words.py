"""Short words for cells: shapes with words, sizes, intervals. An en dash where there is nothing."""

from math import isfinite

from outcomes.model import (
    Indicator,
    People,
    PlaceGap,
    Position,
    Rank,
    Trend,
    number,
)
from outcomes.model.numbers import rounded
from outcomes.model.words import FIFTHS, about, outward

NONE = "\N{EN DASH}"
VERDICT_WORDS = {
    ("better", True): "\N{BLACK UP-POINTING TRIANGLE} Better",
    ("worse", True): "\N{BLACK DOWN-POINTING TRIANGLE} Worse",
    ("similar", True): "\N{BLACK CIRCLE} Similar",
    ("higher", True): "\N{BLACK DIAMOND} Higher",
    ("lower", True): "\N{BLACK DIAMOND} Lower",
    ("better", False): "\N{WHITE UP-POINTING TRIANGLE} Better side, not tested",
    ("worse", False): "\N{WHITE DOWN-POINTING TRIANGLE} Worse side, not tested",
    ("equal", False): "\N{WHITE CIRCLE} The same, not tested",
    ("higher", False): "\N{WHITE DIAMOND} Higher, not tested",
    ("lower", False): "\N{WHITE DIAMOND} Lower, not tested",
}
"""Verdict and whether it was tested, as a shape and words. Filled shapes are tested."""
NOT_COMPARED = f"{NONE} Not compared"
DIRECTIONS = {
    "increasing": "\N{NORTH EAST ARROW} Rising",
    "decreasing": "\N{SOUTH EAST ARROW} Falling",
    "no_significant_change": "\N{RIGHTWARDS ARROW} No clear trend",
    "cannot_be_calculated": f"{NONE} Not known",
}
COURSES = {
    "increasing": "rising",
    "decreasing": "falling",
    "no_significant_change": "no clear trend",
    "cannot_be_calculated": "not known",
}
"""The course of a place within, beside its figure."""
JUDGED = {"improving": ", better", "getting_worse": ", worse"}
CLOSING = {
    "closing": "\N{RIGHTWARDS ARROW}\N{LEFTWARDS ARROW} Closing",
    "widening": "\N{LEFTWARDS ARROW}\N{RIGHTWARDS ARROW} Widening",
    "reversed": "\N{LEFT RIGHT ARROW} Turned round",
    "cannot_tell": f"{NONE} Cannot tell",
}
METHODS = {
    "fingertips": "straight line through the newest five (OHID Fingertips)",
    "weighted_slope": "straight line through the newest five (OHID Fingertips)",
    "weighted_slope_overlapping": "straight line, for figures that share years",
    "mann_kendall": "order of the figures of the last ten years (Mann-Kendall)",
    "mann_kendall_overlapping": "order of the figures of the last ten years, which share years (Mann-Kendall)",
}
"""How a trend was tested; another word is shown as it is."""
FUNNEL = {
    "above_998": "far above (99.8%)",
    "above_95": "above (95%)",
    "inside": "as chance allows",
    "below_95": "below (95%)",
    "below_998": "far below (99.8%)",
}


def verdict_words(position: Position) -> str:
    """Return a position's verdict as a shape and words."""
    if position.comparison is None:
        return NOT_COMPARED
    key = (position.comparison.verdict, position.comparison.tested)
    return VERDICT_WORDS.get(key, NOT_COMPARED)


def rank_words(position: Position) -> str:
    """Return '3 of 12 (1 is best); may be 1 to 7; best fifth', or an en dash without a rank."""
    rank = position.rank
    if rank is None:
        return NONE
    end = "best" if rank.judged else "highest"
    where = f"joint {rank.position:,} to {rank.last:,}" if rank.alike > 1 else f"{rank.position:,}"
    said = [f"{where} of {rank.of:,} (1 is {end})"]
    said += _rank_limits(rank)
    if rank.fifth:
        said.append(f"{FIFTHS[rank.judged][rank.fifth - 1]} fifth")
    return "; ".join(said)


def _rank_limits(rank: Rank) -> list[str]:
    if not (isfinite(rank.lowest) and isfinite(rank.highest)):
        return []
    first, last = sorted((round(rank.lowest), round(rank.highest)))
    return [f"may be {first:,} to {last:,}" if first != last else f"sure to be {first:,}"]


def trend_words(trend: Trend | None) -> str:
    """Return a trend as an arrow and words: '\N{NORTH EAST ARROW} Rising, worse'."""
    return NONE if trend is None else DIRECTIONS[trend.direction] + JUDGED.get(trend.judged, "")


def closing_words(gaps: tuple[PlaceGap, ...]) -> str:
    """Return whether gaps close, an arrow and words each, with whom they lie between."""
    return "; ".join(f"{CLOSING[gap.verdict]} ({gap.label})" for gap in gaps) or NONE


def people_words(people: People | None) -> str:
    """Return 'about 1,000 more (300 more to 1,700 more)', or an en dash where it is not known."""
    if people is None or not isfinite(people.count):
        return NONE
    words = more_words(people.count)
    if not (isfinite(people.lower) and isfinite(people.upper)):
        return words
    # By size, with the sign of each; across nothing the smaller number comes first.
    across = people.lower < 0 < people.upper
    ends = sorted((people.lower, people.upper), key=None if across else abs)
    shown = [
        "no difference"
        if across and abs(end) < people.rounding
        else more_words(outward(end, larger=across or at == 1), start="")
        for at, end in enumerate(ends)
    ]
    return f"{words} ({' to '.join(shown)})"


def more_words(count: float, *, start: str = "about ") -> str:
    """Return a number of people with its direction: 'about 1,000 more'."""
    words = about_words(count, start=start)
    return words if words.startswith("less") else f"{words} {'more' if count > 0 else 'fewer'}"


def about_words(count: float, *, start: str = "about ") -> str:
    """Return a number of people at two significant digits: 'about 1,000'."""
    near = about(count)
    return near if near.startswith("less") else f"{start}{near}"


def limits_words(indicator: Indicator, lower: float, upper: float) -> str:
    """Return '68.0% to 74.0%', or an en dash where a limit is missing or endless."""
    if not (isfinite(lower) and isfinite(upper)):
        return NONE
    return f"{number(indicator, lower)} to {number(indicator, upper)}"


def signed(indicator: Indicator, size: float, *, beside: float | None = None) -> str:
    """Return a change with its sign and without its unit: '+1.7'; an en dash where it is missing.

    A small one, or one `beside` a small one, gets a decimal more; one that is still nothing reads
    'less than 0.01', or 'less than 0.01 down'.
    """
    if not isfinite(size):
        return NONE
    small = abs(size if beside is None else beside) < 2 * 10.0**-indicator.decimals
    decimals = indicator.decimals + small
    shown = rounded(abs(size), decimals)
    if size and not shown:
        least = f"less than {indicator.prefix}{10.0**-decimals:.{decimals}f}"
        return f"{least} down" if size < 0 else least
    sign = {True: "+", False: "\N{MINUS SIGN}"}[size > 0] if size else ""
    return f"{sign}{indicator.prefix}{shown:,.{decimals}f}"


def value_words(indicator: Indicator, value: float) -> str:
    """Return a figure, or an en dash where it is missing."""
    return number(indicator, value) if isfinite(value) else NONE


def plain(value: float) -> str:
    """Return a figure of unknown unit at four significant digits, thousands in full."""
    if not isfinite(value):
        return NONE
    text = f"{value:,.0f}" if abs(value) >= 1000 else f"{float(f'{value:.4g}'):g}"
    return text.replace("-", "\N{MINUS SIGN}")


def unit_words(indicator: Indicator) -> str:
    """Return the unit as a caption has it: 'per cent', '£ a week', 'number'."""
    if indicator.unit == "%":
        return "per cent"
    return f"{indicator.prefix} {indicator.unit}".strip() or "number"
