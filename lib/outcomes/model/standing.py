"""What the statistics say of one indicator in one place. Worked out once; shown, never recomputed.

Every part carries its method and how many points or areas it rests on, and a reason where
something could not be said. A reason is plain English without a full stop; empty if there is none.
"""

from dataclasses import dataclass
from typing import Literal

import pandas as pd

from outcomes.model.indicator import Indicator

Direction = Literal["increasing", "decreasing", "no_significant_change", "cannot_be_calculated"]
Judged = Literal["improving", "getting_worse", ""]
"""A direction by polarity; empty where more is neither good nor bad, or nothing is shown."""
Closing = Literal["closing", "widening", "reversed", "cannot_tell"]
"""What a gap does; 'reversed' if the side that was behind is now in front."""


@dataclass(frozen=True)
class Trend:
    """Whether a history goes up or down by more than chance."""

    direction: Direction
    judged: Judged
    slope: float
    """Change a year, in the indicator's unit; NaN if it cannot be calculated."""
    slope_lower: float
    slope_upper: float
    n: int
    """How many points it rests on."""
    first: str
    """Label of the first period used."""
    last: str
    method: str
    confidence: float
    reason: str = ""


@dataclass(frozen=True)
class Change:
    """The difference between two periods of one history: last minus first."""

    first: str
    last: str
    difference: float
    lower: float
    upper: float
    verdict: Literal["increased", "decreased", "could_be_chance", "not_tested"]
    judged: Judged
    reason: str = ""


@dataclass(frozen=True)
class Step:
    """A break from history: a change of level at one period, beyond a straight line."""

    found: bool
    at: str
    """Label of the first period off the earlier course; empty if none was found."""
    size: float
    lower: float
    upper: float
    n: int
    false_alarm: float
    """In what share of histories without a step one would be found all the same."""
    reason: str = ""
    """Why it was not looked for, or what fits as well; empty otherwise."""


@dataclass(frozen=True)
class Control:
    """An XmR control chart: a figure against the limits of its own ordinary variation."""

    points: pd.DataFrame
    """A row a period: period_start, period_end, period, value, mean, lower_limit, upper_limit,
    near_lower, near_upper, special (bool), rule (a word, '' if the point is ordinary)."""
    n: int
    """How many points the limits rest on."""
    trial: bool
    """True with fewer than 13 points: the limits may still move."""
    reason: str = ""
    """Why there are no limits; empty otherwise."""


@dataclass(frozen=True)
class People:
    """A difference from the comparator as a number of people (or events), with its limits.

    `count` is positive where the place's own figure is the higher one.
    """

    count: float
    lower: float
    upper: float
    base: str
    """Whom it is worked out on: 'people aged 16 to 64, mid-2020'."""
    size: float
    """How many they are."""
    older: tuple[float, str, float] | None = None
    """The same on an older base, side by side: count, base, size."""
    rounding: float = 0.0
    """How many people may come of rounding the published figures alone: fewer are no difference."""


@dataclass(frozen=True)
class Spread:
    """How a figure is spread over the areas that a place ranks among."""

    among: str
    """Whom: 'districts in England'."""
    period: str
    peers: pd.DataFrame
    """A row an area with a value: area_code, area_name, value, lower, upper; the place among them.
    """
    n: int
    lowest: float
    q1: float
    median: float
    q3: float
    highest: float
    sd: float
    cv: float
    """Standard deviation as a share of the mean; NaN where that says nothing."""
    iqr_ratio: float
    over_time: pd.DataFrame
    """A row a period: period, n, lowest, highest, median, sd, cv. The same areas throughout."""
    verdict: Closing
    """Whether the places draw together or apart, from the trend of `sd`."""
    reason: str = ""
    relative_verdict: Closing = "cannot_tell"
    """The same of `cv`: whether they do so relative to their average."""
    outliers: tuple[str, ...] = ()
    """Names of areas that lie far outside by the stated rule."""
    best: tuple[str, ...] = ()
    """Names of the best-placed areas, best first; empty where nothing is judged."""
    fastest: tuple[str, ...] = ()
    """Names of the areas that improved fastest; empty if none is shown to improve."""
    fastest_since: str = ""
    """Label of the period from which improvement was measured."""


@dataclass(frozen=True)
class PlaceGap:
    """A gap between places or groups and the overall level, side by side, period by period, and whether the gap closes.

    Either between the places within (or the siblings of) a place, where `size` is their
    population-weighted standard deviation with sampling noise taken off, or between two groups,
    where it is the difference between the two, or between the place and its comparator, where it
    is the place's figure minus the comparator's.
    """

    kind: Literal["places", "groups", "comparator"]
    label: str
    """Whom it lies between: 'districts in Essex', 'women and men'."""
    over_time: pd.DataFrame
    """A row a period: period_start, period_end, period, size, size_lower, size_upper, low, high
    (figures of the lowest and the highest place, or of the second and the first group), low_name,
    high_name, overall (the place's own figure), n (places)."""
    relative: float
    """The newest gap relative to the overall level; NaN where that says nothing."""
    relative_verdict: Closing
    """Whether the gap relative to the overall level closes: it can widen while `size` closes."""
    noise_off: bool
    """For places: whether sampling noise was taken off `size`; it takes intervals for all."""
    verdict: Closing
    slope: float
    slope_lower: float
    slope_upper: float
    n: int
    """How many periods the verdict rests on."""
    method: str
    confidence: float
    reason: str = ""


@dataclass(frozen=True)
class Slope:
    """The slope index of inequality over all ordered groups, not the two ends alone.

    `index` is how much worse the line through the groups is at its worst-off end than at the other,
    in the indicator's unit; `relative` is the one end divided by the other.
    """

    period: str
    groups: int
    index: float
    lower: float
    upper: float
    relative: float
    relative_lower: float
    relative_upper: float
    reason: str = ""


