"""Withholds small counts with their rates, and enough others that none can be worked out."""

import numpy as np
import pandas as pd

from outcomes.model import OBSERVATION_KEY, DisclosureRule
from outcomes.store.disclosure.areas import family
from outcomes.store.disclosure.cover import Cover
from outcomes.store.disclosure.relations import find_relations, with_unseen_periods

NOTE = "withheld to protect people's privacy"
BASE_NOTE = "the number of people is withheld to protect their privacy"
ROUNDED_NOTE = "the interval is not shown because the count is rounded"
WITHHELD = "withheld_small_number"
PARTS = ("numerator", "denominator")


def protect(
    table: pd.DataFrame,
    areas: pd.DataFrame,
    rule: DisclosureRule,
    *,
    before: pd.DataFrame | None = None,
    changes: pd.DataFrame | None = None,
) -> pd.DataFrame:
    """Return the same rows, with small counts and what would reveal them withheld.

    A withheld row has no value, limits, numerator or denominator, and nothing tells whether it is
    small or covers one that is. A row without a numerator stays as it is. A count of zero is shown;
    where its base is small, the base and the limits are left out.

    Parameters
    ----------
    table : pandas.DataFrame
        Whole series, columns as OBSERVATION_COLUMNS: a choice made on a slice would differ from
        that on another, and the two together leak. `numerator` counts people or events and
        `denominator` is the base.
    areas : pandas.DataFrame
        area_code, levels, parents (codes of all areas above, space-separated), end.
    rule : DisclosureRule
    before : pandas.DataFrame, optional
        What was published of these series earlier, as `protect` returned it; several vintages may
        stand in it. What was withheld stays withheld; what was shown and is the same covers nothing.
    changes : pandas.DataFrame, optional
        old_code, new_code, year; without it a merged code has no tie to what it was merged into.

    Returns
    -------
    pandas.DataFrame
        Same index, columns and order. Method: docs/methods/disclosure.md.
    """
    shown = table.copy()
    if rule.threshold and table["numerator"].notna().any():
        rows, bases = _withheld(table, areas, rule, before, changes)
        numbers = ["value", "lower", "upper", *PARTS]
        shown.loc[rows, numbers] = np.nan
        shown.loc[rows, ["status", "note"]] = [WITHHELD, NOTE]
        shown.loc[bases, ["lower", "upper", "denominator"]] = np.nan
        shown.loc[bases, "note"] = BASE_NOTE
    return _rounded(shown, rule.round_to) if rule.round_to else shown


def _withheld(table, areas, rule, before, changes) -> tuple[np.ndarray, np.ndarray]:
    """Return which rows to withhold, and of which to leave out the base alone; shape (n,)."""
    cells = _cells(table, rule, before)
    rows, bases = np.zeros(len(table), dtype=bool), np.zeros(len(table), dtype=bool)
    if cells.empty:
        return rows, bases
    hidden = _cover(cells, family(areas, changes), rule.threshold).complete()
    hidden = cells[hidden & (cells["at"] >= 0).to_numpy()]
    counted = hidden["part"] == "numerator"
    rows[hidden.loc[counted, "at"]] = True
    bases[hidden.loc[~counted, "at"]] = True
    return rows, bases & ~rows


def _cells(table: pd.DataFrame, rule: DisclosureRule, before: pd.DataFrame | None) -> pd.DataFrame:
    """Return the counts and bases of all tables that have a small one; columns as find_relations.

    Besides, `hidden`, `known`, `small`, `free`, and `at`: the row's place in the table, or -1.
    """
    numbers = {part: table[part].to_numpy(dtype=float) for part in PARTS}
    rows = (
        table[OBSERVATION_KEY]
        .reset_index(drop=True)
        .assign(counted=~np.isnan(numbers["numerator"]))
    )
    rows["at"] = rows.index
    cells = pd.concat(
        [rows.assign(part=part, amount=numbers[part]) for part in PARTS], ignore_index=True
    ).dropna(subset="amount")
    base = cells["part"] == "denominator"
    small = (cells["amount"] > 0) & (cells["amount"] < rule.threshold + base) & cells["counted"]
    cells = cells.assign(small=small, free=cells["counted"] & (cells["amount"] > 0))
    cells = _remembered(cells, before, rule.round_to)
    cells["hidden"] = (cells["small"] | cells["forced"]) & cells["free"]
    system = _system(cells)
    cells = cells[cells["hidden"].groupby(system).transform("any")]
    if cells.empty:
        return cells
    # Bases that are all large are taken as known to everyone, as populations are.
    base = cells["part"] == "denominator"
    small_base = (cells["small"] & base).groupby(system).transform("any")
    cells["known"] |= base & ~small_base
    pooled = cells.groupby(system)["period_start"].transform("nunique") > 1
    cells["summed"] = small_base | ~base | pooled
    cells = with_unseen_periods(cells)
    return cells.assign(row=cells.groupby(OBSERVATION_KEY, sort=False).ngroup())


