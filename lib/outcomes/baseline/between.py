"""Gaps between the places within a place and between groups, period by period."""

import numpy as np
import pandas as pd

from outcomes.baseline.figures import BY, Figures
from outcomes.model import Between, Indicator, PlaceGap, Slope
from outcomes.statistics.inequality import gap, gap_trend, place_spread, places_gap, slope_index
from outcomes.statistics.intervals.recovered import difference_interval
from outcomes.statistics.rows import PERIOD

FEWEST_PLACES = 3
MOST = 0.8
"""A period counts if this share of the newest period's areas has a figure in it."""


def common(rows: pd.DataFrame) -> pd.DataFrame:
    """Return the same areas in every period: the periods that most have, and who has them all."""
    key = [rows["series"], rows["period_start"], rows["period_end"]]
    having = rows.groupby(key)["area_code"].transform("nunique")
    newest = having.groupby(rows["series"]).transform("last")
    kept = rows[having >= MOST * newest]
    periods = kept.groupby("series")["period_start"].transform("nunique")
    always = kept.groupby(["series", "area_code"])["value"].transform("size") == periods
    return kept[always]


def place_gaps(figures: Figures) -> dict[str, PlaceGap]:
    """Return the gap between the places within a place (or its siblings), by indicator.

    Periods before a declared break are left out.
    """
    key = figures.broken, figures.members, figures.around
    return figures.kept("place_gaps", key, lambda: _make_place_gaps(figures))


def _make_place_gaps(figures: Figures) -> dict[str, PlaceGap]:
    names, label = figures.members
    rows = figures.after_breaks(figures.of(names).sort_values(["series", *PERIOD, "area_code"]))
    every = rows.groupby("series")["area_code"].nunique()
    rows = common(rows)
    places = rows.groupby("series")["area_code"].transform("nunique")
    rows = rows[places >= FEWEST_PLACES]
    if rows.empty:
        return {}
    # A set of places of which one has no estimate is not weighted at all.
    whole = rows["population"].notna().groupby(rows["series"]).transform("all")
    rows = rows.assign(population=rows["population"].where(whole, 1.0))
    spreads = place_spread(rows, weights="population")
    verdicts = places_gap(rows, weights="population").set_index("series")
    overall = figures.known[figures.known["area_code"] == figures.around]
    over_time = _over_time(spreads, rows, overall, names)
    over_time["left_out"] = over_time["series"].map(every) - over_time["n"]
    relative = over_time["size"] / over_time["overall"].where(over_time["overall"] > 0)
    shares = gap_trend(over_time.assign(value=relative)[BY + ["value"]], by=["series"])
    shares = shares.set_index("series")["verdict"]
    noise_off = spreads.groupby("series")["method"].first() == "noise_subtracted"
    return {
        name: _place_gap(
            "places",
            label,
            part,
            verdicts.loc[name],
            relative_verdict=shares.get(name, "cannot_tell"),
            noise_off=bool(noise_off[name]),
        )
        for name, part in over_time.groupby("series")
    }


def _over_time(spreads, rows, overall, names: dict[str, str]) -> pd.DataFrame:
    """Return a row an indicator and period: the spread, the two ends and the overall level."""
    ordered = rows.sort_values([*BY, "value"]).groupby(BY)
    low, high = ordered.first(), ordered.last()
    size = spreads["true_sd"].fillna(spreads["sd"])
    found = spreads[[*BY, "n"]].assign(
        size=size,
        size_lower=spreads["sd_lower"],
        size_upper=spreads["sd_upper"],
    )
    at = pd.MultiIndex.from_frame(found[BY])
    for word, ends in (("low", low.reindex(at)), ("high", high.reindex(at))):
        found[word] = ends["value"].to_numpy()
        found[f"{word}_name"] = ends["area_code"].map(names).to_numpy()
        found["period"] = ends["period"].to_numpy()
    found["overall"] = overall.set_index(BY)["value"].reindex(at).to_numpy()
    return found


def _place_gap(
    kind: str, label: str, over_time: pd.DataFrame, verdict: pd.Series, **said
) -> PlaceGap:
    newest = over_time.iloc[-1]
    whole = newest["overall"] if newest["overall"] > 0 else float("nan")
    # A spread's trend is tested on its square, whose slope a reader could not use.
    slopes = {
        name: float("nan") if kind == "places" else float(verdict[name])
        for name in ("slope", "slope_lower", "slope_upper")
    }
    return PlaceGap(
        kind=kind,
        label=label,
        over_time=over_time.drop(columns="series").reset_index(drop=True),
        relative=float(abs(newest["size"]) / whole),
        verdict=verdict["verdict"],
        n=int(verdict["n"]),
        method=str(verdict["method"]),
        confidence=float(verdict["confidence"]),
        reason=str(verdict["reason"]),
        **slopes,
        **said,
    )


def comparator_gaps(figures: Figures, beside: pd.DataFrame) -> dict[str, PlaceGap]:
    """Return how far the place is from its comparator, period by period, by indicator.

    The size is the place's figure minus the comparator's. Its limits come from both figures'; a
    comparator without limits is taken as known. Periods before a declared break are left out.
    """
    choice, code = figures.setting.choice, figures.setting.place.code
    if choice.group:
        over_time, verdicts = _apart(figures, beside, [code])
    else:
        key = figures.broken, choice.areas
        over_time, verdicts = figures.kept("apart", key, lambda: _apart(figures, beside))
    over_time = over_time[over_time["area_code"] == code].drop(columns="area_code")
    over_time = over_time.assign(high_name=figures.setting.place.name, low_name=choice.label)
    return {
        name: _place_gap(
            "comparator",
            choice.label,
            part,
            verdicts.loc[(name, code)],
            relative_verdict="cannot_tell",
            noise_off=False,
        )
        for name, part in over_time.groupby("series")
        if len(part) > 1
    }


