"""Vintages: what was known on a day, what a release changed, what no release may do."""

import re
from datetime import date

import pandas as pd
import pytest

from outcomes.errors import DataError
from outcomes.model import DisclosureRule
from outcomes.store import Store, harmless, write_csv

NAN = float("nan")
A, B = "own/survey/A", "own/survey/B"
TODAY = date(2026, 6, 30)


@pytest.fixture(autouse=True)
def _it_is_today(monkeypatch):
    monkeypatch.setattr("outcomes.store.store.today", lambda: TODAY)


def described(*series: str, published: str = "") -> pd.DataFrame:
    return pd.DataFrame({"series": series, "title": series, "published": published})


@pytest.fixture
def released(store, tidy):
    """Add a release: rows, the day it came out, what the publisher says of it."""

    def add(*rows, on: str | None = None, published: str = "", source: str = "own") -> None:
        table = tidy(*rows)
        about = described(*table["series"].unique(), published=published)
        key = f"{len(store.catalogue.get(source, []))}" * 64
        day = date.fromisoformat(on) if on else None
        store.put(source, key, {}, {"observations": table, "series": about}, day)

    return add


def values(store: Store, day: str | None = None, series: str = A) -> dict:
    at = store.at(date.fromisoformat(day)) if day else store
    rows = at.observations([series])
    return dict(zip(rows["period"], rows["value"], strict=True))


class TestAsOf:
    def test_a_revised_series_is_a_vintage_and_the_earlier_one_is_kept(self, store, released):
        released((A, "X1", 2022, 1.0), (A, "X1", 2023, 2.0), on="2024-05-01")
        released((A, "X1", 2022, 1.5), (A, "X1", 2023, 2.0), (A, "X1", 2024, 3.0), on="2025-05-01")
        assert values(store) == {"2022": 1.5, "2023": 2.0, "2024": 3.0}
        assert values(store, "2025-05-01") == {"2022": 1.5, "2023": 2.0, "2024": 3.0}
        assert values(store, "2025-04-30") == {"2022": 1.0, "2023": 2.0}
        assert values(store, "2024-05-01") == {"2022": 1.0, "2023": 2.0}
        assert values(store, "2024-04-30") == {}
        assert A not in store.at(date(2024, 4, 30)).series().index

    def test_a_series_that_did_not_change_has_one_vintage(self, store, released):
        same = (B, "X1", 2022, 7.0)
        released((A, "X1", 2022, 1.0), same, on="2024-05-01")
        released((A, "X1", 2022, 9.0), same, on="2025-05-01")
        assert store.index["series"].tolist() == [A, B, A]
        assert store.held.loc[B, "known_from"] == pd.Timestamp("2024-05-01")
        files = {path.name for path in store.folder.rglob("observations/*.parquet")}
        assert len(list(store.folder.rglob("observations/*.parquet"))) == 3, files

    def test_no_period_that_ends_after_the_day(self, store, released):
        released((A, "X1", 2024, 1.0), (A, "X1", 2025, 2.0), on="2025-03-31")
        assert values(store, "2025-12-30") == {"2024": 1.0}
        assert values(store, "2025-12-31") == {"2024": 1.0, "2025": 2.0}

    @pytest.mark.parametrize(
        ("published", "known_from"),
        [
            ("2025-02-03", "2025-02-03"),
            ("", TODAY.isoformat()),
            ("2999-01-01", TODAY.isoformat()),
            ("soon", TODAY.isoformat()),
        ],
    )
    def test_a_first_vintage_is_known_from_the_publishers_day(
        self, store, released, published, known_from
    ):
        released((A, "X1", 2022, 1.0), published=published)
        assert store.held.loc[A, "known_from"] == pd.Timestamp(known_from)

    def test_a_revision_under_the_same_date_is_known_from_the_add(self, store, released):
        released((A, "X1", 2022, 1.0), published="2025-02-03")
        released((A, "X1", 2022, 2.0), published="2025-02-03")
        assert store.held.loc[A, "known_from"] == pd.Timestamp(TODAY)
        assert values(store, "2025-02-03") == {"2022": 1.0}

    def test_a_new_description_alone_is_kept_and_changes_no_figure(self, store, released):
        released((A, "X1", 2022, 1.0), published="2025-02-03")
        released((A, "X1", 2022, 1.0), published="2025-03-03")
        assert store.series().loc[A, "published"] == "2025-03-03"
        before = store.at(date(2025, 3, 2))
        assert before.series().loc[A, "published"] == "2025-02-03"
        assert store.index["change"].tolist() == ["first", "described"]
        assert values(store) == values(before) == {"2022": 1.0}
        assert len(list(store.folder.rglob("observations/*.parquet"))) == 1

    def test_two_days_of_one_store_are_told_apart(self, store, released):
        released((A, "X1", 2022, 1.0), on="2024-05-01")
        versions = {store.at(day).version for day in (None, date(2024, 5, 1), date(2024, 6, 1))}
        assert len(versions) == 3

    def test_population_is_cut_at_the_day(self, store):
        people = pd.DataFrame({"area_code": "X1", "mid_year": [2023, 2024], "age": 5})
        people["population"] = 7.0
        store.put("population", "p" * 64, {}, {"population": people})
        years = {
            day: store.at(date.fromisoformat(day)).population()["mid_year"].tolist()
            for day in ("2024-06-29", "2024-06-30", "2023-06-29")
        }
        assert years == {"2024-06-29": [2023], "2024-06-30": [2023, 2024], "2023-06-29": []}


