"""The ways to make the same pages: three that anybody has, ours, and the floor below them all."""

import json
import os
import shlex
import sys
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

from batch_runs.figures import manifest, require_same, signed
from batch_runs.project import BIN, Project
from batch_runs.watch import Cost, measure

CORES = len(os.sched_getaffinity(0))
SOME_FAILED = 12
"""How `outcomes run` exits if some pages could not be made."""
PROGRAM = Path(__file__).with_name("in_process.py")


@dataclass(frozen=True)
class Row:
    """How many pages were made in one way, and what they took."""

    pages: int
    cost: Cost

    @property
    def page(self) -> float:
        """Seconds of wall time a page."""
        return self.cost.seconds / self.pages


def ours(project: Project, run: Path, accept: tuple[int, ...] = (0,)) -> tuple[Row, list[dict]]:
    """Make a run by `outcomes run`; return what it took, and its manifest's pages."""
    command = [str(BIN / "outcomes"), "run", str(run), "--out", str(project.out)]
    cost, pages = _measured(project, command, accept=accept), manifest(project.out)
    return Row(len(pages), cost), pages


def by_commands(project: Project, pages: list[dict], *, at_once: int) -> Cost:
    """Make pages by the commands papermill and nbconvert, some at a time by xargs."""
    lines = []
    for task in tasks_of(project, pages):
        settings = [word for name, value in task["page"].items() for word in ("-r", name, value)]
        files = [task["notebook"], task["made"]]
        execute = ["papermill", *files, "-k", "python3", "--no-progress-bar", *settings]
        convert = ["jupyter", "nbconvert", "--to", "html", "--no-input", task["made"]]
        lines.append(f"{shlex.join(execute)} && {shlex.join(convert)}")
    command = ["xargs", "-0", "-n", "1", "-P", str(at_once), "sh", "-c"]
    return _measured(project, command, input="\0".join(lines))


def by_loop(project: Project, pages: list[dict]) -> Cost:
    """Make pages by papermill and nbconvert in one process, one after another."""
    return _in_process("loop", project, pages)


def floor(project: Project, pages: list[dict]) -> Row:
    """Run the pages' cells in one process without a kernel, as fast as all cores would.

    Only the seconds are divided by the cores; CPU time and memory are those of the one process.
    """
    cost = _in_process("floor", project, pages)
    printed = json.loads(_log(project).read_text(encoding="utf-8").splitlines()[-1])
    for page in pages:
        require_same("F", page["name"], page["results"], printed["results"][page["name"]])
    return Row(len(pages), replace(cost, seconds=printed["seconds"] / CORES))


def with_same_figures(way: str, project: Project, pages: list[dict], make: Callable) -> Row:
    """Make pages in one way, and compare what each notebook signed with the run's manifest."""
    cost = make(project, pages)
    for task, page in zip(tasks_of(project, pages), pages, strict=True):
        require_same(way, page["name"], page["results"], signed(Path(task["made"])))
    return Row(len(pages), cost)


def tasks_of(project: Project, pages: list[dict]) -> list[dict]:
    """Return for each page its notebook, its settings, and the notebook to be made."""
    for page in pages:
        (project.out / page["name"]).parent.mkdir(parents=True, exist_ok=True)
    return [
        {
            "name": page["name"],
            "page": page["page"],
            "notebook": str(project.home / page["notebook"]),
            "made": str(project.out / f"{page['name']}.ipynb"),
        }
        for page in pages
    ]


def _in_process(what: str, project: Project, pages: list[dict]) -> Cost:
    path = project.home / "tasks.json"
    path.write_text(json.dumps(tasks_of(project, pages)), encoding="utf-8")
    return _measured(project, [sys.executable, str(PROGRAM), what, str(path)])


def _measured(project: Project, command: list[str], **how) -> Cost:
    where = {"env": project.environment(), "cwd": project.home, "log": _log(project)}
    return measure(command, **where, **how)


def _log(project: Project) -> Path:
    return project.home / "log.txt"
