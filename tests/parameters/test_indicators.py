"""What an indicator says of its people, groups and breaks, and what is refused in it."""

import pytest
import yaml

from outcomes.errors import ParameterError
from outcomes.model import Between, Identifier, Indicator
from outcomes.parameters import read_model

JOBS = {
    "title": "People in work",
    "definition": "People aged 16 to 64 in work, out of all of that age.",
    "unit": "%",
    "value_type": "proportion",
    "per": 100,
    "polarity": "higher_is_better",
    "series": {"id": "els/jobs/Jobs"},
    "people": {"ages": [16, 64], "words": "people aged 16 to 64"},
}
SEXES = {"kind": "sex", "first": "Female", "second": "Male", "label": "women and men"}


@pytest.fixture
def read(tmp_path, monkeypatch):
    """Return a function that reads the indicator `jobs` from a file, with keys changed."""

    folder = tmp_path / "parameters"
    folder.mkdir()
    (folder / "places.yml").write_text("trees: {}\n", encoding="utf-8")
    monkeypatch.setenv("OUTCOMES_HOME", str(tmp_path))

    def written(**changes):
        values = {key: value for key, value in (JOBS | changes).items() if value is not None}
        path = folder / "jobs.yml"
        path.write_text(yaml.safe_dump({"jobs": values}, sort_keys=False), encoding="utf-8")
        return read_model(path, dict[Identifier, Indicator])["jobs"]

    return written


def refusal(read, **changes):
    with pytest.raises(ParameterError) as caught:
        read(**changes)
    heading, problem = str(caught.value).splitlines()
    assert heading == "parameters/jobs.yml has 1 problem"
    return problem.partition(", ")[2]


def people(*ages):
    return {"ages": list(ages), "words": "people"}


@pytest.mark.parametrize("ages", [(16, 64), (0, 0), (5, 5), (0, 90), (90, 90), (18, None)])
def test_ages_have_both_ends_in_them_or_an_open_end(read, ages):
    assert read(people=people(*ages)).people.ages == ages


@pytest.mark.parametrize(
    ("ages", "problem"),
    [
        ((64, 16), "jobs.people: ages are youngest first; got 64 before 16"),
        ((-1, 16), "jobs.people.ages.0: got -1; expected greater than or equal to 0"),
        ((16, 91), "jobs.people.ages.1: got 91; expected less than or equal to 90"),
        ((None, 64), "jobs.people.ages.0: got nothing; expected a whole number"),
        ((15.5, 64), "jobs.people.ages.0: got 15.5; expected a whole number"),
        ((16,), "jobs.people.ages.1: this key is required"),
    ],
)
def test_ages_that_are_no_range_are_refused(read, ages, problem):
    assert refusal(read, people=people(*ages)) == problem


@pytest.mark.parametrize("value_type", ["proportion", "rate"])
def test_a_base_of_people_needs_what_the_figure_is_out_of(read, value_type):
    assert read(value_type=value_type).people
    assert refusal(read, value_type=value_type, per=None) == (
        "jobs: people needs per, the number that the figure is out of, such as 100"
    )
    assert read(value_type=value_type, per=None, people=None).per is None


@pytest.mark.parametrize("value_type", ["mean", "median", "count", "ratio", "index"])
def test_only_a_proportion_or_a_rate_has_a_base_of_people(read, value_type):
    assert refusal(read, value_type=value_type) == (
        f"jobs: people is for a proportion or a rate; this is a {value_type}"
    )
    assert read(value_type=value_type, people=None).people is None


def series(**keys):
    return {"id": "els/jobs/Jobs", **keys}


def test_a_series_is_of_everyone_unless_it_names_a_group(read):
    assert (read().series.group_kind, read().series.group) == ("", "")
    women = read(series=series(group_kind="sex", group="Female")).series
    assert (women.group_kind, women.group) == ("sex", "Female")


@pytest.mark.parametrize("half", [{"group_kind": "sex"}, {"group": "Female"}])
def test_half_a_group_is_refused(read, half):
    assert refusal(read, series=series(**half)) == (
        "jobs.series: a series has both group_kind and group, or neither, which means everyone"
    )


