"""What a visitor with bad intentions may try, one by one, against the running server."""

import json
import shutil
import socket as plain
from urllib.parse import urlsplit

import pytest
import requests
from jupyter_server.services.kernels.connection.base import serialize_msg_to_ws_v1
from websockets.exceptions import ConnectionClosed, InvalidStatus

pytestmark = pytest.mark.slow

UP = ["..", "%2e%2e", "..%2f", "%2e%2e%2f", "..%5c", "....//", "%252e%252e%252f", "..%c0%af"]
INSIDE = ["parameters/places.yml", "notebooks/apps/small.ipynb", "data/store/sample/series.parquet"]


def raw(server, request: bytes) -> bytes:
    """Send bytes as they are, and return the answer."""
    about = urlsplit(server.address)
    with plain.create_connection((about.hostname, about.port), timeout=30) as line:
        line.sendall(request)
        return line.recv(65536)


def status(server, path: str, *, host: str = "") -> int:
    host = host or urlsplit(server.address).netloc
    answer = raw(
        server, f"GET {path} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n".encode()
    )
    return int(answer.split()[1])


def test_no_route_leads_out_of_its_folder(server):
    version = server.get("apps/small").text.split("/files/")[1].split("/")[0]
    for start in ("/", "/apps/", "/published/", "/published/sample/", f"/files/{version}/",
                  f"/files/{version}/static/"):  # fmt: skip
        for up in UP:
            for inside in INSIDE:
                for depth in (1, 2, 3, 6):
                    way = up if up.endswith(("/", "f", "c")) else f"{up}/"
                    assert status(server, start + way * depth + inside) in (400, 404)
    assert status(server, "/published//etc/passwd") == 404
    assert status(server, f"/files/{version}//etc/passwd") == 404
    assert status(server, "/published/sample/index.html%00.txt") == 404


@pytest.mark.parametrize(
    "path",
    [
        "apps/small.ipynb", "notebooks/apps/small.ipynb", "voila/files/notebooks/apps/small.ipynb",
        "files/notebooks/apps/small.ipynb", "view/apps/small.ipynb", "nbconvert/html/small.ipynb",
        "voila/render/notebooks/apps/small.ipynb", "voila/tree", "tree", "lab", "edit/README.md",
        "api/contents", "api/contents/notebooks", "voila/api/contents/notebooks", "api/sessions",
        "api", "api/status", "api/me", "api/kernelspecs", "api/config/x", "api/terminals", "terminals/1",
        "voila/templates/lab/static/x", "voila/static/voila.js", "voila/api/themes/x", "static/x",
        "published/sample/manifest.json", "published/sample", "published/sample/", "published/.runs",
        "published/sample/X07000003/safe_communities--nation.ipynb", "published/sample/X07000003/",
    ],
)  # fmt: skip
def test_no_source_no_folder_and_no_file_is_served(server, path):
    answer = server.get(path)
    assert answer.status_code == 404
    assert "cell_type" not in answer.text
    assert "Index of" not in answer.text


def test_kernels_can_neither_be_listed_nor_started_nor_driven(server, page):
    before = set(server.processes())
    for method, path in [
        ("GET", "api/kernels"),
        ("POST", "api/kernels"),
        ("DELETE", f"api/kernels/{page.kernel}"),
        ("POST", f"api/kernels/{page.kernel}/interrupt"),
        ("POST", f"api/kernels/{page.kernel}/restart"),
        ("POST", f"voila/api/shutdown/{page.kernel}"),
        ("GET", f"voila/execution/{page.kernel}"),
        ("GET", f"voila/query/{page.kernel}"),
        ("PUT", "api/contents/notebooks/apps/new.ipynb"),
    ]:
        answer = requests.request(
            method, server.address + path, json={"name": "outcomes"}, timeout=30
        )
        assert answer.status_code in (403, 404, 405), path
    assert set(server.processes()) - before == set()
    assert server.get(f"api/kernels/{page.kernel}").status_code == 200


def test_a_kernel_says_no_more_of_itself_than_the_page_needs(server, page):
    assert set(server.get(f"api/kernels/{page.kernel}").json()) == {"id", "name", "outputs"}