class TestWithdrawn:
    def test_a_measure_that_its_dataset_no_longer_has(self, store, released):
        released((A, "X1", 2022, 1.0), (B, "X1", 2022, 7.0), on="2024-05-01")
        released((A, "X1", 2022, 1.0), on="2025-05-01")
        assert list(store.series().index) == [A]
        assert values(store, series=B) == {}
        assert values(store, "2025-04-30", series=B) == {"2022": 7.0}
        released((A, "X1", 2022, 1.0), (B, "X1", 2022, 7.0), on="2026-05-01")
        assert values(store, series=B) == {"2022": 7.0}
        assert store.index["change"].tolist() == ["first", "first", "withdrawn", "first"]

    def test_a_dataset_that_is_not_among_the_files_stays(self, store, released):
        other = "own/another/C"
        released((A, "X1", 2022, 1.0), (other, "X1", 2022, 7.0), on="2024-05-01")
        released((A, "X1", 2022, 2.0), on="2025-05-01")
        assert values(store, series=other) == {"2022": 7.0}

    def test_a_source_without_datasets_comes_whole(self, store, released):
        released(("lait/A", "X1", 2022, 1.0), ("lait/B", "X1", 2022, 7.0), source="lait")
        released(("lait/A", "X1", 2022, 1.0), source="lait")
        assert list(store.series().index) == ["lait/A"]


class TestOrder:
    def test_a_release_older_than_what_is_held_is_refused(self, store, released):
        released((A, "X1", 2022, 1.0), on="2025-05-01")
        message = (
            f"{A}: the release of 2024-05-01 is older than the figures held, which were known from "
            "2025-05-01. Add releases in their order. Nothing was added."
        )
        with pytest.raises(DataError, match=f"^{re.escape(message)}$"):
            released((A, "X1", 2022, 2.0), on="2024-05-01")
        assert values(store) == {"2022": 1.0}
        assert not list(store.folder.glob(".*.partial"))

    def test_an_older_release_that_changes_nothing_is_no_harm(self, store, released):
        released((A, "X1", 2022, 1.0), on="2025-05-01")
        released((A, "X1", 2022, 1.0), on="2024-05-01")
        assert len(store.index) == 1


class TestChanges:
    def test_the_newest_add_against_what_was_there(self, store, released):
        released(
            (A, "X1", 2022, 1.0), (A, "X1", 2023, 2.0), (A, "X2", 2023, 5.0), (B, "X1", 2022, 7.0)
        )
        released(
            (A, "X1", 2022, 1.5), (A, "X1", 2023, 2.0), (A, "X1", 2024, 3.0), (B, "X1", 2022, 7.0)
        )
        changes = store.changes("own")
        told = changes[["series", "area_code", "period", "change", "old_value", "new_value"]]
        expected = pd.DataFrame(
            [
                (A, "X1", "2022", "revised", 1.0, 1.5),
                (A, "X1", "2024", "added", NAN, 3.0),
                (A, "X2", "2023", "withdrawn", 5.0, NAN),
            ],
            columns=told.columns,
        )
        pd.testing.assert_frame_equal(told, expected, check_dtype=False)

    def test_a_value_that_is_withheld_now_is_withdrawn(self, store, released, tidy):
        released((A, "X1", 2022, 1.0))
        table = tidy((A, "X1", 2022, NAN), status="withheld_small_number")
        store.put("own", "9" * 64, {}, {"observations": table, "series": described(A)})
        (change,) = store.changes("own").itertuples()
        assert (change.change, change.new_status) == ("withdrawn", "withheld_small_number")

    @pytest.mark.parametrize("column", ["lower", "upper", "denominator", "status"])
    def test_what_else_counts_as_revised(self, store, released, tidy, column):
        released((A, "X1", 2022, 1.0))
        table = tidy((A, "X1", 2022, 1.0))
        table[column] = "provisional" if column == "status" else 0.5
        rule = DisclosureRule(threshold=None)
        open_store = Store("mine", store.folder, "how", rule)
        open_store.put("own", "9" * 64, {}, {"observations": table, "series": described(A)})
        assert open_store.index["change"].tolist() == ["first", "revised"]

    def test_between_two_days(self, store, released):
        for year, value in (("2023", 1.0), ("2024", 2.0), ("2025", 3.0)):
            released((A, "X1", 2022, value), on=f"{year}-05-01")
        (change,) = store.changes("own", date(2023, 12, 31), date(2024, 12, 31)).itertuples()
        assert (change.old_value, change.new_value) == (1.0, 2.0)
        (change,) = store.changes("own", date(2023, 12, 31)).itertuples()
        assert (change.old_value, change.new_value) == (1.0, 3.0)
        (change,) = store.changes("own").itertuples()
        assert (change.old_value, change.new_value) == (2.0, 3.0)

    def test_an_unknown_source(self, store, released):
        released((A, "X1", 2022, 1.0))
        message = "the store 'mine' holds nothing of 'lait'; it holds own"
        with pytest.raises(DataError, match=f"^{re.escape(message)}$"):
            store.changes("lait")

    def test_days_the_wrong_way_round(self, store, released):
        released((A, "X1", 2022, 1.0))
        with pytest.raises(DataError, match="^2025-01-02 is later than 2025-01-01: what changed"):
            store.changes("own", date(2025, 1, 2), date(2025, 1, 1))


