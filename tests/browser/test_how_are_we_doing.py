"""The live page "How are we doing?" in a real browser, before a real server."""

import csv
import runpy
from contextlib import contextmanager
from io import BytesIO, StringIO
from pathlib import Path
from types import SimpleNamespace
from urllib.parse import parse_qs, urlsplit

import openpyxl
import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from outcomes.baseline import load_baseline
from outcomes.batch import run_pages
from outcomes.parameters import load_parameters
from outcomes.tables import table_positions

pytestmark = [pytest.mark.browser, pytest.mark.slow]
SERVED = Path(__file__).parents[1] / "served.py"
EVIL = "<img src=x onerror=alert(1)>"
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


@pytest.fixture(scope="module")
def live_home(_sample_home, copy_with_store, tmp_path_factory):
    """A project with one published page."""
    home = copy_with_store(_sample_home, tmp_path_factory.mktemp("how") / "project")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("OUTCOMES_HOME", str(home))
        report = run_pages(
            home / "parameters" / "runs" / "sample.yml",
            only=("economic_growth",),
            localities=("X10000001",),
            workers=1,
        )
    assert not report.failed
    return home


@pytest.fixture(scope="module")
def server(live_home):
    running = SimpleNamespace(**runpy.run_path(str(SERVED))).start(live_home)
    yield running
    assert running.stop() == 0


@pytest.fixture
def opened(new_page, server):
    """Return an opener of the page that waits until it can be read."""

    def open_page(query: str = "", **options):
        page = new_page(server, f"apps/how_are_we_doing?{query}", **options)
        settled(page)
        return page

    return open_page


@pytest.fixture
def baseline(live_home, monkeypatch):
    """Return a loader of what the store says for the page, changed as asked."""
    monkeypatch.setenv("OUTCOMES_HOME", str(live_home))

    def load(**changes):
        usual = {
            "framework": "essex_2014",
            "outcome": "economic_growth",
            "locality": "X10000001",
            "comparator": "nation",
        }
        return load_baseline(load_parameters().page(**usual | changes))

    return load


def settled(page):
    """Wait until the answer is complete."""
    page.wait_for_selector(".outcomes-address", state="attached")
    page.wait_for_selector("[aria-busy=true]", state="detached")
    return page


@contextmanager
def answer(page):
    """Wait until a choice is answered: the mark that comes last of all is then another one."""
    page.locator(".outcomes-address").evaluate_all("all => all.map(e => e.dataset.seen = 'yes')")
    yield
    page.wait_for_selector(".outcomes-address:not([data-seen])", state="attached")
    settled(page)


def control(page, name):
    return page.locator(f".outcomes-{name} :is(select, input)")


def region(page, name):
    return page.locator(f".{name}")


def choices(page) -> dict[str, str]:
    return {name: values[0] for name, values in parse_qs(urlsplit(page.url).query).items()}


def rows(page) -> list[list[str]]:
    return page.locator(".outcomes-sortable tbody tr").evaluate_all(
        "rows => rows.map(row => [...row.cells].map(cell => cell.innerText.trim()))"
    )


def focused_in(page, name) -> bool:
    return page.evaluate("n => !!document.activeElement.closest(n)", f".outcomes-{name}")


def press_until(page, key, name, *, most=60):
    """Press a key until the focus is in a control or a region."""
    for _ in range(most):
        if focused_in(page, name):
            return
        page.keyboard.press(key)
    raise AssertionError(f"{key} does not lead to {name}")


def test_the_first_answer_is_what_the_store_says(opened, baseline):
    page = opened()
    expected = table_positions(baseline()).frame.to_numpy().tolist()
    assert page.locator("h1").inner_text() == (
        "Is there sustainable economic growth for Tarrowshire communities and businesses?"
    )
    assert rows(page) == expected
    assert page.locator(".notice").inner_text() == "Sample data, not a real place."
    assert page.title() == (
        "Sustainable economic growth for Tarrowshire communities and businesses: Tarrowshire "
        "compared with Alderland"
    )


def test_every_chooser_changes_the_answer_and_the_address(opened):
    page = opened()
    with answer(page):
        control(page, "tree").select_option(label="\u2003" * 3 + "Wexmoor, district")
    expect(page.locator("h1")).to_contain_text("for Wexmoor communities")
    with answer(page):
        control(page, "comparator").select_option(label="Its region")
    expect(page.locator(".lead")).to_contain_text("compared with Mid Alderland")
    with answer(page):
        control(page, "outcome").select_option(index=5)
    expect(page.locator("h1")).to_contain_text("environment")
    with answer(page):
        control(page, "as_of").fill("2026-Q3")
        control(page, "as_of").press("Enter")
    expect(page.locator(".lead")).to_contain_text("What was known on 30 September 2026")
    with answer(page):
        control(page, "framework").select_option(index=2)
    expect(page.locator(".lead")).to_contain_text("The framework is an example")
    assert choices(page) | {"indicator": ""} == {
        "framework": "nine_outcomes_example",
        "outcome": "good_start",
        "locality": "X07000002",
        "comparator": "region",
        "as_of": "2026-09-30",
        "indicator": "",
    }


