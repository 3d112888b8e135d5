import re

import numpy as np
import pandas as pd
import pytest
from scipy import stats
from statsmodels.stats.proportion import (
    confint_proportions_2indep,
    proportion_confint,
    proportions_ztest,
)

from outcomes.statistics.intervals.counts import wilson
from outcomes.statistics.survey import (
    effective_answers,
    margin_of_error,
    margin_to_print,
    percent_of_people,
    wave_change,
)

NAN = float("nan")
OVERLAP = "the two periods overlap, so the same answers may be in both"
UNKNOWN = "neither the number of answers nor an interval is known for both waves"


def waves(*years, area="a", length=1, **columns):
    starts = pd.to_datetime([f"{year}-04-01" for year in years])
    return pd.DataFrame(
        {
            "series": "s",
            "area_code": area,
            "period_start": starts,
            "period_end": starts + pd.DateOffset(years=length, days=-1),
            "period": [f"{year}/{(year + 1) % 100}" for year in years],
            **columns,
        }
    )


def test_the_margin_of_a_thousand_answers_is_three_points():
    # The rule of thumb of opinion polls: 1,000 answers, half of them yes, 3.1 points.
    assert float(margin_of_error(0.5, 1000)) == pytest.approx(0.031, abs=5e-4)


def test_a_design_effect_of_two_is_half_the_answers():
    ours = margin_of_error([0.2, 0.7], [400, 800], design_effect=2, confidence=0.9)
    np.testing.assert_allclose(ours, margin_of_error([0.2, 0.7], [200, 400], confidence=0.9))
    assert ours[0] == pytest.approx(stats.norm.ppf(0.95) * np.sqrt(0.2 * 0.8 / 200))


def test_the_margin_at_nought_and_at_all_is_wilsons_longer_arm():
    # 0 of 100: z^2 / (n + z^2) = 3.8415 / 103.8415 = 0.03699, and the same of 100 of 100.
    ours = margin_to_print([0, 1, 0.02, 0.05, NAN, 0], [100, 100, 100, 100, 100, 0])
    assert ours[:2] == pytest.approx([0.036994, 0.036994], abs=1e-6)
    # Two of 100 are for: the upper arm. Five are enough for the usual margin.
    assert ours[2] == pytest.approx(proportion_confint(2, 100, method="wilson")[1] - 0.02)
    assert ours[3] == margin_of_error(0.05, 100)
    assert np.isnan(ours[4:]).all()


def test_no_or_missing_answers_have_no_margin():
    margins = margin_of_error([0.5, 0.5, NAN, 0.0], [0, NAN, 100, 100])
    np.testing.assert_array_equal(margins, [NAN, NAN, NAN, 0])


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: margin_of_error(50, 100), "row 0: proportion 50.0: expected 0 to 1"),
        (lambda: margin_of_error([0.1, -0.1], 9), "row 1: proportion -0.1: expected 0 to 1"),
        (lambda: margin_of_error(0.5, [9, -1]), "row 1: answers -1.0: expected 0 or more"),
        (
            lambda: margin_of_error(0.5, 9, design_effect=0.99),
            "design_effect 0.99: expected 1 or more",
        ),
        (
            lambda: percent_of_people(5, -1, 5, decimals=0),
            "row 0: people -1.0: expected 0 or more",
        ),
        (
            lambda: percent_of_people(5, 1, [5, -5], decimals=0),
            "row 1: number -5.0: expected 0 or more",
        ),
        (
            lambda: wave_change(waves(2020, value=50.0), design_effect=NAN),
            "design_effect nan: expected 1 or more",
        ),
        (
            lambda: wave_change(waves(2020, 2021, value=[50.0, 101.0], answers=9)),
            "row 1: value 101.0: expected 0 to 100, being a share of the answers",
        ),
        (
            lambda: wave_change(waves(2020, 2021, value=5.0, answers=[9, -9])),
            "row 1: answers -9.0: expected 0 or more",
        ),
        (
            lambda: wave_change(waves(2020, 2020, value=5.0)),
            "row 1: period_start 2020-04-01 00:00:00: expected one row for each wave",
        ),
        (
            lambda: wave_change(pd.DataFrame({"series": []})),
            "the table has no column area_code, period_start, period_end, value; it has series",
        ),
    ],
)
def test_input_that_cannot_be_is_refused(call, message):
    with pytest.raises(ValueError, match=f"^{re.escape(message)}$"):
        call()


@pytest.mark.parametrize(("lower", "upper"), [(51.0, 60.0), (40.0, 49.0)])
def test_a_value_outside_its_limits_is_refused(lower, upper):
    table = waves(2020, 2021, value=[55.0, 50.0], lower=[54.0, lower], upper=[56.0, upper])
    with pytest.raises(ValueError, match=r"^row 1: value 50\.0: expected to lie in its limits$"):
        wave_change(table)


