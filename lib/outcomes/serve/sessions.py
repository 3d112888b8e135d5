"""The open pages: how many there may be, and which of them nobody needs any more."""

import asyncio
import time
from collections.abc import Callable
from dataclasses import dataclass, field

ENDED, IDLE = 4001, 4002
"""Codes with which a page's connection is closed: its kernel is gone, or it was idle for too long."""


@dataclass
class Session:
    """One open page: when its visitor last chose something, what it shows, who is connected to it."""

    heard: float
    lost: float | None
    made: asyncio.Future | None = None
    sockets: set = field(default_factory=set)


class Sessions:
    """Every open page by the id of its kernel.

    Parameters
    ----------
    most : int
        How many there may be at once.
    idle, lost : float
        Seconds without a choice, and without a connection, after which one is overdue.
    now : callable, optional
        Returns the time in seconds.
    """

    def __init__(
        self, most: int, *, idle: float, lost: float, now: Callable[[], float] = time.monotonic
    ):
        self.most, self._idle, self._lost, self._now = most, idle, lost, now
        self._open: dict[str, Session] = {}

    def __len__(self) -> int:
        return len(self._open)

    def __contains__(self, kernel_id: str) -> bool:
        return kernel_id in self._open

    @property
    def full(self) -> bool:
        """Whether no further page may be opened now."""
        return len(self._open) >= self.most

    def open(self, kernel_id: str, made: asyncio.Future | None = None) -> None:
        """Note a page that is being opened; nobody is connected to it yet."""
        self._open[kernel_id] = Session(self._now(), self._now(), made)

    def made(self, kernel_id: str) -> asyncio.Future | None:
        """Return the promise of what a page shows, or None if it is not open."""
        session = self._open.get(kernel_id)
        return session.made if session else None

    def begun(self, kernel_id: str) -> None:
        """Note that a page can be shown: its visitor has the usual time to connect from now."""
        if session := self._open.get(kernel_id):
            session.heard = session.lost = self._now()

    def connect(self, kernel_id: str, socket: object) -> None:
        """Note a connection."""
        if session := self._open.get(kernel_id):
            session.sockets.add(socket)
            session.lost = None

    def disconnect(self, kernel_id: str, socket: object) -> None:
        """Note that a connection has ended."""
        if session := self._open.get(kernel_id):
            session.sockets.discard(socket)
            if not session.sockets:
                session.lost = self._now()

    def hear(self, kernel_id: str) -> None:
        """Note a choice of the visitor's."""
        if session := self._open.get(kernel_id):
            session.heard = self._now()

    def close(self, kernel_id: str) -> set:
        """Forget a page, and return its connections."""
        session = self._open.pop(kernel_id, None)
        return session.sockets if session else set()

    def overdue(self) -> dict[str, int]:
        """Return the pages to end, each with the code that says why."""
        return {
            kernel_id: IDLE
            for kernel_id, session in self._open.items()
            if self._now() - session.heard > self._idle
            or (session.lost is not None and self._now() - session.lost > self._lost)
        }

    def ids(self) -> list[str]:
        """Return the ids of all open pages."""
        return list(self._open)
