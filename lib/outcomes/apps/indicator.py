"""One indicator of a live page, for one place or two beside each other, as HTML."""

from collections.abc import Callable
from html import escape

import numpy as np

from outcomes.model import Baseline, Position
from outcomes.narrative import say_position
from outcomes.notebook.indicators import indicator_html, places_html
from outcomes.notebook.stories import map_html

Outlines = Callable[[tuple[str, ...]], dict[str, list[np.ndarray]]]
"""Returns the outlines of some areas, given their codes."""
FEWEST_ON_A_MAP = 3
NO_MAP = "The store holds no boundaries of these places, so there is no map."
NO_INDICATOR = (
    "There is no open series for an indicator of this outcome, so there is nothing to show here."
)


def indicator_labels(baseline: Baseline) -> dict[str, str]:
    """Return what each indicator is called in a list, by its id; no two are called the same."""
    labels: dict[str, str] = {}
    for position in baseline.positions:
        title = position.indicator.title
        taken = title in labels.values()
        labels[position.indicator_id] = f"{title} ({position.number})" if taken else title
    return labels


def position_of(baseline: Baseline, indicator: str) -> Position | None:
    """Return where a place stands on an indicator, or None if it has no series."""
    found = (p for p in baseline.positions if p.indicator_id == indicator)
    return next(found, None)


def first_choice(baseline: Baseline) -> str:
    """Return the most pertinent indicator with a figure, else the first one, else nothing."""
    every = baseline.by_pertinence()
    shown = [position for position in every if position.latest] or every
    return shown[0].indicator_id if shown else ""


def own_html(positions: list[Position]) -> str:
    """Return what is said of an indicator: a column a place, stacked where there is no room."""
    if not positions:
        return f"<p>{NO_INDICATOR}</p>"
    return _columns([indicator_html(p, spread=True) for p in positions], positions)


def within_html(pairs: list[tuple[Baseline, Position]], outlines: Outlines) -> str:
    """Return how the places within differ: in order, and on a map; places of one area once."""
    parts, shown = [], []
    for baseline, position in pairs:
        codes = tuple(sorted(position.within["area_code"]))
        if codes not in shown:
            shown.append(codes)
            parts.append(_within(baseline, position, outlines))
    return "<h2>How places differ</h2>" + "".join(parts) if parts else ""


def _within(baseline: Baseline, position: Position, outlines: Outlines) -> str:
    known = int(position.within["value"].notna().sum())
    if known < 2:
        label = position.within_label or f"places within {baseline.place.name}"
        return f"<p>There are no figures for {escape(label)} to be shown side by side.</p>"
    parts = [places_html(position)]
    if known >= FEWEST_ON_A_MAP:
        shapes = outlines(tuple(position.within["area_code"]))
        drawn = map_html(shapes, position) if shapes else f"<p>{NO_MAP}</p>"
        parts.append(f'<section class="indicator">{drawn}</section>')
    return f'<div class="outcomes-columns">{"".join(parts)}</div>'


def _columns(sections: list[str], positions: list[Position]) -> str:
    if len(sections) == 1:
        return sections[0]
    columns = "".join(
        f'<div role="group" aria-label="{escape(position.place.name, quote=True)}">'
        f'<p class="outcomes-whose"><strong>{escape(position.place.name)}</strong></p>{html}</div>'
        for html, position in zip(sections, positions, strict=True)
    )
    return f'<div class="outcomes-columns">{columns}</div>'


def brief_html(positions: list[Position]) -> str:
    """Return in a few lines how each place does on an indicator, for whoever reads no further."""
    if not positions:
        return ""
    title = escape(positions[0].indicator.title)
    said = "".join(f"<p>{escape(say_briefly([position]))}</p>" for position in positions)
    return f'<div class="outcomes-brief"><p><strong>{title}, in brief</strong></p>{said}</div>'


def say_briefly(positions: list[Position]) -> str:
    """Return where each place stands in a sentence or two, as a screen reader is to say it."""
    return " ".join(words for position in positions for words in say_position(position)[:2])
