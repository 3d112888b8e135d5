"""Fingertips' downloads: invented files in the publisher's layout, every figure worked by hand."""

import re

import numpy as np
import pandas as pd
import pytest

from outcomes.errors import DataError
from outcomes.model import OBSERVATION_COLUMNS
from outcomes.sources import fingertips
from outcomes.sources.reading import SERIES_COLUMNS
from outcomes.store.checks import check_observations

OLD = (
    "Indicator ID,Indicator Name,Parent Code,Parent Name,Area Code,Area Name,Area Type,Sex,Age,"
    "Category Type,Category,Time period,Value,Lower CI 95.0 limit,Upper CI 95.0 limit,"
    "Lower CI 99.8 limit,Upper CI 99.8 limit,Count,Denominator,Value note,Recent Trend,"
    "Compared to England value or percentiles,Compared to Region value or percentiles,"
    "Time period Sortable,New data,Compared to goal"
)
NEW = OLD.replace("Region value or percentiles", "percentiles") + ",Time period range"
METADATA = (
    "Indicator ID,Indicator,Definition,Rationale,Data source,Caveats,Unit,Value type,Year type,"
    "Polarity"
)
SUPPRESSED = "Value suppressed for disclosure control due to small count"
DECILES = "LSOA21 deprivation deciles within area (IMD  trend)"
KEY = ["series", "area_code", "period", "group"]


def row(**cells) -> str:
    """Return a line of a download: a rate of everyone in Tarrowshire in 2023/24, changed at will."""
    known = {
        "Indicator ID": "101",
        "Indicator Name": '"Falls, all ages"',
        "Parent Code": "X92000001",
        "Area Code": "X10000001",
        "Sex": "Persons",
        "Age": "65+ yrs",
        "Time period": "2023/24",
        "Value": "20.5",
        "Lower CI 95.0 limit": "18.25",
        "Upper CI 95.0 limit": "22.75",
        "Lower CI 99.8 limit": "1",
        "Count": "41.0",
        "Denominator": "2000",
        "Recent Trend": "Increasing & getting worse",
        "Time period Sortable": "20230000",
    }
    known |= {name.replace("_", " "): text for name, text in cells.items()}
    return ",".join(known.get(name, "") for name in OLD.split(","))


@pytest.fixture
def download(tmp_path):
    """Write a download into a folder and return the folder."""

    def write(*rows: str, name="indicators-UA.data.csv", header=OLD, end="\r\n"):
        (tmp_path / "ft" / name).parent.mkdir(parents=True, exist_ok=True)
        text = "".join(line + end for line in (header, *rows))
        (tmp_path / "ft" / name).write_bytes(text.encode())
        return tmp_path / "ft"

    return write


def only(reading) -> pd.Series:
    assert len(reading.observations) == 1
    return reading.observations.iloc[0]


def test_a_row_becomes_an_observation(download):
    reading = fingertips.read(download(row()))
    assert tuple(reading.observations.columns) == OBSERVATION_COLUMNS
    assert only(reading).to_dict() == {
        "series": "fingertips/101/Persons, 65+ yrs",
        "area_code": "X10000001",
        "period_start": pd.Timestamp("2023-04-01"),
        "period_end": pd.Timestamp("2024-03-31"),
        "period": "2023/24",
        "value": 20.5,
        "lower": 18.25,
        "upper": 22.75,
        "numerator": 41.0,
        "denominator": 2000.0,
        "status": "final",
        "note": "",
        "group_kind": "",
        "group": "",
    }
    assert reading.accounts.to_dict("records") == [
        {"dataset": "indicators-UA.data.csv", "read": 1, "kept": 1, "duplicate": 0, "rejected": 0}
    ]
    check_observations(reading.observations)


