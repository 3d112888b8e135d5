import re
import shutil
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest

from outcomes.baseline.council import answers
from outcomes.errors import DataError, ParameterError, ended
from outcomes.parameters import read_yaml
from outcomes.sources import respondents
from outcomes.sources.add import add, open_known_store
from outcomes.statistics.intervals.counts import wilson
from outcomes.statistics.survey import effective_answers
from outcomes.tables.council import table_answers_of

AREAS = pd.DataFrame(
    {
        "area_code": ["X10000001", "X07000001", "X07000002"],
        "area_name": ["Tarrowshire", "Tarrowbridge", "Wexmoor"],
        "levels": ["utla", "ltla", "ltla"],
        "parents": ["X12000002", "X10000001 X12000002", "X10000001 X12000002"],
        "end": [np.nan] * 3,
    }
)
ABOUT = """\
id: panel
publisher: Tarrowshire County Council
file: panel.csv
area: X10000001
locality: place
weight: w
groups: {age band: age}
least_answers: 30
questions:
  Is trustworthy:
    column: q
    title: Residents who trust the council
    agree: ["yes"]
    others: ["no"]
    dont_know: ["unsure"]
    dont_know_counts: false
"""


def survey(tmp_path, rows, about=ABOUT):
    (tmp_path / "panel.yml").write_text(about, encoding="utf-8")
    lines = ["respondent,wave,place,w,age,q", *rows]
    (tmp_path / "panel.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    return tmp_path / "panel.yml"


def made(*kinds, start=0):
    """Return rows of (how many, wave, place, weight, age, answer)."""
    rows = []
    for many, *row in kinds:
        rows += [f"{start + len(rows) + i},{','.join(map(str, row))}" for i in range(many)]
    return rows


ROWS = made(
    (40, "2024/25", "Tarrowbridge", 1, "young", "yes"),
    (20, "2024/25", "Tarrowbridge", 1, "old", "no"),
    (10, "2024/25", "Tarrowbridge", 1, "old", "unsure"),
    (30, "2024/25", "Wexmoor", 2, "young", "no"),
    (40, "2024/25", "Wexmoor", 2, "old", "yes"),
)


def of(found, **wanted):
    table = found.observations
    for column, value in wanted.items():
        table = table[table[column] == value]
    return table


def test_row_154_a_share_is_weighted_and_its_answers_counted(tmp_path):
    found = respondents.read(survey(tmp_path, ROWS), AREAS)
    (row,) = of(found, area_code="X10000001", group="").to_dict("records")
    # 40 agree with weight 1 and 40 with weight 2: 120 of 60 + 140 = 200. Who is unsure is left out.
    assert (row["value"], row["denominator"]) == (pytest.approx(60), 130)
    # Kish: 130 answers, sum of squares 60 + 70 x 4 = 340: worth 200^2 / 340 = 117.6.
    assert (row["lower"], row["upper"]) == pytest.approx(
        [100 * limit for limit in wilson(0.6 * 40000 / 340, 40000 / 340)]
    )
    assert (row["series"], row["period"], row["status"]) == (
        "survey/panel/Is trustworthy", "2024/25", "final",
    )  # fmt: skip
    assert found.accounts.to_numpy().tolist() == [["panel", 140, 140, 0, 0]]
    assert found.series["definition"].tolist() == [
        "Weighted share of the residents who answered. Those who do not know are left out."
    ]


def test_row_154_by_locality_and_group_as_far_as_n_allows(tmp_path):
    found = respondents.read(survey(tmp_path, ROWS), AREAS)
    shown = of(found, area_code="X07000001", group="")
    assert shown[["value", "denominator"]].to_numpy().tolist() == [[pytest.approx(100 * 2 / 3), 60]]
    # 20 old people answered in Tarrowbridge: withheld. The young there and the old in Wexmoor go
    # with them, as the sums of the place and of the group would tell; then the last cell too.
    crossed = of(found, group_kind="age band")
    inside = crossed[crossed["area_code"] != "X10000001"]
    assert set(inside["status"]) == {"withheld_small_number"}
    assert inside[["value", "lower", "upper", "denominator"]].isna().all(axis=None)
    assert set(crossed[crossed["area_code"] == "X10000001"]["status"]) == {"final"}


def test_a_group_that_agrees_as_one_has_a_margin_and_one_withheld_shows_no_answers(tmp_path):
    rows = made(
        (50, "2024/25", "Wexmoor", 1, "old", "yes"), (50, "2024/25", "Wexmoor", 1, "old", "no"),
        (100, "2024/25", "Wexmoor", 1, "young", "yes"), (20, "2024/25", "Wexmoor", 1, "none", "no"),
        (60, "2024/25", "Wexmoor", 1, "other", "yes"), (40, "2024/25", "Wexmoor", 1, "other", "no"),
    )  # fmt: skip
    rows = of(respondents.read(survey(tmp_path, rows), AREAS), area_code="X10000001")
    found = answers(rows, {1: "survey/panel/Is trustworthy"})
    framework = SimpleNamespace(
        area="Wexmoor", council_measures=[SimpleNamespace(number=1, wording="Trust")]
    )
    frame = table_answers_of(SimpleNamespace(answers=found, framework=framework)).frame
    # 100 of 100: 3.84 / 103.84 is 4 points. The 20 take those of the same 100 with them.
    assert frame.iloc[:, 1:].to_numpy().tolist() == [
        ["none (age band)", "withheld", "withheld", "–"],
        ["old (age band)", "withheld", "withheld", "–"],
        ["other (age band)", "60%, 2024/25", "100", "±10 points"],
        ["young (age band)", "100%, 2024/25", "100", "±4 points"],
    ]


def test_those_who_do_not_know_count_where_that_is_stated(tmp_path):
    path = survey(tmp_path, ROWS, ABOUT.replace("counts: false", "counts: true"))
    found = respondents.read(path, AREAS)
    (row,) = of(found, area_code="X10000001", group="").to_dict("records")
    assert (row["value"], row["denominator"]) == (pytest.approx(100 * 120 / 210), 140)
    assert found.series["definition"][0].endswith(
        " Those who do not know are counted among the answers."
    )


@pytest.mark.parametrize(
    ("row", "message"),
    [
        ("0,2024/25,Wexmoor,1,old,yes", "respondent is '0'; expected each respondent once in a wave"),
        (",2024/25,Wexmoor,1,old,yes", "respondent is ''; expected the respondent's number"),
        ("900,soon,Wexmoor,1,old,yes", "wave is 'soon'; expected a period such as 2024/25"),
        ("900,2024/25,Wexmor,1,old,yes",
         "place is 'Wexmor'; expected a place within X10000001 that the store has; did you mean "
         "'Wexmoor'?"),
        ("900,2024/25,Wexmoor,0,old,yes", "w is '0'; expected a weight above 0"),
        ("900,2024/25,Wexmoor,,old,yes", "w is ''; expected a weight above 0"),
        ("900,2024/25,Wexmoor,1,,yes", "age is ''; expected a word; for who did not say, 'not known'"),
        ("900,2024/25,Wexmoor,1,old,maybe",
         "q is 'maybe'; expected one of yes, no and unsure, or blank for no answer"),
    ],
)  # fmt: skip
def test_a_wrong_row_is_refused_by_file_line_and_value(tmp_path, row, message):
    path = survey(tmp_path, [*ROWS, row])
    with pytest.raises(DataError, match=re.escape(str(tmp_path))) as raised:
        respondents.read(path, AREAS)
    assert (
        str(raised.value)
        == f"{tmp_path / 'panel.csv'}, line 142: {ended(message)} Nothing was added."
    )


def test_blank_rows_and_a_missing_last_line_end_are_how_a_spreadsheet_saves_it(tmp_path):
    path = survey(tmp_path, [*ROWS[:70], ",,,,,", *ROWS[70:], ",,,,,", ",,,,,"])
    table = tmp_path / "panel.csv"
    table.write_text(table.read_text(encoding="utf-8").rstrip("\n"), encoding="utf-8")
    assert respondents.read(path, AREAS).accounts.to_numpy().tolist() == [["panel", 140, 140, 0, 0]]


def test_a_survey_that_excel_saved_is_not_to_be_downloaded_again(tmp_path):
    path = survey(tmp_path, ROWS)
    (tmp_path / "panel.csv").write_bytes("respondent,caf\u00e9".encode("cp1252"))
    with pytest.raises(DataError) as raised:
        respondents.read(path, AREAS)
    assert str(raised.value) == (
        f"{tmp_path / 'panel.csv'}: it is not UTF-8; save it as 'CSV UTF-8'. Nothing was added."
    )


def test_a_question_that_nobody_answered_is_named(tmp_path):
    path = survey(tmp_path, [row.rpartition(",")[0] + "," for row in ROWS])
    with pytest.raises(DataError) as raised:
        respondents.read(path, AREAS)
    assert str(raised.value) == (
        f"{tmp_path / 'panel.csv'}: nobody answered 'Is trustworthy'; check the headings, or take "
        f"what was not asked out of {path}. Nothing was added."
    )


def test_a_stratum_of_one_cluster_is_refused_with_its_wave(tmp_path):
    path = survey(
        tmp_path, ROWS, ABOUT.replace("weight: w", "weight: w\nstratum: place\ncluster: place")
    )
    with pytest.raises(DataError) as raised:
        respondents.read(path, AREAS)
    assert str(raised.value) == (
        f"{tmp_path / 'panel.csv'}, 2024/25: stratum Tarrowbridge: one cluster only; merge it with "
        "another, as the scatter between its clusters cannot be seen. Nothing was added."
    )


def test_an_answer_that_means_two_things_is_refused(tmp_path):
    path = survey(tmp_path, ROWS, ABOUT.replace('others: ["no"]', 'others: ["no", "yes"]'))
    with pytest.raises(ParameterError, match="the answer 'yes' stands twice; each has one meaning"):
        respondents.read(path, AREAS)


def test_a_folder_without_a_description_is_refused(tmp_path):
    with pytest.raises(DataError) as raised:
        respondents.read(tmp_path, AREAS)
    assert str(raised.value).endswith(
        "no description of a survey in it; expected a file such as residents.yml. docs/surveys.md "
        "says what stands in it. Nothing was added."
    )


@pytest.fixture
def with_survey(own_home):
    """A project whose store holds the sample's survey of residents, serving all 12 measures."""
    path = own_home / "data" / "sample" / "survey" / "residents.yml"
    settings = own_home / "parameters" / "stores" / "sample.yml"
    text = settings.read_text(encoding="utf-8").partition("council_measures:")[0]
    questions = enumerate(read_yaml(path)["questions"], 1)
    served = "".join(f"  {n}: survey/residents/{name}\n" for n, name in questions)
    settings.write_text(f"{text}council_measures:\n{served}", encoding="utf-8")
    add("survey", path, open_known_store("sample"))
    return own_home


def test_row_154_twelve_measures_with_answers_margin_design_effect_and_change(with_survey):
    from outcomes.baseline import load_overview
    from outcomes.model import Page
    from outcomes.tables import table_council_measures

    page = Page(
        framework="essex_2014", outcome="overview", locality="X10000001", comparator="nation"
    )
    overview = load_overview(page)
    assert [answer.number for answer in overview.answers] == list(range(1, 13))
    first = overview.answers[0]
    raw = pd.read_csv(with_survey / "data/sample/survey/respondents.csv", dtype=str)
    asked = raw[(raw["wave"] == "2024/25") & (raw["q1"] != "9")]
    weight = asked["weight"].astype(float)
    share = weight[asked["q1"].isin(["1", "2"])].sum() / weight.sum()
    assert first.value == pytest.approx(100 * share)
    assert first.answers == len(asked)
    assert 1.2 < first.answers / first.effective < 2.5
    assert first.margin == pytest.approx(
        196 * np.sqrt(share * (1 - share) / first.effective), rel=1e-3
    )
    # Planted: the share falls by more than chance from the second wave to the third.
    assert (first.before, first.verdict) == ("2023/24", "real")
    assert first.change < -4
    table = table_council_measures(overview).frame
    assert len(table) == 12
    assert table["Answers"][0] == (
        f"{first.answers:,.0f}, worth {first.effective:,.0f} (design effect "
        f"{first.answers / first.effective:.1f}, with any allowance for few clusters)"
    )
    parts = table_answers_of(overview).frame
    assert len(parts) == 12 * (12 + 4 + 2)
    assert {"Wexmoor (place)", "16 to 34 (age band)", "Female (sex)"} <= set(
        parts["Place or group"]
    )


def test_a_districts_own_page_shows_its_own_answers(with_survey):
    rows = open_known_store("sample").observations(
        ["survey/residents/Is trustworthy"], ["X07000002"]
    )
    everyone = rows[rows["group_kind"] == ""]
    assert len(everyone) == 3
    worth = effective_answers(*(everyone[name] / 100 for name in ("value", "lower", "upper")))
    assert (worth <= everyone["denominator"] + 1e-6).all()
    assert (rows["status"] == "withheld_small_number").any()


def test_a_survey_is_added_once_and_a_broken_one_leaves_the_store_as_it_was(own_home):
    store = open_known_store("sample")
    source = own_home / "data" / "sample" / "survey"
    broken = own_home / "broken"
    shutil.copytree(source, broken)
    text = (broken / "respondents.csv").read_text(encoding="utf-8")
    (broken / "respondents.csv").write_text(text.replace("Wexmoor", "Wexmore", 1), encoding="utf-8")
    with pytest.raises(DataError, match=r"district is 'Wexmore'; .* did you mean 'Wexmoor'\?"):
        add("survey", broken / "residents.yml", store)
    assert not store.series().index.str.startswith("survey/").any()
    assert add("survey", source / "residents.yml", store).changed
    assert not add("survey", source / "residents.yml", store).changed
