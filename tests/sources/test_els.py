"""Explore Local Statistics: each quirk of the layout on a small dataset."""

import math

import pytest

from outcomes.model import OBSERVATION_COLUMNS
from outcomes.sources import els

HEADER = (
    "areacd,areanm,geography,indicator,period,observation,measure,unit,lci_95,uci_95,status,notes"
)


def line(observation="1.5", *, area="X10000001", period="2023-01-01/P1Y", **others) -> str:
    """Return a row in the order of HEADER."""
    cells = {"lci": "", "uci": "", "status": "", "notes": "", "indicator": "Made up"} | others
    return (
        f"{area},A place,County,{cells['indicator']},{period},{observation},Percentage,%,"
        f"{cells['lci']},{cells['uci']},{cells['status']},{cells['notes']}"
    )


@pytest.fixture
def read(small_els):
    """Return what is read of the dataset `made-up`: observations and rejected rows."""

    def read_made_up():
        reading = els.read(small_els)
        tidy, refused = reading.observations, reading.rejected
        return (
            tidy[tidy["series"].str.startswith("els/made-up/")].reset_index(drop=True),
            refused[refused["file"].str.endswith("made-up.csv")].reset_index(drop=True),
        )

    return read_made_up


class TestLayout:
    def test_the_small_folder_is_read_whole(self, small_els):
        reading = els.read(small_els)
        assert list(reading.observations.columns) == list(OBSERVATION_COLUMNS)
        assert set(reading.tables) == {"areas", "neighbours", "boundaries", "code_changes"}
        raw = sum(
            len(path.read_text(encoding="utf-8-sig").splitlines()) - 1
            for path in small_els.glob("*/*.csv")
        )
        assert len(reading.observations) + len(reading.rejected) == raw

    @pytest.mark.parametrize("end", ["\n", "\r\n"])
    @pytest.mark.parametrize("mark", ["", "\ufeff"])
    def test_a_byte_order_mark_and_line_ends_make_no_difference(
        self, write_dataset, read, mark, end
    ):
        write_dataset(mark + HEADER, line("1.5"), line("2", area="X10000002"), end=end)
        tidy, refused = read()
        assert tidy["area_code"].tolist() == ["X10000001", "X10000002"]
        assert tidy["value"].tolist() == [1.5, 2.0]
        assert refused.empty

    def test_columns_are_found_by_name(self, write_dataset, read):
        write_dataset(
            "notes,uci_95,lci_95,observation,status,extra,period,indicator,areacd,areanm",
            "Seen,3,1,2,,zzz,2023-01-01/P1Y,Made up,X10000001,A place",
        )
        (row,) = read()[0].to_dict("records")
        assert (row["value"], row["lower"], row["upper"]) == (2.0, 1.0, 3.0)
        assert (row["area_code"], row["series"]) == ("X10000001", "els/made-up/Made up")
        assert (row["period"], row["note"], row["status"]) == ("2023", "Seen", "final")

    def test_a_quoted_header_is_read_like_a_plain_one(self, write_dataset, read):
        quoted = ",".join(f'"{name}"' for name in HEADER.split(","))
        write_dataset(quoted, line("", status="c", notes="Seen"))
        (row,) = read()[0].to_dict("records")
        assert (row["status"], row["note"]) == ("withheld_small_number", "Seen")

    def test_of_a_header_that_stands_twice_the_first_counts(self, write_dataset, read):
        write_dataset(HEADER + ",notes", line("1", notes="first,second"))
        assert read()[0]["note"].tolist() == ["first"]

    def test_status_and_notes_may_be_missing(self, write_dataset, read):
        header = HEADER.removesuffix(",status,notes")
        write_dataset(header, *(row.removesuffix(",,") for row in (line("1"), line("", area="X1"))))
        tidy, _ = read()
        assert tidy["status"].tolist() == ["final"]
        assert tidy["note"].tolist() == [""]

    def test_quoted_text_may_hold_commas_line_ends_and_odd_separators(self, write_dataset, read):
        note = '"One, two\nthree\u2028four\x0bfive ""six"""'
        path = write_dataset(HEADER, line("1", notes=note), line("x", area="X10000002"))
        tidy, refused = read()
        assert tidy["note"].tolist() == ['One, two\nthree\u2028four\x0bfive "six"']
        assert refused["line"].tolist() == [4]
        assert path.read_text(encoding="utf-8").split("\n")[3].startswith("X10000002")

    def test_odd_separators_outside_quotes_end_no_row(self, write_dataset, read):
        write_dataset(HEADER, line("1", notes="a\u2028b\x85c"))
        assert read()[0]["note"].tolist() == ["a\u2028b\x85c"]

    def test_folders_that_start_with_a_dot_are_no_datasets(self, small_els):
        (small_els / ".git").mkdir()
        (small_els / "LICENCE.md").write_text("free")
        assert els.read(small_els).observations["series"].nunique() == 5

    def test_the_sign_of_money_is_a_unit(self, write_dataset, small_els):
        write_dataset(HEADER, line(), about={"label": "Pay", "prefix": "GBPSign", "suffix": None})
        series = els.read(small_els).series.set_index("series")
        assert series.loc["els/made-up/Made up", "unit"] == "£"


