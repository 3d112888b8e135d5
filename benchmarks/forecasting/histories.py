"""The histories of a store on an even grid, and every past forecast that can be scored."""

import zlib
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pandas as pd

from outcomes.store import Store

HORIZON = 3
FEWEST = 5
"""Figures up to and with the origin."""
STEPS = {12: "yearly", 3: "quarterly", 1: "monthly"}
LONGER = {"lait": 10}
"""Fewest figures in a history of a source, where that is more than one after the first origin."""
SHOCK = (2020, 2021)
KEYS = ["indicator", "area_code"]


@dataclass(frozen=True)
class Grid:
    """Histories of one spacing side by side: a row a history, a column a period."""

    keys: pd.DataFrame
    """A row a history: series (its id), indicator, area_code, source, polarity, half."""
    figures: np.ndarray
    """Shape (g, t); NaN where there is no figure."""
    first: int
    """The number of the first column's period: its year, quarter or month."""
    table: pd.DataFrame
    """The same as the forecast takes it: series, period, value, lower, upper, bounds."""
    middle: np.ndarray
    """The calendar year in which each period has its middle; shape (g, t)."""
    step: int
    """Months between periods."""


def read(store: Store) -> pd.DataFrame:
    """Return everyone's published figures of all series: no group, nothing imputed or projected."""
    described = store.described()
    rows = store.observations(list(described.index))
    use = rows["group_kind"].eq("") & rows["value"].notna()
    rows = rows[use & ~rows["status"].isin(["imputed", "projected"])]
    rows = rows.rename(columns={"series": "indicator"})
    about = described[["source", "unit", "polarity"]]
    return rows.merge(about, left_on="indicator", right_index=True)


def fewer(rows: pd.DataFrame, most: int) -> pd.DataFrame:
    """Return the rows of at most some areas an indicator, the same at every run."""
    areas = rows[KEYS].drop_duplicates().sample(frac=1, random_state=1)
    return rows.merge(areas[areas.groupby("indicator").cumcount() < most], on=KEYS)


def numbered(rows: pd.DataFrame) -> pd.DataFrame:
    """Return the rows with the months between periods of their series, and their period's number.

    Periods end at the same time of the year in one series, or nearly. A row whose period cannot
    be told from an earlier one's is left out, and a history whose own periods lie further apart.
    """
    after = rows["period_end"] + pd.Timedelta(days=1)
    month = after.dt.year * 12 + after.dt.month - 1 + (after.dt.day > 15)
    rows = rows.assign(month=month).sort_values([*KEYS, "month"])
    rows["step"] = rows.groupby(KEYS)["month"].diff()
    usual = rows.groupby("indicator")["step"].transform("median")
    own = rows.groupby(KEYS)["step"].transform("median")
    rows = rows.assign(step=usual)[usual.isin(STEPS) & own.eq(usual)]
    start = rows.groupby("indicator")["month"].transform("min")
    number = (start - 1) // rows["step"] + ((rows["month"] - start) / rows["step"]).round()
    rows = rows.assign(number=number.astype(int), step=rows["step"].astype(int))
    return rows.drop_duplicates([*KEYS, "number"])


def periods(numbers: pd.Series, step: int) -> pd.Series:
    """Return periods as the forecast takes them: years, or the first day of a month."""
    if step == 12:
        return numbers
    months = (numbers.to_numpy() * step - 1970 * 12).astype("datetime64[M]")
    return pd.Series(months.astype("datetime64[ns]"), index=numbers.index)


def long_enough(rows: pd.DataFrame) -> pd.DataFrame:
    """Return the rows of histories from which a forecast can be scored."""
    count = rows.groupby(KEYS)["number"].transform("size")
    return rows[count >= rows["source"].map(LONGER).astype(float).fillna(FEWEST + 1)]