def test_a_series_may_have_several_breaks(read):
    days = ["2019-01-01", "2021-09-01"]
    found = read(series=series(breaks=[{"since": day, "reason": "New."} for day in days])).series
    assert [b.since.isoformat() for b in found.breaks] == days


@pytest.mark.parametrize("days", [["2021-09-01", "2019-01-01"], ["2019-01-01", "2019-01-01"]])
def test_breaks_out_of_order_or_twice_on_a_day_are_refused(read, days):
    breaks = [{"since": day, "reason": "New."} for day in days]
    assert refusal(read, series=series(breaks=breaks)) == (
        "jobs.series: breaks stand in order of time, earliest first, each day once"
    )


@pytest.mark.parametrize(
    ("found", "problem"),
    [
        ({"since": "2019-01-01"}, "reason: this key is required"),
        ({"reason": "New."}, "since: this key is required"),
        ({"since": "spring", "reason": "New."},
         "since: got 'spring'; expected a date such as 2026-12-31"),
        ({"since": "2019-01-01", "reason": ""}, "reason: got ''; expected some text"),
        ({"since": "2019-01-01", "reason": "New.", "reson": "Old."},
         "reson: no such parameter; did you mean 'reason'?"),
    ],
)  # fmt: skip
def test_a_break_has_a_day_and_a_reason(read, found, problem):
    assert refusal(read, series=series(breaks=[found])) == f"jobs.series.breaks.0.{problem}"


def test_a_series_may_name_that_of_its_need(read):
    assert read().series.need is None
    assert read(series=series(need="own/help/Needs help")).series.need == "own/help/Needs help"


@pytest.mark.parametrize(
    ("need", "got"), [("help", "'help'"), ("", "''"), ({"id": "own/help/Needs help"}, None)]
)
def test_need_that_is_no_series_is_refused(read, need, got):
    said = refusal(read, series=series(need=need))
    if got:
        expected = "a series such as els/employment-rate/Employment rate"
        assert said == f"jobs.series.need: got {got}; expected {expected}"
    else:
        assert said == (
            "jobs.series.need: got {'id': 'own/help/Needs help'}; expected text; put a code or a "
            "number in quotes"
        )


def test_groups_whose_gap_is_followed_may_have_a_series_of_their_own(read):
    own, other = read(between=[SEXES, SEXES | {"series": "els/jobs/Jobs by sex"}]).between
    assert (own.first, own.second, own.label, own.series) == (
        "Female",
        "Male",
        "women and men",
        None,
    )
    assert other.series == "els/jobs/Jobs by sex"


@pytest.mark.parametrize(
    ("changes", "problem"),
    [
        ({"second": "Female"},
         "jobs.between.0: a gap lies between two groups; both are 'Female'"),
        ({"kind": ""}, "jobs.between.0.kind: got ''; expected some text"),
        ({"series": "jobs"}, "jobs.between.0.series: got 'jobs'; expected a series such as "
                             "els/employment-rate/Employment rate"),
    ],
)  # fmt: skip
def test_a_gap_that_lies_between_no_two_groups_is_refused(read, changes, problem):
    assert refusal(read, between=[SEXES | changes]) == problem


def test_a_basket_leaves_its_groups_to_its_members(read):
    basket = {"series": None, "people": None, "value_type": "basket", "members": ["pay"]}
    assert read(**basket).between == ()
    assert refusal(read, **basket, between=[SEXES]) == (
        "jobs: a basket has no groups of its own; give between to its members"
    )


def test_ordered_groups_run_from_the_first_to_the_second():
    between = {"kind": "fifth", "first": "1", "second": "5", "label": "most and least"}
    assert Between(**between, ordered=["1", "2", "5"]).ordered == ("1", "2", "5")
    with pytest.raises(
        ValueError, match="ordered runs from '1' to '5', both ends in it; got '5' to '1'"
    ):
        Between(**between, ordered=["5", "2", "1"])
