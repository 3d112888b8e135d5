"""Plans as the text of a file: written for somebody to keep, and read from a file that they bring."""

from typing import Any

import yaml

from outcomes.errors import ParameterError
from outcomes.model import Scenario, Targets
from outcomes.parameters.library import Parameters
from outcomes.parameters.yaml_files import parse_model, parse_yaml

LARGEST = 50_000
"""Bytes of a file of plans that is read; the longest of ours is a tenth of it."""
MOST = 5_000
"""Keys, values and items of it, each counted as often as an alias repeats it."""
DEEPEST = 10
"""Lists and keys in each other; a plan has five."""
HEAD = "# yaml-language-server: $schema=../schemas/{}.json\n#\n{}\n"
TRIED = (
    "# Tried out on a live page; nobody has adopted it. When somebody does: say in evidence and owner",
    "# what it rests on and who answers for it, and take out example.",
)


def scenario_text(scenario: Scenario) -> str:
    """Return a scenario as the text of a file in parameters/scenarios."""
    return HEAD.format("scenario", "\n".join(TRIED)) + _dumped(scenario)


def targets_text(targets: Targets) -> str:
    """Return targets and judgements as the text of a file in parameters/targets."""
    said = "# Tried out on a live page; nobody has adopted it."
    return HEAD.format("targets", said) + _dumped(targets)


def _dumped(found: Scenario | Targets) -> str:
    values = found.model_dump(exclude_defaults=True)
    values = {name: _plain(value) for name, value in values.items()}
    return yaml.safe_dump(values, sort_keys=False, allow_unicode=True, width=100)


def _plain(value: Any) -> Any:
    """Return a value with lists for tuples, and a copy of what stands in several places."""
    if isinstance(value, dict):
        return {name: _plain(part) for name, part in value.items()}
    return [_plain(part) for part in value] if isinstance(value, tuple | list) else value


def read_plans(
    content: bytes, *, name: str, framework: str, parameters: Parameters
) -> Scenario | Targets:
    """Return the scenario, or the targets, that a brought file holds, checked like one of ours.

    Parameters
    ----------
    content : bytes
        The file.
    name : str
        What it is called; messages say it.
    framework : str
        The framework that targets are for. A scenario says its own.
    parameters : Parameters
        What it may name.

    Raises
    ------
    ParameterError
        If it is too large, not text, not YAML, or not right; names the line where it can.
    """
    text = _text(content, name)
    values = parse_yaml(text, source=name)
    if not isinstance(values, dict):
        raise ParameterError(f"{name}: expected a scenario or targets, as in parameters/")
    if {"targets", "judgements"} & set(values):
        targets = parse_model(text, Targets, source=name)
        parameters.check_targets(targets, framework, name)
        return targets
    return parse_model(text, Scenario, source=name)


def _text(content: bytes, name: str) -> str:
    if len(content) > LARGEST:
        raise ParameterError(f"{name}: it is larger than {LARGEST // 1000} kB; no plan is so long")
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise ParameterError(f"{name}: not a text file in UTF-8 (byte {error.start})") from None
    _refuse_bomb(text, name)
    return text


def _refuse_bomb(text: str, name: str) -> None:
    """Raise if lists lie too deep in each other, or aliases make a short text into a huge one."""
    try:
        _refuse_depth(text, name)
        root = yaml.compose(text, Loader=yaml.CSafeLoader)
    except yaml.YAMLError:
        return  # told with its line when it is read
    if root is not None and _size(root, {}) > MOST:
        raise ParameterError(f"{name}: it holds more than {MOST:,} values; no plan is so long")


def _refuse_depth(text: str, name: str) -> None:
    """Raise before the parser, which goes down a level at a time, would fall over."""
    depth = 0
    for event in yaml.parse(text, Loader=yaml.CSafeLoader):
        depth += isinstance(event, yaml.CollectionStartEvent)
        depth -= isinstance(event, yaml.CollectionEndEvent)
        if depth > DEEPEST:
            line = event.start_mark.line + 1
            raise ParameterError(f"{name}, line {line}: lists or keys lie too deep in each other")


def _size(node: yaml.Node, known: dict[int, int]) -> int:
    """Return how many values a node holds, each as often as an alias repeats it."""
    if id(node) not in known:
        known[id(node)] = MOST + 1  # for a node that holds itself
        parts = node.value if isinstance(node, yaml.CollectionNode) else ()
        inside = (part for item in parts for part in (item if type(item) is tuple else (item,)))
        known[id(node)] = 1 + sum(_size(part, known) for part in inside)
    return known[id(node)]
