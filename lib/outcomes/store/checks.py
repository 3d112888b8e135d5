"""Checks of the tidy table before it enters the store. A message names the series and the row."""

import pandas as pd

from outcomes.errors import DataError, listed
from outcomes.model import OBSERVATION_COLUMNS, OBSERVATION_KEY, STATUS_WORDS, STATUSES


def check_observations(table: pd.DataFrame) -> pd.DataFrame:
    """Return the table unchanged if it is tidy.

    Raises
    ------
    DataError
        If a column is missing, a status is not one of the closed set, a value stands beside a
        status that says there is none (or the reverse), or a row stands twice.
    """
    missing = [column for column in OBSERVATION_COLUMNS if column not in table]
    if missing:
        raise DataError(f"the tidy table lacks the columns {listed(missing)}")
    rules = {
        f"status is not one of {listed(STATUSES, most=8)}": ~table["status"].isin(STATUSES),
        "a value beside a status that says there is none": table["value"].notna()
        & table["status"].isin(STATUS_WORDS),
        "no value, and a status that says there is one": table["value"].isna()
        & ~table["status"].isin(STATUS_WORDS),
        "the period ends before it starts": table["period_end"] < table["period_start"],
        "another row for the same area, period and group": table.duplicated(OBSERVATION_KEY),
    }
    for rule, broken in rules.items():
        if broken.any():
            row, count = table[broken].iloc[0], int(broken.sum())
            rows = "1 row breaks" if count == 1 else f"{count:,} rows break"
            raise DataError(
                f"{row['series']}: {rows} the rule '{rule}'; the first is "
                f"{row['area_code']}, {row['period']}, value {row['value']}, status {row['status']}"
            )
    return table
