"""What is it? An outcome, an indicator, a performance measure: asked of a wording, by the page.

Nothing is stored on the server: the wording and the answers stand in the address, the entry and the
decision are text to copy.
"""

import os
from html import escape
from urllib.parse import parse_qsl, urlencode

from ipywidgets import HTML, Button, RadioButtons, Text, VBox

from outcomes.apps.address import LONGEST
from outcomes.apps.controls import STYLE, dropdown, named, row
from outcomes.apps.parts import address_mark, messages, spoken
from outcomes.model.wording import KINDS, Answers, Finding, Kind, Span, Verdict
from outcomes.model.words import capital
from outcomes.notebook.page import LAB_STYLE
from outcomes.parameters import load_parameters
from outcomes.parameters.glossary import decision_text, entry_text, read_glossary
from outcomes.wording.classify import QUESTIONS, classify
from outcomes.wording.rules import findings, idea_of
from outcomes.wording.say import say_verdict

TITLE = "What is it?"
MOST = 300
"""Characters of a wording that are read; a longer one is no name for anything."""
CHOICES = {
    "everyone": {"yes": "Everyone who lives here", "no": "People a service has dealt with"},
    "countable": {"yes": "Yes, it can be counted", "no": "No, it cannot be counted"},
    "wanted": {"yes": "Yes, I would still want it", "no": "No, it is wanted for something else"},
}
"""The answers to each question, as the address says them and as a reader meets them."""
UNSAID = "Let the words tell"
WEIGHTS = {
    "refused": "This cannot be entered",
    "warning": "Look at this again",
    "hint": "A thought",
}
FOLDERS = {
    "outcome": "parameters/frameworks/FRAMEWORK.yml, under outcomes",
    "indicator": "a file in parameters/indicators",
    "performance_measure": "parameters/measures/SERVICE.yml, where the service has its customers",
}
LOOKS = """
.outcomes-what mark { background: #fdf3e3; color: inherit; font-weight: 600;
  text-decoration: underline; text-underline-offset: 0.2em; padding: 0 0.1em }
.outcomes-what blockquote { margin: 0.5rem 0; padding: 0.5rem 0.75rem; font-size: 1.15rem;
  border-left: 0.4rem solid #1d4f7a; background: #f3f6f9; white-space: pre-wrap }
.outcomes-what pre { background: #f3f6f9; padding: 0.75rem; white-space: pre-wrap;
  overflow-wrap: anywhere }
.outcomes-what .outcomes-question { display: flex; align-self: flex-start; align-items: flex-start }
.outcomes-what .outcomes-question > .widget-label { max-width: 100%; overflow: visible; height: auto;
  white-space: normal; text-align: left; line-height: 1.4; font-weight: 600 }
.outcomes-what .widget-radio-box { width: 100%; max-width: none; height: auto; margin: 0 }
.outcomes-what .widget-radio-box label { display: flex; flex-direction: row-reverse; gap: 0.6rem;
  justify-content: flex-end; align-items: center; height: auto; min-height: 2.25rem;
  line-height: 1.4; white-space: normal; padding: 0; cursor: pointer }
.outcomes-what .widget-radio-box input { flex: none; margin: 0; position: static }
"""
ABOUT = (
    "<p>Type a wording. It is read by rules, which are often wrong: answer the questions, and what you "
    "say goes before what the words seem to say. <strong>You have the last word.</strong></p>"
    "<ul><li>An <strong>outcome</strong> is how things should be for everyone who lives here: "
    "“A safe community”.</li>"
    "<li>An <strong>indicator</strong> is a figure that tells how near we are: “Crime rate”.</li>"
    "<li>A <strong>performance measure</strong> is a figure that tells how well a service works: "
    "“Average police response time”.</li></ul>"
)


