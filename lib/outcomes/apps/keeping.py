"""Plans as files: saved by a visitor, told where to put them, and read again."""

import re
from html import escape
from pathlib import PurePath

from outcomes.apps.parts import download
from outcomes.apps.plans import check_day, check_target, identifier, target_text
from outcomes.errors import ParameterError
from outcomes.model import Page, Scenario, Target, Targets
from outcomes.parameters import load_parameters, read_plans, scenario_text, targets_text

KIND = "application/yaml"
LONGEST_NAME = 60


def scenario_link(name: str, scenario: Scenario) -> str:
    """Return a scenario's file as a link, and where to put it."""
    link = download(
        scenario_text(scenario).encode(), name=f"{name}.yml", kind=KIND, label=f"{name}.yml"
    )
    return (
        f"<p>{link}: put it into <code>parameters/scenarios</code> under this name. "
        f"<code>outcomes run</code> and the outcome’s notebook then show it.</p>"
    )


def target_link(target: Target, framework: str) -> str:
    """Return a target's file as a link, and where to put it."""
    name = f"target_{target.indicator}.yml"
    text = targets_text(Targets(targets=(target,)))
    place = escape(f"parameters/targets/{framework}.yml")
    return (
        f"<p>{download(text.encode(), name=name, kind=KIND, label=name)}: add what stands under "
        f"<code>targets:</code> to <code>{place}</code>, or let it be that file if there is none. "
        "<code>outcomes run</code> and the outcome’s notebook then show it.</p>"
    )


def brought(file: str, content: bytes, page: Page) -> Target | tuple[str, Scenario]:
    """Return the target, or the scenario with its name, that a visitor's file holds.

    Parameters
    ----------
    file : str
        What the file is called.
    content : bytes
        What it holds.
    page : Page
        Of a file with several targets, the first for this page's place is taken.

    Raises
    ------
    ParameterError
        If it is not right; names the line where it can.
    """
    shown = PurePath(file).name[:LONGEST_NAME] or "the file"
    parameters = load_parameters()
    found = read_plans(content, name=shown, framework=page.framework, parameters=parameters)
    if isinstance(found, Targets):
        return _target_in(found, shown, page)
    parameters.check_scenarios({identifier(shown, ()): found}, shown)
    if found.framework != page.framework:
        raise ParameterError(
            f"{shown}: the scenario is made for the framework {found.framework!r}; choose that first"
        )
    stem = shown.rsplit(".", 1)[0]
    return (stem if re.fullmatch(r"[a-z][a-z0-9_]*", stem) else identifier(stem, ())), found


def _target_in(found: Targets, shown: str, page: Page) -> Target:
    for target in found.targets:
        if target.place == page.locality:
            check_target(target_text(target), page)
            check_day(target.by.isoformat(), page)
            return target
    name = load_parameters().places.by_code()[page.locality].name
    raise ParameterError(f"{shown}: it holds no target for {name}")
