"""CPOP on a small invented profile: three councils, three zones, four data zones."""

import re
import shutil
import zipfile
from pathlib import Path

import openpyxl
import pandas as pd
import pytest

from outcomes.errors import DataError
from outcomes.model import OBSERVATION_COLUMNS
from outcomes.sources import cpop
from outcomes.sources.cpop.tables import FILES

ZONES = ("S02990001", "S02990002", "S02990003")
DATA_ZONES = ("S01990001", "S01990002", "S01990003", "S01990004")
FINAL = "Final data - Sep 2023"
FAMILY = ("", "deprivationFG_2012", "popdensityFG_2012")
CSV = {
    "CPPcleandata.csv": (
        "CPP,Indicator,Type,Year,value,IndicatorFullName,FG",
        "Scotland,Job Rate,Raw data,2020/21,70.5,Job Rate (%),NA",
        "Northmuir,Job Rate,Raw data,2020/21,0.30000000000000004,Job Rate (%),1",
        'Southglen,Job Rate,Raw data,2020/21,NA,Job Rate (%),"2"',
        '"Edinburgh, City of",Job Rate,Imputed,2020/21,60,Job Rate (%),2',
        "Northmuir,Poverty,Raw data,2020/21,20,Poverty,1",
        "Southglen,Poverty,Raw data,2020/21,30,Poverty,2",
        'Northmuir,Crime Rate,Projected,2022/23,55,"Crime Rate, per 10,000",1',
    ),
    "Imp_rate_CPP.csv": (
        "CPP,Indicator,Type,Year,value,High is Positive",
        "Scotland,Job Rate,Raw data,2020/21,70.5,Yes",
        "Northmuir,Job Rate,Raw data,2020/21,0.4,Yes",
        "Northmuir,Poverty,Raw data,2020/21,20,No",
    ),
    "Metadata.csv": (
        "Indicator,Definition,Raw Time-Period,Source",
        "Job Rate,People  in work,2008/09 - 2010/11 to 2018/19-2020/21,Provided directly by Office",
        "Poverty,Children who are poor,2015 to 2021,Revenue",
    ),
    "IncomeDeciles.csv": (
        "AreaCode,CouncilName,Decile,ScotlandDec",
        "S02990001,Northmuir,1,3",
        "S01990001,Northmuir,10,9",
        "S01990002,Northmuir,NA,NA",
        "S01990001,Northmuir,2,2",
        "S01999999,Nowhere,1,1",
    ),
    "DuncanIndex.csv": (
        "year,la,Crime Rate,Poverty",
        "2009,Northmuir,0.25,",
        "2010,Northmuir,-0.125,0.5",
        "Mean,Northmuir,1,1",
    ),
    "Duncan inputs/2015 IGZ1.csv": (",year,country,la,pop", "1,2015,Scotland,Northmuir,100"),
}
PAIRS = ["S-code", "Council", "Name", "2014/15", "2015/16", "", "S-code", "Council", 2014, 2015]
CLAIMS = ["DataZone", "2014/15", "", "DZ", 2014]
LATEST = (
    "% of children in poverty",
    "Average highest attainment",
    " % of population (aged 16-64) in receipt of out of work benefits",
    "Number of SIMD crimes per 10,000 of the population",
    "Emergency admissions (65+) per 100,000 population",
)
BOOKS = {
    f"{FINAL}/CPP Data - Oct 23.xlsx": {
        "Jobs - Rolled": [
            [" ", "Job Rate_Raw data_2020/21"],
            ["Scotland", 70.5],
            ["Northmuir", 0.3],
            ["Southglen", None],
            ["Edinburgh, City of", None],
        ],
        "Pov - CPP ": [
            [None, "Poverty_Raw data_2020/21"],
            ["Northmuir", 20],
            ["Southglen", 33],
        ],
        "Crime": [[None, "Crime Rate _ Projected_ 2022/23"], ["Northmuir", 55]],
    },
    f"{FINAL}/IGZ Data - Sep 23.xlsx": {
        "Labels": [
            ["InterZone", "InterZone_Name", "CPP", "Typology_Group", "Typology_Name"],
            [ZONES[0], "Muirside", "Northmuir", 1, "Town"],
            [ZONES[1], "Muirtop", "Northmuir", 2, "Village"],
        ],
        "Poverty - IGZ": [
            ["InterZone", "Poverty_Raw_2020/21", "Poverty_Guess_2021/22", "Poverty 2022", "", " "],
            [ZONES[0], 12.5, 1, None, None, None],
            [ZONES[1], None, None, 2, 99, None],
            [ZONES[2], "few", None, None, None, None],
            ["S02999999", 4, None, None, None, None],
            [ZONES[0], 12.5, None, None, None, None],
            [ZONES[1], 7, None, None, None, None],
            [None, 5, None, None, None, None],
            [None, None, None, None, None, None],
        ],
        "Crimes": [["InterZone", "Crime Rate_Projected_2022/24"], [ZONES[0], 7]],
        "Deaths": [["InterZone", "Early Mortality_Raw data_2020/21"], [ZONES[0], 7]],
    },
    f"{FINAL}/datazone data for maps.xlsx": {
        "Sheet1": [
            ["Datazone", "CPP", "IGZ", *LATEST, "New"],
            [DATA_ZONES[0], "Northmuir", "Muirside", 10, 5.5, 8, 40, 900, 1],
            [DATA_ZONES[1], "Northmuir", "Muirside", None, 6, 9, 50, 800, None],
        ]
    },
    "CPOP Data - for PHS.xlsx": {
        "Child Poverty - DZ": [
            ["Children in low-income households"],
            PAIRS,
            [DATA_ZONES[0], "Northmuir", "Muirside - 01", 5, "..", None, DATA_ZONES[1]]
            + ["Northmuir", 0, 80],
            [DATA_ZONES[1], "Northmuir", "Muirside - 02", 6, 8, None, DATA_ZONES[0]]
            + ["Northmuir", 40, 50],
            [DATA_ZONES[2], "Northmuir", "Muirtop - 01", "n/a", 7, None, DATA_ZONES[2]]
            + ["Northmuir", 50, "lots"],
            [None, None, None, None, None, None, DATA_ZONES[3], "Southglen", 60, None],
            [None] * 10,
        ],
        "Child Poverty - IGZ": [
            ["Children"],
            PAIRS,
            [ZONES[0], "S12990001", "", 9, 9, None] + [ZONES[0], "S12990001", 90, 60],
        ],
        "OOWB - DZ": [
            [None, "Claimants"],
            CLAIMS,
            [DATA_ZONES[0], 32.75, None, DATA_ZONES[0], 655],
        ],
        "OOWB - IGZ": [
            [None],
            ["Average", "2014/15", "", "", 2014],
            [ZONES[0], 1.5, None] + [ZONES[0], 60],
        ],
        "Crime - DZ": [
            ["Data_Zone", "crime_count", "Total population 2017", "WA population 2017"],
            [DATA_ZONES[0], 4.5, 900, 600],
            [DATA_ZONES[1], "*", 500, 300],
        ],
    },
    "DZ & IGZ income data.xlsx": {
        "DZ rankings": [
            ["Data_Zone", "Income deprived", "Population", "%"],
            [DATA_ZONES[0], 45, 900, 0.05],
            [DATA_ZONES[1], 0, 0, None],
        ],
        "IGZ rankings": [
            ["Row Labels", "Population from SIMD", "No of income deprived from SIMD", None],
            [ZONES[0], 900, 45, "Northmuir"],
        ],
    },
    "Intermediate Geography Names.xlsx": {
        "Sheet1": [
            ["Code", "Name", "Council Name"],
            [ZONES[0], "Muirside", "Northmuir"],
            [ZONES[1], "Muirtop", "Northmuir"],
            [ZONES[2], "Glen", "Southglen"],
            ["S02990004", "Castle", "Edinburgh, City of"],
        ],
        "Lookup": [
            ["DataZone", "InterZone", "MMWard", "Council", None, "InterZone", "Council"],
            [DATA_ZONES[0], ZONES[0], "S13", "S12990001", None, ZONES[0], "S12990001"],
            [DATA_ZONES[1], ZONES[0], "S13", "S12990001", None, ZONES[1], "S12990001"],
            [DATA_ZONES[2], ZONES[1], "S13", "S12990001", None, ZONES[2], "S12000015"],
            [DATA_ZONES[3], ZONES[2], "S13", "S12000015"],
            ["S01990005", "S02990004", "S13", "S12990003"],
            [None] * 7,
        ],
    },
    "Typology Group (2022).xlsx": {
        "IZ names": [
            ["IntermediateZone2011Code", "Group name", "Group Number"],
            [ZONES[0], "Town", 1],
            [ZONES[1], "Hamlet", 2],
        ]
    },
    "Family Groups.xlsx": {
        "Sheet1": [
            [*FAMILY],
            ["Edinburgh City", 1, 4],
            ["Northmuir", 1, 1],
            ["Southglen", 1, 4],
        ]
    },
}


