"""What is planted in the sample county is found on its pages, each by the statistic it is for."""

import math

import numpy as np
import pandas as pd
import pytest
import statsmodels.api as sm

from outcomes.baseline import load_baseline, load_overview
from outcomes.baseline.across import load_basket, load_funnel, load_relation
from outcomes.errors import ParameterError
from outcomes.model import Baseline, Overview, Page, Position
from outcomes.parameters import load_parameters

NATION, COUNTY, DISTRICT = "X92000001", "X10000001", "X07000003"
Z = 1.959963984540054


def page(outcome: str, locality: str = COUNTY, comparator: str = "nation") -> Page:
    return load_parameters().page(
        framework="essex_2014", outcome=outcome, locality=locality, comparator=comparator
    )


@pytest.fixture(scope="module")
def county(request):
    """The county's baselines by outcome, each loaded once."""
    known: dict[str, Baseline] = {}

    def load(outcome: str) -> Baseline:
        if outcome not in known:
            known[outcome] = load_baseline(page(outcome))
        return known[outcome]

    return load


@pytest.fixture
def found(home, county):
    """Return an indicator of the county's page."""

    def find(outcome: str, indicator: str) -> Position:
        return named(county(outcome), indicator)

    return find


def named(results: Baseline, indicator: str) -> Position:
    (position,) = [p for p in results.positions if p.indicator_id == indicator]
    return position


def own_table(home, name: str) -> pd.DataFrame:
    """Return the rows of one of the council's own tables, as they stand in its file."""
    path = home / "data" / "sample" / "own" / f"{name}.csv"
    return pd.read_csv(path, encoding="utf-8-sig", skiprows=1, dtype=str)


def raw(home, dataset: str, indicator: str) -> pd.DataFrame:
    path = home / "data" / "sample" / "els" / dataset / f"{dataset}.csv"
    rows = pd.read_csv(path, encoding="utf-8-sig")
    return rows[(rows["indicator"] == indicator) & rows["observation"].notna()]


def people(home, first: int, last: int) -> pd.Series:
    """Return how many people of some ages live in each area, by the newest estimate."""
    path = home / "data" / "sample" / "population" / "mid_year_estimates.csv"
    rows = pd.read_csv(path, dtype={"age": str})
    rows["age"] = rows["age"].str.removesuffix("+").astype(int)
    rows = rows[(rows["mid_year"] == rows["mid_year"].max()) & rows["age"].between(first, last)]
    return rows.groupby("area_code")["population"].sum()


class TestAgainstAComparator:
    def test_a_difference_is_tested_with_both_intervals_and_the_places_own_share(self, home, found):
        rows = raw(home, "employment-rate", "Employment rate")
        rows = rows[rows["period"] == rows["period"].max()].set_index("areacd")
        own, nation = rows.loc[COUNTY], rows.loc[NATION]
        of_age = people(home, 16, 64)
        districts = of_age[of_age.index.str.startswith("X07")]
        share = of_age[COUNTY] / districts.sum()
        rest = (nation["observation"] - share * own["observation"]) / (1 - share)
        arms = {}
        for side, other in (("lci_95", "uci_95"), ("uci_95", "lci_95")):
            of_place = own["observation"] - own[side]
            of_whole = nation["observation"] - nation[other]
            same = own["observation"] - own[other]
            arm = math.sqrt(max(of_whole**2 - (share * same) ** 2, 0)) / (1 - share)
            arms[side] = (1 - share) * math.hypot(of_place, arm)
        difference = (1 - share) * (own["observation"] - rest)
        got = found("economic_growth", "employment_rate").comparison
        assert got.method == "difference"
        assert got.difference == pytest.approx(difference)
        assert got.difference_lower == pytest.approx(difference - arms["lci_95"])
        assert got.difference_upper == pytest.approx(difference + arms["uci_95"])
        assert got.verdict == "similar"
        assert got.difference_lower < 0 < got.difference_upper

    def test_the_gap_in_people_is_the_difference_on_the_newest_base_and_the_older_beside_it(
        self, home, found
    ):
        position = found("economic_growth", "employment_rate")
        adults = people(home, 16, 64)[COUNTY]
        got, comparison = position.standing.people, position.comparison
        assert got.count == round(comparison.difference * adults / 100)
        assert got.lower == math.floor(comparison.difference_lower * adults / 100)
        assert got.upper == math.ceil(comparison.difference_upper * adults / 100)
        assert (got.base, got.size) == ("people aged 16 to 64, mid-2024", adults)
        assert got.older[1] == "people aged 16 to 64, mid-2023"

    def test_a_rank_lies_within_its_interval_and_the_interval_within_the_areas(self, home):
        results = load_baseline(page("health_and_wellbeing", DISTRICT))
        rank = named(results, "adult_obesity").rank
        assert 1 <= rank.lowest <= rank.position <= rank.highest <= rank.of == 36
        assert rank.highest > rank.lowest

    def test_without_an_interval_only_the_side_is_named(self, found):
        position = found("safe_communities", "level_of_crime")
        assert (position.comparison.method, position.comparison.tested) == ("side_only", False)
        assert math.isnan(position.comparison.difference_lower)
        assert math.isnan(position.rank.lowest)

    def test_computed_neighbours_are_districts_like_the_district(self, home):
        results = load_baseline(
            page("health_and_wellbeing", DISTRICT, "similar_by_work_and_health")
        )
        comparison = named(results, "adult_obesity").comparison
        assert comparison.members == 10
        assert comparison.how == "weighted"
        assert "10" in comparison.label
        members = results.compared_with
        assert members["distance"].is_monotonic_increasing
        assert len(members) == 10


