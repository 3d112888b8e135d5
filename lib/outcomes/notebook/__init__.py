"""What a notebook's cells call: open the page, load, show, say, sign.

Joins results with charts, tables and sentences, and displays them. Writes no file.
"""

from outcomes.baseline import load_baseline, load_overview
from outcomes.notebook.display import say, show
from outcomes.notebook.page import open_page, show_heading, sign
from outcomes.notebook.sections import (
    show_all_gaps,
    show_council_measures,
    show_gaps,
    show_headline,
    show_indicators,
    show_outcomes,
    show_overview,
    show_places,
    show_sources,
)

__all__ = [
    "load_baseline",
    "load_overview",
    "open_page",
    "say",
    "show",
    "show_all_gaps",
    "show_council_measures",
    "show_gaps",
    "show_heading",
    "show_headline",
    "show_indicators",
    "show_outcomes",
    "show_overview",
    "show_places",
    "show_sources",
    "sign",
]
