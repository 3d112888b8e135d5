"""Writes a document as a Word file whose structure is Word's own: styles, captions, headings."""

from io import BytesIO
from pathlib import Path

from docx import Document as new_document
from docx.document import Document as WordFile
from docx.enum.section import WD_ORIENT, WD_SECTION
from docx.enum.style import WD_STYLE_TYPE
from docx.enum.text import WD_TAB_ALIGNMENT, WD_TAB_LEADER
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.oxml.xmlchemy import BaseOxmlElement
from docx.shared import Mm, Pt, RGBColor
from docx.table import Table as WordTable
from docx.text.paragraph import Paragraph as WordParagraph
from docx.text.run import Run

from outcomes.reports import document as parts
from outcomes.reports.document import Document
from outcomes.reports.writing import (
    SMALLER,
    cleaned,
    describe,
    named,
    on_side,
    shares,
    timeless,
    together,
    write_whole,
)

FONT, BLUE, GREY, INK = "Arial", "12436D", "4B5563", "1F2328"
PAGE, MARGIN = (Mm(210), Mm(297)), Mm(22)
SIZES = {
    "Normal": (11, INK),
    "Title": (24, BLUE),
    "Subtitle": (13, INK),
    "Heading 1": (18, BLUE),
    "Heading 2": (14, BLUE),
    "Heading 3": (12, BLUE),
    "Caption": (10, INK),
    "Footer": (9, GREY),
}
"""The letters of each style, in points, and their colour."""


def write_word(document: Document, path: Path) -> None:
    """Write a document as a Word file; the same bytes for the same document.

    The contents name each part at once; Word adds page numbers when it opens the file.

    Raises
    ------
    RunError
        If it cannot be written there.
    ValueError
        If a reference leads to no heading.
    """
    document, content = cleaned(document), BytesIO()
    word = new_document()
    describe(word.core_properties, document)
    _set_styles(word)
    _set_page(word, document)
    _write_front(word, document)
    sided = zip(named(document), on_side(document), strict=True)
    for number, ((block, name), side) in enumerate(sided):
        if number == len(document.front):
            _write_contents(word, document)
        _turn(word, wide=side, half=getattr(block, "half", False))
        WRITERS[type(block)](word, block, name)
    word.save(content)
    write_whole(path, timeless(content.getvalue()))


def _set_styles(word: WordFile) -> None:
    for name, (points, colour) in SIZES.items():
        style = word.styles[name]
        style.font.size, style.font.color.rgb = Pt(points), RGBColor.from_string(colour)
        style.font.italic = False
        fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
        fonts.attrib.clear()  # which name the theme's letters
        for kind in ("ascii", "hAnsi", "cs", "eastAsia"):
            fonts.set(qn(f"w:{kind}"), FONT)
        for spacing in style.element.rPr.findall(qn("w:spacing")):
            style.element.rPr.remove(spacing)
    style = word.styles.add_style("toc 1", WD_STYLE_TYPE.PARAGRAPH, builtin=True)
    style.base_style, style.paragraph_format.space_after = word.styles["Normal"], Pt(3)
    style.paragraph_format.tab_stops.add_tab_stop(
        PAGE[0] - 2 * MARGIN, WD_TAB_ALIGNMENT.RIGHT, WD_TAB_LEADER.DOTS
    )
    word.styles["Heading 1"].paragraph_format.page_break_before = True
    for name in ("Heading 2", "Heading 3"):
        word.styles[name].paragraph_format.space_before = Pt(15)
    for language in word.styles.element.iter(qn("w:lang")):
        language.set(qn("w:val"), "en-GB")
    settings = word.settings.element
    settings.find(qn("w:themeFontLang")).set(qn("w:val"), "en-GB")
    settings.find(qn("w:compat")).find(qn("w:compatSetting")).set(qn("w:val"), "15")


def _set_page(word: WordFile, document: Document) -> None:
    _shape(word.sections[0], wide=False)
    footer = word.sections[0].footer.paragraphs[0]
    footer.add_run(f"{document.stage}. Page " if document.stage else "Page ")
    _field(footer, "PAGE", "1")
    footer.add_run(" of ")
    _field(footer, "NUMPAGES", "1")


def _write_front(word: WordFile, document: Document) -> None:
    if document.notice:
        _write_flag(word, parts.Flag(document.notice), "")
    word.add_paragraph(document.title, "Title")
    word.add_paragraph(document.subtitle, "Subtitle")
    if document.stage:
        word.add_paragraph().add_run(document.stage).bold = True
    if document.made:
        word.add_paragraph(document.made)


