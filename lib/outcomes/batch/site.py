"""The web pages of a run as a site: each page with its neighbours, and an index of them all."""

from collections import defaultdict
from datetime import date
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING

from outcomes.batch.publish import finish, has_slots, page_from, render
from outcomes.model import OVERVIEW, Outcome, Place, RunRequest, day_words
from outcomes.model.evidence import EVIDENCE
from outcomes.model.framework import SERVICES
from outcomes.model.numbers import number_of
from outcomes.parameters import Parameters
from outcomes.whole import whole

if TYPE_CHECKING:
    from outcomes.batch.execute import PageResult

NOT_OUTCOMES = {
    OVERVIEW: "All outcomes",
    EVIDENCE: "Evidence and gaps",
    SERVICES: "Services and their customers",
}
"""Pages of a place that are not about one outcome."""
UNFOLDED = 40
"""Places that an index shows at once; of more it shows the letters, each to be opened."""


def publish_site(
    folder: Path, parameters: Parameters, request: RunRequest, pages: "list[PageResult]"
) -> None:
    """Finish the web page of every right page, and write the index, in a run's folder.

    A page or index that would not change is left alone. One that changes is replaced, never
    written into: the file may be part of the run before as well.

    Parameters
    ----------
    folder : Path
        Holds `<name>.html` of each right page as `render` made it. One that is missing, or was
        made by an earlier version of the workbench, is rendered from `<name>.ipynb`.
    parameters : Parameters
    request : RunRequest
    pages : list of PageResult
        Every page of the run, right or failed, in order.
    """
    site = _Site(parameters, request, pages)
    for page in site.right:
        path = folder / f"{page.name}.html"
        old = path.read_text(encoding="utf-8") if path.is_file() else ""
        html = old if has_slots(old) else _rendered(folder, page)
        made = (
            f"Made by the Outcomes Workbench for the run \N{LEFT SINGLE QUOTATION MARK}"
            f"{request.title}\N{RIGHT SINGLE QUOTATION MARK}; version of the figures: "
            f"{page.data_version}."
        )
        _replace(path, old, finish(html, others=site.others(page), made=made))
    failed = [{"label": site.label(page), "error": page.error} for page in pages if not page.right]
    index = folder / "index.html"
    old = index.read_text(encoding="utf-8") if index.is_file() else ""
    _replace(index, old, page_from("index.html.j2", **site.index(), failed=failed))


def _rendered(folder: Path, page: "PageResult") -> str:
    import nbformat

    notebook = nbformat.read(folder / f"{page.name}.ipynb", as_version=4)
    return render(notebook, title=page.title, notice=page.notice)


def _replace(path: Path, old: str, new: str) -> None:
    if new != old:
        with whole(path) as partial:
            partial.write_text(new, encoding="utf-8", newline="")


