"""Stored forecasts: whole or not at all, never overwritten, refused once damaged."""

import re
import shutil
import subprocess
import sys
from datetime import UTC, date, datetime, timedelta

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from outcomes.errors import DataError, ParameterError
from outcomes.store import forecasts as module
from outcomes.store.forecasts import (
    ABOUT,
    COLUMNS,
    Kept,
    forecasts_folder,
    keep_forecast,
    kept_forecasts,
    read_forecast,
    require_free,
)

MOMENT = datetime(2026, 6, 30, 12, 30, 15, 123456, tzinfo=UTC)
TAKEN = (
    "data/forecasts/mine/first.parquet: a forecast of this name is kept already, and is never "
    "overwritten; choose another name"
)


@pytest.fixture(autouse=True)
def project_folder(tmp_path, monkeypatch):
    """A project folder of the test's own, with nothing in it."""
    folder = tmp_path / "project"
    (folder / "parameters").mkdir(parents=True)
    (folder / "parameters" / "places.yml").write_text("trees: {}\n", encoding="utf-8")
    monkeypatch.setenv("OUTCOMES_HOME", str(folder))
    return folder


def table(*cells: tuple[str, str], shift: float = 0.0) -> pd.DataFrame:
    """A forecast two years ahead for each (indicator, area)."""
    rows = []
    for indicator, area in cells or (("jobs", "X07000002"), ("jobs", "X07000001")):
        for ahead in (1, 2):
            year, mean = 2024 + ahead, 70.25 + ahead + shift
            rows.append({
                "indicator": indicator, "series": f"els/{indicator}/Rate", "area_code": area,
                "horizon": ahead, "period": str(year),
                "period_start": pd.Timestamp(year, 1, 1), "period_end": pd.Timestamp(year, 12, 31),
                "origin": "2024", "origin_end": pd.Timestamp(2024, 12, 31), "mean": mean,
                "lower_80": mean - 1.1, "upper_80": mean + 1.2,
                "lower_95": mean - 2.3, "upper_95": mean + 2.4, "method": "pooled", "n": 12,
            })  # fmt: skip
    return pd.DataFrame(rows)


def about(name="first", **changes) -> Kept:
    values = {
        "name": name,
        "made_on": MOMENT.date(),
        "made_at": MOMENT,
        "known_on": None,
        "until": date(2024, 12, 31),
        "data_version": "abc123",
        "horizon": 2,
        "package": "0.1.0",
        "afterwards": False,
        "method": "pooled",
        "forecasts": 2,
        "indicators": 1,
        "places": 2,
    }
    return Kept(**values | changes)


def files() -> list[str]:
    folder = forecasts_folder("mine")
    return sorted(path.name for path in folder.iterdir()) if folder.exists() else []


class TestKept:
    def test_it_lies_beside_the_stores(self, project_folder):
        path = keep_forecast("mine", table(), about())
        assert path == project_folder / "data" / "forecasts" / "mine" / "first.parquet"
        assert files() == ["first.parquet"]

    def test_what_is_read_is_what_was_kept_to_the_last_digit(self):
        wanted = table(("jobs", "X07000001"), ("crime", "X07000002"), shift=1 / 3)
        keep_forecast("mine", wanted, about(known_on=date(2025, 3, 31), afterwards=True))
        found = read_forecast("mine", "first")
        assert tuple(found.columns) == COLUMNS
        wanted = wanted.sort_values(["indicator", "area_code", "horizon"], ignore_index=True)
        pd.testing.assert_frame_equal(
            found, wanted[list(COLUMNS)], check_exact=True, check_dtype=False
        )
        assert kept_forecasts("mine") == [about(known_on=date(2025, 3, 31), afterwards=True)]

    def test_areas_and_indicators_can_be_chosen(self):
        cells = [("jobs", "X07000001"), ("jobs", "X07000002"), ("crime", "X07000001")]
        keep_forecast("mine", table(*cells), about())

        def pairs(**choice):
            found = read_forecast("mine", "first", **choice)
            assert list(found.index) == list(range(len(found)))
            return set(zip(found["indicator"], found["area_code"], strict=True))

        assert pairs() == set(cells)
        assert pairs(areas=["X07000001"]) == {cells[0], cells[2]}
        assert pairs(indicators=["jobs"]) == set(cells[:2])
        assert pairs(areas=["X07000001"], indicators=["crime"]) == {cells[2]}
        assert pairs(areas=[]) == pairs(indicators=["none"]) == set()

    def test_they_are_listed_in_the_order_in_which_they_were_made(self):
        assert kept_forecasts("mine") == []
        moments = {"b": 2, "z": 1, "a": 2}
        for name, day in moments.items():
            made = about(name, made_at=MOMENT + timedelta(days=day))
            keep_forecast("mine", table(), made)
        assert [found.name for found in kept_forecasts("mine")] == ["z", "a", "b"]
        assert kept_forecasts("other") == []

    def test_other_programs_read_it_as_ordinary_parquet(self):
        path = keep_forecast("mine", table(), about())
        assert pd.read_parquet(path)["mean"].tolist() == [71.25, 72.25, 71.25, 72.25]


