"""What a page read, noted as it goes: from it a run knows when the page would come out otherwise.

A name says what was read, such as `indicator:median_pay`; the run turns it into a mark of what it
is now, and a page whose marks are all as before is not made again.
"""

import sys
from pathlib import Path

OWN = ("parameters", "data/store", "data/cache", "data/forecasts", "outputs", "lib", ".venv")
"""Folders of a project whose files are noted by what they mean, or are no input."""

_noted: dict[str, None] = {}
_watched: list[Path] = []


def note(kind: str, *parts: object) -> None:
    """Note that something was read, whether or not it was there."""
    _noted[":".join([kind, *(str(part) for part in parts)])] = None


def noted() -> list[str]:
    """Return the names of everything that this process has read so far, in order."""
    return sorted(_noted)


def watch_files(home: Path) -> None:
    """Note from now on every other file of a project that is opened, such as a council's own CSV.

    Files that are opened by compiled code, such as Parquet files, are not seen.
    """
    if not _watched:
        sys.addaudithook(_seen)
    _watched[:] = [home.resolve()]


def _seen(event: str, arguments: tuple) -> None:
    if event != "open" or not isinstance(arguments[0], str):
        return
    try:
        inside = Path(arguments[0]).absolute().relative_to(_watched[0]).as_posix()
    except (ValueError, OSError):
        return
    written = isinstance(arguments[1], str) and set(arguments[1]) & set("wax+")
    if not written and not inside.startswith(OWN) and not inside.endswith((".pyc", ".ipynb")):
        note("file", inside)
