"""Start warm kernels beside ordinary ones: time, processor time, memory.

Both answer the same cell, which imports what a page imports. They take turns, so that what else
the machine does strikes both. Memory is each process's share of what it holds (its proportional
set size), the nursery's included.

    python benchmarks/kernels.py
"""

import contextlib
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import psutil
from jupyter_client import KernelManager
from jupyter_client.blocking import BlockingKernelClient

CELL = "import pandas, matplotlib, scipy, outcomes.notebook; 1 + 1"
KINDS = {"ordinary": "python3", "warm": "outcomes"}
TIMES = 10
MANY = 20


@contextlib.contextmanager
def kernel(kind: str) -> Iterator[tuple[KernelManager, BlockingKernelClient]]:
    """Start a kernel that has run the cell; end it at once."""
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        manager = KernelManager(
            kernel_name=KINDS[kind], transport="ipc", ip=str(Path(folder) / "k")
        )
        manager.start_kernel()
        client = manager.client()
        client.start_channels()
        try:
            client.wait_for_ready(timeout=120)
            reply = client.execute_interactive(CELL, timeout=120, output_hook=lambda _: None)
            assert reply["content"]["status"] == "ok", reply
            yield manager, client
        finally:
            client.stop_channels()
            manager.shutdown_kernel(now=True)


def processor(*processes: psutil.Process) -> float:
    """Return the processor seconds that processes have used so far."""
    return sum(sum(process.cpu_times()[:2]) for process in processes)


def one_start(kind: str) -> tuple[float, float, float]:
    """Return the seconds to the first result, those with the end, and the processor seconds."""
    here = psutil.Process()
    others = here.children()
    started, used = time.perf_counter(), processor(here, *others)
    with kernel(kind) as (manager, _):
        first = time.perf_counter() - started
        used = processor(here, *others, psutil.Process(manager.provisioner.pid)) - used
    return first, time.perf_counter() - started, used


def memory() -> float:
    """Return the megabytes that the descendants of this process hold together."""
    kilobytes = 0
    for process in psutil.Process().children(recursive=True):
        text = Path(f"/proc/{process.pid}/smaps_rollup").read_text(encoding="ascii")
        kilobytes += int(text.partition("\nPss:")[2].split()[0])
    return kilobytes / 1000


def idle(kind: str, count: int) -> float:
    """Return the megabytes of so many kernels that have run the cell."""
    before = memory() if kind == "ordinary" else 0.0
    with contextlib.ExitStack() as stack:
        for _ in range(count):
            stack.enter_context(kernel(kind))
        return memory() - before


def line(what: str, ordinary: float, warm: float, unit: str) -> str:
    """Return one comparison in words."""
    return (
        f"{what:<34} {ordinary:8.2f} {unit:<2} ordinary {warm:8.2f} {unit:<2} warm "
        f"{ordinary / warm:6.1f} to 1"
    )


def main() -> None:
    """Print what an ordinary and a warm kernel take, and the ratios."""
    large, small = idle("ordinary", MANY), idle("ordinary", 1)
    first_ordinary, *_ = one_start("ordinary")
    first_warm, *_ = one_start("warm")
    starts = {kind: [] for kind in KINDS}
    for _ in range(TIMES):
        for kind in KINDS:
            starts[kind].append(one_start(kind))
    middle = {
        k: [statistics.median(part) for part in zip(*v, strict=True)] for k, v in starts.items()
    }
    both = list(zip(middle["ordinary"], middle["warm"], strict=True))
    lines = [
        line("the very first start to a result", first_ordinary, first_warm, "s"),
        line(f"to a first result, median of {TIMES}", *both[0], "s"),
        line("the same and its end", *both[1], "s"),
        line("processor time of a start", *both[2], "s"),
        line("memory of 1 idle kernel", small, idle("warm", 1), "MB"),
        line(f"memory of {MANY} idle kernels", large, idle("warm", MANY), "MB"),
    ]
    sys.stdout.write("\n".join(lines) + "\n")


if __name__ == "__main__":
    main()
