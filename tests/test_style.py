"""The linter, the formatter and the notebook stripper find nothing to do."""

import subprocess
import sys
from pathlib import Path

import pytest

PROJECT = Path(__file__).resolve().parents[1]
NOTEBOOKS = sorted(str(p) for p in (PROJECT / "notebooks").rglob("*.ipynb")
                   if ".ipynb_checkpoints" not in p.parts and "explore" not in p.parts)  # fmt: skip


@pytest.mark.parametrize(
    "command",
    [
        ["ruff", "check", "lib", "tests", "data", "notebooks", "benchmarks"],
        ["ruff", "format", "--check", "lib", "tests", "data", "notebooks", "benchmarks"],
        ["nbstripout", "--verify", *NOTEBOOKS],
    ],
    ids=["ruff check", "ruff format", "nbstripout"],
)
def test_nothing_to_do(command):
    program = Path(sys.executable).with_name(command[0])
    done = subprocess.run(
        [str(program), *command[1:]], cwd=PROJECT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
