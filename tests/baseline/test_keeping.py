"""Forecasts of everything in a store, kept: from which figures, for which places, told honestly."""

import re
import shutil
from datetime import UTC, date, datetime

import pandas as pd
import pytest

import outcomes
from outcomes.baseline import keeping
from outcomes.baseline.keeping import forecasts_to_keep, keep
from outcomes.errors import DataError, ParameterError
from outcomes.parameters import load_parameters
from outcomes.sources import add, open_known_store
from outcomes.store.forecasts import COLUMNS, kept_forecasts, read_forecast

NATION, COUNTY, DISTRICT, RENUMBERED = "X92000001", "X10000001", "X07000003", "X07000009"
JOBS = "els/employment-rate/Employment rate"
RANGES = ("lower_95", "lower_80", "mean", "upper_80", "upper_95")


def carried_on(rows: pd.DataFrame, measured, horizon: int) -> pd.DataFrame:
    """Stand in for the forecast: the newest figure of each area, a year and more ahead."""
    newest = rows.sort_values("period_end").drop_duplicates("area_code", keep="last")
    counts = rows.groupby("area_code")["value"].count()
    parts = []
    for ahead in range(1, horizon + 1):
        years = pd.DateOffset(years=ahead)
        made = newest[["area_code", "period_start", "period_end"]].assign(horizon=ahead)
        made["period_start"], made["period_end"] = (
            made[name] + years for name in ("period_start", "period_end")
        )
        width = zip(RANGES, (-2, -1, 0, 1, 2), strict=True)
        made = made.assign(**{name: newest["value"] + ahead * by for name, by in width})
        parts.append(made)
    made = pd.concat(parts, ignore_index=True)
    label = made["period_end"].dt.year.astype(str)
    return made.assign(method="naive", n=made["area_code"].map(counts), period=label)


@pytest.fixture(autouse=True)
def stand_in(monkeypatch):
    """The rows that each indicator's forecasts were made from, by indicator."""
    given: dict[str, pd.DataFrame] = {}

    def noted(rows, measured, horizon):
        given[measured.indicator_id] = rows
        return carried_on(rows, measured, horizon)

    monkeypatch.setattr(keeping, "_forecasts", noted)
    return given


@pytest.fixture
def clock(monkeypatch):
    """Set the time at which forecasts are made."""

    def stand(*moment: int) -> datetime:
        now = datetime(*moment, tzinfo=UTC)
        monkeypatch.setattr(keeping, "_now", lambda: now)
        return now

    return stand


@pytest.fixture
def kept_home(own_home, monkeypatch):
    """A project folder of the test's own, in which three indicators have figures."""
    every = keeping._measured
    wanted = ("employment_rate", "life_expectancy_women", "residual_waste")

    def three(*given):
        return (found for found in every(*given) if found.indicator_id in wanted)

    monkeypatch.setattr(keeping, "_measured", three)
    return own_home


def one(table: pd.DataFrame, indicator: str, area: str) -> pd.DataFrame:
    return table[(table["indicator"] == indicator) & (table["area_code"] == area)]


def figures(series: str, area: str) -> pd.DataFrame:
    rows = open_known_store("sample").observations([series], [area])
    return rows[rows["value"].notna() & (rows["status"] != "projected") & (rows["group"] == "")]


