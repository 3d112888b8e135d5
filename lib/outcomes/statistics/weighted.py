"""Weighted shares of a survey, and what weighting and clustering cost in precision."""

from dataclasses import dataclass

import numpy as np
from scipy.special import stdtrit

from outcomes.statistics.intervals.counts import wilson
from outcomes.statistics.rows import z_of


@dataclass(frozen=True)
class WeightedShare:
    """A share of people from a survey, and how much its answers are worth."""

    share: float
    """A fraction."""
    answers: int
    """People who answered, unweighted."""
    effective: float
    """As many answers of a simple random sample would be as precise; never more than `answers`."""
    lower: float
    upper: float

    @property
    def design_effect(self) -> float:
        """Answers by what they are worth: the design effect, with the t-factor for few clusters."""
        return self.answers / self.effective


def kish_effect(weight: np.ndarray) -> float:
    """Return the design effect of unequal weights alone: n times sum of squares by squared sum.

    References
    ----------
    Kish (1965), Survey Sampling, section 11.7; (1992), Weighting for unequal Pi, Journal of
    Official Statistics 8.
    """
    weight = np.asarray(weight, dtype=float)
    return float(len(weight) * (weight**2).sum() / weight.sum() ** 2)


class Design:
    """The sample of one wave: weights, and how it was drawn.

    Parameters
    ----------
    weight : array of float, shape (n,)
        Above 0.
    stratum, cluster : array, shape (n,), optional
        The stratum of each respondent, and the first-stage unit within it.

    Raises
    ------
    ValueError
        If a weight is not above 0, or a stratum has one cluster only.
    """

    def __init__(
        self,
        weight: np.ndarray,
        stratum: np.ndarray | None = None,
        cluster: np.ndarray | None = None,
    ) -> None:
        self.weight = np.asarray(weight, dtype=float)
        wrong = np.flatnonzero(~((self.weight > 0) & np.isfinite(self.weight)))
        if wrong.size:
            raise ValueError(f"row {wrong[0]}: weight {self.weight[wrong[0]]}: expected above 0")
        n = len(self.weight)
        self.drawn = stratum is not None or cluster is not None
        names, strata = np.unique(np.zeros(n) if stratum is None else stratum, return_inverse=True)
        units = np.arange(n) if cluster is None else np.unique(cluster, return_inverse=True)[1]
        pairs, self.unit = np.unique(np.column_stack([strata, units]), axis=0, return_inverse=True)
        self.stratum_of = pairs[:, 0]
        self.units = np.bincount(self.stratum_of)
        if self.drawn and (self.units < 2).any():
            alone = names[np.argmax(self.units < 2)]
            raise ValueError(
                f"stratum {alone}: one cluster only; merge it with another, as the scatter between "
                "its clusters cannot be seen"
            )

    def share(
        self, agrees: np.ndarray, *, among: np.ndarray | None = None, confidence: float = 0.95
    ) -> WeightedShare:
        """Return the weighted share of those who agree, out of those who answered.

        Parameters
        ----------
        agrees : array of float, shape (n,)
            1 agrees, 0 does not, NaN did not answer.
        among : array of bool, shape (n,), optional
            A part of the sample, such as one district.
        confidence : float, optional
            A fraction.

        Notes
        -----
        The variance is that of a ratio, linearised (Taylor), between the clusters of each stratum,
        those without an answer included (Binder 1983; Lohr, Sampling: Design and Analysis, section
        9.1). Without strata and clusters, or where all say the same, it is Kish's from the weights.
        A part whose answers are all of one cluster shows no scatter between clusters: the whole
        sample's design effect stands in, or Kish's where it is larger. The limits are Wilson's with
        Korn and Graubard's (1998) effective sample, which allows for few clusters and is never more
        than the answers.
        """
        agrees = np.asarray(agrees, dtype=float)
        inside = ~np.isnan(agrees) & (True if among is None else np.asarray(among, dtype=bool))
        answers = int(inside.sum())
        if not answers:
            return WeightedShare(np.nan, 0, np.nan, np.nan, np.nan)
        weight = np.where(inside, self.weight, 0.0)
        whole = weight.sum()
        share = float(np.clip((weight * np.nan_to_num(agrees)).sum() / whole, 0, 1))
        effective = answers / kish_effect(self.weight[inside])
        if self.drawn and among is not None and np.ptp(self.unit[inside]) == 0:
            sample = self.share(agrees, confidence=confidence)
            effective = min(effective, answers / sample.design_effect)
        elif self.drawn:
            spread = self._variance(weight * (np.nan_to_num(agrees) - share) / whole)
            if spread > 0 and 0 < share < 1:
                few = z_of(confidence) / stdtrit(self._freedom(inside), 0.5 + confidence / 2)
                effective = share * (1 - share) / spread * few**2
        effective = min(float(answers), effective)
        lower, upper = wilson(share * effective, effective, confidence=confidence)
        return WeightedShare(share, answers, effective, float(lower), float(upper))

    def _freedom(self, inside: np.ndarray) -> int:
        """Return the clusters less the strata that have an answer; 1 at least."""
        held = np.unique(self.unit[inside])
        return max(1, len(held) - len(np.unique(self.stratum_of[held])))

    def _variance(self, part: np.ndarray) -> float:
        """Return the variance of a sum over clusters, drawn with replacement in each stratum."""
        total = np.bincount(self.unit, part)
        mean = np.bincount(self.stratum_of, total) / self.units
        squares = np.bincount(self.stratum_of, (total - mean[self.stratum_of]) ** 2)
        return float((self.units / (self.units - 1) * squares).sum())


