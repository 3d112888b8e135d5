"""How soon a live page answers: plain Voilà, Voilà's own preheated kernels, and `outcomes serve`.

All three serve the same notebook of the same project, in turn, to the same Chromium. A server is
warm: one visitor came and went before. An answer is readable when its table can be seen; a choice
is answered when the page says that its answer is complete. Memory is the proportional set size of
a server with all its processes. Chromium runs on the same machine and takes its share.

    python benchmarks/apps.py [--home FOLDER] [--times 20] [--sessions 20] [--only ours,plain,preheated]
"""

import argparse
import asyncio
import os
import shutil
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

import psutil
from playwright.async_api import Browser, Page, TimeoutError, async_playwright

APP = "how_are_we_doing"
ANSWER = ".outcomes-sortable table"
"""What a visitor reads first."""
COMPLETE = ".outcomes-address"
"""What changes last of all with every answer."""
PATIENCE = 60
POOL = 5
"""Kernels that Voilà has run ahead; it starts another for each that is taken."""
FLAGS = ["--no-sandbox", "--disable-dev-shm-usage", "--disable-gpu", "--disable-extensions"]


@dataclass(frozen=True)
class Way:
    """A way to serve the app: its command, where the page is, what the kernels are."""

    name: str
    words: Callable[[int, int], list[str]]
    path: str
    env: dict[str, str]


@dataclass
class Seen:
    """What one way took: seconds of each first answer, of each choice; megabytes; failures."""

    first: list[float] = field(default_factory=list)
    indicator: list[float] = field(default_factory=list)
    place: list[float] = field(default_factory=list)
    together: list[float] = field(default_factory=list)
    one: float = 0.0
    many: float = 0.0
    failed: int = 0


def ways(python: Path) -> dict[str, Way]:
    """Return the ways, ours last."""

    def voila(*more: str) -> Callable[[int, int], list[str]]:
        notebook = f"notebooks/apps/{APP}.ipynb"
        return lambda port, _: [
            *(str(python / "voila"), notebook, "--no-browser", f"--port={port}", *more)
        ]

    cold = {"OUTCOMES_WARM_KERNELS": "0"}
    preheat = ("--preheat_kernel=True", f"--pool_size={POOL}")
    return {
        "plain": Way("Voilà, ordinary kernel", voila(), "/", cold),
        "preheated": Way("Voilà, preheated kernels", voila(*preheat), "/", cold),
        "ours": Way(
            "outcomes serve",
            lambda port, sessions: [
                *(str(python / "outcomes"), "serve", "--no-browser", f"--port={port}"),
                f"--max-sessions={sessions + 5}",
            ],
            f"/apps/{APP}",
            {},
        ),
    }


def free_port() -> int:
    """Return a port that nobody listens on."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]


@asynccontextmanager
async def serving(way: Way, home: Path, sessions: int) -> AsyncIterator[tuple[str, psutil.Process]]:
    """Run a server until it answers; yield the page's address and the process; end it."""
    port = free_port()
    with tempfile.TemporaryFile() as log:
        server = subprocess.Popen(
            way.words(port, sessions),
            cwd=home,
            env={**os.environ, **way.env, "OUTCOMES_HOME": str(home)},
            stdout=log,
            stderr=log,
            start_new_session=True,
        )
        try:
            root = f"http://127.0.0.1:{port}"
            await _answers(root + ("/health" if way.path != "/" else "/voila/static/voila.js"))
            yield root + way.path, psutil.Process(server.pid)
        finally:
            server.send_signal(signal.SIGTERM)
            try:
                server.wait(timeout=30)
            except subprocess.TimeoutExpired:
                os.killpg(server.pid, signal.SIGKILL)


async def _answers(url: str) -> None:
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        try:
            await asyncio.to_thread(lambda: urllib.request.urlopen(url, timeout=5).close())
            return
        except OSError:
            await asyncio.sleep(0.1)
    raise SystemExit(f"no server answers at {url}")


def memory(server: psutil.Process) -> float:
    """Return the megabytes that a server and its descendants hold together."""
    kilobytes = 0
    for process in [server, *server.children(recursive=True)]:
        try:
            text = Path(f"/proc/{process.pid}/smaps_rollup").read_text(encoding="ascii")
        except OSError:
            continue
        kilobytes += int(text.partition("\nPss:")[2].split()[0])
    return kilobytes / 1000


@asynccontextmanager
async def visit(browser: Browser, url: str) -> AsyncIterator[tuple[Page, float]]:
    """Open a page as a new visitor; yield it and the seconds to its first readable answer."""
    context = await browser.new_context(viewport={"width": 1280, "height": 900})
    try:
        page = await context.new_page()
        page.set_default_timeout(PATIENCE * 1000)
        started = time.perf_counter()
        await page.goto(url, wait_until="commit")
        await page.locator(ANSWER).first.wait_for(state="visible")
        yield page, time.perf_counter() - started
    finally:
        await context.close()


