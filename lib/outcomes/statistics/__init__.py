"""Pure calculations, for all areas at once: numbers in, results out. No files, no figures."""

from outcomes.statistics.code_changes import one_code_each, predecessors, with_predecessors
from outcomes.statistics.comparison import group_mean, ranks, verdicts

__all__ = [
    "group_mean",
    "one_code_each",
    "predecessors",
    "ranks",
    "verdicts",
    "with_predecessors",
]
