"""What a run is to do, all of it checked before anything is written."""

import time
from dataclasses import replace
from functools import cached_property
from pathlib import Path

from outcomes import paths
from outcomes.batch.choices import Choices
from outcomes.batch.execute import Job, Limits, PageResult
from outcomes.batch.inputs import Inputs
from outcomes.batch.manifest import MANIFEST, describe_inputs, read_manifest
from outcomes.batch.plan import Task, plan, select
from outcomes.batch.reuse import Before, Reuse, reusable
from outcomes.batch.staging import ELSEWHERE
from outcomes.errors import RunError
from outcomes.parameters import load_parameters
from outcomes.store import Store, open_store


class Work:
    """What is to be done, all of it checked before anything is written."""

    def __init__(self, choices: Choices):
        self.started = time.monotonic()
        self.choices = choices
        self.parameters = load_parameters()
        self.request = self.parameters.run(choices.run_file, as_of=choices.as_of)
        self.every = plan(self.parameters, self.request)
        self.tasks = select(self.every, only=choices.only, localities=choices.localities)
        self.stores = _stores(self.tasks, self.parameters)
        self.out = choices.folder(self.request.as_of)
        _require_ours(self.out)

    @cached_property
    def others(self) -> set[str]:
        """Names of the run's pages that were not asked for."""
        return {task.name for task in self.every} - {task.name for task in self.tasks}

    @cached_property
    def inputs(self) -> Inputs:
        """The marks of all that pages are made from, as they are now."""
        return Inputs(self.parameters, self.stores)

    @cached_property
    def versions(self) -> dict[str, str]:
        """The version of each store by its name: costly to ask for, so asked once."""
        return {store.name: store.version for store in self.stores.values()}

    @cached_property
    def description(self) -> dict:
        """Everything that the run is made from, for the manifest."""
        notebooks = list({task.notebook for task in self.every})
        stores = {store.name: store for store in self.stores.values()}
        return describe_inputs(self.request, notebooks, [*stores.values()])

    def reuse(self, staged: dict[str, PageResult], manifest: dict | None) -> Reuse:
        """Return what need not be made, given an interrupted run's pages and the run before."""
        before = Before(staged, self.out, manifest)
        chosen = {task.name for task in self.tasks}
        return reusable(self.every, chosen, before, self.inputs, forced=self.choices.force)

    def job(self, task: Task, limits: Limits) -> Job:
        """Return the job of a page, by names that hold in any process and on any machine."""
        version = self.versions[self.stores[task.page.locality].name]
        return Job(replace(task, notebook=Path(paths.shown(task.notebook))), version, limits)


def _stores(tasks: list[Task], parameters) -> dict[str, Store]:
    """Return the filled store of each locality, as it was known on the day of the run's pages."""
    day = tasks[0].page.day
    names = {task.page.locality: parameters.places.store_of(task.page.locality) for task in tasks}
    opened = {
        name: open_store(name, parameters.store(name).disclosure).require_filled().at(day)
        for name in sorted({*names.values()})
    }
    return {code: opened[name] for code, name in names.items()}


def _require_ours(out: Path) -> None:
    """Refuse a folder that is not a run's."""
    if out.is_dir() and not any(out.iterdir()):
        return
    if out.exists() and read_manifest(out) is None:
        raise RunError(
            f"{paths.shown(out)} holds something that is not a run (there is no {MANIFEST} of one "
            f"in it), and a run replaces its folder. {ELSEWHERE}"
        )
