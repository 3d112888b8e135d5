"""The web pages of a run as a site: each page with its neighbours, and an index of them all."""

from pathlib import Path

from outcomes.batch.execute import PageResult
from outcomes.batch.publish import publish_index, publish_page
from outcomes.errors import listed
from outcomes.model import OVERVIEW, Place, RunRequest
from outcomes.parameters import Parameters

NOTES = {
    ("better", True): "clearly better",
    ("worse", True): "clearly worse",
    ("similar", True): "similar",
}


def publish_site(
    folder: Path, parameters: Parameters, request: RunRequest, pages: list[PageResult]
) -> None:
    """Write the web page of every right page, and the index, into a run's folder."""
    right = [page for page in pages if page.right]
    site = _Site(parameters, request, right)
    for page in right:
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
    failed = [
        {"label": site.label(page), "error": page.error} for page in pages if not page.right
    ]
    publish_index(folder / "index.html", {**site.index(), "failed": failed})


class _Site:
    """Names and addresses of a run's pages."""

    def __init__(self, parameters: Parameters, request: RunRequest, right: list[PageResult]):
        self.places = parameters.places.by_code()
        self.comparators = parameters.comparators
        self.request, self.right = request, right
        framework = parameters.framework(request.framework)
        self.framework = framework
        self.outcomes = {outcome.id: outcome for outcome in framework.outcomes}
        self.several = len(request.comparators) > 1
        counties = {parameters.places.ancestor(p.page["locality"], "county") for p in right}
        self.counties = [county for county in counties if county]

    def outcome_title(self, outcome: str) -> str:
        """Return an outcome's wording, with the sample county's name where it is the sample's."""
        if outcome == OVERVIEW:
            return "All outcomes"
        invented = any(page.notice for page in self.right)
        named = self.counties[0].name if invented and self.counties else self.framework.area
        return self.outcomes[outcome].title.replace("{area}", named)

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
        whom = listed(self.comparators[name].title for name in self.request.comparators)
        return {
            "title": self.request.title,
            "notice": next((page.notice for page in self.right if page.notice), ""),
            "lead": f"{len(self.right)} pages: {len(places)} places, "
            f"{len(self.outcomes)} outcomes, compared with {whom}.",
            "places": [self._place(place) for place in places],
            "outcomes": [self._outcome(outcome) for outcome in self.outcomes],
            "made": f"Framework: {self.framework.title}. What the run was made from is in "
            "manifest.json beside this page.",
        }

    def _place(self, place: Place) -> dict:
        own = [page for page in self.right if page.page["locality"] == place.code]
        return {
            "name": place.name,
            "overviews": [self._link(p) for p in own if p.page["outcome"] == OVERVIEW],
            "pages": [self._link(p) for p in own if p.page["outcome"] != OVERVIEW],
        }

    def _outcome(self, outcome: str) -> dict:
        pages = [self._link(p) for p in self.right if p.page["outcome"] == outcome]
        return {"name": self.outcome_title(outcome), "pages": pages}

    def _link(self, page: PageResult) -> dict:
        return {
            "href": f"{page.name}.html",
            "place": self.places[page.page["locality"]].name,
            "outcome": self.outcome_title(page.page["outcome"]),
            "suffix": self.suffix(page),
            "note": _note(page),
        }


def _note(page: PageResult) -> str:
    """Return how a page's figures compare, in a few words."""
    shown = [result for result in page.results if result["value"] is not None]
    if not shown:
        return "no figures yet"
    counts = {words: 0 for words in NOTES.values()}
    for result in shown:
        words = NOTES.get((result["verdict"], result["tested"]))
        if words:
            counts[words] += 1
    parts = [f"{count} {words}" for words, count in counts.items() if count]
    figures = f"{len(shown)} figure{'' if len(shown) == 1 else 's'}"
    return f"{figures}: {', '.join(parts)}" if parts else figures
