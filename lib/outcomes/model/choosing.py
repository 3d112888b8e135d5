"""What was chosen: the result of a ballot, the scores of indicators and where each then stands."""

from dataclasses import dataclass
from typing import Literal, NamedTuple

import pandas as pd
from pydantic import Field

from outcomes.model.base import Identifier, Strict, Text

BALLOT_COLUMNS = ["group", "voter", "outcome", "statement"]
"""Of a table with a row for each chosen statement."""
ALL = ""
"""In the column `group` of the agreement: all voters of all groups."""
CERTAIN = 0.05
"""A chance below this is taken to be more than chance."""

Level = Literal["high", "medium", "low"]
Standing = Literal["headline", "secondary", "development", "unscored"]


@dataclass(frozen=True)
class BallotResult:
    """What a ballot came to, under one set of group weights. No frame holds a single voter."""

    choose: int
    """How many statements of each outcome a voter chose; all, where there are no more."""
    weights: dict[str, float]
    """By group, in the order of the groups."""
    voters: pd.DataFrame
    """How many voted: a row an outcome, a column a group; 0 where nobody did."""
    counts: pd.DataFrame
    """How many chose a statement: index (outcome, statement), a column a group; NaN where nobody
    of the group voted on the outcome."""
    ranking: pd.DataFrame
    """Index as `counts`, in the candidates' order. total: how many chose it; score, score_equal:
    the share of voters who chose it, the mean over groups under the weights and under equal ones;
    place, place_total, place_equal: 1 is first, equals share a place; state, state_equal: 'in',
    'tied' (across the cut) or 'out'; only: the one group that has it among its first, or ''."""
    agreement: pd.DataFrame
    """A row an outcome and group ('' for everyone): outcome, group, voters, shared (statements
    that two voters have in common), by_lot (the same if each had drawn lots), kappa, lower, upper
    (95%), w, q, p (of so much agreement by lot), reason ('' or why there is none)."""
    between: pd.DataFrame
    """A row an outcome: outcome, groups, shared (by two voters of different groups), kappa, p (of
    groups so far apart if voters had been put into groups at random), reason."""
    identical: pd.DataFrame
    """A row a set of identical whole ballots: group, size, chance (that honest voters of the group
    have so large a set), flagged."""


class Priority(NamedTuple):
    """The statements of an outcome that were chosen, and those among which a person must decide."""

    chosen: tuple[str, ...]
    """Ids, first place first."""
    tied: tuple[str, ...]
    """Ids that share the last place or places; empty if nothing is open."""


class Judged(Strict):
    """A score on one test, and why."""

    score: Level
    reason: Text


class IndicatorScore(Strict):
    """What somebody thinks of an indicator on the three tests; a test left out is not scored."""

    by: Text = Field(description="the role that scored, never a person's name")
    central: Judged | None = Field(None, description="says something central about the outcome")
    communicates: Judged | None = Field(
        None, description="common sense, understood by a broad range of people"
    )
    data_power: Judged | None = Field(
        None, description="accurate, reliable, consistent and timely data; else as computed"
    )


class IndicatorScores(Strict):
    """The scores of a framework's indicators."""

    example: bool = Field(False, description="true if nobody has adopted them: the page says so")
    source: Text = Field(description="who agreed them, when, or what they are an example of")
    indicators: dict[Identifier, IndicatorScore] = {}


@dataclass(frozen=True)
class Choosing:
    """Where a framework's indicators stand on the three tests, for one place."""

    title: str
    place: str
    example: bool
    source: str
    table: pd.DataFrame
    """A row an indicator, index its id: title, central, communicates, data_power (the score that
    counts), said, computed (either may be ''), why_central, why_communicates, why_said, short
    (what keeps the computed one from being high: pairs of test and level), by, measured (whether it
    has figures), standing, weak (the tests on which it is low)."""
    power: pd.DataFrame
    """A row a measure that has figures, as `outcomes.baseline.data_power` returns it."""


def standing_of(central: str, communicates: str, data_power: str, *, measured: bool) -> Standing:
    """Return where an indicator stands by its scores on the three tests.

    High on the first two, it is a headline indicator if its data power is medium or high, and on
    the data development agenda if that is low or it has no figures. Any other is secondary. Without
    a score on either of the first two it is unscored.

    Source: after the three tests of the Essex Corporate Outcomes Framework 2014-2018 and the
    headline, secondary and data development lists of Friedman, Trying Hard Is Not Good Enough.
    """
    if not (central and communicates):
        return "unscored"
    if not central == communicates == "high":
        return "secondary"
    return "headline" if measured and data_power in ("high", "medium") else "development"
