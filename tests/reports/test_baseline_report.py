"""The baseline report of the sample county: its order, its figures, its formats."""

import json
import re
from collections import Counter
from dataclasses import replace
from itertools import pairwise

import pypdfium2
import pytest
from docx import Document as open_word
from pptx import Presentation

from outcomes.errors import RunError
from outcomes.model import Statement
from outcomes.model.performance import CAUTION, ServicesPage
from outcomes.model.report import Comment, ReportLog, StageChange
from outcomes.narrative import say_trend
from outcomes.narrative.words import lower_first
from outcomes.reports import make_baseline, making
from outcomes.reports.baseline import MEANING, baseline_report
from outcomes.reports.choosing import choosing_blocks, crosswalk_blocks
from outcomes.reports.document import Flag, Heading, Paragraph, Picture, Reference, TableBlock
from outcomes.reports.material import by_statement
from outcomes.reports.parts import is_issue
from outcomes.reports.short import going, going_blocks, is_getting, main_point
from outcomes.reports.short import measures as measures_of

FIGURE = re.compile(r"\d[\d,.]*\d|\d")


def headings(document, level):
    return [b.text for b in document.all_blocks if isinstance(b, Heading) and b.level == level]


def flags(document):
    return [b.text for b in document.all_blocks if isinstance(b, Flag)]


def words_of(document) -> str:
    """Everything that a document says, in one line."""
    said = []
    for block in document.all_blocks:
        if isinstance(block, TableBlock):
            said += [block.table.caption, *block.table.frame.astype(str).to_numpy().ravel()]
        said += [*getattr(block, "texts", ()), getattr(block, "text", "")]
    return " ".join(" ".join(said).split())


def document_of(material, services=(), ballots=()):
    page = ServicesPage(material.evidence.overview, tuple(services))
    return baseline_report(material, page, tuple(ballots), version=1)


def measures(document):
    return [b.anchor for b in document.all_blocks if isinstance(b, Heading) and b.level == 3
            and b.anchor.startswith("measure_")]  # fmt: skip


def with_statements(material, outcome_id, statements, number, statement):
    """Return material in which one outcome has statements, and one entry serves one of them."""
    overview, changed = material.evidence.overview, []
    for baseline in overview.baselines:
        outcome = baseline.outcome
        if outcome.id == outcome_id:
            entries = tuple(
                e.model_copy(update={"statement": statement if e.number == number else None})
                for e in outcome.entries
            )
            outcome = outcome.model_copy(update={"statements": statements, "entries": entries})
        changed.append(replace(baseline, outcome=outcome))
    overview = replace(overview, baselines=tuple(changed))
    return replace(material, evidence=replace(material.evidence, overview=overview))


def test_row_022_the_outcomes_are_the_headings_in_their_order(reported):
    overview = reported.material.evidence.overview
    titles = [f"{b.outcome.number}. {b.outcome.title}" for b in overview.baselines]
    assert [t for t in headings(reported.document, 1) if t[0].isdigit()] == titles
    # The first follows what comes before all outcomes; each other one begins a page.
    heads = {b.text: b.flows for b in reported.document.all_blocks if isinstance(b, Heading)}
    assert [heads[title] for title in titles] == [True] + [False] * (len(titles) - 1)


def test_row_022_every_confirmed_measure_stands_once_and_is_referred_to_elsewhere(reported):
    overview = reported.material.evidence.overview
    every = [p.indicator_id for b in overview.baselines for p in b.positions]
    once = list(dict.fromkeys(every))
    assert measures(reported.document) == [f"measure_{name}" for name in once]
    seen = [b.anchor for b in reported.document.all_blocks if isinstance(b, Reference)]
    again = [f"measure_{name}" for i, name in enumerate(every) if name in every[:i]]
    assert again
    assert [a for a in seen if a in again][: len(again)] == again
    figures = next(b.table for b in reported.document.all_blocks if isinstance(b, TableBlock)
                   and b.table.caption.startswith("Latest figures"))  # fmt: skip
    assert len(figures.frame) == len(once)


def test_row_022_final_statements_stand_in_their_order_and_the_rest_after_them(reported):
    statements = (
        Statement(id="b", wording="Babies thrive", origin="Board", status="final"),
        Statement(id="a", wording="Children are ready for school", origin="Board", status="final"),
        Statement(id="c", wording="Not chosen", origin="Board"),
    )
    changed = with_statements(reported.material, "best_start", statements, "1.1", "a")
    document = document_of(changed)
    parts = headings(document, 2)
    start = parts.index("Babies thrive")
    assert parts[start : start + 3] == [
        "Babies thrive",
        "Children are ready for school",
        "Other indicators of this outcome",
    ]
    assert "Not chosen" not in parts
    assert "Missing: no indicator with figures stands under this statement." in flags(document)
    found = by_statement(changed.evidence.overview.baselines[0])
    assert [s and s.id for s, _ in found] == ["b", "a", None]
    assert {p.number for p in found[1][1]} == {"1.1"}
    assert not found[0][1]
    assert sorted(measures(document)) == sorted(measures(reported.document))


