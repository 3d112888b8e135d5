"""The log of a report and the texts in it: read, written and refused."""

import time
from concurrent.futures import ThreadPoolExecutor
from datetime import date

import pytest

from outcomes.errors import ParameterError
from outcomes.parameters import load_parameters
from outcomes.parameters.reports import (
    add_comment,
    answer_comment,
    check_reports,
    report_log,
    service_text,
    set_stage,
    unfinished,
)
from outcomes.parameters.written import writing_in

AT = ("essex_2014", "X10000001")
LOG = "parameters/reports/essex_2014/X10000001/log.yml"


@pytest.fixture
def parameters(own_home):
    (own_home / LOG).unlink()
    return load_parameters()


def comment(parameters, text="Why?", day=date(2026, 3, 1), **more):
    values = {"day": day, "by": "Board", "about": "report", "kind": "comment", "text": text} | more
    return add_comment(parameters, *AT, **values)


def refused(call, *args, **more) -> str:
    with pytest.raises(ParameterError) as caught:
        call(*args, **more)
    return str(caught.value)


def test_row_024_a_report_goes_from_draft_to_cabinet(parameters):
    assert report_log(parameters, *AT).stage == "draft"
    for number, stage in enumerate(("comments", "amended", "final", "cabinet"), 1):
        set_stage(parameters, *AT, stage, day=date(2026, 3, number))
        assert report_log(parameters, *AT).stage == stage


def test_row_024_a_final_issue_with_an_unanswered_comment_needs_an_override(parameters, own_home):
    comment(parameters), comment(parameters, "And the villages?")
    set_stage(parameters, *AT, "comments", day=date(2026, 3, 2))
    set_stage(parameters, *AT, "amended", day=date(2026, 3, 3))
    answer_comment(parameters, *AT, "c1", "A sentence was added.", date(2026, 3, 3))
    before = (own_home / LOG).read_text()
    assert refused(set_stage, parameters, *AT, "final", day=date(2026, 3, 4)) == (
        "this report: stage 'final': these comments have no answer: c2; answer them (outcomes "
        "report answer), or issue it with --override and the reason"
    )
    assert (own_home / LOG).read_text() == before
    set_stage(parameters, *AT, "final", day=date(2026, 3, 4), override="The board agreed")
    assert report_log(parameters, *AT).stages[-1].override == "The board agreed"


def test_row_024_an_answered_comment_needs_no_override(parameters):
    comment(parameters)
    answer_comment(parameters, *AT, "c1", "yes", date(2026, 3, 3))
    assert report_log(parameters, *AT).comments[0].answer == "yes"
    set_stage(parameters, *AT, "final", day=date(2026, 3, 4), reason="No time")
    assert report_log(parameters, *AT).stages[-1].override is None


def test_row_024_a_stage_is_neither_skipped_nor_taken_back_in_silence(parameters):
    message = (
        f"{LOG} has 1 problem\n  line 1, the file: from 'draft' the next stage is 'comments'; "
    )
    found = refused(set_stage, parameters, *AT, "final", day=date(2026, 3, 4))
    assert found == f"{message}'final' needs a reason"
    set_stage(parameters, *AT, "comments", day=date(2026, 3, 4))
    found = refused(set_stage, parameters, *AT, "draft", day=date(2026, 3, 5))
    assert found.endswith("from 'comments' the next stage is 'amended'; 'draft' needs a reason")
    set_stage(parameters, *AT, "draft", day=date(2026, 3, 5), reason="New figures came")
    assert report_log(parameters, *AT).stage == "draft"


def test_a_log_that_people_typed_keeps_their_remarks(parameters, own_home):
    (own_home / LOG).write_text("# ours\nstages:\n  - {stage: draft, day: 2026-01-01}  # begun\n")
    comment(parameters, "yes")
    text = (own_home / LOG).read_text()
    assert "# ours" in text
    assert "# begun" in text
    assert report_log(parameters, *AT).comments[0].text == "yes"


@pytest.mark.parametrize(
    ("typed", "message"),
    [
        ("stages: [{stage: finale, day: 2026-01-01}]",
         "line 1, stages.0.stage: got 'finale'; expected 'draft', 'comments', 'amended', 'final' or "
         "'cabinet'"),
        ("comments: [{id: a, day: 2026-01-02, by: B, about: report, text: T, answer: X}]",
         "line 1, comments.0: the comment 'a' needs both its answer and its day, answered"),
        ("comments:\n- {id: a, day: 2026-01-02, by: B, about: report, text: T, answer: X, "
         "answered: 2026-01-01}",
         "line 2, comments.0: the comment 'a' is of 2026-01-02 and was answered before, on "
         "2026-01-01; put one of the days right"),
        ("comments:\n- {id: a, day: 2026-01-02, by: B, about: report, text: T}\n"
         "- {id: a, day: 2026-01-02, by: B, about: report, text: T}",
         "line 1, the file: the comment 'a' stands twice; give each its own id"),
        ("stages: [{stage: draft, day: 2026-01-02}, {stage: comments, day: 2026-01-01}]",
         "line 1, the file: the stage 'comments' of 2026-01-01 stands after one of 2026-01-02; write "
         "them in the order of their days"),
        ("stages: [{stage: final, day: 2026-01-03, reason: R}]\n"
         "comments: [{id: a, day: 2026-01-02, by: B, about: report, text: T}]",
         "line 1, the file: the stage 'final' of 2026-01-03 has comments without an answer: a; "
         "answer them, or say in override why it is issued so"),
    ],
)  # fmt: skip
def test_a_wrong_log_is_refused_with_its_line(parameters, own_home, typed, message):
    (own_home / LOG).write_text(typed)
    found = refused(report_log, parameters, *AT)
    assert found == f"{LOG} has 1 problem\n  {message}"