def test_without_metadata_the_series_says_what_is_unsure(download):
    reading = fingertips.read(download(row(), row(Sex="Male")))
    assert tuple(reading.series.columns) == SERIES_COLUMNS
    first, second = reading.series.drop(columns="decimals").to_dict("records")
    assert reading.series["decimals"].isna().all()
    assert first == {
        "series": "fingertips/101/Persons, 65+ yrs",
        "title": "Falls, all ages, 65+ yrs",
        "definition": "",
        "unit": "",
        "publisher": "Department of Health and Social Care",
        "url": "https://fingertips.phe.org.uk/search/101",
        "published": "",
        "licence": "",
        "caveats": "no metadata: a year such as 2023/24 is taken to start on 1 April",
        "polarity": "",
    }
    assert (second["series"], second["title"]) == (
        "fingertips/101/Male, 65+ yrs",
        "Falls, all ages, Male, 65+ yrs",
    )


def test_metadata_beside_the_data_gives_unit_polarity_and_the_kind_of_year(download):
    about = '101,Falls,"People who fell,\nout of all.",Why,Hospital records,None yet,{},Rate,{},{}'
    download(
        about.format("per 1000", "Academic", "RAG - Low is good"),
        about.replace("101", "102").format("%", "Financial", "BOB - Blue orange blue"),
        about.replace("101", "103").format("%", "November-November", "RAG - High is good"),
        name="indicators.metadata.csv",
        header=METADATA,
    )
    ids = ("101", "102", "103", "104")
    reading = fingertips.read(download(*(row(Indicator_ID=i) for i in ids)))
    starts = reading.observations["period_start"].dt.strftime("%Y-%m-%d")
    assert list(starts) == ["2023-09-01", "2023-04-01", "2023-11-16", "2023-04-01"]
    assert list(reading.observations["period"]) == ["2023/24"] * 4
    series = reading.series
    assert list(series["polarity"]) == ["lower_is_better", "no_judgement", "higher_is_better", ""]
    assert list(series["unit"]) == ["per 1000", "%", "%", ""]
    assert list(series["definition"]) == ["People who fell, out of all."] * 3 + [""]
    assert list(series["publisher"]) == ["Hospital records"] * 3 + [
        "Department of Health and Social Care"
    ]
    assert list(series["caveats"][:3]) == ["None yet"] * 3
    assert series["caveats"][3].startswith("no metadata")
    assert reading.kept == 4


HEADERS = [
    OLD,
    NEW,
    "\ufeff" + OLD,
    OLD.replace(" ", ""),  # as fingertipsR has it
    OLD.replace(" ", "."),  # as R's read.csv has it
    OLD.replace(",Value note", ",Something else"),
    ",".join(reversed(OLD.split(","))),
]


@pytest.mark.parametrize("header", HEADERS)
def test_every_spelling_of_the_header_reads_the_same(download, header):
    line = row()
    if header == NEW:
        line += ",1y"
    if header.startswith("Compared to goal"):
        cells = line.replace('"Falls, all ages"', "Falls").split(",")
        line = ",".join(reversed(cells))
    found = only(fingertips.read(download(line, header=header)))
    assert found[KEY].tolist() == ["fingertips/101/Persons, 65+ yrs", "X10000001", "2023/24", ""]
    numbers = ["value", "lower", "upper", "numerator", "denominator"]
    assert found[numbers].tolist() == [20.5, 18.25, 22.75, 41.0, 2000.0]


def test_categories_are_groups_of_the_series(download):
    decile = {"Category_Type": DECILES, "Category": "Most deprived decile", "Value": "31"}
    reading = fingertips.read(download(row(), row(**decile), row(**decile, Sex="Female")))
    found = reading.observations.set_index(["series", "group_kind", "group"])["value"].to_dict()
    kind = "LSOA21 deprivation deciles within area (IMD trend)"
    assert found == {
        ("fingertips/101/Persons, 65+ yrs", "", ""): 20.5,
        ("fingertips/101/Persons, 65+ yrs", kind, "Most deprived decile"): 31.0,
        ("fingertips/101/Female, 65+ yrs", kind, "Most deprived decile"): 31.0,
    }


