"""What the parts of a whole say of it: who stands out, reversals, and need beside take-up."""

import pandas as pd

from outcomes.baseline.figures import BY, Figures
from outcomes.model import Part, Reversal, TakeUp
from outcomes.statistics.inequality import reversals, take_up, worse_off


def stand_out(figures: Figures) -> dict[str, tuple[Part, ...]]:
    """Return the places within and the groups that are worse off than the whole, worst first.

    For the newest period in which the place itself has a figure. Counts say nothing here.
    """
    inside = {c.code: c.name for c in figures.setting.places.children(figures.setting.place.code)}
    within = figures.rated[figures.rated["area_code"].isin(inside)]
    groups = _own_groups(figures)
    whole = figures.latest[figures.latest["series"].isin(figures.rated["series"])]
    rows = pd.concat(
        [
            whole.assign(part=""),
            within.assign(part=within["area_code"].map(inside)),
            groups.assign(part=groups["group"]),
        ],
        ignore_index=True,
    )
    now = pd.MultiIndex.from_frame(whole[BY])
    rows = rows[pd.MultiIndex.from_frame(rows[BY]).isin(now)]
    rows["numerator"] = rows["numerator"].fillna(_implied(figures, rows))
    found = {}
    for polarity in ("higher_is_better", "lower_is_better"):
        judged = rows[rows["series"].isin(figures.indicators(polarity))]
        worse = worse_off(judged, by=["series"], polarity=polarity, part="part")
        for name, part in worse.groupby("series", sort=False):
            found[name] = tuple(_part(row) for row in part.itertuples())
    return found


def _own_groups(figures: Figures) -> pd.DataFrame:
    """Return the place's rows by group of the indicators' own series, where those are of all."""
    own = {n: m.series.id for n, m in figures.measured.items() if not m.series.group}
    return figures.by_group[figures.by_group["source"] == figures.by_group["series"].map(own)]


def _implied(figures: Figures, rows: pd.DataFrame) -> pd.Series:
    """Return the people behind a rate, from the newest estimate of those it is about."""
    per = {
        name: measured.indicator.per
        for name, measured in figures.measured.items()
        if measured.indicator.people
    }
    return rows["population"] * rows["value"] / rows["series"].map(per).astype(float)


def _part(row) -> Part:
    return Part(
        name=row.part,
        value=float(row.value),
        lower=float(row.lower),
        upper=float(row.upper),
        ratio=float(row.ratio),
        people=float(row.people),
        tested=row.verdict == "worse",
    )


def turned(figures: Figures) -> dict[str, tuple[Reversal, ...]]:
    """Return where the whole moved against its places or groups, from first to newest figure.

    It takes the counts behind the rates of every part; periods before a declared break are out.
    """
    names = {c.code: c.name for c in figures.setting.places.children(figures.setting.place.code)}
    within = figures.rated[figures.rated["area_code"].isin(names)]
    groups = _own_groups(figures)
    parts = pd.concat(
        [
            within.assign(of="places", part=within["area_code"].map(names)),
            groups.assign(of=groups["group_kind"], part=groups["group"]),
        ]
    )
    counted = parts[["numerator", "denominator"]].notna().all(axis=1)
    parts = figures.after_breaks(parts[counted])
    found = {}
    for (name, of), rows in parts.groupby(["series", "of"]):
        first, last = rows["period_start"].min(), rows["period_start"].max()
        if first == last:
            continue
        per = figures.measured[name].indicator.per or 1
        row = reversals(
            rows, by=["series"], between="period_start", pair=(first, last), groups="part", per=per
        ).iloc[0]
        if row["verdict"].endswith("reversal") and row["verdict"] != "no_reversal":
            labels = rows.set_index("period_start")["period"]
            ends = (str(labels[[first]].iloc[0]), str(labels[[last]].iloc[0]))
            found.setdefault(name, []).append(_reversal(of, ends, row))
    return {name: tuple(listed) for name, listed in found.items()}


def _reversal(of: str, ends: tuple[str, str], row: pd.Series) -> Reversal:
    return Reversal(
        of=of,
        first=ends[0],
        last=ends[1],
        whole_first=float(row["first"]),
        whole_last=float(row["second"]),
        parts=tuple(row["groups"].split(", ")),
        every=row["verdict"] == "full_reversal",
        rate_effect=float(row["rate_effect"]),
        mix_effect=float(row["mix_effect"]),
    )


def taken_up(figures: Figures) -> dict[str, TakeUp]:
    """Return need beside take-up by group, where a series names that of its need."""
    found = {}
    for name, measured in figures.measured.items():
        need = measured.series.need
        rows = figures.by_group[figures.by_group["series"] == name]
        served, needed = rows[rows["source"] == measured.series.id], rows[rows["source"] == need]
        both = set(served["period_start"]) & set(needed["period_start"])
        if not both:
            continue
        served, needed = (part[part["period_start"] == max(both)] for part in (served, needed))
        found[name] = TakeUp(
            period=str(served["period"].iloc[0]),
            groups=take_up(needed, served, by=["series"]).drop(columns="series"),
        )
    return found
