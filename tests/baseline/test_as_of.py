"""Pages as of a day: exactly what was known then, whatever came after; and merged places."""

import csv
import json
import re
import shutil
from datetime import date

import pandas as pd
import pytest

from outcomes.baseline import load_baseline, load_overview
from outcomes.baseline.position import quarter_before
from outcomes.errors import ParameterError
from outcomes.model import as_of_day
from outcomes.narrative import say_history, say_position
from outcomes.parameters import load_parameters
from outcomes.sources import add, open_known_store

COUNTY, MERGED, RENUMBERED, OLD = "X10000001", "X07000008", "X07000009", "X07000037"
JOBS = "employment-rate"
PUBLISHED, RELEASED = date(2025, 6, 1), date(2026, 5, 1)
"""When the sample's figures came out, and when the release came out that the tests make."""


def page(outcome="economic_growth", locality=COUNTY, as_of="", comparator="nation"):
    return load_parameters().page(
        framework="essex_2014",
        outcome=outcome,
        locality=locality,
        comparator=comparator,
        as_of=as_of,
    )


def baseline(*args, **settings):
    return load_baseline(page(*args, **settings))


def position(results, indicator="employment_rate"):
    (found,) = [p for p in results.positions if p.indicator_id == indicator]
    return found


def shown(results, *, but=()) -> dict:
    """Return what a page shows of each indicator, as text, which tells missing values alike."""
    return {
        p.indicator_id: repr((p.latest, p.comparison, p.rank, p.missing, p.newer, p.origin))
        + p.history.to_csv()
        + p.within.to_csv()
        for p in results.positions
        if p.indicator_id not in but
    }


def no_new_figure(results) -> dict[str, list[str]]:
    """Return the sentences on figures that did not change, by indicator; most have one or none."""
    return {
        p.indicator_id: [s for s in say_position(p) if s.startswith("No new figure")]
        for p in results.positions
    }


class Release:
    """A copy of one dataset of the sample, to be changed and added as a later release."""

    def __init__(self, home, name: str):
        self.folder = home.parent / "release" / name
        shutil.copytree(home / "data" / "sample" / "els" / name, self.folder)
        with self._path().open(encoding="utf-8-sig", newline="") as file:
            self.header, *self.rows = csv.reader(file)

    def _path(self):
        return self.folder / f"{self.folder.name}.csv"

    def at(self, row: list[str], column: str) -> str:
        return row[self.header.index(column)]

    def row(self, area: str, period: str) -> list[str]:
        (found,) = [
            r for r in self.rows if (self.at(r, "areacd"), self.at(r, "period")) == (area, period)
        ]
        return found

    def changed(self, row: list[str], **cells: str) -> list[str]:
        return [cells.get(name, cell) for name, cell in zip(self.header, row, strict=True)]

    def revise(self, area: str, period: str, **cells: str) -> None:
        row = self.row(area, period)
        self.rows[self.rows.index(row)] = self.changed(row, **cells)

    def copy(self, row: list[str], **cells: str) -> None:
        self.rows.append(self.changed(row, **cells))

    def add(self, released: date = RELEASED):
        with self._path().open("w", encoding="utf-8", newline="") as file:
            csv.writer(file).writerows([self.header, *self.rows])
        return add("els", self.folder, open_known_store("sample"), released)


NOW = ("2024-01-01/P1Y", "2025-01-01/P1Y", "2026-01-01/P1Y")
"""The periods that the later release adds; the last one ends after the days of the tests."""


@pytest.fixture
def later(own_home):
    """A later release of the employment rate: one figure revised, one withdrawn, periods added."""
    release = Release(own_home, JOBS)
    release.revise(COUNTY, "2020-01-01/P1Y", observation="60.5", lci_95="59", uci_95="62")
    release.rows.remove(release.row(COUNTY, "2015-01-01/P1Y"))
    for number, period in enumerate(NOW):
        limits = {"lci_95": str(80.5 + number), "uci_95": str(82.5 + number)}
        last = release.row(COUNTY, "2023-01-01/P1Y")
        release.copy(last, period=period, observation=f"{81.5 + number}", **limits)
    return release


def figures(results, indicator="employment_rate") -> dict[str, float]:
    history = position(results, indicator).history
    return dict(zip(history["period"], history["value"], strict=True))


