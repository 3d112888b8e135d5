"""Data power: how timely, complete, settled, local and sure the figures of indicators are."""

from datetime import date

import numpy as np
import pandas as pd

from outcomes.baseline.evidence import today_of
from outcomes.baseline.figures import Figures
from outcomes.baseline.load import load_figures
from outcomes.errors import ParameterError
from outcomes.evidence.coverage import flat
from outcomes.model import OVERVIEW
from outcomes.model.choosing import Choosing, IndicatorScore, standing_of
from outcomes.parameters import load_parameters
from outcomes.parameters.choosing import scores_for
from outcomes.parameters.names import require_framework
from outcomes.store import Store, open_store
from outcomes.store.changes import compare

TESTS = ("timeliness", "completeness", "revision", "locality", "precision")
LEVELS = ("low", "medium", "high")
YEAR, QUARTER = 365.25, 3
"""Days and months."""
FEWEST = 10
"""Areas with limits that precision needs."""
FEWEST_PERIODS = 3
Z = 1.959964


def data_power(figures: Figures, store: Store, today: date) -> pd.DataFrame:
    """Return how far the figures of each indicator can be relied on for a place, test by test.

    Among the areas of the place's level in its nation, itself included:

    - timeliness: the age of the newest figure's period against the cycle in which figures come
      (at least a quarter), to a tenth. High up to 2 cycles and 2 years, medium up to 3 of both.
    - completeness: the share of areas with a figure in the newest period, or the share of periods
      since the first that areas have, whichever is less. High from 95%, medium from 80%; low with
      under 3 periods, from which no course can be seen.
    - revision: the median size of a revision, relative to the figure before, of all figures that
      a later version revised. High up to 1%, medium up to 5%. Not known with one version,
      or if every revised figure was 0.
    - locality: high if the place has a figure and so has half the places within it, if there are
      any; medium if only one of the two holds; low if neither.
    - precision: the share of the variance between areas that their 95% limits explain by chance.
      High up to 20%, medium up to 50%. Not known for counts, nor with limits of under 10 areas.

    As a whole: low if at least half the tests that could be made are low, high if more than half
    are high and none is low, else medium.

    Parameters
    ----------
    figures : Figures
        Every indicator, all areas.
    store : Store
        The same place's store; its versions give the revisions.
    today : datetime.date

    Returns
    -------
    pandas.DataFrame
        Index the indicator's id. A level a test ('' where it could not be made), `overall`, and
        what they rest on: newest (period), age and cycle (months), points (periods), areas and
        periods (shares), revised (how many figures), revision_size (share), inside (share of places
        within), own (whether the place has a figure), chance (share). NaN where not known.
    """
    setting = figures.setting
    names = pd.Index(figures.measured, name="indicator")
    peers = sorted({*setting.choice.peers, setting.place.code})
    known = figures.known[figures.known["area_code"].isin(peers)]
    time = _time(known, len(peers), today)
    found = pd.concat([time, _chance(known, figures)], axis=1).reindex(names)
    found = found.join(_revisions(figures, store)).join(_local(figures))
    cycles, years = found["age"] / found["cycle"].clip(lower=QUARTER), found["age"] / 12
    # Of a series without a single area of the level, all are missing.
    found[["areas", "points"]] = found[["areas", "points"]].fillna(0)
    filled = found[["areas", "periods"]].min(axis=1).where(found["points"] >= FEWEST_PERIODS, 0)
    levels = {
        "timeliness": _levels([cycles.fillna(0).round(1), years.round(1)], (2, 3)),
        "completeness": _levels([-filled], (-0.95, -0.8)),
        "revision": _levels([found["revision_size"]], (0.01, 0.05)),
        "locality": np.choose(found.pop("local"), LEVELS),
        "precision": _levels([found["chance"]], (0.2, 0.5)),
    }
    table = found.assign(**levels)
    return table.assign(overall=_overall(table[list(TESTS)]))


