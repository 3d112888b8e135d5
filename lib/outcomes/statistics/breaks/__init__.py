"""Where a series leaves its own past: control charts and steps."""

from outcomes.statistics.breaks.control import control_chart
from outcomes.statistics.breaks.dependence import autocorrelation
from outcomes.statistics.breaks.steps import steps

__all__ = ["autocorrelation", "control_chart", "steps"]
