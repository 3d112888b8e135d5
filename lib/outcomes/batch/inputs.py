"""What a page is made from, as marks that differ if anything of it changed.

A page says by name what it read (`outcomes.reads`); the run adds its notebook, its settings, the
code that the notebook reaches and the versions of packages, and gives each a mark.
"""

import hashlib
import json
import re
from collections.abc import Callable, Iterable, Mapping
from datetime import date
from functools import cache, cached_property
from pathlib import Path

from outcomes import paths
from outcomes.batch.manifest import hash_of, versions
from outcomes.batch.plan import Task
from outcomes.model import StoreSettings
from outcomes.parameters import Parameters
from outcomes.parameters.performance import services_of
from outcomes.parameters.versions import made_under
from outcomes.store import Store, open_store
from outcomes.store.forecasts import stored_mark

IMPORTED = re.compile(
    r"^\s*(?:from\s+([\w.]+)\s+import\s+(\([^)]*\)|[^\n#]+)|import\s+([\w., ]+))", re.MULTILINE
)
LOOK = ("batch/publish.py", "batch/templates/page.html.j2", "batch/templates/style.css")
"""Files of the package that make a web page from a notebook."""
WORDS = {
    "catalogues": "the evidence catalogues for its place",
    "code": "the code that it uses",
    "comparator": "the comparator {0}",
    "decisions": "the decisions on the gaps of its place",
    "file": "the file {0}",
    "forecasts": "the stored forecasts",
    "framework": "the framework {0}",
    "indicator": "the definition of {0}",
    "indicators": "the definitions of indicators",
    "layout": "the limits or pins of its page",
    "look": "how web pages are made",
    "measured": "the series of {1}",
    "notebook": "its notebook",
    "outcome": "the outcome {1}",
    "packages": "the versions of packages",
    "place": "the places around {0}",
    "scenarios": "the scenarios for its place",
    "series": "the figures of {2}",
    "services": "the services of its place",
    "settings": "what is asked of it",
    "state": "what the store {0} holds",
    "store": "the settings of the store {0}",
    "story": "what is said to lie behind its figures",
    "tables": "the areas or people in the store {0}",
    "targets": "the targets for its place",
    "versions": "the frozen versions of {0}",
}
"""What a changed mark means to a person; the numbers count the parts of the name after its kind."""
NEW = "it was not made before"


class Inputs:
    """The marks of everything that pages are made from, as it is now.

    Parameters
    ----------
    parameters : Parameters
    stores : mapping of str to Store, optional
        The stores that are open already, by locality.
    """

    def __init__(self, parameters: Parameters, stores: Mapping[str, Store] | None = None) -> None:
        self.parameters = parameters
        self._opened = {(s.name, str(s.as_of or "")): s for s in (stores or {}).values()}
        self._mark = cache(self._find)
        self._code = cache(self._code_behind)

    def now(self, task: Task, reads: Iterable[str]) -> dict[str, str]:
        """Return the mark of each thing that a page is made from, by its name.

        Parameters
        ----------
        task : Task
        reads : iterable of str
            What the page said it read; names of the run's own are left out and found anew.
        """
        marks = {
            "notebook": self._mark(f"notebook:{task.notebook}"),
            "settings": _hash(sorted(task.page.model_dump().items())),
            "code": self._code(task.notebook),
            "packages": self._packages,
            "look": self._look,
        }
        return marks | {name: self._mark(name) for name in reads if name not in marks}

    def _code_behind(self, notebook: Path) -> str:
        files = reached(notebook)
        return _hash([(_place(path), self._mark(f"code:{path}")) for path in files])

    @cached_property
    def _packages(self) -> str:
        return _hash(sorted(versions().items()))

    @cached_property
    def _look(self) -> str:
        return _hash([hash_of(paths.code_folder() / name) for name in LOOK])

    def _find(self, name: str) -> str:
        kind, _, rest = name.partition(":")
        find: Callable = getattr(self, f"_of_{kind}", None)
        if find is None:
            return "unknown"
        try:
            return find(rest)
        except (LookupError, StopIteration, OSError):
            return "absent"

    def _of_notebook(self, path: str) -> str:
        return hash_of(Path(path))

    _of_code = _of_notebook

    def _of_file(self, path: str) -> str:
        return hash_of(paths.home() / path)

    def _of_framework(self, name: str) -> str:
        framework = self.parameters.framework(name)
        return _hash(
            framework.model_copy(
                update={
                    "outcomes": tuple(
                        outcome.model_copy(update={"entries": ()}) for outcome in framework.outcomes
                    )
                }
            )
        )

    def _of_versions(self, name: str) -> str:
        return _hash(repr(made_under(self.parameters, name)))

    def _of_services(self, name: str) -> str:
        return _hash(sorted(services_of(self.parameters, *name.split(":")).items()))

    def _of_outcome(self, name: str) -> str:
        framework, outcome = name.split(":")
        return _hash(self.parameters.framework(framework).outcome(outcome))

    def _of_indicator(self, name: str) -> str:
        return _hash(self.parameters.indicators[name])

    def _of_indicators(self, _: str) -> str:
        return _hash(list(self.parameters.indicators.values()))

    def _of_comparator(self, name: str) -> str:
        return _hash(self.parameters.comparators[name])

    def _of_place(self, code: str) -> str:
        places = self.parameters.places
        known = places.by_code()
        place, around = known[code], []
        siblings = places.children(place.parent) if place.parent else []
        while place.parent:
            place = known[place.parent]
            around.append(place)
        return _hash([known[code], *around, *places.children(code), *siblings])

    def _of_store(self, name: str) -> str:
        return _hash(self._settings(name).model_copy(update={"series": {}, "contents": ()}))

    def _of_measured(self, name: str) -> str:
        store, indicator = name.split(":")
        return _hash(self._settings(store).series.get(indicator))

    @cached_property
    def _settings(self) -> Callable[[str], StoreSettings]:
        return cache(self.parameters.store)

    def _of_layout(self, name: str) -> str:
        layout = self.parameters.layout
        return _hash([layout.body, sorted(layout.pins_of(*name.split(":")).items())])

    def _of_story(self, name: str) -> str:
        return _hash(self.parameters.story_for(*name.split(":")))

    def _of_targets(self, name: str) -> str:
        return _hash(self.parameters.targets_for(*name.split(":")))

    def _of_scenarios(self, name: str) -> str:
        return _hash(self.parameters.scenarios_for(*name.split(":")))

    def _of_catalogues(self, name: str) -> str:
        return _hash(self.parameters.catalogues_for(*name.split(":")))

    def _of_decisions(self, name: str) -> str:
        return _hash(self.parameters.decisions_for(*name.split(":")))

    def _of_forecasts(self, store: str) -> str:
        return stored_mark(store)

    def _of_tables(self, name: str) -> str:
        return self._store(*name.split(":")).tables_mark

    def _of_state(self, store: str) -> str:
        return _hash(self._store(store, "").state)

    def _of_series(self, name: str) -> str:
        store, day, series = name.split(":", 2)
        return self._series_marks(store, day).get(series, "absent")

    @cached_property
    def _series_marks(self) -> Callable[[str, str], Mapping[str, str]]:
        def marks(store: str, day: str) -> Mapping[str, str]:
            opened = self._store(store, day)
            return opened.marks(opened.series().index)

        return cache(marks)

    @cached_property
    def _store(self) -> Callable[[str, str], Store]:
        def opened(name: str, day: str) -> Store:
            store = self._opened.get((name, day))
            wanted = date.fromisoformat(day) if day else None
            return store or open_store(name, self._settings(name).disclosure).at(wanted)

        return cache(opened)


