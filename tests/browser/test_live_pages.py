"""The frame of live pages in a real browser: what its script does, and what it says when it cannot."""

import runpy
import signal
from pathlib import Path
from types import SimpleNamespace

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

pytestmark = [pytest.mark.browser, pytest.mark.slow]
served = SimpleNamespace(**runpy.run_path(str(Path(__file__).parents[1] / "served.py")))
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


@pytest.fixture(scope="module")
def small_home(_sample_home, copy_with_store, tmp_path_factory):
    home = copy_with_store(_sample_home, tmp_path_factory.mktemp("frames") / "project")
    served.put_small_app(home)
    served.put_app(home, "broken", "raise ValueError('a secret detail')", title="A broken page")
    return home


@pytest.fixture(scope="module")
def small(small_home):
    """A server with the small app."""
    running = served.start(small_home)
    yield running
    running.stop()


@pytest.fixture
def visit(browser, small):
    """Return an opener of pages that keeps what they ask for and what they complain of."""
    contexts = []

    def open_page(path="apps/small", *, width=1280, server=small, **options):
        context = browser.new_context(viewport={"width": width, "height": 900}, **options)
        contexts.append(context)
        context.grant_permissions(["clipboard-read", "clipboard-write"])
        page = context.new_page()
        page.requested, page.complaints = [], []
        page.on("request", lambda request: page.requested.append(request.url))
        page.on("pageerror", lambda error: page.complaints.append(str(error)))
        page.on(
            "console",
            lambda said: page.complaints.append(said.text) if said.type == "error" else None,
        )
        page.goto(server.address + path)
        if path.startswith("apps/small"):
            expect(page.locator("h1")).to_be_visible()
        return page

    yield open_page
    for context in contexts:
        context.close()


def violations(page):
    found = Axe().run(page, options={"runOnly": RULES}).response["violations"]
    return [(rule["id"], rule["nodes"][0]["html"]) for rule in found]


def test_a_page_asks_nothing_of_others_and_raises_no_complaint(visit, small):
    page = visit()
    others = [url for url in page.requested if not url.startswith((small.origin, "data:", "blob:"))]
    assert others == []
    assert page.complaints == []
    assert page.context.cookies() == []


