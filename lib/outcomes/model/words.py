"""Words that sentences, tables and charts share: one phrase for one idea, one way to round people."""

import math
import re

FIFTHS = {
    True: ("worst", "second-worst", "middle", "second-best", "best"),
    False: ("lowest", "second-lowest", "middle", "second-highest", "highest"),
}
"""What each fifth of the areas is called, the first one first, by whether 1 is best."""

RULES = {
    "outside_limits": "outside the limits",
    "trend_of_seven": "seven or more in a row going one way",
    "two_of_three": "two of three close to a limit",
    "run_of_seven": "seven or more in a row on one side",
}
"""What makes a point of a control chart special."""

FORECAST_METHODS = {
    "pooled": "level and trend, learned from all areas",
    "single": "level and trend of this history alone",
    "naive": "the last figure carried on",
    "ets": "exponential smoothing of this history alone",
    "theta": "the theta method on this history alone",
    "refused": "none",
}
"""How a forecast was made."""

TOO_FEW = re.compile(r"(\d+) figures?, fewer than (\d+)")
"""A reason in short, which `incomplete` says in full."""
WHOLE = 20
"""A table of areas is whole up to this many rows; of more, it shows those that matter."""


AND_OTHERS = re.compile(r" and (\d+) ")
"""In "Tendring and 20 similar places": the areas among which a place stands are counted already."""


def capital(words: str) -> str:
    """Return words with a capital at their beginning."""
    return words[:1].upper() + words[1:]


def those(figures: int, among: str, *, count: str = "") -> str:
    """Return how many of some areas have a figure: "14 districts", "Tendring and 20 similar places".

    `count` is the number as it is to be written; `among` is what the areas are.
    """
    count, others = count or f"{figures:,}", AND_OTHERS.search(among)
    if others is None:
        return f"{count} {among}"
    return among if figures == int(others[1]) + 1 else f"{count} of {among}"


def incomplete(figures: int, reason: str) -> str:
    """Return what a baseline without a forecast lacks of its two parts, and why.

    Its parts are history and forecast; `figures` is how many figures the place has, and `reason` why
    there is no forecast.
    """
    if figures < 2:
        why = "there is one figure only" if figures else "there is no figure for this place"
        return f"Baseline incomplete: no history and no forecast, because {why}"
    reason = TOO_FEW.sub(r"only \1 of its figures can be used and a forecast takes \2", reason)
    return f"Baseline incomplete: no forecast, because {reason.rstrip('.')}"


def chance_words(chance: float) -> str:
    """Return 'about 65 in 100' to the nearest 5, or 'less than 5 in 100' at the ends."""
    if chance < 0.05:
        return "less than 5 in 100"
    return "more than 95 in 100" if chance > 0.95 else f"about {nearest_five(chance)} in 100"


def nearest_five(chance: float) -> int:
    """Return a chance in 100 as it is printed: to the nearest 5."""
    return 5 * int(20 * chance + 0.5)


def correlation_words(r: float) -> str:
    """Return a correlation with two decimals; nothing has no sign."""
    return f"{r:.2f}".replace("-0.00", "0.00").replace("-", "\N{MINUS SIGN}")


def about(count: float) -> str:
    """Return the size of a number of people at two significant digits: 1,049 is '1,000'."""
    near = math.floor(float(f"{abs(count):.2g}") + 0.5) if math.isfinite(count) else 0
    return f"{near:,}" if near else "less than one"


def outward(count: float, *, larger: bool) -> float:
    """Return a limit at two significant digits, its size rounded up or down, never to the nearest.

    An interval whose ends are rounded this way is never narrower than the one worked out.
    """
    if not math.isfinite(count) or count == 0:
        return count
    step = max(1.0, 10.0 ** (math.floor(math.log10(abs(count))) - 1))
    size = (math.ceil if larger else math.floor)(round(abs(count) / step, 9)) * step
    return math.copysign(size, count)
