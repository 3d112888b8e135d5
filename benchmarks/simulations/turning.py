"""How often a curve is called turned that was not, and was: prints Markdown tables."""

import numpy as np
import pandas as pd
from scipy.special import ndtri

from outcomes.statistics.forecasting.turning import turned

SEED = 20240517
SERIES = 20_000
LONGEST = 5
DAMPING = 0.8
HORIZONS = np.arange(1, LONGEST + 1)


def walk_sd(noise: float) -> np.ndarray:
    """Return the true error of the last figure carried on, with noisy figures at both ends."""
    return np.sqrt(HORIZONS + 2 * noise**2)


def damped(rng, trend: float) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return walks whose trend, itself moving, fades; their forecasts; and the true error.

    The trend starts at `trend` yearly movements a year and moves by 0.3 of one each year.
    """
    slope, level = np.full(SERIES, trend), np.zeros(SERIES)
    values = np.empty((SERIES, LONGEST))
    for year in range(LONGEST):
        slope = DAMPING * slope + 0.3 * rng.standard_normal(SERIES)
        level = level + slope + rng.standard_normal(SERIES)
        values[:, year] = level
    reach = (1 - DAMPING**HORIZONS) / (1 - DAMPING)
    error = np.sqrt(HORIZONS + 0.09 * np.cumsum(reach**2))
    return values, trend * DAMPING * reach, error


def walk(rng, noise: float) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return random walks seen with noise, their forecasts (no change) and the true error."""
    true = rng.standard_normal((SERIES, LONGEST)).cumsum(axis=1)
    seen = noise * rng.standard_normal((SERIES, LONGEST + 1))
    return true + seen[:, 1:] - seen[:, :1], np.zeros(LONGEST), walk_sd(noise)


def table_of(values: np.ndarray, mean: np.ndarray, error: np.ndarray) -> pd.DataFrame:
    """Return figures of shape (series, horizons) beside their stored forecast."""
    table = pd.DataFrame(
        {
            "series": np.repeat(np.arange(len(values)), LONGEST),
            "horizon": np.tile(HORIZONS, len(values)),
            "value": values.ravel(),
            "mean": np.tile(mean, len(values)),
        }
    )
    for level in (80, 95):
        reach = np.tile(ndtri(0.5 + level / 200) * error, len(values))
        table[f"lower_{level}"] = table["mean"] - reach
        table[f"upper_{level}"] = table["mean"] + reach
    return table


def called(table: pd.DataFrame) -> tuple[np.ndarray, float]:
    """Return the share called turned after each figure, and by any of five yearly looks."""
    looks = np.array(
        [
            turned(table[table["horizon"] <= horizon], polarity="higher_is_better")["verdict"]
            == "turned"
            for horizon in HORIZONS
        ]
    )
    return looks.mean(axis=1), float(looks.any(axis=0).mean())


def verdicts(rng) -> None:
    """Print the share called turned, by how far the true path leaves the forecast."""
    kinds = {
        "random walk": lambda: walk(rng, 0.0),
        "random walk, figures with as much noise": lambda: walk(rng, 1.0),
        "walk with a damped worsening trend": lambda: damped(rng, -1.0),
    }
    changes = {
        "none (false alarms)": 0 * HORIZONS,
        "0.25 a year": 0.25 * HORIZONS,
        "0.5 a year": 0.5 * HORIZONS,
        "1 a year": 1.0 * HORIZONS,
        "2 at once": np.full(LONGEST, 2.0),
    }
    print(f"| series | better by | {' | '.join(map(str, HORIZONS))} | at any of five looks |")
    print(f"|---|---|{'---|' * (LONGEST + 1)}")
    for kind, make in kinds.items():
        for change, better in changes.items():
            values, mean, error = make()
            each, ever = called(table_of(values + better, mean, error))
            print(f"| {kind} | {change} | {' | '.join(f'{s:.1%}' for s in each)} | {ever:.1%} |")


def against_last_year(rng) -> None:
    """Print what a reader says who sets the newest figure against the one before."""
    print("| forecast | figures follow it | verdict 'turned' | newest better than the one before |")
    print("|---|---|---|---|")
    for name, trend in {"worsening": -1.0, "improving": 1.0}.items():
        for kind, extra in {"yes": 0.0, "worse by 0.5 a year": -0.5, "better by 1": 1.0}.items():
            values, mean, error = damped(rng, trend)
            values = values + extra * HORIZONS
            each, _ = called(table_of(values, mean, error))
            up = (values[:, 2] > values[:, 1]).mean()
            print(f"| {name} | {kind} | {each[2]:.1%} | {up:.1%} |")


def rules(rng) -> None:
    """Print the newest figure beside two other rules, after five figures of a random walk."""
    shared = np.minimum.outer(HORIZONS, HORIZONS) / np.sqrt(np.outer(HORIZONS, HORIZONS))
    limit = ndtri(0.9)
    print("| better by | newest figure | mean of the scores | newest, and all five better |")
    print("|---|---|---|---|")
    for name, better in {
        "none": 0 * HORIZONS, "0.5 a year": 0.5 * HORIZONS, "1 a year": 1.0 * HORIZONS,
        "2 at once": np.full(LONGEST, 2.0),
    }.items():  # fmt: skip
        values, _, error = walk(rng, 0.0)
        score = (values + better) / error
        mean = score.mean(axis=1) / np.sqrt(shared.mean())
        newest = score[:, -1] > limit
        shares = [newest, mean > limit, newest & (score > 0).all(axis=1)]
        print(f"| {name} | {' | '.join(f'{share.mean():.1%}' for share in shares)} |")


def main() -> None:
    """Print the three tables."""
    rng = np.random.default_rng(SEED)
    for part in (verdicts, rules, against_last_year):
        part(rng)
        print()


if __name__ == "__main__":
    main()
