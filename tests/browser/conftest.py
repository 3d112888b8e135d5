"""Real pages of the sample county in a real browser."""

import shutil
from datetime import date

import pytest
from playwright.sync_api import expect, sync_playwright

from outcomes.baseline.keeping import keep
from outcomes.batch import run_pages

PATIENCE = 60_000
expect.set_options(timeout=PATIENCE)

FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@pytest.fixture(scope="session")
def site(_sample_home, copy_with_store, tmp_path_factory):
    """The folder of a small run: every page of one county and of one district in it.

    A forecast from figures up to 2022 is stored before, so that pages tell what came of it.
    """
    home = copy_with_store(_sample_home, tmp_path_factory.mktemp("browser") / "project")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("OUTCOMES_HOME", str(home))
        keep("sample", name="up-to-2022", until=date(2022, 12, 31))
        report = run_pages(
            home / "parameters" / "runs" / "sample.yml",
            localities=("X10000001", "X07000003"),
            workers=2,
            out=tmp_path_factory.mktemp("site") / "sample",
        )
    assert not report.failed
    return report.index.parent


@pytest.fixture(scope="session")
def browser():
    """Chromium without a window."""
    program = shutil.which("chromium") or shutil.which("chromium-browser")
    if program is None:
        pytest.skip("Chromium is not installed here; install it to run the browser tests")
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=program, args=FLAGS)
        yield opened
        opened.close()


@pytest.fixture
def new_page(browser):
    """Return an opener of a server's pages; at the end none may have complained or left the server."""
    contexts, complaints = [], []

    def open_page(
        server, path: str, *, width: int = 1280, height: int = 900, before=None, **options
    ):
        def leaving(request):
            if not request.url.startswith((server.address, "data:", "blob:")):
                complaints.append(f"request: {request.url}")

        context = browser.new_context(viewport={"width": width, "height": height}, **options)
        context.set_default_timeout(PATIENCE)
        contexts.append(context)
        page = context.new_page()
        page.on("request", leaving)
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on("dialog", lambda dialog: complaints.append(f"dialog: {dialog.message}"))
        page.on("console", lambda m: complaints.append(m.text) if m.type == "error" else None)
        if before is not None:
            before(page)
        page.goto(server.address + path)
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert complaints == []
