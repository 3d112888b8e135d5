"""What a run was made from: parameters, versions, hashes of data, notebooks and code."""

import hashlib
import json
import platform
from importlib.metadata import version
from pathlib import Path

from outcomes import paths
from outcomes.batch.execute import PageResult
from outcomes.model import RunRequest
from outcomes.store import Store

MANIFEST = "manifest.json"
PACKAGES = (
    "outcomes",
    "papermill",
    "nbclient",
    "nbconvert",
    "ipykernel",
    "pandas",
    "numpy",
    "pyarrow",
    "matplotlib",
    "pydantic",
)
"""Packages whose version can move a figure or a page."""
CODE = (".py", ".j2", ".css")
"""Files of the package that can move a figure or a page."""


def hash_of(path: Path) -> str:
    """Return the SHA-256 of a file."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


def versions() -> dict[str, str]:
    """Return the versions of what can move a figure or a page."""
    return {"python": platform.python_version()} | {name: version(name) for name in PACKAGES}


def describe_inputs(request: RunRequest, notebooks: list[Path], stores: list[Store]) -> dict:
    """Return everything a run is made from, the same for the same inputs."""
    asked = sorted(paths.parameters_folder().rglob("*.yml"))
    return {
        "request": request.model_dump(mode="json"),
        "versions": versions(),
        "notebooks": {paths.shown(path): hash_of(path) for path in sorted(notebooks)},
        "parameters": {paths.shown(path): hash_of(path) for path in asked},
        "code": _code(),
        "data": {
            store.name: {"version": store.version, "sources": store.catalogue} for store in stores
        },
    }


def _code() -> dict[str, str]:
    """Return the hash of each file of the package that is running, by its name in the package."""
    folder = paths.code_folder()
    files = (path for path in sorted(folder.rglob("*")) if path.suffix in CODE)
    return {path.relative_to(folder.parent).as_posix(): hash_of(path) for path in files}


def read_manifest(folder: Path) -> dict | None:
    """Return the manifest of an earlier run in a folder, or None if there is none to read.

    Other programs have a file of that name too: only one with a run's own keys is a run's.
    """
    try:
        found = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    ours = isinstance(found, dict) and {"run", "request", "pages"} <= set(found)
    return found if ours else None


def write_manifest(folder: Path, values: dict, pages: list[PageResult]) -> None:
    """Write the manifest of a run into its folder."""
    record = {**values, "pages": [page.as_dict() for page in pages]}
    text = json.dumps(record, indent=1, ensure_ascii=False, allow_nan=False)
    (folder / MANIFEST).write_text(text + "\n", encoding="utf-8")
