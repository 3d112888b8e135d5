"""The choosers that live pages share: framework, outcome, place, comparator and day."""

from collections.abc import Callable, Mapping

from ipywidgets import (
    HTML,
    Box,
    Combobox,
    Dropdown,
    Layout,
    Text,
    VBox,
    Widget,
)

from outcomes.apps.address import Choices, write_address
from outcomes.apps.parts import address_mark, messages, spoken
from outcomes.apps.places import STEP, depth, place_labels
from outcomes.errors import OutcomesError, ParameterError, listed, nearest
from outcomes.model import Comparator, Page, as_of_day
from outcomes.model.words import capital
from outcomes.narrative.words import sentence
from outcomes.parameters import Parameters, load_parameters

Options = list[tuple[str, str]]
"""What a drop-down list offers: words and the value behind them, in order."""
DAY_LABEL = "As known on (empty: the newest)"
DAY_HINT = "such as 2026-06-30 or 2026-Q2"
STYLE = """
.outcomes-control.jupyter-widgets > .widget-label { text-align: left; white-space: normal;
  height: auto; line-height: 1.5 }
.outcomes-control.jupyter-widgets > :is(select, input[type="text"]) { flex: none; width: 100%;
  height: 2.25rem; box-sizing: border-box; font-size: 1rem }
.outcomes-control.jupyter-widgets > :is(select, input[type="text"]):focus-visible {
  outline: 3px solid #b45309 !important; outline-offset: 2px }
.outcomes-app .widget-html > .widget-html-content { line-height: 1.5; overflow-wrap: break-word }
"""
"""What ipywidgets would else cut off or spread out, in JupyterLab too."""
LONGEST = 40
"""Characters of what was typed that a message repeats."""
FEW = 5
"""Places that a message names when several fit what was typed."""


class Controls:
    """The choosers of a page, and what they have chosen.

    A choice that cannot be shown gives a message and leaves the page as it is.

    Parameters
    ----------
    choices : Choices
        What to begin with, as the address gives it.
    changed : callable
        Called after each change, when `page` is the new page. If it raises OutcomesError, the page
        before comes back and the error is the message.
    more : tuple of ipywidgets.Widget
        The app's own choosers that stand among these.

    Attributes
    ----------
    page : Page
        The checked page, always one that can be shown.
    framework, outcome, tree, comparator : ipywidgets.Dropdown
        `tree` is the list of places, each below what it lies in.
    locality : ipywidgets.Combobox
        In which a place is searched; empty again when it is found.
    as_of : ipywidgets.Text
    widget : ipywidgets.VBox
        All of them with the messages, to be shown at the top.
    closing : ipywidgets.HTML
        What tells the page that an answer is complete, to be shown last.
    """

    def __init__(
        self, choices: Choices, *, changed: Callable[[], None], more: tuple[Widget, ...] = ()
    ) -> None:
        self.page, self._changed, self._silent = choices.page, changed, False
        self._parameters = load_parameters()
        self._codes = place_labels(self._parameters)
        if self.page.locality not in self._codes.values():
            self._codes[self._place_name(self.page.locality)] = self.page.locality
        self._mark, self._answers = "", 0
        self._make()
        self._show()
        self.messages, self._said = HTML(), ()
        self.say(*choices.said)
        self.closing = HTML()
        choosers = row(
            *(self.outcome, self.tree, self.locality, self.comparator, *more),
            *(self.framework, self.as_of),
        )
        style = HTML(f"<style>{STYLE}</style>")
        self.widget = VBox([style, choosers, self.messages]).add_class("outcomes-controls")

    def say(self, *said: str) -> None:
        """Show messages in place of those before; without any, show none."""
        self._said = said
        self.messages.value = messages(said)

    def also_say(self, said: str) -> None:
        """Show a message below those that are shown."""
        self.say(*self._said, said)

    def refuse(self, why: str) -> None:
        """Say why something cannot be shown; the answer stays as it is."""
        self.say(why)
        self._close()

    def answered(
        self, title: str, *, further: Mapping[str, str] | None = None, words: str = ""
    ) -> None:
        """Tell the page that the answer is complete: call it last of all.

        Parameters
        ----------
        title : str
            What the browser's tab says.
        further : mapping of str to str, optional
            The app's own choices, for the address.
        words : str
            What a screen reader says of the answer; empty for nothing.
        """
        self._mark = address_mark(write_address(self.page, further), title)
        self._close(words)

    def _close(self, words: str = "") -> None:
        # Numbered, so that the page sees an answer even where the address is the same as before.
        self._answers += 1
        said = spoken(words) if words else ""
        self.closing.value = f"{self._mark}{said}<!-- {self._answers} -->"

    def _make(self) -> None:
        known = self._parameters
        frameworks = [(known.framework(name).title, name) for name in known.framework_ids()]
        self.framework = dropdown("Framework", frameworks, "framework")
        self.outcome = dropdown("Outcome", self._outcomes(), "outcome")
        self.outcome.layout.flex = "2 1 32rem"
        self.locality = named(
            Combobox(
                description="Find a place by typing",
                placeholder="a part of its name, or its code",
                options=list(self._codes),
                continuous_update=False,
            ),
            "locality",
        )
        self.tree = dropdown("Place", self._places(), "tree")
        comparators = [(_whom(c), name) for name, c in known.comparators.items()]
        self.comparator = dropdown("Compared with", comparators, "comparator")
        self.outcome.layout.flex, self.comparator.layout.flex = "1 1 30rem", "1 1 24rem"
        day = Text(description=DAY_LABEL, placeholder=DAY_HINT, continuous_update=False)
        self.as_of = named(day, "as_of")
        for name in ("framework", "outcome", "locality", "tree", "comparator", "as_of"):
            getattr(self, name).observe(self._chosen(name), "value")

    def _places(self) -> Options:
        """Return the places as a list shows them: each below what it lies in, further in."""
        return [
            (STEP * depth(code, self._parameters) + self._place_name(code), code)
            for code in self._codes.values()
        ]

    def _place_name(self, code: str) -> str:
        place = self._parameters.places.by_code()[code]
        return f"{place.name}, {place.level}"

    def _outcomes(self) -> Options:
        return outcome_options(self.page, self._parameters)

    def _show(self) -> None:
        """Let every chooser show the page; none that shows it already is touched."""
        self._silent = True
        try:
            offer(self.outcome, self._outcomes(), self.page.outcome)
            for name in ("framework", "comparator", "as_of"):
                getattr(self, name).value = getattr(self.page, name)
            self.tree.value = self.page.locality
            self.locality.value = ""  # ready for the next search; the list shows the place
        finally:
            self._silent = False

    def _chosen(self, name: str) -> Callable[[dict], None]:
        def choose(change: dict) -> None:
            if self._silent or (name == "locality" and not change["new"].strip()):
                return
            try:
                self._turn_to(self._asked(name, change["new"]))
            except OutcomesError as error:
                self._show_but_what_was_typed(name)
                self.refuse(sentence(str(error).removeprefix("this page: ")))

        return choose

    def _asked(self, name: str, value: str) -> Page:
        """Return the page that a choice asks for; raise ParameterError if there is none."""
        asked = self.page.model_dump()
        if name == "framework":
            first = self._parameters.framework(value).outcomes[0].id
            asked |= {"framework": value, "outcome": first}
        elif name in ("tree", "locality"):
            asked["locality"] = value if name == "tree" else find_place(value, self._codes)
        else:
            asked[name] = day_of(value) if name == "as_of" else value
        return self._parameters.page(**asked)

    def _turn_to(self, page: Page) -> None:
        before, self.page = self.page, page
        self.say()
        self._show()
        if page == before:
            self._close()
            return
        try:
            self._changed()
        except OutcomesError:
            self.page = before
            self._show()
            raise

    def _show_but_what_was_typed(self, name: str) -> None:
        """Show the page again, but leave what was typed, so that it can be put right."""
        if name not in ("locality", "as_of"):
            self._show()


