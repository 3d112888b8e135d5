"""Page layout: how much the body of a page holds, and what a person has pinned to a part of it."""

from datetime import date
from typing import Literal

from pydantic import ConfigDict, Field, model_validator

from outcomes.model.base import Identifier, Strict, Text


class BodyLimits(Strict):
    """How much the body of an outcome's page holds; the rest goes to its appendix."""

    indicators: int = Field(4, ge=1, description="how many indicators")
    charts: int = Field(12, ge=1, description="how many charts")


class Pin(Strict):
    """A person's decision where an indicator stands, which goes before the stated rule."""

    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)

    framework: Identifier
    outcome: Identifier
    indicator: Identifier = Field(description="one that is shown: a basket's member, not a basket")
    part: Literal["body", "appendix"] = Field(alias="in")
    reason: Text = Field(description="why, as a reader meets it")
    by: Text = Field(description="the role that decided it, never a person's name")
    decided: date = Field(description="the day on which it was decided")


class PageLayout(Strict):
    """The limits of a page's body, and the pins that people have set."""

    body: BodyLimits = BodyLimits()
    pins: tuple[Pin, ...] = ()

    @model_validator(mode="after")
    def _pinned_once(self) -> "PageLayout":
        seen: set[tuple[str, str, str]] = set()
        for pin in self.pins:
            if (about := (pin.framework, pin.outcome, pin.indicator)) in seen:
                raise ValueError(
                    f"{pin.indicator!r} is pinned twice in {pin.outcome!r} of {pin.framework!r}; "
                    "keep one pin"
                )
            seen.add(about)
        return self

    def pins_of(self, framework_id: str, outcome_id: str) -> dict[str, Pin]:
        """Return an outcome's pins by indicator."""
        about = (framework_id, outcome_id)
        return {p.indicator: p for p in self.pins if (p.framework, p.outcome) == about}
