"""What Jupyter calls to start a kernel: warm where that is possible, ordinary everywhere else."""

import asyncio
import contextlib
import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from jupyter_client.provisioning import LocalProvisioner
from traitlets import List, Unicode

from outcomes.errors import ParameterError
from outcomes.kernels import warm

PRELOAD = (
    "ipykernel.kernelapp",
    "ipykernel.debugger",
    "IPython.core.completerlib",
    "IPython.core.debugger",
    "IPython.core.guarded_eval",
    "IPython.core.oinspect",
    "IPython.extensions.storemagic",
    "jedi.api.completion",
    "stack_data",
    "outcomes.notebook",
    "statsmodels.regression.linear_model",
    "statsmodels.stats.diagnostic",
    "pandas.io.formats.html",
    "pandas.core.reshape.reshape",
    "pyarrow.dataset",
)
"""What a kernel imports at its start, at its first answers, and for a page. A module that looks for
a running kernel when it is imported may not be here, such as Jupyter's backend of matplotlib."""

LISTENING = ENDING = 1.0
"""Seconds to wait for a new kernel to listen and for a killed one to be gone: the callers' own
ways are to try again after a tenth of a second."""

OFF = "OUTCOMES_WARM_KERNELS"
LIMIT = "OUTCOMES_MEMORY_LIMIT"

_said: set[str] = set()


class WarmProvisioner(LocalProvisioner):
    """Starts kernels by a fork from a process with the libraries loaded.

    Everything after the start is the ordinary provisioner's: signals, waiting, ending. A kernel
    that cannot be warm is an ordinary one, and the log says why, once per Jupyter process.
    """

    preload = List(
        Unicode(),
        default_value=list(PRELOAD),
        help="The modules that are loaded before a kernel is asked for.",
    ).tag(config=True)

    async def launch_kernel(self, cmd: list[str], **kwargs: Any) -> dict:
        """Start a kernel, and hold it to OUTCOMES_MEMORY_LIMIT (bytes) if its environment has it.

        Raises
        ------
        ParameterError
            If the limit is not a whole number of bytes.
        """
        limit = memory_limit(kwargs["env"])
        try:
            await self._launch_warm(cmd, self._scrub_kwargs(kwargs))
        except warm.NotWarm as reason:
            self._say(f"This kernel starts the ordinary way, more slowly: {reason}.")
            await super().launch_kernel(cmd, **kwargs)
        if limit:
            self._hold_to(limit)
        return self.connection_info

    async def _launch_warm(self, cmd: list[str], asked: dict[str, Any]) -> None:
        if asked["env"].get(OFF) == "0":
            raise warm.NotWarm(f"{OFF} is 0")
        if why_not := unsuited(cmd, asked):
            raise warm.NotWarm(why_not)
        self.cwd = os.fspath(asked.get("cwd") or Path.cwd())
        ended, nobody = os.pipe()
        os.close(nobody)
        try:
            self.process = await warm.start(
                cmd,
                env=asked["env"],
                cwd=self.cwd,
                streams=[
                    _descriptor(asked.get("stdin"), ended),
                    _descriptor(asked.get("stdout"), 1),
                    _descriptor(asked.get("stderr"), 2),
                ],
                modules=tuple(self.preload),
            )
        finally:
            os.close(ended)
        self.pid = self.pgid = self.process.pid
        await self._listening()

    async def _listening(self) -> None:
        """Wait for a kernel on local sockets to listen: a client that is early tries again late."""
        about = self.connection_info
        if about.get("transport") == "ipc":
            last = Path(f"{about['ip']}-{about['hb_port']}")
            await self._until(last.exists, seconds=LISTENING)

    async def kill(self, restart: bool = False) -> None:
        """Kill the kernel and see it gone."""
        await super().kill(restart)
        await self._until(lambda: False, seconds=ENDING)

    async def _until(self, done: Callable[[], bool], *, seconds: float) -> None:
        """Wait until something is so or the kernel has ended, or for so many seconds."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                while await self.poll() is None and not done():
                    await asyncio.sleep(0.002)

    def _hold_to(self, limit: int) -> None:
        """Let a kernel's own data grow by so many bytes: beyond that, Python has a MemoryError.

        What loaded libraries have reserved, used or not, does not count: it is over 1 GB.
        """
        if sys.platform != "linux":
            self._say(f"{LIMIT} is not heeded: only Linux can limit a kernel that runs.")
            return
        import resource

        # One that was ended while it started has nothing to hold: whoever waits for it is told.
        with contextlib.suppress(ProcessLookupError, FileNotFoundError):
            _, most = resource.prlimit(self.pid, resource.RLIMIT_DATA)
            allowed = _reserved(self.pid) + limit
            resource.prlimit(self.pid, resource.RLIMIT_DATA, (allowed, most))

    def _say(self, message: str) -> None:
        if message not in _said and OFF not in message:
            _said.add(message)
            self.log.warning(message)


def memory_limit(env: dict[str, str]) -> int | None:
    """Return the limit of a kernel's memory in bytes, or None if its environment has none.

    Raises
    ------
    ParameterError
        If it is not a whole number above zero.
    """
    said = env.get(LIMIT, "")
    if not said:
        return None
    if not (said.isascii() and said.isdigit() and int(said)):
        raise ParameterError(
            f"{LIMIT} is {said!r}; expected a whole number of bytes, such as 2000000000. "
            "Put it right, or unset it for no limit."
        )
    return int(said)


def possible() -> bool:
    """Return whether this system can fork a process with libraries loaded, and be told of its end."""
    return sys.platform == "linux"


def unsuited(cmd: list[str], asked: dict[str, Any]) -> str:
    """Return why a kernel as asked for cannot be forked here, or an empty string."""
    if not possible():
        return (
            "this system cannot fork a process safely (Windows has no fork, and on macOS the "
            "system's own libraries may fail after one)"
        )
    if Path(cmd[0]).absolute() != Path(sys.executable).absolute():
        return f"its Python, {cmd[0]}, is not the one that Jupyter runs in, {sys.executable}"
    if cmd[1] != "-m":
        return f"its command has options for Python ({cmd[1]})"
    if others := sorted(set(asked) - {"env", "cwd", "stdin", "stdout", "stderr", "independent"}):
        return f"it was asked for with {', '.join(others)}"
    if asked.get("independent"):
        return "it is to live on when Jupyter ends"
    if not all(map(os.path.isabs, filter(None, asked["env"].get("PYTHONPATH", "").split(":")))):
        return "PYTHONPATH has a folder that is relative to the working folder"
    return ""


def _descriptor(stream: Any, usual: int) -> int:
    """Return the descriptor of a stream as `subprocess` takes it: None, a number or a file."""
    if stream is None:
        return usual
    number = stream if isinstance(stream, int) else stream.fileno()
    if number < 0:
        raise warm.NotWarm("its streams are to be pipes")
    return number


def _reserved(pid: int) -> int:
    """Return the bytes of data that a process has asked the system for by now."""
    status = Path(f"/proc/{pid}/status").read_text(encoding="ascii")
    (line,) = (line for line in status.splitlines() if line.startswith("VmData:"))
    return int(line.split()[1]) * 1024
