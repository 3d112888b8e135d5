import re

import numpy as np
import pandas as pd
import pytest
from PHStatsMethods import euro_standard_pop, ph_dsr, ph_ISRate, ph_ISRatio

from outcomes.statistics.intervals import (
    european_standard_2013,
    indirectly_standardised,
    poisson,
    standardised_rates,
)

NAN = float("nan")
LIMITS = ["value", "lower", "upper"]
NAMES = {"Age Band": "age_band", "ageband": "age_band", "count": "numerator", "pop": "denominator"}


@pytest.fixture(scope="session")
def sheets(shared_data):
    path = shared_data / "phe-methods" / "testdata_DSR_ISR.xlsx"
    tables = pd.read_excel(path, sheet_name=None, engine="calamine")
    return {name: table.rename(columns=NAMES) for name, table in tables.items()}


@pytest.fixture
def areas():
    """Three areas by five-year age band, the rows in no order."""
    rng = np.random.default_rng(5)
    bands = european_standard_2013()["age_band"]
    table = pd.DataFrame(
        [(area, band) for area in "abc" for band in bands], columns=["area", "age_band"]
    )
    table["denominator"] = rng.integers(300, 3000, len(table)).astype(float)
    table["numerator"] = rng.poisson(table["denominator"] * 0.01).astype(float)
    return table.sample(frac=1, random_state=1)


def small(**columns):
    table = {"area": "a", "age_band": ["0-4", "5+"], "numerator": [10, 20]}
    return pd.DataFrame(table | {"denominator": [100, 400]} | columns)


SMALL_STANDARD = pd.DataFrame({"age_band": ["5+", "0-4"], "population": [3000, 1000]})
SMALL_REFERENCE = pd.DataFrame(
    {"age_band": ["5+", "0-4"], "numerator": [40, 20], "denominator": [1000, 100]}
)


def standard_of(table, weights):
    return pd.DataFrame({"age_band": table["age_band"].unique(), "population": weights})


@pytest.mark.shared_data
@pytest.mark.parametrize("per", [10_000, 100_000])
@pytest.mark.parametrize(("confidence", "label"), [(0.95, "95"), (0.998, "99_8")])
def test_direct_rates_are_the_official_ones(sheets, per, confidence, label):
    many = sheets["testdata_multiarea"].fillna({"numerator": 0, "denominator": 1})
    old = sheets["testdata_1976"].assign(area="testdata_1976")
    results = pd.concat(
        [
            standardised_rates(table, by="area", standard=standard, per=per, confidence=confidence)
            for table, standard in (
                (many, standard_of(many, european_standard_2013()["population"])),
                (old, old.rename(columns={"esp1976": "population"})),
            )
        ]
    ).set_index("area")
    expected = sheets["testresults_DSR"].set_index("area")
    expected = expected[
        expected["statistic"].isin([f"dsr per {per}", "dsr NA for total count < 10"])
    ]
    expected = expected[~expected.index.duplicated()].loc[results.index]
    wanted = expected[["Value", f"lower_{label}_ci", f"upper_{label}_ci"]].to_numpy()
    assert np.isnan(wanted).all(axis=1).tolist() == [False, False, True, False]
    # The table's 99.8% limits of the 1976 standard are ten times too high.
    good = slice(None) if label == "95" else slice(0, 3)
    np.testing.assert_allclose(
        results[LIMITS].to_numpy()[good], wanted[good], rtol=1e-9, equal_nan=True
    )
    assert results["reason"].loc["testdata_tiny"] == "fewer than 10 events in all"


@pytest.mark.shared_data
def test_indirect_rates_and_ratios_are_the_official_ones(sheets):
    reference = sheets["refdata"].rename(columns={"refcount": "numerator", "refpop": "denominator"})
    tables = {False: sheets["testdata_multiarea"].fillna(0), True: sheets["testdata_err2"]}
    expected = sheets["testresults_ISR"]
    seen = 0
    for (statistic, no_people), rows in expected.groupby(
        ["Statistic", expected["area"].str.startswith("Area")]
    ):
        kind, per = re.fullmatch(
            r"indirectly standardised (\w+) (?:per|x) (\d+)", statistic
        ).groups()
        for confidence, label in ((0.95, "95"), (0.998, "99_8")):
            result = indirectly_standardised(
                tables[no_people],
                by="area",
                reference=reference,
                kind=kind,
                per=int(per),
                confidence=confidence,
            )
            wanted = rows[
                ["Observed", "Expected", "Value", f"lower_{label}_ci", f"upper_{label}_ci"]
            ]
            known = wanted.notna().to_numpy()
            found = result[["numerator", "expected", *LIMITS]].to_numpy()
            np.testing.assert_allclose(found[known], wanted.to_numpy()[known], rtol=1e-9)
            seen += known[:, 3].sum()
    assert seen == 2 * 12 + 4


