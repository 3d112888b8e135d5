"""pyproject.toml, the locks, environment.yml, the Makefile and git keep in step."""

import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
import yaml
from packaging.markers import Marker
from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet
from packaging.utils import canonicalize_name

PROJECT = Path(__file__).resolve().parents[1]
LOCKS = ("requirements.lock", "requirements-test.lock")
PIN = re.compile(r"^(?P<name>[A-Za-z0-9._-]+)==(?P<version>\S+?)(?: ; (?P<marker>.+?))? \\$")
FOLDERS = ("lib", "parameters", "notebooks", "tests", "data/sample", "docs")


def pyproject() -> dict:
    return tomllib.loads((PROJECT / "pyproject.toml").read_text(encoding="utf-8"))["project"]


def pins(lock: str) -> dict[tuple[str, str], str]:
    """Return the version of each package and marker in a lock."""
    found = {}
    for line in (PROJECT / lock).read_text(encoding="utf-8").splitlines():
        if not line.startswith((" ", "#")):
            match = PIN.match(line)
            assert match, f"{lock}: not a pinned package: {line}"
            found[canonicalize_name(match["name"]), match["marker"] or ""] = match["version"]
    return found


def pinned_here(lock: str) -> dict[str, str]:
    """Return the versions that this Python on this system installs from a lock."""
    return {
        name: version
        for (name, marker), version in pins(lock).items()
        if not marker or Marker(marker).evaluate()
    }


@pytest.mark.parametrize(
    ("lock", "groups"), [("requirements.lock", []), ("requirements-test.lock", ["test"])]
)
def test_the_lock_has_every_dependency_within_its_bounds(lock, groups):
    project, versions = pyproject(), pinned_here(lock)
    wanted = list(project["dependencies"])
    for group in groups:
        wanted += project["optional-dependencies"][group]
    for line in wanted:
        requirement = Requirement(line)
        version = versions[canonicalize_name(requirement.name)]
        assert requirement.specifier.contains(version), f"{lock}: {line}, but {version}"


def test_the_test_lock_holds_the_lock_unchanged():
    lock, test_lock = (
        {(name, pins(lock)[name, when]) for name, when in pins(lock)} for lock in LOCKS
    )
    assert lock - test_lock == set()


@pytest.mark.parametrize("lock", LOCKS)
def test_every_pin_has_a_hash_and_no_host_is_named(lock):
    text = (PROJECT / lock).read_text(encoding="utf-8")
    blocks = re.split(r"\n(?=\S)", text)
    assert all("--hash=sha256:" in block for block in blocks)
    assert not re.search(r"https?://|--index-url|--extra-index-url|--find-links|file:", text)


def test_conda_takes_python_and_pip_and_the_rest_from_the_lock():
    environment = yaml.safe_load((PROJECT / "environment.yml").read_text(encoding="utf-8"))
    *conda, pip = environment["dependencies"]
    assert pip == {"pip": ["-r requirements.lock"]}
    assert [Requirement(line).name for line in conda] == ["python", "pip"]
    python = Requirement(conda[0]).specifier
    assert python == SpecifierSet(pyproject()["requires-python"])


def test_what_is_installed_is_what_the_lock_says():
    listed = subprocess.run(
        [sys.executable, "-m", "pip", "list", "--format=freeze"],
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    installed = {
        canonicalize_name(name): version
        for name, _, version in (line.partition("==") for line in listed.stdout.splitlines())
    }
    for name, version in pinned_here("requirements-test.lock").items():
        assert installed.get(name) == version


def test_the_readme_names_the_commands_and_the_settings():
    from outcomes.cli import main

    readme = (PROJECT / "README.md").read_text(encoding="utf-8")
    for name, command in main.commands.items():
        for sub in getattr(command, "commands", {"": None}):
            assert f"outcomes {name} {sub}".strip() in readme
    for option in ("--only", "--locality", "--workers", "--out"):
        assert option in readme
    for target in ("make baseline", "make test", "make lab"):
        assert target in readme


def git(*words: str) -> str:
    return subprocess.run(
        ["git", *words], cwd=PROJECT, capture_output=True, text=True, check=False
    ).stdout


@pytest.mark.skipif(not (PROJECT / ".git").exists(), reason="this is not a git checkout")
@pytest.mark.parametrize("folder", FOLDERS)
def test_git_ignores_nothing_that_belongs_to_the_project(folder):
    files = [
        path.relative_to(PROJECT).as_posix()
        for path in (PROJECT / folder).rglob("*")
        if path.is_file() and not {"__pycache__", ".ipynb_checkpoints", "explore"} & set(path.parts)
    ]
    assert files
    ignored = subprocess.run(
        ["git", "check-ignore", "--no-index", "--stdin"],
        cwd=PROJECT, input="\n".join(files), capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert ignored.stdout == ""


@pytest.mark.skipif(not (PROJECT / ".git").exists(), reason="this is not a git checkout")
def test_no_committed_file_names_a_package_host_or_a_home_folder():
    found = git(
        "grep", "-nIE", r"pypi\.org|pythonhosted|conda\.anaconda|/home/[a-z]|/Users/[A-Za-z]|"
        r"C:\\\\Users", "--", ".", ":!tests/test_environment.py",
    )  # fmt: skip
    assert found == ""
