"""The nouns of the project, each defined once; the docstrings are the glossary.

Holds no file, no figure and no calculation.
"""

from outcomes.model.base import AreaCode, Identifier, Strict
from outcomes.model.collection import Content, StoreSettings
from outcomes.model.comparator import Comparator
from outcomes.model.disclosure import DisclosureRule
from outcomes.model.framework import (
    OVERVIEW,
    CouncilMeasure,
    Entry,
    Framework,
    Outcome,
    Statement,
)
from outcomes.model.indicator import Between, Break, Gap, Indicator, PeopleBase, Series
from outcomes.model.layout import BodyLimits, PageLayout, Pin
from outcomes.model.numbers import (
    day_words,
    difference_words,
    number,
    ordinal,
    with_interval,
    with_unit,
)
from outcomes.model.observation import (
    OBSERVATION_COLUMNS,
    OBSERVATION_KEY,
    SERIES_COLUMNS,
    STATUS_WORDS,
    STATUSES,
)
from outcomes.model.page import PAGE_MIME, Page, RunRequest, as_of_day
from outcomes.model.place import Level, Place, Places, Tree
from outcomes.model.results import (
    Baseline,
    Comparison,
    Figure,
    OpenGap,
    Overview,
    Position,
    Rank,
    Source,
    Verdict,
)
from outcomes.model.standing import (
    Answer,
    Change,
    Control,
    Funnel,
    Judged,
    Part,
    People,
    Pertinence,
    PlaceGap,
    Relation,
    Reversal,
    Spread,
    Standing,
    Step,
    TakeUp,
    Trend,
)
from outcomes.model.story import Factor, Story, Unseen

__all__ = [
    "Answer",
    "OBSERVATION_COLUMNS",
    "OBSERVATION_KEY",
    "OVERVIEW",
    "PAGE_MIME",
    "SERIES_COLUMNS",
    "STATUSES",
    "STATUS_WORDS",
    "AreaCode",
    "Baseline",
    "Between",
    "BodyLimits",
    "Break",
    "Change",
    "Comparator",
    "Comparison",
    "Content",
    "Control",
    "CouncilMeasure",
    "DisclosureRule",
    "Entry",
    "Factor",
    "Figure",
    "Framework",
    "Funnel",
    "Gap",
    "Identifier",
    "Indicator",
    "Judged",
    "Level",
    "OpenGap",
    "Outcome",
    "Overview",
    "Page",
    "PageLayout",
    "Part",
    "People",
    "PeopleBase",
    "Pertinence",
    "Pin",
    "Place",
    "PlaceGap",
    "Places",
    "Position",
    "Rank",
    "Relation",
    "Reversal",
    "RunRequest",
    "Series",
    "Source",
    "Spread",
    "Standing",
    "Statement",
    "Step",
    "StoreSettings",
    "Story",
    "Strict",
    "TakeUp",
    "Tree",
    "Trend",
    "Unseen",
    "Verdict",
    "as_of_day",
    "day_words",
    "difference_words",
    "number",
    "ordinal",
    "with_interval",
    "with_unit",
]
