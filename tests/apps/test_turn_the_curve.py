"""The live page on targets and scenarios: the same results as a page's, kept in the address alone."""

import re
from datetime import UTC, date, datetime
from hashlib import sha256
from html import unescape
from urllib.parse import parse_qs, parse_qsl, urlencode

import pandas as pd
import pytest

from outcomes.apps.aim import TIME_TO_ACT
from outcomes.apps.plans import MOST_ASSUMED, pack, unpack
from outcomes.apps.turn_the_curve import turn_the_curve
from outcomes.baseline import load_baseline
from outcomes.model import Scenario, Targets
from outcomes.notebook.outlook import outlook_chart_html, scenarios_html, targets_html
from outcomes.parameters import load_parameters, read_plans, scenario_text

COUNTY, DISTRICT = "X10000001", "X07000007"
HEALTH = {"outcome": "health_and_wellbeing", "indicator": "fuel_poverty"}
REGIONS = ("heading", "title", "answer", "chart", "chances", "basis", "compared", "register")
NOT_TAKEN = (
    "The address asks for {}, which cannot be shown, so the usual one is shown instead. ({})"
)


@pytest.fixture
def open_app(settings, monkeypatch):
    """Return an opener of the live page at an address."""

    def opened(query: str = "", **asked: str):
        monkeypatch.setenv("QUERY_STRING", query or urlencode(HEALTH | asked))
        return turn_the_curve(**settings)

    return opened


def query_of(app) -> str:
    return unescape(re.search(r'data-query="([^"]*)"', app.controls.closing.value)[1])


def said_by(app, words) -> str:
    return words(app.controls.messages.value)


def shown(app) -> list[str]:
    return [getattr(app, region).value for region in REGIONS]


def with_plan(app, size: float = -0.4, starts: date = date(2025, 1, 1)):
    """Add a scenario with one effect to a page."""
    app.plans.add.click()
    app.plans.effect.starts.value = starts
    app.plans.effect.numbers["size"].box.value = size
    return app


def upload(app, name: str, content: bytes) -> None:
    about = {"type": "", "size": len(content), "last_modified": datetime(2026, 1, 1, tzinfo=UTC)}
    app.upload.value = ({"name": name, "content": memoryview(content), **about},)


def saved(app, button) -> str:
    """Return the text of the file that a button saves."""
    from base64 import b64decode

    button.click()
    return b64decode(re.search(r"base64,([^\"]+)", app.files.value)[1]).decode()


def published(settings, **asked: str):
    page = load_parameters().page(**settings | asked)
    return load_baseline(page)


def outlook_in(baseline, name: str):
    return next(p for p in baseline.positions if p.indicator_id == name)


class TestFirstAnswer:
    def test_a_published_target_is_shown_as_its_page_shows_it(self, open_app, settings):
        app = open_app()
        expected = outlook_in(published(settings, outcome=HEALTH["outcome"]), "fuel_poverty")
        assert app.answer.value == targets_html(expected)
        (target,) = app.position.outlook.targets
        (known,) = expected.outlook.targets
        assert (target.chance, target.gap, target.needed) == (
            known.chance, known.gap, known.needed,
        )  # fmt: skip
        asked = dict(parse_qsl(query_of(app)))
        assert (asked["target"], asked["by"]) == ("13.0", "2028-12-31")

    def test_without_one_the_target_is_level_with_the_comparator_a_year_off_or_more(self, open_app):
        app = open_app(indicator="adult_obesity")
        (found,) = app.position.outlook.targets
        points = app.position.outlook.forecast.points
        soonest = pd.Timestamp(datetime.now(UTC).date()) + TIME_TO_ACT
        later = points[points["period_end"] >= soonest]
        due = later.iloc[0] if len(later) else points.iloc[-1]
        assert found.target.relative.comparator == "nation"
        assert found.target.relative.distance == 0
        assert found.target.by == due["period_end"].date()
        assert found.target.example

    def test_the_heading_says_that_the_data_are_not_real(self, open_app, words):
        assert words(open_app().heading.value).startswith("Sample data, not a real place.")

    def test_where_the_partners_have_little_influence_it_warns(self, open_app, words):
        app = open_app("outcome=economic_growth&indicator=employment_rate")
        assert (
            "The partners have little influence on this outcome, so forecasts and scenarios of it "
            "can mislead: forces from outside may move it more than anything that is planned here."
        ) in words(app.answer.value)
        assert "little influence" not in words(open_app().answer.value)

    def test_every_indicator_can_be_opened_and_says_its_chance_or_why_there_is_none(self, open_app):
        app, said = open_app(), set()
        for title, name in app.indicator.options:
            app.indicator.value = name
            assert dict(parse_qsl(query_of(app)))["indicator"] == name
            brief = app.title.value.removeprefix(f"<h2>{title}: what would it take?</h2>")
            said.add(brief.replace(title, "It")[:60])
        assert said == {
            "<p><strong>If things go on as they are, the chance of meetin",
            "<p><strong>It: there is no forecast to set a target beside.<",
        }