class TestLimitsFromCounts:
    def test_a_proportion_published_with_its_counts_gets_wilsons_limits(self, home, found):
        from statsmodels.stats.proportion import proportion_confint

        latest = found("education_and_learning", "young_people_not_in_education_or_work").latest
        table = own_table(home, "not-in-education-or-work")
        (row,) = table[
            (table["Area"] == "Tarrowshire")
            & (table["Year"] == latest.period)
            & (table["Experience of care"] == "All")
        ].to_dict("records")
        events, young = int(row["Not in education or work"]), int(row["Young people"])
        assert latest.value == pytest.approx(100 * events / young)
        lower, upper = proportion_confint(events, young, method="wilson")
        assert latest.lower == pytest.approx(100 * lower)
        assert latest.upper == pytest.approx(100 * upper)

    def test_figures_whose_counts_are_not_published_get_none(self, found):
        assert not found("safe_communities", "level_of_crime").latest.has_interval


class TestOverTime:
    @pytest.mark.parametrize(
        ("outcome", "indicator", "direction", "judged"),
        [
            ("best_start", "families_in_temporary_accommodation", "increasing", "getting_worse"),
            ("health_and_wellbeing", "teenage_pregnancy", "decreasing", "improving"),
            ("safe_communities", "children_in_care", "increasing", ""),
            ("health_and_wellbeing", "adult_smoking", "increasing", "getting_worse"),
            ("health_and_wellbeing", "employment_rate", "no_significant_change", ""),
        ],
    )
    def test_a_planted_course_is_found_and_judged(
        self, found, outcome, indicator, direction, judged
    ):
        trend = found(outcome, indicator).standing.trend
        assert (trend.direction, trend.judged) == (direction, judged)
        assert trend.n >= 5

    def test_a_trend_is_not_drawn_across_a_declared_break(self, found):
        standing = found("health_and_wellbeing", "fuel_poverty").standing
        assert standing.breaks == (("2019", "the definition changed in 2019"),)
        assert (standing.trend.first, standing.trend.n) == ("2019", 6)
        assert standing.gaps[0].n == 6

    def test_overlapping_periods_are_known_as_such(self, found):
        standing = found("safe_communities", "killed_or_seriously_injured").standing
        assert standing.trend.method == "mann_kendall_overlapping"
        assert standing.control.reason == "the periods overlap"

    def test_the_planted_step_is_found_at_its_quarter(self, found):
        position = found("safe_communities", "anti_social_behaviour")
        step = position.standing.step
        assert (step.found, step.at) == (True, "April 2022 to June 2022")
        assert step.lower < -0.6 < step.upper
        assert not position.stepped_lately

    def test_the_limits_of_a_control_chart_rest_on_the_figures_before_a_step(self, found):
        points = found("safe_communities", "anti_social_behaviour").standing.control.points
        before = points["period_start"] < "2022-04-01"
        assert set(points["n"]) == {before.sum()} == {17}
        assert points.loc[~before, "special"].all()
        assert "outside_limits" not in set(points.loc[before, "rule"])
        assert not points["special"].iloc[:14].any(), "a run may begin before the step, no more"

    def test_a_real_change_between_two_waves_and_one_that_could_be_chance(self, found):
        fell = found("safe_communities", "residents_who_feel_roads_are_safe").standing.change
        moved = found("environment", "perception_of_environment").standing.change
        assert (fell.verdict, fell.judged) == ("decreased", "getting_worse")
        assert moved.verdict == "could_be_chance"

    def test_the_outlying_quarter_of_one_district_is_special(self, home):
        results = load_baseline(page("safe_communities", "X07000005"))
        points = named(results, "anti_social_behaviour").standing.control.points
        outside = points[points["rule"] == "outside_limits"]
        assert "July 2023 to September 2023" in outside["period"].tolist()


