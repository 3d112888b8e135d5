"""Results that pages share: worked out once, found by what they were made from, never half-written."""

import os
import pickle
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pandas as pd
import pytest

from outcomes.store import Kept, kept


class Counted:
    """Something to work out that says how often it was."""

    def __init__(self, result="result"):
        self.result, self.times = result, 0

    def __call__(self):
        self.times += 1
        return self.result


def files(folder: Path) -> list[Path]:
    return sorted(folder.iterdir())


def test_a_result_is_worked_out_once(tmp_path):
    make = Counted(pd.DataFrame({"value": [1.5, None]}))
    for _ in range(3):
        found = Kept(tmp_path, "figures")("trend", ("a", 1), make)
        pd.testing.assert_frame_equal(found, make.result)
    assert make.times == 1
    assert [path.suffix for path in files(tmp_path)] == [".pickle"]


@pytest.mark.parametrize(
    "other",
    [
        lambda folder: (Kept(folder, "other figures"), "trend", ("a", 1)),
        lambda folder: (Kept(folder, "figures"), "spread", ("a", 1)),
        lambda folder: (Kept(folder, "figures"), "trend", ("a", 2)),
    ],
    ids=["figures", "name", "key"],
)
def test_what_it_is_made_from_tells_results_apart(tmp_path, other):
    Kept(tmp_path, "figures")("trend", ("a", 1), Counted("first"))
    kept_there, name, key = other(tmp_path)
    assert kept_there(name, key, Counted("second")) == "second"


def test_other_code_makes_other_results(tmp_path, monkeypatch):
    Kept(tmp_path)("trend", (), Counted("by the old code"))
    monkeypatch.setattr(kept, "CODE", "another")
    assert Kept(tmp_path)("trend", (), Counted("by the new")) == "by the new"


def test_the_mark_of_the_code_follows_a_file_and_a_package(tmp_path, monkeypatch):
    module = tmp_path / "statistics" / "one.py"
    module.parent.mkdir()
    module.write_text("ONE = 1\n")
    monkeypatch.setattr(kept.paths, "code_folder", lambda: tmp_path)
    before = kept.code_mark()
    module.write_text("ONE = 2\n")
    after = kept.code_mark()
    monkeypatch.setattr(kept, "version", lambda name: "0.0")
    assert len({before, after, kept.code_mark()}) == 3


def test_without_a_folder_nothing_is_kept(tmp_path):
    make = Counted()
    results = [Kept()("trend", (), make) for _ in range(2)]
    assert (results, make.times) == (["result", "result"], 2)


def test_what_a_caller_does_to_a_result_stays_with_the_caller(tmp_path):
    shared = Kept(tmp_path)
    first = shared("parts", (), lambda: {"a": 1})
    first["a"] = 2
    assert shared("parts", (), dict) == {"a": 1}


@pytest.mark.parametrize("damage", [b"", b"no pickle", pickle.dumps({"a": 1})[:-3]])
def test_a_damaged_file_is_made_again(tmp_path, damage):
    shared = Kept(tmp_path)
    shared("parts", (), Counted("right"))
    files(tmp_path)[0].write_bytes(damage)
    assert shared("parts", (), Counted("right")) == "right"
    assert pickle.loads(files(tmp_path)[0].read_bytes()) == "right"


def test_a_failure_keeps_nothing_and_hinders_nobody(tmp_path):
    shared = Kept(tmp_path)
    with pytest.raises(ZeroDivisionError):
        shared("parts", (), lambda: 1 / 0)
    assert shared("parts", (), Counted()) == "result"


def test_a_folder_that_cannot_be_written_costs_only_time(tmp_path):
    (tmp_path / "file").write_text("in the way")
    make = Counted()
    assert Kept(tmp_path / "file" / "folder")("parts", (), make) == "result"
    assert make.times == 1


def test_a_failure_of_the_work_itself_is_not_taken_for_one_of_the_folder(tmp_path):
    def make():
        raise FileNotFoundError("a file of the store")

    with pytest.raises(FileNotFoundError, match="a file of the store"):
        Kept(tmp_path)("parts", (), make)


def test_results_may_be_made_from_other_results(tmp_path):
    shared = Kept(tmp_path)
    found = shared("whole", (), lambda: shared("part", (), Counted(2)) + 1)
    assert found == 3


MAKES_ONE = """
import sys, time
from pathlib import Path
from outcomes.store import Kept
def make():
    with open(sys.argv[2], "a") as file:
        file.write("made\\n")
    time.sleep(0.5)
    return "result"
assert Kept(Path(sys.argv[1]))("parts", (), make) == "result"
"""


def test_two_processes_work_it_out_once(tmp_path):
    said = tmp_path / "said"
    command = [sys.executable, "-c", MAKES_ONE, str(tmp_path / "kept"), str(said)]
    with ThreadPoolExecutor(3) as threads:
        codes = threads.map(lambda _: subprocess.run(command, check=False).returncode, range(3))
        assert list(codes) == [0, 0, 0]
    assert said.read_text() == "made\n"


def test_those_not_read_for_longest_make_room(tmp_path, monkeypatch):
    shared = Kept(tmp_path)
    for n in range(3):
        shared(f"part{n}", (), Counted("x" * 1000))
        os.utime(next(tmp_path.glob(f"part{n}-*")), (n, n))
    assert shared("part0", (), Counted("not this")) == "x" * 1000  # read just now
    monkeypatch.setattr(kept, "LARGEST", 3500)
    shared("part3", (), Counted("x" * 1000))
    assert {path.name.partition("-")[0] for path in files(tmp_path)} == {"part0", "part2", "part3"}
