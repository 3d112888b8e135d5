"""What people write into a report: its comments and stages, and what the figures mean for services."""

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

from ruamel.yaml.scalarstring import DoubleQuotedScalarString

from outcomes import paths
from outcomes.errors import ParameterError, listed
from outcomes.model.report import ISSUED, SECTIONS, STAGES, Comment, ReportLog
from outcomes.parameters import names
from outcomes.parameters.csv_files import read_text
from outcomes.parameters.library import Parameters
from outcomes.parameters.written import Edited, require_words, write_whole, writing_in
from outcomes.parameters.yaml_files import parse_model, read_model

HEAD = "# yaml-language-server: $schema=../../../schemas/report.json\n"


def report_log(parameters: Parameters, framework_id: str, locality: str) -> ReportLog:
    """Return the stages and comments of a place's report; without a file, none.

    Raises
    ------
    ParameterError
        If the file is not right, or a comment is about nothing that the report has.
    """
    path = _folder(parameters, framework_id, locality) / "log.yml"
    if not path.exists():
        return ReportLog()
    log = read_model(path, ReportLog)
    _check_comments(parameters, log, framework_id, paths.shown(path))
    return log


def service_text(
    parameters: Parameters, framework_id: str, locality: str, outcome_id: str
) -> tuple[str, ...]:
    """Return what an outcome's figures mean for the level and standard of service, by paragraph.

    It is the text of <outcome>.md in the report's folder; none where it is absent or empty.
    """
    path = text_path(parameters, framework_id, locality, outcome_id)
    if not path.exists():
        return ()
    about = {"what": "plain text in UTF-8", "save_as": "plain text in UTF-8"}
    text = read_text(path, **about, error=ParameterError)
    blocks = "\n".join(text.splitlines()).split("\n\n")
    return tuple(words for block in blocks if (words := " ".join(block.split())))


def text_path(parameters: Parameters, framework_id: str, locality: str, outcome_id: str) -> Path:
    """Return the file in which people write what an outcome's figures mean for services."""
    return _folder(parameters, framework_id, locality) / f"{outcome_id}.md"


def add_comment(parameters: Parameters, framework_id: str, locality: str, **values: Any) -> Comment:
    """Write a comment into the log of a place's report and return it; its id is the next number."""

    def change(written: dict) -> None:
        known = {comment.get("id") for comment in written.setdefault("comments", [])}
        number = len(known) + 1
        while f"c{number}" in known:
            number += 1
        written["comments"].append({"id": f"c{number}", **_quoted(values)})

    return _rewritten(parameters, framework_id, locality, change).comments[-1]


def answer_comment(
    parameters: Parameters,
    framework_id: str,
    locality: str,
    name: str,
    answer: str,
    day: date,
    *,
    change: bool = False,
) -> None:
    """Write the answer to a comment; with `change` in place of one that it has, which is kept.

    Raises
    ------
    ParameterError
        If there is no such comment, or it has an answer and that is not to be changed.
    """

    def answered(written: dict) -> None:
        found = {comment.get("id"): comment for comment in written.get("comments") or ()}
        where = paths.shown(_folder(parameters, framework_id, locality) / "log.yml")
        names.require_known([name], found, where, "comment")
        if before := found[name].get("answer"):
            on = found[name]["answered"]
            if not change:
                raise ParameterError(
                    f"{where}, {name}: it was answered on {on}: {before!r}; to put another answer in "
                    "its place, give --change"
                )
            found[name].setdefault("earlier", []).append(
                DoubleQuotedScalarString(f"{on}: {before}")
            )
        found[name].update(_quoted({"answer": answer, "answered": day}))

    _rewritten(parameters, framework_id, locality, answered)


def set_stage(
    parameters: Parameters,
    framework_id: str,
    locality: str,
    stage: str,
    *,
    day: date,
    reason: str = "",
    override: str = "",
) -> None:
    """Write that a report came to a stage.

    Raises
    ------
    ParameterError
        If it is not the next stage and no reason is given, or if a comment has no answer when it is
        issued and no override says why.
    """
    names.require_known([stage], STAGES, "this report", "stage")

    def change(written: dict) -> None:
        log = report_log(parameters, framework_id, locality)
        if stage == log.stage and (log.stages or stage != STAGES[0]):
            raise ParameterError(f"this report: stage: it is {stage!r} already")
        still = [comment.id for comment in log.unanswered]
        if stage in ISSUED and still and not override:
            raise ParameterError(
                f"this report: stage {stage!r}: these comments have no answer: {listed(still)}; "
                "answer them (outcomes report answer), or issue it with --override and the reason"
            )
        said = {"reason": reason, "override": override if still else ""}
        given = {name: words for name, words in said.items() if words}
        written.setdefault("stages", []).append(_quoted({"stage": stage, "day": day, **given}))

    _rewritten(parameters, framework_id, locality, change)


