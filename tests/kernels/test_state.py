"""A warm kernel looks to a notebook as an ordinary one does."""

import os

import pytest

OS, SYS = "__import__('os')", "__import__('sys')"

DIFFERS = {"JPY_PARENT_PID"}
"""Variables that differ: the parent of a warm kernel is the nursery."""

KINDS = (
    "sorted({__import__('re').sub(r'[0-9]+', '', os.readlink(f'/proc/self/fd/{n}')) "
    "for n in os.listdir('/proc/self/fd') if os.path.lexists(f'/proc/self/fd/{n}') "
    "and not os.readlink(f'/proc/self/fd/{n}').endswith('-journal')})"
)


@pytest.fixture
def pair(start, tmp_path):
    """A warm and an ordinary kernel, started alike."""
    kernels = [start(name, cwd=str(tmp_path)) for name in ("outcomes", "python3")]
    assert [kernel.warm for kernel in kernels] == [True, False]
    return kernels


def test_names_path_signals_and_limits_are_an_ordinary_kernels(pair, tmp_path):
    for expression in (
        "sorted(globals())",
        "sorted(vars(__import__('__main__')))",
        f"{SYS}.path",
        f"[{SYS}.argv[:-1], {SYS}.orig_argv[:-1], list({SYS}.flags), {SYS}.executable]",
        "[str(__import__('signal').getsignal(n)) for n in range(1, 32) if n not in (9, 19)]",
        "open('/proc/self/status').read().partition('SigQ')[2].partition('Cap')[0]",
        "[__import__('resource').getrlimit(n) for n in range(10)]",
        "__import__('locale').getlocale()",
        "[str(" + SYS + ".__stdin__), str(" + SYS + ".__stdout__), str(" + SYS + ".__stderr__)]",
        f"{OS}.getsid(0) == {OS}.getpgrp() == {OS}.getpid()",
    ):
        warm, ordinary = (kernel.value(expression) for kernel in pair)
        assert warm == ordinary, expression
    assert [kernel.value(f"{OS}.getcwd()") for kernel in pair] == [str(tmp_path)] * 2


def test_the_environment_is_an_ordinary_kernels(pair):
    warm, ordinary = (kernel.value(f"dict({OS}.environ)") for kernel in pair)
    assert {name for name in {*warm, *ordinary} if warm.get(name) != ordinary.get(name)} == DIFFERS
    assert warm["JPY_PARENT_PID"] == str(pair[0].parent.pid)


def test_open_descriptors_are_an_ordinary_kernels_with_the_same_libraries(pair, until):
    def same() -> bool:
        warm, ordinary = (k.value(KINDS, "import os, outcomes.notebook") for k in pair)
        return warm == ordinary

    until(same, "both kernels to have put away what they open for a moment")
    count = "len(os.listdir('/proc/self/fd'))"
    assert abs(pair[0].value(count) - pair[1].value(count)) <= 3


def test_two_kernels_share_no_chance_and_no_secret(start):
    draw = (
        "[random.random(), numpy.random.rand(), str(uuid.uuid4()), tempfile.mktemp(), "
        "numpy.random.default_rng().random(), multiprocessing.current_process().authkey.hex()]"
    )
    imports = "import random, numpy, uuid, tempfile, multiprocessing"
    one, two = (start().value(draw, imports) for _ in range(2))
    assert not set(one) & set(two)


def test_a_chart_is_drawn_inline_and_none_is_left_from_before(pair):
    for kernel in pair:
        assert kernel.value("matplotlib.pyplot.get_fignums()", "import matplotlib.pyplot") == []
        _, out = kernel.run("matplotlib.pyplot.plot([1, 2]); None")
        assert any("image/png" in part.get("data", {}) for part in out)
    warm, ordinary = (kernel.value("matplotlib.get_backend()") for kernel in pair)
    assert warm == ordinary


def test_the_asked_environment_folder_and_zone_are_taken(start, tmp_path):
    env = {"OUTCOMES_A": "x" * 100_000, "TZ": "Pacific/Auckland", "MPLBACKEND": "svg"}
    env |= {f"OUTCOMES_{number}": "y" * 10_000 for number in range(60)}
    kernel = start(env={**os.environ, **env}, cwd=str(tmp_path))
    assert kernel.warm
    assert kernel.value(f"{{n: v for n, v in {OS}.environ.items() if n in {sorted(env)}}}") == env
    assert kernel.value("__import__('time').tzname") == ["NZST", "NZDT"]
    assert kernel.value("__import__('matplotlib').get_backend()") == "svg"


def test_output_below_python_reaches_the_notebook_and_no_input_is_inherited(pair):
    for kernel in pair:
        _, out = kernel.run(
            "import os; _ = os.write(1, b'from below\\n'); _ = os.system('echo low')"
        )
        told = "".join(part["text"] for part in out if part.get("name") == "stdout")
        assert "from below\n" in told
        assert "low\n" in told
        assert kernel.value("os.read(0, 10).hex()", "import os") == ""


def test_the_debugger_can_be_attached(start):
    kernel = start()
    message = kernel.client.session.msg(
        "debug_request",
        {"type": "request", "seq": 1, "command": "initialize", "arguments": {"clientID": "test"}},
    )
    kernel.client.control_channel.send(message)
    reply = kernel.client.get_control_msg(timeout=30)
    assert reply["content"]["success"], reply["content"]
