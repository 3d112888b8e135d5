"""The nursery: a process with the libraries loaded, from which kernels are forked.

It is run as `python -m outcomes.kernels.nursery <descriptor> <module>...` by the Jupyter process,
which asks over the socket of that descriptor. A message brings five descriptors: the kernel's own
socket, the request (JSON) and the three streams. The kernel's socket carries the answers, one
message each: `{"pid": 7}` or `{"refused": "why"}`, and in the end `{"status": 0}`. A kernel lives
as long as the Jupyter process holds its end of that socket. For Linux alone.
"""

import contextlib
import ctypes
import gc
import importlib
import json
import multiprocessing
import os
import runpy
import selectors
import signal
import socket
import sys
import sysconfig
import time
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

ONE_THREAD = {
    "OPENBLAS_NUM_THREADS": "1",
    "OMP_NUM_THREADS": "1",
    "MKL_NUM_THREADS": "1",
    "JE_ARROW_MALLOC_CONF": "background_thread:false",
}
"""Libraries that start threads when they are loaded read these: a thread does not survive a fork."""

SMALL = {"ARROW_DEFAULT_MEMORY_POOL": "system"}
"""pyarrow's own way reserves megabytes in every kernel, for data that a page has little of."""
THREADED = ("polars",)
"""Packages that start threads when they are imported, and that others import where they find them
(statsmodels does, to read polars' tables): a kernel imports them itself, if its cells ask for them."""

STALE = "code or packages have changed since they were loaded; the next kernel has them"
INLINE = "module://matplotlib_inline.backend_inline"
PR_SET_PDEATHSIG = 1


@dataclass(frozen=True, eq=False)
class Kernel:
    """A kernel that was forked: its process, how its end is seen, and where it is told."""

    pid: int
    end: int
    answers: socket.socket


class Nursery:
    """Forks kernels and tells how they ended."""

    def __init__(self, control: socket.socket, modules: list[str]):
        self._control = control
        self._packages, started = installed(), time.time_ns()
        before = dict(os.environ)
        culprit = preload(modules)
        self._set = {n: v for n, v in os.environ.items() if before.get(n) != v}
        self._by = f": {culprit} started it" if culprit else ""
        self._files = {
            path: stamp if stamp and stamp[0] < started else None
            for path, stamp in stamps(watched()).items()
        }
        self._selector = selectors.PollSelector()
        self._selector.register(control, selectors.EVENT_READ)

    def serve(self) -> dict | None:
        """Answer until the Jupyter process has gone and no kernel is left.

        Returns
        -------
        dict or None
            In a forked kernel, its request; in the nursery itself None, at the end.
        """
        while self._selector.get_map():
            (key, _), *_ = self._selector.select()
            if key.fileobj is self._control:
                descriptors = self._answer()
                if descriptors:
                    self._forget()
                    return take_up(descriptors, self._set)
            elif key.fileobj is key.data.answers:
                self._abandon(key.data)
            else:
                self._bury(key.data)
        return None

    def _answer(self) -> list[int]:
        """Fork a kernel, or say why not; return its descriptors in the kernel alone."""
        asked, descriptors, _, _ = socket.recv_fds(self._control, 1, 5, socket.MSG_CMSG_CLOEXEC)
        if not asked:
            self._selector.unregister(self._control)
            self._control.close()
            return []
        refused = self._unfit()
        pid = 0 if refused else os.fork()
        if not refused and pid == 0:
            return descriptors
        answers = socket.socket(fileno=descriptors[0])
        for descriptor in descriptors[1:]:
            os.close(descriptor)
        if refused:
            _tell(answers, **refused)
            answers.close()
        else:
            self._watch(Kernel(pid, os.pidfd_open(pid), answers))
        return []

    def _forget(self) -> None:
        """Close, in a forked kernel, what is the nursery's."""
        for key in list(self._selector.get_map().values()):
            os.close(key.fileobj) if isinstance(key.fileobj, int) else key.fileobj.close()

    def _watch(self, kernel: Kernel) -> None:
        for readable in (kernel.answers, kernel.end):
            self._selector.register(readable, selectors.EVENT_READ, kernel)

    def _abandon(self, kernel: Kernel) -> None:
        """End a kernel that nobody waits for any more, with all that it started."""
        self._selector.unregister(kernel.answers)
        for end in (os.killpg, os.kill):
            with contextlib.suppress(ProcessLookupError):
                end(kernel.pid, signal.SIGKILL)

    def _bury(self, kernel: Kernel) -> None:
        """Take an ended kernel off the system's list, and tell its status."""
        _, status = os.waitpid(kernel.pid, 0)
        _tell(kernel.answers, status=os.waitstatus_to_exitcode(status))
        for readable in (kernel.answers, kernel.end):
            with contextlib.suppress(KeyError):
                self._selector.unregister(readable)
        kernel.answers.close()
        os.close(kernel.end)

    def _unfit(self) -> dict:
        """Return the refusal where no kernel may be forked now, or an empty one."""
        if _threads() > 1:
            return {"refused": f"a thread lives beside the loaded libraries{self._by}"}
        if self._packages != installed() or self._files != stamps(self._files):
            return {"refused": STALE, "stale": True}
        return {}


