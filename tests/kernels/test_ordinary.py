"""Where a kernel cannot be warm it is ordinary, and the log says why once; limits hold for both."""

import logging
import os
import sys

import pytest

from outcomes.errors import ParameterError
from outcomes.kernels import provisioner, warm

SLOWER = "This kernel starts the ordinary way, more slowly: {}."
STALE = SLOWER.format(
    "code or packages have changed since they were loaded; the next kernel has them"
)


@pytest.fixture
def said(caplog, monkeypatch):
    """What the log said as warnings; nothing has been said before the test."""
    monkeypatch.setattr(provisioner, "_said", set())
    logger = logging.getLogger("traitlets")
    monkeypatch.setattr(logger, "propagate", True)
    return lambda: [r.getMessage() for r in caplog.records if r.levelno == logging.WARNING]


@pytest.fixture
def own_module(tmp_path, monkeypatch):
    """A folder on the path of kernels with a module `held` in it."""
    folder = tmp_path / "modules"
    folder.mkdir()
    (folder / "held.py").write_text("value = 1\n", encoding="utf-8")
    monkeypatch.setenv("PYTHONPATH", str(folder))
    return folder


def test_changed_code_is_seen_by_an_ordinary_kernel_and_then_by_warm_ones(
    start, spec, own_module, said
):
    name = spec("held", "ipykernel.kernelapp", "held")
    first = start(name)
    assert first.warm
    (own_module / "held.py").write_text("value = 'changed'\n", encoding="utf-8")
    second, third = start(name), start(name)
    assert [second.warm, third.warm] == [False, True]
    assert [k.value("held.value", "import held") for k in (first, second, third)] == [
        1, "changed", "changed",
    ]  # fmt: skip
    assert first.parent.pid != third.parent.pid
    assert said() == [STALE]


def test_a_stale_nursery_ends_with_its_last_kernel(start, spec, own_module, said, until_gone):
    name = spec("held", "ipykernel.kernelapp", "held")
    first = start(name)
    stale = first.parent
    (own_module / "held.py").write_text("value = 'changed'\n", encoding="utf-8")
    start(name)
    assert first.value("1 + 1") == 2
    first.end()
    until_gone(stale)


def test_a_module_that_starts_a_thread_means_ordinary_kernels(start, spec, own_module, said):
    text = (
        "import threading\nthreading.Thread(target=threading.Event().wait, daemon=True).start()\n"
    )
    (own_module / "threaded.py").write_text(text, encoding="utf-8")
    name = spec("threaded", "ipykernel.kernelapp", "threaded")
    kernels = [start(name), start(name)]
    assert not any(kernel.warm for kernel in kernels)
    assert said() == [
        SLOWER.format("a thread lives beside the loaded libraries: threaded started it")
    ]


def test_polars_is_imported_by_the_kernel_and_not_before(start, spec, own_module, said):
    (own_module / "polars.py").write_text(
        "import threading\nthreading.Thread(target=threading.Event().wait, daemon=True).start()\n"
        "place = __file__\n",
        encoding="utf-8",
    )
    (own_module / "looking.py").write_text(
        "try:\n    import polars\nexcept ImportError:\n    polars = None\n", encoding="utf-8"
    )
    kernel = start(spec("looking", "ipykernel.kernelapp", "looking"))
    assert kernel.warm
    assert kernel.value("looking.polars is None", "import looking")
    assert kernel.value("polars.place", "import polars") == str(own_module / "polars.py")
    assert said() == []


def test_a_preload_that_ends_the_process_means_ordinary_kernels(start, spec, own_module, said):
    (own_module / "fatal.py").write_text("import os\nos._exit(3)\n", encoding="utf-8")
    name = spec("fatal", "fatal")
    assert not start(name).warm
    assert not start(name).warm
    assert said() == [
        SLOWER.format("the process that loads the libraries has ended"),
        SLOWER.format("loading the libraries ended with status 3"),
    ]