class TestNeverOverwritten:
    def test_a_name_is_kept_once(self):
        path = keep_forecast("mine", table(), about())
        before = path.read_bytes()
        with pytest.raises(ParameterError, match=f"^{re.escape(TAKEN)}$"):
            keep_forecast("mine", table(shift=5), about(places=9))
        with pytest.raises(ParameterError, match=f"^{re.escape(TAKEN)}$"):
            require_free("mine", "first")
        assert path.read_bytes() == before
        assert files() == ["first.parquet"]

    def test_not_even_if_the_name_is_taken_while_it_is_written(self, monkeypatch):
        write = module._write

        def other_is_faster(content, partial):
            write(content, partial)
            monkeypatch.setattr(module, "_write", write)
            keep_forecast("mine", table(), about())

        monkeypatch.setattr(module, "_write", other_is_faster)
        with pytest.raises(ParameterError, match=f"^{re.escape(TAKEN)}$"):
            keep_forecast("mine", table(shift=5), about(places=9))
        assert kept_forecasts("mine") == [about()]
        assert read_forecast("mine", "first")["mean"].iloc[0] == 71.25
        assert files() == ["first.parquet"]

    @pytest.mark.parametrize("name", ["", "Spring", "-a", "a/b", "..", "a.b", "ä", "x" * 61, "a\n"])
    def test_a_name_is_one_that_every_system_can_keep(self, name):
        message = (
            f"{name!r} is not a name for a stored forecast: expected at most 60 small letters, "
            "digits, hyphens and underscores, such as 2026-06-30"
        )
        with pytest.raises(ParameterError, match=f"^{re.escape(message)}$"):
            keep_forecast("mine", table(), about(name))
        assert files() == []

    @pytest.mark.parametrize("name", ["2026-06-30", "a", "0", "before_the_plan", "x" * 60])
    def test_these_are_names(self, name):
        assert require_free("mine", name).name == f"{name}.parquet"


PROCESS = """
import sys, time
from pathlib import Path
sys.path.insert(0, sys.argv[1])
import test_forecasts as made
from outcomes.errors import ParameterError
from outcomes.store import forecasts as module

{before}
print("ready", flush=True)
sys.stdin.readline()
try:
    module.keep_forecast("mine", made.table(shift=float(sys.argv[2])), made.about())
    print("kept")
except ParameterError as error:
    print(error)
"""

SLOW = """
give_name = module._give_name
def slowly(partial, path):
    time.sleep(0.5)
    give_name(partial, path)
module._give_name = slowly
"""

DIES_BEFORE_THE_NAME = """
import os, signal
module._give_name = lambda partial, path: os.kill(os.getpid(), signal.SIGKILL)
"""

DIES_IN_THE_MIDDLE = """
import os, signal
def half(content, partial):
    partial.write_bytes(b"PAR1 and no more")
    os.kill(os.getpid(), signal.SIGKILL)
module._write = half
"""