def test_a_place_is_found_by_typing_and_the_focus_stays(opened):
    page = opened()
    with answer(page):
        control(page, "locality").press_sequentially("salt")
        control(page, "locality").press("Enter")
    expect(page.locator("h1")).to_contain_text("for Saltern Bay communities")
    assert focused_in(page, "locality")
    expect(control(page, "locality")).to_have_value("")
    assert choices(page)["locality"] == "X07000005"


def test_a_wrong_entry_is_told_and_nothing_else_changes(opened):
    page = opened()
    before = rows(page)
    with answer(page):
        control(page, "locality").fill(EVIL)
        control(page, "locality").press("Enter")
    expect(page.locator(".outcomes-message")).to_have_text(
        f"There is no place {EVIL!r} here; the list has all the places there are."
    )
    assert rows(page) == before
    assert page.locator("img[src=x]").count() == 0


def test_a_row_chooses_its_indicator_and_only_its_region_is_drawn_anew(opened, baseline):
    page = opened()
    page.evaluate("document.querySelector('.outcomes-sortable table').kept = true")
    with answer(page):
        page.get_by_role("button", name="Working-age people in employment", exact=True).click()
    closely = region(page, "outcomes-indicator-answer")
    expect(closely.get_by_role("heading")).to_have_text("Working-age people in employment")
    assert page.evaluate("document.querySelector('.outcomes-sortable table').kept")
    assert focused_in(page, "indicator-answer")
    assert choices(page)["indicator"] == "employment_rate"
    pictures = page.locator("figure.chart img")
    assert pictures.count() == 4
    assert all(pictures.evaluate_all("all => all.map(i => i.complete && i.naturalWidth > 100)"))
    (position,) = [p for p in baseline().positions if p.indicator_id == "employment_rate"]
    expect(page.get_by_role("status")).to_contain_text(
        f"{position.indicator.title} in Tarrowshire, {position.latest.period}: "
    )
    assert position.source.publisher in closely.inner_text()


def test_the_table_is_sorted_by_its_headings_and_stays_so(opened):
    page = opened()
    heading = page.get_by_role("button", name="Period", exact=True)
    heading.click()
    periods = [row[1] for row in rows(page)]
    heading.click()
    assert [row[1] for row in rows(page)] != periods
    assert page.locator("th[aria-sort=descending]").inner_text().startswith("Period")
    with answer(page):
        control(page, "comparator").select_option(label="Its region")
    expect(page.locator("th[aria-sort=descending]")).to_have_count(1)


def tops_of(closely) -> list[float]:
    """Return where the columns of two places begin."""
    columns = closely.locator(".outcomes-columns > div")
    return columns.evaluate_all("all => all.map(e => e.getBoundingClientRect().top)")


def test_two_places_beside_each_other(opened, baseline):
    page = opened("locality=X07000001&beside=X07000002&indicator=employment_rate")
    shown = rows(page)
    for at, code in ((2, "X07000001"), (4, "X07000002")):
        frame = table_positions(baseline(locality=code)).frame
        assert [row[at] for row in shown] == frame.iloc[:, 2].tolist()
    closely = region(page, "outcomes-indicator-answer")
    assert closely.locator("figure").count() == 4
    first, second = tops_of(closely)
    assert first == second
    page.set_viewport_size({"width": 375, "height": 800})
    first, second = tops_of(closely)
    assert first < second
    with answer(page):
        control(page, "beside").select_option(label="no other place")
    assert closely.locator("figure").count() == 2
    assert "beside" not in choices(page)


def test_a_link_opens_the_same_view_for_somebody_else(opened):
    page = opened("locality=X07000001")
    with answer(page):
        control(page, "comparator").select_option(label="Its region")
    with answer(page):
        page.get_by_role("button", name="Working-age people in employment", exact=True).click()
    assert choices(page)["indicator"] == "employment_rate"
    other = opened(urlsplit(page.url).query)
    assert urlsplit(other.url).query == urlsplit(page.url).query
    assert other.locator("#cells").inner_text() == page.locator("#cells").inner_text()
    pictures = [p.locator("figure img").evaluate_all("all => all.map(i => i.src)") for p in
                (page, other)]  # fmt: skip
    assert pictures[0] == pictures[1]


def saved(page, label) -> tuple[str, bytes]:
    with answer(page), page.expect_download() as waiting:
        page.get_by_role("button", name=label, exact=True).click()
    return waiting.value.suggested_filename, Path(waiting.value.path()).read_bytes()


