"""Periods ahead of a history: their days, and their labels in the publisher's manner."""

import re
from calendar import month_name

import pandas as pd
from pandas.tseries.offsets import MonthEnd

MONTHS = [name for name in month_name if name]
DATED = re.compile(rf"(?:({'|'.join(MONTHS)}) )?(\d{{4}})(?:/(\d\d))?")
"""A month and a year, a year, or a year that ends in the next."""


def later_label(label: str, months: int) -> str:
    """Return a period's label so many months later: '2023/24' and 24 give '2025/26'.

    Years without a month move by whole years; what is left over is dropped.
    """

    def moved(match: re.Match) -> str:
        name, year, end = match.groups()
        count = int(year) * 12 + (MONTHS.index(name) if name else 0) + months
        later = count // 12
        lead = f"{MONTHS[count % 12]} " if name else ""
        return f"{lead}{later}" + (f"/{(later + 1) % 100:02d}" if end else "")

    return DATED.sub(moved, label)


def later_day(days: pd.Series, months: int) -> pd.Series:
    """Return each day so many months later; the last of a month stays the last of a month."""
    ends = days.dt.is_month_end
    moved = days + pd.DateOffset(months=months)
    return moved.mask(ends, moved + MonthEnd(0))