def begin(before: str, shift: float = 0) -> subprocess.Popen:
    folder = str(module.Path(__file__).parent)
    process = subprocess.Popen(
        [sys.executable, "-c", PROCESS.format(before=before), folder, str(shift)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert process.stdout.readline() == "ready\n"
    return process


def end(process: subprocess.Popen) -> tuple[int, str]:
    out, errors = process.communicate(timeout=60)
    assert "Traceback" not in errors, errors
    return process.returncode, out.strip()


class TestSeveralProcesses:
    def test_of_two_at_once_one_is_kept_whole_and_the_other_is_told(self):
        processes = [begin(SLOW, shift) for shift in (0, 10)]
        for process in processes:
            process.stdin.write("go\n")
            process.stdin.flush()
        ended = [end(process) for process in processes]
        assert sorted(ended) == sorted([(0, "kept"), (0, TAKEN)])
        winner = ended.index((0, "kept"))
        assert read_forecast("mine", "first")["mean"].iloc[0] == 71.25 + 10 * winner
        assert files() == ["first.parquet"]

    @pytest.mark.skipif(sys.platform == "win32", reason="Windows has no signal that kills at once")
    @pytest.mark.parametrize(
        "before", [DIES_IN_THE_MIDDLE, DIES_BEFORE_THE_NAME], ids=["half", "whole"]
    )
    def test_a_killed_one_leaves_no_forecast_and_the_name_free(self, before):
        process = begin(before)
        assert process.communicate("go\n", timeout=60) == ("", "")
        assert process.returncode == -9
        (left,) = files()
        assert re.fullmatch(r"\.first\.parquet\.[0-9a-f]{32}\.partial", left)
        assert kept_forecasts("mine") == []
        keep_forecast("mine", table(), about())
        assert kept_forecasts("mine") == [about()]


class TestDamaged:
    @pytest.fixture
    def kept(self):
        return keep_forecast("mine", table(), about())

    @staticmethod
    def damaged(reason: str) -> str:
        return (
            "^" + re.escape("data/forecasts/mine/first.parquet: not a stored forecast, or damaged (")
            + reason
            + re.escape(
                "). It cannot be made again: put it back from a copy, or move it out of the folder"
            ) + "$"
        )  # fmt: skip

    def test_a_file_cut_short_is_refused_at_any_length(self, kept):
        whole = kept.read_bytes()
        for length in [0, 1, 4, 8, 100, len(whole) // 2, len(whole) - 8, len(whole) - 1]:
            kept.write_bytes(whole[:length])
            with pytest.raises(DataError, match=self.damaged(".+")):
                kept_forecasts("mine")
            with pytest.raises(DataError, match=self.damaged(".+")):
                read_forecast("mine", "first")

    def test_a_byte_that_changed_anywhere_is_refused_or_makes_no_difference(self, kept):
        whole, rows = kept.read_bytes(), read_forecast("mine", "first")
        refused = 0
        for at in range(0, len(whole), 11):
            changed = bytearray(whole)
            changed[at] ^= 1 << (at % 8)
            kept.write_bytes(changed)
            try:
                found, kept_rows = kept_forecasts("mine"), read_forecast("mine", "first")
            except DataError:
                refused += 1
            else:
                assert found == [about()]
                pd.testing.assert_frame_equal(kept_rows, rows)
        assert refused > len(whole) / 11 / 4

    @pytest.mark.parametrize(
        "change",
        [
            lambda content: content.set_column(
                9,
                module.SCHEMA.field("mean"),
                pa.array([value + 1e-12 for value in content["mean"].to_pylist()]),
            ),
            lambda content: content.replace_schema_metadata({
                **content.schema.metadata,
                ABOUT: content.schema.metadata[ABOUT].replace(b"2026-06-30", b"2020-06-30"),
            }),
            lambda content: content.slice(0, 3),
        ],
        ids=["a figure", "the day", "a row"],
    )  # fmt: skip
    def test_a_record_that_was_rewritten_is_refused(self, kept, change):
        pq.write_table(change(pq.read_table(kept)), kept)
        reason = re.escape("it is not as it was when it was kept")
        with pytest.raises(DataError, match=self.damaged(reason)):
            read_forecast("mine", "first")

    def test_another_table_is_refused(self, kept):
        table().to_parquet(kept)
        with pytest.raises(DataError, match=self.damaged(re.escape("b'outcomes_forecast'"))):
            kept_forecasts("mine")

    def test_one_of_a_later_format_is_refused(self, monkeypatch):
        monkeypatch.setattr(module, "FORMAT", 2)
        keep_forecast("mine", table(), about())
        monkeypatch.setattr(module, "FORMAT", 1)
        reason = re.escape("its format is 2, and this version reads 1")
        with pytest.raises(DataError, match=self.damaged(reason)):
            kept_forecasts("mine")

    def test_one_under_another_name_is_refused(self, kept):
        kept.rename(kept.with_name("second.parquet"))
        message = (
            "data/forecasts/mine/second.parquet: this is the forecast 'first' of the store "
            "'mine'; put it back in data/forecasts/mine under its own name"
        )
        with pytest.raises(DataError, match=f"^{re.escape(message)}$"):
            read_forecast("mine", "second")

    def test_one_of_another_store_is_refused(self, kept):
        other = forecasts_folder("published") / kept.name
        other.parent.mkdir()
        shutil.copy(kept, other)
        message = (
            "data/forecasts/published/first.parquet: this is the forecast 'first' of the store "
            "'mine'; put it back in data/forecasts/mine under its own name"
        )
        with pytest.raises(DataError, match=f"^{re.escape(message)}$"):
            kept_forecasts("published")
        assert kept_forecasts("mine") == [about()]


class TestRefused:
    def test_a_name_that_is_not_there(self):
        message = "there is no stored forecast 'first' of the store 'mine'; there are: none"
        with pytest.raises(ParameterError, match=f"^{re.escape(message)}$"):
            read_forecast("mine", "first")
        keep_forecast("mine", table(), about())
        for name, hint in (("frist", "; did you mean 'first'?"), ("../mine/first", "")):
            message = f"there is no stored forecast {name!r} of the store 'mine'{hint}"
            message += "; there are: first"
            if hint:
                with pytest.raises(ParameterError, match=f"^{re.escape(message)}$"):
                    read_forecast("mine", name)
            else:
                with pytest.raises(ParameterError, match="^there is no stored forecast"):
                    read_forecast("mine", name)

    @pytest.mark.parametrize(
        ("change", "message"),
        [
            (lambda t: t.drop(columns=["n", "origin"]), "has no column origin, n"),
            (lambda t: t.iloc[:0], "has no row"),
            (
                lambda t: t.assign(mean=t["mean"].where(t.index != 2)),
                ", jobs, X07000001, 1: something is missing",
            ),
            (lambda t: pd.concat([t, t.tail(1)]), ", jobs, X07000001, 2: it stands twice"),
            (
                lambda t: t.assign(upper_80=t["mean"] - 0.001),
                ", jobs, X07000001, 1: its ranges do not lie around the mean",
            ),
            (
                lambda t: t.assign(lower_95=t["lower_80"] + 0.001),
                ", jobs, X07000001, 1: its ranges do not lie around the mean",
            ),
            (
                lambda t: t.assign(origin_end=pd.Timestamp(2025, 12, 31)),
                ", jobs, X07000001, 1: it is for a period that had ended",
            ),
        ],
    )
    def test_a_table_that_is_no_forecast(self, change, message):
        space = "" if message.startswith(",") else " "
        whole = f"a forecast to keep{space}{message}"
        with pytest.raises(ValueError, match=f"^{re.escape(whole)}$"):
            keep_forecast("mine", change(table()), about())
        assert files() == []

    def test_ranges_without_width_are_a_forecast(self):
        flat = table()
        for name in ("lower_80", "upper_80", "lower_95", "upper_95"):
            flat[name] = flat["mean"]
        assert keep_forecast("mine", flat, about()).is_file()

    def test_a_disk_that_is_full_leaves_nothing(self, monkeypatch):
        def full(number):
            raise OSError(28, "No space left on device")

        monkeypatch.setattr(module.os, "fsync", full)
        message = (
            "data/forecasts/mine/first.parquet: cannot be kept there (No space left on device)"
        )
        with pytest.raises(DataError, match=f"^{re.escape(message)}$"):
            keep_forecast("mine", table(), about())
        assert files() == []

    @pytest.mark.skipif(sys.platform == "win32", reason="Windows opens no folder")
    def test_a_folder_that_cannot_be_brought_to_the_disk_is_no_failure(self, monkeypatch):
        def never(path, flags):
            raise OSError(22, "Invalid argument")

        monkeypatch.setattr(module.os, "open", never)
        assert keep_forecast("mine", table(), about()).is_file()
        assert kept_forecasts("mine") == [about()]

    def test_a_folder_that_cannot_be_written_to(self, project_folder):
        (project_folder / "data").write_text("a file", encoding="utf-8")
        message = "data/forecasts/mine/first.parquet: cannot be kept there ("
        with pytest.raises(DataError, match=f"^{re.escape(message)}.+\\)$"):
            keep_forecast("mine", table(), about())
