"""Names are checked against each other, and what a notebook asks for is checked as a run is."""

import pytest

from outcomes.errors import ParameterError
from outcomes.model import Page
from outcomes.parameters import load_parameters

ASKED = {
    "framework": "essex_2014",
    "outcome": "best_start",
    "locality": "X07000001",
    "comparator": "nation",
}
CODE_FORM = "a nine-character area code: a capital letter and eight digits, such as E07000071"
IN_QUOTES = "expected text; put a code or a number in quotes"


def refusal(**changes):
    asked = {k: v for k, v in (ASKED | changes).items() if v is not None}
    with pytest.raises(ParameterError) as caught:
        load_parameters().page(**asked)
    return str(caught.value)


def test_a_page_that_is_known_is_returned(home):
    assert load_parameters().page(**ASKED) == Page(**ASKED)
    overview = ASKED | {"outcome": "overview"}
    assert load_parameters().page(**overview) == Page(**overview)


@pytest.mark.parametrize(
    ("changes", "problem"),
    [
        ({"locality": 0.0}, f"locality: got 0.0; {IN_QUOTES}"),
        ({"locality": 450.0}, f"locality: got 450.0; {IN_QUOTES}"),
        ({"locality": 7}, f"locality: got 7; {IN_QUOTES}"),
        ({"locality": "00E5"}, f"locality: got '00E5'; expected {CODE_FORM}"),
        ({"locality": "E07000071 "}, f"locality: got 'E07000071 '; expected {CODE_FORM}"),
        ({"locality": "E07000071\n"}, f"locality: got 'E07000071\\n'; expected {CODE_FORM}"),
        ({"locality": ""}, f"locality: got ''; expected {CODE_FORM}"),
        ({"locality": None}, "locality: this key is required"),
        ({"localty": "X07000001"}, "localty: no such parameter; did you mean 'locality'?"),
        (
            {"outcome": "../best_start"},
            "outcome: got '../best_start'; expected a word in lower case, joined by underscores, "
            "such as median_pay",
        ),
    ],
)
def test_a_setting_of_the_wrong_form_is_refused(home, changes, problem):
    assert refusal(**changes) == f"this page has 1 problem\n  {problem}"


@pytest.mark.parametrize(
    ("changes", "problem"),
    [
        (
            {"framework": "essex_2041"},
            "framework: there is no framework 'essex_2041'; did you mean 'essex_2014'?",
        ),
        (
            {"outcome": "best_strat"},
            "outcome: there is no outcome 'best_strat'; did you mean 'best_start'?",
        ),
        (
            {"outcome": "zzz"},
            "outcome: there is no outcome 'zzz'; there are: best_start, health_and_wellbeing, "
            "education_and_learning, safe_communities, economic_growth, environment, "
            "independent_living, overview, evidence and services",
        ),
        (
            {"locality": "X07000013"},
            "locality: there is no place 'X07000013' in parameters/places.yml; did you mean "
            "'X07000012' (Greyhaven)?",
        ),
        (
            {"locality": "Q99999999"},
            "locality: there is no place 'Q99999999' in parameters/places.yml",
        ),
        (
            {"comparator": "nations"},
            "comparator: there is no comparator 'nations'; did you mean 'nation'?",
        ),
    ],
)
def test_a_name_that_is_not_known_is_refused(home, changes, problem):
    assert refusal(**changes) == f"this page: {problem}"


def refused_by(read):
    with pytest.raises(ParameterError) as caught:
        read()
    return str(caught.value)


def change(path, old, new):
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def test_an_indicator_is_defined_once(own_home):
    folder = own_home / "parameters" / "indicators"
    text = (folder / "economy.yml").read_text(encoding="utf-8")
    (folder / "economy_again.yml").write_text(text, encoding="utf-8")
    first = next(line for line in text.splitlines() if line[:1].isalpha()).rstrip(":")
    assert refused_by(lambda: load_parameters().indicators) == (
        f"parameters/indicators/economy_again.yml: the indicator {first!r} is defined in "
        "parameters/indicators/economy.yml already; define it once and name it twice"
    )