def test_a_module_that_cannot_be_imported_is_skipped(start, spec, own_module, said):
    (own_module / "broken.py").write_text("1 / 0\n", encoding="utf-8")
    name = spec("skipping", "ipykernel.kernelapp", "no_such_module", "broken")
    kernel = start(name)
    assert kernel.warm
    assert kernel.run("import broken")[0]["ename"] == "ZeroDivisionError"
    assert said() == []


def test_a_setting_turns_warm_kernels_off_without_a_word(start, said, monkeypatch):
    monkeypatch.setenv("OUTCOMES_WARM_KERNELS", "0")
    assert not start().warm
    assert said() == []


def test_a_variable_that_is_read_at_the_start_means_an_ordinary_kernel(start, said):
    start()
    kernel = start(env={**os.environ, "PYTHONUTF8": "1"})
    assert not kernel.warm
    assert kernel.value("__import__('sys').flags.utf8_mode") == 1
    assert said() == [
        SLOWER.format(
            "PYTHONUTF8 is read when the libraries are loaded, and this kernel has it otherwise "
            "than the first one"
        )
    ]


@pytest.mark.parametrize(
    ("cmd", "asked", "why"),
    [
        (["/other/python", "-m", "x"], {}, "its Python, /other/python, is not the one that Jupyter "
         f"runs in, {sys.executable}"),
        ([sys.executable, "-X", "dev", "-m", "x"], {}, "its command has options for Python (-X)"),
        ([sys.executable, "-m", "x"], {"umask": 7}, "it was asked for with umask"),
        ([sys.executable, "-m", "x"], {"independent": True}, "it is to live on when Jupyter ends"),
        ([sys.executable, "-m", "x"], {"env": {"PYTHONPATH": "/a:lib"}},
         "PYTHONPATH has a folder that is relative to the working folder"),
        ([sys.executable, "-m", "x"], {}, ""),
    ],
)  # fmt: skip
def test_what_only_an_ordinary_kernel_can_do_is_named(cmd, asked, why):
    assert provisioner.unsuited(cmd, {"env": {}} | asked) == why


@pytest.mark.parametrize("system", ["win32", "darwin"])
def test_other_systems_have_ordinary_kernels(monkeypatch, system):
    monkeypatch.setattr(sys, "platform", system)
    assert provisioner.unsuited([sys.executable, "-m", "x"], {"env": {}}) == (
        "this system cannot fork a process safely (Windows has no fork, and on macOS the system's "
        "own libraries may fail after one)"
    )


def test_a_missing_folder_fails_as_for_an_ordinary_kernel(start, tmp_path, said):
    with pytest.raises(FileNotFoundError, match="no such folder"):
        start(cwd=str(tmp_path / "no such folder"))


@pytest.mark.parametrize("name", ["outcomes", "python3-limited"])
def test_a_page_that_eats_memory_gets_an_error_and_the_kernel_lives(start, spec, name):
    if name == "python3-limited":
        name = spec("limited", "ipykernel.kernelapp")
        extra = {"OUTCOMES_WARM_KERNELS": "0"}
    else:
        extra = {}
    kernel = start(name, env={**os.environ, **extra, "OUTCOMES_MEMORY_LIMIT": "1500000000"})
    assert kernel.warm is not bool(extra)
    assert kernel.run("x = bytearray(2_000_000_000)")[0]["ename"] == "MemoryError"
    assert kernel.value("len(bytearray(100_000_000))") == 100_000_000


def test_a_limit_that_is_no_number_is_refused_in_words(start):
    with pytest.raises(ParameterError) as refused:
        start(env={**os.environ, "OUTCOMES_MEMORY_LIMIT": "2GB"})
    assert str(refused.value) == (
        "OUTCOMES_MEMORY_LIMIT is '2GB'; expected a whole number of bytes, such as 2000000000. "
        "Put it right, or unset it for no limit."
    )


def test_a_preload_that_hangs_is_given_up(start, spec, own_module, said, monkeypatch):
    monkeypatch.setattr(warm, "PATIENCE", 0.5)
    (own_module / "hanging.py").write_text("import time\ntime.sleep(600)\n", encoding="utf-8")
    assert not start(spec("hanging", "hanging")).warm
    assert said() == [SLOWER.format("loading the libraries took more than 0.5 seconds")]
