"""Looking across areas: the spread of a figure, what goes with what, who stands out."""

from math import isfinite

import pandas as pd

from outcomes.errors import listed
from outcomes.model import Funnel, Indicator, Position, Relation, Spread, number
from outcomes.model.words import correlation_words, those
from outcomes.narrative.words import (
    MANY,
    because,
    counted,
    few,
    joined,
    lower_first,
    sentence,
    span,
)

MANY_PLACES = 20
"""Places from which on a funnel says how many lie outside, and how many chance would put there."""
FEW = 3
"""How many areas are named that lie in one part of a funnel."""
DRAWN = {"closing": "draw together", "widening": "draw apart"}
LINKS = ((0.1, "hardly any"), (0.3, "a weak"), (0.5, "a moderate"), (1.01, "a strong"))
"""What a correlation below each size is called (Cohen 1988)."""
OUTSIDE = {
    "above_998": "Far above what chance allows (99.8% limits)",
    "below_998": "Far below what chance allows (99.8% limits)",
    "above_95": "Above what chance usually allows (95% limits)",
    "below_95": "Below what chance usually allows (95% limits)",
}
"""Where an area lies in a funnel, if it is not inside it."""
WITHIN = {
    "above_998": "lies far above what chance allows at its size",
    "above_95": "lies above what chance usually allows at its size",
    "inside": "lies where chance alone could have put a place of its size",
    "below_95": "lies below what chance usually allows at its size",
    "below_998": "lies far below what chance allows at its size",
}
"""The same of the page's own places."""


def say_spread(position: Position) -> str:
    """Return how a figure is spread over the areas that a place ranks among, and who stands out."""
    spread, indicator = position.standing.spread, position.indicator
    if spread is None:
        return ""
    if not (isfinite(spread.lowest) and isfinite(spread.highest)):
        return (
            f"How the figures of {spread.among} are spread cannot be shown{because(spread.reason)}."
        )
    low, q1, median, q3, high = (
        number(indicator, value)
        for value in (spread.lowest, spread.q1, spread.median, spread.q3, spread.highest)
    )
    middle = ""
    if isfinite(spread.median):
        middle = f"The middle one (the median) is {median}"
        between = isfinite(spread.q1) and isfinite(spread.q3)
        middle += f"; half of them lie between {q1} and {q3}." if between else "."
    since = f" since {spread.fastest_since}" if spread.fastest_since else ""
    return joined(
        f"Among {_those(spread)} with a figure for {spread.period}, figures run "
        f"from {low}{_where(spread, 'min')} to {high}{_where(spread, 'max')}.",
        middle,
        _drawn(spread),
        _named("Far outside the rest", spread.outliers),
        _named("Best placed, places under 20,000 people aside", spread.best),
        _named(f"Improved fastest{since}", spread.fastest),
    )


def _those(spread: Spread) -> str:
    found = those(spread.n, spread.among, count=few(spread.n))
    return found if found == spread.among else f"the {found}"


def _where(spread: Spread, end: str) -> str:
    known = spread.peers.dropna(subset=["value"])
    at = known.loc[known["value"] == known["value"].agg(end), "area_name"]
    return f" in {at.iloc[0]}" if len(at) == 1 else ""


def _named(start: str, names: tuple[str, ...], *, most: int = MANY) -> str:
    return f"{start}: {listed(names, most=most)}." if names else ""


def _drawn(spread: Spread) -> str:
    periods = spread.over_time["period"]
    if len(periods) < 2:
        return ""
    over = f"Over the {counted(len(periods), 'period')} {span(periods.iloc[0], periods.iloc[-1])}"
    relative = ""
    if spread.relative_verdict in DRAWN and spread.relative_verdict != spread.verdict:
        relative = (
            f"Relative to their average they {DRAWN[spread.relative_verdict]}, more than chance."
        )
    if spread.verdict in DRAWN:
        return joined(f"{over} they {DRAWN[spread.verdict]}, more than chance.", relative)
    unclear = f"{over} we cannot tell whether they draw together or apart{because(spread.reason)}."
    return joined(unclear, relative)


