"""A service's table of clients: one row a client, read strictly, never kept in a store.

Not a connector: pages read it where it lies, so it does not stand among the sources, whose code no page
depends on.
"""

from pathlib import Path

import pandas as pd

from outcomes.errors import DataError, did_you_mean, ended, listed
from outcomes.model.performance import CLIENT_COLUMNS, ClientTable
from outcomes.parameters.csv_files import read_csv
from outcomes.paths import shown

DAYS = ("started", "discharged", "followed_up")
EARLY = 1
"""Months by which a follow-up may come before its time."""


def read_clients(path: Path, table: ClientTable) -> pd.DataFrame:
    """Return the clients of a table, every one of them; nothing is left out.

    Parameters
    ----------
    path : Path
        A CSV file.
    table : ClientTable
        Its headings, its states and the day on which it was drawn.

    Returns
    -------
    pandas.DataFrame
        client, started, discharged, followed_up (timestamps; missing where blank), and at_discharge
        and at_follow_up: 1 if better off, 0 if not, NaN where blank. In the file's order.

    Raises
    ------
    DataError
        If the file or a column is missing, a client stands twice, a day cannot be read, days are
        out of order or after the table was drawn, or a state is not known. Names file, line, value.
    """
    headings = {name: table.columns.get(name, name) for name in CLIENT_COLUMNS}
    what = "a table of clients, as 'file' and 'columns' under clients say"
    found = read_csv(path, headings.values(), what=what, so="Nothing was counted.", empty=True)
    raw = found[[*headings.values()]].set_axis([*headings], axis=1)

    def refuse(wrong: pd.Series, column: str, expected: str) -> None:
        if wrong.any():
            row = raw[wrong].iloc[0]
            raise DataError(
                f"{shown(path)}, line {row.name}: {headings[column]} is {row[column]!r}; "
                f"expected {ended(expected)} Nothing was counted."
            )

    refuse(raw["client"] == "", "client", "the client's number")
    refuse(raw["client"].duplicated(), "client", "each client once")
    days = {}
    for name in DAYS:
        iso = raw[name].str.fullmatch(r"\d{4}-\d\d-\d\d")
        days[name] = pd.to_datetime(raw[name].where(iso), format="%Y-%m-%d", errors="coerce")
        refuse(days[name].isna() & (raw[name] != ""), name, "a day such as 2024-03-31")
        late = days[name] > pd.Timestamp(table.as_of)
        refuse(late, name, f"no day after {table.as_of}, when the table was drawn")
    refuse(days["started"].isna(), "started", "a day such as 2024-03-31")
    refuse(days["discharged"] < days["started"], "discharged", "no day before the client started")
    first = days["discharged"] + pd.DateOffset(months=table.follow_up_months - EARLY)
    without = days["discharged"].isna() & days["followed_up"].notna()
    refuse(without, "followed_up", "nothing before the client is discharged")
    refuse(
        days["followed_up"] < first,
        "followed_up",
        f"a day {table.follow_up_months - EARLY} months or more after discharge, or blank",
    )
    known = [*table.better_off, *table.not_better_off]
    for state, day in (("state_at_discharge", "discharged"), ("state_at_follow_up", "followed_up")):
        strange = ~raw[state].isin(["", *known])
        hint = did_you_mean(raw[state][strange].iloc[0], known) if strange.any() else ""
        refuse(strange, state, f"one of {listed(known)}{hint}")
        refuse((raw[state] == "") & days[day].notna(), state, f"a state, as {day} has a day")
        refuse((raw[state] != "") & days[day].isna(), state, f"nothing, as {day} has no day")
    better = dict.fromkeys(table.better_off, 1.0) | dict.fromkeys(table.not_better_off, 0.0)
    return pd.DataFrame(
        {
            "client": raw["client"],
            **days,
            "at_discharge": raw["state_at_discharge"].map(better),
            "at_follow_up": raw["state_at_follow_up"].map(better),
        }
    ).reset_index(drop=True)
