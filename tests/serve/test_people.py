"""Who gets in: the refusals of the command, tokens, passwords, JupyterHub."""

import re
import sys

import pytest
import requests
from click.testing import CliRunner

from outcomes.cli import main
from outcomes.errors import ParameterError
from outcomes.serve.identity import provider
from outcomes.serve.settings import Settings

pytestmark = pytest.mark.slow


def outcome_of(*words):
    result = CliRunner().invoke(main, ["serve", "--no-browser", *words])
    assert isinstance(result.exception, SystemExit), result.exception
    return result.exit_code, result.stderr


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.0.2.7", "example.org"])
def test_others_are_not_served_unasked(home, host):
    assert outcome_of("--host", host) == (
        10,
        f"Error: --host {host} would let anyone who reaches this machine open pages, each a process "
        "of yours. Give --password-file FILE or --token WORD, or run it behind JupyterHub "
        "(docs/deploying.md shows how), or leave out --host for this machine alone.\n",
    )


@pytest.mark.parametrize("host", ["127.0.0.1", "127.0.0.2", "::1", "localhost"])
def test_this_machine_is_served_unasked(host):
    assert Settings(host=host).check().local


def test_others_are_served_with_a_token_a_password_or_behind_the_hub(monkeypatch):
    assert not Settings(host="0.0.0.0", token="word").check().local
    assert not Settings(host="0.0.0.0", password="word").check().local
    monkeypatch.setenv("JUPYTERHUB_SERVICE_PREFIX", "/services/outcomes/")
    assert Settings(host="0.0.0.0").check().base_url == "/services/outcomes/"


def test_a_password_file_must_be_there_have_a_password_and_be_its_owners_alone(home, tmp_path):
    path = tmp_path / "password"
    code, said = outcome_of("--password-file", str(path))
    assert (code, said.split(":")[:2]) == (10, ["Error", f" --password-file {path}"])
    path.write_text("\n")
    path.chmod(0o644)
    assert outcome_of("--password-file", str(path)) == (
        10,
        f"Error: --password-file {path}: others on this machine can read it. Run: chmod 600 {path}\n",
    )
    path.chmod(0o600)
    assert outcome_of("--password-file", str(path)) == (
        10,
        f"Error: --password-file {path}: its first line is empty; expected the password\n",
    )
    path.write_text("word\n")
    assert outcome_of("--password-file", str(path), "--token", "word") == (
        10,
        "Error: --token and --password-file: give one of them\n",
    )


def test_a_run_file_that_is_not_there_is_said_before_anything_is_served(home):
    code, said = outcome_of("parameters/runs/none.yml")
    assert code == 10
    assert "none.yml" in said


PATHS = ["", "apps/small", "published/sample/index.html", "published/find", "api/kernels/x"]


def test_a_token_opens_and_leaves_the_address(live_home, served):
    running = served.start(live_home, "--host", "0.0.0.0", OUTCOMES_TOKEN="hush-hush")
    running.address = running.address.replace("0.0.0.0", "127.0.0.1")
    try:
        for path in PATHS[:-1]:
            answer = running.get(path)
            assert answer.status_code == 302
            assert answer.headers["Location"].startswith("/login?next=")
        for path in ("apps/small?token=wrong", "api/kernels/00000000-0000-4000-8000-000000000000"):
            assert running.get(path).headers["Location"].startswith("/login?next=")
        assert running.get("health").status_code == 200
        answer = running.get("apps/small?pick=Jobs&token=hush-hush")
        assert answer.status_code == 302
        assert answer.headers["Location"] == "/apps/small?pick=Jobs"
        cookie = answer.headers["Set-Cookie"]
        assert "HttpOnly" in cookie
        assert "SameSite=Lax" in cookie
        known = {"Cookie": cookie.split(";")[0]}
        page = running.open(query="pick=Jobs", headers=known)
        assert page.shown.status_code == 200
        with pytest.raises(Exception, match="403"):
            page.connect()
        assert served.answers(page.connect(**known))
        assert running.get(f"api/kernels/{page.kernel}").status_code == 302
        assert "hush" not in running.logged()
    finally:
        running.stop()


def test_a_password_is_asked_for_and_a_wrong_one_refused(live_home, served, tmp_path):
    path = tmp_path / "password"
    path.write_text("a long password\n")
    path.chmod(0o600)
    running = served.start(live_home, "--password-file", str(path))
    try:
        session = requests.Session()
        asked = session.get(running.address + "apps/small?pick=Air", timeout=60)
        assert asked.url.endswith("/login?next=%2Fapps%2Fsmall%3Fpick%3DAir")
        xsrf = re.search(r'name="_xsrf" value="([^"]+)"', asked.text)[1]
        wrong = session.post(asked.url, data={"password": "x", "_xsrf": xsrf}, timeout=60)
        assert wrong.status_code == 401
        assert "That is not the password. Check capital letters, and try again." in wrong.text
        forged = session.post(asked.url, data={"password": "a long password"}, timeout=60)
        assert forged.status_code == 403
        right = {"password": "a long password", "_xsrf": xsrf}
        away = asked.url.split("?")[0] + "?next=https://evil.example/"
        answer = session.post(away, data=right, timeout=60, allow_redirects=False)
        assert answer.headers["Location"] == "/"
        opened = session.post(asked.url, data=right, timeout=60)
        assert opened.url == running.address + "apps/small?pick=Air"
        assert "<title>A small page</title>" in opened.text
    finally:
        running.stop()


def test_behind_the_hub_its_package_must_be_there(monkeypatch):
    monkeypatch.setitem(sys.modules, "jupyterhub.singleuser.extension", None)
    monkeypatch.setenv("JUPYTERHUB_SERVICE_PREFIX", "/services/outcomes/")
    with pytest.raises(ParameterError) as error:
        provider(Settings())
    assert str(error.value) == (
        "this server is to run behind JupyterHub, whose package is not installed here. "
        "Run: python -m pip install jupyterhub"
    )
