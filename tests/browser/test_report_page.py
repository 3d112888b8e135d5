"""A report's web page, as its writer makes it, in a real browser."""

import re
import runpy
from pathlib import Path
from types import SimpleNamespace

import pypdfium2
import pytest
from axe_playwright_python.sync_playwright import Axe

from outcomes.reports.web import write_web

pytestmark = [pytest.mark.browser, pytest.mark.slow]
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
MADE = Path(__file__).parents[1] / "reports" / "made_documents.py"
made = SimpleNamespace(**runpy.run_path(str(MADE)))
DOCUMENTS = {
    "plain": made.plain(),
    "hostile": made.hostile(*made.HOSTILE, made.CONTROLS, made.FOREIGN),
}
WIDTHS = {"phone": 375, "desktop": 1280}
widths = pytest.mark.parametrize("width", WIDTHS.values(), ids=WIDTHS)
documents = pytest.mark.parametrize("name", DOCUMENTS)


@pytest.fixture
def opened(browser, tmp_path):
    """Return an opener of a report; it may ask for nothing, say nothing and open no dialog."""
    contexts, events = [], []

    def open_page(name: str, *, width: int = 1280):
        path = tmp_path / f"{name}.html"
        write_web(DOCUMENTS[name], path)
        context = browser.new_context(viewport={"width": width, "height": 800})
        contexts.append(context)
        page = context.new_page()
        page.on("request", lambda r: r.url.startswith("data:") or events.append(r.url))
        page.on("console", lambda message: events.append(message.text))
        page.on("dialog", lambda dialog: events.append(dialog.message))
        page.goto(path.as_uri())
        assert events == [path.as_uri()]
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert len(events) <= 1


@documents
@widths
def test_no_accessibility_rule_of_wcag_2_2_aa_is_broken(opened, name, width):
    found = Axe().run(opened(name, width=width), options={"runOnly": RULES}).response["violations"]
    assert [(rule["id"], rule["nodes"][0]["html"]) for rule in found] == []


@documents
@widths
def test_nothing_scrolls_sideways(opened, name, width):
    page = opened(name, width=width)
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_headings_go_down_one_level_at_a_time(opened):
    levels = opened("plain").evaluate(
        "[...document.querySelectorAll('h1,h2,h3,h4,h5,h6')].map(h => Number(h.tagName[1]))"
    )
    assert levels == [1, 2, 2, 3, 4, 2]  # title; contents; Jobs, Measures, People in work; Health


def test_the_contents_and_a_reference_lead_there_by_keyboard(opened):
    page = opened("plain")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Skip to the content"
    for words, heading in (("Health", "Health"), ("See people in work.", "People in work")):
        page.get_by_role("link", name=words, exact=True).focus()
        page.keyboard.press("Enter")
        assert page.evaluate("document.querySelector(':target').textContent") == heading


def test_every_picture_is_drawn(opened):
    sizes = opened("plain").evaluate(
        "[...document.images].map(image => [image.complete, image.naturalWidth > 0])"
    )
    assert sizes == [[True, True]] * 2


def test_on_paper_parts_begin_on_a_page_wide_tables_are_turned_and_the_stage_stands_below(opened):
    paper = opened("plain").pdf(prefer_css_page_size=True)
    pdf = pypdfium2.PdfDocument(paper)
    pages, sizes = [], []
    for i in range(len(pdf)):
        page = pdf[i]
        words = page.get_textpage()
        pages.append(" ".join(words.get_text_range().split()))
        words.close()
        page.close()
        sizes.append(tuple(round(side) for side in pdf.get_page_size(i)))
    pdf.close()
    assert re.match(r"Draft Page 2 of 7\s+Jobs\s", pages[1])
    assert re.match(r"Draft Page 3 of 7\s+Health\s", pages[2])
    assert sizes[:4] == [(595, 842), (595, 842), (595, 842), (842, 595)]
    assert "A wide one" in pages[3]
    for number, text in enumerate(pages, 1):
        assert f"Draft Page {number} of 7" in text
