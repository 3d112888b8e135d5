"""One copy of a dataset with fourteen kinds of damage: each is told, and the rest is kept whole."""

import csv
import shutil
from pathlib import Path

import pandas as pd
import pytest

from outcomes.sources import add
from outcomes.store import Store

DATASET = "employment-rate"


@pytest.fixture(params=["sample", "published"])
def dataset(request, project, tmp_path) -> Path:
    """A copy of the dataset, from the sample county and, where they are, from the real files."""
    if request.param == "sample":
        source = project / "data" / "sample" / "els"
    else:
        source = request.getfixturevalue("shared_data") / "ons-els"
    return shutil.copytree(source / DATASET, tmp_path / DATASET)


def rows_of(path: Path) -> list[list[str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.reader(file))


class Damage:
    """Damages rows of one area and measure, and says what should be said of each."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.header, *self.rows = rows_of(path)
        at = {name: self.header.index(name) for name in self.header}
        self.column = at
        full = [
            r for r in self.rows if r[at["lci_95"]] and r[at["uci_95"]] and r[at["observation"]]
        ]
        counts = pd.Series([(r[at["areacd"]], r[at["indicator"]]) for r in full]).value_counts()
        place = sorted(counts.index[counts == counts.max()])[0]
        own = [r for r in full if (r[at["areacd"]], r[at["indicator"]]) == place]
        self.own = sorted(own, key=lambda row: row[at["period"]])
        others = sorted({key for key in counts.index[counts == counts.max()] if key != place})
        self.other = [
            sorted(
                (r for r in full if (r[at["areacd"]], r[at["indicator"]]) == key),
                key=lambda row: row[at["period"]],
            )
            for key in others[:5]
        ]

    def set(self, row: list[str], **cells: str) -> None:
        for name, text in cells.items():
            row[self.column[name]] = text

    def write(self) -> None:
        with self.path.open("w", encoding="utf-8", newline="") as file:
            csv.writer(file).writerows([self.header, *self.rows])


def damaged(damage: Damage) -> tuple[list, ...]:
    """Do it, and return rows of the areas whose figures stay but should be looked at."""
    own, (turned, out, stopped, broken, over) = damage.own, damage.other
    damage.set(own[0], observation="about 70")
    damage.set(own[1], period="2005")
    damage.set(own[2], areacd="")
    damage.set(own[3], areacd="E070000")
    damage.set(own[4], indicator=" ")
    damage.set(own[5], lci_95="low")
    again, other = list(own[-1]), list(own[-2])
    damage.set(other, observation="1.25")
    damage.rows = [*damage.rows[:-1], again, other, damage.rows[-1]]
    damage.rows[damage.rows.index(own[6])] = own[6][:4]
    low, high = (turned[-1][damage.column[name]] for name in ("lci_95", "uci_95"))
    damage.set(turned[-1], lci_95=high, uci_95=low)
    damage.set(out[-1], observation=str(float(out[-1][damage.column["uci_95"]]) + 1))
    for row in stopped[-3:]:
        damage.rows.remove(row)
    damage.rows.remove(broken[len(broken) // 2])
    damage.set(over[-1], observation="755")
    damage.write()
    return turned[-1], out[-1], stopped[0], broken[0], over[-1]


def test_each_kind_is_told_and_the_rest_is_kept(dataset, tmp_path):
    damage = Damage(dataset / f"{DATASET}.csv")
    clean = Store("clean", tmp_path / "clean", "how")
    add("els", dataset, clean)
    before = clean.observations(clean.series().index)

    turned, out, stopped, broken, over = damaged(damage)
    store = Store("mine", tmp_path / "store", "how")
    added = add("els", dataset, store)

    reasons = added.reading.rejected.set_index("reason")["kind"].to_dict()
    assert reasons == {
        "observation is not a number": "rejected",
        "the period is not one such as 2023-01-01/P1Y": "rejected",
        "there is no area code": "rejected",
        "the area code is not one such as E07000066": "rejected",
        "there is no indicator": "rejected",
        "lci_95 is not a number": "rejected",
        "the same row stands above it": "duplicate",
        "another value for the same area and period stands above it": "rejected",
        f"4 columns where the header has {len(damage.header)}": "rejected",
    }
    lines = rows_of(dataset / f"{DATASET}.csv")
    for row in added.reading.rejected.itertuples():
        told = [cell for cell in row.content.split(",") if cell]
        assert set(told) <= {part for cell in lines[row.line - 1] for part in cell.split(",")}

    def series_of(row):
        return f"els/{DATASET}/{row[damage.column['indicator']]}", row[damage.column["areacd"]]

    clean_findings = set(
        clean.report("els", "findings").drop(columns="value").itertuples(index=False)
    )
    found = store.report("els", "findings")
    told = {
        (row.rule, row.series, row.area_code)
        for row in found.itertuples(index=False)
        if (row.rule, row.series, row.area_code, row.period, row.detail) not in clean_findings
    }
    assert {
        ("interval_turned", *series_of(turned)),
        ("outside_interval", *series_of(out)),
        ("stopped", *series_of(stopped)),
        ("gap", *series_of(broken)),
        ("percentage", *series_of(over)),
        ("outside_interval", *series_of(over)),
    } <= told

    account = store.report("els", "accounts").iloc[0]
    assert account["read"] == len(damage.rows)
    assert (account["duplicate"], account["rejected"]) == (1, 8)
    assert account["kept"] == len(damage.rows) - 9
    after = store.observations(store.series().index)
    key = ["series", "area_code", "period_start", "value", "lower", "upper"]
    both = before[key].merge(after[key], how="outer", indicator=True)
    assert (both["_merge"] == "right_only").sum() == 3
    assert (both["_merge"] == "left_only").sum() == 3 + 7 + 3 + 1
