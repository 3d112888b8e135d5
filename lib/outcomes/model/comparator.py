"""Comparator: whom a place is compared with."""

from typing import Literal

from pydantic import Field, model_validator

from outcomes.model.base import AreaCode, Identifier, Strict, Text


class Comparator(Strict):
    """A named way to choose whom to compare with.

    `parent`, `region` and `nation` compare with the published figure of an area around the place
    and rank it among areas of the same level there. `neighbours` and `list` compare with the
    simple average of a group of areas and rank the place among them.
    """

    kind: Literal["parent", "region", "nation", "neighbours", "list"]
    title: Text = Field(description="as a reader meets it, such as 'similar places'")
    model: Identifier | None = Field(None, description="for neighbours: the published model")
    n: int | None = Field(None, ge=1, le=20, description="for neighbours: how many; else all")
    areas: tuple[AreaCode, ...] = ()

    @model_validator(mode="after")
    def _has_what_its_kind_needs(self) -> "Comparator":
        if self.kind == "neighbours" and not self.model:
            raise ValueError("a comparator of kind 'neighbours' needs a model")
        if self.kind == "list" and not self.areas:
            raise ValueError("a comparator of kind 'list' needs areas")
        return self
