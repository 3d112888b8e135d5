"""Confidence intervals: of counts, rates, standardised rates and life expectancy.

Calculated from counts where they are known, and recovered from published limits where not.
"""

from outcomes.statistics.intervals.counts import (
    byar,
    exact_poisson,
    mean_interval,
    poisson,
    wilson,
)
from outcomes.statistics.intervals.life_expectancy import life_expectancy
from outcomes.statistics.intervals.rates import means, proportions, rates
from outcomes.statistics.intervals.recovered import (
    difference_interval,
    ratio_interval,
    rescaled,
    standard_errors,
)
from outcomes.statistics.intervals.standardised import (
    european_standard_2013,
    indirectly_standardised,
    standardised_rates,
)

__all__ = [
    "byar",
    "difference_interval",
    "european_standard_2013",
    "exact_poisson",
    "indirectly_standardised",
    "life_expectancy",
    "mean_interval",
    "means",
    "poisson",
    "proportions",
    "rates",
    "ratio_interval",
    "rescaled",
    "standard_errors",
    "standardised_rates",
    "wilson",
]
