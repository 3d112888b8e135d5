"""Several processes and one store: a killed add harms nothing, and no add undoes another's."""

import json
import random
import shutil
import subprocess
import sys
import time
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

ON_A_TABLE = """
from outcomes.store import adding
write, begun = adding.write_series, []
def write_or_die(table, path):
    begun.append(path)
    if len(begun) == 1:
        path.write_bytes(b"PAR1 and no more")
        die()
    write(table, path)
adding.write_series = write_or_die
"""

BEFORE_THE_CATALOGUE = "Store._replace_catalogue = lambda self, sources, index: die()"

IN_THE_CATALOGUE = """
replace = Path.replace
Path.replace = lambda self, target: die() if "catalogue" in self.name else replace(self, target)
"""

BEFORE_THE_SWEEP = "Store._sweep = lambda self, kept: die()"

SAYS_WHEN_IT_BEGINS = 'print("begun", flush=True)'

SLOW_TO_SWAP = """
replace_catalogue = Store._replace_catalogue
def slowly(self, sources, index):
    time.sleep(1)
    replace_catalogue(self, sources, index)
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


def led_to(store: Store) -> set[str]:
    """Return what the catalogue leads to: all else in the folder is left over."""
    adds = {add["folder"] for adds in store.catalogue.values() for add in adds}
    index = json.loads((store.folder / "catalogue.json").read_text())["index"]
    return {".lock", "catalogue.json", index, *adds}


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
    @pytest.mark.parametrize("before", [ON_A_TABLE, BEFORE_THE_CATALOGUE, IN_THE_CATALOGUE])
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
        assert names(again.folder) == led_to(again)

    @pytest.mark.parametrize("before", [ON_A_TABLE, BEFORE_THE_CATALOGUE, IN_THE_CATALOGUE])
    def test_a_first_add_leaves_an_empty_store(self, store, files, sample, before):
        assert end(begin(before, "els", files, store.folder)) == (-9, "")
        assert store.catalogue == {}
        assert store.observations([CRIME]).empty
        assert add("population", sample / "population", store).changed
        assert names(store.folder) == led_to(store)

    def test_after_the_swap_the_new_store_is_whole(self, store, files, change):
        add("els", files, store)
        change("1234.5")
        assert end(begin(BEFORE_THE_SWEEP, "els", files, store.folder)) == (-9, "")
        again = Store("mine", store.folder, "how")
        assert (again.observations([CRIME])["value"] == 1234.5).sum() == 1
        change("999.5")
        add("els", files, again)
        assert names(again.folder) == led_to(again)


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no signal that kills at once")
def test_killed_at_twenty_random_moments(store, files, change):
    """Each time the store is the old one or the new one, whole, and the next add goes on.

    How long an add takes changes with what else the machine does, so one that ends before its
    moment tells how early the next moments must be.
    """
    add("els", files, store)
    moments = random.Random(20)
    seconds = _seconds_of_an_add(store, files, change)
    known, killed = {1.5}, 0
    for number in range(200):
        if killed == 20:
            break
        value = 1000.5 + number
        change(str(value))
        process = begin(SAYS_WHEN_IT_BEGINS, "els", files, store.folder)
        assert process.stdout.readline() == "begun\n"
        started = time.monotonic()
        try:
            process.wait(timeout=moments.uniform(0, seconds))
            seconds = time.monotonic() - started
        except subprocess.TimeoutExpired:
            process.kill()
        killed += process.wait() == -9
        process.communicate()
        again = Store("mine", store.folder, "how")
        rows = again.observations([CRIME])
        first = set(rows["value"]) & (known | {value})
        assert len(first) == 1
        assert first <= known or first == {value}
        known = first
        assert len(rows) == len(store.observations([CRIME]))
        assert len(again.areas()) > 0
        assert not again.boundaries().empty
        assert not again.neighbours("ons_global").empty
    assert killed == 20
    change("2000.5")
    again = Store("mine", store.folder, "how")
    add("els", files, again)
    assert (again.observations([CRIME])["value"] == 2000.5).sum() == 1
    assert names(store.folder) == led_to(again)


def _seconds_of_an_add(store, files, change) -> float:
    change("1.5")
    process = begin(SAYS_WHEN_IT_BEGINS, "els", files, store.folder)
    process.stdout.readline()
    started = time.monotonic()
    process.communicate()
    return time.monotonic() - started


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
        assert names(store.folder) == led_to(store)

    def test_the_same_source_twice_is_held_once(self, store, files):
        adds = [begin(SLOW_TO_SWAP, "els", files, store.folder) for _ in range(2)]
        assert [end(process)[0] for process in adds] == [0, 0]
        assert names(store.folder) == led_to(store)
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