@pytest.mark.shared_data
def test_events_known_only_in_all_give_the_official_ratios(shared_data):
    folder = shared_data / "phe-methods"
    tables = pd.read_excel(folder / "testdata_ISR_obs.xlsx", sheet_name=None, engine="calamine")
    by = ["indicatorid", "year", "sex"]
    table = tables["df"].rename(columns=NAMES)
    reference = pd.read_csv(folder / "isr_refdummydata.csv")
    reference = reference.set_axis(["numerator", "denominator"], axis=1)
    reference["age_band"] = table["age_band"].unique()
    result = indirectly_standardised(
        table,
        by=by,
        reference=reference.sample(frac=1, random_state=2),
        per=1,
        observed=tables["obs"].rename(columns={"observed": "numerator"}),
    )
    wanted = tables["obs_results"].set_index(by).loc[result.set_index(by).index]
    assert len(wanted) == 40
    np.testing.assert_allclose(
        result[["numerator", "expected", *LIMITS]].to_numpy(),
        wanted[["observed", "expected", "Value", "lower_95_ci", "upper_95_ci"]].to_numpy(),
        rtol=1e-9,
    )


def test_random_tables_agree_with_the_official_tool(areas):
    standard = european_standard_2013()
    ours = standardised_rates(areas, by="area", standard=standard)
    joined = areas.merge(standard, on="age_band")
    official = ph_dsr(
        joined,
        "numerator",
        "denominator",
        ref_denom_col="population",
        group_cols=["area"],
        euro_standard_pops=False,
    )
    wanted = official.sort_values("area").filter(regex="(?i)^value$|^dsr$|lower|upper")
    np.testing.assert_allclose(ours[LIMITS].to_numpy(), wanted.to_numpy(float), rtol=1e-9)
    reference = areas.groupby("age_band", as_index=False)[["numerator", "denominator"]].sum()
    joined = areas.merge(reference, on="age_band", suffixes=("", "_ref"))
    arguments = ["numerator", "denominator", "numerator_ref", "denominator_ref", ["area"]]
    for kind, theirs, per in (("rate", ph_ISRate, 100_000), ("ratio", ph_ISRatio, 1)):
        official = theirs(joined, *arguments).sort_values("area")
        wanted = official.filter(regex="(?i)^value$|lower|upper").to_numpy(float)
        ours = indirectly_standardised(areas, by="area", reference=reference, kind=kind, per=per)
        np.testing.assert_allclose(ours[LIMITS].to_numpy(), wanted, rtol=1e-9)


def test_the_european_standard_is_the_official_one():
    standard, official = european_standard_2013(), euro_standard_pop()
    assert standard["population"].tolist() == official["euro_standard_pops"].tolist()
    assert standard["age_band"].tolist() == official["esp_age_bands"].tolist()
    assert standard["population"].sum() == 100_000


def test_a_rate_by_hand_with_the_standard_in_another_order():
    result = standardised_rates(small(), by="area", standard=SMALL_STANDARD, per=100)
    # (1 x 10% + 3 x 5%) / 4
    assert result["value"].item() == pytest.approx(6.25)
    assert result[["numerator", "denominator", "n"]].iloc[0].tolist() == [30, 500, 2]
    assert result[["method", "confidence", "reason"]].iloc[0].tolist() == ["dobson", 0.95, ""]


