"""Choose what matters: the page on which a person casts, changes and withdraws votes with a code.

It writes nothing but votes, into the ballot database. The code is asked for on the page alone: it
stands in no address and no log, and it is forgotten when it has been checked.
"""

import os
import time
from collections.abc import Callable
from contextlib import suppress
from html import escape
from random import Random
from urllib.parse import parse_qsl, urlencode

from ipywidgets import HTML, Button, Checkbox, Text, VBox

from outcomes.apps.controls import STYLE, dropdown, named, offer, row
from outcomes.apps.parts import address_mark, done, go_to, messages, refused, spoken
from outcomes.ballots import Box, Held, Ticket
from outcomes.ballots.database import open_database
from outcomes.ballots.held import hour
from outcomes.errors import OutcomesError, ParameterError
from outcomes.narrative.words import sentence
from outcomes.notebook.page import LAB_STYLE

WRONG_CODE_WAITS = 1.0
"""Seconds that a wrong code costs, beside the work of checking it."""
BALLOT_STYLE = """
#cells .outcomes-ballot .widget-checkbox { width: min(100%, 44rem); height: auto; margin: 0 }
.outcomes-ballot .widget-checkbox > label { display: flex; gap: 0.75rem; align-items: flex-start;
  width: 100%; max-width: none; height: auto; padding: 0.6rem 0.25rem; white-space: normal;
  text-align: left; font-size: 1rem; line-height: 1.4; cursor: pointer }
.outcomes-ballot .widget-checkbox .widget-label:not(label) { display: none }
.outcomes-ballot .widget-checkbox input { flex: none; margin: 0 }
.outcomes-ballot .widget-checkbox:has(input:checked) { background: #e8eff5 }
.outcomes-ballot .widget-checkbox + .widget-checkbox { border-top: 1px solid #c9d3dc }
.outcomes-ballot .outcomes-count { font-weight: 600 }
"""
ADVICE = """<ul>
<li><strong>Be quick.</strong> Go by your gut feeling: your first thought is what is asked for.</li>
<li><strong>Step away from your own service.</strong> Think of everybody who lives here, not of what
you are responsible for.</li>
<li><strong>Decide by yourself.</strong> Do not agree beforehand with others what to choose.</li>
</ul>"""
SECRET = (
    "Nobody is shown how anybody votes before the ballot closes, and nobody ever with a name: names "
    "are not kept. After closing, the votes of each group are counted and shown: if only one or two "
    "of your group vote, others may see from that what they chose. Until then you can change a "
    "vote or withdraw it, with the same code."
)


def choose_what_matters(*, ballot: str) -> "ChooseWhatMatters":
    """Return the page for a notebook's ballot, or for the one that its address asks for."""
    asked = dict(parse_qsl(os.environ.get("QUERY_STRING", "")[:500]))
    return ChooseWhatMatters(ballot, asked.get("ballot", ""))


