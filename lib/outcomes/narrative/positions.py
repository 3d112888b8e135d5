"""A position in sentences. Every number in a page's prose comes from here."""

import pandas as pd

from outcomes.model import Baseline, Indicator, Position, day_words, number, with_unit
from outcomes.narrative.comparisons import say_comparison, say_rank
from outcomes.narrative.words import counted, short

LATEST_STATUS = {
    "provisional": "provisional",
    "imputed": "estimated by the publisher because the figure itself is missing",
    "modelled": "estimated by a model",
}
"""What is said of a latest figure that is not simply measured."""
STANDS = {True: "main part of the page", False: "appendix"}


def say_position(position: Position) -> list[str]:
    """Return two to six sentences on where a place stands on one indicator.

    The figure with its interval; the comparison with what the interval says of it; the rank; a
    newer period without a figure; an old series. A place without a figure gets the reason alone.
    """
    if position.latest is None:
        return [position.missing]
    said = [_say_latest(position), say_comparison(position), say_rank(position)]
    if position.unchanged_since:
        said.append(f"No new figure since {day_words(position.unchanged_since)}.")
    if position.newer:
        said.append(f"{position.newer} The figure shown is the latest one published.")
    if position.stale:
        said.append(
            f"This series has no figure newer than {position.latest.period}, so it may no longer "
            "describe the place well."
        )
    return [words for words in said if words]


def say_proxy(position: Position) -> str:
    """Return that an indicator stands in for what cannot be measured yet, and why it may."""
    return f"A proxy: {position.proxy.rstrip('.')}." if position.proxy else ""


def _say_latest(position: Position) -> str:
    indicator, latest = position.indicator, position.latest
    words = f"{indicator.title} in {position.place.name}, {latest.period}: "
    words += with_unit(indicator, latest.value)
    if latest.has_interval:
        low, high = number(indicator, latest.lower), number(indicator, latest.upper)
        words += f" (95% interval {low} to {high})"
    said = LATEST_STATUS.get(latest.status)
    return words + (f", {said}." if said else ".")


def say_history(position: Position) -> str:
    """Return the first and the latest figure in one sentence, without a verdict on the trend."""
    known = position.history[position.history["value"].notna()]
    indicator = position.indicator
    if len(known) < 2:
        return "There is one figure only, so no history can be shown."
    words, recent = f"There are {len(known)} figures", _since_break(position, known)
    if len(recent) < len(known):
        words += f", {len(recent) or 'none'} of them since the last break"
    words += f"{_course(indicator, recent)}."
    missing = position.history["value"].isna().sum()
    if missing:
        words += f" {missing} period{'s' if missing > 1 else ''} came without a figure."
    return f"{words} {position.origin}".strip()


def _since_break(position: Position, known: pd.DataFrame) -> pd.DataFrame:
    """Return the known figures from the last declared break on; all where the history has none."""
    periods, breaks = position.history["period"], position.standing.breaks
    since = periods.eq(breaks[-1][0]).cummax() if breaks else periods.notna()
    return known[since.loc[known.index]] if since.any() else known


def _course(indicator: Indicator, known: pd.DataFrame) -> str:
    if len(known) < 2:
        return ", so no history since then can be shown"
    values = known["value"]
    ends = (values.iloc[0], values.iloc[-1], values.min(), values.max())
    first, last, low, high = (number(indicator, value) for value in ends)
    start, end = (short(known["period"].iloc[at]) for at in (0, -1))
    return (
        f": from {first} in {start} to {last} in {end}; the lowest is {low} and the highest {high}"
    )


def say_within(position: Position) -> str:
    """Return the highest and the lowest place within, and who has no figure."""
    rows = position.within
    known = rows[rows["value"].notna()].sort_values("value")
    if len(known) < 2:
        return f"Too few {position.within_label} have a figure to compare them."
    low, high = known.iloc[0], known.iloc[-1]
    indicator = position.indicator
    words = (
        f"Among the {position.within_label}, {low['period']}, the figures run from "
        f"{number(indicator, low['value'])} in {low['area_name']} to "
        f"{number(indicator, high['value'])} in {high['area_name']}."
    )
    silent = rows.loc[rows["value"].isna(), "area_name"].tolist()
    if silent:
        words += f" There is no figure for {' or '.join(silent)}."
    if known[["lower", "upper"]].notna().all(axis=None) and low["upper"] >= high["lower"]:
        words += (
            f" These two are the ends of {counted(len(known), 'place')}; ends lie some way apart by chance "
            "alone."
        )
    return words


def say_pertinence(position: Position) -> str:
    """Return why an indicator stands in the body of a page or in its appendix, if that is said."""
    pertinence = position.pertinence
    where, why = STANDS[pertinence.in_body], pertinence.reason.rstrip(".")
    if pertinence.pinned:
        return f"It is in the {where}{f': {why}' if why else ' because a person decided so'}."
    return f"It is in the {where} because {why}." if why else ""


def say_appendix(baseline: Baseline) -> str:
    """Return the sentence under the heading of the appendix: how many indicators stand there."""
    here = sum(not position.pertinence.in_body for position in baseline.positions)
    if not here:
        return "Every indicator is in the main part of the page." if baseline.positions else ""
    be, them = ("is", "it says") if here == 1 else ("are", "each says")
    return (
        f"{here} of the {len(baseline.positions)} indicators {be} here and not in the main part of "
        f"the page; {them} why."
    )
