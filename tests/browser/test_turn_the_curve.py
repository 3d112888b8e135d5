"""The live page "Turn the curve" in a real browser, before a real server."""

import runpy
from contextlib import contextmanager
from pathlib import Path
from types import SimpleNamespace
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from outcomes.baseline import load_baseline
from outcomes.parameters import load_parameters, read_plans

pytestmark = [pytest.mark.browser, pytest.mark.slow]
SERVED = Path(__file__).parents[1] / "served.py"
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
PAGE = {
    "framework": "essex_2014",
    "outcome": "health_and_wellbeing",
    "locality": "X10000001",
    "comparator": "nation",
}
FUEL = urlencode(PAGE | {"indicator": "fuel_poverty", "target": "12.5", "by": "2027-12-31"})


@pytest.fixture(scope="module")
def live_home(_sample_home, copy_with_store, tmp_path_factory):
    """A project of the module's own."""
    return copy_with_store(_sample_home, tmp_path_factory.mktemp("turn") / "project")


@pytest.fixture(scope="module")
def server(live_home):
    running = SimpleNamespace(**runpy.run_path(str(SERVED))).start(live_home)
    yield running
    assert running.stop() == 0


@pytest.fixture
def opened(new_page, server):
    """Return an opener of the page that waits until it can be read."""

    def open_page(query: str = FUEL, **options):
        page = new_page(server, f"apps/turn_the_curve?{query}", **options)
        expect(page.locator(".outcomes-in-picture img")).to_be_visible()
        page.wait_for_selector(".outcomes-address", state="attached")
        return settled(page)

    return open_page


def settled(page):
    """Wait until the answer is complete."""
    page.wait_for_selector("[aria-busy=true]", state="detached")
    return page


def control(page, name: str):
    return page.locator(f".outcomes-{name} :is(select, input, textarea)").first


def choices(page) -> dict[str, str]:
    return {name: values[0] for name, values in parse_qs(urlsplit(page.url).query).items()}


def with_plan(page, *, size: str = "-0.4"):
    """Add a scenario with one effect, by mouse and keys."""
    with answered(page):
        page.get_by_role("button", name="Add a scenario").click()
    expect(control(page, "scenario-name")).to_have_value("Our plan")
    typed(page, "starts", "2025-01-01")
    typed(page, "size", size)
    expect(page.get_by_role("heading", name="What each scenario comes to")).to_be_visible()
    return settled(page)


@contextmanager
def answered(page):
    """Wait after a choice until the address says it."""
    before = page.url
    yield
    expect(page).not_to_have_url(before)
    settled(page)


def typed(page, name: str, text: str) -> None:
    """Type into a control, and wait for the answer."""
    with answered(page):
        control(page, name).fill(text)
        control(page, name).press("Tab")


def answers(page) -> list[str]:
    """Return what is said: of the target, of the scenarios, and the pictures."""
    parts = page.locator(".outcomes-in-aim, .outcomes-in-basis, .outcomes-app table")
    picture = page.locator(".outcomes-in-picture img").get_attribute("src")
    return [*parts.all_inner_texts(), picture]


def test_the_first_answer_is_that_of_the_store(opened, live_home, monkeypatch):
    monkeypatch.setenv("OUTCOMES_HOME", str(live_home))
    page = opened(urlencode(PAGE | {"indicator": "fuel_poverty"}))
    baseline = load_baseline(load_parameters().page(**PAGE))
    (position,) = [p for p in baseline.positions if p.indicator_id == "fuel_poverty"]
    (target,) = position.outlook.targets
    chance = 5 * int(20 * target.chance + 0.5)
    said = f"the chance of meeting the target is about {chance} in 100."
    assert said in page.locator("h2 + p strong").first.inner_text()
    assert page.title() == "Turn the curve: Households in fuel poverty in Tarrowshire"
    assert control(page, "target").input_value() == "13"


def test_a_target_by_keys_and_by_one_click(opened):
    page = opened()
    typed(page, "target", "12.9")
    assert choices(page)["target"] == "12.9"
    expect(page.locator(".outcomes-in-aim")).to_contain_text(
        "The target is at most 12.9% by 31 December 2027."
    )
    with answered(page):
        page.get_by_role("button", name="Level with Alderland by").click()
    expect(page.locator(".outcomes-in-aim")).to_contain_text(
        "The target is to be level with Alderland by"
    )
    assert choices(page)["target"] == "beside:0.0"
    status = page.locator("#status")
    expect(status).to_contain_text("If things go on as they are, the chance of meeting the target")