class TestWhichForecasts:
    def test_every_indicator_with_a_series_in_the_store_and_no_other(self, home, stand_in):
        table = forecasts_to_keep("sample")
        parameters = load_parameters()
        own, held = parameters.store("sample").series, open_known_store("sample").series().index
        series = {
            name: own.get(name) or indicator.series
            for name, indicator in parameters.indicators.items()
        }
        wanted = {name: found.id for name, found in series.items() if found and found.id in held}
        assert len(wanted) > 30
        assert not any(parameters.indicators[name].members for name in wanted)
        pairs = table.drop_duplicates(["indicator", "series"])
        assert dict(zip(pairs["indicator"], pairs["series"], strict=True)) == wanted

    def test_every_place_of_the_store_and_no_other(self, home, stand_in):
        table = forecasts_to_keep("sample")
        places = {place.code for place in load_parameters().places.trees["sample"].places}
        assert set(table["area_code"]) == places
        assert not set(stand_in["employment_rate"]["area_code"]) <= places

    def test_a_place_without_figures_has_no_forecast_of_the_indicator(self, home):
        table = forecasts_to_keep("sample")
        assert not one(table, "children_in_care", COUNTY).empty
        assert one(table, "children_in_care", DISTRICT).empty

    def test_what_was_refused_is_left_out(self, home, monkeypatch):
        def refused(rows, measured, horizon):
            made = carried_on(rows, measured, horizon)
            return made.assign(mean=made["mean"].where(made["area_code"] == COUNTY))

        monkeypatch.setattr(keeping, "_forecasts", refused)
        assert set(forecasts_to_keep("sample")["area_code"]) == {COUNTY}

    def test_the_columns_and_the_horizon(self, home):
        table = forecasts_to_keep("sample", horizon=2)
        assert tuple(table.columns) == COLUMNS
        assert set(table.groupby(["indicator", "area_code"])["horizon"].agg(tuple)) == {(1, 2)}
        assert not table.isna().any(axis=None)

    def test_groups_of_one_series_are_told_apart(self, home, stand_in):
        table = forecasts_to_keep("sample")
        women = one(table, "life_expectancy_women", COUNTY)["mean"].iloc[0]
        men = one(table, "life_expectancy_men", COUNTY)["mean"].iloc[0]
        assert women > men
        assert set(stand_in["life_expectancy_women"]["group"]) == {"Female"}

    def test_a_renumbered_place_is_forecast_from_its_whole_history(self, home, stand_in):
        forecasts_to_keep("sample")
        rows = stand_in["residual_waste"]
        own = rows[rows["area_code"] == RENUMBERED]
        assert own["note"].str.contains("under the old code").sum() >= 3

    def test_projections_are_not_figures(self, home, stand_in, monkeypatch):
        earlier = figures(JOBS, COUNTY)["period"].iloc[-2]
        observations = keeping.Store.observations

        def with_projection(store, series, areas=None):
            rows = observations(store, series, areas)
            last = rows["period_end"] == rows["period_end"].max()
            return rows.assign(status=rows["status"].mask(last, "projected"))

        monkeypatch.setattr(keeping.Store, "observations", with_projection)
        found = one(forecasts_to_keep("sample"), "employment_rate", COUNTY)
        assert set(found["origin"]) == {earlier}


class TestFromWhichFigures:
    def test_the_newest_by_default(self, home):
        newest = figures(JOBS, COUNTY).iloc[-1]
        found = one(forecasts_to_keep("sample"), "employment_rate", COUNTY)
        assert set(found["origin"]) == {newest["period"]}
        assert set(found["origin_end"]) == {newest["period_end"]}
        assert set(found["mean"]) == {newest["value"]}

    def test_until_a_day_the_period_that_ends_on_it_is_the_last(self, home, stand_in):
        rows = figures(JOBS, COUNTY)
        third = rows.iloc[2]
        for day, origin in ((0, third), (-1, rows.iloc[1])):
            until = third["period_end"] + pd.Timedelta(days=day)
            table = forecasts_to_keep("sample", until=until.date())
            assert all((rows["period_end"] <= until).all() for rows in stand_in.values())
            assert set(one(table, "employment_rate", COUNTY)["origin"]) == {origin["period"]}
            assert table["origin_end"].max() <= until

    def test_as_of_a_day_the_figures_are_those_known_then(self, own_home):
        release = own_home.parent / "employment-rate"
        shutil.copytree(own_home / "data" / "sample" / "els" / "employment-rate", release)
        path = release / "employment-rate.csv"
        text = path.read_text(encoding="utf-8-sig")
        before = figures(JOBS, COUNTY).iloc[-1]["value"]
        header, *lines = text.splitlines()
        at = {name: header.split(",").index(name) for name in ("areacd", "observation")}
        cells = [line.split(",") for line in lines]
        for row in cells:
            if row[at["areacd"]] == COUNTY:
                row[at["observation"]] = "61.5"
        path.write_text("\n".join([header, *map(",".join, cells), ""]), encoding="utf-8")
        add("els", release, open_known_store("sample"), date(2026, 5, 1))

        for as_of, value in ((None, 61.5), (date(2026, 5, 1), 61.5), (date(2026, 4, 30), before)):
            table = forecasts_to_keep("sample", as_of=as_of)
            assert set(one(table, "employment_rate", COUNTY)["mean"]) == {value}

    @pytest.mark.parametrize(
        ("days", "which"),
        [
            ({"until": date(1950, 1, 1)}, "no figures of periods up to 1950-01-01"),
            ({"as_of": date(1950, 1, 1)}, "no figures known on 1950-01-01"),
            (
                {"until": date(1950, 1, 1), "as_of": date(2025, 12, 31)},
                "no figures of periods up to 1950-01-01 known on 2025-12-31",
            ),
        ],
    )
    def test_without_any_figure_it_says_so(self, home, days, which):
        message = f"the store 'sample' has {which} from which a forecast can be made"
        with pytest.raises(DataError, match=f"^{re.escape(message)}$"):
            forecasts_to_keep("sample", **days)


