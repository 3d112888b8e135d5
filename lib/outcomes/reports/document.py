"""What a document is made of, whatever file it is written to."""

from dataclasses import dataclass

from outcomes.tables import Table


@dataclass(frozen=True)
class Heading:
    """A heading: level 1 for a part of the document, 2 and 3 within it. The title is none."""

    text: str
    level: int
    anchor: str = ""
    """A name by which a `Reference` finds it; unique in the document."""
    flows: bool = False
    """Whether a part may begin in the middle of a page; else on a new one."""


@dataclass(frozen=True)
class Paragraph:
    """Plain sentences; with `strong`, such as the one that matters most."""

    text: str
    strong: bool = False


@dataclass(frozen=True)
class Items:
    """A list of short texts, each its own item; numbered where their order matters."""

    texts: tuple[str, ...]
    numbered: bool = False


@dataclass(frozen=True)
class Reference:
    """A sentence that leads to a heading elsewhere in the document."""

    text: str
    anchor: str


@dataclass(frozen=True)
class Flag:
    """What is missing or must not be overlooked: said in words, framed, never by colour alone."""

    text: str


@dataclass(frozen=True)
class TableBlock:
    """A table with its caption; its first column heads each row."""

    table: Table
    wide: bool = False
    """Whether it needs the width of a page turned on its side."""
    half: bool = False
    """Whether half the width of a page is enough: such tables stand in two columns."""


@dataclass(frozen=True)
class Picture:
    """A chart, drawn for the screen and for paper, with its text alternative."""

    svg: str
    png: bytes
    width: float
    """Inches."""
    height: float
    alternative: str
    caption: str
    beside: bool = False
    """Whether it may stand beside the text before it, smaller on paper."""


Block = Heading | Paragraph | Items | Reference | Flag | TableBlock | Picture


@dataclass(frozen=True)
class Slide:
    """One view of a presentation: a title, a few sentences of the document, one of its pictures."""

    title: str
    texts: tuple[str, ...]
    picture: Picture | None = None


@dataclass(frozen=True)
class Document:
    """A document in reading order, and the short version that is presented from it."""

    title: str
    subtitle: str
    notice: str
    """What a reader must know of the figures, such as that they are invented; may be empty."""
    stage: str
    """Such as 'Draft'; printed on every page."""
    made: str
    """How it was made, from which figures and under which version of the framework."""
    blocks: tuple[Block, ...]
    slides: tuple[Slide, ...] = ()
    front: tuple[Block, ...] = ()
    """What stands on the first page, before the contents and the other blocks."""

    @property
    def all_blocks(self) -> tuple[Block, ...]:
        """All blocks in reading order."""
        return self.front + self.blocks
