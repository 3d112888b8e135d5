"""Which pages of earlier work are right as they are, and why the others are made again."""

from dataclasses import dataclass, field
from pathlib import Path

from outcomes.batch.execute import PageResult
from outcomes.batch.inputs import NEW, Inputs, why
from outcomes.batch.plan import Task
from outcomes.batch.staging import holds, record_of
from outcomes.errors import listed

FAILED = "it could not be made last time"
FORCED = "asked for by --force"
UNCHANGED = "nothing changed"
KEPT = "not asked for, kept as it is"


@dataclass(frozen=True)
class Before:
    """What earlier work left: the right pages of an interrupted run, and the run before."""

    staged: dict[str, PageResult]
    out: Path
    manifest: dict | None
    complete: dict[str, PageResult] = field(init=False)

    def __post_init__(self):
        pages = map(record_of, (self.manifest or {}).get("pages", []))
        object.__setattr__(self, "complete", {page.name: page for page in pages if page})

    def found(self, task: Task, *, forced: bool) -> list[PageResult]:
        """Return what can stand for a page, the newest first."""
        staged, complete = self.staged.get(task.name), self.complete.get(task.name)
        there = complete and not forced and holds(self.out, complete)
        pages = [page for page in (staged, complete if there else None) if page]
        return [page for page in pages if page.page == task.page.model_dump()]


@dataclass(frozen=True)
class Reuse:
    """The pages that are taken as they are, and the reason of each page that is made."""

    pages: dict[str, PageResult]
    reasons: dict[str, str]

    def lines(self, kept: set[str]) -> list[str]:
        """Return why each page would be made or not, pages of one reason together."""
        groups: dict[str, list[str]] = {}
        for name in self.pages:
            groups.setdefault(KEPT if name in kept else UNCHANGED, []).append(name)
        for name, reason in self.reasons.items():
            groups.setdefault(reason, []).append(name)
        return [_line(reason, names) for reason, names in groups.items()]


def _line(reason: str, names: list[str]) -> str:
    if len(names) == 1 or reason in (UNCHANGED, KEPT):
        return f"{names[0] if len(names) == 1 else f'{len(names)} pages'}: {reason}"
    return f"{len(names)} pages: {reason}: {listed(names, most=3)}"


def reusable(
    every: list[Task], chosen: set[str], before: Before, inputs: Inputs, *, forced: bool
) -> Reuse:
    """Return which pages need not be made.

    A page that was not asked for is kept if it is about the same; one that was is taken if all
    that it was made from is as it was.

    Parameters
    ----------
    every : list of Task
        All pages of the run.
    chosen : set of str
        Names of those that were asked for.
    forced : bool
        Make all that was asked for, but for what the interrupted run has made already.
    """
    pages, reasons = {}, {}
    for task in every:
        if task.name not in chosen:
            for page in before.found(task, forced=False)[:1]:
                pages[task.name] = page
            continue
        changes = [
            (why(page.inputs, inputs.now(task, page.inputs)), page)
            for page in before.found(task, forced=forced)
        ]
        unchanged = [page for change, page in changes if not change]
        if unchanged:
            pages[task.name] = unchanged[0]
        else:
            changed = changes[-1][0] if changes else ""
            reasons[task.name] = FORCED if forced else changed or _absent(before, task)
    return Reuse(pages, reasons)


def _absent(before: Before, task: Task) -> str:
    page = before.complete.get(task.name)
    if page is None or page.page != task.page.model_dump():
        return NEW
    return "its files are gone" if page.right else FAILED
