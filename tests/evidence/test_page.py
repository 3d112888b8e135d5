"""The page of evidence and gaps of the sample county, counted again from the YAML files."""

import re
from collections import Counter
from datetime import date
from functools import lru_cache

import pytest
import yaml

from outcomes.baseline import load_overview
from outcomes.baseline.evidence import load_evidence
from outcomes.narrative.evidence import say_evidence
from outcomes.notebook import page as pages
from outcomes.notebook.page import signature
from outcomes.parameters import load_parameters
from outcomes.services import load_services
from outcomes.tables import evidence as tables

COUNTY, DISTRICT, NATION = "X10000001", "X07000003", "X92000001"
LONG_AFTER = "2090-12-31"
SOFT = {"feedback", "consultation", "case_study"}


def page_of(framework="essex_2014", locality=COUNTY, comparator="nation", as_of=""):
    return load_parameters().page(
        framework=framework,
        outcome="evidence",
        locality=locality,
        comparator=comparator,
        as_of=as_of,
    )


def raw(home, name: str) -> dict:
    text = (home / "parameters" / "evidence" / f"{name}.yml").read_text(encoding="utf-8")
    return yaml.safe_load(text)["entries"]


@lru_cache(maxsize=1)
def _county(home):
    return load_evidence(page_of(as_of=LONG_AFTER))


@pytest.fixture
def county(home):
    """The county's page of a day that is past on no clock that builds the store."""
    return _county(home)


def test_every_entry_stands_on_the_page_once_in_the_table_of_its_kind(home, county):
    entries = raw(home, "sample_county")
    soft = [e["title"] for e in entries.values() if e["kind"] in SOFT]
    hard = [e["title"] for e in entries.values() if e["kind"] not in SOFT]
    assert tables.table_soft(county).frame["Evidence"].tolist() == soft
    assert tables.table_catalogue(county).frame["Evidence"].tolist() == hard


def test_the_overdue_list_follows_the_pages_own_day(own_home):
    path = own_home / "parameters" / "evidence" / "sample_county.yml"
    text = path.read_text(encoding="utf-8")
    path.write_text(re.sub(r"last_date: .*", "last_date: 2090-10-31", text), encoding="utf-8")
    monthly = [e["title"] for e in raw(own_home, "sample_county").values()
               if e.get("frequency") == "monthly"]  # fmt: skip
    assert len(monthly) == 3

    def late(day: str) -> list[str]:
        page = load_evidence(page_of(as_of=day))
        assert page.today == date.fromisoformat(day)
        return tables.table_overdue(page).frame["Evidence"].tolist()

    assert late("2090-11-30") == []
    assert sorted(late("2090-12-01")) == sorted(monthly)


def test_without_a_day_of_its_own_today_is_the_day_the_store_was_filled(home):
    page = load_evidence(page_of())
    read_on = {p.source.read_on for b in page.overview.baselines for p in b.positions}
    assert page.today.isoformat() == max(read_on)


def test_each_open_gap_of_the_baselines_is_in_the_register_once(county):
    titles = {gap.title for b in county.overview.baselines for gap in b.gaps}
    ours = Counter(gap.title for gap in county.gaps if gap.kind == "no_measure")
    assert titles <= set(ours)
    assert {ours[title] for title in titles} == {1}


def test_what_was_decided_stands_beside_its_gap_and_past_due_comes_first(home, county):
    path = home / "parameters" / "gaps" / "sample_county.yml"
    decided = yaml.safe_load(path.read_text(encoding="utf-8"))["gaps"]
    by_id = {gap.id: gap for gap in county.gaps}
    assert {name: by_id[name].owner for name in decided} == {
        name: decision.get("owner", "") for name, decision in decided.items()
    }
    late = [name for name, d in decided.items()
            if d.get("due", county.today) < county.today
            and d.get("state", "open") in ("open", "in_progress")]  # fmt: skip
    assert len(late) >= 2
    assert {gap.id for gap in county.gaps[: len(late)]} == set(late)
    table = tables.table_register(county.gaps, county, caption="Gaps").frame
    assert table["Due"].str.endswith(", past due").sum() == len(late)


def test_indicators_that_stop_at_the_county_are_gaps_of_the_districts(home, county):
    silent = {
        position.indicator_id
        for baseline in county.overview.baselines
        for position in baseline.positions
        if position.within["value"].isna().all()
    }
    assert silent
    assert {g.id.split("/")[2] for g in county.gaps if g.kind == "no_locality_level"} == silent
    missing = tables.table_register(county.gaps, county, caption="Gaps").frame["What is missing"]
    assert missing.str.startswith("No figure at district level. ").sum() == len(silent)


def test_a_districts_page_says_what_has_no_figure_for_it(home):
    page = load_evidence(page_of(locality=DISTRICT))
    missing = {
        (p.indicator_id, p.missing)
        for b in page.overview.baselines
        for p in b.positions
        if p.latest is None
    }
    kind = "no_locality_level"
    assert missing
    assert {(g.id.split("/")[2], g.why) for g in page.gaps if g.kind == kind} == missing


