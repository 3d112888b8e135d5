"""What an attacker can add up: nested areas, groups of a total, pooled periods, counts and bases.

A cell is one count or one base. A relation is a sum of cells that is known, whatever is withheld.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy.optimize import linprog
from scipy.sparse import coo_array, csr_array, hstack, identity

from outcomes.model import OBSERVATION_KEY
from outcomes.store.disclosure.areas import nested

PERIOD = ["period_start", "period_end"]
DAY = pd.Timedelta(days=1)


@dataclass(frozen=True)
class Relations:
    """Sums of cells: `matrix @ amount` is known where `exact`, and else at most `most`."""

    matrix: csr_array
    exact: np.ndarray
    amount: np.ndarray

    @property
    def gap(self) -> np.ndarray:
        """How far a sum that is not exact may rise: to zero, or not at all if it is above."""
        return np.where(self.exact, 0.0, np.maximum(0.0, -(self.matrix @ self.amount)))


def find_relations(cells: pd.DataFrame, family: pd.DataFrame) -> Relations:
    """Return every relation between cells; an amount that is NaN is filled with a possible one.

    Parameters
    ----------
    cells : pandas.DataFrame
        OBSERVATION_KEY, `part` (numerator or denominator), `amount`, `row` (the same for a count and its base)
        and `summed`: whether to look for its sums. Index 0 to n - 1.
    family : pandas.DataFrame
        As `outcomes.store.disclosure.areas.family` returns it.
    """
    summed = cells[cells["summed"]]
    found = [
        _along(summed, ["area_code"], lambda keys: _sums(nested(keys, family), keys["area_code"])),
        _along(summed, ["group_kind", "group"], _group_sums),
        _along(summed, PERIOD, _pooled),
        _bases(cells),
    ]
    shift = 0
    for part in found:
        part["relation"] += shift
        shift = part["relation"].max() + 1 if len(part) else shift
    entries = pd.concat(found, ignore_index=True)
    at = (entries["relation"].to_numpy(dtype=int), entries["cell"].to_numpy(dtype=int))
    signs = entries["sign"].to_numpy(dtype=float)
    matrix = coo_array((signs, at), shape=(shift, len(cells))).tocsr()
    matrix.sum_duplicates()
    matrix.eliminate_zeros()
    exact = np.zeros(shift, dtype=bool)
    exact[at[0]] = entries["exact"].to_numpy(dtype=bool)
    amount = _filled(matrix, exact, cells["amount"])
    # What is left over in a sum of unseen cells nobody knows: it is at most the whole, or nothing.
    unseen = abs(matrix) @ cells["amount"].isna().to_numpy(dtype=float) > 0
    left = matrix @ amount
    exact &= ~unseen | (abs(left) < 1e-6)
    kept = ~unseen | (left < 1e-6)
    return Relations(matrix[kept], exact[kept], amount)


def with_unseen_periods(cells: pd.DataFrame) -> pd.DataFrame:
    """Add cells without an amount for the shorter periods that overlapping ones are made of."""
    added = []
    for keys, lines in _patterns(cells, PERIOD):
        starts, ends, inside = _pieces(keys)
        split = inside[inside.sum(axis=1) > 1].any(axis=0)
        pieces = pd.DataFrame({"period_start": starts, "period_end": ends})[split]
        unseen = pieces.merge(keys, how="left", on=PERIOD, indicator=True)
        unseen = unseen.loc[unseen["_merge"] == "left_only", PERIOD]
        if len(unseen):
            firsts = cells.loc[lines.drop_duplicates("line")["cell"]].drop(columns=PERIOD)
            added.append(firsts.assign(amount=np.nan, at=-1).merge(unseen, how="cross"))
    return pd.concat([cells, *added], ignore_index=True)


def _patterns(
    cells: pd.DataFrame, moving: list[str]
) -> Iterator[tuple[pd.DataFrame, pd.DataFrame]]:
    """Yield the keys that stand along some columns, and all lines of cells that have just these."""
    fixed = [name for name in (*OBSERVATION_KEY, "part") if name not in moving]
    line = cells.groupby(fixed, sort=False).ngroup()
    key = cells.groupby(moving, sort=False).ngroup()
    lines = pd.DataFrame({"line": line, "key": key, "cell": cells.index})
    marks = pd.Series(pd.util.hash_array(key.to_numpy()), index=cells.index)
    lines["mark"] = marks.groupby(line).transform("sum")
    for _, alike in lines[lines.duplicated("line", keep=False)].groupby("mark"):
        first = alike.drop_duplicates("key")
        yield cells.loc[first["cell"], moving].set_axis(first["key"]), alike


def _along(
    cells: pd.DataFrame, moving: list[str], sums: Callable[[pd.DataFrame], pd.DataFrame]
) -> pd.DataFrame:
    """Return the entries of all relations along some columns: relation, cell, sign, exact."""
    found = [pd.DataFrame({"relation": [], "cell": [], "sign": [], "exact": []})]
    count = 0
    for keys, lines in _patterns(cells, moving):
        entries = lines.merge(sums(keys), on="key")
        if len(entries):
            entries["relation"] = entries.groupby(["line", "relation"]).ngroup() + count
            count = entries["relation"].max() + 1
            found.append(entries[["relation", "cell", "sign", "exact"]])
    return pd.concat(found[1:] or found, ignore_index=True)


def _sums(parts: pd.DataFrame, wholes: pd.Series) -> pd.DataFrame:
    """Return relation, key, sign and exact: each partition of an owner adds up to the owner.

    Where the owner has no cell, its partitions have the same sum as its first.
    """
    whole = pd.Series(wholes.index, index=wholes.to_numpy())
    parts = parts.assign(relation=parts.groupby(["owner", "partition"]).ngroup(), sign=1)
    heads = parts.drop_duplicates("relation")[["relation", "owner", "exact"]]
    there = heads["owner"].isin(whole.index)
    totals = heads[there].assign(key=heads["owner"].map(whole), sign=-1)
    unseen = heads[~there & heads["exact"].astype(bool)]
    first = unseen.drop_duplicates("owner")
    others = unseen.drop(first.index)
    same = parts.loc[parts["relation"].isin(first["relation"]), ["owner", "key"]]
    same = same.merge(others, on="owner").assign(sign=-1)
    kept = parts[parts["relation"].isin([*totals["relation"], *others["relation"]])]
    return pd.concat([kept, totals, same])[["relation", "key", "sign", "exact"]]


def _group_sums(keys: pd.DataFrame) -> pd.DataFrame:
    """Return the sums of groups: those of a kind are everyone; one alone is only at most that."""
    everyone = keys["group_kind"] == ""
    parts = keys[~everyone].rename_axis("key").reset_index()
    several = parts.groupby("group_kind")["key"].transform("size") > 1
    parts = parts.assign(owner="", partition=parts["group_kind"], exact=several)
    return _sums(parts[["key", "owner", "partition", "exact"]], keys.loc[everyone, "group_kind"])


def _pieces(keys: pd.DataFrame) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return the first and last day of each shortest piece, and which period (row) has it."""
    edges = np.unique(np.concatenate([keys["period_start"], keys["period_end"] + DAY]))
    starts, ends = edges[:-1], edges[1:] - DAY.to_timedelta64()
    inside = (keys["period_start"].to_numpy()[:, None] <= starts) & (
        keys["period_end"].to_numpy()[:, None] >= ends
    )
    return starts, ends, inside


