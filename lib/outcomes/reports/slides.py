"""Writes the short version of a document as a presentation, 16:9."""

import textwrap
from io import BytesIO
from pathlib import Path

from pptx import Presentation
from pptx.dml.color import RGBColor
from pptx.enum.lang import MSO_LANGUAGE_ID
from pptx.enum.text import MSO_ANCHOR, MSO_AUTO_SIZE, PP_ALIGN
from pptx.slide import Slide as PowerPointSlide
from pptx.text.text import TextFrame
from pptx.util import Emu, Inches, Pt

from outcomes.reports.document import Document, Picture, Slide
from outcomes.reports.writing import cleaned, describe, timeless, write_whole

WIDTH, HEIGHT = 13.333, 7.5
EDGE, TOP, FOOT = 0.6, 1.75, 6.85
"""Inches: the margin, where the text begins, and where the foot of a slide does."""
HALF = 6.0
"""Inches that the text has beside a picture."""
INK, BLUE, GREY = (RGBColor.from_string(c) for c in ("1F2328", "12436D", "4B5563"))
LETTER = 0.54
"""The width of a letter of the slides' type, on the safe side, as a share of its size."""
LINE = 1.2
GAP = 0.5
"""A line's height, and the room between two texts, as shares of the size."""
SMALLEST, LARGEST, CAPTION = 18, 24, 14
"""Points; a caption is as large as the letters in a chart."""


def write_slides(document: Document, path: Path) -> None:
    """Write a title slide and the slides of a document; the same bytes for the same document.

    Texts that do not fit on a slide at 18 points go on on a further one, so that none is lost.

    Raises
    ------
    RunError
        If it cannot be written there.
    """
    document, content = cleaned(document), BytesIO()
    show = Presentation()
    _widen(show)
    describe(show.core_properties, document)
    _front(show, document)
    for slide in document.slides:
        for part in _parts(slide):
            _add(show, document, part)
    show.save(content)
    write_whole(path, timeless(content.getvalue()))


def _widen(show) -> None:
    """Make the template's slides, which are 4:3, 16:9."""
    factor = Inches(WIDTH) / show.slide_width
    show.slide_width, show.slide_height = Inches(WIDTH), Inches(HEIGHT)
    for sheet in (show.slide_master, *show.slide_layouts):
        for shape in sheet.shapes:
            if shape._element.spPr.xfrm is not None:
                shape.left, shape.width = int(shape.left * factor), int(shape.width * factor)


def _front(show, document: Document) -> None:
    slide = show.slides.add_slide(show.slide_layouts[0])
    title, under = slide.placeholders
    _place(title, EDGE, 1.2, WIDTH - 2 * EDGE, 2.4)
    _write_title(title.text_frame, document.title, width=WIDTH - 2 * EDGE, largest=40)
    title.text_frame.vertical_anchor = MSO_ANCHOR.BOTTOM
    _place(under, EDGE, 3.8, WIDTH - 2 * EDGE, 2.6)
    texts = [document.subtitle, document.stage, document.made]
    _write(under.text_frame, [text for text in texts if text], SMALLEST)
    _foot(slide, document, 1)


def _parts(slide: Slide) -> list[Slide]:
    """Return a slide as one, or as several where its texts need more room than there is."""
    width = HALF if slide.picture else WIDTH - 2 * EDGE
    parts, texts = [], list(slide.texts)
    while texts or not parts:
        count = len(texts)
        while count > 1 and _height(texts[:count], width, SMALLEST) > FOOT - TOP:
            count -= 1
        title = f"{slide.title} (continued)" if parts else slide.title
        parts.append(Slide(title, tuple(texts[:count]), None if parts else slide.picture))
        texts, width = texts[count:], WIDTH - 2 * EDGE
    return parts