def test_a_place_without_a_catalogue_says_so(home):
    page = load_evidence(page_of(locality=NATION))
    first, *_ = say_evidence(page)
    assert first == (
        "No evidence catalogue covers Alderland, so only published series are counted here."
    )
    assert [g.title for g in page.gaps if g.kind == "no_comparator"] == ["Everything"]


def test_statements_have_the_evidence_that_names_them_and_a_measure_or_a_gap(home):
    page = load_evidence(page_of("nine_outcomes_example"))
    named = Counter(
        name
        for entry in raw(home, "sample_nine_outcomes").values()
        for name in entry.get("statements", ())
    )
    counts = page.matrix["entries"].reset_index()
    by_name = dict(zip(counts["statement"], counts["entries"], strict=True))
    assert {n: by_name[n] for n in named} == named
    without = [n for n in by_name if n and not by_name[n]]
    wording = {s.id: s.wording for o in page.overview.framework.outcomes for s in o.statements}
    (said,) = [s for s in say_evidence(page) if s.startswith("No evidence in the catalogue for: ")]
    assert [wording[n] in said for n in without[:5]] == [True] * 5
    assert f"and {len(without) - 5} more." in said
    gaps = {g.id.split("/")[-1]: g.kind for g in page.gaps}
    assert gaps["cared_for"] == "soft_only"
    assert gaps["stay_well"] == "too_rare"
    assert gaps["be_heard"] == "no_measure"
    assert not {"ready_to_learn", "keep_learning", "safe_outside", "lend_a_hand"} & set(gaps)


def test_soft_evidence_is_printed_and_changes_no_figure(own_home):
    def results() -> list:
        signed = signature(load_overview(page_of()))
        assert signed["results"]
        return signed["results"]

    with_it = results()
    page = load_evidence(page_of())
    says = tables.table_soft(page).frame["What it says"]
    assert says.str.len().min() > 20
    for path in (own_home / "parameters" / "evidence").iterdir():
        path.unlink()
    assert results() == with_it


def test_the_page_signs_no_figure_and_counts_its_open_gaps(county):
    signed = signature(county)
    assert signed["results"] == []
    assert signed["page"]["outcome"] == "evidence"
    assert signed["title"] == "Evidence and gaps: Tarrowshire compared with Alderland"
    assert signed["gaps"] == sum(gap.state in ("open", "in_progress") for gap in county.gaps)


@pytest.mark.parametrize(
    ("load", "outcome", "what"),
    [
        (load_evidence, "evidence", "the evidence for all outcomes of essex_2014"),
        (load_services, "services", "services beside all outcomes of essex_2014"),
        (load_overview, "overview", "all outcomes of essex_2014"),
    ],
)
def test_a_page_that_is_of_no_outcome_does_not_sign_as_one(home, monkeypatch, load, outcome, what):
    shown = []
    monkeypatch.setattr(pages, "display", lambda content, **_: shown.append(content["text/html"]))
    pages.sign(load(load_parameters().page(
        framework="essex_2014", outcome=outcome, locality=COUNTY, comparator="nation", as_of=LONG_AFTER
    )))  # fmt: skip
    assert shown[0].startswith(
        f'<p class="signed">This page reports on Tarrowshire ({COUNTY}), {what}, comparator nation, '
    )


def test_every_table_has_a_caption_headings_and_a_head_to_each_row(county):
    every = [
        tables.table_catalogue(county),
        tables.table_soft(county),
        tables.table_overdue(county),
        tables.table_coverage(county),
        tables.table_register(county.gaps, county, caption="Gaps"),
        tables.table_names(county),
        tables.table_stakeholders(county),
        tables.table_elsewhere(county),
        tables.table_unfilled(county),
    ]
    for table in every:
        html = table.to_html()
        assert re.search(r"<caption>[A-Z].+?</caption>", html)
        assert html.count('scope="row"') == len(table.frame) > 0
        assert html.count('scope="col"') == len(table.frame.columns)
        assert not table.frame.isin(["", "nan", "NaT"]).to_numpy().any()


def test_stakeholders_of_one_outcome_with_their_special_contact(county):
    frame = tables.table_stakeholders(county, "independent_living").frame
    assert frame["Stakeholder"].tolist() == ["People with a learning disability"]
    assert frame["Contact"].tolist() == [
        "Easy-read papers, and a session led by a self-advocacy group"
    ]
    everyone = tables.table_stakeholders(county).frame
    assert set(frame["Stakeholder"]) < set(everyone["Stakeholder"])


def test_who_else_measures_one_indicator(county):
    frame = tables.table_elsewhere(county, "residents_who_feel_safe").frame
    assert frame["Match to our definition"].tolist() == ["Same"]
    assert len(tables.table_elsewhere(county).frame) == 2


def test_the_headline_counts_what_the_tables_show(county):
    said = " ".join(say_evidence(county))
    soft, hard = len(tables.table_soft(county).frame), len(tables.table_catalogue(county).frame)
    assert f"has {soft + hard} pieces of evidence; {soft} of them are soft" in said
    assert f"{len(county.overdue)} pieces of evidence are overdue on 31 December 2090" in said
    still = [gap for gap in county.gaps if gap.is_open]
    assert f"{len(still)} gaps are open" in said
    assert f"{sum(not gap.owner for gap in still)} of them have no owner yet." in said
