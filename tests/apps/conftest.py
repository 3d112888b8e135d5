"""What tests of live pages share: the settings of an app notebook, and words without their HTML."""

import re
from html import unescape

import pytest

SETTINGS = {
    "framework": "essex_2014",
    "outcome": "economic_growth",
    "locality": "X10000001",
    "comparator": "nation",
    "as_of": "",
}


@pytest.fixture
def settings(home, monkeypatch):
    """The settings of an app notebook, in a kernel that nobody has given an address."""
    monkeypatch.delenv("QUERY_STRING", raising=False)
    monkeypatch.delenv("OUTCOMES_APP_DEFAULTS", raising=False)
    return dict(SETTINGS)


@pytest.fixture
def words():
    """Return a function that returns the words of HTML as a reader meets them."""
    return lambda html: " ".join(unescape(re.sub(r"<[^>]+>", " ", html)).split())