def _add(show, document: Document, part: Slide) -> None:
    layout = show.slide_layouts[1 if part.texts else 5]
    slide = show.slides.add_slide(layout)
    _place(slide.shapes.title, EDGE, 0.4, WIDTH - 2 * EDGE, 1.2)
    _write_title(slide.shapes.title.text_frame, part.title, width=WIDTH - 2 * EDGE, largest=30)
    if part.texts:
        width = HALF if part.picture else WIDTH - 2 * EDGE
        body = slide.placeholders[1]
        _place(body, EDGE, TOP, width, FOOT - TOP)
        _write(body.text_frame, part.texts, _size(part.texts, width))
    if part.picture:
        left = EDGE + HALF + 0.3 if part.texts else EDGE
        _picture(slide, part.picture, left)
    _foot(slide, document, len(show.slides))


def _picture(slide: PowerPointSlide, picture: Picture, left: float) -> None:
    """Add a picture as large as the room to the right allows, and under it what it shows."""
    under = len(_lines(picture.caption, WIDTH - EDGE - left, CAPTION)) * CAPTION * LINE / 72 + 0.15
    room = (WIDTH - EDGE - left, FOOT - TOP - under)
    factor = min(room[0] / picture.width, room[1] / picture.height)
    size = [picture.width * factor, picture.height * factor]
    at = [left + (room[0] - size[0]) / 2, TOP + (room[1] - size[1]) / 2]
    shape = slide.shapes.add_picture(BytesIO(picture.png), *map(Inches, [*at, *size]))
    shape._element.nvPicPr.cNvPr.set("descr", picture.alternative)
    shape.name = "Chart"
    words = slide.shapes.add_textbox(*map(Inches, (left, at[1] + size[1], room[0], under)))
    words.name = "Caption"
    _write(words.text_frame, [picture.caption], CAPTION)


def _foot(slide: PowerPointSlide, document: Document, number: int) -> None:
    """Write the notice, the stage and the slide's number at its foot."""
    box = slide.shapes.add_textbox(*map(Inches, (EDGE, FOOT, WIDTH - 2 * EDGE, 0.5)))
    box.name = "Foot"
    _write(
        box.text_frame,
        [f"{document.notice} {document.stage}. Slide {number}".strip()],
        12,
        colour=GREY,
    )


def _place(shape, left: float, top: float, width: float, height: float) -> None:
    shape.left, shape.top, shape.width, shape.height = map(Inches, (left, top, width, height))


def _write_title(frame: TextFrame, text: str, *, width: float, largest: int) -> None:
    """Write a title in letters that let it stand in two lines, if they need not be too small."""
    sizes = range(largest, SMALLEST, -2)
    size = next((s for s in sizes if len(_lines(text, width, s)) <= 2), SMALLEST)
    _write(frame, [text], size, colour=BLUE)
    frame.paragraphs[0].runs[0].font.bold = True
    frame.vertical_anchor = MSO_ANCHOR.MIDDLE


def _write(frame: TextFrame, texts, size: int, *, colour: RGBColor = INK) -> None:
    frame.word_wrap, frame.auto_size = True, MSO_AUTO_SIZE.TEXT_TO_FIT_SHAPE
    frame.margin_left = frame.margin_right = Emu(0)
    for i, text in enumerate(texts):
        paragraph = frame.paragraphs[0] if i == 0 else frame.add_paragraph()
        paragraph.alignment, paragraph.space_after = PP_ALIGN.LEFT, Pt(GAP * size)
        run = paragraph.add_run()
        run.text = text
        run.font.size, run.font.color.rgb, run.font.name = Pt(size), colour, "Arial"
        run.font.language_id = MSO_LANGUAGE_ID.ENGLISH_UK


def _size(texts, width: float) -> int:
    """Return the largest size at which texts fit."""
    sizes = range(LARGEST, SMALLEST, -1)
    return next((s for s in sizes if _height(texts, width, s) <= FOOT - TOP), SMALLEST)


def _height(texts, width: float, size: int) -> float:
    """Return in inches how high texts stand."""
    return sum(LINE * len(_lines(text, width, size)) + GAP for text in texts) * size / 72


def _lines(text: str, width: float, size: int) -> list[str]:
    # A bullet and its indent take about three letters.
    return textwrap.wrap(text, max(1, int(width * 72 / (LETTER * size)) - 3))
