"""Partner, pool, intervention, resource: who helps an outcome along, with what, and with what money.

An outcome has contributors and never one organisation that answers for it alone. Money stands once:
shares add to 100 per cent, and what is paid from another line is not counted again.
"""

from collections.abc import Iterable
from typing import Annotated, Literal

from pydantic import Field, StringConstraints, model_validator

from outcomes.model.base import AreaCode, Identifier, Strict, Text

Tier = Literal["universal", "targeted", "specialist"]
"""For everyone, for those more at risk, or for those who need special help already."""
Timing = Literal["earlier", "later"]
"""Before a problem has grown, or afterwards."""
FinancialYear = Annotated[str, StringConstraints(pattern=r"^\d{4}/\d{2}$")]
"""A year of accounts such as 2026/27."""
FEWEST = 2
"""Contributors that an outcome has at least."""


class Partner(Strict):
    """An organisation, its part in the partnership, and what it contributes to each outcome."""

    organisation: Text
    role: Text = Field(description="its part in the partnership, such as provider of health care")
    contributes: dict[Identifier, Text] = Field({}, description="by outcome: what it brings")


class Governance(Strict):
    """The inter-agency body that decides for all partners together."""

    body: Text
    decides: Text
    chair: Text = Field(description="a role, never a person's name")
    meets: Text
    members: tuple[Identifier, ...] = Field(min_length=FEWEST, description="partners by name")


Shares = dict[Identifier, Annotated[float, Field(gt=0, le=100)]]
"""Percentages by outcome. They add to 100, or there are none."""


def _refuse_shares(name: str, shares: Shares) -> None:
    total = sum(shares.values())
    if shares and abs(total - 100) > 0.01:
        raise ValueError(
            f"{name}: its shares add to {total:g} per cent; expected 100, or no share at all for "
            "money that is not mapped to outcomes"
        )


class Pool(Strict):
    """Money that several partners pay into one fund under an agreement, in one year."""

    agreement: Text
    year: FinancialYear
    paid_in: dict[Identifier, Annotated[float, Field(gt=0)]] = Field(
        min_length=FEWEST, description="pounds by partner"
    )
    shares: Shares = Field(min_length=1, description="per cent of the fund by outcome")

    @property
    def amount(self) -> float:
        """Pounds in the fund."""
        return sum(self.paid_in.values())


class Intervention(Strict):
    """Something that is done for people so that an outcome improves."""

    title: Text
    outcome: Identifier
    tier: Tier
    timing: Timing
    lead: Identifier = Field(description="the partner that leads it")
    indicators: tuple[Identifier, ...] = Field((), description="those it is meant to move")
    note: Text | None = None


class Resource(Strict):
    """A line of a budget, a contract or an asset, and the outcomes that it serves."""

    title: Text
    kind: Literal["budget", "contract", "asset"]
    holder: Identifier = Field(description="the partner whose it is")
    year: FinancialYear
    amount: Annotated[float, Field(gt=0)]
    paid_from: Identifier | None = Field(
        None, description="the line that pays it and counts it already"
    )
    shares: Shares = {}

    def may_be_paid_from(self, payer: "Resource") -> bool:
        """Whether another line can be the one that pays this one: money of the same year."""
        money = "asset" not in (self.kind, payer.kind)
        return money and payer.paid_from is None and payer.year == self.year


class PartnerMap(Strict):
    """The partners of one area and framework, what they do, and their money."""

    area: AreaCode
    framework: Identifier
    example: bool = Field(False, description="true if it is invented")
    note: Text | None = None
    partners: dict[Identifier, Partner] = {}
    governance: Governance | None = None
    pools: dict[Identifier, Pool] = {}
    interventions: dict[Identifier, Intervention] = {}
    resources: dict[Identifier, Resource] = {}

    @model_validator(mode="after")
    def _shares_add_up_and_funds_stand_once(self) -> "PartnerMap":
        for kind in ("pools", "resources"):
            for name, found in getattr(self, kind).items():
                _refuse_shares(f"{kind}.{name}", found.shares)
        told = [(pool.agreement, pool.year) for pool in self.pools.values()]
        if twice := sorted({each for each in told if told.count(each) > 1}):
            raise ValueError(
                f"pools: {twice[0][0]!r} stands twice for {twice[0][1]}; money may stand once"
            )
        return self

    @model_validator(mode="after")
    def _what_a_line_pays_is_in_it(self) -> "PartnerMap":
        spent: dict[str, float] = {}
        for name, line in self.resources.items():
            if (paid := line.paid_from) is None:
                continue
            payer = self.resources.get(paid)
            if payer is None or not line.may_be_paid_from(payer):
                raise ValueError(
                    f"resources.{name}: it is paid from {paid!r}; expected another "
                    f"budget or contract of {line.year} that is not itself paid from a line"
                )
            if line.shares:
                raise ValueError(
                    f"resources.{name}: it is paid from {paid!r}, whose shares count; "
                    "take out its own"
                )
            spent[paid] = spent.get(paid, 0) + line.amount
            if spent[paid] > payer.amount:
                raise ValueError(
                    f"resources.{paid}: £{spent[paid]:,.0f} is paid from it, "
                    f"more than its £{payer.amount:,.0f}"
                )
        return self

    def contributors(self, outcome: str) -> dict[str, str]:
        """Return what each contributor of an outcome brings, by organisation, in the file's order."""
        return {
            partner.organisation: partner.contributes[outcome]
            for partner in self.partners.values()
            if outcome in partner.contributes
        }

    def interventions_for(self, outcome: str) -> dict[str, Intervention]:
        """Return the interventions of an outcome, by name."""
        return {name: i for name, i in self.interventions.items() if i.outcome == outcome}

    def all_late(self, outcome: str) -> bool:
        """Whether an outcome has interventions, and each is specialist help that comes later."""
        found = self.interventions_for(outcome).values()
        return bool(found) and all(i.tier == "specialist" and i.timing == "later" for i in found)

    def counted(self, *, assets: bool = False) -> dict[str, Resource]:
        """Return the lines of money, or of assets, without what another line pays already."""
        return {
            name: line
            for name, line in self.resources.items()
            if line.paid_from is None and (line.kind == "asset") == assets
        }

    def years(self) -> list[str]:
        """Return the years for which there is money, in order; they are never added together."""
        return sorted({found.year for found in (*self.pools.values(), *self.resources.values())})


def for_outcome(found: Iterable[Pool | Resource], outcome: str, year: str) -> float:
    """Return the pounds of one year that serve an outcome, by the shares of each fund or line."""
    return sum(f.amount * f.shares.get(outcome, 0) / 100 for f in found if f.year == year)


def unmapped(found: Iterable[Resource], year: str) -> float:
    """Return the pounds of one year that are mapped to no outcome."""
    return sum(line.amount for line in found if line.year == year and not line.shares)
