"""Documents to print, to comment on and to present: written once, in four formats.

What stands in them are the results, sentences, tables and charts of the pages.
"""

from outcomes.reports.making import make_baseline, make_strategies

__all__ = ["make_baseline", "make_strategies"]
