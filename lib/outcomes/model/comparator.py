"""Comparator: whom a place is compared with."""

from typing import Annotated, Literal

from pydantic import Field, model_validator

from outcomes.errors import did_you_mean
from outcomes.model.base import AreaCode, Identifier, Strict, Text

_NEEDED = {
    "neighbours": {"model": "a model"},
    "list": {"areas": "areas"},
    "computed": {"indicators": "indicators", "n": "n, how many areas"},
}
_ALLOWED = {
    "neighbours": {"model", "n", "how"},
    "list": {"areas", "how"},
    "computed": {"indicators", "n", "weights", "how"},
}
"""The keys that a kind may have beyond its kind and title; those of one published area have none."""


class Comparator(Strict):
    """A named way to choose whom to compare with.

    `parent`, `region` and `nation` compare with the published figure of an area around the place
    and rank it among areas of the same level there. `neighbours`, `list` and `computed` compare
    with a group of areas and rank the place among them; `how` says how the group's value is formed.

    `computed` finds the `n` areas of the place's own kind that are most like it on some indicators:
    wards for a ward, districts for a district. An indicator without a weight has the weight 1.
    """

    kind: Literal["parent", "region", "nation", "neighbours", "list", "computed"]
    title: Text = Field(description="as a reader meets it, such as 'similar places'")
    model: Identifier | None = Field(None, description="for neighbours: the published model")
    n: int | None = Field(
        None, ge=1, le=20, description="how many; for neighbours, all if left out"
    )
    areas: tuple[AreaCode, ...] = Field((), description="for list: the areas' codes")
    indicators: tuple[Identifier, ...] = Field((), description="for computed: alike in what")
    weights: dict[Identifier, Annotated[float, Field(gt=0)]] = Field(
        {}, description="for computed: how much an indicator counts; 1 if left out"
    )
    how: Literal["weighted", "simple", "median"] = Field(
        "weighted", description="for a group: weighted by people, the simple mean, or the median"
    )

    @model_validator(mode="after")
    def _has_what_its_kind_needs(self) -> "Comparator":
        for key, words in _NEEDED.get(self.kind, {}).items():
            if not getattr(self, key):
                raise ValueError(f"a comparator of kind {self.kind!r} needs {words}")
        allowed = {"kind", "title", *_ALLOWED.get(self.kind, ())}
        odd = sorted(self.model_fields_set - allowed)
        if odd:
            raise ValueError(f"a comparator of kind {self.kind!r} has no {odd[0]}")
        return self

    @model_validator(mode="after")
    def _indicators_once_and_weights_among_them(self) -> "Comparator":
        twice = sorted({name for name in self.indicators if self.indicators.count(name) > 1})
        if twice:
            raise ValueError(f"the indicator {twice[0]!r} stands twice; give it a weight instead")
        for name in self.weights:
            if name not in self.indicators:
                hint = did_you_mean(name, self.indicators)
                raise ValueError(f"the weight of {name!r} is for none of its indicators{hint}")
        return self
