"""Disclosure rule: which small numbers a store withholds, so that no person can be recognised."""

from pydantic import Field

from outcomes.model.base import Identifier, Strict


class DisclosureRule(Strict):
    """Counts of people or events under the threshold are withheld, with what would reveal them.

    It holds for every source but those named under `already_protected`, whose publisher has
    withheld small numbers itself before publishing.
    """

    threshold: int | None = Field(
        5, ge=2, le=100, description="counts from 1 to below this are withheld; null for none"
    )
    round_to: int | None = Field(
        None, ge=2, le=100, description="counts that are shown are rounded to this base, such as 5"
    )
    already_protected: tuple[Identifier, ...] = Field(
        (), description="sources that are published as they are, such as els"
    )

    def text(self, source: str) -> str:
        """Return the rule as it holds for a source, in a few words; empty if nothing is done."""
        if source in self.already_protected:
            return ""
        words = []
        if self.threshold:
            words.append(f"under {self.threshold} withheld")
        if self.round_to:
            words.append(f"rounded to {self.round_to}")
        return ", ".join(words)
