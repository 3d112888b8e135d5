"""Place, level, area tree: where things are and what lies within what."""

from typing import Literal

from pydantic import Field, model_validator

from outcomes.model.base import AreaCode, Identifier, Strict, Text

Level = Literal["nation", "region", "county", "district", "council", "locality"]
"""A council has all local duties, as in Scotland and Wales; a locality is any area within one: an
intermediate zone, a ward, a data zone."""


class Place(Strict):
    """A place that pages can be about (a locality), or that others are compared with."""

    code: AreaCode
    name: Text
    level: Level
    parent: AreaCode | None = None


class Tree(Strict):
    """A nation and the places in it that we report on, all with figures from one store.

    The store belongs to the tree, so a real place can never show the sample's invented figures.
    """

    store: Identifier
    places: tuple[Place, ...] = Field(min_length=1)


class Places(Strict):
    """Every place we know by name, in one or more trees."""

    trees: dict[Identifier, Tree]

    @model_validator(mode="after")
    def _codes_once_and_parents_known(self) -> "Places":
        seen: set[str] = set()
        for tree in self.trees.values():
            codes = {place.code for place in tree.places}
            for place in tree.places:
                if place.code in seen:
                    raise ValueError(f"the code {place.code} ({place.name}) stands twice")
                seen.add(place.code)
                if place.parent and place.parent not in codes:
                    raise ValueError(
                        f"{place.name} ({place.code}) has the parent {place.parent}, "
                        "which is not a place of the same tree"
                    )
        return self

    def by_code(self) -> dict[str, Place]:
        """Return every place by its code."""
        return {place.code: place for tree in self.trees.values() for place in tree.places}

    def store_of(self, code: str) -> str:
        """Return the id of the store that holds a place's figures."""
        return next(
            tree.store
            for tree in self.trees.values()
            if any(place.code == code for place in tree.places)
        )

    def children(self, code: str) -> list[Place]:
        """Return the places directly within a place, in the order of the file."""
        return [place for place in self.by_code().values() if place.parent == code]

    def ancestor(self, code: str, level: Level) -> Place | None:
        """Return the place itself or the nearest one around it that has a level, or None."""
        places = self.by_code()
        place = places.get(code)
        while place is not None and place.level != level:
            place = places.get(place.parent) if place.parent else None
        return place
