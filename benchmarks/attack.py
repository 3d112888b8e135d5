"""Attack protected tables as a reader with a solver would, and count what is found out.

The attacker knows only what is printed and how the tables are made: that areas, groups and years add
up, that a count is at most its base, and that a number that is withheld is not zero. Half the time
he is also told what stands in no table: people of unknown group, and areas that are left out (not
where only overlapping periods are printed: see docs/methods/disclosure.md). He writes every printed
number as a sum of what he is after, people by smallest area, group and year, and asks for
the least and the greatest number of people that each withheld one can be. None of it is the
package's code, nor its formulation.

    python benchmarks/attack.py --tables 200 --seed 1
"""

import argparse
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np
import pandas as pd
from scipy.optimize import linprog
from scipy.sparse import block_array, block_diag, csr_array, identity

from outcomes.model import OBSERVATION_COLUMNS, DisclosureRule
from outcomes.store.disclosure import protect

SEXES, AGES = ("Female", "Male", "unknown"), ("under 18", "18 to 64", "65 and over")


@dataclass
class World:
    """People who were made up, and the table that would be printed of them.

    `counts` and `bases` have the shape (smallest areas, sexes, ages, years). Each row of the table
    is a sum of them by `sums`, shape (rows, people's cells). `told` are sums that the attacker
    knows from elsewhere.
    """

    counts: np.ndarray
    bases: np.ndarray
    table: pd.DataFrame
    areas: pd.DataFrame
    changes: pd.DataFrame
    sums: csr_array
    told: csr_array


@dataclass
class Nodes:
    """The areas of a world, each a set of smallest areas."""

    code: list[str] = field(default_factory=list)
    level: list[str] = field(default_factory=list)
    parents: list[list[str]] = field(default_factory=list)
    leaves: list[np.ndarray] = field(default_factory=list)

    def add(self, level: str, parents: list[str], leaves: np.ndarray) -> str:
        """Add an area and return its code."""
        self.code.append(f"X{len(self.code):08d}")
        self.level.append(level)
        self.parents.append(parents)
        self.leaves.append(leaves)
        return self.code[-1]


def make_nodes(rng: np.random.Generator, largest: int) -> tuple[Nodes, int, str]:
    """Return nested areas, how many are smallest, and the code of one that replaced two others."""
    sizes = [int(n) for n in rng.integers(2, 5, rng.integers(1, 4))]
    while np.prod(sizes) > largest // 4:
        sizes.pop()
    levels = ["region", "county", "district", "ward"][: len(sizes) + 1]
    old, crossed = rng.random() < 0.25, rng.random() < 0.3
    pieces = 2 if crossed else 1  # of each smallest area that is printed
    smallest = int(np.prod(sizes)) * pieces + old
    nodes = Nodes()
    below = [(nodes.add(levels[0], [], np.arange(smallest)), [])]
    for depth, (level, size) in enumerate(zip(levels[1:], sizes, strict=True)):
        above, below = below, []
        share = int(np.prod(sizes[depth + 1 :])) * pieces
        for number, (code, codes) in enumerate(above):
            for part in range(size):
                first = (number * size + part) * share
                last = first + share == smallest - old
                leaves = np.arange(first, first + share + (old and last))
                below.append((nodes.add(level, [code, *codes], leaves), [code, *codes]))
    if crossed:  # a second way of dividing the region, across the first
        for half in (0, 1):
            nodes.add("quarter", nodes.code[:1], np.arange(half, smallest, 2))
    return nodes, smallest, below[-1][0] if old else ""


