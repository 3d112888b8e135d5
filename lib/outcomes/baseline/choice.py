"""Turns a named comparator into areas: whom the value comes from, and whom a place ranks among."""

from collections.abc import Callable
from dataclasses import dataclass

import pandas as pd

from outcomes.model import Comparator, Place, Places
from outcomes.statistics.neighbours import nearest
from outcomes.store import Store

LEVELS = {
    "nation": "ctry",
    "region": "rgn",
    "county": "utla",
    "district": "ltla",
    "council": "ltla",
}
"""Our word for a level, and the word in the store's list of areas; a locality has its own there."""

LEVEL_WORDS = {
    "nation": "nations",
    "region": "regions",
    "county": "counties",
    "district": "districts",
    "council": "councils",
    "locality": "localities",
}
"""Several places of a level, as a reader meets them."""


@dataclass(frozen=True)
class Choice:
    """Whom one place is compared with. Empty `areas` with a `reason` if there is nobody."""

    areas: tuple[str, ...]
    title: str
    """The area's name, or what the group is called."""
    peers: tuple[str, ...]
    among: str
    reason: str = ""

    group: bool = False
    """Whether the comparator's value is formed over the areas."""
    how: str = "weighted"
    """For a group: 'weighted' by people, 'simple' or 'median'."""
    distances: tuple[float, ...] = ()
    """For computed neighbours: how far each of the areas is from the place, nearest first."""

    @property
    def label(self) -> str:
        """Whom the place is compared with, as a reader meets it."""
        return self.label_of(len(self.areas))

    def label_of(self, members: int) -> str:
        """Return the label where only some members of the group have a figure."""
        if not self.group or not self.areas:
            return self.title
        share = "" if members == len(self.areas) else f"{members} of "
        word = "median" if self.how == "median" else "average"
        return f"the {word} of {share}{len(self.areas)} {self.title}"


def choose(
    comparator: Comparator,
    place: Place,
    places: Places,
    store: Store,
    features: Callable[[Comparator], pd.DataFrame],
) -> Choice:
    """Return the areas that a comparator means for a place.

    `parent`, `region` and `nation` give the published figure of that area, and as peers the areas
    of the place's own level inside it. `neighbours` and `list` give the group, which are the peers
    too; so does `computed`, from the figures of every area that `features` returns for it, among
    areas of the place's own kind. Areas that no longer exist are left out.
    """
    distances: list[float] = []
    if comparator.kind in ("parent", "region", "nation"):
        return _around(comparator, place, places, store)
    if comparator.kind == "neighbours":
        table = store.neighbours(comparator.model)
        named = table.loc[table["area_code"] == place.code, "neighbour"].head(comparator.n or 99)
        if named.empty:
            return Choice((), comparator.title, (), "", _no_model(comparator, place))
    elif comparator.kind == "computed":
        named, reason, distances = _computed(comparator, place, features(comparator), store.areas())
        if reason:
            return Choice((), comparator.title, (), "", reason)
    else:
        named = [code for code in comparator.areas if code != place.code]
    areas, far = store.areas(), dict(zip(named, distances, strict=False))
    ended = set(areas.index[areas["end"].notna()])
    group = tuple(code for code in named if code not in ended)
    title = comparator.title.removeprefix("the ")
    among = f"{place.name} and {len(group)} {title}"
    return Choice(
        group,
        title,
        (place.code, *group),
        among,
        group=True,
        how=comparator.how,
        distances=tuple(far[code] for code in group if code in far),
    )


def _computed(
    comparator: Comparator, place: Place, features: pd.DataFrame, areas: pd.DataFrame
) -> tuple[list[str], str, list[float]]:
    """Return the areas of the place's kind nearest to it, why there are none, and how far."""
    features = features[features.index.isin(areas.index[areas["end"].isna()])]
    if place.code in features.index:
        # Alike in everything that is known of the place, not in the little known of the other.
        features = features.loc[:, features.loc[place.code].notna()].dropna()
    if place.code not in features.index or features.empty:
        return [], f"{place.name} has no figures from which similar areas could be found", []
    kinds = features.index.to_series().map(areas["levels"].map(lambda text: _kind(text, place)))
    weights = {name: comparator.weights.get(name, 1.0) for name in features}
    found = nearest(features, [place.code], n=comparator.n, weights=weights, kinds=kinds)
    reason = str(found["reason"].iloc[0])
    return (
        found["neighbour"].dropna().tolist(),
        f"similar areas could not be found for {place.name}: {reason}" if reason else "",
        found["distance"].dropna().tolist(),
    )


def _kind(levels: str, place: Place) -> str | None:
    """Return a place's kind for areas of its level, and the area's own levels for others."""
    return place.level if LEVELS.get(place.level, levels) in levels.split() else levels


def _around(comparator: Comparator, place: Place, places: Places, store: Store) -> Choice:
    if comparator.kind == "parent":
        around = places.by_code().get(place.parent) if place.parent else None
    else:
        around = places.ancestor(place.code, comparator.kind)
    if around is None or around.code == place.code:
        reason = f"{place.name} has no {comparator.kind} around it to compare with"
        return Choice((), comparator.title, (), "", reason)
    peers = _same_level(place, around, store.areas())
    among = f"{_level_words(place, peers, store.areas())} in {around.name}"
    return Choice((around.code,), around.name, peers, among)


def _same_level(place: Place, around: Place, areas: pd.DataFrame) -> tuple[str, ...]:
    if place.level == "locality":
        level = areas["levels"] == areas["levels"].get(place.code)
    else:
        level = areas["levels"].str.contains(rf"\b{LEVELS[place.level]}\b")
    inside = areas["parents"].str.contains(rf"\b{around.code}\b")
    current = areas["end"].isna()
    return tuple(areas.index[level & inside & current])


def _level_words(place: Place, peers: tuple[str, ...], areas: pd.DataFrame) -> str:
    """Return the plural for a level; 'and unitary authorities' where some peers are such."""
    levels = areas.loc[list(peers), "levels"]
    unitary = levels.str.contains("utla") & levels.str.contains("ltla")
    word = LEVEL_WORDS[place.level]
    mixed = place.level in ("county", "district") and unitary.any()
    return f"{word} and unitary authorities" if mixed else word


def _no_model(comparator: Comparator, place: Place) -> str:
    return (
        f"the published list of {comparator.title.removeprefix('the ')} has no entry for "
        f"{place.name}, so there is nobody to compare with"
    )
