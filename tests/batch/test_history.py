"""The memory of runs: what is kept, and what differs between two of them, worked out by hand."""

import copy
import gzip
import json

import pytest

from outcomes.batch.history import KEPT, compare, compared, duration, earlier, find, remember
from outcomes.errors import ParameterError

COUNTY, DISTRICT = "X10000001", "X07000001"


def result(indicator: str, value, **changes) -> dict:
    """Return one signed figure: of 2023, with the interval 70 to 80, tested and similar."""
    return {
        "indicator": indicator,
        "series": f"els/{indicator}/Rate",
        "period": "2023",
        "value": value,
        "lower": 70.0,
        "upper": 80.0,
        "comparator_value": 76.0,
        "verdict": "similar",
        "tested": True,
    } | changes


def page(locality: str, outcome: str, results: list[dict], **changes) -> dict:
    """Return the record of a right page, as a manifest has it."""
    comparator = changes.pop("comparator", "nation")
    asked = {"framework": "essex_2014", "outcome": outcome, "locality": locality}
    return {
        "name": f"{locality}/{outcome}--{comparator}",
        "page": asked | {"comparator": comparator, "as_of": ""},
        "error": "",
        "data_version": "v1",
        "results": results,
        "inputs": {"code": "f" * 64},
    } | changes


def manifest(*pages: dict, made: str = "2026-11-22T03:57:09+00:00", seconds: float = 12.0) -> dict:
    return {
        "run": "ours",
        "title": "Ours",
        "made": made,
        "seconds": seconds,
        "data": {"sample": {"version": "v1"}},
        "pages": list(pages),
    }


class TestWhatDiffers:
    def test_a_figure_on_several_pages_counts_once(self):
        before, after = result("jobs", 75.0), result("jobs", 72.0)
        pages = [("overview", "nation"), ("work", "nation"), ("work", "region")]
        old, new = (
            manifest(*(page(COUNTY, o, [values], comparator=c) for o, c in pages))
            for values in (before, after)
        )
        (change,) = compare(old, new).changes
        assert (change.locality, change.indicator, change.kind) == (COUNTY, "jobs", "revised")
        assert compare(old, new).words() == "1 figure moved, 0 verdicts changed"

    def test_size_is_a_share_of_the_larger_value_and_half_widths_are_of_the_side_moved_to(self):
        wide = {"lower": 60.0, "upper": 100.0}
        old = [result("up", 80.0, **wide), result("down", 80.0, **wide)]
        new = [result("up", 100.0, **wide), result("down", 50.0, **wide)]
        old += [result("bare", 0.0, lower=None, upper=None), result("turned", -5.0)]
        new += [result("bare", 2.0, lower=None, upper=None), result("turned", 5.0)]
        found = compare(manifest(page(COUNTY, "a", old)), manifest(page(COUNTY, "a", new)))
        sizes = [(c.indicator, c.size, c.half_widths) for c in found.changes]
        assert sizes == [
            ("turned", 2.0, pytest.approx(10 / 85)),
            ("bare", 1.0, None),
            ("down", pytest.approx(30 / 80), pytest.approx(30 / 20)),
            ("up", pytest.approx(20 / 100), pytest.approx(20 / 20)),
        ]

    def test_a_new_period_is_told_from_a_revision_and_from_another_series(self):
        old = [result(name, 75.0) for name in ("same", "period", "series", "limits", "gone")]
        new = [
            result("same", 75.0 * (1 + 1e-12)),
            result("period", 75.0, period="2024"),
            result("series", 74.0, series="lait/x"),
            result("limits", 75.0, lower=71.0),
            result("came", 1.0),
        ]
        found = compare(manifest(page(COUNTY, "a", old)), manifest(page(COUNTY, "a", new)))
        assert {c.indicator: c.kind for c in found.changes} == {
            "period": "another_period",
            "series": "another_series",
            "limits": "revised",
            "came": "appeared",
            "gone": "disappeared",
        }
        assert [c.indicator for c in found.changes[:1]] == ["series"]
        assert {c.indicator for c in found.changes[-2:]} == {"came", "gone"}
        assert found.words() == "3 figures moved, 1 appeared, 1 disappeared, 0 verdicts changed"

    def test_a_verdict_can_change_though_its_figure_stays(self):
        old = page(COUNTY, "a", [result("jobs", 75.0)])
        new = page(COUNTY, "a", [result("jobs", 75.0, verdict="better")])
        side = page(COUNTY, "a", [result("jobs", 75.0, verdict="better", tested=False)])
        (change,) = compare(manifest(old), manifest(new)).changes
        assert (change.kind, change.verdicts) == ("verdict_only", {"nation": ("similar", "better")})
        (change,) = compare(manifest(new), manifest(side)).changes
        assert change.verdicts == {"nation": ("better", "better side")}
        assert compare(manifest(old), manifest(new)).moved == 0

    def test_a_comparator_of_one_run_only_changes_no_verdict(self):
        old = page(COUNTY, "a", [result("jobs", 75.0)])
        new = page(COUNTY, "a", [result("jobs", 75.0, verdict="worse")], comparator="region")
        found = compare(manifest(old), manifest(new))
        assert found.changes == ()
        assert (found.gained, found.lost) == ((f"{COUNTY}/a--region",), (f"{COUNTY}/a--nation",))

    def test_failed_pages_and_missing_figures_hold_no_figure(self):
        good = page(COUNTY, "a", [result("jobs", 75.0), result("none", None)])
        failed = page(DISTRICT, "a", [result("jobs", 9.0)], error="the store changed")
        right = page(DISTRICT, "a", [result("jobs", 9.0)])
        found = compare(manifest(good, right), manifest(good, failed))
        assert [(c.locality, c.kind) for c in found.changes] == [(DISTRICT, "disappeared")]
        assert found.lost == (f"{DISTRICT}/a--nation",)

    def test_where_pages_disagree_the_runs_own_data_decides(self):
        kept = page(COUNTY, "overview", [result("jobs", 70.0)], data_version="v0")
        made = page(COUNTY, "work", [result("jobs", 75.0)])
        assert compare(manifest(kept, made), manifest(made)).moved == 0


