"""What an entry serves, when it comes next, what is overdue, what a statement has: by hand."""

from datetime import date

import pytest

from outcomes.evidence import coverage_matrix, dated, next_expected, overdue, served
from outcomes.model import Entry, Framework, Gap, Indicator, Outcome, Statement
from outcomes.model.evidence import SOFT_KINDS, Evidence


def indicator(**values) -> Indicator:
    base = {"title": "T", "definition": "D.", "unit": "%", "value_type": "proportion"}
    return Indicator(**base | {"polarity": "no_judgement", "series": "els/a/A"} | values)


INDICATORS = {
    "jobs": indicator(),
    "pay": indicator(),
    "homes": indicator(series=None, gap=Gap(kind="no_open_series", why="W.", action="A.")),
    "both": indicator(series=None, value_type="basket", members=("jobs", "pay")),
}


def statement(name: str, **values) -> Statement:
    return Statement(id=name, wording=name, origin="here", **values)


FRAMEWORK = Framework(
    id="ours",
    title="Ours",
    area="Here",
    source="us",
    outcomes=(
        Outcome(
            id="work",
            number=1,
            title="Work",
            short="Work",
            question="Q?",
            statements=(
                statement("find_work"),
                statement("fair_pay"),
                statement("gone", status="withdrawn"),
            ),
            entries=(Entry(number="1.1", indicator="both", wording="Both"),),
        ),
        Outcome(
            id="homes",
            number=2,
            title="Homes",
            short="Homes",
            question="Q?",
            entries=(Entry(number="2.1", indicator="homes", wording="Homes"),),
        ),
    ),
)


def entry(kind: str = "survey", **values) -> Evidence:
    return Evidence(title="Some evidence", kind=kind, **values)


@pytest.mark.parametrize(
    ("frequency", "last", "expected"),
    [
        ("weekly", date(2026, 2, 25), date(2026, 3, 4)),
        ("monthly", date(2026, 1, 31), date(2026, 2, 28)),
        ("quarterly", date(2025, 11, 30), date(2026, 2, 28)),
        ("termly", date(2026, 1, 10), date(2026, 5, 10)),
        ("yearly", date(2024, 2, 29), date(2025, 2, 28)),
        ("every_two_years", date(2024, 5, 1), date(2026, 5, 1)),
        ("every_five_years", date(2021, 5, 1), date(2026, 5, 1)),
        ("every_ten_years", date(2021, 3, 21), date(2031, 3, 21)),
        ("once", date(2024, 5, 1), None),
        ("irregular", date(2024, 5, 1), None),
        (None, date(2024, 5, 1), None),
        ("yearly", None, None),
    ],
)
def test_the_next_issue_is_the_last_one_and_its_frequency(frequency, last, expected):
    assert next_expected(entry(frequency=frequency, last_date=last)) == expected


def test_the_second_next_issue_is_two_cycles_on():
    last = date(2026, 1, 31)
    assert next_expected(entry(frequency="monthly", last_date=last), cycles=2) == date(2026, 3, 31)


def test_overdue_is_what_was_expected_before_today_longest_first():
    expected = {
        "today": date(2026, 6, 30),
        "yesterday": date(2026, 6, 29),
        "long_ago": date(2025, 1, 1),
        "tomorrow": date(2026, 7, 1),
        "never": None,
    }
    assert overdue(expected, date(2026, 6, 30)) == (
        ("long_ago", date(2025, 1, 1)),
        ("yesterday", date(2026, 6, 29)),
    )
    assert overdue(expected, date(2025, 1, 1)) == ()


