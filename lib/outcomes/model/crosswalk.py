"""Cross-walk: which outcome of a local framework serves which outcome of a national one."""

from dataclasses import dataclass
from typing import Literal

from pydantic import Field, model_validator

from outcomes.model.base import Identifier, Strict, Text
from outcomes.model.framework import Framework


class Link(Strict):
    """A local outcome that serves a national one, wholly or partly, and why it is thought so."""

    local: Identifier
    national: Identifier
    how: Literal["serves", "partly"]
    reason: Text


class Crosswalk(Strict):
    """How two frameworks that live together are linked."""

    source: Text = Field(description="whose reading it is")
    adopted: bool = Field(False, description="true if the council has agreed it")
    links: tuple[Link, ...] = Field(min_length=1)

    @model_validator(mode="after")
    def _each_pair_once(self) -> "Crosswalk":
        pairs = [(link.local, link.national) for link in self.links]
        for pair in pairs:
            if pairs.count(pair) > 1:
                raise ValueError(f"the link of {pair[0]!r} to {pair[1]!r} stands twice; keep one")
        return self


@dataclass(frozen=True)
class SideBySide:
    """Two frameworks beside each other."""

    local: Framework
    national: Framework
    crosswalk: Crosswalk
    shared: tuple[str, ...]
    """The ids of the indicators that are in both, in the local order."""
