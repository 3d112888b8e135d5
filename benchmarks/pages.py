"""Time a page of the sample county by `outcomes run` against the two commands it replaces.

The alternative is `papermill` and then `jupyter nbconvert --to html --no-input`, page by page, as
one would by hand. Both make the same notebook for the same places, in the same run of this program.

    python benchmarks/pages.py
"""

import subprocess
import sys
import tempfile
import time
from pathlib import Path

from outcomes.batch import plan, run_pages
from outcomes.batch.plan import select
from outcomes.parameters import load_parameters
from outcomes.sources import build

RUN = Path("parameters/runs/sample.yml")
CHOICE = {"only": ("best_start",), "localities": ("X10000001", "X07000001", "X07000002")}
BIN = Path(sys.executable).parent


def by_run(folder: Path, workers: int) -> float:
    """Return the seconds a page by our run."""
    started = time.perf_counter()
    report = run_pages(RUN, workers=workers, out=folder / f"run{workers}", **CHOICE)
    assert not report.failed
    return (time.perf_counter() - started) / report.made


def by_commands(folder: Path) -> float:
    """Return the seconds a page by papermill's and nbconvert's own commands, one after another."""
    parameters = load_parameters()
    tasks = select(plan(parameters, parameters.run(RUN)), **CHOICE)
    started = time.perf_counter()
    for task in tasks:
        made = folder / f"{task.page.locality}.ipynb"
        settings = [w for name, value in task.page for w in ("-r", name, value)]
        quiet = {"check": True, "capture_output": True}
        subprocess.run([BIN / "papermill", task.notebook, made, *settings], **quiet)
        subprocess.run([BIN / "jupyter", "nbconvert", "--to", "html", "--no-input", made], **quiet)
    return (time.perf_counter() - started) / len(tasks)


def main() -> None:
    """Print the seconds a page each way, and the ratios."""
    list(build("sample"))
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        commands, one, two = by_commands(folder), by_run(folder, 1), by_run(folder, 2)
    lines = [
        f"papermill and nbconvert, by command: {commands:.2f} s a page",
        f"outcomes run, 1 worker:              {one:.2f} s a page, {commands / one:.1f} times as fast",
        f"outcomes run, 2 workers:             {two:.2f} s a page, {commands / two:.1f} times as fast",
    ]
    sys.stdout.write("\n".join(lines) + "\n")


if __name__ == "__main__":
    main()