class TestStatus:
    @pytest.mark.parametrize(
        ("marker", "status", "note"),
        [
            ("x", "not_available", ""),
            ("u", "not_available", "the estimate is too unreliable to publish"),
            ("c", "withheld_small_number", ""),
            ("z", "not_applicable", ""),
            ("", "not_available", ""),
            ("Boundary changed", "not_available", "Boundary changed"),
        ],
    )
    def test_a_blank_stays_without_a_value_and_says_why(
        self, write_dataset, read, marker, status, note
    ):
        write_dataset(HEADER, line("", status=marker), line("0", area="X10000002"))
        blank, zero = read()[0].to_dict("records")
        assert math.isnan(blank["value"])
        assert (blank["status"], blank["note"]) == (status, note)
        assert (zero["value"], zero["status"]) == (0.0, "final")

    def test_a_sentence_in_status_moves_to_the_note(self, write_dataset, read):
        write_dataset(HEADER, line("44.5", status="Two areas combined", notes="Seen"))
        (row,) = read()[0].to_dict("records")
        assert (row["status"], row["note"]) == ("final", "Two areas combined Seen")

    @pytest.mark.parametrize("marker", ["x", "u", "c", "z"])
    def test_a_marker_beside_a_value_does_not_take_it_away(self, write_dataset, read, marker):
        write_dataset(HEADER, line("44.5", status=marker, notes="Seen"))
        (row,) = read()[0].to_dict("records")
        assert (row["value"], row["status"]) == (44.5, "final")
        assert row["note"] == f"Seen the publisher marks it '{marker}'"


class TestRejected:
    @pytest.mark.parametrize(
        ("bad", "reason"),
        [
            (line("about 3"), "observation is not a number"),
            (line("NaN"), "observation is not a number"),
            (line("inf"), "observation is not a number"),
            (line("1k"), "observation is not a number"),
            (line("1", lci="low"), "lci_95 is not a number"),
            (line("1", uci="-"), "uci_95 is not a number"),
            (line("1", area="na"), "there is no area code"),
            (line("1", area=""), "there is no area code"),
            (line("1", period="2023"), "the period is not one such as 2023-01-01/P1Y"),
            (line("1", period="2023-01-01/P0Y"), "the period is not one such as 2023-01-01/P1Y"),
        ],
    )
    def test_a_bad_row_is_told_with_file_line_reason_and_content(
        self, write_dataset, read, bad, reason
    ):
        path = write_dataset(HEADER, line("1", area="X10000002"), bad, line("3", area="X10000003"))
        tidy, refused = read()
        assert tidy["value"].tolist() == [1.0, 3.0]
        (row,) = refused.to_dict("records")
        assert (row["file"], row["line"], row["reason"]) == (str(path), 3, reason)
        assert row["content"].split(",")[:5] == [
            *bad.split(",")[:2],
            "Made up",
            *bad.split(",")[4:6],
        ]

    def test_a_blank_of_spaces_is_a_blank(self, write_dataset, read):
        write_dataset(HEADER, line("  ", lci=" ", status="x"))
        tidy, refused = read()
        assert tidy["status"].tolist() == ["not_available"]
        assert refused.empty

    def test_of_equal_rows_the_first_is_kept(self, write_dataset, read):
        write_dataset(HEADER, line("1"), line("1"), line("2"), line("1", period="2024-01-01/P1Y"))
        tidy, refused = read()
        assert tidy["value"].tolist() == [1.0, 1.0]
        assert refused[["line", "reason"]].to_numpy().tolist() == [
            [3, "the same row stands above it"],
            [4, "another value for the same area and period stands above it"],
        ]

    def test_a_bad_row_does_not_push_out_the_good_one_below_it(self, write_dataset, read):
        write_dataset(HEADER, line("about 3"), line("3"))
        tidy, refused = read()
        assert tidy["value"].tolist() == [3.0]
        assert refused["reason"].tolist() == ["observation is not a number"]

    def test_a_dataset_of_which_no_row_is_kept_leaves_the_others(self, write_dataset, small_els):
        write_dataset(HEADER, line("about 3"))
        reading = els.read(small_els)
        assert not reading.series["series"].str.startswith("els/made-up/").any()
        assert reading.observations["series"].nunique() == reading.series["series"].nunique() == 5


