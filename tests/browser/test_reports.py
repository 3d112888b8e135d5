"""The sample county's baseline report and a strategy in a real browser."""

import pytest
from axe_playwright_python.sync_playwright import Axe

from outcomes.parameters import load_parameters
from outcomes.reports import make_baseline, make_strategies

pytestmark = [pytest.mark.browser, pytest.mark.slow]
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


@pytest.fixture(scope="module")
def pages(_sample_home, tmp_path_factory):
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("OUTCOMES_HOME", str(_sample_home))
        page = load_parameters().page(
            framework="essex_2014", outcome="overview", locality="X10000001", comparator="nation"
        )
        folder = tmp_path_factory.mktemp("reports")
        baseline = make_baseline(page, folder / "a") / "baseline.html"
        plan = make_strategies(page, ["health_and_wellbeing"], folder / "b")
    return {"baseline": baseline, "strategy": plan / "strategy_health_and_wellbeing.html"}


@pytest.mark.parametrize("width", [375, 1280])
@pytest.mark.parametrize("name", ["baseline", "strategy"])
def test_a_report_breaks_no_rule_and_its_headings_are_in_order(pages, browser, name, width):
    context = browser.new_context(viewport={"width": width, "height": 900})
    page = context.new_page()
    page.goto(pages[name].as_uri())
    found = Axe().run(page, options={"runOnly": RULES}).response["violations"]
    levels = page.eval_on_selector_all("h1,h2,h3,h4", "all => all.map(h => +h.tagName[1])")
    wide = page.evaluate("document.documentElement.scrollWidth")
    links = page.eval_on_selector_all(
        "a[href^='#']", "all => all.filter(a => !document.querySelector(a.hash)).length"
    )
    context.close()
    assert [(rule["id"], rule["nodes"][0]["html"]) for rule in found] == []
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(b - a <= 1 for a, b in zip(levels, levels[1:], strict=False))
    assert wide <= width
    assert links == 0
