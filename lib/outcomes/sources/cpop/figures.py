"""Printed figures as numbers, and which of them are kept."""

from collections.abc import Collection, Mapping
from pathlib import Path

import numpy as np
import pandas as pd

from outcomes.model import OBSERVATION_KEY, STATUS_WORDS
from outcomes.sources.cpop.tables import VALUES
from outcomes.sources.periods import Period, read_periods, written_period, year_label
from outcomes.sources.reading import Reading, to_numbers
from outcomes.sources.settle import first_reason, keep, repeats, tidy_rows

MISSING = ("", "NA")
"""How the publisher leaves a figure out without saying why."""
UNKNOWN = "the area is not in the publisher's lookup of zones and councils"


def figures(cell: pd.Series, *, marks: Collection[str] = ()) -> pd.DataFrame:
    """Return value and status of printed figures; `marks` stand for small numbers.

    `value` is NaN where there is none, and where the text is no number; the status of that is
    'final' nevertheless, so that `settle` refuses it.
    """
    status = pd.Series("final", index=cell.index).mask(cell.isin(MISSING), "not_available")
    status = status.mask(cell.isin(marks), "withheld_small_number")
    return pd.DataFrame({"value": to_numbers(cell), "status": status})


def settle(
    place: Path,
    raw: pd.DataFrame,
    facts: pd.DataFrame,
    checks: Mapping[str, pd.Series] | None = None,
    *,
    held: pd.DataFrame | None = None,
) -> Reading:
    """Return which figures are kept, which are not and why, and the account of both.

    Parameters
    ----------
    place : Path
        The file, or the place of a sheet.
    raw : pandas.DataFrame
        What was read, as text, and `line`.
    facts : pandas.DataFrame
        Same index. Columns of the tidy table, without period; `year`, such as 2021/22; `years`, if
        several are pooled, of which that is the last.
    checks : dict of str to pandas.Series of bool, optional
        What else may be wrong, as `first_reason` has it.
    held : pandas.DataFrame, optional
        What is kept of the file of councils. A figure of the same key is a duplicate if it has the
        same value and status, and else contradicts it.
    """
    years = facts.get("years", pd.Series(1, index=facts.index))
    tidy = tidy_rows({**facts, **read_periods(_period, facts["year"], years)})
    reason = first_reason(
        {
            **(checks or {}),
            "the value is not a number": tidy["value"].isna() & ~tidy["status"].isin(STATUS_WORDS),
            UNKNOWN: tidy["area_code"].isna(),
            "the year is not one such as 2021/22": tidy["period"].isna(),
        }
    )
    reason, same = repeats(
        tidy,
        reason,
        ["value", "status"],
        same="the same figure stands above it",
        another="another figure for the same area and period stands above it",
    )
    if held is not None:
        there, agrees = _compare(tidy, held)
        good = reason == ""
        reason = reason.mask(good & there, f"{VALUES} has another figure for it")
        reason = reason.mask(good & agrees, f"{VALUES} has the same figure")
        same |= good & agrees
    return keep(place, raw, reason, same, tidy=tidy)


def _period(year: str, years: int) -> Period:
    """Return the period of some years, the last of which is given."""
    last = written_period(year)
    start = last.start.replace(year=last.start.year - years + 1)
    return Period(start, last.end, year_label(start, years))


def _compare(tidy: pd.DataFrame, held: pd.DataFrame) -> tuple[pd.Series, pd.Series]:
    """Return whether a figure's key is held, and whether with the same value and status.

    Values agree within a billionth: the publisher's files round the last digit differently.
    """
    columns = [*OBSERVATION_KEY, "value", "status"]
    beside = tidy[OBSERVATION_KEY].merge(
        held[columns], on=OBSERVATION_KEY, how="left", indicator=True
    )
    beside = beside.set_axis(tidy.index)
    there = beside["_merge"] == "both"
    close = np.isclose(tidy["value"], beside["value"], rtol=1e-9, atol=0, equal_nan=True)
    return there, there & close & (tidy["status"] == beside["status"])
