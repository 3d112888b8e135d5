"""Results to tables of text, ready to read. Computes nothing."""

from outcomes.tables.evidence import table_council_measures, table_gaps, table_sources
from outcomes.tables.positions import (
    table_history,
    table_outcomes,
    table_positions,
    table_within,
)
from outcomes.tables.table import Table

__all__ = [
    "Table",
    "table_council_measures",
    "table_gaps",
    "table_history",
    "table_outcomes",
    "table_positions",
    "table_sources",
    "table_within",
]
