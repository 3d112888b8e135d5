"""Kernels are started, interrupted, restarted, killed and left alone; none is left over."""

import contextlib
import os
import signal
import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor

import psutil
import pytest
from jupyter_core.utils import ensure_event_loop

THREE = """
import json, sys, tempfile, time
from jupyter_client import KernelManager
managers = [KernelManager(kernel_name="outcomes", transport="ipc", ip=tempfile.mkdtemp() + "/k")
            for _ in range(3)]
for manager in managers:
    manager.start_kernel()
print(json.dumps([manager.provisioner.pid for manager in managers]), flush=True)
sys.stdin.read()
"""
SLEEPER = "import subprocess; p = subprocess.Popen(['sleep', '600'])"


@pytest.mark.parametrize(
    "work",
    [
        "import time; time.sleep(600)",
        "import numpy\nwhile True: numpy.ones((200, 200)) @ numpy.ones(200)",
    ],
)
def test_an_interrupt_ends_the_cell_and_not_the_kernel(start, until, work):
    kernel = start()
    kernel.run("x = 7")
    asked = kernel.client.execute(work)
    until(lambda: busy(kernel.client), "the cell to begin")
    kernel.manager.interrupt_kernel()
    reply = kernel.client.get_shell_msg(timeout=30)
    assert (reply["parent_header"]["msg_id"], reply["content"]["ename"]) == (
        asked, "KeyboardInterrupt",
    )  # fmt: skip
    until(lambda: kernel.run("1")[0]["status"] == "ok", "the kernel to take cells again")
    assert kernel.value("x") == 7


def busy(client) -> bool:
    message = client.get_iopub_msg(timeout=30)
    return message["msg_type"] == "execute_input"


def test_a_restart_gives_a_fresh_warm_kernel(start):
    kernel = start()
    kernel.run("x = 7")
    before = kernel.pid
    kernel.manager.restart_kernel(now=True)
    kernel.client.wait_for_ready(timeout=60)
    assert kernel.warm
    assert kernel.pid != before
    assert kernel.value("'x' in globals()") is False


@pytest.mark.parametrize("now", [False, True])
def test_a_shutdown_treats_what_the_kernel_started_as_an_ordinary_one_does(
    start, until_gone, running, now
):
    fates = []
    for name in ("outcomes", "python3"):
        kernel = start(name)
        inner = psutil.Process(kernel.value("p.pid", SLEEPER))
        apart = psutil.Process(
            kernel.value("p.pid", SLEEPER.replace("])", "], start_new_session=True)"))
        )
        process = psutil.Process(kernel.pid)
        kernel.manager.shutdown_kernel(now=now)
        until_gone(process, inner)
        fates.append(running(apart))
        if fates[-1]:
            apart.kill()
    assert fates[0] == fates[1]


def test_a_killed_kernel_is_seen_with_its_status(start, until):
    kernel = start()
    os.kill(kernel.pid, signal.SIGKILL)
    until(lambda: not kernel.manager.is_alive(), "the kernel's death to be seen")
    assert kernel.manager.provisioner.process.poll() == -signal.SIGKILL


def test_a_kernel_that_leaves_is_seen_with_its_status(start, until):
    kernel = start()
    kernel.client.execute("import os; os._exit(7)")
    until(lambda: not kernel.manager.is_alive(), "the kernel's end to be seen")
    assert kernel.manager.provisioner.process.poll() == 7


def test_nothing_is_left_when_the_jupyter_process_is_killed(until_gone):
    with subprocess.Popen(
        [sys.executable, "-c", THREE], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as jupyter:
        kernels = [psutil.Process(pid) for pid in eval(jupyter.stdout.readline())]
        nursery = kernels[0].parent()
        assert nursery.ppid() == jupyter.pid
        assert {kernel.ppid() for kernel in kernels} == {nursery.pid}
        jupyter.kill()
        until_gone(*kernels, nursery)


def test_nothing_is_left_when_the_jupyter_process_ends(until_gone):
    with subprocess.Popen(
        [sys.executable, "-W", "error", "-c", THREE],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    ) as jupyter:  # fmt: skip
        kernels = [psutil.Process(pid) for pid in eval(jupyter.stdout.readline())]
        nursery = kernels[0].parent()
        _, said = jupyter.communicate(timeout=60)
        assert (jupyter.returncode, said) == (0, "")
        until_gone(*kernels, nursery)


def test_kernels_die_with_a_killed_nursery_and_the_next_start_makes_a_new_one(
    start, until, until_gone
):
    kernels = [start(), start()]
    nursery = kernels[0].parent
    processes = [psutil.Process(kernel.pid) for kernel in kernels]
    nursery.kill()
    until_gone(nursery, *processes)
    until(lambda: not any(k.manager.is_alive() for k in kernels), "the deaths to be seen")
    again = start()
    assert again.warm
    assert again.parent.pid != nursery.pid


def test_eight_threads_start_kernels_of_their_own_at_once(start):
    together = threading.Barrier(8)

    def one(_: int) -> tuple[int, int, bool]:
        with contextlib.closing(ensure_event_loop()):
            together.wait(timeout=60)
            kernel = start()
            return kernel.pid, kernel.value("os.getpid()", "import os"), kernel.warm

    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(one, range(8)))
    assert len(set(found)) == 8
    assert all(pid == said and warm for pid, said, warm in found)


def test_twenty_kernels_live_side_by_side_and_leave_no_descriptor_behind(start, until_gone):
    start()
    before = psutil.Process().num_fds()
    kernels = [start() for _ in range(20)]
    for number, kernel in enumerate(kernels):
        kernel.run(f"x = {number}")
    assert [kernel.value("x") for kernel in kernels] == list(range(20))
    processes = [psutil.Process(kernel.pid) for kernel in kernels]
    nursery = kernels[0].parent
    for kernel in kernels:
        kernel.end()
    until_gone(*processes)
    assert psutil.Process().num_fds() <= before + 2
    assert not set(nursery.children()) & set(processes)
    assert nursery.num_fds() < 30


def test_a_fork_of_the_jupyter_process_leaves_its_kernels_alone(start):
    kernel = start()
    child = os.fork()
    if child == 0:
        os._exit(0)
    assert os.waitpid(child, 0)[1] == 0
    assert kernel.value("1 + 1") == 2
