"""What the server shows, and what it says when it cannot."""

import json
import re

import pytest

pytestmark = pytest.mark.slow


def words(html):
    return " ".join(re.sub(r"<style.*?</style>|<[^>]+>", " ", html, flags=re.S).split())


def test_the_front_page_lists_the_apps_and_the_published_run(server):
    html = server.get().text
    assert '<a href="/apps/small">A small page</a><p>Choose, and see what changes.</p>' in html
    assert '<a href="/apps/broken">A broken page</a></li>' in html
    title = (
        "The fictional county of Tarrowshire and its districts, every outcome, beside the nation"
    )
    assert f'<a href="/published/sample/index.html">{title}</a>' in html
    assert "Sample data, not a real place." in words(html)
    assert re.search(r"1 page, made on \d+ \w+ 20\d\d\.", words(html))


def test_it_says_that_it_is_well(server):
    answer = server.get("health")
    assert (answer.status_code, answer.text) == (200, "ok\n")


def test_every_answer_is_held_to_a_policy_and_none_sets_a_cookie(server):
    pages = ["", "health", "apps/none", "published/sample/index.html", "published/find", "none"]
    for path in pages:
        headers = server.get(path).headers
        policy = dict(rule.split(" ", 1) for rule in headers["Content-Security-Policy"].split("; "))
        assert policy["default-src"] == policy["frame-ancestors"] == "'none'"
        assert policy["script-src"] == ("'none'" if path.startswith("published/s") else "'self'")
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert headers["Referrer-Policy"] == "same-origin"
        assert headers["Server"] == "outcomes"
        assert "Set-Cookie" not in headers
        assert "Access-Control-Allow-Origin" not in headers


def test_a_published_page_is_served_as_it_was_made(server, live_home):
    name = "sample/X07000003/safe_communities--nation.html"
    answer = server.get(f"published/{name}")
    assert answer.content == (live_home / "outputs" / name).read_bytes()
    assert answer.headers["Content-Type"] == "text/html; charset=utf-8"


def test_find_leads_to_the_published_page_of_the_same_choices(server):
    asked = "framework=essex_2014&outcome=safe_communities&locality=X07000003&comparator=nation"
    answer = server.get(f"published/find?{asked}&as_of=")
    assert answer.status_code == 302
    assert answer.headers["Location"] == (
        "/published/sample/X07000003/safe_communities--nation.html"
    )
    assert server.get(f"published/find?{asked}").status_code == 302


@pytest.mark.parametrize("locality", ["X10000001", "", "../..", "<script>alert(1)</script>"])
def test_find_says_kindly_that_a_page_was_not_published(server, locality):
    asked = "framework=essex_2014&outcome=safe_communities&comparator=nation"
    answer = server.get(f"published/find?{asked}&locality={locality}")
    assert answer.status_code == 404
    assert words(answer.text) == (
        "This page was not published Skip to the content All live and published pages "
        "This page was not published The published pages were made for some places and comparators "
        "only, and this one is not among them. The live page shows the same figures. "
        "See what there is"
    )


@pytest.mark.parametrize("path", ["apps/none", "apps/", "apps/../small", "none", "favicon.ico"])
def test_an_unknown_address_is_met_with_plain_words(server, path):
    answer = server.get(path)
    assert answer.status_code == 404
    assert words(answer.text) == (
        "There is no such page Skip to the content All live and published pages "
        "There is no such page The link may be old, or a letter may be missing in it. "
        "See what there is"
    )


def test_a_page_stands_at_once_without_code_and_gets_a_kernel_of_its_own(server, served):
    first, second = server.open(query="pick=Jobs"), server.open()
    html = server.get("apps/small?pick=Jobs").text
    assert '<html lang="en-GB">' in html
    assert "<title>A small page</title>" in html
    assert "Working…" in html
    assert "ipywidgets" not in html
    assert first.kernel != second.kernel
    headings = []
    for page in (first, second):
        states = served.widgets(page.connect())
        values = [each["state"].get("value") for each in states.values()]
        headings += [re.search(r"<h1[^>]*>(.*?)</h1>", v)[1] for v in values if "<h1" in str(v)]
        page.close()
    assert headings == ["Jobs in the county", "Homes in the county"]


def test_the_query_reaches_the_page_as_text(server, served):
    page = server.open(query="pick=%3Cscript%3Ealert(1)%3C/script%3E")
    states = served.widgets(page.connect())
    (html,) = [v for s in states.values() if "<h1" in (v := str(s["state"].get("value")))]
    assert "<p>There is no &lt;script&gt;alert(1)&lt;/script&gt;.</p>" in html
    page.close()


def test_a_page_that_fails_says_nothing_of_how_and_leaves_no_kernel(server):
    page = server.open("broken")
    assert page.shown.status_code == 404
    assert "secret" not in page.shown.text
    assert "ValueError: a secret detail" in server.logged()
    assert server.get(f"api/kernels/{page.kernel}").status_code == 404


def test_a_page_that_is_left_ends_its_kernel(server, served):
    before = set(server.processes())
    page = server.open()
    own = set(server.processes()) - before
    assert own
    page.close()
    assert served.until(lambda: not own & set(server.processes()))
    assert server.get(f"api/kernels/{page.kernel}").status_code == 404


def test_a_choice_is_answered(server, served, page):
    socket = page.connect()
    states = served.widgets(socket)
    (choice,) = [i for i, s in states.items() if s["state"]["_model_name"] == "DropdownModel"]
    change = {"method": "update", "state": {"index": 2}, "buffer_paths": []}
    socket.send(served.message("comm_msg", {"comm_id": choice, "data": change}))
    told = [
        content["data"]["state"] for kind, content in served.answers(socket) if kind == "comm_msg"
    ]
    assert any(">Jobs in the county</h1>" in state.get("value", "") for state in told)


def test_a_choice_that_fails_tells_the_page_so_and_the_log_why(server, served, page):
    socket = page.connect()
    states = served.widgets(socket)
    (button,) = [i for i, s in states.items() if s["state"].get("description") == "Fail"]
    click = {"method": "custom", "content": {"event": "click"}}
    socket.send(served.message("comm_msg", {"comm_id": button, "data": click}))
    told = served.answers(socket)
    assert ("text", {"outcomes": "failed"}) in told
    assert "secret" not in json.dumps(told)
    assert "RuntimeError: a secret detail" in server.logged()


def test_files_are_packed_and_kept_by_the_browser(server):
    html = server.get("apps/small").text
    for path in re.findall(r'<script src="/([^"]+)"', html):
        answer = server.get(path, headers={"Accept-Encoding": "gzip"})
        assert answer.headers["Content-Encoding"] == "gzip"
        assert answer.headers["Cache-Control"] == "public, max-age=31536000, immutable"
        assert "javascript" in answer.headers["Content-Type"]
