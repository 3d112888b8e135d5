"""Fetching over real HTTP: what comes, what does not, what stays, and what is said of it."""

import hashlib
import json
import re
import time

import pandas as pd
import pytest
from filelock import FileLock

from outcomes import __version__
from outcomes.errors import DataError, ParameterError
from outcomes.sources import els as connector
from outcomes.sources.fetch import fetch

CSV = "employment-rate/employment-rate.csv"
JSON = "employment-rate/employment-rate.json"
STAYS = "  What the folder held of these stays as it was."


def sha256(raw: bytes) -> str:
    return hashlib.sha256(raw).hexdigest()


def contents(folder) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and path.name != "fetched.json"
    }


def one_row_more(path) -> bytes:
    raw = path.read_bytes()
    return raw + raw.splitlines(keepends=True)[-1]


@pytest.fixture
def fetched(get):
    """Everything fetched once already."""
    assert not get().failed


class TestGood:
    def test_every_file_comes_and_the_connector_can_start(self, get, publisher, els):
        found = get()
        assert contents(els) == contents(publisher.folder)
        assert found.summary() == "els: 12 new, in data/raw/els"
        assert [len(found.reached), found.unchanged, found.failed, found.problem] == [
            12,
            [],
            [],
            "",
        ]
        assert len(connector.files(els)) == 11

    def test_the_record_says_what_came_from_where_and_when(self, get, publisher, els):
        get()
        record = json.loads((els / "fetched.json").read_text(encoding="utf-8"))
        assert record["licence"] == "free"
        assert record["attribution"] == "An office, small statistics"
        assert len(record["files"]) == 12
        entry = record["files"][CSV]
        raw = (publisher.folder / CSV).read_bytes()
        assert entry["url"] == f"{publisher.base}/{CSV}"
        assert entry["bytes"] == len(raw)
        assert sha256(raw) == entry["sha256"]
        assert re.fullmatch(r"20\d\d-\d\d-\d\dT\d\d:\d\d:\d\d\+00:00", entry["fetched"])
        assert entry["etag"].startswith('"')
        assert entry["last_modified"].endswith("GMT")

    @pytest.mark.usefixtures("fetched")
    def test_a_second_fetch_transfers_nothing(self, get, publisher):
        publisher.asked.clear()
        found = get()
        assert {asked.status for asked in publisher.asked} == {304}
        assert sum(asked.sent for asked in publisher.asked) == 0
        assert len(publisher.asked) == len(found.unchanged) == 12
        assert found.summary() == "els: 12 unchanged, in data/raw/els"

    @pytest.mark.usefixtures("fetched")
    def test_only_what_changed_is_transferred(self, get, publisher, els):
        changed = one_row_more(publisher.folder / CSV)
        (publisher.folder / CSV).write_bytes(changed)
        publisher.asked.clear()
        found = get()
        assert found.reached == [CSV]
        assert len(found.unchanged) == 11
        assert sum(asked.sent for asked in publisher.asked) == len(changed)
        assert (els / CSV).read_bytes() == changed

    @pytest.mark.usefixtures("fetched")
    def test_a_file_changed_by_hand_is_fetched_again(self, get, publisher, els):
        (els / CSV).write_bytes(b"mine\n")
        assert get().reached == [CSV]
        assert contents(els) == contents(publisher.folder)

    def test_a_server_without_tags_gives_the_same_bytes_again(self, get, publisher, els):
        publisher.tags = ""
        get()
        before = (els / CSV).stat().st_mtime_ns
        assert len(get().unchanged) == 12
        assert (els / CSV).stat().st_mtime_ns == before

    def test_a_checksum_that_is_there_already_asks_for_nothing(self, write_source, publisher):
        raw = (publisher.folder / CSV).read_bytes()
        part = {
            "base": "https://example.org/{edition}/",
            "editions": {"spring": "abc"},
            "paths": [CSV],
            "sha256": {"spring": {CSV: sha256(raw)}},
        }
        write_source("other", parts=[part])
        assert fetch("other", base=publisher.base).reached == [CSV]
        assert fetch("other", base=publisher.base).unchanged == [CSV]
        assert len(publisher.asked) == 1

    def test_few_connections_and_a_name(self, get, publisher):
        seen = []
        get(progress=lambda done, of, path: seen.append((done, of, path)), connections=2)
        assert 1 <= publisher.most_at_once <= 2
        assert {asked.headers["User-Agent"] for asked in publisher.asked} == {
            f"outcomes/{__version__} (a council's outcomes workbench)"
        }
        assert {asked.headers["Accept-Encoding"] for asked in publisher.asked} == {"identity"}
        assert [done for done, _, _ in seen] == list(range(1, 13))
        assert {of for _, of, _ in seen} == {12}
        assert {path for _, _, path in seen} == {asked.path for asked in publisher.asked}

    def test_a_proxy_is_asked_for_the_publishers_address(self, els, publisher, monkeypatch):
        monkeypatch.delenv("NO_PROXY")
        monkeypatch.setenv("HTTP_PROXY", publisher.base)
        monkeypatch.setenv("http_proxy", publisher.base)
        assert len(fetch("els", base="http://publisher.invalid").reached) == 12


