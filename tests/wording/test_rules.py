"""What is refused in a wording, warned of and hinted at."""

import pytest

from outcomes.wording.classify import classify
from outcomes.wording.rules import findings, idea_of

MODIFIERS = (
    "Measurable", "Core", "Urgent", "Qualitative", "Priority", "Programmatic", "Targeted",
    "Performance", "Incremental", "Strategic", "Systemic",
)  # fmt: skip
"""The eleven of the language trap, slide 7."""


@pytest.fixture
def said(glossary):
    """Return what is said of a text entered as a kind: rule, severity and the words, each."""

    def say(text: str, entered: str = "outcome") -> list[tuple]:
        found = findings(text, entered, classify(text, glossary), glossary)
        return [
            (each.rule, each.severity, *(text[slice(*span)] for span in each.spans))
            for each in found
        ]

    return say


@pytest.mark.parametrize(
    ("word", "idea"),
    [
        ("Benchmark", "indicator"),
        ("Outcome", "outcome"),
        ("Result", "outcome"),
        ("Indicator", "indicator"),
        ("Goal", "outcome"),
        ("Objective", "outcome"),
        ("Measure", "performance_measure"),
        ("Target", "indicator"),
        ("KPIs", "performance_measure"),
        ("Core strategic objectives", "outcome"),
        ("Performance measures", "performance_measure"),
        ("Measure of crime", None),
        ("Bananas", None),
        ("", None),
    ],
)
def test_row_123_words_stand_for_three_ideas(word, idea, glossary):
    assert idea_of(word, glossary) == idea


@pytest.mark.parametrize("word", MODIFIERS)
@pytest.mark.parametrize("entered", ["outcome", "indicator", "performance_measure"])
def test_row_123_each_of_the_eleven_modifiers_raises_a_hint(word, entered, said):
    assert ("modifier", "hint", word) in said(f"{word} homes", entered)


def test_row_123_performance_measure_itself_is_not_a_modifier(said):
    assert said("Performance measures for all", "outcome") == []


def test_row_123_a_label_before_a_wording_is_named(said):
    assert ("label", "warning", "KPI") in said("KPI: Children are safe")
    assert ("label", "hint", "Goal") in said("Goal: Children are safe")
    assert said("Homes: children are safe") == []


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("90% of children are safe", "90%"),
        ("Children read by the age of 7", "7"),
        ("A low rate of crime", "rate"),
        ("The number of homes is right", "number of"),
        ("Pay is \u00a3400", "\u00a3"),
    ],
)
def test_row_124_a_number_or_a_unit_is_refused(text, words, said):
    assert said(text)[0][:3] == ("quantity", "refused", words)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Residents feel safe by 2030", "by 2030"),
        ("By March 2030 residents feel safe", "By March 2030"),
        ("Residents feel safe by the end of 2030/31", "by the end of 2030/31"),
    ],
)
def test_row_124_a_target_s_date_is_refused_as_a_date_and_not_as_a_count(text, words, glossary):
    verdict = classify(text, glossary)
    assert (verdict.kind, len(verdict.reasons)) == ("outcome", 1)
    (found,) = findings(text, "outcome", verdict, glossary)
    assert (found.rule, found.severity, found.reason, found.advice) == (
        "date",
        "refused",
        f"'{words}' is the date of a target, and an outcome has none",
        "Leave it out, and give the date to the target of an indicator.",
    )


def test_a_number_beside_a_target_s_date_is_still_one(said):
    assert [each[:3] for each in said("Residents feel safe at 7 by 2030")[:2]] == [
        ("date", "refused", "by 2030"),
        ("quantity", "refused", "7 "),
    ]


def test_most_is_nearly_a_number_unless_it_says_whom(said):
    assert said("Most people are safe") == [("roughly", "hint", "Most")]
    assert said("The most vulnerable people are safe") == []


