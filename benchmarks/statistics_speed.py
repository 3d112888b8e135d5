"""How fast the statistics are, beside two named alternatives, with the same answers.

Run `python benchmarks/statistics_speed.py`. It prints three lines:

- intervals of proportions for 100,000 rows, beside PHStatsMethods' `ph_proportion` (a test
  dependency), which is timed on a part and scaled;
- the trend of 10,000 histories of ten points, beside a groupby-apply of statsmodels' weighted
  regression, timed on a part and scaled, and of scipy's Kendall's tau;
- where every area stands on every series of a store, with `--store NAME` (default: sample).

The file is not called statistics.py: Python would then find it in place of its own module.
"""

import argparse
import time
from collections.abc import Callable

import numpy as np
import pandas as pd
import statsmodels.api as sm
from PHStatsMethods import ph_proportion
from scipy.stats import kendalltau

from outcomes.parameters import load_parameters
from outcomes.statistics.breaks import steps
from outcomes.statistics.comparison import compare, quantiles, rank_intervals
from outcomes.statistics.intervals import proportions
from outcomes.statistics.relationships import robust_scores
from outcomes.statistics.rows import PERIOD
from outcomes.statistics.spread import spread
from outcomes.statistics.trend import fingertips, mann_kendall, newest_change, trends
from outcomes.store import open_store

ROWS = 100_000
POINTS = 10
LIMIT = 9.54953570608324
PART = 1_000
"""Rows, or histories, on which an alternative is timed."""


def timed(work: Callable) -> tuple[float, object]:
    """Return the seconds that work takes at its best of three, and what it gives."""
    best = np.inf
    for _ in range(3):
        start = time.perf_counter()
        found = work()
        best = min(best, time.perf_counter() - start)
    return best, found


def line(what: str, ours: float, theirs: float, name: str) -> None:
    """Print a comparison."""
    print(f"{what}: {ours:.3f} s; {name}: {theirs:.1f} s; ratio {theirs / ours:,.0f}")


def intervals(rng: np.random.Generator) -> None:
    """Compare Wilson intervals with PHStatsMethods."""
    people = rng.integers(50, 9000, ROWS)
    table = pd.DataFrame(
        {"area": np.arange(ROWS), "numerator": rng.binomial(people, 0.2), "denominator": people}
    )
    ours, found = timed(lambda: proportions(table, per=1))
    part = table.head(PART)
    theirs, other = timed(lambda: ph_proportion(part, "numerator", "denominator"))
    expected = other.filter(regex="(?i)^value$|lower|upper").to_numpy(float)
    answers = found[["value", "lower", "upper"]].head(PART)
    np.testing.assert_allclose(answers, expected, rtol=1e-9)
    line(f"Intervals of {ROWS:,} rows", ours, theirs * ROWS / PART, "PHStatsMethods, scaled")


def histories(rng: np.random.Generator) -> pd.DataFrame:
    """Return made-up histories with limits and counts: ROWS rows, POINTS a history."""
    areas = ROWS // POINTS
    start = pd.to_datetime([f"{2010 + year}-01-01" for year in range(POINTS)])
    people = rng.integers(2_000, 90_000, ROWS)
    drift = np.repeat(rng.normal(0, 0.002, areas), POINTS)
    share = 0.2 + drift * np.tile(np.arange(POINTS), areas)
    table = pd.DataFrame(
        {
            "series": "s",
            "area_code": np.repeat([f"A{i:05d}" for i in range(areas)], POINTS),
            "period_start": np.tile(start, areas),
            "period_end": np.tile(start + pd.offsets.YearEnd(), areas),
            "numerator": rng.binomial(people, share),
            "denominator": people,
        }
    )
    figures = proportions(table)[["value", "lower", "upper"]]
    return table.assign(period=table["period_start"].dt.year.astype(str), **figures)


