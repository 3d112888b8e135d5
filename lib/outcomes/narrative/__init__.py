"""Results to sentences in plain English. Reads results; computes and draws nothing."""

from outcomes.narrative.across import say_funnel, say_relation, say_spread
from outcomes.narrative.alternatives import (
    describe_control,
    describe_funnel,
    describe_gap,
    describe_history,
    describe_map,
    describe_multiples,
    describe_relation,
    describe_spine,
    describe_spread,
    describe_within,
)
from outcomes.narrative.baskets import say_basket
from outcomes.narrative.belief import belief_in_short, say_how_far_to_believe
from outcomes.narrative.changes import say_changes
from outcomes.narrative.comparisons import say_comparison, say_people, say_rank
from outcomes.narrative.forecasts import say_assumptions, say_forecast, say_track_record
from outcomes.narrative.gaps import say_apart, say_gap, say_slope, say_worse_off
from outcomes.narrative.outlook import describe_outlook, say_heading
from outcomes.narrative.over_time import (
    say_breaks,
    say_change,
    say_control,
    say_step,
    say_trend,
)
from outcomes.narrative.pages import say_headline, say_methods, say_overview, say_place, say_wording
from outcomes.narrative.parts import say_reversals, say_take_up
from outcomes.narrative.positions import (
    say_appendix,
    say_history,
    say_pertinence,
    say_position,
    say_proxy,
    say_within,
)
from outcomes.narrative.scenarios import (
    say_forces,
    say_low_influence,
    say_reading,
    say_scenarios,
)
from outcomes.narrative.targets import say_chance_record, say_target
from outcomes.narrative.turning import say_judgement, say_last_round, say_turning

__all__ = [
    "belief_in_short",
    "describe_outlook",
    "say_heading",
    "say_forces",
    "say_last_round",
    "say_proxy",
    "say_assumptions",
    "say_chance_record",
    "say_forecast",
    "say_how_far_to_believe",
    "say_judgement",
    "say_low_influence",
    "say_reading",
    "say_scenarios",
    "say_target",
    "say_track_record",
    "say_turning",
    "say_basket",
    "say_slope",
    "say_apart",
    "say_take_up",
    "say_reversals",
    "describe_control",
    "describe_funnel",
    "describe_gap",
    "describe_history",
    "describe_map",
    "describe_multiples",
    "describe_relation",
    "describe_spine",
    "describe_spread",
    "describe_within",
    "say_appendix",
    "say_breaks",
    "say_change",
    "say_changes",
    "say_comparison",
    "say_control",
    "say_funnel",
    "say_gap",
    "say_headline",
    "say_history",
    "say_methods",
    "say_overview",
    "say_people",
    "say_pertinence",
    "say_place",
    "say_position",
    "say_rank",
    "say_relation",
    "say_spread",
    "say_step",
    "say_trend",
    "say_within",
    "say_wording",
    "say_worse_off",
]
