"""Pieces of HTML that the served page's own script knows, and that read well without it.

The script of the template finds each by its class: it writes the address, speaks to screen readers,
makes tables sortable, lets a button in a table make a choice, and saves a prepared file.
"""

from base64 import b64encode
from html import escape

from outcomes.tables import Table


def address_mark(query: str, title: str) -> str:
    """Return what tells the page its address and its title, and that the answer is complete.

    It changes with every answer, last of all: the page is busy until then.
    """
    return (
        f'<span class="outcomes-address" hidden data-query="{escape(query, quote=True)}" '
        f'data-title="{escape(title, quote=True)}"></span>'
    )


def spoken(words: str) -> str:
    """Return words that a screen reader is to say when an answer has changed."""
    return f'<span class="outcomes-spoken" hidden data-words="{escape(words, quote=True)}"></span>'


def messages(said: tuple[str, ...]) -> str:
    """Return a box of plain messages, or nothing."""
    items = "".join(f"<p>{escape(sentence)}</p>" for sentence in said)
    return f'<div class="outcomes-message" role="alert">{items}</div>' if said else ""


def done(words: str) -> str:
    """Return a box that says what was done; `spoken` says it aloud."""
    return f'<div class="outcomes-message outcomes-done"><p>{escape(words)}</p></div>'


def refused(control: str, words: str) -> str:
    """Return what tells the page that the text in a control is wrong, and why."""
    return (
        f'<span id="outcomes-wrong-{control}" class="outcomes-wrong" hidden>{escape(words)}</span>'
    )


def go_to(control: str) -> str:
    """Return what moves the reader to the heading with the class `outcomes-<control>-answer`.

    Who has gone on to another part of the page meanwhile stays there.
    """
    return f'<span class="outcomes-go-to" hidden data-control="{escape(control)}"></span>'


def sortable(table: Table) -> str:
    """Return a table whose columns the served page lets a reader sort."""
    return f'<div class="outcomes-sortable">{table.to_html()}</div>'


def choice_button(control: str, value: str, label: str, *, about: str = "") -> str:
    """Return a button that makes a choice in the control with the class `outcomes-<control>`.

    Parameters
    ----------
    control : str
        The control's name; it is a drop-down list or a text field.
    value : str
        The text of the option to choose.
    label : str
        What the button says.
    about : str, optional
        What a screen reader hears instead, where the label alone would be unclear.
    """
    name = f' aria-label="{escape(about, quote=True)}"' if about else ""
    return (
        f'<button type="button" class="outcomes-choose" data-control="{escape(control)}" '
        f'data-value="{escape(value, quote=True)}"{name}>{escape(label)}</button>'
    )


def download(content: bytes, *, name: str, kind: str, label: str) -> str:
    """Return a link to a prepared file, which the served page saves at once.

    Parameters
    ----------
    content : bytes
        The file.
    name, kind, label : str
        Its name, its media type, and what the link says.
    """
    data = b64encode(content).decode("ascii")
    return (
        f'<a class="outcomes-download" download="{escape(name, quote=True)}" '
        f'href="data:{kind};base64,{data}">{escape(label)}</a>'
    )
