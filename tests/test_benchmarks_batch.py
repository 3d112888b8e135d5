import json
import subprocess
import sys
from pathlib import Path

import pytest

BENCHMARKS = Path(__file__).resolve().parent.parent / "benchmarks"
MEASURE = """
import json, sys
from dataclasses import asdict
from pathlib import Path
from batch_runs.watch import adopt_orphans, measure
adopt_orphans()
cost = measure([sys.executable, "-c", sys.argv[1]], log=Path(sys.argv[2]))
print(json.dumps(asdict(cost)))
"""
ORPHAN = """
import os, time
if not os.fork():
    os.setsid()
    held = b"x" * 200_000_000
    while time.process_time() < 1:
        pass
    os._exit(0)
"""


@pytest.fixture
def figures(monkeypatch):
    monkeypatch.syspath_prepend(str(BENCHMARKS))
    from batch_runs import figures

    return figures


def measured(command: str, tmp_path: Path) -> subprocess.CompletedProcess:
    """Measure a command in a process of its own: the one that measures adopts orphans for good."""
    return subprocess.run(
        [sys.executable, "-c", MEASURE, command, str(tmp_path / "log")],
        cwd=BENCHMARKS,
        capture_output=True,
        text=True,
        timeout=60,
    )


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux lets a process adopt orphans")
class TestMeasuring:
    def test_a_process_that_outlives_its_parent_is_counted(self, tmp_path):
        cost = json.loads(measured(ORPHAN, tmp_path).stdout)
        assert cost["cpu"] >= 1
        assert cost["peak"] >= 200_000_000
        assert cost["left"] == 0

    def test_a_process_that_stays_is_ended_and_said(self, tmp_path):
        stays = "import subprocess; subprocess.Popen(['sleep', '600'], start_new_session=True)"
        assert json.loads(measured(stays, tmp_path).stdout)["left"] == 1

    def test_a_command_that_fails_ends_the_measuring_with_what_it_said(self, tmp_path):
        found = measured("raise SystemExit('no store')", tmp_path)
        assert found.returncode == 1
        assert found.stderr.endswith("ended with 1:\nno store\n\n")


class TestComparing:
    def test_the_page_and_the_figure_that_differ_are_named(self, figures):
        ours = {"indicator": "fuel_poverty", "value": 0.1, "period": "2023"}
        figures.require_same("A", "X1/environment", [ours], [dict(ours)])
        with pytest.raises(SystemExit) as said:
            figures.require_same(
                "A", "X1/environment", [ours], [ours | {"value": 0.10000000000000002}]
            )
        assert str(said.value) == (
            "A, X1/environment, fuel_poverty: value is 0.10000000000000002; the run has 0.1"
        )

    def test_pages_are_chosen_from_every_outcome_and_many_places(self, figures):
        pages = [
            {"name": f"{place}/{outcome}", "page": {"outcome": outcome}, "place": place}
            for place in range(13)
            for outcome in "abcdefghi"
        ]
        few = figures.chosen(pages, 18)
        assert len({page["name"] for page in few}) == 18
        assert [[p["page"]["outcome"] for p in few].count(o) for o in "abcdefghi"] == [2] * 9
        assert len({page["place"] for page in few}) == 13
        assert len(figures.chosen(pages, 500)) == 117
