"""How often the verdict on a gap is wrong, and how often it is found: prints Markdown tables."""

import numpy as np
import pandas as pd

from outcomes.statistics.inequality import gap_trend, places_gap

SEED = 20240517
HISTORIES = 4000
COUNCILS = 600
PLACES = 30
YEARS = 8
Z = 1.959964


def table_of(values: np.ndarray, error: np.ndarray | float | None, years: int = 1) -> pd.DataFrame:
    """Return the gaps of shape (g, t) as a table, one period a year, each of so many years."""
    g, t = values.shape
    starts = pd.to_datetime([f"{2010 + i}-01-01" for i in range(t)])
    ends = pd.to_datetime([f"{2009 + i + years}-12-31" for i in range(t)])
    table = pd.DataFrame(
        {
            "area_code": np.repeat(np.arange(g), t),
            "period_start": np.tile(starts, g),
            "period_end": np.tile(ends, g),
            "value": values.ravel(),
        }
    )
    if error is None:
        return table
    arm = Z * np.broadcast_to(error, values.shape).ravel()
    return table.assign(lower=table["value"] - arm, upper=table["value"] + arm)


def drawn(rng, t: int, slope: float, *, pooled: bool = False, extra: float = 1.0) -> np.ndarray:
    """Return gaps of 10 with a standard error of 1, moving by `slope` a year."""
    if not pooled:
        return 10 + slope * np.arange(t) + extra * rng.standard_normal((HISTORIES, t))
    single = np.sqrt(3) * rng.standard_normal((HISTORIES, t + 2))
    return 10 + slope * np.arange(t) + (single[:, :-2] + single[:, 1:-1] + single[:, 2:]) / 3


def verdicts(table: pd.DataFrame) -> dict[str, float]:
    """Return the share of histories with each verdict."""
    found = gap_trend(table, by=["area_code"])["verdict"]
    return found.value_counts(normalize=True).to_dict()


def trends(rng) -> None:
    """Print false verdicts without a change, and closing found where the gap closes."""
    cases = {
        "with limits": ({}, 1.0, 1),
        "with limits, scatter twice as wide": ({"extra": 2.0}, 1.0, 1),
        "with limits, three-year pools": ({"pooled": True}, 1.0, 3),
        "with limits, pools, overlap ignored": ({"pooled": True}, 1.0, 1),
        "without limits": ({}, None, 1),
        "without limits, three-year pools": ({"pooled": True}, None, 3),
        "without limits, pools, overlap ignored": ({"pooled": True}, None, 1),
    }
    found = "found, closing by half a standard error a year"
    print(f"| case | points | false verdicts (nominal 5%) | {found} | wrong way |")
    print("|---|---|---|---|---|")
    for name, (options, error, years) in cases.items():
        for t in (5, 8, 12):
            none = verdicts(table_of(drawn(rng, t, 0, **options), error, years))
            moved = verdicts(table_of(drawn(rng, t, -0.5, **options), error, years))
            false = 1 - none.get("cannot_tell", 0)
            print(
                f"| {name} | {t} | {false:.1%} | {moved.get('closing', 0):.1%} "
                f"| {moved.get('widening', 0):.1%} |"
            )


def council_tables(rng, true_sd: np.ndarray) -> pd.DataFrame:
    """Return places of many councils, whose true levels differ and whose noise is as wide."""
    level = rng.standard_normal((COUNCILS, PLACES, 1)) * true_sd
    values = 50 + level + 5 * rng.standard_normal((COUNCILS, PLACES, YEARS))
    table = table_of(values.reshape(-1, YEARS), 5.0)
    return table.assign(
        council=np.repeat(np.arange(COUNCILS), PLACES * YEARS),
        denominator=np.repeat(rng.uniform(500, 1500, COUNCILS * PLACES), YEARS),
    )


def worst_five(table: pd.DataFrame) -> pd.DataFrame:
    """Return the gap of each council's five highest places of the first year to all places."""
    values = table["value"].to_numpy().reshape(COUNCILS, PLACES, YEARS)
    worst = np.argsort(-values[:, :, 0], axis=1)[:, :5]
    mean = np.take_along_axis(values, worst[:, :, None], axis=1).mean(axis=1)
    return table_of(mean - values.mean(axis=1), 5 * np.sqrt(1 / 5 - 1 / PLACES))


def untested(gaps: pd.DataFrame) -> dict[str, float]:
    """Return the verdicts of a reader who sets the last year against the first, without a test."""
    ends = gaps.groupby("area_code")["value"].agg(["first", "last"])
    closing = float((ends["last"] < ends["first"]).mean())
    return {"closing": closing, "widening": 1 - closing}


def extremes(table: pd.DataFrame) -> pd.DataFrame:
    """Return the highest minus the lowest place of each year."""
    values = table["value"].to_numpy().reshape(COUNCILS, PLACES, YEARS)
    return table_of(values.max(axis=1) - values.min(axis=1), None)


def places(rng) -> None:
    """Print what is said of places whose true differences stay, shrink and grow."""
    print("| true spread (noise 5) | method | closing | widening | cannot tell |")
    print("|---|---|---|---|---|")
    for name, true_sd in {
        "stays 5": np.full(YEARS, 5.0),
        "stays 2": np.full(YEARS, 2.0),
        "8 to 4": np.linspace(8, 4, YEARS),
        "4 to 8": np.linspace(4, 8, YEARS),
    }.items():
        table = council_tables(rng, true_sd)
        spread = places_gap(table, by=["council"])["verdict"].value_counts(normalize=True)
        shares = {
            "spread of all places": spread.to_dict(),
            "worst five of the first year": verdicts(worst_five(table)),
            "the same, last year against first, untested": untested(worst_five(table)),
            "highest minus lowest": verdicts(extremes(table)),
        }
        for method, share in shares.items():
            words = [f"{share.get(word, 0):.1%}" for word in ("closing", "widening", "cannot_tell")]
            print(f"| {name} | {method} | {' | '.join(words)} |")


def main() -> None:
    """Print both tables."""
    rng = np.random.default_rng(SEED)
    trends(rng)
    print()
    places(rng)


if __name__ == "__main__":
    main()
