"""Executed notebooks to web pages that need nothing else: no request, no code, one small style.

A page is rendered where it was executed and finished when the site is put together: two slots in
its footer hold what only the whole run knows. nbconvert's exporter is not used, since it parses
the page once more as a whole; its Markdown is, so that text looks as it does in JupyterLab.
"""

import re
from base64 import b64encode
from collections.abc import Callable, Iterator
from functools import lru_cache
from html import escape
from importlib.resources import files
from typing import TYPE_CHECKING

from outcomes.errors import RunError

if TYPE_CHECKING:
    from jinja2 import Environment
    from nbformat import NotebookNode

UNPUBLISHED = "lab"
"""The tag of a cell, and the metadata of an output, that is for JupyterLab only."""
SLOTS = OTHERS, MADE = "other pages of this place", "how this page was made"
NO_WORDS = "No description has been provided for this image"
_PICTURE = re.compile(r'(?<=src="data:image/svg\+xml,)[^"]*')
_WITHOUT_WORDS = re.compile(r"<img\b(?![^>]*\salt\s*=)", re.IGNORECASE)


def render(notebook: "NotebookNode", *, title: str, notice: str) -> str:
    """Return the web page of an executed notebook, its two slots empty.

    Shows Markdown and outputs in their order, no code and no error. Plain text is escaped; HTML is
    the notebook author's and stands as it is. An output of several kinds shows the first of HTML,
    SVG, PNG, JPEG, Markdown, LaTeX (its source) and plain text; a kind beside these is left out.

    Parameters
    ----------
    notebook : nbformat.NotebookNode
        An executed notebook, version 4. Cells tagged `lab`, and outputs whose metadata have `lab`
        set, are left out.
    title : str
        What the browser's tab says.
    notice : str
        What a reader must know of the figures, such as that they are invented; may be empty.
    """
    parts = [part for cell in notebook.cells if _published(cell) for part in _shown(cell)]
    return page_from("page.html.j2", title=title, notice=notice, parts=parts, slots=SLOTS)


def finish(html: str, *, others: list[dict], made: str) -> str:
    """Return a page with its slots filled; on a page that was finished before, filled anew.

    Parameters
    ----------
    html : str
        What `render` or `finish` returned.
    others : list of dict
        `href` and `label` of each other page of the place; none leaves its heading out.
    made : str
        A line on how the page was made.

    Raises
    ------
    RunError
        If the page has no such slots.
    """
    items = "".join(
        f'<li><a href="{escape(other["href"])}">{escape(other["label"])}</a></li>\n'
        for other in others
    )
    links = (
        '<nav aria-label="Other pages for this place">\n<h2>Other pages for this place</h2>\n'
        f"<ul>\n{items}</ul>\n</nav>\n"
    )
    html = _fill(html, OTHERS, links if others else "")
    return _fill(html, MADE, f"<p>{escape(made)}</p>\n")


def page_from(template: str, **context: object) -> str:
    """Return a page made from a template of this package, with the style sheet."""
    return _templates().get_template(template).render(style=_style(), **context)


def has_slots(html: str) -> bool:
    """Return whether a page can be finished."""
    return all(_slot(html, name) for name in SLOTS)


def _slot(html: str, name: str) -> tuple[int, int] | None:
    """Return where a slot begins and ends; the last one, as a cell may show another page's HTML."""
    begin, end = f"<!-- {name} -->\n", f"<!-- end: {name} -->"
    start, stop = html.rfind(begin), html.rfind(end)
    return (start + len(begin), stop) if 0 <= start < stop else None


def _fill(html: str, name: str, text: str) -> str:
    found = _slot(html, name)
    if found is None:
        raise RunError(
            f"a web page has no slot {name!r}; expected a page that this version of the workbench "
            "made. Make it again with: outcomes run FILE --force"
        )
    return f"{html[: found[0]]}{text}{html[found[1] :]}"