class TestCompared:
    OLD = manifest(page(COUNTY, "a", [result("jobs", 75.0)]), seconds=281.0)

    def test_it_says_how_long_and_what_moved(self):
        new = manifest(page(COUNTY, "a", [result("jobs", 76.0)]), page(DISTRICT, "a", []))
        assert compared(new, self.OLD).splitlines() == [
            "12 s; the time before, on 22 November 2026 at 03:57 UTC, 4 min 41 s",
            "since then 1 figure moved, 0 verdicts changed, 1 page gained: outcomes runs diff ours",
        ]

    def test_a_first_run_has_nothing_beside_it(self):
        assert compared(self.OLD, None) == ""

    @pytest.mark.parametrize(
        ("seconds", "words"),
        [(0.44, "0.4 s"), (59.6, "1 min 00 s"), (3599.7, "1 h 00 min"), (3900, "1 h 05 min")],
    )
    def test_a_time_reads_well(self, seconds, words):
        assert duration(seconds) == words


class TestRemembering:
    def test_what_was_remembered_comes_back_without_what_only_the_newest_run_needs(self, tmp_path):
        record = manifest(page(COUNTY, "a", [result("jobs", 75.0)]))
        before = copy.deepcopy(record)
        remember(record, tmp_path)
        assert record == before
        (run,) = earlier("ours", tmp_path)
        assert run.id == "ours/20261122T035709Z"
        del before["pages"][0]["inputs"]
        assert run.manifest() == before
        assert run.about == {
            "run": "ours", "title": "Ours", "made": "2026-11-22T03:57:09+00:00", "seconds": 12.0,
            "pages": 1, "failed": 0, "moved": None}  # fmt: skip
        assert [path.name for path in tmp_path.rglob("*") if path.is_file()] == [
            "20261122T035709Z.json.gz"
        ]

    def test_runs_of_one_second_are_both_kept_and_the_later_is_newer(self, tmp_path):
        for value in (75.0, 76.0, 76.0):
            remember(manifest(page(COUNTY, "a", [result("jobs", value)])), tmp_path)
        runs = earlier("ours", tmp_path)
        assert [run.id for run in runs] == [
            f"ours/20261122T035709Z{ending}" for ending in ("-03", "-02", "")
        ]
        assert [run.about["moved"] for run in runs] == [0, 1, None]

    def test_the_newest_fifty_are_kept(self, tmp_path):
        for minute in range(KEPT + 2):
            remember(manifest(made=f"2026-11-22T03:{minute:02d}:00+00:00"), tmp_path)
        runs = earlier("ours", tmp_path)
        assert len(runs) == KEPT == 50
        assert (runs[0].id[-7:], runs[-1].id[-7:]) == ("035100Z", "030200Z")

    def test_a_file_that_is_no_remembered_run_is_passed_over(self, tmp_path):
        remember(manifest(), tmp_path)
        folder = tmp_path / ".runs" / "ours"
        (folder / "20270101T000000Z.json.gz").write_bytes(b"not compressed")
        (folder / "20270102T000000Z.json.gz").write_bytes(gzip.compress(b'{"made"'))
        whole = next(folder.glob("2026*")).read_bytes()
        (folder / "20270103T000000Z.json.gz").write_bytes(whole[:20])
        assert [run.id for run in earlier("ours", tmp_path)] == ["ours/20261122T035709Z"]
        remember(manifest(made="2027-02-01T00:00:00+00:00"), tmp_path)
        assert earlier("ours", tmp_path)[0].about["moved"] == 0

    def test_nothing_half_written_stays_where_it_cannot_be_written(self, tmp_path):
        (tmp_path / ".runs").write_text("a file where the folder should be", encoding="utf-8")
        with pytest.raises(OSError, match="directory"):
            remember(manifest(), tmp_path)
        assert earlier("ours", tmp_path) == []

    def test_nothing_remembered_is_said_plainly(self, tmp_path):
        with pytest.raises(ParameterError) as refused:
            find("ours", tmp_path)
        assert str(refused.value) == (
            "no run is remembered yet; one is when it finishes. Make one with: outcomes run RUN_FILE"
        )


@pytest.mark.slow
def test_a_real_run_is_remembered_and_differs_in_nothing_from_itself(finished, tmp_path):
    real = finished.manifest()
    remember(real, tmp_path)
    (run,) = earlier("sample", tmp_path)
    assert compare(run.manifest(), real).words() == "0 figures moved, 0 verdicts changed"
    moved = copy.deepcopy(real)
    (first, *_) = [r for p in moved["pages"] for r in p["results"] if r["value"] is not None]
    first["value"] += 1.0
    assert compare(json.loads(json.dumps(real)), moved).moved == 1
