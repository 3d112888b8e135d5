"""Need beside take-up, group by group, in a table."""

import pandas as pd

from outcomes.model import Position
from outcomes.model.numbers import rounded
from outcomes.tables.table import Table

VERDICTS = {
    "under_served": "\N{BLACK DOWN-POINTING TRIANGLE} Less than its share",
    "over_served": "\N{BLACK UP-POINTING TRIANGLE} More than its share",
    "in_line": "\N{BLACK CIRCLE} In line",
    "cannot_tell": "\N{EN DASH} Cannot tell",
}


def table_take_up(position: Position) -> Table:
    """Return a row a group: its share of the need and of the help, and the difference."""
    found = position.standing.take_up
    rows = [
        (
            row.group,
            f"{row.need:,.0f} ({row.need_share:.1%})",
            f"{row.served:,.0f} ({row.served_share:.1%})",
            f"{_points(row.difference)} ({_points(row.lower)} to {_points(row.upper)})",
            VERDICTS[row.verdict],
        )
        for row in (found.groups.itertuples() if found else ())
    ]
    columns = ["Group", "In need", "Served", "Difference in points (95% interval)", "Verdict"]
    period = found.period if found else ""
    caption = f"{position.indicator.title} in {position.place.name}, {period}: need and take-up"
    return Table(caption, pd.DataFrame(rows, columns=columns))


def _points(share: float) -> str:
    """Return a difference of shares in percentage points with its sign; nothing has none."""
    points = rounded(100 * share, 1)
    sign = {1: "+", -1: "\N{MINUS SIGN}"}.get((points > 0) - (points < 0), "")
    return f"{sign}{abs(points):.1f}"
