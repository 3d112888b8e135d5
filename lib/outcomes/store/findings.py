"""What an analyst should look at before trusting a table: warnings by stated rules, all rows kept.

Each rule is one sentence in RULES; a finding names the rule, the series, the area and the figure.
"""

import numpy as np
import pandas as pd

STOPPED = 2
"""Periods: an area whose series ends that many before the series' newest has stopped."""
JUMP = 15
"""Times the median change between neighbouring periods of the series, over all areas."""
LEAST_JUMP = 1.0
"""And a change by at least that share of the earlier value: 1.0 is a doubling, or its reverse."""
FEWEST = 20
"""Changes that a series needs before a median of them says what is usual."""

RULES = {
    "outside_interval": "the value lies outside its own interval",
    "interval_turned": "the lower limit is above the upper one",
    "percentage": "a percentage below 0 or above 100",
    "jump": (
        f"more than {JUMP} times the usual change between neighbouring periods of the series, and "
        "at least a doubling or a halving"
    ),
    "stopped": f"the area's figures end {STOPPED} or more periods before the series' newest",
    "gap": "one or more periods that other areas have are missing in between",
    "obsolete_code": "the area's code is no longer in use; its successor may stand here too",
    "numerator": "the count is above the base it is a part of",
}
"""Why a row is in the list."""

FINDINGS = ("rule", "series", "area_code", "period", "value", "detail")
_PLACE = ["series", "area_code", "group_kind", "group"]


def no_findings() -> pd.DataFrame:
    """Return a table of findings with none in it."""
    return pd.DataFrame({name: pd.Series(dtype="object") for name in FINDINGS})


def find(table: pd.DataFrame, series: pd.DataFrame, areas: pd.DataFrame) -> pd.DataFrame:
    """Return what breaks a rule of RULES, a row a finding.

    Parameters
    ----------
    table : pandas.DataFrame
        Tidy, whole series; columns as OBSERVATION_COLUMNS. Rows without a value break no rule but
        those on periods.
    series : pandas.DataFrame
        Columns series and unit: a unit that begins with '%' or 'per cent' is a percentage.
    areas : pandas.DataFrame
        Columns area_code and end, the last year of a code that is no longer in use.
    """
    rows = table.sort_values([*_PLACE, "period_start", "period_end"], ignore_index=True)
    own = rows[_PLACE]
    rows["place"] = own.ne(own.shift()).any(axis=1).cumsum()
    value, unit = rows["value"], _units(rows, series)
    percent = unit.str.lower().str.match(r"(%|per ?cent)(?!.*(gap|point|change|differ))")
    share = (rows["numerator"] > rows["denominator"]) & percent
    low, high = rows["lower"], rows["upper"]
    with np.errstate(invalid="ignore"):  # comparing what is missing is no error here
        out, turned = ((value < low) | (value > high)) & (low <= high), low > high
        over = (value < 0) | (value > 100)
    parts = [
        _limits(_found(rows, "outside_interval", out), rows),
        _limits(_found(rows, "interval_turned", turned), rows),
        _found(rows, "percentage", percent & over),
        _found(rows, "numerator", share),
        _jumps(rows),
        *_periods(rows, areas),
    ]
    held = [part for part in parts if not part.empty]
    return pd.concat(held, ignore_index=True) if held else no_findings()


def _units(rows: pd.DataFrame, series: pd.DataFrame) -> pd.Series:
    said = series.reindex(columns=["series", "unit"]).astype("object").fillna("")
    units = dict(zip(said["series"], said["unit"], strict=True))
    return rows["series"].map(lambda name: str(units.get(name, ""))).astype("str")


def _found(rows: pd.DataFrame, rule: str, mask: pd.Series) -> pd.DataFrame:
    return rows[mask.to_numpy(dtype=bool)].assign(rule=rule, detail="")[list(FINDINGS)]


def _limits(found: pd.DataFrame, rows: pd.DataFrame) -> pd.DataFrame:
    limits = zip(*(rows.loc[found.index, name] for name in ("lower", "upper")), strict=True)
    return found.assign(detail=[f"interval {low:g} to {high:g}" for low, high in limits])


def _jumps(rows: pd.DataFrame) -> pd.DataFrame:
    """Find changes between neighbours that stand far out of what is usual for the series."""
    known = rows[rows["value"].notna()]
    before = known.groupby("place", sort=False)["value"].shift()
    change = (known["value"] - before).abs()
    by_series = change.groupby(known["series"])
    usual = by_series.transform("median").where(by_series.transform("count") >= FEWEST)
    least = np.fmin(known["value"].abs(), before.abs())
    far = (change > JUMP * usual) & (usual > 0) & (change >= LEAST_JUMP * least)
    found = _found(known, "jump", far)
    return found.assign(detail=[f"from {value:g}" for value in before.loc[found.index]])


def _periods(rows: pd.DataFrame, areas: pd.DataFrame) -> list[pd.DataFrame]:
    """Find areas whose periods end early or leave some out, and those whose code has ended."""
    known = rows[rows["value"].notna()]
    order = known.groupby("series")["period_start"].rank("dense").astype(int)
    known = known.assign(order=order)
    last = known.drop_duplicates("place", keep="last").set_index("place")
    places = known.groupby("place")["order"].agg(["min", "max", "nunique"])
    newest = last["series"].map(order.groupby(known["series"]).max().to_dict()).astype(int)
    ended = last["area_code"].isin(set(areas.loc[areas["end"].notna(), "area_code"]))
    behind = newest - places["max"]
    missing = places["max"] - places["min"] + 1 - places["nunique"]
    return [
        _counted(_found(last, "stopped", (behind >= STOPPED) & ~ended), behind, "behind"),
        _counted(_found(last, "gap", missing > 0), missing, "missing"),
        _found(last, "obsolete_code", ended),
    ]


def _counted(found: pd.DataFrame, numbers: pd.Series, word: str) -> pd.DataFrame:
    counts = numbers.loc[found.index]
    return found.assign(detail=[f"{n} period{'' if n == 1 else 's'} {word}" for n in counts])