def what_is_it(*, text: str) -> "WhatIsIt":
    """Return the page for a notebook's wording, or for the one that its address gives."""
    query = os.environ.get("QUERY_STRING", "")
    return WhatIsIt(text, dict(parse_qsl(query[:LONGEST], errors="replace")))


class WhatIsIt:
    """The page.

    Parameters
    ----------
    usual : str
        The wording to begin with if the address has none.
    asked : dict of str to str
        What the address asks for: text, everyone, countable, wanted; what is not right is left out.

    Attributes
    ----------
    text, reason, role : ipywidgets.Text
    questions : dict of str to ipywidgets.RadioButtons
    last : ipywidgets.Dropdown
        What the person says that it is, who has the last word.
    verdict, hints, entry, closing : ipywidgets.HTML
    """

    def __init__(self, usual: str, asked: dict[str, str]) -> None:
        self._answers, self._silent = 0, False
        self.text = named(Text(description="Your wording", continuous_update=False), "wording")
        self.text.value = asked.get("text", usual)
        self.check = Button(description="What is it?", button_style="primary")
        self.questions = {name: self._question(name, asked.get(name, "")) for name in QUESTIONS}
        self.last = dropdown(
            "You say that it is",
            [("what is read above", ""), *((k, n) for n, k in KINDS.items())],
            "last",
        )
        self.reason = named(Text(description="Because", continuous_update=False), "reason")
        self.role = named(Text(description="Your role (no name)", continuous_update=False), "role")
        self.said, self.verdict, self.hints, self.entry, self.closing = (HTML() for _ in range(5))
        self.widget = self._laid_out()
        self.text.observe(lambda _: self._forget(), "value")
        for control in (self.text, *self.questions.values(), self.last, self.reason, self.role):
            control.observe(lambda _: self._silent or self._show(), "value")
        self.check.on_click(lambda _: self._show())
        self._show()

    def _repr_mimebundle_(self, **options: object) -> object:
        return self.widget._repr_mimebundle_(**options)

    def _question(self, name: str, asked: str) -> RadioButtons:
        options = [(UNSAID, ""), *((words, value) for value, words in CHOICES[name].items())]
        value = asked if asked in CHOICES[name] else ""
        control = RadioButtons(options=options, value=value, description=QUESTIONS[name])
        return named(control, f"question-{name}").add_class("outcomes-question")

    def _laid_out(self) -> VBox:
        return (
            VBox(
                [
                    HTML(f"<style>{LAB_STYLE}{STYLE}{LOOKS}</style>"),
                    HTML(f"<h1>{TITLE}</h1>{ABOUT}"),
                    row(self.text, self.check),
                    self.said,
                    self.verdict,
                    HTML("<h2>Questions that help</h2>"),
                    row(*self.questions.values()),
                    self.hints,
                    HTML(
                        "<h2>You have the last word</h2><p>If it is something else than what is read "
                        "above, say what, why and in which role. The check then keeps quiet about it.</p>"
                    ),
                    row(self.last, self.reason, self.role),
                    self.entry,
                    self.closing,
                ]
            )
            .add_class("outcomes-app")
            .add_class("outcomes-what")
        )

    @property
    def _said(self) -> dict[str, str]:
        return {name: control.value for name, control in self.questions.items() if control.value}

    def _forget(self) -> None:
        """Forget what was said of the wording before: it was not said of this one."""
        self._silent = True
        for control in (*self.questions.values(), self.last, self.reason):
            control.value = ""
        self._silent = False

    def _show(self) -> None:
        """Say what the wording is, and what there is to say of it."""
        typed, glossary = self.text.value.strip(), read_glossary(load_parameters())
        text = typed[:MOST]
        if not text:
            self.said.value = messages(("Type a wording first, such as “Crime rate”.",))
            self.verdict.value = self.hints.value = self.entry.value = ""
            self._close("", "Type a wording first.")
            return
        answers = Answers(**{name: value == "yes" for name, value in self._said.items()})
        verdict = classify(text, glossary, answers)
        kind: Kind | None = self.last.value or verdict.kind
        # A means is looked at as what it would most likely be entered as.
        entered = kind or ("outcome" if verdict.end is False else None)
        found = findings(text, entered, verdict, glossary) if entered else []
        idea = idea_of(text, glossary)
        cut = f"This has {len(typed)} letters, and only the first {MOST} are read: make it shorter."
        word = f"“{text}” is a word for {KINDS[idea or 'outcome']} here. Type what yours says."
        self.said.value = messages((cut,) * (len(typed) > MOST) + (word,) * bool(idea))
        sentence = say_verdict(verdict)
        self.verdict.value = verdict_html(text, verdict, sentence)
        self.hints.value = findings_html(found) if entered else ""
        self.entry.value = self._entry_html(text, kind, verdict, found)
        said = f"You say that it is {KINDS[kind]}." if self.last.value else sentence
        barred = any(each.severity == "refused" for each in found)
        self._close(text, f"{said}{' It cannot be entered as it stands.' * barred}")

    def _entry_html(
        self, text: str, kind: Kind | None, verdict: Verdict, found: list[Finding]
    ) -> str:
        if kind is None:
            return ""
        reason, role, html = self.reason.value.strip(), self.role.value.strip(), ""
        if self.last.value and reason and role:
            decision = decision_text(text, kind, reason, role)
            html = _block("Your decision, to copy", decision, "parameters/wording/FRAMEWORK.yml")
        elif self.last.value:
            html = "<p>Say why, and in which role, and your decision stands here to copy.</p>"
        if any(finding.severity == "refused" for finding in found):
            return f"{html}<h2>The entry</h2><p>It cannot be entered as it stands.</p>"
        return html + _block("The entry, to copy", entry_text(text, kind, verdict), FOLDERS[kind])

    def _close(self, text: str, words: str) -> None:
        self._answers += 1
        query = urlencode({"text": text, **self._said} if text else self._said)
        mark = address_mark(query, f"{TITLE} {text}".strip())
        self.closing.value = f"{mark}{spoken(words)}<!-- {self._answers} -->"


