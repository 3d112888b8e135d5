import runpy
from dataclasses import replace
from io import BytesIO
from pathlib import Path
from types import SimpleNamespace
from zipfile import ZipFile

import pandas as pd
import pytest

from outcomes.errors import RunError
from outcomes.reports.document import (
    Document,
    Flag,
    Heading,
    Items,
    Paragraph,
    Reference,
    TableBlock,
)
from outcomes.reports.writing import (
    beside,
    cleaned,
    named,
    on_side,
    shares,
    timeless,
    write_whole,
)
from outcomes.tables import Table

made = SimpleNamespace(**runpy.run_path(str(Path(__file__).with_name("made_documents.py"))))


def document(*blocks, notice=""):
    return Document("Title", "", notice, "Draft", "", blocks)


def test_a_character_that_no_file_may_hold_leaves_a_trace_and_lines_become_one():
    (block,) = cleaned(document(Paragraph(f"a\r\n b\t{made.CONTROLS}"))).blocks
    assert block == Paragraph(f"a b {made.CONTROLS_SHOWN}")


@pytest.mark.parametrize("text", ["\n", " \t ", ""])
def test_a_text_of_spaces_is_empty(text):
    assert cleaned(document(Paragraph(text), notice=text)).notice == ""


@pytest.mark.parametrize(
    ("notice", "shown"),
    [
        ("sample data, not a real place", "Sample data, not a real place."),
        ("These are invented.", "These are invented."),
        ("Really?", "Really?"),
    ],
)
def test_the_notice_becomes_a_sentence(notice, shown):
    assert cleaned(document(notice=notice)).notice == shown


def test_tables_and_figures_are_counted_apart_and_a_reference_knows_its_heading():
    names = [name for _, name in named(made.plain()) if name]
    assert names == [
        "part-1", "part-2", "part-3", "Figure 1", "Table 1",
        "part-4", "part-3", "Figure 2", "Table 2", "Table 3",
    ]  # fmt: skip


def test_a_reference_to_no_heading_is_a_mistake():
    with pytest.raises(ValueError, match=r"^'See there\.' leads to 'there', which is no heading$"):
        named(document(Heading("Here", 1, "here"), Reference("See there.", "there")))


def test_two_headings_of_one_anchor_are_a_mistake():
    twice = document(Heading("Here", 1, "here"), Heading("There", 1, "here"))
    with pytest.raises(ValueError, match=r"^headings share the anchor 'here'; each needs its own$"):
        named(twice)


def block(frame, **how):
    return TableBlock(Table("", pd.DataFrame(frame)), **how)


def test_columns_of_short_texts_are_as_wide_as_their_texts():
    # 'Place' in bold takes 1.15 x 5 = 5.75 letters, its longest text 6; two between: 8 of 90.
    frame = {"Place": ["Oxford"], "A": ["12345678"]}
    assert shares(block(frame)) == pytest.approx([8 / 90, 10 / 90])
    assert shares(block(frame, wide=True)) == pytest.approx([8 / 136, 10 / 136])
    assert shares(block(frame, half=True)) == pytest.approx([8 / 43, 10 / 43])


def test_what_is_left_over_goes_to_the_columns_with_long_texts():
    # Equal texts of 100 letters have columns about equal.
    frame = {name: ["word " * 20] for name in "abc"}
    assert shares(block(frame)) == pytest.approx([1 / 3] * 3, abs=0.05)
    # 'Not decided' fits a line with its 11 + 2 letters; a text of 400 gets what there is.
    short, long = shares(block({"Who": ["Not decided"], "What": ["word " * 80]}))
    assert short + long == pytest.approx(1)
    assert short <= 13 / 90 + 0.001
    # 40 letters beside 400: with a quarter of the line or less they still need fewer lines.
    some, most = shares(block({"a": ["word " * 8] * 3, "b": ["word " * 80] * 3}))
    assert some < 0.25
    assert some + most == pytest.approx(1)


def test_a_date_is_not_folded_where_others_can_give_room():
    # 10 + 2 letters and 300: all that the date needs is a small part of the line.
    date, _ = shares(block({"Period": ["April 2025"] * 9, "Note": ["word " * 60] * 9}))
    assert date >= 12 / 90 - 1e-9


@pytest.mark.parametrize("how", [{}, {"wide": True}, {"half": True}])
def test_columns_never_need_more_than_the_line_nor_less_than_a_word(how):
    frame = pd.DataFrame([["x" * 200] * 12], columns=[f"h{i}" for i in range(12)])
    assert sum(shares(block(frame, **how))) == pytest.approx(1)
    # The longest word, of 20 letters, keeps its 22 of 43 beside a text of any length.
    word, _ = shares(block({"a": ["w" * 20], "b": ["a " * 500]}, half=True))
    assert word >= 22 / 43 - 1e-9


def test_an_empty_table_has_columns_too():
    assert all(share > 0 for share in shares(block({"A": [], "B": []})))


def test_a_chart_stands_beside_the_texts_before_it_unless_they_are_long():
    small = replace(made.picture(), beside=True)
    said, items = Paragraph("One."), Items(("two", "three"))
    head = Heading("A", 1)
    assert beside(document(head, said, items, small, said)) == ["", "first", "text", "chart", ""]
    assert beside(document(head, small)) == ["", ""]
    assert beside(document(said, made.picture())) == ["", ""]
    assert beside(document(Paragraph("x" * 1601), small)) == ["", ""]


def test_a_page_is_turned_for_a_wide_table_with_what_leads_up_to_it():
    wide = TableBlock(Table("", pd.DataFrame({"A": ["1"]})), wide=True)
    said = Paragraph("One.")
    found = on_side(document(said, Flag("No."), Heading("A", 2), said, wide, said))
    assert found == [False, False, True, True, True, False]


def test_a_file_is_written_whole_or_not_at_all(tmp_path):
    (tmp_path / "taken.html").mkdir()
    reason = (
        r"taken\.html: cannot be written there \(Is a directory\); close the file where it is "
        r"open, or choose another folder$"
    )
    with pytest.raises(RunError, match=reason):
        write_whole(tmp_path / "taken.html", b"text")
    assert [path.name for path in tmp_path.iterdir()] == ["taken.html"]


def test_an_office_file_keeps_its_parts_and_loses_their_times():
    content = BytesIO()
    with ZipFile(content, "w") as package:
        package.writestr("b.xml", "two")
        package.writestr("a.xml", "one")
    with ZipFile(BytesIO(timeless(content.getvalue()))) as package:
        assert [(i.filename, i.date_time) for i in package.infolist()] == [
            ("b.xml", (1980, 1, 1, 0, 0, 0)),
            ("a.xml", (1980, 1, 1, 0, 0, 0)),
        ]
        assert package.read("a.xml") == b"one"
