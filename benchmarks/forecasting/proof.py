"""The parts of the proof: errors, ranges, chances and speed, printed one after another."""

import time

import numpy as np
import pandas as pd

from forecasting import competitors
from forecasting.histories import HORIZON, STEPS, Grid, grid, long_enough, past_forecasts, periods
from forecasting.scoring import (
    by_indicator,
    chance_table,
    coverage_table,
    error_table,
    errors,
    sampled,
    worst_coverage,
    worst_errors,
)
from outcomes.statistics.forecasting.backtest import backtest
from outcomes.statistics.forecasting.forecast import forecast
from outcomes.statistics.forecasting.reliability import chance_record

SETTINGS = {"horizon": HORIZON, "levels": (0.8, 0.95)}
RANGES = ["lower_80", "upper_80", "lower_95", "upper_95"]
EACH = 12
"""Past forecasts of each indicator on which statsmodels is run."""
CHECKED = 20
"""Indicators' origins at which the back-test is checked against a forecast from cut histories."""
TIMED = 200
"""Histories on which statsmodels is timed."""
HALVES = {"B": ["B"], "A": ["A"], "both": ["A", "B"]}
SHOWN = {"both": ["B", "both"], "A": ["A"], "B": ["B"]}
YEARS = {False: "outside 2020 and 2021", True: "in 2020 and 2021"}
JUDGED = ["higher_is_better", "lower_is_better"]


def proof(rows: pd.DataFrame, half: str) -> None:
    """Print everything about yearly histories."""
    rng = np.random.default_rng(20260401)
    made = grid(rows, 12)
    scored = with_ours(made, past_forecasts(made, competitors.ALL))
    ways = scored["method"].value_counts(normalize=True)
    print(
        f"{scored['series'].nunique():,} histories of {scored['indicator'].nunique()} indicators, "
        f"{len(scored[['row', 'origin']].drop_duplicates()):,} origins, {len(scored):,} scored "
        f"figures. Made by: {', '.join(f'{name} {x:.1%}' for name, x in ways.items())}.\n"
    )
    check_fair(made, scored, rng)
    check_line(made, scored, rng)
    print_errors(scored, half)
    print_statsmodels(made, scored[scored["half"].isin(HALVES[half])], rng)
    print_ranges(scored, half)
    print_chances(scored, half)
    print_speed(made, rng)


def groups_of(grid: Grid) -> pd.Series:
    """Return the indicator of each history, as the forecast takes it."""
    return grid.keys.set_index("series")["indicator"]


def with_ours(grid: Grid, scored: pd.DataFrame) -> pd.DataFrame:
    """Return the scored forecasts with our own, its ranges and its own scale."""
    ours = backtest(grid.table, **SETTINGS, groups=groups_of(grid))
    ours = ours.rename(columns={"mean": "ours", "scale": "own_scale", "value": "came"})
    columns = ["series", "origin", "horizon", "came", "ours", *RANGES, "own_scale", "method"]
    scored = scored.assign(number=scored["origin"], origin=periods(scored["origin"], grid.step))
    found = scored.merge(ours[columns], on=["series", "origin", "horizon"], how="left")
    refused = found["ours"].isna()
    assert (refused | found["came"].eq(found["value"])).all(), "the back-test has other figures"
    if refused.any():
        print(f"{refused.sum():,} of {len(found):,} were refused, and are scored for no method.\n")
    return found[~refused].reset_index(drop=True)


