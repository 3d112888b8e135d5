"""How often the intervals cover the truth, and how often nothing is called a change.

Prints the tables of docs/methods; seeded. Run with `python benchmarks/simulations/intervals.py`.
"""

import numpy as np
import pandas as pd
from scipy import stats

from outcomes.statistics.intervals import (
    european_standard_2013,
    life_expectancy,
    poisson,
    standardised_rates,
    wilson,
)
from outcomes.statistics.survey import wave_change

REPEATS = 10_000
BANDS = european_standard_2013()["age_band"]
PEOPLE = np.linspace(1, 0.15, 19) / np.linspace(1, 0.15, 19).sum()
DYING = 0.0001 * 1.52 ** np.arange(19)


def coverage(lower, upper, truth, weight=None) -> float:
    """Return the share of intervals that hold the truth, of those that there are."""
    lower, upper = np.asarray(lower), np.asarray(upper)
    inside = (lower <= truth) & (truth <= upper)
    known = ~np.isnan(lower)
    return np.average(inside[known], weights=None if weight is None else weight[known])


def by_age(numerator: np.ndarray, denominator: np.ndarray) -> pd.DataFrame:
    """Return counts of shape (repeats, 19) as a table with a row a repeat and age band."""
    repeats = len(numerator)
    return pd.DataFrame(
        {
            "run": np.repeat(np.arange(repeats), 19),
            "age_band": np.tile(BANDS, repeats),
            "numerator": numerator.ravel(),
            "denominator": np.broadcast_to(denominator, numerator.shape).ravel(),
        }
    )


def counts() -> None:
    """Print the exact coverage of the limits of proportions and counts."""
    for n, share in ((20, 0.05), (50, 0.05), (50, 0.5), (1000, 0.02)):
        events = np.arange(n + 1)
        weight = stats.binom.pmf(events, n, share)
        line(
            "proportion (Wilson)",
            f"{share:.0%} of {n:,}",
            coverage(*wilson(events, n), share, weight),
        )
    for mean in (2, 8, 15, 100):
        events = np.arange(400)
        weight = stats.poisson.pmf(events, mean)
        line("count (exact, Byar's)", f"mean {mean}", coverage(*poisson(events), mean, weight))


def standardised() -> None:
    """Print the coverage of directly standardised rates, with and without repeated events."""
    rng, standard = np.random.default_rng(1), european_standard_2013()
    for events in (20, 100, 1000):
        mean = events * PEOPLE * DYING / (PEOPLE * DYING).sum()
        truth = 1e5 * (standard["population"] / 1e5 * mean / (PEOPLE * 1e5)).sum()
        once = rng.poisson(mean, (REPEATS, 19))
        result = standardised_rates(by_age(once, PEOPLE * 1e5), by="run", standard=standard)
        line(
            "standardised rate",
            f"{events} events",
            coverage(result["lower"], result["upper"], truth),
        )
    for adjusted in (False, True):
        # A fifth of the last case's 1,000 events; half of them in people who have three each.
        parts = {each: rng.poisson(mean / 10 / each, (REPEATS, 19)) for each in (1, 3)}
        if adjusted:
            tables = [
                by_age(part, PEOPLE * 1e5).assign(events_each=each) for each, part in parts.items()
            ]
            table = pd.concat(tables, ignore_index=True)
        else:
            table = by_age(parts[1] + 3 * parts[3], PEOPLE * 1e5)
        result = standardised_rates(table, by="run", standard=standard, independent=not adjusted)
        what = "the same, adjusted" if adjusted else "200 events, half in threes, not adjusted"
        line("standardised rate", what, coverage(result["lower"], result["upper"], truth / 5))


def expectancy() -> None:
    """Print the coverage of life expectancy at birth."""
    rng = np.random.default_rng(2)
    truth = life_expectancy(by_age(1e9 * (PEOPLE * DYING)[None], 1e9 * PEOPLE), by="run")[
        "value"
    ].item()
    for size in (5_000, 25_000, 100_000):
        people = size * (1 + 1e-9) * PEOPLE
        result = life_expectancy(
            by_age(rng.poisson(people * DYING, (REPEATS, 19)), people), by="run"
        )
        share = coverage(result["lower"], result["upper"], truth)
        line("life expectancy", f"{size:,} person-years", share)
        missing, bias = result["value"].isna().mean(), result["value"].mean() - truth
        print(f"<!-- {size}: {missing:.1%} without a value, bias {bias:+.2f} years -->")


def changes() -> None:
    """Print how often a survey measure that did not change is called changed."""
    rng = np.random.default_rng(3)
    starts = pd.to_datetime(["2020-01-01", "2021-01-01"])
    for n, share, effect in ((200, 0.1, 1), (500, 0.5, 1), (500, 0.5, 1.5)):
        # People in pairs that answer alike give a design effect of 1.5 where half are paired.
        singles, pairs = (n, 0) if effect == 1 else (n // 2, n // 4)
        yes = rng.binomial(singles, share, (REPEATS, 2)) + 2 * rng.binomial(
            pairs, share, (REPEATS, 2)
        )
        table = pd.DataFrame(
            {
                "series": "s",
                "area_code": np.repeat(np.arange(REPEATS), 2),
                "period_start": np.tile(starts, REPEATS),
                "period_end": np.tile(starts + pd.DateOffset(years=1, days=-1), REPEATS),
                "value": 100 * yes.ravel() / n,
                "answers": n,
            }
        )
        for given in dict.fromkeys((1, effect)):
            verdict = wave_change(table, design_effect=given)["verdict"]
            what = f"{share:.0%} of {n}, design effect {effect}, given as {given}"
            line("survey change", what, 1 - verdict.eq("real").mean())


def line(figure: str, case: str, share: float) -> None:
    """Print one line of the table."""
    print(f"| {figure} | {case} | 95.0% | {share:.1%} |")


if __name__ == "__main__":
    print("| figure | case | nominal | achieved |\n|---|---|---:|---:|")
    counts()
    standardised()
    expectancy()
    changes()
