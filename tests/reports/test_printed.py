import re
import runpy
import zlib
from collections import Counter
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import pandas as pd
import pypdfium2
import pytest

from outcomes.reports.printed import write_pdf

made = SimpleNamespace(**runpy.run_path(str(Path(__file__).with_name("made_documents.py"))))


@contextmanager
def opened(path: Path):
    document = pypdfium2.PdfDocument(path)
    try:
        yield document
    finally:
        document.close()


def page_texts(path: Path) -> list[str]:
    with opened(path) as pdf:
        texts = []
        for page in pdf:
            words = page.get_textpage()
            texts.append(words.get_text_range())
            words.close()
            page.close()
        return texts


def outline(path: Path) -> list[tuple[int, str, int]]:
    with opened(path) as pdf:
        return [(e.level, e.get_title(), e.get_dest().get_index()) for e in pdf.get_toc()]


def inside(path: Path) -> bytes:
    """Return a PDF's objects without their compression."""
    content = path.read_bytes()
    parts = [content]
    for found in re.finditer(rb"stream\r?\n(.*?)\r?\nendstream", content, re.DOTALL):
        try:
            parts.append(zlib.decompress(found[1]))
        except zlib.error:
            continue
    return b"\n".join(parts)


def joined(text: str) -> str:
    return "".join(text.split())


@pytest.fixture(scope="module")
def plain(tmp_path_factory):
    path = tmp_path_factory.mktemp("printed") / "report.pdf"
    write_pdf(made.plain(), path)
    return path


def test_a_pdf_says_that_it_is_tagged_its_title_and_its_language(plain):
    content = inside(plain)
    for said in (
        b"<pdfuaid:part>1</pdfuaid:part>",
        b"/Marked true",
        b"/Lang(en-GB)",
        b"/DisplayDocTitle true",
    ):
        assert said in content
    with opened(plain) as pdf:
        about = pdf.get_metadata_dict()
    assert about["Title"] == "Where we are in Tarrowshire"
    assert about["Author"] == "Outcomes Workbench"
    assert about["CreationDate"] == about["ModDate"] == ""


def test_headings_tables_lists_and_pictures_are_tagged_as_such(plain):
    tags = Counter(re.findall(rb"/S ?/(\w+)", inside(plain)))
    # The contents have a heading too. Three tables have two columns each; 2 + 2 + 60 rows.
    assert (tags[b"Title"], tags[b"H1"], tags[b"H2"], tags[b"H3"]) == (1, 3, 1, 1)
    assert (tags[b"Table"], tags[b"TH"], tags[b"TD"]) == (3, 6, 128)
    assert (tags[b"L"], tags[b"LI"], tags[b"Figure"], tags[b"Caption"]) == (3, 6, 2, 5)
    assert set(re.findall(rb"/Alt ?\((.*?)\)", inside(plain))) == {
        b"A line rises from 1 to 3.", b"A second line.",
    }  # fmt: skip


def test_the_outline_leads_to_the_parts_each_on_a_new_page(plain):
    assert outline(plain) == [
        (0, "Jobs", 1), (1, "Measures", 1), (2, "People in work", 1), (0, "Health", 2),
    ]  # fmt: skip


def test_pages_are_a4_and_the_one_of_a_wide_table_is_on_its_side(plain):
    with opened(plain) as pdf:
        sizes = [tuple(round(side) for side in pdf.get_page_size(i)) for i in range(len(pdf))]
    assert sizes == [(595, 842)] * 3 + [(842, 595)] + [(595, 842)] * 2
    assert "A wide one" in page_texts(plain)[3]


def test_each_page_has_the_stage_and_its_number(plain):
    texts = page_texts(plain)
    assert len(texts) == 6
    for number, text in enumerate(texts, 1):
        assert re.search(rf"Draft\s+Page {number} of 6\s*$", text)


def test_the_head_of_a_long_table_is_repeated(plain):
    first, second = page_texts(plain)[4:]
    assert "Place 0" in first
    assert "Place 59" in second
    assert re.match(r"Place\s+Figure\s", second)


def test_captions_are_numbered_and_lists_begin_anew(plain):
    text = " ".join("\n".join(page_texts(plain)).split())
    for said in (
        "Figure 1: A rising line", "Figure 2: Again a line", "Table 1: Latest figures",
        "Table 2: A wide one", "Table 3: Sixty rows", "Sample data, not a real place.",
        "1. step one 2. step two 1. again one 2. again two", "• first thing",
        "See people in work.", "Missing: what this means for services.",
    ):  # fmt: skip
        assert text.count(said) == 1, said


