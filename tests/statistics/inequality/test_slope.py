import re

import numpy as np
import pandas as pd
import pytest

from outcomes.statistics.inequality import slope_index

FIFTHS = [1, 2, 3, 4, 5]


def table(values, **columns):
    frame = pd.DataFrame({"area": "A", "group": FIFTHS[: len(values)], "value": values})
    return frame.assign(**({"denominator": 100.0} | columns))


def index(frame, **options):
    return slope_index(frame, by=["area"], **({"group_order": FIFTHS} | options)).iloc[0]


@pytest.fixture(scope="module")
def reference(shared_data):
    path = shared_data / "phe-methods" / "testdata_SII.xlsx"
    sheet = pd.read_excel(path, engine="calamine")
    sheet["set"] = sheet["TestDescription"] + ", " + sheet["Area"]
    names = {"Quantile": "group", "Value": "value", "Population": "denominator"}
    names |= {"LowerCL": "lower", "UpperCL": "upper", "StandardError": "standard_error"}
    return sheet.rename(columns=names)


def expected_sets(sheet):
    for _, row in sheet[sheet["sii"].notna()].iterrows():
        words = row["TestDescription"]
        negative = "negative" in words or "-100" in words
        options = {
            "value_type": {0: "normal", 1: "rate", 2: "proportion"}[row["ValueType"]],
            "transform": "logit" if "logit" in words else "log" if "log " in words else None,
            "polarity": "lower_is_better" if negative else "higher_is_better",
        }
        levels = re.findall(r"\d+", str(row["Confidence"]))
        # These four sets were made at 98%; their column says 95.
        if "with 98%" in words:
            levels = ["98"]
        rows = sheet[sheet["set"] == row["set"]]
        if row["ValueType"] == 0:
            rows = rows.drop(columns=["lower", "upper"])
        else:
            rows = rows.drop(columns=["standard_error"])
        yield row, rows, options, levels, 100 if "100)" in words else 1


@pytest.mark.shared_data
def test_all_official_sets_are_reproduced(reference):
    sets = 0
    for row, rows, options, _, times in expected_sets(reference):
        order = sorted(rows["group"])
        found = slope_index(rows, by=["set"], group_order=order, **options).iloc[0]
        assert found["sii"] * times == pytest.approx(row["sii"], rel=1e-9)
        if not np.isnan(row["rii"]):
            assert found["rii"] == pytest.approx(row["rii"], rel=1e-9)
        if not np.isnan(row["Intercept"]):
            assert found["most_deprived"] == pytest.approx(row["Intercept"], rel=1e-9)
        assert found["reason"] == ""
        sets += 1
    assert sets == 44


def is_even(rows, value_type):
    """Whether the limits lie evenly about the values on their own scale; averaged sides hide it."""
    if "lower" not in rows:
        return True
    scale = {"rate": np.log, "proportion": lambda p: np.log(p / (1 - p))}[value_type]
    low, middle, high = (scale(rows[name].to_numpy()) for name in ("lower", "value", "upper"))
    return (np.abs(low + high - 2 * middle) / (high - low)).max() < 0.02


@pytest.mark.shared_data
def test_analytic_limits_agree_with_the_simulated_ones(reference):
    """Within 5%; within 3% of the width where the sets' limits are even."""
    compared = close = 0
    for row, rows, options, levels, times in expected_sets(reference):
        for place, level in enumerate(levels, start=1):
            options["confidence"] = int(level) / 100
            order = sorted(rows["group"])
            found = slope_index(rows, by=["set"], group_order=order, **options).iloc[0]
            for name, scale in (("sii", times), ("rii", 1)):
                ends = [row[f"{name}_{side}cl_{place}"] for side in ("lower", "upper")]
                if np.isnan(ends[0]):
                    continue
                ours = [found[f"{name}_{side}"] * scale for side in ("lower", "upper")]
                assert ours == pytest.approx(ends, rel=0.05), row["set"]
                compared += 1
                if is_even(rows, options["value_type"]):
                    assert ours == pytest.approx(ends, abs=0.03 * (ends[1] - ends[0])), row["set"]
                    close += 1
    assert (compared > 80) & (close > 50)


@pytest.mark.shared_data
def test_negative_populations_of_the_official_set_are_refused(reference):
    rows = reference[reference["TestDescription"].str.contains("negative populations")]
    with pytest.raises(ValueError, match=r"^denominator -200.0 for .*: expected 0 or more$"):
        slope_index(rows, by=["set"], group_order=sorted(rows["group"].unique()))


def test_slope_is_that_of_weighted_least_squares():
    import statsmodels.api as sm

    rng = np.random.default_rng(3)
    value, people = rng.uniform(5, 20, 5), rng.uniform(50, 500, 5)
    share = people / people.sum()
    rank = share.cumsum() - share / 2
    fit = sm.WLS(value, sm.add_constant(rank), weights=share).fit()
    found = index(table(value, denominator=people))
    assert found["sii"] == pytest.approx(-fit.params[1], abs=1e-12)
    assert found["most_deprived"] == pytest.approx(fit.params[0], abs=1e-12)


