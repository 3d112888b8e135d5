"""The example configuration for JupyterHub, with a real hub: who signs in there gets in here."""

import importlib.util
import json
import os
import re
import socket
import subprocess
import sys
from urllib.parse import urljoin, urlsplit

import pytest
import requests

pytestmark = pytest.mark.slow
OURS = "/services/outcomes/"
CHANGED = """
import jupyterhub.proxy

load_subconfig({example!r})


class NoProxy(jupyterhub.proxy.Proxy):
    should_start = False
    routes = {{}}

    async def add_route(self, routespec, target, data):
        self.routes[routespec] = {{"routespec": routespec, "target": target, "data": data}}

    async def delete_route(self, routespec):
        self.routes.pop(routespec, None)

    async def get_all_routes(self):
        return self.routes


c.JupyterHub.proxy_class = NoProxy
c.JupyterHub.authenticator_class = "dummy"
c.JupyterHub.hub_bind_url = "http://127.0.0.1:{hub}"
c.JupyterHub.db_url = "sqlite:///hub.sqlite"
(service,) = c.JupyterHub.services
service["url"] = "http://127.0.0.1:{port}"
service["command"] = [*service["command"][:-1], "{port}"]
service["environment"] = {{"OUTCOMES_HOME": {home!r}}}
"""


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as line:
        return line.getsockname()[1]


class Visitor:
    """A browser that goes to the hub or to the server by the address, as the hub's proxy sends it."""

    def __init__(self, hub: int, port: int):
        self.session, self.hub, self.port = requests.Session(), hub, port

    def go(self, method: str, path: str, **options) -> requests.Response:
        for _ in range(12):
            port = self.hub if path.startswith("/hub") else self.port
            address = f"http://127.0.0.1:{port}{path}"
            options["allow_redirects"], options["timeout"] = False, 60
            answer = self.session.request(method, address, **options)
            if answer.status_code not in (301, 302, 303, 307):
                return answer
            parts = urlsplit(urljoin(address, answer.headers["Location"]))
            path, method, options = f"{parts.path}?{parts.query}", "GET", {}
        raise AssertionError("sent from one address to the next without end")


@pytest.fixture
def hub(live_home, served, project, tmp_path):
    """The ports of a hub and of the server that it runs as a service."""
    if importlib.util.find_spec("jupyterhub") is None:
        pytest.skip("jupyterhub is not installed here; install it to try the example configuration")
    ports = {"hub": free_port(), "port": free_port()}
    example = str(project / "docs" / "examples" / "jupyterhub_config.py")
    config = tmp_path / "config.py"
    config.write_text(CHANGED.format(example=example, home=str(live_home), **ports))
    beside = os.pathsep.join([os.path.dirname(sys.executable), os.environ["PATH"]])  # noqa: PTH120
    with (tmp_path / "hub.log").open("w") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "jupyterhub", "-f", str(config)],
            cwd=tmp_path,
            env={**os.environ, "PATH": beside},
            stdout=log,
            stderr=log,
        )
    ready = "JupyterHub is now running"
    assert served.until(lambda: ready in (tmp_path / "hub.log").read_text())
    yield ports
    process.terminate()
    process.wait(timeout=60)


def test_whom_the_hub_knows_gets_in_and_nobody_else(hub):
    stranger = requests.get(
        f"http://127.0.0.1:{hub['port']}{OURS}apps/small", allow_redirects=False, timeout=60
    )
    assert stranger.headers["Location"].startswith("/hub/api/oauth2/authorize?client_id=")
    visitor = Visitor(**hub)
    form = visitor.go("GET", f"{OURS}apps/small?pick=Air").text
    action = re.search(r'<form action="([^"]+)"', form)[1]
    xsrf = re.search(r'name="_xsrf" value="([^"]+)"', form)[1]
    asked = {"username": "reader", "password": "any", "_xsrf": xsrf}
    page = visitor.go("POST", action.replace("&amp;", "&").replace("&#61;", "="), data=asked)
    assert "<title>A small page</title>" in page.text
    config = re.search(r'id="jupyter-config-data"[^>]*>(.*?)</script>', page.text)[1]
    kernel = f"{OURS}api/kernels/{json.loads(config)['kernelId']}"
    assert visitor.go("GET", kernel).status_code == 200
    alone = requests.get(
        f"http://127.0.0.1:{hub['port']}{kernel}", allow_redirects=False, timeout=60
    )
    assert alone.status_code == 302