class TestTarget:
    def test_one_click_is_level_with_the_comparator_and_another_keeps_what_is(self, open_app):
        app = open_app()
        app.aim.level.click()
        (level,) = app.position.outlook.targets
        assert (level.target.value, level.target.relative.distance) == (None, 0)
        app.aim.hold.click()
        (held,) = app.position.outlook.targets
        assert held.target.value == round(app.position.latest.value, 1)
        assert held.target.by == level.target.by
        assert app.aim.number.value == held.target.value

    def test_a_number_and_a_day_give_what_a_page_with_that_target_gives(
        self, open_app, own_home, settings
    ):
        app = open_app(target="12.5", by="2027-12-31")
        file = own_home / "parameters" / "targets" / "essex_2014.yml"
        file.write_text(saved(app, app.save_target), encoding="utf-8")
        expected = outlook_in(published(settings, outcome=HEALTH["outcome"]), "fuel_poverty")
        assert app.answer.value == targets_html(expected)
        (found,) = app.position.outlook.targets
        assert found.chance == expected.outlook.targets[0].chance
        assert app.aim.number.value == 12.5

    def test_another_indicator_takes_its_own_target_and_a_comparator_keeps_it(self, open_app):
        app = open_app(target="12.5", by="2027-12-31")
        app.indicator.value = "adult_obesity"
        assert dict(parse_qsl(query_of(app)))["target"] == "beside:0.0"

    def test_no_day_and_a_day_far_off_are_refused_in_plain_words(self, open_app, words):
        app = open_app()
        before = app.answer.value
        app.aim.day.value = None
        assert said_by(app, words) == "To be met by: choose a day."
        app.aim.day.value = date(3000, 1, 1)
        assert said_by(app, words) == "A day lies between 1990 and 2100."
        assert app.answer.value == before

    @pytest.mark.parametrize("size", [float("nan"), float("inf"), 1e300])
    def test_a_target_that_is_no_number_is_refused(self, open_app, words, size):
        app = open_app()
        app.aim.number.value = size
        assert said_by(app, words) == ("A size is a number, and smaller than a thousand million.")


class TestAddress:
    def test_it_opens_the_same_view_again(self, open_app):
        app = with_plan(open_app(target="12.5", by="2027-12-31"))
        again = open_app(query_of(app))
        assert shown(again) == shown(app)
        assert query_of(again) == query_of(app)
        assert again.plans.scenarios == app.plans.scenarios

    @pytest.mark.parametrize(
        ("name", "value", "why"),
        [
            ("indicator", "nope", None),
            ("target", "low", "expected a number such as 74.5, or beside:0 for level with the "
             "comparator"),
            ("target", "nan", "a size is a number, and smaller than a thousand million"),
            ("by", "soon", "expected a day such as 2028-12-31"),
            ("by", "0001-01-01", "a day lies between 1990 and 2100"),
            ("scenarios", "eJ", "its scenarios cannot be read; the link may be cut short"),
            ("scenarios", "\u00e9", "its scenarios cannot be read; the link may be cut short"),
        ],
    )  # fmt: skip
    def test_a_bad_value_gives_a_message_and_the_usual_view(
        self, open_app, words, name, value, why
    ):
        app = open_app(**{name: value})
        said = said_by(app, words)
        if why:
            assert said == NOT_TAKEN.format(f"{name} {value!r}", why)
        assert said.startswith(f"The address asks for {name} {value!r}, which cannot be shown")
        usual = open_app(**({"indicator": app.indicator.value} if name == "indicator" else {}))
        assert shown(app) == shown(usual)

    def test_scenarios_are_checked_by_their_models(self):
        good = Scenario.model_validate(plan())
        assert unpack(pack({"ours": good})) == {"ours": good}
        assert unpack(pack({})) == {}

    def test_what_is_huge_when_unpacked_is_not_unpacked(self):
        from base64 import urlsafe_b64encode
        from zlib import compress

        from outcomes.errors import ParameterError

        packed = urlsafe_b64encode(compress(b'{"a":"' + b"x" * 10_000_000 + b'"}')).decode()
        assert len(packed) < 20_000
        with pytest.raises(ParameterError, match="^its scenarios cannot be read; the link may be"):
            unpack(packed)

    def test_scenarios_too_long_for_a_link_are_left_out_of_it_and_said_so(self, open_app, words):
        import random

        app = with_plan(open_app())
        noise = random.Random(1)
        for name in ("depends_on", "source", "owner"):
            text = "".join(chr(noise.randint(0x4E00, 0x9FFF)) for _ in range(900))
            getattr(app.plans.effect, name).value = text
        assert "scenarios" not in parse_qs(query_of(app))
        assert said_by(app, words) == (
            "These scenarios are too long for a link, so the address leaves them out. Save them as "
            "files."
        )