async def choose(page: Page, chooser: str, option: int) -> float:
    """Choose from a list, as a hand on the keyboard does; return the seconds to the answer."""
    chosen = page.locator(f".outcomes-{chooser} select")
    await chosen.wait_for()
    return await page.evaluate(
        """([chooser, option, complete]) => new Promise(done => {
            const list = document.querySelector(`.outcomes-${chooser} select`);
            const said = () => document.querySelector(complete)?.outerHTML
            const before = said(), started = performance.now();
            const seen = new MutationObserver(() => {
                if (said() && said() !== before) {
                    seen.disconnect();
                    requestAnimationFrame(() => done((performance.now() - started) / 1000));
                }
            });
            seen.observe(document.body, {subtree: true, childList: true, attributes: true});
            list.selectedIndex = option;
            list.dispatchEvent(new Event('change', {bubbles: true}));
        })""",
        [chooser, option, COMPLETE],
    )


async def watch(browser: Browser, way: Way, home: Path, times: int, sessions: int) -> Seen:
    """Return what one way took."""
    seen = Seen()
    async with serving(way, home, sessions) as (url, server):
        async with visit(browser, url) as (page, _):
            await page.locator(COMPLETE).first.wait_for(state="attached")
        for _ in range(times):
            try:
                async with visit(browser, url) as (_, seconds):
                    seen.first.append(seconds)
            except TimeoutError:
                seen.failed += 1
        async with visit(browser, url) as (page, _):
            await page.wait_for_timeout(3000)
            for chooser, took in (("indicator", seen.indicator), ("tree", seen.place)):
                count = await page.locator(f".outcomes-{chooser} select option").count()
                for n in range(times):
                    took.append(await choose(page, chooser, (n % (count - 1)) + 1))
    # A server that nobody has visited: Voilà keeps the kernels of visitors who did not say goodbye.
    async with serving(way, home, sessions) as (url, server), visit(browser, url):
        await asyncio.sleep(3)
        seen.one = memory(server)
        await _together(browser, url, server, sessions - 1, seen)
    return seen


async def _together(
    browser: Browser, url: str, server: psutil.Process, sessions: int, seen: Seen
) -> None:
    """Let many visitors come at the same time, and stay until all have their answer."""
    arrived = asyncio.Semaphore(0)
    leave = asyncio.Event()

    async def one() -> None:
        try:
            async with visit(browser, url) as (_, seconds):
                seen.together.append(seconds)
                arrived.release()
                await leave.wait()
        except Exception:
            seen.failed += 1
            arrived.release()

    visitors = [asyncio.create_task(one()) for _ in range(sessions)]
    for _ in visitors:
        await arrived.acquire()
    await asyncio.sleep(3)
    seen.many = memory(server)
    leave.set()
    await asyncio.gather(*visitors)


def middle_and_slow(seconds: list[float]) -> str:
    """Return the median and the 95th percentile."""
    slow = statistics.quantiles(seconds, n=20, method="inclusive")[-1]
    return f"{statistics.median(seconds):.2f} / {slow:.2f}"


def report(found: dict[str, tuple[Way, Seen]], sessions: int) -> str:
    """Return the table, one way a line, and how many times faster ours is."""
    lines = [
        "| way | first answer, s | another indicator, s | another place, s | "
        f"{sessions - 1} at once, s | failed | MB, one | MB a further one |",
        "|---|---|---|---|---|---|---|---|",
    ]
    for way, seen in found.values():
        further = (seen.many - seen.one) / max(sessions - 1 - seen.failed, 1)
        lines.append(
            f"| {way.name} | {middle_and_slow(seen.first)} | {middle_and_slow(seen.indicator)} | "
            f"{middle_and_slow(seen.place)} | {middle_and_slow(seen.together)} | {seen.failed} | "
            f"{seen.one:.0f} | {further:.0f} |"
        )
    lines.append("Seconds are the median / the 95th percentile.")
    if "ours" in found:
        own = statistics.median(found["ours"][1].first)
        lines += [
            f"First answer: {way.name} {statistics.median(seen.first) / own:.1f} to 1 of ours"
            for name, (way, seen) in found.items()
            if name != "ours"
        ]
    return "\n".join(lines)


async def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--home", type=Path, default=Path.cwd(), help="the project's folder")
    parser.add_argument("--times", type=int, default=20, help="visits and choices of each kind")
    parser.add_argument("--sessions", type=int, default=20, help="visitors at the same time")
    parser.add_argument("--only", default="plain,preheated,ours", help="ways, with commas")
    asked = parser.parse_args()
    program = shutil.which("chromium") or shutil.which("chromium-browser")
    if program is None:
        raise SystemExit("Chromium is needed and not installed: apt-get install chromium")
    every, found = ways(Path(sys.executable).parent), {}
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=program, args=FLAGS)
        for name in asked.only.split(","):
            seen = await watch(
                browser, every[name], asked.home.resolve(), asked.times, asked.sessions
            )
            found[name] = (every[name], seen)
            sys.stderr.write(f"{every[name].name}: done\n")
        await browser.close()
    sys.stdout.write(report(found, asked.sessions) + "\n")


if __name__ == "__main__":
    asyncio.run(main())
