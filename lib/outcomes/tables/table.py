"""A table that reads well in a page, in a screen reader and in a cell: frame, caption, HTML."""

from dataclasses import dataclass
from html import escape

import pandas as pd


@dataclass(frozen=True)
class Table:
    """Text cells under headings, with a caption; the first column heads each row.

    In HTML each cell carries its heading, so that a narrow screen can show a row as a list.
    """

    caption: str
    frame: pd.DataFrame

    def _repr_html_(self) -> str:
        return self.to_html()

    def to_html(self) -> str:
        """Return the table as HTML with a caption, scopes and a heading in each cell."""
        heads = "".join(f'<th scope="col">{escape(str(c))}</th>' for c in self.frame.columns)
        return (
            f'<table class="outcomes"><caption>{escape(self.caption)}</caption>'
            f"<thead><tr>{heads}</tr></thead><tbody>{''.join(self._rows())}</tbody></table>"
        )

    def _rows(self):
        columns = [str(column) for column in self.frame.columns]
        for row in self.frame.itertuples(index=False):
            first, *rest = (escape(str(cell)) for cell in row)
            cells = "".join(
                f'<td data-label="{escape(column)}">{cell}</td>'
                for column, cell in zip(columns[1:], rest, strict=True)
            )
            yield f'<tr><th scope="row">{first}</th>{cells}</tr>'
