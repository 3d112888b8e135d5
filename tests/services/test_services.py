"""What a service did for its customers, beside what happened to everyone, and never as its cause."""

import re
from dataclasses import replace

import nbformat
import pandas as pd
import pytest
from click.testing import CliRunner
from matplotlib.figure import Figure

from outcomes.baseline import load_overview
from outcomes.charts.services import plot_measure
from outcomes.cli import main
from outcomes.model import Page
from outcomes.model.performance import CAUTION, PeopleConcerned, Service
from outcomes.narrative.services import (
    describe_measure,
    say_follow_up,
    say_reach,
    say_service,
    say_services,
    say_targets,
)
from outcomes.reports.services import service_blocks
from outcomes.services import load_service, load_services, service_result
from outcomes.tables.services import table_follow_up, table_measure, table_measures

PAGE = Page(framework="essex_2014", outcome="services", locality="X10000001", comparator="nation")
CAUSAL = re.compile(
    r"\b(because|cause[ds]?|due to(?! at)|thanks to|led to|leads? to|result(?:s|ed)? (?:of|from|in)|"
    r"impact|effect of|made|drove|driven|therefore|so that|contributed to a|reduced|improved)\b",
    re.IGNORECASE,
)


def typed(clients=None, **measures):
    """Return a service with typed figures: name = (quadrant, kind, unit, figures, extra)."""
    return Service.model_validate(
        {
            "title": "Job club", "place": "X10000001", "framework": "essex_2014",
            "outcomes": ["economic_growth"], "provider": "Job Club Trust (invented)",
            "commissioner": "Head of skills", "contract": "Grant (invented)",
            "customer_group": "people out of work", "clients": clients,
            "measures": {
                name: {"title": name, "quadrant": quadrant, "kind": kind, "unit": unit,
                       "accountable": "provider", "figures": figures, **extra}
                for name, (quadrant, kind, unit, figures, extra) in measures.items()
            },
        }
    )  # fmt: skip


def club(percent, number):
    return typed(
        people=("how_much", "customers_served", "people", {"2023/24": 240, "2024/25": 260}, {}),
        quick=("how_well", "timeliness", "%", {"2024/25": 90}, {}),
        number=("better_off_number", "circumstance", "people", number, {}),
        percent=("better_off_percent", "circumstance", "%", percent,
                 {"people": "people", "number": "number"}),
    )  # fmt: skip


def test_row_142_number_and_percent_of_the_same_people_agree_within_rounding():
    # 25% of 240 is 60; 104 of 260 is 40%.
    found = service_result("club", club({"2023/24": 25, "2024/25": 40}, {"2023/24": 60, "2024/25": 104}),
                           pd.DataFrame())  # fmt: skip
    assert found.flags == ()
    # 41% of 260 is 106.6; from 40.5% to 41.5% of 260 people it is 106 or 107, never 104.
    found = service_result("club", club({"2023/24": 25, "2024/25": 41}, {"2023/24": 60, "2024/25": 104}),
                           pd.DataFrame())  # fmt: skip
    assert found.flags == (
        "percent, 2024/25: the number is given as 104 of 260 people, and the percent as 41%: no "
        "rounding makes the two the same. Ask the provider which of the three is wrong.",
    )


def test_row_142_more_better_off_than_people_never_agree():
    # 120% of 240 people would be 288, but nobody has 288 of 240.
    found = service_result("club", club({"2023/24": 120}, {"2023/24": 288}), pd.DataFrame())
    assert found.flags == (
        "percent, 2023/24: the number is given as 288 of 240 people, and the percent as 120%: no "
        "rounding makes the two the same. Ask the provider which of the three is wrong.",
    )


def test_row_142_a_period_that_cannot_be_checked_is_said():
    # The percent of 2024/25 has no number, the number of 2022/23 neither people nor percent.
    found = service_result(
        "club", club({"2024/25": 40, "2023/24": 25}, {"2023/24": 60, "2022/23": 9}), pd.DataFrame()
    )
    assert found.flags == (
        "percent: not checked for 2022/23 and 2024/25, as not all of it, people and number have a "
        "figure. Give all three for the same periods.",
    )


