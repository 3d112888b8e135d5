import runpy
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from zipfile import ZipFile

import docx
import pytest
from docx.enum.section import WD_ORIENT, WD_SECTION
from docx.oxml.ns import qn
from docx.shared import Mm

from outcomes.reports.word import write_word

made = SimpleNamespace(**runpy.run_path(str(Path(__file__).with_name("made_documents.py"))))


def written(document, folder: Path):
    write_word(document, folder / "report.docx")
    return docx.Document(folder / "report.docx")


@pytest.fixture(scope="module")
def word(tmp_path_factory):
    return written(made.plain(), tmp_path_factory.mktemp("word"))


def styled(word, *names: str) -> list[str]:
    return [p.text for p in word.paragraphs if p.style.name in names]


def fields(word) -> list[str]:
    return [text.text.strip() for text in word.element.body.iter(qn("w:instrText"))]


def test_headings_are_words_own_and_the_title_is_none(word):
    headings = [(p.style.name, p.text) for p in word.paragraphs if "Heading" in p.style.name]
    assert headings == [
        ("Heading 1", "Jobs"),
        ("Heading 2", "Measures"),
        ("Heading 3", "People in work"),
        ("Heading 1", "Health"),
    ]
    assert styled(word, "Title") == ["Where we are in Tarrowshire"]
    assert styled(word, "Subtitle") == ["Compared with the nation"]


def test_the_file_says_its_title_its_language_and_no_person(word):
    about = word.core_properties
    assert (about.title, about.author, about.last_modified_by, about.language) == (
        "Where we are in Tarrowshire", "Outcomes Workbench", "Outcomes Workbench", "en-GB",
    )  # fmt: skip
    assert about.comments == "Made from data version 2-000."
    assert (about.created, about.modified) == (None, None)
    languages = {e.get(qn("w:val")) for e in word.styles.element.iter(qn("w:lang"))}
    assert languages == {"en-GB"}


def test_the_contents_name_the_parts_at_once_and_are_renewed_on_opening(word):
    lines = [p for p in word.paragraphs if p.style.name.startswith("toc")]
    assert [(p.style.name, p.text) for p in lines] == [
        ("toc 1", "Jobs"), ("toc 1", "Health"),
    ]  # fmt: skip
    begin = lines[0]._p.find(".//" + qn("w:fldChar"))
    assert begin.get(qn("w:dirty")) == "true"
    assert fields(word)[0] == 'TOC \\o "1-1" \\h \\z \\u'
    assert len(lines[-1]._p.xpath(".//w:fldChar[@w:fldCharType='end']")) == 1


def test_links_lead_to_the_bookmarks_of_headings(word):
    marks = {
        mark.get(qn("w:name")): "".join(t.text for t in mark.getparent().iter(qn("w:t")))
        for mark in word.element.body.iter(qn("w:bookmarkStart"))
    }
    links = [
        ("".join(t.text for t in link.iter(qn("w:t"))), marks[link.get(qn("w:anchor"))])
        for link in word.element.body.iter(qn("w:hyperlink"))
    ]
    assert links == [
        ("Jobs", "Jobs"),
        ("Health", "Health"),
        ("See people in work.", "People in work"),
    ]


def test_captions_are_captions_and_number_themselves(word):
    assert styled(word, "Caption") == [
        "Figure 1: A rising line",
        "Table 1: Latest figures",
        "Figure 2: Again a line",
        "Table 2: A wide one",
        "Table 3: Sixty rows",
    ]
    assert fields(word)[1:] == [
        f"SEQ {kind} \\* ARABIC" for kind in ("Figure", "Table", "Figure", "Table", "Table")
    ]


def test_pictures_have_words_and_fit_the_page(word):
    assert [s._inline.docPr.get("descr") for s in word.inline_shapes] == [
        "A line rises from 1 to 3.", "A second line.",
    ]  # fmt: skip
    assert all(shape.width == 4.5 * 914400 for shape in word.inline_shapes)


def test_a_picture_wider_than_the_page_is_made_smaller(tmp_path):
    big = made.Picture(made.picture().svg, made.dot(), 20, 20, "Big", "Big")
    shape = written(made.Document("T", "", "", "", "", (big,)), tmp_path).inline_shapes[0]
    # 210 mm less two margins of 22 mm; its sides stay in proportion.
    assert shape.width.mm == pytest.approx(166, abs=0.1)
    assert shape.height == shape.width


def test_a_tables_head_is_marked_repeated_and_no_row_is_split(word):
    for table in word.tables:
        first, *rest = table.rows
        assert first._tr.trPr.find(qn("w:tblHeader")) is not None
        assert all(row._tr.trPr.find(qn("w:tblHeader")) is None for row in rest)
        assert all(row._tr.trPr.find(qn("w:cantSplit")) is not None for row in table.rows)
        look = table._tbl.tblPr.find(qn("w:tblLook"))
        assert (look.get(qn("w:firstRow")), look.get(qn("w:firstColumn"))) == ("1", "1")
    assert [[cell.text for cell in row.cells] for row in word.tables[0].rows] == [
        ["Indicator", "Figure"], ["People in work", "73.5%"], ["Births", "1,204"],
    ]  # fmt: skip


