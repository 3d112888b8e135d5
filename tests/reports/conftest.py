"""Reports of the sample county, made once: the documents, and the files in every format."""

from types import SimpleNamespace

import pytest

from outcomes.baseline import load_baseline
from outcomes.parameters import load_parameters
from outcomes.parameters.partners import partners_for
from outcomes.reports import make_baseline, make_strategies, making
from outcomes.reports.material import load_material
from outcomes.reports.strategy import strategy

COUNTY, FRAMEWORK = "X10000001", "essex_2014"


def page_of(outcome: str = "evidence", locality: str = COUNTY, framework: str = FRAMEWORK):
    return load_parameters().page(
        framework=framework, outcome=outcome, locality=locality, comparator="nation"
    )


@pytest.fixture(scope="session")
def reported(_sample_home, tmp_path_factory):
    """What the county's reports are made from, the documents, and the folder of the baseline."""
    found = {}
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("OUTCOMES_HOME", str(_sample_home))
        usual = making._write

        def keep(documents, *rest):
            found.update(documents)
            return usual(documents, *rest)

        patch.setattr(making, "_write", keep)
        folder = tmp_path_factory.mktemp("reports") / "baseline"
        make_baseline(page_of(), folder)
        material = load_material(page_of())
    return SimpleNamespace(document=found["baseline"], folder=folder, material=material)


@pytest.fixture(scope="session")
def strategies(_sample_home, tmp_path_factory):
    """The folder of the county's strategies, of two outcomes in every format."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("OUTCOMES_HOME", str(_sample_home))
        folder = tmp_path_factory.mktemp("strategies") / "all"
        return make_strategies(page_of(), [], folder)


@pytest.fixture
def strategy_of(reported, home):
    """Return a maker of the strategy document of one outcome of the county."""

    def make(outcome: str, partners=None):
        found = partners or partners_for(load_parameters(), FRAMEWORK, COUNTY)
        return strategy(load_baseline(page_of(outcome)), reported.material, found, version=1)

    return make