def test_a_table_that_cannot_be_written_says_so(tmp_path):
    path = tmp_path / "nowhere" / "changes.csv"
    message = f"{path}: cannot be written there ("
    with pytest.raises(DataError, match=f"^{re.escape(message)}"):
        write_csv(pd.DataFrame({"a": [1]}), path)


class TestRule:
    def test_figures_under_another_rule_are_not_shown(self, store, released, tidy):
        released((A, "X1", 2022, 1.0))
        strict = Store("mine", store.folder, "how", DisclosureRule(threshold=10))
        message = (
            f"{A}: its figures were added under another rule for small numbers (under 5 withheld) "
            "than the settings of the store 'mine' now have (under 10 withheld), so they are not "
            "shown. Add the files of own again."
        )
        with pytest.raises(DataError, match=f"^{re.escape(message)}$"):
            strict.observations([A])
        assert not strict.holds("own", "0" * 64)
        table = {"observations": tidy((A, "X1", 2022, 1.0)), "series": described(A)}
        strict.put("own", "0" * 64, {}, table)
        assert values(strict) == {"2022": 1.0}

    @pytest.mark.parametrize(("exempt", "content"), [((), ""), (("own",), "X1,2022,3")])
    def test_a_rejected_row_is_quoted_only_where_nothing_is_withheld(
        self, tmp_path, tidy, exempt, content
    ):
        store = Store("mine", tmp_path / "s", "how", DisclosureRule(already_protected=exempt))
        words = {"file": "a.csv", "line": 7, "kind": "duplicate", "reason": "again"}
        rejected = pd.DataFrame([words | {"content": "X1,2022,3"}])
        tables = {"observations": tidy((A, "X1", 2022, 1.0)), "series": described(A)}
        store.put("own", "0" * 64, {}, {**tables, "rejected": rejected})
        (row,) = store.report("own", "rejected").itertuples()
        assert (row.file, row.line, row.reason, row.content) == ("a.csv", 7, "again", content)

    def test_small_counts_never_reach_the_disk(self, store, tidy):
        counts = {"X1": 3.0, "X2": 60.0, "X3": 70.0}
        table = tidy(*((A, code, 2022, n) for code, n in counts.items()))
        table = table.assign(numerator=table["value"])
        areas = pd.DataFrame(
            {
                "area_code": list(counts),
                "area_name": "",
                "levels": "ltla",
                "parents": "X9",
                "end": None,
            }
        )
        tables = {"observations": table, "series": described(A), "areas": areas}
        store.put("own", "1" * 64, {}, tables)
        raw = pd.concat(pd.read_parquet(p) for p in store.folder.rglob("observations/*.parquet"))
        assert 3.0 not in set(raw["value"]) | set(raw["numerator"])
        row = raw[raw["area_code"] == "X1"].iloc[0]
        assert row["status"] == "withheld_small_number"
        exempt = Store(
            "o", store.folder.parent / "o", "how", DisclosureRule(already_protected=("own",))
        )
        exempt.put("own", "1" * 64, {}, tables)
        assert 3.0 in set(exempt.observations([A])["value"])


def test_a_text_that_a_spreadsheet_would_work_out_stays_a_text():
    table = pd.DataFrame({"note": ["=1+1", "@SUM(A1)", "-5", "a-b", None], "value": [-1.5] * 5})
    found = harmless(table)
    assert found["note"].tolist()[:4] == ["'=1+1", "'@SUM(A1)", "'-5", "a-b"]
    assert found["note"].isna().tolist() == [False] * 4 + [True]
    assert found["value"].tolist() == [-1.5] * 5