def test_nobody_gets_at_a_kernel_whose_id_they_do_not_know(server, page):
    for guess in ("00000000-0000-4000-8000-000000000000", page.kernel.replace("-", ""), "*"):
        with pytest.raises(InvalidStatus) as refused:
            page.connect(kernel=guess)
        assert refused.value.response.status_code == 404


def test_no_other_site_may_open_a_connection_or_close_a_page(server, page):
    with pytest.raises(InvalidStatus) as refused:
        page.connect(origin="https://evil.example")
    assert refused.value.response.status_code == 403
    answer = requests.post(
        f"{server.address}apps/close/{page.kernel}",
        headers={"Origin": "https://evil.example"},
        timeout=30,
    )
    assert answer.status_code == 403
    assert server.get(f"api/kernels/{page.kernel}").status_code == 200


@pytest.mark.parametrize("kind", ["image", "iframe", "empty", "script"])
def test_no_other_site_starts_pages_by_a_picture_or_a_frame(server, kind):
    answer = server.get("apps/small", headers={"Sec-Fetch-Dest": kind})
    assert answer.status_code == 403
    assert "kernelId" not in answer.text


@pytest.mark.parametrize(
    "host", ["evil.example", "evil.example:80", "localhost.evil.example", "10.0.0.1"]
)
def test_a_name_that_leads_here_by_a_trick_is_refused(server, host):
    """A site may let its own name point to this machine, and would then count as the same."""
    for path in ("/", "/health", "/apps/small", "/published/find", "/none"):
        assert status(server, path, host=host) == 403


FORGED = (
    "execute_request", "input_reply", "interrupt_request", "debug_request", "shutdown_request",
    "complete_request", "inspect_request", "history_request", "create_subshell_request",
    "is_complete_request", "connect_request", "usage_request",
)  # fmt: skip


@pytest.mark.parametrize("channel", ["shell", "control", "stdin", "iopub", "none"])
def test_a_forged_message_does_not_reach_the_kernel(server, served, page, tmp_path, channel):
    code = f"open({str(tmp_path / 'made')!r}, 'w').write('x')"
    content = {"code": code, "silent": False, "allow_stdin": True, "value": code, "restart": True,
               "user_expressions": {"x": code}, "command": "evaluate", "type": "request",
               "arguments": {"expression": code}}  # fmt: skip
    socket = page.connect()
    for kind in FORGED:
        socket.send(served.message(kind, content, channel=channel))
    kinds = [kind for kind, _ in served.answers(socket)]
    assert [kind for kind in kinds if kind.endswith("_reply")] == ["kernel_info_reply"]
    assert not (tmp_path / "made").exists()
    for kind in FORGED:
        assert f"{kind!r} on {channel!r} is not one that a page may send" in server.logged()


def test_what_a_page_may_say_passes_on_no_other_channel(server, served, page):
    socket = page.connect()
    states = served.widgets(socket)
    (button,) = [i for i, s in states.items() if s["state"].get("description") == "End"]
    click = {"comm_id": button, "data": {"method": "custom", "content": {"event": "click"}}}
    socket.send(served.message("comm_msg", click, channel="control"))
    assert served.answers(socket)
    assert server.get(f"api/kernels/{page.kernel}").status_code == 200


def test_a_visitor_makes_no_widget_and_opens_no_comm_of_their_own(server, served, page):
    socket = page.connect()
    before = served.widgets(socket)
    state = {"_model_module": "@jupyter-widgets/controls", "_model_name": "FileUploadModel"}
    data = {"state": state, "buffer_paths": []}
    for target in ("jupyter.widget", "jupyter.widget.version", "matplotlib", "", None):
        opening = {"comm_id": f"mine-{target}", "target_name": target, "data": data}
        socket.send(served.message("comm_open", opening, about={"version": "2.1.0"}))
        assert served.widgets(socket).keys() == before.keys()
        assert f"it would open {target!r}" in server.logged()


def test_what_cannot_be_read_is_dropped_and_the_page_goes_on(served, page):
    """The fifth says that it has 2 ** 63 parts: a reader that counts them never ends."""
    socket = page.connect()
    older = {"channel": "shell", "header": {"msg_type": "execute_request"}, "content": {}}
    for broken in (b"", b"x", b"\xff" * 64, b"\x00" * 64, (2**63).to_bytes(8, "little") * 4, "text",
                   "{}", json.dumps(older)):  # fmt: skip
        socket.send(broken)
        assert served.answers(socket)


