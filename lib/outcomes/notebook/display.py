"""Puts sentences, tables and charts into a cell's output, each chart with its alternative."""

from html import escape
from urllib.parse import quote

from IPython.display import HTML, display
from matplotlib.axes import Axes

from outcomes.charts import to_svg
from outcomes.tables import Table


def show(table: Table) -> None:
    """Display a table, or a line that says there is nothing in it."""
    if table.frame.empty:
        say(f"{table.caption}: none.")
        return
    display(HTML(table.to_html()))


def say(*sentences: str) -> None:
    """Display sentences as one paragraph."""
    display(HTML(f"<p>{escape(' '.join(sentences))}</p>"))


def show_html(html: str) -> None:
    """Display HTML that is already safe to show."""
    display(HTML(html))


def paragraph_html(*sentences: str) -> str:
    """Return sentences as one paragraph of HTML, or nothing where all are empty."""
    words = " ".join(filter(None, sentences))
    return f"<p>{escape(words)}</p>" if words else ""


def chart_html(ax: Axes, *, alternative: str, table: Table) -> str:
    """Return a chart as HTML: the picture, its text alternative, and its table to unfold.

    Parameters
    ----------
    ax : matplotlib.axes.Axes
        Axes of a finished chart.
    alternative : str
        What a person who cannot see it is told.
    table : Table
        Every figure in the chart.
    """
    width, height = (round(inches * 96) for inches in ax.figure.get_size_inches())
    # Quoting only what must be keeps the picture smaller than base64 would.
    data = quote(to_svg(ax), safe=" !$()*+,-./:;=?@[]_|~")
    return (
        f'<figure class="chart"><img width="{width}" height="{height}" '
        f'src="data:image/svg+xml,{data}" alt="{escape(alternative, quote=True)}">'
        f"<details><summary>The figures in this chart as a table</summary>{table.to_html()}"
        "</details></figure>"
    )
