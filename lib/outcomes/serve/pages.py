"""The addresses that visitors open: the front page and the published run."""

from datetime import datetime
from pathlib import Path

from tornado import web

from outcomes.model import day_words
from outcomes.serve.handlers import PAPER, Guarded
from outcomes.serve.notebooks import apps
from outcomes.serve.published import CHOICES, Published

NOT_PUBLISHED = (
    "This page was not published",
    "The published pages were made for some places and comparators only, and this one is not among "
    "them. The live page shows the same figures.",
)


class Front(Guarded):
    """The first page: the apps, and the published run."""

    def get(self) -> None:
        """Show it."""
        run = self.settings["published"].latest()
        self.finish(
            self.page("front.html.j2", apps=apps().values(), run=about(*run) if run else None)
        )


def about(folder: Path, manifest: dict) -> dict:
    """Return what the front page says of a published run."""
    right = [page for page in manifest["pages"] if not page["error"]]
    return {
        "title": manifest["title"],
        "address": f"published/{folder.name}/index.html",
        "pages": len(right),
        "made": day_words(datetime.fromisoformat(manifest["made"]).date()),
        "notice": next(filter(None, (page.get("notice") for page in right)), ""),
    }


class Paper(Guarded):
    """A page of the published run."""

    rules = PAPER

    def get(self, address: str) -> None:
        """Send it."""
        path = self.settings["published"].file(address)
        if path is None:
            raise web.HTTPError(404)
        self.set_header("Cache-Control", "no-cache")
        self.set_header("Content-Type", "text/html; charset=utf-8")
        self.finish(path.read_bytes())


class Find(Guarded):
    """From the choices of a live page to the published page that shows the same."""

    def get(self) -> None:
        """Lead there, or say that it was not published."""
        published: Published = self.settings["published"]
        found = published.find({name: self.get_query_argument(name, "") for name in CHOICES})
        if found:
            self.redirect(f"{self.base_url}published/{found}")
            return
        self.set_status(404)
        title, words = NOT_PUBLISHED
        self.finish(self.page("message.html.j2", title=title, words=words))
