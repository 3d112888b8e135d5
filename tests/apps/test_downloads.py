import csv
import re
from base64 import b64decode
from io import BytesIO, StringIO
from xml.etree import ElementTree

import openpyxl
import pandas as pd
import pytest

from outcomes.apps.downloads import EXCEL, chart_file, table_file
from outcomes.apps.how_are_we_doing import how_are_we_doing
from outcomes.baseline import load_baseline
from outcomes.parameters import load_parameters
from outcomes.tables import table_positions


@pytest.fixture
def baseline(settings):
    return load_baseline(load_parameters().page(**settings))


def rows_of(file) -> list[list[str]]:
    return list(csv.reader(StringIO(file.content.decode("utf-8-sig"), newline="")))


def sheet_of(file):
    return openpyxl.load_workbook(BytesIO(file.content)).active


def test_the_table_is_what_the_view_shows_and_then_what_it_needs_by_itself(baseline):
    heads, *rows = rows_of(table_file([baseline], "csv"))
    shown = table_positions(baseline).frame
    width = shown.shape[1]
    assert heads[:width] == list(shown.columns)
    assert [row[:width] for row in rows] == shown.to_numpy().tolist()
    assert heads[width:] == [
        *(f"Tarrowshire: {name}" for name in ("code", "compared with", "period", "value", "lower",
                                              "upper", "comparator's value")),
        "Source",
        "Address of the source",
        "Notice",
    ]  # fmt: skip
    for row, position in zip(rows, baseline.positions, strict=True):
        found = dict(zip(heads, row, strict=True))
        assert found["Tarrowshire: code"] == "X10000001"
        assert found["Tarrowshire: compared with"] == "Alderland"
        assert found["Tarrowshire: period"] == position.latest.period
        decimals = position.indicator.decimals
        assert float(found["Tarrowshire: value"]) == pytest.approx(
            position.latest.value, abs=0.5000001 * 10**-decimals
        )
        assert found["Source"] == f"{position.source.publisher}, {position.source.title}"
        assert found["Notice"] == "sample data, not a real place"


def test_excel_holds_the_same_with_numbers_as_numbers(baseline):
    sheet = sheet_of(table_file([baseline], "xlsx"))
    heads, *rows = [[cell.value for cell in row] for row in sheet.iter_rows()]
    text = rows_of(table_file([baseline], "csv"))
    assert heads == text[0]
    shown = [["" if v is None else str(v) for v in row] for row in rows]
    assert [[v.removesuffix(".0") for v in row] for row in shown] == [
        [v.removesuffix(".0") for v in row] for row in text[1:]
    ]
    column = heads.index("Tarrowshire: value")
    assert all(isinstance(row[column], int | float) for row in rows)


def test_two_places_stand_in_one_file(baseline, settings):
    other = load_baseline(load_parameters().page(**settings | {"locality": "X07000002"}))
    file = table_file([baseline, other], "csv")
    heads, *rows = rows_of(file)
    assert file.name == "tarrowshire-and-wexmoor-economic_growth-nation-table.csv"
    assert {"Tarrowshire: value", "Wexmoor: value", "Wexmoor: code"} <= set(heads)
    assert len(rows) == len(baseline.positions)


def test_a_day_is_told_in_the_file_and_its_name(settings):
    page = load_parameters().page(**settings | {"as_of": "2026-09-30"})
    file = table_file([load_baseline(page)], "csv")
    assert file.name == "tarrowshire-economic_growth-nation-2026-09-30-table.csv"
    heads, *rows = rows_of(file)
    assert {row[heads.index("What was known on")] for row in rows} == {"30 September 2026"}


