"""Results: what a page shows, computed once. Charts, tables and sentences read these alone."""

from dataclasses import dataclass, field
from datetime import date
from typing import Literal

import pandas as pd

from outcomes.model.framework import Framework, Outcome
from outcomes.model.indicator import Indicator, Series
from outcomes.model.outlook import Forecast, Outlook
from outcomes.model.page import Page
from outcomes.model.place import Place
from outcomes.model.standing import Answer, Pertinence, Standing
from outcomes.model.story import Story
from outcomes.model.versions import MadeUnder
from outcomes.model.words import incomplete

Verdict = Literal["better", "worse", "similar", "higher", "lower", "equal", "not_compared"]


@dataclass(frozen=True)
class Source:
    """Whom a figure comes from: cited under every chart and table."""

    publisher: str
    title: str
    url: str
    published: str
    """Date of publication as the publisher gives it, ISO where it could be read; may be empty."""
    read_on: str
    """ISO date on which the file was added to the store."""
    licence: str
    attribution: str = ""
    """The line that the licence asks for, or empty."""


@dataclass(frozen=True)
class Figure:
    """One published value: its period, its 95% limits, and its status.

    The limits are the publisher's, or worked out from the counts that were published with it.
    """

    period: str
    value: float
    lower: float
    upper: float
    status: str
    note: str = ""

    @property
    def has_interval(self) -> bool:
        """Whether both 95% limits are known."""
        return self.lower == self.lower and self.upper == self.upper


@dataclass(frozen=True)
class Comparison:
    """A place's latest figure beside its comparator's, for the same period.

    `difference` is place minus comparator, in the indicator's unit. `verdict` is better, worse or
    similar where the place has an interval: by the interval of the difference where the comparator
    has one too, else by the place's own against the comparator's value. Without one, `tested` is
    false and the verdict says only on which side the figure lies.
    """

    label: str
    """Whom: 'England', or 'the average of 12 similar places'."""
    value: float
    members: int
    """How many areas the comparator's value rests on."""
    difference: float
    verdict: Verdict
    tested: bool
    reason: str = ""
    """Why it is not compared, or not tested; empty otherwise."""
    difference_lower: float = float("nan")
    difference_upper: float = float("nan")
    """The 95% limits of the difference, from the place's limits and the comparator's, if any."""
    ratio: float = float("nan")
    """The place's figure divided by the comparator's."""
    verdict_998: Verdict = "not_compared"
    """The same at 99.8%: what is better or worse here too is beyond all but rare chance."""
    method: str = "none"
    """'difference' (both have limits), 'overlap' (the place alone), 'side_only' or 'none'."""
    how: str = "published"
    """How the comparator's value came about: 'published', 'weighted', 'simple' or 'median'."""
    simple: float = float("nan")
    """For a group whose value is weighted: the simple mean, to set beside it."""
    median: float = float("nan")
    """For a group: the median of its members."""


@dataclass(frozen=True)
class Rank:
    """Where a place stands among the areas it is ranked with, for one period.

    `position` 1 is best by polarity, or highest where there is none. Ties take the lowest rank.
    """

    position: int
    of: int
    among: str
    """Whom: 'districts in Essex'."""
    judged: bool
    """True if 1 is best; false if 1 is only highest."""
    alike: int = 1
    """How many areas have this figure, the place among them: they share as many ranks."""
    lowest: float = float("nan")
    highest: float = float("nan")
    """Between which ranks it may really lie, 1 being first, at 95% confidence; NaN if unknown."""
    fifth: int | None = None
    """Which fifth of the areas, 1 the worst (or lowest) and 5 the best; None with fewer than 10."""

    @property
    def last(self) -> int:
        """The last of the ranks that it shares; its own where no other area has this figure."""
        return self.position + self.alike - 1