def _write_contents(word: WordFile, document: Document) -> None:
    # No heading of its own, or the contents would list themselves.
    head = word.add_paragraph()
    head.paragraph_format.space_before = Pt(18)
    title = head.add_run("Contents")
    title.bold, title.font.size, title.font.color.rgb = True, Pt(14), RGBColor.from_string(BLUE)
    lines = []
    for block, name in named(document):
        if isinstance(block, parts.Heading) and block.level == 1:
            lines.append(word.add_paragraph(style="toc 1"))
            _link(lines[-1], block.text, name)
    if lines:
        marks = _marks('TOC \\o "1-1" \\h \\z \\u')
        marks[0][0].set(qn("w:dirty"), "true")
        for mark in reversed(marks):
            lines[0]._p.insert(1, mark)
        lines[-1]._p.append(_mark("end"))


def _shape(section, *, wide: bool) -> None:
    section.orientation = WD_ORIENT.LANDSCAPE if wide else WD_ORIENT.PORTRAIT
    section.page_width, section.page_height = PAGE[::-1] if wide else PAGE
    section.left_margin = section.right_margin = section.top_margin = section.bottom_margin = MARGIN


def _turn(word: WordFile, *, wide: bool, half: bool) -> None:
    """Turn the page, or begin or end two columns, where the next block needs it."""
    last = word.sections[-1]
    turned = wide != (last.orientation == WD_ORIENT.LANDSCAPE)
    if turned or half != bool(last._sectPr.xpath("w:cols[@w:num='2']")):
        section = word.add_section(WD_SECTION.NEW_PAGE if turned else WD_SECTION.CONTINUOUS)
        _shape(section, wide=wide)
        for columns in section._sectPr.xpath("w:cols"):
            section._sectPr.remove(columns)
        columns = _new("cols", num=2 if half else 1, space=Mm(6).twips if half else 720)
        section._sectPr.insert_element_before(columns, "w:docGrid", "w:titlePg")


def _write_heading(word: WordFile, heading: parts.Heading, name: str) -> None:
    paragraph, number = word.add_heading(heading.text, heading.level), name.removeprefix("part-")
    if heading.flows:
        paragraph.paragraph_format.page_break_before = False
    paragraph._p.insert(1, _new("bookmarkStart", id=number, name=_bookmark(name)))
    paragraph._p.append(_new("bookmarkEnd", id=number))


def _write_paragraph(word: WordFile, block: parts.Paragraph, _: str) -> None:
    word.add_paragraph().add_run(block.text).bold = block.strong or None


def _write_items(word: WordFile, items: parts.Items, _: str) -> None:
    style = "List Number" if items.numbered else "List Bullet"
    paragraphs = [word.add_paragraph(text, style) for text in items.texts]
    if not items.numbered:
        return
    # A list of its own, or its numbers would go on from those of the list before.
    numbering = word.part.numbering_part.element
    usual = numbering.num_having_numId(word.styles[style].element.pPr.numPr.numId.val)
    own = numbering.add_num(usual.abstractNumId.val)
    own.add_lvlOverride(ilvl=0).add_startOverride(1)
    for paragraph in paragraphs:
        numbered = paragraph._p.get_or_add_pPr().get_or_add_numPr()
        numbered.get_or_add_ilvl().val, numbered.get_or_add_numId().val = 0, own.numId


def _write_reference(word: WordFile, reference: parts.Reference, name: str) -> None:
    run = _link(word.add_paragraph(), reference.text, name)
    run.font.underline, run.font.color.rgb = True, RGBColor.from_string(BLUE)


def _write_flag(word: WordFile, flag: parts.Flag, _: str) -> None:
    paragraph, borders = word.add_paragraph(flag.text), _new("pBdr")
    for side in ("top", "left", "bottom", "right"):
        borders.append(_new(side, val="single", sz=12, space=4, color="B45309"))
    shade = _new("shd", val="clear", color="auto", fill="FDF3E3")
    for part in (borders, shade):
        paragraph._p.get_or_add_pPr().insert_element_before(part, "w:spacing", "w:ind", "w:jc")


