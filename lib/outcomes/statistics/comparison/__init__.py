"""A place against a comparator and among its peers, for all areas at once."""

from outcomes.statistics.comparison.groups import group_value
from outcomes.statistics.comparison.leaders import best_placed, fastest_improving
from outcomes.statistics.comparison.people import in_people
from outcomes.statistics.comparison.polarity import SIDES
from outcomes.statistics.comparison.ranks import quantiles, rank_intervals, ranks
from outcomes.statistics.comparison.verdicts import compare, verdicts

__all__ = [
    "SIDES",
    "best_placed",
    "compare",
    "fastest_improving",
    "group_value",
    "in_people",
    "quantiles",
    "rank_intervals",
    "ranks",
    "verdicts",
]
