"""The Jupyter process's side of the nursery: one for each list of modules, begun when first needed.

`shared` begins one for several such processes. Whatever stands in the way of a warm kernel is a `NotWarm`, in words: the caller then starts an
ordinary kernel, which is always right.
"""

import asyncio
import atexit
import contextlib
import json
import os
import select
import signal
import socket
import subprocess
import sys
import threading
from dataclasses import dataclass

READ_AT_START = (
    "PYTHON",
    "LD_",
    "LC_",
    "LANG",
    "HOME",
    "MPLCONFIG",
    "MATPLOTLIB",
    "PROJ_",
    "GDAL_",
)
"""How the names of variables begin that Python and the libraries read once, when they load."""

LONGEST_ANSWER = 65536
PATIENCE = 60.0
"""Seconds to wait for an answer: the first one comes when the libraries have been loaded."""


class NotWarm(Exception):
    """Why a kernel cannot be forked from the nursery."""


class WarmProcess:
    """A forked kernel, with the face of `subprocess.Popen` that Jupyter's own provisioner uses."""

    stdin = stdout = stderr = None

    def __init__(self, pid: int, answers: socket.socket):
        self.pid = pid
        self.returncode: int | None = None
        self._answers = answers
        self._lock = threading.Lock()
        _living.add(self)

    def poll(self) -> int | None:
        """Return the exit status, or None while the kernel lives; -9 if its nursery was killed."""
        with self._lock:
            if self.returncode is None:
                with contextlib.suppress(BlockingIOError):
                    answer = self._answers.recv(LONGEST_ANSWER)
                    self.returncode = json.loads(answer)["status"] if answer else -signal.SIGKILL
                    self.let_go()
        return self.returncode

    def wait(self) -> int:
        """Return the exit status, once there is one."""
        while self.poll() is None:
            select.select([self._answers], [], [])
        return self.returncode

    def send_signal(self, signum: int) -> None:
        """Send a signal to the kernel's process, if it lives."""
        if self.poll() is None:
            os.kill(self.pid, signum)

    def kill(self) -> None:
        """Kill the kernel's process, if it lives."""
        self.send_signal(signal.SIGKILL)

    def terminate(self) -> None:
        """Ask the kernel's process to end, if it lives."""
        self.send_signal(signal.SIGTERM)

    def let_go(self) -> None:
        """Close this end: a kernel that still lives is then ended by the nursery."""
        self._answers.close()
        _living.discard(self)


@dataclass(eq=False)
class Nursery:
    """One nursery: its process, the socket to ask on, and what it read when it started."""

    process: subprocess.Popen
    control: socket.socket
    fixed: dict[str, str]
    proven: bool = False

    @classmethod
    def begin(cls, modules: tuple[str, ...], env: dict[str, str]) -> "Nursery":
        """Start the process; it loads the modules while nobody waits."""
        control, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        number = theirs.fileno()
        with theirs:
            process = subprocess.Popen(
                [sys.executable, "-m", f"{__package__}.nursery", str(number), *modules],
                env=env,
                cwd="/",
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                pass_fds=[number],
                start_new_session=True,
            )
        return cls(process, control, read_at_start(env))

    @property
    def alive(self) -> bool:
        """Whether the process runs."""
        return self.process.poll() is None

    def ask(self, request: dict, streams: list[int]) -> socket.socket:
        """Send a request; return the socket on which the answers come."""
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        ours.setblocking(False)
        with theirs, os.fdopen(os.memfd_create("request"), "w") as file:
            json.dump(request, file)
            file.flush()
            passed = [theirs.fileno(), file.fileno(), *streams]
            socket.send_fds(self.control, [b"?"], passed)
        return ours

    def end(self) -> None:
        """Let it go and see it to its end; kernels that others have of it live on with theirs."""
        self.control.close()
        with contextlib.suppress(subprocess.TimeoutExpired):
            self.process.wait(timeout=5)


_nurseries: dict[tuple[str, ...], Nursery] = {}
_retired: list[Nursery] = []
_living: set[WarmProcess] = set()
_lock = threading.Lock()


