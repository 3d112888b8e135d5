"""The one place that decides of each figure whether it is kept, and that accounts for it."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd

from outcomes.model import OBSERVATION_COLUMNS
from outcomes.sources.cpop.tables import VALUES
from outcomes.sources.periods import year_label
from outcomes.sources.reading import account, rejections, repeats, to_numbers

KEY = ["series", "area_code", "period_start", "period_end"]
MISSING = ("", "NA")
"""How the publisher leaves a figure out without saying why."""
UNKNOWN = "the area is not in the publisher's lookup of zones and councils"


@dataclass(frozen=True)
class Part:
    """What was read of one file or sheet: the account, what is not kept, what is."""

    account: pd.DataFrame
    rejected: pd.DataFrame
    observations: pd.DataFrame | None = None


def accounted(
    path: Path,
    raw: pd.DataFrame,
    reason: pd.Series,
    same: pd.Series | None = None,
    *,
    sheet: str = "",
    kept: pd.DataFrame | None = None,
) -> Part:
    """Return the part of a file, or of a sheet of it; parameters as `rejections` has them."""
    rejected = rejections(path, raw, reason, same)
    at = f", sheet {sheet}" if sheet else ""
    rejected["file"] = rejected["file"] + at
    return Part(account(path.name + at, len(raw), rejected), rejected, kept)


def because(reason: pd.Series, wrong: pd.Series, text: str) -> pd.Series:
    """Return the reasons with `text` where something is wrong and no reason is given yet."""
    return reason.mask((reason == "") & wrong, text)


def figures(cell: pd.Series, *, marks: Collection[str] = ()) -> pd.DataFrame:
    """Return value, status and reason of printed figures; `marks` stand for small numbers.

    `value` is NaN where there is none; `reason` is empty unless the text is no number.
    """
    value = to_numbers(cell)
    status = pd.Series("final", index=cell.index).mask(cell.isin(MISSING), "not_available")
    status = status.mask(cell.isin(marks), "withheld_small_number")
    wrong = value.isna() & (status == "final")
    reason = pd.Series("", index=cell.index).mask(wrong, "the value is not a number")
    return pd.DataFrame({"value": value, "status": status, "reason": reason})


def per(count: pd.Series, people: pd.Series, *, times: int) -> pd.DataFrame:
    """Return rates of printed counts and populations as `figures` does, with both as numbers.

    The value is `times` the count over the population; NaN where either is missing. Where nobody
    lives a rate is not applicable.
    """
    found = figures(count, marks=("..", "*"))
    numerator, denominator = found["value"], to_numbers(people)
    value = times * numerator / denominator.mask(denominator == 0)
    empty = value.isna() & numerator.notna()
    nobody = empty & (denominator == 0)
    status = found["status"].mask(empty, "not_available").mask(nobody, "not_applicable")
    wrong = denominator.isna() & ~people.isin(MISSING)
    return found.assign(
        value=value,
        numerator=numerator,
        denominator=denominator,
        status=status,
        note=pd.Series("", index=count.index).mask(nobody, "nobody lives there"),
        reason=because(found["reason"], wrong, "the population is not a number"),
    )


def first_years(text: pd.Series) -> pd.Series:
    """Return the year in which a year such as 2021/22 begins; NaN if it is none."""
    parts = text.drop_duplicates().str.extract(r"^(\d{4})/(\d\d)$").astype(float)
    first = parts[0].where((parts[0] + 1) % 100 == parts[1])
    return text.map(dict(zip(text.drop_duplicates(), first, strict=True)))


def settle(
    path: Path,
    raw: pd.DataFrame,
    facts: pd.DataFrame,
    *,
    sheet: str = "",
    held: pd.DataFrame | None = None,
) -> Part:
    """Return which figures are kept, which are not and why, and the account of both.

    Parameters
    ----------
    path, sheet : Path, str
        Where the figures stand.
    raw : pandas.DataFrame
        What was read, as text, and `line`.
    facts : pandas.DataFrame
        Same index. Columns series, area_code, first (year; NaN if it is none), value, status,
        reason (empty if nothing is wrong so far); if not as usual, years (1), month (4: a financial
        year), numerator, denominator, note.
    held : pandas.DataFrame, optional
        What is kept of the file of councils. A figure of the same key is a duplicate if it has the
        same value and status, and else contradicts it.
    """
    tidy = _tidy(facts)
    reason = because(facts["reason"], tidy["area_code"].isna(), UNKNOWN)
    reason = because(reason, tidy["period"] == "", "the year is not one such as 2021/22")
    same = repeats(tidy, reason, [*KEY, "value", "status"])
    again = repeats(tidy, reason, KEY)
    reason = because(reason, same, "the same figure stands above it")
    reason = because(reason, again, "another figure for the same area and period stands above it")
    if held is not None:
        there, agrees = _compare(tidy, held)
        same = same | ((reason == "") & agrees)
        reason = because(reason, agrees, f"{VALUES} has the same figure")
        reason = because(reason, there, f"{VALUES} has another figure for it")
    return accounted(path, raw, reason, same, sheet=sheet, kept=tidy[reason == ""])


def _tidy(facts: pd.DataFrame) -> pd.DataFrame:
    usual = {"years": 1, "month": 4, "numerator": np.nan, "denominator": np.nan, "note": ""}
    facts = facts.assign(**{name: usual[name] for name in usual if name not in facts})
    spans = pd.MultiIndex.from_frame(facts[["first", "years", "month"]].fillna(0))
    periods = {span: _period(*span) for span in spans.unique()}
    for i, column in enumerate(("period_start", "period_end", "period")):
        facts[column] = [periods[span][i] for span in spans]
    everyone = {"lower": np.nan, "upper": np.nan, "group_kind": "", "group": ""}
    return facts.assign(**everyone)[list(OBSERVATION_COLUMNS)].astype({"series": "str"})


def _period(first: float, years: int, month: int) -> tuple[pd.Timestamp, pd.Timestamp, str]:
    """Return first day, last day and label of years, the last of which starts then; 0 is none."""
    if not first:
        return pd.NaT, pd.NaT, ""
    start = date(int(first) - years + 1, month, 1)
    end = pd.Timestamp(start) + pd.DateOffset(years=years, days=-1)
    return pd.Timestamp(start), end, year_label(start, years)


def _compare(tidy: pd.DataFrame, held: pd.DataFrame) -> tuple[pd.Series, pd.Series]:
    """Return whether a figure's key is held, and whether with the same value and status.

    Values agree within a billionth: the publisher's files round the last digit differently.
    """
    columns = [*KEY, "value", "status"]
    beside = tidy[KEY].merge(held[columns], on=KEY, how="left", indicator=True)
    beside = beside.set_axis(tidy.index)
    there = beside["_merge"] == "both"
    close = np.isclose(tidy["value"], beside["value"], rtol=1e-9, atol=0, equal_nan=True)
    return there, there & close & (tidy["status"] == beside["status"])