def preload(modules: list[str]) -> str:
    """Import modules, and return the first that left a thread behind, or an empty string.

    A module that cannot be imported is skipped: the cell that imports it will say what is wrong.
    """
    culprit = ""
    sys.modules.update(dict.fromkeys(THREADED))  # None: as if it were not installed
    for module in modules:
        with contextlib.suppress(Exception):
            importlib.import_module(module)
        culprit = culprit or (module if _threads() > 1 else "")
    for name in THREADED:
        del sys.modules[name]
    gc.collect()
    gc.freeze()
    return culprit


def installed() -> dict[str, int]:
    """Return when each installed package was last installed, in nanoseconds."""
    folders = {sysconfig.get_path(name) for name in ("purelib", "platlib")}
    return {
        entry.path: entry.stat().st_mtime_ns
        for folder in folders
        for entry in os.scandir(folder)
        if entry.name.endswith(".dist-info")
    }


def watched() -> list[str]:
    """Return the files of loaded modules that change without a package being installed."""
    settled = tuple(
        sysconfig.get_path(name) + os.sep for name in ("stdlib", "platstdlib", "purelib", "platlib")
    )
    files = {name: getattr(module, "__file__", None) for name, module in sys.modules.items()}
    return [
        path
        for name, path in files.items()
        if path and (name.partition(".")[0] == "outcomes" or not path.startswith(settled))
    ]


def stamps(paths: Iterable[str]) -> dict[str, list[int] | None]:
    """Return the time (nanoseconds) and the size (bytes) of files; None for one that has gone."""
    found = {}
    for path in paths:
        found[path] = None
        with contextlib.suppress(OSError):
            status = Path(path).stat()
            found[path] = [status.st_mtime_ns, status.st_size]
    return found


def take_up(descriptors: list[int], set_by_modules: dict[str, str]) -> dict:
    """Turn a forked process into one that looks freshly started, and return its request.

    Parameters
    ----------
    descriptors : list of int
        The kernel's socket, the request and the three streams.
    set_by_modules : dict
        Variables that the loaded libraries put into the environment.
    """
    answers = socket.socket(fileno=descriptors[0])
    try:
        _die_with_the_nursery()
        with os.fdopen(descriptors[1]) as file:
            file.seek(0)
            request = json.load(file)
        for number, stream in enumerate(descriptors[2:]):
            os.dup2(stream, number)
            os.close(stream)
        os.setsid()
        os.chdir(request["cwd"])
        _tell(answers, pid=os.getpid())
    except Exception as error:
        _tell(answers, refused=f"{type(error).__name__}: {error}")
        os._exit(1)
    answers.close()
    renew({**set_by_modules, **request["env"]})
    return request


def renew(env: dict[str, str]) -> None:
    """Replace what a process has of its own: environment, time zone, random state, streams.

    The standard library's `random` sees to itself after a fork; modules read `MPLBACKEND` and the
    descriptors' kinds when they are loaded, so they are told again. ipywidgets listens to the page
    from when it is imported in a kernel: one that was imported before does so from now on.
    """
    os.environ.clear()
    os.environ.update(env, JPY_PARENT_PID=str(os.getppid()))
    time.tzset()
    multiprocessing.current_process().authkey = os.urandom(32)
    if numpy := sys.modules.get("numpy"):
        numpy.random.seed()
    if matplotlib := sys.modules.get("matplotlib"):
        matplotlib.rcParams["backend"] = env.get("MPLBACKEND") or INLINE
    if ipywidgets := sys.modules.get("ipywidgets"):
        ipywidgets.register_comm_target()
    sys.stdout.reconfigure(line_buffering=os.isatty(1))


def run(request: dict) -> None:
    """Run the command of a request, `python -m <module> <argument>...`, as Python would."""
    sys.orig_argv = request["argv"]
    sys.argv = ["-m", *request["argv"][3:]]
    sys.path.insert(0, str(Path.cwd()))
    runpy.run_module(request["argv"][2], run_name="__main__", alter_sys=True)


def _die_with_the_nursery() -> None:
    nursery = int(os.environ["JPY_PARENT_PID"])
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != nursery:
        os._exit(1)


def _tell(answers: socket.socket, **answer: object) -> None:
    with contextlib.suppress(OSError):
        answers.send(json.dumps(answer).encode())


def _threads() -> int:
    return len(list(os.scandir("/proc/self/task")))


def main() -> None:
    """Preload, then serve; what returns from that with a request is a kernel.

    A kernel ends when its parent changes, so the nursery stands for the Jupyter process.
    """
    del sys.path[0]
    os.environ.update({**ONE_THREAD, **SMALL}, PYDEVD_DISABLE_FILE_VALIDATION="1")
    os.environ["JPY_PARENT_PID"] = str(os.getpid())
    os.environ.pop("MPLBACKEND", None)
    request = Nursery(socket.socket(fileno=int(sys.argv[1])), sys.argv[2:]).serve()
    if request is None:
        os._exit(0)
    run(request)


if __name__ == "__main__":
    main()
