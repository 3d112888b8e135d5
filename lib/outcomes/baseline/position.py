"""Where one place stands on one indicator, from the rows of all areas."""

from datetime import date

import pandas as pd
from pandas.tseries.offsets import MonthEnd

from outcomes.baseline.against import comparator_values, comparisons, ranks
from outcomes.baseline.choice import LEVEL_WORDS
from outcomes.baseline.figures import Figures
from outcomes.baseline.setting import Setting
from outcomes.baseline.standing import directions, standings
from outcomes.model import STATUS_WORDS, Figure, Position, Source
from outcomes.statistics.rows import PERIOD

STALE_YEARS = 3
MADE = ("added up from", "under the old code")
"""How the note of a row begins that was made from an area's predecessors."""


def quarter_before(day: date) -> date:
    """Return the day three months earlier; from the last day of a month, that of the other."""
    month = pd.Timestamp(day)
    ends = month.is_month_end
    return (month - (MonthEnd(3) if ends else pd.DateOffset(months=3))).date()


def positions(
    figures: Figures, earlier: dict[str, pd.DataFrame] | None = None
) -> dict[str, Position]:
    """Return where the place stands on each of some indicators, by the indicator's id.

    Parameters
    ----------
    figures : Figures
    earlier : dict of pandas.DataFrame, optional
        By indicator: the place's own rows as they were known a quarter before the page's day.
    """
    setting, beside = figures.setting, comparator_values(figures)
    compared, ranked = comparisons(figures, beside), ranks(figures)
    standing, heading = standings(figures, beside, compared), directions(figures)
    tables = dict(list(figures.table.groupby("series")))
    found = {}
    for name, measured in figures.measured.items():
        table = tables.get(name, figures.table.iloc[:0])
        own = table[table["area_code"] == setting.place.code]
        latest = _latest(own)
        before = None if earlier is None else earlier.get(name, own.iloc[:0])
        said = (_origin(own, setting), _projections(figures, name))
        found[name] = Position(
            number=measured.number,
            basket=measured.basket,
            indicator_id=name,
            indicator=measured.indicator,
            series=measured.series,
            source=_source(setting.about_series.loc[measured.series.id], setting.licence),
            place=setting.place,
            latest=None if latest is None else _figure(latest),
            comparison=compared.get(name),
            rank=ranked.get(name),
            history=_history(own, beside, name),
            **_within(table, figures, _of_one(heading, name)),
            missing=_missing(own, table, setting) if latest is None else "",
            newer=_newer(own, latest),
            stale=_stale(table, setting, measured.series.id),
            origin=" ".join(part for part in said if part),
            unchanged_since=_unchanged(latest, before, setting),
            standing=standing[name],
        )
    return found


def _of_one(heading: pd.DataFrame, name: str) -> pd.Series:
    """Return the direction of each area on one indicator."""
    if name not in heading.index.get_level_values(0):
        return pd.Series(dtype=object)
    return heading.loc[name]["direction"]


def _projections(figures: Figures, name: str) -> str:
    """Return what is said of the publisher's own projections, which are not figures."""
    rows = figures.projected
    own = rows[(rows["series"] == name) & (rows["area_code"] == figures.setting.place.code)]
    if own.empty:
        return ""
    last = own["period"].iloc[-1]
    return f"The publisher also projects figures to {last}; a projection is not shown as a figure."


def _latest(own: pd.DataFrame) -> pd.Series | None:
    known = own[own["value"].notna()]
    return None if known.empty else known.iloc[-1]


def _figure(row: pd.Series) -> Figure:
    return Figure(
        row["period"],
        float(row["value"]),
        float(row["lower"]),
        float(row["upper"]),
        row["status"],
        row["note"],
    )


def _source(about: pd.Series, licence: str) -> Source:
    names = ("publisher", "title", "url", "published", "read_on")
    said = {name: str(about[name]) for name in names}
    if licence:
        return Source(**said, licence=licence)
    return Source(**said, licence=str(about["licence"]), attribution=str(about["attribution"]))


def _history(own: pd.DataFrame, beside: pd.DataFrame, name: str) -> pd.DataFrame:
    columns = [*PERIOD, "period", "value", "lower", "upper", "status", "note"]
    values = beside["value"].rename("comparator").reset_index()
    other = values[values["series"] == name].drop(columns="series")
    return own[columns].merge(other, how="left", on=PERIOD)


