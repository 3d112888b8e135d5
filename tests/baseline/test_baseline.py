"""Results on the sample county, each figure worked out again from the raw files by other means."""

import csv
import math

import numpy as np
import pandas as pd
import pytest

from outcomes.baseline import load_baseline, load_overview
from outcomes.errors import ParameterError
from outcomes.parameters import load_parameters

NATION, COUNTY, DISTRICT = "X92000001", "X10000001", "X07000003"


def raw_rows(home, dataset: str, indicator: str | None = None) -> list[dict]:
    path = home / "data" / "sample" / "els" / dataset / f"{dataset}.csv"
    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    return [row for row in rows if indicator in (None, row["indicator"])]


def raw_latest(rows: list[dict], code: str) -> dict:
    own = [row for row in rows if row["areacd"] == code and row["observation"] != ""]
    return max(own, key=lambda row: row["period"])


def baseline(outcome: str, locality: str, comparator: str = "nation"):
    page = load_parameters().page(
        framework="essex_2014", outcome=outcome, locality=locality, comparator=comparator
    )
    return load_baseline(page)


def position(results, indicator: str):
    (found,) = [p for p in results.positions if p.indicator_id == indicator]
    return found


@pytest.mark.parametrize("code", [COUNTY, DISTRICT])
def test_latest_comparison_and_rank_match_the_raw_file(home, code):
    rows = raw_rows(home, "adult-obesity-prevalence")
    latest, nation = raw_latest(rows, code), raw_latest(rows, NATION)
    got = position(baseline("health_and_wellbeing", code), "adult_obesity")
    assert got.latest.value == float(latest["observation"])
    assert (got.latest.lower, got.latest.upper) == (
        float(latest["lci_95"]),
        float(latest["uci_95"]),
    )
    assert got.comparison.value == float(nation["observation"])
    assert got.comparison.label == "Alderland"
    assert math.isclose(
        got.comparison.difference, float(latest["observation"]) - float(nation["observation"])
    )
    level = "County or Unitary Authority" if code == COUNTY else "Local Authority District"
    peers = [
        float(row["observation"])
        for row in rows
        if row["geography"] == level
        and row["period"] == latest["period"]
        and row["observation"]
        and "Obsolete" not in row["notes"]
    ]
    assert got.rank.of == len(peers)
    assert got.rank.position == 1 + sum(value < got.latest.value for value in peers)


def test_history_is_every_row_in_order_with_the_comparators_value_of_that_period(home):
    rows = raw_rows(home, "employment-rate", "Employment rate")
    got = position(baseline("economic_growth", COUNTY), "employment_rate").history
    own = sorted((r for r in rows if r["areacd"] == COUNTY), key=lambda r: r["period"])
    nation = {r["period"]: float(r["observation"]) for r in rows if r["areacd"] == NATION}
    assert got["value"].tolist() == [float(row["observation"]) for row in own]
    assert got["comparator"].tolist() == [nation[row["period"]] for row in own]
    assert got["period_start"].is_monotonic_increasing


def test_a_suppressed_figure_is_named_and_the_one_before_it_shown(home):
    got = position(baseline("health_and_wellbeing", DISTRICT), "teenage_pregnancy")
    assert got.latest.period == "2023"
    assert got.newer == ("The figure for 2024 is withheld to protect people's privacy.")
    assert got.history["value"].isna().tolist()[-1]
    assert got.comparison.value == pytest.approx(
        next(
            float(r["observation"])
            for r in raw_rows(home, "under-18-conceptions")
            if r["areacd"] == NATION and r["period"].startswith("2023")
        )
    ), "the comparator's figure is of the same period, not of its own latest"


def test_a_place_without_rows_has_no_figure_and_never_its_parents(home):
    got = position(baseline("safe_communities", DISTRICT), "children_in_care")
    assert got.latest is None
    assert got.comparison is None
    assert got.rank is None
    assert got.history.empty
    assert got.missing == (
        "The source used here has no figure for Ellenford. The smallest area around it with a "
        "figure is Tarrowshire; that figure is not Ellenford's and is not shown here."
    )


def test_an_unavailable_latest_value_is_missing_not_zero(home):
    mallingbrook = "X07000006"
    got = position(baseline("economic_growth", mallingbrook), "employment_rate")
    assert got.latest.period == "2022"
    assert got.newer == "The figure for 2023 is not available from the publisher."
    assert (got.history["value"] != 0).all()


