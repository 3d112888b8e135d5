"""Partner maps: for whom one is, what its money adds up to, and what is refused."""

import pytest
import yaml

from outcomes.errors import ParameterError
from outcomes.model.partners import for_outcome, unmapped
from outcomes.parameters import load_parameters
from outcomes.parameters.partners import COLUMNS, partner_maps, partners_for

COUNTY, DISTRICT, REAL = "X10000001", "X07000003", "E10000012"
FILE = "parameters/partners/ours.yml"
PARTNERS = {
    name: {"organisation": name.capitalize(), "role": "Helps"} for name in ("council", "trust")
}
POOL = {
    "agreement": "Fund",
    "year": "2026/27",
    "paid_in": {"council": 60, "trust": 40},
    "shares": {"best_start": 75, "environment": 25},
}
LINE = {"title": "Hubs", "kind": "budget", "holder": "council", "year": "2026/27", "amount": 100}
HEAD = ",".join(COLUMNS)


@pytest.fixture
def write(own_home):
    """Return a function that writes one partner map, with a CSV of lines, and reads it."""
    folder = own_home / "parameters" / "partners"
    for path in folder.iterdir():
        path.unlink()

    def written(table="", **values):
        head = {"area": COUNTY, "framework": "essex_2014", "partners": PARTNERS}
        (folder / "ours.yml").write_text(yaml.safe_dump(head | values), encoding="utf-8")
        if table:
            (folder / "ours.csv").write_text(table, encoding="utf-8")
        return partners_for(load_parameters(), "essex_2014", COUNTY)

    return written


def test_a_map_is_that_of_the_place_or_of_the_nearest_area_around_it(home):
    parameters = load_parameters()
    county = partners_for(parameters, "essex_2014", COUNTY)
    assert county.partners
    assert partners_for(parameters, "essex_2014", DISTRICT) == county
    assert not partners_for(parameters, "essex_2014", REAL).partners
    assert not partners_for(parameters, "portsmouth_8", COUNTY).partners
    with pytest.raises(ParameterError) as refused:
        partners_for(parameters, "essex_2014", "X07000099")
    assert str(refused.value).startswith("partners: place: there is no place 'X07000099'")


def test_row_145_pooled_money_per_outcome_adds_up_to_the_funds_and_stands_once(write):
    second = POOL | {"agreement": "Second", "shares": {"best_start": 100}}
    found = write(pools={"one": POOL, "two": second, "old": POOL | {"year": "2025/26"}})
    pools = found.pools.values()
    # 75% of 100 and all of 100; 25% of 100. Last year's 100 is apart.
    assert for_outcome(pools, "best_start", "2026/27") == 175
    assert for_outcome(pools, "environment", "2026/27") == 25
    assert for_outcome(pools, "best_start", "2025/26") == 75
    assert found.years() == ["2025/26", "2026/27"]
    with pytest.raises(ParameterError, match="pools: 'Fund' stands twice for 2026/27"):
        write(pools={"one": POOL, "again": POOL})


def test_row_157_lines_are_mapped_by_shares_and_what_is_unmapped_is_told(write):
    found = write(
        resources={
            "hubs": LINE | {"shares": {"best_start": 70, "environment": 30}},
            "legal": LINE | {"title": "Legal", "amount": 11},
            "contract": LINE | {"kind": "contract", "amount": 90, "paid_from": "hubs"},
            "park": LINE | {"kind": "asset", "amount": 1000, "shares": {"environment": 100}},
        }
    )
    money = found.counted().values()
    assert sum(line.amount for line in money) == 111
    assert for_outcome(money, "best_start", "2026/27") == 70
    assert for_outcome(money, "environment", "2026/27") == 30
    assert unmapped(money, "2026/27") == 11
    assert list(found.counted(assets=True)) == ["park"]


@pytest.mark.parametrize("shares", [{"best_start": 99}, {"best_start": 60, "environment": 50}])
def test_row_157_shares_that_do_not_add_to_100_are_refused_with_line_and_sum(write, shares):
    with pytest.raises(ParameterError) as refused:
        write(resources={"hubs": LINE | {"shares": shares}})
    assert str(refused.value) == (
        f"{FILE} has 1 problem\n  line 1, the file: resources.hubs: its shares add to "
        f"{sum(shares.values())} per cent; expected 100, or no share at all for money that is not "
        "mapped to outcomes"
    )


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        (
            {"paid_from": "nothing"},
            "resources.contract: it is paid from 'nothing'; expected another",
        ),
        ({"paid_from": "contract"}, "resources.contract: it is paid from 'contract'; expected"),
        (
            {"paid_from": "hubs", "year": "2025/26"},
            "expected another budget or contract of 2025/26",
        ),
        ({"paid_from": "hubs", "kind": "asset"}, "expected another budget or contract of 2026/27"),
        ({"paid_from": "hubs", "amount": 101}, "£101 is paid from it, more than its £100"),
        ({"paid_from": "hubs", "shares": {"best_start": 100}}, "take out its own"),
    ],
)
def test_money_that_would_count_twice_is_refused(write, changes, words):
    with pytest.raises(ParameterError) as refused:
        write(resources={"hubs": LINE, "contract": LINE | {"kind": "contract"} | changes})
    assert words in str(refused.value)