def test_a_ratio_and_a_rate_by_hand_with_the_reference_in_another_order():
    # Expected: 100 x 20% + 400 x 4% = 36; the reference's crude rate is 60 in 1,100.
    ratio, rate = (
        indirectly_standardised(small(), by="area", reference=SMALL_REFERENCE, kind=kind)
        for kind in ("ratio", "rate")
    )
    assert ratio["expected"].item() == pytest.approx(36)
    assert ratio["value"].item() == pytest.approx(100 * 30 / 36)
    assert rate["value"].item() == pytest.approx(100_000 * 30 / 36 * 60 / 1100)


def test_a_group_against_itself_has_its_crude_rate():
    table = small()
    standard = table.rename(columns={"denominator": "population"})
    result = standardised_rates(table, by="area", standard=standard, per=1)
    lower, upper = poisson(30)
    np.testing.assert_allclose(result[LIMITS].iloc[0], [30 / 500, lower / 500, upper / 500])


def test_people_with_several_events_widen_the_limits_but_not_the_rate():
    once = small(numerator=[100, 200])
    each = pd.concat(
        [
            once.assign(numerator=[40, 80], events_each=1),
            once.assign(numerator=[30, 60], events_each=2),
        ]
    )
    plain = standardised_rates(once, by="area", standard=SMALL_STANDARD)
    wide = standardised_rates(each, by="area", standard=SMALL_STANDARD, independent=False)
    assert wide["numerator"].item() == 300
    assert wide["value"].item() == pytest.approx(plain["value"].item())
    # Every band has 1 x 40% + 2 x 30%: variance 40 + 4 x 30 = 160 where it would be 100.
    for side in ("lower", "upper"):
        stretched = np.sqrt(1.6) * (plain[side] - plain["value"])
        np.testing.assert_allclose(wide[side] - wide["value"], stretched)
    assert wide["method"].item() == "dobson_adjusted"


def test_one_event_each_is_the_same_as_independent_events(areas):
    plain = standardised_rates(areas, by="area", standard=european_standard_2013())
    each = standardised_rates(
        areas.assign(events_each=1),
        by="area",
        standard=european_standard_2013(),
        independent=False,
    )
    pd.testing.assert_frame_equal(plain.drop(columns="method"), each.drop(columns="method"))


@pytest.mark.parametrize(("events", "reason"), [(9, "fewer than 10 events in all"), (10, "")])
def test_a_direct_rate_takes_ten_events(events, reason):
    result = standardised_rates(
        small(numerator=[events - 4, 4]), by="area", standard=SMALL_STANDARD
    )
    assert result["reason"].item() == reason
    assert result[LIMITS].isna().all(axis=None) == bool(reason)


@pytest.mark.parametrize(
    ("columns", "rows", "reason"),
    [
        ({"numerator": [NAN, 20]}, 2, "no figure for age band 0-4"),
        ({"denominator": [100, NAN]}, 2, "no figure for age band 5+"),
        ({}, 1, "no figure for age band 5+"),
        ({"denominator": [0, 400]}, 2, "no population in age band 0-4"),
    ],
)
def test_a_band_that_is_missing_or_empty_leaves_no_direct_rate(columns, rows, reason):
    table = pd.concat([small(**columns).iloc[:rows], small(area="b")])
    result = standardised_rates(table, by="area", standard=SMALL_STANDARD)
    assert result["reason"].tolist() == [reason, ""]
    assert result["method"].tolist() == ["", "dobson"]
    assert result["value"].isna().tolist() == [True, False]


@pytest.mark.parametrize(
    ("columns", "observed", "reason"),
    [
        ({"numerator": [NAN, 20]}, None, "no figure for age band 0-4"),
        ({"denominator": [NAN, 400]}, ["a"], "no figure for age band 0-4"),
        ({"denominator": [0, 0]}, None, "no events expected"),
        ({}, ["other"], "no observed count"),
    ],
)
def test_what_is_missing_leaves_no_indirect_ratio(columns, observed, reason):
    if observed is not None:
        observed = pd.DataFrame({"area": observed, "numerator": 30})
    result = indirectly_standardised(
        small(**columns), by=["area"], reference=SMALL_REFERENCE, observed=observed
    )
    assert result[["reason", "method"]].iloc[0].tolist() == [reason, ""]
    assert result[LIMITS].isna().all(axis=None)