def _write_table(word: WordFile, block: parts.TableBlock, name: str) -> None:
    frame, section = block.table.frame, word.sections[-1]
    _caption(word, name, block.table.caption).paragraph_format.keep_with_next = True
    table = word.add_table(len(frame) + 1, len(frame.columns))
    room = section.page_width - section.left_margin - section.right_margin
    room = Mm(80) if block.half else room
    widths = [int(room * share) for share in shares(block)]
    for i, texts in enumerate([list(frame.columns), *frame.to_numpy().tolist()]):
        row, kept = table.rows[i], i < len(frame) and together(frame)
        row._tr.get_or_add_trPr().append(_new("cantSplit"))
        for cell, width, text in zip(row.cells, widths, texts, strict=True):
            cell.width = width
            _letter(cell.paragraphs[0], text, bold=i == 0, together=kept)
    _rule(table, widths)
    word.add_paragraph().paragraph_format.space_after = Pt(0)


def _letter(paragraph: WordParagraph, text: str, *, bold: bool, together: bool) -> None:
    run, spacing = paragraph.add_run(text), paragraph.paragraph_format
    run.font.size, run.bold = Pt(9), bold or None
    spacing.space_before = spacing.space_after = Pt(2)
    spacing.line_spacing, spacing.keep_with_next = 1.0, together or None


def _rule(table: WordTable, widths: list[int]) -> None:
    """Rule a table, fix its columns, and mark what heads its columns and rows."""
    table.autofit = False
    for column, width in zip(table.columns, widths, strict=True):
        column.width = width
    table.rows[0]._tr.trPr.append(_new("tblHeader"))
    marks = {"firstRow": 1, "lastRow": 0, "firstColumn": 1, "lastColumn": 0}
    properties, borders = table._tbl.tblPr, _new("tblBorders")
    look = _new("tblLook", val="00A0", **marks, noHBand=0, noVBand=0)
    properties.replace(properties.find(qn("w:tblLook")), look)
    for side, size in (("top", 8), ("bottom", 8), ("insideH", 4)):
        borders.append(_new(side, val="single", sz=size, space=0, color="9AA1AB"))
    properties.insert_element_before(borders, "w:tblLayout", "w:tblLook")


def _write_picture(word: WordFile, picture: parts.Picture, name: str) -> None:
    paragraph = word.add_paragraph()
    paragraph.paragraph_format.keep_with_next = True
    scale = SMALLER if picture.beside else 1
    width = min(int(scale * picture.width * 914400), PAGE[0] - 2 * MARGIN)
    shape = paragraph.add_run().add_picture(BytesIO(picture.png), width=width)
    shape._inline.docPr.set("descr", picture.alternative)
    shape._inline.docPr.set("name", name)
    _caption(word, name, picture.caption)


def _caption(word: WordFile, name: str, text: str) -> WordParagraph:
    kind, number = name.split()
    paragraph = word.add_paragraph(f"{kind} ", "Caption")
    _field(paragraph, f"SEQ {kind} \\* ARABIC", number)
    paragraph.add_run(f": {text}")
    return paragraph


def _bookmark(name: str) -> str:
    return name.replace("-", "_")


def _link(paragraph: WordParagraph, text: str, name: str) -> Run:
    """Add a text that leads to a heading."""
    link, run = _new("hyperlink", anchor=_bookmark(name)), paragraph.add_run(text)
    paragraph._p.append(link)
    link.append(run._r)
    return run


def _field(paragraph: WordParagraph, instruction: str, shown: str) -> None:
    """Add a field that Word keeps up to date, and what it shows until then."""
    for mark in _marks(instruction):
        paragraph._p.append(mark)
    paragraph.add_run(shown)
    paragraph._p.append(_mark("end"))


def _marks(instruction: str) -> list[BaseOxmlElement]:
    run, text = _new("r"), _new("instrText")
    text.text = instruction
    run.append(text)
    return [_mark("begin"), run, _mark("separate")]


def _mark(kind: str) -> BaseOxmlElement:
    run = _new("r")
    run.append(_new("fldChar", fldCharType=kind))
    return run


def _new(tag: str, /, **values: object) -> BaseOxmlElement:
    """Return an element of Word's language, for what python-docx has no words for."""
    element = OxmlElement(f"w:{tag}")
    for name, value in values.items():
        element.set(qn(f"w:{name}"), str(value))
    return element


WRITERS = {
    parts.Heading: _write_heading,
    parts.Paragraph: _write_paragraph,
    parts.Items: _write_items,
    parts.Reference: _write_reference,
    parts.Flag: _write_flag,
    parts.TableBlock: _write_table,
    parts.Picture: _write_picture,
}
