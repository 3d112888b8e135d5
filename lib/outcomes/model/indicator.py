"""Indicator, series, gap: what is measured, where its figures come from, what is missing."""

from datetime import date
from typing import Annotated, Literal

from pydantic import BeforeValidator, Field, StringConstraints, model_validator

from outcomes.model.base import Identifier, Strict, Text

Polarity = Literal["higher_is_better", "lower_is_better", "no_judgement"]
ValueType = Literal["proportion", "rate", "mean", "median", "count", "ratio", "index", "basket"]
SeriesId = Annotated[str, StringConstraints(pattern=r"^[a-z_]+/.+$")]
"""`source/dataset/measure`: the source and the publisher's own key."""
Age = Annotated[int, Field(ge=0, le=90)]
"""A single year of age; 90 means 90 and over."""


class Break(Strict):
    """A day from which a series was made in another way; a trend is not drawn across it."""

    since: date = Field(description="the first day of the new method")
    reason: Text = Field(description="what changed, in a few words")


class Series(Strict):
    """The publisher's series that an indicator takes its figures from.

    A series is the publisher's; an indicator is ours. `id` is `source/dataset/measure`, in the
    publisher's own words. `match` says whether it measures the same thing or a near one. With a
    group, the figures are those of that group alone; without, of everyone.
    """

    id: SeriesId = Field(description="source and the publisher's own key")
    match: Literal["same", "near"] = "same"
    note: Text | None = Field(None, description="for a near match: how it differs")
    group_kind: str = Field("", description="for one group's figures: such as sex; else empty")
    group: str = Field("", description="the group as the publisher writes it, such as Female")
    breaks: tuple[Break, ...] = Field((), description="where the method changed, earliest first")
    need: SeriesId | None = Field(
        None,
        description="the series of need by the same groups, against which the take-up of this "
        "service is set",
    )

    @model_validator(mode="after")
    def _near_needs_a_note(self) -> "Series":
        if self.match == "near" and not self.note:
            raise ValueError("a series whose match is 'near' needs a note that says how it differs")
        return self

    @model_validator(mode="after")
    def _group_whole_and_breaks_in_order(self) -> "Series":
        if bool(self.group_kind) != bool(self.group):
            raise ValueError(
                "a series has both group_kind and group, or neither, which means everyone"
            )
        days = [found.since for found in self.breaks]
        if days != sorted(set(days)):
            raise ValueError("breaks stand in order of time, earliest first, each day once")
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


class PeopleBase(Strict):
    """The people on whom a gap is turned into a number of people: an age range, both ends in it.

    They are counted by the latest population estimates, whatever year the figure is of.
    """

    ages: tuple[Age, Age | None] = Field(
        description="youngest and oldest, 90 for 90 and over; null for everyone older"
    )
    words: Text = Field(description="as a reader meets them, such as 'people aged 16 to 64'")

    @model_validator(mode="after")
    def _youngest_first(self) -> "PeopleBase":
        youngest, oldest = self.ages
        if oldest is not None and oldest < youngest:
            raise ValueError(f"ages are youngest first; got {youngest} before {oldest}")
        return self


class Between(Strict):
    """Two groups of one series whose gap is followed; its size is first minus second."""

    kind: Text = Field(description="the kind of group as the store has it, such as sex")
    first: Text = Field(description="a group as the publisher writes it, such as Female")
    second: Text
    label: Text = Field(description="as a reader meets them, such as 'women and men'")
    series: SeriesId | None = Field(None, description="if it is another than the indicator's own")
    ordered: tuple[Text, ...] = Field(
        (), description="every group from first to second, where they stand in an order"
    )

    @model_validator(mode="after")
    def _order_runs_from_first_to_second(self) -> "Between":
        if self.ordered and (self.ordered[0], self.ordered[-1]) != (self.first, self.second):
            raise ValueError(
                f"ordered runs from {self.first!r} to {self.second!r}, both ends in it; got "
                f"{self.ordered[0]!r} to {self.ordered[-1]!r}"
            )
        return self

    @model_validator(mode="after")
    def _two_groups(self) -> "Between":
        if self.first == self.second:
            raise ValueError(f"a gap lies between two groups; both are {self.first!r}")
        return self


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
    people: PeopleBase | None = Field(
        None, description="for a share or rate of the people of an age range: who they are"
    )
    between: tuple[Between, ...] = Field((), description="groups whose gap is followed")
    caveats: tuple[Text, ...] = ()

    @model_validator(mode="after")
    def _has_exactly_one_home(self) -> "Indicator":
        homes = [name for name in ("series", "members", "gap") if getattr(self, name)]
        if len(homes) != 1:
            raise ValueError(
                "an indicator has exactly one of series, members or gap; this one has "
                + (" and ".join(homes) or "none of them")
            )
        if not (self.unit.strip() or self.members):
            raise ValueError(
                "an indicator needs a unit, the words that follow its number, such as '%' or 'per "
                "1,000 people'; a basket has none, because its members have their own"
            )
        if bool(self.members) != (self.value_type == "basket"):
            raise ValueError("value_type is 'basket' if the indicator has members, and only then")
        return self

    @model_validator(mode="after")
    def _people_and_groups_fit(self) -> "Indicator":
        if self.people and self.value_type not in ("proportion", "rate"):
            raise ValueError(f"people is for a proportion or a rate; this is a {self.value_type}")
        if self.people and not self.per:
            raise ValueError("people needs per, the number that the figure is out of, such as 100")
        if self.between and self.members:
            raise ValueError("a basket has no groups of its own; give between to its members")
        return self