def test_downloads_hold_the_figures_of_the_store(opened, baseline):
    page = opened("indicator=employment_rate")
    positions = baseline().positions
    values = [p.latest.value for p in positions]

    name, content = saved(page, "Table as CSV")
    assert name == "tarrowshire-economic_growth-nation-table.csv"
    heads, *found = csv.reader(StringIO(content.decode("utf-8-sig"), newline=""))
    column = heads.index("Tarrowshire: value")
    decimals = [p.indicator.decimals for p in positions]
    for row, value, d in zip(found, values, decimals, strict=True):
        assert float(row[column]) == pytest.approx(value, abs=0.5000001 * 10**-d)
    assert [row[: len(r)] for row, r in zip(found, rows(page), strict=True)] == rows(page)

    name, content = saved(page, "Table as Excel")
    assert name.endswith("-table.xlsx")
    sheet = openpyxl.load_workbook(BytesIO(content)).active
    assert [[cell.value for cell in row][0] for row in sheet.iter_rows(min_row=2)] == [
        row[0] for row in found
    ]

    name, content = saved(page, "Chart as SVG")
    assert name == "tarrowshire-economic_growth-nation-employment_rate.svg"
    assert b"Working-age people in employment: Tarrowshire" in content

    name, content = saved(page, "Chart as PNG")
    assert content.startswith(b"\x89PNG")
    expect(page.get_by_role("status")).to_have_text("Chart as PNG is ready.")
    expect(page.locator("a.outcomes-download")).to_have_text(f"Save {name}")


def test_the_page_as_published_is_one_link_away(opened):
    page = opened()
    heading = page.locator("h1").inner_text()
    page.get_by_role("link", name="This page as published").click()
    page.wait_for_url("**/X10000001/economic_growth--nation.html")
    assert page.locator("h1").inner_text() == heading


@pytest.mark.parametrize("width", [1280, 375])
@pytest.mark.parametrize("query", ["", "locality=X07000001&beside=X07000002&comparator=nobody"],
                         ids=["one place", "two places and a message"])  # fmt: skip
def test_no_accessibility_rule_is_broken(opened, query, width):
    page = opened(query, width=width)
    for summary in page.locator("summary").all():
        summary.click()
    found = Axe().run(page, options={"runOnly": RULES})
    assert found.response["violations"] == [], found.generate_report()


@pytest.mark.parametrize(
    ("width", "options"),
    [(1280, {}), (768, {}), (375, {"has_touch": True}), (640, {"device_scale_factor": 2}),
     (320, {})],
    ids=["desktop", "tablet", "phone", "200 %", "400 %"],
)  # fmt: skip
def test_nothing_scrolls_sideways(opened, width, options):
    page = opened("locality=X07000001&beside=X07000002", width=width, **options)
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_the_whole_page_by_keyboard(opened):
    page = opened()
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Skip to the content"
    for name in ("outcome", "tree", "locality", "comparator", "beside", "framework", "as_of"):
        press_until(page, "Tab", name)
    press_until(page, "Shift+Tab", "comparator")
    with answer(page):
        page.keyboard.press("ArrowUp")
    expect(page.locator(".lead")).to_contain_text("compared with Mid Alderland")
    assert focused_in(page, "comparator")
    assert page.evaluate("getComputedStyle(document.activeElement).outlineStyle") == "solid"
    press_until(page, "Tab", "choose")
    page.keyboard.press("Tab")
    label = page.evaluate("document.activeElement.dataset.value")
    with answer(page):
        page.keyboard.press("Enter")
    expect(region(page, "outcomes-indicator-answer").get_by_role("heading")).to_contain_text(label)
    assert focused_in(page, "indicator-answer")
    press_until(page, "Tab", "prepare")
    with answer(page), page.expect_download():
        page.keyboard.press("Enter")
    assert focused_in(page, "prepare")


def test_an_address_that_cannot_be_shown_is_told_and_runs_nothing(opened):
    names = ("framework", "outcome", "locality", "comparator", "as_of", "indicator", "beside")
    page = opened("&".join(f"{name}={EVIL}" for name in names))
    said = page.locator(".outcomes-message").locator("p")
    assert said.count() == len(names)
    for name, words in zip(names, said.all_inner_texts(), strict=True):
        assert words.startswith(f"The address asks for {name.replace('_', ' ')} {EVIL!r}, which ")
    assert page.locator("img[src=x]").count() == 0
    assert choices(page)["locality"] == "X10000001"


def test_one_visitor_changes_nothing_for_another(opened):
    one, other = opened(), opened()
    before = other.locator("#cells").inner_text()
    with answer(one):
        control(one, "comparator").select_option(label="Its region")
    expect(one.locator(".lead")).to_contain_text("compared with Mid Alderland")
    assert other.locator("#cells").inner_text() == before