@pytest.mark.parametrize("width", [375, 1280])
@pytest.mark.parametrize("path", ["", "apps/small", "none"])
def test_no_accessibility_rule_of_wcag_2_2_aa_is_broken(visit, path, width):
    page = visit(path, width=width)
    assert violations(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_twice_as_large_nothing_scrolls_sideways(visit):
    page = visit(width=640)
    page.evaluate("document.documentElement.style.fontSize = '200%'")
    assert page.evaluate("document.documentElement.scrollWidth") <= 640


def test_a_choice_changes_answer_address_and_title_and_is_spoken(visit):
    page = visit("apps/small?pick=Air")
    expect(page.locator("h1")).to_have_text("Air in the county")
    page.get_by_label("Indicator").select_option("Jobs")
    expect(page.locator("h1")).to_have_text("Jobs in the county")
    assert page.url.endswith("/apps/small?pick=Jobs")
    assert page.title() == "Jobs: how are we doing?"
    expect(page.locator("#status")).to_have_text("Showing Jobs.")
    expect(page.locator("#content")).to_have_attribute("aria-busy", "false")


def test_the_link_opens_the_same_view_for_another_visitor(visit, small):
    page = visit()
    page.get_by_label("Indicator").select_option("Air")
    expect(page.locator("h1")).to_have_text("Air in the county")
    page.get_by_role("button", name="Copy link to this view").click()
    expect(page.locator("#status")).to_have_text("The link to this view has been copied.")
    link = page.evaluate("navigator.clipboard.readText()")
    other = visit(link.removeprefix(small.address))
    expect(other.locator("h1")).to_have_text("Air in the county")


def test_a_value_that_is_none_is_told_and_the_usual_one_shown(visit):
    page = visit("apps/small?pick=%3Cimg%20src%3Dx%20onerror%3Dalert(1)%3E")
    expect(page.locator(".outcomes-message")).to_have_text(
        "There is no <img src=x onerror=alert(1)>."
    )
    assert page.locator("#content img").count() == 0


def test_by_keyboard_alone_from_the_skip_link_to_a_choice(visit):
    page = visit()
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Skip to the content"
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    expect(page.get_by_label("Indicator")).to_be_focused()
    page.keyboard.press("ArrowDown")
    expect(page.locator("h1")).to_have_text("Air in the county")
    expect(page.get_by_label("Indicator")).to_be_focused()


def rows(page):
    return page.locator(".outcomes-sortable tbody th").all_inner_texts()


def test_columns_sort_by_number_with_none_last_and_stay_sorted(visit):
    page = visit()
    gap = page.get_by_role("button", name="Gap", exact=True)
    gap.click()
    assert rows(page) == ["Homes", "Jobs", "Air"]
    expect(page.locator("#status")).to_have_text("Sorted by Gap, smallest first.")
    gap.press("Enter")
    assert rows(page) == ["Jobs", "Homes", "Air"]
    head = page.get_by_role("columnheader", name="Gap")
    expect(head).to_have_attribute("aria-sort", "descending")
    page.get_by_label("Indicator").select_option("Jobs")
    expect(page.locator("h1")).to_have_text("Jobs in the county")
    expect(head).to_have_attribute("aria-sort", "descending")
    assert rows(page) == ["Jobs", "Homes", "Air"]
    page.get_by_role("button", name="Latest").click()
    assert rows(page) == ["Jobs", "Air", "Homes"]
    page.get_by_role("columnheader", name="Indicator").get_by_role("button").click()
    assert rows(page) == ["Air", "Homes", "Jobs"]
    expect(page.locator("#status")).to_have_text("Sorted by Indicator, A first.")
    assert page.locator("[aria-sort]").count() == 1


def test_on_a_phone_the_headings_are_there_to_sort_by(visit):
    page = visit(width=375)
    page.get_by_role("button", name="Gap", exact=True).click()
    assert rows(page) == ["Homes", "Jobs", "Air"]


def test_a_button_makes_a_choice_and_focus_goes_to_the_answer(visit):
    page = visit()
    page.get_by_role("button", name="Show Jobs").press("Enter")
    expect(page.locator("h1")).to_have_text("Jobs in the county")
    expect(page.get_by_label("Indicator")).to_have_value("Jobs")
    expect(page.locator("h1")).to_be_focused()


def test_a_prepared_file_is_saved_once_and_its_link_stays(visit):
    page = visit()
    with page.expect_download() as saved:
        page.get_by_role("button", name="Prepare the table").click()
    assert saved.value.suggested_filename == "table.csv"
    assert Path(saved.value.path()).read_bytes() == b"a,b\n1,2\n"
    with page.expect_download() as again:
        page.get_by_role("link", name="Save the table again").click()
    assert again.value.suggested_filename == "table.csv"
    page.get_by_label("Indicator").select_option("Air")
    expect(page.locator("h1")).to_have_text("Air in the county")


def test_while_it_works_it_says_so(visit):
    page = visit()
    expect(page.locator("#working")).to_be_hidden()
    page.get_by_role("button", name="Think").click()
    expect(page.locator("#working")).to_be_visible()
    expect(page.locator("#content")).to_have_attribute("aria-busy", "true")
    expect(page.locator("#working")).to_be_hidden()
    expect(page.locator("#content")).to_have_attribute("aria-busy", "false")


def test_a_choice_that_fails_is_told_and_the_page_goes_on(visit):
    page = visit()
    page.get_by_role("button", name="Fail").click()
    expect(page.locator("#trouble")).to_have_text(
        "That could not be worked out, and it was written down. What you see is from before; another "
        "choice may still work."
    )
    expect(page.locator("#content")).to_have_attribute("aria-busy", "false")
    page.get_by_label("Indicator").select_option("Air")
    expect(page.locator("h1")).to_have_text("Air in the county")
    expect(page.locator("#trouble")).to_be_empty()


def test_a_kernel_that_dies_is_told_and_reload_brings_the_choices_back(visit):
    page = visit("apps/small?pick=Jobs")
    page.get_by_role("button", name="End").click()
    expect(page.locator("#trouble p")).to_have_text(
        "This page has stopped on the server. Reload it: the address keeps your choices.",
    )
    assert violations(page) == []
    page.get_by_role("button", name="Reload").click()
    expect(page.locator("h1")).to_have_text("Jobs in the county")
    expect(page.locator("#trouble")).to_be_empty()


def test_a_page_that_cannot_be_made_is_told(visit):
    page = visit("apps/broken")
    expect(page.locator("#trouble p")).to_have_text(
        "This page could not be made. It is not your doing, and it was written down. Reload it to "
        "try again.",
    )
    expect(page.locator("#working")).to_be_hidden()
    assert "secret" not in page.content()


def test_an_idle_page_and_a_lost_server_are_told(visit, small_home):
    running = served.start(small_home, "--idle-minutes", "0.2")
    page = visit(server=running)
    other = visit(server=running)
    expect(page.locator("#trouble p")).to_have_text(
        "This page was idle for long; reload it: the address keeps your choices."
    )
    other.reload()
    expect(other.locator("h1")).to_be_visible()
    running.stop(signal.SIGKILL)
    expect(other.locator("#trouble p")).to_have_text(
        "The connection to this page was lost; it is being tried again. You can also reload the page: "
        "the address keeps your choices."
    )


def test_leaving_a_page_ends_its_kernel(visit, small):
    page = visit("")
    before = set(small.processes())
    page.get_by_role("link", name="A small page").click()
    expect(page.locator("h1")).to_have_text("Homes in the county")
    own = set(small.processes()) - before
    assert own
    page.get_by_role("link", name="All live and published pages").click()
    assert served.until(lambda: not own & set(small.processes()))


def test_without_scripts_the_way_to_the_published_pages_is_shown(browser, small):
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(small.address + "apps/small")
    said = page.locator("noscript p")
    expect(said).to_be_visible()
    assert said.inner_text() == (
        "This page answers your choices, for which your browser has to run scripts. The published "
        "pages need none."
    )
    expect(page.get_by_text("Working…")).to_be_hidden()
    context.close()


@pytest.mark.parametrize("option", [{"reduced_motion": "reduce"}, {"forced_colors": "active"}])
def test_it_reads_well_with_the_readers_own_settings(visit, option):
    page = visit(**option)
    assert page.evaluate("document.getAnimations().length") == 0
    for key in ("Tab", "Enter", "Tab"):
        page.keyboard.press(key)
    expect(page.get_by_label("Indicator")).to_be_focused()
    assert page.evaluate("getComputedStyle(document.activeElement).outlineStyle") == "solid"
    for control in page.locator("#content button, #content select, #content input").all():
        box = control.bounding_box()
        assert box["height"] >= 24