def _apart(
    figures: Figures, beside: pd.DataFrame, areas: list[str] | None = None
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return the distance of every area from the comparator over time, and whether it closes.

    A row an indicator, area and period; and a verdict for each indicator and area, by which it is
    indexed.
    """
    own = figures.after_breaks(figures.rated if areas is None else figures.of(areas))
    other = beside.reindex(pd.MultiIndex.from_frame(own[BY])).set_axis(own.index)
    rows = own.assign(high=own["value"], low=other["value"])[other["value"].notna()]
    sides = [own.loc[rows.index, name] for name in ("value", "lower", "upper")]
    whole = other.loc[rows.index]
    known = whole[["lower", "upper"]].notna().all(axis=1)
    limits = [whole[name].where(known, whole["value"]) for name in ("lower", "upper")]
    lower, upper = difference_interval(*sides, whole["value"], *limits)
    rows = rows.assign(value=rows["high"] - rows["low"], lower=lower, upper=upper)
    columns = ["series", "area_code", *PERIOD, "period", "high", "low"]
    over_time = rows[columns].assign(
        overall=np.nan, n=2, size=rows["value"], size_lower=lower, size_upper=upper
    )
    return over_time, gap_trend(rows).set_index(["series", "area_code"])


def group_gaps(figures: Figures) -> dict[str, list[PlaceGap]]:
    """Return the gaps between two groups that the indicators' definitions ask for."""
    found = {}
    rows = figures.after_breaks(figures.by_group)
    for name, measured in figures.measured.items():
        for between in measured.indicator.between:
            pair, series = (between.first, between.second), between.series or measured.series.id
            mine = rows[
                (rows["series"] == name)
                & (rows["source"] == series)
                & (rows["group_kind"] == between.kind)
            ]
            if {*pair} <= set(mine["group"]):
                found.setdefault(name, []).append(_group_gap(between, gap(mine, pair), mine))
    return found


def slopes(figures: Figures) -> dict[str, Slope]:
    """Return the slope index over the ordered groups of each indicator that declares an order."""
    found = {}
    for name, measured in figures.measured.items():
        for between in measured.indicator.between:
            if not between.ordered:
                continue
            rows = figures.by_group[
                (figures.by_group["series"] == name)
                & (figures.by_group["source"] == (between.series or measured.series.id))
                & (figures.by_group["group_kind"] == between.kind)
            ]
            if not rows.empty:
                newest = rows[rows["period_start"] == rows["period_start"].max()]
                found[name] = _slope(newest, measured.indicator, between.ordered)
    return found


def _slope(rows: pd.DataFrame, indicator: Indicator, order: tuple[str, ...]) -> Slope:
    types = {"proportion": "proportion", "rate": "rate"}
    value_type = types.get(indicator.value_type, "normal")
    scale = indicator.per if value_type == "proportion" else 1
    shares = rows.assign(**{name: rows[name] / scale for name in ("value", "lower", "upper")})
    row = slope_index(
        shares,
        by=["series"],
        group_order=order,
        value_type=value_type,
        polarity=indicator.polarity,
    ).iloc[0]
    return Slope(
        period=str(rows["period"].iloc[0]),
        groups=len(order),
        index=float(scale * row["sii"]),
        lower=float(scale * row["sii_lower"]),
        upper=float(scale * row["sii_upper"]),
        relative=float(row["rii"]),
        relative_lower=float(row["rii_lower"]),
        relative_upper=float(row["rii_upper"]),
        reason=str(row["reason"]),
    )


def _group_gap(between: Between, gaps: pd.DataFrame, rows: pd.DataFrame) -> PlaceGap:
    gaps = gaps[gaps["value"].notna()].sort_values(PERIOD)
    verdicts = gap_trend(gaps, by=["series", "area_code"]).set_index("measure")
    gaps = gaps[gaps["measure"] == "difference"]
    shares = verdicts["verdict"].get("ratio", "cannot_tell")
    labels = rows.drop_duplicates(PERIOD).set_index(PERIOD)["period"]
    # A label such as 'women and men' names the two as a reader would; a longer one does not.
    names = between.label.split(" and ")
    short = len(names) == 2 and all(name.isalpha() for name in names)
    first, second = names if short else (between.first, between.second)
    over_time = pd.DataFrame(
        {
            **{name: gaps[name].to_numpy() for name in ("series", *PERIOD, "overall", "n")},
            "high": gaps["first"].to_numpy(),
            "low": gaps["second"].to_numpy(),
            "period": labels.reindex(pd.MultiIndex.from_frame(gaps[PERIOD])).to_numpy(),
            "size": gaps["value"].to_numpy(),
            "size_lower": gaps["lower"].to_numpy(),
            "size_upper": gaps["upper"].to_numpy(),
            "high_name": first,
            "low_name": second,
        }
    )
    return _place_gap(
        "groups",
        between.label,
        over_time,
        verdicts.loc["difference"],
        relative_verdict=shares,
        noise_off=False,
    )
