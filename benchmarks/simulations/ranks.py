"""How often an interval for a rank holds the true rank: print a Markdown table.

Run: python benchmarks/simulations/ranks.py

True values of n areas are fixed; figures are drawn about them with a known standard error. Each
method's interval is held against the true rank, or against both ends of it where areas are truly
tied. Beside the differences stands the usual simulation: draw new figures about the published ones
and take the 2.5th and 97.5th percentile of the ranks.
"""

import numpy as np
import pandas as pd
from scipy.special import ndtri

from outcomes.statistics.comparison import rank_intervals

RUNS = 1000
DRAWS = 400
Z = ndtri(0.975)
SIZES = (12, 150)
ERRORS = {"narrow": 0.1, "wide": 1.0}
"""Standard error, in standard deviations of the true values."""


def truths(n: int) -> dict[str, np.ndarray]:
    """Return true values: all different, in ties of three, and all alike."""
    even = ndtri((np.arange(n) + 0.5) / n)
    tied = np.repeat(even[1::3], 3)
    return {"all different": even, "tied in threes": tied, "all alike": np.zeros(n)}


def true_ranks(theta: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return the best and worst rank of each area, alike where nothing is tied."""
    ordered = np.sort(-theta)
    best = np.searchsorted(ordered, -theta, side="left") + 1
    return best, np.searchsorted(ordered, -theta, side="right")


def by_percentiles(value: np.ndarray, error: float, rng) -> tuple[np.ndarray, np.ndarray]:
    """Return the percentiles of the ranks of figures drawn about the published ones."""
    drawn = value + error * rng.standard_normal((DRAWS, value.size))
    placed = np.argsort(np.argsort(-drawn, axis=1), axis=1) + 1
    low, high = np.percentile(placed, [2.5, 97.5], axis=0)
    return np.floor(low), np.ceil(high)


def by_differences(value: np.ndarray, error: float, *, joint: bool):
    """Return what the workbench says."""
    table = pd.DataFrame({"value": value, "lower": value - Z * error, "upper": value + Z * error})
    found = rank_intervals(table, polarity="higher_is_better", joint=joint)
    return found["rank_best"].to_numpy(), found["rank_worst"].to_numpy()


def main() -> None:
    """Print the table."""
    print(
        "| areas | true values | limits | method | one area, mean | one area, least sure "
        "| all at once | mean width |\n|---|---|---|---|---|---|---|---|"
    )
    for n in SIZES:
        for shape, theta in truths(n).items():
            # Where all are alike, the width of the limits changes nothing.
            errors = ERRORS if np.ptp(theta) else {"any": 1.0}
            for name, error in errors.items():
                row(n, shape, theta, name, error)


def row(n: int, shape: str, theta: np.ndarray, name: str, error: float) -> None:
    """Print the lines of one setting."""
    rng = np.random.default_rng(n)
    best, worst = true_ranks(theta)
    held = {"differences, one area": [], "differences, all areas": [], "percentiles": []}
    width = {method: [] for method in held}
    for _ in range(RUNS):
        value = theta + error * rng.standard_normal(n)
        found = (
            by_differences(value, error, joint=False),
            by_differences(value, error, joint=True),
            by_percentiles(value, error, rng),
        )
        for method, (low, high) in zip(held, found, strict=True):
            held[method].append((low <= best) & (high >= worst))
            width[method].append((high - low + 1).mean())
    for method, runs in held.items():
        each = np.mean(runs, axis=0)
        whole = np.mean(np.all(runs, axis=1))
        print(
            f"| {n} | {shape} | {name} | {method} | {each.mean():.1%} | {each.min():.1%} "
            f"| {whole:.1%} | {np.mean(width[method]):.1f} |"
        )


if __name__ == "__main__":
    main()
