"""What a timeline says against itself, on the source's own dates and on dates made for it."""

import pytest

from outcomes.programme import check_timeline

MEETING = {"group": "Board", "activity": "ask", "owner": "A role"}


def said(programme, kind):
    return [finding.words for finding in check_timeline(programme) if finding.kind == kind]


def test_row_027_on_the_sources_own_dates_the_two_faults_are_found(nine):
    # Writing from 25-31 July, research until 25-31 August: 25 to 37 days, 31 in the middle.
    assert said(nine, "overlap") == [
        '"Writing of the report" waits for "Research into information" and "Closing of gaps", but '
        "begins about a month before each ends (25 to 31 July 2012; 25 to 31 August 2012)"
    ]
    assert said(nine, "no_slack") == [
        '"Draft report" waits for "Research into information" and "Closing of gaps", but is due on '
        "the day each ends (25 to 31 August 2012): no time between"
    ]
    assert nine.slack("write_report") == (-37, -25)
    assert nine.slack("final_statements") == (4, 19)  # 24 June less 20 June; 30 June less 11 June
    assert nine.slack("research") is None


def test_what_follows_straight_on_or_may_overlap_is_a_note_after_the_flags(nine):
    findings = check_timeline(nine)
    assert [(f.kind, f.flag) for f in findings] == [
        ("overlap", True),
        ("no_slack", True),
        ("no_owner", True),
        ("event_no_owner", True),
        ("may_overlap", False),
        ("straight_on", False),
        ("straight_on", False),
    ]
    assert said(nine, "straight_on")[1] == (
        '"Closing of gaps" begins just when "Final statements" ends (24 to 30 June 2012)'
    )
    assert said(nine, "may_overlap") == [
        '"Conversations with service areas" begins on 21 to 30 April 2012, and "Senior managers\' '
        'meeting" ends on 25 April 2012: as typed, they may overlap'
    ]


def test_row_015_every_activity_without_an_owner_role_is_listed(nine, plan):
    assert said(nine, "no_owner") == [
        "No role answers for: Final statements, Writing of the report, Draft report and Final report"
    ]
    assert said(plan({"ask": "May"}), "no_owner") == []


@pytest.mark.parametrize(
    ("first", "then", "kind"),
    [
        ("May to June", "July to August", None),
        ("1 June to 10 June", "11 June to 20 June", None),
        ("1 June to 10 June", "10 June to 20 June", "straight_on"),
        ("1 June to 10 June", "9 June to 20 June", "overlap"),
        ("1 June to 10 June", "10 June", "no_slack"),
        ("1 June to 10 June", "11 June", None),
        ("May to late June", "end of June", "no_slack"),  # due 24-30, ends 21-30
        ("May to end of June", "late June to July", "may_overlap"),  # begins 21-30, ends 24-30
        ("May to early June", "mid June", None),
    ],
)
def test_what_stands_between_two_activities(plan, first, then, kind):
    found = check_timeline(plan({"ask": first, "tell": {"timescale": then, "after": ["ask"]}}))
    assert [finding.kind for finding in found] == ([kind] if kind else [])


def test_work_side_by_side_that_does_not_wait_is_no_fault(plan):
    assert check_timeline(plan({"ask": "May to June", "tell": "May to June"})) == []


@pytest.mark.parametrize(
    ("begins", "words"),
    [
        ("30 June", "one day"),
        ("21 June", "10 days"),
        ("10 June", "about 3 weeks"),
        ("31 May", "about a month"),
        ("1 March", "about 4 months"),
    ],
)
def test_an_overlap_is_said_in_words_of_its_size(plan, begins, words):
    tell = {"timescale": f"{begins} to 31 July", "after": ["ask"]}
    (found,) = check_timeline(plan({"ask": "1 January to 1 July", "tell": tell}))
    assert f"begins {words} before it ends" in found.words


def test_row_014_events_sort_by_date_and_one_outside_its_window_is_flagged(plan):
    events = [
        MEETING | {"group": "Members", "date": "3 July"},
        MEETING | {"group": "Public", "date": "June"},
        MEETING | {"group": "Business sector", "date": "20 May"},
        MEETING | {"group": "Partners", "date": "late April"},
    ]
    programme = plan({"ask": "Mid May to end of June"}, events=events)
    assert [event.group for event in programme.in_order()] == [
        "Partners",
        "Business sector",
        "Public",
        "Members",
    ]
    assert said(programme, "event_outside") == [
        "The event with Partners (late April) is outside the time planned for Ask: "
        "11 May to 30 June 2026",
        "The event with Members (3 July) is outside the time planned for Ask: "
        "11 May to 30 June 2026",
    ]
    assert said(programme, "event_no_owner") == []
    assert all(finding.flag for finding in check_timeline(programme))


def test_the_events_of_the_source_are_within_their_window_and_have_no_role(nine):
    assert said(nine, "event_outside") == []
    assert said(nine, "event_no_owner") == [
        "No role answers for the event with: Business Sector, Health and Well Being Board and LSP "
        "Leadership Board"
    ]
