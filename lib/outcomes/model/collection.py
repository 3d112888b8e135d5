"""Store settings: a named store of figures, what goes into it, and what its pages must say."""

from typing import Annotated

from pydantic import Field

from outcomes.model.base import Identifier, Strict, Text
from outcomes.model.disclosure import DisclosureRule
from outcomes.model.indicator import SeriesField, SeriesId


class Content(Strict):
    """One publisher's files, to be added to a store."""

    source: Identifier = Field(description="the connector that reads them, such as 'els'")
    path: Text = Field(description="a folder or file, relative to the project")


class StoreSettings(Strict):
    """A named store. `series` says where this store has an indicator's figures, if elsewhere.

    That is how a council closes a gap with its own data: the indicator stays defined once, and
    the store says which of its series measures it.
    """

    title: Text
    notice: Text | None = Field(None, description="words that every page from this store carries")
    licence: Text | None = Field(None, description="stands for the connector's, if it differs")
    contents: tuple[Content, ...] = ()
    series: dict[Identifier, SeriesField] = {}
    council_measures: dict[Annotated[int, Field(ge=1)], SeriesId] = Field(
        {}, description="which series gives a whole-council measure, by its number"
    )
    disclosure: DisclosureRule = Field(
        default_factory=DisclosureRule, description="how small numbers are withheld"
    )
