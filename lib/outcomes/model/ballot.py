"""A ballot as a file defines it: about which framework, how many to choose, and who votes."""

from typing import Annotated, Literal

from pydantic import Field, StringConstraints, model_validator

from outcomes.model.base import Identifier, Strict, Text

Chosen = Annotated[int, Field(ge=1, le=20)]


class VotingGroup(Strict):
    """Those whose votes are counted together, such as senior managers or the public."""

    id: Identifier
    title: Text
    short: Annotated[str, StringConstraints(pattern=r"^[A-Z]{2,12}$")] = Field(
        description="a few capital letters with which the group's codes begin, such as MEMBERS"
    )
    weight: float = Field(1.0, ge=0, description="how much the group counts; 1 is the usual")
    votes: Literal["codes", "paper"] = Field(
        "codes",
        description="codes: each person has a code of one's own for the page; paper: on sheets of "
        "paper, each with a mark, that are read in from a file",
    )
    invited: int | None = Field(
        None, ge=1, le=10_000, description="how many people have a vote; so many codes are made"
    )

    @model_validator(mode="after")
    def _codes_for_somebody(self) -> "VotingGroup":
        if self.votes == "codes" and self.invited is None:
            raise ValueError(
                f"the group {self.id!r} votes with codes; say in invited how many people have one"
            )
        return self


class BallotDefinition(Strict):
    """A ballot on what the outcomes of a framework mean: the statements that matter most."""

    framework: Identifier
    title: Text
    outcomes: tuple[Identifier, ...] | Literal["all"] = "all"
    choose: Chosen = Field(4, description="how many statements to choose under each outcome")
    groups: tuple[VotingGroup, ...] = Field(min_length=1)

    @model_validator(mode="after")
    def _names_once(self) -> "BallotDefinition":
        told_apart = {
            "group": [group.id for group in self.groups],
            "short name of a group": [group.short for group in self.groups],
            "outcome": [] if self.outcomes == "all" else list(self.outcomes),
        }
        for kind, words in told_apart.items():
            twice = sorted({word for word in words if words.count(word) > 1})
            if twice:
                raise ValueError(f"{kind} {twice[0]!r} stands twice; each may stand once")
        return self

    def weights(self) -> dict[str, float]:
        """Return the weight of each group by its id."""
        return {group.id: group.weight for group in self.groups}
