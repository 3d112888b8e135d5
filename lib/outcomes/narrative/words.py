"""Small words that many sentences share: counts, sizes, intervals. Never more exact than known."""

from math import isfinite

from outcomes.model import Indicator, difference_words
from outcomes.model.numbers import rounded

MANY = 5
FEW = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")
RATIOS = {
    0.1: "about a tenth as high",
    0.2: "about a fifth as high",
    0.25: "about a quarter as high",
    0.33: "about a third as high",
    0.4: "about two fifths as high",
    0.5: "about half as high",
    0.6: "about two fifths lower",
    0.67: "about a third lower",
    0.75: "about a quarter lower",
    0.8: "about a fifth lower",
    1.2: "about a fifth higher",
    1.25: "about a quarter higher",
    1.33: "about a third higher",
    1.5: "about half as high again",
    1.67: "about two thirds higher",
    1.75: "about three quarters higher",
    2.0: "about twice as high",
}
"""What a ratio is called; the nearest one is taken."""
PLAIN = {
    "no limits": "our source gives no interval",
    "within chance": "it moved no more than chance does",
    "chance not ruled out": "it moved no more than chance does",
    "the gap lies about none": "there is no clear gap at either end",
}
"""What short reasons read like in a sentence; any other is printed as it is."""
MOVES = ("a fall of {}", "no change", "a rise of {}")
SIDES = ("{} below", "no difference", "{} above")
"""The two ends of an interval that goes both ways, over time and beside a comparator."""


def few(count: int) -> str:
    """Return 'five' for a small number and '1,234' for a large one."""
    return FEW[count] if count < len(FEW) else f"{count:,}"


def counted(count: int, noun: str) -> str:
    """Return 'one figure', 'five figures', '12 figures'."""
    return f"{few(count)} {noun}{'' if count == 1 else 's'}"


def sentence(text: str) -> str:
    """Return a clause as a sentence, with a capital and one full stop; nothing stays nothing."""
    text = text.strip().rstrip(".")
    return f"{text[:1].upper()}{text[1:]}." if text else ""


def because(reason: str) -> str:
    """Return ': the reason', or nothing where there is none."""
    return f": {PLAIN.get(reason, reason).rstrip('.')}" if reason else ""


def span(first: str, last: str) -> str:
    """Return 'from 2019 to 2023', and 'from 2018\u20132020 to 2021\u20132023' for longer periods."""
    return f"from {short(first)} to {short(last)}"


def short(period: str) -> str:
    """Return a period's label in which 'to' is a dash."""
    return period.replace(" to ", "\N{EN DASH}")


def joined(*sentences: str) -> str:
    """Return sentences as one text, leaving out the empty ones."""
    return " ".join(filter(None, sentences))


def lower_first(title: str) -> str:
    """Return a title as it stands in mid-sentence; one that begins with an acronym is kept."""
    return title if title[1:2].isupper() else title[:1].lower() + title[1:]


def rounds_to_nothing(indicator: Indicator, size: float) -> bool:
    """Return whether a size is nothing at the indicator's decimals."""
    return rounded(abs(size), indicator.decimals) == 0


def finer(indicator: Indicator, size: float, *, least: float = 2.0) -> Indicator:
    """Return the indicator with one decimal more if a size is under `least` of its last digit.

    The change of a year, or a limit close to nothing, would else be rounded away.
    """
    if not abs(size) < least * 10.0**-indicator.decimals:
        return indicator
    return indicator.model_copy(update={"decimals": indicator.decimals + 1})


def size_words(indicator: Indicator, size: float) -> str:
    """Return the size of a difference; a very small one as 'less than 0.1 percentage points'."""
    if size and rounds_to_nothing(indicator, size):
        return f"less than {difference_words(indicator, 10.0**-indicator.decimals)}"
    return difference_words(indicator, size)


def roughly(indicator: Indicator, size: float) -> str:
    """Return 'about 0.4 percentage points', or 'less than 0.1 percentage points'."""
    words = size_words(indicator, size)
    return words if words.startswith("less") else f"about {words}"


def span_words(
    indicator: Indicator, lower: float, upper: float, *, moves: tuple[str, ...] = MOVES
) -> str:
    """Return an interval of a change without sign or unit: '0.1 to 0.7'.

    One that goes both ways reads 'from a fall of 0.2 to a rise of 0.5', or in the words of `moves`
    (down, nothing, up). Limits that are missing, endless or nothing give ''.
    """
    if not (isfinite(lower) and isfinite(upper)):
        return ""
    lower, upper = sorted((lower, upper))
    if lower >= 0 or upper <= 0:
        small, large = sorted((abs(lower), abs(upper)))
        indicator = finer(indicator, small, least=0.5) if small else indicator
        if rounds_to_nothing(indicator, large):
            return ""
        return f"{_bare(indicator, small)} to {_bare(indicator, large)}"
    down, nothing, up = (words.format(_bare(indicator, e)) for words, e in
                         zip(moves, (-lower, 0, upper), strict=True))  # fmt: skip
    first = nothing if rounds_to_nothing(indicator, lower) else down
    last = nothing if rounds_to_nothing(indicator, upper) else up
    return f"from {first} to {last}" if first != last else nothing


def interval(words: str, confidence: float = 0.95) -> str:
    """Return ' (95% interval 0.1 to 0.7)', or nothing where there is none."""
    level = f"{100 * confidence:.4g}% " if isfinite(confidence) else ""
    return f" ({level}interval {words})" if words else ""


def ratio_words(ratio: float) -> str:
    """Return 'about a third higher' where a ratio is at least 1.2 or at most 0.8, or nothing."""
    if not (isfinite(ratio) and ratio >= 0.1) or 0.8 < ratio < 1.2:
        return ""
    if ratio >= 2.25:
        return f"about {float(f'{ratio:.2g}'):,g} times as high"
    return RATIOS[min(RATIOS, key=lambda known: abs(known - ratio))]


def _bare(indicator: Indicator, size: float) -> str:
    return f"{indicator.prefix}{rounded(size, indicator.decimals):,.{indicator.decimals}f}"


def units(indicator: Indicator) -> str:
    """Return what follows the size of a difference: 'percentage points', 'a week' or nothing."""
    return "percentage points" if indicator.unit == "%" else indicator.unit
