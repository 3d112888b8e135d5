"""Reads a YAML file into a checked object; explains what is wrong by file, line, key and value."""

from datetime import date
from pathlib import Path
from typing import Any

import yaml
from pydantic import TypeAdapter, ValidationError

from outcomes import paths
from outcomes.errors import ParameterError, did_you_mean, listed

_EXPECTED = {
    "missing": "this key is required",
    "extra_forbidden": "no such parameter",
    "string_type": "text; put a code or a number in quotes",
    "int_type": "a whole number",
    "int_parsing": "a whole number",
    "int_from_float": "a whole number",
    "float_type": "a number",
    "float_parsing": "a number",
    "date_type": "a date such as 2026-12-31",
    "date_parsing": "a date such as 2026-12-31",
    "date_from_datetime_parsing": "a date such as 2026-12-31",
    "date_from_datetime_inexact": "a date such as 2026-12-31",
    "bool_type": "true or false",
    "bool_parsing": "true or false",
    "tuple_type": "a list",
    "list_type": "a list",
    "dict_type": "keys with values",
    "model_type": "keys with values",
    "too_short": "at least one item",
    "string_too_short": "some text",
    "invalid_key": "a word as the key",
}
_PATTERNS = {
    r"^[A-Z][0-9]{8}$": "a nine-character area code: a capital letter and eight digits, "
    "such as E07000071",
    r"^[a-z][a-z0-9_]*$": "a word in lower case, joined by underscores, such as median_pay",
    r"^\d+\.\d+$": "a number such as '2.3', in quotes",
    r"^[a-z_]+/.+$": "a series such as els/employment-rate/Employment rate",
    r"^\d{4}/\d{2}$": "a year of accounts such as 2026/27",
    r"^https?://\S+$": "an address that starts with https://",
    r"^[0-9a-f]{64}$": "a SHA-256: 64 digits and letters a to f",
}


class _RepeatedKey(Exception):
    """A key that stands twice: which, and on which lines."""