def unfinished(parameters: Parameters, framework_id: str, locality: str) -> list[str]:
    """Return a line for each text that is not written and each comment without an answer.

    Raises
    ------
    ParameterError
        If the framework or the place is not known, a text is named after no outcome, or the log is
        not right.
    """
    _require(parameters, framework_id, locality)
    outcomes, lines = parameters.framework(framework_id).outcomes, []
    _require_texts(_folder(parameters, framework_id, locality), [o.id for o in outcomes])
    for outcome in outcomes:
        if not service_text(parameters, framework_id, locality, outcome.id):
            path = text_path(parameters, framework_id, locality, outcome.id)
            lines.append(
                f"{paths.shown(path)}: not written yet: what {outcome.short!r} means for services"
            )
    log = report_log(parameters, framework_id, locality)
    return lines + [f"{c.id}, by {c.by}: no answer yet: {c.text}" for c in log.unanswered]


def check_reports(parameters: Parameters) -> list[str]:
    """Check every report's folder, log and texts; return a line for each report.

    Raises
    ------
    ParameterError
        If a folder or a text is named after nothing that there is, or a log is not right.
    """
    lines = []
    for folder in sorted((parameters.folder / "reports").glob("*/*/")):
        framework_id, locality, source = folder.parent.name, folder.name, paths.shown(folder)
        _require(parameters, framework_id, locality, source)
        outcomes = [outcome.id for outcome in parameters.framework(framework_id).outcomes]
        _require_texts(folder, outcomes)
        log = report_log(parameters, framework_id, locality)
        filled = [o for o in outcomes if service_text(parameters, framework_id, locality, o)]
        lines.append(
            f"report {framework_id} for {locality}: stage {log.stage}, {len(log.comments)} comments "
            f"({len(log.unanswered)} without an answer), {len(filled)} of {len(outcomes)} texts on "
            "what the figures mean for services"
        )
    return lines


def _require(parameters, framework_id: str, locality: str, source: str = "this report") -> None:
    names.require_framework(parameters, framework_id, source)
    names.require_known([locality], parameters.places.by_code(), source, "place")


def _require_texts(folder: Path, outcomes: list[str]) -> None:
    """Raise ParameterError for a text that is named after no outcome: nobody would ever read it."""
    written = sorted(path.stem for path in folder.glob("*.md"))
    names.require_known(written, outcomes, paths.shown(folder), "outcome")


def _folder(parameters: Parameters, framework_id: str, locality: str) -> Path:
    return parameters.folder / "reports" / framework_id / locality


def _check_comments(parameters, log: ReportLog, framework_id: str, source: str) -> None:
    known = [*(o.id for o in parameters.framework(framework_id).outcomes), *SECTIONS]
    for comment in log.comments:
        names.require_known([comment.about], known, f"{source}, {comment.id}", "outcome or section")


def _quoted(values: dict) -> dict:
    """Return values with texts in quotes: a bare 'yes' would be read as true."""
    require_words("this report", *(value for value in values.values() if isinstance(value, str)))
    return {
        name: DoubleQuotedScalarString(value) if isinstance(value, str) else value
        for name, value in values.items()
    }


def _rewritten(
    parameters: Parameters, framework_id: str, locality: str, change: Callable[[dict], None]
) -> ReportLog:
    """Change a log as people wrote it, keeping their remarks; nothing is written if it is not right."""
    _require(parameters, framework_id, locality)
    path = _folder(parameters, framework_id, locality) / "log.yml"
    with writing_in(path.parent):
        report_log(parameters, framework_id, locality)
        text = _changed(path, change)
        log = parse_model(text, ReportLog, source=paths.shown(path))
        _check_comments(parameters, log, framework_id, paths.shown(path))
        write_whole(path, text)
    return log


def _changed(path: Path, change: Callable[[dict], None]) -> str:
    """Return the text of a log after a change, with what people remarked in it."""
    edited = Edited(path.read_text(encoding="utf-8") if path.exists() else "")
    head = HEAD if edited.held is None else ""
    edited.held = {} if edited.held is None else edited.held
    change(edited.held)
    return head + edited.text()