def test_row_022_each_measure_has_its_trend_and_comparison_or_the_reason(reported):
    said, name = {}, ""
    for block in reported.document.blocks:
        if isinstance(block, Heading):
            name = block.anchor
        elif isinstance(block, Paragraph):
            said[name] = f"{said.get(name, '')} {block.text}"
    trend = re.compile(r"is (rising|falling) by|no trend that can|No trend can be|one figure only")
    compared = re.compile(r"That is |not compared with|similar to|the same as")
    overview = reported.material.evidence.overview
    shown = {p.indicator_id: p for b in overview.baselines for p in b.positions}
    for name, position in shown.items():
        words = said[f"measure_{name}"]
        if position.latest is None:
            assert position.missing in words
        else:
            assert trend.search(words), words
            assert compared.search(words), words


def test_the_first_page_says_what_goes_well_what_badly_and_what_has_to_be_decided(reported):
    front = reported.document.front
    said = {h.text: b for h, b in pairwise(front) if isinstance(h, Heading)}
    assert list(said) == [
        "In short",
        "What is going well",
        "What is going badly",
        "What is open, and what has to be decided",
    ]
    positions = measures_of(reported.material.evidence.overview)
    for title, side, start in (
        ("What is going well", "better", "Clearly better than Alderland: adults who volunteer."),
        ("What is going badly", "worse", "Clearly worse than Alderland: gap in life expectancy, as "
         "published; adults living with obesity; residents who say that they are in good health."),
    ):  # fmt: skip
        found = going(positions, "Alderland", side)
        texts = said[title].texts
        assert texts[0] == start
        assert [text.split(": ")[0] for text in texts] == [way.words for way, _ in found]
    judged = {p.indicator_id for p in positions
              if p.standing.trend and p.standing.trend.judged == "improving"}  # fmt: skip
    assert judged
    better = {way.words: told for way, told in going(positions, "Alderland", "better")}
    better = better["Getting better over time"]
    assert {p.indicator_id for p in better} == judged
    decided = said["What is open, and what has to be decided"].texts
    assert decided[0] == (
        "Decide what to do about 14 indicators that are clearly worse than Alderland, getting worse, "
        "losing ground, or with a gap that widens."
    )
    with_page = pypdfium2.PdfDocument(reported.folder / "baseline.pdf")
    first = with_page[0].get_textpage().get_text_range()
    assert [title for title in list(said)[:4] if title not in " ".join(first.split())] == []


def test_every_open_gap_of_an_outcome_is_described_once_and_named_wherever_it_concerns(reported):
    document, material = reported.document, reported.material
    described = Counter()
    for outcome in material.framework.outcomes:
        heading = f"Open gaps: {outcome.short}"
        start = next(i for i, b in enumerate(document.blocks)
                     if isinstance(b, Heading) and b.text == heading)  # fmt: skip
        end = next(i for i, b in enumerate(document.blocks) if i > start and isinstance(b, Heading))
        own = [b.table.frame for b in document.blocks[start:end] if isinstance(b, TableBlock)]
        rows = [about for frame in own for about in frame["About"]]
        described.update(part for about in rows for part in about.split("; "))
        here = " ".join([*rows, *(getattr(b, "text", "") for b in document.blocks[start:end])])
        assert material.gaps(outcome.id)
        assert [g.title for g in material.gaps(outcome.id) if g.title not in here] == []
        for frame in own:
            assert not frame.duplicated([c for c in frame.columns if c != "About"]).any()
    gaps = {gap.id: gap.title for o in material.framework.outcomes for gap in material.gaps(o.id)}
    assert described == Counter(gaps.values())


def test_how_the_indicators_were_chosen_stands_in_the_report_where_somebody_scored_them(reported):
    page = reported.material.evidence.overview.page
    blocks = reported.document.blocks
    heading = next(b for b in blocks if getattr(b, "anchor", "") == "choosing")
    assert heading.text == "How the indicators were chosen"
    part = blocks[blocks.index(heading) :]
    # Nothing that is scored lacks figures in the sample, so no data development agenda.
    captions = [b.table.caption for b in part[2:4]]
    assert [caption.split(":")[0] for caption in captions] == [
        "Headline indicators", "Secondary indicators",
    ]  # fmt: skip
    assert all("(an example that nobody has adopted)" in caption for caption in captions)
    assert part[4].text.startswith("Not scored yet: ")
    assert part[5].text == "Beside another framework: Every Child Matters, the five outcomes"
    assert list(part[6].table.frame.columns)[2] == "Every Child Matters, the five outcomes"
    assert part[7].text == "Sources and licences"
    assert choosing_blocks(page.model_copy(update={"framework": "portsmouth_8"})) == ()
    assert crosswalk_blocks("nine_outcomes_example") == ()
    assert len(crosswalk_blocks("every_child_matters")) == 4