class TestFaults:
    def test_a_cut_connection_is_taken_up_where_it_was_cut(self, get, publisher, els, faults):
        size = (publisher.folder / CSV).stat().st_size
        publisher.faults[CSV] = [faults.cut(1000), faults.cut(500)]
        assert len(get().reached) == 12
        assert [asked.sent for asked in publisher.of(CSV)] == [1000, 500, size - 1500]
        assert [asked.headers.get("Range") for asked in publisher.of(CSV)] == [
            None,
            "bytes=1000-",
            "bytes=1500-",
        ]
        assert contents(els) == contents(publisher.folder)

    def test_a_file_that_changed_since_the_cut_starts_again(self, get, publisher, els, faults):
        new = (publisher.folder / CSV).read_bytes().replace(b"Tarrow", b"Sparrow")

        def cut_then_change(handler):
            handler.serve(limit=1000)
            (publisher.folder / CSV).write_bytes(new)

        publisher.faults[CSV] = [cut_then_change]
        assert len(get().reached) == 12
        assert [asked.status for asked in publisher.of(CSV)] == [200, 200]
        assert (els / CSV).read_bytes() == new

    def test_a_weak_tag_resumes_nothing(self, get, publisher, els, faults):
        publisher.tags = 'W/"{}"'
        publisher.faults[CSV] = [faults.cut(1000)]
        assert len(get().reached) == 12
        assert [asked.headers.get("Range") for asked in publisher.of(CSV)] == [None, None]
        assert contents(els) == contents(publisher.folder)

    def test_the_next_fetch_goes_on_where_the_last_gave_up(self, get, publisher, faults):
        size = (publisher.folder / CSV).stat().st_size
        publisher.faults[CSV] = [faults.cut(400), faults.cut(400), faults.cut(400)]
        found = get()
        assert found.summary().splitlines() == [
            "els: 10 new, 1 not got and 1 held back beside them, in data/raw/els",
            f"  {CSV}: cut off after 1,200 of {size:,} bytes; tried 3 times "
            f"({publisher.base}/{CSV})",
            STAYS,
        ]
        assert get().reached == [CSV, JSON]
        assert sum(asked.sent for asked in publisher.of(CSV)) == size

    @pytest.mark.parametrize(("more", "statuses"), [(b"", [416]), (b"x", [416, 200])])
    def test_a_part_that_was_whole_when_the_fetch_was_killed(
        self, get, publisher, els, more, statuses
    ):
        part = els.with_name(".els-incoming") / CSV
        part.parent.mkdir(parents=True)
        raw = (publisher.folder / CSV).read_bytes()
        part.write_bytes(raw + more)
        tag = f'"{hashlib.md5(raw).hexdigest()}"'
        note = {"url": f"{publisher.base}/{CSV}", "etag": tag, "last_modified": ""}
        part.with_name(f"{part.name}.note").write_text(json.dumps(note))
        assert len(get().reached) == 12
        assert [asked.status for asked in publisher.of(CSV)] == statuses
        assert contents(els) == contents(publisher.folder)

    @pytest.mark.usefixtures("fetched")
    def test_a_missing_file_leaves_its_folder_as_it_was(self, get, publisher, els):
        before = contents(els)
        (publisher.folder / CSV).write_bytes(one_row_more(publisher.folder / CSV))
        (publisher.folder / JSON).unlink()
        other = "early-years/early-years.json"
        (publisher.folder / other).write_bytes(b"{}")
        found = get()
        assert found.summary().splitlines() == [
            "els: 1 new, 9 unchanged, 1 not got and 1 held back beside them, in data/raw/els",
            f"  {JSON}: the server answered 404 Not Found; it may have moved: look at the "
            f"publisher's site and correct the register ({publisher.base}/{JSON})",
            STAYS,
        ]
        assert [found.held, found.reached] == [[CSV], [other]]
        assert contents(els) == {**before, other: b"{}"}
        assert len(publisher.of(JSON)) == 2  # once each fetch: a 404 is not tried again

    def test_too_many_requests_waits_as_long_as_it_is_asked_to(self, get, publisher, faults):
        publisher.faults[CSV] = [faults.status(429, Retry_After="1")]
        assert len(get().reached) == 12
        first, second = publisher.of(CSV)
        assert 1 <= second.at - first.at < 10
        held = [asked for asked in publisher.asked if first.at < asked.at < first.at + 0.9]
        assert len(held) <= 2  # what was on its way already; the rest of the host waits too

    def test_a_wait_that_is_too_long_ends_it_for_the_host(self, get, publisher, faults):
        for path in contents(publisher.folder):
            publisher.faults[path] = [faults.status(503, Retry_After="7200")]
        found = get(connections=1)
        assert len(publisher.asked) == 1
        assert found.summary().splitlines()[:3] == [
            "els: 12 not got, in data/raw/els",
            f"  nothing from {publisher.base.removeprefix('http://')}: the server answered 503 "
            "Service Unavailable and asks to wait 7,200 seconds",
            STAYS,
        ]

    def test_a_slow_server_is_not_waited_for_for_ever(self, get, publisher, faults):
        publisher.faults[CSV] = [faults.slow(8)] * 3
        found = get(silence=2)
        (failure,) = found.failed
        assert failure.reason == "no answer within 2 seconds; tried 3 times"
        assert len(found.reached) == 10

    def test_a_slow_server_that_recovers(self, get, publisher, faults):
        publisher.faults[CSV] = [faults.slow(8)]
        assert len(get(silence=2).reached) == 12
        assert len(publisher.of(CSV)) == 2

    def test_a_body_that_only_drips(self, get, publisher, faults):
        publisher.faults[CSV] = [faults.drip(0.02)]
        started = time.monotonic()
        (failure,) = get(one_file=3).failed
        assert re.fullmatch(r"not whole after 3 seconds, at \d+ bytes", failure.reason)
        assert time.monotonic() - started < 20

    def test_a_truncated_file(self, get, publisher, faults):
        half = (publisher.folder / CSV).read_bytes()[:2000]
        publisher.faults[CSV] = [faults.body(half, more=500)] * 3
        (failure,) = get().failed
        assert failure.reason == "cut off after 2,000 of 2,500 bytes; tried 3 times"

    def test_a_truncated_file_of_the_right_length(self, get, publisher, faults):
        lines = (publisher.folder / CSV).read_bytes().splitlines(keepends=True)
        short = b"".join(lines[:3]) + lines[3][:20]
        publisher.faults[CSV] = [faults.body(short)]
        (failure,) = get().failed
        assert failure.reason == (
            "the last line has no end, so the file looks cut short; download it again. "
            "Nothing was added."
        )

    def test_a_wrong_checksum(self, write_source, publisher):
        part = {
            "base": "https://example.org/{edition}/",
            "editions": {"spring": "abc"},
            "paths": [CSV],
            "sha256": {"spring": {CSV: "0" * 64}},
        }
        write_source("other", parts=[part])
        (failure,) = fetch("other", base=publisher.base).failed
        reason = "its checksum is not the one in the register for this edition"
        assert failure.reason == reason

    @pytest.mark.usefixtures("fetched")
    @pytest.mark.parametrize(
        "page",
        [
            b"<!DOCTYPE html><title>Sign in</title>",
            b"\xef\xbb\xbf\n <html lang='en'>",
            b'<?xml version="1.0"?>\n<!doctype HTML>',
        ],
    )
    @pytest.mark.parametrize("path", [CSV, JSON])
    def test_a_web_page_with_status_200(self, get, publisher, els, faults, page, path):
        before = contents(els)
        publisher.faults[path] = [faults.body(page)]
        (failure,) = get().failed
        assert failure.path == path
        assert failure.reason == (
            "a web page came instead of the file, perhaps an error or a sign-in page; "
            "open the address in a browser to see it"
        )
        assert contents(els) == before

    @pytest.mark.usefixtures("fetched")
    def test_a_changed_header(self, get, publisher, els):
        before = contents(els)
        raw = (publisher.folder / CSV).read_bytes()
        (publisher.folder / CSV).write_bytes(raw.replace(b"observation", b"value", 1))
        (failure,) = get().failed
        header = raw.decode("utf-8-sig").splitlines()[0].replace("observation", "value")
        assert failure.reason == (
            f"no column 'observation'; it has {header.replace(',', ', ')}. "
            "Expected a file of Small statistics."
        )
        assert contents(els) == before
        assert get().failed == [failure]

    def test_text_that_is_no_json(self, get, publisher, faults):
        publisher.faults[JSON] = [faults.body(b'{"a": 1,\n"b"')]
        (failure,) = get().failed
        assert failure.reason == (
            "line 2: not readable as JSON, so the file looks cut short or damaged; "
            "download it again. Nothing was added."
        )

    @pytest.mark.parametrize(
        ("name", "reason"),
        [
            ("a.xlsx", "not readable as a workbook, so it looks cut short or damaged"),
            ("a.parquet", "not readable as Parquet, so it looks cut short or damaged"),
        ],
    )
    def test_other_kinds_of_file(self, write_source, publisher, name, reason):
        write_source("other", parts=[{"base": "https://example.org/", "paths": [name]}])
        (publisher.folder / name).write_bytes(b"PAR1 and no more")
        (failure,) = fetch("other", base=publisher.base).failed
        assert failure.reason == reason

    def test_a_parquet_table_without_a_needed_column(self, write_source, publisher):
        part = {"base": "https://example.org/", "paths": ["a.parquet"]}
        write_source("other", parts=[{**part, "columns": {"a.parquet": ["year", "rate"]}}])
        pd.DataFrame({"year": [1], "value": [2.5]}).to_parquet(publisher.folder / "a.parquet")
        (failure,) = fetch("other", base=publisher.base).failed
        assert failure.reason == "no column 'rate'; it has year and value"