class _Loader(yaml.CSafeLoader):
    """PyYAML's fast safe loader, which refuses a key that stands twice."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict:
        seen: dict[str, int] = {}
        for key, _ in node.value:
            if not isinstance(key, yaml.ScalarNode):
                continue  # PyYAML itself refuses a key that is a list or a mapping
            if key.value in seen:
                raise _RepeatedKey(key.value, seen[key.value] + 1, key.start_mark.line + 1)
            seen[key.value] = key.start_mark.line
        return super().construct_mapping(node, deep=deep)


def read_yaml(path: Path) -> Any:
    """Return what a YAML file holds.

    Raises
    ------
    ParameterError
        If the file is missing, is not YAML, or has a key twice; names the file and the line.
    """
    return parse_yaml(_text(path), source=paths.shown(path))


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except FileNotFoundError:
        beside = sorted(file.name for file in path.parent.glob("*.yml"))
        hint = did_you_mean(path.name, beside) or (f"; there are: {listed(beside)}" * bool(beside))
        raise ParameterError(f"{paths.shown(path)}: no such file{hint}") from None
    except UnicodeDecodeError as error:
        raise ParameterError(
            f"{paths.shown(path)}: not a text file in UTF-8 (byte {error.start})"
        ) from None
    except OSError as error:
        raise ParameterError(
            f"{paths.shown(path)}: not readable as a file ({error.strerror})"
        ) from None


def parse_yaml(text: str, *, source: str) -> Any:
    """Return what a text in YAML holds; `source` is what messages call it.

    Raises
    ------
    ParameterError
        If it is not YAML or has a key twice; names the source and the line.
    """
    try:
        return yaml.load(text, Loader=_Loader)
    except _RepeatedKey as error:
        key, first, again = error.args
        raise ParameterError(
            f"{source}, line {again}: the key {key!r} stands twice, first in line "
            f"{first}; keep one of them"
        ) from None
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        where = f", line {mark.line + 1}" if mark else ""
        problem = getattr(error, "problem", None) or str(error).splitlines()[0]
        raise ParameterError(
            f"{source}{where}: not readable as YAML: {problem}; "
            "look for a missing colon, quote or indent there"
        ) from None
    except ValueError as error:
        # PyYAML lets through what Python says of a day such as 2026-13-01.
        raise ParameterError(
            f"{source}: a date or a number in it cannot be read: {error}"
        ) from None
    except RecursionError:
        raise ParameterError(f"{source}: lists or keys are nested too deeply in it") from None


def read_model(path: Path, kind: Any) -> Any:
    """Return a YAML file as a checked object of `kind`, a pydantic model or a type of one.

    Raises
    ------
    ParameterError
        One message for all problems, a line each: file, line, key, value, what was expected.
    """
    return parse_model(_text(path), kind, source=paths.shown(path))


def parse_model(text: str, kind: Any, *, source: str) -> Any:
    """Return a text in YAML as a checked object of `kind`; `source` is what messages call it.

    Raises
    ------
    ParameterError
        As `read_model` does.
    """
    values = parse_yaml(text, source=source)
    try:
        return TypeAdapter(kind).validate_python(values)
    except ValidationError as error:
        raise ParameterError(explain(error, kind, source=source, text=text)) from None


def explain(error: ValidationError, kind: Any, *, source: str, text: str = "") -> str:
    """Return pydantic's findings in our words, a line each under a heading that names the source.

    Parameters
    ----------
    error : pydantic.ValidationError
    kind : type
        What was being read; its field names feed the 'did you mean'.
    source : str
        Words for where the values came from, such as a file.
    text : str, optional
        The YAML that was read, whose lines are then named.
    """
    root = yaml.compose(text) if text else None
    problems = _by_location(error.errors(include_url=False))
    lines = [f"{source} has {len(problems)} problem{'s' if len(problems) > 1 else ''}"]
    for location, found in problems.items():
        line, typed = _locate(root, location)
        where = f"line {line}, " if root is not None else ""
        name = ".".join(str(step) for step in location) or "the file"
        words = _say(found[0], kind, typed)
        for other in found[1:]:  # of a key and its value, each is told what it is
            said, same = _say(other, kind, typed), other["input"] == found[0]["input"]
            words += f" or {said.partition('expected ')[2]}" if same else f"; {said}"
        lines.append(f"  {where}{name}: {words}")
    return "\n".join(lines)


def _by_location(problems: list[dict]) -> dict[tuple, list[dict]]:
    """Return the problems by place, without those that only say that something inside was refused.

    Where a value may have one of two forms, pydantic finds a problem with each: one place then
    has both.
    """
    found: dict[tuple, list[dict]] = {}
    for problem in problems:
        location = tuple(step for step in problem["loc"] if not _is_tag(step))
        found.setdefault(location, []).append(problem)
    return {
        location: same
        for location, same in found.items()
        if {problem["type"] for problem in same} - {"too_short", "literal_error"}
        or not any(_inside(other, location) for other in found)
    }


def _inside(location: tuple, around: tuple) -> bool:
    return len(location) > len(around) and location[: len(around)] == around


def _say(problem: dict, kind: Any, typed: str | None) -> str:
    found, value = problem["type"], problem["input"]
    if found == "extra_forbidden":
        known = _field_names(TypeAdapter(kind).json_schema()) - {str(problem["loc"][-1])}
        return f"no such parameter{did_you_mean(problem['loc'][-1], known)}"
    if found == "missing":
        return _EXPECTED["missing"]
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    is_key = found == "invalid_key" or problem["loc"][-1:] == ("[key]",)
    got = typed if typed and is_number and not is_key else _shown(value)
    if found == "string_pattern_mismatch":
        pattern = problem["ctx"]["pattern"]
        return f"got {got}; expected {_PATTERNS.get(pattern, 'text of the form ' + pattern)}"
    if found == "value_error":
        return str(problem["ctx"]["error"])
    if found in ("literal_error", "greater_than", "greater_than_equal", "less_than_equal"):
        return f"got {got}; expected {problem['msg'].removeprefix('Input should be ')}"
    if found == "string_type" and value is None:
        found = "string_too_short"
    return f"got {got}; expected {_EXPECTED.get(found, problem['msg'])}"


def _shown(value: object) -> str:
    """Return a value as its writer would know it again, cut where it is long."""
    if value is None:
        return "nothing"
    text = str(value) if isinstance(value, date) else repr(value)
    return text if len(text) <= 60 else text[:57] + "..."


def _field_names(schema: dict) -> set[str]:
    names = set(schema.get("properties", {}))
    for part in schema.get("$defs", {}).values():
        names |= set(part.get("properties", {}))
    return names


def _is_tag(step: object) -> bool:
    """Tell pydantic's own markers in a location from keys that a person typed."""
    return isinstance(step, str) and ("[" in step or "(" in step or step == "literal['all']")


def _locate(node: yaml.Node | None, location: tuple) -> tuple[int, str | None]:
    """Return the line of the deepest part of a location that the YAML file has, and its text.

    The text is as it was typed: YAML reads 00700 as the number 448, which nobody would know again.
    It is None for what is not a single value.
    """
    line = 1
    for step in location:
        if isinstance(node, yaml.MappingNode):
            match = [(key, value) for key, value in node.value if key.value == str(step)]
            if not match:
                continue
            line, node = match[0][0].start_mark.line + 1, match[0][1]
        elif isinstance(node, yaml.SequenceNode) and step in range(len(node.value)):
            node = node.value[step]
            line = node.start_mark.line + 1
    return line, node.value if isinstance(node, yaml.ScalarNode) else None