def _pooled(keys: pd.DataFrame) -> pd.DataFrame:
    """Return the sums by which a longer period is made of the shortest ones inside it."""
    starts, ends, inside = _pieces(keys)
    at = pd.MultiIndex.from_frame(keys).get_indexer(pd.MultiIndex.from_arrays([starts, ends]))
    long, piece = np.nonzero(inside & (inside.sum(axis=1) > 1)[:, None])
    parts = pd.DataFrame({"key": keys.index.to_numpy()[at[piece]], "owner": keys.index[long]})
    return _sums(parts.assign(partition="", exact=True), pd.Series(keys.index, index=keys.index))


def _bases(cells: pd.DataFrame) -> pd.DataFrame:
    """Return what holds within a row: a count is at most its base."""
    both = cells[cells.duplicated("row", keep=False)]
    sign = np.where(both["part"] == "numerator", 1, -1)
    relation = both.groupby("row").ngroup().to_numpy()
    return pd.DataFrame({"relation": relation, "cell": both.index, "sign": sign, "exact": False})


def _filled(matrix: csr_array, exact: np.ndarray, amounts: pd.Series) -> np.ndarray:
    """Return amounts with those that nobody has seen set so that sums miss by as little as may be."""
    amount = amounts.to_numpy(dtype=float)
    unseen = np.isnan(amount)
    if not unseen.any():
        return amount
    filled = np.where(unseen, 0.0, amount)
    touched = abs(matrix) @ unseen.astype(float) > 0
    system, free = matrix[touched], np.flatnonzero(unseen)
    off = identity(system.shape[0], format="csr")
    solved = linprog(  # a sum may fall short for nothing where it is not exact
        np.r_[np.zeros(len(free)), exact[touched].astype(float), np.ones(len(system.indptr) - 1)],
        A_eq=hstack([system[:, free], off, -off], format="csr"),
        b_eq=-(system @ filled),
        method="highs",
    )
    filled[free] = np.round(np.maximum(solved.x[: len(free)], 0.0), 9)
    return filled
