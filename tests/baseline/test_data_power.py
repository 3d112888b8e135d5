"""Data power, test by test, on figures made up so that each can be worked out by hand."""

import re
from datetime import date

import numpy as np
import pandas as pd
import pytest
from tests.made_figures import AREAS, PLACE, made_figures, made_measured, made_rows, one_area

from outcomes.baseline.data_power import data_power, load_choosing
from outcomes.errors import ParameterError
from outcomes.store import Store

TODAY = date(2024, 6, 30)
MANY = tuple(f"X07{i:06}" for i in range(20))


@pytest.fixture
def store(tmp_path) -> Store:
    return Store("mine", tmp_path / "store", "outcomes data add own PATH --store mine")


@pytest.fixture
def power(store):
    """Return the data power of one indicator: of ready rows or of values by area."""

    def work_out(values=None, *, today=TODAY, peers=AREAS, store=store, **changes) -> pd.Series:
        rows = values if isinstance(values, pd.DataFrame) else made_rows(values)
        measured = [made_measured(**changes)]
        figures = made_figures(rows=rows, measured=measured, choice=one_area(peers=peers))
        return data_power(figures, store, today).loc["jobs"]

    return work_out


def yearly(count=10, areas=AREAS, value=50.0) -> dict:
    return {code: np.full(count, value) + np.arange(count) for code in areas}


@pytest.mark.parametrize(
    ("today", "level"),
    [
        # Yearly figures, the newest up to the end of 2019: high up to two years, medium up to three.
        (date(2020, 6, 30), "high"),
        (date(2021, 12, 31), "high"),
        (date(2022, 1, 31), "medium"),
        (date(2022, 12, 30), "medium"),
        (date(2023, 1, 31), "low"),
    ],
)
def test_row_150_timeliness_is_the_age_against_the_figures_own_cycle(power, today, level):
    found = power(yearly(), today=today)
    assert (found["newest"], found["timeliness"]) == ("2019", level)
    assert found["cycle"] == pytest.approx(12, abs=0.02)


def test_row_150_quarterly_figures_must_be_newer_than_yearly_ones(power):
    ends = pd.date_range("2022-03-31", periods=8, freq="QE")  # the newest ends on 31 December 2023
    parts = [
        made_rows({code: np.arange(8.0)}).assign(
            period_start=ends - pd.DateOffset(months=3) + pd.DateOffset(days=1),
            period_end=ends,
            period=[f"{day:%B %Y}" for day in ends],
        )
        for code in AREAS
    ]
    rows = pd.concat(parts, ignore_index=True)
    # Six months old are two cycles of three months, seven more than two, ten more than three.
    days = [date(2024, 6, 28), date(2024, 7, 31), date(2024, 10, 31)]
    assert [power(rows, today=day)["timeliness"] for day in days] == ["high", "medium", "low"]


def test_row_150_a_figure_every_ten_years_is_not_timely_however_long_its_cycle(power):
    rows = made_rows(yearly(21))
    rows = rows[rows["period"].isin(["2010", "2020", "2030"])]
    found = power(rows, today=date(2034, 12, 31))
    assert (found["timeliness"], round(found["cycle"]), round(found["age"])) == ("low", 120, 48)


@pytest.mark.parametrize(
    ("missing", "periods", "level"),
    [(0, 10, "high"), (1, 10, "medium"), (2, 10, "low"), (0, 2, "low")],
)
def test_row_150_completeness_counts_areas_of_the_level_with_a_newest_figure(
    power, missing, periods, level
):
    values = yearly(periods)
    for code in AREAS[-missing:] if missing else ():
        values[code][-1] = np.nan
    found = power(values)
    # Of 9 areas: 100%, 89%, 78%; two periods show no course.
    assert found["areas"] == pytest.approx((9 - missing) / 9)
    assert found["completeness"] == level


def test_row_150_a_period_in_which_nobody_has_a_figure_is_a_hole(power):
    rows = made_rows(yearly(10))
    found = power(rows[~rows["period"].isin(["2014", "2015", "2016"])])
    # 2010 to 2019 are ten periods, seven of them filled: low under 80%.
    assert found["points"] == 7
    assert found["periods"] == pytest.approx(0.7)
    assert found["completeness"] == "low"


