import re

import numpy as np
import pandas as pd
import pytest
from PHStatsMethods import assign_funnel_significance
from scipy.stats import poisson
from statsmodels.stats.proportion import proportion_confint

from outcomes.statistics.relationships import control_limits, funnel, funnel_lines

WORDS = {
    "High (0.001)": "above_998",
    "High (0.025)": "above_95",
    "Not significant": "inside",
    "Low (0.025)": "below_95",
    "Low (0.001)": "below_998",
    "Not applicable for events less than 10 for DSRs": "not_given",
}
SIDES = {"lower_95": "lower_2s", "upper_95": "upper_2s", "lower_998": "lower_3s", "upper_998": "upper_3s"}  # fmt: skip
BISECTION = 1e-5
"""The official lines are found by halving down to 1e-7 of (0, 1): up to this much apart."""


@pytest.fixture
def sheet(shared_data):
    path = shared_data / "phe-methods" / "testdata_funnels.xlsx"
    names = {"numerator": ["ev", "obs", "count"], "denominator": ["expected"]}
    new = {old: name for name, olds in names.items() for old in olds}

    def read(name: str) -> pd.DataFrame:
        table = pd.read_excel(path, sheet_name=name, engine="openpyxl")
        return table.rename(columns=new)

    return read


@pytest.mark.shared_data
@pytest.mark.parametrize(
    ("name", "below"), [("prop_outputs", np.inf), ("prop_outputs_axis_var", 31000)]
)
def test_proportion_limits_are_the_official_ones(sheet, name, below):
    areas, expected = sheet("prop_inputs"), sheet(name)
    centre = funnel(areas[areas["denominator"] < below])["centre"].iloc[0]
    assert centre == pytest.approx(expected["baseline"].iloc[0], abs=1e-6)
    limits = control_limits(centre, expected["Population"], kind="proportion", per=100)
    for ours, theirs in SIDES.items():
        np.testing.assert_allclose(limits[ours], expected[f"{theirs}_limit"], atol=1e-6)


@pytest.mark.shared_data
@pytest.mark.parametrize(("scale", "per", "less"), [("count", 1, 1), ("isr", 100, 0)])
def test_ratio_limits_are_the_official_ones(sheet, scale, per, less):
    expected = sheet("ratio_outputs")
    for ours, theirs in SIDES.items():
        size = expected[f"{theirs}_exp_events"]
        limits = control_limits(per, size, kind="ratio", per=per)[ours] - less
        np.testing.assert_allclose(limits, expected[f"{theirs}_{scale}"], rtol=BISECTION)


def with_five_events(table):
    return table.assign(numerator=table["numerator"].where(~largest(table), 5))


def large_with_a_zero(table):
    table = table.assign(denominator=1e5 * table["numerator"] / table["value"])
    table = table.assign(numerator=table["numerator"].where(~largest(table), 0))
    return table[table["denominator"] > table["denominator"].max() / 2]


def largest(table):
    return table["numerator"] == table["numerator"].max()


@pytest.mark.shared_data
@pytest.mark.parametrize(
    ("name", "change", "kind"),
    [
        ("rate_outputs", lambda table: table, "standardised_rate"),
        ("rate_outputs_2", with_five_events, "rate"),
        ("rate_outputs_3", large_with_a_zero, "rate"),
    ],
)
def test_rate_limits_are_the_official_ones(sheet, name, change, kind):
    areas = change(sheet("rate_inputs")[["numerator", "rate"]].rename(columns={"rate": "value"}))
    if "denominator" not in areas:
        areas = areas.assign(denominator=1e5 * areas["numerator"] / areas["value"])
    expected = sheet(name)
    centre = funnel(areas, kind=kind)["centre"].iloc[0]
    assert centre == pytest.approx(expected["baseline"].iloc[0], abs=1e-6)
    for ours, theirs in SIDES.items():
        size = 3 * expected[f"{theirs}_population_1_year"]
        limits = control_limits(centre, size, kind="rate", per=1e5)[ours]
        np.testing.assert_allclose(limits, expected[f"{theirs}_limit"], rtol=BISECTION)


@pytest.mark.shared_data
@pytest.mark.parametrize(
    ("name", "kind"), [("prop_inputs", "proportion"), ("ratio_inputs", "ratio")]
)
def test_proportions_and_ratios_lie_where_the_official_tables_say(sheet, name, kind):
    areas = sheet(name)
    position = funnel(areas, kind=kind)["position"]
    assert list(position) == list(areas["significance"].map(WORDS))


@pytest.mark.shared_data
@pytest.mark.parametrize("per", [100, 100000])
@pytest.mark.parametrize("zero", ["with_0", "without_0"])
@pytest.mark.parametrize(("prefix", "kind"), [("dsr", "standardised_rate"), ("crude", "rate")])
def test_rates_lie_where_the_official_tables_say(sheet, prefix, kind, zero, per):
    areas = sheet("rate_dsr_inputs").rename(columns={"rate_dsr": "value", "pop": "denominator"})
    if zero == "without_0":
        areas = areas[areas["numerator"] > 0]
    areas["value"] *= per / 1e5
    position = funnel(areas, kind=kind, per=per)["position"]
    assert list(position) == list(areas[f"{prefix}_per_{per}_{zero}"].map(WORDS))