def _system(cells: pd.DataFrame) -> pd.Series:
    """Return a number for each table: periods of a series that overlap are in one."""
    names = OBSERVATION_KEY[:1] + OBSERVATION_KEY[2:4]
    periods = cells[names].drop_duplicates().sort_values(names)
    latest = periods.groupby("series")["period_end"].cummax().groupby(periods["series"]).shift()
    periods["system"] = (latest.isna() | (periods["period_start"] > latest)).cumsum()
    system = cells[names].merge(periods, on=names, how="left")["system"]
    return system.set_axis(cells.index)


def _remembered(cells: pd.DataFrame, before: pd.DataFrame | None, base: int | None) -> pd.DataFrame:
    """Mark what was withheld earlier (forced), and what was shown and is the same (known)."""
    cells = cells.assign(forced=False, known=False)
    if before is None or before.empty:
        return cells
    gone = before["status"] == WITHHELD
    for part in PARTS:
        out = gone | ((part == "denominator") & (before["note"] == BASE_NOTE))
        told = before[OBSERVATION_KEY].assign(part=part, earlier=before[part], out=out)
        both = (
            cells[[*OBSERVATION_KEY, "part", "amount"]]
            .reset_index()
            .merge(told, on=[*OBSERVATION_KEY, "part"])
        )
        near = _to_base(both["amount"], base) if base else both["amount"]
        same = both["earlier"].eq(both["amount"]) | both["earlier"].eq(near)
        cells.loc[both.loc[both["out"], "index"], "forced"] = True
        cells.loc[both.loc[same, "index"], "known"] = True
    return cells


def _cover(cells: pd.DataFrame, above: pd.DataFrame, threshold: int) -> Cover:
    """Return the cells as a Cover, with the relations between them."""
    relations = find_relations(cells, above)
    unseen = (cells["at"] < 0).to_numpy()
    counted = (cells["part"] == "numerator").to_numpy()
    known = cells["known"].to_numpy(dtype=bool) & ~unseen
    order = np.lexsort([counted, cells["row"]])
    row = cells["row"].to_numpy()[order]
    pair = np.full(len(cells), -1)
    twins = np.flatnonzero(row[1:] == row[:-1])
    pair[order[twins]], pair[order[twins + 1]] = order[twins + 1], order[twins]
    flags = {
        name: cells[name].where(~unseen, False).to_numpy(dtype=bool) for name in ("hidden", "free")
    }
    low_base = ~counted & (relations.amount <= threshold)
    return Cover(
        relations=relations,
        hidden=flags["hidden"] | unseen,
        known=known,
        free=flags["free"] & ~known,
        goal=(counted | low_base) & ~known & ~unseen,
        pair=pair,
        counted=counted,
        floor=np.where(unseen, 0.0, np.minimum(1.0, relations.amount)),
        threshold=threshold,
    )


def _to_base(amount: pd.Series, base: int) -> pd.Series:
    return np.floor(amount / base + 0.5) * base


def _rounded(shown: pd.DataFrame, base: int) -> pd.DataFrame:
    """Return a table with counts and bases rounded, and rates that follow from these."""
    counted = shown["numerator"].notna()
    count, people = shown["numerator"], shown["denominator"].where(counted)
    rounded = _to_base(count, base)
    # A base that is not zero is not rounded to zero: its rate would have no meaning.
    whole = _to_base(people, base).mask((people > 0) & (people < base), base)
    factor = rounded / count.where(count > 0) * (people / whole.where(whole > 0)).fillna(1.0)
    note = (shown["note"] + "; " + ROUNDED_NOTE).str.removeprefix("; ")
    return shown.assign(
        value=(shown["value"] * factor).fillna(shown["value"]),
        lower=shown["lower"].mask(counted),
        upper=shown["upper"].mask(counted),
        numerator=rounded,
        denominator=whole.fillna(shown["denominator"]),
        note=shown["note"].mask(counted & shown["lower"].notna(), note),
    )
