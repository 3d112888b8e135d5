"""Results to tables of text, ready to read. Computes nothing."""

from outcomes.tables.across import (
    table_correlations,
    table_funnel,
    table_relation,
    table_spine,
    table_spread,
)
from outcomes.tables.baskets import table_basket
from outcomes.tables.comparators import table_compared_with
from outcomes.tables.council import table_council_measures
from outcomes.tables.evidence import table_gaps, table_sources
from outcomes.tables.multiples import table_multiples
from outcomes.tables.outlook import (
    table_chances,
    table_heading,
    table_last_round,
    table_outlook,
    table_track_record,
    table_turning,
)
from outcomes.tables.parts import table_take_up
from outcomes.tables.planning import (
    table_assumptions,
    table_risks,
    table_scenarios,
    table_targets,
)
from outcomes.tables.positions import (
    table_history,
    table_outcomes,
    table_positions,
    table_within,
)
from outcomes.tables.standing import table_control, table_gap, table_parts, table_trends
from outcomes.tables.story import table_factors, table_unseen
from outcomes.tables.table import Table

__all__ = [
    "table_assumptions",
    "table_chances",
    "table_heading",
    "table_outlook",
    "table_risks",
    "table_scenarios",
    "table_targets",
    "table_track_record",
    "table_last_round",
    "table_turning",
    "table_basket",
    "table_compared_with",
    "table_unseen",
    "table_factors",
    "table_take_up",
    "table_multiples",
    "Table",
    "table_control",
    "table_correlations",
    "table_council_measures",
    "table_funnel",
    "table_gap",
    "table_gaps",
    "table_history",
    "table_outcomes",
    "table_parts",
    "table_positions",
    "table_relation",
    "table_sources",
    "table_spine",
    "table_spread",
    "table_trends",
    "table_within",
]