def cells_to_withhold(
    cells: list[tuple[str, str, str]],
    answers: np.ndarray,
    agree: np.ndarray,
    *,
    least: int,
    few: int = 5,
) -> np.ndarray:
    """Return which cells of a survey are too small to be shown, and which cover them.

    Parameters
    ----------
    cells : list of (area, kind, group)
        Area is '' for the whole; kind and group are '' for everyone.
    answers, agree : array of float, shape (n,)
        Unweighted.
    least : int
        Answers under which a cell is too small.
    few : int, optional
        As is one where from 1 to fewer than this agree, or do not agree.

    Returns
    -------
    array of bool, shape (n,)

    Notes
    -----
    Every sum that readers know is looked at: the groups of an area, the areas of a group, each with
    its whole. What is left of one whose whole is shown, taken together, is not too small either;
    and no withheld cell, small or covering, has one solution only in all sums together: its column
    of the projection on their row space is not a unit vector. The range in which it must lie is not
    looked at.
    """

    def too_few(n: np.ndarray, yes: np.ndarray) -> np.ndarray:
        return (n < least) | ((yes > 0) & (yes < few)) | ((n > yes) & (n - yes < few))

    hidden = too_few(answers, agree)
    sums = _sums(cells)
    while True:
        unknown = sums * hidden
        left = (unknown > 0).any(axis=1) & ~(unknown < 0).any(axis=1)
        told = np.diag(np.linalg.pinv(unknown, rcond=1e-9) @ unknown) > 1 - 1e-6
        wrong = left & too_few(unknown @ answers, unknown @ agree)
        wrong |= (unknown[:, told] != 0).any(axis=1)
        # A part covers before a whole, and these before a cell of another sum that is not whole.
        others = sums[(unknown != 0).any(axis=1) & wrong.any()]
        for cover in (sums[wrong] > 0, sums[wrong] < 0, others != 0):
            among = np.flatnonzero(cover.any(axis=0) & ~hidden)
            if among.size:
                hidden[among[(answers / cover.sum(axis=0).clip(1))[among].argmin()]] = True
                break
        else:
            return hidden


def _sums(cells: list[tuple[str, str, str]]) -> np.ndarray:
    """Return each sum that a reader knows, a row: 1 for its parts, -1 for its whole."""
    found: dict[tuple, list[int]] = {}
    for at, (area, kind, group) in enumerate(cells):
        if kind:
            found.setdefault(((area, "", ""), kind), []).append(at)
        if area:
            found.setdefault((("", kind, group), ""), []).append(at)
    sums = np.zeros((len(found), len(cells)))
    for row, ((whole, _), parts) in zip(sums, found.items(), strict=True):
        row[parts] = 1
        if whole in cells:
            row[cells.index(whole)] = -1
    return sums
