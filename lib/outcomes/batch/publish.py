"""Executed notebooks to web pages that need nothing else: no request, no code, one small style."""

from functools import lru_cache
from importlib.resources import files
from pathlib import Path

import nbformat
from jinja2 import Environment, PackageLoader, select_autoescape
from nbconvert import HTMLExporter
from traitlets.config import Config

TEMPLATES = files("outcomes.batch") / "templates"


@lru_cache(maxsize=1)
def style() -> str:
    """Return the style sheet, which every page carries inside it."""
    return (TEMPLATES / "style.css").read_text(encoding="utf-8")


@lru_cache(maxsize=1)
def _exporter() -> HTMLExporter:
    unpublished = {"enabled": True, "remove_cell_tags": {"lab"}}
    return HTMLExporter(
        config=Config({"TagRemovePreprocessor": unpublished}),
        template_name="outcomes",
        extra_template_basedirs=[str(TEMPLATES)],
        exclude_input=True,
        exclude_anchor_links=True,
    )


@lru_cache(maxsize=1)
def _pages() -> Environment:
    return Environment(
        loader=PackageLoader("outcomes.batch"),
        autoescape=select_autoescape(["html", "j2"]),
        trim_blocks=True,
        lstrip_blocks=True,
    )


def publish_page(notebook: Path, web_page: Path, context: dict) -> None:
    """Write the web page of an executed notebook.

    Parameters
    ----------
    notebook : Path
        An executed notebook.
    web_page : Path
        Where the page is written.
    context : dict
        `title`, `notice`, `home` (address of the index), `others` (label and address of the
        place's other pages) and `made` (a line on how the page was made).
    """
    node = nbformat.read(notebook, as_version=4)
    body, _ = _exporter().from_notebook_node(
        node, resources={"site": {"style": style(), **context}}
    )
    web_page.write_text(body, encoding="utf-8")


def publish_index(path: Path, context: dict) -> None:
    """Write the index of a run: its places, its outcomes, and what could not be made."""
    template = _pages().get_template("index.html.j2")
    path.write_text(template.render(style=style(), **context), encoding="utf-8")