def why(before: Mapping[str, str], now: Mapping[str, str]) -> str:
    """Return why a page would be made again, in plain words; an empty string if it would not."""
    if not before:
        return NEW
    changed = [name for name in {**now, **before} if before.get(name) != now.get(name)]
    said = list(dict.fromkeys(_words(name) for name in changed))
    if not said:
        return ""
    more = f" and {len(said) - 1} more" if len(said) > 1 else ""
    return f"{said[0]}{more} changed"


def _words(name: str) -> str:
    kind, _, rest = name.partition(":")
    return WORDS.get(kind, name).format(*rest.split(":", 2))


def _place(path: Path) -> str:
    """Return where a file of code lies in the package or the project, wherever those lie."""
    for root in (paths.code_folder().parent, paths.home()):
        if path.is_relative_to(root):
            return path.relative_to(root).as_posix()
    return path.name


def _hash(said: object) -> str:
    text = json.dumps(said, default=_plain, sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def _plain(value: object) -> object:
    return value.model_dump(mode="json") if hasattr(value, "model_dump") else repr(value)


def reached(notebook: Path) -> tuple[Path, ...]:
    """Return the files of code that a notebook imports, and those that they import, in order.

    The package's own, and modules that lie beside the notebook or in lib/.
    """
    code = paths.code_folder()
    roots = (code.parent, notebook.parent, paths.home() / "lib")
    cells = json.loads(notebook.read_bytes()).get("cells", [])
    sources = ["".join(c["source"]) for c in cells if c.get("cell_type") == "code"]
    found: set[Path] = set()
    waiting = [name for source in sources for name in _imports(source)]
    while waiting:
        for path in _files(waiting.pop(), roots):
            if path not in found:
                found.add(path)
                waiting += _imports_of(path)
    return tuple(sorted(found))


@cache
def _imports_of(path: Path) -> tuple[str, ...]:
    return tuple(_imports(path.read_text(encoding="utf-8")))


def _imports(source: str) -> list[str]:
    """Return the dotted names that a text of Python imports, anywhere in it."""
    names = []
    for module, wanted, plain in IMPORTED.findall(source):
        if plain:
            names += [part.split(" as ")[0].strip() for part in plain.split(",")]
        else:
            parts = wanted.strip("()").split(",")
            names += [f"{module}.{part.split(' as ')[0].strip()}" for part in parts if part.strip()]
    return names


@cache
def _files(name: str, roots: tuple[Path, ...]) -> tuple[Path, ...]:
    """Return the files behind a dotted name: its packages' `__init__`, and the module's own."""
    for root in roots:
        found, folder = [], root
        for part in name.split("."):
            init, module = folder / part / "__init__.py", folder / f"{part}.py"
            if init.is_file():
                found.append(init)
                folder = folder / part
                continue
            if module.is_file():
                found.append(module)
            break
        if found:
            return tuple(found)
    return ()