class TestCodeChanges:
    def changes(self, write_dataset, small_els, *notes: tuple[str, str]) -> list[list]:
        """Return what is read of rows of an area with a note, each of another year."""
        rows = [
            line(area=area, period=f"{2000 + n}-01-01/P1Y", notes=f'"{note}"')
            for n, (area, note) in enumerate(notes)
        ]
        write_dataset(HEADER, *rows)
        table = els.read(small_els).tables["code_changes"]
        assert list(table.columns) == ["old_code", "new_code", "year"]
        assert str(table["year"].dtype) == "Int64"
        return table[table["old_code"] != "X07000037"].to_numpy().tolist()

    def test_the_sample_has_one(self, small_els):
        table = els.read(small_els).tables["code_changes"]
        assert table.to_numpy().tolist() == [["X07000037", "X07000009", 2023]]

    def test_one_successor_and_several(self, write_dataset, small_els):
        assert self.changes(
            write_dataset,
            small_els,
            ("X06000007", "Obsolete code since 2013 (replaced by X06000057 Northland)"),
            ("X06000006", "Obsolete code since 2021 (replaced by X06000062 B and X06000061 A)"),
            ("TLM81", "Obsolete code since 2025 (replaced by TLM20 C, TLM31 D (part) and TLM4 E)"),
            ("TLJ11", "Obsolete code since 2025 (replaced by TLJ15 East TLJ16 West)"),
            ("X06000005", "See X06000099. Obsolete code since 2024 (replaced by X06000098 F). End"),
        ) == [
            ["TLJ11", "TLJ15", 2025],
            ["TLJ11", "TLJ16", 2025],
            ["TLM81", "TLM20", 2025],
            ["TLM81", "TLM31", 2025],
            ["TLM81", "TLM4", 2025],
            ["X06000005", "X06000098", 2024],
            ["X06000006", "X06000061", 2021],
            ["X06000006", "X06000062", 2021],
            ["X06000007", "X06000057", 2013],
        ]

    def test_where_notes_differ_most_rows_are_believed(self, write_dataset, small_els):
        right = "Obsolete code since 2018 (replaced by X12000048 Right)"
        wrong = "Obsolete code since 2018 (replaced by X12000050 Wrong)"
        notes = [("X12000024", note) for note in (wrong, right, wrong, right, right)]
        assert self.changes(write_dataset, small_els, *notes) == [
            ["X12000024", "X12000048", 2018],
        ]
        notes = [("X12000024", note) for note in (right, wrong, right, wrong, wrong)]
        assert self.changes(write_dataset, small_els, *notes) == [
            ["X12000024", "X12000050", 2018],
        ]

    def test_other_notes_change_no_code(self, write_dataset, small_els):
        assert (
            self.changes(
                write_dataset,
                small_els,
                ("X06000001", "Obsolete code"),
                ("X06000002", "replaced by X06000057"),
                ("X06000003", ""),
            )
            == []
        )


class TestDescriptions:
    def test_the_part_of_an_indicator_lies_over_the_shared_one(self, write_dataset, small_els):
        about = {
            "shared": {
                "label": "All",
                "suffix": "%",
                "sourceOrg": "An office|Another",
                "sourceURL": "https://example.org/a|https://example.org/b",
                "sourceDate": "03/02/2025|01/01/2024",
            },
            "One": {"label": "First", "subtitle": "Of one", "caveats": "Small"},
            "Two": {"suffix": None, "subText": "per head"},
        }
        rows = [line(indicator=name) for name in ("One", "Two", "Three")]
        write_dataset(HEADER, *rows, about=about)
        series = els.read(small_els).series.set_index("series")
        one, two, three = (series.loc[f"els/made-up/{name}"] for name in ("One", "Two", "Three"))
        assert (one["title"], one["definition"], one["unit"]) == ("First", "Of one", "%")
        assert (one["publisher"], one["caveats"]) == ("An office and Another", "Small")
        assert (one["url"], one["published"]) == ("https://example.org/a", "2025-02-03")
        assert (two["title"], two["unit"]) == ("All", "per head")
        assert (three["title"], three["unit"], three["definition"]) == ("All", "%", "")

    def test_what_is_not_said_stays_empty(self, write_dataset, small_els):
        write_dataset(HEADER, line(), about={"sourceDate": "soon"})
        row = els.read(small_els).series.set_index("series").loc["els/made-up/Made up"]
        assert (row["title"], row["publisher"]) == ("Made up", "not stated")
        assert (row["unit"], row["url"], row["published"]) == ("", "", "")
