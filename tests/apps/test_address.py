from urllib.parse import parse_qsl

import pytest

from outcomes.apps.address import LONGEST, defaults_for, read_address, served, write_address
from outcomes.errors import ParameterError


def test_without_an_address_the_settings_stand(settings):
    choices = read_address(settings)
    assert choices.page.model_dump() == settings
    assert choices.said == ()


def test_every_choice_is_taken_and_written_again(settings):
    asked = {
        "framework": "nine_outcomes_example",
        "outcome": "good_work",
        "locality": "X07000003",
        "comparator": "region",
        "as_of": "2026-03-31",
        "beside": "X07000004",
    }
    query = write_address(
        read_address(settings, query="&".join(f"{k}={v}" for k, v in asked.items())).page,
        {"beside": "X07000004", "indicator": ""},
    )
    assert dict(parse_qsl(query)) == asked


def test_a_quarter_is_its_last_day(settings):
    assert read_address(settings, query="as_of=2026-Q1").page.as_of == "2026-03-31"


def test_another_framework_begins_with_its_first_outcome(settings):
    page = read_address(settings, query="framework=nine_outcomes_example").page
    assert (page.framework, page.outcome) == ("nine_outcomes_example", "good_start")


@pytest.mark.parametrize(
    ("query", "said"),
    [
        (
            "locality=Essex",
            "The address asks for locality 'Essex', which cannot be shown, so the usual one is shown "
            "instead. (got 'Essex'; expected a nine-character area code: a capital letter and eight "
            "digits, such as E07000071)",
        ),
        (
            "framework=zzz",
            "The address asks for framework 'zzz', which cannot be shown, so the usual one is shown "
            "instead. (there is no framework 'zzz'; there are: essex_2014, every_child_matters, "
            "nine_outcomes_example and portsmouth_8)",
        ),
        (
            "as_of=soon",
            "The address asks for as of 'soon', which cannot be shown, so the usual one is shown "
            "instead. ('soon' is not a day such as 2026-06-30 or a quarter such as 2026-Q2 or "
            "2026/27 Q1)",
        ),
        (
            "outcome=overview",
            "The address asks for the page 'overview', which is published but is no live page; this "
            "page shows one outcome.",
        ),
        (
            "outcome=evidence",
            "The address asks for the page 'evidence', which is published but is no live page; this "
            "page shows one outcome.",
        ),
        (
            f"as_of={'x' * LONGEST}",
            "The address of this page is too long to be a link of ours; it was not read.",
        ),
    ],
    ids=["place", "framework", "day", "overview", "evidence", "length"],
)
def test_what_cannot_be_taken_is_said_and_the_default_stands(settings, query, said):
    choices = read_address(settings, query=query)
    assert choices.page.model_dump() == settings
    assert choices.said == (said,)


def test_one_wrong_choice_leaves_the_others(settings):
    choices = read_address(settings, query="comparator=region&locality=nowhere&outcome=environment")
    assert (choices.page.comparator, choices.page.outcome) == ("region", "environment")
    assert choices.page.locality == "X10000001"


def test_a_further_choice_is_checked_with_its_page(settings):
    def check(value, page):
        if value != page.locality:
            raise ParameterError("not this one")
        return value

    further = {"own": check, "other": check, "absent": check}
    query = "own=X07000001&other=<b>&locality=X07000001"
    choices = read_address(settings, query=query, further=further)
    assert choices.further == {"own": "X07000001", "other": "", "absent": ""}
    assert choices.said == (
        "The address asks for other '<b>', which cannot be shown, so the usual one is shown "
        "instead. (not this one)",
    )


def test_the_address_of_the_request_is_read(settings, monkeypatch):
    assert not served()
    monkeypatch.setenv("QUERY_STRING", "locality=X07000002")
    assert served()
    assert read_address(settings).page.locality == "X07000002"


def test_settings_that_are_not_right_are_the_notebooks_fault(settings):
    with pytest.raises(ParameterError):
        read_address(settings | {"locality": "X99999999"})


def test_the_server_may_have_defaults_of_its_own(settings, monkeypatch):
    assert defaults_for(settings) == settings
    monkeypatch.setenv("OUTCOMES_APP_DEFAULTS", "locality=X07000002&comparator=region&more=1")
    assert defaults_for(settings) == settings | {"locality": "X07000002", "comparator": "region"}


def test_a_servers_framework_begins_with_its_first_outcome(settings, monkeypatch):
    monkeypatch.setenv("OUTCOMES_APP_DEFAULTS", "framework=portsmouth_8")
    assert defaults_for(settings)["outcome"] == "active_say"
    monkeypatch.setenv("OUTCOMES_APP_DEFAULTS", "framework=no_such")
    with pytest.raises(ParameterError, match="there is no framework 'no_such'"):
        defaults_for(settings)
