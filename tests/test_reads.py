"""What a page read is noted by name."""

import subprocess
import sys

SCRIPT = """
import csv, sys
from pathlib import Path
from outcomes.reads import note, noted, watch_files
home = Path(sys.argv[1])
watch_files(home)
note("indicator", "jobs")
note("indicator", "jobs")
note("series", "published", "", "els/a/b")
with open(home / "data" / "own.csv") as file:
    list(csv.reader(file))
(home / "parameters" / "places.yml").read_text()
(home / "outputs.csv").write_text("written, not read")
Path(sys.argv[2]).read_text()
print(*noted(), sep="\\n")
"""


def test_names_come_once_in_order_with_the_other_files_of_the_project(tmp_path):
    home = tmp_path / "home"
    for name in ("data/own.csv", "parameters/places.yml"):
        (home / name).parent.mkdir(parents=True, exist_ok=True)
        (home / name).write_text("a,b\n")
    outside = tmp_path / "outside.txt"
    outside.write_text("not of the project")
    found = subprocess.run(
        [sys.executable, "-c", SCRIPT, str(home), str(outside)],
        capture_output=True, text=True, check=True,
    ).stdout.split()  # fmt: skip
    assert found == ["file:data/own.csv", "indicator:jobs", "series:published::els/a/b"]
