"""Print how often the trend methods alarm where there is no trend, and how often they find one.

Run: python benchmarks/simulations/trend.py
"""

import numpy as np
import pandas as pd

from outcomes.statistics.trend import monotone_trend, weighted_trend

DRAWS = 20_000
SEED = 2024


def main() -> None:
    """Print three Markdown tables."""
    rng = np.random.default_rng(SEED)
    print("| weighted rule, 5 points | nominal | achieved |\n|---|---:|---:|")
    for name, extra in (("limits tell all", 0), ("as much real scatter again", 1)):
        years = rng.normal(0, np.hypot(1, extra), (DRAWS, 5))
        print(f"| {name} | 0.2% | {_rate(weighted_trend(_table(years, 1.96)))} |")
    pools = _pools(rng.normal(size=(DRAWS, 7)))
    for name, length in (("three-year averages, shared years known", 3), ("... ignored", 1)):
        found = weighted_trend(_table(pools, 1.96 / 3**0.5, length))
        print(f"| {name} | 0.2% | {_rate(found)} |")
    print("\n| Mann-Kendall, points | nominal | separate | AR(1) 0.3 | trend of 0.3 sd a year |")
    print("|---|---:|---:|---:|---:|")
    for n in (5, 8, 12, 20):
        noise = rng.normal(size=(DRAWS, n))
        kinds = noise, _dependent(rng, n), noise + 0.3 * np.arange(n)
        rates = " | ".join(_rate(monotone_trend(_table(kind))) for kind in kinds)
        print(f"| {n} | 5% | {rates} |")
    print("\n| three-year averages, points | nominal | ignored | allowed for | every third |")
    print("|---|---:|---:|---:|---:|")
    for n in (8, 12, 20):
        pools = _pools(rng.normal(size=(DRAWS, n + 2)))
        kinds = _table(pools), _table(pools, length=3), _table(pools[:, ::-1][:, ::3][:, ::-1])
        rates = " | ".join(_rate(monotone_trend(kind)) for kind in kinds)
        print(f"| {n} | 5% | {rates} |")


def _pools(years: np.ndarray) -> np.ndarray:
    return np.lib.stride_tricks.sliding_window_view(years, 3, axis=1).mean(axis=2)


def _dependent(rng: np.random.Generator, n: int) -> np.ndarray:
    noise = rng.normal(size=(DRAWS, n + 50))
    for place in range(1, n + 50):
        noise[:, place] += 0.3 * noise[:, place - 1]
    return noise[:, 50:]


def _table(value: np.ndarray, half: float = np.nan, length: int = 1) -> pd.DataFrame:
    g, t = value.shape
    starts = pd.to_datetime([f"{1980 + year}-01-01" for year in range(t)])
    return pd.DataFrame(
        {
            "series": "s",
            "area_code": np.repeat(np.arange(g), t),
            "period_start": np.tile(starts, g),
            "period_end": np.tile(starts + pd.DateOffset(years=length, days=-1), g),
            "value": value.ravel(),
            "lower": value.ravel() - half,
            "upper": value.ravel() + half,
        }
    )


def _rate(found: pd.DataFrame) -> str:
    if (found["direction"] == "cannot_be_calculated").all():
        return "none possible"
    return f"{found['direction'].isin(['increasing', 'decreasing']).mean():.2%}"


if __name__ == "__main__":
    main()
