from dataclasses import replace

import pytest

from outcomes.model import Comparison
from outcomes.narrative import say_headline, say_methods, say_overview, say_place, say_wording
from outcomes.notebook import load_baseline, load_overview, open_page

NAN = float("nan")


def page(outcome: str, locality: str = "X10000001", framework: str = "essex_2014"):
    return open_page(framework=framework, outcome=outcome, locality=locality, comparator="nation")


@pytest.fixture
def headline(home, make_position):
    """Return the headline of an outcome whose positions compare as given."""

    def say(*verdicts, gaps=()):
        from dataclasses import replace

        positions = tuple(
            make_position(
                indicator={"title": f"Measure {i}"},
                indicator_id=f"m{i}",
                comparison=Comparison("Alderland", 76.0, 1, 1.0, verdict, tested=tested),
            )
            for i, (verdict, tested) in enumerate(verdicts, start=1)
        )
        real = load_baseline(page("best_start"))
        return say_headline(replace(real, positions=positions, gaps=gaps))

    return say


def test_clear_verdicts_are_named_and_the_rest_counted(headline):
    assert headline(
        ("better", True), ("worse", True), ("similar", True), ("worse", False), ("better", False)
    ) == [
        "5 of the 5 indicators of this outcome have a figure for Tarrowshire.",
        "Clearly worse than Alderland: measure 2.",
        "Clearly better than Alderland: measure 1.",
        "1 is similar to Alderland; 1 lies on the better and 1 on the worse side of Alderland, but "
        "without an interval we cannot say whether that is more than chance.",
    ]


def test_nothing_clear_is_said(headline):
    assert headline(("similar", True)) == [
        "The one indicator of this outcome has a figure for Tarrowshire.",
        "None of them is shown to be better or worse than Alderland.",
        "1 is similar to Alderland.",
    ]


def test_an_outcome_without_indicators_says_so(home):
    results = load_baseline(page("be_healthy", framework="every_child_matters"))
    assert say_headline(results) == [
        "No indicators have been chosen for this outcome yet, so nothing can be shown."
    ]


def test_headlines_of_every_outcome_are_few(home):
    for place in ("X10000001", "X07000003"):
        for baseline in load_overview(page("overview", place)).baselines:
            assert 2 <= len(say_headline(baseline)) <= 6


def test_the_place_with_its_people(home):
    assert say_place(load_baseline(page("best_start"))) == (
        "Tarrowshire (Mid Alderland) has about 1,366,000 people (mid-2024 estimate)."
    )


def test_an_overview_counts_an_indicator_once(home):
    overview = load_overview(page("overview"))
    shown = {p.indicator_id for b in overview.baselines for p in b.positions if p.latest}
    assert say_overview(overview)[0].startswith(
        f"Across 7 outcomes there are {len(shown)} figures for Tarrowshire;"
    )


def test_an_overview_counts_what_only_places_inside_have(home):
    overview = load_overview(page("overview"))
    assert not any("only places within" in sentence for sentence in say_overview(overview))
    some = overview.baselines[0]
    kept = [
        replace(p, latest=None) if p.within["value"].notna().any() else p for p in some.positions
    ]
    inside = sum(p.latest is None for p in kept)
    assert inside > 1
    alone = replace(overview, baselines=(replace(some, positions=tuple(kept)),))
    assert (
        f"For {inside} more, only places within Tarrowshire have figures, and not Tarrowshire as a "
        "whole."
    ) in say_overview(alone)


def test_the_methods_name_the_version_of_the_figures(home):
    results = load_baseline(page("best_start"))
    assert say_methods(results)[-1].endswith(f"Version of the figures: {results.data_version}.")


def test_nothing_is_none_in_words(headline):
    assert headline(("worse", False))[-1] == (
        "None lies on the better and 1 on the worse side of Alderland, but without an interval "
        "we cannot say whether that is more than chance."
    )


def test_a_wording_that_is_not_certain_is_named(home):
    assert say_wording(load_baseline(page("environment")).outcome)[-1] == (
        "6.7 Perception of the quality of the environment in Tarrowshire [towns] and villages: the "
        "wording is one reading of a damaged source."
    )
    assert say_wording(load_baseline(page("independent_living")).outcome) == []