def test_the_latest_figure_is_of_the_newest_period_in_whatever_order_they_are_typed():
    service = typed(
        split=(
            "how_much",
            "customers_served",
            "people",
            {"2024/25": 260, "2022/23": 220, "2023/24": 240, "2025/26 so far": 70},
            {},
        ),
        months=("how_much", "activities", "visits", {"April 2024": 3, "March 2024": 2}, {}),
        shorter=("how_well", "timeliness", "%", {"Mar-24": 80, "Dec-23": 70}, {"target": 75}),
        seasons=(
            "how_much",
            "activities",
            "hours",
            {
                "Spring 2024": 1,
                "Summer 2024": 2,
                "Autumn 2024": 3,
                "Week 9 of 2025": 4,
                "Week 10 of 2025": 5,
            },
            {},
        ),
        mixed=("how_well", "satisfaction", "%", {"2024/25": 9, "2024": 8, "2023/24": 7}, {}),
    ).model_copy(
        update={"people_concerned": PeopleConcerned(number=2600, who="people", source="x")}
    )
    found = service_result("club", service, pd.DataFrame())
    latest = table_measures(found).frame.set_index("Performance measure")["Latest"]
    assert latest.to_dict() == {
        "split": "260 people, 2024/25", "months": "3 visits, April 2024", "shorter": "80%, Mar-24",
        "seasons": "5 hours, Week 10 of 2025", "mixed": "9%, 2024/25",
    }  # fmt: skip
    lines = {line.name: line for line in found.lines}
    assert table_measure(lines["split"]).frame["Period"].tolist() == [
        "2022/23", "2023/24", "2024/25", "2025/26 so far",
    ]  # fmt: skip
    assert lines["seasons"].figures["period"].tolist() == [
        "Spring 2024", "Summer 2024", "Autumn 2024", "Week 9 of 2025", "Week 10 of 2025",
    ]  # fmt: skip
    assert lines["mixed"].figures["period"].tolist() == ["2023/24", "2024", "2024/25"]
    at = found.lines.index(lines["shorter"])
    assert describe_measure(found, at) == (
        "shorter, customers of Job club only: 70% in Dec-23 and 80% in Mar-24."
    )
    assert say_targets(found) == (
        "Beside its targets: shorter (80% in Mar-24, target 75%): target reached."
    )
    assert found.reach() == ("2024/25", 260, 0.1)
    figure = plot_measure(lines["split"], ax=Figure().subplots())
    assert [label.get_text() for label in figure.get_xticklabels()][:3] == [
        "2022/23", "2023/24", "2024/25",
    ]  # fmt: skip


