"""Checks a programme's timeline and a partner map, and copies a round forward. Touches no file."""

from outcomes.programme.contributions import check_partners
from outcomes.programme.rounds import copy_forward, what_changed
from outcomes.programme.timeline import check_timeline

__all__ = ["check_partners", "check_timeline", "copy_forward", "what_changed"]
