"""Indicator, series, gap: what is measured, where its figures come from, what is missing."""

from typing import Annotated, Literal

from pydantic import BeforeValidator, Field, model_validator

from outcomes.model.base import Identifier, Strict, Text

Polarity = Literal["higher_is_better", "lower_is_better", "no_judgement"]
ValueType = Literal["proportion", "rate", "mean", "median", "count", "ratio", "index", "basket"]


class Series(Strict):
    """The publisher's series that an indicator takes its figures from.

    A series is the publisher's; an indicator is ours. `id` is `source/dataset/measure`, in the
    publisher's own words. `match` says whether it measures the same thing or a near one.
    """

    id: str = Field(pattern=r"^[a-z_]+/.+$", description="source and the publisher's own key")
    match: Literal["same", "near"] = "same"
    note: Text | None = Field(None, description="for a near match: how it differs")

    @model_validator(mode="after")
    def _near_needs_a_note(self) -> "Series":
        if self.match == "near" and not self.note:
            raise ValueError("a series whose match is 'near' needs a note that says how it differs")
        return self


def _from_id(value: object) -> object:
    return {"id": value} if isinstance(value, str) else value


SeriesField = Annotated[Series, BeforeValidator(_from_id, json_schema_input_type=Series | str)]
"""A series with its match and note, or its id alone where it measures the same thing."""


class Gap(Strict):
    """What keeps an indicator from being shown, and the action that would close the gap."""

    kind: Literal["no_open_series", "not_connected", "no_measure_agreed"]
    why: Text
    action: Text


class Indicator(Strict):
    """A measure that helps quantify an outcome. Defined once, used by any number of outcomes.

    An indicator has a series, or members (a basket of other indicators, shown one by one), or a
    gap. `polarity` says which direction is good; `no_judgement` where more may be good or bad.
    """

    title: Text
    definition: Text = Field(description="what is counted, of whom, in one or two plain sentences")
    unit: str = Field(description="follows the number: '%', 'per 10,000 children', 'a week'")
    prefix: str = Field("", description="stands before the number: '£'")
    value_type: ValueType
    per: int | None = Field(None, description="for a rate or proportion: 100, 1000, 10000, 100000")
    polarity: Polarity
    decimals: int = Field(1, ge=0, le=3)
    survey: bool = Field(False, description="true if the figures come from a sample of people")
    series: SeriesField | None = None
    members: tuple[Identifier, ...] = ()
    gap: Gap | None = None
    caveats: tuple[Text, ...] = ()

    @model_validator(mode="after")
    def _has_exactly_one_home(self) -> "Indicator":
        homes = [name for name in ("series", "members", "gap") if getattr(self, name)]
        if len(homes) != 1:
            raise ValueError(
                "an indicator has exactly one of series, members or gap; this one has "
                + (" and ".join(homes) or "none of them")
            )
        if bool(self.members) != (self.value_type == "basket"):
            raise ValueError("value_type is 'basket' if the indicator has members, and only then")
        return self
