"""One definition of an indicator serves every entry that names it."""

from outcomes.baseline import load_overview
from outcomes.parameters import load_parameters


def test_row_149_the_55_entries_are_52_indicators_and_an_edit_shows_in_every_outcome(own_home):
    essex = load_parameters().framework("essex_2014")
    assert (len(essex.entries()), len(essex.indicator_ids())) == (55, 52)
    under = [o.id for o in essex.outcomes for e in o.entries if e.indicator == "employment_rate"]
    assert under == ["health_and_wellbeing", "education_and_learning", "economic_growth"]

    path = own_home / "parameters" / "indicators" / "economy.yml"
    text = path.read_text(encoding="utf-8")
    path.write_text(
        text.replace("title: Working-age people in employment", "title: People with a job"),
        encoding="utf-8",
    )
    page = load_parameters().page(
        framework="essex_2014",
        outcome="overview",
        locality="X10000001",
        comparator="nation",
        as_of="",
    )
    found = [
        (baseline.outcome.id, position.indicator.title)
        for baseline in load_overview(page).baselines
        for position in baseline.positions
        if position.indicator_id == "employment_rate"
    ]
    assert found == [(outcome, "People with a job") for outcome in under]
