"""Results of ballots in which every voter chooses the same number of statements per outcome."""

from outcomes.statistics.choosing.result import ballot_result, priority_order

__all__ = ["ballot_result", "priority_order"]
