"""A basket's score in sentences, with how far it hangs on the choices made."""

from math import isfinite

from outcomes.errors import listed
from outcomes.model import BasketScore, ordinal
from outcomes.narrative.words import because, few, joined, lower_first

LEVEL = 0.05
"""Standard deviations within which a score is called average."""


def say_basket(basket: BasketScore, place: str) -> str:
    """Return a place's score on several indicators together, its rank, and how firm both are."""
    if not isfinite(basket.score):
        return f"{basket.title}: no score is given{because(basket.reason)}."
    size = f"{abs(basket.score):.1f} standard deviations"
    side = "better" if basket.score > 0 else "worse"
    where = "at the average" if abs(basket.score) < LEVEL else f"{size} {side} than the average"
    rank, best, worst = (
        ordinal(round(value)) for value in (basket.rank, basket.rank_best, basket.rank_worst)
    )
    firm = f"With any one of them left out it would rank {best}"
    firm += "." if best == worst else f" to {worst}, so much the rank hangs on what is chosen."
    missing = ""
    if basket.missing:
        titles = listed(lower_first(title) for title in basket.missing)
        missing = f"Without a figure here, and so not counted: {titles}."
    return joined(
        f"{basket.title}: taken together, its {few(len(basket.members))} indicators put {place} "
        f"{where} of {basket.among}, {rank} of {basket.of:,} (1st is best).",
        firm,
        missing,
        "Each counts alike, on the scale of how far areas differ in it; a score says nothing that "
        "the indicators do not.",
    )