def plan(**changes) -> dict:
    effect = {
        "title": "Insulation", "kind": "planned_effect", "indicator": "fuel_poverty",
        "place": COUNTY, "size": -0.5, "low": -1.0, "high": 0.0, "starts": "2025-04-01",
        "evidence": {"source": "a guess", "strength": "judgement"}, "plausibility": "low",
        "depends_on": "Builders are found.", "owner": "Director of housing",
    }  # fmt: skip
    return {
        "title": "Warm homes", "framework": "essex_2014", "says": "Homes are insulated.",
        "effects": {"insulation": effect | changes},
    }  # fmt: skip


class TestScenarios:
    def test_it_gives_what_a_page_gives_whose_parameters_hold_the_saved_files(
        self, open_app, own_home, settings
    ):
        app = with_plan(open_app(target="12.5", by="2027-12-31"))
        with_plan(app, size=0.2)
        app.plans.effect.numbers["delay_months"].slider.value = 6
        folder = own_home / "parameters"
        for path in folder.glob("scenarios/*.yml"):
            path.unlink()
        (folder / "targets" / "essex_2014.yml").write_text(
            saved(app, app.save_target), encoding="utf-8"
        )
        for name in app.plans.scenarios:
            app.plans.chosen.value = name
            text = saved(app, app.save_scenario)
            (folder / "scenarios" / f"{name}.yml").write_text(text, encoding="utf-8")
        expected = outlook_in(published(settings, outcome=HEALTH["outcome"]), "fuel_poverty")
        got, known = app.position.outlook.trajectories, expected.outlook.trajectories
        assert [t.name for t in got] == ["no_change", "our_plan", "our_plan_2", "together"]
        for ours, theirs in zip(got, known, strict=True):
            pd.testing.assert_frame_equal(ours.points, theirs.points, check_exact=True)
            assert (ours.name, ours.title, ours.chance, ours.gap) == (
                theirs.name, theirs.title, theirs.chance, theirs.gap,
            )  # fmt: skip
        assert app.compared.value.endswith(scenarios_html(expected))
        assert app.chart.value == outlook_chart_html(expected)

    def test_three_can_be_compared_and_no_more(self, open_app, words):
        app = open_app()
        for _ in range(4):
            app.plans.add.click()
        assert list(app.plans.scenarios) == ["our_plan", "our_plan_2", "our_plan_3"]
        assert said_by(app, words) == ("3 scenarios can be compared at most; remove one first.")
        for _ in range(4):
            app.plans.remove.click()
        assert app.plans.scenarios == {}
        assert said_by(app, words) == "There is no scenario to remove."

    def test_a_name_names_the_file_and_an_empty_one_is_refused(self, open_app, words):
        app = with_plan(open_app())
        app.plans.name.value = "Warmer homes: Otterstow & all"
        assert list(app.plans.scenarios) == ["warmer_homes_otterstow_all"]
        assert 'download="warmer_homes_otterstow_all.yml"' in (
            app.save_scenario.click() or app.files.value
        )
        app.plans.name.value = " "
        assert said_by(app, words) == "Title: String should have at least 1 character."
        assert app.plans.name.value == "Warmer homes: Otterstow & all"

    def test_slider_and_box_say_the_same_and_the_range_follows(self, open_app):
        app = with_plan(open_app(), size=-0.4)
        numbers = app.plans.effect.numbers
        assert numbers["size"].slider.value == -0.4
        assert (numbers["low"].value, numbers["high"].value) == (-0.4, 0)
        numbers["high"].slider.value = -0.5
        assert [numbers[n].value for n in ("low", "size", "high")] == [-0.5, -0.5, -0.5]
        numbers["low"].box.value = -900
        assert numbers["low"].slider.value == numbers["low"].slider.min == -900
        (effect,) = app.plans.current.effects.values()
        assert (effect.low, effect.size, effect.high) == (-900, -0.5, -0.5)

    def test_course_kind_and_reason_are_kept(self, open_app):
        app = with_plan(open_app())
        form = app.plans.effect
        form.kind.value, form.measured.value = "policy_change", "percent"
        form.for_good.value = False
        for name, months in (("delay_months", 3), ("builds_months", 12), ("lasts_months", 24),
                             ("fade_months", 6)):  # fmt: skip
            form.numbers[name].slider.value = months
        form.source.value, form.owner.value = "an evaluation", "Director of housing"
        (effect,) = app.plans.current.effects.values()
        assert (effect.kind, effect.measured) == ("policy_change", "percent")
        assert (effect.delay_months, effect.builds_months) == (3, 12)
        assert (effect.lasts_months, effect.fade_months) == (24, 6)
        assert (effect.evidence.source, effect.owner) == ("an evaluation", "Director of housing")
        form.for_good.value = True
        (effect,) = app.plans.current.effects.values()
        assert (effect.lasts_months, effect.fade_months) == (None, 0)

    def test_one_that_is_not_counted_stays_in_the_register(self, open_app, words):
        app = with_plan(open_app())
        app.plans.effect.included.value = False
        assert app.position.outlook.trajectories == ()
        assert words(app.compared.value) == (
            "What each scenario comes to Nothing that is assumed moves this indicator here within "
            "the time of the forecast. Give an assumption a size, or let it start earlier."
        )
        assert words(app.register.value).endswith("Off: not counted")

    def test_an_effect_on_what_moves_the_indicator_moves_it(self, open_app):
        app = open_app("outcome=independent_living&indicator=living_independently")
        app.plans.add.click()
        options = dict(app.plans.effect.acts_on.options)
        assert list(options.values()) == ["living_independently", "fuel_poverty"]
        app.plans.effect.acts_on.value = "fuel_poverty"
        app.plans.effect.starts.value = date(2025, 1, 1)
        app.plans.effect.numbers["size"].box.value = -3
        (link,) = app.plans.current.cross_effects.values()
        assert (link.cause, link.indicator) == ("fuel_poverty", "living_independently")
        assert app.position.outlook.trajectories[1].points["effect"].iloc[-1] > 0.1

    def test_assumptions_are_added_and_removed(self, open_app, words):
        app = with_plan(open_app())
        app.plans.add_part.click()
        assert list(app.plans.current.effects) == ["what_we_do", "and_this"]
        assert app.plans.part.value == "and_this"
        app.plans.remove_part.click()
        assert list(app.plans.current.effects) == ["what_we_do"]
        for _ in range(MOST_ASSUMED):
            app.plans.add_part.click()
        assert said_by(app, words) == (
            f"A scenario may hold {MOST_ASSUMED} assumptions at most here."
        )
        assert len(app.plans.current.effects) == MOST_ASSUMED

    @pytest.mark.parametrize(
        "text", ["<script>alert(1)</script>", '"><img src=x onerror=alert(1)>', r"$\frac{$ $x^$"]
    )
    def test_what_a_visitor_or_a_link_writes_is_shown_as_words(self, open_app, text):
        app = with_plan(open_app())
        app.plans.name.value = text
        app.plans.says.value = text
        for name in ("title", "source", "depends_on", "owner"):
            getattr(app.plans.effect, name).value = text
        again = open_app(query_of(app))
        assert again.plans.current.title == text
        again.save_scenario.click()
        for region in (*shown(again), again.files.value, again.controls.closing.value):
            assert "<script" not in region
            assert "<img src=x" not in region


