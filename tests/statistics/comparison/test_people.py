import re

import numpy as np
import pytest

from outcomes.statistics.comparison import in_people

NAN, INF = float("nan"), float("inf")


def people(*given, per=100) -> list:
    return in_people(*given, per=per).iloc[0, :3].tolist()


def test_two_points_of_fifty_thousand_are_a_thousand_people():
    assert people(12 - 10, 1, 3, 50_000) == [1000, 500, 1500]


def test_a_hair_of_arithmetic_never_makes_one_person_more():
    # 0.29 * 100 = 28.999999999999996 and 0.07 * 100 = 7.000000000000001.
    assert people(0.29, 0.07, 0.07, 100, per=1) == [29, 7, 7]


def test_the_number_is_rounded_to_the_nearest_and_limits_outwards():
    assert people(1.26, 0.72, 1.61, 1000) == [13, 7, 17]
    assert people(-1.26, -1.61, -0.72, 1000) == [-13, -17, -7]
    assert people(-1.24, -1.61, 0.72, 1000) == [-12, -17, 8]


def test_per_is_what_one_unit_of_the_rate_is_out_of():
    assert people(37.5, 30, 45, 240_000, per=100_000) == [90, 72, 108]


def test_an_infinite_limit_stays_infinite_and_missing_stays_missing():
    got = in_people(
        [1, 1, NAN, 1], [-INF, NAN, 0, 0], [INF, 2, 2, 2], [100, 100, 100, NAN], per=100
    )
    assert got["people"].fillna(-9).tolist() == [1, 1, -9, -9]
    assert got.loc[0, ["people_lower", "people_upper"]].tolist() == [-INF, INF]
    assert np.isnan(got.loc[1, "people_lower"])
    assert got.loc[1, "people_upper"] == 2
    assert got.loc[2:, ["people_lower", "people_upper"]].isna().all(axis=None)
    assert got["reason"].tolist() == [
        "",
        "the difference has no limits",
        "no difference is known",
        "no number of people is known",
    ]


def test_nobody_at_all_is_no_people():
    assert people(2.0, 1.0, 3.0, 0) == [0, 0, 0]


@pytest.mark.parametrize(
    ("base", "per", "message"),
    [
        ([10, -1], 100, "row 1: base -1.0: expected 0 or more"),
        ([10, 10], [100, 0], "row 1: per 0.0: expected a number above 0"),
        ([10, 10], [NAN, 1], "row 0: per nan: expected a number above 0"),
    ],
)
def test_a_base_or_per_that_cannot_be_names_the_row(base, per, message):
    with pytest.raises(ValueError, match=f"^{re.escape(message)}$"):
        in_people([1, 1], [0, 0], [2, 2], base, per=per)
