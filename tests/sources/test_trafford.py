"""The Trafford extracts: an invented folder in their layout, every figure worked by hand."""

import json
import re

import numpy as np
import pandas as pd
import pytest

from outcomes.errors import DataError
from outcomes.model import OBSERVATION_COLUMNS
from outcomes.sources import trafford
from outcomes.sources.reading import SERIES_COLUMNS
from outcomes.store.checks import check_observations

WHAT = "an extract of the Trafford Data Lab"
ABOUT = """#### Falls of older people.

Note: the following links open in a new window.

Source: <a href='https://example.org/falls' target='_blank'> Falls &amp; slips, Office</a>.

From 2020 the <a href="https://example.org/x">method</a> is new.
It counts more.

Data for Trafford compared to the average of 15 similar authorities.

Indicators:

* <a href="https://example.org/101"> Falls </a>

<a href="https://example.org/data/{}" download>Data <span></span></a>
"""
PLAIN = "area_code,area_name,period,indicator,measure,unit,value"
HEALTH = (
    "area_code,area_name,area_type,period,indicator,measure,unit,value,compared_to_England,"
    "inequality"
)
SQUARE = [[[-2.3, 53.4], [-2.2, 53.4], [-2.2, 53.5], [-2.3, 53.4]]]


def write(path, text: str):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(text.encode())
    return path


def shapes(*properties: dict) -> str:
    shape = {"type": "Polygon", "coordinates": SQUARE}
    features = [{"type": "Feature", "properties": p, "geometry": shape} for p in properties]
    return json.dumps({"type": "FeatureCollection", "features": features})


@pytest.fixture
def folder(tmp_path):
    """A folder with what stands beside the extracts, and no extract."""
    root = tmp_path / "trafford"
    for number, name in enumerate(trafford.NEIGHBOURS.values()):
        write(root / name, f"area_code,area_name\nX06000002,Far\nX0600000{number + 3},Near")
    write(root / trafford.COUNCIL, shapes({"lad19cd": "X08000001", "lad19nm": "Tarrow"}))
    wards = ({"area_code": f"X0500000{i}", "area_name": f"Ward {i}"} for i in (1, 2))
    write(root / trafford.WARDS, shapes(*wards))
    return root


@pytest.fixture
def extract(folder):
    """Write an extract with its description into the folder, and return the folder."""

    def add(*rows: str, name="health/falls.csv", header=PLAIN, about=ABOUT):
        path = write(folder / name, "".join(f"{line}\n" for line in (header, *rows)))
        write(path.parent / "metadata" / f"{path.stem}.md", about.format(path.name))
        return folder

    return add


def rows_of(table: pd.DataFrame, *columns: str) -> list[list]:
    return table[[*columns]].to_numpy().tolist()


def test_a_row_becomes_an_observation(extract):
    reading = trafford.read(extract("X08000001,Tarrow,2023/24,Falls,Percentage,Persons,20.5"))
    assert tuple(reading.observations.columns) == OBSERVATION_COLUMNS
    found = reading.observations.drop(columns=["lower", "upper", "numerator", "denominator"])
    assert found.to_dict("records") == [
        {
            "series": "trafford/falls/Falls, Percentage, Persons",
            "area_code": "X08000001",
            "period_start": pd.Timestamp("2023-04-01"),
            "period_end": pd.Timestamp("2024-03-31"),
            "period": "2023/24",
            "value": 20.5,
            "status": "final",
            "note": "",
            "group_kind": "",
            "group": "",
        }
    ]
    limits = reading.observations[["lower", "upper", "numerator", "denominator"]]
    assert limits.isna().all().all()
    assert set(limits.dtypes.astype(str)) == {"float64"}
    check_observations(reading.observations)


def test_the_description_says_what_a_series_is(extract):
    reading = trafford.read(extract("X08000001,Tarrow,2023,Falls,Percentage,Persons,20.5"))
    assert tuple(reading.series.columns) == SERIES_COLUMNS
    assert reading.series["decimals"].isna().all()
    assert reading.series.drop(columns="decimals").to_dict("records") == [
        {
            "series": "trafford/falls/Falls, Percentage, Persons",
            "title": "Falls, Percentage, Persons",
            "definition": "Falls of older people.",
            "unit": "%",
            "publisher": "Falls & slips, Office.",
            "url": "https://example.org/falls",
            "published": "",
            "licence": "",
            "caveats": "From 2020 the method is new. It counts more.",
            "polarity": "",
        }
    ]


