"""Runs a command and measures it with all that it starts: wall time, CPU time, peak memory.

CPU time is what the system counts for processes that ended and were waited for. A server that
outlives its parent would escape that count, so this process adopts such orphans (Linux only), waits
for them, and ends those that stay. All are also looked at every INTERVAL, for the memory and for
the CPU time of a process that nobody waited for.
"""

import contextlib
import ctypes
import os
import resource
import subprocess
import threading
import time
from dataclasses import dataclass
from pathlib import Path

import psutil

INTERVAL = 0.1
PATIENCE = 5.0
"""Seconds that processes left behind have to end by themselves."""
PR_SET_CHILD_SUBREAPER = 36


@dataclass(frozen=True)
class Cost:
    """What a command took."""

    seconds: float
    cpu: float
    """Seconds of CPU time of all its processes."""
    peak: int
    """Bytes: the greatest sum of proportional set sizes; a page that n share counts 1/n in each."""
    left: int
    """How many of its processes had to be ended."""
    others: float
    """How many cores were kept busy by what is not its own; near 0 on a quiet machine."""


def adopt_orphans() -> None:
    """Make this process the parent of whatever its descendants leave behind; OSError if refused."""
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0):
        raise OSError(ctypes.get_errno(), "this process cannot adopt orphans; Linux is needed")


class _Sampler(threading.Thread):
    """Looks at all descendants of this process until it is told to stop."""

    def __init__(self) -> None:
        super().__init__(daemon=True)
        self.peak, self.cpu, self.done = 0, {}, threading.Event()
        self.start()

    def run(self) -> None:
        own = psutil.Process()
        while not self.done.wait(INTERVAL):
            self.peak = max(self.peak, sum(map(self._look, own.children(recursive=True))))

    def _look(self, process: psutil.Process) -> int:
        try:
            times = process.cpu_times()
            self.cpu[process] = times.user + times.system
            return process.memory_full_info().pss
        except psutil.Error:  # it ended between the list and the look
            return 0


def measure(command: list[str], *, log: Path, accept: tuple[int, ...] = (0,), **how) -> Cost:
    """Run a command to its end and return what it took.

    Parameters
    ----------
    command : list of str
    log : pathlib.Path
        Where everything goes that it prints.
    accept : tuple of int
        Exit codes that are no failure.
    **how
        For subprocess.run: env, cwd, input.

    Raises
    ------
    SystemExit
        If it fails; with the end of its log.
    """
    busy, cpu, sampler = _busy(), _reaped(), _Sampler()
    started = time.perf_counter()
    try:
        with log.open("w", encoding="utf-8") as printed:
            done = subprocess.run(command, stdout=printed, stderr=printed, text=True, **how)
        seconds = time.perf_counter() - started
    finally:
        left = _end_what_is_left()
        sampler.done.set()
        sampler.join()
    if done.returncode not in accept:
        end = log.read_text(encoding="utf-8")[-3000:]
        raise SystemExit(f"{' '.join(command)} ended with {done.returncode}:\n{end}")
    # Each of the two can only miss something, so the greater one is nearer the truth.
    cpu = max(_reaped() - cpu, sum(sampler.cpu.values()))
    return Cost(seconds, cpu, sampler.peak, left, max(0.0, (_busy() - busy - cpu) / seconds))


def _reaped() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def _busy() -> float:
    """Return the CPU seconds of the whole machine, less those of this process."""
    times = psutil.cpu_times()
    return times.user + times.nice + times.system + times.irq + times.softirq - time.process_time()


def _end_what_is_left() -> int:
    """Wait for orphans; end those that outstay PATIENCE, and return how many they were."""
    stayed = [] if _all_gone() else psutil.Process().children(recursive=True)
    for process in stayed:
        with contextlib.suppress(psutil.NoSuchProcess):
            process.kill()
    if stayed:
        _all_gone()
    return len(stayed)


def _all_gone() -> bool:
    """Wait for children until none is left; return False if some are after PATIENCE."""
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        try:
            ended, _ = os.waitpid(-1, os.WNOHANG)
        except ChildProcessError:
            return True
        if not ended:
            time.sleep(0.02)
    return False
