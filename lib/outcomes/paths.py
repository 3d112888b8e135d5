"""Where the project's folders are: the only module that knows a path. Silent on import."""

import os
from pathlib import Path

from outcomes.errors import ParameterError

MARKER = Path("parameters") / "places.yml"


def home() -> Path:
    """Return the project folder: the one that holds parameters/places.yml.

    It is the folder named by the environment variable OUTCOMES_HOME if that is set; otherwise the
    nearest one at or above the working directory.

    Raises
    ------
    ParameterError
        If there is no such folder.
    """
    named = os.environ.get("OUTCOMES_HOME")
    candidates = [Path(named).resolve()] if named else [Path.cwd(), *Path.cwd().parents]
    for folder in candidates:
        if (folder / MARKER).is_file():
            return folder
    where = f"OUTCOMES_HOME is {named}" if named else f"the working directory is {Path.cwd()}"
    raise ParameterError(
        f"no project folder found: {where}; expected a folder with {MARKER.as_posix()} in it. "
        "Change to the project's folder, or set OUTCOMES_HOME to it."
    )


def parameters_folder() -> Path:
    """Return the folder of what is asked: frameworks, indicators, places, comparators, runs."""
    return home() / "parameters"


def code_folder() -> Path:
    """Return the folder of the code that is running: this package's own."""
    return Path(__file__).resolve().parent


def notebooks_folder() -> Path:
    """Return the folder of the notebooks."""
    return home() / "notebooks"


def store_folder(store: str) -> Path:
    """Return the folder of one store, which may not exist yet."""
    return home() / "data" / "store" / store


def kept_folder(store: str) -> Path:
    """Return the folder of results made from one store's figures, which may not exist yet."""
    return home() / "data" / "cache" / store


def ballots_file() -> Path:
    """Return the file of the ballots that are cast, which may not exist yet."""
    return home() / "data" / "ballots.sqlite"


def outputs_folder() -> Path:
    """Return the folder that runs are written to."""
    return home() / "outputs"


def shown(path: Path) -> str:
    """Return a path as a reader knows it: relative to the project where it lies inside."""
    try:
        return path.resolve().relative_to(home()).as_posix()
    except (ValueError, ParameterError):
        return str(path)
