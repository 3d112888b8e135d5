"""A batch run by `outcomes run` beside what one would do without it, on the same pages.

    python benchmarks/batch.py                                  the sample county, and growth
    python benchmarks/batch.py --quick                          a few minutes, no growth
    python benchmarks/batch.py --run parameters/runs/essex.yml  a run of a store that is there
    python benchmarks/batch.py --districts 309                  one run over English districts

The ways: A, the commands papermill and nbconvert, page after page; B, the same, as many at a time
as there are cores, by xargs; C, papermill and nbconvert in one Python process; D, `outcomes run`
with nothing cached; E, the same again, nothing changed; F, the floor: the same cells in one process
without a kernel, divided by the cores. A to C use the ordinary kernel, on a part of the pages that
is spread over all outcomes. Each way has a copy of the project of its own; what the notebooks sign
is compared, figure by figure, and a difference ends the program.
"""

import argparse
import signal
import sys
import tempfile
from functools import partial
from pathlib import Path

import yaml

from batch_runs import report, ways
from batch_runs.figures import chosen, require_same, signed
from batch_runs.project import Project, add_districts, copy, store_of
from batch_runs.watch import adopt_orphans
from batch_runs.ways import CORES, SOME_FAILED, Row

HOME = Path(__file__).resolve().parent.parent
QUICK = 3
"""Districts of a quick run."""
GROWTH = 30
"""Districts of the large run; the small one has every tenth. Each beside these comparators."""
COMPARATORS = ["region", "nation", "ons_global", "ons_economic"]


def side_by_side(project: Project, run: Path, count: int, *, warm: bool) -> dict[str, Row]:
    """Make a run in every way and return what each took.

    Parameters
    ----------
    project : Project
        Ours is made in it, the other ways in copies of it.
    run : pathlib.Path
    count : int
        How many of its pages are made in the ways A to C.
    warm : bool
        Give A to C what our run has cached, so that few pages do not bear the work for many.
    """
    others = {
        "A": partial(ways.by_commands, at_once=1),
        "B": partial(ways.by_commands, at_once=CORES),
        "C": ways.by_loop,
    }
    ours, again, pages = made_twice(project, run)
    rows = {}
    for way, make in others.items():
        twin = project.twin(way)
        if warm:
            project.share_cache(twin)
        rows[way] = ways.with_same_figures(way, twin, chosen(pages, count), make)
    return rows | {"D": ours, "E": again, "F": ways.floor(project.twin("F"), pages)}


def made_twice(project: Project, run: Path) -> tuple[Row, Row, list[dict]]:
    """Make a run, then again with nothing changed; return both and the manifest's pages."""
    first, pages = ways.ours(project, run)
    for page in pages:
        notebook = project.out / f"{page['name']}.ipynb"
        require_same("D's notebook", page["name"], page["results"], signed(notebook))
    second, others = ways.ours(project, run)
    for page, other in zip(pages, others, strict=True):
        require_same("E", page["name"], page["results"], other["results"])
    return first, second, pages


def growth(project: Project, request: dict) -> list[Row]:
    """Make a run and one ten times as large, of the same kinds of pages; return both."""
    store = store_of(project, request["localities"][0])
    rows = []
    for name, step in (("small", 10), ("large", 1)):
        twin = project.twin(name)
        codes = add_districts(twin, store, GROWTH)[::step]
        run = district_run(twin, request | {"comparators": COMPARATORS}, codes)
        rows.append(ways.ours(twin, run)[0])
    return rows


def district_run(project: Project, request: dict, codes: list[str], **more: bool) -> Path:
    """Write a run file that asks for districts, and for the rest as another does."""
    title = f"{len(codes)} districts, every outcome"
    asked = {"title": title, "localities": codes, "and_places_within": False, **more}
    return project.write("runs/districts", request | asked)


def over_districts(project: Project, request: dict, store: str, count: int) -> str:
    """Make one run of districts, outcomes only, twice; return what is to be said of it."""
    codes = add_districts(project, store, count)
    run = district_run(project, request, codes, overviews=False, evidence=False)
    row, pages = ways.ours(project, run, accept=(0, SOME_FAILED))
    site = report.site_table(row, pages, project.out)
    again, _ = ways.ours(project, run, accept=(0, SOME_FAILED))
    return (
        f"{len(codes)} districts of the store {store!r}:\n\n{site}\n"
        f"The same again, nothing changed: {again.cost.seconds:.1f} s.\n"
    )


def options() -> argparse.Namespace:
    """Return what was asked for."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--home", type=Path, default=HOME, help="the project that is copied")
    parser.add_argument("--run", type=Path, default="parameters/runs/sample.yml")
    parser.add_argument("--pages", type=int, default=18, help="made in the ways A to C")
    parser.add_argument("--warm-cache", action="store_true", help="A to C find what D cached")
    parser.add_argument("--quick", action="store_true", help=f"{QUICK} districts, no growth")
    parser.add_argument("--no-growth", action="store_true", help="no run of 1,080 pages")
    parser.add_argument("--districts", type=int, help="only a run of so many districts")
    parser.add_argument("--store", default="published", help="whose districts")
    return parser.parse_args()


def main() -> None:
    """Measure what was asked for and print it."""
    asked = options()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # so that folders are removed
    adopt_orphans()
    print(report.machine(), flush=True)
    with tempfile.TemporaryDirectory(prefix="outcomes-bench-") as folder:
        project = copy(asked.home, Path(folder) / "ours")
        run, count = project.home / asked.run, asked.pages
        request = yaml.safe_load(run.read_text(encoding="utf-8"))
        if asked.districts:
            print(over_districts(project, request, asked.store, asked.districts))
            return
        if asked.quick:
            codes = add_districts(project, store_of(project, request["localities"][0]), QUICK)
            run, count = district_run(project, request, codes), min(count, 9)
        rows = side_by_side(project, run, count, warm=asked.warm_cache)
        print(report.ways_table(rows), report.aims_table(rows), sep="\n", flush=True)
        if not (asked.quick or asked.no_growth):
            print(report.growth_tables(*growth(project, request)))


if __name__ == "__main__":
    main()
