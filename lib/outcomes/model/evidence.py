"""Evidence, catalogue, stakeholder, gap in the register: what is known, who holds it, what is not.

A piece of evidence has no value: figures are in the store, and words never enter a calculation.
"""

from dataclasses import dataclass
from datetime import date
from typing import Literal

import pandas as pd
from pydantic import Field, model_validator

from outcomes.model.base import AreaCode, Identifier, Strict, Text
from outcomes.model.framework import EVIDENCE as EVIDENCE
from outcomes.model.place import Level
from outcomes.model.results import Overview

EvidenceKind = Literal[
    "administrative", "census", "survey", "assessment", "research", "feedback", "consultation",
    "case_study",
]  # fmt: skip
"""`assessment` is a published one, such as a joint strategic needs assessment."""
SOFT_KINDS = ("feedback", "consultation", "case_study")
"""What people said, or one case: read, never counted or averaged."""
Frequency = Literal[
    "once", "irregular", "weekly", "monthly", "quarterly", "termly", "yearly", "every_two_years",
    "every_five_years", "every_ten_years",
]  # fmt: skip
GapKind = Literal[
    "no_measure", "soft_only", "no_locality_level", "no_comparator", "too_rare", "stale", "by_hand"
]
GapState = Literal["open", "in_progress", "closed", "accepted"]


class Evidence(Strict):
    """Something that a council collects or receives and that shows progress towards an outcome.

    It serves outcomes and statements by name, or the outcomes that have one of its indicators.
    Only title and kind are required, so that a catalogue can grow; `missing` says what lacks.
    """

    title: Text
    kind: EvidenceKind
    holder: Text | None = Field(None, description="an organisation or a role, never a person")
    obtained: Literal["collected", "received"] | None = None
    outcomes: tuple[Identifier, ...] = ()
    statements: tuple[Identifier, ...] = ()
    indicators: tuple[Identifier, ...] = ()
    frequency: Frequency | None = None
    lowest_level: Level | Literal["smaller"] | None = Field(
        None, description="the smallest areas it is available for; smaller: smaller than a district"
    )
    access: Literal["open", "on_request", "restricted"] | None = None
    how: Text | None = Field(None, description="how to get at it, where it is not open")
    last_date: date | None = Field(
        None,
        description="when it last came; if left out, the day on which the publisher of its "
        "indicators' series last published",
    )
    says: Text | None = Field(None, description="for soft evidence: what it says, in a sentence")
    reference: Text | None = Field(None, description="a document's title or address")
    relevance: Text | None = None
    robustness: Text | None = Field(None, description="how far it can be relied on, and why")
    note: Text | None = None

    @property
    def soft(self) -> bool:
        """Whether it is words and single cases rather than figures."""
        return self.kind in SOFT_KINDS

    def missing(self) -> list[str]:
        """Return the keys that are not filled in and should be, in order."""
        needed = {
            "holder": True,
            "obtained": True,
            "outcomes": not (self.statements or self.indicators),
            "frequency": True,
            "lowest_level": True,
            "access": True,
            "how": self.access in ("on_request", "restricted"),
            "last_date": not self.indicators,
            "says": self.soft,
            "reference": self.kind in ("assessment", "research"),
            "relevance": self.kind == "research",
        }
        return [key for key, asked in needed.items() if asked and not getattr(self, key)]


class Stakeholder(Strict):
    """A group or organisation that an outcome concerns."""

    name: Text
    outcomes: tuple[Identifier, ...] = Field(min_length=1)
    special_contact: Text | None = Field(None, description="what contact they need, if special")


class Elsewhere(Strict):
    """What somebody else measures, and how far it is the same as an indicator of ours."""

    indicator: Identifier
    who: Text
    match: Literal["same", "near", "different"]
    source: Text


class Catalogue(Strict):
    """The evidence for one area and every place within it.

    Without a framework its entries serve the outcomes of any, through their indicators.
    """

    area: AreaCode
    framework: Identifier | None = None
    note: Text | None = Field(None, description="where this knowledge comes from")
    entries: dict[Identifier, Evidence] = {}
    stakeholders: tuple[Stakeholder, ...] = ()
    elsewhere: tuple[Elsewhere, ...] = ()

    @model_validator(mode="after")
    def _names_need_a_framework(self) -> "Catalogue":
        named = [name for name, e in self.entries.items() if e.outcomes or e.statements]
        if not self.framework and (named or self.stakeholders):
            raise ValueError(
                f"{named[0] if named else 'stakeholders'} names an outcome or a statement, so the "
                "catalogue needs its framework"
            )
        return self


class GapDecision(Strict):
    """What was decided about a gap. With a title it is a gap that was added by hand."""

    title: Text | None = None
    why: Text | None = None
    action: Text | None = None
    owner: Text | None = Field(None, description="the role that answers for it, never a person")
    change: Text | None = Field(None, description="the new information, system or process needed")
    due: date | None = None
    state: GapState = "open"


class GapDecisions(Strict):
    """Decisions on the gaps of one area and framework, by the gap's name in the register."""

    area: AreaCode
    framework: Identifier
    gaps: dict[str, GapDecision]


@dataclass(frozen=True)
class RegisterGap:
    """A gap of the register: what is missing, and what was decided about it."""

    id: str
    """Its name, the same from run to run: the kind and what it is about, joined by slashes."""
    kind: GapKind
    title: str
    why: str
    proposal: str = ""
    """What would close it by the indicator's definition; empty where that says nothing."""
    action: str = ""
    """What was decided; empty where nothing is."""
    owner: str = ""
    change: str = ""
    due: date | None = None
    state: GapState = "open"

    @property
    def is_open(self) -> bool:
        """Whether somebody still has to do something."""
        return self.state in ("open", "in_progress")

    def past_due(self, today: date) -> bool:
        """Whether it is open after the day by which it was to be closed."""
        return self.is_open and self.due is not None and self.due < today

    @property
    def action_id(self) -> str:
        """The id of the plan action that closes it."""
        return f"action/{self.id}"


@dataclass(frozen=True)
class PlanAction:
    """An action of a delivery plan that closes a gap; each names the other."""

    id: str
    gap_id: str
    what: str
    owner: str
    due: date | None


@dataclass(frozen=True)
class EvidencePage:
    """All that one page shows of the evidence for a place, and of what is missing."""

    overview: Overview
    today: date
    """The day on which things are due or overdue: the page's, or the store's newest."""
    entries: dict[str, Evidence]
    serves: dict[str, tuple[str, ...]]
    """The outcomes that each entry serves, in a few words each."""
    expected: dict[str, date | None]
    """When the next issue of each entry is expected, or None."""
    overdue: tuple[tuple[str, date], ...]
    """Entries whose next issue was expected before today, longest overdue first."""
    matrix: pd.DataFrame
    """Rows (outcome, statement), statement "" for the outcome as a whole; a column a kind."""
    gaps: tuple[RegisterGap, ...]
    stakeholders: tuple[Stakeholder, ...]
    elsewhere: tuple[tuple[str, Elsewhere], ...]
    """Our indicator's title, and what somebody else measures."""
    findings: tuple[str, ...]
    """What is wrong with the catalogue or the register themselves."""