def year_of_clients(better, lost, not_better):
    """Return clients discharged in 2022/23, by what was known of them 12 months later."""
    n = better + lost + not_better
    asked = [pd.Timestamp("2023-06-01")] * (better + not_better) + [pd.NaT] * lost
    return pd.DataFrame(
        {
            "started": pd.Timestamp("2022-04-02"),
            "discharged": pd.Timestamp("2022-06-01"),
            "followed_up": asked,
            "at_discharge": [1.0, 0.0] * (n // 2) + [1.0] * (n % 2),
            "at_follow_up": [1.0] * better + [0.0] * not_better + [float("nan")] * lost,
        }
    )


@pytest.mark.parametrize(
    ("clients", "target", "figure", "said"),
    [
        # If none or all of the ten who were lost are better off: 20 or 30.
        ((20, 10, 15), 25, "20 to 30 people", "no clear difference from the target"),
        ((20, 10, 15), 30, "20 to 30 people", "no clear difference from the target"),
        ((20, 10, 15), 31, "20 to 30 people", "target missed"),
        ((20, 10, 15), 19, "20 to 30 people", "target reached"),
        ((20, 0, 15), 20, "20 people", "target reached"),
    ],
)
def test_the_number_at_follow_up_is_a_range_with_the_lost(clients, target, figure, said):
    service = typed(still=("better_off_number", "circumstance", "people", None, {"target": target,
                           "from_clients": {"count": "better_off", "at": "follow_up"}}),
                    clients={"file": "x.csv", "as_of": "2024-03-31", "better_off": ["b"],
                             "not_better_off": ["n"]})  # fmt: skip
    found = service_result("club", service, year_of_clients(*clients))
    assert table_measures(found).frame["Latest"].tolist() == [f"{figure}, 2022/23"]
    assert say_targets(found) == (
        f"Beside its targets: still ({figure} in 2022/23, target {target} people): {said}."
    )
    bars = plot_measure(found.lines[0], ax=Figure().subplots())
    labels = [text.get_text().replace("\n", " ") for text in bars.figure.legends[0].get_texts()]
    assert ("Not followed up: may be better off or not" in labels) == (clients[1] > 0)


def test_rows_140_and_153_an_empty_better_off_cell_is_flagged(home):
    flags = load_service("advice_line").flags
    assert flags == (
        "No measure says whether anyone is better off. This question is required: agree on one with "
        "the provider, as a number and a percent of the same people.",
    )
    one = club({"2023/24": 25}, {"2023/24": 60})
    measures = {
        name: m for name, m in one.measures.items() if name in ("people", "quick", "number")
    }
    found = service_result("club", one.model_copy(update={"measures": measures}), pd.DataFrame())
    assert found.flags == ("The cell ‘Is anyone better off? Percent’ (most important) is empty.",)


def test_row_141_a_report_lists_measures_in_the_order_of_importance(home):
    questions = table_measures(load_service("treatment_programme")).frame["Question"]
    ranks = [re.search(r"\((\w+(?: most)?) important\)", text)[1] for text in questions]
    assert ranks == ["most", "most", "second most", "third most", "third most", "least", "least"]


def test_row_143_the_treatment_programme_loses_nobody(home):
    found = load_service("treatment_programme")
    raw = pd.read_csv(home / found.service.clients.file, dtype=str)
    left = pd.to_datetime(raw["discharged"])
    inside = raw[(left >= "2023-04-01") & (left < "2024-04-01")]
    row = found.follow_up.set_index("period").loc["2023/24"]
    assert row["discharged"] == len(inside)
    assert (
        row["better_at_discharge"]
        == (inside["state_at_discharge"] == "Off alcohol and drugs").sum()
    )
    assert row["due"] == len(inside) == row["followed"] + row["lost"]
    assert row["lost"] == inside["followed_up"].isna().sum() > 20
    still = (inside["state_at_follow_up"] == "Off alcohol and drugs").sum()
    assert row["better_at_follow_up"] == still
    assert row["worst"] == pytest.approx(still / len(inside))
    lines = {line.name: line.figures.set_index("period") for line in found.lines}
    percent, number = lines["percent_off_after_a_year"], lines["off_after_a_year"]
    assert percent.loc["2023/24", "value"] == pytest.approx(100 * still / len(inside))
    assert (number.loc["2023/24", "value"], number.loc["2023/24", "people"]) == (still, len(inside))
    # Its range holds whatever became of the lost.
    assert percent.loc["2023/24", "upper"] > 100 * (still + row["lost"]) / len(inside)
    assert lines["percent_off_at_discharge"].index[-1] == "2025/26 so far"
    assert percent.index[-2] == "2024/25 so far"
    assert percent["word"].iloc[-1] == "not due yet"


def test_row_143_what_is_said_counts_those_who_were_lost(home):
    found = load_service("treatment_programme")
    row = found.follow_up.set_index("period").loc["2023/24"]
    assert say_follow_up(found) == (
        "The records of clients go up to 30 June 2025. "
        f"Of those discharged in 2023/24, {row['due']:.0f} were due at 12 months, and "
        f"{row['lost']:.0f} of them were not followed up. {row['better_at_follow_up']:.0f} of the "
        f"{row['followed']:.0f} who were followed up were better off "
        f"({100 * row['of_followed']:.0f}%). "
        f"Out of all who were due it may be anything from {100 * row['worst']:.0f}% to "
        f"{100 * row['best']:.0f}%, depending on those who were not followed up."
    )
    table = table_follow_up(found).frame.set_index("Discharged in")
    assert table.loc["2023/24", "Lost"] == f"{row['lost']:.0f}"


def test_a_table_shows_whole_years_and_says_of_how_many_people(home):
    found = load_service("treatment_programme")
    latest = table_measures(found).frame.set_index("Performance measure")["Latest"]
    row = found.follow_up.set_index("period").loc["2024/25"]
    said = latest["Percent of clients off alcohol and drugs at discharge"]
    share, low, high = (
        100 * row[name] for name in ("at_discharge", "at_discharge_lower", "at_discharge_upper")
    )
    assert said == (
        f"{share:.0f}% of {row['discharged']:.0f} people ({low:.0f}% to {high:.0f}%, allowing for "
        "chance), 2024/25"
    )
    then = found.follow_up.set_index("period").loc["2023/24"]
    worst, best, low, high = (
        f"{100 * then[name]:.0f}%" for name in ("worst", "best", "worst_lower", "best_upper")
    )
    assert latest["Percent of clients off alcohol and drugs 12 months after discharge"] == (
        f"{worst} to {best} of {then['due']:.0f} people ({low} to {high}, allowing for chance), 2023/24"
    )
    assert latest["Staff with the training or qualification"] == "86%, 2024/25"


def test_each_target_stands_beside_the_newest_figure_and_chance_is_allowed_for(home):
    found = load_service("treatment_programme")
    share = 100 * found.follow_up.set_index("period").loc["2024/25", "at_discharge"]
    assert say_targets(found) == (
        f"Beside its targets: Percent of clients off alcohol and drugs at discharge ({share:.0f}% in "
        "2024/25, target 55%): no clear difference from the target; Staff with the training or "
        "qualification (86% in 2024/25, target 90%): target missed."
    )
    assert say_targets(load_service("advice_line")) == (
        "Beside its targets: Calls answered within two minutes (73% in 2024/25, target 80%): target "
        "missed."
    )


def test_withheld_numbers_read_as_withheld(home):
    found = load_service("treatment_programme")
    clients = pd.DataFrame(
        {
            "started": pd.to_datetime(["2023-05-01"] * 9),
            "discharged": pd.to_datetime(["2023-09-01"] * 9),
            "followed_up": pd.to_datetime(["2024-09-02"] * 6 + [None] * 3),
            "at_discharge": [1.0] * 3 + [0.0] * 6,
            "at_follow_up": [1.0] * 6 + [float("nan")] * 3,
        }
    )
    found = service_result("treatment_programme", found.service, clients)
    row = table_follow_up(found).frame.iloc[0].tolist()
    assert row == ["2023/24", "9", *["withheld"] * 7]
    latest = table_measures(found).frame.set_index("Performance measure")["Latest"]
    assert (
        latest["Clients off alcohol and drugs at discharge"]
        == "withheld to protect people's privacy"
    )
    assert found.flags == tuple(
        f"{line.measure.title}: every figure is withheld to protect people's privacy."
        for line in found.lines
        if line.figures["value"].isna().all()
    )
    assert len(found.flags) == 4


@pytest.mark.parametrize("rows", [["C1,2025-01-01,,,,", "C2,2025-02-01,,,,"], []])
def test_a_service_from_which_nobody_was_discharged_has_a_report(own_home, rows):
    file = own_home / "data/sample/services/treatment-clients.csv"
    head = file.read_text(encoding="utf-8-sig").partition("\n")[0]
    file.write_text("\n".join([head, *rows]) + "\n", encoding="utf-8")
    done = CliRunner().invoke(main, ["services", "report", "treatment_programme"])
    assert done.exit_code == 0, done.exception
    said = "To look at: Percent of clients off alcohol and drugs at discharge: there is no figure yet.\n"
    assert said in done.output
    assert service_blocks(load_services(PAGE), {})


def test_row_122_a_table_of_performance_measures_takes_nothing_else(home):
    found = load_service("advice_line")
    position = (
        load_overview(PAGE.model_copy(update={"outcome": "overview"})).baselines[0].positions[0]
    )
    with pytest.raises(TypeError, match="Position: a table of performance measures takes no other"):
        table_measures(replace(found, lines=(*found.lines, position)))


@pytest.fixture(scope="module")
def executed(_sample_home, tmp_path_factory):
    """The page of services of the sample county, made by papermill from its notebook."""
    import papermill

    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("OUTCOMES_HOME", str(_sample_home))
        folder = _sample_home / "notebooks" / "overview"
        out = tmp_path_factory.mktemp("made") / "services.ipynb"
        papermill.execute_notebook(
            folder / "services.ipynb",
            out,
            PAGE.model_dump(),
            kernel_name="python3",
            progress_bar=False,
        )
    outputs = [
        o for cell in nbformat.read(out, as_version=4).cells for o in cell.get("outputs", [])
    ]
    return "".join(o["data"]["text/html"] for o in outputs if "text/html" in o.get("data", {}))


@pytest.mark.slow
def test_row_122_no_table_of_a_page_mixes_services_and_everyone(home, executed):
    page = load_services(PAGE)
    measures = {line.measure.title for result in page.services for line in result.lines}
    indicators = {p.indicator.title for b in page.overview.baselines for p in b.positions}
    tables = re.findall(r"<table.*?</table>", executed, re.DOTALL)
    assert len(tables) >= 6
    for table in tables:
        has = [any(title in table for title in side) for side in (measures, indicators)]
        assert not all(has), table[:300]


@pytest.mark.slow
def test_rows_138_and_156_the_contribution_is_shown_beside_the_curve_with_the_caution(executed):
    _, _, part = executed.partition(
        "Drug and alcohol treatment programme, beside everyone in Tarrow"
    )
    assert CAUTION in part
    first, second = part.index("For its customers: "), part.index("For everyone in Tarrowshire: ")
    assert first < second
    # Two pictures, each with a text alternative and a table of its own: never one axis.
    assert part.count("<figure") == part.count("<img") == 2
    assert all(re.findall(r'alt="([^"]+)"', part))
    assert part.count("The figures in this chart as a table") == 2
    assert executed.count(CAUTION) == 1
    assert "No population curve with figures is named for: Money advice line." in executed


@pytest.mark.slow
def test_row_138_no_sentence_speaks_of_a_cause(home, executed):
    page = load_services(PAGE)
    said = [*say_services(page)]
    for result in page.services:
        said += [say_service(result), say_follow_up(result), say_reach(result)]
    alternatives = re.findall(r'alt="([^"]+)"', executed)
    for sentence in [*said, *alternatives]:
        assert not CAUSAL.search(sentence), sentence
    assert CAUSAL.search("Crime fell because of it")


def test_row_138_the_size_of_a_service_is_given_beside_the_people_concerned(home):
    found = load_service("treatment_programme")
    period, customers, share = found.reach()
    assert period == "2024/25"
    assert share == pytest.approx(customers / 7800)
    assert say_reach(found) == (
        f"In 2024/25 the service had {customers:.0f} customers. There are about 7,800 adults in "
        "Tarrowshire who depend on drugs or alcohol (an invented estimate for 2024), so it reached at "
        f"most about {100 * share:.0f} in 100 of them."
    )
    assert say_reach(load_service("advice_line")) == (
        "How many people the service is meant for is not known, so nobody can say what share of them "
        "it reached."
    )


@pytest.mark.parametrize(
    ("served", "said"),
    [
        (24, "so it reached at most about 2 in 100 of them."),
        (6, "so it reached at most about 1 in 100 of them."),
        (5, "so it reached at most 1 in 200 of them."),
        (4, "so it reached fewer than 1 in 200 of them."),
        (0, "so it reached fewer than 1 in 200 of them."),
        (1000, "so it reached at most about 100 in 100 of them."),
    ],
)
def test_row_138_what_is_said_of_the_reach_is_true_of_small_shares(served, said):
    assert say_reach(reaching(served)) == (
        f"In 2024/25 the service had {served:,} customers. There are about 1,000 people out of work "
        f"(a count), {said}"
    )


def test_row_138_more_customers_than_people_are_no_share():
    assert say_reach(reaching(1001)) == (
        "In 2024/25 the service had 1,001 customers. There are about 1,000 people out of work (a "
        "count), fewer than that. The two numbers do not fit, so nobody can say what share it reached."
    )


def reaching(served):
    concerned = PeopleConcerned(number=1000, who="people out of work", source="a count")
    figures = ("how_much", "customers_served", "people", {"2024/25": served}, {})
    service = typed(people=figures).model_copy(update={"people_concerned": concerned})
    return service_result("club", service, pd.DataFrame())


def test_row_155_each_outcome_names_contributors_and_none_answers_alone(home):
    found = load_services(PAGE).contributors()
    assert found["People in Tarrowshire live in safe communities and are protected from harm"] == (
        "Drug and alcohol treatment programme, by Tarrowshire Recovery Trust (invented)",
    )
    assert len(found) == 7


def test_the_command_prints_a_service_and_refuses_an_unknown_one(home):
    done = CliRunner().invoke(main, ["services", "report", "advice_line"])
    assert done.exit_code == 0
    assert "To look at: No measure says whether anyone is better off." in done.output
    assert done.output.rstrip().endswith(CAUTION)
    listed = CliRunner().invoke(main, ["services", "list"]).output.splitlines()
    assert [line.split("\t")[0] for line in listed] == ["advice_line", "treatment_programme"]
    assert "customers_served" in CliRunner().invoke(main, ["services", "kinds"]).output
    wrong = CliRunner().invoke(main, ["services", "report", "advise_line"])
    assert wrong.exit_code == 10


@pytest.mark.parametrize("services", [True, False])
def test_a_run_has_the_page_if_it_asks_for_it(home, services):
    from outcomes.batch.plan import plan
    from outcomes.model import RunRequest
    from outcomes.parameters import load_parameters

    request = RunRequest(title="x", framework="essex_2014", outcomes=("environment",),
                         localities=("X10000001",), comparators=("nation",), services=services)  # fmt: skip
    tasks = [task for task in plan(load_parameters(), request) if task.page.outcome == "services"]
    assert [task.notebook.name for task in tasks] == ["services.ipynb"] * services
