import re
from fractions import Fraction

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from outcomes.statistics.intervals import life_expectancy

NAN = float("nan")
STARTS = [0, 1, *range(5, 95, 5)]
BANDS = ["0", "1-4", *(f"{age}-{age + 4}" for age in range(5, 90, 5)), "90+"]
# An invented town: 800 people a year of age, fewer from 60 on; deaths as they are in a rich country.
PEOPLE = [800, 3200, *[4000] * 11, 3600, 3300, 2900, 2400, 1700, 1000, 600]
DEATHS = [3, 1, 1, 1, 2, 2, 3, 4, 5, 8, 12, 18, 28, 38, 52, 74, 108, 133, 140, 150]


def example(**columns):
    table = {"area": "a", "age_band": BANDS, "numerator": DEATHS, "denominator": PEOPLE}
    return pd.DataFrame(table | columns)


def small(**columns):
    """Three age bands."""
    table = {"area": "a", "age_band": ["0-4", "5-9", "10+"], "numerator": [10, 20, 100]}
    return pd.DataFrame(table | {"denominator": [1000, 4000, 5000]} | columns)


def changed(column, place, value):
    table = example().astype({column: float})
    table.loc[place, column] = value
    return table


def test_a_table_of_three_bands_by_hand():
    # Deaths come a tenth of the way through the first band, half-way through the second.
    first = Fraction(5) * Fraction(1, 100) / (1 + Fraction(45, 10) * Fraction(1, 100))
    second = Fraction(5) * Fraction(1, 200) / (1 + Fraction(5, 2) * Fraction(1, 200))
    alive = 1 - first, (1 - first) * (1 - second)
    lived = 5 * alive[0] + Fraction(1, 2) * first, 5 * alive[1] + Fraction(5, 2) * alive[0] * second
    years = lived[0] + lived[1] + 50 * alive[1]
    result = life_expectancy(small(), by="area").iloc[0]
    assert result["value"] == pytest.approx(float(years), rel=1e-12)
    assert result[["numerator", "denominator", "n"]].tolist() == [130, 10000, 3]
    assert result[["method", "confidence", "reason"]].tolist() == ["chiang_silcocks", 0.95, ""]


def test_the_error_is_that_of_the_delta_method():
    """Chiang's variance, worked out without his formula: derivatives by finite difference."""

    def years(chances, last):
        alive = np.cumprod([1, *(1 - chances)])
        width = np.diff(STARTS)
        after = width * np.array([0.9, *[0.5] * 18])
        return (alive[:-1] * (width - after * chances)).sum() + alive[-1] * last

    rate, width = np.array(DEATHS) / PEOPLE, np.diff(STARTS)
    after = width * np.array([0.9, *[0.5] * 18])
    chances, last = width * rate[:-1] / (1 + after * rate[:-1]), 1 / rate[-1]
    step = 1e-6
    slopes = [
        (years(chances + step * unit, last) - years(chances - step * unit, last)) / (2 * step)
        for unit in np.eye(19)
    ]
    spread = chances**2 * (1 - chances) / DEATHS[:-1]
    variance = (np.square(slopes) * spread).sum() + (
        (years(chances, last + step) - years(chances, last - step)) / (2 * step)
    ) ** 2 * last**2 / DEATHS[-1]
    result = life_expectancy(example(), by="area")
    assert result["standard_error"].item() == pytest.approx(np.sqrt(variance), rel=1e-6)


def test_all_areas_at_once_are_as_one_by_one():
    rng = np.random.default_rng(4)
    parts = [
        example(area=area, sex=sex, numerator=rng.poisson(DEATHS))
        for area in "bca"
        for sex in ("f", "m")
    ]
    together = life_expectancy(pd.concat(parts).sample(frac=1, random_state=1), by=["area", "sex"])
    assert together["area"].tolist() == list("aabbcc")
    alone = pd.concat([life_expectancy(part, by=["area", "sex"]) for part in parts])
    alone = alone.sort_values(["area", "sex"], ignore_index=True)
    pd.testing.assert_frame_equal(together, alone)


def test_everybody_dying_at_one_rate_live_the_inverse_of_it():
    # At a low rate the bands hardly matter: 1 in 100 a year is a hundred years.
    table = example(denominator=1e6, numerator=1e4)
    assert life_expectancy(table, by="area", at=90)["value"].item() == pytest.approx(100)
    assert life_expectancy(table, by="area", at=5)["value"].item() == pytest.approx(100, abs=0.02)


def test_no_deaths_in_a_closed_band_are_a_rate_of_zero():
    result = life_expectancy(small(numerator=[0, 20, 100]), by="area").iloc[0]
    second = 5 / 200 / (1 + 2.5 / 200)
    assert result["value"] == pytest.approx(5 + 5 - 2.5 * second + 50 * (1 - second))
    assert 0 < result["standard_error"] < 50


