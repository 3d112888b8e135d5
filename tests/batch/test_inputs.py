"""A page is made again if, and only if, something that it was made from changed."""

import shutil
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

import pytest

from outcomes import notebook as nb
from outcomes import reads
from outcomes.batch.inputs import Inputs, reached, why
from outcomes.batch.plan import Task, plan
from outcomes.model import DisclosureRule
from outcomes.parameters import load_parameters
from outcomes.sources import build
from outcomes.store import open_store

HEALTH, SAFETY, OVERVIEW, EVIDENCE = (
    "health_and_wellbeing",
    "safe_communities",
    "overview",
    "evidence",
)
COUNTY, DISTRICT = "X10000001", "X07000007"
LOADS = {OVERVIEW: nb.load_overview, EVIDENCE: nb.load_evidence}
Marks = dict[str, dict[str, str]]


def tasks() -> dict[str, Task]:
    parameters = load_parameters()
    request = parameters.run(parameters.folder / "runs" / "sample.yml")
    return {f"{t.page.locality}/{t.page.outcome}": t for t in plan(parameters, request)}


PAGES = [f"{COUNTY}/{HEALTH}", f"{COUNTY}/{SAFETY}", f"{DISTRICT}/{SAFETY}", f"{COUNTY}/{EVIDENCE}"]
ALL = set(PAGES)


@pytest.fixture(scope="module")
def read(_sample_home) -> dict[str, list[str]]:
    """What some pages read when they were made."""
    found = {}
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("OUTCOMES_HOME", str(_sample_home))
        for name in PAGES:
            patch.setattr(reads, "_noted", {})
            page = tasks()[name].page
            found[name] = list(
                nb.page.signature(LOADS.get(page.outcome, nb.load_baseline)(page))["read"]
            )
    return found


@pytest.fixture
def marks(read, own_home) -> Callable[[], Marks]:
    """Return how each page stands now."""

    def now() -> Marks:
        inputs, known = Inputs(load_parameters()), tasks()
        return {name: inputs.now(known[name], read[name]) for name in PAGES}

    return now


def changed(before: Marks, after: Marks) -> dict[str, str]:
    reasons = {name: why(before[name], after[name]) for name in before}
    return {name: reason for name, reason in reasons.items() if reason}