class TestGapsAndParts:
    @pytest.mark.parametrize(
        ("outcome", "indicator", "kind", "verdict"),
        [
            ("health_and_wellbeing", "gcses_in_english_and_maths", "places", "widening"),
            ("health_and_wellbeing", "childhood_obesity", "groups", "widening"),
            ("health_and_wellbeing", "life_expectancy_women", "groups", "closing"),
            ("health_and_wellbeing", "adult_obesity", "places", "cannot_tell"),
        ],
    )
    def test_closing_widening_and_cannot_tell(self, found, outcome, indicator, kind, verdict):
        gaps = {gap.kind: gap for gap in found(outcome, indicator).standing.gaps}
        assert gaps[kind].verdict == verdict
        assert gaps[kind].n >= 5

    def test_a_gap_stands_beside_the_overall_level(self, home, found):
        position = found("health_and_wellbeing", "gcses_in_english_and_maths")
        gap = position.standing.gaps[0].over_time
        assert gap["overall"].tolist() == position.history["value"].tolist()

    def test_the_size_of_a_gap_is_the_weighted_spread_of_the_places(self, home, found):
        rows = raw(home, "gcses-in-english-and-maths", "GCSEs in English and Maths")
        codes = found("health_and_wellbeing", "gcses_in_english_and_maths").within["area_code"]
        now = rows[rows["areacd"].isin(codes) & (rows["period"] == rows["period"].max())]
        everyone = people(home, 0, 120)[now["areacd"]].to_numpy()
        values = now["observation"].to_numpy()
        mean = np.average(values, weights=everyone)
        expected = math.sqrt(np.average((values - mean) ** 2, weights=everyone))
        gap = found("health_and_wellbeing", "gcses_in_english_and_maths").standing.gaps[0]
        assert gap.over_time["size"].iloc[-1] == pytest.approx(expected, rel=1e-3)

    def test_the_distance_from_the_comparator_is_followed_over_time(self, home, found):
        position = found("economic_growth", "employment_rate")
        apart, history = position.standing.apart, position.history
        sizes = history["value"] - history["comparator"]
        assert apart.over_time["size"].tolist() == pytest.approx(sizes.tolist())
        assert (apart.over_time["size_lower"] < apart.over_time["size"]).all()
        assert apart.n == len(history)

    def test_the_interval_of_a_spread_is_that_of_its_own_period(self, found):
        gap = found("health_and_wellbeing", "adult_obesity").standing.gaps[0].over_time
        newest = gap.iloc[-1]
        assert newest["size_lower"] < newest["size"] < newest["size_upper"]

    def test_the_slope_over_all_ordered_groups_is_that_of_a_weighted_line(self, home, found):
        slope = found("health_and_wellbeing", "childhood_obesity").standing.slope
        table = own_table(home, "childhood-obesity")
        rows = table[
            (table["Area"] == "Tarrowshire")
            & (table["School year"] == slope.period)
            & (table["Deprivation"] != "All")
        ].sort_values("Deprivation")
        assert len(rows) == slope.groups == 5
        measured = rows["Children measured"].astype(float).to_numpy()
        share = measured / measured.sum()
        middle = np.cumsum(share) - share / 2
        rate = 100 * rows["Children with obesity"].astype(float).to_numpy() / measured
        fit = sm.WLS(rate, sm.add_constant(middle), weights=share).fit()
        assert slope.index == pytest.approx(-fit.params[1])
        assert slope.lower < slope.index < slope.upper
        first, last = fit.predict([[1, 0], [1, 1]])
        assert slope.relative == pytest.approx(first / last)

    def test_two_groups_are_named_as_a_reader_would_or_as_published(self, found):
        (sexes,) = [
            gap
            for gap in found("health_and_wellbeing", "life_expectancy_women").standing.gaps
            if gap.kind == "groups"
        ]
        (fifths,) = [
            gap
            for gap in found("health_and_wellbeing", "childhood_obesity").standing.gaps
            if gap.kind == "groups"
        ]
        newest = [gap.over_time.iloc[-1] for gap in (sexes, fifths)]
        assert [(n["high_name"], n["low_name"]) for n in newest] == [
            ("women", "men"),
            ("1 most deprived", "5 least deprived"),
        ]

    def test_the_planted_reversal_is_flagged(self, found):
        (reversal,) = [
            r for r in found("health_and_wellbeing", "adult_smoking").standing.reversals
            if r.of == "kind of job"
        ]  # fmt: skip
        assert reversal.every
        assert reversal.whole_last > reversal.whole_first
        assert reversal.rate_effect < 0 < reversal.mix_effect
        moved = reversal.whole_last - reversal.whole_first
        assert reversal.rate_effect + reversal.mix_effect == pytest.approx(moved)

    def test_need_beside_take_up_flags_the_group_that_gets_less(self, found):
        groups = found("independent_living", "receiving_social_care").standing.take_up.groups
        under = groups[groups["verdict"] == "under_served"]
        assert under["group"].tolist() == ["1 most deprived"]
        assert len(groups) == 5

    def test_a_small_group_with_a_very_high_rate_stays_in_the_body(self, found):
        position = found("education_and_learning", "young_people_not_in_education_or_work")
        worst = position.standing.worse_off[0]
        assert (worst.name, worst.tested) == ("Left care", True)
        assert worst.ratio > 8
        assert worst.people > 100
        assert position.pertinence.in_body
        assert position.pertinence.reason == "Left care stands out as much worse"


