"""Story, factor, unseen progress: what lies behind a figure, and what the figure does not show.

They are words with a date and a source, written by people; they never enter a calculation.
"""

import datetime
from typing import Literal

from pydantic import Field

from outcomes.model.base import AreaCode, Identifier, Strict, Text


class Factor(Strict):
    """Something that helps or hinders an outcome, with the evidence for it.

    Without a place it is said of every place that the framework is used for.
    """

    outcome: Identifier
    indicator: Identifier | None = Field(None, description="if it is about one, not a basket")
    place: AreaCode | None = Field(None, description="said of this place and those within it")
    factor: Text = Field(description="what it is, in a sentence")
    direction: Literal["helps", "hinders"]
    evidence: Text = Field(description="what shows it: a document, a table, what people said")
    evidence_date: datetime.date
    who_can_influence: Text = Field(description="organisations or roles, never a person's name")
    strength: Text | None = Field(None, description="how much it matters, in words")


class Unseen(Strict):
    """Progress towards an outcome that its indicators miss, in words."""

    outcome: Identifier
    place: AreaCode | None = Field(None, description="said of this place and those within it")
    text: Text
    source: Text
    date: datetime.date


class Story(Strict):
    """The factors and the unseen progress of one framework, whose id is the name of the file."""

    factors: tuple[Factor, ...] = ()
    unseen: tuple[Unseen, ...] = ()
