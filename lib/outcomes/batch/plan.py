"""Which pages a run makes, from which notebook, under which name; all checked before work starts."""

import ast
import json
from contextlib import suppress
from dataclasses import dataclass
from itertools import chain
from pathlib import Path

from outcomes import paths
from outcomes.errors import ParameterError, RunError, did_you_mean, listed
from outcomes.model import OVERVIEW, Page, RunRequest
from outcomes.model.evidence import EVIDENCE
from outcomes.model.framework import SERVICES
from outcomes.model.numbers import number_of
from outcomes.parameters import Parameters
from outcomes.parameters.ballots import ballots
from outcomes.parameters.choosing import indicator_scores
from outcomes.parameters.crosswalks import crosswalks
from outcomes.parameters.glossary import check_wordings
from outcomes.parameters.partners import partner_maps
from outcomes.parameters.performance import check_services
from outcomes.parameters.programme import programmes
from outcomes.parameters.reports import check_reports
from outcomes.parameters.versions import ledger_of

SETTINGS = tuple(Page.model_fields)


@dataclass(frozen=True)
class Task:
    """One page to make: what it is about, from which notebook, and its name without an ending."""

    page: Page
    notebook: Path
    name: str


def plan(parameters: Parameters, request: RunRequest) -> list[Task]:
    """Return the tasks of a run in order, each with a notebook that was checked.

    Raises
    ------
    RunError
        If a notebook is missing, or could report on something else than it is asked to.
    """
    tasks = [_task(page) for page in parameters.pages(request)]
    for notebook in sorted({task.notebook for task in tasks}):
        check_notebook(notebook)
    return tasks


def select(tasks: list[Task], *, only: tuple[str, ...], localities: tuple[str, ...]) -> list[Task]:
    """Return the tasks of some outcomes and localities; an empty choice means all.

    Raises
    ------
    ParameterError
        If the run has no such outcome or locality.
    """
    for kind, chosen, there in (
        ("outcome", only, {task.page.outcome for task in tasks}),
        ("locality", localities, {task.page.locality for task in tasks}),
    ):
        for word in chosen:
            if word not in there:
                hint = did_you_mean(word, there) or f"; it has {listed(sorted(there))}"
                raise ParameterError(f"this run has no {kind} {word!r}{hint}")
    return [
        task
        for task in tasks
        if (not only or task.page.outcome in only)
        and (not localities or task.page.locality in localities)
    ]


def _task(page: Page) -> Task:
    folder = paths.notebooks_folder()
    if page.outcome == OVERVIEW:
        notebook = folder / "overview" / "county.ipynb"
    elif page.outcome in (EVIDENCE, SERVICES):
        notebook = folder / "overview" / f"{page.outcome}.ipynb"
    else:
        notebook = folder / "outcomes" / f"{page.outcome}.ipynb"
        if not notebook.is_file():
            notebook = folder / "_template.ipynb"
    return Task(page, notebook, f"{page.locality}/{page.outcome}--{page.comparator}")


def check_notebook(path: Path) -> None:
    """Refuse a notebook that papermill would run on other settings than it was given.

    papermill puts its cell after the one tagged `parameters`. Without the tag it puts it on top,
    and the notebook's own defaults then overwrite what was asked: the wrong place, with exit 0. A
    name that the cell does not have is only a line in a log.

    Raises
    ------
    RunError
        Naming the notebook, what is wrong and what to do.
    """
    where = paths.shown(path)
    try:
        notebook = _read_notebook(path)
    except FileNotFoundError:
        raise RunError(f"{where}: no such notebook") from None
    except Exception as error:
        raise RunError(f"{where}: not readable as a notebook ({error})") from None
    tagged = [c for c in notebook["cells"] if "parameters" in c["metadata"].get("tags", [])]
    if len(tagged) != 1:
        raise RunError(
            f"{where}: {len(tagged)} cells have the tag 'parameters'; expected one. Without it the "
            "page would report on the notebook's own defaults, whatever place was asked for. Give "
            f"the cell with {listed(SETTINGS)} that tag."
        )
    if "kernelspec" not in notebook["metadata"]:
        raise RunError(f"{where}: no kernelspec in its metadata; save it once from JupyterLab")
    _check_names(where, "".join(tagged[0]["source"]))