def test_slider_and_number_box_are_linked_and_redraw_the_chart(opened):
    page = with_plan(opened())
    before = page.locator(".outcomes-in-picture img").get_attribute("src")
    slider = page.locator(".outcomes-size [role=slider]")
    slider.focus()
    slider.press("ArrowLeft")
    expect(control(page, "size")).to_have_value("-0.5")
    expect(page.locator(".outcomes-in-picture img")).not_to_have_attribute("src", before)
    assert page.evaluate("document.activeElement.getAttribute('role')") == "slider"


def test_a_link_opens_the_same_view_in_another_browser(opened):
    page = with_plan(opened())
    other = opened(urlsplit(page.url).query)
    expect(other.get_by_role("heading", name="What each scenario comes to")).to_be_visible()
    assert answers(other) == answers(page)
    assert other.url == page.url
    assert control(other, "scenario-name").input_value() == "Our plan"


def test_a_scenario_is_saved_and_loaded_again(opened, live_home, monkeypatch, tmp_path):
    monkeypatch.setenv("OUTCOMES_HOME", str(live_home))
    page = with_plan(opened())
    with page.expect_download() as waiting:
        page.get_by_role("button", name="Save this scenario").click()
    file = tmp_path / waiting.value.suggested_filename
    waiting.value.save_as(file)
    assert file.name == "our_plan.yml"
    found = read_plans(
        file.read_bytes(), name="it", framework="essex_2014", parameters=load_parameters()
    )
    assert [effect.size for effect in found.effects.values()] == [-0.4]
    other = opened()
    with other.expect_file_chooser() as chooser:
        other.get_by_role("button", name="Load a file saved before").click()
    chooser.value.set_files(file)
    expect(other.get_by_role("heading", name="What each scenario comes to")).to_be_visible()
    assert answers(settled(other)) == answers(page)


def test_a_wrong_file_and_a_wrong_address_are_told_in_plain_words(opened, tmp_path):
    file = tmp_path / "mine.yml"
    file.write_text("title: <img src=x onerror=alert(1)>\ntitle: twice")
    page = opened(f"{FUEL}&scenarios=eJ")
    expect(page.locator(".outcomes-controls [role=alert]")).to_have_text(
        "The address asks for scenarios 'eJ', which cannot be shown, so the usual one is shown "
        "instead. (its scenarios cannot be read; the link may be cut short)"
    )
    with page.expect_file_chooser() as chooser:
        page.get_by_role("button", name="Load a file saved before").click()
    chooser.value.set_files(file)
    expect(page.locator(".outcomes-controls [role=alert]")).to_have_text(
        "Mine.yml, line 2: the key 'title' stands twice, first in line 1; keep one of them."
    )


def test_what_one_visitor_does_another_does_not_see(opened, live_home):
    before = sorted(path for path in live_home.rglob("*") if path.is_file())
    one = with_plan(opened())
    other = opened()
    expect(other.get_by_role("button", name="Add a scenario")).to_be_visible()
    assert control(other, "scenario-name").is_hidden()
    assert control(one, "scenario-name").is_visible()
    assert sorted(path for path in live_home.rglob("*") if path.is_file()) == before


@pytest.mark.parametrize("width", [1280, 375])
def test_no_accessibility_rule_is_broken(opened, width):
    page = with_plan(opened(width=width))
    for summary in page.locator("summary").all():
        summary.click()
    found = Axe().run(page, options={"runOnly": RULES}).response["violations"]
    assert [(rule["id"], rule["nodes"][0]["html"]) for rule in found] == []


@pytest.mark.parametrize("width", [375, 640], ids=["phone", "zoomed to 200 %"])
def test_nothing_scrolls_sideways(opened, width):
    page = with_plan(opened(width=width))
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_by_keys_alone_a_plan_is_made_and_saved(opened):
    page = opened()
    reach(page, "Add a scenario")
    page.keyboard.press("Enter")
    expect(control(page, "scenario-name")).to_be_visible()
    settled(page)
    assert page.evaluate("document.activeElement.textContent.trim()") == "Add a scenario"
    reach(page, "Save this scenario")
    with page.expect_download() as waiting:
        page.keyboard.press("Enter")
    assert waiting.value.suggested_filename == "our_plan.yml"


def reach(page, words: str) -> None:
    """Press Tab until the button with these words has the focus."""
    for _ in range(80):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.textContent.trim()") == words:
            return
    raise AssertionError(f"Tab never reached {words!r}")