def test_a_short_table_stays_together_and_a_long_one_may_part(word):
    def kept(table):
        return [row.cells[0].paragraphs[0].paragraph_format.keep_with_next for row in table.rows]

    assert kept(word.tables[0]) == [True, True, None]
    assert set(kept(word.tables[2])) == {None}


def test_the_page_is_turned_for_a_wide_table_and_back(word):
    assert [section.orientation for section in word.sections] == [
        WD_ORIENT.PORTRAIT, WD_ORIENT.LANDSCAPE, WD_ORIENT.PORTRAIT,
    ]  # fmt: skip
    assert [(round(s.page_width.mm), round(s.page_height.mm)) for s in word.sections] == [
        (210, 297), (297, 210), (210, 297),
    ]  # fmt: skip


def test_the_foot_of_every_page_has_the_stage_and_numbers(word):
    footer = word.sections[0].footer
    assert footer.paragraphs[0].text == "Draft. Page 1 of 1"
    assert [i.text.strip() for i in footer._element.iter(qn("w:instrText"))] == ["PAGE", "NUMPAGES"]
    assert all(section.footer.is_linked_to_previous for section in list(word.sections)[1:])


def test_each_numbered_list_begins_at_one(word):
    numbered = [p for p in word.paragraphs if p.style.name == "List Number"]
    assert [p.text for p in numbered] == ["step one", "step two", "again one", "again two"]
    used = [p._p.pPr.numPr.numId.val for p in numbered]
    assert used[0] == used[1] != used[2] == used[3]
    numbering = word.part.numbering_part.element
    for number in set(used):
        override = numbering.num_having_numId(number).find(qn("w:lvlOverride"))
        assert override.find(qn("w:startOverride")).get(qn("w:val")) == "1"


def test_a_flag_is_framed(word):
    (flag,) = (p for p in word.paragraphs if p.text.startswith("Missing"))
    assert flag.text == "Missing: what this means for services."
    sides = [side.tag for side in flag._p.pPr.find(qn("w:pBdr"))]
    assert sides == [qn(f"w:{side}") for side in ("top", "left", "bottom", "right")]


def test_no_text_becomes_a_field_and_none_is_lost(tmp_path):
    word = written(made.hostile(*made.HOSTILE), tmp_path)
    known = ("TOC ", "SEQ Figure ", "SEQ Table ")
    assert all(field.startswith(known) for field in fields(word))
    assert styled(word, "Heading 1") == list(made.HOSTILE)
    assert styled(word, "List Bullet") == list(made.HOSTILE)
    assert [table.cell(1, 1).text for table in word.tables] == list(made.HOSTILE)
    assert [s._inline.docPr.get("descr") for s in word.inline_shapes] == list(made.HOSTILE)


def test_characters_of_any_script_stay_and_forbidden_ones_leave_a_trace(tmp_path):
    word = written(made.hostile(made.CONTROLS, made.FOREIGN), tmp_path)
    assert styled(word, "Heading 1") == [made.CONTROLS_SHOWN, made.FOREIGN]


def test_the_same_document_is_the_same_bytes(tmp_path):
    written(made.plain(), tmp_path)
    first = (tmp_path / "report.docx").read_bytes()
    written(made.plain(), tmp_path)
    assert (tmp_path / "report.docx").read_bytes() == first
    with ZipFile(tmp_path / "report.docx") as package:
        assert {info.date_time for info in package.infolist()} == {(1980, 1, 1, 0, 0, 0)}


def test_the_contents_follow_the_first_page_and_a_part_may_begin_in_the_middle_of_one(tmp_path):
    front = (made.Heading("In short", 1, flows=True), made.Paragraph("Well."))
    word = written(replace(made.plain(), front=front), tmp_path)
    texts = [p.text for p in word.paragraphs]
    assert texts.index("In short") < texts.index("Contents") < texts.index("Jobs")
    heads = {p.text: p for p in word.paragraphs if p.style.name == "Heading 1"}
    breaks = {t: p.paragraph_format.page_break_before for t, p in heads.items()}
    assert breaks == {"In short": False, "Jobs": None, "Health": None}


def test_narrow_tables_stand_in_two_columns(tmp_path):
    half = replace(made.plain().blocks[9], half=True)
    blocks = (made.Heading("A", 1), half, half, made.Paragraph("After."))
    word = written(replace(made.plain(), blocks=blocks), tmp_path)
    found = [(s.start_type, s._sectPr.xpath("w:cols/@w:num")) for s in word.sections]
    assert found[1:] == [(WD_SECTION.CONTINUOUS, ["2"]), (WD_SECTION.CONTINUOUS, ["1"])]
    assert all(sum(c.width for c in t.columns) <= Mm(80) for t in word.tables)
    assert [s.page_width.mm for s in word.sections] == pytest.approx([210] * 3, abs=0.1)


def test_a_chart_beside_text_is_smaller_on_paper(tmp_path):
    small = replace(made.picture(), beside=True)
    word = written(made.Document("T", "", "", "", "", (made.Paragraph("One."), small)), tmp_path)
    assert word.inline_shapes[0].width == int(0.74 * 4.5 * 914400)
