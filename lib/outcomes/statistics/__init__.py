"""Pure calculations, for all areas at once: numbers in, results out. No files, no figures."""

from outcomes.statistics.comparison import group_mean, ranks, verdicts

__all__ = ["group_mean", "ranks", "verdicts"]
