"""What evidence there is: which indicators have a series in a store, and which are gaps."""

from outcomes.evidence.coverage import Measured, coverage

__all__ = ["Measured", "coverage"]
