"""Files to take away from a live page: its table and its chart, with all that they need by themselves."""

import csv
import re
from collections.abc import Callable
from dataclasses import dataclass
from io import BytesIO, StringIO

import pandas as pd
from openpyxl import Workbook
from openpyxl.styles import Font

from outcomes.apps.scorecard import scorecard
from outcomes.charts import inscribe, new_axes, plot_history, to_png, to_svg
from outcomes.model import Baseline, Position, day_words
from outcomes.model.numbers import rounded
from outcomes.store import harmless

EXCEL = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
WIDEST = 60
"""Characters to which a spreadsheet's column is opened at most."""


@dataclass(frozen=True)
class File:
    """A file that a visitor saves: its content, its name and its media type."""

    content: bytes
    name: str
    kind: str


def table_file(baselines: list[Baseline], ending: str) -> File:
    """Return the scorecard as it is shown, as 'csv' or 'xlsx'.

    Behind the columns that are shown stand, for each place, whom it is compared with and the
    figures as numbers, rounded as shown; then the source, and the notice of the store.
    """
    frame = harmless(_table_frame(baselines))
    content, kind = {"csv": (_csv, "text/csv"), "xlsx": (_excel, EXCEL)}[ending]
    return File(content(frame), _name(baselines, "table", ending), kind)


def _table_frame(baselines: list[Baseline]) -> pd.DataFrame:
    frame, first = scorecard(baselines).frame.copy(), baselines[0]
    for baseline in baselines:
        for name, values in _numbers(baseline).items():
            frame[f"{baseline.place.name}: {name}"] = values
    sources = [position.source for position in first.positions]
    frame["Source"] = [f"{source.publisher}, {source.title}" for source in sources]
    frame["Address of the source"] = [source.url for source in sources]
    if first.page.day:
        frame["What was known on"] = day_words(first.page.day)
    if first.notice:
        frame["Notice"] = first.notice
    return frame


def _numbers(baseline: Baseline) -> dict[str, list]:
    latest = [(p.latest, p.indicator.decimals) for p in baseline.positions]
    beside = [(p.comparison, p.indicator.decimals) for p in baseline.positions]
    return {
        "code": [baseline.place.code] * len(latest),
        "compared with": [baseline.comparator_label] * len(latest),
        "period": [figure.period if figure else "" for figure, _ in latest],
        **{name: [_number(figure, name, d) for figure, d in latest]
           for name in ("value", "lower", "upper")},
        "comparator's value": [_number(found, "value", d) for found, d in beside],
    }  # fmt: skip


def _number(found: object, name: str, decimals: int) -> float | None:
    value = getattr(found, name, None)
    return rounded(value, decimals) if value is not None and value == value else None


def _rows(frame: pd.DataFrame) -> list[list]:
    rows = frame.astype(object).where(frame.notna(), None).to_numpy().tolist()
    return [list(harmless(pd.DataFrame({"name": frame.columns}))["name"]), *rows]


def _csv(frame: pd.DataFrame) -> bytes:
    text = StringIO(newline="")
    csv.writer(text).writerows(_rows(frame))
    return text.getvalue().encode("utf-8-sig")


def _excel(frame: pd.DataFrame) -> bytes:
    book, content = Workbook(), BytesIO()
    sheet = book.active
    sheet.title = "Table"
    for row in _rows(frame):
        sheet.append(row)
    for column in sheet.columns:
        column[0].font = Font(bold=True)
        longest = max(len(str(cell.value or "")) for cell in column)
        sheet.column_dimensions[column[0].column_letter].width = min(longest + 2, WIDEST)
    sheet.freeze_panes = "B2"
    book.save(content)
    return content.getvalue()


def chart_file(baseline: Baseline, position: Position, ending: str) -> File:
    """Return the chart of an indicator's history as 'svg' or 'png', with its title and source."""
    source, day = position.source, baseline.page.day
    known = f" What was known on {day_words(day)}." if day else ""
    notice = f" {baseline.notice[:1].upper()}{baseline.notice[1:]}." if baseline.notice else ""
    ax = inscribe(
        plot_history(position, ax=new_axes()),
        f"{position.indicator.title}: {position.place.name} compared with "
        f"{baseline.comparator_label}, {_span(position)}",
        f"Source: {source.publisher}, {source.title}; read on {source.read_on}.{known}{notice}",
    )
    draw: Callable[[], bytes] = {"svg": lambda: to_svg(ax).encode(), "png": lambda: to_png(ax)}[
        ending
    ]
    kind = {"svg": "image/svg+xml", "png": "image/png"}[ending]
    return File(draw(), _name([baseline], position.indicator_id, ending), kind)


def _span(position: Position) -> str:
    periods = position.history.loc[position.history["value"].notna(), "period"]
    return f"{periods.iloc[0]} to {periods.iloc[-1]}"


def _name(baselines: list[Baseline], about: str, ending: str) -> str:
    """Return a file's name: places, outcome, what it is; letters that no system objects to."""
    page = baselines[0].page
    places = " and ".join(baseline.place.name for baseline in baselines)
    words = f"{places} {page.outcome} {page.comparator} {page.as_of} {about}".lower()
    return f"{re.sub(r'[^a-z0-9_]+', '-', words).strip('-')}.{ending}"
