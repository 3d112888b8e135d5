"""Sends pages to the workers of a Dask cluster, after a look whether they would make the same."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from functools import partial

from outcomes import paths
from outcomes.batch.execute import Job, Made, make_page, not_made
from outcomes.batch.manifest import describe_inputs
from outcomes.errors import OutcomesError, RunError, listed
from outcomes.model import RunRequest
from outcomes.parameters import load_parameters
from outcomes.store import open_store

PATIENCE = 10
"""Seconds in which a scheduler must answer."""
KINDS = {"versions": "the package {}", "code": "the code {}", "data": "the store {}"}
"""How a thing is named by which a worker differs; parameters and notebooks by their file."""


@dataclass(frozen=True)
class Needed:
    """What the pages of a run are made from, by names that hold on any machine."""

    request: RunRequest
    notebooks: tuple[str, ...]
    stores: dict[str, date | None]

    def marks(self) -> dict[str, str]:
        """Return the mark of each thing as it is on this machine, by its name."""
        parameters = load_parameters()
        stores = [
            open_store(name, parameters.store(name).disclosure).at(day)
            for name, day in self.stores.items()
        ]
        notebooks = [paths.home() / name for name in self.notebooks]
        found = describe_inputs(
            self.request, [path for path in notebooks if path.is_file()], stores
        )
        found["data"] = {name: about["version"] for name, about in found["data"].items()}
        return {
            KINDS.get(kind, "{}").format(name): mark
            for kind in ("versions", "code", "parameters", "notebooks", "data")
            for name, mark in found[kind].items()
        }


def connect(address: str, needed: Needed) -> Callable[[list[Job]], Iterator[Made]]:
    """Return what makes pages on a cluster whose workers have the same code, project and figures.

    A worker that is lost loses no page: the scheduler gives its pages to the others.

    Parameters
    ----------
    address : str
        Of the scheduler, such as tcp://host:8786.
    needed : Needed
        What every worker must have as it is here.

    Raises
    ------
    RunError
        If Dask is not installed, the scheduler does not answer, it has no worker, or a worker
        differs: then its address and what differs is told.
    """
    with _client(address) as client:
        _require_same(client, address, needed)
    return partial(_make, address)


def _make(address: str, jobs: list[Job]) -> Iterator[Made]:
    from distributed import as_completed

    with _client(address) as client:
        tasks = {client.submit(make_page, job, pure=False, retries=2): job.task for job in jobs}
        for future in as_completed(tasks, loop=client.loop):
            task = tasks.pop(future)
            if future.status == "finished":
                yield future.result()
            elif future.status == "error":
                failure = future.exception()
                yield not_made(task, f"{type(failure).__name__}: {failure}")
            else:
                raise RunError(
                    f"the Dask scheduler at {address} answers no more. The pages that were made "
                    "are kept: carry on with --resume"
                )


@contextmanager
def _client(address: str) -> Iterator:
    try:
        from distributed import Client
    except ImportError:
        raise RunError(
            "--dask needs Dask, which is not installed here: pip install 'outcomes[dask]'"
        ) from None
    try:
        client = Client(address, timeout=PATIENCE, set_as_default=False)
    except (OSError, ValueError, TimeoutError):
        raise RunError(
            f"no Dask scheduler answers at {address} within {PATIENCE} s; expected an address "
            "such as tcp://host:8786, which the scheduler says when it starts"
        ) from None
    with client:
        yield client


def _require_same(client, address: str, needed: Needed) -> None:
    found = client.run(_marks_or_reason, needed, on_error="return")
    if not found:
        raise RunError(
            f"the Dask scheduler at {address} has no worker; start one: dask worker {address}"
        )
    here = needed.marks()
    for worker, there in found.items():
        if not isinstance(there, dict):
            raise RunError(f"the Dask worker {worker} cannot make pages: {there}")
        names = [*here, *(name for name in there if name not in here)]
        differing = [name for name in names if here.get(name) != there.get(name)]
        if differing:
            raise RunError(
                f"the Dask worker {worker} differs from this machine in "
                f"{listed(differing, most=3)}. Give it the same, so that its pages are the same."
            )


def _marks_or_reason(needed: Needed) -> dict[str, str] | str:
    """Return a worker's marks, or why it has none: our errors need not be known elsewhere."""
    try:
        return needed.marks()
    except OutcomesError as error:
        return str(error)