class TestVintages:
    def test_the_day_before_shows_the_old_figures_and_the_day_of_it_the_new_ones(self, later):
        before = baseline()
        old = figures(before)
        added = later.add()
        assert added.stored.series == {"revised": 1}
        assert shown(baseline(as_of="2026-04-30")) == shown(before)
        new = {**old, "2020": 60.5, "2024": 81.5, "2025": 82.5}
        del new["2015"]
        for day in ("2026-05-01", "2026-05-31"):
            assert figures(baseline(as_of=day)) == new
        got = position(baseline(as_of="2026-05-31"))
        assert (got.latest.period, got.latest.value) == ("2025", 82.5)
        assert (got.latest.lower, got.latest.upper) == (81.5, 83.5)
        assert figures(baseline()) == {**new, "2026": 83.5}

    def test_all_other_indicators_stay_as_they_were(self, later):
        before = baseline()
        later.add()
        but = ["employment_rate"]
        assert shown(baseline(as_of="2026-05-31"), but=but) == shown(before, but=but)
        assert shown(baseline(), but=but) == shown(before, but=but)

    def test_an_overview_is_of_its_day_too(self, later):
        def latest(day: str) -> set:
            overview = load_overview(page("overview", as_of=day))
            positions = [p for b in overview.baselines for p in b.positions]
            return {p.latest.period for p in positions if p.indicator_id == "employment_rate"}

        later.add()
        assert latest("2026-04-30") == {"2023"}
        assert latest("2026-05-31") == {"2025"}

    def test_a_page_of_a_day_has_one_version_whatever_was_added_later(self, later):
        before = baseline(as_of="2026-04-30").data_version
        later.add()
        assert baseline(as_of="2026-04-30").data_version == before
        assert baseline(as_of="2026-05-31").data_version != before
        assert baseline().data_version != before

    def test_before_anything_was_published_there_is_nothing(self, own_home):
        day = date(2025, 5, 31)
        results = baseline(as_of=day.isoformat())
        assert results.positions == ()
        said = {(gap.why, gap.action) for gap in results.gaps}
        not_yet = (
            "No version of its series that was out by then is held.",
            "A later page shows it.",
        )
        assert not_yet in said
        now = baseline()
        assert len(results.gaps) == len(now.gaps) + len(now.positions)
        assert not_yet not in {(gap.why, gap.action) for gap in now.gaps}
        assert open_known_store("sample").at(day).held.empty
        assert baseline(as_of=PUBLISHED.isoformat()).positions


class TestPeriods:
    @pytest.mark.parametrize(
        ("day", "last"), [("2025-11-14", "2023/24"), ("2025-11-15", "2024/25")]
    )
    def test_a_period_that_ends_after_the_day_never_appears(self, home, day, last):
        """Of one sample series the newest period ends on 15 November 2025."""
        results = baseline("health_and_wellbeing", as_of=day)
        got = position(results, "adult_obesity")
        assert got.latest.period == last
        assert got.history["period"].tolist()[-1] == last
        assert set(got.within["period"]) == {last}
        assert got.comparison.value == got.history["comparator"].tolist()[-1]

    def test_no_figure_of_any_indicator_ends_after_the_day(self, home):
        for day in ("2025-06-01", "2025-09-30"):
            overview = load_overview(page("overview", as_of=day))
            ends = [
                end
                for results in overview.baselines
                for p in results.positions
                for end in p.history["period_end"]
            ]
            assert len(ends) > 100
            assert max(ends) <= pd.Timestamp(day)

    def test_old_is_old_on_the_day_of_the_page(self, home):
        """The newest figure of the series is of 2019: old from the end of 2022 on."""
        assert position(baseline(as_of="2025-06-01"), "travel_time_by_car").stale
        assert not position(baseline(as_of="2025-06-01")).stale
        assert position(baseline(as_of="2027-01-01")).stale