def test_row_023_a_text_closes_each_outcome_and_an_empty_one_is_flagged(reported):
    parts = [t for t in headings(reported.document, 2) if t.startswith(MEANING)]
    outcomes = reported.material.framework.outcomes
    assert parts == [f"{MEANING}: {outcome.short}" for outcome in outcomes]
    assert "The board proposes to keep the standard that no family" in words_of(reported.document)
    missing = [f for f in flags(reported.document) if f.startswith("Not written yet")]
    assert (
        missing
        == [
            "Not written yet: the services that work on this outcome have to say here what its figures "
            "mean for them."
        ]
        * 5
    )
    assert not re.search(r"parameters/|\.md\b", words_of(reported.document))


def test_row_024_the_report_prints_its_stage_its_comments_and_an_override(reported):
    assert reported.document.stage == "Draft, out for comments"
    said = words_of(reported.document)
    assert "Please say how many of the families in temporary accommodation" in said
    assert "No answer yet" in said
    assert "1 comment has no answer yet." in said
    log = ReportLog(
        stages=[
            StageChange(stage="final", day="2026-03-02", reason="No time", override="Next time")
        ],
        comments=[Comment(id="c1", day="2026-03-01", by="Board", about="report", text="Why?")],
    )
    document = document_of(replace(reported.material, log=log))
    assert document.stage == "Final"
    assert (
        "Issued as final on 2 March 2026 with a comment that had no answer. The reason given: "
        "Next time" in flags(document)
    )


def test_row_025_every_figure_of_the_presentation_stands_in_the_full_report(reported):
    said, slides = words_of(reported.document), reported.document.slides
    outcomes = reported.material.framework.outcomes
    titles = [slide.title for slide in slides]
    assert titles[:2] == ["What is going well", "What is going badly"]
    starts = [f"{outcome.number}. {outcome.short}: " for outcome in outcomes]
    assert all(t.startswith(s) for t, s in zip(titles[2:-1], starts, strict=True))
    assert titles[3] == (
        "2. Health and wellbeing: clearly worse than Alderland: adults living with obesity; gap in "
        "life expectancy, as published; and 1 more"
    )
    assert titles[-1] == "What is open, and what has to be decided"
    shown = [words for slide in slides for words in slide.texts]
    assert sum(bool(FIGURE.search(words)) for words in shown) > 12
    assert [words for words in shown if words not in said] == []
    pictures = [b for b in reported.document.all_blocks if isinstance(b, Picture)]
    drawn = [slide.picture for slide in slides if slide.picture]
    assert drawn
    assert all(any(p is q for q in pictures) for p in drawn)


def test_row_025_the_figures_are_the_same_in_every_format(reported):
    html = (reported.folder / "baseline.html").read_text(encoding="utf-8")
    word = open_word(str(reported.folder / "baseline.docx"))
    pdf = pypdfium2.PdfDocument(reported.folder / "baseline.pdf")
    printed = "".join("".join(page.get_textpage().get_text_range().split()) for page in pdf)
    web = "".join(html.split())
    written = "".join("".join(p.text.split()) for p in word.paragraphs)
    texts = [words for slide in reported.document.slides for words in slide.texts]
    for words in texts:
        bare = "".join(words.split())
        assert bare in web
        assert bare in written
        assert bare.replace("-", "") in printed.replace("-", "").replace("\u2010", "")
    shown = "".join(
        "".join(shape.text_frame.text.split())
        for slide in Presentation(str(reported.folder / "baseline.pptx")).slides
        for shape in slide.shapes
        if shape.has_text_frame
    )
    assert [words for words in texts if "".join(words.split()) not in shown] == []


def test_the_word_file_has_every_heading_and_every_picture_its_alternative(reported):
    word = open_word(str(reported.folder / "baseline.docx"))
    styled = [(p.style.name, p.text) for p in word.paragraphs if p.style.name.startswith("Heading")]
    blocks = reported.document.blocks
    expected = [(f"Heading {b.level}", b.text) for b in blocks if isinstance(b, Heading)]
    assert [pair for pair in styled if pair in expected] == expected
    said = [s._inline.docPr.get("descr") for s in word.inline_shapes]
    assert said == [b.alternative for b in blocks if isinstance(b, Picture)]
    assert all(said)