def drawn(kind: str) -> pd.DataFrame:
    rng = np.random.default_rng(31)
    size = rng.integers(20, 3000, 400)
    chance = np.clip(rng.normal(0.2, 0.03, 400), 0.01, 1)
    events = rng.binomial(size, chance)
    return pd.DataFrame(
        {"numerator": events, "denominator": size * (0.2 if kind == "ratio" else 1.0)}
    )


@pytest.mark.parametrize("kind", ["proportion", "ratio"])
def test_random_areas_lie_where_phstatsmethods_says(kind):
    areas = drawn(kind)
    official = assign_funnel_significance(areas, "numerator", kind, "denominator")["significance"]
    assert official.nunique() == 5
    # Above nine events the official test is Byar's approximation; ours stays exact.
    agree = funnel(areas, kind=kind)["position"] == official.map(WORDS)
    assert agree.mean() > (0.999 if kind == "proportion" else 0.985)


def test_a_proportion_is_outside_where_its_wilson_interval_leaves_the_centre_out():
    areas = drawn("proportion")
    points = funnel(areas)
    for level, word in [(0.05, "95"), (0.002, "998")]:
        low, high = proportion_confint(areas["numerator"], areas["denominator"], level, "wilson")
        centre = points["centre"] / 100
        assert list(points["value"] > points[f"upper_{word}"]) == list(low > centre)
        assert list(points["value"] < points[f"lower_{word}"]) == list(high < centre)


@pytest.mark.parametrize("expected", [0.01, 0.02, 0.5, 3.0, 3.7, 40.0])
def test_a_ratio_is_outside_where_its_poisson_tail_is_below_the_level(expected):
    counts = np.arange(120)
    areas = pd.DataFrame({"numerator": counts, "denominator": expected})
    position = funnel(areas, kind="ratio")["position"].to_numpy()
    high, low = poisson.sf(counts - 1, expected), poisson.cdf(counts, expected)
    words = ["above_998", "above_95", "below_998", "below_95"]
    tests = [high < 0.001, high < 0.025, low < 0.001, low < 0.025]
    assert list(position) == list(np.select(tests, words, default="inside"))


def test_the_limits_by_hand():
    # 20 % of 400: 1.959964 x sqrt(0.2 x 0.8 / 400) = 0.0391993; 3.090232 x 0.02 = 0.0618046
    limits = control_limits(20, np.array([400]), kind="proportion", per=100).iloc[0]
    assert limits["lower_95"] == pytest.approx(20 - 3.91993, abs=1e-5)
    assert limits["upper_95"] == pytest.approx(20 + 3.91993, abs=1e-5)
    assert limits["lower_998"] == pytest.approx(20 - 6.18046, abs=1e-5)


def test_limits_stay_where_figures_can_be():
    limits = control_limits(50, np.array([1.0]), kind="proportion", per=100).iloc[0]
    assert list(limits) == [0, 100, 0, 100]
    assert control_limits(1, np.array([2.0]), kind="ratio", per=1)["lower_95"].iloc[0] == 0


def test_the_centre_is_pooled_and_an_area_without_a_figure_is_left_out_of_it():
    areas = pd.DataFrame(
        {"numerator": [10, 30, np.nan, 5, 0], "denominator": [100, 100, 100, np.nan, 0]},
        index=list("abcde"),
    )
    points = funnel(areas)
    assert set(points["centre"]) == {20.0}
    assert set(points["n"]) == {2}
    assert list(points["position"]) == ["below_95", "above_95"] + ["not_given"] * 3
    assert list(points["reason"]) == [
        "", "", "no numerator or denominator", "no numerator or denominator", "the denominator is 0",
    ]  # fmt: skip
    assert points.loc["c":, "value"].isna().all()
    assert points.loc["b", "z"] == pytest.approx(2.5)
    assert set(points["method"]) == {"score"}
    assert set(points["confidence"]) == {0.95}


def test_a_standardised_rate_needs_ten_events():
    areas = pd.DataFrame({"numerator": [9, 10, 200], "value": [5.0, 5.0, 5.0]})
    points = funnel(areas, kind="standardised_rate")
    assert list(points["reason"]) == ["fewer than 10 events", "", ""]
    assert list(points["position"]) == ["not_given", "inside", "inside"]


def test_no_events_anywhere_put_every_area_inside():
    points = funnel(pd.DataFrame({"numerator": [0, 0], "denominator": [9, 99]}), kind="rate")
    assert set(points["position"]) == {"inside"}
    assert points["z"].isna().all()


def test_other_levels_name_other_columns():
    areas = pd.DataFrame({"numerator": [10, 30, 21], "denominator": [100, 100, 100]})
    points = funnel(areas, levels=(0.9, 0.99))
    assert {"lower_9", "upper_9", "lower_99", "upper_99"} <= set(points.columns)
    assert list(points["position"]) == ["below_9", "above_9", "inside"]