def limits(half: float) -> pd.DataFrame:
    """Return 20 areas at 1 to 20, of a variance of 35, each with limits so far away."""
    values = {code: np.full(4, float(i + 1)) for i, code in enumerate(MANY)}
    rows = made_rows(values)
    return rows.assign(lower=rows["value"] - half, upper=rows["value"] + half)


@pytest.mark.parametrize(("half", "level"), [(3.0, "high"), (8.0, "medium"), (10.0, "low")])
def test_row_150_precision_is_the_width_of_limits_beside_the_spread_of_places(power, half, level):
    found = power(limits(half), peers=MANY)
    # The numbers 1 to 20 have the variance 20 * 21 / 12 = 35; the limits lie 1.96 errors away.
    assert found["chance"] == pytest.approx((half / 1.959964) ** 2 / 35)
    assert found["precision"] == level


def test_precision_is_not_known_without_limits_with_few_areas_or_for_a_count(power):
    assert power(yearly())["precision"] == ""
    few = limits(3.0)
    assert power(few[few["area_code"].isin(MANY[:9])], peers=MANY[:9])["precision"] == ""
    count = {"value_type": "count", "people": None, "per": None}
    assert power(limits(3.0), peers=MANY, **count)["precision"] == ""


def test_row_150_locality_asks_for_a_figure_of_the_place_itself(power):
    assert power(yearly())["locality"] == "high"  # there is nothing within it
    found = power(yearly(areas=AREAS[1:]))
    assert not found["own"]
    assert found["locality"] == "low"


def released(store: Store, *versions: tuple[str, float]) -> None:
    """Add versions of one series; in each, the figures of 2018 and 2019 are so many times as high."""
    for number, (day, times) in enumerate(versions):
        rows = made_rows({PLACE: 50.0 * np.array([1, 1, 1, times, times])}, first=2015)
        about = pd.DataFrame({"series": ["own/made/jobs"], "title": ["Jobs"], "published": [""]})
        tables = {"observations": rows, "series": about}
        store.put("own", str(number) * 64, {}, tables, date.fromisoformat(day))


@pytest.mark.parametrize(("times", "level"), [(1.008, "high"), (1.04, "medium"), (0.9, "low")])
def test_row_150_revision_is_the_typical_change_of_what_a_later_version_revised(
    power, store, times, level
):
    released(store, ("2021-05-01", 1.0), ("2022-05-01", times))
    found = power(yearly())
    assert found["revised"] == 2
    assert found["revision_size"] == pytest.approx(abs(times - 1))
    assert found["revision"] == level
    earlier = power(yearly(), store=store.at(date(2021, 12, 31)))
    assert earlier["revision"] == ""  # one version was known by then


def test_revisions_are_of_all_versions_held(power, store):
    released(store, ("2021-05-01", 1.0), ("2022-05-01", 1.02), ("2023-05-01", 1.2))
    found = power(yearly())
    # 2% twice and 1.2 / 1.02 - 1 = 17.6% twice: the middle of the four is 9.8%.
    assert found["revised"] == 4
    assert found["revision_size"] == pytest.approx((0.02 + 0.18 / 1.02) / 2)


def test_revisions_from_nought_have_a_number_and_no_size(power, store):
    released(store, ("2021-05-01", 0.0), ("2022-05-01", 1.0))
    found = power(yearly())
    assert found["revised"] == 2
    assert np.isnan(found["revision_size"])
    assert found["revision"] == ""


def test_row_150_the_whole_follows_from_the_tests_that_could_be_made(power):
    assert power(yearly(), today=date(2020, 6, 30))["overall"] == "high"  # three of three high
    assert power(yearly(), today=date(2022, 6, 30))["overall"] == "high"  # two of three, none low
    assert power(yearly(), today=date(2024, 6, 30))["overall"] == "medium"  # one of three low
    holes = power(yearly(2), today=date(2024, 6, 30))
    assert holes[["timeliness", "completeness", "locality"]].tolist() == ["low", "low", "high"]
    assert holes["overall"] == "low"


