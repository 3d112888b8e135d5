"""The live page "Choose what matters" in a real browser: three groups vote, one ballot is closed."""

import csv
import re
import runpy
from pathlib import Path
from types import SimpleNamespace

import pypdfium2
import pytest
from axe_playwright_python.sync_playwright import Axe
from click.testing import CliRunner
from docx import Document
from playwright.sync_api import expect

from outcomes.ballots import open_box
from outcomes.cli import main

pytestmark = [pytest.mark.browser, pytest.mark.slow]
served = SimpleNamespace(**runpy.run_path(str(Path(__file__).parents[1] / "served.py")))
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
NINE = "nine_outcomes_example"
WORDS = {
    "loved": "Every child is cared for and loved",
    "ready": "Children arrive at school ready to learn",
    "fed": "No child is hungry or cold",
    "help": "Parents get help early, before a worry becomes a crisis",
    "play": "Children have safe places to play",
    "born": "Babies are born healthy",
}


@pytest.fixture(scope="module")
def vote_home(_sample_home, copy_with_store, tmp_path_factory):
    """A project of the module's own, with an open ballot."""
    home = copy_with_store(_sample_home, tmp_path_factory.mktemp("votes") / "project")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("OUTCOMES_HOME", str(home))
        patch.delenv("OUTCOMES_BALLOTS", raising=False)
        yield home


@pytest.fixture(scope="module")
def codes(vote_home):
    done = run("open", "nine_outcomes", "--out", str(vote_home / "codes.csv"))
    assert done.exit_code == 0, done.output
    found = {}
    with (vote_home / "codes.csv").open(encoding="utf-8-sig") as file:
        for row in csv.DictReader(file):
            found.setdefault(row["group"], []).append(row["code"])
    return found


@pytest.fixture(scope="module")
def server(vote_home, codes):
    running = served.start(vote_home)
    yield running
    assert running.stop() == 0


def run(*words: str):
    return CliRunner().invoke(main, ["ballot", *words])


@pytest.fixture
def opened(new_page, server):
    """Return an opener of the page that waits until it can be read, and has typed a code."""

    def open_page(code: str = "", **options):
        page = new_page(server, "apps/choose_what_matters", **options)
        expect(page.get_by_label("Your code")).to_be_visible()
        settled(page)
        if code:
            enter(page, code)
            expect(page.get_by_role("button", name="Next outcome")).to_be_visible()
        return settled(page)

    return open_page


def settled(page):
    page.wait_for_selector("[aria-busy=true]", state="detached")
    return page


def enter(page, code: str) -> None:
    page.get_by_label("Your code").fill(code)
    page.get_by_role("button", name="Begin").click()


def tick(page, *chosen: str) -> None:
    """Tick exactly these."""
    group = page.get_by_role("group", name="What do we mean by this? Tick the 4 statements")
    for short, words in WORDS.items():
        group.get_by_role("checkbox", name=words).set_checked(short in chosen)
    expect(page.locator(".outcomes-count")).to_contain_text(f"{len(chosen)} of 4 chosen")


def cast(page, *chosen: str, button: str = "Cast my vote") -> None:
    tick(page, *chosen)
    page.get_by_role("button", name=button).click()


def stored(page, outcomes: int = 1) -> None:
    expect(page.locator("#cells")).to_contain_text("Your vote on this outcome is stored.")
    expect(page.locator("#cells")).to_contain_text(f"you have voted on {outcomes} of 9 outcomes")


def violations(page):
    found = Axe().run(page, options={"runOnly": RULES}).response["violations"]
    return [(rule["id"], rule["nodes"][0]["html"]) for rule in found]


def test_a_wrong_code_opens_nothing(opened, server):
    page = opened()
    enter(page, "MEMBERS-0000-0000-0000")
    expect(page.get_by_role("alert").filter(has_text="code")).to_have_text(
        "This code is not one of this ballot; type it as it was handed out to you, such as "
        "MEMBERS-7K2M-9QXT-04WB."
    )
    assert page.get_by_role("checkbox").count() == 0
    field = page.get_by_label("Your code")
    expect(field).to_have_attribute("aria-invalid", "true")
    expect(field).to_have_accessible_description(re.compile("^This code is not one of this ballot"))
    # The same once more, now with Enter: it is a new alert, which is spoken and seen again.
    page.locator(".outcomes-message:visible").evaluate("e => (e.dataset.old = 'yes')")
    field.fill("MEMBERS-0000-0000-0000")
    field.press("Enter")
    expect(page.locator(".outcomes-message:visible:not([data-old])")).to_be_in_viewport(ratio=1)
    expect(field).to_be_in_viewport(ratio=1)