def test_from_answers_the_change_has_newcombes_limits_and_agrees_with_the_two_sample_test():
    rng = np.random.default_rng(6)
    size = rng.integers(50, 2000, (80, 2))
    yes = rng.binomial(size, np.clip(rng.uniform(0.1, 0.9, (80, 1)) + [-0.03, 0.03], 0, 1))
    table = pd.concat(
        [
            waves(2020, 2021, area=f"a{i:02}", value=100 * yes[i] / size[i], answers=size[i])
            for i in range(80)
        ]
    )
    result = wave_change(table.sample(frac=1, random_state=1))
    newcombe = [
        confint_proportions_2indep(yes[i, 1], size[i, 1], yes[i, 0], size[i, 0], method="newcomb")
        for i in range(80)
    ]
    np.testing.assert_allclose(result[["lower", "upper"]] / 100, newcombe, rtol=1e-9, atol=1e-12)
    p = np.array([proportions_ztest(yes[i], size[i])[1] for i in range(80)])
    clear = np.abs(p - 0.05) > 0.01
    real = result["verdict"].eq("real").to_numpy()
    assert clear.sum() > 70
    assert 15 < real.sum() < 65
    np.testing.assert_array_equal(real[clear], p[clear] < 0.05)
    assert result["method"].unique().tolist() == ["newcombe"]
    np.testing.assert_array_equal(result["n"], size.sum(axis=1))


def test_a_design_effect_makes_a_change_less_sure():
    table = waves(2020, 2021, value=[50.0, 57.0], answers=500)
    assert wave_change(table)["verdict"].item() == "real"
    clustered = wave_change(table, design_effect=1.5)
    assert clustered["verdict"].item() == "could_be_chance"
    fewer = wave_change(table.assign(answers=500 / 1.5))
    np.testing.assert_allclose(clustered[["lower", "upper"]], fewer[["lower", "upper"]])


def test_from_published_limits_the_change_adds_up_the_sides():
    table = waves(2020, 2021, value=[50.0, 56.0], lower=[46.0, 53.0], upper=[54.0, 59.0])
    result = wave_change(table).iloc[0]
    # 3, 4 and 5: a difference of 6 give or take 5.
    np.testing.assert_allclose(result[["change", "lower", "upper"]].astype(float), [6, 1, 11])
    assert result[["verdict", "method", "reason"]].tolist() == ["real", "published_limits", ""]
    assert np.isnan(result["n"])
    surer = wave_change(table, confidence=0.998).iloc[0]
    assert surer["upper"] - 6 == pytest.approx(5 * stats.norm.ppf(0.999) / stats.norm.ppf(0.975))
    assert surer["verdict"] == "could_be_chance"


def test_a_limit_that_touches_nothing_could_be_chance():
    table = waves(2020, 2021, value=[50.0, 55.0], lower=[46.0, 52.0], upper=[54.0, 58.0])
    assert wave_change(table)["verdict"].item() == "could_be_chance"
    table["value"] = [50.0, 55.001]
    assert wave_change(table)["verdict"].item() == "real"


def test_a_mean_score_is_tested_from_its_limits_and_a_fall_may_be_real():
    table = waves(2020, 2021, value=[750.0, 700.0], lower=[740.0, 690.0], upper=[760.0, 710.0])
    assert wave_change(table)["verdict"].item() == "real"


@pytest.mark.parametrize("none", [NAN, 0])
def test_answers_go_before_limits_and_limits_where_one_wave_lacks_answers(none):
    answers = [400, 400, none]
    table = waves(2020, 2021, 2022, value=50.0, lower=45.0, upper=55.0, answers=answers)
    assert wave_change(table)["method"].tolist() == ["newcombe", "published_limits"]


@pytest.mark.parametrize(
    "columns",
    [
        {},
        {"answers": [500, NAN]},
        {"answers": [500, 0]},
        {"lower": [45.0, NAN], "upper": [55.0, 65.0]},
        {"lower": 45.0},
    ],
)
def test_without_answers_or_limits_of_both_waves_nothing_is_tested(columns):
    result = wave_change(waves(2020, 2021, value=[50.0, 60.0], **columns)).iloc[0]
    assert result[["verdict", "method", "reason"]].tolist() == ["not_tested", "", UNKNOWN]
    assert result["change"] == 10
    assert result[["lower", "upper"]].isna().all()


@pytest.mark.parametrize(("years", "reason"), [((2018, 2020), OVERLAP), ((2018, 2021), "")])
def test_waves_that_share_answers_are_not_tested(years, reason):
    result = wave_change(waves(*years, length=3, value=[50.0, 80.0], answers=900)).iloc[0]
    assert result["reason"] == reason
    assert (result["verdict"] == "not_tested") == bool(reason)


