"""What a notebook's cells call: open the page, load, show, say, sign.

Joins results with charts, tables and sentences, and displays them. Writes no file.
"""

from outcomes.baseline import load_baseline, load_overview
from outcomes.baseline.evidence import load_evidence
from outcomes.notebook.display import say, show
from outcomes.notebook.evidence import (
    show_coverage,
    show_evidence,
    show_others,
    show_overdue,
    show_register,
    show_soft,
    show_unfilled,
)
from outcomes.notebook.indicators import (
    show_appendix,
    show_indicators,
    show_places,
    show_profile,
)
from outcomes.notebook.outlook import show_outlook
from outcomes.notebook.page import open_page, show_heading, sign
from outcomes.notebook.sections import (
    show_all_gaps,
    show_council_measures,
    show_gaps,
    show_headline,
    show_outcomes,
    show_overview,
    show_sources,
)
from outcomes.notebook.services import (
    show_contribution,
    show_kinds,
    show_measures,
    show_services,
)
from outcomes.notebook.stories import (
    show_basket,
    show_control,
    show_funnel,
    show_gap_story,
    show_map,
    show_multiples,
    show_relation,
    show_story,
    show_take_up,
)
from outcomes.services import load_services

__all__ = [
    "load_services",
    "show_contribution",
    "show_kinds",
    "show_measures",
    "show_services",
    "show_outlook",
    "show_basket",
    "show_take_up",
    "show_story",
    "show_relation",
    "show_multiples",
    "show_map",
    "show_gap_story",
    "show_funnel",
    "show_control",
    "show_profile",
    "show_appendix",
    "load_baseline",
    "load_evidence",
    "load_overview",
    "open_page",
    "say",
    "show",
    "show_all_gaps",
    "show_council_measures",
    "show_coverage",
    "show_evidence",
    "show_gaps",
    "show_heading",
    "show_headline",
    "show_indicators",
    "show_others",
    "show_outcomes",
    "show_overdue",
    "show_overview",
    "show_places",
    "show_register",
    "show_soft",
    "show_sources",
    "show_unfilled",
    "sign",
]