def test_row_155_an_outcome_cannot_have_one_that_answers_for_it_alone(write):
    with pytest.raises(ParameterError) as refused:
        write(accountable={"best_start": "council"})
    assert str(refused.value) == (f"{FILE} has 1 problem\n  line 1, accountable: no such parameter")


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"area": "X10000009"}, ": place: there is no place 'X10000009'"),
        ({"framework": "essex_2015"}, "'essex_2015'; did you mean 'essex_2014'?"),
        (
            {"pools": {"one": POOL | {"paid_in": {"council": 1, "trusts": 2}}}},
            ", one: partner: there is no partner 'trusts'; did you mean 'trust'?",
        ),
        (
            {"resources": {"hubs": LINE | {"shares": {"best_strat": 100}}}},
            ", hubs: outcome: there is no outcome 'best_strat'; did you mean 'best_start'?",
        ),
    ],
)
def test_names_that_are_not_known_are_refused_with_the_nearest(write, values, words):
    with pytest.raises(ParameterError) as refused:
        write(**values)
    assert words in str(refused.value)
    assert str(refused.value).startswith(FILE)


def test_row_146_an_intervention_has_a_tier_and_a_timing_of_those_there_are(write):
    each = {
        "title": "Hubs",
        "outcome": "best_start",
        "tier": "universal",
        "timing": "earlier",
        "lead": "council",
        "indicators": ["ready_for_school"],
    }
    found = write(interventions={"hubs": each})
    assert list(found.interventions_for("best_start")) == ["hubs"]
    assert not found.interventions_for("environment")
    assert not found.all_late("best_start")
    with pytest.raises(ParameterError) as refused:
        write(interventions={"hubs": each | {"tier": "special"}})
    assert str(refused.value).endswith(
        "interventions.hubs.tier: got 'special'; expected 'universal', 'targeted' or 'specialist'"
    )
    with pytest.raises(ParameterError, match="there is no indicator 'ready'"):
        write(interventions={"hubs": each | {"indicators": ["ready"]}})


def test_one_area_and_framework_has_one_map(write, own_home):
    write()
    text = (own_home / FILE).read_text(encoding="utf-8")
    (own_home / "parameters/partners/zz.yml").write_text(text, encoding="utf-8")
    with pytest.raises(ParameterError) as refused:
        partner_maps(load_parameters())
    assert str(refused.value) == (
        "parameters/partners/zz.yml: parameters/partners/ours.yml is for X10000001 and "
        "'essex_2014' already; keep one file for both"
    )


def test_lines_may_stand_in_a_csv_file(write):
    row = 'hubs,Family hubs,budget,council,2026/27,"£9,600,000.50",,70%,30'
    found = write(
        f"\ufeff{HEAD},best_start,environment\n{row}\n,,,,,,,,\n", resources={"legal": LINE}
    )
    assert list(found.resources) == ["legal", "hubs"]
    assert found.resources["hubs"].amount == 9_600_000.50
    assert found.resources["hubs"].shares == {"best_start": 70, "environment": 30}


@pytest.mark.parametrize(
    ("table", "words"),
    [
        (
            "line,title\n",
            "ours.csv: no column 'kind'; it has line and title. Expected line, title,",
        ),
        (f"{HEAD},best_strat\n", "ours.csv: outcome: there is no outcome 'best_strat'; did you"),
        (f"{HEAD},best_start,best_start\n", "ours.csv: a column stands twice; keep one of them"),
        (f"{HEAD}\na,A,budget,council\n", "ours.csv, line 2: 4 columns where the header"),
        (
            f'{HEAD}\na,A,budget,council,2026/27,"12,5",\n',
            "ours.csv, line 2: amount: got '12,5'; expected pounds such as 2,100,000",
        ),
        (
            f"{HEAD}\na,A,budget,council,2026/27,5,\na,A,budget,council,2026/27,5,\n",
            "ours.csv, line 3: line: 'a' stands twice; count it once",
        ),
        (
            f"{HEAD}\na,A,bugdet,council,2026/27,5,\n",
            "ours.csv, line 2 has 1 problem\n  kind: got 'bugdet'; expected 'budget', 'contract' "
            "or 'asset'",
        ),
        (
            f"{HEAD}\na,A,budget,council,2026,5,\n",
            "ours.csv, line 2 has 1 problem\n  year: got '2026'; expected a year of accounts such as 2026/27",
        ),
        (
            f"{HEAD},best_start\na,A,budget,council,2026/27,5,,90\n",
            "ours.csv has 1 problem\n  the file: resources.a: its shares add to 90 per cent",
        ),
        (
            f"{HEAD}\na,A,budget,counsil,2026/27,5,\n",
            "ours.csv, a: partner: there is no partner 'counsil'; did you mean 'council'?",
        ),
    ],
)
def test_a_wrong_csv_file_is_refused_with_its_line(write, table, words):
    with pytest.raises(ParameterError) as refused:
        write(table)
    assert str(refused.value).startswith(f"parameters/partners/{words}")


def test_a_csv_file_that_is_not_utf_8_is_refused(write, own_home):
    write()
    table = own_home / "parameters/partners/ours.csv"
    table.write_bytes(f"{HEAD}\na,Caf\u00e9".encode("latin-1"))
    with pytest.raises(ParameterError, match=r"ours\.csv: it is not UTF-8; save it as 'CSV UTF-8'"):
        partners_for(load_parameters(), "essex_2014", COUNTY)
