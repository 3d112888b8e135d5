"""What the tests of programmes share: the nine activities of 2012, and a maker of small ones."""

from pathlib import Path

import pytest

from outcomes.model.programme import Programme
from outcomes.parameters import Parameters
from outcomes.parameters.programme import programme

PROJECT = Path(__file__).resolve().parents[2]


@pytest.fixture
def nine(monkeypatch) -> Programme:
    monkeypatch.setenv("OUTCOMES_HOME", str(PROJECT))
    return programme(Parameters(PROJECT / "parameters"), "nine_outcomes_2012")


@pytest.fixture
def plan():
    """Return a maker of programmes of 2026 from timescales by activity, or from whole activities."""

    def made(activities, **values) -> Programme:
        full = {
            name: {"activity": name, "short": name.capitalize(), "owners": ["A role"]}
            | ({"timescale": each} if isinstance(each, str) else each)
            for name, each in activities.items()
        }
        head = {"title": "Ours", "year": 2026, "source": "a test"}
        return Programme.model_validate(head | {"activities": full} | values)

    return made