def test_a_comment_is_about_an_outcome_or_a_section(parameters, own_home):
    assert refused(comment, parameters, about="best_stat") == (
        f"{LOG}, c1: outcome or section: there is no outcome or section 'best_stat'; did you mean "
        "'best_start'?"
    )
    assert not (own_home / LOG).exists()
    assert refused(answer_comment, parameters, *AT, "c9", "x", date(2026, 1, 1)).startswith(
        f"{LOG}: comment: there is no comment 'c9'"
    )


def test_row_024_an_answer_is_changed_only_if_that_is_asked_for_and_kept(parameters, own_home):
    comment(parameters)
    answer_comment(parameters, *AT, "c1", "A sentence was added.", date(2026, 3, 3))
    before = (own_home / LOG).read_text()
    assert refused(answer_comment, parameters, *AT, "c1", "No.", date(2026, 3, 9)) == (
        f"{LOG}, c1: it was answered on 2026-03-03: 'A sentence was added.'; to put another answer in "
        "its place, give --change"
    )
    assert (own_home / LOG).read_text() == before
    answer_comment(parameters, *AT, "c1", "No.", date(2026, 3, 9), change=True)
    answer_comment(parameters, *AT, "c1", "Yes.", date(2026, 3, 10), change=True)
    found = report_log(parameters, *AT).comments[0]
    assert (found.answer, found.answered) == ("Yes.", date(2026, 3, 10))
    assert found.earlier == ("2026-03-03: A sentence was added.", "2026-03-09: No.")


def test_row_023_a_text_that_is_not_utf_8_is_refused(parameters, own_home):
    name = "parameters/reports/essex_2014/X10000001/environment.md"
    (own_home / name).write_bytes("Caf\u00e9".encode("cp1252"))
    assert refused(service_text, parameters, *AT, "environment") == (
        f"{name}: it is not UTF-8; save it as plain text in UTF-8."
    )
    (own_home / name).write_bytes(b"One\r\nparagraph.\r\n\r\nAnother.")
    assert service_text(parameters, *AT, "environment") == ("One paragraph.", "Another.")


def test_row_023_a_text_is_read_by_paragraph_and_an_absent_one_is_listed(parameters, own_home):
    path = own_home / "parameters/reports/essex_2014/X10000001/environment.md"
    path.write_text("One\nparagraph.\n\n\nAnother.\n")
    assert service_text(parameters, *AT, "environment") == ("One paragraph.", "Another.")
    path.write_text(" \n\n")
    comment(parameters)
    assert unfinished(parameters, *AT)[-3:] == [
        "parameters/reports/essex_2014/X10000001/environment.md: not written yet: what "
        "'Environment' means for services",
        "parameters/reports/essex_2014/X10000001/independent_living.md: not written yet: what "
        "'Independent living' means for services",
        "c1, by Board: no answer yet: Why?",
    ]


def test_the_check_reads_every_report_and_refuses_a_text_of_no_outcome(parameters, own_home):
    assert check_reports(parameters) == [
        "report essex_2014 for X10000001: stage draft, 0 comments (0 without an answer), 2 of 7 "
        "texts on what the figures mean for services"
    ]
    (own_home / "parameters/reports/essex_2014/X10000001/enviroment.md").write_text("x")
    assert refused(unfinished, parameters, *AT) == refused(check_reports, parameters)
    assert refused(check_reports, parameters) == (
        "parameters/reports/essex_2014/X10000001: outcome: there is no outcome 'enviroment'; did "
        "you mean 'environment'?"
    )


def test_comments_that_come_at_once_are_all_kept(parameters):
    from concurrent.futures import ThreadPoolExecutor

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda n: comment(parameters, f"Comment {n}"), range(24)))
    assert {c.text for c in report_log(parameters, *AT).comments} == {
        f"Comment {n}" for n in range(24)
    }


def test_row_024_a_stage_is_judged_by_the_log_as_it_is_when_it_is_written(parameters, own_home):
    """A comment that comes while the stage waits for its turn keeps the report from being final."""
    for stage in ("comments", "amended"):
        set_stage(parameters, *AT, stage, day=date(2026, 3, 3))
    log = own_home / LOG
    with ThreadPoolExecutor(1) as pool:
        with writing_in(log.parent):
            waiting = pool.submit(set_stage, parameters, *AT, "final", day=date(2026, 3, 4))
            time.sleep(0.5)
            late = "comments:\n- {id: c1, day: 2026-03-04, by: B, about: report, text: Wait}\n"
            log.write_text(log.read_text(encoding="utf-8") + late, encoding="utf-8")
        with pytest.raises(ParameterError) as error:
            waiting.result(timeout=60)
    assert str(error.value) == (
        "this report: stage 'final': these comments have no answer: c1; answer them (outcomes "
        "report answer), or issue it with --override and the reason"
    )
    assert report_log(parameters, *AT).stage == "amended"


def test_a_comment_that_is_no_text_is_refused_and_nothing_is_left(parameters, own_home):
    assert refused(comment, parameters, "caf\udce9") == (
        "this report: got 'caf\\udce9'; expected text in UTF-8. Type it again, or set the terminal "
        "to UTF-8"
    )
    assert not (own_home / LOG).exists()
    assert not list((own_home / LOG).parent.glob(".*.partial"))
