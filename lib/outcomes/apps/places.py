"""The places to choose from, as a tree in words: a name, and what it lies in."""

from outcomes.errors import DataError
from outcomes.model import Place
from outcomes.parameters import Parameters
from outcomes.store import open_store

STEP = "\u2003"
"""An em space, which a list shows, for each step down the tree."""


def place_labels(parameters: Parameters) -> dict[str, str]:
    """Return the code of each place by its label, in the order of the tree, each below its parent.

    A label reads "Tendring, district in Essex": typing a part of the name, or of the name of what
    it lies in, finds it. Places whose store is empty are left out. A label that two places would
    share has the code after it.
    """
    places, labels = parameters.places, {}
    for tree in places.trees.values():
        if not _filled(parameters, tree.store):
            continue
        children: dict[str | None, list[Place]] = {}
        for place in tree.places:
            children.setdefault(place.parent, []).append(place)
        waiting = list(reversed(children.get(None, [])))
        while waiting:
            place = waiting.pop()
            label = _label(place, parameters)
            labels[f"{label} ({place.code})" if label in labels else label] = place.code
            waiting += reversed(children.get(place.code, []))
    return labels


def depth(code: str, parameters: Parameters) -> int:
    """Return how many places of the tree lie around a place."""
    places, steps = parameters.places.by_code(), 0
    while places[code].parent:
        code, steps = places[code].parent, steps + 1
    return steps


def _label(place: Place, parameters: Parameters) -> str:
    parent = parameters.places.by_code().get(place.parent or "")
    return f"{place.name}, {place.level}" + (f" in {parent.name}" if parent else "")


def _filled(parameters: Parameters, store: str) -> bool:
    try:
        open_store(store, parameters.store(store).disclosure).require_filled()
    except DataError:
        return False
    return True
