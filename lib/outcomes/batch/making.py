"""A run on its way: what is taken as it is, what is made, and how it is published."""

import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

from outcomes.batch.execute import Job, Limits, Made, PageResult
from outcomes.batch.manifest import read_manifest, write_manifest
from outcomes.batch.plan import Task
from outcomes.batch.reuse import Reuse
from outcomes.batch.staging import Staging
from outcomes.batch.work import Work
from outcomes.model import OVERVIEW
from outcomes.model.evidence import EVIDENCE
from outcomes.model.framework import SERVICES

Shown = Callable[[int, int, PageResult], None]
Maker = Callable[[list[Job]], Iterator[Made]]


@dataclass(frozen=True)
class RunReport:
    """What a run made: where, how many pages, which failed, how long it took."""

    index: Path
    made: int
    kept: int
    failed: tuple[PageResult, ...]
    seconds: float
    reused: int = 0
    carried_on: int = 0
    beside: str = ""

    def summary(self) -> str:
        """Return the last lines for the terminal; the very last is the index."""
        parts = [f"{pages_in_words(self.made)} made in {self.seconds:.0f} s"]
        if self.reused:
            parts.append(f"{self.reused} unchanged and not made again")
        if self.kept:
            parts.append(f"{self.kept} kept from the run before")
        lines = [", ".join(parts)]
        if self.carried_on:
            lines.append(f"{pages_in_words(self.carried_on)} of these had the interrupted run made")
        if self.failed:
            lines.append(f"{len(self.failed)} could not be made:")
            lines += [f"  {page.name}: {page.error}" for page in self.failed]
        return "\n".join([*lines, *filter(None, [self.beside]), str(self.index)])


class Making:
    """A run on its way: what is taken, what is made, and the folder it is put together in."""

    def __init__(self, work: Work, staging: Staging, *, resume: bool, workers: int):
        self.work, self.staging, self.workers = work, staging, workers
        if work.choices.force and not resume:
            staging.clear()
        self.earlier = read_manifest(work.out)
        self.staged = staging.pages()
        self.reuse = work.reuse(self.staged, self.earlier)
        self.made: list[PageResult] = []

    @property
    def right(self) -> int:
        """How many of the pages that were asked for are there by now."""
        return sum(page.right for page in self.made) + len(self.reuse.pages.keys() - self.kept)

    @property
    def kept(self) -> set[str]:
        """Names of the pages that were not asked for and stay as they are."""
        return self.work.others & self.reuse.pages.keys()

    def make(self, make: Maker, limits: Limits, progress: Shown) -> list[PageResult]:
        """Make what is to be made; return all pages in order."""
        began = datetime.now(UTC).isoformat(timespec="seconds")
        self.staging.begin({**self.work.choices.as_dict(), "began": began})
        tasks = {task.name: task for task in self.work.every}
        jobs = [self.work.job(tasks[name], limits) for name in _in_turn(self.reuse, tasks)]
        for done, made in enumerate(make(jobs) if jobs else (), start=1):
            task = tasks[made.page.name]
            page = replace(made.page, inputs=self.work.inputs.now(task, made.page.inputs))
            self.staging.add(replace(made, page=page))
            self.made.append(page)
            progress(done, len(jobs), page)
        pages = self.reuse.pages | {page.name: page for page in self.made}
        return [pages[name] for name in tasks if name in pages]

    def finish(self, pages: list[PageResult]) -> RunReport:
        """Publish the pages and put them in the place of the run before."""
        manifest = {
            "run": self.work.out.name,
            "title": self.work.request.title,
            "made": datetime.now(UTC).isoformat(timespec="seconds"),
            "seconds": round(time.monotonic() - self.work.started, 1),
            "workers": self.workers,
            **self.work.description,
        }
        if self._nothing_changed(pages):
            write_manifest(self.staging.site, manifest, pages)
            self.staging.replace_manifest()
        else:
            self._publish(manifest, pages)
        now = manifest | {"pages": [page.as_dict() for page in pages]}
        beside = _history(now, self.earlier, self.work.out.parent)
        return RunReport(
            index=self.work.out / "index.html",
            made=sum(page.right for page in self.made),
            kept=len(self.kept),
            failed=tuple(page for page in self.made if not page.right),
            seconds=time.monotonic() - self.work.started,
            reused=len(self.reuse.pages) - len(self.kept),
            carried_on=sum(self.staged.get(n) is page for n, page in self.reuse.pages.items()),
            beside=beside,
        )

    def _publish(self, manifest: dict, pages: list[PageResult]) -> None:
        from outcomes.batch.site import publish_site

        for name, page in self.reuse.pages.items():
            if self.staged.get(name) is not page:
                self.staging.take(page)
        self.staging.leave_only(pages)
        publish_site(self.staging.site, self.work.parameters, self.work.request, pages)
        write_manifest(self.staging.site, manifest, pages)
        self.staging.swap()

    def _nothing_changed(self, pages: list[PageResult]) -> bool:
        """Whether the run before is right to the last byte, but for when it was made."""
        before, now = self.earlier or {}, self.work.description
        same = before.get("pages") == [page.as_dict() for page in pages]
        index = self.work.out / "index.html"
        return same and index.is_file() and all(before.get(key) == now[key] for key in now)


def _history(now: dict, earlier: dict | None, outputs: Path) -> str:
    """Remember the run, and return how it compares with the one before."""
    from outcomes.batch.history import compared, remember

    with suppress(OSError):
        remember(now, outputs)
    return compared(now, earlier)


def _in_turn(reuse: Reuse, tasks: dict[str, Task]) -> list[str]:
    """Return the pages to make, in the order that helps the results which pages share.

    First a page of each outcome, so that workers side by side begin on different results; then
    the rest outcome by outcome; last the pages that need the results of all outcomes.
    """
    order = {outcome: n for n, outcome in enumerate({t.page.outcome: 0 for t in tasks.values()})}
    seen: set[str] = set()
    keyed = []
    for name in reuse.reasons:
        outcome = tasks[name].page.outcome
        last = outcome in (OVERVIEW, EVIDENCE, SERVICES)
        keyed.append(((last, outcome in seen, order[outcome]), name))
        seen.add(outcome)
    return [name for _, name in sorted(keyed, key=lambda pair: pair[0])]


def pages_in_words(number: int) -> str:
    """Return a count of pages in words."""
    return f"{number} page{'' if number == 1 else 's'}"