@pytest.mark.parametrize("ending", ["csv", "xlsx"])
def test_no_text_is_worked_out_by_a_spreadsheet(baseline, monkeypatch, ending):
    evil = ["=1+1", "+1", "-1", "@SUM(A1)", "\tx"]
    table = table_positions(baseline)
    frame = table.frame.assign(Trend=evil).rename(columns={"Period": "=HYPERLINK(1)"})
    changed = type(table)(table.caption, frame)
    monkeypatch.setattr("outcomes.apps.downloads.scorecard", lambda _: changed)
    file = table_file([baseline], ending)
    if ending == "csv":
        heads, *rows = rows_of(file)
    else:
        heads, *rows = [[cell.value for cell in row] for row in sheet_of(file).iter_rows()]
        assert {cell.data_type for row in sheet_of(file).iter_rows() for cell in row} <= {"s", "n"}
    assert heads[1] == "'=HYPERLINK(1)"
    assert [row[heads.index("Trend")] for row in rows] == [f"'{text}" for text in evil]


def test_a_chart_tells_what_it_shows_and_where_it_is_from(baseline):
    position = baseline.positions[-1]
    file = chart_file(baseline, position, "svg")
    assert file.name == "tarrowshire-economic_growth-nation-employment_rate.svg"
    text = " ".join("".join(ElementTree.fromstring(file.content).itertext()).split())
    known = position.history.loc[position.history["value"].notna(), "period"]
    for words in (
        f"{position.indicator.title}: Tarrowshire",
        "compared with Alderland",
        f"{known.iloc[0]} to {known.iloc[-1]}",
        position.source.publisher,
        "Sample data, not a real place.",
    ):
        assert words in text
    assert chart_file(baseline, position, "svg").content == file.content


def test_a_chart_as_png_is_sharp(baseline):
    content = chart_file(baseline, baseline.positions[-1], "png").content
    assert content[:8] == b"\x89PNG\r\n\x1a\n"
    width, height = (int.from_bytes(content[at : at + 4], "big") for at in (16, 20))
    assert width == 900
    assert height > 600


class TestButtons:
    def files(self, app) -> list[tuple[str, bytes]]:
        found = re.findall(
            r'download="([^"]*)" href="data:([^;]*);base64,([^"]*)"', app.files.value
        )
        return [(name, b64decode(data)) for name, _, data in found]

    def test_each_prepares_its_file_and_says_so(self, settings):
        app = how_are_we_doing(**settings)
        baseline = app._baselines[0]
        for ending in ("csv", "svg", "png"):
            app._prepare(ending)
            ((name, content),) = self.files(app)
            assert name.endswith(f".{ending}")
            if ending == "csv":
                assert content == table_file([baseline], "csv").content
        assert 'data-words="Chart as PNG is ready."' in app.controls.closing.value

    def test_a_chart_a_place(self, settings):
        app = how_are_we_doing(**settings)
        app.beside.value = "X07000002"
        app._prepare("svg")
        names = [name for name, _ in self.files(app)]
        assert [name.split("-")[0] for name in names] == ["tarrowshire", "wexmoor"]

    def test_a_new_view_takes_the_old_file_away(self, settings):
        app = how_are_we_doing(**settings)
        app._prepare("csv")
        assert EXCEL not in app.files.value
        app.indicator.value = "employment_rate"
        assert app.files.value == ""

    def test_an_indicator_without_a_chart_gives_a_message(self, settings, monkeypatch, words):
        monkeypatch.setenv(
            "QUERY_STRING",
            "outcome=safe_communities&locality=X07000005&indicator=children_in_care",
        )
        app = how_are_we_doing(**settings)
        app._prepare("svg")
        assert words(app.controls.messages.value) == "There is nothing here to be saved."
        assert app.files.value == ""


def test_a_missing_figure_is_an_empty_cell(settings):
    page = load_parameters().page(
        **settings | {"outcome": "safe_communities", "locality": "X07000005"}
    )
    baseline = load_baseline(page)
    frame = pd.read_csv(BytesIO(table_file([baseline], "csv").content))
    missing = [position.latest is None for position in baseline.positions]
    assert frame["Saltern Bay: value"].isna().tolist() == missing
    assert any(missing)