def test_a_description_of_another_name_is_found_by_its_link(extract):
    folder = extract("X08000001,Tarrow,2023,Falls,Count,Persons,7")
    metadata = folder / "health" / "metadata"
    write(metadata / "aaa.md", "#### Something else, see falls.csv")
    (metadata / "falls.md").rename(metadata / "older_people.md")
    reading = trafford.read(folder)
    assert list(reading.series["definition"]) == ["Falls of older people."]
    assert metadata / "older_people.md" in trafford.files(folder)


def test_a_description_may_name_no_source(extract):
    row = "X08000001,Tarrow,2023,Falls,Count,Persons,7"
    reading = trafford.read(extract(row, about="Only a sentence."))
    found = reading.series[["definition", "publisher", "url", "caveats"]]
    assert found.to_numpy().tolist() == [["", "Trafford Data Lab", "", "Only a sentence."]]


UNITS = [
    ("Falls", "Percentage", "Persons", "%"),
    ("Falls", "Cumulative percentage from eligible", "Persons", "%"),
    ("Falls as a proportion of people", "rate", "persons", "%"),
    ("Falls", "Per 1000 population", "", "Per 1000 population"),
    ("Falls per 100", "Age-standardised rate", "Persons", "Age-standardised rate"),
    ("Falls", "Count", "Persons", "Persons"),
    ("Percentage points", "Frequency", "Tonnes", "Tonnes"),
    ("Life left", "Life expectancy", "Years", "Years"),
    ("Falls", "Count", "", ""),
]


@pytest.mark.parametrize(("indicator", "measure", "unit", "expected"), UNITS)
def test_the_unit_is_that_of_the_figure(extract, indicator, measure, unit, expected):
    reading = trafford.read(extract(f"X08000001,Tarrow,2023,{indicator},{measure},{unit},7"))
    assert list(reading.series["unit"]) == [expected]


COUNTS = [
    ("Count", "Persons", 7.0),
    ("count", "persons", 7.0),
    ("Frequency", "Persons", 7.0),
    ("Count", "", 7.0),
    ("Frequency", "Tonnes", None),
    ("Frequency", "Certificates", None),
    ("Percentage", "Persons", None),
    ("Rate per 1000", "Persons", None),
]


@pytest.mark.parametrize(("measure", "unit", "count"), COUNTS)
def test_a_count_of_people_or_businesses_is_its_own_numerator(extract, measure, unit, count):
    reading = trafford.read(extract(f"X08000001,Tarrow,2023,Falls,{measure},{unit},7"))
    found = reading.observations["numerator"].iloc[0]
    assert found == count or (count is None and np.isnan(found))


def test_units_by_another_name_and_no_unit_at_all(extract):
    extract(
        "X08000001,Tarrow,2023,Falls,Count,Persons,7",
        name="economy/a.csv",
        header=PLAIN.replace("unit", "units"),
    )
    folder = extract(
        "X08000001,2023,Births,Count,7",
        name="economy/b.csv",
        header="area_code,period,indicator,measure,value",
    )
    assert list(trafford.read(folder).observations["series"]) == [
        "trafford/a/Falls, Count, Persons",
        "trafford/b/Births, Count",
    ]


def test_columns_are_found_by_name(extract):
    header = "measure,value,indicator,period,area_name,unit,area_code"
    folder = extract("Percentage,7.5,Falls,2023,Tarrow,Persons,X08000001", header=header)
    assert rows_of(trafford.read(folder).observations, "series", "area_code", "value") == [
        ["trafford/falls/Falls, Percentage, Persons", "X08000001", 7.5]
    ]


