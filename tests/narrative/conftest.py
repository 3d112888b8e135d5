"""An outcome made of positions, without a store."""

import pytest

from outcomes.model import Baseline, Entry, Framework, Outcome, Page, Place


@pytest.fixture
def make_baseline():
    """Return a maker of baselines: an outcome of Anytown compared with the nation."""

    def make(*positions, gaps=()):
        entry = Entry(number="1.1", indicator="people_in_work", wording="People in work")
        outcome = Outcome(
            id="work", number=1, title="Good work", short="Work", question="How is work in {area}?",
            entries=[entry],
        )  # fmt: skip
        framework = Framework(
            id="own", title="Ours", area="Anytown", source="a document", outcomes=[outcome]
        )
        page = Page(framework="own", outcome="work", locality="X10000001", comparator="nation")
        place = Place(code="X10000001", name="Anytown", level="county")
        return Baseline(
            page=page, framework=framework, outcome=outcome, place=place, around=(),
            comparator_label="the nation", positions=positions,
            order=tuple(range(len(positions))), gaps=gaps, population=None, notice="",
            data_version="abc123",
        )  # fmt: skip

    return make
