"""What a person asked of a run, as it is remembered while the run goes on."""

import shlex
from dataclasses import dataclass
from pathlib import Path

from outcomes import paths
from outcomes.batch.staging import interrupted
from outcomes.errors import RunError, listed


@dataclass(frozen=True)
class Choices:
    """A run file and the choices beside it: which pages, of which day, where to, all or changed."""

    run_file: Path
    only: tuple[str, ...] = ()
    localities: tuple[str, ...] = ()
    as_of: str = ""
    out: Path | None = None
    force: bool = False

    def folder(self, day: str) -> Path:
        """Return the run's folder, given the day of its pages or ''."""
        name = "-".join(part for part in (self.run_file.stem, day) if part)
        return (self.out or paths.outputs_folder() / name).resolve()

    def as_dict(self) -> dict:
        """Return the choices for the journal."""
        return {
            "run_file": paths.shown(self.run_file),
            "only": self.only,
            "localities": self.localities,
            "as_of": self.as_of,
            "out": paths.shown(self.out) if self.out else "",
            "force": self.force,
        }

    def command(self) -> str:
        """Return the command that carries an interrupted run on."""
        where = ["--out", paths.shown(self.out)] if self.out else []
        return shlex.join(["outcomes", "run", paths.shown(self.run_file), "--resume", *where])


def carry_on(choices: Choices) -> Choices:
    """Return the choices with which an interrupted run was started.

    Parameters
    ----------
    choices : Choices
        The run file, or None for the one interrupted run there is, and `out` if it was given.

    Raises
    ------
    RunError
        If no such run was interrupted, or if it is not clear which.
    """
    folder = choices.out.resolve().parent if choices.out else paths.outputs_folder()
    found = interrupted(folder)
    if choices.out:
        found = {out: journal for out, journal in found.items() if out == choices.out.resolve()}
    if choices.run_file:
        name = paths.shown(choices.run_file)
        found = {out: journal for out, journal in found.items() if journal["run_file"] == name}
    if len(found) == 1:
        (journal,) = found.values()
        return _from_journal(journal)
    if found:
        which = listed(paths.shown(out) for out in found)
        raise RunError(f"{len(found)} runs were interrupted: {which}. Name one with --out.")
    of = f" of {paths.shown(choices.run_file)}" if choices.run_file else ""
    raise RunError(f"no run{of} was interrupted: there is nothing to carry on. Leave out --resume.")


def _from_journal(journal: dict) -> Choices:
    return Choices(
        paths.home() / journal["run_file"],
        tuple(journal["only"]),
        tuple(journal["localities"]),
        journal["as_of"],
        paths.home() / journal["out"] if journal["out"] else None,
        journal["force"],
    )
