"""What becomes of each row: figures, marks, groups, areas by name, and what is not kept and why."""

import numpy as np
import pandas as pd
import pytest

from outcomes.sources import SOURCES, add, open_known_store, own
from outcomes.sources.own.tidy import as_numbers

AGE = {"unit": "", "value_type": "rate", "polarity": "no_judgement"}


def rejected(reading) -> list[tuple]:
    table = reading.rejected
    return list(zip(table["line"], table["kind"], table["reason"], table["content"], strict=True))


def test_a_long_file(write, mapped, read):
    write("own.csv", "Area,Year,Value\nX07000001,2023/24,75.3%\nNorthend,2024-25,-1\n")
    reading = read(mapped(published="2025-03-31", url="https://example.org"))
    first, second = reading.observations.to_dict("records")
    assert first["series"] == "own/panel/Safe"
    assert (first["area_code"], second["area_code"]) == ("X07000001", "X07000001")
    assert (first["period"], first["value"], first["status"]) == ("2023/24", 75.3, "final")
    assert first["period_start"] == pd.Timestamp("2023-04-01")
    assert first["period_end"] == pd.Timestamp("2024-03-31")
    assert np.isnan(first["numerator"])
    assert (second["period"], second["value"]) == ("2024/25", -1)
    assert reading.series.iloc[0].drop("decimals").to_dict() == {
        "series": "own/panel/Safe",
        "title": "Safe",
        "definition": "",
        "unit": "%",
        "publisher": "the council",
        "url": "https://example.org",
        "published": "2025-03-31",
        "licence": "the council's own figures, not published",
        "caveats": "",
        "polarity": "higher_is_better",
    }
    assert reading.accounts.to_dict("records") == [
        {"dataset": "panel", "read": 2, "kept": 2, "duplicate": 0, "rejected": 0}
    ]


def test_every_row_that_is_not_kept_has_its_line_and_reason(write, mapped, read):
    lines = [
        "Area,Year,Value,Flag",
        "X07000001,2023,1,",
        "X07000001,2023,1,",
        "X07000001,2023,2,",
        "X07000001,sometime,3,",
        "X07000001,2024,about 4,",
        "Nortend,2024,5,",
        "Tarrowshire,2024,6,",
        "",
        "X07000099,2024,7,",
        '"X07000001",2025,8,supp',
        "X07000001,2026,9,odd",
        "X07000002,2024,10",
        'X07000002,"20',
        '24",11,',
        "X07000002,2025,1,2,3",
        "All districts,,,",
        "Source: the panel,,,",
        "X07000002,2026,12,",
    ]
    write("own.csv", "\r\n".join(lines))
    columns = {"area": "Area", "period": "Year", "value": "Value", "status": "Flag"}
    markers = {"supp": "withheld_small_number"}
    reading = read(mapped(columns=columns, end="source", markers=markers))
    no_period = "the period is not one such as 2024, 2023/24 or March 2023"
    names = "'Tarrowshire' is the name of X10000001 and X07000003"
    below = "it stands below the end of the table ('source')"
    assert rejected(reading) == [
        (3, "duplicate", "the same row stands above it", "X07000001,2023,Safe,1,,,"),
        (
            4,
            "rejected",
            "another row for the same area, period and group stands above it",
            "X07000001,2023,Safe,2,,,",
        ),
        (5, "rejected", no_period, "X07000001,sometime,Safe,3,,,"),
        (
            6,
            "rejected",
            "the value is neither a number nor among the mapping's markers",
            "X07000001,2024,Safe,about 4,,,",
        ),
        (
            7,
            "rejected",
            "no area is called 'Nortend'; did you mean 'Northend'?",
            "Nortend,2024,Safe,5,,,",
        ),
        (
            8,
            "rejected",
            f"{names}; say which in the mapping, by area_level or under area_names",
            "Tarrowshire,2024,Safe,6,,,",
        ),
        (
            10,
            "rejected",
            "no area has the code 'X07000099'",
            "X07000099,2024,Safe,7,,,",
        ),
        (
            11,
            "rejected",
            "the status says that there is no figure, and there is one",
            "X07000001,2025,Safe,8,supp,,",
        ),
        (
            12,
            "rejected",
            "the status is not among the mapping's markers",
            "X07000001,2026,Safe,9,odd,,",
        ),
        (13, "rejected", "3 columns where the headings have 4", "X07000002,2024,10,"),
        (14, "rejected", no_period, "X07000002,20 24,Safe,11,,,"),
        (16, "rejected", "5 columns where the headings have 4", "X07000002,2025,1,2"),
        (17, "rejected", "no area is called 'All districts'", "All districts,,,"),
        (18, "rejected", below, "Source: the panel,,,"),
        (19, "rejected", below, "X07000002,2026,12,"),
    ]
    assert reading.rejected["file"].str.endswith("own.csv").all()
    assert list(reading.observations["value"]) == [1]


