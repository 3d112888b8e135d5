"""What a run refuses before it starts: the whole message, the exit code, and nothing written."""

import json
import shutil

import nbformat
import pytest

BEST_START = "notebooks/outcomes/best_start.ipynb"
SETTINGS = "framework, outcome, locality, comparator and as_of"
CODE_FORM = "a nine-character area code: a capital letter and eight digits, such as E07000071"
MINE = "parameters/runs/mine.yml"


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        (
            "best_start",
            "best_strat",
            "outcome: there is no outcome 'best_strat'; did you mean 'best_start'?",
        ),
        (
            "X10000001",
            "X10000011",
            "locality: there is no place 'X10000011' in parameters/places.yml; did you mean "
            "'X10000001' (Tarrowshire)?",
        ),
        (
            "[nation]",
            "[naton]",
            "comparator: there is no comparator 'naton'; did you mean 'nation'?",
        ),
        (
            "essex_2014",
            "essex_2041",
            "framework: there is no framework 'essex_2041'; did you mean 'essex_2014'?",
        ),
        (
            "essex_2014",
            "zzz",
            "framework: there is no framework 'zzz'; there are: essex_2014, every_child_matters, "
            "nine_outcomes_example and portsmouth_8",
        ),
        (
            "[best_start]",
            "[]",
            "it asks for no page; name an outcome, or set overviews to true",
        ),
    ],
)
def test_an_unknown_name_is_refused_with_the_nearest_known_one(
    refused, write_run, old, new, message
):
    run_file = write_run((old, new))
    assert refused("run", run_file) == (10, f"Error: {MINE}: {message}\n")


@pytest.mark.parametrize(
    ("old", "new", "line", "message"),
    [
        ("[X10000001]", "[Plymouth]", 4, f"localities.0: got 'Plymouth'; expected {CODE_FORM}"),
        ("[X10000001]", "[E0700071]", 4, f"localities.0: got 'E0700071'; expected {CODE_FORM}"),
        ("[X10000001]", "[e07000071]", 4, f"localities.0: got 'e07000071'; expected {CODE_FORM}"),
        ("[X10000001]", "[45E1]", 4, f"localities.0: got '45E1'; expected {CODE_FORM}"),
        (
            "[X10000001]",
            "[007]",
            4,
            "localities.0: got 007; expected text; put a code or a number in quotes",
        ),
        (
            "[X10000001]",
            "[X10000001, 12345678]",
            4,
            "localities.1: got 12345678; expected text; put a code or a number in quotes",
        ),
        (
            "[X10000001]",
            "[2024-01-01]",
            4,
            "localities.0: got 2024-01-01; expected text; put a code or a number in quotes",
        ),
        ("[X10000001]", "X10000001", 4, "localities: got 'X10000001'; expected a list"),
        ("[X10000001]", "[]", 4, "localities: got []; expected at least one item"),
        ("[nation]", "[]", 5, "comparators: got []; expected at least one item"),
        ("[best_start]", "best_start", 3, "outcomes: got 'best_start'; expected 'all' or a list"),
        ("false", "perhaps", 6, "overviews: got 'perhaps'; expected true or false"),
        ("A few pages", "", 1, "title: got nothing; expected some text"),
        (
            "A few pages",
            "2025",
            1,
            "title: got 2025; expected text; put a code or a number in quotes",
        ),
        (
            "overviews",
            "overveiws",
            6,
            "overveiws: no such parameter; did you mean 'overviews'?",
        ),
        (
            "overviews: false",
            "localty: X07000001",
            6,
            "localty: no such parameter; did you mean 'localities'?",
        ),
        ("title: A few pages\n", "", 1, "title: this key is required"),
    ],
)
def test_a_value_of_the_wrong_form_is_refused_by_line(refused, write_run, old, new, line, message):
    run_file = write_run((old, new))
    said = f"Error: {MINE} has 1 problem\n  line {line}, {message}\n"
    assert refused("run", run_file) == (10, said)


