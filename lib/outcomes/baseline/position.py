"""Where one place stands on one indicator, from the rows of all areas."""

from dataclasses import dataclass
from datetime import date

import pandas as pd
from pandas.tseries.offsets import MonthEnd

from outcomes.baseline.choice import LEVEL_WORDS, Choice
from outcomes.evidence import Measured
from outcomes.model import (
    STATUS_WORDS,
    Comparison,
    Figure,
    Place,
    Places,
    Position,
    Rank,
    Source,
)
from outcomes.statistics import group_mean, ranks, verdicts

PERIOD = ["period_start", "period_end"]
STALE_YEARS = 3
FEWEST_RANKED = 3
MADE = ("added up from", "under the old code")
"""How the note of a row begins that was made from an area's predecessors."""


@dataclass(frozen=True)
class Setting:
    """What is the same for every indicator of a page."""

    place: Place
    places: Places
    choice: Choice
    licence: str
    """The store's licence where it has one of its own; else empty."""
    about_series: pd.DataFrame
    """What the publishers say of each series, indexed by series."""
    made_from: tuple[list[str], int] = ([], 0)
    """The names of the areas that were merged into the place, or its old one, and the year."""
    as_of: date | None = None
    """The day whose knowledge is shown, or None for the newest."""


def quarter_before(day: date) -> date:
    """Return the day three months earlier; from the last day of a month, that of the other."""
    month = pd.Timestamp(day)
    ends = month.is_month_end
    return (month - (MonthEnd(3) if ends else pd.DateOffset(months=3))).date()


def position(
    measured: Measured, table: pd.DataFrame, setting: Setting, earlier: pd.DataFrame | None = None
) -> Position:
    """Return where the setting's place stands on one indicator.

    Parameters
    ----------
    measured : Measured
        The indicator and its series.
    table : pandas.DataFrame
        Every row of that series, all areas, columns as OBSERVATION_COLUMNS.
    setting : Setting
    earlier : pandas.DataFrame, optional
        The place's own rows as they were known a quarter before `setting.as_of`.
    """
    place, choice = setting.place, setting.choice
    projected, table = _parted(table, place.code)
    own = table[table["area_code"] == place.code].sort_values(PERIOD)
    latest = _latest(own)
    # A count depends on how big the area is, so another area's count says nothing beside it.
    counted = measured.indicator.value_type == "count"
    beside = group_mean(table, [] if counted else list(choice.areas))
    return Position(
        number=measured.number,
        basket=measured.basket,
        indicator_id=measured.indicator_id,
        indicator=measured.indicator,
        series=measured.series,
        source=_source(setting.about_series.loc[measured.series.id], setting.licence),
        place=place,
        latest=None if latest is None else _figure(latest),
        comparison=_comparison(measured, latest, beside, choice, counted=counted),
        rank=None if counted else _rank(measured, latest, table, choice),
        history=_history(own, beside),
        **_within(table, setting),
        missing=_missing(own, table, setting) if latest is None else "",
        newer=_newer(own, latest),
        stale=_stale(table, setting, measured.series.id),
        origin=" ".join(part for part in (_origin(own, setting), projected) if part),
        unchanged_since=_unchanged(latest, earlier, setting),
    )


def _parted(table: pd.DataFrame, code: str) -> tuple[str, pd.DataFrame]:
    """Return what is said of a place's projections, and the rows without any projection."""
    projected = table["status"] == "projected"
    own = table[projected & (table["area_code"] == code)].sort_values(PERIOD)
    if own.empty:
        return "", table[~projected]
    last = own["period"].iloc[-1]
    said = f"The publisher also projects figures to {last}; a projection is not shown as a figure."
    return said, table[~projected]


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


