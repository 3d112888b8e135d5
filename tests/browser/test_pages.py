import pytest
from axe_playwright_python.sync_playwright import Axe

from outcomes.batch.manifest import read_manifest

pytestmark = [pytest.mark.browser, pytest.mark.slow]
PAGES = [
    "index.html",
    "X10000001/overview--nation.html",
    "X10000001/health_and_wellbeing--nation.html",
    "X07000003/safe_communities--nation.html",
    "X10000001/evidence--nation.html",
]
OUTCOMES = [
    "best_start",
    "education_and_learning",
    "safe_communities",
    "economic_growth",
    "environment",
    "independent_living",
]
WIDTHS = {"phone": 375, "desktop": 1280}
pages = pytest.mark.parametrize("name", PAGES)


@pytest.fixture
def opened(browser, site):
    """Return an opener of pages that keeps what they ask the network for."""
    contexts = []

    def open_page(name: str, *, width: int = 1280):
        context = browser.new_context(viewport={"width": width, "height": 800})
        contexts.append(context)
        page = context.new_page()
        page.requested = []
        page.complaints = []
        page.on("request", lambda request: page.requested.append(request.url))
        page.on("console", lambda message: page.complaints.append(message.text))
        page.goto((site / name).as_uri())
        return page

    yield open_page
    for context in contexts:
        context.close()


@pages
@pytest.mark.parametrize("width", WIDTHS.values(), ids=WIDTHS)
def test_nothing_scrolls_sideways(opened, name, width):
    page = opened(name, width=width)
    assert page.evaluate("document.documentElement.scrollWidth") <= width


@pages
def test_a_page_asks_nothing_of_the_network_and_raises_no_complaint(opened, name):
    page = opened(name)
    assert [url for url in page.requested if not url.startswith(("file:", "data:"))] == []
    assert len([url for url in page.requested if url.startswith("file:")]) == 1
    assert page.complaints == []


@pages
@pytest.mark.parametrize("width", WIDTHS.values(), ids=WIDTHS)
def test_no_accessibility_rule_of_wcag_2_2_aa_is_broken(opened, name, width):
    assert broken_rules(opened(name, width=width)) == []


@pytest.mark.parametrize("outcome", OUTCOMES)
def test_nor_on_the_page_of_any_other_outcome(opened, outcome):
    assert broken_rules(opened(f"X10000001/{outcome}--nation.html")) == []


def broken_rules(page) -> list[tuple[str, str]]:
    """Return each rule that a page breaks with all its parts unfolded, and the first place."""
    page.evaluate("document.querySelectorAll('details').forEach(part => { part.open = true })")
    options = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}
    found = Axe().run(page, options=options).response["violations"]
    return [(rule["id"], rule["nodes"][0]["html"]) for rule in found]


@pages
def test_language_title_one_heading_and_levels_in_order(opened, name):
    page = opened(name)
    assert page.evaluate("document.documentElement.lang") == "en-GB"
    assert page.title().endswith("(sample data, not a real place)")
    levels = page.evaluate(
        "[...document.querySelectorAll('h1,h2,h3,h4')].map(h => Number(h.tagName[1]))"
    )
    assert levels.count(1) == 1
    assert levels[0] == 1
    assert all(after - before <= 1 for before, after in zip(levels, levels[1:], strict=False))


@pages
def test_every_chart_is_drawn_has_an_alternative_and_a_table(opened, name):
    page = opened(name)
    charts = page.evaluate(
        """[...document.querySelectorAll('img')].map(i => ({
            drawn: i.complete && i.naturalWidth > 100,
            alternative: i.alt.length,
            rows: i.closest('figure').querySelectorAll('details table tbody tr').length}))"""
    )
    assert all(c["drawn"] and c["alternative"] > 40 and c["rows"] > 1 for c in charts)
    assert bool(charts) == (name == PAGES[2] or name == PAGES[3])


def test_keyboard_reaches_the_content_and_unfolds_a_table(opened):
    page = opened(PAGES[2])
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Skip to the content"
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.tagName") == "SUMMARY"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.closest('details').open")


def test_from_the_index_to_a_page_and_back(opened):
    page = opened("index.html")
    page.get_by_role("link", name="Ellenford, Safe communities").click()
    assert page.locator("h1").inner_text() == (
        "Are people in Ellenford living in safe communities and protected from harm?"
    )
    page.get_by_role("link", name="All places and outcomes").click()
    assert page.url.endswith("/index.html")


def test_the_figures_on_the_page_are_those_of_the_manifest(opened, site):
    (record,) = [
        r for r in read_manifest(site)["pages"]
        if r["name"] == "X10000001/health_and_wellbeing--nation"
    ]  # fmt: skip
    shown = {result["period"] for result in record["results"] if result["value"] is not None}
    rows = opened(PAGES[2]).locator("table").first.locator("tbody tr")
    assert rows.count() == len(record["results"])
    periods = {rows.nth(i).locator("td").first.inner_text() for i in range(rows.count())}
    assert shown <= periods


def test_a_phone_shows_each_row_as_a_list_with_its_headings(opened):
    page = opened(PAGES[2], width=375)
    cell = page.locator("table").first.locator("tbody td").first
    assert page.evaluate("e => getComputedStyle(e).display", cell.element_handle()) == "block"
    before = page.evaluate("e => getComputedStyle(e, '::before').content", cell.element_handle())
    assert "Period" in before


def test_where_it_is_heading_is_told_with_its_range_its_record_a_target_and_scenarios(opened):
    page = opened(PAGES[2])
    heading = page.get_by_role("heading", name="Households in fuel poverty: what lies ahead")
    section = page.locator("section.indicator").filter(has=heading)
    words = section.inner_text()
    for said in (
        "meant to fall between the two ends 8 times in 10",
        "forecasts of the past",
        "Is that acceptable?",
        "The target is at most 13",
        "All of them together",
        "from figures up to 2022",
    ):
        assert said in words
    assert section.locator("figure img").count() == 1
    scenarios = section.get_by_role("table").filter(has_text="The forecast alone")
    assert scenarios.locator("tbody tr").count() == 4
