"""Thirty runs, each with one of its processes killed at a moment that nobody chose."""

import contextlib
import os
import random
import re
import sys
import time

import psutil
import pytest

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(os.name == "nt", reason="Windows has other signals"),
]

RUNS = 30
KINDS = ("run", "worker", "kernel", "preloaded")


def kind(process: psutil.Process) -> str:
    """Return what a process of a run is: forked processes have the words of what they came from."""
    words, above = (" ".join(p.cmdline()) for p in (process, process.parent()))
    if "ipykernel_launcher" in words:
        return "kernel"
    for name, forked in (("forkserver import main", "worker"), ("outcomes.kernels", "kernel")):
        if name in words:
            return forked if name in above else "preloaded"
    return "other"


def tree(run) -> list[psutil.Process]:
    try:
        return psutil.Process(run.pid).children(recursive=True)
    except psutil.NoSuchProcess:
        return []


def victims(run, wanted: str) -> list[psutil.Process]:
    found = []
    for process in tree(run):
        try:
            found += [process] if kind(process) == wanted else []
        except (psutil.NoSuchProcess, AttributeError):
            continue
    return found


def kill_one(run, wanted: str, wait: float) -> tuple[bool, list[psutil.Process]]:
    """Kill one process of a kind after a while; return whether there was one, and the run's tree."""
    seen: dict[int, psutil.Process] = {}
    moment, killed = time.monotonic() + wait, False
    while run.poll() is None and not killed:
        seen |= {process.pid: process for process in tree(run)}
        found = victims(run, wanted) if wanted != "run" else [psutil.Process(run.pid)]
        if time.monotonic() > moment and found:
            with contextlib.suppress(psutil.NoSuchProcess):  # it ended just now: another, then
                random.choice(found).kill()
                killed = True
        time.sleep(0.01)
    return killed, list(seen.values())


def whole(quick) -> None:
    """Check that what a reader finds is a whole run, or nothing yet."""
    if quick.out.exists():
        text = (quick.out / "index.html").read_text(encoding="utf-8")
        links = [link for link in re.findall(r'href="([^"#]+)"', text) if "://" not in link]
        assert len(links) >= 6
        assert all(
            (quick.out / link).read_text("utf-8").rstrip().endswith("</html>") for link in links
        )


def test_thirty_kills_lose_no_page(quick):
    seed = int(os.environ.get("OUTCOMES_SEED", time.time_ns() % 10**6))
    sys.stdout.write(f"OUTCOMES_SEED={seed}\n")
    random.seed(seed)
    counts, resumed = dict.fromkeys(KINDS, 0), 0
    for number in range(RUNS):
        unfinished = (quick.staging / "journal.json").is_file()
        resumed += unfinished
        words = ["--resume"] if unfinished else [str(quick.run_file), "--force"]
        run = quick.start(*words, "--workers", "2")
        wanted = KINDS[number % len(KINDS)]
        killed, seen = kill_one(run, wanted, random.uniform(0.5, 3.0))
        counts[wanted] += killed
        said = run.communicate(timeout=120)
        whole(quick)
        if not (killed and wanted == "run"):
            assert run.returncode == 0, (wanted, said)
        _, alive = psutil.wait_procs(seen, timeout=30)
        assert alive == []
    sys.stdout.write(f"{counts}, {resumed} runs carried on\n")
    assert all(counts.values())
    unfinished = (quick.staging / "journal.json").is_file()
    code, _, err = quick.run("--resume" if unfinished else str(quick.run_file))
    assert (code, err) == (0, "")
    quick.all_right()