@pytest.mark.parametrize("width", [1280, 375])
def test_enter_in_the_field_begins_and_the_reader_is_taken_along(opened, codes, width):
    page = opened(width=width)
    expect(page.get_by_label("Your code")).to_have_attribute("aria-invalid", "false")
    page.get_by_label("Your code").fill(codes["public"][width % 100])
    page.get_by_label("Your code").press("Enter")
    question = page.locator("h2.outcomes-question-answer")
    expect(question).to_be_focused()
    page.get_by_role("checkbox").first.check()
    page.get_by_role("button", name="Next outcome").click()
    expect(question).to_contain_text("2. ")
    expect(question).to_be_focused()
    expect(page.get_by_role("alert").filter(has_text="You left outcome 1")).to_be_in_viewport(
        ratio=1
    )
    expect(question).to_be_in_viewport(ratio=1)
    page.get_by_label("Outcome").select_option(index=2)
    expect(page.locator("#status")).to_contain_text("0 of 4 chosen.")
    page.get_by_role("button", name="I have finished").click()
    expect(page.locator("h1.outcomes-thanks-answer")).to_be_focused()
    expect(page.locator(".outcomes-done:visible")).to_be_in_viewport(ratio=1)


@pytest.mark.parametrize("width", [1280, 375])
def test_no_accessibility_rule_is_broken_and_nothing_scrolls_sideways(opened, codes, width):
    page = opened(width=width)
    assert violations(page) == []
    enter(page, codes["public"][width % 200])
    expect(page.get_by_role("button", name="Next outcome")).to_be_visible()
    cast(settled(page), "loved", "ready", "fed")
    expect(page.get_by_role("alert").filter(has_text="3 statements are chosen")).to_be_visible()
    cast(page, "loved", "ready", "fed", "help")
    stored(page)
    above = page.locator(".outcomes-done:visible")
    expect(above).to_have_text(
        "Your vote is stored. The public: you have voted on 1 of 9 outcomes."
    )
    expect(above).to_be_in_viewport()
    assert above.bounding_box()["y"] < page.get_by_role("button", name="Next").bounding_box()["y"]
    assert violations(settled(page)) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    page.get_by_role("button", name="Withdraw my vote").click()
    expect(page.locator("#cells")).to_contain_text("You have no vote stored on this outcome.")
    expect(page.locator("h2.outcomes-question-answer")).to_be_focused()


def test_by_keys_alone_a_vote_is_cast(opened, codes):
    page = opened()
    page.get_by_label("Your code").focus()
    page.keyboard.type(codes["business"][0])
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.locator("h2.outcomes-question-answer")).to_be_focused()
    page.keyboard.press("Tab")
    expect(page.get_by_role("checkbox").first).to_be_focused()
    for number in range(1, 5):
        page.keyboard.press("Space")
        expect(page.locator(".outcomes-count")).to_have_text(f"{number} of 4 chosen")
        page.keyboard.press("Tab")
    page.get_by_role("button", name="Cast my vote").focus()
    page.keyboard.press("Enter")
    stored(page)
    page.get_by_role("button", name="Withdraw my vote").click()
    expect(page.locator("#cells")).to_contain_text("You have no vote stored on this outcome.")


def test_an_answer_that_is_late_takes_nobody_away_from_a_statement(opened, codes):
    held = []

    def hold(socket):
        server = socket.connect_to_server()

        def on(message):
            if b"outcomes-go-to" in (message if isinstance(message, bytes) else message.encode()):
                held.append(lambda: socket.send(message))
            else:
                socket.send(message)

        server.on_message(on)

    page = opened(before=lambda page: page.route_web_socket(re.compile("/api/kernels/"), hold))
    enter(page, codes["business"][1])
    first = page.get_by_role("checkbox").first
    first.focus()
    page.keyboard.press("Space")
    expect(page.locator(".outcomes-count")).to_have_text("1 of 4 chosen")
    assert len(held) == 1
    held.pop()()
    expect(page.locator(".outcomes-go-to")).to_be_attached()
    expect(first).to_be_focused()
    page.keyboard.press("Tab")
    page.keyboard.press("Space")
    expect(page.locator(".outcomes-count")).to_have_text("2 of 4 chosen")


def test_each_voter_meets_the_statements_in_an_order_of_their_own(opened, codes):
    def order(code):
        page = opened(code)
        expect(page.get_by_role("checkbox")).to_have_count(6)
        return page.get_by_role("group").inner_text().split("\n")

    first = order(codes["public"][0])
    assert order(codes["public"][0]) == first
    others = [order(codes["public"][number]) for number in (1, 2)]
    assert {*map(frozenset, (first, *others))} == {frozenset(WORDS.values())}
    assert [first, first] != others