def test_several_columns_of_values_are_several_measures(extract):
    header = PLAIN.replace("value", "value_lodged,value_rating_A")
    folder = extract(
        "X08000001,Tarrow,2008-12-31,EPC,Frequency,Certificates,10,2",
        "X08000001,Tarrow,2009-03-31,EPC,Frequency,Certificates,12,x",
        "X08000001,Tarrow,2009-04-30,EPC,Frequency,Certificates,14,NA",
        header=header,
    )
    reading = trafford.read(folder)
    lodged, rated = "EPC, Frequency, lodged", "EPC, Frequency, rating A"
    quarter, day = ", Certificates, 3 months", ", Certificates, one day"
    columns = ("series", "period", "value", "status")
    assert rows_of(reading.observations.fillna({"value": -1}), *columns) == [
        [f"trafford/falls/{lodged}{quarter}", "October 2008 to December 2008", 10.0, "final"],
        [f"trafford/falls/{rated}{quarter}", "October 2008 to December 2008", 2.0, "final"],
        [f"trafford/falls/{lodged}{quarter}", "January 2009 to March 2009", 12.0, "final"],
        [f"trafford/falls/{lodged}{day}", "April 2009", 14.0, "final"],
        [f"trafford/falls/{rated}{day}", "April 2009", -1.0, "not_available"],
    ]
    assert rows_of(reading.accounts, "read", "kept", "duplicate", "rejected") == [[6, 5, 0, 1]]
    assert rows_of(reading.rejected, "line", "reason", "content") == [
        [
            3,
            "the value is neither a number nor NA",
            "X08000001,Tarrow,2009-03-31,EPC,Frequency,Certificates,value_rating_A,x",
        ]
    ]
    expected = [f"{lodged}{quarter}", f"{rated}{quarter}", f"{lodged}{day}", f"{rated}{day}"]
    assert list(reading.series["title"]) == expected


def test_na_is_missing_in_a_value_and_nothing_else(extract):
    folder = extract(
        "X08000001,Tarrow,UA,2023,Falls,Percentage,Persons,NA,Not compared,NA",
        "X06000002,NA,UA,2023,Falls,Percentage,Persons,0,Worse,NA",
        header=HEALTH,
    )
    reading = trafford.read(folder)
    assert rows_of(reading.observations, "area_code", "status", "note", "group") == [
        [
            "X08000001",
            "not_available",
            "missing or suppressed: the publisher does not say which",
            "",
        ],
        ["X06000002", "final", "the publisher finds it worse than England", ""],
    ]
    assert np.isnan(reading.observations["value"][0])
    assert reading.observations["value"][1] == 0
    check_observations(reading.observations)


GROUPS = [
    ("Persons", "NA", "", ""),
    ("Years", "Male", "sex", "Male"),
    ("Years", "Female", "sex", "Female"),
    ("Persons", "Most deprived quintile", "deprivation quintile", "Most deprived quintile"),
    ("Persons", "Carers", "inequality", "Carers"),
]


@pytest.mark.parametrize(("unit", "inequality", "kind", "group"), GROUPS)
def test_an_inequality_is_a_group(extract, unit, inequality, kind, group):
    row = f"X08000001,Tarrow,UA,2023,Falls,Rate,{unit},7,Better,{inequality}"
    found = trafford.read(extract(row, header=HEALTH)).observations
    assert rows_of(found, "series", "group_kind", "group", "note") == [
        [
            f"trafford/falls/Falls, Rate, {unit}",
            kind,
            group,
            "the publisher finds it better than England",
        ]
    ]


def test_a_sex_that_stands_in_the_unit_is_a_group_of_persons(extract):
    row = "X08000001,Tarrow,UA,2023,Falls,Rate,{},{},Similar,NA"
    folder = extract(
        *(row.format(*pair) for pair in (("Male", 3), ("Female", 5), ("Persons", 4))),
        header=HEALTH,
    )
    reading = trafford.read(folder)
    assert rows_of(reading.observations, "group_kind", "group", "value") == [
        ["sex", "Male", 3.0],
        ["sex", "Female", 5.0],
        ["", "", 4.0],
    ]
    assert set(reading.observations["series"]) == {"trafford/falls/Falls, Rate, Persons"}
    assert set(reading.observations["note"]) == {"the publisher finds it similar to England"}
    check_observations(reading.observations)


def test_a_sex_in_the_unit_beside_another_inequality_stays_apart(extract):
    row = "X08000001,Tarrow,UA,2023,Falls,Rate,{},7,Better,Least deprived quintile"
    folder = extract(row.format("Male"), row.format("Female"), header=HEALTH)
    assert list(trafford.read(folder).observations["series"]) == [
        "trafford/falls/Falls, Rate, Male",
        "trafford/falls/Falls, Rate, Female",
    ]


