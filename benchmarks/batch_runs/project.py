"""Copies of a project in which runs are made, so that nothing of the user's own is touched."""

import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pandas as pd
import yaml

BIN = Path(sys.executable).parent
PARTS = ("parameters", "notebooks", "data")
LEFT_OUT = shutil.ignore_patterns("cache", "raw", "explore", "__pycache__", ".ipynb*")
LEVELS = {"ctry": "nation", "rgn": "region", "utla": "county"}
"""Our word for what a district lies in, by the store's; what is not here is left out."""
DISTRICTS = ("E0", "X0")
"""How codes of English districts begin, and those of the fictional county."""


@dataclass(frozen=True)
class Project:
    """A copy of a project, in its folder."""

    home: Path

    @property
    def out(self) -> Path:
        """Where the pages go."""
        return self.home / "outputs" / "bench"

    def environment(self) -> dict[str, str]:
        """Return the environment for commands: this project, and one thread a process.

        One thread for every way alike: it is what `outcomes run` gives its own workers, and several
        threads in each of several kernels only slow each other.
        """
        return os.environ | {
            "PATH": f"{BIN}{os.pathsep}{os.environ['PATH']}",
            "OUTCOMES_HOME": str(self.home),
            "IPYTHONDIR": str(self.home / ".ipython"),
            "JUPYTER_RUNTIME_DIR": str(self.home / ".runtime"),
            "OMP_NUM_THREADS": "1",
            "OPENBLAS_NUM_THREADS": "1",
            "PYDEVD_DISABLE_FILE_VALIDATION": "1",
        }

    def twin(self, name: str) -> "Project":
        """Return another copy beside this one, without what was made or cached."""
        return _copied(self.home, self.home.with_name(name))

    def share_cache(self, other: "Project") -> None:
        """Give another copy what was cached here, if anything was."""
        cache = self.home / "data" / "cache"
        if cache.is_dir():
            shutil.copytree(cache, other.home / "data" / "cache")

    def places(self) -> dict:
        """Return parameters/places.yml."""
        return yaml.safe_load((self.home / "parameters" / "places.yml").read_text("utf-8"))

    def write(self, name: str, content: dict) -> Path:
        """Write a file into parameters/ and return it."""
        path = self.home / "parameters" / f"{name}.yml"
        path.write_text(yaml.safe_dump(content, sort_keys=False, allow_unicode=True), "utf-8")
        return path


def copy(source: Path, home: Path) -> Project:
    """Return a copy of a project, its sample store built; SystemExit if it is none."""
    for part in PARTS:
        if not (source / part).is_dir():
            raise SystemExit(f"{source} is no project: it has no folder {part!r}. Name one: --home")
    project = _copied(source, home)
    build = [str(BIN / "outcomes"), "data", "build", "sample"]
    subprocess.run(build, env=project.environment(), stdout=subprocess.DEVNULL, check=True)
    return project


def _copied(source: Path, home: Path) -> Project:
    for part in PARTS:
        shutil.copytree(source / part, home / part, ignore=LEFT_OUT)
    return Project(home)


def store_of(project: Project, code: str) -> str:
    """Return the store that has a place's figures; SystemExit if there is no such place."""
    for tree in project.places()["trees"].values():
        if code in {place["code"] for place in tree["places"]}:
            return tree["store"]
    raise SystemExit(f"no place in parameters/places.yml has the code {code!r}")


def add_districts(project: Project, store: str, count: int) -> list[str]:
    """Put a store's districts, and what they lie in, among the places; return their codes.

    Districts are what the store calls 'ltla' and has not ended; `count` of them, or all there are,
    are taken evenly in the order of their codes. The project's parameters/places.yml is rewritten.
    """
    areas = _areas(project, store)
    kind = areas["levels"].str.split().map(lambda words: "ltla" in words)
    there = areas.index.str.startswith(DISTRICTS) & areas["end"].isna()
    districts = sorted(areas.index[kind & there])
    count = min(count, len(districts))
    chosen = [districts[number * len(districts) // count] for number in range(count)]
    places = project.places()
    tree = next(tree for tree in places["trees"].values() if tree["store"] == store)
    known = {place["code"]: place for place in tree["places"]}
    for code in chosen:
        for place in _chain(areas, code):
            known.setdefault(place["code"], place)
    tree["places"] = list(known.values())
    project.write("places", places)
    return chosen


def _areas(project: Project, store: str) -> pd.DataFrame:
    """Return the areas of a store, as the package reads it in that project."""
    os.environ["OUTCOMES_HOME"] = str(project.home)
    from outcomes.parameters import load_parameters
    from outcomes.store import open_store

    return open_store(store, load_parameters().store(store).disclosure).require_filled().areas()


def _chain(areas: pd.DataFrame, code: str) -> list[dict]:
    """Return a district and what it lies in up to its nation, each with its parent."""
    found = [{"code": code, "name": areas.loc[code, "area_name"], "level": "district"}]
    for parent in areas.loc[code, "parents"].split():
        words = areas.loc[parent, "levels"].split() if parent in areas.index else []
        level = next((LEVELS[word] for word in words if word in LEVELS), "")
        if level and found[-1]["level"] != "nation":
            found[-1]["parent"] = parent
            name = areas.loc[parent, "area_name"]
            found.append({"code": parent, "name": name, "level": level})
    return found
