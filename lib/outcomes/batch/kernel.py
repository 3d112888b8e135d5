"""Runs a notebook in a kernel by papermill, within limits; the only importer of papermill."""

import math
import os
import tempfile
import time
from functools import lru_cache
from pathlib import Path

import nbformat
import papermill
from jupyter_client.kernelspec import KernelSpecManager
from nbclient.exceptions import CellTimeoutError, DeadKernelError
from papermill.clientwrap import PapermillNotebookClient
from papermill.engines import NBClientEngine, papermill_engines
from papermill.exceptions import PapermillExecutionError
from papermill.log import logger
from traitlets.config import Config

from outcomes import paths
from outcomes.batch.execute import WARM, Limits
from outcomes.batch.plan import Task

ORDINARY = "python3"
NO_HISTORY = "--HistoryManager.enabled=False"
"""No line of a page's cells is remembered for an arrow key: a database less for each kernel."""
START = 60.0
"""Seconds in which a kernel must answer."""
ENDED = "its kernel was ended from outside, twice"
INJECTED = {"injected-parameters", "papermill-error-cell-tag"}
"""Tags of the cells that papermill adds, with a new random id each time."""


class _PageEngine(NBClientEngine):
    """papermill's engine, with a time limit for the page as a whole and the kernel's surroundings.

    The surroundings are given to the kernel, not set in this process: a Dask worker makes pages in
    threads.
    """

    @classmethod
    def execute_managed_notebook(cls, nb_man, kernel_name, *, settings, env, kept, until, **_):
        kept.append(nb_man.nb)
        client = PapermillNotebookClient(
            nb_man,
            kernel_name=kernel_name,
            log=logger,
            config=settings,
            record_timing=False,
            startup_timeout=math.ceil(min(START, _left(until))),
            timeout_func=lambda cell: _left(until),
            shutdown_kernel="immediate",
            extra_arguments=[NO_HISTORY],
        )
        client.execute(env=env, cwd=str(paths.home()))


papermill_engines.register("outcomes", _PageEngine)


def execute(task: Task, limits: Limits) -> tuple[nbformat.NotebookNode | None, str]:
    """Return a page's notebook, executed as far as it went, and what went wrong or ''.

    What is not the notebook's own doing, such as a kernel that was ended from outside, is tried
    once more.
    """
    until, error = time.monotonic() + limits.seconds, ""
    for _ in range(2):
        kept: list[nbformat.NotebookNode] = []
        try:
            _attempt(task, limits, until, kept)
            error = ""
            break
        except (PapermillExecutionError, CellTimeoutError) as failure:
            error = _reason(failure, limits, until)
            break
        except Exception as failure:
            error = _reason(failure, limits, until)
    return (_settled(kept[0], task) if kept else None), error


def _attempt(task: Task, limits: Limits, until: float, kept: list) -> None:
    notebook = paths.home() / task.notebook
    with tempfile.TemporaryDirectory(prefix="outcomes-", ignore_cleanup_errors=True) as scratch:
        papermill.execute_notebook(
            str(notebook),
            None,
            parameters=task.page.model_dump(),
            engine_name="outcomes",
            kernel_name=_kernel(notebook),
            progress_bar=False,
            request_save_on_cell_execute=False,
            settings=_settings(Path(scratch)),
            env=_environment(Path(scratch), limits),
            kept=kept,
            until=until,
        )


@lru_cache
def _warm() -> bool:
    return WARM in KernelSpecManager().find_kernel_specs()


def _kernel(notebook: Path) -> str | None:
    """Return the kernel to use instead of the notebook's own, or None."""
    own = nbformat.read(notebook, as_version=4).metadata.get("kernelspec", {}).get("name")
    return WARM if own == ORDINARY and _warm() else None


def _left(until: float) -> float:
    return max(until - time.monotonic(), 0.1)


def _reason(failure: Exception, limits: Limits, until: float) -> str:
    """Return why a page could not be made, in plain words where they are known."""
    late = f"took longer than {limits.seconds:g} s (--time-limit)"
    if isinstance(failure, PapermillExecutionError):
        if failure.ename.endswith("MemoryError") and limits.memory and _warm():
            return f"needed more memory than {shown_bytes(limits.memory)} (--memory-limit)"
        return f"{failure.ename}: {failure.evalue}"
    if isinstance(failure, CellTimeoutError):
        return late
    if isinstance(failure, DeadKernelError) or "Kernel died" in str(failure):
        return ENDED
    if "Kernel didn't respond" in str(failure):
        return late if time.monotonic() > until else f"its kernel did not start within {START:g} s"
    return f"{type(failure).__name__}: {failure}"


def shown_bytes(count: int) -> str:
    """Return a number of bytes in words, as the options take it: 4 GB."""
    for unit, size in (("GB", 10**9), ("MB", 10**6), ("kB", 10**3)):
        if count >= size:
            return f"{count / size:.3g} {unit}"
    return f"{count} bytes"


def _settings(scratch: Path) -> Config:
    """Return how to talk to a kernel: not over the network where the system has another way.

    Each kernel gets files of its own: by default its sockets lie in the working directory under
    one name, and two kernels side by side then answer each other's messages.
    """
    manager = {"connection_file": str(scratch / "kernel.json")}
    if os.name != "nt":
        manager |= {"transport": "ipc", "ip": str(scratch / "kernel")}
    return Config({"KernelManager": manager})


def _environment(scratch: Path, limits: Limits) -> dict[str, str]:
    limit = {"OUTCOMES_MEMORY_LIMIT": str(limits.memory)} if limits.memory else {}
    return {
        **os.environ,
        "OUTCOMES_HOME": str(paths.home()),
        "OUTCOMES_RECORD": "1",
        "IPYTHONDIR": str(scratch / "ipython"),
        "JUPYTER_RUNTIME_DIR": str(scratch),
        "OMP_NUM_THREADS": "1",
        "OPENBLAS_NUM_THREADS": "1",
        "PYDEVD_DISABLE_FILE_VALIDATION": "1",
        **limit,
    }


def _settled(notebook: nbformat.NotebookNode, task: Task) -> nbformat.NotebookNode:
    """Return an executed notebook without times, chance and this machine's paths.

    The same inputs give the same bytes, wherever and whenever the page is made.
    """
    about = notebook.metadata.get("papermill", {})
    notebook.metadata["papermill"] = {
        "input_path": paths.shown(paths.home() / task.notebook),
        "output_path": f"{task.name}.ipynb",
        "parameters": about.get("parameters", {}),
        "version": papermill.__version__,
    }
    for number, cell in enumerate(notebook.cells):
        cell.metadata.pop("papermill", None)
        cell.metadata.pop("execution", None)
        if INJECTED & set(cell.metadata.get("tags", [])):
            cell["id"] = f"added-{number}"
    return notebook


def written(notebook: nbformat.NotebookNode) -> bytes:
    """Return a notebook as the bytes of its file."""
    return (nbformat.writes(notebook) + "\n").encode()
