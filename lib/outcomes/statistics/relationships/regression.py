"""Regression over areas: what goes with an outcome, and which areas lie off what is expected."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from outcomes.statistics.relationships.correlation import NOT_CAUSE
from outcomes.statistics.rows import require_columns, z_of

FEWEST = 10
"""Areas needed, and again for each predictor."""
HIGH_INFLATION = 10
"""Variance inflation above which predictors overlap too much to tell their parts."""
LOW_P = 0.05
ROBUST = ("HC3", "HC2", "HC1", "HC0", "nonrobust")
WHOLE = 1 - 1e-9
"""Leverage or share explained that is 1 but for rounding."""


class RegressionRefusedError(ValueError):
    """The areas cannot carry this regression; the message says why."""


@dataclass(frozen=True)
class Regression:
    """A fitted regression, with what is needed to judge and to doubt it."""

    coefficients: pd.DataFrame
    """Index constant and predictors: coef, standard_error, lower, upper, p, variance_inflation."""
    areas: pd.DataFrame
    """Index as the table: actual, expected, residual, standardised_residual, leverage,
    cooks_distance, influential (bool), reason (why an area was left out, or '')."""
    diagnostics: pd.DataFrame
    """Index breusch_pagan, condition_number, shapiro_wilk: statistic, p, note."""
    n: int
    """Areas used."""
    r2: float
    r2_adjusted: float
    method: str
    """'least_squares' or 'weighted_least_squares'."""
    robust: str
    """Kind of standard error, such as 'HC3'."""
    confidence: float
    caution: str = NOT_CAUSE


def regression(
    table: pd.DataFrame,
    outcome: str,
    on: list[str],
    *,
    weights: str | None = None,
    confidence: float = 0.95,
    robust: str = "HC3",
    fewest: int | None = None,
) -> Regression:
    """Return the regression of an outcome on one or more predictors over areas.

    Parameters
    ----------
    table : pandas.DataFrame
        One row an area. An area without one of the values is left out, with the reason.
    outcome : str
    on : list of str
        Predictors.
    weights : str, optional
        Column of weights above 0, such as the population.
    confidence : float, optional
        Level of the coefficients' limits (Student's t).
    robust : {'HC3', 'HC2', 'HC1', 'HC0', 'nonrobust'}, optional
        Standard errors that allow for unequal spread, or the classical ones.
    fewest : int, optional
        Areas needed. Default 10, and 10 more for each predictor.

    Raises
    ------
    RegressionRefusedError
        If there are too few areas; the outcome or a predictor does not vary; predictors are
        collinear; or one area alone decides a coefficient.
    ValueError
        If a column is missing, a weight is 0 or less, or `robust` is unknown.

    Notes
    -----
    Influential: Cook's distance above 4 / n. Residuals are standardised by their own spread under
    the weights, given leverage.

    References
    ----------
    MacKinnon and White (1985), Journal of Econometrics 29 (HC3); Cook (1977), Technometrics 19;
    Breusch and Pagan (1979), Econometrica 47, in Koenker's form.
    """
    from statsmodels.regression.linear_model import WLS

    z_of(confidence)
    if robust not in ROBUST:
        raise ValueError(f"robust {robust!r}: expected one of {', '.join(ROBUST)}")
    on = list(on)
    used, weight, reason = _used(table, outcome, on, weights)
    _refuse_few(used, outcome, on, FEWEST * (1 + len(on)) if fewest is None else fewest)
    design = np.column_stack([np.ones(len(used)), used[on]])
    fit = WLS(used[outcome].to_numpy(), design, weights=weight).fit()
    leverage = (fit.model.wexog * fit.model.pinv_wexog.T).sum(axis=1)
    if leverage.max() > WHOLE:
        area = used.index[np.argmax(leverage)]
        raise RegressionRefusedError(f"area {area!r} alone decides a coefficient; leave it out")
    tested = fit if robust == "nonrobust" else fit.get_robustcov_results(robust, use_t=True)
    areas = _areas(fit, used.index, leverage).reindex(table.index)
    return Regression(
        coefficients=_coefficients(tested, used[on], confidence),
        areas=areas.assign(
            influential=areas["cooks_distance"] > 4 / len(used),
            actual=table[outcome],
            reason=reason,
        ),
        diagnostics=_diagnostics(fit, used[on], areas["standardised_residual"].dropna()),
        n=len(used),
        r2=float(fit.rsquared),
        r2_adjusted=float(fit.rsquared_adj),
        method="least_squares" if weights is None else "weighted_least_squares",
        robust=robust,
        confidence=confidence,
    )


def _used(table: pd.DataFrame, outcome: str, on: list[str], weights: str | None):
    """Return the complete rows, their weights, and for every row why it is left out."""
    columns = [outcome, *on, *([weights] if weights else [])]
    require_columns(table, columns)
    if not on or len(set(columns)) < len(columns):
        raise ValueError(f"columns {columns}: expected an outcome and other predictors, each once")
    values = table[columns].astype(float)
    missing = values.isna()
    reason = ("no value for " + missing.idxmax(axis=1)).where(missing.any(axis=1), "")
    used = values[~missing.any(axis=1)]
    weight = used[weights].to_numpy() if weights else np.ones(len(used))
    if (weight <= 0).any():
        row = used.index[np.argmax(weight <= 0)]
        raise ValueError(f"column {weights}, row {row}: expected a weight above 0")
    return used, weight, reason


def _refuse_few(used: pd.DataFrame, outcome: str, on: list[str], fewest: int) -> None:
    fewest = max(fewest, len(on) + 3)
    if len(used) < fewest:
        raise RegressionRefusedError(
            f"{len(used)} areas have all values; {len(on)} predictors need at least {fewest}"
        )
    for column in [outcome, *on]:
        if np.ptp(used[column]) == 0:
            raise RegressionRefusedError(f"{column} has the same value in every area")
    overlap = _inflation(used[on])
    if np.max(overlap) > 1 / (1 - WHOLE):
        column = on[int(np.argmax(overlap))]
        raise RegressionRefusedError(
            f"{column} is a sum of other predictors; leave one of them out"
        )


def _inflation(predictors: pd.DataFrame) -> np.ndarray:
    """Return the variance inflation factors: the diagonal of the inverse correlation matrix."""
    x = predictors.to_numpy()
    x = (x - x.mean(axis=0)) / x.std(axis=0)
    # By singular values, so that a sum of others gives a large number and no failure.
    _, size, turn = np.linalg.svd(x / np.sqrt(len(x)), full_matrices=False)
    return (turn.T**2 / np.maximum(size, 1e-12) ** 2).sum(axis=1)


def _coefficients(tested, predictors: pd.DataFrame, confidence: float) -> pd.DataFrame:
    lower, upper = tested.conf_int(1 - confidence).T
    return pd.DataFrame(
        {
            "coef": tested.params,
            "standard_error": tested.bse,
            "lower": lower,
            "upper": upper,
            "p": tested.pvalues,
            "variance_inflation": [np.nan, *_inflation(predictors)],
        },
        index=["constant", *predictors.columns],
    )


def _areas(fit, index: pd.Index, leverage: np.ndarray) -> pd.DataFrame:
    spread = np.sqrt(fit.scale * (1 - leverage))
    # A perfect fit leaves no spread to standardise by.
    exact = fit.ssr <= (1 - WHOLE) ** 2 * fit.centered_tss
    standardised = np.zeros(len(index)) if exact else fit.wresid / spread
    return pd.DataFrame(
        {
            "actual": fit.model.endog,
            "expected": fit.fittedvalues,
            "residual": fit.resid,
            "standardised_residual": standardised,
            "leverage": leverage,
            "cooks_distance": standardised**2 * leverage / (1 - leverage) / len(fit.params),
        },
        index=index,
    )


def _diagnostics(fit, predictors: pd.DataFrame, residuals: pd.Series) -> pd.DataFrame:
    from scipy.stats import shapiro
    from statsmodels.stats.diagnostic import het_breuschpagan

    spread, spread_p = het_breuschpagan(fit.wresid, fit.model.exog)[:2]
    normal, normal_p = shapiro(residuals) if np.ptp(residuals) > 0 else (np.nan, np.nan)
    scaled = (predictors - predictors.mean()) / predictors.std()
    inflated = predictors.columns[_inflation(predictors) > HIGH_INFLATION]
    table = pd.DataFrame(
        {
            "statistic": [spread, np.linalg.cond(scaled), normal],
            "p": [spread_p, np.nan, normal_p],
            "note": [
                "the spread changes with the predictors",
                f"predictors overlap: {', '.join(inflated)}",
                "residuals are not normal; with few areas the limits suffer",
            ],
        },
        index=["breusch_pagan", "condition_number", "shapiro_wilk"],
    )
    said = [spread_p < LOW_P, len(inflated) > 0, normal_p < LOW_P]
    return table.assign(note=table["note"].where(said, ""))