class TestSpread:
    def test_the_spread_is_that_of_the_raw_figures(self, home):
        position = named(load_baseline(page("health_and_wellbeing", DISTRICT)), "adult_obesity")
        rows = raw(home, "adult-obesity-prevalence", "Adult obesity prevalence")
        rows = rows[
            (rows["geography"] == "Local Authority District")
            & (rows["period"] == rows["period"].max())
            & ~rows["notes"].fillna("").str.contains("Obsolete")
        ]
        values = rows["observation"].to_numpy()
        spread = position.standing.spread
        assert spread.n == len(values) == 36
        assert spread.median == pytest.approx(np.median(values))
        assert spread.sd == pytest.approx(values.std(ddof=1))
        assert spread.q1 == pytest.approx(np.quantile(values, 0.25))
        lowest = rows.set_index("areanm")["observation"].nsmallest(3).index
        assert set(spread.best) == set(lowest)

    def test_a_count_is_not_spread_ranked_or_set_beside_other_places(self, found):
        position = found("environment", "preventable_flooding")
        standing = position.standing
        assert position.rank is None
        assert (standing.spread, standing.gaps, standing.people) == (None, (), None)
        assert standing.trend is not None


class TestAcross:
    def test_the_planted_district_lies_outside_the_funnel(self, home):
        funnel = load_funnel(page("safe_communities", DISTRICT), "injuries_to_adults")
        points = funnel.points.set_index("area_name")["position"]
        assert points["Greyhaven"] == "above_998"
        assert (points.drop("Greyhaven") == "inside").mean() > 0.9
        assert not funnel.estimated

    def test_without_counts_sizes_come_from_the_intervals(self, home):
        funnel = load_funnel(page("economic_growth", DISTRICT), "employment_rate")
        assert funnel.estimated
        # Each district was asked of 420 people.
        assert funnel.points["denominator"].median() == pytest.approx(420, rel=0.05)

    def test_a_basket_of_too_few_members_says_so(self, home):
        found = load_basket(page("health_and_wellbeing"), "healthy_lifestyles")
        assert math.isnan(found.score)
        assert found.reason == (
            "fewer than 2 of its members have figures for the place and half of the areas it is "
            "compared with"
        )

    def test_a_baskets_score_is_the_mean_of_signed_standard_deviations(self, home):
        found = load_basket(page("best_start", DISTRICT), "ready_for_school")
        names = ("Communication and language", "Literacy", "Mathematics")
        scores = []
        for name in names:
            rows = raw(home, "early-years", name)
            rows = rows[
                (rows["geography"] == "Local Authority District")
                & (rows["period"] == rows["period"].max())
                & ~rows["notes"].fillna("").str.contains("Obsolete")
            ].set_index("areacd")["observation"]
            scores.append((rows - rows.mean()) / rows.std(ddof=1))
        mean = pd.concat(scores, axis=1).mean(axis=1)
        assert found.of == len(mean) == 36
        assert found.score == pytest.approx(mean[DISTRICT], rel=0.03)
        assert found.rank == mean.rank(ascending=False)[DISTRICT]
        assert found.rank_best <= found.rank <= found.rank_worst
        assert len(found.members) == 3

    def test_an_indicator_without_members_is_no_basket(self, home):
        with pytest.raises(ParameterError, match="^there is no basket 'adult_obesity'"):
            load_basket(page("health_and_wellbeing"), "adult_obesity")

    def test_a_funnel_of_an_indicator_without_figures_says_so(self, home):
        funnel = load_funnel(page("safe_communities"), "reoffending")
        assert funnel.reason == "no area has a published size or interval"

    def test_a_mean_has_no_funnel(self, home):
        with pytest.raises(
            ParameterError,
            match="^median_earnings: a funnel needs a proportion or a rate; this one is a median$",
        ):
            load_funnel(page("economic_growth"), "median_earnings")

    def test_the_correlation_is_that_of_the_raw_figures(self, home):
        relation = load_relation(
            page("education_and_learning", DISTRICT),
            "gcses_in_english_and_maths",
            ["primary_school_standard"],
        )
        row = relation.correlations.iloc[0]
        points = relation.points.dropna(subset=["x", "y"])
        assert row["r"] == pytest.approx(np.corrcoef(points["x"], points["y"])[0, 1])
        assert row["n"] == relation.n == 36
        assert "cause" in relation.caution
        assert set(points.loc[points["own"], "area_code"]) == {DISTRICT}

    def test_an_area_with_a_new_code_keeps_its_place_among_the_rest(self, home):
        relation = load_relation(
            page("environment", DISTRICT), "residual_waste", ["domestic_gas_use"]
        )
        assert "Coldwater Vale" in set(relation.points["area_name"])

    def test_too_few_areas_are_refused_with_the_reason(self, home):
        relation = load_relation(
            page("education_and_learning"), "gcses_in_english_and_maths", ["employment_rate"]
        )
        assert relation.n == 7
        assert relation.coefficients.empty
        assert "20" in relation.reason

    def test_an_unknown_indicator_is_named_with_a_hint(self, home):
        with pytest.raises(
            ParameterError, match="^there is no indicator 'adult_obesty'.*adult_obe"
        ):
            load_relation(page("health_and_wellbeing"), "adult_obesty", ["employment_rate"])


