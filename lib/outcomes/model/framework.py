"""Framework, outcome, statement, entry, council measure: what a council has said it wants."""

from typing import Annotated, Literal

from pydantic import AfterValidator, Field, model_validator

from outcomes.errors import did_you_mean
from outcomes.model.base import Identifier, Strict, Text
from outcomes.model.wording import require_no_quantity

OVERVIEW = "overview"
"""The reserved word for the page that shows every outcome of a place; no outcome may use it."""
EVIDENCE = "evidence"
"""The reserved word for a place's page of its evidence and gaps; no outcome may use it."""
SERVICES = "services"
"""The reserved word for a place's page of its services; no outcome may use it."""


class Statement(Strict):
    """A 'by this we mean' under an outcome: what the outcome means here."""

    id: Identifier
    wording: Text
    origin: Text = Field(description="who proposed it, or the document it comes from")
    status: Literal["candidate", "final", "withdrawn"] = "candidate"


class Entry(Strict):
    """An indicator's place in a framework: its number and the wording it has there.

    The indicator itself is defined once, in parameters/indicators/, however many entries name it.
    """

    number: str = Field(pattern=r"^\d+\.\d+$", description="outcome and position, such as '2.3'")
    indicator: Identifier
    wording: Text = Field(description="as the framework has it; {area} stands for the area's name")
    statement: Identifier | None = Field(
        None, description="the statement of its outcome that it shows progress towards"
    )
    certainty: Literal["complete", "words_completed", "uncertain"] = Field(
        "complete",
        description="complete: as printed; words_completed: a cut word was completed; "
        "uncertain: the wording is a reading",
    )
    proxy: Text | None = Field(
        None, description="stands in for what cannot be measured yet: why it may"
    )
    note: Text | None = Field(None, description="what is uncertain, or where the entry stood")


class Outcome(Strict):
    """A condition of well-being for everyone in a place, in plain words, with no number in it."""

    id: Identifier
    number: int = Field(ge=1)
    title: Annotated[Text, AfterValidator(require_no_quantity)] = Field(
        description="the outcome in plain words; {area} stands for the area's name"
    )
    short: Text = Field(description="a few words for a narrow column, such as 'Best start'")
    question: Text = Field(
        description="the outcome as a question that a resident would ask; {area} stands for the "
        "place that a page is about"
    )
    owner: Text = Field("not yet named", description="the role that answers for it")
    horizon: tuple[Literal["short", "medium", "long"], ...] = ("short", "medium", "long")
    influence: Literal["high", "some", "low"] | None = Field(
        None, description="how much the partners can move it; low draws a warning on trajectories"
    )
    statements: tuple[Statement, ...] = ()
    entries: tuple[Entry, ...] = ()
    note: Text | None = None


class CouncilMeasure(Strict):
    """A performance measure of the council as a whole, never mixed with the indicators."""

    number: int = Field(ge=1)
    wording: Text
    gap: Text = Field(description="the action that would give it a figure")


class Framework(Strict):
    """A council's set of outcomes, of any number."""

    id: Identifier
    title: Text
    area: Text = Field(description="the area the framework speaks of; stands in for {area}")
    source: Text = Field(description="the document it was read from")
    example: bool = Field(False, description="true if it is an example that no council adopted")
    vision: Text | None = None
    outcomes: tuple[Outcome, ...] = Field(min_length=1)
    council_measures: tuple[CouncilMeasure, ...] = ()

    @model_validator(mode="after")
    def _ids_and_numbers_once(self) -> "Framework":
        ids = [outcome.id for outcome in self.outcomes]
        for word, page in (
            (OVERVIEW, "the page of all"),
            (EVIDENCE, "the page of evidence"),
            (SERVICES, "the page of services"),
        ):
            if word in ids:
                raise ValueError(f"no outcome may have the id {word!r}: it names {page}")
        statements = [s.id for outcome in self.outcomes for s in outcome.statements]
        numbers = [entry.number for entry in self.entries()]
        told_apart = {"outcome id": ids, "entry number": numbers, "statement id": statements}
        for kind, words in told_apart.items():
            twice = sorted({word for word in words if words.count(word) > 1})
            if twice:
                raise ValueError(f"{kind} {twice[0]!r} stands twice; each may stand once")
        return self

    @model_validator(mode="after")
    def _entries_serve_statements_of_their_outcome(self) -> "Framework":
        for outcome in self.outcomes:
            own = [s.id for s in outcome.statements if s.status != "withdrawn"]
            for entry in outcome.entries:
                if entry.statement and entry.statement not in own:
                    hint = did_you_mean(entry.statement, own)
                    raise ValueError(
                        f"entry {entry.number}: statement: {outcome.id!r} has no statement "
                        f"{entry.statement!r}{hint}"
                    )
        return self

    def entries(self) -> list[Entry]:
        """Return every entry of every outcome, in order."""
        return [entry for outcome in self.outcomes for entry in outcome.entries]

    def indicator_ids(self) -> list[str]:
        """Return the ids of the different indicators, in the order they first appear."""
        return list(dict.fromkeys(entry.indicator for entry in self.entries()))

    def outcome(self, outcome_id: str) -> Outcome:
        """Return one outcome by id; KeyError if there is none."""
        return {outcome.id: outcome for outcome in self.outcomes}[outcome_id]
