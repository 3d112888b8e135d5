"""Pages made by a real Dask cluster: a scheduler and two workers, each a process of its own."""

import os
import re
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest

from outcomes.batch import run_pages
from outcomes.errors import RunError

pytest.importorskip("distributed", reason="Dask is not installed: pip install 'outcomes[dask]'")
pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(os.name == "nt", reason="Windows has other signals"),
]


class Cluster:
    """A scheduler and its workers; their words stand in a file each."""

    def __init__(self, folder: Path):
        self.folder, self.started = folder, []
        self.address = ""

    def start(self, name: str, *words: str, home: Path | None = None) -> subprocess.Popen:
        command = [Path(sys.executable).with_name("dask"), *words]
        settings = {"OUTCOMES_HOME": str(home)} if home else {}
        with (self.folder / f"{name}.txt").open("w") as said:
            started = subprocess.Popen(
                command, cwd=self.folder, stdout=said, stderr=said, env=os.environ | settings
            )
        self.started.append(started)
        return started

    def said(self, name: str, pattern: str) -> str:
        end = time.monotonic() + 120
        while time.monotonic() < end:
            found = re.search(pattern, (self.folder / f"{name}.txt").read_text())
            if found:
                return found[0]
            time.sleep(0.05)
        raise AssertionError((self.folder / f"{name}.txt").read_text())

    def begin(self) -> "Cluster":
        self.start("scheduler", "scheduler", "--host", "127.0.0.1", "--port", "0", "--no-dashboard")
        self.address = self.said("scheduler", r"tcp://127\.0\.0\.1:\d+")
        return self

    def worker(self, name: str, home: Path) -> subprocess.Popen:
        words = ["--nthreads", "1", "--no-nanny", "--no-dashboard", "--name", name]
        started = self.start(name, "worker", self.address, *words, home=home)
        self.said(name, "Registered to:")
        return started

    def end(self) -> None:
        for process in reversed(self.started):
            process.kill()
            process.wait()


@pytest.fixture
def cluster(tmp_path):
    folder = tmp_path / "cluster"
    folder.mkdir()
    cluster = Cluster(folder)
    yield cluster.begin()
    cluster.end()


def files(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and path.name != "manifest.json"
    }


def test_a_cluster_makes_the_same_bytes_and_a_lost_worker_loses_no_page(quick, cluster):
    gate = quick.gate("environment")
    gate.touch()
    assert run_pages(quick.run_file, workers=2).made == 6
    here = files(quick.out)
    gate.unlink()
    gate.with_name(gate.name + ".ids").unlink(missing_ok=True)
    workers = {str(n): cluster.worker(f"worker{n}", quick.home) for n in (1, 2)}
    run = quick.start(str(quick.run_file), "--force", "--dask", cluster.address)
    quick.waiting(gate)
    (told,) = re.findall(r"\d+", gate.with_name(gate.name + ".ids").read_text())[:1]
    above = ancestors(int(told))
    (lost,) = [worker for worker in workers.values() if worker.pid in above]
    lost.send_signal(signal.SIGKILL)
    lost.wait()
    gate.touch()
    out, said = run.communicate(timeout=300)
    assert (run.returncode, said) == (0, "")
    assert re.search(r"^6 pages made in \d+ s$", out, re.M), out
    assert files(quick.out) == here
    quick.all_right()


def ancestors(pid: int) -> set[int]:
    """Return the processes above one."""
    found = set()
    while pid > 1:
        pid = int(Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[1])
        found.add(pid)
    return found


def test_a_worker_that_differs_is_named_with_what_differs(
    quick, cluster, copy_with_store, tmp_path
):
    other = copy_with_store(quick.home, tmp_path / "other")
    notebook = other / "notebooks" / "outcomes" / "best_start.ipynb"
    notebook.write_text(notebook.read_text().replace("begun = True", "begun = 1"))
    with pytest.raises(RunError) as caught:
        run_pages(quick.run_file, cluster=cluster.address)
    assert str(caught.value) == (
        f"the Dask scheduler at {cluster.address} has no worker; start one: dask worker "
        f"{cluster.address}"
    )
    cluster.worker("other", other)
    with pytest.raises(RunError) as caught:
        run_pages(quick.run_file, cluster=cluster.address)
    assert re.fullmatch(
        r"the Dask worker tcp://127\.0\.0\.1:\d+ differs from this machine in "
        r"notebooks/outcomes/best_start\.ipynb\. Give it the same, so that its pages are the same\.",
        str(caught.value),
    )
    assert not quick.out.parent.exists()


def test_an_address_where_no_scheduler_answers_is_told_soon(quick):
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        address = f"tcp://127.0.0.1:{free.getsockname()[1]}"
        started = time.monotonic()
        with pytest.raises(RunError) as caught:
            run_pages(quick.run_file, cluster=address)
    assert time.monotonic() - started < 30
    assert str(caught.value) == (
        f"no Dask scheduler answers at {address} within 10 s; expected an address such as "
        "tcp://host:8786, which the scheduler says when it starts"
    )
    with pytest.raises(RunError, match="^no Dask scheduler answers at nonsense within 10 s; "):
        run_pages(quick.run_file, cluster="nonsense")


def test_without_dask_the_option_says_what_to_install(quick, monkeypatch):
    monkeypatch.setitem(sys.modules, "distributed", None)
    with pytest.raises(RunError) as caught:
        run_pages(quick.run_file, cluster="tcp://127.0.0.1:1")
    assert str(caught.value) == (
        "--dask needs Dask, which is not installed here: pip install 'outcomes[dask]'"
    )