NOTES = [
    ("", SUPPRESSED, "withheld_small_number"),
    ("", "Value suppressed for disclosure control reasons", "withheld_small_number"),
    ("", "Value suppressed", "withheld_small_number"),
    ("", "Value not published due to small numbers", "withheld_small_number"),
    ("", "Value suppressed due to incompleteness of  source data", "not_available"),
    ("", "Value not published for data quality reasons", "not_available"),
    ("", "Value missing due to small sample size", "not_available"),
    ("", "Value missing in source data", "not_available"),
    ("", "", "not_available"),
    ("5", "", "final"),
    ("0", "", "final"),
    ("5", "There is a data quality issue with this value", "final"),
    ("5", "Aggregated from all known lower geography values", "final"),
    ("5", "Value for Farrow and Tarrowshire combined", "final"),
    ("5", "Value is modelled or synthetic estimate", "modelled"),
    ("5", "Value estimated", "modelled"),
    ("5", "Count imputed from the year before", "imputed"),
    ("", "Value is modelled or synthetic estimate", "not_available"),
]


@pytest.mark.parametrize(("value", "note", "status"), NOTES)
def test_a_value_note_is_kept_and_gives_the_status(download, value, note, status):
    reading = fingertips.read(download(row(Value=value, Value_note=note)))
    found = only(reading)
    assert (found["status"], found["note"]) == (status, " ".join(note.split()))
    assert np.isnan(found["value"]) if value == "" else found["value"] == float(value)
    check_observations(reading.observations)


def test_an_area_under_several_parents_and_in_several_files_is_kept_once(download):
    download(
        row(Parent_Code=""),
        row(Parent_Code="X12000001"),
        row(Parent_Code="X12000002", Value="9"),
        row(Parent_Code="X12000003", Lower_CI_95="1"),
        name="upper-tier/101.csv",
    )
    folder = download(row(Area_Code="X07000001"), row(), name="lower-tier/101.csv")
    reading = fingertips.read(folder)
    assert reading.observations[["area_code", "value"]].to_numpy().tolist() == [
        ["X07000001", 20.5],
        ["X10000001", 20.5],
    ]
    assert reading.accounts[["read", "kept", "duplicate", "rejected"]].to_numpy().tolist() == [
        [2, 2, 0, 0],
        [4, 0, 3, 1],
    ]
    assert reading.rejected[["line", "kind", "reason"]].to_numpy().tolist() == [
        [2, "duplicate", "the same figure stands above it, of another parent or download"],
        [3, "duplicate", "the same figure stands above it, of another parent or download"],
        [4, "rejected", "another value for the same area, period and group stands above it"],
        [5, "duplicate", "the same figure stands above it, of another parent or download"],
    ]
    assert reading.rejected["file"].str.endswith("upper-tier/101.csv").all()
    assert reading.rejected["content"][2].startswith("101,Falls, all ages,X12000002,")


BAD = [
    (
        {"Time_period": "Winter 2023"},
        "the time period is not one such as 2024, 2023/24 or 2022 - 24",
    ),
    ({"Value": "20,5".replace(",", ";")}, "the column Value holds no number"),
    ({"Value": "inf"}, "the column Value holds no number"),
    ({"Lower CI 95.0 limit": "n/a"}, "the column Lower CI 95.0 limit holds no number"),
    ({"Upper CI 95.0 limit": "-"}, "the column Upper CI 95.0 limit holds no number"),
    ({"Count": "few"}, "the column Count holds no number"),
    ({"Denominator": "?"}, "the column Denominator holds no number"),
    ({"Area_Code": ""}, "there is no area code"),
    ({"Area_Code": "Tarrowshire"}, "there is no area code"),
    ({"Indicator_ID": ""}, "there is no indicator number"),
]


@pytest.mark.parametrize(("cells", "reason"), BAD)
def test_a_bad_row_is_rejected_with_its_line_and_reason(download, cells, reason):
    folder = download(row(Area_Code="X07000001"), row(**cells), row(Area_Code="X07000002"))
    reading = fingertips.read(folder)
    assert list(reading.observations["area_code"]) == ["X07000001", "X07000002"]
    assert reading.rejected[["line", "kind", "reason"]].to_numpy().tolist() == [
        [3, "rejected", reason]
    ]
    assert reading.accounts[["read", "kept", "duplicate", "rejected"]].to_numpy().tolist() == [
        [3, 2, 0, 1]
    ]