def test_hand_worked_example_with_equal_fifths():
    # Ranks 0.1, 0.3 ... 0.9; the line falls by 10 from 15 to 5.
    frame = table([14.0, 12, 10, 8, 6], standard_error=1.0)
    found = index(frame, polarity="lower_is_better")
    assert [found["sii"], found["rii"], found["overall"]] == pytest.approx([10, 3, 10])
    assert [found["most_deprived"], found["least_deprived"]] == pytest.approx([15, 5])
    assert found["relative_to_overall"] == pytest.approx(1)
    assert found["attributable"] == pytest.approx(0.4)
    # The slope's weights are (rank - 0.5) / 0.4: -1, -0.5, 0, 0.5, 1; their squares sum to 2.5.
    assert found["sii_upper"] - 10 == pytest.approx(1.959963985 * np.sqrt(2.5))
    assert (found["n"], found["method"], found["confidence"]) == (5, "slope_index", 0.95)


@pytest.mark.parametrize(
    ("polarity", "sign"), [("higher_is_better", -1), ("lower_is_better", 1), ("no_judgement", 1)]
)
def test_positive_means_the_most_deprived_are_worse_off(polarity, sign):
    found = index(table([14.0, 12, 10, 8, 6]), polarity=polarity)
    assert found["sii"] == pytest.approx(10 * sign)
    assert found["rii"] == pytest.approx(3.0**sign)


def test_uneven_limits_keep_their_sides():
    frame = table([10.0] * 5, lower=[9, 10, 10, 10, 10.0], upper=[14, 10, 10, 10, 10.0])
    found = index(frame, polarity="lower_is_better")
    assert [found["sii_lower"], found["sii_upper"]] == pytest.approx([-1, 4])


@pytest.mark.parametrize("column", ["value", "denominator"])
def test_a_missing_group_gives_no_result_and_is_named(column):
    frame = table([14.0, 12, 10, 8, 6])
    frame.loc[2, column] = np.nan
    found = index(frame)
    assert np.isnan([found["sii"], found["rii"], found["sii_lower"], found["attributable"]]).all()
    assert (found["n"], found["reason"]) == (4, "no value or population for 3")


def test_an_absent_row_is_a_missing_group():
    assert index(table([14.0, 12, 10, 8]))["reason"] == "no value or population for 5"


def test_no_limits_leave_the_index_alone():
    found = index(table([14.0, 12, 10, 8, 6]))
    assert not np.isnan(found["sii"])
    assert np.isnan(found["sii_lower"])
    assert found["reason"] == "no limits for at least one group"


def test_a_zero_has_no_logarithm():
    found = index(table([14.0, 12, 10, 8, 0]), transform="log")
    assert np.isnan(found["sii"])
    assert found["reason"] == "a value has no log"


def test_an_empty_table_gives_an_empty_result():
    found = slope_index(table([14.0, 12, 10]).iloc[:0], by=["area"], group_order=FIFTHS)
    assert len(found) == 0
    assert "sii_lower" in found


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"value_type": "count"}, "value_type 'count': expected normal, rate or proportion"),
        ({"transform": "sqrt"}, "transform 'sqrt': expected None, 'log' or 'logit'"),
        (
            {"polarity": "up"},
            "polarity 'up': expected higher_is_better, lower_is_better or no_judgement",
        ),
        ({"group_order": [1, 2, 2]}, "group_order has 2 groups; expected at least 3"),
        (
            {"value_type": "proportion"},
            "value 14.0 for A, 1: expected a fraction from 0 to 1",
        ),
    ],
)
def test_wrong_options_are_named(options, message):
    with pytest.raises(ValueError, match=f"^{re.escape(message)}$"):
        index(table([14.0, 12, 10, 8, 6]), **options)


def test_a_group_twice_is_refused():
    frame = table([14.0, 12, 10])
    with pytest.raises(ValueError, match=re.escape("two rows for A, 1; expected one")):
        index(pd.concat([frame, frame.iloc[:1]], ignore_index=True))


def test_limits_hold_the_true_index_as_often_as_they_say():
    rng = np.random.default_rng(11)
    true = np.array([20.0, 17, 15, 12, 9])
    sets = 4000
    frame = pd.DataFrame(
        {
            "area": np.repeat(np.arange(sets), 5),
            "group": FIFTHS * sets,
            "value": (true + 2 * rng.standard_normal((sets, 5))).ravel(),
            "denominator": np.tile([90.0, 80, 100, 120, 110], sets),
            "standard_error": 2.0,
        }
    )
    wanted = index(table(true, denominator=[90.0, 80, 100, 120, 110]))
    found = slope_index(frame, by=["area"], group_order=FIFTHS)
    for name in ("sii", "rii"):
        held = found[f"{name}_lower"].le(wanted[name]) & found[f"{name}_upper"].ge(wanted[name])
        assert held.mean() == pytest.approx(0.95, abs=0.012)