def test_a_framework_bears_the_name_of_its_file(own_home):
    change(own_home / "parameters/frameworks/portsmouth_8.yml", "portsmouth_8", "portsmouth_9")
    assert refused_by(lambda: load_parameters().framework("portsmouth_8")) == (
        "parameters/frameworks/portsmouth_8.yml: the id is 'portsmouth_9'; expected "
        "'portsmouth_8', the name of the file"
    )


def test_a_store_gives_series_to_known_indicators_only(own_home):
    change(own_home / "parameters/stores/sample.yml", "  fuel_poverty:", "  fuel_povrety:")
    assert refused_by(lambda: load_parameters().store("sample")) == (
        "parameters/stores/sample.yml: indicator: there is no indicator 'fuel_povrety'; did you "
        "mean 'fuel_poverty'?"
    )


VALUE = "  1: own/residents-survey/Thinks that the council provides good value for money"


def test_a_store_gives_whole_council_measures_their_series(home):
    assert load_parameters().store("sample").council_measures[1] == VALUE.partition(": ")[2]
    assert load_parameters().store("published").council_measures == {}


@pytest.mark.parametrize("number", [12, 1])
def test_the_number_of_a_whole_council_measure_is_one_of_a_framework(own_home, number):
    change(own_home / "parameters/stores/sample.yml", VALUE, VALUE.replace("1:", f"{number}:"))
    assert number in load_parameters().store("sample").council_measures


def test_a_whole_council_measure_that_no_framework_has_is_refused(own_home):
    change(own_home / "parameters/stores/sample.yml", VALUE, VALUE.replace("1:", "13:"))
    assert refused_by(lambda: load_parameters().store("sample")) == (
        "parameters/stores/sample.yml: council measure: no framework has a council measure 13; "
        "there are: 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11 and 12"
    )


@pytest.mark.parametrize(
    ("line", "problem"),
    [
        ("  0: own/residents-survey/Value", "0: got 0; expected greater than or equal to 1"),
        ("  one: own/residents-survey/Value", "one: got 'one'; expected a whole number"),
        ("  1: value for money", "1: got 'value for money'; expected a series such as "
                                 "els/employment-rate/Employment rate"),
    ],
)  # fmt: skip
def test_a_whole_council_measure_is_a_number_with_a_series(own_home, line, problem):
    path = own_home / "parameters/stores/sample.yml"
    change(path, VALUE, line)
    number = path.read_text(encoding="utf-8").splitlines().index(line) + 1
    assert refused_by(lambda: load_parameters().store("sample")) == (
        f"parameters/stores/sample.yml has 1 problem\n  line {number}, council_measures.{problem}"
    )


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        (
            "code: X07000002,",
            "code: X07000001,",
            "trees: the code X07000001 (Wexmoor) stands twice",
        ),
        (
            "level: county, parent: X12000002",
            "level: county, parent: X12000003",
            "trees: Tarrowshire (X10000001) has the parent X12000003, which is not a place of the "
            "same tree",
        ),
    ],
)
def test_places_have_one_code_and_a_parent_in_their_tree(own_home, old, new, message):
    change(own_home / "parameters" / "places.yml", old, new)
    message = message.removeprefix("trees: ")
    assert refused_by(lambda: load_parameters().places) == (
        f"parameters/places.yml has 1 problem\n  line 1, the file: {message}"
    )


def test_a_run_makes_the_places_within_and_the_overviews_first(home):
    parameters = load_parameters()
    pages = parameters.pages(parameters.run(home / "parameters" / "runs" / "sample.yml"))
    assert len(pages) == 13 * 9
    assert [page.outcome for page in pages[:3]] == [
        "overview",
        "evidence",
        "best_start",
    ]
    localities = list(dict.fromkeys(page.locality for page in pages))
    assert localities == ["X10000001", *(f"X070000{n:02}" for n in range(1, 13))]
