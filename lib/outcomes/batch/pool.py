"""Makes pages in worker processes of this machine; a worker that ends loses no page."""

import multiprocessing
import os
import signal
import tempfile
import threading
import time
from collections import deque
from collections.abc import Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from dataclasses import dataclass, replace
from multiprocessing import forkserver
from multiprocessing.connection import Connection

from outcomes import paths
from outcomes.batch.execute import WARM, Job, Made, make_page, not_made
from outcomes.kernels.shared import Loan, borrow, lent_nursery

ENDED = "the process that made it was ended from outside, twice"
GRACE = 60.0
"""Seconds beyond its time limit after which a page's process is ended from here."""
STARTS, PAUSE = 20, 0.25
"""Starts of a process, and seconds between, before that is taken for a fault of the machine."""
LOOK = 5.0
"""Seconds between two looks at whether a page is overdue."""
PRELOADED = ["outcomes.batch.kernel", "outcomes.batch.publish"]
"""Imported once in the process that workers are forked from. It has one thread."""
ONE_THREAD = {
    "OMP_NUM_THREADS": "1",
    "OPENBLAS_NUM_THREADS": "1",
    "JE_ARROW_MALLOC_CONF": "background_thread:false",
}
"""Libraries that start threads when they are loaded read these."""


def make_locally(jobs: list[Job], workers: int) -> Iterator[Made]:
    """Yield each page as it is done, made side by side in processes of their own.

    A worker that is ended from outside is replaced and its page made again, once. Whatever ends
    this, even a kill, ends the workers and their kernels.
    """
    with (
        tempfile.TemporaryDirectory(prefix="outcomes-", ignore_cleanup_errors=True) as scratch,
        lent_nursery(WARM) as loan,
    ):
        slots = [_Slot(scratch, loan) for _ in range(min(workers, len(jobs)))]
        try:
            yield from _made(slots, jobs)
        finally:
            for slot in slots:
                slot.close()


@dataclass(frozen=True)
class _UnderWay:
    slot: "_Slot"
    job: Job
    attempt: int
    until: float
    overdue: bool = False


def _made(slots: list["_Slot"], jobs: list[Job]) -> Iterator[Made]:
    waiting, idle = deque((job, 1) for job in jobs), deque(slots)
    under_way: dict[Future, _UnderWay] = {}
    while waiting or under_way:
        while waiting and idle:
            slot, (job, attempt) = idle.popleft(), waiting.popleft()
            until = time.monotonic() + job.limits.seconds + GRACE
            under_way[slot.submit(job)] = _UnderWay(slot, job, attempt, until)
        done, _ = wait(under_way, timeout=LOOK, return_when=FIRST_COMPLETED)
        for future in done:
            about = under_way.pop(future)
            made = _result(future, about)
            if made:
                yield made
            else:
                waiting.appendleft((about.job, about.attempt + 1))
            idle.append(about.slot)
        _end_overdue(under_way)


def _result(future: Future, about: _UnderWay) -> Made | None:
    """Return the page, or None if it is to be tried again."""
    try:
        return future.result()
    except BrokenProcessPool:
        about.slot.renew()
        if about.overdue:
            seconds = about.job.limits.seconds
            return not_made(about.job.task, f"took longer than {seconds:g} s (--time-limit)")
        return None if about.attempt == 1 else not_made(about.job.task, ENDED)
    except Exception as failure:
        return not_made(about.job.task, f"{type(failure).__name__}: {failure}")


def _end_overdue(under_way: dict[Future, _UnderWay]) -> None:
    for future, about in list(under_way.items()):
        if time.monotonic() > about.until and not about.overdue:
            under_way[future] = replace(about, overdue=True)
            about.slot.end()


class _Slot:
    """One worker process at a time. It lives as long as this side of its pipe is open."""

    def __init__(self, scratch: str, loan: Loan | None):
        self.scratch, self.loan = scratch, loan
        self._start()

    def _start(self) -> None:
        context = _context()
        ended, self.lifeline = context.Pipe(duplex=False)
        environment = {**os.environ, "OUTCOMES_HOME": str(paths.home())}
        self.pool = ProcessPoolExecutor(
            1,
            mp_context=context,
            initializer=_prepare_worker,
            initargs=(environment, self.scratch, ended, self.loan),
        )

    def submit(self, job: Job) -> Future:
        """Give the process a page. One that ended unnoticed, or could not start, is replaced."""
        for _ in range(STARTS - 1):
            try:
                return self._submit(job)
            except (BrokenProcessPool, EOFError, OSError):
                self.renew()
                time.sleep(PAUSE)
        return self._submit(job)

    def _submit(self, job: Job) -> Future:
        with _one_thread():
            return self.pool.submit(make_page, job)

    def end(self) -> None:
        """End the process at once, in whatever it does."""
        self.lifeline.close()

    def close(self) -> None:
        """End the process and wait until it is gone."""
        self.end()
        self.pool.shutdown(cancel_futures=True)

    def renew(self) -> None:
        """Put a new process in the place of one that ended."""
        self.close()
        self._start()


def _context():
    """Return how workers are started: forked from a clean process, where the system can do that."""
    if "forkserver" not in multiprocessing.get_all_start_methods():
        return multiprocessing.get_context("spawn")
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(PRELOADED)
    return context


@contextmanager
def _one_thread() -> Iterator[None]:
    """Let a process that is started meanwhile begin no threads: workers are forked from it."""
    before = {name: os.environ.get(name) for name in ONE_THREAD}
    os.environ.update(ONE_THREAD)
    try:
        if "forkserver" in multiprocessing.get_all_start_methods():
            forkserver.ensure_running()
        yield
    finally:
        for name, value in before.items():
            os.environ.pop(name) if value is None else os.environ.update({name: value})


def _prepare_worker(
    environment: dict[str, str], scratch: str, lifeline: Connection, loan: Loan | None
) -> None:
    """Set up a worker. An interrupt is for the run: it decides what becomes of its workers."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    os.environ.clear()
    os.environ.update(environment)
    tempfile.tempdir = scratch
    borrow(loan)
    threading.Thread(target=_end_with, args=(lifeline,), daemon=True).start()


def _end_with(lifeline: Connection) -> None:
    """End this process when the run closes its end of the pipe, or is no more."""
    lifeline.poll(None)
    os._exit(1)
