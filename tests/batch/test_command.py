"""The command `outcomes run`: what it shows on the way, and the options that it refuses."""

import os
import pty
import re
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from outcomes.batch.progress import said_time
from outcomes.cli import main

pytestmark = pytest.mark.skipif(os.name == "nt", reason="Windows has no such terminals")

RUN = "parameters/runs/quick.yml"


@pytest.mark.slow
def test_a_terminal_has_one_line_that_is_kept_up_to_date(quick):
    quick.write("best_start", "if locality == 'X07000001': raise ValueError('a test of it')")
    ours, theirs = pty.openpty()
    command = [Path(sys.executable).with_name("outcomes"), "run", RUN, "--workers", "2"]
    run = subprocess.Popen(command, cwd=quick.home, stdout=theirs, stderr=theirs)
    os.close(theirs)
    shown = b""
    try:
        while part := os.read(ours, 1024):
            shown += part
    except OSError:
        pass  # Linux reports the end of a terminal as an error
    os.close(ours)
    assert run.wait(timeout=60) == 12
    written = shown.decode().replace("\r\n", "\n").split("\r\x1b[K")
    lines = [line for line in written if line.startswith("[")]
    live = r"\[\d/6\] \d running, [01] failed, about (\d+ min )?\d+ s left"
    failed = r"\[\d/6\] X07000001 best_start nation: FAILED, \d+\.\d s\n"
    assert [line for line in lines if not re.fullmatch(live, line)] == [
        line for line in lines if re.fullmatch(failed, line)
    ]
    assert len(lines) == 7
    last = [line for line in lines if re.fullmatch(live, line)][-1]
    assert last == "[6/6] 0 running, 1 failed, about 0 s left"
    assert written[-1].startswith("5 pages made in ")
    assert "  X07000001/best_start--nation: ValueError: a test of it\n" in written[-1]
    assert written[-1].endswith(f"{quick.out / 'index.html'}\n")


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (
            ["--memory-limit", "much", RUN],
            "'much' is no size; expected one such as 4GB or 500MB, or none",
        ),
        (
            ["--memory-limit", "-1GB", RUN],
            "'-1GB' is no size; expected one such as 4GB or 500MB, or none",
        ),
        ([], "Missing argument 'RUN_FILE', such as parameters/runs/sample.yml"),
        (["--explain"], "Missing argument 'RUN_FILE', such as parameters/runs/sample.yml"),
    ],
)
def test_options_that_cannot_be_are_refused_in_words(words, said):
    result = CliRunner().invoke(main, ["run", *words])
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr.endswith(f"{said}\n")


@pytest.mark.parametrize(
    ("seconds", "words"), [(0.4, "0 s"), (12.2, "12 s"), (60, "1 min 0 s"), (281, "4 min 41 s")]
)
def test_times_are_said_in_minutes_and_seconds(seconds, words):
    assert said_time(seconds) == words
