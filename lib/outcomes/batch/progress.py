"""How far a run is, on the terminal: one line that is kept up to date, or a line a page."""

import time
from typing import TextIO

from outcomes.batch.execute import PageResult


class Progress:
    """Shows each page as it is done. A terminal has one line; anything else gets a line a page."""

    def __init__(self, stream: TextIO, workers: int):
        self.stream, self.workers = stream, workers
        self.live = stream.isatty()
        self.started, self.failed = time.monotonic(), 0

    def __call__(self, done: int, of: int, page: PageResult) -> None:
        """Show that a page is done, how many are and how many there are."""
        self.failed += not page.right
        about = page.page
        state = "ok" if page.right else "FAILED"
        said = (
            f"{_count(done, of)} {about['locality']} {about['outcome']} {about['comparator']}: "
            f"{state}, {page.seconds:.1f} s"
        )
        if not self.live:
            self._write(f"{said}\n")
            return
        if not page.right:
            self._write(f"\r\033[K{said}\n")
        self._write(f"\r\033[K{self._line(done, of)}")

    def _line(self, done: int, of: int) -> str:
        running = min(self.workers, of - done)
        left = (time.monotonic() - self.started) / done * (of - done)
        parts = [f"{running} running", f"{self.failed} failed", f"about {said_time(left)} left"]
        return f"{_count(done, of)} {', '.join(parts)}"

    def end(self) -> None:
        """Wipe the line: what follows says what became of the run."""
        if self.live:
            self._write("\r\033[K")

    def _write(self, text: str) -> None:
        self.stream.write(text)
        self.stream.flush()


def said_time(seconds: float) -> str:
    """Return a time in words: 12 s, or 4 min 41 s."""
    minutes, rest = divmod(round(seconds), 60)
    return f"{minutes} min {rest} s" if minutes else f"{rest} s"


def _count(done: int, of: int) -> str:
    return f"[{done:>{len(str(of))}}/{of}]"
