"""Frozen versions of a framework: kept as files that are checked, and made from the working one."""

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from pathlib import Path

from pydantic import ValidationError

from outcomes import paths
from outcomes.errors import ParameterError, listed
from outcomes.model import Framework
from outcomes.model.versions import FrozenVersion, Ledger, MadeUnder
from outcomes.parameters.library import Parameters
from outcomes.parameters.names import require_known
from outcomes.parameters.written import Edited, require_words, write_whole, writing_in, yaml_text
from outcomes.parameters.yaml_files import explain, parse_model, read_model
from outcomes.reads import note

HEAD = (
    "# The frozen versions of a framework. `outcomes framework freeze` writes this file; the text of\n"
    "# each version lies beside it and may not be changed.\n"
)


def ledger_of(parameters: Parameters, framework_id: str) -> Ledger:
    """Return the frozen versions of a framework, each proved to be what was frozen.

    Raises
    ------
    ParameterError
        If the ledger is not right, or the text of a version is missing or was changed.
    """
    require_known([framework_id], parameters.framework_ids(), "versions", "framework")
    path = _ledger(parameters, framework_id)
    ledger = read_model(path, Ledger) if path.is_file() else Ledger()
    for version in ledger.versions:
        text = _text(parameters, framework_id, version.number)
        here = paths.shown(text)
        if not text.is_file():
            raise ParameterError(
                f"{here}: the text of frozen version {version.number} is missing; bring it back "
                "from version control or a copy"
            )
        if _sha256(text.read_bytes()) != version.sha256:
            raise ParameterError(
                f"{here}: the text was changed after it was frozen on {version.day}; bring it back "
                f"from version control, change parameters/frameworks/{framework_id}.yml instead "
                "and freeze a new version"
            )
    return ledger


def frozen(parameters: Parameters, framework_id: str, number: int) -> Framework:
    """Return a framework as it was frozen under a number.

    Raises
    ------
    ParameterError
        If there is no such version.
    """
    numbers = [str(version.number) for version in ledger_of(parameters, framework_id).versions]
    require_known([str(number)], numbers or ["none"], framework_id, "frozen version")
    return read_model(_text(parameters, framework_id, number), Framework)


def made_under(parameters: Parameters, framework_id: str) -> MadeUnder:
    """Return the newest frozen version of a framework, and whether it was changed since."""
    note("versions", framework_id)
    known = parameters.made_under
    if framework_id not in known:
        versions = ledger_of(parameters, framework_id).versions
        newest = versions[-1] if versions else None
        kept = frozen(parameters, framework_id, newest.number) if newest else None
        changed = bool(newest) and kept != parameters.framework(framework_id)
        known[framework_id] = MadeUnder(newest, changed)
    return known[framework_id]


def freeze(
    parameters: Parameters,
    framework_id: str,
    *,
    by: str,
    reason: str,
    day: date,
    final: Mapping[str, Sequence[str]] | None = None,
    ballot: str | None = None,
    ties: Sequence[str] = (),
    weights: Mapping[str, float] | None = None,
) -> FrozenVersion:
    """Freeze a framework as it stands, or with the statements that a ballot chose.

    Nothing is written unless all of it is right. The ledger is written last: the text that a stopped
    freeze leaves behind is taken over by the next that freezes the same; any other is left alone.

    Parameters
    ----------
    parameters : Parameters
    framework_id : str
    by, reason : str
        Who agreed it, and why there is a new version.
    day : datetime.date
    final : mapping of outcome to sequence of statements, optional
        The final statements of some outcomes in order of priority. They are put first and their
        status becomes final; an outcome's other final ones become candidates again. The working
        file is changed, with its comments kept.
    ballot : str, optional
        The ballot that chose them.
    ties : sequence of str
        How ties were decided.
    weights : mapping of str to float, optional
        What each group of the ballot counted.

    Raises
    ------
    ParameterError
        If an outcome or a statement is not known, nothing changed since the newest version, it is
        not said who agreed it or why, or a text lies there that the ledger does not know.
    DataError
        If a file cannot be written.
    """
    working = parameters.folder / "frameworks" / f"{framework_id}.yml"
    _require_there(parameters, framework_id)
    require_words(framework_id, by, reason, *ties)
    with writing_in(_ledger(parameters, framework_id).parent):
        ledger = ledger_of(parameters, framework_id)
        text = working.read_text(encoding="utf-8")
        if final is not None:
            text = _with_final(text, parameters.framework(framework_id), final)
        framework = parse_model(text, Framework, source=paths.shown(working))
        number = len(ledger.versions) + 1
        before = frozen(parameters, framework_id, number - 1) if ledger.versions else None
        changes = tuple(differences(before, framework)) if before else ("The first version.",)
        if before == framework:
            raise ParameterError(
                f"{framework_id}: nothing has changed since version {number - 1}, frozen on "
                f"{ledger.versions[-1].day}; there is nothing to freeze"
            )
        if before and day < ledger.versions[-1].day:
            raise ParameterError(
                f"{framework_id}: day: got {day}, but version {number - 1} was frozen on "
                f"{ledger.versions[-1].day}; put the clock of this machine right"
            )
        kept = _text(parameters, framework_id, number)
        for path in unknown_texts(parameters, framework_id, ledger):
            if path != kept or _sha256(path.read_bytes()) != _sha256(text.encode()):
                raise ParameterError(f"{say_unknown(path)}. Nothing was frozen.")
        try:
            version = FrozenVersion(
                number=number,
                day=day,
                by=by,
                reason=reason,
                changes=changes,
                ballot=ballot,
                ties=tuple(ties),
                weights=dict(weights or {}),
                sha256=_sha256(text.encode()),
            )
        except ValidationError as error:
            source = f"the new version of {framework_id}"
            raise ParameterError(explain(error, FrozenVersion, source=source)) from None
        now = Ledger(versions=(*ledger.versions, version))
        write_whole(kept, text)
        if final is not None:
            write_whole(working, text)
        values = now.model_dump(mode="json", exclude_defaults=True)
        write_whole(_ledger(parameters, framework_id), HEAD + yaml_text(values))
    return version