class TestFiles:
    def test_a_saved_scenario_is_loaded_again_and_tells_the_same(self, open_app):
        app = with_plan(open_app())
        text = saved(app, app.save_scenario)
        again = open_app()
        upload(again, "our_plan.yml", text.encode())
        assert again.plans.scenarios == app.plans.scenarios
        assert shown(again) == shown(app)
        assert again.upload.value == ()

    def test_a_saved_target_is_loaded_again(self, open_app):
        app = open_app(target="12.5", by="2027-12-31")
        again = open_app()
        upload(again, "target.yml", saved(app, app.save_target).encode())
        assert query_of(again) == query_of(app)

    def test_every_shipped_scenario_is_written_and_read_without_loss(self, home):
        parameters = load_parameters()
        for name, scenario in parameters.scenarios.items():
            text = scenario_text(scenario).encode()
            got = read_plans(text, name=name, framework="essex_2014", parameters=parameters)
            assert got == scenario
        assert isinstance(
            read_plans(b"targets: []", name="t", framework="essex_2014", parameters=parameters),
            Targets,
        )

    @pytest.mark.parametrize(
        ("content", "why"),
        [
            (b"\xff\xfe", "Ours.yml: not a text file in UTF-8 (byte 0)."),
            (b"x" * 60_000, "Ours.yml: it is larger than 50 kB; no plan is so long."),
            (b"- 1", "Ours.yml: expected a scenario or targets, as in parameters/."),
            (b"[" * 40_000, "Ours.yml, line 1: lists or keys lie too deep in each other."),
            (b"a: &a [*a]", "Ours.yml: it holds more than 5,000 values; no plan is so long."),
            (b"title: x\ntitle: y", "Ours.yml, line 2: the key 'title' stands twice, first in "
             "line 1; keep one of them."),
            (b"starts: 2025-13-01", "Ours.yml: a date or a number in it cannot be read: month must "
             "be in 1..12."),
            (b"a: !!python/object/apply:os.system ['ls']", "Ours.yml, line 1: not readable as YAML: "
             "could not determine a constructor for the tag "
             "'tag:yaml.org,2002:python/object/apply:os.system'; look for a missing colon, quote or "
             "indent there."),
            (b"title: x\nframework: essex_2014", "Ours.yml has 1 problem line 1, says: this key is "
             "required."),
            (b"targets: []", "Ours.yml: it holds no target for Tarrowshire."),
        ],
    )  # fmt: skip
    def test_a_file_that_is_not_right_is_refused_in_plain_words(
        self, open_app, words, content, why
    ):
        app = open_app()
        before = shown(app)
        upload(app, "Ours.yml", content)
        assert said_by(app, words) == why
        assert shown(app) == before

    def test_aliases_of_aliases_are_refused_at_once(self, open_app, words):
        rows = [b"a: &a [x,x,x,x,x,x,x,x,x]"]
        rows += [
            b"%c: &%c [%s]" % (98 + i, 98 + i, b",".join([b"*%c" % (97 + i)] * 9)) for i in range(9)
        ]
        app = open_app()
        upload(app, "ours.yml", b"\n".join(rows))
        assert said_by(app, words) == (
            "Ours.yml: it holds more than 5,000 values; no plan is so long."
        )

    def test_numbers_and_days_that_no_plan_has_are_refused(self, open_app, words):
        for change, why in (
            ({"high": 1e12}, "A size is a number, and smaller than a thousand million."),
            ({"starts": "0001-01-01"}, "A day lies between 1990 and 2100."),
            ({"delay_months": 10**9}, "A delay or a course may take 600 months at most."),
        ):
            app = open_app()
            text = scenario_text(Scenario.model_validate(plan(**change)))
            upload(app, "ours.yml", text.encode())
            assert said_by(app, words) == why
            assert app.plans.scenarios == {}


def test_nothing_that_a_visitor_does_writes_a_file(open_app, home):
    def files() -> dict:
        return {
            path: sha256(path.read_bytes()).hexdigest()
            for path in home.rglob("*")
            if path.is_file()
        }

    open_app()  # what pages share is kept when a page is first opened
    before = files()
    app = with_plan(open_app(target="12.5", by="2027-12-31"))
    app.aim.level.click()
    app.plans.name.value = "../../../etc/passwd"
    app.save_target.click()
    text = saved(app, app.save_scenario)
    upload(app, "../../parameters/scenarios/mine.yml", text.encode())
    app.plans.remove.click()
    assert files() == before
