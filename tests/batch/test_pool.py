"""Workers, kernels and pages that end, hang or eat memory: only the page itself can fail."""

import os
import signal
import time
from pathlib import Path

import pytest
from jupyter_client.kernelspec import KernelSpecManager

from outcomes.batch import Limits, run_pages
from outcomes.batch.pool import ENDED

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(os.name == "nt", reason="Windows has other signals"),
]

WORKER = "worker()"
FIND_WORKER = """
def worker():
    import os, psutil, socket, struct
    for fd in map(int, os.listdir("/proc/self/fd")):
        try:
            with socket.socket(fileno=os.dup(fd)) as end:
                said = end.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, 12)
            pid = struct.unpack("3i", said)[0]
            if "forkserver" in " ".join(psutil.Process(pid).cmdline()):
                return pid
        except (OSError, ValueError, psutil.Error):
            pass
"""
"""Finds the process that makes the page: the one that talks with the kernel over its sockets."""
KILLED_ONCE = (
    FIND_WORKER
    + """
import os, signal
begun = "{folder}/begun-" + locality
if locality == "X07000001" and not os.path.exists(begun):
    open(begun, "w").close()
    os.kill({whom}, signal.SIGKILL)
"""
)


@pytest.mark.parametrize(("whom", "who"), [("os.getpid()", "kernel"), (WORKER, "worker")])
def test_a_kernel_or_worker_that_is_ended_once_loses_no_page(quick, whom, who):
    quick.write("best_start", KILLED_ONCE.format(folder=quick.home, whom=whom))
    report = run_pages(quick.run_file, workers=2)
    assert (report.made, report.failed) == (6, ()), who
    assert (quick.home / "begun-X07000001").is_file()
    quick.all_right()


def test_a_page_that_ends_its_kernel_each_time_fails_and_the_others_are_made(quick):
    quick.write(
        "best_start",
        "import os, signal\nif locality == 'X07000001': os.kill(os.getpid(), signal.SIGKILL)",
    )
    report = run_pages(quick.run_file, workers=2)
    assert report.made == 5
    assert {page.name: page.error for page in report.failed} == {
        "X07000001/best_start--nation": "its kernel was ended from outside, twice"
    }


def test_a_page_that_ends_its_worker_each_time_fails_and_the_others_are_made(quick):
    quick.write(
        "best_start",
        f"{FIND_WORKER}\nimport os, signal\n"
        f"if locality == 'X07000001': os.kill({WORKER}, signal.SIGKILL)",
    )
    report = run_pages(quick.run_file, workers=2)
    assert report.made == 5
    assert {page.name: page.error for page in report.failed} == {
        "X07000001/best_start--nation": ENDED
    }
    assert ENDED == "the process that made it was ended from outside, twice"


def test_a_page_that_hangs_is_ended_when_its_time_is_up(quick):
    quick.write("best_start", "import time\nif locality == 'X07000001': time.sleep(3600)")
    started = time.monotonic()
    report = run_pages(quick.run_file, workers=2, limits=Limits(seconds=30))
    assert time.monotonic() - started < 120
    assert report.made == 5
    assert {page.name: page.error for page in report.failed} == {
        "X07000001/best_start--nation": "took longer than 30 s (--time-limit)"
    }
    kept = quick.out / "X07000001" / "best_start--nation.ipynb"
    assert "time.sleep(3600)" in kept.read_text(encoding="utf-8")


def test_the_time_limit_is_for_the_page_not_for_a_cell(quick):
    quick.write("best_start", "import time\nif locality == 'X07000001': time.sleep(16)")
    path = quick.home / "notebooks" / "outcomes" / "best_start.ipynb"
    text = path.read_text(encoding="utf-8")
    cell = text[text.index('  {\n   "cell_type": "code"', text.index('"c0"') - 120) :]
    cell = cell[: cell.index("\n  },\n") + len("\n  },\n")]
    twice = cell.replace('"c0"', '"c9"')
    path.write_text(text.replace(cell, cell + twice), encoding="utf-8")
    limits = Limits(seconds=30)
    report = run_pages(quick.run_file, only=("best_start",), workers=2, limits=limits)
    assert {page.name: page.error for page in report.failed} == {
        "X07000001/best_start--nation": "took longer than 30 s (--time-limit)"
    }


def test_a_page_that_eats_memory_is_told_its_limit(quick):
    if "outcomes" not in KernelSpecManager().find_kernel_specs():
        pytest.skip("the kernel 'outcomes' is not installed: only it has a memory limit")
    quick.write("best_start", "if locality == 'X07000001': eaten = bytearray(6 * 10**9)")
    report = run_pages(quick.run_file, workers=2, limits=Limits(memory=4 * 10**9))
    assert report.made == 5
    assert {page.name: page.error for page in report.failed} == {
        "X07000001/best_start--nation": "needed more memory than 4 GB (--memory-limit)"
    }


@pytest.mark.skipif(not Path("/proc").is_dir(), reason="only Linux shows a process's threads")
def test_workers_are_forked_from_a_process_of_one_thread(quick):
    from multiprocessing import forkserver

    assert run_pages(quick.run_file, workers=2).made == 6
    server = forkserver._forkserver._forkserver_pid
    assert len(list(Path(f"/proc/{server}/task").iterdir())) == 1
    os.kill(server, signal.SIGKILL)
    assert run_pages(quick.run_file, workers=2, force=True).made == 6