class TestKeep:
    def test_what_is_kept_is_what_was_made(self, kept_home, clock, stand_in):
        now = clock(2026, 7, 1, 9, 30)
        path, kept = keep("sample", horizon=3)
        assert path == kept_home / "data" / "forecasts" / "sample" / "2026-07-01.parquet"
        table = forecasts_to_keep("sample", horizon=3)
        found = read_forecast("sample", "2026-07-01")
        key = ["indicator", "area_code", "horizon"]
        table = table.sort_values(key, ignore_index=True)
        pd.testing.assert_frame_equal(found, table, check_exact=True, check_dtype=False)
        assert kept_forecasts("sample") == [kept]
        assert (kept.name, kept.made_on, kept.made_at) == ("2026-07-01", now.date(), now)
        assert (kept.known_on, kept.afterwards, kept.horizon) == (None, False, 3)
        assert kept.until == max(rows["period_end"].max() for rows in stand_in.values()).date()
        assert kept.data_version == open_known_store("sample").version
        assert (kept.package, kept.method) == (outcomes.__version__, "naive")
        assert kept.forecasts == len(table) / 3
        assert kept.indicators == table["indicator"].nunique() == 3
        assert kept.places == table["area_code"].nunique() == 15

    @pytest.mark.parametrize(
        ("days", "afterwards"),
        [
            ({}, False),
            ({"until": date(2026, 7, 1)}, False),
            ({"as_of": date(2026, 7, 1)}, False),
            ({"until": date(2022, 12, 31)}, True),
            ({"as_of": date(2026, 6, 30)}, True),
            ({"until": date(2026, 7, 1), "as_of": date(2026, 6, 30)}, True),
        ],
    )
    def test_one_for_an_earlier_day_says_that_it_was_made_afterwards(
        self, kept_home, clock, days, afterwards
    ):
        clock(2026, 7, 1, 23, 59)
        _, kept = keep("sample", **days)
        assert kept.afterwards is afterwards
        assert kept.known_on == days.get("as_of")
        assert kept.made_on == date(2026, 7, 1)
        if "until" in days:
            assert kept.until == days["until"]

    def test_the_version_is_that_of_the_figures_known_then(self, kept_home, clock):
        clock(2026, 7, 1)
        _, kept = keep("sample", as_of=date(2025, 12, 31))
        store = open_known_store("sample")
        assert kept.data_version == store.at(date(2025, 12, 31)).version != store.version

    def test_a_day_that_has_not_come_is_refused(self, kept_home, clock):
        clock(2026, 7, 1)
        tomorrow = date(2026, 7, 2)
        for word, days in (("until", {"until": tomorrow}), ("as of", {"as_of": tomorrow})):
            message = f"{word}: 2026-07-02 lies in the future; today is 2026-07-01"
            with pytest.raises(ParameterError, match=f"^{re.escape(message)}$"):
                keep("sample", **days)
        assert kept_forecasts("sample") == []

    def test_a_name_that_is_taken_is_refused_before_any_work(self, kept_home, clock, stand_in):
        clock(2026, 7, 1)
        path, kept = keep("sample", until=date(2020, 12, 31))
        before = path.read_bytes()
        stand_in.clear()
        message = (
            "data/forecasts/sample/2026-07-01.parquet: a forecast of this name is kept already, "
            "and is never overwritten; choose another name"
        )
        with pytest.raises(ParameterError, match=f"^{re.escape(message)}$"):
            keep("sample")
        assert path.read_bytes() == before
        assert stand_in == {}
        keep("sample", name="another")
        assert [found.name for found in kept_forecasts("sample")] == ["2026-07-01", "another"]

    def test_it_outlives_its_store(self, kept_home, clock):
        clock(2026, 7, 1)
        _, kept = keep("sample")
        shutil.rmtree(kept_home / "data" / "store" / "sample")
        assert kept_forecasts("sample") == [kept]

    def test_an_empty_store_says_how_to_fill_it(self, kept_home):
        with pytest.raises(DataError, match="^the store 'published' is empty. Fill it with: "):
            keep("published")
        with pytest.raises(ParameterError, match="publishd"):
            keep("publishd")
