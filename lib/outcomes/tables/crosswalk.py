"""Two frameworks side by side in tables, read from either end."""

from collections.abc import Mapping

import pandas as pd

from outcomes.errors import listed
from outcomes.model.crosswalk import SideBySide
from outcomes.model.framework import Framework
from outcomes.tables.table import Table
from outcomes.tables.words import NONE

ENDS = {
    "local": ("what each outcome serves", "\N{BLACK CIRCLE} Serves", "Serves none"),
    "national": ("what serves each outcome", "\N{BLACK CIRCLE} Served", "Served by none"),
}
"""What is said at either end: of the table, of a link, and of an outcome that has none."""


def table_crosswalk(found: SideBySide, end: str) -> Table:
    """Return a row a link by the outcomes of one end, 'local' or 'national', those without one too."""
    other = "national" if end == "local" else "local"
    ours, theirs = getattr(found, end), getattr(found, other)
    shorts = {outcome.id: outcome.short for outcome in theirs.outcomes}
    what, whole, none = ENDS[end]
    how = {"serves": whole, "partly": f"\N{WHITE CIRCLE} {whole[2:]} partly"}
    rows = []
    for outcome in ours.outcomes:
        links = [link for link in found.crosswalk.links if getattr(link, end) == outcome.id]
        rows += [
            (outcome.short, how[link.how], shorts[getattr(link, other)], link.reason)
            for link in links
        ] or [(outcome.short, none, NONE, NONE)]
    columns = [ours.title, "How", theirs.title, "Why it is thought so"]
    reading = "" if found.crosswalk.adopted else f" ({found.crosswalk.source})"
    return Table(f"{ours.title}: {what}{reading}", pd.DataFrame(rows, columns=columns))


def table_shared(found: SideBySide, titles: Mapping[str, str]) -> Table:
    """Return a row an indicator that both have, with the outcomes that it stands under in each.

    `titles` are those of the indicators, by id.
    """
    rows = [
        (titles[name], _under(found.local, name), _under(found.national, name))
        for name in found.shared
    ]
    columns = ["Indicator", found.local.title, found.national.title]
    caption = f"Indicators that {found.local.title} and {found.national.title} share"
    return Table(caption, pd.DataFrame(rows, columns=columns))


def _under(framework: Framework, indicator: str) -> str:
    return listed(
        outcome.short
        for outcome in framework.outcomes
        if indicator in {entry.indicator for entry in outcome.entries}
    )