class TestNoNewFigure:
    def test_only_if_the_latest_figure_was_known_a_quarter_before(self, later):
        later.add()
        said = no_new_figure(baseline(as_of="2026-05-31"))
        assert said.pop("employment_rate") == []
        sentence = "No new figure since 28 February 2026."
        having = [name for name, sentences in said.items() if sentences]
        assert having
        assert all(said[name] == [sentence] for name in having)
        assert no_new_figure(baseline(as_of="2026-07-31"))["employment_rate"] == []
        assert no_new_figure(baseline(as_of="2026-08-01"))["employment_rate"] == [
            "No new figure since 1 May 2026."
        ]

    def test_what_has_no_figure_has_no_such_sentence(self, home):
        results = baseline("independent_living", "X07000001", as_of="2026-05-31")
        (none,) = [p for p in results.positions if p.latest is None]
        assert none.unchanged_since is None
        assert no_new_figure(results)[none.indicator_id] == []

    @pytest.mark.parametrize(
        ("day", "sentences"),
        [("2025-08-31", []), ("2025-09-01", ["No new figure since 1 June 2025."])],
    )
    def test_its_first_quarter_is_new(self, home, day, sentences):
        assert no_new_figure(baseline(as_of=day))["employment_rate"] == sentences

    def test_a_page_of_now_never_says_so(self, home):
        assert set(map(len, no_new_figure(baseline()).values())) == {0}

    def test_a_revised_latest_figure_is_new(self, own_home):
        release = Release(own_home, JOBS)
        release.revise(COUNTY, "2023-01-01/P1Y", observation="75.4")
        release.add()
        assert no_new_figure(baseline(as_of="2026-05-31"))["employment_rate"] == []

    def test_a_revised_older_figure_is_not(self, own_home):
        release = Release(own_home, JOBS)
        release.revise(COUNTY, "2022-01-01/P1Y", observation="75.1")
        release.add()
        results = baseline(as_of="2026-05-31")
        assert figures(results)["2022"] == 75.1
        assert no_new_figure(results)["employment_rate"] == [
            "No new figure since 28 February 2026."
        ]

    def test_a_period_that_has_ended_since_is_new(self, home):
        """It was published before, but a page of the quarter before did not show it."""
        said = no_new_figure(baseline("health_and_wellbeing", as_of="2025-12-31"))
        assert said["adult_obesity"] == []


NOT_A_DAY = "is not a day such as 2026-06-30 or a quarter such as 2026-Q2 or 2026/27 Q1"


class TestDays:
    @pytest.mark.parametrize(
        ("asked", "day"),
        [
            ("2026-06-30", "2026-06-30"),
            (date(2026, 6, 30), "2026-06-30"),
            (" 2026-06-30 ", "2026-06-30"),
            ("2026-Q1", "2026-03-31"),
            ("2026-Q2", "2026-06-30"),
            ("2026-Q3", "2026-09-30"),
            ("2026-Q4", "2026-12-31"),
            ("2026/27 Q1", "2026-06-30"),
            ("2026/27 Q2", "2026-09-30"),
            ("2026/27 Q3", "2026-12-31"),
            ("2026/27 Q4", "2027-03-31"),
            ("1999/00 Q4", "2000-03-31"),
            ("", ""),
            (None, ""),
        ],
    )
    def test_a_quarter_is_its_last_day(self, home, asked, day):
        assert as_of_day(asked) == day
        assert page(as_of=asked).as_of == day

    @pytest.mark.parametrize(
        ("asked", "problem"),
        [
            ("2025/27 Q1", "'2025/27 Q1' is not a quarter such as 2026-Q2 or 2026/27 Q1"),
            ("2026-02-30", f"'2026-02-30' {NOT_A_DAY}"),
            ("2026-Q5", f"'2026-Q5' {NOT_A_DAY}"),
            ("2026/27-Q1", f"'2026/27-Q1' {NOT_A_DAY}"),
            ("30/06/2026", f"'30/06/2026' {NOT_A_DAY}"),
            ("June", f"'June' {NOT_A_DAY}"),
        ],
    )
    def test_what_is_neither_is_refused(self, home, asked, problem):
        with pytest.raises(ValueError, match=f"^{re.escape(problem)}$"):
            as_of_day(asked)
        with pytest.raises(ParameterError) as refused:
            page(as_of=asked)
        assert str(refused.value) == f"this page has 1 problem\n  as_of: {problem}"

    @pytest.mark.parametrize(
        ("day", "before"),
        [
            ("2026-05-31", "2026-02-28"),
            ("2024-05-31", "2024-02-29"),
            ("2026-06-30", "2026-03-31"),
            ("2026-03-31", "2025-12-31"),
            ("2026-02-28", "2025-11-30"),
            ("2024-02-28", "2023-11-28"),
            ("2024-02-29", "2023-11-30"),
            ("2026-05-30", "2026-02-28"),
            ("2026-05-15", "2026-02-15"),
            ("2026-01-01", "2025-10-01"),
        ],
    )
    def test_a_quarter_before(self, day, before):
        assert quarter_before(date.fromisoformat(day)) == date.fromisoformat(before)


FLOODS = "preventable-flooding"
COUNTS = {"X07000038": 4, "X07000039": 3}
"""Two invented districts that became the merged one, and how many floods each has a year."""


