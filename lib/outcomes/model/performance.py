"""Performance measure, service, client table: how well a service works for its own customers.

A performance measure is never an indicator: an indicator speaks of everyone in a place. The two
kinds have types of their own, and no table takes both.
"""

from dataclasses import dataclass
from datetime import date
from typing import Literal, get_args

import pandas as pd
from pydantic import Field, model_validator

from outcomes.model.base import AreaCode, Identifier, Strict, Text
from outcomes.model.indicator import Polarity
from outcomes.model.results import Overview, Position

Quadrant = Literal["better_off_percent", "how_well", "better_off_number", "how_much"]
IMPORTANCE: tuple[Quadrant, ...] = get_args(Quadrant)
"""Most important first (Rob Hutchinson, Outcomes Focussed Practice, April 2007, slide 23)."""
BETTER_OFF = ("better_off_percent", "better_off_number")
QUADRANTS = {
    "better_off_percent": ("Is anyone better off? Percent", "most important"),
    "how_well": ("How well did we do it?", "second most important"),
    "better_off_number": ("Is anyone better off? Number", "third most important"),
    "how_much": ("How much did we do?", "least important"),
}
"""What each quadrant is called, and where it stands in the order of importance."""
BETTER = {
    "skills": "with better skills or knowledge",
    "attitude": "with a better attitude or opinion",
    "behaviour": "whose behaviour has changed for the better",
    "circumstance": "whose circumstances are better: work, home, health",
}
"""What can have become better for a customer."""
KINDS = {
    "how_much": {
        "customers_served": "Customers served: how many people used the service",
        "activities": "Activities, by type of activity: sessions held, visits made, plans written",
    },
    "how_well": {
        "trained_staff": "Percent of staff with the training or the qualification for the work",
        "staff_turnover": "Staff who leave, out of all staff",
        "caseload": "Customers to each member of staff",
        "timeliness": "Percent of customers seen within the time that was promised",
        "completion": "Percent of customers who finish what they began",
        "satisfaction": "Percent of customers who say that they were treated well",
        "unit_cost": "Cost of one unit of the service",
    },
    "better_off_number": {k: f"Number of customers {words}" for k, words in BETTER.items()},
    "better_off_percent": {k: f"Percent of customers {words}" for k, words in BETTER.items()},
}
"""Kinds of measures found in each quadrant, as suggestions: slides 21 to 25, and Friedman (2005),
Trying Hard Is Not Good Enough, chapter 4."""
CLIENT_COLUMNS = (
    "client", "started", "discharged", "state_at_discharge", "followed_up", "state_at_follow_up",
)  # fmt: skip
"""One row a client. Blank: still a client; not followed up."""
ClientCount = Literal["served", "better_off", "percent_better_off"]
SO_FAR = " so far"
"""What follows the label of a year that is not over, or in which some are not due yet."""
CAUTION = (
    "These show what the service did for its customers and what happened to everyone; neither "
    "shows that one caused the other."
)


class ClientTable(Strict):
    """Where a service's table of clients is, and how it is read."""

    file: Text = Field(description="CSV, as seen from the project's folder")
    as_of: date = Field(description="the day on which the table was drawn")
    columns: dict[Literal[CLIENT_COLUMNS], Text] = Field(
        {}, description="headings that differ from the standard ones"
    )
    better_off: tuple[Text, ...] = Field(min_length=1, description="states that are better off")
    not_better_off: tuple[Text, ...] = Field(min_length=1, description="all other states")
    follow_up_months: int = Field(12, ge=1, le=60)
    year_start: str = Field("04-01", pattern=r"^(0[1-9]|1[0-2])-01$")

    @model_validator(mode="after")
    def _one_meaning(self) -> "ClientTable":
        both = set(self.better_off) & set(self.not_better_off)
        if both:
            raise ValueError(
                f"the state {sorted(both)[0]!r} is under better_off and not_better_off"
            )
        return self


class FromClients(Strict):
    """A measure that the client table gives: what is counted, and when."""

    count: ClientCount
    at: Literal["discharge", "follow_up"] | None = None

    @model_validator(mode="after")
    def _when(self) -> "FromClients":
        if (self.at is None) != (self.count == "served"):
            raise ValueError("say at: discharge or follow_up for who is better off, and only there")
        return self


class PerformanceMeasure(Strict):
    """How well a service works, for its own customers: one quadrant, one accountable party."""

    title: Text
    quadrant: Quadrant
    kind: Identifier = Field(description="one of the kinds found in its quadrant")
    accountable: Literal["provider", "commissioner"] = Field(
        description="exactly one: the provider answers for customers, the commissioner for "
        "effectiveness and contribution"
    )
    unit: str = Field("", description="follows the number: '%', 'people'")
    polarity: Polarity = "higher_is_better"
    decimals: int = Field(0, ge=0, le=3)
    figures: dict[Text, float] | None = Field(None, description="by period, such as '2023/24'")
    from_clients: FromClients | None = None
    target: float | None = None
    people: Identifier | None = Field(
        None, description="of a percent: the measure with the number of all of these people"
    )
    number: Identifier | None = Field(
        None, description="of a percent: the measure with the number of those better off"
    )

    @model_validator(mode="after")
    def _fits_together(self) -> "PerformanceMeasure":
        if self.kind not in KINDS[self.quadrant]:
            raise ValueError(
                f"the kind {self.kind!r} is not found in the quadrant {self.quadrant}; there are: "
                + ", ".join(KINDS[self.quadrant])
            )
        if (self.figures is None) == (self.from_clients is None):
            raise ValueError("give figures by period, or from_clients, and not both")
        percent = self.quadrant == "better_off_percent"
        if (self.people is None) != (self.number is None) or (self.people and not percent):
            raise ValueError("people and number go together, and only with a percent better off")
        if percent and self.unit != "%":
            raise ValueError(f"a percent better off has the unit '%', not {self.unit!r}")
        counted = self.from_clients and self.from_clients.count
        fits = {"served": "how_much", "better_off": "better_off_number",
                "percent_better_off": "better_off_percent"}  # fmt: skip
        if counted and fits[counted] != self.quadrant:
            raise ValueError(f"{counted} from the client table is of the quadrant {fits[counted]}")
        return self