def test_places_by_name_and_by_the_mappings_own_names(write, mapped, figures):
    names = ["northend ", "Southend and Wick", "WESTEND", "Tarrowshire", "Countywide", "E01000001"]
    write("own.csv", "Area,Year,Value\n" + "".join(f"{name},2024,1\n" for name in names))
    path = mapped(area_level="ltla", area_names={"Countywide": "X10000001"})
    codes = ["X07000001", "X07000002", "X07000005", "X07000003", "X10000001", "E01000001"]
    assert figures(path) == [("Safe", code, "2024", "", 1, "final") for code in codes]


def test_marks_mean_what_the_mapping_says_and_a_blank_is_not_available(write, mapped, figures):
    flagged = [("*", ""), ("..", ""), ("", ""), ("", "n/a"), ("0", ""), ("5", "p"), ("", "p")]
    rows = [f"X07000001,{2018 + i},{value},{flag}" for i, (value, flag) in enumerate(flagged)]
    write("own.csv", "\n".join(["Area,Year,Value,Flag", *rows]))
    columns = {"area": "Area", "period": "Year", "value": "Value", "status": "Flag"}
    withheld, absent, no_use, early = (
        "withheld_small_number",
        "not_available",
        "not_applicable",
        "provisional",
    )
    markers = {"*": withheld, "..": absent, "n/a": no_use, "p": early}
    found = figures(mapped(columns=columns, markers=markers))
    assert [(period, value, status) for _, _, period, _, value, status in found] == [
        ("2018", -1, withheld),
        ("2019", -1, absent),
        ("2020", -1, absent),
        ("2021", -1, no_use),
        ("2022", 0, "final"),
        ("2023", 5, early),
        ("2024", -1, absent),
    ]


def test_a_share_is_computed_and_a_withheld_count_withholds_its_row(write, mapped, read):
    write("own.csv", "Area,Year,Yes,Of\nX07000001,2021,30,40\nX07000001,2022,*,40\n"
          "X07000001,2023,0,0\nX07000001,2024,,40\n")  # fmt: skip
    columns = {"area": "Area", "period": "Year", "numerator": "Yes", "denominator": "Of"}
    measures = {"Safe": {**AGE, "unit": "per 1,000", "per": 1000}}
    path = mapped(columns=columns, measures=measures, markers={"*": "withheld_small_number"})
    rows = read(path).observations
    assert rows["value"].fillna(-1).to_list() == [750, -1, -1, -1]
    assert rows["numerator"].fillna(-1).to_list() == [30, -1, 0, -1]
    assert rows["denominator"].to_list() == [40, 40, 0, 40]
    assert rows["status"].to_list() == [
        "final", "withheld_small_number", "not_applicable", "not_available",
    ]  # fmt: skip
    assert rows["note"].to_list() == ["", "", "the denominator is 0", ""]


def test_a_rate_beside_a_withheld_count_is_withheld_too(write, mapped, read):
    write("own.csv", "Area,Year,Rate,Low,Yes,Of\nX07000001,2021,7.5,1.5,*,40\n")
    columns = {"area": "Area", "period": "Year", "value": "Rate", "lower": "Low"}
    columns |= {"numerator": "Yes", "denominator": "Of"}
    row = read(mapped(columns=columns, markers={"*": "withheld_small_number"})).observations.iloc[0]
    assert row[["value", "lower", "numerator"]].isna().all()
    assert (row["denominator"], row["status"]) == (40, "withheld_small_number")
    assert row["note"] == "withheld as another figure of its row is"


def test_of_a_count_the_value_is_the_numerator(write, mapped, read):
    write("own.csv", "Area,Year,Value\nX07000001,2021,12\n")
    measures = {"Cases": {"unit": "", "value_type": "count", "polarity": "lower_is_better"}}
    row = read(mapped(measures=measures)).observations.iloc[0]
    assert (row["value"], row["numerator"]) == (12, 12)


def test_groups(write, mapped, read):
    write("own.csv", "Area,Year,Sex,Age band,Value\nX07000001,2024,All,,1\n"
          "X07000001,2024,Female,Total,2\nX07000001,2024,Persons,18 to 24,3\n"
          "X07000001,2024,Male,18 to 24,4\n")  # fmt: skip
    groups = {"sex": {"column": "Sex"}, "age": {"column": "Age band", "everyone": ["total"]}}
    columns = {"area": "Area", "period": "Year", "value": "Value", "groups": groups}
    rows = read(mapped(columns=columns)).observations
    assert list(zip(rows["group_kind"], rows["group"], rows["value"], strict=True)) == [
        ("", "", 1),
        ("sex", "Female", 2),
        ("age", "18 to 24", 3),
        ("sex and age", "Male, 18 to 24", 4),
    ]


def test_several_measures_in_a_column(write, mapped, read):
    write("own.csv", "Area,Year,Question,Value\nX07000001,2024,Safe,0.5\nX07000001,2024,Saef,2\n"
          "X07000001,2024,Age,44\n")  # fmt: skip
    columns = {"area": "Area", "period": "Year", "value": "Value", "measure": "Question"}
    safe = {"unit": "%", "value_type": "proportion", "polarity": "higher_is_better"}
    measures = {"Safe": {**safe, "multiply_by": 100}, "Age": AGE, "Unasked": AGE}
    reading = read(mapped(columns=columns, measures=measures))
    assert reading.observations["value"].to_list() == [50, 44]
    assert reading.series["series"].to_list() == ["own/panel/Safe", "own/panel/Age"]
    reason = "the measure 'Saef' is not one that the mapping describes; did you mean 'Safe'?"
    assert reading.rejected["reason"].to_list() == [reason]


