"""What tests of wordings share: the project's own glossary, and its parameters."""

import pytest

from outcomes.parameters import Parameters
from outcomes.parameters.glossary import read_glossary


@pytest.fixture(scope="session")
def parameters(project):
    return Parameters(project / "parameters")


@pytest.fixture(scope="session")
def glossary(parameters):
    return read_glossary(parameters)
