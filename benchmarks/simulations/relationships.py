"""Print how often the methods of looking across areas are wrong, against how often they may be."""

import numpy as np
import pandas as pd

from outcomes.statistics.relationships import (
    correlations,
    funnel,
    outliers,
    regression,
)

RUNS = 1000


def coverage_of_r(method: str, areas: int, rng: np.random.Generator) -> float:
    """Return how often the interval holds r, for normal indicators with a correlation of 0.6."""
    draws = rng.multivariate_normal([0, 0], [[1, 0.6], [0.6, 1]], size=(RUNS, areas))
    truth = 0.6 if method == "pearson" else 6 / np.pi * np.arcsin(0.3)
    tables = [correlations(pd.DataFrame(draw), method=method).iloc[0] for draw in draws]
    return np.mean([row["lower"] < truth < row["upper"] for row in tables])


def any_finding(adjust: str, rng: np.random.Generator) -> float:
    """Return how often 45 pairs of unrelated indicators over 50 areas have a noteworthy one."""
    draws = rng.normal(size=(RUNS, 50, 10))
    return np.mean(
        [correlations(pd.DataFrame(d), adjust=adjust)["noteworthy"].any() for d in draws]
    )


def coverage_of_slope(robust: str, areas: int, rng: np.random.Generator) -> float:
    """Return how often the limits hold the slope where spread grows with the predictor."""
    held = []
    for _ in range(RUNS):
        x = rng.normal(size=areas)
        table = pd.DataFrame({"x": x, "y": x + rng.normal(size=areas) * np.abs(x)})
        row = regression(table, "y", ["x"], robust=robust).coefficients.loc["x"]
        held.append(row["lower"] < 1 < row["upper"])
    return np.mean(held)


def outside_funnel(kind: str, spread: float, overdispersion: bool, rng: np.random.Generator) -> str:
    """Return the shares of areas outside the inner and the outer limits."""
    size = rng.integers(500, 20_000, size=(RUNS, 150))
    if kind == "proportion":
        events = rng.binomial(size, np.clip(rng.normal(0.2, 0.2 * spread, size.shape), 0, 1))
    else:
        events = rng.poisson(0.005 * size * np.maximum(rng.normal(1, spread, size.shape), 0))
    positions = pd.concat(
        funnel(
            pd.DataFrame({"numerator": e, "denominator": n}),
            kind=kind,
            overdispersion=overdispersion,
        )["position"]
        for e, n in zip(events, size, strict=True)
    )
    outer = positions.str.endswith("998").mean()
    return f"{(positions != 'inside').mean():.1%}, {outer:.2%}"


def listed(areas: int, rng: np.random.Generator) -> float:
    """Return the share of normal values that are listed as outliers."""
    draws = pd.Series(rng.normal(size=RUNS * areas))
    groups = pd.Series(np.arange(RUNS * areas) // areas)
    return len(outliers(draws, by=groups)) / len(draws)


def main() -> None:
    """Print the table."""
    rng = np.random.default_rng(20260101)
    print("| what | nominal | achieved |\n|---|---|---|")
    _estimates(rng)
    _marks(rng)


def _estimates(rng: np.random.Generator) -> None:
    for method in ("pearson", "spearman"):
        for areas in (12, 50):
            share = coverage_of_r(method, areas, rng)
            print(f"| {method} interval holds r, {areas} areas | 95% | {share:.1%} |")
    for adjust in ("holm", "fdr_bh"):
        print(
            f"| any of 45 unrelated pairs found, {adjust} | 5% | {any_finding(adjust, rng):.1%} |"
        )
    for robust in ("HC3", "nonrobust"):
        for areas in (20, 100):
            share = coverage_of_slope(robust, areas, rng)
            print(
                f"| {robust} limits hold the slope, unequal spread, {areas} areas | 95% | {share:.1%} |"
            )


def _marks(rng: np.random.Generator) -> None:
    for kind in ("proportion", "rate"):
        for spread, wide in ((0.0, False), (0.0, True), (0.15, False), (0.15, True)):
            shares = outside_funnel(kind, spread, wide, rng)
            name = f"{kind}s outside, areas differ by {spread:.0%}, {'wide' if wide else 'plain'} limits"
            print(f"| {name} | 5%, 0.2% | {shares} |")
    for areas in (10, 20, 100):
        print(f"| normal values listed, {areas} areas | 0.05% | {listed(areas, rng):.2%} |")


if __name__ == "__main__":
    main()