def test_all_problems_of_a_run_file_are_told_at_once(refused, write_run):
    run_file = write_run(("title", "titel"), ("[X10000001]", "[Plymouth]"))
    assert refused("run", run_file) == (
        10,
        f"Error: {MINE} has 3 problems\n"
        "  line 1, title: this key is required\n"
        f"  line 4, localities.0: got 'Plymouth'; expected {CODE_FORM}\n"
        "  line 1, titel: no such parameter; did you mean 'title'?\n",
    )


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        (
            "A few pages",
            '"A few pages',
            "line 8: not readable as YAML: found unexpected end of stream; look for a missing "
            "colon, quote or indent there",
        ),
        (
            "A few pages",
            "Essex: a few pages",
            "line 1: not readable as YAML: mapping values are not allowed in this context; look "
            "for a missing colon, quote or indent there",
        ),
        (
            "overviews",
            "title: Again\noverviews",
            "line 6: the key 'title' stands twice, first in line 1; keep one of them",
        ),
    ],
)
def test_a_file_that_is_not_yaml_is_refused_by_line(refused, write_run, old, new, message):
    run_file = write_run((old, new))
    assert refused("run", run_file) == (10, f"Error: {MINE}, {message}\n")


@pytest.mark.parametrize(
    ("asked", "message"),
    [
        (
            "parameters/runs/smaple.yml",
            "parameters/runs/smaple.yml: no such file; did you mean 'sample.yml'?",
        ),
        (
            "parameters/runs/sample",
            "parameters/runs/sample: no such file; did you mean 'sample.yml'?",
        ),
        (
            "parameters/runs/zzz.txt",
            "parameters/runs/zzz.txt: no such file; there are: essex.yml and sample.yml",
        ),
        ("parameters/rums/sample.yml", "parameters/rums/sample.yml: no such file"),
        ("parameters/runs", "parameters/runs: not readable as a file (Is a directory)"),
    ],
)
def test_a_missing_run_file_is_refused_with_the_nearest_file(refused, asked, message):
    assert refused("run", asked) == (10, f"Error: {message}\n")


@pytest.mark.parametrize(
    ("option", "word", "message"),
    [
        ("--only", "best_strat", "no outcome 'best_strat'; did you mean 'best_start'?"),
        ("--only", "zzz", "no outcome 'zzz'; it has best_start and environment"),
        ("--only", "overview", "no outcome 'overview'; it has best_start and environment"),
        ("--locality", "X10000011", "no locality 'X10000011'; did you mean 'X10000001'?"),
        ("--locality", "Plymouth", "no locality 'Plymouth'; it has X10000001"),
    ],
)
def test_a_choice_that_the_run_does_not_have_is_refused(refused, write_run, option, word, message):
    run_file = write_run(("[best_start]", "[best_start, environment]"))
    assert refused("run", run_file, option, word) == (10, f"Error: this run has {message}\n")


def without_tag(cells):
    cells[1].metadata.tags = []


def with_two_tags(cells):
    cells[2].metadata.tags = ["parameters"]


def misspelt(cells):
    cells[1].source = cells[1].source.replace("locality", "localty")


def with_one_more(cells):
    cells[1].source += "\nyear = 2024"


def without_comparator(cells):
    cells[1].source = "\n".join(cells[1].source.splitlines()[:3])


def broken(cells):
    cells[1].source = cells[1].source.replace('"essex_2014"', '"essex_2014')


@pytest.mark.parametrize(
    ("change", "message"),
    [
        *(
            (
                change,
                f"{count} cells have the tag 'parameters'; expected one. Without it the page would "
                "report on the notebook's own defaults, whatever place was asked for. Give the "
                f"cell with {SETTINGS} that tag.",
            )
            for change, count in ((without_tag, 0), (with_two_tags, 2))
        ),
        (
            misspelt,
            "its parameters cell sets 'localty', which is no setting of a page; did you mean "
            "'locality'?",
        ),
        (with_one_more, "its parameters cell sets 'year', which is no setting of a page"),
        (
            without_comparator,
            f"its parameters cell does not set 'comparator'; a page needs {SETTINGS}",
        ),
        (
            broken,
            "its parameters cell is not Python (line 1: unterminated string literal (detected at "
            f"line 1)); it needs {SETTINGS}, one assignment a line",
        ),
    ],
)
def test_a_notebook_that_could_report_on_another_place_is_refused(
    refused, own_home, edit, change, message
):
    edit(own_home / BEST_START, change)
    said = (12, f"Error: {BEST_START}: {message}\n")
    assert refused("run", "parameters/runs/sample.yml") == said
    assert refused("check") == said


