"""Several processes and one store: a killed add harms nothing, and no add undoes another's."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from filelock import FileLock

from outcomes.sources import add
from outcomes.store import Store
from outcomes.store.store import LOCK

CRIME = "els/recorded-crime/Recorded crime"

ADD = """
import os, signal, sys, time
from pathlib import Path
from outcomes.sources import add
from outcomes.store import Store
from outcomes.store import store as module

def die():
    os.kill(os.getpid(), signal.SIGKILL)

{before}
source, path, folder = sys.argv[1:]
added = add(source, Path(path), Store("mine", Path(folder), "how"))
print(added.changed)
"""

ON_THE_THIRD_TABLE = """
write, begun = module._write, []
def write_or_die(table, path):
    begun.append(path)
    if len(begun) == 3:
        path.write_bytes(b"PAR1 and no more")
        die()
    write(table, path)
module._write = write_or_die
"""

BEFORE_THE_CATALOGUE = "Store._replace_catalogue = lambda self, sources: die()"

IN_THE_CATALOGUE = """
replace = Path.replace
Path.replace = lambda self, target: die() if "catalogue" in self.name else replace(self, target)
"""

BEFORE_THE_SWEEP = "Store._sweep = lambda self, kept: die()"

SLOW_TO_SWAP = """
replace_catalogue = Store._replace_catalogue
def slowly(self, sources):
    time.sleep(1)
    replace_catalogue(self, sources)
Store._replace_catalogue = slowly
"""


def begin(before: str, source: str, path: Path, folder: Path) -> subprocess.Popen:
    """Start a process that adds a source, with something done to it before."""
    code = ADD.format(before=before)
    return subprocess.Popen(
        [sys.executable, "-c", code, source, str(path), str(folder)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def end(process: subprocess.Popen) -> tuple[int, str]:
    out, errors = process.communicate(timeout=120)
    assert "Traceback" not in errors, errors
    return process.returncode, out.strip()


def names(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir()}


@pytest.fixture
def files(sample, tmp_path) -> Path:
    """Two datasets of the sample county, to change at will."""
    folder = tmp_path / "els"
    for name in ("recorded-crime", "early-years", "reference"):
        shutil.copytree(sample / "els" / name, folder / name)
    return folder


@pytest.fixture
def change(files):
    """Change one figure of the files."""

    def change_first(value: str) -> None:
        path = files / "recorded-crime" / "recorded-crime.csv"
        header, first, *others = path.read_text(encoding="utf-8").splitlines()
        cells = first.split(",")
        cells[5] = value
        path.write_text("\n".join([header, ",".join(cells), *others, ""]), encoding="utf-8")

    return change_first


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no signal that kills at once")
class TestKilled:
    @pytest.mark.parametrize("before", [ON_THE_THIRD_TABLE, BEFORE_THE_CATALOGUE, IN_THE_CATALOGUE])
    def test_the_old_store_stays_whole_and_a_later_add_clears_up(
        self, store, files, change, before
    ):
        add("els", files, store)
        held, catalogue = names(store.folder), (store.folder / "catalogue.json").read_bytes()
        figures = store.observations([CRIME])
        change("1234.5")
        assert end(begin(before, "els", files, store.folder)) == (-9, "")

        assert (store.folder / "catalogue.json").read_bytes() == catalogue
        assert len(names(store.folder)) > len(held)
        again = Store("mine", store.folder, "how")
        assert again.version == store.version
        assert again.observations([CRIME]).equals(figures)
        assert len(again.areas()) == len(store.areas()) > 0
        assert not again.boundaries().empty

        assert add("els", files, again).changed
        assert (again.observations([CRIME])["value"] == 1234.5).sum() == 1
        folders = {entry["folder"] for entry in again.catalogue.values()}
        assert names(again.folder) == {".lock", "catalogue.json", *folders}

    @pytest.mark.parametrize("before", [ON_THE_THIRD_TABLE, BEFORE_THE_CATALOGUE, IN_THE_CATALOGUE])
    def test_a_first_add_leaves_an_empty_store(self, store, files, sample, before):
        assert end(begin(before, "els", files, store.folder)) == (-9, "")
        assert store.catalogue == {}
        assert store.observations([CRIME]).empty
        assert add("population", sample / "population", store).changed
        (folder,) = (entry["folder"] for entry in store.catalogue.values())
        assert names(store.folder) == {".lock", "catalogue.json", folder}

    def test_after_the_swap_the_new_store_is_whole(self, store, files, change):
        add("els", files, store)
        change("1234.5")
        assert end(begin(BEFORE_THE_SWEEP, "els", files, store.folder)) == (-9, "")
        again = Store("mine", store.folder, "how")
        assert (again.observations([CRIME])["value"] == 1234.5).sum() == 1
        change("999.5")
        add("els", files, again)
        (folder,) = (entry["folder"] for entry in again.catalogue.values())
        assert names(again.folder) == {".lock", "catalogue.json", folder}


class TestAtTheSameTime:
    def test_two_sources_are_both_held(self, store, files, sample):
        adds = [
            begin(SLOW_TO_SWAP, "els", files, store.folder),
            begin(SLOW_TO_SWAP, "population", sample / "population", store.folder),
        ]
        assert [end(process) for process in adds] == [(0, "True"), (0, "True")]
        assert set(store.catalogue) == {"els", "population"}
        assert not store.observations([CRIME]).empty
        assert not store.population().empty
        folders = {entry["folder"] for entry in store.catalogue.values()}
        assert names(store.folder) == {".lock", "catalogue.json", *folders}

    def test_the_same_source_twice_is_held_once(self, store, files):
        adds = [begin(SLOW_TO_SWAP, "els", files, store.folder) for _ in range(2)]
        assert [end(process)[0] for process in adds] == [0, 0]
        (folder,) = (entry["folder"] for entry in store.catalogue.values())
        assert names(store.folder) == {".lock", "catalogue.json", folder}
        assert not store.observations([CRIME]).empty

    def test_an_add_waits_for_the_one_that_writes(self, store, files):
        with FileLock(store.folder / LOCK):
            waiting = begin("", "els", files, store.folder)
            with pytest.raises(subprocess.TimeoutExpired):
                waiting.wait(timeout=3)
            assert store.catalogue == {}
        assert end(waiting) == (0, "True")
        assert set(Store("mine", store.folder, "how").catalogue) == {"els"}

    def test_reading_does_not_wait(self, store, files):
        add("els", files, store)
        with FileLock(store.folder / LOCK):
            assert not Store("mine", store.folder, "how").observations([CRIME]).empty
