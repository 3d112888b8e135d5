"""CPOP: the real files, each figure beside the cell that another library reads."""

import csv
from pathlib import Path

import numpy as np
import openpyxl
import pandas as pd
import pytest

from outcomes.model import STATUSES
from outcomes.sources import cpop

FINAL = "Final data - Sep 2023"
KEY = ["area_code", "period"]


@pytest.fixture(scope="module")
def folder(shared_data) -> Path:
    return shared_data / "cpop"


@pytest.fixture(scope="module")
def reading(folder):
    return cpop.read(folder)


@pytest.fixture(scope="module")
def values(reading):
    """Return a maker of the values of one series by area and label."""

    def of(series: str, column: str = "value") -> pd.Series:
        rows = reading.observations[reading.observations["series"] == series]
        return rows.set_index(KEY)[column]

    return of


@pytest.fixture(scope="module")
def sheets(folder):
    """Return a maker of the rows of a sheet, without rows that are empty."""
    books = {}

    def of(name: str, sheet: str | None = None) -> dict | list:
        if name not in books:
            book = openpyxl.load_workbook(folder / name, read_only=True, data_only=True)
            books[name] = {s.title: list(s.iter_rows(values_only=True)) for s in book}
        return books[name][sheet] if sheet else books[name]

    return of


@pytest.fixture(scope="module")
def codes(reading) -> dict[str, str]:
    """The code of each council by the name in the figures."""
    areas = reading.tables["areas"]
    upper = areas[areas["levels"].isin(["ctry rgn", "utla ltla"])]
    return dict(zip(upper["area_name"], upper["area_code"], strict=True))