@dataclass(frozen=True)
class Position:
    """Where one place stands on one indicator: everything a page shows of it."""

    number: str
    """Number in the framework, such as '2.3'; a basket's members share it."""
    basket: str
    """Title of the basket this is a member of, or empty."""
    indicator_id: str
    indicator: Indicator
    series: Series
    source: Source
    place: Place
    latest: Figure | None
    comparison: Comparison | None
    rank: Rank | None
    history: pd.DataFrame
    """Columns period_start, period_end, period, value, lower, upper, status, note, comparator."""
    within: pd.DataFrame
    """Columns area_code, area_name, period, value, lower, upper, status; a row a place within."""
    within_label: str
    """Whom `within` holds: 'districts in Essex'; the place itself is one where it has no parts."""
    within_history: pd.DataFrame
    """A row a place within and period: area_code, area_name, period_start, period_end, period,
    value; of the places in `within`."""
    missing: str
    """Why there is no latest figure for this place; empty if there is one."""
    newer: str
    """A period after the latest figure that came without one, and why; empty if there is none."""
    stale: bool
    """True if the newest figure anywhere in the series is three or more years old."""
    origin: str = ""
    """How the history of a merged or renumbered place was made, or empty."""
    unchanged_since: date | None = None
    """On a page as of a day: the day a quarter before, if the latest figure was known then."""
    standing: Standing = Standing()
    """Trend, break, spread, gap and people: what the statistics say beyond the latest figure."""
    pertinence: Pertinence = Pertinence(in_body=True, reason="")
    """Whether it stands in the page's body or its appendix, and why."""
    outlook: Outlook | None = None
    """Forecast, targets, scenarios and what came of earlier forecasts; None if not worked out."""
    proxy: str = ""
    """Why it may stand in for what cannot be measured yet; empty if it is no proxy."""

    @property
    def stepped_lately(self) -> bool:
        """Whether a step was found among the five newest figures."""
        step, known = self.standing.step, self.history[self.history["value"].notna()]
        return bool(step and step.found and step.at in set(known["period"].tail(5)))

    @property
    def figures_known(self) -> int:
        """How many figures its history has; from two on it can be drawn."""
        return int(self.history["value"].notna().sum())

    @property
    def forecast_shown(self) -> Forecast | None:
        """The forecast if it may be shown: none is without its track record."""
        found = self.outlook and self.outlook.forecast
        if not found or found.points.empty or not found.record or found.record.reason:
            return None
        return found

    @property
    def lacking(self) -> str:
        """What the baseline lacks where it has no forecast, and why."""
        found = self.outlook and self.outlook.forecast
        untested = found.record.reason if found and found.record else "nobody has tested it"
        reason = found.reason or untested if found else "none has been worked out"
        return incomplete(self.figures_known, reason or "there are too few figures")


@dataclass(frozen=True)
class OpenGap:
    """An indicator of the framework with no figure in this store, and what would close it."""

    number: str
    title: str
    wording: str
    """What the framework asks for, in its own words."""
    why: str
    action: str


@dataclass(frozen=True)
class Baseline:
    """All that one page shows of one outcome: positions, gaps, and whom it is about."""

    page: Page
    framework: Framework
    outcome: Outcome
    place: Place
    around: tuple[Place, ...]
    """The places around it, nearest first."""
    comparator_label: str
    """Whom the place is compared with: 'England', or 'the average of 20 similar places'."""
    positions: tuple[Position, ...]
    """In the framework's order."""
    gaps: tuple[OpenGap, ...]
    population: tuple[float, int] | None
    """People and the mid-year they are estimated for, or None."""
    notice: str
    """Words that every page from this store carries, or empty."""
    data_version: str
    """Short hash of the store's contents."""
    order: tuple[int, ...] = ()
    """The numbers of the positions, the most pertinent first; empty for the framework's order."""
    compared_with: pd.DataFrame = field(default_factory=pd.DataFrame)
    """The members of a group that it is compared with: area_name, and distance where computed."""
    charts: int = 12
    """How many charts the body of the page holds."""
    story: Story = Story()
    """What lies behind the figures, and progress that they miss, in people's words."""
    version: MadeUnder = MadeUnder()
    """The version of the framework that the page is made under."""

    def body(self) -> list[Position]:
        """Return the positions in the page's body, the most pertinent first."""
        return [p for p in self.by_pertinence() if p.pertinence.in_body]

    def appendix(self) -> list[Position]:
        """Return the other positions, the most pertinent first."""
        return [p for p in self.by_pertinence() if not p.pertinence.in_body]

    def by_pertinence(self) -> list[Position]:
        """Return all positions, the most pertinent first."""
        return [self.positions[i] for i in self.order] or list(self.positions)


@dataclass(frozen=True)
class Overview:
    """All outcomes of one place on one page: a baseline each, and the whole-council measures."""

    page: Page
    framework: Framework
    place: Place
    around: tuple[Place, ...]
    comparator_label: str
    baselines: tuple[Baseline, ...]
    population: tuple[float, int] | None
    notice: str
    data_version: str
    answers: tuple[Answer, ...] = ()
    """What residents answered on the whole-council measures that have a figure."""
    version: MadeUnder = MadeUnder()
    """The version of the framework that the page is made under."""
