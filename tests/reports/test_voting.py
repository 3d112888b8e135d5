"""A ballot from sheets of paper to the report: closed, frozen, and printed with its groups."""

from itertools import pairwise

import pytest
from click.testing import CliRunner

from outcomes.cli import main
from outcomes.model.performance import ServicesPage
from outcomes.parameters import load_parameters
from outcomes.parameters.versions import ledger_of
from outcomes.reports.baseline import baseline_report
from outcomes.reports.document import Heading, Items, Paragraph, TableBlock
from outcomes.reports.material import load_material
from outcomes.reports.voting import ballot_blocks

NINE = "nine_outcomes_example"
BALLOT = f"""
framework: {NINE}
title: What safe means to us
outcomes: [safe]
groups:
  - {{id: members, title: Elected members, short: MEMBERS, votes: paper}}
  - {{id: users, title: Service users, short: USERS, votes: paper}}
"""
SHEETS = {
    ("members", "one"): ["safe_outside", "safe_at_home", "safe_roads", "children_safe"],
    ("members", "two"): ["safe_outside", "safe_at_home", "safe_roads", "victims_heard"],
    ("users", "three"): ["safe_outside", "safe_at_home", "safe_roads", "victims_heard"],
}


WEIGHTED = BALLOT.replace("short: USERS,", "short: USERS, weight: 0.25,")


@pytest.fixture(params=[BALLOT])
def frozen(own_home, tmp_path, request):
    (own_home / "parameters/ballots/spring.yml").write_text(request.param, encoding="utf-8")
    rows = [f"{g},{v},safe,{name}" for (g, v), names in SHEETS.items() for name in names]
    sheets = tmp_path / "sheets.csv"
    sheets.write_text("\n".join(["group,voter,outcome,statement", *rows]), encoding="utf-8")
    for words in (
        ["ballot", "open", "spring", "--out", str(tmp_path / "codes.csv")],
        ["ballot", "import", "spring", str(sheets)],
        ["ballot", "close", "spring"],
        ["framework", "freeze", NINE, "--by", "The cabinet", "--reason", "Agreed in spring",
         "--ballot", "spring"],
    ):  # fmt: skip
        done = CliRunner().invoke(main, words, input="y\n")
        assert done.exit_code == 0, done.output
    return load_parameters().page(
        framework=NINE, outcome="evidence", locality="X10000001", comparator="nation"
    )


def test_row_022_a_closed_ballot_is_printed_and_its_choice_gives_the_order(frozen):
    material = load_material(frozen)
    overview = material.evidence.overview
    blocks = ballot_blocks(overview)
    document = baseline_report(material, ServicesPage(overview, ()), blocks, version=1)
    table = next(b.table for b in blocks if isinstance(b, TableBlock))
    assert table.caption.startswith("What each group chose: ")
    votes = [name for name in table.frame.columns if "voter" in name]
    assert votes == [
        "Elected members (2 voters)",
        "Service users (1 voter)",
        "Everyone (3 voters)",
    ]
    assert list(table.frame["Everyone (3 voters)"]) == ["3", "3", "3", "2", "1", "0"]
    assert all(block in document.blocks for block in blocks)
    final = [
        s.wording for s in overview.framework.outcome("safe").statements if s.status == "final"
    ]
    assert len(final) == 4
    headings = [b.text for b in document.blocks if isinstance(b, Heading) and b.level == 2]
    start = headings.index(final[0])
    assert headings[start : start + 4] == final
    assert "version 1, frozen on" in document.made
    said = " ".join(b.text for b in document.blocks if isinstance(b, Paragraph))
    assert "What safe means to us: each voter chose 4 statements under an outcome." in said
    assert " Every group counts alike." in said
    levels = [b.level for b in document.blocks if isinstance(b, Heading)]
    assert levels[0] == 1
    assert all(after <= before + 1 for before, after in pairwise(levels))
    assert not [b for b in blocks if isinstance(b, Items)]


def weighted(frozen) -> list[str]:
    overview = load_material(frozen).evidence.overview
    table = next(b.table for b in ballot_blocks(overview) if isinstance(b, TableBlock))
    return list(table.frame["Weighted share"])


# Chosen by 2, 2, 2, 1, 0, 0 of the 2 members and by the user, who counts 1/4: outside, at home and
# roads (1 + 1/4 * 1) / 1.25 = 100%; children (1/2 + 0) / 1.25 = 40%; victims (1/2 + 1/4) / 1.25 = 60%.
SHARES = ["100.0%", "100.0%", "100.0%", "60.0%", "40.0%", "0.0%"]


@pytest.mark.parametrize("frozen", [WEIGHTED], indirect=True)
def test_row_022_a_report_counts_as_was_frozen_whatever_the_definition_says_now(frozen, own_home):
    assert weighted(frozen) == SHARES
    (version,) = ledger_of(load_parameters(), NINE).versions
    assert version.weights == {"members": 1, "users": 0.25}
    file = own_home / "parameters/ballots/spring.yml"
    for text in (WEIGHTED.replace("0.25", "9"), WEIGHTED.replace("id: users", "id: residents")):
        file.write_text(text, encoding="utf-8")
        assert weighted(frozen) == SHARES
    gone = (
        "Error: parameters/ballots/spring.yml: groups: users took part in the ballot and cannot be "
        "found there; put the line back under this id, so that the weight is known\n"
    )
    for words in (
        ["ballot", "result", "spring"],
        ["framework", "freeze", NINE, "--by", "x", "--reason", "y", "--ballot", "spring"],
    ):
        done = CliRunner().invoke(main, words)
        assert (done.exit_code, done.output) == (10, gone)
    file.unlink()
    assert weighted(frozen) == SHARES


@pytest.mark.parametrize("frozen", [WEIGHTED], indirect=True)
def test_a_version_that_was_frozen_without_weights_says_that_they_are_not_known(frozen, own_home):
    path = own_home / f"parameters/frameworks/frozen/{NINE}/versions.yml"
    text = path.read_text(encoding="utf-8")
    weights = "  weights:\n    members: 1.0\n    users: 0.25\n"
    assert weights in text
    path.write_text(text.replace(weights, ""), encoding="utf-8")
    first, *_ = ballot_blocks(load_material(frozen).evidence.overview)
    assert first.text.endswith(
        " What each group counted was not kept when version 1 was frozen; here every group counts "
        "alike, which may give another order than the one frozen."
    )
