"""Report log, comment, stage: how a report goes from draft to cabinet, and what was said of it."""

import datetime
from typing import Literal, get_args

from pydantic import Field, model_validator

from outcomes.model.base import Identifier, Strict, Text

Stage = Literal["draft", "comments", "amended", "final", "cabinet"]
STAGES: tuple[str, ...] = get_args(Stage)
STAGE_WORDS = {
    "draft": "Draft",
    "comments": "Draft, out for comments",
    "amended": "Amended after comments",
    "final": "Final",
    "cabinet": "Final, presented to cabinet",
}
ISSUED = ("final", "cabinet")
"""Stages in which every comment has an answer, or somebody said why not."""
SECTIONS = ("report", "statements", "council_measures", "performance_measures")
"""What a comment may be about beside an outcome; 'report' is the whole."""


class Comment(Strict):
    """What somebody said of a report, or asked to be added, and what came of it."""

    id: Identifier
    day: datetime.date
    by: Text = Field(description="a role or an organisation, never a person's name")
    about: Identifier = Field(description="an outcome's id, or a section such as 'report'")
    kind: Literal["comment", "request"] = Field(
        "comment", description="request: for further information"
    )
    text: Text
    answer: Text | None = Field(None, description="what was changed, or why nothing was")
    answered: datetime.date | None = None
    earlier: tuple[Text, ...] = Field(
        (), description="answers in whose place another was put, each with its day"
    )

    @model_validator(mode="after")
    def _answer_has_a_day(self) -> "Comment":
        if (self.answer is None) != (self.answered is None):
            raise ValueError(f"the comment {self.id!r} needs both its answer and its day, answered")
        if self.answered and self.answered < self.day:
            raise ValueError(
                f"the comment {self.id!r} is of {self.day} and was answered before, on "
                f"{self.answered}; put one of the days right"
            )
        return self

    def open_on(self, day: datetime.date) -> bool:
        """Return whether it came before a day and had no answer on it."""
        return self.day < day and (self.answered is None or self.answered > day)


class StageChange(Strict):
    """A stage that a report came to."""

    stage: Stage
    day: datetime.date
    reason: Text | None = Field(None, description="why it is not simply the next stage")
    override: Text | None = Field(None, description="why a comment may stay without an answer")


class ReportLog(Strict):
    """The stages and comments of the report on one place, in the order of their days."""

    stages: tuple[StageChange, ...] = ()
    comments: tuple[Comment, ...] = ()

    @property
    def stage(self) -> str:
        """The stage that the report is in."""
        return self.stages[-1].stage if self.stages else STAGES[0]

    @property
    def unanswered(self) -> tuple[Comment, ...]:
        """The comments without an answer."""
        return tuple(comment for comment in self.comments if comment.answer is None)

    @model_validator(mode="after")
    def _ids_once(self) -> "ReportLog":
        ids = [comment.id for comment in self.comments]
        if twice := sorted({name for name in ids if ids.count(name) > 1}):
            raise ValueError(f"the comment {twice[0]!r} stands twice; give each its own id")
        return self

    @model_validator(mode="after")
    def _stages_in_order(self) -> "ReportLog":
        before = StageChange(stage="draft", day=datetime.date.min)
        for number, change in enumerate(self.stages):
            if change.day < before.day:
                raise ValueError(
                    f"the stage {change.stage!r} of {change.day} stands after one of {before.day}; "
                    "write them in the order of their days"
                )
            first = not number and change.stage == before.stage
            step = STAGES.index(change.stage) - STAGES.index(before.stage)
            if step != 1 and not first and not change.reason:
                raise ValueError(
                    f"from {before.stage!r} the next stage is {_next(before.stage)}; "
                    f"{change.stage!r} needs a reason"
                )
            still = [comment.id for comment in self.comments if comment.open_on(change.day)]
            if change.stage in ISSUED and still and not change.override:
                raise ValueError(
                    f"the stage {change.stage!r} of {change.day} has comments without an answer: "
                    f"{', '.join(still)}; answer them, or say in override why it is issued so"
                )
            before = change
        return self


def _next(stage: str) -> str:
    last = stage == STAGES[-1]
    return "none" if last else repr(STAGES[STAGES.index(stage) + 1])