def merge(home, dataset: str) -> Release:
    """Let two invented districts become one in 2023, and publish their figures before then."""
    path = home / "data" / "sample" / "els" / "reference" / "geo-metadata.json"
    areas = json.loads(path.read_text(encoding="utf-8"))
    for code, name in zip(COUNTS, ("Kings", "Harrow"), strict=True):
        areas[code] = {**areas[OLD], "areacd": code, "areanm": name}
    path.write_text(json.dumps(areas), encoding="utf-8")
    release = Release(home, dataset)
    note = f"Obsolete code since 2023 (replaced by {MERGED} Kingsharrow)"
    for row in [r for r in release.rows if release.at(r, "areacd") == MERGED]:
        period = release.at(row, "period")
        if period < "2023":
            for code, count in COUNTS.items():
                release.copy(row, areacd=code, observation=str(count), notes=note)
    return release


def put_whole(home, release: Release) -> None:
    """Put a release in the place of the sample's own dataset, and add the whole folder."""
    release.add()
    target = home / "data" / "sample" / "els" / release.folder.name
    shutil.copytree(release.folder, target, dirs_exist_ok=True)
    add("els", target.parent, open_known_store("sample"), RELEASED)


class TestMerged:
    FORMED = "Kingsharrow was formed in 2023 from Harrow and Kings."

    def test_a_history_that_was_added_up_says_so(self, own_home):
        release = merge(own_home, FLOODS)
        release.rows = [
            row
            for row in release.rows
            if release.at(row, "areacd") != MERGED or release.at(row, "period") >= "2023"
        ]
        put_whole(own_home, release)
        got = position(baseline("environment", MERGED), "preventable_flooding")
        assert got.history["value"].tolist()[:-2] == [7.0] * 8
        assert got.history["lower"].isna().all()
        assert set(got.history["note"].tolist()[:-2]) == {"added up from Harrow and Kings"}
        assert got.origin == (
            f"{self.FORMED} Its figures for 2015/16 to 2022/23 were added up from theirs, without "
            "an interval."
        )
        assert say_history(got).endswith(got.origin)

    def test_a_history_that_the_publisher_gives_is_its_own(self, own_home):
        put_whole(own_home, merge(own_home, FLOODS))
        got = position(baseline("environment", MERGED), "preventable_flooding")
        assert got.origin == (
            f"{self.FORMED} Figures from before then are the publisher's own for its present area."
        )
        other = position(baseline("economic_growth", MERGED))
        assert other.origin == got.origin

    def test_one_period_is_named_alone(self, own_home):
        release = merge(own_home, FLOODS)
        release.rows.remove(release.row(MERGED, "2020-04-01/P1Y"))
        put_whole(own_home, release)
        got = position(baseline("environment", MERGED), "preventable_flooding")
        assert got.origin == (
            f"{self.FORMED} Its figures for 2020/21 were added up from theirs, without an interval."
        )

    def test_a_series_that_begins_after_the_merger_says_nothing(self, own_home):
        release = merge(own_home, FLOODS)
        codes = {MERGED, *COUNTS}
        release.rows = [
            row
            for row in release.rows
            if release.at(row, "areacd") not in codes or release.at(row, "period") >= "2022"
        ]
        release.rows.remove(release.row(MERGED, "2022-04-01/P1Y"))
        release.revise("X07000038", "2022-04-01/P1Y", observation="", status="x")
        put_whole(own_home, release)
        got = position(baseline("environment", MERGED), "preventable_flooding")
        assert got.history["period"].tolist() == ["2023/24", "2024/25"]
        assert got.origin == ""
        assert say_history(got).startswith("There are 2 figures: from ")


class TestRenumbered:
    def test_a_history_that_the_publisher_gives_under_the_new_code_is_its_own(self, home):
        got = position(baseline(locality=RENUMBERED))
        assert got.history["period"].tolist()[0] == "2013"
        assert got.origin == ""

    def test_the_figures_under_the_old_code_are_shown(self, own_home):
        before = figures(baseline(locality=RENUMBERED))
        release = Release(own_home, JOBS)
        for year in range(2013, 2023):
            release.rows.remove(release.row(RENUMBERED, f"{year}-01-01/P1Y"))
        release.add()
        got = position(baseline(locality=RENUMBERED))
        assert dict(zip(got.history["period"], got.history["value"], strict=True)) == before
        assert got.history["note"].str.startswith(f"under the old code {OLD}").sum() == 10
        assert got.origin == (
            "The area's code changed in 2023; its figures for 2013 to 2022 have the old code."
        )
        assert say_history(got).endswith(got.origin)

    def test_other_places_say_nothing(self, home):
        assert {p.origin for p in baseline(locality=COUNTY).positions} == {""}