class TestKilled:
    def test_what_is_whole_by_then_stays(self, get, publisher, els, faults):
        """A program that stops in the middle has taken each folder that was whole."""

        class Killed(BaseException):
            pass

        def kill(done, of, path):
            if done == 6:
                raise Killed

        with pytest.raises(Killed):
            get(progress=kill, connections=1)
        taken = contents(els)
        assert 0 < len(taken) <= 6
        assert all(raw == (publisher.folder / path).read_bytes() for path, raw in taken.items())
        assert set(taken) == set(json.loads((els / "fetched.json").read_text())["files"])
        publisher.asked.clear()
        assert len(get().unchanged) == len(taken)
        assert contents(els) == contents(publisher.folder)


class TestOffLine:
    @pytest.mark.usefixtures("fetched")
    def test_what_is_stored_stays_and_one_line_says_so(self, els, closed_port, quick):
        before = contents(els)
        found = fetch("els", base=f"http://127.0.0.1:{closed_port}", limits=quick)
        assert found.summary().splitlines() == [
            "els: 12 not got, in data/raw/els",
            f"  nothing from 127.0.0.1:{closed_port}: no connection could be made; tried 3 times",
            STAYS,
        ]
        assert contents(els) == before
        assert found.problem == ""

    def test_nothing_stored(self, els, closed_port, quick):
        found = fetch("els", base=f"http://127.0.0.1:{closed_port}", limits=quick)
        assert found.summary().splitlines()[-1] == (
            "  It cannot be added: data/raw/els: no such folder; expected a folder with a folder "
            "for each dataset, such as employment-rate/employment-rate.csv"
        )
        assert not els.exists()

    def test_a_name_that_nobody_knows(self, els, quick, monkeypatch):
        for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"):
            monkeypatch.delenv(name, raising=False)
        started = time.monotonic()
        found = fetch("els", base="http://publisher.invalid", limits=quick)
        assert {f.reason for f in found.failed} == {"no connection could be made; tried 3 times"}
        assert {f.host for f in found.failed} == {"publisher.invalid"}
        assert time.monotonic() - started < 20


class TestRefusals:
    def test_a_source_that_is_not_in_the_register(self, els):
        with pytest.raises(ParameterError) as error:
            fetch("esl")
        assert str(error.value) == (
            "there is no source 'esl' in parameters/sources; did you mean 'els'?"
        )

    def test_an_edition_that_there_is_not(self, els):
        with pytest.raises(ParameterError) as error:
            fetch("els", edition="june")
        assert str(error.value) == (
            "Small statistics: there is no edition 'june'; there are: latest"
        )

    def test_a_source_that_can_be_had_by_hand_only(self, write_source):
        write_source("ours", parts=[], by_hand="Ask the office.")
        with pytest.raises(ParameterError) as error:
            fetch("ours")
        assert str(error.value) == (
            "Small statistics: nothing can be fetched by address. Ask the office."
        )

    def test_two_fetches_at_once(self, els, publisher):
        incoming = els.with_name(".els-incoming")
        incoming.mkdir(parents=True)
        with FileLock(incoming / "lock"), pytest.raises(DataError) as error:
            fetch("els", base=publisher.base)
        assert str(error.value) == "another fetch into data/raw/els is running"
        assert publisher.asked == []
