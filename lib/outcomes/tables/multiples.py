"""The histories of the places within, side by side."""

import pandas as pd

from outcomes.model import Position, number
from outcomes.tables.table import Table
from outcomes.tables.words import unit_words


def table_multiples(position: Position) -> Table:
    """Return a row a period, newest first, and a column a place; no figure is said as such."""
    history, indicator = position.within_history, position.indicator
    wide = history.pivot_table(
        index=["period_start", "period"], columns="area_code", values="value", dropna=False
    ).sort_index(ascending=False)
    names = position.within.set_index("area_code")["area_name"]
    columns = {
        name: [number(indicator, value) for value in wide[code]]
        for code, name in names.items()
        if code in wide
    }
    periods = wide.index.get_level_values("period")
    caption = f"{indicator.title}, {position.within_label}, {unit_words(indicator)}"
    return Table(caption, pd.DataFrame({"Period": periods, **columns}))
