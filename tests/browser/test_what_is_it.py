"""The live page "What is it?" in a real browser, before a real server."""

import re
import runpy
from pathlib import Path
from types import SimpleNamespace
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

pytestmark = [pytest.mark.browser, pytest.mark.slow]
SERVED = Path(__file__).parents[1] / "served.py"
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


@pytest.fixture(scope="module")
def server(_sample_home, copy_with_store, tmp_path_factory):
    home = copy_with_store(_sample_home, tmp_path_factory.mktemp("what") / "project")
    running = SimpleNamespace(**runpy.run_path(str(SERVED))).start(home)
    yield running
    assert running.stop() == 0


@pytest.fixture
def opened(new_page, server):
    """Return an opener of the page that waits until it can be read."""

    def open_page(width: int = 1280, **asked: str):
        page = new_page(server, f"apps/what_is_it?{urlencode(asked)}", width=width)
        page.wait_for_selector(".outcomes-address", state="attached")
        page.wait_for_selector("[aria-busy=true]", state="detached")
        return page

    return open_page


def heading(page):
    return page.locator(".outcomes-what h2").first


def test_a_wording_is_typed_answered_and_shared_by_its_address(opened):
    page = opened()
    expect(page.get_by_role("heading", level=1)).to_have_text("What is it?")
    box = page.locator(".outcomes-wording input")
    box.fill("Access to parks")
    box.press("Tab")
    expect(heading(page)).to_have_text("The words alone do not tell what this is")
    # By the keyboard alone: the first question is a group with its name, its arrows choose.
    group = page.get_by_role("radiogroup", name="Can you count it?")
    group.get_by_role("radio").first.focus()
    page.keyboard.press("ArrowDown")
    expect(heading(page)).to_have_text("This reads like an indicator")
    expect(page).to_have_url(re.compile("countable=yes"))
    asked = {name: values[0] for name, values in parse_qs(urlsplit(page.url).query).items()}
    assert asked == {"text": "Access to parks", "countable": "yes"}
    again = opened(**asked)
    expect(heading(again)).to_have_text("This reads like an indicator")
    assert again.locator("pre").evaluate("e => e.tabIndex") == -1
    # Another wording begins without the answers that were given on this one.
    box.fill("Safe community")
    box.press("Enter")
    expect(heading(page)).to_have_text("This reads like an outcome")
    expect(group.get_by_role("radio").first).to_be_checked()
    expect(page).to_have_url(re.compile(r"text=Safe\+community$"))


@pytest.mark.parametrize("width", [1280, 375])
def test_the_page_is_for_everyone_and_fits(opened, width):
    page = opened(width, text="Strategic collaboration and pooled budgets", everyone="no")
    found = Axe().run(page, options={"runOnly": {"type": "tag", "values": RULES}})
    assert [problem["id"] for problem in found.response["violations"]] == []
    assert page.evaluate("document.documentElement.scrollWidth") == width
    levels = page.locator("h1, h2, h3").evaluate_all("all => all.map(e => e.tagName)")
    assert levels[0] == "H1"
    assert set(levels[1:]) == {"H2"}
    marks = page.locator(".outcomes-what mark")
    assert marks.all_inner_texts() == ["collaboration", "pooled budgets"]
    assert marks.first.evaluate("e => getComputedStyle(e).textDecorationLine") == "underline"
