"""Mergers and renumberings: one code for each place, and the history of a place that was merged."""

from collections.abc import Collection

import pandas as pd

ROW = ["series", "period_start", "period_end", "group_kind", "group"]
SURENESS = ["final", "provisional", "imputed", "modelled", "projected"]
"""What a value's status may be, the surest first: a sum is as sure as its least sure part."""
LONGEST_CHAIN = 3
"""How many mergers, one after another, are followed back."""


def one_code_each(table: pd.DataFrame, changes: pd.DataFrame) -> pd.DataFrame:
    """Return a table without the old codes whose successor has a value there too.

    Publishers keep the history of an old code beside the new one's, so a total over all codes
    would count some places twice.

    Parameters
    ----------
    table : pandas.DataFrame
        Columns as OBSERVATION_COLUMNS.
    changes : pandas.DataFrame
        old_code and new_code, from the publishers' own files.
    """
    known = table.loc[table["value"].notna(), [*ROW, "area_code"]]
    codes = changes[["old_code", "new_code"]]
    both = known.merge(codes, left_on="area_code", right_on="new_code").drop(columns="area_code")
    twice = both.rename(columns={"old_code": "area_code"})[[*ROW, "area_code"]].drop_duplicates()
    marked = table.merge(twice.assign(twice=True), how="left", on=[*ROW, "area_code"])
    return table[marked["twice"].isna().to_numpy()]


def with_predecessors(
    table: pd.DataFrame,
    changes: pd.DataFrame,
    areas: pd.DataFrame,
    counts: Collection[str] = (),
) -> pd.DataFrame:
    """Return a table in which new codes have the history of the codes that they replaced.

    A renumbered area takes over the old code's rows. A merged one gets a row for each period in
    which it has none and all lower-tier areas that went into it have one: counts are added up, a
    rate is made from the summed counts and bases. Where there are no counts nothing is made, since
    rates cannot be averaged without them. A code that was split is nobody's predecessor. A made
    row has no interval, and its note says what it was made from.

    Parameters
    ----------
    table : pandas.DataFrame
        Columns as OBSERVATION_COLUMNS, all areas.
    changes : pandas.DataFrame
        old_code, new_code and year, from the publishers' own files.
    areas : pandas.DataFrame
        Indexed by code: area_name for the note, and levels, which hold 'ltla' for a lower tier.
    counts : collection of str
        The series whose value is a count, which may be added up.
    """
    renumbered, merged = _kinds(changes, areas)
    for _ in range(LONGEST_CHAIN):
        made = [_renumbered(table, renumbered), _merged(table, merged, areas, counts)]
        made = [rows for rows in made if not rows.empty]
        if not made:
            break
        table = pd.concat([table, *made], ignore_index=True)
    return table


def predecessors(changes: pd.DataFrame, areas: pd.DataFrame, code: str) -> tuple[list[str], int]:
    """Return the names of the areas that an area was made from, sorted, and the year; or [], 0.

    One name is a renumbering. Parameters as for `with_predecessors`.
    """
    pairs = pd.concat(_kinds(changes, areas))
    own = pairs[pairs["new_code"] == code]
    names = sorted(areas["area_name"].get(old, old) for old in own["old_code"])
    return names, int(own["year"].max()) if names else 0


def _kinds(changes: pd.DataFrame, areas: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return the renumberings (one code for one), and what was merged, lower-tier areas alone."""
    whole = changes[~changes["old_code"].duplicated(keep=False)]
    lower = whole["old_code"].isin(areas.index[areas["levels"].str.contains("ltla")])
    kept = whole[lower | ~whole["new_code"].duplicated(keep=False)]
    sole = ~kept["new_code"].duplicated(keep=False)
    return kept[sole], kept[~sole]


def _renumbered(table: pd.DataFrame, pairs: pd.DataFrame) -> pd.DataFrame:
    codes = dict(zip(pairs["old_code"], pairs["new_code"], strict=True))
    rows = table[table["area_code"].isin(set(codes)) & table["value"].notna()]
    note = ("under the old code " + rows["area_code"]).str.cat(rows["note"], sep="; ")
    rows = rows.assign(note=note.str.removesuffix("; "), area_code=rows["area_code"].map(codes))
    return _only_new(rows, table)


def _only_new(rows: pd.DataFrame, table: pd.DataFrame) -> pd.DataFrame:
    key = [*ROW, "area_code"]
    there = pd.MultiIndex.from_frame(table[key])
    return rows[~pd.MultiIndex.from_frame(rows[key]).isin(there)]


def _merged(
    table: pd.DataFrame, pairs: pd.DataFrame, areas: pd.DataFrame, counts: Collection[str]
) -> pd.DataFrame:
    parts = table[table["value"].notna()].merge(pairs, left_on="area_code", right_on="old_code")
    if parts.empty:
        return parts
    parts["sure"] = parts["status"].map(SURENESS.index)
    parts["scale"] = parts["value"] * parts["denominator"] / parts["numerator"]
    groups = parts.groupby([*ROW, "new_code"])
    sums = groups[["value", "numerator", "denominator"]].sum(min_count=1)
    known = groups[["numerator", "denominator"]].count().min(axis=1)
    sure = groups["sure"].max().map(SURENESS.__getitem__)
    whole = sums.assign(
        status=sure, period=groups["period"].first(), members=groups["old_code"].nunique()
    )
    rate = groups["scale"].median() * sums["numerator"] / sums["denominator"]
    whole = whole.assign(rate=rate.where(known == whole["members"])).reset_index()
    members = pairs.groupby("new_code")["old_code"]
    whole = whole[whole["members"] == whole["new_code"].map(members.nunique())]
    counted = whole["series"].isin(set(counts))
    whole = whole.assign(value=whole["value"].where(counted, whole["rate"]))
    whole = whole[whole["value"].notna()].rename(columns={"new_code": "area_code"})
    made_of = members.agg(lambda codes: _listed(codes, areas["area_name"]))
    whole = whole.assign(note="added up from " + whole["area_code"].map(made_of))
    return _only_new(whole.reindex(columns=table.columns), table)


def _listed(codes: pd.Series, names: pd.Series) -> str:
    *first, last = sorted(names.get(code, code) for code in codes)
    return f"{', '.join(first)} and {last}"