@dataclass(frozen=True)
class Part:
    """A place within, or a group, that stands out as worse than the whole: number beside rate."""

    name: str
    value: float
    lower: float
    upper: float
    ratio: float
    """Its figure divided by the whole's."""
    people: float
    """How many people its difference from the whole's rate comes to; NaN if no base is known."""
    tested: bool


@dataclass(frozen=True)
class Reversal:
    """A whole that moves one way while its parts move the other, because their mix changes.

    The change of the whole is the sum of two effects: of the parts' own figures, and of the mix.
    """

    of: str
    """What the parts are: 'places', or a kind of group such as 'sex'."""
    first: str
    last: str
    """Labels of the two periods."""
    whole_first: float
    whole_last: float
    parts: tuple[str, ...]
    """The parts that move against the whole."""
    every: bool
    """True if all parts do; false if those with more than half of the people do."""
    rate_effect: float
    mix_effect: float


@dataclass(frozen=True)
class TakeUp:
    """Each group's share of those in need beside its share of those who get a service."""

    period: str
    groups: pd.DataFrame
    """A row a group: group, need, served, need_share, served_share (fractions), difference, lower,
    upper, verdict ('under_served', 'over_served', 'in_line', 'cannot_tell')."""


@dataclass(frozen=True)
class Standing:
    """Everything worked out about one indicator in one place beyond its latest figure."""

    trend: Trend | None = None
    change: Change | None = None
    step: Step | None = None
    control: Control | None = None
    people: People | None = None
    spread: Spread | None = None
    gaps: tuple[PlaceGap, ...] = ()
    apart: PlaceGap | None = None
    """How far the place is from its comparator over time, kind 'comparator'."""
    worse_off: tuple[Part, ...] = ()
    slope: Slope | None = None
    reversals: tuple[Reversal, ...] = ()
    take_up: TakeUp | None = None
    breaks: tuple[tuple[str, str], ...] = ()
    """Declared breaks: the label of the first period after each, and the reason."""


@dataclass(frozen=True)
class Pertinence:
    """Why an indicator stands where it does on a page: in its body, or in its appendix."""

    in_body: bool
    reason: str
    """A plain clause: 'it is worse than England and getting worse'."""
    pinned: bool = False
    """Whether a person decided it, as parameters/pages.yml records."""


@dataclass(frozen=True)
class Relation:
    """How two or more indicators go together over the areas of a kind: never a cause by itself."""

    outcome: str
    """Title of the indicator that is looked at."""
    on: tuple[str, ...]
    """Titles of those it is set beside."""
    among: str
    period: str
    points: pd.DataFrame
    """A row an area: area_code, area_name, x (first of `on`), y, expected, residual, influential,
    outlier (bool), own (bool: the page's place or a place within it)."""
    correlations: pd.DataFrame
    """A row a pair: first, second, r, lower, upper, p_adjusted, n, noteworthy."""
    coefficients: pd.DataFrame
    """A row a term: term, coefficient, lower, upper, p."""
    r2: float
    n: int
    influential: int
    """How many areas weigh much more than the rest, by Cook's distance."""
    r_without: float
    """The first correlation without those; NaN if there is none."""
    tests: int
    """How many pairs were tested together."""
    caution: str
    reason: str = ""
    """Why nothing was fitted; empty otherwise."""


@dataclass(frozen=True)
class Funnel:
    """Areas by size, and how far from the common value chance alone would take one of that size."""

    title: str
    """The indicator's title."""
    indicator: Indicator
    among: str
    period: str
    points: pd.DataFrame
    """A row an area: area_code, area_name, denominator, value, position ('above_998', 'above_95',
    'inside', 'below_95', 'below_998'), own (bool: the page's place or a place within it)."""
    lines: pd.DataFrame
    """Along the denominators: denominator, centre, lower_95, upper_95, lower_998, upper_998."""
    estimated: bool
    """True if sizes were worked out from the width of published intervals, not published."""
    reason: str = ""
    """Why there is no funnel; empty otherwise."""


@dataclass(frozen=True)
class BasketScore:
    """A place's score on several indicators together, and how far it hangs on the choices made."""

    title: str
    among: str
    members: pd.DataFrame
    """A row a member: title, period, value (the place's own), standardised (standard deviations
    from the average, higher is better), weight (its part of the score)."""
    score: float
    """The weighted mean of the standardised members: 0 is the average, higher is better."""
    rank: float
    of: int
    """Areas with a score."""
    rank_best: float
    rank_worst: float
    """The best and the worst rank with each member left out in turn."""
    missing: tuple[str, ...] = ()
    """Titles of members without a figure for the place."""
    reason: str = ""
    """Why there is no score; empty otherwise."""


@dataclass(frozen=True)
class AnswerOf:
    """What a part of the residents answered in the newest wave: a group, or a place within."""

    kind: str
    """The kind of group, such as 'age band', or 'place'."""
    name: str
    value: float
    """A percentage; NaN where it is withheld."""
    answers: float
    margin: float


@dataclass(frozen=True)
class Answer:
    """What residents answered on one whole-council measure: a share of those who were asked."""

    number: int
    """The measure's number in the framework."""
    period: str
    value: float
    answers: float
    """How many people answered; NaN if the survey does not say."""
    effective: float
    """As many answers of a simple random sample are as precise; NaN without the answers."""
    margin: float
    """The 95% margin of error, in percentage points either way; NaN without the answers."""
    before: str
    """Label of the wave before, or empty."""
    change: float
    verdict: Literal["real", "could_be_chance", "not_tested"]
    parts: tuple[AnswerOf, ...] = ()
    """The same question by group of residents and by place within, as far as n allows."""
