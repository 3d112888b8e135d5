"""Clients at discharge and some months later, with those who were lost to follow-up counted."""

import numpy as np
import pandas as pd

from outcomes.statistics.intervals.counts import wilson
from outcomes.statistics.rows import require_columns

CLIENT = ["discharged", "followed_up", "at_discharge", "at_follow_up"]
COUNTS = ["discharged", "better_at_discharge", "not_due", "due", "followed", "lost",
          "better_at_follow_up"]  # fmt: skip
SHARES = {
    "at_discharge": ("better_at_discharge", "discharged"),
    "of_followed": ("better_at_follow_up", "followed"),
    "worst": ("better_at_follow_up", "due"),
    "best": ("better_or_lost", "due"),
}
"""Each share's number and the people it is out of."""


def follow_up(
    clients: pd.DataFrame,
    *,
    as_of: pd.Timestamp,
    months: int = 12,
    year_start: int = 4,
    least: int = 5,
    confidence: float = 0.95,
) -> pd.DataFrame:
    """Return who was better off at discharge and at follow-up, by year of discharge.

    Parameters
    ----------
    clients : pandas.DataFrame
        One row a client: discharged, followed_up (days; missing if not yet, or never),
        at_discharge, at_follow_up (1 better off, 0 not, NaN unknown).
    as_of : pandas.Timestamp
        The day on which the table was drawn.
    months : int, optional
        When the follow-up is due, counted from discharge.
    year_start : int, optional
        The month in which a year starts.
    least : int, optional
        Counts from 1 to below this are withheld, with what would tell them.
    confidence : float, optional
        A fraction.

    Returns
    -------
    pandas.DataFrame
        One row a year: period; the people discharged = not_due + due, due = followed + lost;
        better_at_discharge, better_at_follow_up; and as fractions with their limits (_lower,
        _upper): at_discharge, of_followed, worst (all who were lost are not better off) and best
        (all of them are). withheld_discharge, withheld_follow_up say what is left out (NaN).

    Raises
    ------
    ValueError
        If a column is missing.

    Notes
    -----
    A client is due who was discharged at least `months` before `as_of`, whether or not anybody
    asked. Somebody asked early counts once due. Worst and best are the bounds of Horowitz and
    Manski (2000), Nonparametric analysis of randomized experiments with missing covariate and
    outcome data, Journal of the American Statistical Association 95: without an assumption on who
    was lost, nothing between them can be ruled out. Limits: Wilson's.
    """
    require_columns(clients, CLIENT)
    out = clients[clients["discharged"].notna()]
    due = out["discharged"] + pd.DateOffset(months=months) <= as_of
    followed = due & out["at_follow_up"].notna()
    first = out["discharged"].dt.year - (out["discharged"].dt.month < year_start)
    table = (
        pd.DataFrame(
            {
                "first": first,
                "discharged": 1.0,
                "better_at_discharge": out["at_discharge"],
                "not_due": ~due,
                "due": due,
                "followed": followed,
                "lost": due & ~followed,
                "better_at_follow_up": out["at_follow_up"].where(followed, 0),
            }
        )
        .astype(dict.fromkeys(COUNTS, float))
        .groupby("first")
        .sum()
        .reset_index()
    )
    table["better_or_lost"] = table["better_at_follow_up"] + table["lost"]
    for name, (number, people) in SHARES.items():
        n = table[people].where(table[people] > 0)
        table[name] = table[number] / n
        table[f"{name}_lower"], table[f"{name}_upper"] = wilson(
            table[number].where(n.notna()), n, confidence=confidence
        )
    table.insert(0, "period", table["first"].map(lambda year: year_name(int(year), year_start)))
    return _withheld(table.drop(columns=["first", "better_or_lost"]), least)


def served(
    clients: pd.DataFrame, *, as_of: pd.Timestamp, year_start: int = 4, least: int = 5
) -> pd.DataFrame:
    """Return how many clients the service had in each year; NaN where under `least`.

    A client counts in each year from the start to discharge, or to `as_of`. Parameters as for
    `follow_up`; the columns are period and value.
    """
    first, last = (
        day.dt.year - (day.dt.month < year_start)
        for day in (clients["started"], clients["discharged"].fillna(as_of))
    )
    years = range(int(first.min()), int(last.max()) + 1) if len(clients) else range(0)
    counts = pd.Series([float(((first <= year) & (last >= year)).sum()) for year in years])
    return pd.DataFrame(
        {
            "period": [year_name(year, year_start) for year in years],
            "value": counts.mask(_few(counts, least)) if len(counts) else counts,
        }
    )


def year_name(year: int, year_start: int) -> str:
    """Return the label of the year that begins in a calendar year: 2023/24, or 2023."""
    return f"{year}/{(year + 1) % 100:02d}" if year_start > 1 else str(year)


def _few(counts: pd.Series, least: int) -> pd.Series:
    return (counts > 0) & (counts < least)


def _withheld(table: pd.DataFrame, least: int) -> pd.DataFrame:
    """Return the table without small counts; a side that has one is left out but for its whole.

    Each side is one sum (discharged = better off + not; due = better off + not + lost; discharged =
    due + not due), so a single cell left out could be worked out from the others.
    """

    def any_few(*counts: pd.Series) -> np.ndarray:
        return np.logical_or.reduce([_few(count, least) for count in counts])

    people, better, asked = table["discharged"], table["better_at_discharge"], table["followed"]
    still = table["better_at_follow_up"]
    first = any_few(people, better, people - better)
    then = any_few(people, table["not_due"], table["due"], table["lost"], still, asked - still)
    shares = {name: [name, f"{name}_lower", f"{name}_upper"] for name in SHARES}
    table.loc[any_few(people), "discharged"] = np.nan
    table.loc[first, ["better_at_discharge", *shares["at_discharge"]]] = np.nan
    later = [column for name in ("of_followed", "worst", "best") for column in shares[name]]
    table.loc[then, [*COUNTS[2:], *later]] = np.nan
    return table.assign(withheld_discharge=first, withheld_follow_up=then)