class PeopleConcerned(Strict):
    """How many people of the place the service is meant for, so that its size can be judged."""

    number: float = Field(gt=0)
    who: Text
    source: Text


class Service(Strict):
    """A programme, agency or service, its contract, its customers and its performance measures."""

    title: Text
    place: AreaCode
    framework: Identifier
    outcomes: tuple[Identifier, ...] = Field(min_length=1, description="to which it contributes")
    indicators: tuple[Identifier, ...] = Field(
        (), description="population curves beside which it is shown"
    )
    provider: Text = Field(description="an organisation or a team, never a person")
    commissioner: Text = Field(description="the role that answers for its effectiveness")
    contract: Text = Field(description="the contract or the specification that has the measures")
    customer_group: Text
    people_concerned: PeopleConcerned | None = None
    clients: ClientTable | None = None
    measures: dict[Identifier, PerformanceMeasure] = Field(min_length=1)

    @model_validator(mode="after")
    def _pairs(self) -> "Service":
        for name, measure in self.measures.items():
            if measure.from_clients and not self.clients:
                raise ValueError(f"{name} is from_clients, and the service has no clients")
            for other in filter(None, (measure.people, measure.number)):
                if other not in self.measures:
                    raise ValueError(f"{name} names {other!r}, which is no measure of the service")
        return self

    def answers(self, measure: PerformanceMeasure) -> str:
        """Return the one party that answers for a measure."""
        return getattr(self, measure.accountable)

    def missing(self) -> tuple[Quadrant, ...]:
        """Return the quadrants without a measure, the most important first."""
        held = {measure.quadrant for measure in self.measures.values()}
        return tuple(quadrant for quadrant in IMPORTANCE if quadrant not in held)


def by_importance(measures: dict[str, PerformanceMeasure]) -> list[str]:
    """Return the names of measures, the most important quadrant first; else in their order."""
    return sorted(measures, key=lambda name: IMPORTANCE.index(measures[name].quadrant))


@dataclass(frozen=True)
class MeasureLine:
    """The figures of one performance measure. Never an indicator's."""

    name: str
    measure: PerformanceMeasure
    accountable: str
    figures: pd.DataFrame
    """From the oldest to the newest: period, value, best (NaN but at follow-up: if all who were lost are
    better off, as value is if none is), lower, upper (95%), people (out of whom), word (why there is
    no value)."""

    def whole(self) -> pd.DataFrame:
        """Return the figures of the periods that are over and complete."""
        known = self.figures.dropna(subset="value")
        return known[~known["period"].str.endswith(SO_FAR)]

    def newest(self) -> pd.Series | None:
        """Return the figure of the newest whole period, or else of the newest; None without one."""
        whole = self.whole()
        found = self.figures.dropna(subset="value") if whole.empty else whole
        return None if found.empty else found.iloc[-1]


@dataclass(frozen=True)
class ServiceResult:
    """What is known of one service: its measures, the most important first, and what to look at."""

    name: str
    service: Service
    lines: tuple[MeasureLine, ...]
    follow_up: pd.DataFrame
    """One row a year of discharge, small numbers withheld; empty without a client table."""
    flags: tuple[str, ...]
    """What a reader must know: an empty question, a number and a percent that do not agree."""

    def reach(self) -> tuple[str, float, float] | None:
        """Return the newest whole period, customers, and their share of the people concerned."""
        concerned = self.service.people_concerned
        served = [li for li in self.lines if li.measure.kind == "customers_served"]
        if concerned is None or not served or (whole := served[0].whole()).empty:
            return None
        newest = whole.iloc[-1]
        return str(newest["period"]), newest["value"], newest["value"] / concerned.number


@dataclass(frozen=True)
class ServicesPage:
    """The services of a place beside the population curves to which they hope to contribute."""

    overview: Overview
    services: tuple[ServiceResult, ...]

    def curves(self, result: ServiceResult) -> list[Position]:
        """Return the positions of the indicators that a service is shown beside, each once."""
        found = {p.indicator_id: p for b in self.overview.baselines for p in b.positions}
        return [found[name] for name in result.service.indicators if name in found]

    def contributors(self) -> dict[str, tuple[str, ...]]:
        """Return who contributes to each outcome, by its title; nobody answers for it alone."""
        return {
            outcome.title: tuple(
                f"{result.service.title}, by {result.service.provider}"
                for result in self.services
                if outcome.id in result.service.outcomes
            )
            for outcome in (baseline.outcome for baseline in self.overview.baselines)
        }
