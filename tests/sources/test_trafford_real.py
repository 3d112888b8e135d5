"""The Trafford extracts themselves: each count and figure beside what the raw files hold."""

import csv
from pathlib import Path

import pandas as pd
import pytest

from outcomes.sources import trafford
from outcomes.sources.periods import written_period
from outcomes.store.checks import check_observations

pytestmark = pytest.mark.shared_data


@pytest.fixture(scope="module")
def root(shared_data) -> Path:
    return shared_data / "fingertips"


@pytest.fixture(scope="module")
def reading(root):
    return trafford.read(root)


@pytest.fixture(scope="module")
def raw(root) -> dict[str, list[dict]]:
    """The rows of each extract by its name, as text."""
    found = {}
    for path in sorted(root.glob("*/*.csv")):
        if path.parent.name != "neighbours":
            with path.open(encoding="utf-8", newline="") as file:
                found[path.stem] = list(csv.DictReader(file))
    return found


def values_of(row: dict) -> list[str]:
    return [name for name in row if name.startswith("value")]


def test_every_figure_of_every_extract_is_accounted_for(reading, raw):
    figures = {name: sum(len(values_of(row)) for row in rows) for name, rows in raw.items()}
    assert len(figures) == 23
    accounts = reading.accounts.set_index("dataset")
    assert accounts["read"].to_dict() == figures
    assert (accounts["read"] == accounts["kept"]).all()
    assert len(reading.rejected) == 0
    assert len(reading.observations) == accounts["kept"].sum()
    check_observations(reading.observations)


def test_what_is_missing_is_what_the_files_mark_so(reading, raw):
    marked = {
        name: sum(row[column] == "NA" for row in rows for column in values_of(row))
        for name, rows in raw.items()
    }
    dataset = reading.observations["series"].str.split("/").str[1]
    missing = reading.observations["value"].isna().groupby(dataset).sum()
    assert missing.to_dict() == marked
    assert sum(marked.values()) > 1000


def test_the_sum_of_every_extract_is_that_of_its_text(reading, raw):
    dataset = reading.observations["series"].str.split("/").str[1]
    sums = reading.observations["value"].groupby(dataset).sum()
    for name, rows in raw.items():
        texts = [row[column] for row in rows for column in values_of(row)]
        assert sums[name] == pytest.approx(sum(float(text) for text in texts if text != "NA"))


def test_every_period_has_the_days_that_its_text_says(reading, raw):
    """Each key of the raw rows, with its period read on its own, holds the same value."""
    rows = reading.observations
    keys = ["series", "area_code", "period", "group"]
    held = rows.set_index(keys)["value"].sort_index()
    assert held.index.is_unique
    checked = 0
    for name in ("life_expectancy", "employment_rate", "nhs_health_checks", "fuel_poverty"):
        for row in raw[name]:
            series = f"trafford/{name}/" + ", ".join(
                row[column] for column in ("indicator", "measure", "unit")
            )
            group = row.get("inequality", "NA").replace("NA", "")
            label = written_period(row["period"]).label
            value = held[(series, row["area_code"], label, group)]
            assert value == float(row["value"]) if row["value"] != "NA" else pd.isna(value)
            checked += 1
    assert checked > 8000


def test_no_period_of_a_series_differs_in_length_but_what_counts_up(reading):
    rows = reading.observations
    days = (rows["period_end"] - rows["period_start"]).dt.days
    spread = days.groupby(rows["series"]).agg(lambda lengths: lengths.max() - lengths.min())
    # Quarters differ by two days at most, months by three, years by one.
    uneven = spread[spread > 3]
    assert list(uneven.index.str.split("/").str[1]) == ["nhs_health_checks"]


def test_a_quarters_last_day_stands_for_the_quarter(reading):
    rows = reading.observations
    certificates = rows[rows["series"].str.startswith("trafford/energy_performance_certificates/")]
    assert (certificates["period_start"].dt.is_quarter_start).all()
    assert (certificates["period_end"].dt.is_quarter_end).all()
    assert certificates["series"].nunique() == 4


def test_the_sexes_are_groups_in_both_extracts_that_have_them(reading, raw):
    rows = reading.observations
    dataset = rows["series"].str.split("/").str[1]
    sexes = rows[rows["group_kind"] == "sex"].groupby([dataset, "group"]).size()
    for name, column in (("life_expectancy", "inequality"), ("mortality_rate", "unit")):
        for sex in ("Male", "Female"):
            assert sexes[name, sex] == sum(row[column] == sex for row in raw[name]) > 2000
    assert set(sexes.index.get_level_values(0)) == {"life_expectancy", "mortality_rate"}


def test_every_series_is_described(reading):
    series = reading.series
    assert set(series["series"]) == set(reading.observations["series"])
    assert series["series"].is_unique
    assert (series["definition"] != "").all()
    assert (series["publisher"] != "Trafford Data Lab").all()
    assert not series[["definition", "publisher", "caveats"]].apply(
        lambda texts: texts.str.contains(r"[<>]|&\w+;|\]\(", regex=True)
    ).any().any()  # fmt: skip


def test_neighbours_are_those_of_the_lists_in_their_order(reading, root):
    near = reading.tables["neighbours"].groupby("model", sort=False)["neighbour"].agg(list)
    for model, name in trafford.NEIGHBOURS.items():
        lines = (root / name).read_text(encoding="utf-8").splitlines()
        assert near[model] == [line[:9] for line in lines[1:]]


def test_wards_with_figures_have_a_name_and_a_boundary(reading):
    codes = set(reading.observations["area_code"])
    wards = {code for code in codes if code.startswith("E05")}
    assert wards == set(reading.tables["areas"]["area_code"])
    assert wards == set(reading.tables["boundaries"]["area_code"])
    assert reading.tables["boundaries"].geometry.is_valid.all()