def _read_notebook(path: Path) -> dict:
    """Return a notebook; one of another version by nbformat, which takes long to import."""
    content = path.read_bytes()
    with suppress(ValueError, LookupError, TypeError):
        notebook = json.loads(content)
        if notebook["nbformat"] == 4 and {"cells", "metadata"} <= set(notebook):
            return notebook
    import nbformat

    return nbformat.reads(content.decode(), as_version=4)


def _check_names(where: str, source: str) -> None:
    try:
        body = ast.parse(source).body
    except SyntaxError as error:
        raise RunError(
            f"{where}: its parameters cell is not Python (line {error.lineno}: {error.msg}); it "
            f"needs {listed(SETTINGS)}, one assignment a line"
        ) from None
    names = [
        target.id
        for node in body
        if isinstance(node, ast.Assign | ast.AnnAssign)
        for target in (node.targets if isinstance(node, ast.Assign) else [node.target])
        if isinstance(target, ast.Name)
    ]
    for name in names:
        if name not in SETTINGS:
            raise RunError(
                f"{where}: its parameters cell sets {name!r}, which is no setting of a page"
                f"{did_you_mean(name, SETTINGS)}"
            )
    for name in SETTINGS:
        if name not in names:
            raise RunError(
                f"{where}: its parameters cell does not set {name!r}; a page needs "
                f"{listed(SETTINGS)}"
            )


def check_everything(parameters: Parameters) -> list[str]:
    """Check every framework, indicator, store, run and notebook; return what there is, by line.

    Raises
    ------
    ParameterError, RunError
        At the first file that is wrong.
    """
    frameworks = [parameters.framework(name) for name in parameters.framework_ids()]
    frozen = sum(len(ledger_of(parameters, found.id).versions) for found in frameworks)
    trees = parameters.places.trees.values()
    for name in sorted({*parameters.store_ids(), *(tree.store for tree in trees)}):
        parameters.store(name)
    sources, layout, stories = parameters.sources, parameters.layout, parameters.stories.values()
    held = ballots(parameters)
    targets, scenarios = parameters.targets.values(), parameters.scenarios.values()
    catalogues, decided = parameters.catalogues.values(), parameters.decisions.values()
    runs = sorted((parameters.folder / "runs").glob("*.yml"))
    for path in runs:
        parameters.run(path)
    folder = paths.notebooks_folder()
    made_from = (sorted(folder.glob(f"{kind}/*.ipynb")) for kind in ("outcomes", "overview"))
    notebooks = [folder / "_template.ipynb", *chain.from_iterable(made_from)]
    for path in notebooks:
        check_notebook(path)
    return [
        *(
            f"framework {f.id}: {len(f.outcomes)} outcomes, {len(f.entries())} entries, "
            f"{len(f.indicator_ids())} indicators"
            for f in frameworks
        ),
        f"{len(sources)} sources in the register: {listed(sources)}",
        f"evidence: {sum(len(c.entries) for c in catalogues)} entries, "
        f"{sum(len(d.gaps) for d in decided)} decisions on gaps",
        f"a page's body holds {layout.body.indicators} indicators and {layout.body.charts} charts; "
        f"{len(layout.pins)} pinned by people; "
        f"{sum(len(s.factors) + len(s.unseen) for s in stories)} entries on what lies behind figures",
        f"{sum(len(t.targets) for t in targets)} targets, "
        f"{sum(len(t.judgements) for t in targets)} judgements, {len(scenarios)} scenarios with "
        f"{sum(len(s.effects) + len(s.cross_effects) for s in scenarios)} assumptions",
        f"{frozen} frozen versions of frameworks, as they were frozen",
        f"{number_of(len(held), 'ballot')}, for "
        f"{number_of(sum(len(b.groups) for b in held.values()), 'group')}",
        check_services(parameters),
        check_wordings(parameters),
        f"{number_of(len(programmes(parameters)), 'programme')}, "
        f"{number_of(len(partner_maps(parameters)), 'partner map')}",
        *check_reports(parameters),
        f"{sum(len(s.indicators) for s in indicator_scores(parameters).values())} indicators "
        f"scored, {number_of(len(crosswalks(parameters)), 'cross-walk')}",
        *parameters.missing_evidence(),
        f"{len(parameters.indicators)} indicators, {len(parameters.places.by_code())} places, "
        f"{len(parameters.comparators)} comparators, {len(parameters.store_ids())} stores, "
        f"{len(runs)} runs, {len(notebooks)} notebooks: all right",
    ]