def grid(rows: pd.DataFrame, step: int) -> Grid:
    """Return the histories of one spacing; there must be one that is long enough."""
    rows = long_enough(rows[rows["step"].eq(step)])
    rows = rows.assign(series=rows["indicator"] + "|" + rows["area_code"])
    rows[["bound_low", "bound_high"]] = bounds(rows)
    rows["period"] = periods(rows["number"], step)
    keys = rows.drop_duplicates("series").sort_values("series", ignore_index=True)
    keys = keys[["series", *KEYS, "source", "polarity"]]
    keys["half"] = ["AB"[zlib.crc32(code.encode()) % 2] for code in keys["area_code"]]
    first, last = rows["number"].agg(["min", "max"]).astype(int)
    place = pd.Index(keys["series"]).get_indexer(rows["series"]), rows["number"].to_numpy() - first
    figures = np.full((len(keys), last - first + 1), np.nan)
    figures[place] = rows["value"]
    middle = np.zeros(figures.shape, dtype=int)
    middle[place] = (rows["period_start"] + (rows["period_end"] - rows["period_start"]) / 2).dt.year
    table = rows[["series", "period", "value", "lower", "upper", "bound_low", "bound_high"]]
    return Grid(keys, figures, first, table.reset_index(drop=True), middle, step)


def bounds(rows: pd.DataFrame) -> np.ndarray:
    """Return what figures of each row's indicator can never go beyond: 0, and 100 for percentages.

    An indicator with a negative figure has no bounds. All its figures are asked, later ones too:
    they say what it measures.
    """
    found = rows.groupby("indicator")["value"]
    least, most = found.transform("min"), found.transform("max")
    share = rows["unit"].str.contains("%|percent", case=False, na=False) & most.le(100)
    low = np.where(least >= 0, 0.0, np.nan)
    return np.column_stack([low, np.where(share & (least >= 0), 100.0, np.nan)])


def scale_of(past: np.ndarray) -> np.ndarray:
    """Return the mean absolute change from one period to the next; NaN if none can be told."""
    change = np.abs(np.diff(past, axis=1))
    known = (~np.isnan(change)).sum(axis=1)
    return np.nansum(change, axis=1) / np.where(known > 0, known, np.nan)


def past_forecasts(grid: Grid, methods: dict[str, Callable]) -> pd.DataFrame:
    """Return a row a scored forecast: where it was made, what came, and what each method said.

    Columns row (of the grid), origin, horizon, n (figures up to the origin), value, last, scale,
    shock, and one a method. Every origin with FEWEST figures and a scale above 0 is in.
    """
    origins = range(FEWEST - 1, grid.figures.shape[1] - 1)
    found = [_at(grid, column, methods) for column in origins]
    table = pd.concat(found, ignore_index=True)
    keys = grid.keys.loc[table["row"]].reset_index(drop=True)
    return pd.concat([keys, table], axis=1)


def _at(grid: Grid, column: int, methods: dict[str, Callable]) -> pd.DataFrame:
    ahead = grid.figures[:, column + 1 : column + 1 + HORIZON]
    n = (~np.isnan(grid.figures[:, : column + 1])).sum(axis=1)
    rows = ~np.isnan(grid.figures[:, column]) & (n >= FEWEST) & (~np.isnan(ahead)).any(axis=1)
    rows = np.flatnonzero(rows)
    past = grid.figures[rows, : column + 1]
    scale = scale_of(past)
    rows, past, scale = rows[scale > 0], past[scale > 0], scale[scale > 0]
    begins = np.argmax(~np.isnan(past).all(axis=0)) if len(rows) else 0
    past = past[:, begins:]
    which, h = np.nonzero(~np.isnan(ahead[rows]))
    target = rows[which], column + 1 + h
    return pd.DataFrame(
        {
            "row": rows[which],
            "origin": grid.first + column,
            "horizon": h + 1,
            "n": n[rows[which]],
            "value": grid.figures[target],
            "last": past[which, -1],
            "scale": scale[which],
            "shock": np.isin(grid.middle[target], SHOCK),
            **{name: method(past, HORIZON)[which, h] for name, method in methods.items()},
        }
    )
