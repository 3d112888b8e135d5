"""Commissioning strategies of the sample county: five sections each, empty ones flagged."""

import pypdfium2
import pytest

from outcomes.model.partners import PartnerMap
from outcomes.narrative import say_forecast, say_track_record
from outcomes.reports.document import Flag, Heading, Items, Paragraph, Reference, TableBlock
from outcomes.reports.parts import is_issue
from outcomes.reports.strategy import SECTIONS


def section(document, at):
    """Return the blocks of one section."""
    starts = [i for i, b in enumerate(document.blocks) if isinstance(b, Heading) and b.level == 1]
    return list(document.blocks[starts[at] + 1 : starts[at + 1]])


def said(blocks) -> str:
    return " ".join(b.text for b in blocks if isinstance(b, Paragraph | Flag | Reference))


def flags(blocks):
    return [b.text for b in blocks if isinstance(b, Flag)]


def anchors(blocks):
    return [b.anchor for b in blocks if isinstance(b, Heading)]


def captions(blocks):
    return [b.table.caption for b in blocks if isinstance(b, TableBlock)]


def test_row_158_the_history_and_what_happens_if_trends_continue_with_range_and_record(
    strategy_of, reported, home
):
    from outcomes.baseline import load_baseline
    from outcomes.parameters import load_parameters

    document = strategy_of("health_and_wellbeing")
    # The measures that matter most stand in the section, the others after the five sections.
    blocks, others = section(document, 0), section(document, 5)
    table = next(b.table for b in blocks if isinstance(b, TableBlock))
    assert table.caption == "Where Tarrowshire is heading if things go on as they are"
    page = load_parameters().page(
        framework="essex_2014",
        outcome="health_and_wellbeing",
        locality="X10000001",
        comparator="nation",
    )
    told = 0
    for position in load_baseline(page).positions:
        forecast = say_forecast(position)
        first = is_issue(position) or bool(position.outlook.targets)
        words = said(blocks if first else others)
        assert forecast in words
        assert (f"measure_{position.indicator_id}" in anchors(blocks)) == first
        if not position.outlook.forecast.points.empty:
            told += 1
            assert "8 times in 10" in forecast
            record = say_track_record(position)
            assert record
            assert record in words
    assert told > 8


def test_row_159_the_forces_are_listed_and_a_missing_story_is_flagged(strategy_of):
    told = section(strategy_of("health_and_wellbeing"), 1)
    assert captions(told)[0] == (
        "What helps and what hinders in Tarrowshire, as people have recorded it"
    )
    assert not flags(told)
    empty = section(strategy_of("education_and_learning"), 1)
    assert flags(empty) == [
        "Not written yet: nobody has recorded what helps or hinders this outcome here."
    ]


def test_row_160_partners_come_from_the_map_with_their_roles(strategy_of):
    blocks = section(strategy_of("health_and_wellbeing"), 2)
    table = next(b.table for b in blocks if isinstance(b, TableBlock))
    assert list(table.frame.columns) == ["Organisation", "Its role", "What it contributes"]
    assert len(table.frame) >= 2
    assert (table.frame != "").all(axis=None)
    assert flags(blocks) == ["This partner map is invented, as an example."]
    without = PartnerMap(area="X10000001", framework="essex_2014")
    assert flags(section(strategy_of("health_and_wellbeing", without), 2)) == [
        "Not written yet: no partner is named for this outcome."
    ]


def test_row_161_each_issue_leads_to_its_evidence(strategy_of, reported):
    document = strategy_of("health_and_wellbeing")
    blocks = section(document, 3)
    anchors = {b.anchor for b in document.blocks if isinstance(b, Heading)}
    issues = [b for b in blocks if isinstance(b, Reference)]
    # Worse than the nation, getting worse, falling behind it, or with a gap that widens, all beyond
    # chance: the same measures that the page's headline names.
    assert {issue.anchor for issue in issues} == {
        f"measure_{name}"
        for name in ("published_life_expectancy_gap", "adult_obesity", "residents_in_good_health",
                     "primary_school_standard", "adult_smoking", "gcses_in_english_and_maths",
                     "childhood_obesity")
    }  # fmt: skip
    assert {issue.anchor for issue in issues} <= anchors
    gaps = next(b.table.frame for b in blocks if isinstance(b, TableBlock))
    titles = [gap.title for gap in reported.material.gaps("health_and_wellbeing")]
    assert titles
    assert sorted(about for row in gaps["About"] for about in row.split("; ")) == sorted(titles)


