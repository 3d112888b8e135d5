"""The few sentences that a busy reader takes away, and where an indicator stands on the page."""

from dataclasses import replace

import pandas as pd
import pytest

from outcomes.model import (
    Comparison,
    OpenGap,
    Pertinence,
    PlaceGap,
    Standing,
    Step,
    Trend,
)
from outcomes.narrative import say_appendix, say_headline, say_methods, say_pertinence

NAN = float("nan")


def trend(judged: str) -> Trend:
    direction = "increasing" if judged else "no_significant_change"
    return Trend(direction, judged, 1.0, 0.5, 1.5, 5, "2019", "2023", "fingertips", 0.95)


def gap(verdict: str) -> PlaceGap:
    return PlaceGap(
        kind="places", label="districts in Anytown", over_time=pd.DataFrame(), relative=0.1,
        relative_verdict=verdict, noise_off=True, verdict=verdict, slope=0.1, slope_lower=0.0,
        slope_upper=0.2, n=5, method="weighted", confidence=0.95,
    )  # fmt: skip


STEP = Step(True, "2022", 4.0, 2.0, 6.0, 12, 0.05)
NO_STEP = Step(False, "", NAN, NAN, NAN, 12, 0.05)
MISSING = OpenGap("1.2", "Job quality", "Good jobs", "no series", "ask")


@pytest.fixture
def measure(make_position):
    def make(title="Jobs", verdict="similar", *, tested=True, **standing):
        return make_position(
            indicator={"title": title},
            comparison=Comparison("the nation", 76.0, 1, 1.0, verdict, tested=tested),
            standing=Standing(**standing),
        )

    return make


def test_a_full_headline_has_six_sentences_and_the_worst_first(measure, make_baseline):
    baseline = make_baseline(
        measure("Jobs", "worse", trend=trend("getting_worse"), gaps=(gap("widening"),)),
        measure("Pay", "better", trend=trend("improving"), gaps=(gap("closing"), gap("reversed"))),
        measure("Hours", "similar", step=STEP, trend=trend(""), gaps=(gap("cannot_tell"),)),
        measure("Skills", "worse", tested=False, step=NO_STEP),
        gaps=(MISSING,),
    )
    assert say_headline(baseline) == [
        "4 of the 5 indicators of this outcome have a figure for Anytown.",
        "Clearly worse than the nation: jobs.",
        "Clearly better than the nation: pay.",
        "Over time, getting worse: jobs; getting better: pay; off its earlier course: hours (since 2022).",
        "Gaps, widening: jobs (between districts in Anytown); turned round: pay (between "
        "districts in Anytown); closing: pay (between districts in Anytown).",
        "We hold no figures yet on: job quality.",
    ]


def test_titles_without_figures_are_told_apart_though_they_hold_commas(make_baseline):
    def said(count):
        gaps = (replace(MISSING, title=f"Pay, by age {i}") for i in range(1, count + 1))
        return say_headline(make_baseline(gaps=tuple(gaps)))[-1]

    assert said(2) == "We hold no figures yet on: pay, by age 1; pay, by age 2."
    assert said(5).endswith("; pay, by age 4; pay, by age 5.")
    assert said(7).endswith("; pay, by age 4; pay, by age 5; and 2 more.")


def test_a_gap_within_a_place_without_a_figure_is_told(make_position, make_baseline):
    position = make_position(latest=None, standing=Standing(gaps=(gap("widening"),)))
    assert say_headline(make_baseline(position))[-1] == (
        "Gaps, widening: people in work (between districts in Anytown)."
    )


def test_what_is_the_same_but_not_tested_is_counted(measure, make_baseline):
    same = measure(verdict="equal", tested=False)
    assert say_headline(make_baseline(same))[-1] == (
        "1 is the same as the nation, to the precision shown."
    )
    assert say_headline(make_baseline(same, same, measure()))[-1] == (
        "1 is similar to the nation; 2 are the same as the nation, to the precision shown."
    )


