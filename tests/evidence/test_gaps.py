"""The gap register on a small invented framework: each kind of gap arises, and only where due."""

from datetime import date

import pandas as pd
import pytest

from outcomes.evidence import (
    contradictions,
    find_gaps,
    measured_rows,
    plan_action,
    register,
)
from outcomes.model import (
    Baseline,
    Comparison,
    Entry,
    Framework,
    Gap,
    Indicator,
    OpenGap,
    Outcome,
    Overview,
    Page,
    Place,
    Statement,
)
from outcomes.model.evidence import Evidence, GapDecision, RegisterGap

TODAY = date(2026, 6, 30)
PLACE = Place(code="X10000001", name="Anytown", level="county")
NOT_OPEN = Gap(kind="no_open_series", why="None is open.", action="Ask for it.")


def indicator(title: str, **values) -> Indicator:
    base = {"definition": "D.", "unit": "%", "value_type": "proportion", "polarity": "no_judgement"}
    return Indicator(**base | {"title": title, "series": "els/a/A"} | values)


INDICATORS = {
    "jobs": indicator("Jobs"),
    "pay": indicator("Pay"),
    "homes": indicator("Homes", series=None, gap=NOT_OPEN),
    "both": indicator("Both", series=None, value_type="basket", members=("jobs", "homes")),
}


def framework(**statements: str) -> Framework:
    """Return one of two outcomes; the first has the statements, each with a status."""
    worded = tuple(
        Statement(id=name, wording=f"We {name}", origin="here", status=status)
        for name, status in statements.items()
    )
    entries = (
        Entry(number="1.1", indicator="both", wording="Both"),
        Entry(number="1.2", indicator="pay", wording="Pay"),
    )
    work = Outcome(id="jobs", number=1, title="Work", short="Work", question="Q?", entries=entries)
    rest = Outcome(id="rest", number=2, title="Rest", short="Rest", question="Q?")
    return Framework(
        id="ours",
        title="Ours",
        area="Here",
        source="us",
        outcomes=(work.model_copy(update={"statements": worded}), rest),
    )


def overview(*positions, of: Framework | None = None, gaps=(), comparator="nation") -> Overview:
    of = of or framework()
    page = Page(framework="ours", outcome="evidence", locality=PLACE.code, comparator=comparator)
    common = {
        "page": page,
        "framework": of,
        "place": PLACE,
        "around": (),
        "comparator_label": "the nation",
        "population": None,
        "notice": "",
        "data_version": "v",
    }
    first, second = of.outcomes
    baselines = (
        Baseline(outcome=first, positions=positions, gaps=tuple(gaps), **common),
        Baseline(outcome=second, positions=(), gaps=(), **common),
    )
    return Overview(baselines=baselines, **common)


def found(*positions, entries=None, inside="", **values) -> dict[str, RegisterGap]:
    gaps = find_gaps(overview(*positions, **values), entries or {}, INDICATORS, inside, TODAY)
    assert len({gap.id for gap in gaps}) == len(gaps)
    return {gap.id: gap for gap in gaps if gap.id != "no_measure/rest"}


def evidence(kind: str = "survey", **values) -> Evidence:
    return Evidence(title="Some evidence", kind=kind, **values)


@pytest.fixture
def position(make_position):
    """Return a maker of positions on 'jobs' whose places within all have figures."""

    def make(**changes):
        values = {"indicator_id": "jobs", "place": PLACE, "within": pd.DataFrame({"value": [1.0]})}
        return make_position(**values | changes)

    return make


def test_a_measured_indicator_with_everything_is_no_gap(position):
    assert found(position(), inside="district") == {}


def test_an_outcome_without_any_measure_is_a_gap():
    gaps = find_gaps(overview(), {}, INDICATORS, "", TODAY)
    assert [(gap.id, gap.title, gap.why) for gap in gaps] == [
        ("no_measure/jobs", "Work", "No indicator has figures for it yet."),
        ("no_measure/rest", "Rest", "No indicator has figures for it yet."),
    ]


def test_an_indicator_without_a_series_keeps_the_reason_and_the_proposal_of_the_coverage(position):
    missing = OpenGap("1.1", "Homes", "Both", "None is open.", "Ask for it.")
    (gap,) = found(position(), gaps=[missing]).values()
    assert gap == RegisterGap(
        "no_measure/homes", "no_measure", "Homes", "None is open.", proposal="Ask for it."
    )


