"""Results that pages share, worked out once and kept on disk by what they were made from.

A result is found again by a hash of the figures, the definitions and the code behind it, so it is
never out of date: what it was made from changed, and it has another name.
"""

import hashlib
import os
import pickle
import platform
from collections.abc import Callable
from contextlib import suppress
from importlib.metadata import version
from pathlib import Path
from typing import TypeVar
from uuid import uuid4

from filelock import FileLock, Timeout

from outcomes import paths

Result = TypeVar("Result")

ROOMS = ("baseline", "evidence", "model", "statistics", "store")
"""The parts of the package that a kept result can depend on."""
PACKAGES = ("numpy", "pandas", "scipy", "statsmodels", "pyarrow")
LARGEST = 2 * 1024**3
"""Bytes of one store's kept results, above which those not read for longest are removed."""
PATIENCE = 300
"""Seconds to wait for another process that works out the same; then it is worked out twice."""


def code_mark() -> str:
    """Return a hash of the code and the packages from which results are made."""
    marks = hashlib.sha256(repr([platform.python_version(), *map(version, PACKAGES)]).encode())
    for room in ROOMS:
        for path in sorted((paths.code_folder() / room).rglob("*.py")):
            marks.update(path.name.encode())
            marks.update(path.read_bytes())
    return marks.hexdigest()


# Of the code as it is when it is imported: a file that is edited later is not what runs.
CODE = code_mark()


class Kept:
    """Gives the results of one store's figures, worked out or found.

    Parameters
    ----------
    folder : Path, optional
        Where they are kept; without one, nothing is and everything is worked out.
    made_from : object, optional
        All that they are made from, beside the code; its `repr` says everything.
    """

    def __init__(self, folder: Path | None = None, made_from: object = ()) -> None:
        self.folder, self.made_from = folder, made_from

    def __call__(self, name: str, key: object, make: Callable[[], Result]) -> Result:
        """Return a result, worked out by `make` if it is not there.

        Parameters
        ----------
        name : str
            What it is.
        key : object
            What it depends on beyond `made_from`; its `repr` says everything.
        make : callable
            Two processes that need it at one time work it out once.
        """
        if self.folder is None:
            return make()
        said = repr((CODE, self.made_from, name, key)).encode()
        path = self.folder / f"{name}-{hashlib.sha256(said).hexdigest()[:32]}.pickle"
        found, result = _read(path)
        if found:
            return result
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            with FileLock(path.with_suffix(".lock"), timeout=PATIENCE) as lock:
                found, result = _read(path)
                if not found:
                    result = make()
                    _write(path, result)
                Path(lock.lock_file).unlink(missing_ok=True)
            return result
        except (Timeout, OSError):
            return make()


def _read(path: Path) -> tuple[bool, object]:
    """Return whether a result is there, and the result; one that cannot be read is not there."""
    try:
        content = path.read_bytes()
        with suppress(OSError):
            os.utime(path)
        return True, pickle.loads(content)
    except Exception:
        return False, None


def _write(path: Path, result: object) -> None:
    """Write a result whole or not at all; a disk without room loses nothing but time."""
    partial = path.with_name(f".{uuid4().hex}.partial")
    try:
        partial.write_bytes(pickle.dumps(result, protocol=5))
        partial.replace(path)
        _make_room(path.parent)
    except OSError:
        with suppress(OSError):
            partial.unlink(missing_ok=True)


def _make_room(folder: Path) -> None:
    """Remove the results that were not read for longest where all take too much room."""
    with os.scandir(folder) as entries:
        files = [(entry.stat(), entry.path) for entry in entries if entry.name.endswith(".pickle")]
    room = LARGEST - sum(stat.st_size for stat, _ in files)
    for stat, path in sorted(files, key=lambda file: file[0].st_mtime):
        if room >= 0:
            return
        Path(path).unlink(missing_ok=True)
        room += stat.st_size
