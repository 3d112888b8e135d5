"""Executes one page by papermill and proves what it was about."""

import os
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

PAGE_MIME = "application/vnd.outcomes.page+json"
"""The kind of output in which a notebook signs its page."""


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


def prepare_worker() -> None:
    """Give a worker and its kernels a scratch folder of their own and one thread each."""
    scratch = tempfile.mkdtemp(prefix="outcomes-")
    os.environ.update(
        IPYTHONDIR=str(Path(scratch) / "ipython"),
        JUPYTER_RUNTIME_DIR=str(Path(scratch) / "runtime"),
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
    error = ""
    try:
        papermill.execute_notebook(
            str(task.notebook),
            str(output),
            parameters=asked,
            progress_bar=False,
            request_save_on_cell_execute=False,
            cwd=str(paths.home()),
            config=_kernel_settings(),
        )
    except PapermillExecutionError as failure:
        error = f"{failure.ename}: {failure.evalue}"
    except Exception as failure:
        error = f"{type(failure).__name__}: {failure}"
    signed = _signed(output) if not error else {}
    return PageResult(
        name=task.name,
        page=asked,
        notebook=paths.shown(task.notebook),
        seconds=round(time.monotonic() - started, 2),
        error=error or _difference(asked, signed, data_version),
        **{k: signed[k] for k in ("title", "notice", "data_version", "gaps", "results") if signed},
    )


def _kernel_settings() -> Config:
    """Return how to talk to a kernel: not over the network where the system has another way.

    Each kernel gets sockets of its own: by default they lie in the working directory under one
    name, and two kernels side by side then answer each other's messages.
    """
    if os.name == "nt":
        return Config()
    sockets = Path(tempfile.mkdtemp(prefix="outcomes-")) / "kernel"
    return Config({"KernelManager": {"transport": "ipc", "ip": str(sockets)}})


def _signed(path: Path) -> dict:
    """Return what the notebook signed, and drop this machine's paths from the kept copy."""
    notebook = nbformat.read(path, as_version=4)
    for name in ("input_path", "output_path"):
        notebook.metadata.papermill[name] = paths.shown(Path(notebook.metadata.papermill[name]))
    nbformat.write(notebook, path)
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