def test_a_count_is_neither_compared_nor_ranked(home):
    got = position(baseline("environment", COUNTY), "preventable_flooding")
    assert got.latest.value >= 0
    assert got.rank is None
    assert got.comparison.verdict == "not_compared"
    assert got.comparison.reason == (
        "a number of people or events depends on the size of the place"
    )
    assert got.history["comparator"].isna().all()


def test_a_series_that_stopped_is_called_old(home):
    got = position(baseline("economic_growth", COUNTY), "travel_time_by_car")
    assert got.latest.period == "2019"
    assert got.stale


def test_places_within_a_county_and_siblings_of_a_district(home):
    county = position(baseline("economic_growth", COUNTY), "median_earnings")
    district = position(baseline("economic_growth", DISTRICT), "median_earnings")
    assert county.within_label == district.within_label == "districts in Tarrowshire"
    assert len(county.within) == 12
    assert county.within["area_code"].tolist() == district.within["area_code"].tolist()
    assert len(set(county.within["period"])) == 1


def adults(home) -> dict[str, float]:
    """Return the newest estimate of people aged 18 and over, by area."""
    path = home / "data" / "sample" / "population" / "mid_year_estimates.csv"
    people = pd.read_csv(path, dtype={"age": str})
    people["age"] = people["age"].str.removesuffix("+").astype(int)
    people = people[people["mid_year"] == people["mid_year"].max()]
    return people[people["age"] >= 18].groupby("area_code")["population"].sum().to_dict()


def test_neighbours_give_a_mean_weighted_by_people_and_rank_the_place_among_them(home):
    path = home / "data" / "sample" / "els" / "reference" / "clusters" / "global-neighbours.csv"
    with path.open(encoding="utf-8-sig", newline="") as file:
        (row,) = [r for r in csv.DictReader(file) if r["AREACD"] == DISTRICT]
    near = [row[str(i)] for i in range(1, 21) if row[str(i)]]
    rows = raw_rows(home, "adult-obesity-prevalence")
    values = [float(raw_latest(rows, code)["observation"]) for code in near]
    got = position(baseline("health_and_wellbeing", DISTRICT, "ons_global"), "adult_obesity")
    assert got.comparison.members == len(near)
    people = [adults(home)[code] for code in near]
    assert got.comparison.value == pytest.approx(np.average(values, weights=people))
    assert got.comparison.how == "weighted"
    assert got.comparison.simple == pytest.approx(np.mean(values))
    assert got.comparison.median == pytest.approx(np.median(values))
    assert got.comparison.label == f"the average of {len(near)} similar places"
    assert got.rank.of == len(near) + 1
    assert got.rank.among == f"Ellenford and {len(near)} similar places"


def test_parent_compares_a_district_with_its_county_and_its_siblings(home):
    got = position(baseline("health_and_wellbeing", DISTRICT, "parent"), "adult_obesity")
    rows = raw_rows(home, "adult-obesity-prevalence")
    assert got.comparison.label == "Tarrowshire"
    assert got.comparison.value == float(raw_latest(rows, COUNTY)["observation"])
    assert got.rank.of == 12
    assert got.rank.among == "districts in Tarrowshire"


def test_a_model_with_no_list_for_the_place_says_so(home):
    got = position(baseline("health_and_wellbeing", DISTRICT, "dfe_2025"), "adult_obesity")
    assert got.comparison.verdict == "not_compared"
    assert got.comparison.value != got.comparison.value
    assert "has no entry for Ellenford, so there is nobody to compare with" in got.comparison.reason
    assert got.rank is None


def test_every_indicator_is_a_position_or_a_gap_and_nothing_between(home):
    parameters = load_parameters()
    page = parameters.page(
        framework="essex_2014", outcome="overview", locality=COUNTY, comparator="nation"
    )
    overview = load_overview(page)
    for shown in overview.baselines:
        wanted = {
            member
            for entry in shown.outcome.entries
            for member in parameters.indicators[entry.indicator].members or (entry.indicator,)
        }
        assert len(shown.positions) + len(shown.gaps) >= len(wanted)
        assert shown.positions, "each outcome has some series in the sample"
        assert shown.gaps, "each outcome keeps a gap in the sample"
        assert all(gap.why and gap.action for gap in shown.gaps)