def test_whole_council_answers_have_their_number_margin_and_tested_change(home):
    overview: Overview = load_overview(page("overview"))
    answers = {answer.number: answer for answer in overview.answers}
    assert sorted(answers) == [1, 6]
    value, trust = answers[1], answers[6]
    share = value.value / 100
    assert value.margin == pytest.approx(100 * Z * math.sqrt(share * (1 - share) / value.answers))
    assert (value.verdict, trust.verdict) == ("real", "could_be_chance")
    assert value.change > 0


def test_an_overview_and_a_page_of_one_outcome_say_the_same(home, county):
    overview = load_overview(page("overview"))
    (part,) = [b for b in overview.baselines if b.outcome.id == "safe_communities"]
    for one, other in zip(part.positions, county("safe_communities").positions, strict=True):
        # As text, in which nothing known equals nothing known.
        for name in ("comparison", "rank"):
            assert repr(getattr(one, name)) == repr(getattr(other, name))
        assert repr(one.standing.trend) == repr(other.standing.trend)
        assert one.pertinence == other.pertinence


def test_parts_of_the_story_are_those_of_the_place_and_the_outcome(county, home):
    story = county("health_and_wellbeing").story
    assert {factor.outcome for factor in story.factors} == {"health_and_wellbeing"}
    assert story.unseen
    assert load_baseline(page("environment")).story.factors == ()
