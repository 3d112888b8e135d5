"""How many people a survey must ask to tell a change from chance."""

import math

from statsmodels.stats.proportion import samplesize_proportions_2indep_onetail


def sample_size(
    proportion: float,
    change: float,
    *,
    alpha: float = 0.05,
    power: float = 0.8,
    design_effect: float = 1.0,
) -> int:
    """Return the answers needed in each of two groups, or years, to detect a change between them.

    Parameters
    ----------
    proportion : float
        The share in the first group, a fraction between 0 and 1.
    change : float
        The difference to detect, as a fraction: 0.05 for five percentage points. Not zero.
    alpha : float, optional
        Two-sided chance of calling a difference where there is none.
    power : float, optional
        Chance of finding the difference where there is one.
    design_effect : float, optional
        How much larger the variance is than in a simple random sample; 1 or more.

    Returns
    -------
    int
        Answers, not people asked: divide by the expected response rate. Rounded up.

    Raises
    ------
    ValueError
        If a share is not between 0 and 1, the change is zero, or the design effect is under 1.

    Notes
    -----
    Fleiss, Levin and Paik (2003), Statistical Methods for Rates and Proportions, chapter 4,
    without the continuity correction, as statsmodels has it.
    """
    other = proportion + change
    if not (0 < proportion < 1 and 0 < other < 1) or change == 0:
        raise ValueError(
            f"proportion {proportion} and change {change}: both shares must lie between 0 and 1 "
            "and differ"
        )
    if design_effect < 1:
        raise ValueError(f"design_effect {design_effect}: expected 1 or more")
    simple = samplesize_proportions_2indep_onetail(
        change, proportion, power, alpha=alpha, alternative="two-sided"
    )
    return math.ceil(simple * design_effect - 1e-9)