def test_row_150_each_indicator_stands_by_its_three_scores_and_weak_ones_are_listed(home):
    found = load_choosing("essex_2014", "X10000001")
    table = found.table
    assert len(table) == 52
    assert found.example
    standing = table["standing"].to_dict()
    assert standing["employment_rate"] == "headline"
    assert standing["ready_for_school"] == "secondary"  # it does not quite communicate
    assert table.loc["superfast_broadband", "weak"] == ("central",)
    assert table.loc["teenage_pregnancy", ["said", "computed", "data_power"]].tolist() == [
        "low", "high", "low",
    ]  # fmt: skip
    scored = table[table["standing"] != "unscored"]
    assert len(scored) == 15
    reasons = scored[["why_central", "why_communicates", "by"]]
    assert (reasons != "").all(axis=None)


def test_a_basket_is_as_strong_as_its_weakest_member_with_figures(home):
    found = load_choosing("essex_2014", "X10000001")
    members = ["life_expectancy_women", "life_expectancy_men", "published_life_expectancy_gap"]
    assert found.power.loc[members, "overall"].tolist() == ["medium", "medium", "high"]
    row = found.table.loc["life_expectancy_gap"]
    assert (row["computed"], row["short"]) == ("medium", (("completeness", "low"),))


def test_row_150_what_has_no_figures_is_to_be_developed_whatever_somebody_scores(own_home):
    path = own_home / "parameters" / "scores" / "essex_2014.yml"
    scores = """
  literacy_and_numeracy:
    by: analyst
    central: {score: high, reason: A}
    communicates: {score: high, reason: B}
    data_power: {score: high, reason: C}
"""
    path.write_text(path.read_text(encoding="utf-8").rstrip() + scores, encoding="utf-8")
    row = load_choosing("essex_2014", "X10000001").table.loc["literacy_and_numeracy"]
    assert not row["measured"]
    assert row["standing"] == "development"


@pytest.mark.parametrize(
    ("name", "old", "new", "message"),
    [
        (
            "essex_2014", "  employment_rate:", "  employment_rat:",
            "parameters/scores/essex_2014.yml: indicator of essex_2014: there is no indicator of "
            "essex_2014 'employment_rat'; did you mean 'employment_rate'?",
        ),
        (
            "essex_2015", "", "",
            "parameters/scores/essex_2015.yml: framework: there is no framework 'essex_2015'; did "
            "you mean 'essex_2014'?",
        ),
    ],
)  # fmt: skip
def test_a_file_of_scores_with_an_unknown_name_is_refused(own_home, name, old, new, message):
    folder = own_home / "parameters" / "scores"
    text = (folder / "essex_2014.yml").read_text(encoding="utf-8").replace(old, new)
    (folder / f"{name}.yml").write_text(text, encoding="utf-8")
    with pytest.raises(ParameterError, match=f"^{re.escape(message)}$"):
        load_choosing("essex_2014", "X10000001")


def test_a_framework_without_indicators_has_none_to_choose(home):
    said = (
        "parameters/frameworks/portsmouth_8.yml: it has no entries, so there is no indicator to "
        "choose; add entries that name indicators from parameters/indicators/"
    )
    with pytest.raises(ParameterError, match=f"^{re.escape(said)}$"):
        load_choosing("portsmouth_8", "X10000001")


def test_on_a_day_before_any_figure_nothing_is_measured(home):
    found = load_choosing("essex_2014", "X10000001", as_of="1990-Q1")
    assert found.power.empty
    assert set(found.table["standing"]) == {"development", "secondary", "unscored"}


def test_a_score_of_another_word_is_refused_with_its_line(own_home):
    path = own_home / "parameters" / "scores" / "essex_2014.yml"
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("{score: medium", "{score: middling", 1), encoding="utf-8")
    with pytest.raises(ParameterError) as caught:
        load_choosing("essex_2014", "X10000001")
    assert str(caught.value) == (
        "parameters/scores/essex_2014.yml has 1 problem\n"
        "  line 14, indicators.ready_for_school.communicates.score: got 'middling'; expected "
        "'high', 'medium' or 'low'"
    )
