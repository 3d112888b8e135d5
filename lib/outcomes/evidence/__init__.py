"""What evidence there is and what is missing: measures, the catalogue, the gap register."""

from outcomes.evidence.catalogue import (
    coverage_matrix,
    dated,
    leaves,
    next_expected,
    overdue,
    served,
)
from outcomes.evidence.coverage import Measured, coverage
from outcomes.evidence.gaps import (
    contradictions,
    find_gaps,
    measured_rows,
    plan_action,
    register,
)

__all__ = [
    "Measured",
    "contradictions",
    "coverage",
    "coverage_matrix",
    "dated",
    "find_gaps",
    "leaves",
    "measured_rows",
    "next_expected",
    "overdue",
    "plan_action",
    "register",
    "served",
]