def test_a_place_without_a_figure_and_places_within_without_one_are_two_gaps(position):
    without = position(latest=None, missing="Nothing for Anytown.", comparison=None)
    assert [(g.id, g.why) for g in found(without).values()] == [
        ("no_locality_level/county/jobs", "Nothing for Anytown.")
    ]
    empty = position(within=pd.DataFrame({"value": [float("nan")]}))
    assert [(g.id, g.why) for g in found(empty, inside="district").values()] == [
        (
            "no_locality_level/district/jobs",
            "In no period do at least half of the districts in Anytown have a figure.",
        )
    ]
    assert found(empty, inside="") == {}


def alone(reason: str) -> Comparison:
    missing = float("nan")
    return Comparison(
        "the nation", missing, 0, missing, "not_compared", tested=False, reason=reason
    )


def test_no_figure_for_the_comparator_is_a_gap_of_that_comparator(position):
    silent = position(comparison=alone("there is no figure for the nation for 2023"))
    gaps = found(silent, position(indicator_id="pay"), comparator="region")
    assert [(g.id, g.why) for g in gaps.values()] == [
        ("no_comparator/region/jobs", "There is no figure for the nation for 2023.")
    ]


def test_a_place_with_nobody_to_compare_with_has_one_gap_and_not_one_an_indicator(position):
    reason = "Anytown has no region around it to compare with"
    pair = [position(indicator_id=name, comparison=alone(reason)) for name in ("jobs", "pay")]
    assert [(g.id, g.title, g.why) for g in found(*pair).values()] == [
        ("no_comparator/nation", "Everything", f"{reason}.")
    ]


def test_a_count_is_not_expected_to_be_compared(position):
    count = position(comparison=alone("it depends on the size"), indicator={"value_type": "count"})
    assert found(count) == {}


def test_an_old_series_is_stale(position):
    assert list(found(position(stale=True))) == ["stale/jobs"]


@pytest.mark.parametrize(("years", "rare"), [(1, False), (2, False), (3, True), (10, True)])
def test_figures_that_come_less_often_than_every_two_years_are_too_rare(position, years, rare):
    starts = pd.to_datetime([f"{2001 + years * n}-01-01" for n in range(3)])
    history = pd.DataFrame({"period_start": starts, "value": [1.0, 2.0, 3.0]})
    gaps = found(position(history=history))
    assert list(gaps) == (["too_rare/jobs"] if rare else [])
    if rare:
        assert gaps["too_rare/jobs"].why == f"A new figure comes every {years} years or so."


def test_a_period_without_a_figure_does_not_make_a_series_frequent(position):
    starts = pd.to_datetime(["2001-01-01", "2002-01-01", "2004-01-01", "2005-01-01", "2007-01-01"])
    value = [1.0, float("nan"), 2.0, float("nan"), 3.0]
    history = pd.DataFrame({"period_start": starts, "value": value})
    assert list(found(position(history=history))) == ["too_rare/jobs"]


HARD = evidence(statements=("earn",), frequency="yearly")
RARE = evidence(statements=("earn",), frequency="every_five_years")
SOFT = evidence("feedback", statements=("earn",))
MEASURE = evidence(statements=("earn",), indicators=("jobs",))
UNHELD = evidence(statements=("earn",), indicators=("homes",))


@pytest.mark.parametrize(
    ("entries", "gap"),
    [
        ([], "no_measure/jobs/earn"),
        ([HARD], "no_measure/jobs/earn"),
        ([HARD, SOFT], "no_measure/jobs/earn"),
        ([UNHELD], "no_measure/jobs/earn"),
        ([SOFT], "soft_only/jobs/earn"),
        ([SOFT, RARE], "too_rare/jobs/earn"),
        ([MEASURE], None),
        ([SOFT, MEASURE], None),
    ],
)
def test_a_statement_has_a_measure_or_one_gap(position, entries, gap):
    named = {f"e{i}": entry for i, entry in enumerate(entries)}
    gaps = found(position(), entries=named, of=framework(earn="final", left="withdrawn"))
    assert list(gaps) == ([gap] if gap else [])
    if gap:
        assert gaps[gap].title == "We earn"


def test_rare_figures_are_a_gap_only_where_no_series_measures_the_same(position):
    census = {"frequency": "every_ten_years", "outcomes": ("jobs",)}
    entries = {
        "lone": evidence("census", indicators=("pay",), **census),
        "with_series": evidence("census", indicators=("both",), **census),
        "study": evidence("research", indicators=("pay",), **census | {"frequency": "once"}),
    }
    gaps = found(position(), entries=entries)
    assert [(g.id, g.why) for g in gaps.values()] == [
        (
            "too_rare/evidence/lone",
            "It comes every ten years, and no other series measures the same.",
        )
    ]