def check_fair(grid: Grid, scored: pd.DataFrame, rng: np.random.Generator) -> None:
    """Stop unless the back-test equals forecasts from histories that end at the origin."""
    made = scored[["indicator", "origin"]].drop_duplicates()
    made = made.iloc[rng.choice(len(made), min(CHECKED, len(made)), replace=False)]
    compared, largest, groups = 0, 0.0, groups_of(grid)
    for indicator, origin in made.itertuples(index=False):
        ours = grid.table["series"].map(groups).eq(indicator)
        cut = grid.table[ours & (grid.table["period"] <= origin)]
        found = forecast(cut, **SETTINGS, groups=groups)
        theirs = scored[scored["indicator"].eq(indicator) & scored["origin"].eq(origin)]
        both = theirs.merge(found, on=["series", "horizon"], suffixes=("", "_cut"))
        assert len(both) == len(theirs), (indicator, origin, len(both), len(theirs))
        again = both[["mean", *(f"{name}_cut" for name in RANGES)]].to_numpy(dtype=float)
        apart = np.abs(both[["ours", *RANGES]].to_numpy(dtype=float) - again)
        largest = max(largest, float((apart / both[["scale"]].to_numpy()).max()))
        compared += len(both)
    assert largest < 1e-6, f"back-test and forecasts from cut histories differ by {largest}"
    print(
        f"The back-test equals forecasts from histories that end at the origin: {compared:,} "
        f"forecasts at {len(made)} origins, largest difference {largest:.1g} of a scale.\n"
    )


def check_line(grid: Grid, scored: pd.DataFrame, rng: np.random.Generator) -> None:
    """Stop unless the straight line is numpy's own on fifty past forecasts."""
    for row in scored.sample(50, random_state=rng).itertuples():
        past = grid.figures[row.row, : row.number - grid.first + 1]
        at = np.flatnonzero(~np.isnan(past))[-5:]
        expected = np.polyval(np.polyfit(at, past[at], 1), len(past) - 1 + row.horizon)
        assert np.isclose(row.linear, expected, rtol=1e-6, atol=1e-6 * row.scale), row


def print_errors(scored: pd.DataFrame, half: str) -> None:
    """Print the errors by half, shock years apart, and by source."""
    methods = ["ours", *competitors.ALL]
    print(
        "## Errors\n\nIn the history's own mean change from one period to the next, 1 to 3 periods "
        "ahead. Alike: every indicator has the same weight, not every figure.\n"
    )
    for name in SHOWN[half]:
        part = scored[scored["half"].isin(HALVES[name])]
        for shock, years in YEARS.items():
            of_it = part[part["shock"].eq(shock)]
            print(f"Areas: {name}. {len(of_it):,} figures {years}.\n")
            print(error_table(of_it, methods))
    for source, part in scored.groupby("source"):
        of_it = part[part["half"].isin(HALVES[half]) & ~part["shock"]]
        print(f"Areas: {half}. {source}: {len(of_it):,} figures {YEARS[False]}.\n")
        print(error_table(of_it, methods))


def print_statsmodels(grid: Grid, scored: pd.DataFrame, rng: np.random.Generator) -> None:
    """Print our errors beside statsmodels' on a sample, and how our Theta agrees with its."""
    sample = sampled(scored, EACH, rng)
    made = sample[["row", "number"]].drop_duplicates().reset_index(drop=True)
    pasts = [
        competitors.filled(grid.figures[[row], : number - grid.first + 1])[0]
        for row, number in made.itertuples(index=False)
    ]
    pasts = [past[~np.isnan(past)] for past in pasts]
    at = made.reset_index().merge(sample, on=["row", "number"])
    theirs = {"statsmodels ETS": competitors.by_ets, "statsmodels Theta": competitors.by_theta}
    for name, method in theirs.items():
        found = competitors.one_by_one(method, pasts, HORIZON)
        at[name] = found[at["index"], at["horizon"] - 1]
    known = at[list(theirs)].notna().all(axis=1)
    at, failed = at[known], int((~known).sum())
    apart = (at["theta"] - at["statsmodels Theta"]).abs() / at["scale"]
    off = errors(at, ["theta", "statsmodels Theta"]).mean()
    print(
        f"## Beside statsmodels, on a sample\n\n{len(made):,} past forecasts, at most {EACH} an "
        f"indicator; {failed} figures left out where statsmodels failed. Theta for many histories "
        f"at once is within 1% of a scale of statsmodels' in {(apart < 0.01).mean():.1%} (its "
        f"search for the weight can stop at another minimum); error {off['theta']:.3f} beside "
        f"{off['statsmodels Theta']:.3f}.\n"
    )
    for shock, years in YEARS.items():
        print(f"{at['shock'].eq(shock).sum():,} figures {years}.\n")
        print(error_table(at[at["shock"].eq(shock)], ["ours", "naive", "theta", *theirs]))


