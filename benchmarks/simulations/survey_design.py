"""Print how often a survey's 95% interval holds the truth, with weights and clusters.

Run: python benchmarks/simulations/survey_design.py
"""

import numpy as np

from outcomes.statistics.intervals.counts import wilson
from outcomes.statistics.weighted import Design

DRAWS = 4_000
SEED = 154
EACH = 10


def main() -> None:
    """Print a Markdown table: each case with the allowance for the design, and without."""
    rng = np.random.default_rng(SEED)
    print("| share, clusters of 10 | mean design effect | allowed for | left out |")
    print("|---|---:|---:|---:|")
    for share, clusters, alike in (
        (0.4, 40, 0),
        (0.4, 40, 0.09),
        (0.4, 8, 0.09),
        (0.05, 40, 0.05),
        (0.4, 40, None),
    ):
        print(_line(rng, share, clusters, alike))
    print("\n| a part whose answers are of | correlation 0 | 0.05 | 0.1 |\n|---|---:|---:|---:|")
    for of in (1, 2, 3):
        held = " | ".join(f"{_part(rng, of, alike):.1%}" for alike in (0, 0.05, 0.1))
        print(f"| {of} of 40 clusters of 25 | {held} |")


def _part(rng: np.random.Generator, of: int, alike: float) -> float:
    """Return how often the interval of a part in so many clusters holds the truth, 40%."""
    cluster, held = np.repeat(np.arange(40), 25), 0
    for _ in range(DRAWS):
        own = rng.beta(0.4 / alike - 0.4, 0.6 / alike - 0.6, 40) if alike else np.full(40, 0.4)
        agrees = (rng.random(1000) < own[cluster]).astype(float)
        design = Design(rng.uniform(0.5, 1.5, 1000), cluster=cluster)
        found = design.share(agrees, among=cluster < of)
        held += found.lower <= 0.4 <= found.upper
    return held / DRAWS


def _line(rng: np.random.Generator, share: float, clusters: int, alike: float | None) -> str:
    """Return a row; `alike` is the correlation within a cluster, None for weights without clusters."""
    n, held, plain, effects = clusters * EACH, 0, 0, []
    cluster = np.repeat(np.arange(clusters), EACH)
    for _ in range(DRAWS):
        own = np.full(clusters, share)
        if alike:
            spread = 1 / alike - 1
            own = rng.beta(share * spread, (1 - share) * spread, clusters)
        agrees = (rng.random(n) < own[cluster]).astype(float)
        weight = rng.uniform(0.5, 1.5, n)
        found = Design(weight, cluster=None if alike is None else cluster).share(agrees)
        lower, upper = wilson(found.share * n, n)
        held += found.lower <= share <= found.upper
        plain += lower <= share <= upper
        effects.append(found.design_effect)
    what = "weights alone" if alike is None else f"{clusters} clusters, correlation {alike:g}"
    return f"| {share:.0%}, {what} | {np.mean(effects):.2f} | {held / DRAWS:.1%} | {plain / DRAWS:.1%} |"


if __name__ == "__main__":
    main()