def _levels(sizes: list[pd.Series], ends: tuple[float, float]) -> np.ndarray:
    """Return 'high' up to the first end, 'medium' up to the second, by the largest size."""
    worst = pd.concat(sizes, axis=1).max(axis=1, skipna=False)
    words = np.select([worst <= ends[0], worst <= ends[1]], ["high", "medium"], "low")
    return np.where(worst.isna(), "", words)


def _overall(levels: pd.DataFrame) -> np.ndarray:
    made, low, high = ((levels != "").sum(axis=1), *((levels == w).sum(axis=1) for w in
                       ("low", "high")))  # fmt: skip
    conditions = [made == 0, 2 * low >= made, (2 * high > made) & (low == 0)]
    return np.select(conditions, ["", "low", "high"], "medium")


def _time(known: pd.DataFrame, peers: int, today: date) -> pd.DataFrame:
    """Return newest, age and cycle in months, points, and the shares of areas and periods."""
    periods = known.drop_duplicates(["series", "period_end"]).sort_values(["series", "period_end"])
    by = periods.groupby("series")
    last, first = by["period_end"].last(), by["period_end"].first()
    steps = periods["period_end"].diff().dt.days.where(periods.duplicated("series"))
    cycle = steps.groupby(periods["series"]).median()
    expected = ((last - first).dt.days / cycle).round() + 1
    cells = known.drop_duplicates(["series", "area_code", "period_end"])
    ever = cells.groupby("series")["area_code"].nunique()
    newest = cells[cells["period_end"] == cells.groupby("series")["period_end"].transform("max")]
    return pd.DataFrame(
        {
            "newest": by["period"].last(),
            "age": (pd.Timestamp(today) - last).dt.days / YEAR * 12,
            "cycle": cycle / YEAR * 12,
            "points": by.size(),
            "areas": newest.groupby("series").size() / peers,
            "periods": (cells.groupby("series").size() / (ever * expected)).clip(upper=1),
        }
    )


def _chance(known: pd.DataFrame, figures: Figures) -> pd.DataFrame:
    """Return the share of the newest figures' variance that is chance by their limits."""
    rated = known[known["series"].isin(figures.rated["series"].unique())]
    newest = rated[rated["period_end"] == rated.groupby("series")["period_end"].transform("max")]
    newest = newest[newest[["lower", "upper"]].notna().all(axis=1)]
    error = ((newest["upper"] - newest["lower"]) / (2 * Z)) ** 2
    by = newest.groupby("series")
    share = error.groupby(newest["series"]).mean() / by["value"].var()
    return share.where(by.size() >= FEWEST).clip(upper=1).to_frame("chance")


def _revisions(figures: Figures, store: Store) -> pd.DataFrame:
    """Return how many figures were revised and by how much, over all versions held."""
    wanted = {m.series.id for m in figures.measured.values()}
    index = store.index[store.index["series"].isin(wanted)]
    if store.as_of:
        index = index[index["known_from"] <= pd.Timestamp(store.as_of)]
    days = index.loc[index["change"] == "revised", "known_from"].drop_duplicates().sort_values()
    changed = []
    for day in days:
        moved = set(index.loc[(index["known_from"] == day) & (index["change"] == "revised"),
                              "series"])  # fmt: skip
        before = store.at((day - pd.Timedelta(days=1)).date()).observations(moved)
        changed.append(compare(before, store.at(day.date()).observations(moved)))
    columns = ["series", "group_kind", "group", "change", "old_value", "new_value"]
    table = pd.concat(changed)[columns] if changed else pd.DataFrame(columns=columns)
    table = table[(table["change"] == "revised") & (table["old_value"] != table["new_value"])]
    size = (table["new_value"] - table["old_value"]).abs() / table["old_value"].abs()
    table = table.assign(size=size.astype(float).replace(np.inf, np.nan))
    versions = index.groupby("series").size()
    rows = {}
    for name, item in figures.measured.items():
        series = item.series
        own = table[(table["series"] == series.id) & (table["group"] == series.group)]
        typical = own["size"].median() if len(own) else 0.0
        twice = versions.get(series.id, 0) > 1
        rows[name] = (float(len(own)), typical) if twice else (np.nan, np.nan)
    return pd.DataFrame.from_dict(rows, orient="index", columns=["revised", "revision_size"])