def _comparison(measured, latest, beside, choice: Choice, *, counted: bool) -> Comparison | None:
    if latest is None:
        return None
    missing, same = float("nan"), tuple(latest[PERIOD])
    value, members = beside.loc[same] if same in beside.index else (missing, 0)
    verdict, tested = verdicts(
        latest["value"],
        latest["lower"],
        latest["upper"],
        value,
        polarity=measured.indicator.polarity,
        decimals=measured.indicator.decimals,
    )
    reason = choice.reason
    if counted:
        reason = "a number of people or events depends on the size of the place"
    elif not reason and value != value:
        reason = f"there is no figure for {choice.label} for {latest['period']}"
    elif not reason and not tested:
        reason = "no interval is published, so the difference may be chance"
    return Comparison(
        label=choice.label_of(int(members)),
        value=float(value),
        members=int(members),
        difference=float(latest["value"] - value),
        verdict=str(verdict),
        tested=bool(tested),
        reason=reason,
    )


def _rank(measured: Measured, latest, table: pd.DataFrame, choice: Choice) -> Rank | None:
    if latest is None:
        return None
    same = (table[PERIOD] == latest[PERIOD].to_numpy()).all(axis=1)
    peers = table[same & table["area_code"].isin(choice.peers)].set_index("area_code")["value"]
    if peers.notna().sum() < FEWEST_RANKED or latest["area_code"] not in peers.index:
        return None
    row = ranks(peers, polarity=measured.indicator.polarity).loc[latest["area_code"]]
    judged = measured.indicator.polarity != "no_judgement"
    return Rank(int(row["rank"]), int(row["of"]), bool(row["tied"]), choice.among, judged)


def _history(own: pd.DataFrame, beside: pd.DataFrame) -> pd.DataFrame:
    columns = [*PERIOD, "period", "value", "lower", "upper", "status", "note"]
    joined = own[columns].merge(
        beside["value"].rename("comparator"), how="left", left_on=PERIOD, right_index=True
    )
    return joined.reset_index(drop=True)


def _within(table: pd.DataFrame, setting: Setting) -> dict:
    """Return the places within, or the place among its siblings, for the newest common period.

    That is the newest period in which at least half of them have a value.
    """
    place, places = setting.place, setting.places
    inside = places.children(place.code)
    around = place if inside else places.by_code().get(place.parent)
    members = inside or (places.children(around.code) if around else [])
    names = {member.code: member.name for member in members}
    rows = table[table["area_code"].isin(names)]
    label = f"{LEVEL_WORDS[members[0].level]} in {around.name}" if members else ""
    counts = rows.groupby(PERIOD)["value"].count()
    enough = counts[counts >= max(1, len(members) / 2)]
    columns = ["area_code", "area_name", "period", "value", "lower", "upper", "status"]
    if enough.empty:
        return {"within": pd.DataFrame(columns=columns), "within_label": label}
    same = (rows[PERIOD] == pd.Series(enough.index[-1], index=PERIOD)).all(axis=1)
    chosen = rows[same].set_index("area_code").reindex(list(names)).reset_index()
    chosen["area_name"] = chosen["area_code"].map(names)
    chosen["period"] = chosen["period"].ffill().bfill()
    chosen["status"] = chosen["status"].fillna("not_available")
    return {"within": chosen[columns], "within_label": label}


def _missing(own: pd.DataFrame, table: pd.DataFrame, setting: Setting) -> str:
    """Return why a place has no figure; an area around it is named, its figure never used."""
    place, places = setting.place, setting.places
    if not own.empty:
        return f"The figures for {place.name} are {STATUS_WORDS[own.iloc[-1]['status']]}."
    having = set(table.loc[table["value"].notna(), "area_code"])
    around = place
    while around.parent:
        around = places.by_code()[around.parent]
        if around.code in having:
            return (
                f"The publisher gives no figure for {place.name}. The smallest area around it with "
                f"a figure is {around.name}; that figure is not {place.name}'s and is not shown "
                "here."
            )
    inside = [child for child in places.children(place.code) if child.code in having]
    if inside:
        return (
            f"The publisher gives no figure for {place.name} as a whole, but gives one for "
            f"{len(inside)} of the {LEVEL_WORDS[inside[0].level]} within it."
        )
    return f"The publisher gives no figure for {place.name}."


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