def test_pooled_years_do_not_mix_with_single_ones_and_cumulative_ones_stay_together(extract):
    row = "X08000001,Tarrow,{},{},Percentage,Persons,7"
    cumulative = ("2021/22 Q1", "2021/22 Q1 - 2021/22 Q2", "2021/22 Q1 - 2022/23 Q1")
    folder = extract(
        *(row.format(time, "Falls") for time in ("2021", "2022", "2020 - 22")),
        *(row.format(time, "Checks") for time in cumulative),
    )
    found = trafford.read(folder).observations
    assert rows_of(found, "series", "period") == [
        ["trafford/falls/Falls, Percentage, Persons, 1 year", "2021"],
        ["trafford/falls/Falls, Percentage, Persons, 1 year", "2022"],
        ["trafford/falls/Falls, Percentage, Persons, 3 years", "2020 to 2022"],
        ["trafford/falls/Checks, Percentage, Persons", "April 2021 to June 2021"],
        ["trafford/falls/Checks, Percentage, Persons", "April 2021 to September 2021"],
        ["trafford/falls/Checks, Percentage, Persons", "April 2021 to June 2022"],
    ]


STARTS = [
    ("children/active_children.csv", "2022-09-01"),
    ("children/obese_year6.csv", "2022-09-01"),
    ("children/school_readiness.csv", "2022-09-01"),
    ("health/active_adults.csv", "2022-11-16"),
    ("health/overweight_adult.csv", "2022-11-16"),
    ("health/falls.csv", "2022-04-01"),
]


@pytest.mark.parametrize(("name", "start"), STARTS)
def test_a_split_year_starts_where_the_survey_or_the_school_year_does(extract, name, start):
    row = "X08000001,Tarrow,2022/23,Falls,Percentage,Persons,7"
    found = trafford.read(extract(row, name=name)).observations
    assert found["period_start"].dt.strftime("%Y-%m-%d").tolist() == [start]
    assert found["period"].tolist() == ["2022/23"]


BAD = [
    ("X08000001,Tarrow,Winter,Falls,Percentage,Persons,7", "the period is not one such as 2024 or 2023/24"),
    ("X08000001,Tarrow,NA,Falls,Percentage,Persons,7", "the period is not one such as 2024 or 2023/24"),
    ("X08000001,Tarrow,2022,Falls,Percentage,Persons,", "the value is neither a number nor NA"),
    ("X08000001,Tarrow,2022,Falls,Percentage,Persons,inf", "the value is neither a number nor NA"),
    ("NA,Tarrow,2022,Falls,Percentage,Persons,7", "there is no area code"),
    (",Tarrow,2022,Falls,Percentage,Persons,7", "there is no area code"),
    (
        "X08000001,Tarrow,2023,Falls,Percentage,Persons,8",
        "another value for the same area, period and group stands above it",
    ),
]  # fmt: skip


@pytest.mark.parametrize(("row", "reason"), BAD)
def test_a_bad_row_is_rejected_with_its_line_and_reason(extract, row, reason):
    good = "X08000001,Tarrow,2023,Falls,Percentage,Persons,7"
    reading = trafford.read(extract(good, row, good.replace("2023", "2024")))
    assert rows_of(reading.observations, "period", "value") == [["2023", 7.0], ["2024", 7.0]]
    assert rows_of(reading.rejected, "line", "kind", "reason") == [[3, "rejected", reason]]
    assert reading.rejected["file"].str.endswith("health/falls.csv").all()
    assert reading.accounts.to_dict("records") == [
        {"dataset": "falls", "read": 3, "kept": 2, "duplicate": 0, "rejected": 1}
    ]


def test_the_same_row_again_is_a_duplicate(extract):
    row = "X08000001,Tarrow,2023,Falls,Percentage,Persons,7"
    reading = trafford.read(extract(row, row))
    assert rows_of(reading.rejected, "line", "kind", "reason") == [
        [3, "duplicate", "the same figure stands above it"]
    ]
    assert rows_of(reading.accounts, "read", "kept", "duplicate", "rejected") == [[2, 1, 1, 0]]


def test_neighbours_keep_the_order_of_their_list(extract):
    reading = trafford.read(extract("X08000001,Tarrow,2023,Falls,Percentage,Persons,7"))
    near = reading.tables["neighbours"]
    assert set(near["area_code"]) == {"X08000001"}
    assert rows_of(near, "model", "rank", "neighbour")[:4] == [
        ["cipfa_2019", 1, "X06000002"],
        ["cipfa_2019", 2, "X06000003"],
        ["cipfa_2021", 1, "X06000002"],
        ["cipfa_2021", 2, "X06000004"],
    ]
    assert list(near["model"].unique()) == [*trafford.NEIGHBOURS]


