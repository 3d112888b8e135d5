"""Print how often steps and control charts alarm without cause, and how often steps are found.

Run: python benchmarks/simulations/steps.py
"""

import numpy as np
import pandas as pd

from outcomes.statistics.breaks import control_chart, steps

DRAWS = 20_000
SEED = 2025
FIRST = 1980


def main() -> None:
    """Print three Markdown tables."""
    rng = np.random.default_rng(SEED)
    print(
        "| points | nominal | level | trend | parabola | AR(1) 0.3 |\n|---|---:|---:|---:|---:|---:|"
    )
    for n in (8, 12, 20):
        noise = rng.normal(size=(DRAWS, n))
        kinds = noise, noise + np.arange(n), noise + 0.1 * np.arange(n) ** 2, _dependent(rng, n)
        rates = " | ".join(f"{steps(_table(kind))['found'].mean():.2%}" for kind in kinds)
        print(f"| {n} | 5% | {rates} |")
    print("\n| points | step in the middle | found | found at its year | limits hold its size |")
    print("|---|---:|---:|---:|---:|")
    for n in (8, 12, 20):
        for size in (2, 3, 5):
            print(f"| {n} | {size} sd | {_power(rng, n, size)} |")
    print("\n| XmR, 24 points in control | a point | a history |\n|---|---:|---:|")
    chart = control_chart(_table(rng.normal(size=(DRAWS // 4, 24))))
    marks = {rule: chart["rule"] == rule for rule in sorted(set(chart["rule"]) - {""})}
    for name, mark in (marks | {"any rule": chart["special"]}).items():
        history = mark.groupby(chart["area_code"]).any().mean()
        print(f"| {name} | {mark.mean():.2%} | {history:.1%} |")


def _power(rng: np.random.Generator, n: int, size: float) -> str:
    after = np.arange(n) >= n // 2
    found = steps(_table(rng.normal(size=(DRAWS, n)) + size * after))
    there = found["found"] & (found["at"] == str(FIRST + n // 2))
    held = (found["size_lower"] <= size) & (found["size_upper"] >= size)
    return f"{found['found'].mean():.1%} | {there.mean():.1%} | {held[found['found']].mean():.1%}"


def _dependent(rng: np.random.Generator, n: int) -> np.ndarray:
    noise = rng.normal(size=(DRAWS, n + 50))
    for place in range(1, n + 50):
        noise[:, place] += 0.3 * noise[:, place - 1]
    return noise[:, 50:]


def _table(value: np.ndarray) -> pd.DataFrame:
    g, t = value.shape
    starts = pd.to_datetime([f"{FIRST + year}-01-01" for year in range(t)])
    return pd.DataFrame(
        {
            "series": "s",
            "area_code": np.repeat(np.arange(g), t),
            "period_start": np.tile(starts, g),
            "period_end": np.tile(starts + pd.DateOffset(years=1, days=-1), g),
            "period": np.tile(starts.year.astype(str), g),
            "value": value.ravel(),
        }
    )


if __name__ == "__main__":
    main()