def read_csv(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def wide(rows: list[tuple]) -> dict[tuple, float]:
    """Return value by area, indicator and year of a wide sheet; blank cells are NaN."""
    heads = {i: str(h).split("_") for i, h in enumerate(rows[0]) if str(h).count("_") == 2}
    return {
        (row[0], heads[i][0].strip(), heads[i][2].strip()): number(row[i])
        for row in rows[1:]
        if row[0]
        for i in heads
    }


def number(cell: object) -> float:
    return float(cell) if isinstance(cell, int | float) else np.nan


@pytest.mark.shared_data
class TestRealFiles:
    def test_every_figure_is_accounted_for(self, reading, folder, sheets):
        accounts = reading.accounts.set_index("dataset")
        kept = accounts[["kept", "duplicate", "rejected"]].sum(axis=1)
        assert (accounts["read"] == kept).all()
        assert len(reading.rejected) == accounts[["duplicate", "rejected"]].to_numpy().sum()
        for path in folder.rglob("*.csv"):
            if path.name not in ("Metadata.csv", "DuncanIndex.csv"):
                assert accounts.loc[path.name, "read"] == len(read_csv(path)), path.name
        for book in ("CPP Data - Oct 23.xlsx", "IGZ Data - Sep 23.xlsx"):
            for sheet, rows in sheets(f"{FINAL}/{book}").items():
                cells = wide(rows) if sheet != "Labels" else rows[1:]
                name = f"{book}, sheet {sheet.strip()}"
                assert accounts.loc[name, "read"] == len(cells), name

    def test_nothing_is_rejected_but_what_has_no_code_or_decile(self, reading):
        rejected = reading.rejected[reading.rejected["kind"] == "rejected"]
        by = rejected.groupby("reason")["file"].apply(lambda files: {Path(f).name for f in files})
        assert by.to_dict() == {
            "the row has no zone code": {"2015 IGZ1.csv", "2021 IGZ1.csv"},
            "there is no category": {"IncomeDeciles.csv"},
        }
        assert set(reading.observations["status"]) <= set(STATUSES)

    def test_every_figure_of_the_file_of_councils(self, reading, folder, codes):
        told = {"Raw data": "final", "Imputed": "imputed", "Projected": "projected"}
        rows = reading.observations.assign(year=reading.observations["period"].str[-7:])
        found = rows.set_index(["series", "area_code", "year"])[["value", "status"]]
        apart = {series for series in rows["series"] if series.startswith("cpop/CPPcleandata/")}
        assert apart == {"cpop/CPPcleandata/Child Poverty"}
        for row in read_csv(folder / "CPPcleandata.csv"):
            own = f"cpop/CPPcleandata/{row['Indicator']}"
            series = own if own in apart else f"cpop/profile/{row['Indicator']}"
            value, status = found.loc[(series, codes[row["CPP"]], row["Year"])]
            if row["value"] == "NA":
                assert (np.isnan(value), status) == (True, "not_available")
            else:
                assert (value, status) == (float(row["value"]), told[row["Type"]])

    def test_every_figure_of_zones(self, reading, sheets):
        rows = reading.observations[reading.observations["area_code"].str.startswith("S02")]
        rows = rows[rows["series"].str.match("cpop/(profile|zones)/")]
        measure, year = rows["series"].str.split("/").str[2], rows["period"].str[-7:]
        keys = zip(rows["area_code"], measure, year, strict=True)
        found = dict(zip(keys, rows["value"], strict=True))
        book = sheets(f"{FINAL}/IGZ Data - Sep 23.xlsx")
        cells = {}
        for name, sheet in book.items():
            if name != "Labels":
                cells |= wide(sheet)
        assert found.keys() == cells.keys()
        np.testing.assert_array_equal([found[key] for key in cells], list(cells.values()))

    def test_every_count_and_population_of_children(self, sheets, values):
        rows = sheets("CPOP Data - for PHS.xlsx", "Child Poverty - DZ")[2:]
        years = sheets("CPOP Data - for PHS.xlsx", "Child Poverty - DZ")[1][3:10]
        people = {row[11]: row[14:21] for row in rows}
        numerator = values("cpop/counts/Child Poverty", "numerator")
        denominator = values("cpop/counts/Child Poverty", "denominator")
        status = values("cpop/counts/Child Poverty", "status")
        keys = [(row[0], year) for row in rows if row[0] for year in years]
        counts = [cell for row in rows if row[0] for cell in row[3:10]]
        below = [cell for row in rows if row[0] for cell in people[row[0]]]
        np.testing.assert_array_equal(numerator.loc[keys], [number(cell) for cell in counts])
        np.testing.assert_array_equal(denominator.loc[keys], below)
        hidden = np.array([cell == ".." for cell in counts])
        assert hidden.any()
        assert ((status.loc[keys] == "withheld_small_number").to_numpy() == hidden).all()
        assert numerator.loc[keys].min() >= 5

    def test_the_counts_make_the_published_rates_of_zones(self, values):
        """The pairing of years is right: each rate of claimants is the workbook's to the digit."""
        counts = values("cpop/counts/Out of Work Benefits")
        counts = counts[counts.index.get_level_values(0).str.startswith("S02")]
        published = values("cpop/profile/Out of Work Benefits").loc[counts.index]
        assert len(counts) > 10_000
        np.testing.assert_allclose(counts, published, rtol=1e-9)

    def test_crimes_that_are_not_printed_are_withheld(self, sheets, values):
        rows = sheets("CPOP Data - for PHS.xlsx", "Crime - DZ")[1:]
        found = values("cpop/counts/Crime Rate", "numerator").droplevel("period")
        np.testing.assert_array_equal(found.loc[[r[0] for r in rows]], [number(r[3]) for r in rows])
        status = values("cpop/counts/Crime Rate", "status").droplevel("period")
        hidden = [r[0] for r in rows if r[3] == "*"]
        assert set(status[status == "withheld_small_number"].index) == set(hidden)

    def test_income_deprivation_is_the_stored_result_of_the_formulas(self, sheets, values):
        rows = sheets("DZ & IGZ income data.xlsx", "IGZ rankings")[1:]
        found = values("cpop/income/Income deprived").droplevel("period")
        shares = [100 * row[4] for row in rows]
        np.testing.assert_allclose(found.loc[[row[0] for row in rows]], shares, rtol=1e-9)

    def test_the_income_year_is_that_of_its_populations(self, values):
        income = values("cpop/income/Income deprived", "denominator").droplevel("period")
        crimes = values("cpop/counts/Crime Rate", "denominator")
        assert set(crimes.index.get_level_values("period")) == {"2017/18"}
        crimes = crimes.droplevel("period")
        assert (income.loc[crimes.index] == crimes).all()

    def test_every_class_is_the_publishers(self, reading, folder, sheets, codes):
        classes = reading.tables["classifications"].set_index(["scheme", "area_code"])["category"]
        for row in read_csv(folder / "IncomeDeciles.csv"):
            if row["Decile"] != "NA":
                area = row["AreaCode"]
                assert classes["cpop_income_decile_council", area] == row["Decile"]
                assert classes["cpop_income_decile_scotland", area] == row["ScotlandDec"]
        for row in sheets("Typology Group (2022).xlsx", "IZ names")[1:]:
            assert classes["cpop_typology", row[0]] == row[2]
        families = classes["cpop_family_deprivation"]
        assert set(families.index) == set(codes.values()) - {"S92000003"}
        assert families.value_counts().tolist() == [8] * 4
        neighbours = reading.tables["neighbours"].groupby(["model", "area_code"]).size()
        assert len(neighbours) == 64
        assert (neighbours == 7).all()

    def test_the_areas_are_a_tree(self, reading, sheets):
        areas = reading.tables["areas"].set_index("area_code")
        for row in sheets("Intermediate Geography Names.xlsx", "Data Zones")[1:]:
            parents = areas.loc[row[0], "parents"].split()
            assert parents[0] == row[1]
            assert areas.loc[parents[1], "area_name"] == row[3]
            assert areas.loc[row[1], "area_name"] == row[2]
            assert parents[2] == "S92000003"
        assert areas["levels"].value_counts()["utla ltla"] == 32


@pytest.mark.shared_data
class TestChoices:
    """What the connector takes for granted of the real files, measured on them."""

    @pytest.fixture
    def inside(self, reading, values):
        """Return a maker of the zones' mean by council and year, weighted by population."""
        areas = reading.tables["areas"].set_index("area_code")
        people = values("cpop/income/Income deprived", "denominator").droplevel("period")

        def of(series: str) -> pd.Series:
            zones = values(series)
            zones = zones[zones.index.get_level_values(0).str.startswith("S02")].dropna()
            area = zones.index.get_level_values(0)
            council = areas["parents"].str.split().str[0].loc[area].to_numpy()
            weight = people.loc[area].to_numpy()
            by = [council, zones.index.get_level_values(1)]
            sums = pd.DataFrame({"value": zones.to_numpy() * weight, "people": weight})
            sums = sums.groupby(by).sum()
            return (sums["value"] / sums["people"]).rename_axis(KEY)

        return of

    @pytest.mark.parametrize(
        "indicator",
        ["Attainment", "Child Poverty", "Depopulation", "Emergency Admissions"]
        + ["Out of Work Benefits", "Participation Rate"],
    )
    def test_zones_and_councils_measure_the_same(self, inside, values, indicator):
        zones = inside(f"cpop/profile/{indicator}")
        ratio = zones / values(f"cpop/profile/{indicator}").loc[zones.index]
        assert ratio.groupby("period").median().between(0.95, 1.05).all()
        assert ratio.between(0.85, 1.15).all()

    def test_crimes_are_not_measured_alike(self, inside, values):
        zones = inside("cpop/zones/Crime Rate")
        ratio = zones / values("cpop/profile/Crime Rate").loc[zones.index]
        assert ratio.groupby("period").median().max() < 0.95
        assert ratio.min() < 0.2

    def test_child_poverty_of_the_file_is_nearest_to_the_workbooks_year_before(self, values):
        file = values("cpop/CPPcleandata/Child Poverty").unstack()
        book = values("cpop/profile/Child Poverty").loc[file.index].unstack()
        before = book.shift(1, axis=1)
        later = [f"{year}/{year % 100 + 1:02d}" for year in range(2015, 2022)]
        assert (file - before)[later].abs().median().max() < 0.3
        assert (file - book)[later].abs().median().min() > 0.3

    def test_the_workbooks_child_poverty_goes_with_the_counts(self, reading, values):
        parents = reading.tables["areas"].set_index("area_code")["parents"].str.split().str[0]
        counts = pd.concat(
            [values("cpop/counts/Child Poverty", n) for n in ("numerator", "denominator")], axis=1
        )
        counts = counts[counts.index.get_level_values(0).str.startswith("S02")].reset_index()
        by = counts.groupby([counts["area_code"].map(parents).rename("area_code"), "period"])
        sums = by[["numerator", "denominator"]].sum()
        rate = 100 * sums["numerator"] / sums["denominator"]
        gap = {
            dataset: (values(f"cpop/{dataset}/Child Poverty").loc[rate.index] - rate).abs()
            for dataset in ("profile", "CPPcleandata")
        }
        assert gap["profile"].max() < 1
        assert gap["CPPcleandata"].median() > 5 * gap["profile"].median()

    def test_the_years_of_the_latest_values_are_the_nearest(self, values, inside, reading):
        """Each heading's year has the zones, or the counts, that its data zones come nearest to."""
        poverty = values("cpop/data-zones/Child Poverty")
        assert set(poverty.index.get_level_values("period")) == {"2016/17"}
        counts = values("cpop/counts/Child Poverty").unstack()
        same = counts.loc[poverty.index.get_level_values(0)].sub(poverty.to_numpy(), axis=0)
        same = (same.abs() < 1e-6).mean()
        assert same["2016/17"] > 0.7
        assert same.drop("2016/17").max() < 0.1
        people = values("cpop/income/Income deprived", "denominator").droplevel("period")
        parents = reading.tables["areas"].set_index("area_code")["parents"].str.split().str[0]
        for measure, zones in (
            ("Attainment", "profile"),
            ("Out of Work Benefits", "profile"),
            ("Emergency Admissions", "profile"),
            ("Crime Rate", "zones"),
        ):
            latest = values(f"cpop/data-zones/{measure}").dropna()
            (period,) = set(latest.index.get_level_values("period"))
            latest = latest.droplevel("period")
            weight, zone = people.loc[latest.index], parents.loc[latest.index]
            mean = (latest * weight).groupby(zone).sum() / weight.groupby(zone).sum()
            gaps = values(f"cpop/{zones}/{measure}").unstack().loc[mean.index]
            assert gaps.sub(mean, axis=0).abs().median().idxmin() == period, measure

    def test_a_year_of_the_index_is_the_financial_year_that_starts(self, folder, values):
        """The crimes of the index's inputs for 2021 are those of the zones in 2021/22."""
        inputs = [float(r["crime"]) for r in read_csv(folder / "Duncan inputs" / "2021 IGZ1.csv")]
        zones = values("cpop/zones/Crime Rate").unstack()
        found = {year: np.isin(np.round(inputs, 5), zones[year].round(5)).mean() for year in zones}
        assert max(found, key=found.get) == "2021/22"
        assert found["2021/22"] > 0.95