def test_row_122_no_table_holds_both_indicators_and_performance_measures(reported):
    overview = reported.material.evidence.overview
    indicators = {p.indicator.title for b in overview.baselines for p in b.positions}
    tables = [b.table for b in reported.document.all_blocks if isinstance(b, TableBlock)]
    services = [t for t in tables if "Performance measure" in t.frame.columns]
    names = {name for table in services for name in table.frame["Performance measure"]}
    assert services
    assert names
    assert not names & indicators
    for table in tables:
        cells = set(table.frame.astype(str).to_numpy().ravel())
        assert not (cells & names and cells & indicators), table.caption


def test_row_156_progress_stands_beside_the_contribution_with_the_caution(reported):
    blocks = list(reported.document.blocks)
    starts = [
        i for i, b in enumerate(blocks) if isinstance(b, Heading) and "beside everyone" in b.text
    ]
    (start,) = starts
    assert blocks[start + 1] == Flag(CAUTION)
    end = next(i for i, b in enumerate(blocks) if i > start and isinstance(b, Heading))
    captions = [b.caption for b in blocks[start:end] if isinstance(b, Picture)]
    assert captions[0].startswith("For its customers: ")
    assert captions[1].startswith("For everyone in Tarrowshire: ")


def test_the_manifest_says_what_it_was_made_from(reported):
    manifest = json.loads((reported.folder / "manifest.json").read_text(encoding="utf-8"))
    files = manifest.pop("files")
    assert sorted(files) == ["baseline.docx", "baseline.html", "baseline.pdf", "baseline.pptx"]
    assert manifest == {
        "version": 1,
        "framework": "essex_2014",
        "framework_version": None,
        "framework_changed_since": False,
        "locality": "X10000001",
        "comparator": "nation",
        "as_of": "",
        "data_version": reported.material.evidence.overview.data_version,
        "stage": "comments",
        "overrides": [],
    }


def test_a_report_is_never_written_over_another(reported, home):
    page = reported.material.evidence.overview.page
    with pytest.raises(RunError) as caught:
        make_baseline(page, reported.folder)
    assert str(caught.value) == (
        f"{reported.folder}: it is there already, and a report is never written over another; name "
        "a new folder"
    )


def test_nothing_is_left_if_a_format_cannot_be_written(reported, home, tmp_path, monkeypatch):
    def broken(document, path):
        raise RunError("the disk is full")

    monkeypatch.setitem(making.WRITERS, "pptx", broken)
    monkeypatch.setitem(making.WRITERS, "pdf", lambda document, path: path.write_bytes(b""))
    with pytest.raises(RunError, match="^the disk is full$"):
        making._write({"baseline": reported.document}, tmp_path / "a", reported.material, 1)
    assert list(tmp_path.iterdir()) == []


def test_the_first_page_knows_indicators_with_figures_for_districts_alone_and_since_when(reported):
    overview = reported.material.evidence.overview
    some = next(p for p in measures_of(overview) if p.latest and p.standing.gaps)
    gap = replace(some.standing.gaps[0], verdict="closing", relative_verdict="widening")
    inside = replace(some, latest=None, standing=replace(some.standing, gaps=(gap,)))
    first = replace(overview.baselines[0], positions=(inside,))
    place = replace(overview, baselines=(first,))
    assert [p.indicator_id for p in measures_of(place)] == [some.indicator_id]
    blocks = going_blocks(place)
    begun = gap.over_time.dropna(subset="size")["period"].iloc[0]
    assert blocks[1].texts == (
        f"With a gap that closes: {lower_first(some.indicator.title)} (between {gap.label}, since "
        f"{begun}, but widening as a share of the overall level).",
    )
    assert is_issue(inside) is False
    widening = replace(
        inside, standing=replace(some.standing, gaps=(replace(gap, verdict="widening"),))
    )
    assert is_issue(widening) is True


def test_a_slides_title_is_followed_by_the_sentence_that_it_rests_on(reported):
    overview = reported.material.evidence.overview
    shown = 0
    for baseline in overview.baselines:
        title, ordered, ground = main_point(baseline)
        if "getting" in title:
            assert ground == say_trend(ordered[0])
            assert is_getting(ordered[0], "better") or is_getting(ordered[0], "worse")
            shown += 1
        elif "that could be tested" in title:
            assert not any(p.comparison and p.comparison.tested for p in ordered)
        slide = next(s for s in reported.document.slides if s.title == title)
        assert ground in slide.texts
    assert shown