@lru_cache(maxsize=1)
def _style() -> str:
    """Return the style sheet, which every page carries inside it."""
    return (files("outcomes.batch") / "templates" / "style.css").read_text(encoding="utf-8")


@lru_cache(maxsize=1)
def _templates() -> "Environment":
    from jinja2 import Environment, PackageLoader, select_autoescape

    return Environment(
        loader=PackageLoader("outcomes.batch"),
        autoescape=select_autoescape(["html", "j2"]),
        trim_blocks=True,
        lstrip_blocks=True,
    )


def _published(cell: "NotebookNode") -> bool:
    return UNPUBLISHED not in cell.metadata.get("tags", [])


def _shown(cell: "NotebookNode") -> Iterator[str]:
    """Yield the HTML of a cell: its text, or its outputs one by one."""
    if cell.cell_type == "markdown":
        pictures = cell.get("attachments")
        text = _converted(cell.source, pictures) if pictures else _markdown(cell.source)
        yield f'<div class="text">{text}</div>'
    for output in cell.get("outputs", []):
        if output.output_type == "stream":
            yield _plain(output.text)
        elif output.output_type != "error" and not output.metadata.get(UNPUBLISHED):
            yield from _richest(output, cell)


def _richest(output: "NotebookNode", cell: "NotebookNode") -> Iterator[str]:
    for kind, show in _KINDS.items():
        if kind in output.data:
            about = {"alt": cell.metadata.get("alt")} | output.metadata.get(kind, {})
            yield show(output.data[kind], about)
            return


def _html(text: str, about: dict) -> str:
    described = _WITHOUT_WORDS.sub(f'<img alt="{NO_WORDS}"', text)
    return _PICTURE.sub(lambda found: _lean(found[0]), described)


def _lean(picture: str) -> str:
    """Return a quoted SVG in fewer bytes: apostrophes, which need no quoting, around attributes.

    A tag stays as it is if it has an apostrophe, or a sign of its end within an attribute.
    """
    before, *pieces = picture.split("%3C")
    return "%3C".join([before, *map(_lean_tag, pieces)])


def _lean_tag(piece: str) -> str:
    tag, end, text = piece.partition("%3E")
    if "%27" in tag or "'" in tag or tag.count("%22") % 2:
        return piece
    return tag.replace("%22", "'") + end + text


def _image(kind: str) -> Callable[[str, dict], str]:
    def show(data: str, about: dict) -> str:
        if kind == "image/svg+xml":
            data = b64encode(data.encode("utf-8")).decode("ascii")
        sizes = "".join(
            f' {name}="{escape(str(about[name]))}"' for name in ("width", "height") if name in about
        )
        words = escape(about.get("alt") or NO_WORDS)
        return (
            f'<img src="data:{kind};base64,{escape("".join(data.split()))}"{sizes} alt="{words}">'
        )

    return show


def _plain(text: str, about: dict | None = None) -> str:
    from nbconvert.filters.ansi import strip_ansi

    return f"<pre>{escape(strip_ansi(text), quote=False)}</pre>"


@lru_cache(maxsize=512)
def _markdown(source: str) -> str:
    """Return Markdown as HTML. The same cells stand on every page of a notebook: done once."""
    return _converted(source, {})


def _converted(source: str, attachments: dict) -> str:
    from nbconvert.filters.markdown_mistune import IPythonRenderer, MarkdownWithMath

    renderer = IPythonRenderer(escape=False, exclude_anchor_links=True, attachments=attachments)
    return MarkdownWithMath(renderer=renderer).render(source)


_KINDS: dict[str, Callable[[str, dict], str]] = {
    "text/html": _html,
    **{kind: _image(kind) for kind in ("image/svg+xml", "image/png", "image/jpeg")},
    "text/markdown": lambda text, about: f'<div class="text">{_markdown(text)}</div>',
    "text/latex": _plain,
    "text/plain": _plain,
}
"""How each kind of output is shown, the richest first."""