def verdict_html(text: str, verdict: Verdict, sentence: str) -> str:
    """Return what a wording is, with the words that led there marked, and each reason."""
    spans = [span for reason in verdict.reasons for span in reason.spans]
    reasons = "".join(f"<li>{escape(reason.words)}</li>" for reason in verdict.reasons)
    first, _, rest = sentence.partition(". ")
    more = f"<p>{escape(rest)}</p>" if rest else ""
    ask = "<p>The questions below tell it apart.</p>" if verdict.ask else ""
    return (
        f"<h2>{escape(first.rstrip('.'))}</h2><blockquote>{marked(text, spans)}</blockquote>{more}"
        f"{f'<p>Why:</p><ul>{reasons}</ul>' if reasons else ''}{ask}"
    )


def findings_html(found: list[Finding]) -> str:
    """Return what there is to say of the wording, weightiest first."""
    if not found:
        return "<h2>The wording</h2><p>Nothing to say about the words.</p>"
    items = "".join(
        f"<li><strong>{WEIGHTS[each.severity]}.</strong> "
        f"{escape(capital(each.reason))}. {escape(each.advice)}</li>"
        for each in found
    )
    return f"<h2>The wording</h2><ul>{items}</ul>"


def marked(text: str, spans: list[Span]) -> str:
    """Return a text as HTML in which these places are marked."""
    inside = {i for start, end in spans for i in range(start, end)}
    html, on = "", False
    for i, letter in enumerate(text):
        if (i in inside) != on:
            on = not on
            html += "<mark>" if on else "</mark>"
        html += escape(letter)
    return html + ("</mark>" if on else "")


def _block(title: str, content: str, where: str) -> str:
    return f"<h2>{escape(title)}</h2><p>For {escape(where)}.</p><pre>{escape(content)}</pre>"
