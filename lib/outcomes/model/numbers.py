"""How numbers are printed: the same in a chart, a table and a sentence. No false precision."""

import math
from datetime import date

from outcomes.model.indicator import Indicator
from outcomes.model.results import Figure

NO_FIGURE = "no figure"


def rounded(value: float, decimals: int) -> float:
    """Return a value rounded as a reader would: halves away from zero. NaN stays NaN."""
    scale = 10.0**decimals
    # A hair more, as 0.285 is held as a number just below it.
    return math.copysign(math.floor(abs(value) * scale + 0.5 + 1e-9) / scale, value) if (
        math.isfinite(value)) else value  # fmt: skip


def number(indicator: Indicator, value: float) -> str:
    """Return a value rounded to the indicator's decimals, with its prefix and per cent sign.

    Missing (NaN) gives 'no figure'. Longer units are left to the heading or to `with_unit`.
    """
    if value != value:
        return NO_FIGURE
    shown = rounded(value, indicator.decimals)
    sign = "\N{MINUS SIGN}" if shown < 0 else ""
    text = f"{abs(shown):,.{indicator.decimals}f}"
    return f"{sign}{indicator.prefix}{text}{'%' if indicator.unit == '%' else ''}"


def with_unit(indicator: Indicator, value: float) -> str:
    """Return a value as in a sentence: '75.5%', '21.2 per 10,000 children', '£642 a week'."""
    text = number(indicator, value)
    return text if indicator.unit in ("", "%") or text == NO_FIGURE else f"{text} {indicator.unit}"


def with_interval(indicator: Indicator, figure: Figure) -> str:
    """Return a figure as in a table: '75.5% (66.6% to 84.4%)', the limits where published."""
    text = number(indicator, figure.value)
    if not figure.has_interval:
        return text
    return f"{text} ({number(indicator, figure.lower)} to {number(indicator, figure.upper)})"


def difference_words(indicator: Indicator, difference: float) -> str:
    """Return the size of a difference, without its sign: '1.7 percentage points', '£12 a week'."""
    if indicator.unit == "%":
        size = f"{abs(rounded(difference, indicator.decimals)):,.{indicator.decimals}f}"
        return f"{size} percentage point{'' if float(size) == 1 else 's'}"
    return with_unit(indicator, abs(difference))


def day_words(day: date) -> str:
    """Return a day as a reader meets it: '31 March 2026'."""
    return f"{day.day} {day:%B %Y}"


def number_of(count: int, noun: str) -> str:
    """Return '1 page', '1,200 pages'."""
    return f"{count:,} {noun}{'' if count == 1 else 's'}"


def ordinal(position: int) -> str:
    """Return 1st, 2nd, 3rd, 4th, 11th, 21st and so on."""
    if position % 100 in (11, 12, 13):
        return f"{position:,}th"
    return f"{position:,}{ {1: 'st', 2: 'nd', 3: 'rd'}.get(position % 10, 'th') }"
