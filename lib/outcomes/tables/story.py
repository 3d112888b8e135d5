"""What lies behind the figures, as people have recorded it, in tables."""

import pandas as pd

from outcomes.model import Baseline, day_words
from outcomes.tables.table import Table

DIRECTIONS = {
    "helps": "\N{BLACK UP-POINTING TRIANGLE} Helps",
    "hinders": "\N{BLACK DOWN-POINTING TRIANGLE} Hinders",
}
COLUMNS = ["Factor", "Direction", "How much", "About", "Evidence", "Who can influence it"]


def table_factors(baseline: Baseline) -> Table:
    """Return a row a factor: what it is, which way it works, the evidence, who can influence it."""
    titles = {p.indicator_id: p.indicator.title for p in baseline.positions}
    rows = [
        (
            factor.factor,
            DIRECTIONS[factor.direction],
            factor.strength or "not recorded",
            titles.get(factor.indicator, "the outcome as a whole"),
            f"{factor.evidence}, {day_words(factor.evidence_date)}",
            factor.who_can_influence,
        )
        for factor in baseline.story.factors
    ]
    caption = f"What helps and what hinders in {baseline.place.name}, as people have recorded it"
    return Table(caption, pd.DataFrame(rows, columns=COLUMNS))


def table_unseen(baseline: Baseline) -> Table:
    """Return a row for each piece of progress that the indicators miss."""
    rows = [(item.text, item.source, day_words(item.date)) for item in baseline.story.unseen]
    caption = f"Progress in {baseline.place.name} that the indicators do not show"
    return Table(caption, pd.DataFrame(rows, columns=["What people report", "Source", "Date"]))
