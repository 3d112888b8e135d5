"""The address of a live page: every choice in its query string, checked like a page's parameters."""

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from html import escape
from urllib.parse import parse_qsl, urlencode

from outcomes.errors import ParameterError
from outcomes.model import OVERVIEW, Page
from outcomes.model.evidence import EVIDENCE
from outcomes.model.framework import SERVICES
from outcomes.parameters import Parameters, load_parameters
from outcomes.parameters.names import check_shown, require_framework

PAGE = ("framework", "outcome", "locality", "comparator", "as_of")
"""The choices that a live page shares with papermill's pages, each after those it depends on."""
DEFAULTS = "OUTCOMES_APP_DEFAULTS"
"""The environment variable in which a server gives its own settings, as a query string."""
LONGEST = 8000
"""Characters of a query string that are read; a longer one is nobody's link."""

Check = Callable[[str, Page], str]
"""Returns a choice as it is kept, given the page it belongs to; raises ParameterError."""


@dataclass(frozen=True)
class Choices:
    """What an address asks for: the checked page, the app's further choices, and what was not taken.

    `said` holds a plain sentence for each value that could not be taken; the default stands instead.
    """

    page: Page
    further: dict[str, str]
    said: tuple[str, ...] = ()


def defaults_for(settings: Mapping[str, str]) -> dict[str, str]:
    """Return a notebook's settings, with those that the server gives in their place.

    Names that the notebook has not are ignored. A server's framework without an outcome of its own
    begins with the framework's first outcome.

    Raises
    ------
    ParameterError
        If the server names a framework that there is not.
    """
    given = dict(parse_qsl(os.environ.get(DEFAULTS, "")))
    given = {name: value for name, value in given.items() if name in settings}
    found = {**settings, **given}
    if "framework" in given:
        parameters = load_parameters()
        require_framework(parameters, given["framework"], DEFAULTS)
        outcomes = [o.id for o in parameters.framework(given["framework"]).outcomes]
        if found["outcome"] not in outcomes:
            found["outcome"] = outcomes[0]
    return found


def served() -> bool:
    """Return whether Voilà shows the app, and not JupyterLab: only then is there a page's script."""
    return "QUERY_STRING" in os.environ


def read_address(
    defaults: Mapping[str, str],
    *,
    query: str | None = None,
    further: Mapping[str, Check] | None = None,
) -> Choices:
    """Return the choices of an address, each checked, with the default for any that is not right.

    Parameters
    ----------
    defaults : mapping of str to str
        The page parameters to start from, as the notebook's parameters cell gives them.
    query : str, optional
        The query string; by default that of the request that Voilà answers, empty elsewhere.
    further : mapping of str to Check, optional
        The app's own choices. One that the address leaves out is empty; other names are ignored.

    Raises
    ------
    ParameterError
        If the defaults themselves are not right: that is the notebook's fault, not the visitor's.
    """
    parameters = load_parameters()
    settings = dict(defaults)
    parameters.page(**settings)
    text = os.environ.get("QUERY_STRING", "") if query is None else query
    said: list[str] = []
    if len(text) > LONGEST:
        said.append("The address of this page is too long to be a link of ours; it was not read.")
        text = ""
    asked = dict(parse_qsl(text, keep_blank_values=True, errors="replace"))
    for name in PAGE:
        if name in asked:
            _take(parameters, settings, name, asked[name], said)
    page = parameters.page(**settings)
    own = {}
    for name, check in (further or {}).items():
        own[name] = ""
        if asked.get(name):
            try:
                own[name] = check(asked[name], page)
            except ParameterError as error:
                said.append(_not_taken(name, asked[name], error))
    return Choices(page, own, tuple(said))


def write_address(page: Page, further: Mapping[str, str] | None = None) -> str:
    """Return the query string that opens the same view; choices that are empty are left out."""
    said = {**page.model_dump(), **(further or {})}
    return urlencode({name: value for name, value in said.items() if value})


def other_page(name: str, words: str, page: Page, indicator: str) -> str:
    """Return a link to another live page with the same choices; nothing where no page is served."""
    if not served():
        return ""
    query = escape(write_address(page, {"indicator": indicator}), quote=True)
    return f'<p><a href="{name}?{query}">{escape(words)}</a></p>'


def check_indicator(value: str, page: Page) -> str:
    """Return an indicator that the page's outcome has, or could have; a Check of an address."""
    try:
        check_shown(load_parameters(), page.framework, page.outcome, value, "this page")
    except ParameterError:
        raise ParameterError("this outcome has no such indicator") from None
    return value


def _take(
    parameters: Parameters, settings: dict[str, str], name: str, value: str, said: list[str]
) -> None:
    """Put one choice into the settings if the page is right with it, or say why not."""
    trial = {**settings, name: value}
    if name == "outcome" and value in (OVERVIEW, EVIDENCE, SERVICES):
        said.append(
            f"The address asks for the page {value!r}, which is published but is no live page; this "
            "page shows one outcome."
        )
        return
    if name == "framework" and value in parameters.framework_ids():
        outcomes = [outcome.id for outcome in parameters.framework(value).outcomes]
        if trial["outcome"] not in outcomes:
            trial["outcome"] = outcomes[0]
    try:
        parameters.page(**trial)
    except ParameterError as error:
        said.append(_not_taken(name, value, error))
    else:
        settings.update(trial)


def _not_taken(name: str, value: str, error: ParameterError) -> str:
    shown = value if len(value) <= 40 else f"{value[:40]}…"
    # The last line says what is wrong; the words before it are for who edits parameter files.
    last = str(error).splitlines()[-1].strip().removeprefix("this page: ")
    why = last.partition(": ")[2] or last
    return (
        f"The address asks for {name.replace('_', ' ')} {shown!r}, which cannot be shown, so the "
        f"usual one is shown instead. ({why})"
    )