def print_ranges(scored: pd.DataFrame, half: str) -> None:
    """Print coverage and the worst indicators."""
    for name in SHOWN[half]:
        part = scored[scored["half"].isin(HALVES[name])]
        calm, shock = part[~part["shock"]], part[part["shock"]]
        table = by_indicator(calm)
        print(f"## Indicators beside naive (areas: {name})\n\n{worst_errors(table)}")
        print(f"## Ranges (areas: {name})\n\n{YEARS[False].capitalize()}:\n")
        print(coverage_table(calm))
        print(f"{YEARS[True].capitalize()}:\n\n{coverage_table(shock)}")
        print(f"By indicator {YEARS[False]}: {worst_coverage(table)}")


def print_chances(scored: pd.DataFrame, half: str) -> None:
    """Print how often targets of the past were met, beside the chance given to them."""
    print("## Chances of meeting targets\n")
    frame = scored.drop(columns="scale").rename(columns={"ours": "mean", "own_scale": "scale"})
    frame["polarity"] = frame["polarity"].where(frame["polarity"].isin(JUDGED), JUDGED[0])
    for name in SHOWN[half]:
        for shock, years in YEARS.items():
            part = frame[frame["half"].isin(HALVES[name]) & frame["shock"].eq(shock)]
            found = chance_record(part, polarity=part["polarity"].to_numpy())
            off = 100 * (found.bands["met"] - found.bands["said"]).abs().max()
            print(
                f"Areas: {name}. {found.targets:,} targets {years}. Brier score {found.brier:.4f}; "
                f"always the share met of targets as hard {found.base_brier:.4f}, of all "
                f"{found.plain_brier:.4f}. The tenth furthest off: {off:.1f} points.\n"
            )
            print(chance_table(found.bands))


def print_speed(grid: Grid, rng: np.random.Generator) -> None:
    """Print how many series a second are forecast, beside statsmodels."""
    started = time.perf_counter()
    forecast(grid.table, **SETTINGS, groups=groups_of(grid))
    ours = len(grid.keys) / (time.perf_counter() - started)
    chosen = grid.figures[rng.choice(len(grid.keys), min(TIMED, len(grid.keys)), replace=False)]
    pasts = [row[~np.isnan(row)] for row in chosen]
    started = time.perf_counter()
    competitors.one_by_one(competitors.by_ets, pasts, HORIZON)
    theirs = len(pasts) / (time.perf_counter() - started)
    print(
        f"## Speed, one core\n\nOurs: {ours:,.0f} series a second ({len(grid.keys):,} yearly "
        f"series, with ranges). statsmodels ETS, {len(pasts)} of them, without ranges: "
        f"{theirs:,.0f} a second. Ratio {ours / theirs:,.0f}.\n"
    )


def print_apart(rows: pd.DataFrame, half: str, steps: list[int]) -> None:
    """Print errors and coverage of sources or spacings that are not in the main tables."""
    for step in steps:
        if long_enough(rows[rows["step"].eq(step)]).empty:
            continue
        made = grid(rows, step)
        season = {"same season": competitors.same_season(12 // step)} if step < 12 else {}
        methods = {**competitors.ALL, **season}
        scored = with_ours(made, past_forecasts(made, methods))
        scored = scored[scored["half"].isin(HALVES[half]) & ~scored["shock"]]
        print(
            f"## {STEPS[step].capitalize()} series of {', '.join(made.keys['source'].unique())}\n\n"
            f"{scored['series'].nunique():,} histories, {scored['indicator'].nunique()} indicators, "
            f"{len(scored):,} figures {YEARS[False]}; areas: {half}.\n"
        )
        print(error_table(scored, ["ours", *methods]))
        print(coverage_table(scored))
