"""Executes one page by papermill and proves what it was about."""

import os
import signal
import tempfile
import time
from dataclasses import asdict, dataclass, field
from pathlib import Path

import nbformat
import papermill
from papermill.exceptions import PapermillExecutionError
from traitlets.config import Config

from outcomes import paths
from outcomes.batch.plan import Task
from outcomes.model import PAGE_MIME


@dataclass(frozen=True)
class PageResult:
    """What became of one page: `error` is empty if it is right."""

    name: str
    page: dict
    notebook: str
    seconds: float
    error: str = ""
    title: str = ""
    notice: str = ""
    data_version: str = ""
    gaps: int = 0
    results: list[dict] = field(default_factory=list)

    @property
    def right(self) -> bool:
        """Whether the page was made and is about what was asked."""
        return not self.error

    def as_dict(self) -> dict:
        """Return the record that goes into the manifest."""
        return asdict(self)


def prepare_worker(scratch: str) -> None:
    """Give a worker and its kernels a scratch folder of their own and one thread each.

    An interrupt is for the process that started the worker: it decides what becomes of the run.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    own = Path(tempfile.mkdtemp(dir=scratch))
    os.environ.update(
        OUTCOMES_HOME=str(paths.home()),
        IPYTHONDIR=str(own / "ipython"),
        JUPYTER_RUNTIME_DIR=str(own / "runtime"),
        OMP_NUM_THREADS="1",
        OPENBLAS_NUM_THREADS="1",
        PYDEVD_DISABLE_FILE_VALIDATION="1",
    )


def execute_page(task: Task, folder: Path, data_version: str) -> PageResult:
    """Execute a page's notebook into a folder and compare what it says with what was asked.

    A notebook that fails is kept, with its traceback, for the analyst.

    Parameters
    ----------
    task : Task
    folder : Path
        Where `<name>.ipynb` is written.
    data_version : str
        The version of the store when the run began; a page from another one is not right.
    """
    output = folder / f"{task.name}.ipynb"
    output.parent.mkdir(parents=True, exist_ok=True)
    asked = task.page.model_dump()
    started = time.monotonic()
    error = _execute(task.notebook, output, asked)
    notebook = _without_paths(output, task) if output.is_file() else None
    signed = _signed(notebook) if notebook and not error else {}
    return PageResult(
        name=task.name,
        page=asked,
        notebook=paths.shown(task.notebook),
        seconds=round(time.monotonic() - started, 2),
        error=error or _difference(asked, signed, data_version),
        **{k: signed[k] for k in ("title", "notice", "data_version", "gaps", "results") if signed},
    )


def _execute(notebook: Path, output: Path, asked: dict) -> str:
    """Execute a notebook into a file; return what went wrong, or an empty string.

    The kernel is ended at once: all its output has arrived, and a gentle end makes it complain.
    """
    with tempfile.TemporaryDirectory(prefix="outcomes-", ignore_cleanup_errors=True) as scratch:
        try:
            papermill.execute_notebook(
                str(notebook),
                str(output),
                parameters=asked,
                progress_bar=False,
                request_save_on_cell_execute=False,
                cwd=str(paths.home()),
                shutdown_kernel="immediate",
                config=_kernel_settings(Path(scratch)),
            )
        except PapermillExecutionError as failure:
            return f"{failure.ename}: {failure.evalue}"
        except Exception as failure:
            return f"{type(failure).__name__}: {failure}"
    return ""


def _kernel_settings(scratch: Path) -> Config:
    """Return how to talk to a kernel: not over the network where the system has another way.

    Each kernel gets sockets of its own: by default they lie in the working directory under one
    name, and two kernels side by side then answer each other's messages.
    """
    if os.name == "nt":
        return Config()
    return Config({"KernelManager": {"transport": "ipc", "ip": str(scratch / "kernel")}})


def _without_paths(path: Path, task: Task) -> nbformat.NotebookNode:
    """Return an executed notebook, this machine's paths dropped from its metadata and its file."""
    notebook = nbformat.read(path, as_version=4)
    notebook.metadata.papermill["input_path"] = paths.shown(task.notebook)
    notebook.metadata.papermill["output_path"] = f"{task.name}.ipynb"
    nbformat.write(notebook, path)
    return notebook


def _signed(notebook: nbformat.NotebookNode) -> dict:
    """Return what an executed notebook signed; empty if it did not."""
    found = [
        output["data"][PAGE_MIME]
        for cell in notebook.cells
        for output in cell.get("outputs", [])
        if PAGE_MIME in output.get("data", {})
    ]
    return dict(found[-1]) if found else {}


def _difference(asked: dict, signed: dict, data_version: str) -> str:
    if not signed:
        return "the notebook did not sign its page; its last cell should call sign(...)"
    for name, value in asked.items():
        said = signed["page"].get(name)
        if said != value:
            return f"asked for {name} {value!r}, but the notebook reported on {said!r}"
    if signed["data_version"] != data_version:
        return "the store changed while the run was going on; run it again"
    return ""