@pytest.mark.parametrize(
    ("verdict", "slope", "size", "words"),
    [
        ("widening", -1.0, -4.0, "Over time, falling behind the nation: jobs."),
        ("closing", 1.0, -4.0, "Over time, catching up with the nation: jobs."),
        ("closing", -1.0, 4.0, "Over time, losing its lead over the nation: jobs."),
        ("closing", -1.0, -0.1, "Over time, falling behind the nation: jobs."),
        ("reversed", -1.0, -4.0, "Over time, falling behind the nation: jobs."),
        ("widening", 1.0, 4.0, ""),
        ("widening", NAN, -4.0, ""),
        ("cannot_tell", -1.0, -4.0, ""),
    ],
)
def test_who_falls_behind_catches_up_or_loses_a_lead(
    measure, make_baseline, verdict, slope, size, words
):
    past = pd.DataFrame({"size": [1.0, size]})
    apart = replace(gap(verdict), kind="comparator", over_time=past, slope=slope)
    said = say_headline(make_baseline(measure(apart=apart)))
    assert [sentence for sentence in said if sentence.startswith("Over time")] == (
        [words] if words else []
    )


def test_a_step_long_ago_is_no_news(measure, make_baseline):
    said = say_headline(make_baseline(measure(step=replace(STEP, at="2014"))))
    assert not any("earlier course" in sentence for sentence in said)


def test_what_is_unclear_has_room_on_a_quiet_page(measure, make_baseline):
    assert say_headline(make_baseline(measure(), gaps=(MISSING,))) == [
        "1 of the 2 indicators of this outcome has a figure for Anytown.",
        "None of them is shown to be better or worse than the nation.",
        "We hold no figures yet on: job quality.",
        "1 is similar to the nation.",
    ]


def test_a_place_without_figures_has_no_trends(make_position, make_baseline):
    position = make_position(latest=None, standing=Standing(trend=trend("improving")))
    assert say_headline(make_baseline(position)) == [
        "We hold no figure for the one indicator of this outcome in Anytown yet. This page says what "
        "is missing and what would close each gap."
    ]
    assert say_headline(make_baseline(position, position))[0].startswith(
        "We hold no figure for any of the 2 indicators of this outcome in Anytown yet."
    )


def test_the_methods_cover_every_verdict_and_end_with_the_version(make_baseline):
    said = say_methods(make_baseline())
    for word in (
        "95% interval", "99.8%", "Ranks", "fifth", "people", "trend", "step", "control chart",
        "spread", "gap",
    ):  # fmt: skip
        assert any(word in sentence for sentence in said), word
    assert said[-1] == (
        "A missing figure is never counted as zero, and an area's figure is never used for a place "
        "within it. Version of the figures: abc123."
    )
    assert all(sentence.endswith(".") for sentence in said)
    assert not any("\N{EM DASH}" in sentence for sentence in said)


@pytest.mark.parametrize(
    ("pertinence", "words"),
    [
        (Pertinence(True, "it is getting worse"), "It is in the main part of the page "
         "because it is getting worse."),
        (Pertinence(False, "it has no figure for this place"), "It is in the appendix because "
         "it has no figure for this place."),
        (Pertinence(True, "the board decided so: it matters.", pinned=True), "It is in the "
         "main part of the page: the board decided so: it matters."),
        (Pertinence(False, "", pinned=True), "It is in the appendix because a person decided so."),
        (Pertinence(True, ""), ""),
    ],
)  # fmt: skip
def test_why_an_indicator_stands_where_it_does(make_position, pertinence, words):
    assert say_pertinence(make_position(pertinence=pertinence)) == words


def test_the_sentence_of_the_appendix(make_position, make_baseline):
    here, there = (make_position(pertinence=Pertinence(body, "")) for body in (False, True))
    assert say_appendix(make_baseline(here, there, there)) == (
        "1 of the 3 indicators is here and not in the main part of the page; it says why."
    )
    assert say_appendix(make_baseline(here, here, there)) == (
        "2 of the 3 indicators are here and not in the main part of the page; each says why."
    )
    assert say_appendix(make_baseline(there)) == (
        "Every indicator is in the main part of the page."
    )
    assert say_appendix(make_baseline()) == ""
