"""Inequality between groups and places, and whether a gap is closing."""

from outcomes.statistics.inequality.closing import gap_trend
from outcomes.statistics.inequality.duncan import duncan_index, zone_scores
from outcomes.statistics.inequality.gaps import gap, take_up
from outcomes.statistics.inequality.places import place_spread, places_gap
from outcomes.statistics.inequality.simpson import reversals, worse_off
from outcomes.statistics.inequality.slope import slope_index

__all__ = [
    "duncan_index",
    "gap",
    "gap_trend",
    "place_spread",
    "places_gap",
    "reversals",
    "slope_index",
    "take_up",
    "worse_off",
    "zone_scores",
]