def test_a_column_a_period_counts_figures(write, mapped, read):
    write("own.csv", "Code;District;2022/23;2023/24\nX07000001;Northend;12,5;*\n"
          "Total;;1.012,5;2\nA note;;;\n")  # fmt: skip
    path = mapped(
        layout="wide_by_period", columns={"area": "Code"}, ignore=["District"], delimiter=";",
        decimal=",", markers={"*": "withheld_small_number"}, year_start="09-01",
    )  # fmt: skip
    reading = read(path)
    rows = reading.observations
    assert rows["period"].to_list() == ["2022/23", "2023/24"]
    assert rows["period_start"].to_list() == [
        pd.Timestamp("2022-09-01"),
        pd.Timestamp("2023-09-01"),
    ]
    assert rows["value"].fillna(-1).to_list() == [12.5, -1]
    assert list(zip(reading.rejected["line"], reading.rejected["content"], strict=True)) == [
        (3, "Total,2022/23,Safe,1.012,5,,,"),
        (3, "Total,2023/24,Safe,2,,,"),
        (4, "A note,,,"),
    ]


def test_a_column_a_measure(write, mapped, figures):
    write("own.csv", "Area,Safe %,Cases,People\nX07000001,75%,3,1500\nX07000002,,4,1000\n")
    rate = {"unit": "", "value_type": "rate", "polarity": "no_judgement", "per": 1000}
    measures = {
        "Safe": {"unit": "%", "value_type": "proportion", "polarity": "higher_is_better"},
        "Rate": {**rate, "numerator": "Cases", "denominator": "People"},
    }
    measures["Safe"]["value"] = "Safe %"
    path = mapped(
        layout="wide_by_measure", columns={"area": "Area"}, measures=measures, period="March 2024"
    )
    assert figures(path) == [
        ("Safe", "X07000001", "March 2024", "", 75, "final"),
        ("Rate", "X07000001", "March 2024", "", 2, "final"),
        ("Safe", "X07000002", "March 2024", "", -1, "not_available"),
        ("Rate", "X07000002", "March 2024", "", 4, "final"),
    ]


def test_one_area_for_every_row_and_a_period_of_two_columns(write, mapped, figures):
    write("own.csv", "Year,Quarter,Value\n2023/24,Q1,1\n2024.0,,2\n")
    columns = {"period": ["Year", "Quarter"], "value": "Value"}
    assert figures(mapped(columns=columns, area="X10000001")) == [
        ("Safe", "X10000001", "April 2023 to June 2023", "", 1, "final"),
        ("Safe", "X10000001", "2024", "", 2, "final"),
    ]


@pytest.mark.parametrize(
    ("text", "decimal", "number"),
    [
        ("1,234.50", ".", 1234.5),
        ("£1,234", ".", 1234),
        ("-£5", ".", -5),
        ("£ 5", ".", 5),
        ("75.3 %", ".", 75.3),
        ("(12)", ".", -12),
        ("\N{MINUS SIGN}3", ".", -3),
        ("1 234", ".", 1234),
        (".5", ".", 0.5),
        ("1.2e3", ".", 1200),
        ("1.234,5", ",", 1234.5),
        ("12,5", ",", 12.5),
        ("12,5", ".", None),
        ("1,23", ".", None),
        ("12.5", ",", None),
        ("45 50", ".", None),
        ("nan", ".", None),
        ("inf", ".", None),
        ("5-10", ".", None),
        ("", ".", None),
        ("-", ".", None),
        ("%", ".", None),
    ],
)
def test_numbers_as_people_write_them(text, decimal, number):
    (found,) = as_numbers(pd.Series([text], dtype="str"), decimal)
    assert np.isnan(found) if number is None else found == number


def test_the_sample_countys_own_data_go_into_a_store(own_home, monkeypatch):
    monkeypatch.setitem(SOURCES, "own", own)
    store = open_known_store("sample")
    folder = own_home / "data" / "sample" / "own"
    path = folder / "residents-panel.csv"
    path.write_text(path.read_text("utf-8").replace("Source: inv", "Source: Inv"), "utf-8")
    assert add("own", folder, store).changed
    assert not add("own", folder, store).changed
    rows = store.observations(["own/residents-panel/Satisfied with the area"])
    assert len(rows) == 36
    assert (rows["status"] == "withheld_small_number").sum() == 1
    known = rows[rows["value"].notna()]
    assert (known["value"] - 100 * known["numerator"] / known["denominator"]).abs().max() < 1e-9
    path.write_text(path.read_text("utf-8").replace(",*,", ",9,"), "utf-8")
    assert add("own", folder, store).changed
