"""One run from its file to a finished folder; the old folder stays until the new one is whole."""

import multiprocessing
import os
import shutil
import tempfile
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Executor, ProcessPoolExecutor, as_completed
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from outcomes import paths
from outcomes.batch.execute import PageResult, execute_page, prepare_worker
from outcomes.batch.manifest import MANIFEST, describe_inputs, read_manifest, write_manifest
from outcomes.batch.plan import Task, plan, select
from outcomes.batch.site import publish_site
from outcomes.errors import RunError
from outcomes.parameters import load_parameters
from outcomes.store import Store, open_store

Progress = Callable[[int, int, PageResult], None]


@dataclass(frozen=True)
class RunReport:
    """What a run made: where, how many pages, which failed, how long it took."""

    index: Path
    made: int
    kept: int
    failed: tuple[PageResult, ...]
    seconds: float

    def summary(self) -> str:
        """Return the last lines for the terminal; the very last is the index."""
        pages = f"{self.made} page{'' if self.made == 1 else 's'} made in {self.seconds:.0f} s"
        if self.kept:
            pages += f", {self.kept} kept from the run before"
        lines = [pages]
        if self.failed:
            lines.append(f"{len(self.failed)} could not be made:")
            lines += [f"  {page.name}: {page.error}" for page in self.failed]
        return "\n".join([*lines, str(self.index)])


def run_pages(
    run_file: Path,
    *,
    only: tuple[str, ...] = (),
    localities: tuple[str, ...] = (),
    as_of: str = "",
    workers: int = 1,
    out: Path | None = None,
    progress: Progress = lambda done, of, page: None,
) -> RunReport:
    """Make the pages that a run file asks for and publish them with an index and a manifest.

    Everything that can be checked is checked before the first page. A page that fails is reported
    and does not stop the others. With `only` or `localities` the run's other pages are kept as the
    run before left them.

    Parameters
    ----------
    run_file : Path
        A file in the form of parameters/runs.
    only, localities : tuple of str
        Outcomes and area codes to make; empty for all.
    as_of : str
        A day or a quarter, in place of the run file's: pages show what was known then.
    workers : int
        How many pages are made side by side, each in a process of its own.
    out : Path, optional
        The run's folder; by default outputs/<name of the run file>, with the day of `as_of`.
    progress : callable
        Called after each page with how many are done, how many there are, and the page.

    Raises
    ------
    ParameterError, DataError, RunError
        Before anything is written, if what is asked cannot be done.
    """
    started = time.monotonic()
    parameters = load_parameters()
    request = parameters.run(run_file, as_of=as_of)
    every = plan(parameters, request)
    tasks = select(every, only=only, localities=localities)
    stores = _stores(tasks, parameters)
    name = "-".join(part for part in (run_file.stem, request.as_of) if part)
    out = (out or paths.outputs_folder() / name).resolve()
    earlier = _require_ours(out)
    staging = _new_folder(out.parent / f".{out.name}.{os.getpid()}.partial")
    try:
        kept = _keep(earlier, out, staging, [task for task in every if task not in tasks])
        made = list(_execute(tasks, staging, stores, workers, progress))
        pages = _in_order([*kept, *made], every)
        values = {
            "run": out.name,
            "title": request.title,
            "made": datetime.now(UTC).isoformat(timespec="seconds"),
            "seconds": round(time.monotonic() - started, 1),
            "workers": workers,
            **describe_inputs(request, list({task.notebook for task in every}), [*stores.values()]),
        }
        publish_site(staging, parameters, request, pages)
        write_manifest(staging, values, pages)
        _swap(staging, out)
    finally:
        shutil.rmtree(staging, ignore_errors=True)
    return RunReport(
        index=out / "index.html",
        made=sum(page.right for page in made),
        kept=len(kept),
        failed=tuple(page for page in made if not page.right),
        seconds=time.monotonic() - started,
    )


