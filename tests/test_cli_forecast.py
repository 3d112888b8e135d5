"""The commands `outcomes forecast`: what they print, and how they end."""

import re
from datetime import UTC, date, datetime

import pandas as pd
import pytest
from click.testing import CliRunner

from outcomes.baseline import keeping
from outcomes.cli import main
from outcomes.store.forecasts import kept_forecasts, read_forecast

FIRST = (
    "1,002 forecasts of 2 indicators in 501 places, up to 5 periods ahead, from figures up to "
    "2024-12-31\n"
)
KEPT = "kept as 2026-07-01: data/forecasts/sample/2026-07-01.parquet\n"
AFTERWARDS = "made afterwards: later figures may have been known already; none was used\n"


def outcome_of(*words):
    result = CliRunner().invoke(main, ["forecast", *words])
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    return result.exit_code, result.stdout, result.stderr


def made(parameters, store, until, horizon) -> tuple[pd.DataFrame, date]:
    """Stand in for the forecasts: two indicators in each of 501 places."""
    areas = [f"X{number:08d}" for number in range(501)]
    cells = pd.MultiIndex.from_product(
        [["crime", "jobs"], areas, range(1, horizon + 1)],
        names=["indicator", "area_code", "horizon"],
    )
    rows = cells.to_frame(index=False)
    origin = pd.Timestamp(until or "2024-12-31")
    ends = pd.to_datetime({"year": origin.year + rows["horizon"], "month": 12, "day": 31})
    rows = rows.assign(
        series="els/" + rows["indicator"] + "/Rate",
        period_start=ends - pd.DateOffset(years=1),
        period_end=ends,
        period=ends.dt.year.astype(str),
        origin=str(origin.year),
        origin_end=origin,
        mean=50.0 if store.as_of is None else 40.0,
        lower_80=30.0,
        upper_80=60.0,
        lower_95=20.0,
        upper_95=70.0,
        method="pooled",
        n=9,
    )
    return rows, origin.date()


@pytest.fixture(autouse=True)
def first_of_july(own_home, monkeypatch):
    monkeypatch.setattr(keeping, "_table", made)
    monkeypatch.setattr(keeping, "_now", lambda: datetime(2026, 7, 1, 9, tzinfo=UTC))
    return own_home


class TestKeep:
    def test_it_says_how_many_of_what_and_where(self):
        assert outcome_of("keep", "--store", "sample") == (0, FIRST + KEPT, "")
        assert len(read_forecast("sample", "2026-07-01")) == 1002 * 5

    def test_the_published_store_by_default(self):
        exit_code, printed, error = outcome_of("keep")
        assert (exit_code, printed) == (11, "")
        assert error.startswith("Error: the store 'published' is empty. Fill it with: ")

    def test_a_name_that_is_taken_changes_nothing(self, first_of_july):
        outcome_of("keep", "--store", "sample", "--until", "2020-12-31")
        folder = first_of_july / "data" / "forecasts"
        before = {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}
        message = (
            "Error: data/forecasts/sample/2026-07-01.parquet: a forecast of this name is kept "
            "already, and is never overwritten; choose another name\n"
        )
        assert outcome_of("keep", "--store", "sample") == (10, "", message)
        assert before == {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}
        assert outcome_of("keep", "--store", "sample", "--name", "summer")[0] == 0

    def test_one_of_an_earlier_day_is_said_to_be_made_afterwards(self):
        printed = FIRST.replace("2024", "2022") + AFTERWARDS + KEPT.replace("2026-07-01", "then")
        words = ("keep", "--store", "sample", "--name", "then", "--until", "2022-Q4")
        assert outcome_of(*words) == (0, printed, "")

    def test_figures_as_they_were_known(self):
        printed = FIRST + AFTERWARDS + KEPT
        assert outcome_of("keep", "--store", "sample", "--as-of", "2026-06-30") == (0, printed, "")
        assert set(read_forecast("sample", "2026-07-01")["mean"]) == {40.0}

    @pytest.mark.parametrize(
        ("words", "exit_code", "message"),
        [
            (("--name", "Summer"), 10, "'Summer' is not a name for a stored forecast: expected"),
            (("--until", "2026-07-02"), 10, "until: 2026-07-02 lies in the future; today is"),
            (("--as-of", "2026-Q3"), 10, "as of: 2026-09-30 lies in the future; today is"),
            (("--until", "someday"), 2, "Invalid value for '--until': 'someday' is not a day"),
            (("--store", "smaple"), 10, "did you mean 'sample.yml'?"),
        ],
    )
    def test_what_cannot_be(self, first_of_july, words, exit_code, message):
        found, printed, error = outcome_of("keep", "--store", "sample", *words)
        assert (found, printed) == (exit_code, "")
        assert message in error
        assert not (first_of_july / "data" / "forecasts").exists()


class TestList:
    def test_none(self):
        printed = "none is kept. Keep one with: outcomes forecast keep --store sample\n"
        assert outcome_of("list", "--store", "sample") == (0, printed, "")

    def test_one_a_line(self, monkeypatch):
        outcome_of("keep", "--store", "sample")
        later = datetime(2026, 7, 2, tzinfo=UTC)
        monkeypatch.setattr(keeping, "_now", lambda: later)
        outcome_of("keep", "--store", "sample", "--name", "before", "--until", "2020-12-31")
        assert outcome_of("list", "--store", "sample") == (
            0,
            "2026-07-01\tmade on 2026-07-01\tfigures up to 2024-12-31\t1,002 forecasts\n"
            "before\tmade on 2026-07-02\tfigures up to 2020-12-31\t1,002 forecasts\t"
            "made afterwards\n",
            "",
        )
        assert [kept.name for kept in kept_forecasts("sample")] == ["2026-07-01", "before"]
        assert outcome_of("list")[1].startswith("none is kept. ")

    def test_a_damaged_one_is_named(self, first_of_july):
        outcome_of("keep", "--store", "sample")
        path = first_of_july / "data" / "forecasts" / "sample" / "2026-07-01.parquet"
        path.write_bytes(path.read_bytes()[:-9])
        exit_code, printed, error = outcome_of("list", "--store", "sample")
        assert (exit_code, printed) == (11, "")
        assert re.match(
            r"Error: data/forecasts/sample/2026-07-01\.parquet: not a stored forecast, or "
            r"damaged \(.+\)\. It cannot be made again",
            error,
        )