def test_row_162_the_plan_holds_actions_on_gaps_and_options(strategy_of):
    blocks = section(strategy_of("economic_growth"), 4)
    tables = {b.table.caption: b.table.frame for b in blocks if isinstance(b, TableBlock)}
    actions = tables["Actions that close gaps"]
    row = actions[actions["Closes the gap"] == "Business premises fit for purpose"].iloc[0]
    assert row["Owner"] == "Head of economic growth"
    assert row["By"] == "31 March 2027"
    health = section(strategy_of("health_and_wellbeing"), 4)
    assert "What the scenarios for Tarrowshire assume" in captions(health)
    assert any(isinstance(b, Items) for b in health)


def test_row_162_a_plan_without_anything_decided_is_flagged(strategy_of):
    without = PartnerMap(area="X10000001", framework="essex_2014")
    assert flags(section(strategy_of("education_and_learning", without), 4)) == [
        "Not written yet: nobody has recorded an option or an action.",
        "Not written yet: no action has been decided for an open gap.",
    ]


def test_the_first_page_says_where_the_place_stands_and_what_is_lacking(strategy_of):
    without = PartnerMap(area="X10000001", framework="essex_2014")
    front = strategy_of("education_and_learning", without).front
    assert [b.text for b in front if isinstance(b, Heading)] == [
        "In short", "What this strategy still lacks",
    ]  # fmt: skip
    assert front[-1].texts == (
        "Not written yet: nobody has recorded what helps or hinders this outcome here.",
        "Not written yet: no partner is named for this outcome.",
        "Not written yet: nobody has recorded an option or an action.",
        "Not written yet: no action has been decided for an open gap.",
    )


def test_each_section_has_one_slide_that_need_not_go_on_on_another(strategy_of):
    slides = strategy_of("health_and_wellbeing").slides
    assert slides[0].title.startswith("2. Health and wellbeing: clearly worse than Alderland: ")
    assert [slide.title for slide in slides[1:]] == list(SECTIONS)
    for slide in slides:
        assert len(slide.texts) == 1 or sum(map(len, slide.texts)) <= 500


def test_what_is_said_of_all_options_is_said_once(strategy_of):
    blocks = section(strategy_of("health_and_wellbeing"), 4)
    texts = [text for b in blocks if isinstance(b, Items) for text in b.texts]
    assert any(text.startswith("Scenarios are assumptions, not forecasts") for text in texts)
    assert len(texts) == len(set(texts))


@pytest.mark.slow
def test_row_163_one_command_writes_a_strategy_for_each_outcome_with_all_five_sections(
    strategies, reported
):
    outcomes = [outcome.id for outcome in reported.material.framework.outcomes]
    assert len(outcomes) == 7
    endings = ("docx", "html", "pdf", "pptx")
    files = [f"strategy_{name}.{ending}" for name in outcomes for ending in endings]
    assert sorted(p.name for p in strategies.iterdir()) == sorted([*files, "manifest.json"])
    for name in outcomes:
        pdf = pypdfium2.PdfDocument(strategies / f"strategy_{name}.pdf")
        parts = [mark.get_title() for mark in pdf.get_toc() if mark.level == 0]
        assert parts[:6] == ["In short", *SECTIONS]
        html = (strategies / f"strategy_{name}.html").read_text(encoding="utf-8")
        assert [html.count(f">{title}</h2>") for title in SECTIONS] == [1] * 5
