import numpy as np
import pandas as pd
import pytest

from outcomes.statistics.follow_up import follow_up, served
from outcomes.statistics.intervals.counts import wilson

AS_OF = pd.Timestamp("2025-03-31")


def people(*kinds):
    """Return clients from (how many, discharged, state at discharge, asked on, state then)."""
    rows = []
    for many, discharged, first, asked, later in kinds:
        rows += [("2022-05-01", discharged, asked, first, later)] * many
    columns = ["started", "discharged", "followed_up", "at_discharge", "at_follow_up"]
    table = pd.DataFrame(rows, columns=columns)
    days = columns[:3]
    table[days] = table[days].apply(pd.to_datetime)
    return table.astype({"at_discharge": float, "at_follow_up": float})


PROGRAMME = people(
    (20, "2023-06-01", 1, "2024-06-05", 1),
    (10, "2023-06-01", 1, "2024-06-05", 0),
    (10, "2023-06-01", 0, "2024-06-05", 0),
    (8, "2023-06-01", 1, None, None),
    (12, "2023-06-01", 0, None, None),
    (15, "2024-06-01", 1, None, None),
    (10, "2024-06-01", 0, None, None),
    (7, None, None, None, None),
)
"""60 discharged in 2023/24, all due by 31 March 2025; 25 in 2024/25, none due; 7 still clients."""


def test_row_143_all_four_cells_at_discharge_and_twelve_months_after():
    first, second = follow_up(PROGRAMME, as_of=AS_OF).to_dict("records")
    # At discharge 20 + 10 + 8 of 60 are better off: 38/60 = 63.3%.
    assert (first["period"], first["discharged"], first["better_at_discharge"]) == (
        "2023/24",
        60,
        38,
    )
    assert first["at_discharge"] == pytest.approx(38 / 60)
    # All 60 are due; 40 were asked, 20 were lost; 20 of the 40 are better off.
    counts = [first[name] for name in ("not_due", "due", "followed", "lost", "better_at_follow_up")]
    assert counts == [0, 60, 40, 20, 20]
    assert first["of_followed"] == pytest.approx(0.5)
    # Nobody is dropped: 20/60 if none of the lost is better off, (20 + 20)/60 if all of them are.
    assert (first["worst"], first["best"]) == pytest.approx((20 / 60, 40 / 60))
    # Those discharged under 12 months ago are not lost: they are not due.
    assert [second[name] for name in ("discharged", "not_due", "due", "lost")] == [25, 25, 0, 0]
    assert np.isnan([second["worst"], second["of_followed"]]).all()


def test_the_limits_are_wilsons():
    row = follow_up(PROGRAMME, as_of=AS_OF).iloc[0]
    for name, number, whole in (("at_discharge", 38, 60), ("of_followed", 20, 40),
                                ("worst", 20, 60), ("best", 40, 60)):  # fmt: skip
        assert (row[f"{name}_lower"], row[f"{name}_upper"]) == pytest.approx(wilson(number, whole))


@pytest.mark.parametrize(("day", "due"), [("2024-05-31", 0), ("2024-06-01", 60)])
def test_a_client_is_due_twelve_months_after_discharge_to_the_day(day, due):
    row = follow_up(PROGRAMME, as_of=pd.Timestamp(day)).iloc[0]
    assert (row["due"], row["not_due"]) == (due, 60 - due)


def test_someone_asked_early_does_not_count_before_the_others():
    early = people((30, "2024-04-15", 1, "2025-03-20", 1), (30, "2024-04-15", 1, None, None))
    row = follow_up(early, as_of=AS_OF).iloc[0]
    assert [row["due"], row["followed"], row["not_due"]] == [0, 0, 60]


@pytest.mark.parametrize("lost", [1, 4])
def test_few_lost_people_hide_the_whole_side_but_not_the_discharge(lost):
    table = people((20, "2023-06-01", 1, "2024-06-05", 1), (20, "2023-06-01", 0, "2024-06-05", 0),
                   (lost, "2023-06-01", 0, None, None))  # fmt: skip
    row = follow_up(table, as_of=AS_OF).iloc[0]
    assert row["withheld_follow_up"]
    assert not row["withheld_discharge"]
    hidden = ["not_due", "due", "followed", "lost", "better_at_follow_up", "of_followed", "worst",
              "best", "worst_lower", "best_upper"]  # fmt: skip
    assert row[hidden].isna().all()
    assert (row["discharged"], row["better_at_discharge"]) == (40 + lost, 20)


def test_a_few_who_are_not_better_off_hide_those_who_are():
    table = people((40, "2024-06-01", 1, None, None), (3, "2024-06-01", 0, None, None))
    row = follow_up(table, as_of=AS_OF).iloc[0]
    assert row["withheld_discharge"]
    assert row["discharged"] == 43
    assert row[["better_at_discharge", "at_discharge", "at_discharge_lower"]].isna().all()


def test_five_and_none_are_shown():
    table = people((5, "2023-06-01", 1, "2024-06-05", 1), (5, "2023-06-01", 0, None, None))
    row = follow_up(table, as_of=AS_OF).iloc[0]
    assert [row["better_at_discharge"], row["lost"], row["followed"]] == [5, 5, 5]
    assert not row["withheld_follow_up"]


def test_a_client_is_served_in_every_year_from_start_to_discharge():
    # All 92 started in 2022/23. 60 left in 2023/24, 25 in 2024/25, 7 are still clients then.
    found = served(PROGRAMME, as_of=AS_OF)
    assert found.to_numpy().tolist() == [["2022/23", 92], ["2023/24", 92], ["2024/25", 32]]


def test_a_year_with_few_clients_is_withheld():
    found = served(people((3, "2023-03-01", 1, None, None)), as_of=AS_OF)
    assert found["period"].tolist() == ["2022/23"]
    assert found["value"].isna().all()


def test_calendar_years_are_named_so():
    assert follow_up(PROGRAMME, as_of=AS_OF, year_start=1)["period"].tolist() == ["2023", "2024"]


def test_a_missing_column_is_named():
    said = "the table has no column at_discharge; it has started, discharged, followed_up, at_follow_up"
    with pytest.raises(ValueError, match=f"^{said}$"):
        follow_up(PROGRAMME.drop(columns="at_discharge"), as_of=AS_OF)