def _local(figures: Figures) -> pd.DataFrame:
    """Return the share of the places within that have a figure, and whether the place has one."""
    place, places = figures.setting.place.code, figures.setting.places
    inside = [child.code for child in places.children(place)]
    within = figures.known[figures.known["area_code"].isin(inside)]
    names = list(figures.measured)
    share = within.groupby("series")["area_code"].nunique().reindex(names).fillna(0)
    share = share / len(inside) if inside else share * np.nan
    own = pd.Series([name in figures.latest.index for name in names], index=names)
    local = own.astype(int) + ((share >= 0.5) if inside else own)
    return pd.DataFrame({"inside": share, "own": own, "local": local})


def load_choosing(framework: str, locality: str, as_of: str = "") -> Choosing:
    """Return where each indicator of a framework stands on the three tests, for one place.

    A basket's data power is that of its weakest member with figures. A person's score of data power
    stands before the computed one; without figures an indicator is never a headline one.

    Raises
    ------
    ParameterError
        If a name is not known, the scores are not right, or the framework has no indicator.
    DataError
        If the place's store is empty.
    """
    parameters = load_parameters()
    require_framework(parameters, framework, "indicators")
    if not parameters.framework(framework).indicator_ids():
        raise ParameterError(
            f"parameters/frameworks/{framework}.yml: it has no entries, so there is no indicator to "
            "choose; add entries that name indicators from parameters/indicators/"
        )
    nations = (name for name, c in parameters.comparators.items() if c.kind == "nation")
    page = parameters.page(
        framework=framework,
        outcome=OVERVIEW,
        locality=locality,
        comparator=next(nations, next(iter(parameters.comparators))),
        as_of=as_of,
    )
    figures, scores = load_figures(page), scores_for(parameters, framework)
    store_id = parameters.places.store_of(locality)
    store = open_store(store_id, parameters.store(store_id).disclosure).at(page.day)
    power = data_power(figures, store, today_of(page, parameters))
    rows = {}
    for name in parameters.framework(framework).indicator_ids():
        indicator = parameters.indicators[name]
        members = [member for member, _ in flat(name, parameters.indicators)]
        own = power[power.index.isin(members)].to_dict("records")
        known = [row for row in own if row["overall"]]
        weakest = min(known, key=lambda row: LEVELS.index(row["overall"]), default={})
        row = _row(scores.indicators.get(name), weakest.get("overall", ""), measured=bool(own))
        short = [(test, weakest[test]) for test in TESTS if weakest.get(test) in ("low", "medium")]
        rows[name] = {"title": indicator.title, **row, "short": tuple(short)}
    return Choosing(
        title=parameters.framework(framework).title,
        place=figures.setting.place.name,
        example=scores.example,
        source=scores.source,
        table=pd.DataFrame.from_dict(rows, orient="index"),
        power=power.assign(title=[parameters.indicators[name].title for name in power.index]),
    )


def _row(score: IndicatorScore | None, computed: str, *, measured: bool) -> dict[str, object]:
    judged = {name: getattr(score, name, None) for name in ("central", "communicates")}
    said = getattr(score, "data_power", None)
    row: dict[str, object] = {}
    for name, found in (*judged.items(), ("said", said)):
        row |= {name: found.score if found else "", f"why_{name}": found.reason if found else ""}
    power = row["said"] or computed
    row |= {"computed": computed, "data_power": power, "by": score.by if score else ""}
    standing = standing_of(row["central"], row["communicates"], power, measured=measured)
    row |= {"measured": measured, "standing": standing}
    weak = [name for name in ("central", "communicates", "data_power") if row[name] == "low"]
    return {**row, "weak": tuple(weak) if score else ()}