class _Site:
    """Names and addresses of a run's pages."""

    def __init__(self, parameters: Parameters, request: RunRequest, pages: "list[PageResult]"):
        self.places = parameters.places.by_code()
        self.comparators = parameters.comparators
        self.request, self.right = request, [page for page in pages if page.right]
        framework = parameters.framework(request.framework)
        self.framework = framework
        self.outcomes = {outcome.id: outcome for outcome in framework.outcomes}
        self.several = len(request.comparators) > 1
        codes = dict.fromkeys(page.page["locality"] for page in pages)
        self.area = parameters.area_name(framework, next(iter(codes)))
        stores = dict.fromkeys(parameters.places.store_of(code) for code in codes)
        notices = (parameters.store(store).notice for store in stores)
        self.notice = next(filter(None, notices), "")
        self.of_place = defaultdict(list)
        for page in self.right:
            self.of_place[page.page["locality"]].append(page)

    def outcome_title(self, outcome: str) -> str:
        """Return an outcome's wording."""
        if outcome in NOT_OUTCOMES:
            return NOT_OUTCOMES[outcome]
        return self.outcomes[outcome].title.replace("{area}", self.area)

    def suffix(self, page: "PageResult") -> str:
        """Return whom a page compares with, where the run has more than one comparator."""
        if not self.several:
            return ""
        return f", compared with {self.comparators[page.page['comparator']].title}"

    def label(self, page: "PageResult") -> str:
        """Return a page's name for a list."""
        place = self.places[page.page["locality"]].name
        return f"{place}, {self.outcome_title(page.page['outcome'])}{self.suffix(page)}"

    def others(self, page: "PageResult") -> list[dict]:
        """Return the other pages of a page's place."""
        return [
            {
                "href": f"{other.name.split('/')[1]}.html",
                "label": self.outcome_title(other.page["outcome"]) + self.suffix(other),
            }
            for other in self.of_place[page.page["locality"]]
            if other.name != page.name
        ]

    def index(self) -> dict:
        """Return what the index shows."""
        places = [self.places[code] for code in self.of_place]
        folded = len(places) > UNFOLDED
        groups = _by_letter(places) if folded else [("", places)]
        how = " Open a letter, then choose" if folded else " Choose"
        return {
            "title": self.request.title,
            "notice": self.notice,
            "lead": f"{number_of(len(self.right), 'page')}: {number_of(len(places), 'place')} and "
            f"{number_of(len(self.outcomes), 'outcome')}.{how} a place for all its outcomes "
            f"together, or a cell for one outcome.{self._day()}",
            "folded": folded,
            "tables": [self._table(name, groups) for name in self.request.comparators],
            "outcomes": [self._outcome(outcome) for outcome in self.outcomes],
            "evidence": self._outcome(EVIDENCE),
            "services": self._outcome(SERVICES),
            "made": f"Framework: {self.framework.title}. What the run was made from is in "
            "manifest.json beside this page.",
        }

    def _day(self) -> str:
        if not self.request.as_of:
            return ""
        day = day_words(date.fromisoformat(self.request.as_of))
        return f" Every page shows what was known on {day}."

    def _table(self, comparator: str, groups: list[tuple[str, list[Place]]]) -> dict:
        own = {
            (page.page["locality"], page.page["outcome"]): page
            for page in self.right
            if page.page["comparator"] == comparator
        }
        title = self.comparators[comparator].title
        return {
            "heading": f"Compared with {title}" if self.several else "",
            "caption": "How many figures each place has, and how many are clearly better or "
            f"worse than {title}",
            "groups": [
                {"name": name, "places": [self._row(place, own) for place in places]}
                for name, places in groups
            ],
        }

    def _row(self, place: Place, own: dict) -> dict:
        return {
            "name": place.name,
            "overview": _address(own.get((place.code, OVERVIEW))),
            "cells": [
                self._cell(outcome, own.get((place.code, outcome.id)))
                for outcome in self.outcomes.values()
            ],
        }

    def _cell(self, outcome: Outcome, page: "PageResult | None") -> dict:
        return {
            "short": outcome.short,
            "href": _address(page),
            "note": _note(page) if page else "",
        }

    def _outcome(self, outcome: str) -> dict:
        pages = [
            {
                "href": _address(page),
                "place": self.places[page.page["locality"]].name,
                "suffix": self.suffix(page),
            }
            for page in self.right
            if page.page["outcome"] == outcome
        ]
        return {
            "name": self.outcome_title(outcome),
            "short": self.outcomes[outcome].short if outcome in self.outcomes else "",
            "pages": pages,
        }


def _by_letter(places: list[Place]) -> list[tuple[str, list[Place]]]:
    """Return places in order of their names under 'B: Babergh to Burnley, 9 places'."""
    ordered = sorted(places, key=lambda place: (place.name.casefold(), place.code))
    found = []
    for letter, group in groupby(ordered, key=lambda place: place.name[0].upper()):
        here = list(group)
        names = " to ".join(dict.fromkeys((here[0].name, here[-1].name)))
        found.append((f"{letter}: {names}, {number_of(len(here), 'place')}", here))
    return found


def _address(page: "PageResult | None") -> str:
    return f"{page.name}.html" if page else ""


def _note(page: "PageResult") -> str:
    """Return how a page's figures compare, in a few words."""
    shown = [result for result in page.results if result["value"] is not None]
    if not shown:
        return "no figures yet"
    tested = [result["verdict"] for result in shown if result["tested"]]
    parts = [f"{tested.count(v)} {v}" for v in ("better", "worse") if v in tested]
    return ", ".join([number_of(len(shown), "figure"), *parts])
