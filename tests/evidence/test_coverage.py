from outcomes.evidence import coverage
from outcomes.model import Entry, Gap, Indicator, Outcome, StoreSettings

HELD = ["els/jobs/Jobs", "own/homes/Homes"]


def indicator(**values) -> Indicator:
    base = {
        "title": "Jobs",
        "definition": "Jobs.",
        "unit": "%",
        "value_type": "proportion",
        "polarity": "higher_is_better",
        "caveats": ("Only of the published series.",),
    }
    return Indicator(**base | values)


INDICATORS = {
    "jobs": indicator(series="els/jobs/Jobs"),
    "pay": indicator(title="Pay", series="els/pay/Pay"),
    "homes": indicator(
        title="Homes", gap=Gap(kind="no_open_series", why="None is open.", action="Ask for it.")
    ),
    "both": indicator(title="Both", value_type="basket", members=("jobs", "homes")),
}


def outcome(*ids: str) -> Outcome:
    entries = [
        Entry(number=f"1.{i}", indicator=name, wording=f"Level of {name}")
        for i, name in enumerate(ids, start=1)
    ]
    return Outcome(id="work", number=1, title="T", short="S", question="Q?", entries=entries)


def test_a_series_in_the_store_is_measured_and_one_that_is_not_is_a_gap_with_its_action():
    measured, gaps = coverage(outcome("jobs", "pay"), INDICATORS, StoreSettings(title="x"), HELD)
    assert [(m.number, m.indicator_id, m.series.id) for m in measured] == [
        ("1.1", "jobs", "els/jobs/Jobs")
    ]
    (gap,) = gaps
    assert (gap.number, gap.title, gap.wording) == ("1.2", "Pay", "Level of pay")
    assert gap.why == "The series els/pay/Pay has not been loaded."
    assert gap.action == "Add the publisher's files: outcomes data add els PATH."


def test_a_proxy_is_one_in_its_entry_alone():
    about = outcome("jobs", "both")
    entries = (about.entries[0], about.entries[1].model_copy(update={"proxy": "They go together."}))
    settings = StoreSettings(title="x")
    measured, _ = coverage(
        about.model_copy(update={"entries": entries}), INDICATORS, settings, HELD
    )
    assert [(m.indicator_id, m.proxy) for m in measured] == [
        ("jobs", ""), ("jobs", "They go together.")
    ]  # fmt: skip


def test_a_basket_gives_each_member_once_under_its_own_title():
    measured, gaps = coverage(outcome("both"), INDICATORS, StoreSettings(title="x"), HELD)
    assert [(m.indicator_id, m.basket) for m in measured] == [("jobs", "Both")]
    assert [(gap.title, gap.why) for gap in gaps] == [("Homes", "None is open.")]


def test_a_stores_own_series_closes_a_gap_and_leaves_the_other_series_caveats_behind():
    settings = StoreSettings(title="x", series={"homes": "own/homes/Homes"})
    (measured,), gaps = coverage(outcome("homes"), INDICATORS, settings, HELD)
    assert not gaps
    assert measured.series.id == "own/homes/Homes"
    assert measured.indicator.caveats == ()
    assert INDICATORS["homes"].caveats, "the definition itself is as it was"
