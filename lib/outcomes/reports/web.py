"""Writes a document as one web page that needs nothing else: no script, no request."""

from functools import lru_cache
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import quote

from outcomes.reports.document import Document
from outcomes.reports.writing import FOLDED, beside, cleaned, named, write_whole
from outcomes.tables import Table

if TYPE_CHECKING:
    from jinja2 import Environment

STYLES = ("batch/templates/style.css", "reports/templates/document.css")
"""The look of published pages, and what only a long document needs."""


def write_web(document: Document, path: Path) -> None:
    """Write a document as a web page; the same bytes for the same document.

    Raises
    ------
    RunError
        If it cannot be written there.
    ValueError
        If a reference leads to no heading.
    """
    document = cleaned(document)
    parts = [
        {"kind": type(block).__name__, "name": name, "block": block, "mark": mark}
        for (block, name), mark in zip(named(document), beside(document), strict=True)
    ]
    template = _templates().get_template("document.html.j2")
    html = template.render(document=document, parts=parts, style=_style(document.stage))
    write_whole(path, html.encode("utf-8"))


def _table(part: dict) -> str:
    """Return a table block as HTML; words too long for any column may be cut."""
    table = part["block"].table
    html = Table(f"{part['name']}: {table.caption}", table.frame).to_html()
    cells = [*table.frame.columns, *table.frame.to_numpy().ravel()]
    long = any(len(word) > FOLDED for cell in cells for word in cell.split())
    return f'<div class="long">{html}</div>' if long else html


def _data(svg: str) -> str:
    """Return a picture as an address that holds all of it; shorter than base64."""
    return f"data:image/svg+xml,{quote(svg, safe=' !$()*+,-./:;=?@[]_|~')}"


def _style(stage: str) -> str:
    """Return the style sheet, with the stage for the foot of printed pages.

    Each of the stage's characters stands as its number, so that none can end the sheet.
    """
    sheets = [files("outcomes").joinpath(name).read_text(encoding="utf-8") for name in STYLES]
    return "\n".join(sheets).replace("STAGE", "".join(f"\\{ord(c):06x}" for c in stage))


@lru_cache(maxsize=1)
def _templates() -> "Environment":
    from jinja2 import Environment, PackageLoader

    environment = Environment(
        loader=PackageLoader("outcomes.reports"),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.filters |= {"table": _table, "data": _data}
    return environment
