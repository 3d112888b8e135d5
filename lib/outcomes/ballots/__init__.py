"""Ballots, cast and kept: one by one in a database, seen by nobody before the ballot closes."""

from outcomes.ballots.box import Box, Held, Ticket, Turnout, open_box

__all__ = ["Box", "Held", "Ticket", "Turnout", "open_box"]