def edit(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert text.count(old) >= 1
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def test_nothing_is_made_again_if_nothing_changed(marks):
    first = marks()
    assert changed(first, marks()) == {}
    assert not {"unknown", "absent"} & {
        mark for page in first.values() for name, mark in page.items()
        if not name.startswith("series:")
    }  # fmt: skip


def test_a_project_that_moved_is_the_same(own_home, marks, tmp_path, monkeypatch):
    before = marks()
    own_home.rename(tmp_path / "elsewhere")
    monkeypatch.setenv("OUTCOMES_HOME", str(tmp_path / "elsewhere"))
    assert changed(before, marks()) == {}


EDITS = {
    "a definition": (
        "indicators/health.yml", "title: Households in fuel poverty", "title: Cold homes",
        {f"{COUNTY}/{HEALTH}", f"{COUNTY}/{EVIDENCE}"},
        "the definition of fuel_poverty changed",
    ),
    "an outcome": (
        "frameworks/essex_2014.yml", "wording: Level of crime in", "wording: Crimes in",
        {f"{COUNTY}/{SAFETY}", f"{DISTRICT}/{SAFETY}", f"{COUNTY}/{EVIDENCE}"},
        "the outcome safe_communities changed",
    ),
    "the framework": (
        "frameworks/essex_2014.yml", "title: ", "title: New ", ALL,
        "the framework essex_2014 changed",
    ),
    "the comparator": (
        "comparators.yml", "title: the nation as a whole", "title: the whole nation", ALL,
        "the comparator nation changed",
    ),
    "a place's name": (
        "places.yml", "name: Wexmoor", "name: Wexmoor Vale", ALL, "the places around",
    ),
    "the store's notice": (
        "stores/sample.yml", "notice: sample data", "notice: made-up data", ALL,
        "the settings of the store sample changed",
    ),
    "the series of an indicator": (
        "stores/sample.yml", "reason: the definition changed in 2019", "reason: it is new",
        {f"{COUNTY}/{HEALTH}", f"{COUNTY}/{EVIDENCE}"}, "the series of fuel_poverty changed",
    ),
    "the limits of a page": (
        "pages.yml", "indicators: 4", "indicators: 3", ALL, "the limits or pins of its page",
    ),
    "a factor of one place": (
        "stories/essex_2014.yml", "The night-time economy of Otterstow", "The port of Otterstow",
        {f"{DISTRICT}/{SAFETY}"}, "what is said to lie behind its figures changed",
    ),
    "a target of one place": (
        "targets/essex_2014.yml", "place: X10000001, by: 2028-12-31, value: 13",
        "place: X10000001, by: 2028-12-31, value: 12",
        {f"{COUNTY}/{HEALTH}", f"{COUNTY}/{SAFETY}"}, "the targets for its place changed",
    ),
    "a scenario of one place": (
        "scenarios/tarrowshire_warm_homes.yml", "size: -0.6", "size: -0.7",
        {f"{COUNTY}/{HEALTH}", f"{COUNTY}/{SAFETY}"}, "the scenarios for its place changed",
    ),
    "the evidence": (
        "evidence/sample_county.yml", "title: ", "title: New ", {f"{COUNTY}/{EVIDENCE}"},
        "the evidence catalogues for its place changed",
    ),
    "a decision on a gap": (
        "gaps/sample_county.yml", "owner: Head of highways", "owner: Head of roads",
        {f"{COUNTY}/{EVIDENCE}"}, "the decisions on the gaps of its place changed",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", EDITS)
def test_what_people_typed(own_home, marks, name):
    file, old, new, pages, reason = EDITS[name]
    before = marks()
    edit(own_home / "parameters" / file, old, new)
    found = changed(before, marks())
    assert set(found) == pages
    assert any(reason in said for said in found.values())


def test_what_no_page_reads_changes_none(own_home, marks):
    before = marks()
    edit(own_home / "parameters" / "scenarios" / "essex_family_hubs.yml", "title: ", "title: New ")
    edit(own_home / "parameters" / "indicators" / "environment.yml", "title: ", "title: New ")
    found = changed(before, marks())
    assert set(found) == {f"{COUNTY}/{EVIDENCE}"}  # it names what others measure, whatever it is


@pytest.fixture
def day_added(own_home) -> date:
    """The day on which the home was filled, which is not today if midnight came between."""
    (add,) = open_store("sample", DisclosureRule()).catalogue["els"]
    return date.fromisoformat(add["added"])


def test_a_new_figure_of_one_series(own_home, marks, day_added, monkeypatch):
    monkeypatch.setattr("outcomes.store.store.today", lambda: day_added)
    before = marks()
    path = own_home / "data" / "sample" / "els" / "fuel-poverty" / "fuel-poverty.csv"
    edit(path, ",10.1,", ",10.2,")
    list(build("sample"))
    found = changed(before, marks())
    assert set(found) == {f"{COUNTY}/{HEALTH}", f"{COUNTY}/{EVIDENCE}"}
    assert found[f"{COUNTY}/{HEALTH}"] == "the figures of els/fuel-poverty/Fuel poverty changed"


def test_a_source_that_is_read_on_another_day(own_home, marks, day_added, monkeypatch):
    monkeypatch.setattr("outcomes.store.store.today", lambda: day_added + timedelta(days=1))
    before = marks()
    path = own_home / "data" / "sample" / "els" / "fuel-poverty" / "fuel-poverty.csv"
    edit(path, ",10.1,", ",10.2,")
    list(build("sample"))
    assert set(changed(before, marks())) == ALL  # each names the day beside its figures


def test_a_forecast_that_is_kept(own_home, marks):
    from outcomes.baseline.keeping import keep

    before = marks()
    keep("sample", name="now")
    found = changed(before, marks())
    assert found == dict.fromkeys(
        [f"{COUNTY}/{HEALTH}", f"{COUNTY}/{SAFETY}", f"{DISTRICT}/{SAFETY}"],
        "the stored forecasts changed",
    )


def test_a_notebook_of_one_outcome(own_home, marks):
    before = marks()
    edit(own_home / "notebooks" / "outcomes" / f"{SAFETY}.ipynb", "## Where are we now?", "## Now")
    assert changed(before, marks()) == dict.fromkeys(
        [f"{COUNTY}/{SAFETY}", f"{DISTRICT}/{SAFETY}"], "its notebook changed"
    )


def test_a_package(marks, monkeypatch):
    before = marks()
    monkeypatch.setattr("outcomes.batch.manifest.version", lambda name: "0.0")
    assert set(changed(before, marks()).values()) == {"the versions of packages changed"}


def test_the_page_that_was_asked_for(marks):
    page = marks()[PAGES[0]]
    assert why(page, page | {"settings": "others"}) == "what is asked of it changed"


def test_several_changes_are_counted():
    before = {"notebook": "1", "code": "1", "indicator:jobs": "1"}
    assert why(before, dict.fromkeys(before, "2")) == "its notebook and 2 more changed"


def test_a_page_that_says_nothing_of_its_inputs_is_new():
    assert why({}, {"notebook": "1"}) == "it was not made before"


def test_a_file_of_the_councils_own(own_home, marks, read):
    (own_home / "data" / "survey.csv").write_text("a\n1\n")
    task, names = tasks()[PAGES[0]], [*read[PAGES[0]], "file:data/survey.csv"]
    before = Inputs(load_parameters()).now(task, names)
    (own_home / "data" / "survey.csv").write_text("a\n2\n")
    after = Inputs(load_parameters()).now(task, names)
    assert why(before, after) == "the file data/survey.csv changed"
    (own_home / "data" / "survey.csv").unlink()
    gone = Inputs(load_parameters()).now(task, names)
    assert gone["file:data/survey.csv"] == "absent"


class TestReachedCode:
    @pytest.fixture
    def names(self, own_home) -> Callable[[], set[str]]:
        notebook = own_home / "notebooks" / "outcomes" / f"{SAFETY}.ipynb"
        return lambda: {"/".join(path.parts[-2:]) for path in reached(notebook)}

    def test_it_is_what_pages_are_made_with(self, names):
        found = names()
        assert {
            "baseline/load.py", "charts/history.py", "narrative/pages.py", "tables/table.py",
            "statistics/spread.py", "trend/fingertips.py", "store/store.py", "model/page.py",
            "parameters/library.py", "outcomes/reads.py",
        } <= found  # fmt: skip
        assert not {name for name in found if name.startswith(("batch/", "sources/", "kernels/"))}
        assert "outcomes/cli.py" not in found

    def test_modules_beside_the_notebook_and_in_lib_belong_to_it(self, own_home, names):
        folder = own_home / "notebooks" / "outcomes"
        (folder / "our_words.py").write_text("import our_numbers\n")
        (own_home / "lib").mkdir()
        (own_home / "lib" / "our_numbers.py").write_text("ONE = 1\n")
        edit(folder / f"{SAFETY}.ipynb", "from outcomes import notebook as nb",
             "from outcomes import notebook as nb\\n\",\n    \"import our_words as words")  # fmt: skip
        assert {"outcomes/our_words.py", "lib/our_numbers.py"} <= names()

    def test_a_changed_module_is_noticed(self, own_home, marks, monkeypatch):
        before = marks()
        code = own_home / "package" / "outcomes"
        shutil.copytree(Path(nb.__file__).parents[1], code)
        monkeypatch.setattr("outcomes.batch.inputs.paths.code_folder", lambda: code)
        edit(code / "charts" / "history.py", '"""', '"""New. ')
        assert set(changed(before, marks()).values()) == {"the code that it uses changed"}
