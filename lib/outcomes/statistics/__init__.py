"""Pure calculations, for all areas at once: numbers in, results out. No files, no figures."""

from outcomes.statistics.code_changes import one_code_each, predecessors, with_predecessors
from outcomes.statistics.comparison import ranks, verdicts
from outcomes.statistics.forecasting.backtest import backtest, track_record
from outcomes.statistics.forecasting.forecast import forecast

__all__ = [
    "backtest",
    "forecast",
    "track_record",
    "one_code_each",
    "predecessors",
    "ranks",
    "verdicts",
    "with_predecessors",
]