def unknown_texts(parameters: Parameters, framework_id: str, ledger: Ledger) -> list[Path]:
    """Return the frozen texts that the ledger does not know: it was lost, or a freeze was stopped."""
    found = _ledger(parameters, framework_id).parent.glob("*.yml")
    last = len(ledger.versions)
    return sorted(path for path in found if path.stem.isdecimal() and int(path.stem) > last)


def _require_there(parameters: Parameters, framework_id: str) -> None:
    """Raise unless there is such a framework: no folder is made for one that is misspelt."""
    if framework_id not in parameters.framework_ids():
        parameters.framework(framework_id)


def say_unknown(path: Path) -> str:
    """Return what to do about a frozen text that the ledger does not know."""
    return (
        f"{paths.shown(path)}: a frozen text that versions.yml beside it does not know. If lines of "
        "versions.yml were lost, bring it back from version control or a copy; if a freeze was "
        "stopped before its end, delete this text and freeze again"
    )


def differences(before: Framework, after: Framework) -> Iterator[str]:
    """Yield what differs between two versions of a framework, a sentence each."""
    old = {outcome.id: outcome for outcome in before.outcomes}
    new = {outcome.id: outcome for outcome in after.outcomes}
    yield from (
        f"The outcome {old[name].short!r} was taken out." for name in old if name not in new
    )
    yield from (f"The outcome {new[name].short!r} is new." for name in new if name not in old)
    for name in new:
        if name in old:
            yield from _of_outcome(old[name], new[name])
    if [*old] != [*new] and {*old} == {*new}:
        yield "The outcomes stand in another order."
    rest = {"outcomes": ()}
    if before.model_copy(update=rest) != after.model_copy(update=rest):
        yield "What is said of the framework as a whole was changed."


def _of_outcome(old, new) -> Iterator[str]:
    where = f"{new.short}: "
    if old.title != new.title:
        yield f"{where}the outcome was {old.title!r} and is now {new.title!r}."
    yield from (where + change for change in _of_statements(old.statements, new.statements))
    measured = {entry.number: entry for entry in old.entries}
    now = {entry.number: entry for entry in new.entries}
    yield from (f"{where}entry {n} was taken out." for n in measured if n not in now)
    yield from (f"{where}entry {n} is new." for n in now if n not in measured)
    both = [n for n in now if n in measured]
    yield from (f"{where}entry {n} was changed." for n in both if measured[n] != now[n])
    if [*measured] != [*now] and {*measured} == {*now}:
        yield f"{where}the entries stand in another order."
    rest = {"title": "", "statements": (), "entries": ()}
    if old.model_copy(update=rest) != new.model_copy(update=rest):
        yield f"{where}what is said of the outcome was changed."


def _of_statements(old, new) -> Iterator[str]:
    before, after = ({s.id: s for s in found} for found in (old, new))
    for name, statement in after.items():
        said = f"the statement {statement.wording!r}"
        if name not in before:
            yield f"{said} is new ({statement.status})."
            continue
        earlier = before[name]
        if earlier.wording != statement.wording:
            yield f"{said} read {earlier.wording!r} before."
        if earlier.status != statement.status:
            yield f"{said} was {earlier.status} and is now {statement.status}."
    yield from (f"the statement {s.wording!r} was taken out." for s in old if s.id not in after)
    if [*before] != [*after] and {*before} == {*after}:
        yield "the statements stand in another order of priority."


def _with_final(text: str, framework: Framework, final: Mapping[str, Sequence[str]]) -> str:
    """Return a framework's file with the final statements first; all else in it as it was."""
    edited = Edited(text)
    require_known(final, [outcome.id for outcome in framework.outcomes], "freeze", "outcome")
    for outcome in edited.held["outcomes"]:
        if outcome["id"] not in final:
            continue
        chosen, statements = list(final[outcome["id"]]), outcome.get("statements", [])
        known = {statement["id"]: statement for statement in statements}
        require_known(chosen, known, f"freeze, {outcome['id']}", "statement")
        gone = [name for name in chosen if known[name].get("status") == "withdrawn"]
        if gone or len({*chosen}) < len(chosen):
            raise ParameterError(
                f"freeze, {outcome['id']}: {listed(gone or chosen)}: expected each statement once, "
                "and none that was withdrawn"
            )
        for name, statement in known.items():
            if name in chosen:
                statement["status"] = "final"
            elif statement.get("status") == "final":
                statement["status"] = "candidate"
        others = [statement for name, statement in known.items() if name not in chosen]
        statements[:] = [*(known[name] for name in chosen), *others]
    return edited.text()


def _ledger(parameters: Parameters, framework_id: str) -> Path:
    return parameters.folder / "frameworks" / "frozen" / framework_id / "versions.yml"


def _text(parameters: Parameters, framework_id: str, number: int) -> Path:
    return _ledger(parameters, framework_id).with_name(f"{number}.yml")


def _sha256(content: bytes) -> str:
    # An editor or Git may write line ends in another way; that changes nothing.
    return hashlib.sha256(content.replace(b"\r\n", b"\n")).hexdigest()