def test_no_text_is_read_as_an_instruction_and_none_is_lost(tmp_path):
    path = tmp_path / "hostile.pdf"
    write_pdf(made.hostile(*made.HOSTILE), path)
    text = joined("".join(page_texts(path)))
    for hostile in made.HOSTILE:
        # Contents, heading, paragraph, two lists, reference, flag; in the table its caption, two
        # heads and two cells; the figure's caption.
        assert text.count(joined(hostile)) >= 12, hostile
    assert [title for _, title, _ in outline(path)] == list(made.HOSTILE)


def test_a_word_that_fits_no_line_stays_on_the_page(tmp_path):
    path = tmp_path / "long.pdf"
    write_pdf(made.hostile("W" * 300), path)
    with opened(path) as pdf:
        for page in pdf:
            words = page.get_textpage()
            rights = [words.get_charbox(i)[2] for i in range(words.count_chars())]
            assert max(rights) <= page.get_width() - 55
            words.close()
            page.close()


def test_other_scripts_and_forbidden_characters_make_a_pdf_too(tmp_path):
    path = tmp_path / "foreign.pdf"
    write_pdf(made.hostile(made.CONTROLS, made.FOREIGN), path)
    assert [t for _, t, _ in outline(path)] == [made.CONTROLS_SHOWN, made.FOREIGN]


def test_wide_tables_that_follow_each_other_share_a_page(tmp_path):
    document = made.plain()
    wide = document.blocks[-2]
    path = tmp_path / "wide.pdf"
    write_pdf(replace(document, blocks=(wide, wide)), path)
    with opened(path) as pdf:
        assert len(pdf) == 2


def test_the_same_document_is_the_same_bytes(plain, tmp_path):
    write_pdf(made.plain(), tmp_path / "again.pdf")
    assert (tmp_path / "again.pdf").read_bytes() == plain.read_bytes()
    assert [path.name for path in tmp_path.iterdir()] == ["again.pdf"]


def test_the_first_page_comes_before_the_contents_and_parts_may_share_a_page(tmp_path):
    path = tmp_path / "front.pdf"
    front = (made.Heading("In short", 1, flows=True), made.Paragraph("All is well."))
    last = (made.Heading("Sources", 1, flows=True), made.Paragraph("Named."))
    document = made.plain()
    write_pdf(replace(document, front=front, blocks=document.blocks[:3] + last), path)
    first, second = page_texts(path)
    assert first.index("All is well.") < first.index("Contents") < first.rindex("Sources")
    assert [(title, page) for _, title, page in outline(path)] == [
        ("In short", 0), ("Jobs", 1), ("Sources", 1),
    ]  # fmt: skip


def test_narrow_tables_stand_in_two_columns(tmp_path):
    path = tmp_path / "half.pdf"
    many = replace(made.plain().blocks[-1], half=True)
    write_pdf(replace(made.plain(), blocks=(many, many)), path)
    with opened(path) as pdf:
        words = pdf[1].get_textpage()
        at = [words.get_charbox(i)[0] for i in range(words.count_chars()) if
              words.get_text_range(i, 5) == "Place"]  # fmt: skip
        words.close()
    assert any(left < 80 for left in at)
    assert any(left > 298 for left in at)


def test_a_chart_stands_beside_its_text(tmp_path):
    path = tmp_path / "beside.pdf"
    small = replace(made.picture(), beside=True)
    write_pdf(replace(made.plain(), blocks=(made.Paragraph("Work matters."), small)), path)
    with opened(path) as pdf:
        words = pdf[0].get_textpage()
        text = words.get_text_range()
        lefts = {said: words.get_charbox(text.index(said)) for said in ("Work matters", "Figure 1")}
        words.close()
    assert lefts["Work matters"][0] < 80 < 250 < lefts["Figure 1"][0]


def test_no_row_is_split_between_pages(tmp_path):
    path = tmp_path / "rows.pdf"
    long = pd.DataFrame({"Gap": [f"start{i} " + "word " * 90 + f"end{i}" for i in range(9)]})
    write_pdf(replace(made.plain(), blocks=(made.TableBlock(made.Table("Rows", long)),)), path)
    texts = page_texts(path)
    assert len(texts) > 1
    for i in range(9):
        assert [f"start{i} " in text for text in texts] == [f"end{i}" in text for text in texts]
