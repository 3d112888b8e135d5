"""Target, judgement, effect, scenario: what people want, decide and assume about the future.

They are written by people, each with a reason, evidence and the role that answers for it.
"""

import datetime
from typing import Literal

from pydantic import Field, model_validator

from outcomes.model.base import AreaCode, Identifier, Strict, Text


class Relative(Strict):
    """What a target is measured from: the comparator's figure at the target date, and the distance.

    `distance` is place minus comparator in the indicator's unit: 0 is level with it.
    """

    comparator: Identifier = Field(description="a name in parameters/comparators.yml")
    distance: float = Field(0.0, description="place minus comparator, in the indicator's unit")


class Target(Strict):
    """A level that an indicator is to reach by a date, as a fixed value or beside a comparator."""

    indicator: Identifier
    place: AreaCode = Field(description="the place it is set for, and no other")
    by: datetime.date = Field(description="the day by which it is to be met")
    value: float | None = Field(None, description="in the indicator's unit")
    relative: Relative | None = Field(None, description="beside a comparator instead of a value")
    set_by: Text = Field(description="the body or role that set it, never a person's name")
    source: Text = Field(description="the document or decision it comes from")
    example: bool = Field(False, description="true if nobody has adopted it: the page says so")

    @model_validator(mode="after")
    def _a_value_or_a_comparator(self) -> "Target":
        if (self.value is None) == (self.relative is None):
            raise ValueError("a target has either a value or relative, and not both")
        return self


class Judgement(Strict):
    """Whether what the forecast shows is acceptable: a recorded yes or no with its reason."""

    indicator: Identifier
    place: AreaCode
    acceptable: bool
    reason: Text
    by: Text = Field(description="the role that judged it, never a person's name")
    decided: datetime.date
    example: bool = Field(False, description="true if nobody has decided it: the page says so")


class Targets(Strict):
    """The targets and judgements of one framework, whose id is the name of the file."""

    targets: tuple[Target, ...] = ()
    judgements: tuple[Judgement, ...] = ()

    @model_validator(mode="after")
    def _one_target_for_a_day(self) -> "Targets":
        seen: set[tuple[str, str, datetime.date]] = set()
        for target in self.targets:
            if (about := (target.indicator, target.place, target.by)) in seen:
                raise ValueError(
                    f"{target.indicator!r} has two targets for {target.place} by {target.by}; "
                    "keep one of them"
                )
            seen.add(about)
        return self

    @model_validator(mode="after")
    def _judged_once(self) -> "Targets":
        seen: set[tuple[str, str]] = set()
        for judged in self.judgements:
            if (about := (judged.indicator, judged.place)) in seen:
                raise ValueError(
                    f"{judged.indicator!r} is judged twice for {judged.place}; keep one judgement"
                )
            seen.add(about)
        return self


class Evidence(Strict):
    """What an assumed effect rests on, and how strong that is."""

    source: Text = Field(description="an evaluation, a document, the judgement of a role")
    strength: Literal["strong", "moderate", "weak", "judgement"]
    entry: Identifier | None = Field(None, description="an entry of the evidence catalogue")


class Effect(Strict):
    """An assumption: by how much something dated will move one indicator in one place.

    The effect begins `delay_months` after `starts`, grows evenly over `builds_months`, stays for
    `lasts_months` (for good if that is not given) and fades evenly over `fade_months`. `size` is the
    most likely full effect; `low` and `high` are the ends of what is thought possible, `low` the
    smaller number. In the indicator's unit, or in percent of the figure that the forecast gives.
    """

    title: Text
    kind: Literal["planned_effect", "policy_change"]
    indicator: Identifier
    place: AreaCode = Field(description="the place whose figure it moves, and no other")
    size: float
    low: float
    high: float
    measured: Literal["units", "percent"] = "units"
    starts: datetime.date
    delay_months: int = Field(0, ge=0)
    builds_months: int = Field(0, ge=0)
    lasts_months: int | None = Field(None, ge=0)
    fade_months: int = Field(0, ge=0)
    evidence: Evidence
    plausibility: Literal["high", "medium", "low"]
    depends_on: Text = Field(description="what must hold for it to come true")
    owner: Text = Field(description="the role that answers for it, never a person's name")
    included: bool = Field(True, description="false switches it off without losing it")

    @model_validator(mode="after")
    def _size_within_its_range(self) -> "Effect":
        if not self.low <= self.size <= self.high:
            raise ValueError(
                f"size lies between low and high, low the smaller number; got low {self.low}, "
                f"size {self.size}, high {self.high}"
            )
        return self

    @model_validator(mode="after")
    def _fades_only_after_it_lasted(self) -> "Effect":
        if self.fade_months and self.lasts_months is None:
            raise ValueError("fade_months needs lasts_months, after which the effect fades")
        return self


class CrossEffect(Strict):
    """By how much one indicator moves when another moves by one of its units, in one place."""

    title: Text
    cause: Identifier = Field(description="the indicator that moves first")
    indicator: Identifier = Field(description="the indicator that follows")
    place: AreaCode
    size: float = Field(description="units of the follower for one unit of the cause")
    low: float
    high: float
    delay_months: int = Field(0, ge=0)
    evidence: Evidence
    plausibility: Literal["high", "medium", "low"]
    depends_on: Text
    owner: Text
    included: bool = True

    @model_validator(mode="after")
    def _between_two_within_its_range(self) -> "CrossEffect":
        if self.cause == self.indicator:
            raise ValueError(f"a cross-effect joins two indicators; both are {self.cause!r}")
        if not self.low <= self.size <= self.high:
            raise ValueError(
                f"size lies between low and high, low the smaller number; got low {self.low}, "
                f"size {self.size}, high {self.high}"
            )
        return self


class Risk(Strict):
    """Something that could stop a scenario from coming true, scored 1 (little) to 5 (much)."""

    risk: Text
    likelihood: int = Field(ge=1, le=5)
    impact: int = Field(ge=1, le=5)
    local_control: Literal["full", "some", "none"]
    owner: Text

    @property
    def critical(self) -> bool:
        """Whether likelihood times impact is 15 or more, of 25."""
        return self.likelihood * self.impact >= 15


class Scenario(Strict):
    """A named set of assumptions about what will be done or decided, apart from the forecast."""

    title: Text
    framework: Identifier
    says: Text = Field(description="what it supposes, in a sentence or two")
    effects: dict[Identifier, Effect] = {}
    cross_effects: dict[Identifier, CrossEffect] = {}
    risks: tuple[Risk, ...] = ()
    example: bool = Field(False, description="true if nobody has adopted it: the page says so")

    @model_validator(mode="after")
    def _each_assumption_has_its_own_name(self) -> "Scenario":
        for name in self.effects:
            if name in self.cross_effects:
                raise ValueError(f"{name!r} names an effect and a cross-effect; rename one of them")
        return self

    def in_place(self, locality: str) -> "Scenario":
        """Return the scenario with the assumptions of one place alone."""
        kept = {
            kind: {name: e for name, e in getattr(self, kind).items() if e.place == locality}
            for kind in ("effects", "cross_effects")
        }
        return self.model_copy(update=kept)
