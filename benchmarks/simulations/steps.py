"""Print how often steps and control charts alarm without cause, and how often steps are found.

Run: python benchmarks/simulations/steps.py
"""

import numpy as np
import pandas as pd

from outcomes.statistics.breaks import autocorrelation, control_chart, steps

DRAWS = 20_000
SEED = 2025
FIRST = 1980
AREAS = 50


def main() -> None:
    """Print seven Markdown tables."""
    rng = np.random.default_rng(SEED)
    print(
        "| points | nominal | level | trend | parabola | AR(1) 0.3 |\n|---|---:|---:|---:|---:|---:|"
    )
    for n in (8, 12, 20):
        noise = rng.normal(size=(DRAWS, n))
        kinds = (
            noise,
            noise + np.arange(n),
            noise + 0.1 * np.arange(n) ** 2,
            _dependent(rng, n, 0.3),
        )
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
    _alarms_of_dependent(rng)
    _alarms_of_few(rng)
    _power_of_dependent(rng)
    _alarms_of_others(rng)


def _power(rng: np.random.Generator, n: int, size: float) -> str:
    after = np.arange(n) >= n // 2
    found = steps(_table(rng.normal(size=(DRAWS, n)) + size * after))
    there = found["found"] & (found["at"] == str(FIRST + n // 2))
    held = (found["size_lower"] <= size) & (found["size_upper"] >= size)
    return f"{found['found'].mean():.1%} | {there.mean():.1%} | {held[found['found']].mean():.1%}"


def _alarms_of_dependent(rng: np.random.Generator) -> None:
    print("\n| points | rho | taken as 0 | known | of 50 areas | half with a step | half shared |")
    print("|---|---:|---:|---:|---:|---:|---:|")
    stepped = np.arange(DRAWS) % 2 == 1
    for n in (8, 12, 20):
        for rho in (0, 0.3, 0.6, 0.9, 1):
            value = _dependent(rng, n, rho)
            together = np.repeat(_dependent(rng, n, rho)[: DRAWS // AREAS], AREAS, axis=0)
            planted = value + 4 * np.outer(stepped, np.arange(n) >= n // 2)
            alarms = [
                _found(value, 0),
                _found(value, min(rho, 0.9)),
                _found(value),
                _found(planted)[~stepped],
                _found(np.sqrt(0.5) * (value + together)),
            ]
            print(f"| {n} | {rho} |", " | ".join(f"{rate.mean():.1%}" for rate in alarms), "|")


def _alarms_of_few(rng: np.random.Generator) -> None:
    counts = (1, 3, 10, 20, 50, 200)
    print("\n| points | rho |", " | ".join(str(areas) for areas in counts), "|")
    print("|---|---:|" + "---:|" * len(counts))
    for n in (8, 12, 20):
        for rho in (0.3, 0.6):
            value = _dependent(rng, n, rho)
            rates = (_found(value, areas=areas).mean() for areas in counts)
            print(f"| {n} | {rho} |", " | ".join(f"{rate:.1%}" for rate in rates), "|")


def _power_of_dependent(rng: np.random.Generator) -> None:
    print("\n| points | rho | 3 sd, known | 3 sd, of 50 areas | 5 sd, known | 5 sd, of 50 areas |")
    print("|---|---:|---:|---:|---:|---:|")
    stepped = np.arange(DRAWS) % 2 == 1
    for n in (8, 12, 20):
        for rho in (0, 0.3, 0.6):
            value, after = _dependent(rng, n, rho), np.outer(stepped, np.arange(n) >= n // 2)
            tables = [value + size * after for size in (3, 5)]
            found = (_found(table, given)[stepped] for table in tables for given in (rho, None))
            print(f"| {n} | {rho} |", " | ".join(f"{rate.mean():.1%}" for rate in found), "|")


def _alarms_of_others(rng: np.random.Generator) -> None:
    print("\n| points | parabola | random walk and noise | rho 0 among 0.6 | rho 0.6 among 0 |")
    print("|---|---:|---:|---:|---:|")
    tied = np.arange(DRAWS) % 2 == 1
    for n in (8, 12, 20):
        noise = rng.normal(size=(DRAWS, n))
        mixed = np.where(tied[:, None], _dependent(rng, n, 0.6), noise)
        bent = _found(noise + 0.1 * np.arange(n) ** 2)
        walk = _found(_dependent(rng, n, 1) + noise)
        found = _found(mixed)
        rates = (rate.mean() for rate in (bent, walk, found[~tied], found[tied]))
        print(f"| {n} |", " | ".join(f"{rate:.1%}" for rate in rates), "|")


def _found(value: np.ndarray, rho: float | None = None, areas: int = AREAS) -> np.ndarray:
    """Return where a step is found, with the rho given or that of each so many areas."""
    table = _table(value)
    table["series"] = table["area_code"] // areas
    if rho is None:
        rho = autocorrelation(table)["rho"]
    return steps(table, autocorrelation=rho)["found"].to_numpy()


def _dependent(rng: np.random.Generator, n: int, rho: float) -> np.ndarray:
    """Return noise of standard deviation 1, or a random walk if rho is 1."""
    noise = rng.normal(size=(DRAWS, n + 50))
    for place in range(1, n + 50):
        noise[:, place] += rho * noise[:, place - 1]
    return noise[:, 50:] * (np.sqrt(1 - rho**2) if rho < 1 else 1)


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
