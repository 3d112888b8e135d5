"""From an executed notebook to its web page: what is shown, how it is escaped, what is left out."""

import base64
import re
from html.parser import HTMLParser
from io import StringIO
from urllib.parse import quote, unquote
from xml.etree.ElementTree import canonicalize

import nbformat
import pytest
from matplotlib.figure import Figure
from nbclient import NotebookClient
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

from outcomes.batch.publish import finish, has_slots, render
from outcomes.errors import RunError

VOID = {"meta", "img", "br", "hr", "input", "link", "col"}
PIXEL = (
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJg"
    "gg=="
)
NO_WORDS = "No description has been provided for this image"
AN_ANALYSTS_NOTEBOOK = """\
import sys
import pandas as pd
from IPython.display import HTML, Image, Latex, Markdown, SVG, display
print("5 < 6 & <script>alert(1)</script>")
print("\\x1b[31mred\\x1b[0m", file=sys.stderr)
display(pd.DataFrame({"place": ["Northend"], "a < b": [71.5]}))
display(Markdown("Some **bold** words"))
display(Latex("$x < y$"))
display(Image(data=__import__("base64").b64decode("PIXEL"), alt="One dot", width=10))
display(SVG('<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"></svg>'))
display(HTML("<p>left out</p>"), metadata={"lab": True})
{"<b>": 1}
"""


class Balance(HTMLParser):
    """Checks that every element that is opened is closed, in order."""

    def __init__(self, html: str):
        super().__init__()
        self.open, self.tags = [], []
        self.feed(html)
        assert self.open == []

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag


def page_of(*cells) -> str:
    return render(new_notebook(cells=list(cells)), title="A < B", notice="")


def shown(kind: str, data: str, **metadata) -> str:
    """Return what a page shows of one output."""
    output = new_output("display_data", {kind: data, "text/plain": "plain"}, metadata=metadata)
    return main_of(page_of(new_code_cell("hidden()", outputs=[output])))


def main_of(html: str) -> str:
    return re.search(r'<main id="main">\n(.*)</main>', html, flags=re.DOTALL)[1]


@pytest.fixture(scope="module")
def executed() -> str:
    """The web page of a notebook with every kind of output, executed by an ordinary kernel."""
    source = AN_ANALYSTS_NOTEBOOK.replace("PIXEL", PIXEL)
    fails = new_code_cell("1 / 0", metadata={"tags": ["raises-exception"]})
    notebook = new_notebook(
        cells=[new_markdown_cell("# A title\n\n|a|b|\n|-|-|\n|1|2|"), new_code_cell(source), fails]
    )
    notebook.metadata.kernelspec = {"name": "python3", "display_name": "Python 3"}
    NotebookClient(notebook, timeout=60, shutdown_kernel="immediate").execute()
    return render(notebook, title="Mine", notice="invented")


@pytest.mark.slow
class TestAnAnalystsOwnNotebook:
    def test_its_page_is_whole_and_has_the_title_and_the_notice(self, executed):
        tags = Balance(executed).tags
        assert tags[0] == ("html", {"lang": "en-GB"})
        assert "<title>Mine (invented)</title>" in executed
        assert [tag for tag, _ in tags if tag in ("h1", "main", "header", "footer")] == [
            "header", "main", "h1", "footer"]  # fmt: skip

    def test_what_is_printed_is_escaped_and_its_colours_are_dropped(self, executed):
        printed = "<pre>5 &lt; 6 &amp; &lt;script&gt;alert(1)&lt;/script&gt;\n</pre>"
        assert printed in executed
        assert "<pre>red\n</pre>" in executed
        assert "<script" not in executed

    def test_a_frame_is_a_table_and_a_plain_value_is_escaped(self, executed):
        assert "<th>a &lt; b</th>" in executed
        assert "<td>Northend</td>" in executed
        assert "<pre>{'&lt;b&gt;': 1}</pre>" in executed

    def test_markdown_is_set_as_text_and_latex_as_its_source(self, executed):
        assert "<h1>A title</h1>" in executed
        assert re.search(r"<td>1</td>\s*<td>2</td>", executed)
        assert '<div class="text"><p>Some <strong>bold</strong> words</p>\n</div>' in executed
        assert "<pre>$x &lt; y$</pre>" in executed

    def test_a_picture_is_in_the_page_with_its_words(self, executed):
        images = [attrs for tag, attrs in Balance(executed).tags if tag == "img"]
        assert [image["alt"] for image in images] == ["One dot", NO_WORDS]
        assert images[0]["width"] == "10"
        assert base64.b64decode(images[0]["src"].removeprefix("data:image/png;base64,"))
        drawn = base64.b64decode(images[1]["src"].removeprefix("data:image/svg+xml;base64,"))
        assert drawn.startswith(b"<svg ")

    def test_no_code_no_error_and_nothing_for_the_lab_is_shown(self, executed):
        for words in ("import pandas", "1 / 0", "ZeroDivisionError", "Traceback", "left out"):
            assert words not in executed


