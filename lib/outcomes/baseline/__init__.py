"""The one call behind every page: a page's settings in, its results out.

Joins parameters, store, evidence and statistics; draws nothing and writes nothing. A figure on a
published page, in a live page and in an analyst's cell comes from here.
"""

from outcomes.baseline.load import load_baseline, load_overview

__all__ = ["load_baseline", "load_overview"]
