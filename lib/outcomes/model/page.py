"""Page, run: what is asked for."""

from typing import Literal

from pydantic import Field

from outcomes.model.base import AreaCode, Identifier, Strict, Text

PAGE_MIME = "application/vnd.outcomes.page+json"
"""The kind of output in which a notebook signs what it reported on; the runner reads it."""


class Page(Strict):
    """One outcome, for one locality, beside one comparator. The unit that is made and signed."""

    framework: Identifier = Field(description="a file in parameters/frameworks, without .yml")
    outcome: Identifier = Field(description="an outcome's id, or 'overview' for all of them")
    locality: AreaCode = Field(description="a nine-character code in parameters/places.yml")
    comparator: Identifier = Field(description="a name in parameters/comparators.yml")


class RunRequest(Strict):
    """A set of pages to make, as a file in parameters/runs says it."""

    title: Text
    framework: Identifier
    outcomes: Literal["all"] | tuple[Identifier, ...] = "all"
    localities: tuple[AreaCode, ...] = Field(min_length=1)
    and_places_within: bool = Field(False, description="true adds the places within each locality")
    comparators: tuple[Identifier, ...] = Field(min_length=1)
    overviews: bool = Field(True, description="true adds a page of all outcomes for each locality")