def test_pooled_years_do_not_mix_with_single_ones(download):
    times = ("2021", "2022", "2020 - 22", "2021 - 23")
    alone = row(Indicator_ID="102", Time_period="2020 - 22")
    reading = fingertips.read(download(*(row(Time_period=time) for time in times), alone))
    assert reading.observations[["series", "period"]].to_numpy().tolist() == [
        ["fingertips/101/Persons, 65+ yrs, 1 year", "2021"],
        ["fingertips/101/Persons, 65+ yrs, 1 year", "2022"],
        ["fingertips/101/Persons, 65+ yrs, 3 years", "2020 to 2022"],
        ["fingertips/101/Persons, 65+ yrs, 3 years", "2021 to 2023"],
        ["fingertips/102/Persons, 65+ yrs", "2020 to 2022"],
    ]
    titles = ["Falls, all ages, 65+ yrs, 1 year", "Falls, all ages, 65+ yrs, 3 years"]
    assert list(reading.series["title"]) == [*titles, "Falls, all ages, 65+ yrs"]


def test_a_new_name_of_an_indicator_keeps_its_series(download):
    first = row(Time_period="2022", Indicator_Name="Falls (65+)")
    reading = fingertips.read(download(first, row(Time_period="2023")))
    assert set(reading.observations["series"]) == {"fingertips/101/Persons, 65+ yrs"}
    assert list(reading.series["title"]) == ["Falls (65+), 65+ yrs"]


def test_one_file_is_read_by_its_path(download):
    folder = download(row())
    download(row(Area_Code="X07000001"), name="other.csv")
    path = folder / "other.csv"
    assert fingertips.files(path) == [path]
    assert only(fingertips.read(path))["area_code"] == "X07000001"
    assert fingertips.files(folder) == [folder / "indicators-UA.data.csv", path]


def whole(message: str) -> str:
    return f"^{re.escape(message)}$"


def test_a_missing_column(download):
    folder = download(row(), header=OLD.replace("Denominator", "Denom"))
    message = (
        f"{folder / 'indicators-UA.data.csv'}: no column 'Denominator'. "
        "Expected a download of data from Fingertips, or of its metadata. Nothing was added."
    )
    with pytest.raises(DataError, match=whole(message)):
        fingertips.read(folder)


def test_another_publishers_file(download):
    folder = download("1,2", header="areacd,observation")
    message = (
        f"{folder / 'indicators-UA.data.csv'}: no column 'Indicator ID'. "
        "Expected a download of data from Fingertips, or of its metadata. Nothing was added."
    )
    with pytest.raises(DataError, match=whole(message)):
        fingertips.read(folder)


def test_metadata_alone(download):
    folder = download("101,Falls,,,,,%,Rate,Academic,", name="m.csv", header=METADATA)
    message = (
        f"{folder}: metadata alone; expected a download of data from Fingertips too. "
        "Nothing was added."
    )
    with pytest.raises(DataError, match=whole(message)):
        fingertips.read(folder)


def test_a_folder_without_a_file(tmp_path):
    message = (
        f"{tmp_path}: no CSV file in it; expected a download of data from Fingertips. "
        "Nothing was added."
    )
    with pytest.raises(DataError, match=whole(message)):
        fingertips.files(tmp_path)


def test_a_missing_file(tmp_path):
    message = (
        f"{tmp_path / 'no.csv'}: no such file; expected a download of data from Fingertips. "
        "Check the path, or download the publisher's files again."
    )
    with pytest.raises(DataError, match=whole(message)):
        fingertips.files(tmp_path / "no.csv")


def test_a_download_cut_short(download):
    folder = download(row(), row()[:80])
    path = folder / "indicators-UA.data.csv"
    message = (
        f"{path}, line 3: 14 columns where the header has 26, so the file looks cut short or "
        "damaged; download it again. Nothing was added."
    )
    with pytest.raises(DataError, match=whole(message)):
        fingertips.read(folder)