def test_evidence_is_stale_when_two_issues_were_missed(position):
    quarterly = {"outcomes": ("jobs",), "frequency": "quarterly"}
    entries = {
        "one_missed": evidence(last_date=date(2025, 12, 30), **quarterly),
        "two_missed": evidence(last_date=date(2025, 12, 29), **quarterly),
    }
    gaps = found(position(), entries=entries)
    assert [(g.id, g.why) for g in gaps.values()] == [
        (
            "stale/evidence/two_missed",
            "Last issued on 29 December 2025; two issues since then were missed.",
        )
    ]


def gap(name: str, kind="no_measure", **values) -> RegisterGap:
    return RegisterGap(name, kind, f"Title of {name}", "Why.", **values)


def test_decisions_fill_the_register_and_past_due_open_gaps_come_first():
    decisions = {
        "no_measure/late": GapDecision(action="Do.", owner="Head", due=date(2026, 6, 29)),
        "no_measure/done": GapDecision(state="closed", due=date(2020, 1, 1)),
        "no_measure/soon": GapDecision(due=date(2026, 6, 30), state="in_progress"),
        "own_words": GapDecision(title="By hand", why="We said so.", change="A new form"),
        "stale/elsewhere": GapDecision(action="Of another page"),
    }
    names = ("stale/open", "no_measure/done", "no_measure/soon", "no_measure/late")
    gaps = register([gap(n, n.split("/")[0]) for n in names], decisions)
    assert [(g.id, g.state, g.past_due(TODAY)) for g in gaps] == [
        ("no_measure/late", "open", True),
        ("no_measure/soon", "in_progress", False),
        ("stale/open", "open", False),
        ("own_words", "open", False),
        ("no_measure/done", "closed", False),
    ]
    late, _, undecided, by_hand, _ = gaps
    assert (late.action, late.owner, late.due) == ("Do.", "Head", date(2026, 6, 29))
    assert (undecided.action, undecided.owner, undecided.change, undecided.due) == (
        "",
        "",
        "",
        None,
    )
    assert (by_hand.kind, by_hand.title, by_hand.why) == ("by_hand", "By hand", "We said so.")
    assert by_hand.change == "A new form"


@pytest.mark.parametrize(("state", "settled"), [("open", True), ("in_progress", True),
                                               ("closed", False), ("accepted", False)])  # fmt: skip
def test_a_final_statement_has_a_measure_or_an_open_gap_and_nothing_in_between(
    position, state, settled
):
    ours = framework(earn="final", rest_well="candidate")
    names = {"candidate": evidence(statements=("rest_well",), indicators=("jobs",))}
    gaps = find_gaps(overview(position(), of=ours), names, INDICATORS, "", TODAY)
    decided = register(gaps, {"no_measure/jobs/earn": GapDecision(state=state)})
    confirmed = measured_rows(ours, names, INDICATORS, {"jobs"})
    assert confirmed == {("jobs", ""), ("jobs", "rest_well")}
    said = contradictions(ours, confirmed, decided)
    neither = (
        "The final statement \N{LEFT SINGLE QUOTATION MARK}We earn\N{RIGHT SINGLE QUOTATION MARK} "
        "has neither a measure nor an open gap."
    )
    assert (neither in said) is not settled
    closed = "The gap no_measure/jobs/earn (We earn) is marked closed, but it is still there."
    assert (closed in said) is (state == "closed")


def test_a_final_statement_that_nobody_looked_at_is_found_without_the_register(position):
    ours = framework(earn="final", rest_well="candidate", left="withdrawn")
    assert contradictions(ours, {("jobs", "earn")}, ()) == ()
    assert len(contradictions(ours, set(), ())) == 1


def test_a_gap_and_its_plan_action_name_each_other():
    one = gap("no_measure/homes", proposal="Ask for it.", owner="Head", due=date(2027, 1, 1))
    action = plan_action(one)
    assert (action.id, action.gap_id) == (one.action_id, one.id)
    assert action.id == "action/no_measure/homes"
    assert (action.what, action.owner, action.due) == ("Ask for it.", "Head", date(2027, 1, 1))
    assert plan_action(gap("stale/a", action="Chase it.", proposal="No.")).what == "Chase it."
    assert plan_action(gap("stale/a")).what == "Decide how to close the gap: Title of stale/a"
