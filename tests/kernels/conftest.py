"""Real kernels, warm and ordinary, and ways to wait for what is to happen to them."""

import itertools
import json
import os
import runpy
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil
import pytest
from jupyter_client import KernelManager
from jupyter_client.blocking import BlockingKernelClient

DEADLINE = 60.0
"""Seconds: far more than anything here takes on a busy machine."""


def wait_until(condition: Callable[[], object], what: str) -> None:
    """Wait until a condition holds; fail in words if it does not in time."""
    end = time.monotonic() + DEADLINE
    while not condition():
        assert time.monotonic() < end, f"waited {DEADLINE:.0f} seconds for {what}"
        time.sleep(0.01)


is_running = runpy.run_path(str(Path(__file__).parents[1] / "processes.py"))["running"]


class Kernel:
    """A started kernel with its client."""

    def __init__(self, manager: KernelManager):
        self.manager = manager
        self.client: BlockingKernelClient = manager.client()
        self.client.start_channels()
        self.client.wait_for_ready(timeout=DEADLINE)

    @property
    def pid(self) -> int:
        return self.manager.provisioner.pid

    @property
    def parent(self) -> psutil.Process:
        """The process that forked it: the nursery, or this one for an ordinary kernel."""
        return psutil.Process(self.pid).parent()

    @property
    def warm(self) -> bool:
        return "outcomes.kernels.nursery" in self.parent.cmdline()

    def run(self, code: str) -> tuple[dict, list[dict]]:
        """Run a cell; return the reply's content and what it put out."""
        messages = []
        reply = self.client.execute_interactive(
            code, timeout=DEADLINE, output_hook=messages.append, allow_stdin=False
        )
        kinds = ("stream", "display_data", "execute_result", "error")
        return reply["content"], [m["content"] for m in messages if m["msg_type"] in kinds]

    def value(self, expression: str, before: str = "") -> object:
        """Return the value of an expression in the kernel, as JSON can carry it."""
        reply, out = self.run(f"{before}\nprint(__import__('json').dumps({expression}))")
        assert reply["status"] == "ok", reply
        return json.loads("".join(part["text"] for part in out if part.get("name") == "stdout"))

    def end(self) -> None:
        self.client.stop_channels()
        if self.manager.has_kernel:
            self.manager.shutdown_kernel(now=True)
        self.manager.cleanup_resources()


@pytest.fixture
def until() -> Callable[..., None]:
    """Wait until a condition holds, with a deadline."""
    return wait_until


@pytest.fixture
def running() -> Callable[[psutil.Process], bool]:
    """Return whether a process runs."""
    return is_running


@pytest.fixture
def until_gone() -> Callable[..., None]:
    """Wait until none of some processes runs, with a deadline."""
    return lambda *processes: wait_until(
        lambda: not any(map(is_running, processes)), f"{processes} to end"
    )


@pytest.fixture(autouse=True)
def _own_folders(tmp_path, monkeypatch) -> None:
    for name in ("IPYTHONDIR", "JUPYTER_RUNTIME_DIR", "JUPYTER_CONFIG_DIR", "JUPYTER_DATA_DIR"):
        monkeypatch.setenv(name, str(tmp_path / name.lower()))
    monkeypatch.setenv("PYDEVD_DISABLE_FILE_VALIDATION", "1")


@pytest.fixture
def start(tmp_path) -> Iterator[Callable[..., Kernel]]:
    """Start a kernel by its name; all are ended after the test.

    A kernel that finds PYTEST_CURRENT_TEST leaves output below Python alone, so it does not.
    """
    started, numbers = [], itertools.count()

    def begin(name: str = "outcomes", **settings) -> Kernel:
        place = tmp_path / f"k{next(numbers)}"
        settings.setdefault("env", dict(os.environ))
        settings["env"].pop("PYTEST_CURRENT_TEST", None)
        manager = KernelManager(kernel_name=name, transport="ipc", ip=str(place))
        manager.start_kernel(**settings)
        kernel = Kernel(manager)
        started.append(kernel)
        return kernel

    yield begin
    for kernel in started:
        kernel.end()


@pytest.fixture
def spec(tmp_path, monkeypatch) -> Callable[..., str]:
    """Make a kernelspec with modules to preload; return its name.

    One module more, which is not there, gives each test a nursery of its own.
    """

    def make(name: str, *modules: str) -> str:
        folder = tmp_path / "specs" / "kernels" / name
        folder.mkdir(parents=True)
        made = json.loads((SOURCE / "kernel.json").read_text(encoding="utf-8"))
        made["metadata"]["kernel_provisioner"]["config"] = {
            "preload": [*modules, f"none_{tmp_path.name}"]
        }
        (folder / "kernel.json").write_text(json.dumps(made), encoding="utf-8")
        monkeypatch.setenv("JUPYTER_PATH", str(tmp_path / "specs"))
        return name

    return make


SOURCE = Path(__file__).resolve().parents[2] / "kernels" / "outcomes"