def test_words_inside_others_are_not_named_twice(glossary):
    text = "Customer service calls per employee"
    assert [reason.words for reason in classify(text, glossary).reasons][-1] == (
        "'Customer service', 'calls' and 'per employee' speak of a service, or of the people it deals "
        "with."
    )


@pytest.mark.parametrize(
    "text",
    ["Collaboration", "Systems reform", "Service integration", "Devolution", "Funding pools"],
)
def test_row_129_each_of_the_five_means_draws_the_warning_as_an_outcome(text, said):
    assert ("means", "warning", text) in said(text)


def test_row_129_the_warning_says_what_to_do(glossary):
    text = "Better collaboration between agencies"
    (found,) = findings(text, "outcome", classify(text, glossary), glossary)
    assert (found.reason, found.advice) == (
        "'collaboration' is a means and not an end",
        "Ask 'what for?' until the answer is something that people have, and enter that.",
    )


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("People are not lonely", "not"),
        ("A county free from fear", "free from"),
        ("Communities that are drug-free", "drug-free"),
        ("Nobody sleeps rough", "Nobody"),
        ("People don\u2019t go hungry", "don\u2019t"),
        ("Homes with less damp", "less"),
        ("Reduced crime", "Reduced"),
        ("REDUCING waste", "REDUCING"),
        ("No-one is left out", "No-one"),
    ],
)
def test_row_132_negatives_are_flagged(text, word, said):
    assert ("negative", "hint", word) in said(text)


@pytest.mark.parametrize(
    "text",
    [
        "People live in safe communities and are protected from harm",
        "Homes from not-for-profit landlords are warm",
        "People are well whether or not they work",
        "Nothing less than safe streets",
        "Free-range hens are happy",
        "Nottingham is safe",
    ],
)
def test_row_132_what_only_looks_negative_is_not_flagged(text, said):
    assert not [found for found in said(text) if found[0] == "negative"]


def test_row_132_jargon_and_services_words_are_flagged_with_plain_ones(glossary, said):
    text = "Holistic pathways for service users"
    assert {("jargon", "hint", "Holistic"), ("jargon", "hint", "pathways")} <= set(said(text))
    assert [found for found in said(text) if found[0] == "service"]
    found = findings(text, "outcome", classify(text, glossary), glossary)
    assert "In plain words: whole." in [each.advice for each in found]


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("Reduced differential in life expectancy", "Reduced"),
        ("Increased connectivity", "Increased"),
        ("Reduction in crime", "Reduction in"),
        ("Fewer accidents", "Fewer"),
    ],
)
def test_a_direction_in_an_indicator_s_name_is_flagged(text, word, said):
    assert ("direction", "warning", word) in said(text, "indicator")
    assert not [found for found in said(text) if found[0] == "direction"]


def test_a_name_whose_direction_is_in_its_meaning_is_not_flagged(said):
    text = "Percentage of people who regain or increase their independence"
    assert not [found for found in said(text, "indicator") if found[0] == "direction"]


@pytest.mark.parametrize(
    "text", ["Number of people with personal budgets", "Number of clients seen", "Visits made"]
)
def test_row_151_counts_of_a_service_are_flagged_among_indicators(text, said):
    assert said(text, "indicator")[0][:2] == ("service count", "warning")
    assert "service count" not in [found[0] for found in said(text, "performance_measure")]


def test_an_outcome_that_reads_like_something_else_is_warned_of(said):
    assert ("kind", "warning", "Crime") in said("Crime")


def test_a_lost_sign_is_hinted_at(said):
    assert said("of adults who walk", "indicator") == [("lost sign", "hint", "of")]


def test_what_is_refused_stands_first(said):
    found = said("Strategic collaboration with 3 partners, not alone")
    order = ["refused", "warning", "hint"]
    assert [each[1] for each in found] == sorted((each[1] for each in found), key=order.index)
    assert {each[1] for each in found} == set(order)