def test_rows_003_to_7_three_groups_vote_in_browsers_and_the_report_prints_what_they_chose(
    opened, codes, server, vote_home
):
    given = {group: codes[group][0] for group in
             ("senior_managers", "elected_members", "voluntary_sector")}  # fmt: skip
    manager, member, volunteer = (opened(code) for code in given.values())
    # A spoiled try, five statements, is refused in words; then a valid one, which is changed.
    cast(manager, "loved", "ready", "fed", "help", "play")
    expect(manager.get_by_role("alert").filter(has_text="chosen")).to_have_text(
        "1. Children in our area get a good start in life: 5 statements are chosen; choose exactly 4."
    )
    cast(manager, "loved", "ready", "fed", "help")
    stored(manager)
    cast(manager, "loved", "ready", "fed", "play", button="Change my vote")
    expect(manager.get_by_role("listitem").filter(has_text=WORDS["play"])).to_be_visible()
    cast(member, "loved", "ready", "help", "born")
    stored(member)
    cast(volunteer, "loved", "fed", "help", "play")
    stored(volunteer)
    withdraw_on_the_second(volunteer)
    again = opened(given["elected_members"].lower())
    finish(again)
    # Hidden until a person closes it.
    hidden = run("result", "nine_outcomes")
    assert hidden.exit_code == 10
    assert "votes can be seen by nobody before it closes" in hidden.output
    assert run("close", "nine_outcomes", "--yes").exit_code == 0
    cast(member, "loved", "ready", "help", "fed", button="Change my vote")
    expect(member.get_by_role("alert").filter(has_text="closed")).to_contain_text(
        "nothing can be cast, changed or withdrawn any more"
    )
    with open_box() as box:
        found = box.cast_ballots("nine_outcomes")
    assert found.groupby("group")["statement"].agg(set).to_dict() == {
        "senior_managers": {"cared_for", "ready_to_learn", "fed_and_warm", "safe_to_play"},
        "elected_members": {"cared_for", "ready_to_learn", "parents_helped", "healthy_from_birth"},
        "voluntary_sector": {"cared_for", "fed_and_warm", "parents_helped", "safe_to_play"},
    }
    # By hand: loved 3; ready, fed, help and play 2 each; born 1: four tie for three places.
    said = run("result", "nine_outcomes").output
    assert f"Chosen: ‘{WORDS['loved']}’." in said
    assert "Four statements tie for the second, third and 4th place" in said
    # The codes are in no address and no log.
    assert not [code for group in codes.values() for code in group if code in server.logged()]
    assert [page.url.partition("?")[2] for page in (manager, member, volunteer, again)] == [
        "ballot=nine_outcomes"
    ] * 4
    frozen_with("good_start=ready_to_learn,fed_and_warm,parents_helped: nearest to families")
    word, printed = report_of(vote_home / "report")
    headings = [p.text for p in word.paragraphs if p.style.name.startswith("Heading")]
    first = headings.index(WORDS["loved"])
    chosen = [WORDS[short] for short in ("loved", "ready", "fed", "help")]
    assert [text for text in headings[first:] if text in WORDS.values()] == chosen
    assert votes_in(word) == dict(zip(WORDS.values(), ["3", "2", "2", "2", "2", "1"], strict=True))
    assert "which had the same score: nearest to families" in printed


def withdraw_on_the_second(page) -> None:
    """Vote on a second outcome, and withdraw that vote."""
    page.get_by_role("button", name="Next outcome").click()
    expect(page.get_by_role("heading", level=2)).to_contain_text("2. ")
    for number in range(4):
        page.get_by_role("checkbox").nth(number).check()
    page.get_by_role("button", name="Cast my vote").click()
    stored(page, 2)
    page.get_by_role("button", name="Withdraw my vote").click()
    expect(page.locator("#cells")).to_contain_text("you have voted on 1 of 9 outcomes")


def finish(page) -> None:
    """See that the same person in another browser sees their own vote, and make the page forget."""
    expect(page.locator("#cells")).to_contain_text("Elected members: you have voted on 1 of 9")
    page.get_by_role("button", name="I have finished").click()
    expect(page.locator(".outcomes-done:visible")).to_have_text(
        "Thank you. You have voted on 1 of 9 outcomes. This page has forgotten your code."
    )
    assert page.get_by_role("checkbox").count() == 0


def frozen_with(tie: str) -> None:
    """Freeze what the ballot chose, a tie decided by people."""
    agreed = ["--by", "The cabinet", "--reason", "Agreed in June", "--ballot", "nine_outcomes"]
    done = CliRunner().invoke(main, ["framework", "freeze", NINE, *agreed, "--tie", tie])
    assert done.exit_code == 0, done.output


def report_of(out: Path):
    """Return the baseline report of the sample county as Word has it, and the text of its PDF."""
    asked = ["--framework", NINE, "--locality", "X10000001", "--out", str(out)]
    made = CliRunner().invoke(main, ["report", "baseline", *asked])
    assert made.exit_code == 0, made.output
    pages = pypdfium2.PdfDocument(out / "baseline.pdf")
    text = " ".join(page.get_textpage().get_text_bounded() for page in pages)
    return Document(out / "baseline.docx"), " ".join(text.split())


def votes_in(word) -> dict[str, str]:
    """Return how many of everyone chose each statement, from the ballot's table."""
    heads = [[cell.text for cell in table.rows[0].cells] for table in word.tables]
    at = next(n for n, row in enumerate(heads) if "Everyone (3 voters)" in row)
    column = heads[at].index("Everyone (3 voters)")
    return {row.cells[0].text: row.cells[column].text for row in word.tables[at].rows[1:]}