def test_a_cell_tagged_lab_is_left_out_whatever_it_holds():
    output = new_output("stream", text="printed")
    tagged = {"tags": ["other", "lab"]}
    cells = [new_markdown_cell("written"), new_code_cell("x", outputs=[output])]
    assert "printed" in page_of(*cells)
    for cell in cells:
        cell.metadata.update(tagged)
    assert main_of(page_of(*cells)) == ""


def test_title_and_notice_are_escaped():
    html = render(new_notebook(), title="A < B", notice="not <real>")
    assert "<title>A &lt; B (not &lt;real&gt;)</title>" in html


def test_of_several_kinds_the_richest_is_shown():
    assert shown("text/html", "<p>rich</p>") == "<p>rich</p>\n"
    assert shown("application/x-unknown", "?") == "<pre>plain</pre>\n"


def test_a_picture_in_html_without_words_gets_some_and_others_keep_theirs():
    html = '<img src="data:," width="3"><IMG alt="mine" src="data:,"><img src="data:," alt="">'
    assert shown("text/html", html) == (
        f'<img alt="{NO_WORDS}" src="data:," width="3"><IMG alt="mine" src="data:,">'
        '<img src="data:," alt="">\n'
    )


def test_a_picture_attached_to_markdown_is_in_the_page():
    cell = new_markdown_cell("![dot](attachment:dot.png)")
    cell.attachments = {"dot.png": {"image/png": PIXEL}}
    assert f'<img src="data:image/png;base64,{PIXEL}" alt="dot"' in page_of(cell)


def quoted(svg: str) -> str:
    return quote(svg, safe=" !$&()*+,-./:;=?@[]_|~")


def test_a_chart_is_smaller_and_the_same_chart():
    figure = Figure()
    axes = figure.subplots()
    axes.plot([1, 2, 3], [2, 1, 3])
    axes.set_title('People\'s lives: "better", 5 > 3')
    file = StringIO()
    figure.savefig(file, format="svg", metadata={"Date": None})
    before = quoted(file.getvalue())
    after = re.search(r'src="data:image/svg\+xml,([^"]*)"', shown(
        "text/html", f'<img src="data:image/svg+xml,{before}" alt="chart">'))[1]  # fmt: skip
    assert len(after) < 0.95 * len(before)
    assert canonicalize(unquote(after)) == canonicalize(unquote(before))


@pytest.mark.parametrize(
    "svg",
    [
        """<svg a="it's"><text b="1 > 0" c="2">"x" isn't</text></svg>""",
        """<svg style="font: 'Noto'"><!-- "so" > 'so' --><g id="1"/></svg>""",
        "<svg/>",
    ],
)
def test_quotes_in_a_picture_stay_what_they_mean(svg):
    html = shown("text/html", f'<img src="data:image/svg+xml,{quoted(svg)}" alt="">')
    (drawn,) = re.findall(r'src="data:image/svg\+xml,([^"]*)" alt=""', html)
    assert canonicalize(unquote(drawn)) == canonicalize(svg)


class TestFinish:
    OTHERS = [
        {"href": "a.html", "label": "All outcomes"},
        {"href": "b.html?x=1&y=2", "label": "Safe & <sound>"},
    ]

    def test_it_fills_the_footer_and_keeps_the_rest(self):
        page = page_of(new_markdown_cell("Words"))
        done = finish(page, others=self.OTHERS, made="Made by <us>.")
        Balance(done)
        assert done.split("<footer>")[0] == page.split("<footer>")[0]
        assert '<li><a href="a.html">All outcomes</a></li>\n' in done
        assert '<a href="b.html?x=1&amp;y=2">Safe &amp; &lt;sound&gt;</a>' in done
        assert "<p>Made by &lt;us&gt;.</p>" in done

    def test_a_finished_page_is_filled_anew(self):
        page = page_of(new_markdown_cell("Words"))
        once = finish(page, others=self.OTHERS, made="once")
        assert finish(once, others=self.OTHERS, made="once") == once
        again = finish(once, others=self.OTHERS[:1], made="again")
        assert again == finish(page, others=self.OTHERS[:1], made="again")
        assert "once" not in again

    def test_a_place_with_no_other_page_has_no_heading_for_them(self):
        done = finish(page_of(), others=[], made="once")
        assert "Other pages" not in done
        assert "<nav" in done
        assert "<p>once</p>" in done

    def test_a_cell_that_shows_a_page_is_not_taken_for_the_page(self):
        inner = page_of()
        output = new_output("display_data", {"text/html": inner})
        done = finish(page_of(new_code_cell(outputs=[output])), others=[], made="once")
        assert inner in done
        assert done.count("<p>once</p>") == 1

    def test_a_page_without_slots_is_refused(self):
        assert not has_slots("<html></html>")
        with pytest.raises(RunError) as refused:
            finish("<html></html>", others=[], made="once")
        assert str(refused.value) == (
            "a web page has no slot 'other pages of this place'; expected a page that this version "
            "of the workbench made. Make it again with: outcomes run FILE --force"
        )


def test_the_notebook_is_as_it_was(tmp_path):
    notebook = new_notebook(cells=[new_markdown_cell("Words", id="one")])
    before = nbformat.writes(notebook)
    render(notebook, title="", notice="")
    assert nbformat.writes(notebook) == before
