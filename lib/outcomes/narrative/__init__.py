"""Results to sentences in plain English. Reads results; computes and draws nothing."""

from outcomes.narrative.changes import say_changes
from outcomes.narrative.pages import say_headline, say_methods, say_overview, say_place, say_wording
from outcomes.narrative.positions import (
    describe_history,
    describe_within,
    say_history,
    say_position,
    say_within,
)

__all__ = [
    "describe_history",
    "describe_within",
    "say_changes",
    "say_headline",
    "say_history",
    "say_methods",
    "say_overview",
    "say_place",
    "say_position",
    "say_within",
    "say_wording",
]