def write_book(path: Path, sheets: dict[str, list[list]]) -> None:
    book = openpyxl.Workbook()
    book.remove(book.active)
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(row)
    book.save(path)


@pytest.fixture(scope="session")
def _profile(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("cpop")
    for name in ("Duncan inputs", FINAL):
        (folder / name).mkdir()
    for name, lines in CSV.items():
        (folder / name).write_text("\n".join((*lines, "")), encoding="utf-8")
    for name, sheets in BOOKS.items():
        write_book(folder / name, sheets)
    return folder


@pytest.fixture
def folder(_profile, tmp_path) -> Path:
    """The invented profile, to change at will."""
    return shutil.copytree(_profile, tmp_path / "cpop")


@pytest.fixture(scope="session")
def reading(_profile):
    """The invented profile as it is read: for looking at only."""
    return cpop.read(_profile)


@pytest.fixture(scope="session")
def rows(reading):
    """Return a maker of the rows of one series, as lists of some columns."""

    def of(series: str, *columns: str) -> list:
        found = reading.observations.query("series == @series")[list(columns)]
        return found.astype(object).where(found.notna(), None).to_numpy().tolist()

    return of


@pytest.fixture(scope="session")
def refused(reading):
    """Return a maker of what is refused of one file: line, kind, reason, content."""

    def of(file: str) -> list:
        found = reading.rejected[reading.rejected["file"].str.endswith(file)]
        return found[["line", "kind", "reason", "content"]].to_numpy().tolist()

    return of


class TestWhole:
    def test_every_figure_is_accounted_for(self, reading):
        accounts = reading.accounts
        sums = accounts["kept"] + accounts["duplicate"] + accounts["rejected"]
        assert (accounts["read"] == sums).all()
        kinds = reading.rejected["kind"].value_counts()
        assert kinds["duplicate"] == accounts["duplicate"].sum()
        assert kinds["rejected"] == accounts["rejected"].sum()
        by = accounts.set_index("dataset")[["read", "kept", "duplicate", "rejected"]]
        assert by.loc["CPPcleandata.csv"].tolist() == [7, 7, 0, 0]
        assert by.loc["Imp_rate_CPP.csv"].tolist() == [3, 0, 2, 1]
        assert by.loc["CPP Data - Oct 23.xlsx, sheet Pov - CPP"].tolist() == [2, 2, 0, 0]
        assert by.loc["IGZ Data - Sep 23.xlsx, sheet Poverty - IGZ"].tolist() == [20, 2, 1, 17]
        assert by.loc["CPOP Data - for PHS.xlsx, sheet Child Poverty - DZ"].tolist() == [8, 4, 0, 4]
        assert by.loc["2015 IGZ1.csv"].tolist() == [1, 0, 0, 1]

    def test_kept_rows_are_those_of_the_accounts(self, reading):
        places = ("IncomeDeciles.csv", "Typology", "Family")
        figures = reading.accounts[~reading.accounts["dataset"].str.startswith(places)]
        assert figures["kept"].sum() == len(reading.observations)
        assert list(reading.observations.columns) == list(OBSERVATION_COLUMNS)
        key = ["series", "area_code", "period_start", "period_end"]
        assert not reading.observations.duplicated(key).any()

    def test_every_series_is_described(self, reading):
        assert set(reading.series["series"]) == set(reading.observations["series"])
        assert reading.series["series"].str.fullmatch(r"[a-z_]+/.+").all()

    def test_figures_are_numbers_and_days_are_days(self, reading):
        kinds = reading.observations.dtypes
        assert (kinds[["value", "lower", "upper", "numerator", "denominator"]] == "float64").all()
        assert all(kinds[name].kind == "M" for name in ("period_start", "period_end"))


class TestAreas:
    def test_each_area_has_its_name_level_and_all_codes_above(self, reading):
        areas = reading.tables["areas"].set_index("area_code")
        assert areas.loc["S92000003", ["area_name", "levels", "parents"]].tolist() == [
            "Scotland",
            "ctry rgn",
            "",
        ]
        assert areas.loc["S12990001", ["area_name", "levels", "parents"]].tolist() == [
            "Northmuir",
            "utla ltla",
            "S92000003",
        ]
        assert areas.loc[ZONES[1], ["area_name", "levels", "parents"]].tolist() == [
            "Muirtop",
            "intermediate_zone",
            "S12990001 S92000003",
        ]
        assert areas.loc[DATA_ZONES[2], ["area_name", "levels", "parents"]].tolist() == [
            "Muirtop - 01",
            "data_zone",
            f"{ZONES[1]} S12990001 S92000003",
        ]
        assert areas.loc[DATA_ZONES[3], "area_name"] == DATA_ZONES[3]
        assert len(areas) == 1 + 3 + 4 + 5

    def test_a_renumbered_council_has_its_present_code(self, reading, rows):
        areas = reading.tables["areas"].set_index("area_code")
        assert "S12000015" not in areas.index
        assert areas.loc["S12000047", "area_name"] == "Southglen"
        assert areas.loc[ZONES[2], "parents"] == "S12000047 S92000003"
        changes = reading.tables["code_changes"].astype(object).to_numpy().tolist()
        assert ["S12000015", "S12000047", 2018] in changes
        assert rows("cpop/CPPcleandata/Poverty", "area_code")[1] == ["S12000047"]


class TestCouncils:
    def test_statuses_codes_and_missing_values(self, rows):
        assert rows("cpop/profile/Job Rate", "area_code", "value", "status") == [
            ["S92000003", 70.5, "final"],
            ["S12990001", 0.1 + 0.2, "final"],
            ["S12000047", None, "not_available"],
            ["S12990003", 60.0, "imputed"],
        ]
        (crime,) = rows("cpop/profile/Crime Rate", "area_code", "value", "status", "period")
        assert crime == ["S12990001", 55.0, "projected", "2022/23"]

    def test_a_pooled_year_is_the_last_of_its_years(self, rows):
        day = pd.Timestamp
        pooled = rows("cpop/profile/Job Rate", "period_start", "period_end", "period")[0]
        assert pooled == [day("2018-04-01"), day("2021-03-31"), "2018/19 to 2020/21"]
        single = rows("cpop/profile/Poverty", "period_start", "period_end", "period")[0]
        assert single == [day("2020-04-01"), day("2021-03-31"), "2020/21"]

    def test_a_figure_that_the_file_has_already_is_a_duplicate(self, refused):
        same = "CPPcleandata.csv has the same figure"
        found = refused("CPP Data - Oct 23.xlsx, sheet Jobs - Rolled")
        heading = "Job Rate_Raw data_2020/21"
        assert found == [
            [2, "duplicate", same, f"Scotland,{heading},70.5"],
            [3, "duplicate", same, f"Northmuir,{heading},0.3"],
            [4, "duplicate", same, f"Southglen,{heading},"],
            [
                5,
                "rejected",
                "CPPcleandata.csv has another figure for it",
                f"Edinburgh, City of,{heading},",
            ],
        ]

    def test_files_that_disagree_on_an_indicator_are_kept_apart(self, rows, reading):
        assert rows("cpop/CPPcleandata/Poverty", "value") == [[20.0], [30.0]]
        assert rows("cpop/profile/Poverty", "area_code", "value")[:2] == [
            ["S12990001", 20.0],
            ["S12000047", 33.0],
        ]
        caveats = reading.series.set_index("series")["caveats"]
        assert caveats["cpop/profile/Poverty"] == (
            "CPPcleandata.csv has other figures: cpop/CPPcleandata/Poverty. "
            "The publisher's years: 2015 to 2021."
        )

    def test_the_file_of_rates_repeats_or_contradicts(self, refused):
        assert refused("Imp_rate_CPP.csv") == [
            [
                2,
                "duplicate",
                "CPPcleandata.csv has the same figure",
                "Scotland,Job Rate,Raw data,2020/21,70.5",
            ],
            [
                3,
                "rejected",
                "CPPcleandata.csv has another figure for it",
                "Northmuir,Job Rate,Raw data,2020/21,0.4",
            ],
            [
                4,
                "duplicate",
                "CPPcleandata.csv has the same figure",
                "Northmuir,Poverty,Raw data,2020/21,20",
            ],
        ]


class TestZones:
    def test_a_zone_shares_the_series_of_its_council(self, rows):
        assert rows("cpop/profile/Poverty", "area_code", "value", "status")[2:] == [
            [ZONES[0], 12.5, "final"],
            [ZONES[1], None, "not_available"],
        ]

    def test_what_zones_measure_otherwise_has_its_own_series(self, rows):
        assert rows("cpop/zones/Early Mortality", "area_code", "value") == [[ZONES[0], 7.0]]
        assert rows("cpop/profile/Early Mortality", "value") == []

    @pytest.mark.parametrize(
        ("line", "kind", "reason", "content"),
        [
            (4, "rejected", "the value is not a number", "S02990003,Poverty_Raw_2020/21,few"),
            (
                5,
                "rejected",
                "the area is not in the publisher's lookup of zones and councils",
                "S02999999,Poverty_Raw_2020/21,4",
            ),
            (
                6,
                "duplicate",
                "the same figure stands above it",
                "S02990001,Poverty_Raw_2020/21,12.5",
            ),
            (
                7,
                "rejected",
                "another figure for the same area and period stands above it",
                "S02990002,Poverty_Raw_2020/21,7",
            ),
            (8, "rejected", "there is no area", ",Poverty_Raw_2020/21,5"),
            (
                2,
                "rejected",
                "the type is not Raw data, Imputed or Projected",
                "S02990001,Poverty_Guess_2021/22,1",
            ),
            (
                3,
                "rejected",
                "the heading is not indicator_type_year",
                "S02990002,Poverty 2022,2",
            ),
            (3, "rejected", "the heading is not indicator_type_year", "S02990002,,99"),
        ],
    )
    def test_what_a_wide_sheet_can_have_wrong(self, refused, line, kind, reason, content):
        found = refused("IGZ Data - Sep 23.xlsx, sheet Poverty - IGZ")
        assert [line, kind, reason, content] in found

    def test_a_year_that_is_none_is_refused(self, refused):
        assert refused("sheet Crimes") == [
            [
                2,
                "rejected",
                "the year is not one such as 2021/22",
                "S02990001,Crime Rate_Projected_2022/24,7",
            ]
        ]


class TestCounts:
    FIGURES = ("area_code", "period", "value", "numerator", "denominator", "status", "note")

    def test_a_count_meets_the_population_of_its_zone_and_first_year(self, rows):
        found = rows("cpop/counts/Child Poverty", *self.FIGURES)
        assert found == [
            [DATA_ZONES[0], "2014/15", 12.5, 5.0, 40.0, "final", ""],
            [DATA_ZONES[0], "2015/16", None, None, 50.0, "withheld_small_number", ""],
            [DATA_ZONES[1], "2014/15", None, 6.0, 0.0, "not_applicable", "nobody lives there"],
            [DATA_ZONES[1], "2015/16", 10.0, 8.0, 80.0, "final", ""],
            [ZONES[0], "2014/15", 10.0, 9.0, 90.0, "final", ""],
            [ZONES[0], "2015/16", 15.0, 9.0, 60.0, "final", ""],
        ]

    def test_what_has_no_number_or_no_partner_is_told(self, refused):
        kept = [found[1:] for found in refused("sheet Child Poverty - DZ")]
        lonely = "no count stands beside this population"
        assert sorted(kept) == sorted(
            [
                ["rejected", "the value is not a number", "S01990003,2014/15,n/a,50"],
                ["rejected", "the population is not a number", "S01990003,2015/16,7,lots"],
                ["rejected", lonely, "S01990004,,,60"],
                ["rejected", lonely, "S01990004,,,"],
            ]
        )
        assert {found[0] for found in refused("sheet Child Poverty - DZ")} == {5, 6}

    def test_claimants_need_not_be_whole(self, rows):
        found = rows("cpop/counts/Out of Work Benefits", "area_code", "value", "numerator")
        assert found == [[DATA_ZONES[0], 5.0, 32.75], [ZONES[0], 2.5, 1.5]]

    def test_crimes_are_per_ten_thousand_people_of_the_year_in_the_heading(self, rows):
        assert rows("cpop/counts/Crime Rate", *self.FIGURES) == [
            [DATA_ZONES[0], "2017/18", 50.0, 4.5, 900.0, "final", ""],
            [DATA_ZONES[1], "2017/18", None, None, 500.0, "withheld_small_number", ""],
        ]

    def test_income_deprivation_is_a_share_of_all_people(self, rows):
        assert rows("cpop/income/Income deprived", *self.FIGURES) == [
            [DATA_ZONES[0], "2017", 5.0, 45.0, 900.0, "final", ""],
            [DATA_ZONES[1], "2017", None, 0.0, 0.0, "not_applicable", "nobody lives there"],
            [ZONES[0], "2017", 5.0, 45.0, 900.0, "final", ""],
        ]

    def test_a_formula_gives_its_stored_result(self, folder):
        path = folder / "DZ & IGZ income data.xlsx"
        with zipfile.ZipFile(path) as book:
            parts = {name: book.read(name) for name in book.namelist()}
        sheet = parts["xl/worksheets/sheet2.xml"]
        parts["xl/worksheets/sheet2.xml"] = sheet.replace(b"<v>45</v>", b"<f>9*5</f><v>45</v>")
        assert parts["xl/worksheets/sheet2.xml"] != sheet
        with zipfile.ZipFile(path, "w") as book:
            for name, content in parts.items():
                book.writestr(name, content)
        found = cpop.read(folder).observations.query("series == 'cpop/income/Income deprived'")
        assert found["numerator"].tolist() == [45.0, 0.0, 45.0]

    def test_latest_values_get_the_year_of_their_heading(self, rows, refused):
        columns = ("area_code", "period", "value", "status", "note")
        note = "the sheet prints no year: it is told from figures that have one"
        assert rows("cpop/data-zones/Child Poverty", *columns) == [
            [DATA_ZONES[0], "2016/17", 10.0, "final", note],
            [DATA_ZONES[1], "2016/17", None, "not_available", note],
        ]
        assert rows("cpop/data-zones/Crime Rate", "period", "value") == [
            ["2021/22", 40.0],
            ["2021/22", 50.0],
        ]
        unknown = "no year is known for this heading"
        assert refused("datazone data for maps.xlsx, sheet Sheet1") == [
            [2, "rejected", unknown, "S01990001,New,1"],
            [3, "rejected", unknown, "S01990002,New,"],
        ]

    def test_the_index_is_of_the_financial_year_that_starts(self, rows, refused):
        columns = ("area_code", "period", "value", "status")
        assert rows("cpop/inequality/Poverty", *columns) == [
            ["S12990001", "2009/10", None, "not_available"],
            ["S12990001", "2010/11", 0.5, "final"],
        ]
        assert rows("cpop/inequality/Crime Rate", "value") == [[0.25], [-0.125]]
        assert [found[:3] for found in refused("DuncanIndex.csv")] == [
            [4, "rejected", "the year is not one such as 2021/22"]
        ] * 2

    def test_inputs_of_the_index_have_no_code(self, refused):
        assert refused("Duncan inputs/2015 IGZ1.csv") == [
            [2, "rejected", "the row has no zone code", "1,2015,Scotland,Northmuir,100"]
        ]


class TestClasses:
    def test_deciles_groups_and_families(self, reading):
        classes = reading.tables["classifications"]
        by = {key: part["category"].tolist() for key, part in classes.groupby("scheme")}
        assert by == {
            "cpop_income_decile_council": ["1", "10"],
            "cpop_income_decile_scotland": ["3", "9"],
            "cpop_family_deprivation": ["1", "1", "1"],
            "cpop_family_density": ["4", "1", "4"],
            "cpop_typology": ["Town", "Hamlet"],
        }
        families = classes[classes["scheme"] == "cpop_family_density"]
        assert families["area_code"].tolist() == ["S12990003", "S12990001", "S12000047"]

    def test_rows_that_classify_nothing_are_told(self, refused):
        assert [found[:3] for found in refused("IncomeDeciles.csv")] == [
            [4, "rejected", "there is no category"],
            [5, "rejected", "another row for the same area stands above it"],
            [6, "rejected", "the area is not in the publisher's lookup of zones and councils"],
        ]
        typology = "Typology Group (2022).xlsx has"
        assert [found[:3] for found in refused("sheet Labels")] == [
            [2, "duplicate", f"{typology} the same group"],
            [3, "rejected", f"{typology} another group for it, or none"],
        ]

    def test_neighbours_are_the_other_members_of_a_family(self, reading):
        found = reading.tables["neighbours"]
        assert set(found["closeness"]) == {"same family"}
        by = {
            key: part.sort_values("rank")["neighbour"].tolist()
            for key, part in found.groupby(["model", "area_code"])
        }
        assert by == {
            ("cpop_family_deprivation", "S12990003"): ["S12990001", "S12000047"],
            ("cpop_family_deprivation", "S12990001"): ["S12990003", "S12000047"],
            ("cpop_family_deprivation", "S12000047"): ["S12990003", "S12990001"],
            ("cpop_family_density", "S12990003"): ["S12000047"],
            ("cpop_family_density", "S12000047"): ["S12990003"],
        }
        assert found.groupby(["model", "area_code"])["rank"].max().max() == 2


def test_a_series_says_what_the_publisher_says(reading):
    about = reading.series.set_index("series")
    job = about.loc["cpop/profile/Job Rate"]
    assert (job["title"], job["definition"]) == ("Job Rate", "People in work")
    assert (job["publisher"], job["polarity"]) == (
        "Improvement Service (Office)",
        "higher_is_better",
    )
    assert about.loc["cpop/profile/Poverty", "polarity"] == "lower_is_better"
    crime = about.loc["cpop/zones/Early Mortality"]
    assert crime["unit"] == "per 100,000"
    assert crime["caveats"].startswith("Not measured as for councils, whose figures are in")
    assert about.loc["cpop/profile/Crime Rate", ["title", "unit", "polarity"]].tolist() == [
        "Crime Rate",
        "per 10,000",
        "",
    ]
    assert about.loc["cpop/inequality/Poverty", "title"] == "Inequality in Poverty"


class TestDamage:
    @pytest.mark.parametrize("name", FILES)
    def test_a_missing_file_is_named(self, folder, name):
        (folder / name).unlink()
        with pytest.raises(DataError) as error:
            cpop.read(folder)
        assert str(error.value) == (
            f"{folder / name}: no such file; expected a file of the Community Planning Outcomes "
            "Profile. Check the path, or download the publisher's files again."
        )

    def test_the_inputs_of_the_index_may_be_absent(self, folder):
        shutil.rmtree(folder / "Duncan inputs")
        assert cpop.files(folder) == [folder / name for name in FILES]
        assert "the row has no zone code" not in set(cpop.read(folder).rejected["reason"])

    def test_a_workbook_that_is_cut_short(self, folder):
        path = folder / "Family Groups.xlsx"
        path.write_bytes(path.read_bytes()[:1000])
        message = (
            f"{re.escape(str(path))}: not readable as a workbook \\(.+\\). Download it again. "
        )
        with pytest.raises(DataError) as error:
            cpop.read(folder)
        assert re.fullmatch(message + "Nothing was added.", str(error.value))

    def test_a_missing_sheet(self, folder):
        path = folder / "Intermediate Geography Names.xlsx"
        write_book(path, {"Sheet1": [["Code", "Name", "Council Name"]]})
        with pytest.raises(DataError) as error:
            cpop.read(folder)
        assert str(error.value) == (
            f"{path}: no sheet 'Lookup' in the workbook. Download it again. Nothing was added."
        )

    def test_a_missing_heading(self, folder):
        path = folder / "Family Groups.xlsx"
        write_book(path, {"Sheet1": [[None, "deprivation", "density"], ["Northmuir", 1, 1]]})
        with pytest.raises(DataError) as error:
            cpop.read(folder)
        assert str(error.value) == (
            f"{path}, sheet Sheet1: no heading 'deprivationFG_2012' in row 1; it has deprivation "
            "and density. Download it again. Nothing was added."
        )

    @pytest.mark.parametrize("rows", [[], [[None, "2021/22"], ["Northmuir", 1]]])
    def test_a_sheet_of_figures_without_their_headings(self, folder, rows):
        path = folder / FINAL / "CPP Data - Oct 23.xlsx"
        write_book(path, {"Jobs": rows})
        with pytest.raises(DataError) as error:
            cpop.read(folder)
        assert str(error.value) == (
            f"{path}, sheet Jobs: no heading with an indicator, a type and a year, such as "
            "'Crime Rate_Raw data_2021/22', in row 1. Download it again. Nothing was added."
        )

    def test_counts_without_their_populations(self, folder):
        path = folder / "CPOP Data - for PHS.xlsx"
        alone = [["Children"], PAIRS[:5], [DATA_ZONES[0], "Northmuir", "Muirside", 5, 6]]
        write_book(path, BOOKS[path.name] | {"Child Poverty - DZ": alone})
        with pytest.raises(DataError) as error:
            cpop.read(folder)
        assert str(error.value) == (
            f"{path}, sheet Child Poverty - DZ: expected two tables side by side under row 2, "
            "counts by years such as 2014/15 and people by years such as 2014, each with a column "
            "of zones. Download it again. Nothing was added."
        )

    def test_a_population_that_stands_twice(self, folder):
        path = folder / "CPOP Data - for PHS.xlsx"
        twice = [*BOOKS[path.name]["OOWB - DZ"], [DATA_ZONES[1], 3, None, DATA_ZONES[0], 9]]
        write_book(path, BOOKS[path.name] | {"OOWB - DZ": twice})
        with pytest.raises(DataError) as error:
            cpop.read(folder)
        assert str(error.value) == (
            f"{path}, sheet OOWB - DZ, line 4: the people of 'S01990001' stand in the sheet twice; "
            "expected one row a zone. Nothing was added."
        )

    def test_a_file_of_councils_that_is_cut_short(self, folder):
        path = folder / "CPPcleandata.csv"
        path.write_text(path.read_text(encoding="utf-8")[:-20], encoding="utf-8")
        with pytest.raises(DataError) as error:
            cpop.read(folder)
        assert str(error.value) == (
            f"{path}: the last line has no end, so the file looks cut short; download it again. "
            "Nothing was added."
        )
