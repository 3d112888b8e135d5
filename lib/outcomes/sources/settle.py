"""From rows as they are read to a Reading: the steps of every connector, each written once."""

from collections.abc import Iterable, Mapping
from pathlib import Path

import numpy as np
import pandas as pd

from outcomes.model import OBSERVATION_COLUMNS, OBSERVATION_KEY, SERIES_COLUMNS
from outcomes.paths import shown
from outcomes.sources.reading import ACCOUNT_COLUMNS, REJECTED_COLUMNS, Reading, to_numbers

ABSENT = {
    **dict.fromkeys(("lower", "upper", "numerator", "denominator"), np.nan),
    **dict.fromkeys(("note", "group_kind", "group"), ""),
}


def tidy_rows(columns: Mapping) -> pd.DataFrame:
    """Return columns by name as a tidy table; what a publisher does not have is NaN or empty."""
    tidy = pd.DataFrame({**ABSENT, **columns})[list(OBSERVATION_COLUMNS)]
    return tidy.astype({"series": "str"})


def series_rows(about: pd.DataFrame) -> pd.DataFrame:
    """Return SERIES_COLUMNS of what is said of each series; columns that are not there are empty.

    `decimals` may be text or numbers; what is none is missing.
    """
    found = about.reindex(columns=list(SERIES_COLUMNS), fill_value="").reset_index(drop=True)
    return found.assign(decimals=to_numbers(found["decimals"]).astype("Int64"))


def first_reason(checks: Mapping[str, pd.Series]) -> pd.Series:
    """Return why each row cannot be kept: the first check that it fails; empty if none.

    Parameters
    ----------
    checks : dict of str to pandas.Series of bool
        What is wrong, in words, and of which rows; all have the same index.
    """
    wrong = list(checks.values())
    return pd.Series(np.select(wrong, list(checks), ""), wrong[0].index, dtype="str")


def repeats(
    tidy: pd.DataFrame, reason: pd.Series, figures: Iterable[str], *, same: str, another: str
) -> tuple[pd.Series, pd.Series]:
    """Return the reasons, with those of rows that repeat a row above, and which are the very same.

    Parameters
    ----------
    tidy : pandas.DataFrame
    reason : pandas.Series of str
        Why a row cannot be kept. One that has a reason neither repeats nor is repeated.
    figures : iterable of str
        The columns in which rows of one key agree if they are the very same.
    same, another : str
        What to say of the very same, and of a row that has the key of one above and differs.
    """
    good = tidy[reason == ""]
    again, equal = (
        good.duplicated(columns).reindex(tidy.index, fill_value=False)
        for columns in (OBSERVATION_KEY, [*OBSERVATION_KEY, *figures])
    )
    return reason.mask(again, another).mask(equal, same), equal


def keep(
    place: Path,
    raw: pd.DataFrame,
    reason: pd.Series,
    same: pd.Series | None = None,
    *,
    tidy: pd.DataFrame | None = None,
    dataset: str = "",
) -> Reading:
    """Return the rows without a reason as kept, the others as rejected, and the account of both.

    Parameters
    ----------
    place : Path
        The file; of a workbook `FILE.xlsx, sheet NAME`.
    raw : pandas.DataFrame
        What was read, as text, and `line`.
    reason : pandas.Series of str
        Why a row is not kept; empty if it is. Same index as `raw`.
    same : pandas.Series of bool, optional
        Whether that is because the very same is kept already. Same index as `raw`.
    tidy : pandas.DataFrame, optional
        The tidy rows, if these are figures. Same index as `raw`.
    dataset : str, optional
        As an analyst knows it; by default the name of `place`.
    """
    rejected = _rejected(place, raw, reason, same)
    duplicate = int((rejected["kind"] == "duplicate").sum())
    row = (len(raw), len(raw) - len(rejected), duplicate, len(rejected) - duplicate)
    accounts = pd.DataFrame([(dataset or place.name, *row)], columns=list(ACCOUNT_COLUMNS))
    if tidy is None:
        return Reading(rejected=rejected, accounts=accounts)
    return Reading(tidy[reason == ""], rejected=rejected, accounts=accounts)


def _rejected(
    place: Path, raw: pd.DataFrame, reason: pd.Series, same: pd.Series | None
) -> pd.DataFrame:
    refused = raw[reason != ""]
    again = False if same is None else same[reason != ""]
    words = refused.drop(columns=["line", "damage"], errors="ignore").astype(str)
    return pd.DataFrame(
        {
            "file": shown(place),
            "line": refused["line"].astype(int),
            "kind": np.where(again, "duplicate", "rejected"),
            "reason": reason[reason != ""],
            "content": [",".join(row) for row in words.to_numpy().tolist()],
        },
        columns=list(REJECTED_COLUMNS),
    )


def join(readings: Iterable[Reading]) -> Reading:
    """Return several readings as one, in their order; other tables are left out."""
    names, readings = ("observations", "series", "rejected", "accounts"), list(readings)
    joined = {}
    for name in names:
        parts = [getattr(reading, name) for reading in readings]
        filled = [part for part in parts if not part.empty]
        joined[name] = pd.concat(filled or parts[:1], ignore_index=True)
    return Reading(**joined)
