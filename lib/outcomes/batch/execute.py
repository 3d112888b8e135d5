"""Makes one page anywhere: returns its record, its notebook and its web page, writes nothing."""

import time
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from outcomes import paths
from outcomes.batch.plan import Task
from outcomes.model import PAGE_MIME

if TYPE_CHECKING:
    from nbformat import NotebookNode

WARM = "outcomes"
"""The kernel of pages. A notebook for the ordinary one runs in it too, where it is installed."""
SIGNED = ("title", "notice", "data_version", "gaps", "results")


@dataclass(frozen=True)
class Limits:
    """What one page may take: seconds in all, and bytes of memory of its kernel (0: as it likes)."""

    seconds: float = 600.0
    memory: int = 0


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
    inputs: dict[str, str] = field(default_factory=dict)

    @property
    def right(self) -> bool:
        """Whether the page was made and is about what was asked."""
        return not self.error

    def as_dict(self) -> dict:
        """Return the record that goes into the manifest; its lists are this page's own."""
        return dict(vars(self))


@dataclass(frozen=True)
class Job:
    """A page to make, the store's version when the run began, and what the page may take."""

    task: Task
    data_version: str
    limits: Limits = Limits()


@dataclass(frozen=True)
class Made:
    """A page that was made or failed: its record, its executed notebook, its web page."""

    page: PageResult
    notebook: bytes = b""
    web_page: str = ""


def make_page(job: Job) -> Made:
    """Execute a page's notebook and compare what it says with what was asked.

    Runs in any process or thread, on any machine that has the project. A notebook that fails is
    returned too, with its traceback, for the analyst.

    Parameters
    ----------
    job : Job
        A page from another version of the store than the job's is not right.
    """
    from outcomes.batch.kernel import execute, written
    from outcomes.batch.publish import render

    started = time.monotonic()
    asked = job.task.page.model_dump()
    notebook, error = execute(job.task, job.limits)
    signed = _signed(notebook) if notebook and not error else {}
    page = PageResult(
        name=job.task.name,
        page=asked,
        notebook=paths.shown(job.task.notebook),
        seconds=0.0,
        error=error or _difference(asked, signed, job.data_version),
        inputs=dict(signed.get("read", {})),
        **{key: signed[key] for key in SIGNED if signed},
    )
    web_page = render(notebook, title=page.title, notice=page.notice) if page.right else ""
    page = replace(page, seconds=round(time.monotonic() - started, 2))
    return Made(page, written(notebook) if notebook else b"", web_page)


def not_made(task: Task, error: str) -> Made:
    """Return the record of a page that could not be made."""
    asked, notebook = task.page.model_dump(), paths.shown(task.notebook)
    return Made(PageResult(task.name, asked, notebook, seconds=0.0, error=error))


def _signed(notebook: "NotebookNode") -> dict:
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
