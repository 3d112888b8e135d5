"""How pages and servers end: full, idle, left, killed; and that no process stays behind."""

import re
import signal

import pytest
from websockets.exceptions import ConnectionClosed

from outcomes.serve.sessions import ENDED, IDLE, Sessions

pytestmark = pytest.mark.slow


class Clock:
    time = 0.0

    def __call__(self):
        return self.time


def test_a_page_is_overdue_when_nobody_chooses_or_nobody_is_connected():
    clock = Clock()
    sessions = Sessions(2, idle=100, lost=10, now=clock)
    sessions.open("a")
    sessions.open("b")
    assert sessions.full
    clock.time = 9
    sessions.connect("a", "socket")
    clock.time = 11
    assert sessions.overdue() == {"b": IDLE}
    assert sessions.close("b") == set()
    assert not sessions.full
    clock.time = 100
    sessions.hear("a")
    clock.time = 199
    assert sessions.overdue() == {}
    sessions.disconnect("a", "socket")
    clock.time = 200.5
    assert sessions.overdue() == {"a": IDLE}
    sessions.connect("a", "again")
    clock.time = 201
    assert sessions.close("a") == {"again"}


def test_a_page_that_two_windows_show_is_there_while_one_is():
    clock = Clock()
    sessions = Sessions(2, idle=100, lost=10, now=clock)
    sessions.open("a")
    for socket in ("one", "two"):
        sessions.connect("a", socket)
    sessions.disconnect("a", "one")
    clock.time = 50
    assert sessions.overdue() == {}


def test_when_all_places_are_taken_it_says_so_starts_nothing_and_frees_them_when_idle(
    live_home, served
):
    running = served.start(live_home, "--max-sessions", "1", "--idle-minutes", "0.2")
    try:
        page = running.open()
        socket = page.connect()
        served.answers(socket)
        before = len(running.processes())
        answer = running.get("apps/small")
        assert answer.status_code == 503
        assert answer.headers["Retry-After"] == "60"
        words = " ".join(re.sub(r"<style.*?</style>|<[^>]+>", " ", answer.text, flags=re.S).split())
        assert words.endswith(
            "All places are taken As many people as this server can serve have a page open now. Try "
            "again in a minute: pages that nobody uses are closed. See what there is"
        )
        assert len(running.processes()) == before
        assert running.get().status_code == 200
        with pytest.raises(ConnectionClosed) as closed:
            served.answers(socket, until="nothing")
        assert closed.value.rcvd.code == IDLE
        assert served.until(lambda: len(running.processes()) < before)
        assert running.get("apps/small").status_code == 200
    finally:
        assert running.stop() == 0


def test_a_kernel_that_is_killed_ends_its_page_and_no_other(server, served):
    first, second = server.open(), server.open()
    socket, other = first.connect(), second.connect()
    served.answers(other)
    states = served.widgets(socket)
    (button,) = [i for i, s in states.items() if s["state"].get("description") == "End"]
    click = {"comm_id": button, "data": {"method": "custom", "content": {"event": "click"}}}
    socket.send(served.message("comm_msg", click))
    with pytest.raises(ConnectionClosed) as closed:
        served.answers(socket, until="nothing")
    assert closed.value.rcvd.code == ENDED
    assert server.get(f"api/kernels/{first.kernel}").status_code == 404
    assert served.answers(other)
    second.close()


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT, signal.SIGKILL])
def test_no_process_is_left_when_the_server_ends(live_home, served, number):
    running = served.start(live_home)
    page = running.open()
    served.answers(page.connect())
    running.get("apps/small")
    started = running.processes()
    assert len(started) >= 2
    assert running.stop(number) == (-9 if number == signal.SIGKILL else 0)
    assert served.until(lambda: not any(map(served.running, started)))


def test_a_port_that_is_taken_is_said_in_plain_words(live_home, server, monkeypatch):
    from click.testing import CliRunner

    from outcomes.cli import main

    monkeypatch.setenv("OUTCOMES_HOME", str(live_home))
    port = server.address.rstrip("/").rsplit(":", 1)[1]
    result = CliRunner().invoke(main, ["serve", "--no-browser", "--port", port])
    assert result.exit_code == 12
    assert result.stderr == (
        f"Error: cannot listen on 127.0.0.1, port {port}: Address already in use. Give another with "
        "--port, or --port 0 for any that is free.\n"
    )
