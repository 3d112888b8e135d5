"""The web pages of a run as a site: each page with its neighbours, and an index of them all."""

from datetime import date
from pathlib import Path

from outcomes.batch.execute import PageResult
from outcomes.batch.publish import publish_index, publish_page
from outcomes.model import OVERVIEW, Outcome, Place, RunRequest, day_words
from outcomes.model.evidence import EVIDENCE
from outcomes.parameters import Parameters

NOT_OUTCOMES = {OVERVIEW: "All outcomes", EVIDENCE: "Evidence and gaps"}
"""Pages of a place that are not about one outcome."""


def publish_site(
    folder: Path, parameters: Parameters, request: RunRequest, pages: list[PageResult]
) -> None:
    """Write the web page of every right page, and the index, into a run's folder."""
    site = _Site(parameters, request, pages)
    for page in site.right:
        context = {
            "title": page.title,
            "notice": page.notice,
            "home": "../index.html",
            "others": site.others(page),
            "made": f"Made by the Outcomes Workbench for the run \N{LEFT SINGLE QUOTATION MARK}"
            f"{request.title}\N{RIGHT SINGLE QUOTATION MARK}; version of the figures: "
            f"{page.data_version}.",
        }
        publish_page(folder / f"{page.name}.ipynb", folder / f"{page.name}.html", context)
    failed = [{"label": site.label(page), "error": page.error} for page in pages if not page.right]
    publish_index(folder / "index.html", {**site.index(), "failed": failed})


class _Site:
    """Names and addresses of a run's pages."""

    def __init__(self, parameters: Parameters, request: RunRequest, pages: list[PageResult]):
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

    def outcome_title(self, outcome: str) -> str:
        """Return an outcome's wording."""
        if outcome in NOT_OUTCOMES:
            return NOT_OUTCOMES[outcome]
        return self.outcomes[outcome].title.replace("{area}", self.area)

    def suffix(self, page: PageResult) -> str:
        """Return whom a page compares with, where the run has more than one comparator."""
        if not self.several:
            return ""
        return f", compared with {self.comparators[page.page['comparator']].title}"

    def label(self, page: PageResult) -> str:
        """Return a page's name for a list."""
        place = self.places[page.page["locality"]].name
        return f"{place}, {self.outcome_title(page.page['outcome'])}{self.suffix(page)}"

    def others(self, page: PageResult) -> list[dict]:
        """Return the other pages of a page's place."""
        return [
            {
                "href": f"{other.name.split('/')[1]}.html",
                "label": self.outcome_title(other.page["outcome"]) + self.suffix(other),
            }
            for other in self.right
            if other.page["locality"] == page.page["locality"] and other.name != page.name
        ]

    def index(self) -> dict:
        """Return what the index shows."""
        codes = dict.fromkeys(page.page["locality"] for page in self.right)
        places = [self.places[code] for code in codes]
        return {
            "title": self.request.title,
            "notice": self.notice,
            "lead": f"{_count(len(self.right), 'page')}: {_count(len(places), 'place')} and "
            f"{_count(len(self.outcomes), 'outcome')}. Choose a place for all its outcomes "
            f"together, or a cell for one outcome.{self._day()}",
            "tables": [self._table(name, places) for name in self.request.comparators],
            "outcomes": [self._outcome(outcome) for outcome in self.outcomes],
            "evidence": self._outcome(EVIDENCE),
            "made": f"Framework: {self.framework.title}. What the run was made from is in "
            "manifest.json beside this page.",
        }

    def _day(self) -> str:
        if not self.request.as_of:
            return ""
        day = day_words(date.fromisoformat(self.request.as_of))
        return f" Every page shows what was known on {day}."

    def _table(self, comparator: str, places: list[Place]) -> dict:
        own = {
            (page.page["locality"], page.page["outcome"]): page
            for page in self.right
            if page.page["comparator"] == comparator
        }
        return {
            "caption": "How many figures each place has, and how many are clearly better or "
            f"worse than {self.comparators[comparator].title}",
            "places": [
                {
                    "name": place.name,
                    "overview": _address(own.get((place.code, OVERVIEW))),
                    "cells": [
                        self._cell(outcome, own.get((place.code, outcome.id)))
                        for outcome in self.outcomes.values()
                    ],
                }
                for place in places
            ],
        }

    def _cell(self, outcome: Outcome, page: PageResult | None) -> dict:
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


def _address(page: PageResult | None) -> str:
    return f"{page.name}.html" if page else ""


def _note(page: PageResult) -> str:
    """Return how a page's figures compare, in a few words."""
    shown = [result for result in page.results if result["value"] is not None]
    if not shown:
        return "no figures yet"
    tested = [result["verdict"] for result in shown if result["tested"]]
    parts = [f"{tested.count(v)} {v}" for v in ("better", "worse") if v in tested]
    return ", ".join([_count(len(shown), "figure"), *parts])


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}{'' if number == 1 else 's'}"