def test_wards_are_areas_within_the_council_and_have_boundaries(extract):
    tables = trafford.read(extract("X08000001,Tarrow,2023,Falls,Percentage,Persons,7")).tables
    assert rows_of(tables["areas"], "area_code", "area_name", "levels", "parents") == [
        ["X05000001", "Ward 1", "ward", "X08000001"],
        ["X05000002", "Ward 2", "ward", "X08000001"],
    ]
    assert tables["areas"]["end"].isna().all()
    assert str(tables["areas"]["end"].dtype) == "Int64"
    shapes = tables["boundaries"]
    assert rows_of(shapes, "area_code", "level") == [["X05000001", "ward"], ["X05000002", "ward"]]
    assert shapes.crs.to_epsg() == 4326
    assert shapes.geometry.iloc[0].bounds == (-2.3, 53.4, -2.2, 53.5)


def test_the_files_are_all_that_is_read(extract):
    folder = extract("X08000001,Tarrow,2023,Falls,Percentage,Persons,7")
    names = {path.relative_to(folder).as_posix() for path in trafford.files(folder)}
    assert names == {
        "health/falls.csv",
        "health/metadata/falls.md",
        *trafford.NEIGHBOURS.values(),
        trafford.COUNCIL,
        trafford.WARDS,
    }


NO_FILE = "no such file; expected {}. Check the path, or download the publisher's files again."
BESIDE = "a file beside the extracts of the Trafford Data Lab"


@pytest.mark.parametrize("name", [trafford.COUNCIL, trafford.WARDS, "neighbours/cssn.csv"])
def test_a_missing_file(extract, name):
    folder = extract("X08000001,Tarrow,2023,Falls,Percentage,Persons,7")
    (folder / name).unlink()
    refused(folder, f"{folder / name}: {NO_FILE.format(BESIDE)}")


def refused(folder, message: str) -> None:
    with pytest.raises(DataError, match=f"^{re.escape(message)}$"):
        trafford.read(folder)


def test_a_missing_description(extract):
    folder = extract("X08000001,Tarrow,2023,Falls,Percentage,Persons,7")
    path = folder / "health" / "metadata" / "falls.md"
    path.unlink()
    refused(folder, f"{path}: {NO_FILE.format('the description of falls.csv')}")


def test_no_extract(folder):
    message = (
        f"{folder}: no extract in it; expected {WHAT} in a folder that has a folder 'metadata', "
        "such as health/life_expectancy.csv. Nothing was added."
    )
    refused(folder, message)


def test_no_column_of_values(extract):
    folder = extract("X08000001,2023,Falls,Count", header="area_code,period,indicator,measure")
    message = (
        f"{folder / 'health' / 'falls.csv'}: no column 'value', nor one such as 'value_rating_A'; "
        f"it has area_code, period, indicator, measure. Expected {WHAT}. Nothing was added."
    )
    refused(folder, message)


@pytest.mark.parametrize(
    "text", ["", "area_code,area_name\n", "code\nX06000002\n", "area_code\nNA"]
)
def test_a_list_of_neighbours_without_codes(extract, text):
    folder = extract("X08000001,Tarrow,2023,Falls,Percentage,Persons,7")
    path = write(folder / "neighbours" / "cssn.csv", text)
    message = (
        f"{path}: expected a list of neighbours with a code in the column 'area_code' of each row. "
        "Nothing was added."
    )
    refused(folder, message)


@pytest.mark.parametrize("name", [trafford.COUNCIL, trafford.WARDS])
@pytest.mark.parametrize("text", ["{", shapes({"name": "Tarrow"})])
def test_boundaries_of_another_layout(extract, name, text):
    folder = extract("X08000001,Tarrow,2023,Falls,Percentage,Persons,7")
    path = write(folder / name, text)
    column = "lad19cd" if name == trafford.COUNCIL else "area_code"
    start = f"{path}: not readable as GeoJSON with {column!r} for each area ("
    end = "); download it again. Nothing was added."
    with pytest.raises(DataError, match=f"^{re.escape(start)}[^\n]+{re.escape(end)}$"):
        trafford.read(folder)
