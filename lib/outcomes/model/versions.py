"""Frozen version: a framework as it was on a day, which nobody may change any more."""

from dataclasses import dataclass
from datetime import date
from typing import Annotated

from pydantic import Field, StringConstraints, model_validator

from outcomes.model.base import Identifier, Strict, Text


class FrozenVersion(Strict):
    """A framework that was agreed: its outcomes, statements and entries as they were on a day.

    Its text lies beside the ledger, in a file named after its number; `sha256` proves that the text
    is still the same.
    """

    number: int = Field(ge=1)
    day: date
    by: Text = Field(description="the role or body that agreed it, never a person's name")
    reason: Text
    changes: tuple[Text, ...] = Field(description="what differs from the version before")
    ballot: Identifier | None = Field(None, description="the ballot that chose its statements")
    weights: dict[Identifier, float] = Field(
        default_factory=dict, description="what each group of the ballot counted"
    )
    ties: tuple[Text, ...] = Field(
        (), description="how ties of the ballot were decided, and what the voters' count was"
    )
    sha256: Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]


class Ledger(Strict):
    """The frozen versions of one framework, the first one first."""

    versions: tuple[FrozenVersion, ...] = ()

    @model_validator(mode="after")
    def _numbered_in_order(self) -> "Ledger":
        numbers = [version.number for version in self.versions]
        if numbers != list(range(1, len(numbers) + 1)):
            raise ValueError(f"versions are numbered 1, 2, 3 in their order; got {numbers}")
        days = [version.day for version in self.versions]
        if days != sorted(days):
            raise ValueError("versions stand in order of time; a later one has an earlier day")
        return self


@dataclass(frozen=True)
class MadeUnder:
    """Which version of a framework a page is made under."""

    newest: FrozenVersion | None = None
    """The newest frozen version; None if none is frozen."""
    changed: bool = False
    """Whether the framework was changed after that, so that the page shows a draft."""
