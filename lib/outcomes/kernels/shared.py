"""One nursery for several worker processes: begun by whoever starts them, used by each."""

import os
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from outcomes.kernels import warm


@dataclass(frozen=True)
class Loan:
    """What a worker process needs to fork kernels from a nursery that another process began."""

    modules: tuple[str, ...]
    control: socket.socket
    fixed: dict[str, str]


@contextmanager
def lent_nursery(kernel: str) -> Iterator[Loan | None]:
    """Begin the nursery of a kernel and lend it; it ends here, or with the last process that has it.

    It loads its libraries while the workers start, once for all of them.

    Parameters
    ----------
    kernel : str
        The name of an installed kernelspec.

    Yields
    ------
    Loan or None
        To be given to `borrow` in each worker; None where no kernel can be warm.
    """
    modules = _preloaded_by(kernel)
    if modules is None:
        yield None
        return
    env = dict(os.environ)
    try:
        nursery = warm.Nursery.begin(modules, env)
    except OSError:
        yield None
        return
    try:
        yield Loan(modules, nursery.control, nursery.fixed)
    finally:
        nursery.end()


def borrow(loan: Loan | None) -> None:
    """Fork this process's kernels from a lent nursery; when it has gone, from one of its own."""
    if loan:
        elsewhere = _Elsewhere(loan.control)
        warm.use(loan.modules, warm.Nursery(elsewhere, loan.control, loan.fixed, proven=True))


class _Elsewhere:
    """A nursery's process that is not a child of this one: seen to live by its socket alone."""

    returncode = None

    def __init__(self, control: socket.socket):
        self._control = control

    def poll(self) -> int | None:
        """Return 1 if the process has gone, and None while it lives."""
        try:
            gone = not self._control.recv(1, socket.MSG_PEEK | socket.MSG_DONTWAIT)
        except BlockingIOError:
            return None
        except OSError:
            gone = True
        return 1 if gone else None

    def kill(self) -> None:
        """Leave it alone: others use it."""

    def wait(self, timeout: float) -> None:
        """Wait for nothing: whoever began it sees it to its end."""


def _preloaded_by(kernel: str) -> tuple[str, ...] | None:
    """Return the modules that a kernelspec of ours preloads, or None if its kernels are not warm."""
    from jupyter_client.kernelspec import KernelSpecManager, NoSuchKernel

    from outcomes.kernels.provisioner import OFF, PRELOAD, possible

    if os.environ.get(OFF) == "0" or not possible():
        return None
    try:
        about = KernelSpecManager().get_kernel_spec(kernel).metadata.get("kernel_provisioner", {})
    except NoSuchKernel:
        return None
    if about.get("provisioner_name") != "outcomes-warm":
        return None
    return tuple(about.get("config", {}).get("preload", PRELOAD))