def by_statsmodels(rows: pd.DataFrame) -> str:
    """Return the Fingertips rule's verdict on the last five points, by statsmodels."""
    last = rows.tail(5)
    values, years = last["value"].to_numpy(), sm.add_constant(np.arange(1.0, 6.0))
    weights = ((last["upper"] - last["lower"]) / 3.92).to_numpy() ** -2
    whole = sm.WLS(values, years, weights=weights).fit()
    slope, variance = whole.params[1], whole.normalized_cov_params[1, 1]
    without = (np.arange(5) != left_out for left_out in range(5))
    others = [sm.WLS(values[k], years[k], weights=weights[k]).fit().params[1] for k in without]
    if slope**2 / variance <= LIMIT or len({np.sign(s) for s in (slope, *others)}) > 1:
        return "no_significant_change"
    return "increasing" if slope > 0 else "decreasing"


def trend(rng: np.random.Generator) -> None:
    """Compare the Fingertips rule with statsmodels, and Mann-Kendall with scipy."""
    table = histories(rng)
    part = table.head(PART * POINTS)
    ours, found = timed(lambda: fingertips(table))
    grouped = part.groupby("area_code")[["value", "lower", "upper"]]
    theirs, expected = timed(lambda: grouped.apply(by_statsmodels))
    assert (found["direction"].head(PART).to_numpy() == expected.to_numpy()).all()
    assert expected.nunique() == 3
    scale = ROWS / POINTS / PART
    line(f"Fingertips trends of {ROWS:,} rows", ours, theirs * scale, "statsmodels, scaled")
    values = table["value"].to_numpy().reshape(-1, POINTS)
    ours, (_, _, p) = timed(lambda: mann_kendall(values))
    years = np.arange(POINTS)
    theirs, expected = timed(
        lambda: [kendalltau(years, row, method="exact").pvalue for row in values[:PART]]
    )
    np.testing.assert_allclose(p[:PART], expected, atol=1e-9)
    line(f"Mann-Kendall of {ROWS:,} rows", ours, theirs * scale, "scipy, scaled")


def where_now(store: str) -> None:
    """Time where every area stands on every series of a store."""
    settings = load_parameters().store(store)
    opened = open_store(store, settings.disclosure).require_filled()
    names = [n for n in opened.series().index if n.split("/")[0] in ("els", "lait")]
    start = time.perf_counter()
    rows = opened.observations(names)
    rows = rows[
        (rows["group_kind"] == "") & rows["value"].notna() & (rows["status"] != "projected")
    ]
    outside = (rows["lower"] > rows["value"]) | (rows["upper"] < rows["value"])
    rows.loc[outside, ["lower", "upper"]] = np.nan
    read = time.perf_counter() - start
    start = time.perf_counter()
    newest = rows.groupby("series")["period_end"].transform("max")
    latest = rows[rows["period_end"] == newest].drop_duplicates(["series", "area_code"])
    middle = latest.groupby("series")["value"].transform("median")
    compare(latest.assign(comparator=middle), polarity="no_judgement")
    trends(rows)
    newest_change(rows)
    steps(rows)
    spread(rows.assign(denominator=1.0), by=["series", *PERIOD])
    keys = latest.set_index(["series", "area_code"])
    quantiles(keys["value"], polarity="no_judgement", by=keys.index.to_frame()["series"])
    robust_scores(keys["value"], by=keys.index.to_frame()["series"])
    for _, part in latest.groupby("series"):
        rank_intervals(part, polarity="no_judgement")
    worked = time.perf_counter() - start
    print(
        f"Where we are now, {len(names):,} series of the store {store!r}, {len(rows):,} figures of "
        f"{rows['area_code'].nunique():,} areas: read in {read:.1f} s, worked out in {worked:.1f} s"
    )


def main() -> None:
    """Run all three."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--store", default="sample")
    rng = np.random.default_rng(1)
    intervals(rng)
    trend(rng)
    where_now(asked.parse_args().store)


if __name__ == "__main__":
    main()