def overdispersed(tau: float, count: int = 200) -> pd.DataFrame:
    rng = np.random.default_rng(2005)
    size = rng.integers(2000, 20000, count)
    return pd.DataFrame(
        {"numerator": rng.binomial(size, rng.normal(0.3, tau, count)), "denominator": size}
    )


def test_overdispersion_by_hand():
    areas = overdispersed(0.03, 12)
    plain, wide = funnel(areas), funnel(areas, overdispersion=True)
    low, high = np.quantile(plain["z"], [0.1, 0.9])
    phi = np.mean(np.clip(plain["z"], low, high) ** 2)
    weights = areas["denominator"] / (plain["centre"] * (100 - plain["centre"]))
    tau = np.sqrt((12 * phi - 11) / (weights.sum() - (weights**2).sum() / weights.sum()))
    assert wide["phi"].iloc[0] == pytest.approx(phi)
    assert wide["tau"].iloc[0] == pytest.approx(tau)
    reach = 1.959963985 * np.sqrt(1 / weights + tau**2)
    np.testing.assert_allclose(wide["upper_95"], wide["centre"] + reach, rtol=1e-8)
    np.testing.assert_allclose(wide["z"], plain["z"] / np.sqrt(1 + tau**2 * weights), rtol=1e-8)
    assert set(wide["method"]) == {"score_overdispersed"}


def test_wide_limits_hold_what_narrow_ones_do_not_where_areas_differ_beyond_chance():
    areas = overdispersed(0.03)
    assert (funnel(areas)["position"] != "inside").mean() > 0.6
    wide = funnel(areas, overdispersion=True)
    # Winsorised scores have about two thirds of their variance, so one in ten is outside, not one
    # in twenty.
    assert 0.05 < (wide["position"] != "inside").mean() < 0.14
    assert 2.1 < wide["tau"].iloc[0] < 3


def test_without_spread_beyond_chance_limits_stay_as_they_are():
    areas = overdispersed(0.0)
    wide = funnel(areas, overdispersion=True)
    assert set(wide["tau"]) == {0.0}
    assert wide["phi"].iloc[0] < 1
    pd.testing.assert_series_equal(wide["upper_998"], funnel(areas)["upper_998"])


def test_ten_areas_show_overdispersion_and_nine_say_why_not():
    areas = overdispersed(0.03, 10)
    assert funnel(areas, overdispersion=True)["tau"].iloc[0] > 0
    few = funnel(areas.iloc[:9], overdispersion=True)
    assert set(few["reason"]) == {"overdispersion needs 10 areas, here are 9"}
    assert set(few["tau"]) == {0.0}


@pytest.mark.parametrize("overdispersion", [False, True])
@pytest.mark.parametrize("kind", ["proportion", "rate"])
def test_the_line_passes_through_the_limits_of_its_ends(kind, overdispersion):
    points = funnel(overdispersed(0.03), kind=kind, overdispersion=overdispersion)
    lines = funnel_lines(points, count=50)
    assert len(lines) == 50
    names = ["denominator", "centre", *SIDES]
    ends = points.sort_values("denominator").iloc[[0, -1]]
    np.testing.assert_allclose(lines.iloc[[0, -1]][names], ends[names].astype(float), rtol=1e-9)
    assert lines["upper_998"].is_monotonic_decreasing


def test_without_areas_funnel_and_line_are_empty():
    points = funnel(pd.DataFrame({"numerator": [], "denominator": []}))
    lines = funnel_lines(points)
    assert points.empty
    assert lines.empty
    assert set(lines.columns) == {"denominator", "centre", *SIDES}


@pytest.mark.parametrize(
    ("counts", "options", "message"),
    [
        ([5, -1], {}, "row 1: numerator or denominator is negative"),
        ([5, 11], {}, "row 1: the numerator is above the denominator"),
        ([5, 5], {"kind": "mean"}, "kind 'mean': expected one of proportion, rate, standardised_rate, ratio"),
        ([5, 5], {"levels": (0.998, 0.95)}, "levels (0.998, 0.95): expected two, the smaller first"),
        ([5, 5], {"kind": "standardised_rate"}, "the table has no column value; it has numerator, denominator"),
    ],
)  # fmt: skip
def test_what_cannot_be_is_refused(counts, options, message):
    areas = pd.DataFrame({"numerator": counts, "denominator": [10, 10]})
    with pytest.raises(ValueError, match=f"^{re.escape(message)}$"):
        funnel(areas, **options)


def test_a_rate_may_have_more_events_than_people():
    areas = pd.DataFrame({"numerator": [11, 5], "denominator": [10, 10]})
    assert funnel(areas, kind="rate", per=1)["value"].iloc[0] == pytest.approx(1.1)


def test_areas_that_do_not_differ_are_outside_as_often_as_the_levels_say():
    rng = np.random.default_rng(3)
    size = rng.integers(500, 5000, 20_000)
    points = funnel(pd.DataFrame({"numerator": rng.binomial(size, 0.2), "denominator": size}))
    outside = points["position"] != "inside"
    assert outside.mean() == pytest.approx(0.05, abs=0.006)
    assert points["position"].str.endswith("998").mean() == pytest.approx(0.002, abs=0.001)