def say_relation(relation: Relation) -> list[str]:
    """Return how indicators go together over areas, on how many, and the caution that goes with it."""
    pairs = _pairs(relation)
    said = [
        f"{relation.outcome} is set beside {lower_first(listed(relation.on))} over the "
        f"{counted(relation.n, 'place')} that have the figures, among {relation.among} "
        f"({relation.period})."
    ]
    said += [_say_pair(row, relation) for row in pairs[:MANY]]
    if pairs and relation.tests > 1:
        said.append(
            f"{relation.tests} pairs were tested together, and chance is judged over all of them."
        )
    if relation.reason:
        said.append(f"No line is fitted{because(relation.reason)}.")
    elif isfinite(relation.r2) and len(relation.coefficients):
        if isfinite(relation.r_without) and relation.influential:
            who = "the one place that weighs" if relation.influential == 1 else (
                f"the {few(relation.influential)} places that weigh")  # fmt: skip
            which = "r" if len(relation.on) == 1 else f"r with {lower_first(relation.on[0])}"
            said.append(
                f"Without {who} most, {which} would be {correlation_words(relation.r_without)}."
            )
        go = "It goes" if len(relation.on) == 1 else "Together they go"
        said.append(f"{go} with about {100 * relation.r2:.0f}% of the differences between places.")
    return [*said, *filter(None, [sentence(relation.caution)])]


def _pairs(relation: Relation) -> list:
    rows = relation.correlations.itertuples(index=False)
    return [row for row in rows if relation.outcome in (row.first, row.second) and pd.notna(row.r)]


def _say_pair(row, relation: Relation) -> str:
    other = row.second if row.first == relation.outcome else row.first
    link = next(words for below, words in LINKS if abs(row.r) < below)
    way = "" if abs(row.r) < LINKS[0][0] else f", the higher the one the {_way(row.r)} the other"
    limits = ""
    if pd.notna(row.lower) and pd.notna(row.upper):
        limits = f", 95% interval {correlation_words(row.lower)} to {correlation_words(row.upper)}"
    chance = ": more than chance" if row.noteworthy else ", which could be chance"
    return (
        f"With {lower_first(other)} there is {link} link{way} "
        f"(r = {correlation_words(row.r)}{limits}, {counted(row.n, 'place')}){chance}."
    )


def _way(r: float) -> str:
    return "higher" if r > 0 else "lower"


def say_funnel(funnel: Funnel, indicator: Indicator) -> str:
    """Return which areas lie outside a funnel, that is, beyond what chance does at their size."""
    known = funnel.points.dropna(subset=["value"]).sort_values("value", ascending=False)
    if funnel.reason or known.empty:
        return f"No area can be set beside what chance allows{because(funnel.reason)}."
    rest = known[~known["own"]]
    said = [
        _named(words, tuple(_figures(_furthest(rest, place), indicator)), most=FEW)
        for place, words in OUTSIDE.items()
    ]
    outside = int((known["position"] != "inside").sum())
    expected = 0.05 * len(known)
    if len(known) >= MANY_PLACES and outside > 2 * expected:
        said.insert(0, (
            f"{outside} of the {counted(len(known), 'place')} lie outside the 95% limits, where "
            f"chance alone would put about {max(1, round(expected))}: most of these differences "
            "are real."
        ))  # fmt: skip
    places = counted(len(known), "place")
    inside = f"No place lies outside what chance allows at its size ({places})."
    sizes = "Sizes were worked out from the width of the published intervals."
    own = [
        f"{words} {WITHIN[row.position]}."
        for row in known[known["own"] & known["position"].isin(WITHIN)].itertuples()
        for words in _figures(known[known.index == row.Index], indicator)
    ]
    others = said if any(said) else [] if own else [inside]
    return joined(*own, *others, sizes if funnel.estimated else "")


def _furthest(rows: pd.DataFrame, place: str) -> pd.DataFrame:
    """Return the areas that lie in one part of a funnel, the most extreme first."""
    found = rows[rows["position"] == place]
    return found.sort_values("value", ascending=place.startswith("below"))


def _figures(rows: pd.DataFrame, indicator: Indicator) -> list[str]:
    return [f"{row.area_name} ({number(indicator, row.value)})" for row in rows.itertuples()]