@pytest.mark.parametrize(
    ("names", "pairs"),
    [
        ({"statements": ("fair_pay",)}, [("work", "fair_pay")]),
        ({"outcomes": ("work",), "statements": ("fair_pay",)}, [("work", "fair_pay")]),
        ({"outcomes": ("homes", "work")}, [("work", ""), ("homes", "")]),
        ({"indicators": ("pay",)}, [("work", "")]),
        ({"indicators": ("both",)}, [("work", "")]),
        ({"indicators": ("homes",), "statements": ("find_work",)},
         [("work", "find_work"), ("homes", "")]),
        ({"statements": ("gone",)}, []),
        ({}, []),
    ],
)  # fmt: skip
def test_an_entry_serves_the_statements_it_names_or_the_outcomes_of_its_indicators(names, pairs):
    assert served(entry(**names), FRAMEWORK, INDICATORS) == pairs


def test_the_matrix_counts_each_kind_for_each_outcome_and_statement():
    entries = {
        "a": entry("survey", statements=("find_work",)),
        "b": entry("survey", statements=("find_work",)),
        "c": entry("feedback", statements=("find_work",)),
        "d": entry("census", indicators=("homes", "jobs")),
    }
    matrix = coverage_matrix(FRAMEWORK, entries, INDICATORS)
    found = {row: counts[counts > 0].to_dict() for row, counts in matrix.iterrows()}
    assert found == {
        ("work", ""): {"census": 1, "entries": 1},
        ("work", "find_work"): {"survey": 2, "feedback": 1, "entries": 3},
        ("work", "fair_pay"): {},
        ("homes", ""): {"census": 1, "entries": 1},
    }
    assert set(matrix.dtypes.astype(str)) == {"int64"}


def test_the_matrix_of_an_empty_catalogue_has_every_row_and_no_count():
    matrix = coverage_matrix(FRAMEWORK, {}, INDICATORS)
    assert len(matrix) == 4
    assert not matrix.to_numpy().any()


def test_a_missing_last_date_is_the_newest_publication_of_its_indicators(make_position):
    def published(name: str, day: str):
        old = make_position()
        return make_position(
            indicator_id=name, source=type(old.source)("P", "T", "U", day, "2026-01-01", "L")
        )

    positions = [published("jobs", "2024-01-02"), published("pay", "2025-06-07")]
    positions.append(published("homes", "in the spring"))
    entries = {
        "basket": entry(indicators=("both",)),
        "one": entry(indicators=("jobs",)),
        "own": entry(indicators=("jobs",), last_date=date(2020, 1, 1)),
        "words": entry(indicators=("homes",)),
        "none": entry(),
    }
    days = {name: e.last_date for name, e in dated(entries, positions, INDICATORS).items()}
    assert days == {
        "basket": date(2025, 6, 7),
        "one": date(2024, 1, 2),
        "own": date(2020, 1, 1),
        "words": None,
        "none": None,
    }


FULL = {
    "survey": {"holder": "Office", "obtained": "received", "outcomes": ("work",),
               "frequency": "yearly", "lowest_level": "district", "access": "on_request",
               "how": "Ask.", "last_date": date(2026, 1, 1)},
}  # fmt: skip
FULL["feedback"] = FULL["survey"] | {"says": "People like it."}
FULL["assessment"] = FULL["survey"] | {"reference": "Needs 2026"}
FULL["research"] = FULL["assessment"] | {"relevance": "It is about us."}


@pytest.mark.parametrize("kind", FULL)
def test_each_key_that_is_left_out_is_named_and_no_other(kind):
    assert entry(kind, **FULL[kind]).missing() == []
    for key in FULL[kind]:
        less = {name: value for name, value in FULL[kind].items() if name != key}
        assert entry(kind, **less).missing() == [key]


def test_an_open_entry_needs_no_how_and_one_with_indicators_no_date_or_outcome():
    values = FULL["survey"] | {"access": "open", "indicators": ("jobs",)}
    for key in ("how", "last_date", "outcomes"):
        del values[key]
    assert entry(**values).missing() == []


def test_soft_is_what_people_said_and_single_cases():
    assert [kind for kind in FULL if entry(kind).soft] == ["feedback"]
    assert set(SOFT_KINDS) == {"feedback", "consultation", "case_study"}
