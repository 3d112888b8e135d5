"""How far off forecasts were, how often their ranges held, and tables in Markdown."""

from collections.abc import Sequence

import numpy as np
import pandas as pd

LEVELS = (80, 95)
LENGTHS = {"5-7 figures": 4, "8-10 figures": 7, "11-15 figures": 10, "16+ figures": 15}
"""Classes of length of a history, and the length that each is longer than."""
WORST = 10
ENOUGH = 30
"""Scored figures that an indicator needs to be judged by itself."""


def markdown(rows: Sequence[Sequence], heads: Sequence[str]) -> str:
    """Return a Markdown table."""
    lines = [heads, ["---"] * len(heads), *rows]
    return "\n".join("| " + " | ".join(str(cell) for cell in line) + " |" for line in lines) + "\n"


def number(value: float, form: str = ".3f") -> str:
    """Return a number as a table shows it; a missing one is empty."""
    return "" if np.isnan(value) else format(value, form)


def errors(scored: pd.DataFrame, methods: Sequence[str]) -> pd.DataFrame:
    """Return the absolute errors of each method in the history's own mean one-step change."""
    off = scored[list(methods)].sub(scored["value"], axis=0).abs()
    return off.div(scored["scale"], axis=0)


def error_table(scored: pd.DataFrame, methods: Sequence[str]) -> str:
    """Return the Markdown table of each method's error by horizon, and ours divided by it.

    Every scored figure has the same weight; in the columns 'alike' every indicator
    has.
    """
    if scored.empty:
        return "No figure to score.\n"
    table, ahead = errors(scored, methods), scored["horizon"]
    every = table.groupby(ahead).mean().T
    alike = table.groupby([ahead, scored["indicator"]]).mean().groupby("horizon").mean().T
    shown = [every, every.loc["ours"] / every, alike, alike.loc["ours"] / alike]
    rows = [
        [name, *(f"{x:.3f}" for part in shown for x in part.loc[name].to_numpy())]
        for name in every.index
    ]
    names = ["error", "ours / it", "alike: error", "alike: ours / it"]
    return markdown(rows, ["method", *(f"{name}, {h}" for name in names for h in every)])


def held(scored: pd.DataFrame) -> pd.DataFrame:
    """Return, for each scored figure, whether it came within each range; 1, 0 or NaN."""
    value = scored["value"]
    inside = {}
    for level in LEVELS:
        low, high = scored[f"lower_{level}"], scored[f"upper_{level}"]
        within = (value >= low) & (value <= high)
        inside[f"inside_{level}"] = within.astype(float).where(low.notna() & high.notna())
    return pd.DataFrame(inside)


def coverage_table(scored: pd.DataFrame) -> str:
    """Return the Markdown table of coverage: all, by horizon, by length of the history, by source."""
    length = pd.cut(scored["n"], [*LENGTHS.values(), float("inf")], labels=list(LENGTHS))
    parts = [
        pd.Series("all", index=scored.index),
        scored["horizon"].astype(str) + " ahead",
        length.astype(str),
        scored["source"],
    ]
    inside, rows = held(scored), []
    for by in parts:
        for name in scored["n"].groupby(by).min().sort_values(kind="stable").index:
            these = inside[by.eq(name)]
            rows.append([name, f"{len(these):,}", *(f"{100 * x:.1f}" for x in these.mean())])
    return markdown(rows, ["of", "scored", *(f"inside {level}%" for level in LEVELS)])


def by_indicator(scored: pd.DataFrame) -> pd.DataFrame:
    """Return a row an indicator: scored, areas, inside_80, inside_95, and the ratios to naive.

    Those with fewer than ENOUGH scored figures are left out; a horizon with fewer is NaN.
    """
    table = errors(scored, ["ours", "naive"]).join(held(scored))
    grouped = table.groupby(scored["indicator"])
    found = grouped.mean().assign(scored=grouped.size())
    found["areas"] = scored.groupby("indicator")["series"].nunique()
    found["all"] = found["ours"] / found["naive"]
    for horizon in sorted(scored["horizon"].unique()):
        each = table[scored["horizon"].eq(horizon)].groupby(scored["indicator"])
        ratio = each["ours"].mean() / each["naive"].mean()
        found[f"{horizon} ahead"] = ratio.where(each.size() >= ENOUGH)
    return found[found["scored"] >= ENOUGH]


def worst_errors(table: pd.DataFrame) -> str:
    """Return the indicators that do worst beside naive, and how many are over 5% worse."""
    heads = [name for name in table.columns if name == "all" or name.endswith(" ahead")]
    over = (f"{(table[k] > 1.05).sum()} of {table[k].notna().sum()} ({k})" for k in heads)
    worst = table.sort_values("all", ascending=False).head(WORST)
    rows = [
        [row.Index, row.areas, f"{row.scored:,}", *(number(x) for x in ratios)]
        for row, ratios in zip(worst.itertuples(), worst[heads].to_numpy(), strict=True)
    ]
    said = f"Over 5% worse than naive, of indicators with {ENOUGH} figures: {', '.join(over)}.\n\n"
    return said + markdown(rows, ["indicator", "areas", "scored", *heads])


def worst_coverage(table: pd.DataFrame) -> str:
    """Return the indicators whose ranges held worst, and the share that is within 8 points."""
    inside = 100 * table[[f"inside_{level}" for level in LEVELS]]
    off = (inside - LEVELS).abs()
    near = (
        f"{level}%: {100 * (off[f'inside_{level}'] <= 8).mean():.1f}% of {len(table)} indicators "
        "within 8 points"
        for level in LEVELS
    )
    worst = table.loc[off["inside_80"].sort_values(ascending=False).index[:WORST]]
    rows = [
        [
            row.Index,
            row.areas,
            f"{row.scored:,}",
            *(number(x, ".1f") for x in inside.loc[row.Index]),
        ]
        for row in worst.itertuples()
    ]
    heads = ["indicator", "areas", "scored", *(f"inside {level}%" for level in LEVELS)]
    return "; ".join(near) + ".\n\n" + markdown(rows, heads)


def chance_table(bands: pd.DataFrame) -> str:
    """Return the reliability table: chances given beside the share of targets met, in percent."""
    rows = [
        [f"{100 * b.low:.0f}-{100 * b.high:.0f}%", f"{int(b.targets):,}"]
        + [number(100 * b.said, ".1f"), number(100 * b.met, ".1f")]
        + [number(100 * (b.met - b.said), "+.1f")]
        for b in bands.itertuples()
    ]
    return markdown(rows, ["chance given", "targets", "said, %", "met, %", "off"])


def sampled(scored: pd.DataFrame, each: int, rng: np.random.Generator) -> pd.DataFrame:
    """Return all horizons of some past forecasts, drawn by chance: at most `each` an indicator."""
    made = scored[["indicator", "row", "origin"]].drop_duplicates()
    made = made.iloc[rng.permutation(len(made))]
    chosen = made[made.groupby("indicator").cumcount() < each]
    return scored.merge(chosen, on=["indicator", "row", "origin"])
