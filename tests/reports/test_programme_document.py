"""A programme and a partner map as documents."""

import pytest

from outcomes.parameters import load_parameters
from outcomes.parameters.partners import partners_for
from outcomes.parameters.programme import programme
from outcomes.reports.document import Heading, Items, Picture, TableBlock
from outcomes.reports.programme import INVENTED, partner_document, programme_document

COUNTY, REAL = "X10000001", "E10000012"


def of_kind(document, kind):
    return [block for block in document.blocks if isinstance(block, kind)]


@pytest.fixture
def partners(home):
    """Return a maker of the document of a place's partners."""
    parameters = load_parameters()
    framework = parameters.framework("essex_2014")
    titles = {outcome.id: outcome.short for outcome in framework.outcomes}
    titles |= {name: each.title for name, each in parameters.indicators.items()}
    titles |= {code: place.name for code, place in parameters.places.by_code().items()}
    return lambda place: partner_document(
        partners_for(parameters, "essex_2014", place), framework, titles
    )


def test_row_027_the_document_has_the_chart_the_flags_and_the_table_in_that_order(home):
    document = programme_document(programme(load_parameters(), "nine_outcomes_2012"))
    assert [(h.text, h.level) for h in of_kind(document, Heading)][:5] == [
        ("Timeline", 1),
        ("What the timeline says against itself", 2),
        ("Also noted", 3),
        ("Activities", 2),
        ("What is asked of each service area", 1),
    ]
    (picture,) = of_kind(document, Picture)
    assert picture.alternative.startswith(
        "Nine bars along time, from 21 April 2012 to 30 September"
    )
    flags, notes = of_kind(document, Items)
    assert (len(flags.texts), len(notes.texts)) == (4, 3)
    assert (document.notice, document.made) == (
        "",
        'Source: Timeline "Defining the 9 Outcomes", 2012.',
    )
    assert programme_document(programme(load_parameters(), "tarrowshire_2026")).notice == INVENTED


def test_a_checklist_alone_is_a_document_too(home):
    document = programme_document(programme(load_parameters(), "practical_steps"))
    assert [type(block).__name__ for block in document.blocks] == [
        "Heading",
        "Paragraph",
        "TableBlock",
    ]


def test_row_145_the_body_that_governs_and_its_members_are_named(partners):
    document = partners(COUNTY)
    assert (document.subtitle, document.notice) == ("Tarrowshire", INVENTED)
    heads = [h.text for h in of_kind(document, Heading)]
    assert "Who decides together: Tarrowshire Partnership Board" in heads
    assert of_kind(document, Items)[1].texts == (
        "Tarrowshire County Council",
        "Tarrowshire Community Health Trust",
        "The twelve district councils",
        "Tarrowshire Constabulary",
        "Tarrowshire Voluntary Action",
    )
    assert len(of_kind(document, TableBlock)) == 5


def test_an_empty_map_has_its_headings_and_says_that_nothing_is_filled_in(partners):
    document = partners(REAL)
    assert (document.subtitle, document.notice) == ("Essex", "")
    assert not of_kind(document, TableBlock)
    said = [getattr(block, "text", "") for block in document.blocks]
    assert said.count("Nothing is filled in.") == 4
