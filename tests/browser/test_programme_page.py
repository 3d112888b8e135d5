"""A programme's page, and a partner map's, in a real browser."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from click.testing import CliRunner

from outcomes.cli import main

pytestmark = [pytest.mark.browser, pytest.mark.slow]
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
PAGES = {
    "timeline": ["show", "nine_outcomes_2012"],
    "steps": ["show", "tarrowshire_2026"],
    "partners": ["partners", "essex_2014", "X10000001"],
}


@pytest.mark.parametrize("width", [375, 1280], ids=["phone", "desktop"])
@pytest.mark.parametrize("name", PAGES)
def test_a_page_can_be_read_by_everybody_and_does_not_scroll_sideways(
    home, browser, tmp_path, name, width
):
    path = tmp_path / f"{name}.html"
    made = CliRunner().invoke(main, ["programme", *PAGES[name], "--out", str(path)])
    assert made.exit_code == 0
    context = browser.new_context(viewport={"width": width, "height": 800})
    try:
        page = context.new_page()
        page.goto(path.as_uri())
        found = Axe().run(page, options={"runOnly": RULES}).response["violations"]
        assert [(rule["id"], rule["nodes"][0]["html"]) for rule in found] == []
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        levels = page.evaluate(
            "[...document.querySelectorAll('h1,h2,h3,h4,h5,h6')].map(h => Number(h.tagName[1]))"
        )
        steps = [after - before for before, after in zip(levels, levels[1:], strict=False)]
        assert levels[0] == 1
        assert max(steps) <= 1
    finally:
        context.close()