def test_a_missing_number_of_people_with_several_events_leaves_no_rate():
    table = pd.concat([small(events_each=1), small(numerator=[3, NAN], events_each=2)])
    table = table.reset_index(drop=True)
    result = standardised_rates(table, by="area", standard=SMALL_STANDARD, independent=False)
    assert result["reason"].item() == "no figure for age band 5+"


def test_a_group_without_a_name_is_kept():
    table = pd.concat([small(area=None), small(area="b", numerator=[20, 40])], ignore_index=True)
    result = standardised_rates(table, by="area", standard=SMALL_STANDARD, per=100)
    np.testing.assert_allclose(result["value"], [12.5, 6.25])


def test_an_empty_table_gives_an_empty_result():
    empty = small().iloc[:0]
    assert len(standardised_rates(empty, by="area", standard=SMALL_STANDARD)) == 0
    assert len(indirectly_standardised(empty, by="area", reference=SMALL_REFERENCE)) == 0


def direct(table=None, standard=SMALL_STANDARD, **arguments):
    table = small() if table is None else table
    return standardised_rates(table, by="area", standard=standard, **arguments)


def indirect(table=None, reference=SMALL_REFERENCE, **arguments):
    table = small() if table is None else table
    return indirectly_standardised(table, by="area", reference=reference, **arguments)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (
            lambda: direct(small(age_band=["0-4", "5-9"])),
            "row 1: age_band 5-9: expected one of 5+, 0-4",
        ),
        (
            lambda: direct(small(age_band="5+")),
            "row 1: age_band 5+: expected one row for each group and band",
        ),
        (
            lambda: direct(small(numerator=[5, -26])),
            "row 1: numerator -26.0: expected 0 or more",
        ),
        (
            lambda: direct(small(denominator=[-558, 4])),
            "row 0: denominator -558.0: expected 0 or more",
        ),
        (
            lambda: direct(standard=SMALL_STANDARD.assign(age_band="5+")),
            "row 1: age_band 5+: expected each band once",
        ),
        (
            lambda: direct(standard=SMALL_STANDARD.assign(population=[1, 0])),
            "row 1: population 0.0: expected people in every band of the standard",
        ),
        (
            lambda: direct(small(events_each=[1, 0]), independent=False),
            "row 1: events_each 0.0: expected 1 or more",
        ),
        (
            lambda: direct(
                small(events_each=[1, 2], age_band="5+", denominator=[4, 5]), independent=False
            ),
            "row 0: denominator 4.0: expected one for each band",
        ),
        (
            lambda: direct(small(events_each=1, age_band="5+"), independent=False),
            "row 1: events_each 1.0: expected one row for each group, band and number",
        ),
        (lambda: indirect(kind="odds"), "kind 'odds': expected one of ratio, rate"),
        (
            lambda: indirect(reference=SMALL_REFERENCE.assign(denominator=[1, 0])),
            "row 1: denominator 0.0: expected people in every band of the reference",
        ),
        (
            lambda: indirect(reference=SMALL_REFERENCE.assign(numerator=[NAN, 1])),
            "row 0: numerator nan: expected a count in every band of the reference",
        ),
        (
            lambda: indirect(observed=pd.DataFrame({"area": ["a", "a"], "numerator": [1, 2]})),
            "row 1: area a: expected one row for each group of observed counts",
        ),
    ],
)
def test_input_that_cannot_be_is_refused(call, message):
    with pytest.raises(ValueError, match=f"^{re.escape(message)}$"):
        call()


def test_dobsons_limits_cover_the_truth_about_as_often_as_they_say():
    rng = np.random.default_rng(21)
    standard = european_standard_2013()
    people = np.linspace(3000, 300, 19)
    risk = 0.0002 * 1.35 ** np.arange(19)
    truth = (standard["population"] * risk).sum()
    repeats = 2000
    table = pd.DataFrame(
        {
            "run": np.repeat(np.arange(repeats), 19),
            "age_band": np.tile(standard["age_band"], repeats),
            "denominator": np.tile(people, repeats),
            "numerator": rng.poisson(np.tile(people * risk, repeats)),
        }
    )
    result = standardised_rates(table, by="run", standard=standard)
    inside = (result["lower"] <= truth) & (truth <= result["upper"])
    assert 0.935 < inside.mean() < 0.97
