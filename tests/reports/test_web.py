import runpy
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import pytest
from lxml import html

from outcomes.reports.web import write_web

made = SimpleNamespace(**runpy.run_path(str(Path(__file__).with_name("made_documents.py"))))


def written(document, folder: Path) -> tuple[str, html.HtmlElement]:
    write_web(document, folder / "report.html")
    text = (folder / "report.html").read_text(encoding="utf-8")
    return text, html.fromstring(text)


def shown(element) -> str:
    return " ".join(element.text_content().split())


@pytest.fixture
def page(tmp_path):
    return written(made.plain(), tmp_path)[1]


def test_a_page_is_in_british_english_and_has_the_title_and_stage(page):
    assert page.get("lang") == "en-GB"
    assert page.findtext(".//title") == "Where we are in Tarrowshire (Draft)"
    assert [shown(h) for h in page.findall(".//h1")] == ["Where we are in Tarrowshire"]


def test_a_page_without_a_stage_says_nothing_of_one(tmp_path):
    _, page = written(replace(made.plain(), stage=""), tmp_path)
    assert page.findtext(".//title") == "Where we are in Tarrowshire"
    assert page.xpath("//p[@class='stage']") == []


def test_the_contents_lead_to_each_part(page):
    links = page.xpath("//nav//a")
    led = [page.get_element_by_id(link.get("href")[1:]) for link in links]
    assert [(shown(link), heading.tag) for link, heading in zip(links, led, strict=True)] == [
        ("Jobs", "h2"), ("Health", "h2"),
    ]  # fmt: skip
    assert [shown(link) for link in links] == [shown(heading) for heading in led]


def test_a_reference_leads_to_its_heading(page):
    (link,) = page.xpath("//main/p/a")
    assert shown(page.get_element_by_id(link.get("href")[1:])) == "People in work"


def test_pictures_have_words_a_number_and_are_inside(page):
    pictures = page.xpath("//figure/img")
    assert [p.get("alt") for p in pictures] == ["A line rises from 1 to 3.", "A second line."]
    assert all(p.get("src").startswith("data:image/svg+xml,%3C?xml") for p in pictures)
    assert [shown(c) for c in page.xpath("//figcaption")] == [
        "Figure 1: A rising line", "Figure 2: Again a line",
    ]  # fmt: skip


def test_tables_are_numbered_and_a_wide_one_can_be_reached_by_keyboard(page):
    assert [shown(c) for c in page.xpath("//caption")] == [
        "Table 1: Latest figures", "Table 2: A wide one", "Table 3: Sixty rows",
    ]  # fmt: skip
    (region,) = page.xpath("//div[@role='region']")
    assert (region.get("aria-label"), region.get("tabindex")) == ("Table 2", "0")


def test_lists_flags_and_strong_words(page):
    assert [[shown(i) for i in items] for items in page.xpath("//main/ol")] == [
        ["step one", "step two"], ["again one", "again two"],
    ]  # fmt: skip
    assert [shown(p) for p in page.xpath("//p[@class='flag']")] == [
        "Missing: what this means for services."
    ]
    assert shown(page.xpath("//main/p/strong")[1]) == "Work matters most."


def test_no_text_becomes_a_tag_a_style_or_a_script(tmp_path):
    text, page = written(made.hostile(*made.HOSTILE), tmp_path)
    assert not page.xpath("//script | //b | //*[@onerror]")
    assert text.count("</style>") == 1
    assert [shown(h) for h in page.xpath("//h2[@id!='contents']")] == list(made.HOSTILE)
    assert [i.get("alt") for i in page.xpath("//img")] == list(made.HOSTILE)
    assert [shown(td) for td in page.xpath("//td")] == list(made.HOSTILE)


def test_the_stage_stands_at_the_foot_of_printed_pages_letter_by_letter(tmp_path):
    text, _ = written(made.plain(), tmp_path)
    assert r'content: "\000044\000072\000061\000066\000074"' in text  # D r a f t
    assert "STAGE" not in text


def test_characters_of_any_script_stay_and_forbidden_ones_leave_a_trace(tmp_path):
    _, page = written(made.hostile(made.CONTROLS, made.FOREIGN), tmp_path)
    expected = [made.CONTROLS_SHOWN, made.FOREIGN]
    assert [shown(h) for h in page.xpath("//h2[@id!='contents']")] == expected


def test_the_same_document_is_the_same_bytes_and_no_partial_file_stays(tmp_path):
    first, _ = written(made.plain(), tmp_path)
    assert written(made.plain(), tmp_path)[0] == first
    assert [path.name for path in tmp_path.iterdir()] == ["report.html"]


def test_the_contents_follow_what_stands_first_and_a_chart_stands_beside_its_text(tmp_path):
    small = replace(made.picture(), beside=True)
    front = (made.Heading("In short", 1, flows=True), made.Paragraph("Well."), small)
    _, page = written(replace(made.plain(), front=front), tmp_path)
    assert [shown(h) for h in page.xpath("//main//h2")] == [
        "In short", "Contents", "Jobs", "Health",
    ]  # fmt: skip
    (pair,) = page.xpath("//div[@class='beside']")
    assert [child.tag for child in pair] == ["div", "figure"]
    assert shown(pair[0]) == "Well."