def test_settings_with_a_type_beside_them_are_settings(own_home, edit):
    from outcomes.batch.plan import check_notebook

    def annotate(cells):
        cells[1].source = cells[1].source.replace(" = ", ": str = ")

    edit(own_home / BEST_START, annotate)
    check_notebook(own_home / BEST_START)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (None, "no such notebook"),
        ("{}", "no kernelspec in its metadata; save it once from JupyterLab"),
    ],
)
def test_a_notebook_that_cannot_run_is_refused(refused, own_home, text, message):
    path = own_home / "notebooks" / "overview" / "county.ipynb"
    notebook = nbformat.read(path, as_version=4)
    if text is None:
        path.unlink()
    else:
        notebook.metadata = {}
        nbformat.write(notebook, path)
    assert refused("run", "parameters/runs/sample.yml") == (
        12,
        f"Error: notebooks/overview/county.ipynb: {message}\n",
    )


def test_an_empty_store_says_how_to_fill_it(refused, own_home):
    shutil.rmtree(own_home / "data" / "store")
    assert refused("run", "parameters/runs/sample.yml") == (
        11,
        "Error: the store 'sample' is empty. Fill it with: outcomes data build sample, which adds "
        "what parameters/stores/sample.yml lists, or outcomes data add SOURCE PATH --store sample\n",
    )
    assert refused("run", "parameters/runs/essex.yml") == (
        11,
        "Error: the store 'published' is empty. Fill it with: outcomes data build published, which "
        "adds what parameters/stores/published.yml lists, or outcomes data add SOURCE PATH --store "
        "published\n",
    )


NOT_A_RUN = (
    "holds something that is not a run (there is no manifest.json of one in it), and a run "
    "replaces its folder. Choose another folder with --out."
)


@pytest.mark.parametrize(
    "text", ["{}", "[]", '"words"', "not json", '{"name": "an app", "icons": []}', "\xff"]
)
def test_a_folder_with_other_files_is_not_replaced(refused, own_home, text):
    folder = own_home / "papers"
    folder.mkdir()
    (folder / "minutes.txt").write_text("Agreed.", encoding="utf-8")
    (folder / "manifest.json").write_text(text, encoding="latin-1")
    said = (12, f"Error: papers {NOT_A_RUN}\n")
    assert refused("run", "parameters/runs/sample.yml", "--out", "papers") == said
    (folder / "manifest.json").unlink()
    assert refused("run", "parameters/runs/sample.yml", "--out", "papers") == said


def test_a_file_is_not_replaced_by_a_run(refused):
    said = f"Error: parameters/places.yml {NOT_A_RUN}\n"
    out = "parameters/places.yml"
    assert refused("run", "parameters/runs/sample.yml", "--out", out) == (12, said)


def test_the_working_directory_is_not_replaced_by_a_run(refused):
    said = f"Error: . {NOT_A_RUN}\n"
    assert refused("run", "parameters/runs/sample.yml", "--out", ".") == (12, said)


def test_a_run_that_cannot_be_written_says_so(refused):
    assert refused("run", "parameters/runs/sample.yml", "--out", "parameters/places.yml/mine") == (
        12,
        "Error: parameters/places.yml: no run can be written there (Not a directory). Choose "
        "another folder with --out.\n",
    )


def test_a_catalogue_that_is_not_readable_says_what_to_do(refused, own_home):
    (own_home / "data" / "store" / "sample" / "catalogue.json").write_text("{", encoding="utf-8")
    exit_code, message = refused("run", "parameters/runs/sample.yml")
    assert exit_code == 11
    assert message == (
        "Error: data/store/sample/catalogue.json: not readable (Expecting property name enclosed "
        "in double quotes: line 1 column 2 (char 1)); delete the folder data/store/sample and "
        "fill it again: outcomes data build sample, which adds what parameters/stores/sample.yml "
        "lists, or outcomes data add SOURCE PATH --store sample\n"
    )


def test_a_name_that_stands_twice_gives_one_page(own_home, write_run):
    from outcomes.batch import plan
    from outcomes.parameters import load_parameters

    run_file = write_run(
        ("[best_start]", "[best_start, best_start]"),
        ("[nation]", "[nation, nation]"),
        ("[X10000001]", "[X10000001, X10000001]"),
    )
    parameters = load_parameters()
    names = [task.name for task in plan(parameters, parameters.run(own_home / run_file))]
    assert names == ["X10000001/best_start--nation"]


def test_the_manifest_is_what_tells_a_run_from_other_folders(own_home):
    from outcomes.batch.manifest import read_manifest

    ours = {"run": "mine", "request": {}, "pages": []}
    (own_home / "manifest.json").write_text(json.dumps(ours), encoding="utf-8")
    assert read_manifest(own_home) == ours
