"""What tests of `outcomes serve` share: a real server in a process of its own, and a small app."""

import json
import os
import queue
import re
import runpy
import signal
import subprocess
import sys
import threading
import time
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from uuid import uuid4

import nbformat
import psutil
import requests
from jupyter_server.services.kernels.connection.base import (
    deserialize_msg_from_ws_v1,
    serialize_msg_to_ws_v1,
)
from websockets.sync.client import connect

PROTOCOL = "v1.kernel.websocket.jupyter.org"
PATIENCE = 60
running = runpy.run_path(str(Path(__file__).with_name("processes.py")))["running"]
SMALL_APP = '''
import os
from html import escape
from urllib.parse import parse_qsl, urlencode

import ipywidgets as widgets
from outcomes.apps.parts import address_mark, choice_button, download, messages, spoken

TABLE = """<table class="outcomes"><caption>Scorecard</caption>
<thead><tr><th scope="col">Indicator</th><th scope="col">Latest</th><th scope="col">Gap</th></tr>
</thead><tbody>
<tr><th scope="row">Homes</th><td data-label="Latest">£1,200</td>
<td data-label="Gap">Worse \\u22123.5</td></tr>
<tr><th scope="row">Air</th><td data-label="Latest">75.5%</td><td data-label="Gap">none</td></tr>
<tr><th scope="row">Jobs</th><td data-label="Latest">-4</td>
<td data-label="Gap">Better +10</td></tr></tbody></table>"""
OPTIONS = ["Homes", "Air", "Jobs"]
asked = dict(parse_qsl(os.environ["QUERY_STRING"]))
wish = asked.get("pick", "Homes")
pick = widgets.Dropdown(
    options=OPTIONS, value=wish if wish in OPTIONS else "Homes", description="Indicator"
)
pick.add_class("outcomes-indicator")
place = widgets.Text(description="Place", continuous_update=False)
fail, end, save, think = (
    widgets.Button(description=words) for words in ("Fail", "End", "Prepare the table", "Think")
)
save.add_class("outcomes-prepare")
saved, answer = widgets.HTML(), widgets.HTML()


def show(change=None):
    said = () if wish in OPTIONS or change else (f"There is no {wish}.",)
    buttons = "".join(choice_button("indicator", o, o, about=f"Show {o}") for o in OPTIONS)
    answer.value = (
        messages(said)
        + f'<h1 class="outcomes-indicator-answer" tabindex="-1">{pick.value} in '
        + f"{escape(place.value or 'the county')}</h1><p>{buttons}</p>"
        + f'<div class="outcomes-sortable">{TABLE}</div>'
        + spoken(f"Showing {pick.value}.")
        + address_mark(urlencode({"pick": pick.value}), f"{pick.value}: how are we doing?")
    )


def failing(_):
    raise RuntimeError("a secret detail")


def ending(_):
    os._exit(1)


def saving(_):
    saved.value = download(
        b"a,b\\n1,2\\n", name="table.csv", kind="text/csv", label="Save the table again"
    )


def thinking(_):
    import time

    time.sleep(0.6)
    show(True)


for control in (pick, place):
    control.observe(show, "value")
for button, act in ((fail, failing), (end, ending), (save, saving), (think, thinking)):
    button.on_click(act)
show()
app = widgets.VBox([widgets.HBox([pick, place]), widgets.HBox([fail, end, save, think]), saved, answer])
'''


def put_app(home: Path, name: str, *cells: str, **about: str) -> None:
    """Write an app notebook into a project."""
    kernel = {"name": "outcomes", "display_name": "Python 3 (outcomes)", "language": "python"}
    notebook = nbformat.v4.new_notebook(
        cells=[nbformat.v4.new_code_cell(source) for source in cells],
        metadata={"kernelspec": kernel, "outcomes": about},
    )
    path = home / "notebooks" / "apps" / f"{name}.ipynb"
    path.parent.mkdir(parents=True, exist_ok=True)
    nbformat.write(notebook, path)


def put_small_app(home: Path) -> None:
    """Write the small app, which has everything that a page's script knows."""
    put_app(
        home,
        "small",
        'framework = "essex_2014"',
        SMALL_APP,
        "app",
        title="A small page",
        about="Choose, and see what changes.",
    )


