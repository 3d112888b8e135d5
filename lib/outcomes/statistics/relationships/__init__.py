"""Looking across areas: correlation, regression, outliers, funnels and baskets."""

from outcomes.statistics.relationships.baskets import Basket, basket
from outcomes.statistics.relationships.correlation import NOT_CAUSE, correlations
from outcomes.statistics.relationships.funnels import control_limits, funnel, funnel_lines
from outcomes.statistics.relationships.outliers import outliers, robust_scores
from outcomes.statistics.relationships.regression import (
    Regression,
    RegressionRefusedError,
    regression,
)

__all__ = [
    "NOT_CAUSE",
    "Basket",
    "Regression",
    "RegressionRefusedError",
    "basket",
    "control_limits",
    "correlations",
    "funnel",
    "funnel_lines",
    "outliers",
    "regression",
    "robust_scores",
]
