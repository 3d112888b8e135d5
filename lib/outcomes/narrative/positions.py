"""A position in sentences. Every number in a page's prose comes from here."""

from outcomes.model import (
    Comparison,
    Position,
    Rank,
    day_words,
    difference_words,
    number,
    ordinal,
    with_unit,
)

LATEST_STATUS = {
    "provisional": "provisional",
    "imputed": "estimated by the publisher because the figure itself is missing",
    "modelled": "estimated by a model",
}
"""What is said of a latest figure that is not simply measured."""
SIDE = {True: "above", False: "below"}


def say_position(position: Position) -> list[str]:
    """Return two to five sentences on where a place stands on one indicator.

    The figure with its interval; the comparison with what the interval says of it; the rank; a
    newer period without a figure; an old series. A place without a figure gets the reason alone.
    """
    if position.latest is None:
        return [position.missing]
    sentences = [_say_latest(position)]
    if position.comparison:
        sentences.append(_say_comparison(position, position.comparison))
    if position.rank:
        sentences.append(_say_rank(position, position.rank))
    if position.unchanged_since:
        sentences.append(f"No new figure since {day_words(position.unchanged_since)}.")
    if position.newer:
        sentences.append(f"{position.newer} The figure shown is the latest one published.")
    if position.stale:
        sentences.append(
            f"This series has no figure newer than {position.latest.period}, so it may no longer "
            "describe the place well."
        )
    return sentences


def _say_latest(position: Position) -> str:
    indicator, latest = position.indicator, position.latest
    sentence = f"{indicator.title} in {position.place.name}, {latest.period}: "
    sentence += with_unit(indicator, latest.value)
    if latest.has_interval:
        low, high = number(indicator, latest.lower), number(indicator, latest.upper)
        sentence += f" (95% interval {low} to {high})"
    said = LATEST_STATUS.get(latest.status)
    return sentence + (f", {said}." if said else ".")


def _say_comparison(position: Position, comparison: Comparison) -> str:
    indicator, label = position.indicator, comparison.label
    if comparison.value != comparison.value:
        return f"It is not compared with another area: {comparison.reason}."
    whom = f"{label} ({with_unit(indicator, comparison.value)})"
    size = difference_words(indicator, comparison.difference)
    side = SIDE[comparison.difference > 0]
    if _rounds_to_nothing(position, comparison):
        start = f"That is the same as {whom}, to the precision shown"
    else:
        start = f"That is {size} {side} {whom}"
    if comparison.verdict == "similar":
        return (
            f"{start}. The interval includes that figure, so the two are called similar: the "
            "difference may be chance."
        )
    if comparison.verdict == "equal":
        return f"{start}."
    if not comparison.tested:
        return (
            f"{start}{_goodness(comparison)}. No interval is published, so we cannot say "
            "whether the difference is more than chance."
        )
    return f"{start}, which is {comparison.verdict}: the whole interval lies {side} that figure."


def _goodness(comparison: Comparison) -> str:
    sides = {"better": ", on the better side", "worse": ", on the worse side"}
    return sides.get(comparison.verdict, "")


def _rounds_to_nothing(position: Position, comparison: Comparison) -> bool:
    return round(abs(comparison.difference), position.indicator.decimals) == 0


def _say_rank(position: Position, rank: Rank) -> str:
    where = f"{'joint ' if rank.tied else ''}{ordinal(rank.position)} of {rank.of:,}"
    end = "1st is best" if rank.judged else "1st is highest, not best"
    return f"It ranks {where} among {rank.among} ({end})."


def say_history(position: Position) -> str:
    """Return the first and the latest figure in one sentence, without a verdict on the trend."""
    known = position.history[position.history["value"].notna()]
    indicator = position.indicator
    if len(known) < 2:
        return "There is one figure only, so no history can be shown."
    first, last = known.iloc[0], known.iloc[-1]
    missing = len(position.history) - len(known)
    sentence = (
        f"There are {len(known)} figures: from {number(indicator, first['value'])} in "
        f"{first['period']} to {number(indicator, last['value'])} in {last['period']}; the lowest "
        f"is {number(indicator, known['value'].min())} and the highest "
        f"{number(indicator, known['value'].max())}."
    )
    if missing:
        sentence += f" {missing} period{'s' if missing > 1 else ''} came without a figure."
    return f"{sentence} {position.origin}".strip()


def describe_history(position: Position) -> str:
    """Return the text alternative of the chart of an indicator's history."""
    parts = [f"Line chart of {position.indicator.title} in {position.place.name}."]
    parts.append(say_history(position))
    if position.history["comparator"].notna().any() and position.comparison:
        parts.append(f"A dashed line shows {position.comparison.label}.")
    parts.append("The table below has every figure.")
    return " ".join(parts)


def say_within(position: Position) -> str:
    """Return the highest and the lowest place within, and who has no figure."""
    rows = position.within
    known = rows[rows["value"].notna()].sort_values("value")
    if len(known) < 2:
        return f"Too few {position.within_label} have a figure to compare them."
    low, high = known.iloc[0], known.iloc[-1]
    indicator = position.indicator
    sentence = (
        f"Among the {position.within_label}, {low['period']}, the figures run from "
        f"{number(indicator, low['value'])} in {low['area_name']} to "
        f"{number(indicator, high['value'])} in {high['area_name']}."
    )
    silent = rows.loc[rows["value"].isna(), "area_name"].tolist()
    if silent:
        sentence += f" There is no figure for {' or '.join(silent)}."
    if known[["lower", "upper"]].notna().all(axis=None) and low["upper"] >= high["lower"]:
        sentence += " Even the intervals of these two overlap, so the order may be chance."
    return sentence


def describe_within(position: Position) -> str:
    """Return the text alternative of the chart of the places within."""
    return (
        f"Dot chart of {position.indicator.title}, {position.within_label}, a dot and its interval "
        f"for each. {say_within(position)} The table below has every figure."
    )


__all__ = [
    "describe_history",
    "describe_within",
    "say_history",
    "say_position",
    "say_within",
]