def row(*widgets: Widget) -> Box:
    """Return widgets side by side, and below each other where there is no room."""
    return Box(
        list(widgets),
        layout=Layout(flex_flow="row wrap", align_items="flex-end", grid_gap="0 0.75rem"),
    )


def named(widget: Widget, name: str) -> Widget:
    """Return a control as wide as there is room, under its label, with its class."""
    widget.style.description_width = "auto"
    widget.layout = Layout(
        width="auto", min_width="0", flex="1 1 18rem", flex_flow="column", height="auto"
    )
    return widget.add_class("outcomes-control").add_class(f"outcomes-{name}")


def dropdown(label: str, options: Options, name: str) -> Dropdown:
    """Return a drop-down list with a label and the class `outcomes-<name>`."""
    return named(Dropdown(description=label, options=options), name)


def offer(control: Dropdown, options: Options, value: str) -> None:
    """Let a drop-down list offer these and show one of them; nothing is sent that is the same."""
    with control.hold_sync():
        if list(control.options) != options:
            control.options = options
        control.value = value


def outcome_options(page: Page, parameters: Parameters) -> Options:
    """Return the outcomes of a page's framework, each with its number, worded for its place."""
    framework = parameters.framework(page.framework)
    area = parameters.area_name(framework, page.locality)
    return [
        (f"{outcome.number}. {outcome.title.replace('{area}', area)}", outcome.id)
        for outcome in framework.outcomes
    ]


def _whom(comparator: Comparator) -> str:
    """Return how a list offers a comparator; nearest neighbours are called so, whatever its title."""
    title = capital(comparator.title)
    called = comparator.kind != "neighbours" or "neighbour" in title
    return title if called else f"Nearest neighbours: {comparator.title}"


def find_place(text: str, codes: Mapping[str, str]) -> str:
    """Return the code of the place that a typed text means.

    Parameters
    ----------
    text : str
        A label, a code, a name, or a part of a label that no other place has.
    codes : mapping of str to str
        The code of each place by its label, as `place_labels` gives them.

    Raises
    ------
    ParameterError
        If no place fits, or several do; the message names the nearest or the first of them.
    """
    words = text.strip().casefold()
    exact = [
        code
        for label, code in codes.items()
        if words in (label.casefold(), label.split(",")[0].casefold(), code.casefold())
    ]
    found = {code: label for label, code in codes.items() if words and words in label.casefold()}
    if len(exact or found) == 1:
        return next(iter(exact or found))
    shown = text.strip()[:LONGEST]
    if found:
        fitting = listed((label.split(",")[0] for label in found.values()), most=FEW)
        raise ParameterError(f"several places fit {shown!r}: {fitting}; type more of its name")
    near = nearest(shown, [label.split(",")[0] for label in codes])
    hint = f"the nearest name is {near}" if near else "the list has all the places there are"
    raise ParameterError(f"there is no place {shown!r} here; {hint}")


def day_of(text: str) -> str:
    """Return the ISO date that a typed day or quarter means, or empty.

    Raises
    ------
    ParameterError
        If it is neither.
    """
    try:
        return str(as_of_day(text.strip()[:LONGEST]))
    except ValueError as error:
        raise ParameterError(str(error)) from None
