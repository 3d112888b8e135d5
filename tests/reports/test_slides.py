import runpy
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import pytest
from pptx import Presentation

from outcomes.reports.slides import write_slides

made = SimpleNamespace(**runpy.run_path(str(Path(__file__).with_name("made_documents.py"))))


def written(document, folder: Path):
    write_slides(document, folder / "report.pptx")
    return Presentation(folder / "report.pptx")


@pytest.fixture(scope="module")
def show(tmp_path_factory):
    return written(made.plain(), tmp_path_factory.mktemp("slides"))


def body(slide) -> list[str]:
    return [
        paragraph.text
        for shape in list(slide.placeholders)[1:]
        for paragraph in shape.text_frame.paragraphs
    ]


def boxes(slide) -> list[tuple[int, int, int, int]]:
    return [(s.left, s.top, s.left + s.width, s.top + s.height) for s in slide.shapes]


def test_slides_are_16_to_9_and_have_real_titles(show):
    assert show.slide_width / show.slide_height == pytest.approx(16 / 9, abs=0.001)
    assert [slide.shapes.title.text_frame.text for slide in show.slides] == [
        "Where we are in Tarrowshire", "Jobs", "Health", "A chart alone",
    ]  # fmt: skip


def test_texts_stand_in_the_slides_own_body_and_none_is_empty(show):
    assert [body(slide) for slide in show.slides] == [
        ["Compared with the nation", "Draft", "Made from data version 2-000."],
        ["Work matters most.", "More people work."],
        ["Health is next."],
        [],
    ]
    for slide in show.slides:
        assert all(shape.text_frame.text for shape in slide.shapes if shape.has_text_frame)


def test_shapes_are_read_from_the_title_to_the_foot(show):
    assert [shape.name for shape in show.slides[1].shapes][-3:] == ["Chart", "Caption", "Foot"]
    assert show.slides[1].shapes[0] == show.slides[1].shapes.title
    assert [s.shapes[-1].text_frame.text for s in show.slides] == [
        f"Sample data, not a real place. Draft. Slide {number}" for number in (1, 2, 3, 4)
    ]


def test_a_picture_has_words(show):
    pictures = [s for s in show.slides[1].shapes if s.shape_type == 13]
    words = [s._element.nvPicPr.cNvPr.get("descr") for s in pictures]
    assert words == ["A line rises from 1 to 3."]
    assert show.slides[1].shapes[-2].text_frame.text == "A rising line"


def test_letters_have_18_points_at_least_save_captions_and_the_foot(show):
    sizes = {
        run.font.size.pt
        for slide in show.slides
        for shape in slide.shapes
        if shape.has_text_frame and shape.name not in ("Foot", "Caption")
        for paragraph in shape.text_frame.paragraphs
        for run in paragraph.runs
    }
    assert min(sizes) >= 18


def test_nothing_overlaps_nor_leaves_the_slide(tmp_path):
    tall = replace(made.picture(), height=9.0)
    slides = (
        *made.plain().slides,
        made.Slide("A very long title " * 12, tuple(["A sentence of some length. " * 4] * 9), tall),
    )
    show = written(replace(made.plain(), slides=slides), tmp_path)
    for slide in show.slides:
        found = boxes(slide)
        for i, (left, top, right, bottom) in enumerate(found):
            assert 0 <= left < right <= show.slide_width
            assert 0 <= top < bottom <= show.slide_height
            for other in found[:i]:
                apart = (
                    left >= other[2] or right <= other[0] or top >= other[3] or bottom <= other[1]
                )
                assert apart, (slide.shapes.title.text_frame.text, i)


def test_texts_that_do_not_fit_go_on_on_another_slide(tmp_path):
    texts = tuple(f"Gap {i}: there is no figure for a measure that was chosen." for i in range(20))
    only = replace(made.plain(), slides=(made.Slide("Gaps", texts, made.picture()),))
    show = written(only, tmp_path)
    after = list(show.slides)[1:]
    assert len(after) > 1
    assert [text for slide in after for text in body(slide)] == list(texts)
    assert [s.shapes.title.text_frame.text for s in after] == [
        "Gaps", *["Gaps (continued)"] * (len(after) - 1),
    ]  # fmt: skip


def test_the_file_says_its_title_and_no_person(show):
    about = show.core_properties
    assert (about.title, about.author, about.last_modified_by, about.language) == (
        "Where we are in Tarrowshire", "Outcomes Workbench", "Outcomes Workbench", "en-GB",
    )  # fmt: skip
    assert (about.created, about.modified) == (None, None)


def test_no_text_is_lost_whatever_it_holds(tmp_path):
    texts = (*made.HOSTILE, made.CONTROLS, made.FOREIGN)
    shown = [*made.HOSTILE, made.CONTROLS_SHOWN, made.FOREIGN]
    slides = list(written(made.hostile(*texts), tmp_path).slides)[1:]
    assert [slide.shapes.title.text_frame.text for slide in slides] == shown
    assert [body(slide) for slide in slides] == [[text, text] for text in shown]


def test_the_same_document_is_the_same_bytes(tmp_path):
    written(made.plain(), tmp_path)
    first = (tmp_path / "report.pptx").read_bytes()
    written(made.plain(), tmp_path)
    assert (tmp_path / "report.pptx").read_bytes() == first
    assert [path.name for path in tmp_path.iterdir()] == ["report.pptx"]