def test_parts_of_the_wrong_kind_are_dropped(server, served, page):
    socket = page.connect()
    for parts in ([], [{}], [{}, {}, {}, {}], [[], [], [], []], [None] * 4,
                  [{"msg_type": ["comm_open"]}, {}, {}, {}], [{"msg_type": "comm_msg"}, {}, {}, []],
                  [{"msg_type": "comm_msg"}, {}, [], {}]):  # fmt: skip
        packed = [json.dumps(part).encode() for part in parts]
        socket.send(serialize_msg_to_ws_v1(packed, "shell"))
    assert served.answers(socket)


def test_the_older_protocol_is_not_spoken(page):
    socket = page.connect(protocol="")
    with pytest.raises(ConnectionClosed) as closed:
        socket.recv(timeout=30)
    assert closed.value.rcvd.code == 1002


def test_a_giant_message_ends_the_connection_and_nothing_else(server, served, page):
    socket = page.connect()
    assert served.answers(socket)

    def shout() -> None:
        socket.send(b"x" * 3_000_000)  # the server may hang up in the middle of it
        served.answers(socket, until="nothing")

    with pytest.raises(ConnectionClosed):
        shout()
    assert served.answers(page.connect())


def test_a_giant_address_is_refused(server):
    assert server.get("apps/small?pick=" + "x" * 9_000).status_code == 200
    answer = raw(
        server, b"GET /apps/small?" + b"x" * 60_000 + b" HTTP/1.1\r\nHost: localhost\r\n\r\n"
    )
    assert answer[:12] in (b"", b"HTTP/1.1 400", b"HTTP/1.1 431")
    assert server.get("health").status_code == 200


def test_a_giant_body_is_refused(server):
    head = b"POST /apps/close/x HTTP/1.1\r\nHost: localhost\r\nContent-Length: 99999999\r\n\r\n"
    assert raw(server, head)[:12] in (b"", b"HTTP/1.1 400", b"HTTP/1.1 413")
    assert server.get("health").status_code == 200


@pytest.mark.parametrize("name", ["template", "voila-template", "theme", "voila-theme"])
def test_the_template_cannot_be_changed_by_the_address(server, name):
    html = server.get(f"apps/small?{name}=classic").text
    assert "A small page" in html
    assert "classic" not in html


def test_markup_in_the_address_stays_in_the_address(server):
    bad = "%22%3E%3Cscript%3Ealert(1)%3C/script%3E"
    for path in (
        f"apps/small?x={bad}",
        f"?x={bad}",
        f"published/find?outcome={bad}",
        f"apps/{bad}",
    ):
        assert "alert(1)" not in server.get(path).text


def test_a_link_in_the_published_folder_leads_nowhere(server, live_home, tmp_path):
    page = live_home / "outputs" / "sample" / "X07000003" / "safe_communities--nation.html"
    kept = tmp_path / "kept.html"
    shutil.move(page, kept)
    try:
        page.symlink_to(live_home / "parameters" / "places.yml")
        answer = server.get("published/sample/X07000003/safe_communities--nation.html")
        assert answer.status_code == 404
    finally:
        page.unlink()
        shutil.move(kept, page)


def test_the_kernel_does_not_get_the_secrets_of_the_server(live_home, served):
    said = "import os\nprint(os.environ.get('OUTCOMES_TOKEN'), os.environ.get('JUPYTER_TOKEN'))"
    show = "from IPython.display import HTML\nHTML(str(dict(os.environ)))"
    served.put_app(live_home, "surroundings", said, show)
    running = served.start(live_home, OUTCOMES_TOKEN="hush-hush", JUPYTER_TOKEN="hush-hush-too")
    try:
        page = running.open("surroundings", headers={"Authorization": "token hush-hush"})
        html = page.shown.json()["outputs"][0]["data"]["text/html"]
        assert "QUERY_STRING" in html
        assert "hush" not in html
    finally:
        running.stop()
        (live_home / "notebooks" / "apps" / "surroundings.ipynb").unlink()