@pytest.mark.parametrize(
    ("table", "reason"),
    [
        (example().drop(index=3), "no figure for age band 10-14"),
        (changed("numerator", 3, NAN), "no figure for age band 10-14"),
        (changed("denominator", 19, NAN), "no figure for age band 90+"),
        (changed("denominator", 5, 0), "no population in age band 20-24"),
        (changed("numerator", 19, 0), "no deaths in age band 90+"),
        (changed("numerator", 19, PEOPLE[19] + 1), "too many deaths in age band 90+"),
        (changed("numerator", 18, 0.4 * PEOPLE[18]), "too many deaths in age band 85-89"),
        (small(denominator=[1000, 1999, 2000]), "fewer than 5,000 person-years in all"),
        (small(numerator=[10, 20, 3]), "the interval is wider than 20 years"),
    ],
)
def test_what_cannot_be_calculated_has_a_reason_and_leaves_others_alone(table, reason):
    well = (small if len(table) == 3 else example)(area="b")
    both = pd.concat([table, well], ignore_index=True)
    result = life_expectancy(both, by="area")
    assert result["reason"].tolist() == [reason, ""]
    assert result["method"].tolist() == ["", "chiang_silcocks"]
    figures = ["value", "standard_error", "lower", "upper"]
    assert result[figures].isna().all(axis=1).tolist() == [True, False]


@pytest.mark.parametrize(
    "table",
    [
        changed("numerator", 19, PEOPLE[19]),
        changed("numerator", 18, 0.399 * PEOPLE[18]),
        small(denominator=[1000, 2000, 2000]),
    ],
)
def test_just_inside_each_rule_there_is_a_value(table):
    result = life_expectancy(table, by="area", at=5)
    assert result["reason"].item() == ""
    assert result["value"].notna().item()


@pytest.mark.parametrize(("share", "known"), [(0.999, True), (1.001, False)])
def test_the_interval_may_be_twenty_years_wide_and_no_wider(share, known):
    # In a table of one open band e is people over deaths, and its error e over root deaths.
    deaths, z = 100, stats.norm.ppf(0.975)
    people = share * 20 / (2 * z) * deaths**1.5
    table = pd.DataFrame({"area": ["a"], "age_band": "0+", "numerator": deaths})
    result = life_expectancy(table.assign(denominator=people), by="area")
    assert result["value"].notna().item() == known
    assert result["reason"].item() == ("" if known else "the interval is wider than 20 years")


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: life_expectancy(example(), by="area", at=4), None),
        (
            lambda: life_expectancy(small(age_band=["0-4", "10-14", "15+"]), by="area"),
            "age bands 0-4, 10-14, 15+: expected bands that follow each other from 0, the last "
            "open, such as 90+",
        ),
        (
            lambda: life_expectancy(small(age_band=["0-4", "5-9", "10-14"]), by="area"),
            "age bands 0-4, 5-9, 10-14: expected bands that follow each other from 0, the last "
            "open, such as 90+",
        ),
        (
            lambda: life_expectancy(small(age_band=["1-4", "5-9", "10+"]), by="area"),
            "age bands 1-4, 5-9, 10+: expected bands that follow each other from 0, the last "
            "open, such as 90+",
        ),
        (
            lambda: life_expectancy(small(age_band=["under 5", "5-9", "10+"]), by="area"),
            "age_band under 5: expected one such as 0, 1-4 or 90+",
        ),
        (
            lambda: life_expectancy(pd.concat([small(), small()], ignore_index=True), by="area"),
            "row 3: age_band 0-4: expected one row for each group and band",
        ),
        (
            lambda: life_expectancy(small(numerator=[1, -5, 3]), by="area"),
            "row 1: numerator -5.0: expected 0 or more",
        ),
    ],
)
def test_input_that_cannot_be_is_refused(call, message):
    ages = ", ".join(map(str, STARTS))
    message = message or f"at 4: expected the first age of a band: {ages}"
    with pytest.raises(ValueError, match=f"^{re.escape(message)}$"):
        call()


def test_the_limits_cover_the_truth_about_as_often_as_they_say():
    rng = np.random.default_rng(12)
    repeats = 1500
    people = np.array(PEOPLE) * 25_000 / sum(PEOPLE)
    deaths = rng.poisson(people * np.array(DEATHS) / PEOPLE, (repeats, 20))
    table = pd.DataFrame(
        {
            "run": np.repeat(np.arange(repeats), 20),
            "age_band": BANDS * repeats,
            "numerator": deaths.ravel(),
            "denominator": np.tile(people, repeats),
        }
    )
    truth = life_expectancy(example(), by="area")["value"].item()
    result = life_expectancy(table, by="run")
    inside = result["lower"].le(truth) & result["upper"].ge(truth)
    assert 0.93 < inside[result["reason"] == ""].mean() < 0.97
    assert result["value"].std() == pytest.approx(result["standard_error"].mean(), rel=0.06)
    assert stats.skew(result["value"].dropna()) < 0.5
