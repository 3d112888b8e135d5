"""Writes a document as a PDF that screen readers can read: tagged, to the PDF/UA-1 standard."""

import json
from importlib.resources import files
from pathlib import Path

import typst

from outcomes.charts import font_folder
from outcomes.reports.document import Block, Document, Picture, TableBlock
from outcomes.reports.writing import (
    AUTHOR,
    SMALLER,
    beside,
    cleaned,
    named,
    on_side,
    shares,
    together,
    write_whole,
)


def write_pdf(document: Document, path: Path) -> None:
    """Write a document as a PDF; the same bytes for the same document, on any machine.

    The texts reach the template as data, so that none is read as an instruction. Letters are from
    the fonts that come with the charts; a character that they lack shows as a box with its number.

    Raises
    ------
    RunError
        If it cannot be written there.
    ValueError
        If a reference leads to no heading.
    """
    document = cleaned(document)
    data = {
        "author": AUTHOR,
        **{name: getattr(document, name) for name in ("title", "subtitle", "notice", "stage", "made")},
        "front": len(document.front),
        "blocks": [
            _plain(block, name) | {"on_side": side, "mark": mark}
            for (block, name), side, mark in zip(
                named(document), on_side(document), beside(document), strict=True
            )
        ],
    }  # fmt: skip
    template = files("outcomes.reports").joinpath("templates/document.typ").read_bytes()
    content = typst.compile(
        template,
        sys_inputs={"d": json.dumps(data)},
        font_paths=[font_folder()],
        ignore_system_fonts=True,
        pdf_standards=["ua-1"],
        timestamp=0,
    )
    write_whole(path, content)


def _plain(block: Block, name: str) -> dict:
    """Return a block as what JSON holds."""
    plain = {"kind": type(block).__name__, "name": name}
    if isinstance(block, TableBlock):
        frame = block.table.frame
        return plain | {
            "caption": block.table.caption,
            "heads": list(frame.columns),
            "rows": frame.to_numpy().tolist(),
            "shares": shares(block),
            "half": block.half,
            "together": together(frame),
        }
    if isinstance(block, Picture):
        size = block.width * (SMALLER if block.beside else 1)
        return plain | {k: v for k, v in vars(block).items() if k != "png"} | {"width": size}
    return plain | vars(block)