@dataclass
class Server:
    """A running server."""

    process: subprocess.Popen
    address: str
    log: Path

    @property
    def origin(self) -> str:
        """Scheme, host and port."""
        return re.match(r"https?://[^/]+", self.address)[0]

    def logged(self) -> str:
        """Return the server's log without its colours."""
        return re.sub("\x1b\\[[0-9;]*m", "", self.log.read_text())

    def get(self, path: str = "", **options) -> requests.Response:
        """Ask for an address below the server's, exactly as it is written."""
        request = requests.Request("GET", self.address, **options).prepare()
        request.url = self.address + path
        with requests.Session() as session:
            return session.send(request, allow_redirects=False, timeout=PATIENCE)

    def open(self, app: str = "small", query: str = "", **options) -> "Page":
        """Open a page as its script does, and wait until its kernel is ready."""
        html = self.get(f"apps/{app}?{query}", **options).text
        kernel = json.loads(re.search(r'id="jupyter-config-data"[^>]*>(.*?)</script>', html)[1])
        page = Page(self, kernel["kernelId"])
        page.shown = self.get(f"api/kernels/{page.kernel}", **options)
        return page

    def processes(self) -> list[psutil.Process]:
        """Return every process that the server started and that lives."""
        return list(filter(running, psutil.Process(self.process.pid).children(recursive=True)))

    def stop(self, number: int = signal.SIGTERM) -> int:
        """Send a signal, and return the exit status."""
        self.process.send_signal(number)
        status = self.process.wait(timeout=PATIENCE)
        self.process.stdout.close()
        return status


def start(home: Path, *options: str, **env: str) -> Server:
    """Start a server for a project, and wait until it answers."""
    log = home / f"serve-{uuid4().hex[:8]}.log"
    words = [sys.executable, "-m", "outcomes.cli", "serve", "--port", "0", "--no-browser", *options]
    with log.open("w") as errors:
        process = subprocess.Popen(
            words,
            env={**os.environ, "OUTCOMES_HOME": str(home), **env},
            stdout=subprocess.PIPE,
            stderr=errors,
            text=True,
        )
    lines: queue.Queue = queue.Queue()
    threading.Thread(target=lambda: lines.put(process.stdout.readline()), daemon=True).start()
    said = lines.get(timeout=PATIENCE)
    assert said.startswith("live pages: "), said + log.read_text()
    return Server(process, said.removeprefix("live pages: ").strip(), log)


@dataclass
class Page:
    """An open page, seen from its browser."""

    server: Server
    kernel: str
    shown: requests.Response | None = None
    sockets: ExitStack = field(default_factory=ExitStack)

    def connect(self, *, kernel: str = "", origin: str = "", protocol: str = PROTOCOL, **headers):
        """Open the page's connection, or that of another kernel, or from another site."""
        address = self.server.address.replace("http", "ws", 1)
        opening = connect(
            f"{address}api/kernels/{kernel or self.kernel}/channels?session_id={uuid4().hex}",
            origin=origin or self.server.origin,
            subprotocols=[protocol] if protocol else None,
            additional_headers=headers,
            open_timeout=PATIENCE,
            max_size=None,
        )
        return self.sockets.enter_context(opening)

    def close(self) -> None:
        """Close the connections, and say that the page is left."""
        self.sockets.close()
        requests.post(f"{self.server.address}apps/close/{self.kernel}", timeout=PATIENCE)


def message(
    kind: str, content: dict, *, channel: str = "shell", about: dict | None = None
) -> bytes:
    """Return a message as a page's front end writes it."""
    header = {"msg_id": uuid4().hex, "msg_type": kind, "session": "s", "version": "5.3", "date": ""}
    parts = [{**header, "username": "anyone"}, {}, about or {}, content]
    return serialize_msg_to_ws_v1([json.dumps(part).encode() for part in parts], channel)


def answers(socket, *, until: str = "") -> list[tuple[str, dict]]:
    """Ask the kernel for its name, and return all that comes until it has answered.

    What was said before has been answered by then too: a kernel answers one after the other. With
    `until`, return all that comes up to a message of that kind.
    """
    asked = message("kernel_info_request", {})
    _, (header, *_) = deserialize_msg_from_ws_v1(asked)
    socket.send(asked)
    found, missing, late = [], {"reply", "idle"}, time.monotonic() + PATIENCE
    while time.monotonic() < late:
        raw = socket.recv(timeout=PATIENCE)
        if isinstance(raw, str):
            found.append(("text", json.loads(raw)))
            continue
        _, (head, parent, _, content, *_) = deserialize_msg_from_ws_v1(raw)
        found.append((json.loads(head)["msg_type"], json.loads(content)))
        if json.loads(parent).get("msg_id") == json.loads(header)["msg_id"]:
            missing -= {"reply" if found[-1][0] != "status" else found[-1][1]["execution_state"]}
        if until == found[-1][0] or not (until or missing):
            return found
    raise AssertionError(f"no answer came: {found}")


def widgets(socket) -> dict[str, dict]:
    """Return the state of every widget of a page by its model's id, as its front end asks for it."""
    comm = uuid4().hex
    opening = {"comm_id": comm, "target_name": "jupyter.widget.control", "data": {}}
    socket.send(message("comm_open", opening, about={"version": "1.0.0"}))
    socket.send(message("comm_msg", {"comm_id": comm, "data": {"method": "request_states"}}))
    (states,) = [
        content["data"]["states"]
        for kind, content in answers(socket)
        if kind == "comm_msg" and content["data"].get("method") == "update_states"
    ]
    return states


def until(condition, *, seconds: float = PATIENCE) -> bool:
    """Wait until something is so, and return whether it came to be."""
    late = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > late:
            return False
        time.sleep(0.05)
    return True