class ChooseWhatMatters:
    """A page to vote on.

    Parameters
    ----------
    usual, asked : str
        The ballots to begin with: the one asked for if it is there, else the usual one.

    Attributes
    ----------
    ballot, outcome : ipywidgets.Dropdown
    code : ipywidgets.Text
    enter, cast, withdraw, onward, leave : ipywidgets.Button
    boxes : dict of str to ipywidgets.Checkbox
        The statements of the outcome by id, in an order of this voter's own.
    messages, told, heading, about, progress, question, count, stored, closing : ipywidgets.HTML
        `messages` is what was asked for just now, above the buttons; `told` what became of what was
        left, above the heading.
    """

    def __init__(self, usual: str, asked: str = "") -> None:
        self._box = Box(open_database())
        self._given: Ticket | None = None
        self._held: dict[str, Held] = self._box.ballots()
        self._silent, self._answers = False, 0
        self._shown: tuple[int, frozenset[str]] = (0, frozenset())
        self._to = self._done = ""
        self.boxes: dict[str, Checkbox] = {}
        self._make()
        said = ()
        if asked and asked not in self._held:
            said = (f"There is no ballot “{asked[:40]}” here, so the usual one is shown.",)
        first = next((name for name in (asked, usual, *self._held) if name in self._held), None)
        self._offer_ballots(first)
        self._show(*said)

    def _repr_mimebundle_(self, **options: object) -> object:
        return self.widget._repr_mimebundle_(**options)

    def _make(self) -> None:
        self.messages, self.told, self.heading, self.about = (HTML() for _ in range(4))
        self.progress, self.question, self.count, self.stored, self.closing = (
            HTML() for _ in range(5)
        )
        self.ballot = dropdown("Ballot", [], "ballot-chosen")
        self.outcome = dropdown("Outcome", [], "outcome")
        self.code = named(Text(description="Your code", continuous_update=False), "code")
        self.enter = _button("Begin", lambda: self._answer(self._enter))
        self.cast = _button("Cast my vote", lambda: self._answer(self._store), primary=True)
        self.withdraw = _button("Withdraw my vote", lambda: self._answer(self._take_back))
        self.onward = _button("Next outcome", lambda: self._answer(self._go_on))
        self.leave = _button("I have finished", lambda: self._answer(self._left))
        self.choices = VBox().add_class("outcomes-group")
        self.ballot.observe(self._ballot_chosen, "value")
        self.outcome.observe(self._outcome_chosen, "value")
        self.enter.add_class("outcomes-enter")
        self._door = VBox([self.told, self.about, self.messages, row(self.code, self.enter)])
        self._room = VBox(
            [
                self.progress,
                row(self.outcome),
                self.told,
                self.question,
                self.choices,
                self.count,
                self.messages,
                row(self.cast, self.withdraw, self.onward, self.leave),
                self.stored,
            ]
        )
        style = HTML(f"<style>{LAB_STYLE}{STYLE}{BALLOT_STYLE}</style>")
        self.widget = VBox(
            [style, self.heading, row(self.ballot), self._door, self._room, self.closing]
        )
        self.widget.add_class("outcomes-app").add_class("outcomes-ballot")

    @property
    def _about(self) -> Held:
        return self._held[self.ballot.value]

    @property
    def _ticket(self) -> Ticket:
        if self._given is None:
            raise ParameterError("type your code first")
        return self._given

    def _offer_ballots(self, first: str | None) -> None:
        self._silent = True
        offer(self.ballot, [(held.title, name) for name, held in self._held.items()], first)
        self._silent = False

    def _ballot_chosen(self, _: dict) -> None:
        if not self._silent:
            uncast = self._uncast()
            self._show()
            self.told.value = messages(uncast)

    def _outcome_chosen(self, _: dict) -> None:
        if not self._silent:
            self._answer(self._turned)

    def _answer(self, act: Callable[[], str]) -> None:
        """Do what was asked, and show what came of it, or why it cannot be."""
        self.told.value = ""
        try:
            words = act()
        except OutcomesError as error:
            self._close(sentence(str(error)))
        else:
            self._close(words=words)

    def _show(self, *said: str) -> None:
        """Show the ballot from its beginning, forget who voted, and ask for a code."""
        self._given = None
        self._forget_boxes()
        self._shown = (0, frozenset())
        self._silent = True
        offer(self.outcome, [], None)
        self._silent = False
        self.question.value = self.stored.value = self.progress.value = self.count.value = ""
        self._door.layout.display = None
        lead = f'<p class="lead">{escape(self._about.title)}</p>' if self._held else ""
        self.heading.value = (
            f'<h1 class="outcomes-thanks-answer" tabindex="-1">Choose what matters</h1>{lead}'
        )
        self._room.layout.display = "none"
        open_now = bool(self._held) and self._about.closed_at is None
        self.code.layout.display = self.enter.layout.display = None if open_now else "none"
        self.ballot.layout.display = None if len(self._held) > 1 else "none"
        if not self._held:
            self.about.value = "<p>No ballot has been opened yet.</p>"
        elif not open_now:
            self.about.value = (
                f"<p>This ballot was closed on {escape(hour(self._about.closed_at))}. Nothing can be "
                "cast or changed any more. Ask those who held it for the result.</p>"
            )
        else:
            held = self._about
            self.about.value = (
                f"<p>What do the outcomes mean to us? Under each of {len(held.outcomes)} outcomes, "
                f"choose the <strong>{held.choose} statements</strong> that matter most.</p>{ADVICE}"
                f"<h2>Who sees what</h2><p>{SECRET}</p><h2>Your code</h2>"
                "<p>The code was handed out to you; it begins with the name of your group.</p>"
            )
        self._close(*said)

    def _close(self, *said: str, words: str = "") -> None:
        """Tell the page that the answer is complete, and to which heading the reader is to go."""
        self._answers += 1
        # Numbered too: the same refusal twice is said twice.
        self.messages.value = f"{messages(said)}<!-- {self._answers} -->" if said else self._done
        self._done = ""
        query = urlencode({"ballot": self.ballot.value}) if self.ballot.value else ""
        mark = address_mark(query, "Choose what matters")
        heard = spoken(words) if words else ""
        wrong = refused("code", " ".join(said)) if said and self._given is None else ""
        to, self._to = go_to(self._to) if self._to else "", ""
        self.closing.value = f"{mark}{heard}{wrong}{to}<!-- {self._answers} -->"

    def _enter(self) -> str:
        typed, self.code.value = self.code.value.strip()[:100], ""
        if not typed:
            raise ParameterError("type the code that was handed out to you")
        try:
            self._given = self._box.ticket(self.ballot.value, typed)
        except ParameterError:
            time.sleep(WRONG_CODE_WAITS)
            raise
        self._held = self._box.ballots()
        self._door.layout.display, self._room.layout.display = "none", None
        self._go_to(None)
        self._to = "question"
        return self._said_progress()

    def _go_to(self, outcome: str | None) -> None:
        """Show an outcome, or the first that has no vote yet."""
        voted = self._box.votes(self._ticket)
        open_ones = [name for name in self._about.outcomes if name not in voted]
        self._silent = True
        shown = outcome or next(iter(open_ones), next(iter(self._about.outcomes)))
        options = [
            (f"{o.number}. {o.title}" + (" (voted)" if name in voted else ""), name)
            for name, o in self._about.outcomes.items()
        ]
        offer(self.outcome, options, shown)
        self._silent = False
        self._lay_out()

    def _lay_out(self) -> None:
        """Show the outcome's statements, those chosen before with their tick."""
        votes, name = self._box.votes(self._ticket), self.outcome.value
        outcome, mine = self._about.outcomes[name], votes.get(name, ())
        self._shown = (outcome.number, frozenset(mine))
        # Each voter meets them in another order, always the same one: the first has no advantage.
        order = list(outcome.statements)
        Random(f"{self._ticket.ballot}/{self._ticket.voter}/{name}").shuffle(order)
        self._forget_boxes()
        self.boxes = {
            each: Checkbox(each in mine, description=outcome.statements[each], indent=False)
            for each in order
        }
        for box in self.boxes.values():
            box.observe(lambda _: self._close(words=self._counted()), "value")
        self.choices.children = tuple(self.boxes.values())
        self.question.value = (
            f'<h2 class="outcomes-question-answer" tabindex="-1">{outcome.number}. '
            f"{escape(outcome.title)}</h2>"
            '<p class="outcomes-group-name">What do we mean by this? Tick the '
            f"{self._about.choose} statements that matter most.</p>"
        )
        self.progress.value = f"<p>{escape(self._said_progress())}</p>"
        self.cast.description = "Change my vote" if mine else "Cast my vote"
        self.withdraw.layout.display = None if mine else "none"
        words = "".join(f"<li>{escape(outcome.statements[each])}</li>" for each in order
                        if each in mine)  # fmt: skip
        self.stored.value = (
            f"<p>Your vote on this outcome is stored. You chose:</p><ul>{words}</ul>"
            if mine
            else "<p>You have no vote stored on this outcome.</p>"
        )
        self._counted()

    def _forget_boxes(self) -> None:
        """Close the statements in the kernel too, which would tell whoever asks what is ticked."""
        old, self.boxes, self.choices.children = self.boxes, {}, ()
        for box in old.values():
            box.layout.close()
            box.style.close()
            box.close()

    def _said_progress(self) -> str:
        votes, held = self._box.votes(self._ticket), self._about
        group = held.groups[self._ticket.group].title
        return f"{group}: you have voted on {len(votes)} of {len(held.outcomes)} outcomes."

    @property
    def _chosen(self) -> list[str]:
        return [name for name, box in self.boxes.items() if box.value is True]

    def _counted(self) -> str:
        number, most = len(self._chosen), self._about.choose
        more = number - most
        words = f"{number} of {most} chosen"
        if more > 0:
            words += f": take {more} away"
        self.count.value = f'<p class="outcomes-count">{words}</p>'
        return words

    def _store(self) -> str:
        name = self.outcome.value
        change = name in self._box.votes(self._ticket)
        self._box.cast(self._ticket, name, self._chosen, change=change)
        self._go_to(name)
        said = f"Your vote is stored. {self._said_progress()}"
        self._done = done(said)
        return said

    def _take_back(self) -> str:
        name = self.outcome.value
        self._box.withdraw(self._ticket, name)
        self._go_to(name)
        self._to = "question"
        said = f"Your vote is withdrawn. {self._said_progress()}"
        self.told.value = done(said)
        return said

    def _uncast(self) -> tuple[str, ...]:
        """Return what is told of ticks on the outcome shown that were never cast."""
        number, stored = self._shown
        if set(self._chosen) == stored:
            return ()
        kept = "your vote from before stands" if stored else "no vote on it is stored"
        return (f"You left outcome {number} without casting what you ticked: {kept}.",)

    def _turned(self) -> str:
        uncast = self._uncast()
        self._lay_out()
        self.told.value = messages(uncast)
        outcome = self._about.outcomes[self.outcome.value]
        return f"{outcome.number}. {outcome.title}: {self._counted()}."

    def _go_on(self) -> str:
        """Show the next outcome without a vote, from this one on; without any, the next one."""
        uncast = self._uncast()
        voted, names = self._box.votes(self._ticket), list(self._about.outcomes)
        at = names.index(self.outcome.value)
        after = names[at + 1 :] + names[:at]
        self._go_to(next((name for name in after if name not in voted), (after or names)[0]))
        self.told.value, self._to = messages(uncast), "question"
        return ""

    def _left(self) -> str:
        """Forget whose votes these are, so that the next person at this screen sees none."""
        uncast, said = self._uncast(), "This page has forgotten your code."
        with suppress(ParameterError):  # closed meanwhile: what was voted can be read no more
            number, of = len(self._box.votes(self._ticket)), len(self._about.outcomes)
            said = f"Thank you. You have voted on {number} of {of} outcomes. {said}"
        self._held = self._box.ballots()
        self._show()
        self.told.value, self._to = f"{messages(uncast)}{done(said)}", "thanks"
        return said


def _button(label: str, act: Callable[[], None], *, primary: bool = False) -> Button:
    button = Button(description=label, layout={"width": "auto"})
    button.button_style = "primary" if primary else ""
    button.on_click(lambda _: act())
    return button