def _within(table: pd.DataFrame, figures: Figures, heading: pd.Series) -> dict:
    """Return the places within, or the place among its siblings, for the newest common period.

    That is the newest period in which at least half of them have a value.
    """
    names, label = figures.members
    rows = table[table["area_code"].isin(names)]
    columns = ["area_code", "area_name", "period", "value", "lower", "upper", "status", "trend"]
    every = rows.assign(area_name=rows["area_code"].map(names))
    said = {
        "within_label": label,
        "within_history": every[["area_code", "area_name", *PERIOD, "period", "value"]],
    }
    counts = rows.groupby(PERIOD)["value"].count()
    enough = counts[counts >= max(1, len(names) / 2)]
    if enough.empty:
        return {"within": pd.DataFrame(columns=columns), **said}
    same = (rows[PERIOD] == pd.Series(enough.index[-1], index=PERIOD)).all(axis=1)
    chosen = rows[same].set_index("area_code").reindex(list(names)).reset_index()
    chosen["area_name"] = chosen["area_code"].map(names)
    chosen["period"] = chosen["period"].ffill().bfill()
    chosen["status"] = chosen["status"].fillna("not_available")
    chosen["trend"] = chosen["area_code"].map(heading).fillna("cannot_be_calculated")
    return {"within": chosen[columns], **said}


def _missing(own: pd.DataFrame, table: pd.DataFrame, setting: Setting) -> str:
    """Return why a place has no figure; an area around it is named, its figure never used."""
    place, places = setting.place, setting.places
    if not own.empty:
        return f"The figures for {place.name} are {STATUS_WORDS[own.iloc[-1]['status']]}."
    having = set(table.loc[table["value"].notna(), "area_code"])
    inside = [child for child in places.children(place.code) if child.code in having]
    if inside:
        return (
            f"The source used here has no figure for {place.name} as a whole, but has one for "
            f"{len(inside)} of the {LEVEL_WORDS[inside[0].level]} within it."
        )
    around = place
    while around.parent:
        around = places.by_code()[around.parent]
        if around.code in having:
            return (
                f"The source used here has no figure for {place.name}. The smallest area around it "
                f"with a figure is {around.name}; that figure is not {place.name}'s and is not "
                "shown here."
            )
    return f"The source used here has no figure for {place.name}."


def _newer(own: pd.DataFrame, latest: pd.Series | None) -> str:
    if latest is None or own.iloc[-1]["period_start"] == latest["period_start"]:
        return ""
    newest = own.iloc[-1]
    return f"The figure for {newest['period']} is {STATUS_WORDS[newest['status']]}."


def _stale(table: pd.DataFrame, setting: Setting, series: str) -> bool:
    newest = table.loc[table["value"].notna(), "period_end"].max()
    today = pd.Timestamp(setting.as_of or setting.about_series.loc[series, "read_on"])
    return bool(newest + pd.DateOffset(years=STALE_YEARS) <= today)


def _origin(own: pd.DataFrame, setting: Setting) -> str:
    """Return how the history of a merged or renumbered place was made; empty if it is its own."""
    (names, year), place = setting.made_from, setting.place
    known = own[own["value"].notna()]
    before = known[known["period_start"] < pd.Timestamp(max(year, 1900), 1, 1)]
    if not names or before.empty:
        return ""
    made = known[known["note"].str.startswith(MADE)]
    periods = "" if made.empty else f"{made['period'].iloc[0]} to {made['period'].iloc[-1]}"
    if len(made) == 1:
        periods = made["period"].iloc[0]
    if len(names) == 1:
        code = f"The area's code changed in {year}; its figures for {periods} have the old code."
        return "" if made.empty else code
    formed = f"{place.name} was formed in {year} from {', '.join(names[:-1])} and {names[-1]}."
    if made.empty:
        return f"{formed} Figures from before then are the publisher's own for its present area."
    return f"{formed} Its figures for {periods} were added up from theirs, without an interval."


def _unchanged(latest, earlier: pd.DataFrame | None, setting: Setting) -> date | None:
    """Return the day a quarter before if the latest figure was known then already."""
    if latest is None or earlier is None:
        return None
    before = _latest(earlier.sort_values(PERIOD))
    same = before is not None and bool(
        (before[[*PERIOD, "value"]] == latest[[*PERIOD, "value"]]).all()
    )
    return quarter_before(setting.as_of) if same else None