def make_world(rng: np.random.Generator, largest: int = 200) -> World:
    """Return a random world: two to four levels, none to two kinds of group, one to five years.

    `largest` bounds how many numbers the attacker is after, so that an attack takes seconds.
    """
    nodes, smallest, merged = make_nodes(rng, largest)
    if merged:
        at = nodes.code.index(merged)
        for old in np.array_split(nodes.leaves[at], 2):
            nodes.add(nodes.level[at], [], old)
    kinds = min(int(rng.integers(0, 3)), [0, 1, 1, 2][min(3, largest // (3 * smallest))])
    most = largest // (smallest * [1, 3, 9][kinds])
    years = max(n for n in [1, [1, 3, 5][rng.choice(3, p=[0.4, 0.3, 0.3])]] if n <= max(1, most))
    shape = (smallest, 3 if kinds else 1, 3 if kinds == 2 else 1, years)
    mean = rng.gamma(0.6, 1.0, shape) * rng.choice([2, 6, 15]) / (shape[1] * shape[2])
    counts = rng.poisson(mean)
    bases = counts + rng.poisson(rng.choice([0.3, 4, 100]), shape)
    if kinds:
        few = rng.random() < 0.3
        counts[:, 2], bases[:, 2] = counts[:, 2] * few, bases[:, 2] * few
    rows = make_rows(rng, nodes, kinds, years, shape, merged)
    printed = [row for row in rows if not row["unseen"]]
    sums = csr_array(np.array([row["sum"] for row in printed], dtype=float))
    insider = rng.random() < 0.5 and years < 5
    told = [row["sum"] for row in rows if row["unseen"] and insider] or [np.zeros(counts.size)]
    table = make_table(printed, sums, counts, bases, with_bases=rng.random() < 0.6)
    ended = nodes.code[-2:] if merged else []
    areas = pd.DataFrame(
        {
            "area_code": nodes.code,
            "area_name": nodes.code,
            "levels": nodes.level,
            "parents": [" ".join(codes) for codes in nodes.parents],
            "end": pd.array([2015 if code in ended else None for code in nodes.code], "Int64"),
        }
    )
    changes = pd.DataFrame({"old_code": ended, "new_code": merged, "year": 2016})
    return World(counts, bases, table, areas, changes, sums, csr_array(np.array(told, dtype=float)))


def make_rows(rng, nodes: Nodes, kinds: int, years: int, shape: tuple, merged: str) -> list[dict]:
    """Return what each row is a sum of; `unseen` are the rows that are not printed."""
    groups = [("", "", slice(None), slice(None), False)]
    if kinds:
        groups += [("sex", sex, i, slice(None), i == 2) for i, sex in enumerate(SEXES)]
    if kinds == 2:
        groups += [("age", age, slice(None), i, False) for i, age in enumerate(AGES)]
    singles = [(year, year) for year in range(years)]
    pooled = [(year, year + 2) for year in range(years - 2)]
    rolling = pooled if years == 5 else singles + pooled
    parents = {code for codes in nodes.parents for code in codes}
    smallest = [n for n, code in enumerate(nodes.code) if code not in parents]
    absent = int(rng.choice(smallest)) if not merged and rng.random() < 0.2 else -1
    total = rng.random() < 0.85  # else everyone is printed nowhere, and the groups are
    rows = []
    for n, code in enumerate(nodes.code):
        for first, last in rolling:
            for kind, group, sex, age, unknown in groups:
                if not (kind or total or not kinds):
                    continue
                cube = np.zeros(shape)
                at = cube[nodes.leaves[n]]
                at[:, sex, age, first : last + 1] = 1
                cube[nodes.leaves[n]] = at
                names = {"code": code, "first": first, "last": last, "kind": kind, "group": group}
                rows.append(names | {"sum": cube.ravel(), "unseen": unknown or n == absent})
    return rows


def make_table(rows, sums, counts, bases, *, with_bases: bool) -> pd.DataFrame:
    """Return the tidy table that the rows make."""
    table = pd.DataFrame(rows).drop(columns=["sum", "unseen"])
    numerator, denominator = sums @ counts.ravel(), sums @ bases.ravel()
    value = numerator
    if with_bases:
        value = 100 * numerator / np.where(denominator > 0, denominator, np.nan)
    else:
        denominator = np.full(len(table), np.nan)
    start = pd.to_datetime((table["first"] + 2010).astype(str) + "-01-01")
    return pd.DataFrame(
        {
            "series": "own/made up/people",
            "area_code": table["code"],
            "period_start": start,
            "period_end": pd.to_datetime((table["last"] + 2010).astype(str) + "-12-31"),
            "period": table["first"].astype(str) + "-" + table["last"].astype(str),
            "value": value,
            "lower": np.nan,
            "upper": np.nan,
            "numerator": numerator,
            "denominator": denominator,
            "status": np.where(np.isnan(value), "not_applicable", "final"),
            "note": "",
            "group_kind": table["kind"],
            "group": table["group"],
        },
        columns=list(OBSERVATION_COLUMNS),
    )


def withheld(printed: pd.DataFrame) -> np.ndarray:
    """Return which rows of a table are printed as withheld; shape (rows,)."""
    return (printed["status"] == "withheld_small_number").to_numpy()


def primary_only(table: pd.DataFrame, threshold: int) -> pd.DataFrame:
    """Return a table as somebody prints it who withholds small numbers and thinks no further."""
    small = table["numerator"].between(1, threshold - 1)
    small |= table["denominator"].between(1, threshold) & (table["numerator"] > 0)
    printed = table.copy()
    printed.loc[small, ["value", "numerator", "denominator"]] = np.nan
    printed.loc[small, "status"] = "withheld_small_number"
    return printed


def only_zeros(table: pd.DataFrame) -> pd.DataFrame:
    """Return a table of which only the zeros are printed: what is pinned then was known before."""
    printed = table.copy()
    printed.loc[table["denominator"] > 0, "denominator"] = np.nan
    printed.loc[table["numerator"] > 0, "status"] = "withheld_small_number"
    return printed


def attack(world: World, printed: pd.DataFrame, width: int) -> np.ndarray:
    """Return in which rows the attacker pins a withheld count or small base; shape (rows,).

    Parameters
    ----------
    world : World
        How the tables are made, and what the attacker is told. Its people are read for that, and
        to tell which bases are small.
    printed : pandas.DataFrame
        What the attacker reads.
    width : int
        A number is pinned if the greatest it can be is less than this above the least.
    """
    hidden = withheld(printed)
    few = world.sums @ world.bases.ravel()
    small_base = np.isnan(printed["denominator"]) & (few > 0) & (few <= width)
    targets = np.flatnonzero(np.r_[hidden, small_base & world.table["denominator"].notna()])
    wanted = csr_array(block_diag([world.sums, world.sums]))
    low, high = np.full(2 * len(hidden), np.inf), np.full(2 * len(hidden), -np.inf)
    problem = _problem(world, printed, hidden)
    for target in targets:
        for way in (1.0, -1.0):
            if high[target] - low[target] >= width:
                break
            aim = way * wanted[[target]].toarray()[0]
            possible = wanted @ _solve(aim, problem)
            low, high = np.minimum(low, possible), np.maximum(high, possible)
    pinned = np.zeros(2 * len(hidden), dtype=bool)
    pinned[targets] = (high - low)[targets] < width
    return pinned.reshape(2, -1).any(axis=0)


def _problem(world: World, printed: pd.DataFrame, hidden: np.ndarray) -> dict:
    """Return all that the attacker knows, as constraints on people by smallest cell."""
    sums, told, size = world.sums, world.told, world.counts.size
    count, base = printed["numerator"].to_numpy(), printed["denominator"].to_numpy()
    nothing = csr_array((1, size))
    shown, based = sums[~hidden], sums[~np.isnan(base)]
    some, people = sums[hidden], identity(size, format="csr")
    equal = block_array([[shown, None], [told, None], [None, based], [None, told], [nothing] * 2])
    known = [count[~hidden], told @ world.counts.ravel()]
    known += [base[~np.isnan(base)], told @ world.bases.ravel(), [0.0]]
    return {
        "A_eq": csr_array(equal),
        "b_eq": np.concatenate(known),
        "A_ub": csr_array(block_array([[-some, None], [people, -people]])),
        "b_ub": np.r_[np.full(hidden.sum(), -1.0), np.zeros(size)],
        "bounds": (0, 10_000),
    }


def _solve(aim: np.ndarray, problem: dict) -> np.ndarray:
    """Return people that agree with all that is known and make the aim least; whole numbers."""
    # With its presolve HiGHS 1.12 calls a few of these problems infeasible, or solved too early.
    solved = linprog(aim, **problem, integrality=1, method="highs", options={"presolve": False})
    if solved.status:
        raise RuntimeError(solved.message)
    people = np.round(solved.x)
    assert np.allclose(problem["A_eq"] @ people, problem["b_eq"])
    assert (problem["A_ub"] @ people <= problem["b_ub"] + 1e-6).all()
    return people


@dataclass
class Tally:
    """What an attack on many tables found."""

    rows: int = 0
    withheld: int = 0
    pinned: int = 0
    told: int = 0
    """Pinned too by what the attacker was told and the zeros alone: no table could help it."""
    seconds: float = 0.0
    """For making the tables that are printed."""


def attack_many(
    publish: Callable[[World], pd.DataFrame], tables: int, seed: int, width: int, largest: int
) -> Tally:
    """Return what attacks on random worlds found, in the tables that `publish` makes of them."""
    tally = Tally()
    for number in range(tables):
        world = make_world(np.random.default_rng([seed, number]), largest)
        started = time.perf_counter()
        printed = publish(world)
        tally.seconds += time.perf_counter() - started
        pinned = attack(world, printed, width)
        if pinned.any():
            hopeless = attack(world, only_zeros(world.table), width)
            tally.told += (pinned & hopeless).sum()
            pinned &= ~hopeless
        tally.rows += len(printed)
        tally.withheld += withheld(printed).sum()
        tally.pinned += pinned.sum()
    return tally


def main() -> None:
    """Attack tables, and print what was found."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--tables", type=int, default=200)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--threshold", type=int, default=5)
    parser.add_argument("--largest", type=int, default=200, help="people's cells of a world")
    args = parser.parse_args()
    rule = DisclosureRule(threshold=args.threshold)
    ways = {
        "Only small numbers withheld": lambda world: primary_only(world.table, args.threshold),
        "Protected": lambda world: protect(world.table, world.areas, rule, changes=world.changes),
    }
    for way, publish in ways.items():
        tally = attack_many(publish, args.tables, args.seed, args.threshold, args.largest)
        sys.stdout.write(
            f"{way}: {args.tables} tables of {tally.rows:,} numbers, made in {tally.seconds:.1f} s\n"
            f"  {tally.withheld:,} withheld ({tally.withheld / tally.rows:.1%})\n"
            f"  {tally.pinned:,} found out, and {tally.told:,} that an insider knew before\n"
        )
    sys.exit(1 if tally.pinned else 0)


if __name__ == "__main__":
    main()
