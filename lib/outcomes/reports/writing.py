"""What every writer of documents needs: harmless text, names of parts, files whole or not at all."""

import re
from collections import Counter
from dataclasses import fields, is_dataclass, replace
from io import BytesIO
from itertools import permutations
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

import numpy as np
import pandas as pd

from outcomes.errors import RunError
from outcomes.model.words import capital
from outcomes.reports.document import (
    Block,
    Document,
    Heading,
    Items,
    Paragraph,
    Picture,
    Reference,
    TableBlock,
)
from outcomes.whole import whole

AUTHOR = "Outcomes Workbench"
"""What a file gives as its author: the programme, never a person."""
NEVER = re.compile("[^\t\n\r\x20-\x7e\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""Characters that a file may not hold, as the XML 1.0 standard says (and the old controls)."""
LETTERS, LETTERS_WIDE, LETTERS_HALF = 90, 136, 43
"""Letters of a table in a line of an upright page, of one on its side, and of half an upright one."""
LETTERS_BESIDE = 1600
"""Letters of text up to which a chart stands beside it; more would fill a page."""
SMALLER = 0.74
"""The size on paper of a chart that may stand beside text; its letters then have 7 to 8 points."""
FOLDED = 40
"""Letters beyond which a column's texts are folded rather than given more width."""
BOLD, BETWEEN = 1.15, 2
"""How much wider bold letters are, and the letters' room between two columns."""
LOOSE, STEPS = 1.15, (8, 4, 2, 1)
"""What lines that end before their margin add to a text; letters moved between columns at a time."""
TOGETHER = 12
"""Rows up to which a table is not split between two pages."""
LETTERS_TOGETHER = 700
"""Letters up to which it is not: a higher one would leave much of a page empty."""


def cleaned(document: Document) -> Document:
    """Return a document whose texts every file may hold.

    The notice becomes a sentence. Runs of spaces and line ends become one space; a character that
    no file may hold becomes the replacement character, so that nothing is lost without a trace.
    """
    document = _cleaned(document)
    notice = document.notice
    if notice:
        notice = capital(notice) + ("" if notice[-1] in ".!?" else ".")
    return replace(document, notice=notice)


def _cleaned(thing: object) -> object:
    if isinstance(thing, str):
        return NEVER.sub("\N{REPLACEMENT CHARACTER}", re.sub(r"[ \t\r\n]+", " ", thing)).strip()
    if isinstance(thing, tuple):
        return tuple(_cleaned(part) for part in thing)
    if isinstance(thing, pd.DataFrame):
        heads = [_cleaned(str(name)) for name in thing.columns]
        rows = [[_cleaned(str(cell)) for cell in row] for row in thing.itertuples(index=False)]
        return pd.DataFrame(rows, columns=heads, dtype=object)
    if is_dataclass(thing):
        return replace(thing, **{f.name: _cleaned(getattr(thing, f.name)) for f in fields(thing)})
    return thing


def named(document: Document) -> list[tuple[Block, str]]:
    """Return each block with its name: 'Table 2', 'Figure 1', and for headings an identifier.

    A reference has the identifier of the heading to which it leads; other blocks have no name.

    Raises
    ------
    ValueError
        If two headings share an anchor, or a reference leads to none: mistakes of the programme.
    """
    headings = [block for block in document.all_blocks if isinstance(block, Heading)]
    anchors = [heading.anchor or str(i) for i, heading in enumerate(headings, 1)]
    doubled = [anchor for anchor, count in Counter(anchors).items() if count > 1]
    if doubled:
        raise ValueError(f"headings share the anchor {doubled[0]!r}; each needs its own")
    known, count = {anchor: f"part-{i}" for i, anchor in enumerate(anchors, 1)}, Counter()
    result = []
    for block in document.all_blocks:
        count[type(block)] += 1
        number = count[type(block)]
        if isinstance(block, Reference) and block.anchor not in known:
            raise ValueError(f"{block.text!r} leads to {block.anchor!r}, which is no heading")
        name = {
            Heading: f"part-{number}",
            Reference: known.get(getattr(block, "anchor", "")),
            TableBlock: f"Table {number}",
            Picture: f"Figure {number}",
        }.get(type(block), "")
        result.append((block, name))
    return result


def on_side(document: Document) -> list[bool]:
    """Return whether each block is on a page on its side: wide tables, and what leads up to them.

    That is headings and paragraphs, such as what a table is about; anything else stays upright.
    """
    found, turned = [], False
    for block in reversed(document.all_blocks):
        wide = isinstance(block, TableBlock) and block.wide
        turned = wide or (turned and isinstance(block, Heading | Paragraph))
        found.append(turned)
    return found[::-1]


def beside(document: Document) -> list[str]:
    """Return of each block how it stands with the chart after it.

    'first' and 'text' are texts with a chart at their side, 'chart' is that chart, '' stands alone.
    """
    blocks = document.all_blocks
    marks = [""] * len(blocks)
    for end, block in enumerate(blocks):
        start, letters = end, 0
        while start and isinstance(texts := blocks[start - 1], Paragraph | Items):
            start -= 1
            letters += sum(map(len, texts.texts if isinstance(texts, Items) else [texts.text]))
        if start < end and getattr(block, "beside", False) and letters <= LETTERS_BESIDE:
            marks[start : end + 1] = ["first", *["text"] * (end - start - 1), "chart"]
    return marks


def together(frame: pd.DataFrame) -> bool:
    """Return whether a table is short enough not to be split between two pages."""
    letters = sum(len(str(cell)) for cell in frame.to_numpy().ravel())
    return len(frame) <= TOGETHER and letters <= LETTERS_TOGETHER


def shares(block: TableBlock) -> list[float]:
    """Return the share of the line that each column of a table should have.

    A column has room for its longest word; what is left over makes the rows together as low as it
    can. A table of short texts is narrower than the line, so that an eye keeps its row.
    """
    frame = block.table.frame.astype(str)
    room = LETTERS_WIDE if block.wide else LETTERS_HALF if block.half else LETTERS
    lengths = np.array([[len(cell) for cell in row] for row in [frame.columns, *frame.to_numpy()]])
    least, wanted = np.zeros((2, len(frame.columns)))
    for i, head in enumerate(frame.columns):
        # Headings are set in bold.
        words = [BOLD * len(w) for w in head.split()]
        words += [len(w) for text in frame.iloc[:, i] for w in text.split()]
        least[i] = min(max(words, default=0), FOLDED) + BETWEEN
        longest = max(lengths[1:, i].max(initial=0), BOLD * min(len(head), 20))
        wanted[i] = max(least[i], longest + BETWEEN)
    if wanted.sum() <= room:
        return list(wanted / room)
    if least.sum() >= room:
        return list(least / least.sum())

    def height(widths: np.ndarray) -> float:
        room = widths - BETWEEN
        lines = np.where(lengths > room, np.ceil(LOOSE * lengths / room), 1)
        return lines.max(axis=1).sum() + lines.mean()

    widths = least + (room - least.sum()) * (wanted - least) / (wanted - least).sum()
    for step in STEPS:
        for gives, takes in permutations(range(len(widths)), 2):
            tried = widths.copy()
            tried[[gives, takes]] += -step, step
            if tried[gives] >= least[gives] and height(tried) < height(widths):
                widths = tried
    return list(widths / room)


def write_whole(path: Path, content: bytes) -> None:
    """Write a file whole or not at all.

    Raises
    ------
    RunError
        If it cannot be written there.
    """
    try:
        with whole(path) as partial:
            partial.write_bytes(content)
    except OSError as error:
        reason = error.strerror or str(error)
        raise RunError(
            f"{path}: cannot be written there ({reason}); close the file where it is open, "
            "or choose another folder"
        ) from None


def describe(about: object, document: Document) -> None:
    """Write into an Office file's properties what it is; no time, and no person as its author."""
    about.title, about.comments, about.language = document.title, document.made, "en-GB"
    about.author = about.last_modified_by = AUTHOR
    for part in list(about._element):
        if part.tag.endswith(("}created", "}modified")):
            about._element.remove(part)


def timeless(package: bytes) -> bytes:
    """Return an Office file without the times of its parts: the same bytes for the same content."""
    result = BytesIO()
    with ZipFile(BytesIO(package)) as old, ZipFile(result, "w") as new:
        for name in old.namelist():
            entry = ZipInfo(name, (1980, 1, 1, 0, 0, 0))
            new.writestr(entry, old.read(name), ZIP_DEFLATED)
    return result.getvalue()
