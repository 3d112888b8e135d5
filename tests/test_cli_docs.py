"""The commands that the documentation prints, run as they stand there."""

import re
import shlex
from collections import Counter
from pathlib import Path

import pytest
from click.testing import CliRunner

from outcomes.cli import main

PROJECT = Path(__file__).resolve().parents[1]


def commands(page: str, start: str) -> list[list[str]]:
    """Return the commands of a page that stand on lines of their own."""
    text = (PROJECT / "docs" / page).read_text(encoding="utf-8").replace("\\\n", "")
    lines = re.findall(rf"^ *outcomes ({start} .*)$", text, re.MULTILINE)
    return [shlex.split(line) for line in lines]


@pytest.mark.parametrize(
    ("page", "start", "last"),
    [
        (
            "reports.md",
            "report (?:comment|answer|stage|check)",
            "c3, by Head of housing: no answer",
        ),
        ("statements.md", "framework", "The first version."),
        ("surveys.md", "data add", "to look at:"),
    ],
)
def test_what_a_page_prints_runs(own_home, monkeypatch, page, start, last):
    monkeypatch.chdir(own_home)
    found = commands(page, start)
    assert found
    for words in found:
        done = CliRunner().invoke(main, words)
        assert done.exit_code == 0, (words, done.output)
    assert last in done.output


def test_the_readme_lists_each_command_once():
    text = (PROJECT / "README.md").read_text(encoding="utf-8").partition("## The commands")[2]
    rows = re.findall(r"^\| `outcomes ([a-z ]+)", text, re.MULTILINE)
    assert len(rows) > 20
    assert not [name for name, times in Counter(map(str.strip, rows)).items() if times > 1]


def test_codes_and_locks_are_not_committed():
    ignored = (PROJECT / ".gitignore").read_text(encoding="utf-8").splitlines()
    assert {"/codes*.csv", "/parameters/**/.lock"} <= set(ignored)