async def start(
    cmd: list[str], *, env: dict[str, str], cwd: str, streams: list[int], modules: tuple[str, ...]
) -> WarmProcess:
    """Fork a kernel.

    Parameters
    ----------
    cmd : list of str
        `python -m <module> <argument>...`.
    env : dict
        The kernel's whole environment.
    cwd : str
        Its working folder.
    streams : list of int
        Descriptors of its input, output and errors.
    modules : tuple of str
        What the nursery loads; one that cannot be imported is skipped.

    Raises
    ------
    NotWarm
        If the nursery cannot or may not fork this kernel.
    """
    try:
        nursery = _nursery(modules, env)
        answers = nursery.ask({"argv": cmd, "env": env, "cwd": cwd}, streams)
    except OSError as error:
        raise NotWarm(f"the process that loads the libraries cannot be asked: {error}") from None
    answer = await _first_answer(nursery, answers)
    if "pid" in answer:
        nursery.proven = True
        return WarmProcess(answer["pid"], answers)
    answers.close()
    if answer.get("stale"):
        _replace(nursery, modules, env)
    raise NotWarm(answer.get("refused", "it was ended while it started"))


async def _first_answer(nursery: Nursery, answers: socket.socket) -> dict:
    loop = asyncio.get_running_loop()
    try:
        answer = await asyncio.wait_for(loop.sock_recv(answers, LONGEST_ANSWER), PATIENCE)
        if not answer:
            raise NotWarm("the process that loads the libraries has ended")
        return json.loads(answer)
    except TimeoutError:
        answers.close()
        nursery.process.kill()
        raise NotWarm(f"loading the libraries took more than {PATIENCE:g} seconds") from None
    except BaseException:
        answers.close()
        raise


def _nursery(modules: tuple[str, ...], env: dict[str, str]) -> Nursery:
    """Return the living nursery of a list of modules, begun if there is none."""
    with _lock:
        known = _nurseries.get(modules)
        if known and not known.alive and not known.proven:
            raise NotWarm(f"loading the libraries ended with status {known.process.returncode}")
        if known and not known.alive:
            known.control.close()
        if not known or not known.alive:
            known = _nurseries[modules] = Nursery.begin(modules, env)
    fixed = read_at_start(env)
    if different := {n for n in {*fixed, *known.fixed} if fixed.get(n) != known.fixed.get(n)}:
        raise NotWarm(
            f"{', '.join(sorted(different))} is read when the libraries are loaded, and this "
            "kernel has it otherwise than the first one"
        )
    return known


def use(modules: tuple[str, ...], nursery: Nursery) -> None:
    """Take a nursery for the kernels that preload these modules, until it has ended."""
    with _lock:
        _nurseries[modules] = nursery


def _replace(stale: Nursery, modules: tuple[str, ...], env: dict[str, str]) -> None:
    """Let a stale nursery go, which ends with its last kernel, and begin a fresh one."""
    with _lock:
        if _nurseries.get(modules) is stale:
            stale.control.close()
            _retired[:] = [nursery for nursery in [*_retired, stale] if nursery.alive]
            _nurseries[modules] = Nursery.begin(modules, env)


def read_at_start(env: dict[str, str]) -> dict[str, str]:
    """Return the variables that cannot be changed once the libraries are loaded."""
    return {name: value for name, value in env.items() if name.startswith(READ_AT_START)}


def _let_all_go() -> list[Nursery]:
    """Close every socket, and return the nurseries: each ends its kernels, and then itself."""
    for process in list(_living):
        process.let_go()
    gone = [*_nurseries.values(), *_retired]
    for nursery in gone:
        nursery.control.close()
    _nurseries.clear()
    _retired.clear()
    return gone


def _leave() -> None:
    """At the end of the Jupyter process, see its nurseries to their end."""
    for nursery in _let_all_go():
        nursery.end()


def _forget() -> None:
    """In a fork of the Jupyter process: its kernels and its nurseries belong to the parent."""
    global _lock
    _lock = threading.Lock()
    for nursery in _let_all_go():
        nursery.process.returncode = 0


atexit.register(_leave)
if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_forget)
