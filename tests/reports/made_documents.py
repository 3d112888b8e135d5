"""Documents made by hand: a plain one with every kind of block, and one whose texts are hostile."""

from functools import cache
from io import BytesIO

import pandas as pd
from PIL import Image

from outcomes.charts import new_axes, to_png, to_svg
from outcomes.reports.document import (
    Document,
    Flag,
    Heading,
    Items,
    Paragraph,
    Picture,
    Reference,
    Slide,
    TableBlock,
)
from outcomes.tables import Table

HOSTILE = (
    "<script>alert(1)</script> & &amp; </style> <b>bold</b>",
    '#read("/etc/passwd") #panic("no") $x^2$ *strong* _low_ `code` @part-1 <part-1> = head // gone',
    "{ MERGEFIELD x } \"quoted\" 'single' \\ \\n %PDF ]]> <!-- x --> {{ 7 * 7 }} {% raw %}",
    "\N{MINUS SIGN}3.5 \N{POUND SIGN}9 \N{EN DASH} é ŵ",
    "Donaudampfschifffahrts" * 8,
)
"""Texts that some file's language would read as an instruction, and words that fit no line."""
CONTROLS = "one\x00two\x07three\x1bfour\x9ffive\ufffesix"
CONTROLS_SHOWN = "one\ufffdtwo\ufffdthree\ufffdfour\ufffdfive\ufffdsix"
FOREIGN = "\N{GRINNING FACE} \u05e9\u05dc\u05d5\u05dd \u0645\u0631\u062d\u0628\u0627 \u4f60\u597d"
"""A face, and words in Hebrew, Arabic and Chinese."""


@cache
def picture(alternative: str = "A line rises from 1 to 3.", caption: str = "A rising line"):
    """Return a real chart as a picture."""
    ax = new_axes()
    ax.plot([1, 2, 3], [1, 2, 3])
    width, height = ax.figure.get_size_inches()
    return Picture(to_svg(ax), to_png(ax), float(width), float(height), alternative, caption)


def dot() -> bytes:
    """Return the smallest PNG."""
    content = BytesIO()
    Image.new("RGB", (1, 1)).save(content, "PNG")
    return content.getvalue()


def plain() -> Document:
    """Return a document with every kind of block."""
    table = Table(
        "Latest figures",
        pd.DataFrame({"Indicator": ["People in work", "Births"], "Figure": ["73.5%", "1,204"]}),
    )
    many = Table(
        "Sixty rows",
        pd.DataFrame({"Place": [f"Place {i}" for i in range(60)], "Figure": ["1"] * 60}),
    )
    return Document(
        title="Where we are in Tarrowshire",
        subtitle="Compared with the nation",
        notice="sample data, not a real place",
        stage="Draft",
        made="Made from data version 2-000.",
        blocks=(
            Heading("Jobs", 1, "jobs"),
            Paragraph("Work matters most.", strong=True),
            Paragraph("More people work than before."),
            Items(("first thing", "second thing")),
            Heading("Measures", 2),
            Heading("People in work", 3, "people in work"),
            Items(("step one", "step two"), numbered=True),
            Items(("again one", "again two"), numbered=True),
            picture(),
            TableBlock(table),
            Heading("Health", 1, "health"),
            Reference("See people in work.", "people in work"),
            Flag("Missing: what this means for services."),
            picture("A second line.", "Again a line"),
            TableBlock(Table("A wide one", table.frame), wide=True),
            TableBlock(many),
        ),
        slides=(
            Slide("Jobs", ("Work matters most.", "More people work."), picture()),
            Slide("Health", ("Health is next.",)),
            Slide("A chart alone", (), picture()),
        ),
    )


def hostile(*texts: str) -> Document:
    """Return a document with each text as it is, in every place that can hold one."""
    blocks, slides = [], []
    for i, text in enumerate(texts):
        table = Table(text, pd.DataFrame([[text, text]], columns=[text, f"{text} "]))
        blocks += [
            Heading(text, 1, f"anchor {i} <\"'#>"),
            Paragraph(text),
            Items((text,)),
            Items((text,), numbered=True),
            Reference(text, f"anchor {i} <\"'#>"),
            Flag(text),
            TableBlock(table, wide=i % 2 == 1),
            Picture(picture().svg, dot(), 1.0, 1.0, text, text),
        ]
        slides.append(Slide(text, (text, text), picture(text, text)))
    first = texts[0]
    return Document(first, first, first, first, first, tuple(blocks), tuple(slides))
