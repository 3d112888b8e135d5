"""Which version of a series was known when: the store's index, one row a series and vintage.

A vintage is what a series said from a day on. A release that changes no figure of a series makes
no vintage of it. The day is the release's if it is given, else the publisher's date if that is
later than the vintage before, else the day on which the files were added.
"""

from datetime import date

import pandas as pd

from outcomes.errors import DataError
from outcomes.model import SERIES_COLUMNS

DESCRIPTION = (*SERIES_COLUMNS[1:], "attribution")
"""What a publisher says of a series; a change of it is kept too."""

INDEX = (
    "source",
    "series",
    "add",
    "path",
    "known_from",
    "read_on",
    "rows",
    "fingerprint",
    "rule",
    "change",
    *DESCRIPTION,
)
"""`add` and `path` say which add wrote the figures and where they lie; `read_on` when the
publisher's files last said so; `rule` how small numbers were withheld; `change` is one of first,
revised, described (figures as before) and withdrawn (no rows)."""


WHERE = ("source", "series", "add", "path", "known_from", "rows", "fingerprint", "rule")
"""What is needed to find the figures of a series."""


def empty_index() -> pd.DataFrame:
    """Return an index of nothing."""
    types = {"rows": "int64", "decimals": "Int64", "known_from": "datetime64[ms]"}
    columns = {name: pd.Series(dtype=types.get(name, "str")) for name in INDEX}
    return pd.DataFrame(columns)


def description(series: pd.DataFrame) -> pd.DataFrame:
    """Return series and DESCRIPTION, each series once; what is not said is empty."""
    about = series.reindex(columns=["series", *DESCRIPTION]).drop_duplicates("series")
    words = about.drop(columns="decimals").astype("object").fillna("").astype("str")
    return words.assign(decimals=pd.to_numeric(about["decimals"]).astype("Int64"))


def view(index: pd.DataFrame, as_of: date | None = None, *, without: str = "") -> pd.DataFrame:
    """Return the vintage of each series that was known on a day, indexed by series.

    Parameters
    ----------
    index : pandas.DataFrame
        Columns as INDEX, oldest first.
    as_of : date, optional
        By default the newest is returned.
    without : str
        The name of an add to leave out: what was known before it.
    """
    rows = index[index["add"] != without] if without else index
    if as_of is not None:
        rows = rows[rows["known_from"] <= pd.Timestamp(as_of)]
    newest = rows.drop_duplicates("series", keep="last").set_index("series")
    return newest[newest["rows"] > 0]


def dataset_of(series: pd.Series) -> pd.Series:
    """Return what a release brings whole: 'source/dataset', or 'source' if its ids have two parts.

    A series that is missing from a dataset it was in is withdrawn; one whose dataset is not among
    the files that were added is left as it is.
    """
    parts = series.str.split("/")
    return parts.map(lambda words: "/".join(words[:2] if len(words) > 2 else words[:1]))


def extend(
    index: pd.DataFrame, incoming: pd.DataFrame, today: date, released: date | None
) -> pd.DataFrame:
    """Return the index with the vintages that an add brings.

    Parameters
    ----------
    index : pandas.DataFrame
        Columns as INDEX.
    incoming : pandas.DataFrame
        A row a series that the add holds, columns as INDEX without known_from, read_on, change.
    today : date
        The day of the add.
    released : date, optional
        The day on which the release came out.

    Raises
    ------
    DataError
        If the release is said to be older than what it would replace.
    """
    before = index.drop_duplicates("series", keep="last").set_index("series")
    incoming = incoming.astype({"decimals": "Int64"}).assign(read_on=today.isoformat())
    gone = _withdrawn(before, incoming)
    known = before["known_from"].to_dict()
    before = before.reindex(incoming["series"])
    change = _changes(before.reset_index(), incoming.reset_index(drop=True))
    incoming = incoming.reset_index(drop=True).assign(change=change)
    same = (incoming["fingerprint"] == before["fingerprint"].to_numpy()) & (change != "first")
    incoming["path"] = incoming["path"].where(~same, before["path"].to_numpy())
    fresh = pd.concat([incoming[incoming["change"] != ""], gone], ignore_index=True)
    fresh["known_from"] = _known_from(fresh, known, today, released)
    confirmed = set(incoming.loc[incoming["change"] == "", "series"])
    last = ~index.duplicated("series", keep="last") & index["series"].isin(confirmed)
    index = index.assign(read_on=index["read_on"].mask(last, today.isoformat()))
    return pd.concat([index, fresh[list(INDEX)]], ignore_index=True).astype(
        {"decimals": "Int64", "known_from": "datetime64[ms]"}
    )


def _changes(before: pd.DataFrame, incoming: pd.DataFrame) -> pd.Series:
    old, new = (t[[*DESCRIPTION]].astype("object").fillna("") for t in (before, incoming))
    other = old.ne(new).any(axis=1)
    change = pd.Series("", index=incoming.index).mask(other, "described")
    moved = (before["fingerprint"] != incoming["fingerprint"]) | (
        before["rule"] != incoming["rule"]
    )
    change = change.mask(moved, "revised")
    return change.mask(before["fingerprint"].isna() | (before["rows"] == 0), "first")


def _withdrawn(before: pd.DataFrame, incoming: pd.DataFrame) -> pd.DataFrame:
    held = before[before["rows"] > 0].reset_index()
    there = dataset_of(held["series"]).isin(set(dataset_of(incoming["series"])))
    same = held["source"].isin(set(incoming["source"]))
    gone = held[there & same & ~held["series"].isin(set(incoming["series"]))]
    if gone.empty:
        return gone
    first = incoming.iloc[0]
    return gone.assign(
        add=first["add"], read_on=first["read_on"], path="", rows=0, change="withdrawn"
    )


def _known_from(
    fresh: pd.DataFrame, known: dict, today: date, released: date | None
) -> list[pd.Timestamp]:
    days = []
    for row in fresh.itertuples():
        earlier = known.get(row.series, pd.NaT)
        published = pd.to_datetime(row.published, errors="coerce")
        if released is not None:
            day = pd.Timestamp(released)
            if day < earlier:
                raise DataError(
                    f"{row.series}: the release of {day:%Y-%m-%d} is older than the figures held, "
                    f"which were known from {earlier:%Y-%m-%d}. Add releases in their order. "
                    "Nothing was added."
                )
        elif published <= pd.Timestamp(today) and not published <= earlier:
            day = published
        else:
            day = pd.Timestamp(today)
        days.append(day)
    return days