def test_the_samples_own_name_stands_in_the_wording(home):
    results = baseline("best_start", DISTRICT)
    assert results.outcome.title == "Children in Tarrowshire get the best start in life"
    assert results.notice == "sample data, not a real place"
    licences = {p.source.licence for p in results.positions}
    assert licences == {"invented figures, free for any use"}


def test_an_indicator_means_the_same_under_every_outcome(home):
    figures = {
        position(baseline(outcome, COUNTY), "employment_rate").latest
        for outcome in ("health_and_wellbeing", "education_and_learning", "economic_growth")
    }
    assert len(figures) == 1


def test_a_proxy_is_passed_on_from_its_entry_to_its_position(own_home):
    path = own_home / "parameters" / "frameworks" / "essex_2014.yml"
    text = path.read_text(encoding="utf-8")
    line = "        indicator: residual_waste\n"
    assert text.count(line) == 1
    proxy = "        proxy: What is thrown away tells of what is bought.\n"
    path.write_text(text.replace(line, line + proxy), encoding="utf-8")
    got = baseline("environment", COUNTY)
    proxies = {p.indicator_id: p.proxy for p in got.positions if p.proxy}
    assert proxies == {"residual_waste": "What is thrown away tells of what is bought."}


def test_an_overview_is_not_a_baseline(home):
    page = load_parameters().page(
        framework="essex_2014", outcome="overview", locality=COUNTY, comparator="nation"
    )
    with pytest.raises(ParameterError) as refused:
        load_baseline(page)
    assert str(refused.value) == (
        "the page 'overview' has no outcome of its own; use load_overview"
    )


def test_two_loads_give_the_same_figures(home):
    from outcomes.notebook.page import signature

    assert signature(baseline("best_start", DISTRICT)) == signature(
        baseline("best_start", DISTRICT)
    )


def test_a_region_and_a_nation_have_pages_that_name_their_parts(home):
    region = position(baseline("economic_growth", "X12000002"), "employment_rate")
    assert region.within_label == "counties in Mid Alderland"
    assert region.rank.among == "regions in Alderland"
    assert region.rank.of == 3
    nation = position(baseline("economic_growth", NATION), "employment_rate")
    assert nation.within_label == "regions in Alderland"
    assert nation.comparison.reason == "Alderland has no nation around it to compare with"
    assert nation.comparison.verdict == "not_compared"
    assert nation.rank is None


def test_an_area_that_no_longer_exists_is_left_out_of_a_group(own_home):
    path = own_home / "parameters" / "comparators.yml"
    text = path.read_text(encoding="utf-8")
    added = (
        "\nours: {kind: list, title: the chosen ones, areas: [X07000001, X07000002, X07000037]}\n"
    )
    path.write_text(text + added, encoding="utf-8")
    got = baseline("environment", DISTRICT, "ours")
    assert got.comparator_label == "the average of 2 chosen ones"
    assert position(got, "residual_waste").rank.among == "Ellenford and 2 chosen ones"


def test_fifths_are_named_among_ten_areas_or_more_and_a_shared_rank_is_counted(home):
    for place, fifths in ((COUNTY, False), (DISTRICT, True)):
        overview = load_overview(
            load_parameters().page(
                framework="essex_2014", outcome="overview", locality=place, comparator="nation"
            )
        )
        ranks = [p.rank for b in overview.baselines for p in b.positions if p.rank]
        assert ranks
        assert all((rank.fifth is not None) is (rank.of >= 10) for rank in ranks)
        assert any(rank.fifth for rank in ranks) is fifths


def test_a_shared_rank_counts_all_that_share_it(home):
    rank = position(baseline("health_and_wellbeing", COUNTY), "fuel_poverty").rank
    rows = raw_rows(home, "fuel-poverty")
    own = raw_latest(rows, COUNTY)
    values = [
        float(row["observation"])
        for row in rows
        if row["period"] == own["period"] and row["areacd"].startswith("X10") and row["observation"]
    ]
    value = float(own["observation"])
    assert rank.alike == values.count(value) > 1
    assert (rank.position, rank.last) == (
        1 + sum(each < value for each in values),
        sum(each <= value for each in values),
    )
