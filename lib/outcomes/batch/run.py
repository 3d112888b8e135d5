"""One run from its file to a finished folder; the old folder stays until the new one is whole."""

import errno
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from outcomes import paths
from outcomes.batch.choices import Choices, carry_on
from outcomes.batch.execute import Limits
from outcomes.batch.making import Maker, Making, RunReport, Shown, pages_in_words
from outcomes.batch.manifest import read_manifest
from outcomes.batch.staging import Staging
from outcomes.batch.work import Work
from outcomes.errors import RunError

NO_MORE_THAN = Limits()
FULL = {errno.ENOSPC: "the disk is full", errno.EDQUOT: "your share of the disk is used up"}


class Stopped(RunError):
    """A run that was stopped on its way and can be carried on; 130 is the code after Ctrl-C."""

    def __init__(self, message: str, exit_code: int):
        super().__init__(message)
        self.exit_code = exit_code


def run_pages(
    run_file: Path | None,
    *,
    only: tuple[str, ...] = (),
    localities: tuple[str, ...] = (),
    as_of: str = "",
    out: Path | None = None,
    force: bool = False,
    resume: bool = False,
    workers: int = 1,
    limits: Limits = NO_MORE_THAN,
    cluster: str = "",
    progress: Shown = lambda done, of, page: None,
) -> RunReport:
    """Make the pages that a run file asks for and publish them with an index and a manifest.

    Everything that can be checked is checked before the first page. A page that fails is reported
    and does not stop the others. A page of the run before, or of an interrupted run, whose inputs
    are all as they were is taken as it is. With `only` or `localities` the run's other pages are
    kept as the run before left them.

    Parameters
    ----------
    run_file : Path, optional
        A file in the form of parameters/runs. With `resume` it may be left out.
    only, localities : tuple of str
        Outcomes and area codes to make; empty for all.
    as_of : str
        A day or a quarter, in place of the run file's: pages show what was known then.
    out : Path, optional
        The run's folder; by default outputs/<name of the run file>, with the day of `as_of`.
    force : bool
        Make every page that is asked for, changed or not.
    resume : bool
        Carry on an interrupted run with what it was asked, in place of the choices above.
    workers : int
        How many pages are made side by side, each in a process of its own.
    limits : Limits
        What one page may take.
    cluster : str
        The address of a Dask scheduler whose workers make the pages instead of this machine's.
    progress : callable
        Called after each page with how many are done, how many there are, and the page.

    Raises
    ------
    ParameterError, DataError, RunError
        Before anything is written, if what is asked cannot be done.
    Stopped
        After Ctrl-C or if the disk is full; what was made is there to be carried on.
    """
    choices = Choices(run_file, only, localities, as_of, out, force)
    work = Work(carry_on(choices) if resume else choices)
    make = _maker(work, workers, cluster)
    with Staging(work.out) as staging:
        making = Making(work, staging, resume=resume, workers=workers)
        with _told_how_to_go_on(making):
            return making.finish(making.make(make, limits, progress))


def explain_pages(run_file: Path, **choices: object) -> list[str]:
    """Return why each page would be made or not, pages of one reason together; make nothing.

    Takes the choices of `run_pages`: only, localities, as_of, out, force.
    """
    work = Work(Choices(run_file, **choices))
    staged = {} if work.choices.force else Staging(work.out).pages()
    return work.reuse(staged, read_manifest(work.out)).lines(work.others)


def _maker(work: Work, workers: int, cluster: str) -> Maker:
    """Return what makes pages, here or on a cluster that was found to be fit for it."""
    if cluster:
        from outcomes.batch.cluster import Needed, connect

        days = {store.name: store.as_of for store in work.stores.values()}
        return connect(cluster, Needed(work.request, (*work.description["notebooks"],), days))
    from outcomes.batch.pool import make_locally

    return lambda jobs: make_locally(jobs, workers)


@contextmanager
def _told_how_to_go_on(making: Making) -> Iterator[None]:
    try:
        yield
    except KeyboardInterrupt:
        raise Stopped(_how_to_go_on(making, "stopped"), 130) from None
    except OSError as error:
        if error.errno not in FULL:
            raise
        reason = f"stopped: {FULL[error.errno]} ({paths.shown(making.work.out.parent)})"
        raise Stopped(_how_to_go_on(making, reason), 12) from None


def _how_to_go_on(making: Making, reason: str) -> str:
    of = len(making.work.tasks)
    return (
        f"{reason}: {making.right} of {pages_in_words(of)} are done; carry on with: "
        f"{making.work.choices.command()}"
    )