def _stores(tasks: list[Task], parameters) -> dict[str, Store]:
    """Return the filled store of each locality, as it was known on the day of the run's pages."""
    day = tasks[0].page.day
    names = {task.page.locality: parameters.places.store_of(task.page.locality) for task in tasks}
    opened = {
        name: open_store(name, parameters.store(name).disclosure).require_filled().at(day)
        for name in sorted({*names.values()})
    }
    return {code: opened[name] for code, name in names.items()}


def _require_ours(out: Path) -> dict | None:
    """Return the manifest of the run before, if there is one; refuse a folder that is not ours."""
    earlier = read_manifest(out)
    if earlier is None and out.exists() and (not out.is_dir() or any(out.iterdir())):
        raise RunError(
            f"{paths.shown(out)} holds something that is not a run (there is no {MANIFEST} of one "
            "in it), and a run replaces its folder. Choose another folder with --out."
        )
    return earlier


def _new_folder(path: Path) -> Path:
    try:
        path.mkdir(parents=True)
    except OSError as error:
        raise RunError(
            f"{paths.shown(path.parent)}: no run can be written there ({error.strerror}). "
            "Choose another folder with --out."
        ) from None
    return path


def _keep(earlier: dict | None, out: Path, staging: Path, others: list[Task]) -> list[PageResult]:
    """Copy the right pages of the run before that this run was not asked to make again."""
    before = {page.name: page for page in _pages_of(earlier)}
    kept = []
    for task in others:
        page = before.get(task.name)
        source = out / f"{task.name}.ipynb"
        if page and page.right and page.page == task.page.model_dump() and source.is_file():
            target = staging / f"{task.name}.ipynb"
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(source, target)
            kept.append(page)
    return kept


def _pages_of(earlier: dict | None) -> list[PageResult]:
    """Return the pages of the run before; none if another version of the workbench made it."""
    try:
        return [PageResult(**record) for record in (earlier or {}).get("pages", [])]
    except TypeError:
        return []


def _execute(
    tasks: list[Task], staging: Path, stores: dict, workers: int, progress: Progress
) -> Iterator[PageResult]:
    """Yield each page as it is done. Whatever ends this ends the pages not yet begun as well."""
    with tempfile.TemporaryDirectory(prefix="outcomes-", ignore_cleanup_errors=True) as scratch:
        pool = ProcessPoolExecutor(
            workers,
            mp_context=multiprocessing.get_context("spawn"),
            initializer=prepare_worker,
            initargs=(scratch,),
        )
        try:
            for done, page in enumerate(_results(pool, tasks, staging, stores), start=1):
                progress(done, len(tasks), page)
                yield page
        finally:
            pool.shutdown(cancel_futures=True)


def _results(pool: Executor, tasks, staging: Path, stores: dict) -> Iterator[PageResult]:
    waiting = {
        pool.submit(execute_page, task, staging, stores[task.page.locality].version): task
        for task in tasks
    }
    for future in as_completed(waiting):
        task = waiting[future]
        try:
            yield future.result()
        except BrokenProcessPool:
            yield PageResult(
                name=task.name,
                page=task.page.model_dump(),
                notebook=paths.shown(task.notebook),
                seconds=0.0,
                error="the process that made it was ended from outside",
            )


def _in_order(pages: list[PageResult], tasks: list[Task]) -> list[PageResult]:
    by_name = {page.name: page for page in pages}
    return [by_name[task.name] for task in tasks if task.name in by_name]


def _swap(staging: Path, out: Path) -> None:
    """Put the new folder in the place of the old one."""
    old = out.parent / f".{out.name}.{os.getpid()}.old"
    try:
        if out.exists():
            out.rename(old)
        staging.rename(out)
    except OSError as error:
        if old.exists():
            old.rename(out)
        raise RunError(
            f"{paths.shown(out)} could not be replaced ({error.strerror}) and is as it was. Close "
            "the programs that have one of its files open, and run again."
        ) from None
    shutil.rmtree(old, ignore_errors=True)