def test_changes_stay_within_their_history_and_are_named():
    table = pd.concat(
        [
            waves(2022, 2020, 2021, area="b", value=[3.0, 1.0, NAN], answers=100),
            waves(2020, 2021, area="a", value=[7.0, 7.0], answers=100),
            waves(2020, area="c", value=7.0, answers=100),
        ]
    )
    result = wave_change(table)
    assert list(result) == [
        *["series", "area_code", "period_start", "period_end", "from_period", "period"],
        *["before", "value", "change", "lower", "upper", "verdict", "method", "confidence", "n"],
        "reason",
    ]
    assert result[["area_code", "from_period", "period", "change"]].to_numpy().tolist() == [
        ["a", "2020/21", "2021/22", 0.0],
        ["b", "2020/21", "2022/23", 2.0],
    ]
    assert result["verdict"].unique().tolist() == ["could_be_chance"]


def test_an_empty_table_and_single_waves_give_no_changes():
    for table in (waves(value=[]), waves(2020, value=5.0), waves(2020, 2021, value=[5.0, NAN])):
        result = wave_change(table)
        assert len(result) == 0
        assert "verdict" in result


@pytest.mark.parametrize(
    ("percent", "people", "number", "decimals", "verdict"),
    [
        # 8.0% of 12,345 is 981.4 to 993.8 people.
        (8.0, 12345, 981, 1, "differs"),
        (8.0, 12345, 982, 1, "agrees"),
        (8.0, 12345, 993, 1, "agrees"),
        (8.0, 12345, 994, 1, "differs"),
        # To no decimals, 7.5% to 8.5%, both ends being halves that may round either way.
        (8, 200, 15, 0, "agrees"),
        (8, 200, 17, 0, "agrees"),
        (8, 200, 14, 0, "differs"),
        (8, 200, 18, 0, "differs"),
        (0, 0, 0, 0, "agrees"),
        # 120% of 100 people is 120, but no more than 100 of them can be.
        (120, 100, 120, 0, "differs"),
        (NAN, 10, 1, 0, "not_checked"),
        (8, NAN, 1, 0, "not_checked"),
        (8, 10, NAN, 0, "not_checked"),
    ],
)
def test_number_and_percent_of_the_same_people(percent, people, number, decimals, verdict):
    result = percent_of_people([percent], [people], [number], decimals=decimals)
    assert result["verdict"].tolist() == [verdict]


def test_the_numbers_that_round_to_the_percentage_are_named():
    result = percent_of_people([8.0, 33.3], [12345, 2], [0, 1], decimals=1)
    assert result[["lowest", "highest"]].iloc[0].tolist() == [982, 993]
    # No number of two people is 33.3%.
    assert result["highest"].iloc[1] < result["lowest"].iloc[1]
    assert result["verdict"].tolist() == ["differs", "differs"]


def test_every_rounded_percentage_agrees_with_its_own_number():
    rng = np.random.default_rng(9)
    people = rng.integers(1, 90_000, 3000)
    number = rng.integers(0, people + 1)
    for decimals in (0, 1, 2):
        percent = np.round(100 * number / people, decimals)
        result = percent_of_people(percent, people, number, decimals=decimals)
        assert result["verdict"].unique().tolist() == ["agrees"]


def test_a_change_of_nothing_is_called_real_about_one_time_in_twenty():
    rng = np.random.default_rng(10)
    yes = rng.binomial(600, 0.3, (4000, 2))
    table = waves(2020, 2021, value=0.0)
    table = table.loc[np.tile([0, 1], 4000)].assign(
        area_code=np.repeat(np.arange(4000), 2), value=yes.ravel() / 6, answers=600
    )
    real = wave_change(table)["verdict"].eq("real").mean()
    assert 0.04 < real < 0.06


@pytest.mark.parametrize(
    ("share", "answers"), [(0.44, 700), (0.02, 80), (0, 50), (1, 50), (0.9, 33.3)]
)
def test_the_effective_answers_are_had_back_from_wilsons_limits(share, answers):
    found = effective_answers(share, *wilson(share * answers, answers))
    assert float(found) == pytest.approx(answers)


def test_no_limits_have_no_effective_answers():
    assert np.isnan(effective_answers([NAN, 0.5], [0.4, NAN], [0.6, 0.6])).all()


def test_row_154_a_change_is_tested_with_the_effective_answers_of_each_wave():
    table = waves(2022, 2023, value=[50.0, 45.0], answers=[1000, 1000])
    plain, weighted = wave_change(table), wave_change(table.assign(effective=[600, 500]))
    assert (plain["verdict"][0], weighted["verdict"][0]) == ("real", "could_be_chance")
    # The same as if the waves had had so many answers; what is said of their number stays.
    as_few = wave_change(table.assign(answers=[600, 500]))
    assert (weighted["lower"][0], weighted["upper"][0]) == (as_few["lower"][0], as_few["upper"][0])
    assert weighted["n"][0] == 2000
    limits = [wilson(0.5 * 600, 600), wilson(0.45 * 500, 500)]
    published = table.drop(columns="answers").assign(
        lower=[100 * low for low, _ in limits], upper=[100 * high for _, high in limits]
    )
    np.testing.assert_allclose(wave_change(published)["upper"], weighted["upper"])
